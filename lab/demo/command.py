"""`./wutong demo`: everything at once, and nothing left of it."""

import asyncio
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import typer

from base import log as logging_
from base.clock import day_end
from base.failure import NotDone
from commands.client import Client
from hotline.loader import load
from hotline.model import Hotline
from lab.bench.longrun import apart, bounded, first
from lab.demo import folder as hotline_folder
from lab.demo import history, stage, welcome
from lab.demo.callers import Callers
from lab.demo.crew import Crew
from lab.demo.desk import Desk
from lab.demo.errands import NUMBER
from lab.demo.pace import Pace
from lab.demo.past import Past
from lab.demo.robot import Robot
from lab.demo.scenes import Scenes
from lab.demo.scores import Scores
from lab.demo.screen import Screen
from lab.phone import Phone
from service.cli.terminal import first_administrator
from settings import secrets
from settings.settings import Settings

EVERY_S = 10.0
"""Seconds between two lines that say how it goes."""

TEST_CALL = 40.0
"""Seconds of the test call at most."""

LONGEST = 30 * 86_400.0
"""Seconds that a demo, and a history, lasts at most."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for. `history`: seconds; `state` None: a temporary folder; `base` None: free ports."""

    pace: Pace
    history: float
    state: Path | None
    base: int | None
    keep: bool


def run(wanted: Wanted) -> int:
    """The exit status: 0 after a Ctrl-C, 1 if it was not possible."""
    apart()  # the demo has its own settings
    try:
        folder = stage.new_folder(wanted.state)
    except (NotDone, OSError) as error:
        typer.echo(str(error), err=True)
        return 1
    logging_.configure("warning", file=folder / "demo.log")
    try:
        asyncio.run(bounded(LONGEST, _run(folder, wanted)))
    except asyncio.CancelledError:
        return 0
    except (Exception, ExceptionGroup) as error:
        typer.echo(f"{first(error)}", err=True)
        return 1
    finally:
        if wanted.keep:
            typer.echo(f"kept: ./wutong up --state {folder} --hotline {folder / 'hotline'}")
        else:
            stage.remove(folder)
    return 0


async def _run(folder: Path, wanted: Wanted) -> None:
    hotline_folder.write(folder / "hotline", wanted.pace.agents)
    settings = stage.settings_in(folder, wanted.base)
    hotline = load(settings.hotline).hotline
    assert hotline is not None, "the sample with other agents"
    before = await _remember(settings, hotline, wanted)
    async with stage.up(settings) as ended:
        known = secrets.obtain(settings.folder, hotline.phones)
        http, token = f"http://127.0.0.1:{settings.ports.http}", known.token.get_secret_value()
        desk, scores, screen = Desk(http, token), Scores(), Screen()
        sip, pace = ("127.0.0.1", settings.ports.sip), wanted.pace
        callers = Callers(sip, pace, desk, scores, before)
        crew = Crew(pace, desk, scores)
        try:
            async with asyncio.TaskGroup() as tasks:
                await _staff(tasks, sip, hotline, known, crew, callers, pace, desk, scores)
                sign_in = await asyncio.to_thread(first_administrator, Client(http, token))
                seat = hotline_folder.SEAT
                password = known.phone_password(seat, hotline.phones[seat]).get_secret_value()
                now = datetime.now()  # noqa: DTZ005 - for people here
                for line in welcome.lines(settings, sign_in, password, pace, wanted.history / 86_400, now):
                    screen.tell(line)
                tasks.create_task(callers.come())
                tasks.create_task(Scenes(crew, callers, desk, pace, scores, screen.tell).go_on())
                tasks.create_task(crew.look_after())
                tasks.create_task(_test_call(settings, screen))
                await _show(scores, screen, ended)
        finally:
            await desk.close()


async def _remember(settings: Settings, hotline: Hotline, wanted: Wanted) -> int:
    """Write the history. Answers how many callers it has."""
    if not wanted.history:
        return 0
    now = time.time()
    robots = hotline_folder.robots(wanted.pace.agents)
    past = Past(hotline, robots, wanted.pace, now - wanted.history, now, day_end(hotline.timezone))
    days = 0

    def tell(at: float) -> None:
        nonlocal days
        if (at - now + wanted.history) // 86_400 > days:
            days += 1
            typer.echo(f"· history: {days} of {wanted.history / 86_400:g} days, {past.calls:,} calls")

    typer.echo("· writing a history of calls that nobody made")
    records = await history.write(settings.folder.database, settings.node, past, tell)
    typer.echo(f"· history: {past.calls:,} calls with {records:,} Records, in {time.time() - now:.0f} s")
    return past.calls


async def _staff(
    tasks: asyncio.TaskGroup,
    sip: tuple[str, int],
    hotline: Hotline,
    known: secrets.Secrets,
    crew: Crew,
    callers: Callers,
    pace: Pace,
    desk: Desk,
    scores: Scores,
) -> None:
    """Start all robots at phones; returns when the agents are signed in."""
    signed_in = []
    for agent_id in (*hotline_folder.robots(pace.agents), *hotline_folder.DEPARTMENTS):
        password = known.phone_password(agent_id, hotline.phones[agent_id]).get_secret_value()
        phone = partial(Phone, sip, agent_id, password, taciturn=True, keep=1)
        department = agent_id in hotline_folder.DEPARTMENTS
        robot = Robot(agent_id, phone, pace, desk, callers, scores, crew.may_miss, department=department)
        if not department:
            crew.robots[agent_id] = robot
        signed_in.append(asyncio.Event())
        tasks.create_task(robot.work(signed_in[-1]))
    for each in signed_in:
        await each.wait()


async def _test_call(settings: Settings, screen: Screen) -> None:
    """Place a call as a person would, and tell its story."""
    command = ("call", NUMBER, "--keys", "1,1", "--seconds", f"{TEST_CALL:g}", "--state", str(settings.folder.root))
    screen.tell(f"A test call: ./wutong {' '.join(command)}")
    calling = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "service", *command),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert calling.stdout is not None
    try:
        async for line in calling.stdout:
            screen.tell(f"  {line.decode(errors='replace').rstrip()}")
        await calling.wait()
    finally:
        if calling.returncode is None:
            calling.terminate()
            await calling.wait()


async def _show(scores: Scores, screen: Screen, ended: "asyncio.Task[int]") -> None:
    """Say now and then how it goes, until `up` has ended or the demo is broken off."""
    while not ended.done():
        await asyncio.wait({ended}, timeout=EVERY_S)
        screen.show(f"{datetime.now():%H:%M:%S} {scores}")  # noqa: DTZ005 - for people here
    raise NotDone("the demo's hotline was stopped")
