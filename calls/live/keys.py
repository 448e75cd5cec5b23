"""The keys that a caller pressed, heard in two ways: AMI tells every key, AGI only those pressed during a command.

AGI is at times earlier, AMI is complete. Neither says "this is the same press", so each source counts the presses of
each key, and the higher count is the real one. While AMI is down, only AGI is heard; when AMI comes or goes, both
counts are set equal.

Some phones send each key twice, as RFC 4733 events and by SIP INFO, and Asterisk tells the end of both. Only RFC 4733
has a beginning, which AMI tells. So the ends of one key that come around one beginning are one press.
"""

from collections import Counter, deque
from dataclasses import dataclass
from math import inf

MOST_KEPT = 32
"""Keys kept for later: more than a caller can mean. Further ones are dropped."""

LONGEST_PRESS = 5.0
"""Seconds after the beginning of a press in which its key is told for a second time."""

EARLY = 0.5
"""Seconds by which an INFO may come before the beginning of its press."""


@dataclass(slots=True)
class _Press:
    """A press whose beginning was told, at `began`. `counted`: as a key; what is told after that is the same press."""

    began: float
    counted: bool


class Keys:
    """Keys in the order pressed, each once. `now`: seconds."""

    def __init__(self) -> None:
        self._ami: Counter[str] = Counter()
        self._agi: Counter[str] = Counter()
        self._presses: dict[str, _Press] = {}  # the newest of each key
        self._without: dict[str, float] = {}  # when a key counted whose beginning was not told
        self._pressed: deque[str] = deque()

    def __len__(self) -> int:
        return len(self._pressed)

    def begins(self, key: str, now: float) -> None:
        """AMI tells that a press begins. It counts when it ends, unless an INFO has come before."""
        early = now - self._without.pop(key, -inf) <= EARLY
        self._presses[key] = _Press(now, counted=early)

    def from_ami(self, key: str, now: float) -> bool:
        """True if it is a press that has not counted before."""
        self._ami[key] += 1
        return self._ami[key] > self._agi[key] and not self._again(key, now) and self._keep(key, now)

    def from_agi(self, key: str, now: float) -> bool:
        """True if it is a press that has not counted before. If that is not sure, AMI decides when it tells the key."""
        if self._agi[key] >= self._ami[key] and self._again(key, now):
            return False
        self._agi[key] += 1
        return self._agi[key] > self._ami[key] and self._keep(key, now)

    def level(self) -> None:
        """The AMI link came or went: set both counts equal, whatever either has missed."""
        both = self._ami | self._agi
        self._ami, self._agi = both, both.copy()
        self._presses.clear()
        self._without.clear()

    def take(self) -> str | None:
        """The oldest key not taken yet."""
        return self._pressed.popleft() if self._pressed else None

    def clear(self) -> None:
        self._pressed.clear()

    def _again(self, key: str, now: float) -> bool:
        """Whether `key`, told now, is a press that has counted."""
        press = self._presses.get(key)
        return press is not None and press.counted and now - press.began <= LONGEST_PRESS

    def _keep(self, key: str, now: float) -> bool:
        press = self._presses.get(key)
        if press is None or press.counted:
            self._without[key] = now
        else:
            press.counted = True
        if len(self._pressed) >= MOST_KEPT:
            return False
        self._pressed.append(key)
        return True
