"""When a machine may offer callers to agents: so that two machines never do at the same time. Pure.

PostgreSQL grants one lock to one session. A session that is gone, or silent for too long, has the lock no more, and the
next machine gets it. The former leader may not know that yet. So two rules hold, each by the own clock of a machine:

- A leader may offer for `VALID_S` after it has *sent* a heartbeat that was answered: when PostgreSQL answered, the
  session still had the lock, and that was not before the sending.
- A new leader may not offer for `SETTLE_S` after it has the lock: by then every heartbeat of the former one is too old.

A leader that all other machines back may offer without PostgreSQL, too: `nodes.others` says why that is safe.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import inf

from nodes.others import Others

VALID_S = 0.4
"""Seconds for which an answered heartbeat lets a leader offer, from its sending on; so does the backing of others."""

SETTLE_S = 0.42
"""Seconds between the lock and the first offer: VALID_S, and 5 % for clocks that do not run alike. For as long a
machine that has backed a leader does not begin to take over.
"""


class Stage(StrEnum):
    """Where a machine is on its way to lead."""

    STANDS_BY = "stands-by"
    SETTLES = "settles"  # it has the lock; the former leader may not know yet
    TAKES_OVER = "takes-over"  # it writes itself into the table; from now on it backs nobody
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
    proven        from when on its heartbeats let it offer: later than `settled` if PostgreSQL is another one
    bound         until then it does not begin to take over, as it has backed a leader
    others        the other machines, as this leader knows them
    """

    stage: Stage = Stage.STANDS_BY
    acknowledged: float = -inf
    settled: float = inf
    proven: float = inf
    bound: float = -inf
    others: Others = field(default_factory=Others)

    def may_offer(self, now: float) -> bool:
        """Whether a new offer may be made at `now`. Before the first look at the answer, nothing else may happen."""
        return now < self.until(now)

    def until(self, now: float) -> float:
        """Until when it may offer, if nothing else comes; not after `now`: it may not."""
        if self.stage not in (Stage.LEADS, Stage.UNSURE) or now < self.settled:
            return -inf
        heard = self.acknowledged if now >= self.proven else -inf
        return max(heard, self.others.backed_since) + VALID_S

    def backed(self, now: float) -> bool:
        """Whether all other machines let this leader lead on at `now`."""
        return self.stage in (Stage.LEADS, Stage.UNSURE) and now < self.others.backed_since + VALID_S

    def granted(self, now: float) -> "Permit":
        """PostgreSQL has said that this session has the lock; the answer is here since `now` at the latest."""
        self._only(Stage.STANDS_BY)
        return Permit(Stage.SETTLES, settled=now + SETTLE_S, proven=now + SETTLE_S, bound=self.bound)

    def backs(self, now: float) -> "Permit | None":
        """A leader asks at `now`: this machine promises not to begin for a while. None: it does not."""
        if self.stage not in (Stage.STANDS_BY, Stage.SETTLES):
            return None
        return replace(self, bound=max(self.bound, now + SETTLE_S))

    def may_begin(self, now: float) -> bool:
        """Whether it has the lock, the former leader has stopped, and no promise holds any more."""
        return self.stage is Stage.SETTLES and now >= max(self.settled, self.bound)

    def begins(self, now: float) -> "Permit":
        """It takes over: it is about to say so to the database."""
        self._only(Stage.SETTLES)
        if not self.may_begin(now):
            raise OutOfOrder("it has not settled, or has promised not to begin")
        return replace(self, stage=Stage.TAKES_OVER)

    def took_over(self, others: Others) -> "Permit":
        """The database has this machine as the leader, and the session that wrote that still has the lock."""
        self._only(Stage.TAKES_OVER)
        return replace(self, stage=Stage.LEADS, others=others)

    def heard(self, sent: float) -> "Permit":
        """The session with the lock has answered a heartbeat that was sent at `sent`."""
        self._only(Stage.SETTLES, Stage.TAKES_OVER, Stage.LEADS)
        return replace(self, acknowledged=max(self.acknowledged, sent))

    def lost(self) -> "Permit":
        """The session is gone, or does not answer."""
        self._only(Stage.SETTLES, Stage.TAKES_OVER, Stage.LEADS)
        if self.stage is Stage.LEADS:
            return replace(self, stage=Stage.UNSURE)
        return Permit(bound=self.bound)

    def led_on(self, now: float, *, known: bool) -> "Permit":
        """A new session has the lock since `now` at the latest, and in the database this machine is the leader still.

        known  it is the same start of the same server as before: had another machine led meanwhile, that would stand
               there. Else heartbeats count later: a copy of the database may have become the primary without the last
               change of leaders
        """
        self._only(Stage.UNSURE)
        return replace(self, stage=Stage.LEADS, proven=self.proven if known else now + SETTLE_S)

    def knows(self, others: Others) -> "Permit":
        """A leader knows these other machines now."""
        self._only(Stage.LEADS, Stage.UNSURE)
        return replace(self, others=others)

    def ended(self) -> "Permit":
        """Another machine has taken over, or this one resigns. There is no way back."""
        return Permit(Stage.OVER)

    def _only(self, *stages: Stage) -> None:
        if self.stage not in stages:
            raise OutOfOrder(f"not while it {self.stage}")
