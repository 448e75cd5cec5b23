"""When what is due: at most one moment an owner, the next one at hand. Times are seconds since the epoch."""

from collections.abc import Hashable
from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

Owner = TypeVar("Owner", bound=Hashable)

_SLACK = 64
"""Forgotten entries that are always tolerated, so that small heaps are not rebuilt all the time."""


class Timers(Generic[Owner]):
    """A heap whose forgotten entries are dropped when they come to its top, or when they are more than half of it.

    `count`: how often somebody was armed. Arming, disarming and taking cost O(log n), spread over the calls.
    """

    def __init__(self) -> None:
        self._due: dict[Owner, tuple[float, int, Owner]] = {}
        self._heap: list[tuple[float, int, Owner]] = []  # those of `_due`, and forgotten ones
        self.count = 0

    def arm(self, owner: Owner, due: float) -> None:
        """`owner` is due at `due`, and at no other moment that he was armed for before."""
        self.count += 1
        self._due[owner] = entry = (due, self.count, owner)
        heappush(self._heap, entry)
        if len(self._heap) > 2 * len(self._due) + _SLACK:
            self._heap = list(self._due.values())
            heapify(self._heap)

    def disarm(self, owner: Owner) -> None:
        """`owner` is not due any more; nothing happens if he was not."""
        self._due.pop(owner, None)

    def armed(self, owner: Owner) -> int:
        """Who is due in the same moment goes by this number, the lower first; 0: he is not armed."""
        due = self._due.get(owner)
        return 0 if due is None else due[1]

    def next(self) -> float | None:
        """The earliest moment at which somebody is due."""
        heap, due = self._heap, self._due
        while heap:
            entry = heap[0]
            if due.get(entry[2]) is entry:
                return entry[0]
            heappop(heap)
        return None

    def take(self, now: float) -> Owner | None:
        """The earliest of those who are due at `now` or were before; he is disarmed. None: nobody is."""
        heap, due = self._heap, self._due
        while heap and heap[0][0] <= now:
            entry = heappop(heap)
            owner = entry[2]
            if due.get(owner) is entry:
                del due[owner]
                return owner
        return None
