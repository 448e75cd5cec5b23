"""One clock for all decisions: wall time at the start plus monotonic time since, so that it never steps back."""

import time


class Clock:
    """`not_before`: seconds since the epoch of the last Record there is; the clock starts no earlier."""

    def __init__(self, not_before: float = 0.0) -> None:
        self._start = max(time.time(), not_before)
        self._monotonic = time.monotonic()

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._start + time.monotonic() - self._monotonic
