"""When a machine may offer callers to agents: so that two machines never do at the same time. Pure.

PostgreSQL grants one lock to one session. A session that is gone, or silent for too long, has the lock no more, and the
next machine gets it. The former leader may not know that yet. So two rules hold, each by the own clock of a machine:

- A leader may offer for `VALID_S` after it has *sent* a heartbeat that was answered: when PostgreSQL answered, the
  session still had the lock, and that was not before the sending.
- A new leader may not offer for `SETTLE_S` after it has the lock: by then every heartbeat of the former one is too old.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import inf

VALID_S = 0.4
"""Seconds for which an answered heartbeat lets a leader offer, from its sending on."""

SETTLE_S = 0.42
"""Seconds between the lock and the first offer: VALID_S, and 5 % for clocks that do not run alike."""


class Stage(StrEnum):
    """Where a machine is on its way to lead."""

    STANDS_BY = "stands-by"
    SETTLES = "settles"  # it has the lock; the former leader may not know yet
    LEADS = "leads"
    UNSURE = "unsure"  # it has led, and its session is gone; nobody else has taken over as far as it knows
    OVER = "over"  # another machine has taken over, or this one has resigned


class OutOfOrder(RuntimeError):
    """What was told cannot happen in this stage: a mistake of ours."""


@dataclass(frozen=True, slots=True)
class Permit:
    """What a machine knows of its leadership. Each method returns what it knows then.

    acknowledged  when the newest answered heartbeat was sent, in seconds of a clock that never steps
    settled       from when on a leader may offer, in seconds of the same clock
    """

    stage: Stage = Stage.STANDS_BY
    acknowledged: float = -inf
    settled: float = inf

    def may_offer(self, now: float) -> bool:
        """Whether a new offer may be made at `now`. Before the first look at the answer, nothing else may happen."""
        return self.stage in (Stage.LEADS, Stage.UNSURE) and self.settled <= now < self.acknowledged + VALID_S

    def granted(self, now: float) -> "Permit":
        """PostgreSQL has said that this session has the lock; the answer is here since `now` at the latest."""
        self._only(Stage.STANDS_BY)
        return Permit(Stage.SETTLES, settled=now + SETTLE_S)

    def took_over(self) -> "Permit":
        """The database has this machine as the leader, and the session that wrote that still has the lock."""
        self._only(Stage.SETTLES)
        return Permit(Stage.LEADS, self.acknowledged, self.settled)

    def heard(self, sent: float) -> "Permit":
        """The session with the lock has answered a heartbeat that was sent at `sent`."""
        self._only(Stage.SETTLES, Stage.LEADS)
        return Permit(self.stage, max(self.acknowledged, sent), self.settled)

    def lost(self) -> "Permit":
        """The session is gone, or does not answer."""
        self._only(Stage.SETTLES, Stage.LEADS)
        if self.stage is Stage.SETTLES:
            return Permit()
        return Permit(Stage.UNSURE, self.acknowledged, self.settled)

    def led_on(self, now: float, *, known: bool) -> "Permit":
        """A new session has the lock since `now` at the latest, and in the database this machine is the leader still.

        known  it is the same start of the same server as before: had another machine led meanwhile, that would stand
               there. Else it settles once more: a copy of the database may have become the primary without the last
               change of leaders
        """
        self._only(Stage.UNSURE)
        return Permit(Stage.LEADS, self.acknowledged, self.settled if known else now + SETTLE_S)

    def ended(self) -> "Permit":
        """Another machine has taken over, or this one resigns. There is no way back."""
        return Permit(Stage.OVER)

    def _only(self, *stages: Stage) -> None:
        if self.stage not in stages:
            raise OutOfOrder(f"not while it {self.stage}")
