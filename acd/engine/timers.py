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
        self._due: dict[Owner, tuple[float, int]] = {}
        self._heap: list[tuple[float, int, Owner]] = []
        self.count = 0

    def arm(self, owner: Owner, due: float) -> None:
        """`owner` is due at `due`, and at no other moment that he was armed for before."""
        self.count += 1
        self._due[owner] = (due, self.count)
        heappush(self._heap, (due, self.count, owner))
        if len(self._heap) > 2 * len(self._due) + _SLACK:
            self._heap = [(due, sequence, owner) for owner, (due, sequence) in self._due.items()]
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
            when, count, owner = heap[0]
            known = due.get(owner)
            if known is not None and known[1] == count:
                return when
            heappop(heap)
        return None

    def take(self, now: float) -> Owner | None:
        """The earliest of those who are due at `now` or were before; he is disarmed. None: nobody is."""
        heap, due = self._heap, self._due
        while heap and heap[0][0] <= now:
            _, count, owner = heappop(heap)
            known = due.get(owner)
            if known is not None and known[1] == count:
                del due[owner]
                return owner
        return None
