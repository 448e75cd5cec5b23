"""Asterisk's memory: after a flood Asterisk is asked to give it back to the kernel.

A request that waits for its turn has 70 KB. Asterisk frees that. But the C library keeps it, as mostly a piece in use
lies between two free ones. The library's options against that, MALLOC_MMAP_THRESHOLD_ and MALLOC_TRIM_THRESHOLD_, cost
every call four times the page faults, and every ring half a millisecond.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

LOOK_S = 1.0
"""Seconds between two looks."""

GROWN = 128 * 1024 * 1024
"""Bytes more than there were: time for an order. A flood takes more within a second. Calls that come and go at 20 a
second take and free 32 MB all the time: an order for that would cost the page faults of the next second.
"""

AGAIN_S = 10.0
"""Seconds to the next order, as long as the last one was worth it: what was in use then is free later."""

WORTH = 32 * 1024 * 1024
"""Bytes that an order has freed at least, so that the next one is worth it."""

_PAGE = os.sysconf("SC_PAGE_SIZE")


class AsteriskMemory(Collector):
    """`pid`: of Asterisk, None while there is none on this machine. `relieve`: gives the order. `now`: a clock in
    seconds that is never set.
    """

    def __init__(
        self, pid: Callable[[], int | None], relieve: Callable[[], Awaitable[None]], now: Callable[[], float]
    ) -> None:
        self._pid, self._relieve, self._now = pid, relieve, now
        self._least: int | None = None
        """Bytes since the last order, or since Asterisk began."""
        self._again_at: float | None = None

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Give the order if it is time."""
        found = self.resident()
        if found is None or self._least is None:
            self._least, self._again_at = found, None
            return
        grown = found - self._least > GROWN
        if not grown and (self._again_at is None or self._now() < self._again_at):
            self._least = min(found, self._least)
            return
        await self._relieve()
        self._least = self.resident()
        worth = self._least is not None and found - self._least > WORTH
        self._again_at = self._now() + AGAIN_S if grown or worth else None

    def resident(self) -> int | None:
        """Bytes that Asterisk has now; None: there is none."""
        pid = self._pid()
        try:
            return None if pid is None else int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
        except OSError:
            return None

    def collect(self) -> Iterator[Metric]:
        found = self.resident()
        if found is not None:
            yield GaugeMetricFamily("wutong_asterisk_memory_bytes", "Memory of Asterisk on this machine.", found)
