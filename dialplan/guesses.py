"""Guessed passwords: decides whose is being guessed. Does no I/O and reads no clock."""

from dataclasses import dataclass

from dialplan.security import Proof

WINDOW = 60.0
"""Seconds after which a failure is forgotten."""

MANY = 30
"""Failures for one agent within WINDOW that are somebody who guesses. A phone with an old password has fewer."""


@dataclass(slots=True)
class _Count:
    """Failures that fade: each counts less with time, and nothing after WINDOW. `at`: when `value` was right."""

    value: float = 0.0
    at: float = 0.0

    def left(self, now: float) -> float:
        return max(0.0, self.value - max(0.0, now - self.at) * MANY / WINDOW)

    def add(self, now: float) -> None:
        self.value, self.at = min(self.left(now) + 1, 2.0 * MANY), now


class Guesses:
    """`failures`: wrong passwords so far. The log names users that Asterisk has, and all others by one name: so this
    stays small.
    """

    def __init__(self) -> None:
        self.failures = 0
        self._accounts: dict[str, _Count] = {}

    def note(self, proof: Proof, now: float) -> bool:
        """A password was given. `now`: seconds of any clock. True: from now on this agent's is being guessed."""
        if proof.passed:
            return False
        self.failures += 1
        count = self._accounts.setdefault(proof.account, _Count())
        before = count.left(now)
        count.add(now)
        return before < MANY <= count.value

    def guessed(self, now: float) -> list[str]:
        """Whose passwords are being guessed."""
        return sorted(account for account, count in self._accounts.items() if count.left(now) >= MANY)
