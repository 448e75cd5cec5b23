"""One 20 ms timer for all RTP sessions of an event loop."""

import asyncio
from typing import Protocol
from weakref import WeakKeyDictionary

INTERVAL = 0.02
"""Seconds between two packets of a stream."""

_LATE = 0.2
"""Seconds. A longer delay of the loop is skipped; a shorter one is made up for, so that streams keep their pace."""


class Sender(Protocol):
    """Driven by the pacer."""

    def tick(self, number: int) -> None:
        """Send what is due. `number` counts the intervals of the loop's clock."""


class Pacer:
    """Ticks its senders every 20 ms; without senders it has no timer."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._senders: dict[Sender, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._next = 0

    def now(self) -> int:
        """The number of the interval that the loop's clock is in."""
        return int(self._loop.time() / INTERVAL)

    def add(self, sender: Sender) -> None:
        """From the next interval on, tick `sender`. It may be there already."""
        self._senders[sender] = None
        if self._timer is None:
            self._next = self.now() + 1
            self._arm()

    def remove(self, sender: Sender) -> None:
        """Tick `sender` no more. It need not be there."""
        self._senders.pop(sender, None)
        if not self._senders and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self) -> None:
        self._timer = self._loop.call_at(self._next * INTERVAL, self._ring)

    def _ring(self) -> None:
        now = self.now()
        if now - self._next > _LATE / INTERVAL:
            self._next = now
        while True:
            number = self._next
            self._next += 1
            for sender in tuple(self._senders):
                sender.tick(number)
            if self._next > now or not self._senders:
                break
        if self._senders:
            self._arm()


_pacers: WeakKeyDictionary[asyncio.AbstractEventLoop, Pacer] = WeakKeyDictionary()


def pacer() -> Pacer:
    """The pacer of the running loop. Every phone of a process shares it, so that a hundred cost one timer."""
    loop = asyncio.get_running_loop()
    if loop not in _pacers:
        _pacers[loop] = Pacer(loop)
    return _pacers[loop]
