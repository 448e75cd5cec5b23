"""How long a caller may expect to wait. Seconds throughout.

Method: with `working` agents who fit, each busy for `handling` seconds a call on average, one of them becomes free
every `handling / working` seconds, and the caller at position p is the p-th whom that serves:

    wait = p * handling / working

It rises with the position, falls with the agents, and does not change while they do not. It leaves out that the
agents serve other queues too; agents who are on a break do not count, as they free nobody.
"""

from dataclasses import dataclass
from math import ceil

PRIOR_TALK = 180.0
"""Seconds that a call is taken to last before any has been seen; the queue's wrap-up is added."""

PRIOR_WEIGHT = 10
"""How many calls the prior counts for."""

MEMORY = 100
"""The newest call weighs at least 1/MEMORY, so that the average follows the day."""


@dataclass(slots=True)
class HandlingTime:
    """The mean time that a call keeps an agent busy, from the first ring to the end of the wrap-up.

    A running mean that starts as if PRIOR_WEIGHT calls of the prior had been seen and, from MEMORY calls on, forgets
    exponentially. `prior`: the share that the prior still has; `seen`: what the calls add to that.
    """

    prior: float = 1.0
    seen: float = 0.0
    calls: int = PRIOR_WEIGHT

    def add(self, seconds: float) -> None:
        """One more call kept an agent busy for `seconds`."""
        self.calls = min(self.calls + 1, MEMORY)
        self.prior -= self.prior / self.calls
        self.seen += (seconds - self.seen) / self.calls

    def mean(self, wrap_up: float) -> float:
        """Seconds, in a queue whose wrap-up is `wrap_up`."""
        return self.prior * (PRIOR_TALK + wrap_up) + self.seen


def wait(position: int, working: int, handling: float) -> float | None:
    """The expected wait at `position` (1: next), or None when nobody who fits is at work."""
    if working < 1:
        return None
    return position * handling / working


def spoken(seconds: float) -> float:
    """Rounded up for speech: to whole minutes, above ten minutes to five; never less than one minute."""
    minutes = max(1, ceil(seconds / 60))
    if minutes > 10:
        minutes = 5 * ceil(minutes / 5)
    return minutes * 60.0
