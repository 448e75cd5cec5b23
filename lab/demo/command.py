"""`./wutong demo`: everything at once, and nothing left of it."""

import asyncio
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import typer

from hotline.loader import load
from hotline.model import Hotline
from lab.bench.longrun import apart, bounded, first
from lab.demo import folder as hotline_folder
from lab.demo import history, stage
from lab.demo.callers import Callers
from lab.demo.crew import Robot
from lab.demo.desk import Desk
from lab.demo.errands import ANONYMOUS, NUMBER
from lab.demo.pace import Pace
from lab.demo.past import Past
from lab.demo.scores import Scores
from lab.phone import Phone
from service.setup import log as logging_
from service.setup import secrets
from service.setup.clock import day_end
from service.setup.failure import NotDone
from service.setup.settings import Settings

EVERY_S = 10.0
"""Seconds between two lines that say how it goes."""

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
    await _remember(settings, hotline, wanted)
    async with stage.up(settings) as ended:
        known = secrets.obtain(settings.folder, hotline.agents.values())
        desk, scores = Desk(f"http://127.0.0.1:{settings.ports.http}", known.token.get_secret_value()), Scores()
        try:
            async with asyncio.TaskGroup() as robots:
                await _staff(robots, settings, hotline, known, wanted.pace, desk, scores)
                _welcome(settings, known.phone_password(hotline.agents[hotline_folder.SEAT]).get_secret_value())
                await _show(scores, ended)
        finally:
            await desk.close()


async def _remember(settings: Settings, hotline: Hotline, wanted: Wanted) -> None:
    """Write the history."""
    if not wanted.history:
        return
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


async def _staff(
    robots: asyncio.TaskGroup,
    settings: Settings,
    hotline: Hotline,
    known: secrets.Secrets,
    pace: Pace,
    desk: Desk,
    scores: Scores,
) -> None:
    """Start all robots; returns when the agents are signed in."""
    sip = ("127.0.0.1", settings.ports.sip)
    callers = Callers(sip, hotline, pace, desk, scores)
    signed_in = []
    for agent_id in (*hotline_folder.robots(pace.agents), *hotline_folder.DEPARTMENTS):
        password = known.phone_password(hotline.agents[agent_id]).get_secret_value()
        phone = Phone(sip, agent_id, password, taciturn=True, keep=1)
        department = agent_id in hotline_folder.DEPARTMENTS
        robot = Robot(phone, pace, desk, callers, scores, department=department)
        signed_in.append(asyncio.Event())
        robots.create_task(robot.work(signed_in[-1]))
    for each in signed_in:
        await each.wait()
    robots.create_task(callers.come())


def _welcome(settings: Settings, password: str) -> None:
    state = f"--state {settings.folder.root}"
    sip = f"127.0.0.1:{settings.ports.sip}"
    rows = [
        ("See it", f"./wutong top {state}"),
        ("Call it", f"./wutong call {NUMBER} --keys 1,1 {state}"),
        ("By softphone", f"sip:{NUMBER}@{sip}, no account"),
        ("Be an agent", f"softphone at {sip}, user {hotline_folder.SEAT}, password {password}; dial *45 to sign in"),
    ]
    lines = [
        "",
        f"Everybody here is a robot. Callers' numbers begin with {ANONYMOUS}, as no telephone number does.",
        *(f"{name:<17}{value}" for name, value in rows),
        "Ctrl-C ends it.",
    ]
    typer.echo("\n".join(lines))


async def _show(scores: Scores, ended: "asyncio.Task[int]") -> None:
    """Say now and then how it goes, until `up` has ended or the demo is broken off."""
    while not ended.done():
        if sys.stdout.isatty():
            typer.echo(f"\r\x1b[K{datetime.now():%H:%M:%S} {scores}", nl=False)  # noqa: DTZ005 - for people here
        elif scores.calls:
            typer.echo(f"{scores}")
        await asyncio.wait({ended}, timeout=EVERY_S)
    raise NotDone("the demo's hotline was stopped")
