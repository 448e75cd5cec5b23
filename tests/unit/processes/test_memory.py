"""When Asterisk is told to give back memory."""

import os
import time
from pathlib import Path

from processes.memory import AGAIN_S, GROWN, WORTH, AsteriskMemory


class Fake(AsteriskMemory):
    """An Asterisk that has `size` bytes, and `used` after an order; None: there is none."""

    def __init__(self) -> None:
        super().__init__(lambda: None, self._order, lambda: self.time)
        self.size: int | None = 100
        self.used, self.orders, self.time = 100, 0, 0.0

    async def _order(self) -> None:
        self.orders += 1
        self.size = self.used

    def resident(self) -> int | None:
        return self.size

    async def looks(self, size: int | None = None, *, used: int = 100) -> int:
        """One second later: how often it was told so far."""
        self.time += 1
        self.size, self.used = size if size is not None else self.size, used
        await self.look()
        return self.orders


async def test_it_is_told_so_when_it_has_grown_and_as_long_as_that_is_worth_it() -> None:
    made = Fake()
    assert await made.looks(100) == 0
    assert await made.looks(100 + GROWN) == 0
    assert await made.looks(101 + GROWN, used=GROWN) == 1
    assert await made.looks() == 1
    made.time += AGAIN_S
    assert await made.looks(used=GROWN - WORTH - 1) == 2, "what was in use is free now"
    made.time += AGAIN_S
    assert await made.looks(used=GROWN - WORTH - 1) == 3
    made.time += AGAIN_S
    assert await made.looks() == 3, "the last one brought nothing"


async def test_an_asterisk_that_has_begun_anew_has_grown_by_nothing() -> None:
    made = Fake()
    await made.looks(100)
    made.size = None
    assert await made.looks() == 0
    assert await made.looks(10 * GROWN) == 0


def test_the_memory_of_a_process_is_told() -> None:
    async def nothing() -> None:
        pass

    (own,) = AsteriskMemory(os.getpid, nothing, time.monotonic).collect()
    assert 0 < own.samples[0].value < 10**11
    gone = next(pid for pid in range(4_000_000, 5_000_000) if not Path(f"/proc/{pid}").exists())
    assert list(AsteriskMemory(lambda: gone, nothing, time.monotonic).collect()) == []
    assert list(AsteriskMemory(lambda: None, nothing, time.monotonic).collect()) == []
