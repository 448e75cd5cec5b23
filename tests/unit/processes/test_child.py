"""The supervisor's side of the service, with programs that stand in for it."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from base.failure import NotDone
from processes import child
from processes.child import READY_PIPE, ReadyPipe, ServiceChild
from settings.settings import Settings


class StandIn(ServiceChild):
    """Runs a few lines of Python instead of the service."""

    def __init__(self, settings: Settings, code: str) -> None:
        super().__init__(settings)
        self._code = f"import os, signal, sys; from processes.child import ReadyPipe; pipe = ReadyPipe()\n{code}"

    def _command(self) -> list[str]:
        return [sys.executable, "-c", self._code]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(state=tmp_path)
    settings.folder.make()
    return settings


async def test_it_is_started_when_it_says_so_and_stopped(settings: Settings) -> None:
    service = StandIn(settings, "pipe.ready(); signal.pause()")
    await service.start()
    assert service.process is not None
    assert service.process.alive
    assert os.getsid(service.process.pid) == service.process.pid  # a Ctrl-C of our terminal does not reach it
    await service.stop()
    assert not service.process.alive
    assert await service.ended() == "signal 15"


async def test_its_last_words_are_passed_on(settings: Settings) -> None:
    with pytest.raises(NotDone, match=r"^the hotline is broken: 坏了$"):
        await StandIn(settings, "pipe.failed('the hotline is broken: 坏了'); sys.exit(1)").start()


async def test_an_end_without_words_is_told_with_its_status(settings: Settings) -> None:
    with pytest.raises(NotDone, match=r"ended while it started \(exit 7\): why\. Its") as failed:
        await StandIn(settings, "print('first\\nwhy', file=sys.stderr); sys.exit(7)").start()
    assert str(settings.folder.logs) in str(failed.value)
    assert (settings.folder.logs / "service.err").read_text() == "first\nwhy\n"
    with pytest.raises(NotDone, match=r"\(exit 8\)\. Its"):  # an earlier service's output is not repeated
        await StandIn(settings, "sys.exit(8)").start()


async def test_one_that_is_never_ready_is_ended(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "START_TIMEOUT", 0.05)
    service = StandIn(settings, "signal.pause()")
    with pytest.raises(NotDone, match="not ready within"):
        await service.start()
    assert service.process is not None
    assert not service.process.alive


HANGING = """
from processes.notify import Notifier
pipe.ready()
Notifier().beat("alive")
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
signal.pause()
"""


async def test_one_that_hangs_is_ended(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PERIOD", 0.05)
    service = StandIn(settings, HANGING)
    await service.start()
    assert (await service.ended()).startswith("it gave no sign of life any more. Its log is in ")
    assert service.process is not None
    assert not service.process.alive


async def test_one_that_hangs_and_does_not_end_by_itself_is_killed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "PERIOD", 0.05)
    monkeypatch.setattr(child, "TRACEBACK_TIMEOUT", 0.05)
    service = StandIn(settings, HANGING.replace("{signal.SIGTERM}", "{signal.SIGTERM, signal.SIGABRT}"))
    await service.start()
    assert (await service.ended()).startswith("it gave no sign of life any more")


BEATING = """
from processes.notify import Notifier
pipe.ready()
notifier = Notifier()
while True:
    notifier.beat("alive")
    signal.sigtimedwait(set(), 0.01)
"""


async def test_one_that_was_taken_up_and_hangs_is_ended(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PERIOD", 0.05)
    monkeypatch.setattr(child, "TRACEBACK_TIMEOUT", 0.05)
    first = StandIn(settings, BEATING)
    await first.start()
    assert first.process is not None
    first._close_watchdog()  # its supervisor is killed
    second = ServiceChild(settings)
    second.adopt(first.process)
    ended = asyncio.create_task(second.ended())
    assert second._watchdog is not None
    while not second._watchdog._signs:  # noqa: ASYNC110 - a datagram of another process
        await asyncio.sleep(0.01)
    first.process.send(signal.SIGSTOP)
    assert await ended == "it ended"
    assert not first.process.alive
    assert await first.ended() == "signal 9"


async def test_one_of_an_earlier_supervisor_is_taken_up(settings: Settings) -> None:
    first = StandIn(settings, "pipe.ready(); signal.pause()")
    await first.start()
    assert first.process is not None
    second = ServiceChild(settings)
    second.adopt(first.process)
    await second.stop()
    assert await second.ended() == "it ended"
    assert await first.ended() == "signal 15"


def test_the_service_is_told_its_settings(tmp_path: Path) -> None:
    command = ServiceChild(Settings(state=tmp_path, base_port=20000))._command()
    assert command[command.index("serve") + 1 :][:2] == ["--state", str(tmp_path)]
    assert command[-2:] == ["--ports", "20000"]
    assert "--ports" not in ServiceChild(Settings(state=tmp_path))._command()


def test_without_a_supervisor_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(READY_PIPE, raising=False)
    pipe = ReadyPipe()
    assert not pipe.supervised
    pipe.ready()
    pipe.failed("why")


def test_the_pipe_is_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    monkeypatch.setenv(READY_PIPE, str(writing))
    pipe = ReadyPipe()
    assert READY_PIPE not in os.environ
    assert not os.get_inheritable(writing)
    pipe.ready()
    with os.fdopen(reading) as end:
        assert end.read() == "ready"
