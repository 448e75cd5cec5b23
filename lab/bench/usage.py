"""What a process has used, and how late our event loop is."""

import asyncio
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

_TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int, of: str = "") -> float:
    """Seconds of processor time of all its threads, user and system, since its start; in steps of 10 ms.

    `of`: `/task/ID`, of one thread only.
    """
    fields = Path(f"/proc/{pid}{of}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK  # proc_pid_stat(5): utime is field 14, stime 15


def resident(pid: int) -> int:
    """Bytes of its own memory now, swapped out or not. Pages of files do not count: the kernel drops them freely."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return 1024 * sum(int(fields[name].split()[0]) for name in ("RssAnon", "VmSwap"))


def machine_seconds() -> tuple[float, float]:
    """Seconds of processor time since boot, over all processors: busy, and total."""
    # proc_stat(5): user nice system idle iowait irq softirq steal …
    times = [int(field) / _TICK for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return sum(times) - times[3] - times[4], sum(times)


class Watch:
    """How busy this process (the phones) and the machine are meanwhile: `async with Watch() as watch: …`"""

    INTERVAL = 0.01

    def __init__(self) -> None:
        self.lateness: list[float] = []
        """Seconds by which each of many timers was late; a phone sees a message as late as that."""
        self.phones = 0.0
        """Share of one processor that this process used."""
        self.machine = 0.0
        """Share of all processors that all processes used."""

    async def __aenter__(self) -> Self:
        self._began, self._used, self._machine = time.monotonic(), time.process_time(), machine_seconds()
        self._loop = asyncio.get_running_loop()
        self._arm()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self.phones = (time.process_time() - self._used) / (time.monotonic() - self._began)
        busy, total = (now - before for now, before in zip(machine_seconds(), self._machine, strict=True))
        self.machine = busy / total if total else 0.0

    def _arm(self) -> None:
        due = self._loop.time() + self.INTERVAL
        self._timer = self._loop.call_at(due, self._ring, due)

    def _ring(self, due: float) -> None:
        self.lateness.append(self._loop.time() - due)
        self._arm()
