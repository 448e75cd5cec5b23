"""Who gets how many of the places that there are, so that nobody keeps others out."""

from collections import Counter as Tally


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

    def take(self, who: str) -> None:
        """A further place."""
        self.taken += 1
        self._held[who] += 1

    def give_back(self, who: str) -> None:
        """One of its places."""
        self.taken -= 1
        self._held[who] -= 1
        if not self._held[who]:
            del self._held[who]
