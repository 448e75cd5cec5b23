"""What agents do in a talk beside talking, drawn from the agent's own random numbers."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

ANSWERS, DECLINES, RINGS_ON, ABSENT = "2300", "2301", "2302", "2303"
"""Colleagues who never sign in: one picks up, one declines, one lets it ring, one's phone is not registered."""

COLLEAGUES = (ANSWERS, DECLINES, RINGS_ON, ABSENT)

QUEUE, SUB_HOTLINE, HOTLINE = "6000", "7001", "12319"
"""Extensions to which callers are transferred, and the hotline's own number."""


class Way(StrEnum):
    """How an agent sends a caller on, and to whom."""

    ANSWERED = "blind, to a colleague who picks up"
    DECLINED = "blind, to a colleague who declines"
    UNANSWERED = "blind, to a colleague who lets it ring"
    NOBODY = "blind, to a phone that is not registered"
    QUEUE = "blind, to a queue"
    SUB_HOTLINE = "blind, to a sub-hotline"
    HOTLINE = "blind, to the hotline's number"
    JOINED = "attended, to a colleague"
    QUEUE_AT_ONCE = "attended, to a queue at once"
    QUEUE_LATER = "attended, to a queue after seconds"
    COMPLETED = "over HTTP, to a colleague who was consulted"


class Aside(StrEnum):
    """What an agent asks for over HTTP in a talk, before the agent does anything else."""

    BRIEFLY = "the caller on hold"
    HUNG_UP = "the caller on hold, where the agent may hang up"
    RETURNED = "a colleague consulted, and back"
    COMPLETED = "a colleague consulted, who gets the caller"
    LEFT_ALONE = "a colleague consulted, who hangs up"
    DECLINED = "a colleague consulted, who declines"
    UNANSWERED = "a colleague consulted, who lets it ring, and back"
    NOBODY = "a colleague consulted, whose phone is not registered"

    @property
    def target(self) -> str | None:
        """The id of the agent who is consulted. None: the agent consults nobody."""
        return _ASIDES[self][0]


class Death(StrEnum):
    """When an agent's phone dies."""

    TALKING = "agents' phones that died in a talk"
    HOLDING = "agents' phones that died with the caller on hold"
    RINGING = "agents' phones that died while they rang"
    IDLE = "agents' phones that died without a call"


_WAYS: dict[Way, tuple[str, int]] = {
    Way.ANSWERED: (ANSWERS, 4),
    Way.DECLINED: (DECLINES, 2),
    Way.UNANSWERED: (RINGS_ON, 1),
    Way.NOBODY: (ABSENT, 2),
    Way.QUEUE: (QUEUE, 3),
    Way.SUB_HOTLINE: (SUB_HOTLINE, 2),
    Way.HOTLINE: (HOTLINE, 2),
    Way.JOINED: (ANSWERS, 3),
    Way.QUEUE_AT_ONCE: (QUEUE, 2),
    Way.QUEUE_LATER: (QUEUE, 2),
}
"""Where each leads that a phone does, and its relative frequency."""

_ASIDES: dict[Aside, tuple[str | None, int]] = {
    Aside.BRIEFLY: (None, 5),
    Aside.HUNG_UP: (None, 2),
    Aside.RETURNED: (ANSWERS, 3),
    Aside.COMPLETED: (ANSWERS, 4),
    Aside.LEFT_ALONE: (ANSWERS, 2),
    Aside.DECLINED: (DECLINES, 2),
    Aside.UNANSWERED: (RINGS_ON, 2),
    Aside.NOBODY: (ABSENT, 1),
}
"""Whom each consults, and its relative frequency."""

_ASKS = 0.2
"""The share of the talks that the caller does not end before, in which the agent asks for something over HTTP."""

_TRANSFERRED = 0.22
"""The share of the talks that the agent ends: by a transfer. One talk in three is ended by its caller before."""

HURRIED = 2.0
"""Seconds. An agent who would talk with a colleague for less than this talks with the colleague not at all."""

_DIES = 0.015
"""The share of them in which the agent's phone dies."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """`consults`: the agent calls `target` first, and talks for `asks` seconds."""

    way: Way
    target: str
    asks: float

    @property
    def consults(self) -> bool:
        return self.way in (Way.JOINED, Way.QUEUE_AT_ONCE, Way.QUEUE_LATER, Way.COMPLETED)

    @property
    def hurries(self) -> bool:
        """Whether the agent does not wait for the colleague's answer."""
        return self.way is Way.JOINED and self.asks < HURRIED


def in_talk(random: Random) -> Transfer | Death | None:
    """How the agent ends a talk, unless the caller hangs up before. None: the agent hangs up."""
    chance = random.random()
    if chance < _TRANSFERRED:
        way = random.choices(list(_WAYS), [weight for _, weight in _WAYS.values()])[0]
        return Transfer(
            way, _WAYS[way][0], random.uniform(0, 0.3) if way is Way.QUEUE_AT_ONCE else random.uniform(1, 4)
        )
    if chance < _TRANSFERRED + _DIES:
        return random.choice((Death.TALKING, Death.HOLDING))
    return None


def over_http(random: Random) -> Aside | None:
    """What the agent asks for over HTTP in a talk, unless the caller hangs up before. None: nothing."""
    if random.random() >= _ASKS:
        return None
    return random.choices(list(_ASIDES), [weight for _, weight in _ASIDES.values()])[0]
