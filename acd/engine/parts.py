"""The parts of the floor: the queues with their lines, the callers' places, the agents' seats, and the rings.

They are one aggregate, and so one module: a place knows its line, its queue and its agent, a line the skill sets that
fit it, a skill set its lines. Times are seconds since the epoch.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from math import inf
from typing import Any, NamedTuple, Protocol, TypeVar

from acd.effects import NOTHING_SAID, LastSaid
from acd.engine.averages import HandlingTime, Staying
from acd.engine.timers import Timer
from acd.events import Company
from acd.model import Coded, Needs, Queue
from agents.model import ROBOT, Abilities, Agent
from agents.states import SIGNED_IN, WORKING, AgentState, PhoneState
from journal.actor import Actor

LONGEST_HEAD_START = 86_400.0
"""Seconds that a call may bring with it. A call with so many comes before all calls of its class that bring fewer."""

CLASS_APART = 1e9
"""Seconds between the ranks of two priority classes: more than any wait and head start together.

Small enough that double precision keeps microseconds apart in a rank. Equal ranks go by the order of arrival.
"""

NOBODY_FITS: Needs = {"": 5}
"""The needs of a removed queue: no agent has a skill without a name."""

SHORT_ABANDON = 5.0
"""Seconds: a caller who hangs up sooner is left out of the service level."""

UNSKILLED = Agent(id="00", name="-", skills={})
"""For an agent who is no longer in agents.yaml but still has a call, and for a robot agent: both serve nobody else."""

# --- callers in queues ---------------------------------------------------------------------------------------------


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
    said       what was said to the caller last: that is not said again
    test       a test call: the queue neither counts it nor learns from it
    robot      only a robot agent is rung for this caller, who so stands in no order: the timer says when
    callback   the caller has hung up, and is to be called back; None: the caller is there
    sticky     the agent of last time, who is rung first until `sticky_until`; None: nobody is
    apart      that agent is busy: the place counts in the order, but nobody else is rung for the caller
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
    said: LastSaid = NOTHING_SAID
    test: bool = False
    robot: bool = False
    callback: "Callback | None" = None
    sticky: str | None = None
    sticky_until: float = 0.0
    apart: bool = False
    timer: Timer | None = None

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


@dataclass(eq=False, slots=True)
class Callback:
    """A caller who is to be called back. Times are seconds since the epoch.

    due      the citizen is not dialled before
    to_dial  the citizen may be dialled now: in which order of the requirement the place stands
    dialled  the citizen is being dialled: who answers comes as a call that takes the place over
    seat     the agent on whom that counts; None: that agent has another call by now, or is not known
    kept_until  until when that agent, who is free, is kept for this citizen; None: has not come free yet. The timer
             ends it
    """

    place: Place
    due: float
    to_dial: bool = False
    dialled: bool = False
    seat: "Seat | None" = None
    kept_until: float | None = None
    timer: Timer | None = None


class InSequence(Protocol):
    """`sequence`: the order of arrival."""

    sequence: int


P = TypeVar("P", bound=InSequence)


def insert_in_sequence(places: dict[str, P], place_id: str, place: P) -> None:
    """Add the place that came before some of the others: the order of arrival stays. O(n)."""
    later = [each for each, other in places.items() if other.sequence > place.sequence]
    places[place_id] = place
    for each in later:
        places[each] = places.pop(each)


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
    timer: Timer | None = None


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


class Fit(NamedTuple):
    """How a skill set meets a requirement: by which step (0: the queue's own needs), with which sum of levels."""

    step: int
    levels: int


class Order:
    """Places in order. `head`: the first, or NOBODY.

    It is a plain list. Nearly always a newcomer is the last in it, and the one who goes is the first. Moving the
    pointers to 100,000 others takes no longer than the bookkeeping of a SortedList.
    """

    __slots__ = ("_order", "head")

    def __init__(self) -> None:
        self.head: Entry = NOBODY
        self._order: list[Any] = []  # of Entry

    def __len__(self) -> int:
        return len(self._order)

    def insert(self, place: Place) -> None:
        """O(log n) comparisons; nearly always only one, with the last."""
        order, entry = self._order, place.entry
        if order and entry < order[-1]:
            insort(order, entry)
        else:
            order.append(entry)
        self.head = order[0]

    def take_out(self, place: Place) -> None:
        """O(log n) comparisons; none for the first, the usual case."""
        order = self._order
        del order[0 if self.head[2] is place else bisect_left(order, place.entry)]
        self.head = order[0] if order else NOBODY

    def before(self, rank: float, sequence: int) -> int:
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


class Requirement(Order):
    """One line at one relaxing step, and the callers waiting at it, in order.

    alternatives  the queue's needs, then those of the steps that have come in
    begins, until  when it comes in, and when the next one does (inf: never), in seconds of waiting
    fits          the skill sets that meet an alternative, and the earliest one that each meets
    working       how many agents who meet it are at work
    shared        by line, this one included: how many of these agents could ever serve it
    to_dial       the places whose citizens may be dialled now
    resting       the places of other callbacks: the citizen is being dialled, or is not to be dialled yet; and those of
                  callers who wait for one agent only
    """

    __slots__ = ("alternatives", "begins", "fits", "resting", "shared", "to_dial", "until", "working")

    def __init__(self, alternatives: tuple[Needs, ...], begins: float, until: float) -> None:
        super().__init__()
        self.alternatives = tuple(dict(needs) for needs in alternatives)
        self.begins, self.until = begins, until
        self.fits: dict[SkillSet, Fit] = {}
        self.working = 0
        self.shared: dict[Line, int] = {}
        self.to_dial = Order()
        self.resting = Order()

    def add(self, place: Place) -> None:
        """From now on the caller waits here."""
        (self.resting if place.apart else self).insert(place)
        place.requirement = self
        place.queue.standing += 1

    def remove(self, place: Place) -> None:
        """The caller does not wait here any more."""
        (self.resting if place.apart else self).take_out(place)
        place.requirement = None
        place.queue.standing -= 1

    def callers(self) -> list[Place]:
        """All callers who wait here, those who wait for one agent only last."""
        return [*self.places(), *(entry[2] for entry in self.apart())]

    def apart(self) -> "Iterator[tuple[float, int, Place]]":
        """The callers who wait here for one agent only, in order, each with what it is ordered by."""
        return (entry for entry in self.resting.entries() if entry[2].callback is None)

    def add_callback(self, callback: Callback, *, to_dial: bool) -> None:
        """From now on the place of the callback stands here. `to_dial`: the citizen may be dialled."""
        callback.to_dial, callback.place.requirement = to_dial, self
        (self.to_dial if to_dial else self.resting).insert(callback.place)

    def remove_callback(self, callback: Callback) -> None:
        """The place of the callback does not stand here any more."""
        callback.place.requirement = None
        (self.to_dial if callback.to_dial else self.resting).take_out(callback.place)

    def ahead_of(self, rank: float, sequence: int) -> int:
        """How many places here, callbacks included, come before `rank` and `sequence`. O(log n)."""
        there = self.before(rank, sequence)
        if self.to_dial.head[2] is not None:
            there += self.to_dial.before(rank, sequence)
        if self.resting.head[2] is not None:
            there += self.resting.before(rank, sequence)
        return there


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
    robots      test calls that a robot agent answers: they wait, ring or talk
    callbacks   how many callers are to be called back; `dialled`: how many of them are being dialled
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
    robots: int = 0
    callbacks: int = 0
    dialled: int = 0
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
    def engaged(self) -> int:
        """How many of its callers talk with an agent, or are being offered to one; without robots' calls."""
        return self.talking + len(self.places) - self.standing - self.robots

    def heads(self) -> "list[Place]":
        """Of each requirement the caller who stands first, the one to be served next at the head. O(requirements)."""
        heads = (requirement.head[2] for line in self.lines.values() for requirement in line.requirements)
        return sorted((place for place in heads if place is not None), key=lambda place: (place.rank, place.sequence))

    @property
    def room(self) -> float:
        """How many more callers may be offered to agents now; inf: it has no limit."""
        limit = self.definition.limit
        return inf if limit is None else max(0, limit - self.engaged)

    @property
    def full(self) -> bool:
        """Whether no further caller may be offered to an agent, as the queue has a limit."""
        limit = self.definition.limit
        return limit is not None and self.engaged >= limit

    @property
    def handling_time(self) -> float:
        """Seconds that a call keeps an agent busy, on average."""
        return self.handling.mean(self.definition.wrap_up)

    @property
    def service_level(self) -> float | None:
        """Percent of the day's answered and abandoned calls that were answered in time; None: none yet."""
        calls = self.answered + self.abandoned
        return 100 * self.in_time / calls if calls else None


# --- agents --------------------------------------------------------------------------------------------------------


class Measure(StrEnum):
    """By what ready agents are ordered. Ties: idle longest, then the lower id."""

    IDLE = auto()  # idle since
    CALLS = auto()  # calls of the day
    TALK = auto()  # seconds of talk of the day
    ORDER = auto()  # place in agents.yaml


@dataclass(eq=False, slots=True)
class Absence:
    """The clock of an agent who is signed in and whose phone cannot be reached; the timer says when the agent is away.

    since  when it began to run, in epoch seconds; None: it stands still, as the agent can be reached or is away
    """

    seat: "Seat"
    since: float | None = None
    timer: Timer | None = None


_READY, _FREE = AgentState.READY, PhoneState.FREE  # Python 3.11: slow to look up

Rank = tuple[float, float, str, "Seat"]
"""Measure, idle since, id, and the agent."""


@dataclass(slots=True)
class Sent:
    """A call that another agent has sent to this one, or asks about: the engine has not offered it.

    began  since when the agent talks with the caller, in epoch seconds; before that it means nothing
    """

    call_id: str
    company: Company
    queue: str | None
    test: bool
    began: float


@dataclass(eq=False, slots=True)
class Seat:
    """An agent at work (坐席). Times are seconds since the epoch.

    order       place in agents.yaml
    reason_since  when the state, or the reason for it, last changed
    idle_since  when the agent last became ready; ready again after a ring without a call does not count
    test        the current or last call is a test call
    engaged_at  when the ring began that led to the current call or wrap-up
    missed      offers missed in a row, `failures` rings in a row that failed for another reason
    calls, talk, missed_today, wrapped  of the day: calls and seconds of talk with callers of queues, offers missed,
                seconds of wrap-up that are over
    coded       whether the current call has its wrap-up code
    paused_until  no offers until then, after such a failure; the timer ends it
    until       when the wrap-up ends
    next_state  the state chosen for after the current call
    absence     runs while the agent is signed in and the phone cannot be reached
    away        it has run out: the agent counts as signed out, whatever the state
    sent        a call that the engine has not offered: it may ring, or be taken up, beside another one
    by_sent     the current call, or the one that is wrapped up, came like that. It is not in the mean handling time
    edited      abilities that a supervisor has set and that differ from agents.yaml; None: those of agents.yaml count
    removed     no longer in agents.yaml: signed out after the current call; the skill set serves nobody
    ready_in_set  the agent is in the order of the skill set's ready agents
    robot       a robot agent: it is not among the floor's seats, serves one caller, and has no state of its own
    actor       the agent as the actor of Records
    """

    id: str
    order: int
    skill_set: "SkillSet"
    since: float
    state: AgentState = AgentState.LOGGED_OUT
    reason: str = ""
    phone: PhoneState = PhoneState.UNREACHABLE
    offer: Offer | None = None
    queue: LiveQueue | None = None
    call_id: str | None = None
    test: bool = False
    idle_since: float = 0.0
    reason_since: float = 0.0
    engaged_at: float = 0.0
    missed: int = 0
    failures: int = 0
    paused_until: float | None = None
    calls: int = 0
    talk: float = 0.0
    missed_today: int = 0
    wrapped: float = 0.0
    coded: Coded = Coded.NO
    until: float | None = None
    next_state: AgentState | None = None
    next_reason: str = ""
    away: bool = False
    sent: Sent | None = None
    by_sent: bool = False
    edited: Abilities | None = None
    removed: bool = False
    ready_in_set: bool = False
    robot: bool = False
    actor: Actor = field(init=False)
    absence: Absence = field(init=False)
    timer: Timer | None = None

    def __post_init__(self) -> None:
        self.actor = Actor.agent(self.id)
        self.absence = Absence(self)

    @property
    def counts_as(self) -> AgentState:
        """The state in which the agent is counted."""
        return AgentState.LOGGED_OUT if self.away else self.state

    @property
    def available(self) -> bool:
        """Whether a call may be offered to the agent now."""
        return (
            self.state is _READY
            and self.phone is _FREE
            and self.paused_until is None
            and self.offer is None
            and not self.removed
        )

    @property
    def free(self) -> bool:
        """Whether the agent may be rung now for a caller of a moment ago: the agent is available, or only wraps up."""
        return self.available or (self.state is AgentState.WRAP_UP and self.phone is _FREE and not self.removed)

    @property
    def answered(self) -> bool:
        """Whether the agent picked up the current offer."""
        return self.offer is not None and self.offer.answered

    def rank(self, measure: Measure) -> Rank:
        """The place in the order by `measure`; constant while the agent is ready."""
        match measure:
            case Measure.IDLE:
                first = self.idle_since
            case Measure.CALLS:
                first = self.calls
            case Measure.TALK:
                first = self.talk
            case Measure.ORDER:
                first = self.order
        return (first, self.idle_since, self.id, self)


def robot(now: float) -> Seat:
    """The seat of a new robot agent."""
    return Seat(ROBOT, -1, SkillSet(UNSKILLED, ()), now, robot=True)


class SkillSet:
    """The agents who have the same skills, levels and languages: how many are in which state, and who is ready.

    order   the same for the same skills and languages, so that a choice by chance can be repeated
    states  how many of them are there, by state; those who are away count as signed out
    away    how many are signed in, and away
    meets   the requirements that they fit; `lines` the lines that they fit when fully relaxed
    """

    __slots__ = ("_orders", "away", "languages", "lines", "meets", "order", "ready", "skills", "states")

    def __init__(self, agent: Agent, measures: Iterable[Measure]) -> None:
        self.skills = dict(agent.skills)
        self.languages = frozenset(agent.languages)
        self.order = (sorted(self.skills.items()), sorted(self.languages))
        self.meets: list[Requirement] = []
        self.lines: list[Line] = []
        self.states = dict.fromkeys(AgentState, 0)
        self.away = 0
        self.ready = 0
        self._orders: dict[Measure, list[Any]] = {measure: [] for measure in measures}  # of Rank

    @property
    def signed_in(self) -> bool:
        """Whether any of them is, and is there."""
        return any(self.states[state] for state in SIGNED_IN)

    @property
    def empty(self) -> bool:
        """Whether nobody has these skills any more."""
        return not any(self.states.values())

    @property
    def working(self) -> int:
        """How many are at work."""
        return sum(self.states[state] for state in WORKING)

    def fit(self, needs: dict[str, int]) -> int | None:
        """The sum of their levels in the needed skills; None: a needed level is not reached."""
        levels = 0
        for skill, least in needs.items():
            level = self.skills.get(skill, 0)
            if level < least:
                return None
            levels += level
        return levels

    def add(self, seat: Seat) -> None:
        """The agent is ready: into every order."""
        for measure, order in self._orders.items():
            insort(order, seat.rank(measure))
        seat.ready_in_set = True
        self.ready += 1

    def remove(self, seat: Seat) -> None:
        """The agent is not ready any more."""
        for measure, order in self._orders.items():
            del order[bisect_left(order, seat.rank(measure))]
        seat.ready_in_set = False
        self.ready -= 1

    def seats(self) -> list[Seat]:
        """The ready agents, by the first measure: all sets have the same one."""
        return [rank[3] for rank in next(iter(self._orders.values()))]

    def first(self, measure: Measure, but: Seat | None, after: float | None = None) -> Rank:
        """The first ready agent by `measure`, other than `but`; there has to be one.

        `after`: the first whose measure is greater than that, else the first of all.
        """
        order = self._orders[measure]
        index = 0 if after is None else bisect_left(order, (after, inf)) % len(order)
        rank: Rank = order[index]
        if rank[3] is but:
            rank = order[(index + 1) % len(order)]
        return rank

    def at(self, index: int) -> Seat:
        """The ready agent at `index` of `seats()`."""
        rank: Rank = next(iter(self._orders.values()))[index]
        return rank[3]
