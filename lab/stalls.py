"""How long a test stood still because the machine was busy: a bound on time is for a machine that runs."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

LOOK = 0.02
"""Seconds between two looks. A look that comes later was kept waiting for so long."""


class Stalls:
    """What has been kept waiting since the watch began. The work of the loop's own thread is no waiting: where it holds
    up the loop, that counts as time.
    """

    def __init__(self) -> None:
        self._over = 0.0
        self._look(0.0)

    @property
    def seconds(self) -> float:
        """All of it, also of a wait that is not over. Ask in the loop's thread."""
        worked = time.thread_time() - self._worked
        return self._over + max(0.0, time.monotonic() - self._due - worked)

    def clock(self) -> Callable[[], float]:
        """A clock that starts now. It answers the seconds that have passed, without those in which the test stood
        still.
        """
        began, before = time.monotonic(), self.seconds
        return lambda: max(0.0, time.monotonic() - began - (self.seconds - before))

    async def watch(self) -> None:
        """Look for ever."""
        while True:
            self._look(LOOK)
            await asyncio.sleep(LOOK)
            self._over = self.seconds

    def _look(self, after: float) -> None:
        """The next look is due after so many seconds."""
        self._due, self._worked = time.monotonic() + after, time.thread_time()


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
