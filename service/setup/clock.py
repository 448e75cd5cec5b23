"""One clock for all decisions: wall time at the start plus monotonic time since, so that it never steps back."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


class Clock:
    """`not_before`: seconds since the epoch of the last Record there is; the clock starts no earlier."""

    def __init__(self, not_before: float = 0.0) -> None:
        self._start = max(time.time(), not_before)
        self._monotonic = time.monotonic()

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._start + time.monotonic() - self._monotonic


class Alarm:
    """One timer, to step a machine at its deadline: `ring` is called then."""

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
        if due is not None:
            delay = max(0.0, due - self._clock.now())
            self._timer = asyncio.get_running_loop().call_later(delay, self._rings)

    def _rings(self) -> None:
        self._due = self._timer = None
        self._ring()


def day_end(timezone: str) -> Callable[[float], float]:
    """The end of the day, in `timezone`, that holds a moment; both in seconds since the epoch."""
    zone = ZoneInfo(timezone)

    def end(now: float) -> float:
        tomorrow = datetime.fromtimestamp(now, zone).date() + timedelta(days=1)
        return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone).timestamp()

    return end
