"""`./wutong demo` as a newcomer starts it: a history, robots who call and answer, what happens by itself, and nothing
left at the end.
"""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from base.folders import CHECKOUT, StateFolder
from base.process import Process as Known
from doctor.status import Status, look
from journal.records import Kind
from lab.demo.errands import ANONYMOUS, NUMBER
from lab.demo.programme import Scene
from lab.demo.robot import VOICE_HERTZ
from lab.patience import PATIENCE, patience, until
from lab.phone import Phone
from lab.ports import free_base
from tests.integration.command import told

pytestmark = pytest.mark.usefixtures("sounds")
"""No voice has to speak."""

PLAYED = {
    Kind.CONSULT_ANSWERED,
    Kind.TRANSFERRED,
    Kind.TRANSFER_ANSWERED,
    Kind.SUB_HOTLINE_ANSWERED,
    Kind.EMERGENCY_TOLD,
}
"""What the programme leaves in the stories of the calls."""


@asynccontextmanager
async def demo(state: Path, base: int, *size: str) -> AsyncIterator[Process]:
    """The command, until the block's end: then a Ctrl-C must end it in order."""
    command = (sys.executable, "-P", "-m", "lab", "demo", *size, "--state", str(state), "--ports", str(base))
    running = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield running
        assert running.returncode is None, "it runs on"
    finally:
        running.send_signal(signal.SIGINT)
        async with patience("the end of the demo"):
            output, _ = await running.communicate()
    assert running.returncode == 0, output.decode()


async def test_robots_call_and_answer_and_nothing_is_left(tmp_path: Path) -> None:
    state, base, began = tmp_path / "demo", free_base(), time.time()
    async with demo(state, base, "--agents", "3", "--calls-per-hour", "1200", "--history", "1d") as running:
        await told(running, "Ctrl-C ends it")
        found = look(StateFolder(state))
        pids = (found.pid, found.supervisor_pid, found.asterisk_pid)
        processes = [Known.of(pid) for pid in pids if pid is not None]
        assert len(processes) == 3
        async with api(found) as http:
            async with asyncio.TaskGroup() as looks:
                looks.create_task(_robots_are_served(http, began))
                looks.create_task(_a_phone_is_served(base + 1))
            await _history_is_told(http, began)
        await told(running, "Outcome: answered")  # of the test call that it places itself
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240
    assert [process.pid for process in processes if process is not None and process.alive] == []


async def test_a_quarter_of_an_hour_eight_times_as_fast(tmp_path: Path) -> None:
    """Each scene of the programme is played. Agents answer the callers. No robot has to be woken."""
    state, base = tmp_path / "demo", free_base()
    size = ("--agents", "12", "--calls-per-hour", "200", "--history", "0h", "--speed", "8")
    async with demo(state, base, *size) as running:
        await told(running, "Ctrl-C ends it")
        lines, told_by = list[str](), dict[str, set[str]]()
        async with api(look(StateFolder(state))) as http:
            most_away = await _watched(http, _read(running, lines, until="the emergency message is off"))
            calls = await _ask(http, "calls?state=ended&limit=500")
            await until("the stories", lambda: _kinds(http, told_by), lambda kinds: kinds >= PLAYED, every=2.0)
    played = [line for line in lines if "▶" in line]
    assert [scene for scene in Scene if not any(f"▶ {scene}" in line for line in played)] == [], played
    status = [line for line in lines if "calls placed" in line][-1]
    assert "woken" not in status
    assert "begun anew" not in status
    assert most_away <= 2
    assert len(calls) > 30
    for queue in {call["queue"] for call in calls if call["queue"] is not None}:
        came = [call for call in calls if call["queue"] == queue]
        unserved = [call for call in came if call["outcome"] != "answered"]
        late = [call for call in came if call not in unserved and _waited(call) > 15]
        most = len(came) / 2 if queue == "gas" else max(2, 0.15 * len(came))  # the burst makes callers wait
        seen = [(call["outcome"], call["started"], call["ended"], call["agent"]) for call in (*unserved, *late)]
        assert len(seen) <= most, (queue, len(came), seen)


async def _read(running: Process, lines: list[str], until: str) -> None:
    """Take the demo's lines, to one with these words."""
    assert running.stdout is not None
    while not lines or until not in lines[-1]:
        line = (await running.stdout.readline()).decode()
        assert line, "it ended"
        lines.append(line)


async def _watched(http: httpx.AsyncClient, work: Coroutine[Any, Any, None]) -> int:
    """Do the work, and look at the agents meanwhile. The most who were not ready at once after a missed call."""
    working, most = asyncio.ensure_future(work), 0
    async with patience("a quarter of an hour", 900 / 8 + 3 * PATIENCE):
        while not working.done():
            agents = await _ask(http, "agents")
            most = max(most, sum(agent["reason"] == "rona" for agent in agents))
            await asyncio.wait({working}, timeout=0.5)
    working.result()
    return most


def _waited(call: Any) -> float:
    """Seconds from the queue to the agent."""
    queued, answered = (datetime.fromisoformat(call[name]) for name in ("queued", "answered"))
    return (answered - queued).total_seconds()


async def _kinds(http: httpx.AsyncClient, ended: dict[str, set[str]]) -> set[str]:
    """The kinds of all steps in the calls' stories. `ended`: call → its kinds; each call that ended is read once."""
    live = set[str]()
    for call in await _ask(http, "calls?limit=500"):
        if call["id"] in ended:
            continue
        kinds = {step["kind"] for step in (await _ask(http, f"calls/{call['id']}"))["story"]}
        if call["state"] == "ended":
            ended[call["id"]] = kinds
        live |= kinds
    return live.union(*ended.values())


def api(found: Status) -> httpx.AsyncClient:
    """One client a test: each new one would read all certificates of the machine."""
    token = {"Authorization": f"Bearer {found.token}"}
    return httpx.AsyncClient(base_url=f"{found.http}/api/v1/", headers=token, timeout=PATIENCE)


async def _ask(http: httpx.AsyncClient, path: str) -> Any:
    return (await http.get(path)).raise_for_status().json()


def _age(call: Any, began: float) -> float:
    """Seconds from the call to the demo's start."""
    return began - datetime.fromisoformat(call["started"]).timestamp()


async def _robots_are_served(http: httpx.AsyncClient, began: float) -> None:
    async def answered() -> list[Any]:
        calls = [call for call in await _ask(http, "calls?state=ended&limit=200") if _age(call, began) < 0]
        return [call for call in calls if call["caller"].startswith(ANONYMOUS) and call["outcome"] == "answered"]

    calls = await until("two calls of robots, answered and ended", answered, lambda calls: len(calls) >= 2)
    assert not any(call["test"] for call in calls)


async def _a_phone_is_served(port: int) -> None:
    """A robot answers it, and hangs up."""
    async with Phone(("127.0.0.1", port), number="13800000000") as phone:
        call = await phone.dial(NUMBER)
        await call.hears_speech()
        await call.press("0")
        await call.hears(VOICE_HERTZ)
        await call.ended()


async def _history_is_told(http: httpx.AsyncClient, began: float) -> None:
    """Of a whole day."""
    calls = [call for call in await _ask(http, "calls?limit=500") if _age(call, began) > 0]
    assert len(calls) > 100
    assert {(call["state"], call["test"]) for call in calls} == {("ended", False)}
    story = (await _ask(http, f"calls/{calls[0]['id']}"))["story"]
    assert story[0]["demo"] is True
