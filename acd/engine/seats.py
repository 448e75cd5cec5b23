"""The agents: what each does, and who of those with the same skills is ready.

A skill set has one order of ready agents for each measure.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum, auto
from math import inf
from typing import Any

from acd.coded import Coded
from acd.engine.lines import Line, Requirement
from acd.engine.places import Offer
from acd.engine.queues import LiveQueue
from acd.engine.timers import Timer
from acd.events import Company
from agents.model import ROBOT, Abilities, Agent
from agents.states import SIGNED_IN, WORKING, AgentState, PhoneState
from journal.actor import Actor

UNSKILLED = Agent(id="00", name="-", skills={})
"""For an agent who is no longer in agents.yaml but still has a call, and for a robot agent: both serve nobody else."""


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
    timer: "Timer | None" = None


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
    timer: "Timer | None" = None

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
