"""The keys that a caller pressed, heard in two places: AMI tells every key, AGI only those pressed during a command.

AGI is at times earlier, AMI is complete. Neither says "this is the same press", so each source counts the presses of
each key, and the higher count is the real one. While AMI is down, only AGI is heard; when AMI comes or goes, both
counts are set equal.
"""

from collections import Counter, deque

MOST_KEPT = 32
"""Keys kept for later: more than a caller can mean. Further ones are dropped."""


class Keys:
    """Keys in the order pressed, each once."""

    def __init__(self) -> None:
        self._ami: Counter[str] = Counter()
        self._agi: Counter[str] = Counter()
        self._pressed: deque[str] = deque()

    def __len__(self) -> int:
        return len(self._pressed)

    def from_ami(self, key: str) -> bool:
        """True if AGI has not told this press before."""
        self._ami[key] += 1
        return self._ami[key] > self._agi[key] and self._keep(key)

    def from_agi(self, key: str) -> bool:
        """True if AMI has not told this press before."""
        self._agi[key] += 1
        return self._agi[key] > self._ami[key] and self._keep(key)

    def level(self) -> None:
        """The AMI link came or went: set both counts equal, whatever either has missed."""
        both = self._ami | self._agi
        self._ami, self._agi = both, both.copy()

    def take(self) -> str | None:
        """The oldest key not taken yet."""
        return self._pressed.popleft() if self._pressed else None

    def clear(self) -> None:
        self._pressed.clear()

    def _keep(self, key: str) -> bool:
        if len(self._pressed) >= MOST_KEPT:
            return False
        self._pressed.append(key)
        return True
