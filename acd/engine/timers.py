"""Timers: at most one due time for each owner, the next one at hand. Times are seconds since the epoch."""

from collections.abc import Hashable
from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

Owner = TypeVar("Owner", bound=Hashable)

_SLACK = 64
"""Forgotten entries that are always tolerated, so that small heaps are not rebuilt all the time."""


class Timers(Generic[Owner]):
    """A heap whose forgotten entries are dropped when they come to its top, or when they are more than half of it.

    `count`: how often a timer was set. Arming, disarming and taking cost O(log n), spread over the calls.
    """

    def __init__(self) -> None:
        self._due: dict[Owner, tuple[float, int, Owner]] = {}
        self._heap: list[tuple[float, int, Owner]] = []  # those of `_due`, and forgotten ones
        self.count = 0

    def arm(self, owner: Owner, due: float) -> None:
        """`owner` is due at `due`. An earlier time is forgotten."""
        self.count += 1
        self._due[owner] = entry = (due, self.count, owner)
        heappush(self._heap, entry)
        if len(self._heap) > 2 * len(self._due) + _SLACK:
            self._heap = list(self._due.values())
            heapify(self._heap)

    def disarm(self, owner: Owner) -> None:
        """`owner` is not due any more; nothing happens if it was not."""
        self._due.pop(owner, None)

    def armed(self, owner: Owner) -> int:
        """The order of owners that are due at the same moment, the lower first; 0: not armed."""
        due = self._due.get(owner)
        return 0 if due is None else due[1]

    def next(self) -> float | None:
        """The earliest due time; None: there is none."""
        heap, due = self._heap, self._due
        while heap:
            entry = heap[0]
            if due.get(entry[2]) is entry:
                return entry[0]
            heappop(heap)
        return None

    def take(self, now: float) -> Owner | None:
        """The owner due first, at `now` or before; it is disarmed. None: nothing is due."""
        heap, due = self._heap, self._due
        while heap and heap[0][0] <= now:
            entry = heappop(heap)
            owner = entry[2]
            if due.get(owner) is entry:
                del due[owner]
                return owner
        return None
