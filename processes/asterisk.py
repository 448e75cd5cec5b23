"""One running Asterisk: start it, talk to it through its control socket, stop it.

It is not a child of the service: it outlives the service, so that calls outlive a restart of the service. Its pid file,
checked against the process's own command line, says that it runs.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from base.files import LockHeld, lock
from base.process import ended
from processes import modules
from processes.obtaining import Installation
from processes.starter import NotStarted, Own, Starter
from sentences.of_libraries import recognised
from sentences.sentence import Sentence

START_TIMEOUT = 60.0
"""Seconds from the start of the process until it is fully booted."""

STOP_TIMEOUT = 5.0
"""Seconds for each of: a polite stop, SIGTERM, SIGKILL."""

COMMAND_TIMEOUT = 10.0
_SOCKET_INTERVAL = 0.05
_QUOTED_LINES = 12
_QUOTED_BYTES = 8192

RESOLVER = "resolver"
"""The rendered file that holds RES_OPTIONS for Asterisk."""


class AsteriskFailed(Exception):
    """Asterisk did not start, did not stop or did not answer. The message quotes the last lines of its log."""


class AsteriskProcess:
    """The Asterisk whose configuration and state `dialplan.render` laid out in `folder`.

    `starter` starts and ends it: as this process's user, or as Asterisk's own.
    """

    def __init__(self, installation: Installation, folder: Path, starter: Starter | None = None) -> None:
        self.installation = installation
        self.folder = folder
        self._starter = starter or Own()
        self._logged = 0  # bytes of the log that were written before the last start
        self._arguments = (*installation.command, "-C", str(folder / "etc" / "asterisk.conf"))

    async def start(self, timeout: float = START_TIMEOUT) -> int:
        """Start it, or find it running, and return its process id once it is fully booted.

        Raises `AsteriskFailed` when it ends, or is not ready within `timeout` seconds; then nothing is left running.
        """
        found = self.running()
        if found is not None:
            await self._ready(found, timeout)  # if that fails it is left alone: there may be calls
            return found
        try:
            with lock(self.folder / "run" / "starting"):
                return await self._started(timeout)
        except LockHeld:
            raise AsteriskFailed(
                Sentence("another process is starting Asterisk in {folder}", folder=self.folder)
            ) from None

    async def _started(self, timeout: float) -> int:
        self._tidy()  # what a killed predecessor left
        self.installation.link(self.folder)
        self._logged = _size(self.folder / "log" / "messages")
        spawning = asyncio.ensure_future(self._spawn())
        try:
            pid = await asyncio.shield(spawning)
            await self._ready(pid, timeout)
        except BaseException:
            await self._end(await spawning)
            raise
        return pid

    async def _ready(self, pid: int, timeout: float) -> None:
        try:
            async with asyncio.timeout(timeout):
                await self._booted(pid)
        except TimeoutError:
            raise AsteriskFailed(
                Sentence("Asterisk was not ready within {seconds:.0f} s. {log}", seconds=timeout, log=self._log_lines())
            ) from None

    async def stop(self) -> None:
        """End it, calls and all. Returns when the process is gone, at once if there is none."""
        pid = self.running()
        if pid is None:
            return
        with contextlib.suppress(AsteriskFailed):  # it may end before it has answered
            await self.command("core stop now", timeout=STOP_TIMEOUT)
        if await _gone(pid, STOP_TIMEOUT):
            self._tidy()
        else:
            await self._end(pid)

    def running(self) -> int | None:
        """The process id of this folder's Asterisk, or None. A stale pid file is not mistaken for one."""
        try:
            pid = int((self.folder / "run" / "asterisk.pid").read_text())
        except (OSError, ValueError):
            return None
        return pid if self._is_ours(pid) else None

    async def wait_ended(self) -> None:
        """Return when the process has ended, at once if it does not run."""
        pid = self.running()
        if pid is not None:
            await _gone(pid, None)

    async def command(self, line: str, timeout: float = COMMAND_TIMEOUT) -> str:
        """Run one line of Asterisk's command line and return what it prints.

        Raises `AsteriskFailed` when it does not run, or does not answer in `timeout` seconds, and ValueError for a line
        with control characters.
        """
        if not line.isprintable():
            raise ValueError("an Asterisk command is one line without control characters")
        if self.running() is None:
            raise AsteriskFailed(Sentence("Asterisk does not run in {folder}", folder=self.folder))
        status, output = await self._remote(line, timeout)
        if status != 0:
            raise AsteriskFailed(
                Sentence(
                    "Asterisk did not take {line!r}: {why}",
                    line=line,
                    why=output.strip()[-500:] or Sentence("exit {status}", status=status),
                )
            )
        return output

    async def reload(self) -> None:
        """Take what `render` wrote into use, phones and dialplan. Calls and registrations are not disturbed."""
        for name in await self.modules_missing():  # an Asterisk that an older version has started
            await self.command(f"module load {name}.so")
        await self.reload_modules(modules.RELOADABLE)

    async def reload_modules(self, names: Sequence[str]) -> None:
        """Have each of these modules read its files again."""
        output = await self.command(f"module reload {' '.join(f'{name}.so' for name in names)}")
        if "fail" in output.lower() or "no such" in output.lower():
            raise AsteriskFailed(
                Sentence("Asterisk did not reload: {why}. {log}", why=output.strip()[-500:], log=self._log_lines())
            )

    async def modules_missing(self) -> list[str]:
        """The modules that Wutong needs and that are not running, in the order of `modules.NEEDED`."""
        running: set[str] = set()
        for line in (await self.command("module show")).splitlines():
            name, _, rest = line.partition(".so ")
            if "Running" in rest and "Not Running" not in rest:
                running.add(name.strip())
        return modules.missing(running)

    def _environment(self) -> dict[str, str]:
        """Only the variables named here: no secrets, and no systemd socket that is meant for the service."""
        kept = {name: os.environ[name] for name in ("PATH", "TZ") if name in os.environ}
        # HOME: the remote console keeps a history of commands there.
        resolver = {"RES_OPTIONS": resolver_options(self.folder), "LOCALDOMAIN": ""}
        return {**kept, **resolver, "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}

    async def _spawn(self) -> int:
        """Start the process apart from us, in its folder, and return its id."""
        try:
            return await self._starter.start(self.folder, (*self._arguments, "-f"), self._environment())
        except NotStarted as error:
            raise AsteriskFailed(str(error)) from None

    async def _booted(self, pid: int) -> None:
        """Return when Asterisk is fully booted; raise when it ends before that."""
        # Asterisk makes its control socket early in its start. Only the folder shows that; from then on Asterisk itself
        # says when it is ready.
        while not (self.folder / "run" / "asterisk.ctl").exists():
            if await _gone(pid, _SOCKET_INTERVAL):
                raise AsteriskFailed(Sentence("Asterisk ended while it started. {log}", log=self._log_lines()))
        while True:
            status, output = await self._remote("core waitfullybooted", None)
            if status == 0 and "fully booted" in output:
                return
            if await _gone(pid, _SOCKET_INTERVAL):
                raise AsteriskFailed(Sentence("Asterisk ended while it started. {log}", log=self._log_lines()))

    async def _remote(self, line: str, timeout: float | None) -> tuple[int, str]:
        """Exit status and output of `asterisk -rx`.

        Threads start it and wait for it. The service's loop would copy the page tables of its process for each program
        that it starts: 13 ms in which no agent is rung.
        """
        starting = asyncio.ensure_future(
            asyncio.to_thread(
                subprocess.Popen[bytes],
                [*self._arguments, "-rx", line],
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
        )
        try:
            remote = await asyncio.shield(starting)
        except asyncio.CancelledError:
            remote = await starting
            remote.kill()
            await asyncio.to_thread(remote.communicate)
            raise
        reading = asyncio.ensure_future(asyncio.to_thread(remote.communicate))
        try:
            async with asyncio.timeout(timeout):
                output, _ = await asyncio.shield(reading)
        except TimeoutError:
            raise AsteriskFailed(
                Sentence(
                    "Asterisk did not answer {line!r} in {seconds} s. {log}",
                    line=line,
                    seconds=timeout,
                    log=self._log_lines(),
                )
            ) from None
        finally:
            remote.kill()  # nothing, if it has ended
            await asyncio.wait({reading})
        return remote.returncode, output.decode(errors="replace")

    async def _end(self, pid: int) -> None:
        """SIGTERM, then SIGKILL. Raises `AsteriskFailed` if it is there even then."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                await self._starter.send(pid, number)
            except (NotStarted, PermissionError) as error:
                raise AsteriskFailed(
                    Sentence("Asterisk (process {process}) cannot be ended: {why}", process=pid, why=recognised(error))
                ) from None
            if await _gone(pid, STOP_TIMEOUT):
                self._tidy()
                return
        raise AsteriskFailed(Sentence("Asterisk (process {process}) does not end, not even by SIGKILL", process=pid))

    def _tidy(self) -> None:
        for name in ("asterisk.pid", "asterisk.ctl"):
            (self.folder / "run" / name).unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        """Whether `pid` is an Asterisk, not a remote console, that runs on our configuration."""
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        # A process that has ended and is not reaped yet has an empty command line.
        return os.fsencode(self._arguments[-1]) in words and b"-f" in words

    def _log_lines(self) -> str:
        """The end of what Asterisk has written since it was started, for a message."""
        log = self.folder / "log"
        lines = [*_last_lines(log / "console", 0), *_last_lines(log / "messages", self._logged)]
        return (
            Sentence("Its last words:\n{lines}", lines="\n".join(lines))
            if lines
            else Sentence("It left no log in {log}.", log=log)
        )


def resolver_options(folder: Path) -> str:
    """How an Asterisk whose configuration is in `folder` may look up names: RES_OPTIONS of resolv.conf(5)."""
    try:
        return (folder / "etc" / RESOLVER).read_text().splitlines()[-1]
    except FileNotFoundError:  # an earlier version has written that folder, and its Asterisk runs
        return ""


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _last_lines(path: Path, start: int) -> list[str]:
    """The last lines of a log, of those after `start` bytes."""
    try:
        with path.open("rb") as file:
            size = _size(path)
            file.seek(max(start if start <= size else 0, size - _QUOTED_BYTES))  # smaller: it was emptied meanwhile
            text = file.read(_QUOTED_BYTES).decode(errors="replace")
    except OSError:
        return []
    return [line for line in text.splitlines() if line.strip()][-_QUOTED_LINES:]


async def _gone(pid: int, timeout: float | None) -> bool:
    """Whether the process ended within `timeout` seconds (None: wait for it)."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return await ended(descriptor, timeout)
    finally:
        os.close(descriptor)
