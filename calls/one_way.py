"""Talks in which one side is not heard, from what Asterisk reports every 5 s. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum

from dialplan.sound import Reported

FEW = 5
"""Fewer packets in the 5 s between two reports are silence. A talk has 250; a phone that sends no audio may still send
one now and then to keep its way open.
"""

MOST = 5_000
"""Legs that are followed, at most: more than there are agents."""


class Side(StrEnum):
    """Whose audio it is."""

    AGENT = "agent"
    CALLER = "caller"


@dataclass(slots=True)
class _Leg:
    highest: int | None
    sent: int
    told: set[Side] = field(default_factory=set)


class OneWay:
    """Feed it each report to an agent's phone. What goes to that phone is what comes from the caller."""

    def __init__(self) -> None:
        self._legs: dict[str, _Leg] = {}

    def note(self, report: Reported) -> frozenset[Side] | None:
        """Take the next report of a leg that talks. Returns who was not heard since the report before. None: this is
        the leg's first report.
        """
        leg, sent = self._legs.get(report.channel), report.sent
        if leg is None:
            self._legs[report.channel] = _Leg(report.highest, sent or 0)
            if len(self._legs) > MOST:
                del self._legs[next(iter(self._legs))]
            return None
        few = {Side.AGENT: _few_came(leg.highest, report.highest), Side.CALLER: _few_went(leg.sent, sent)}
        leg.highest, leg.sent = report.highest, leg.sent if sent is None else sent
        return frozenset(side for side in Side if few[side])

    def is_first(self, channel: str, side: Side) -> bool:
        """Whether this side is told of for the first time in this leg's talk. A phone that sends nothing while its user
        listens falls silent again and again.
        """
        leg = self._legs.get(channel)
        if leg is None or side in leg.told:
            return False
        leg.told.add(side)
        return True

    def over(self, channel: str) -> None:
        """The leg does not talk any more, or not without a hold."""
        self._legs.pop(channel, None)


def _few_came(before: int | None, now: int | None) -> bool:
    return now is None or (before is not None and (now - before) % 65_536 < FEW)


def _few_went(before: int, now: int | None) -> bool:
    return now is None or 0 <= now - before < FEW
