"""Timers: at most one due time for each owner, the next one at hand. Times are seconds since the epoch."""

from heapq import heapify, heappop, heappush
from typing import Any, Generic, Protocol, TypeVar

Timer = tuple[float, int, Any]
"""The due time, the order of owners that are due at the same moment, and the owner."""


class Owner(Protocol):
    """Has an attribute for its timer; only `Timers` writes it. None: not armed."""

    timer: Timer | None


T = TypeVar("T", bound=Owner)

_SLACK = 64
"""Forgotten entries that are always tolerated, so that small heaps are not rebuilt all the time."""


class Timers(Generic[T]):
    """A heap whose forgotten entries are dropped when they come to its top, or when they are more than half of it.

    `count`: how often a timer was set. Arming, disarming and taking cost O(log n), spread over the calls.
    """

    def __init__(self) -> None:
        self._heap: list[Timer] = []  # those that count, and forgotten ones
        self._armed = 0
        self.count = 0

    def arm(self, owner: T, due: float) -> None:
        """`owner` is due at `due`. An earlier time is forgotten."""
        self.count += 1
        if owner.timer is None:
            self._armed += 1
        owner.timer = timer = (due, self.count, owner)
        heappush(self._heap, timer)
        if len(self._heap) > 2 * self._armed + _SLACK:
            self._heap = [timer for timer in self._heap if timer[2].timer is timer]
            heapify(self._heap)

    def disarm(self, owner: T) -> None:
        """`owner` is not due any more; nothing happens if it was not."""
        if owner.timer is not None:
            owner.timer = None
            self._armed -= 1

    def next(self) -> float | None:
        """The earliest due time; None: there is none."""
        heap = self._heap
        while heap:
            timer = heap[0]
            due, _, owner = timer
            if owner.timer is timer:
                return due
            heappop(heap)
        return None

    def take(self, now: float) -> T | None:
        """The owner due first, at `now` or before; it is disarmed. None: nothing is due."""
        heap = self._heap
        while heap and heap[0][0] <= now:
            timer = heappop(heap)
            owner: T = timer[2]
            if owner.timer is timer:
                owner.timer = None
                self._armed -= 1
                return owner
        return None
