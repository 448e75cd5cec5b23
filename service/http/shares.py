"""Who gets how many of the places that there are, so that nobody keeps others out."""

from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import contextmanager


class Shares:
    """Places that are taken, by who holds them. Nobody gets more than are still free: one alone gets half of all, two
    get a third each, and whoever holds none gets one as long as there are any.
    """

    def __init__(self) -> None:
        self.taken = 0
        self._held: Tally[str] = Tally()

    def of(self, who: str) -> int:
        """How many places this one holds."""
        return self._held[who]

    def admits(self, who: str, most: int) -> bool:
        """Whether this one gets a further place. `most`: how many there are in all."""
        return self._held[who] < most - self.taken

    @contextmanager
    def held(self, who: str) -> Iterator[None]:
        """Hold a place."""
        self.taken += 1
        self._held[who] += 1
        try:
            yield
        finally:
            self.taken -= 1
            self._held[who] -= 1
            if not self._held[who]:
                del self._held[who]
