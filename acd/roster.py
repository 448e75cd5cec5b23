"""Agents at work, and those of them who are ready, ordered within each skill set."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from sortedcontainers import SortedList

from agents.model import Agent
from agents.states import AgentState, PhoneState

if TYPE_CHECKING:
    from acd.offers import Offer
    from acd.waiting import Line, LiveQueue, Requirement


class Measure(Enum):
    """By what ready agents are ordered. Ties: idle longest, then the lower id."""

    IDLE = auto()  # idle since
    CALLS = auto()  # calls of the day
    TALK = auto()  # seconds of talk of the day
    ORDER = auto()  # place in agents.yaml


WORKING = frozenset({AgentState.READY, AgentState.RINGING, AgentState.ON_CALL, AgentState.WRAP_UP})
"""States of agents who serve callers now or will as soon as they are through."""

Rank = tuple[float, float, str, "Seat"]
"""Measure, idle since, id, and who it is."""


@dataclass(eq=False, slots=True)
class Seat:
    """An agent at work (坐席). Times are seconds since the epoch.

    order       his place in agents.yaml
    idle_since  when he last came to be ready from anything but a ring that came to nothing
    engaged_at  when the ring began that led to the call he has or wraps up
    missed      offers missed in a row, `failures` rings in a row that failed for another reason
    paused_until  he is left alone until then after such a failure; the timer ends it
    until       when his wrap-up ends
    next_state  what he chose to be after the call he has
    removed     no longer in agents.yaml: signed out as soon as he is through; he is in no skill set that serves
    ready_in_set  he is in the order of his skill set's ready agents
    """

    id: str
    order: int
    skill_set: "SkillSet"
    since: float
    state: AgentState = AgentState.LOGGED_OUT
    reason: str = ""
    phone: PhoneState = PhoneState.UNREACHABLE
    offer: "Offer | None" = None
    queue: "LiveQueue | None" = None
    call_id: str | None = None
    idle_since: float = 0.0
    engaged_at: float = 0.0
    missed: int = 0
    failures: int = 0
    paused_until: float | None = None
    calls: int = 0
    talk: float = 0.0
    until: float | None = None
    next_state: AgentState | None = None
    next_reason: str = ""
    removed: bool = False
    ready_in_set: bool = False

    @property
    def available(self) -> bool:
        """Whether a call may be offered to him now."""
        return (
            self.state is AgentState.READY
            and self.phone is PhoneState.FREE
            and self.paused_until is None
            and self.offer is None
            and not self.removed
        )

    @property
    def answered(self) -> bool:
        """Whether he picked up what rings for him."""
        return self.offer is not None and self.offer.answered

    def rank(self, measure: Measure) -> Rank:
        """His place in the order by `measure`; constant while he is ready."""
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


class SkillSet:
    """The agents who have the same skills, levels and languages: how many are in which state, and who is ready.

    number  in the order in which they were made
    meets  the requirements that they fit; `lines` those that they would fit when fully relaxed
    """

    __slots__ = ("_orders", "languages", "lines", "meets", "number", "ready", "skills", "states")

    def __init__(self, number: int, agent: Agent, measures: Iterable[Measure]) -> None:
        self.number = number
        self.skills = dict(agent.skills)
        self.languages = frozenset(agent.languages)
        self.meets: list[Requirement] = []
        self.lines: list[Line] = []
        self.states = dict.fromkeys(AgentState, 0)
        self.ready = 0
        self._orders: dict[Measure, SortedList] = {measure: SortedList() for measure in measures}

    @property
    def signed_in(self) -> bool:
        """Whether anybody of them is."""
        return self.working > 0 or self.states[AgentState.NOT_READY] > 0

    @property
    def working(self) -> int:
        """How many serve callers."""
        return sum(self.states[state] for state in WORKING)

    def fit(self, needs: dict[str, int]) -> int | None:
        """The sum of their levels in the needed skills, or None where they do not reach a needed level."""
        levels = 0
        for skill, least in needs.items():
            level = self.skills.get(skill, 0)
            if level < least:
                return None
            levels += level
        return levels

    def add(self, seat: Seat) -> None:
        """He is ready: into every order."""
        for measure, order in self._orders.items():
            order.add(seat.rank(measure))
        seat.ready_in_set = True
        self.ready += 1

    def remove(self, seat: Seat) -> None:
        """He is not ready any more."""
        for measure, order in self._orders.items():
            order.remove(seat.rank(measure))
        seat.ready_in_set = False
        self.ready -= 1

    def seats(self) -> list[Seat]:
        """The ready ones, in the order that all sets keep."""
        return [rank[3] for rank in next(iter(self._orders.values()))]

    def first(self, measure: Measure, but: Seat | None, after: float | None = None) -> Rank:
        """The first of the ready by `measure`, `but` one; there is another one.

        `after`: the first whose measure is greater than that, else the first of all.
        """
        order = self._orders[measure]
        index = 0 if after is None else order.bisect_left((after, float("inf"))) % len(order)
        rank: Rank = order[index]
        if rank[3] is but:
            rank = order[(index + 1) % len(order)]
        return rank

    def at(self, index: int) -> Seat:
        """The ready one at `index` in the order that all sets keep."""
        rank: Rank = next(iter(self._orders.values()))[index]
        return rank[3]
