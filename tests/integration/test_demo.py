"""`./wutong demo` as a newcomer starts it: a history, robots who call and answer, and nothing left at the end."""

import asyncio
import os
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from lab.demo.crew import VOICE_HERTZ
from lab.demo.errands import ANONYMOUS, NUMBER
from lab.patience import PATIENCE, patience, until
from lab.phone import Phone
from lab.ports import free_base
from service.cli.status import Status, look
from service.setup.places import CHECKOUT, StateFolder
from service.setup.process import Process
from tests.integration.command import told


async def test_robots_call_and_answer_and_nothing_is_left(tmp_path: Path) -> None:
    state, base, began = tmp_path / "demo", free_base(), time.time()
    size = ("--agents", "3", "--calls-per-hour", "1200", "--history", "1d")
    demo = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "lab", "demo", *size, "--state", str(state), "--ports", str(base)),
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        await told(demo, "Ctrl-C ends it")
        found = look(StateFolder(state))
        pids = (found.pid, found.supervisor_pid, found.asterisk_pid)
        processes = [process for pid in pids if pid is not None and (process := Process.of(pid)) is not None]
        assert len(processes) == 3
        async with asyncio.TaskGroup() as looks:
            looks.create_task(_robots_are_served(found, began))
            looks.create_task(_a_phone_is_served(base + 1))
        await _history_is_told(found, began)
        assert demo.returncode is None, "it runs on"
    finally:
        demo.send_signal(signal.SIGINT)
        async with patience("the end of the demo"):
            output, _ = await demo.communicate()
    assert demo.returncode == 0, output.decode()
    assert not state.exists()
    assert [process.pid for process in processes if process.alive] == []


async def _ask(found: Status, path: str) -> Any:
    async with httpx.AsyncClient(timeout=PATIENCE) as http:
        answer = await http.get(f"{found.http}/api/v1/{path}", headers={"Authorization": f"Bearer {found.token}"})
    return answer.raise_for_status().json()


def _age(call: Any, began: float) -> float:
    """Seconds from the call to the demo's start."""
    return began - datetime.fromisoformat(call["started"]).timestamp()


async def _robots_are_served(found: Status, began: float) -> None:
    async def answered() -> list[Any]:
        calls = [call for call in await _ask(found, "calls?state=ended&limit=200") if _age(call, began) < 0]
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


async def _history_is_told(found: Status, began: float) -> None:
    """Of a whole day."""
    calls = [call for call in await _ask(found, "calls?limit=500") if _age(call, began) > 0]
    assert len(calls) > 100
    assert {(call["state"], call["test"]) for call in calls} == {("ended", False)}
    story = (await _ask(found, f"calls/{calls[0]['id']}"))["story"]
    assert story[0]["demo"] is True
