"""The service as a child process of the supervisor: started, awaited, stopped."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from base.failure import NotDone
from base.process import Process
from base.tasks import STEADY, pause
from processes.asterisk import AsteriskFailed
from processes.notify import PERIOD, Watchdog
from processes.report import inherited, started
from sentences.languages import here
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from settings.settings import OPTIONS, Settings

log = structlog.get_logger()

READY_PIPE = "WUTONG_READY_PIPE"
"""Environment variable: the descriptor on which the service says `ready` once it takes calls, or why it cannot. All
versions do it alike: after an upgrade an older supervisor starts a newer service."""

START_TIMEOUT = 60.0
"""Seconds from the service's start until it takes calls."""

STOP_TIMEOUT = 15.0
"""Seconds for the service to end by itself."""

RESTART = 75
"""Exit status of a service that was asked to restart (EX_TEMPFAIL); it is then started at once."""

RESTARTS = Sentence("it was asked to restart")

HANGS = Sentence("it gave no sign of life any more")

TRACEBACK_TIMEOUT = 5.0
"""Seconds for a hanging service to print where it hangs, and to end."""

LONGEST_ANSWER = 10_000

LAST_WORDS = 2_000
"""Bytes at the end of the service's output that are searched for its last line."""


class ServiceChild:
    """The service. It outlives its supervisor. The next one takes it up (`adopt`), though it is not its child."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._popen: subprocess.Popen[bytes] | None = None
        self._watchdog: Watchdog | None = None
        self.process: Process | None = None

    def adopt(self, process: Process) -> None:
        self.process = process
        self._watchdog = Watchdog(self._settings.state, PERIOD)

    async def start(self) -> None:
        """Start it and return when it takes calls. Raises `NotDone`; then nothing is left running."""
        self._close_watchdog()
        self._watchdog = Watchdog(self._settings.state, PERIOD)
        printed = self._errors.stat().st_size if self._errors.exists() else 0
        self._popen, reading = started(self._command(), self._errors, READY_PIPE, self._watchdog.environment)
        self.process = Process.of(self._popen.pid)
        try:
            async with asyncio.timeout(START_TIMEOUT):
                answer = await _read(reading)
        except TimeoutError:
            await self.stop()
            raise NotDone(
                "it was not ready within {seconds:.0f} s. {where}", seconds=START_TIMEOUT, where=self._where()
            ) from None
        except BaseException:
            await self.stop()
            raise
        if answer != "ready":
            status = await self.ended()
            raise NotDone(
                answer
                or Sentence(
                    "it ended while it started ({status}){said}. {where}",
                    status=status,
                    said=self._said(printed),
                    where=self._where(),
                )
            )

    async def ended(self) -> str:
        """Wait until it has ended, and end it if it hangs; how it ended, in words. RESTARTS: on request."""
        hung = self.process is not None and await self._hangs(self.process)
        self._close_watchdog()
        if self._popen is None:
            return Sentence("it ended")
        status = self._popen.wait()  # it has ended already: this reads its status
        if hung:
            return Sentence("{ended}. {where}", ended=HANGS, where=self._where())
        if status == RESTART:
            return RESTARTS
        return Sentence("signal {number}", number=-status) if status < 0 else Sentence("exit {status}", status=status)

    async def _hangs(self, process: Process) -> bool:
        """Wait until it has ended; whether it hung and had to be ended."""
        while not await process.gone(PERIOD):
            if self._watchdog is not None and self._watchdog.silent(process.pid):
                break
        else:
            return False
        log.error("service-hangs", process=process.pid)
        process.send(signal.SIGABRT)  # it prints where it hangs: see `service.app.standalone`
        if not await process.gone(TRACEBACK_TIMEOUT):
            process.send(signal.SIGKILL)
            await process.gone()
        return True

    def _close_watchdog(self) -> None:
        if self._watchdog is not None:
            self._watchdog.close()
            self._watchdog = None

    async def stop(self) -> None:
        """End it; returns when it has ended."""
        if self.process is not None:
            await self.process.stop(STOP_TIMEOUT)
        await self.ended()

    def _command(self) -> list[str]:
        return [sys.executable, "-m", "service", "serve", *self._settings.as_options(OPTIONS)]

    @property
    def _errors(self) -> Path:
        """The file with the service's own output, such as a traceback."""
        return self._settings.folder.logs / "service.err"

    def _said(self, since: int) -> str:
        """The last line printed after the first `since` bytes of the file, if there is one."""
        with self._errors.open("rb") as errors:
            errors.seek(max(since, errors.seek(0, os.SEEK_END) - LAST_WORDS))
            lines = [line for line in errors.read().decode(errors="replace").splitlines() if line.strip()]
        return f": {lines[-1].strip().rstrip('.')}" if lines else ""

    def _where(self) -> str:
        return Sentence("Its log is in {logs}", logs=self._settings.folder.logs)


async def _read(descriptor: int) -> str:
    """All that comes through the pipe until its other end is closed."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", buffering=0)
    )
    try:
        answer = b""
        while len(answer) < LONGEST_ANSWER and (chunk := await reader.read(LONGEST_ANSWER)):
            answer += chunk
        return answer.decode(errors="replace")
    finally:
        transport.close()


class ReadyPipe:
    """The service's end of the pipe. Without a supervisor there is no pipe, and nothing is said."""

    def __init__(self) -> None:
        self._descriptor = inherited(READY_PIPE)
        self.supervised = self._descriptor is not None

    def ready(self) -> None:
        self._say("ready")

    def failed(self, why: str) -> None:
        self._say(here(why)[: LONGEST_ANSWER // 4])

    def _say(self, answer: str) -> None:
        if self._descriptor is not None:
            os.write(self._descriptor, answer.encode())
            os.close(self._descriptor)
            self._descriptor = None


async def keep(
    name: str,
    start: Callable[[], Awaitable[object]],
    ended: Callable[[], Awaitable[str]],
    show: Callable[[str], None],
    *,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Start a program that runs now again whenever it ends, until cancelled.

    `start` returns when the program runs; `ended` when it has ended, with how. After a requested restart it starts at
    once. `clock` is in seconds.
    """
    failures = 0  # in a row
    while True:
        began = clock()
        how: str | None = await ended()
        if clock() - began >= STEADY:
            failures = 0
        while how is not None:
            if how != RESTARTS:
                failures += 1
                seconds = pause(failures)
                log.warning("ended", what=name, how=how, again_in_s=seconds, failures=failures)
                show(
                    Sentence(
                        "{name} ended ({how}); it is started again in {seconds:.0f} s",
                        name=name,
                        how=how,
                        seconds=seconds,
                    )
                )
                await sleep(seconds)
            try:
                await start()
                how = None
            except (NotDone, AsteriskFailed, OSError) as error:
                how = recognised(error)
        log.info("runs-again", what=name)
        show(Sentence("{name} runs again", name=name))
