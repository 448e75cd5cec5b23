"""One clock for all decisions: wall time at the start plus monotonic time since, so that it never steps back."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

log = structlog.get_logger()


BEAT = 0.5
"""Seconds between two signs of life of the loop."""

FROZEN = 2.0
"""Seconds without one after which the service was frozen: stopped, swapped out, or with its machine."""

CATCHING_UP = 5.0
"""Seconds that reading what came meanwhile may take."""


RING_AGAIN = 1.0
"""Seconds after which an alarm rings once more whose `ring` has raised."""


class Clock:
    """`not_before`: seconds since the epoch of the last Record there is; the clock starts no earlier.

    A service that was frozen has news to read, of an agent who has picked up for example. No ring may time out, and
    nobody may be sent on, before that is read. So no alarm rings meanwhile. `keep` finds out.
    """

    def __init__(self, not_before: float = 0.0) -> None:
        self._start = max(time.time(), not_before)
        self._monotonic = time.monotonic()
        self._alive: float | None = None  # the last sign of life; None: nobody keeps the clock
        self._put_off: list[Callable[[], None]] = []

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._start + time.monotonic() - self._monotonic

    @property
    def catching_up(self) -> bool:
        """Whether the service was frozen, and has not read yet what came meanwhile."""
        return self._alive is not None and time.monotonic() - self._alive > FROZEN

    def once_caught_up(self, do: Callable[[], None]) -> None:
        """For the time of catching up: `do` is called at its end."""
        self._put_off.append(do)

    async def keep(self, catch_up: Callable[[], Awaitable[object]]) -> None:
        """Give the signs of life, for ever. `catch_up` returns when everything is read that came up to its call."""
        self._alive = time.monotonic()
        try:
            while True:
                await asyncio.sleep(BEAT)
                if self.catching_up:
                    log.warning("was-frozen", seconds=round(time.monotonic() - self._alive, 1))
                    with suppress(TimeoutError):
                        async with asyncio.timeout(CATCHING_UP):
                            await catch_up()
                self._alive = time.monotonic()
                put_off, self._put_off = self._put_off, []
                for do in put_off:
                    asyncio.get_running_loop().call_soon(do)  # so that none of them harms another one
        finally:
            self._alive = None


class Alarm:
    """One timer, to step a machine at its deadline: `ring` is called then, or once the service has caught up; if
    it raises, again.
    """

    __slots__ = ("_clock", "_due", "_ring", "_timer")

    def __init__(self, clock: Clock, ring: Callable[[], None]) -> None:
        self._clock = clock
        self._ring = ring
        self._due: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def set(self, due: float | None) -> None:
        """Ring at `due`, in epoch seconds, and not when it was set for before; None: not at all."""
        if due == self._due:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._due, self._timer = due, None
        self._start()

    def _start(self) -> None:
        if self._due is not None and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(max(0.0, self._due - self._clock.now()), self._rings)

    def _rings(self) -> None:
        self._timer = None
        if self._clock.catching_up:
            self._clock.once_caught_up(self._start)
            return
        self._due = None
        try:
            self._ring()
        except Exception:
            if self._due is None:  # else what is due would wait until something happens
                self.set(self._clock.now() + RING_AGAIN)
            raise


def day_end(timezone: str) -> Callable[[float], float]:
    """The end of the day, in `timezone`, that holds a moment; both in seconds since the epoch."""
    zone = ZoneInfo(timezone)

    def end(now: float) -> float:
        tomorrow = datetime.fromtimestamp(now, zone).date() + timedelta(days=1)
        return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone).timestamp()

    return end
