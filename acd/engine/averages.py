"""What a queue has learnt of its calls, for the estimate: running means that follow the day. Seconds throughout."""

from dataclasses import dataclass

PRIOR_TALK = 180.0
"""Seconds that a call is assumed to last before any has been seen; the queue's wrap-up is added."""

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
        if self.calls < MEMORY:
            self.calls += 1
        self.prior -= self.prior / self.calls
        self.seen += (seconds - self.seen) / self.calls

    @property
    def seen_calls(self) -> int:
        """How many calls it has learnt from: 0 to MEMORY - PRIOR_WEIGHT."""
        return self.calls - PRIOR_WEIGHT

    def mean(self, wrap_up: float) -> float:
        """Seconds, in a queue whose wrap-up is `wrap_up`."""
        return self.prior * (PRIOR_TALK + wrap_up) + self.seen


PRIOR_STAY = 0.9
"""Assumed share of callers who stay until they are served, before any has been seen."""

WAITED = 15.0
"""Seconds: only longer waits show whether callers stay."""


@dataclass(slots=True)
class Staying:
    """The share of a queue's callers who stayed until they were served. A running mean as above."""

    share: float = PRIOR_STAY
    calls: int = PRIOR_WEIGHT

    def add(self, waited: float, *, stayed: bool) -> None:
        """One more caller is out of the queue after `waited` seconds."""
        if waited > WAITED:
            if self.calls < MEMORY:
                self.calls += 1
            self.share += (stayed - self.share) / self.calls
