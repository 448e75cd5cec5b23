"""Processes, distinguished from later ones with the same pid.

A pid file may be older than the process that has that pid now. So a process is identified by its pid and its start
time, and signals go through a pidfd that was checked after it was opened.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict


def ending_signals() -> list[signal.Signals]:
    """The signals that end `up` and `serve` in order; not SIGHUP under nohup."""
    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    return [number for number in wanted if signal.getsignal(number) is not signal.SIG_IGN]


class Process(BaseModel):
    """`born`: the kernel's boot id and the start time in clock ticks since boot."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pid: int
    born: str

    @classmethod
    def of(cls, pid: int) -> "Process | None":
        """The process that has this pid now; None if there is none, or only a zombie."""
        try:
            boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        # proc_pid_stat(5): the name, in brackets, may hold anything, so count from its end: state is field 3,
        # starttime field 22
        fields = stat.rpartition(")")[2].split()
        return None if fields[0] in "ZX" else cls(pid=pid, born=f"{boot}/{fields[19]}")

    @classmethod
    def this(cls) -> "Process":
        own = cls.of(os.getpid())
        assert own is not None
        return own

    @property
    def alive(self) -> bool:
        return Process.of(self.pid) == self

    @property
    def uid(self) -> int | None:
        """The user id as which it runs; None if it has ended."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        uid = next(line.split()[2] for line in status.splitlines() if line.startswith("Uid:"))  # the effective one
        return int(uid) if self.alive else None

    def send(self, number: signal.Signals) -> None:
        """Send the signal if the process is alive."""
        with self._opened() as descriptor:
            if descriptor is not None:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(descriptor, number)

    async def gone(self, within: float | None = None) -> bool:
        """Wait until it has ended, at most `within` seconds; whether it has."""
        with self._opened() as descriptor:
            return descriptor is None or await ended(descriptor, within)

    async def stop(self, grace: float) -> None:
        """SIGTERM, and SIGKILL after `grace` seconds. Returns when it has ended."""
        self.send(signal.SIGTERM)
        if not await self.gone(grace):
            self.send(signal.SIGKILL)
            await self.gone()

    @contextmanager
    def _opened(self) -> Iterator[int | None]:
        try:
            descriptor = os.pidfd_open(self.pid)
        except ProcessLookupError:
            yield None
            return
        try:
            # check only now: with the pidfd open, the pid cannot pass to another process unnoticed
            yield descriptor if self.alive else None
        finally:
            os.close(descriptor)


async def ended(pidfd: int, timeout: float | None) -> bool:
    """Whether the process of this descriptor ended within `timeout` seconds (None: wait for it)."""
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    # pidfd_open(2): a pidfd becomes readable when its process ends, also when it is not our child.
    loop.add_reader(pidfd, over.set)
    try:
        async with asyncio.timeout(timeout):
            await over.wait()
    except TimeoutError:
        return False
    finally:
        loop.remove_reader(pidfd)
    return True
