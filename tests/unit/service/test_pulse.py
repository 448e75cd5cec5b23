"""The pulse, and the beats that depend on it."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from lab.patience import PATIENCE
from processes.notify import Notifier
from service.pulse import Heart, Pulse


@dataclass
class Parts:
    """The parts that a pulse checks. `deadline`, `now`: seconds."""

    deadline: float | None = None
    now: float = 1_000.0
    listening: bool = True
    why: str | None = None
    calls: int = 0
    drained: bool = False
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    @property
    def engine(self) -> Any:
        parts = self

        class Engine:
            def deadline(self) -> float | None:
                return parts.deadline

        return Engine()

    @property
    def clock(self) -> Any:
        parts = self

        class Clock:
            def now(self) -> float:
                return parts.now

        return Clock()

    def pulse(self) -> Pulse:
        parts: Any = self
        return Pulse(parts, parts, self.tasks, lambda: self.calls, lambda: self.why, lambda: self.drained)


class Mistaken(Pulse):
    """Nobody can tell how the service is."""

    def why_stuck(self) -> str | None:
        raise ZeroDivisionError


async def test_all_is_well() -> None:
    parts = Parts(deadline=996.0, calls=1)  # a little late is the load of the machine
    assert parts.pulse().why_stuck() is None
    assert parts.pulse().words() == "takes calls, 1 call live"
    parts.drained = True
    assert parts.pulse().words() == "closed by ./wutong drain, 1 call live"


async def test_asterisk_away_is_told_and_no_reason_for_a_restart() -> None:
    parts = Parts(why="no answer", calls=3)
    assert parts.pulse().why_stuck() is None
    assert parts.pulse().words() == "Asterisk is away (no answer), 3 calls live"


def late(parts: Parts) -> str:
    parts.deadline = parts.now - 6
    return "the distributor is 6 s late"


def deaf(parts: Parts) -> str:
    parts.listening = False
    return "calls are not listened for any more"


def gone(parts: Parts) -> str:
    parts.tasks["HTTP"].cancel()
    return "HTTP has ended"


@asynccontextmanager
async def living() -> AsyncIterator[asyncio.Task[None]]:
    async def live() -> None:
        await asyncio.Event().wait()

    task = asyncio.create_task(live())
    await asyncio.sleep(0)
    yield task
    task.cancel()
    await asyncio.wait({task})


@pytest.mark.parametrize("break_it", [late, deaf, gone])
async def test_what_matters_stands_still_and_the_beats_stop(break_it: Callable[[Parts], str], tmp_path: Path) -> None:
    parts = Parts()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.setblocking(False)
        notifier = Notifier({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "20000"})
        heart = Heart(notifier)
        loop = asyncio.get_running_loop()

        async def told() -> list[str]:
            return (await asyncio.wait_for(loop.sock_recv(systemd, 4096), PATIENCE)).decode().split("\n")

        async with living() as task:
            parts.tasks["HTTP"] = task
            heart.ready(parts.pulse())
            beating = asyncio.create_task(heart.beat())
            assert await told() == ["READY=1", "STATUS=takes calls, 0 calls live"]
            for _ in range(3):
                assert await told() == ["WATCHDOG=1"]
            with capture_logs() as logs:
                why = break_it(parts)
                await asyncio.sleep(0)
                lines = await told()
                while lines == ["WATCHDOG=1"]:
                    lines = await told()
                assert lines == [f"STATUS=stuck: {why}"]
                with pytest.raises(TimeoutError):  # ten beats' time
                    await asyncio.wait_for(loop.sock_recv(systemd, 4096), 0.1)
            assert [(line["event"], line["why"]) for line in logs] == [("stuck", why)]
            heart.stopping()  # in order: a part that stands still now was stopped
            assert await told() == ["STOPPING=1", "STATUS=stopping"]
            assert await told() == ["WATCHDOG=1"]
            beating.cancel()
            await asyncio.wait({beating})
        notifier.close()


async def test_a_mistake_in_looking_does_not_end_the_service(tmp_path: Path) -> None:
    parts: Any = Parts()
    failed: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: failed.append(context))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.setblocking(False)
        notifier = Notifier({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "20000"})
        heart, loop = Heart(notifier), asyncio.get_running_loop()
        heart.ready(Mistaken(parts, parts, {}, lambda: 0, lambda: None, lambda: False))
        beating = asyncio.create_task(heart.beat())
        told = [await asyncio.wait_for(loop.sock_recv(systemd, 4096), PATIENCE) for _ in range(4)]
        assert told[1].startswith(b"WATCHDOG=1")
        assert told[3].startswith(b"WATCHDOG=1")
        assert len(failed) >= 3
        beating.cancel()
        await asyncio.wait({beating})
        notifier.close()


async def test_before_it_is_ready_it_tells_that_it_starts(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(f"\0wutong-test-{os.getpid()}-{tmp_path.name}")
        notifier = Notifier({"NOTIFY_SOCKET": f"@wutong-test-{os.getpid()}-{tmp_path.name}"})
        beating = asyncio.create_task(Heart(notifier).beat())
        await asyncio.sleep(0)
        assert systemd.recv(4096) == b"STATUS=starting"
        beating.cancel()
        await asyncio.wait({beating})
        notifier.close()


async def test_a_service_that_stands_by_is_up_and_beats(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.setblocking(False)
        notifier = Notifier({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "20000"})
        heart = Heart(notifier)
        loop = asyncio.get_running_loop()
        heart.standing_by("stands by; north leads")
        beating = asyncio.create_task(heart.beat())
        for lines in (b"READY=1\nSTATUS=stands by; north leads", b"WATCHDOG=1", b"WATCHDOG=1"):
            assert await asyncio.wait_for(loop.sock_recv(systemd, 4096), PATIENCE) == lines
        beating.cancel()
        await asyncio.wait({beating})
        notifier.close()
