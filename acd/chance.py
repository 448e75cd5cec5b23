"""Chance from a seed: the same seed gives the same choices, so that a run can be repeated."""

_MASK = (1 << 64) - 1


_STEP = 0x9E3779B97F4A7C15


class Chance:
    """SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014). Not for secrets.

    `turn`: a seed has another stream for each, so that a choice hangs on nothing but the seed and its number.
    """

    __slots__ = ("_state",)

    def __init__(self, seed: int, turn: int | None = None) -> None:
        self._state = seed & _MASK
        if turn is not None:
            self._state = (seed + turn * _STEP) & _MASK
            self._state = self._next()

    def _next(self) -> int:
        """64 random bits."""
        self._state = (self._state + _STEP) & _MASK
        bits = self._state
        bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & _MASK
        return bits ^ (bits >> 31)

    def below(self, count: int) -> int:
        """A number from 0 to `count` - 1, each as likely. `count` is at least 1 (the bias is below count / 2**64)."""
        if count < 1:
            raise ValueError(f"nothing to choose from: {count}")
        return (self._next() * count) >> 64
