"""Events at phones, so that a fault can be timed by one."""

import asyncio
from collections import Counter

from lab.chaos.schedule import Moment


class Moments:
    """Phones `note` a moment; the breaker waits for the `next` of a kind."""

    def __init__(self) -> None:
        self.count: Counter[Moment] = Counter()
        self._waiting: dict[Moment, asyncio.Event] = {moment: asyncio.Event() for moment in Moment}

    def note(self, moment: Moment) -> None:
        self.count[moment] += 1
        event, self._waiting[moment] = self._waiting[moment], asyncio.Event()
        event.set()

    async def next(self, moment: Moment, timeout: float) -> bool:
        """Wait until it happens next; False if it does not within `timeout` seconds. ANY is now."""
        if moment is Moment.ANY:
            return True
        try:
            async with asyncio.timeout(timeout):
                await self._waiting[moment].wait()
        except TimeoutError:
            return False
        return True
