"""Queues in use, the callers who wait in them, and the rings for these callers. The agents are in `seats`.

A requirement has one ranked order of places. An offer is a ring of one agent for one caller.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from acd.engine.averages import HandlingTime, Staying
from acd.engine.timers import Timer
from acd.model import Needs, Queue

if TYPE_CHECKING:  # places and agents refer to each other
    from acd.engine.seats import Seat, SkillSet

CLASS_APART = 1e9
"""Seconds between the ranks of two priority classes: more than any wait and head start together.

Small enough that double precision tells microseconds apart in a rank. Equal ranks go by the order of arrival.
"""

LONGEST_HEAD_START = 86_400.0
"""Seconds that a call may bring with it. So many put it before all calls of its class that bring fewer."""


NOBODY_FITS: Needs = {"": 5}
"""The needs of a removed queue: no agent has a skill without a name."""


class Stage(Enum):
    """Where the caller of a place is."""

    WAITING = auto()  # in the order of a requirement
    OFFERED = auto()  # an agent rings
    TALKING = auto()
    GONE = auto()  # out of the engine


@dataclass(eq=False, slots=True)
class Place:
    """A caller's place in a queue. Times are seconds since the epoch.

    rank       `entered` minus the head starts and CLASS_APART for each class: lower is served earlier; ties by
               `sequence`, the order of arrival
    fresh      the overflow rules at entry have not been tried
    offers     the rings for this caller: one, in a ring-all queue several
    round      the last ring-all round; None: the last ring was of one agent
    last_agent the agent rung last
    announcing an announcement plays
    next_announcement  when the next one is due; inf: the queue has none
    message    which of the queue's own messages is next
    test       a test call: the queue neither counts it nor learns from it
    """

    id: str
    queue: "LiveQueue"
    line: "Line"
    entered: float
    head_start: float
    sequence: int
    rank: float = 0.0
    stage: Stage = Stage.WAITING
    requirement: "Requirement | None" = None
    offers: "tuple[Offer, ...]" = ()
    round: "Round | None" = None
    seat: "Seat | None" = None
    connected_at: float = 0.0
    last_agent: str | None = None
    fresh: bool = True
    announcing: bool = False
    next_announcement: float = inf
    message: int = 0
    test: bool = False
    timer: "Timer | None" = None

    @property
    def in_front(self) -> bool:
        """Whether the caller came back, to the front of the queue."""
        return self.head_start >= LONGEST_HEAD_START

    @property
    def entry(self) -> "Entry":
        return (self.rank, self.sequence, self)

    def rang_last(self, seat: "Seat") -> bool:
        """Whether `seat` was rung last for this caller, alone or with others."""
        return self.last_agent == seat.id or (self.round is not None and seat.id in self.round.agents)


Entry = tuple[float, int, Place | None]

NOBODY: Entry = (inf, 0, None)
"""The head of an empty order: after every place."""


class Fit(NamedTuple):
    """How a skill set meets a requirement: by which step (0: the queue's own needs), with which sum of levels."""

    step: int
    levels: int


@dataclass(eq=False, slots=True)
class Round:
    """Ring-all: several agents ring for one caller at once.

    requirement, step  a freed agent who meets one of its alternatives up to `step` is rung too
    began       when, in epoch seconds
    agents      ids of the agents rung; earlier rounds included, if this one found only agents not rung before
    """

    requirement: "Requirement"
    step: int
    began: float
    agents: set[str]


class Requirement:
    """One line at one relaxing step, and the places waiting at it, in order.

    alternatives  the queue's needs, then those of the steps that have come in
    begins, until  when it comes in, and when the next one does (inf: never), in seconds of waiting
    fits          the skill sets that meet an alternative, and the earliest one that each meets
    working       how many agents who meet it are at work
    shared        by line, this one included: how many of these agents could ever serve it
    head          the first in the order, or NOBODY

    The order is a plain list. Nearly always a newcomer is the last in it, and the one who goes is the first. Moving the
    pointers to 100,000 others takes no longer than the bookkeeping of a SortedList.
    """

    __slots__ = ("_order", "alternatives", "begins", "fits", "head", "shared", "until", "working")

    def __init__(self, alternatives: tuple[Needs, ...], begins: float, until: float) -> None:
        self.alternatives = tuple(dict(needs) for needs in alternatives)
        self.begins, self.until = begins, until
        self.fits: dict[SkillSet, Fit] = {}
        self.working = 0
        self.shared: dict[Line, int] = {}
        self.head: Entry = NOBODY
        self._order: list[Any] = []  # of Entry

    def __len__(self) -> int:
        return len(self._order)

    def add(self, place: Place) -> None:
        """O(log n) comparisons; nearly always only one, with the last."""
        order, entry = self._order, place.entry
        if order and entry < order[-1]:
            insort(order, entry)
        else:
            order.append(entry)
        self.head = order[0]
        place.requirement = self
        place.queue.standing += 1

    def remove(self, place: Place) -> None:
        """O(log n) comparisons; none for the first, the usual case."""
        order = self._order
        del order[0 if self.head[2] is place else bisect_left(order, place.entry)]
        self.head = order[0] if order else NOBODY
        place.requirement = None
        place.queue.standing -= 1

    def ahead_of(self, rank: float, sequence: int) -> int:
        """How many places here come before `rank` and `sequence`. O(log n)."""
        if self.head[0] > rank:
            return 0
        return bisect_left(self._order, (rank, sequence))

    def entries(self) -> "Iterator[tuple[float, int, Place]]":
        """All places, in order, each with what it is ordered by. Valid until the order changes."""
        return iter(self._order)

    def places(self) -> list[Place]:
        """All places, in order."""
        return [entry[2] for entry in self._order]


class Line:
    """The callers of one queue who speak one language; one requirement a relaxing step.

    places       how many callers wait in it, those for whom an agent rings included
    covered      how many skill sets that could ever serve it have an agent who is signed in and there
    empty_since  since when there is no such agent (-inf: there was none yet); None while there is one
    """

    __slots__ = ("covered", "empty_since", "language", "places", "queue", "requirements", "timer")

    def __init__(self, queue: "LiveQueue", language: str) -> None:
        relax = queue.definition.relax
        needs = queue.definition.alternatives
        begins = [0.0, *(step.after for step in relax), inf]
        self.queue = queue
        self.language = language
        self.requirements = [
            Requirement(needs[: step + 1], begins[step], begins[step + 1]) for step in range(len(needs))
        ]
        self.places = 0
        self.covered = 0
        self.empty_since: float | None = -inf
        self.timer: Timer | None = None

    def requirement_of(self, place: Place, now: float) -> Requirement:
        """The caller's requirement at `now`. A caller at the front has all relaxing steps at once. Otherwise an agent
        who fits only by such a step would be rung for a caller behind.
        """
        return self.requirements[-1] if place.in_front else self.requirement_after(place.entered, now)

    def requirement_after(self, entered: float, now: float) -> Requirement:
        """The requirement, at `now`, of a caller who entered at `entered`, not to the front."""
        for requirement in self.requirements:
            if entered + requirement.until > now:
                break
        return requirement

    @property
    def ever(self) -> "dict[SkillSet, Fit]":
        """The skill sets that could ever serve it, relaxing included."""
        return self.requirements[-1].fits


@dataclass(eq=False, slots=True)
class LiveQueue:
    """A queue in use, or one that was taken out and has callers.

    removed     the version in use does not have it: whoever waits goes to `onward`; rings and talks go on
    places      callers who wait or for whom an agent rings, in order of entry
    standing    how many of them stand in an order: no agent rings for them
    highest     no place has a higher rank
    last_agent  the agent rung last (round-robin)
    answered, in_time, abandoned  calls of the day: connected, connected within the service level, and hung up
                after more than SHORT_ABANDON seconds
    """

    id: str
    definition: Queue
    removed: bool = False
    onward: Any = None
    handling: HandlingTime = field(default_factory=HandlingTime)
    staying: Staying = field(default_factory=Staying)
    lines: dict[str, Line] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    serving: "list[SkillSet]" = field(default_factory=list)
    standing: int = 0
    highest: float = -inf
    talking: int = 0
    last_agent: str | None = None
    answered: int = 0
    in_time: int = 0
    abandoned: int = 0

    @classmethod
    def removed_one(cls, queue_id: str, **known: Any) -> "LiveQueue":
        """A queue that the hotline does not have: no agent fits it."""
        return cls(queue_id, Queue(id=queue_id, name={"*": queue_id}, needs=NOBODY_FITS), removed=True, **known)

    def rank(self, entered: float, head_start: float) -> float:
        """The rank of a caller who entered at `entered`."""
        definition = self.definition
        front = CLASS_APART / 2 if head_start >= LONGEST_HEAD_START else head_start
        return entered - definition.priority - front - definition.priority_class * CLASS_APART

    def position(self, place: Place) -> int:
        """1 for the next. Callers for whom an agent rings are not counted."""
        position, rank, sequence = 1, place.rank, place.sequence
        for line in self.lines.values():
            for requirement in line.requirements:
                position += requirement.ahead_of(rank, sequence)
        return position

    @property
    def handling_time(self) -> float:
        """Seconds that a call keeps an agent busy, on average."""
        return self.handling.mean(self.definition.wrap_up)

    @property
    def service_level(self) -> float | None:
        """Percent of the day's answered and abandoned calls that were answered in time; None: none yet."""
        calls = self.answered + self.abandoned
        return 100 * self.in_time / calls if calls else None


SHORT_ABANDON = 5.0
"""Seconds: a caller who hangs up sooner is left out of the service level."""


@dataclass(eq=False, slots=True)
class Offer:
    """`at`: when the ring was asked for. `due`: when it is over if no end is reported. `step`: by which needs the
    agent fits (0: the queue's own). Times are seconds since the epoch.
    """

    id: str
    place: Place
    seat: "Seat"
    step: int
    at: float
    due: float = 0.0
    answered: bool = False
    timer: "Timer | None" = None
