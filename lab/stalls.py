"""How long a test stood still because the machine was busy: a bound on time is for a machine that runs."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

LOOK = 0.02
"""Seconds between two looks. A look that comes later was kept waiting for so long."""


class Stalls:
    """What has been kept waiting since the watch began."""

    def __init__(self) -> None:
        self._over = 0.0
        self._due = time.monotonic()

    @property
    def seconds(self) -> float:
        """All of it, also of a wait that is not over."""
        return self._over + max(0.0, time.monotonic() - self._due)

    def clock(self) -> Callable[[], float]:
        """A clock that starts now. It answers the seconds that have passed, without those in which the test stood
        still.
        """
        began, before = time.monotonic(), self.seconds
        return lambda: max(0.0, time.monotonic() - began - (self.seconds - before))

    async def watch(self) -> None:
        """Look for ever."""
        while True:
            self._due = time.monotonic() + LOOK
            await asyncio.sleep(LOOK)
            self._over, self._due = self.seconds, time.monotonic()


@asynccontextmanager
async def stalls() -> AsyncIterator[Stalls]:
    """Watches this loop while the block runs."""
    made = Stalls()
    watching = asyncio.create_task(made.watch())
    await asyncio.sleep(0)  # its first look begins
    try:
        yield made
    finally:
        watching.cancel()
        await asyncio.wait({watching})
