"""One clock for all decisions: wall time at the start plus monotonic time since, so that it never steps back."""

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


def day_end(timezone: str) -> Callable[[float], float]:
    """The end of the day, in `timezone`, that holds a moment; both in seconds since the epoch."""
    zone = ZoneInfo(timezone)

    def end(now: float) -> float:
        tomorrow = datetime.fromtimestamp(now, zone).date() + timedelta(days=1)
        return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone).timestamp()

    return end
