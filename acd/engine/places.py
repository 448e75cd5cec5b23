"""The places of callers in queues, and the rings for these callers. An offer is a ring of one agent for one caller."""

from dataclasses import dataclass
from enum import Enum, auto
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from acd.engine.timers import Timer

if TYPE_CHECKING:  # a place knows its line, its queue and its agent, and these know their places
    from acd.engine.lines import Line, Requirement
    from acd.engine.queues import LiveQueue
    from acd.engine.seats import Seat

LONGEST_HEAD_START = 86_400.0
"""Seconds that a call may bring with it. So many put it before all calls of its class that bring fewer."""


class Stage(Enum):
    """Where the caller of a place is."""

    WAITING = auto()  # in the order of a requirement
    OFFERED = auto()  # an agent rings
    TALKING = auto()
    GONE = auto()  # out of the engine


class Told(NamedTuple):
    """What a waiting caller has been told last.

    position, wait  as announced (`wait` in seconds, rounded for speech); None: not told, or not true any more
    nobody          that nobody is there
    turn            when the queue's own messages were last begun from the first one, in whole seconds since the epoch;
                    None: not yet
    """

    position: int | None = None
    wait: float | None = None
    nobody: bool = False
    turn: int | None = None

    def and_then(
        self, at: float, position: int | None, wait: float | None, message: int | None, *, nobody: bool
    ) -> "Told":
        """The same after one more announcement, at `at`, of which None was left out."""
        begins = message is not None and (message == 0 or self.turn is None)
        turn = int(at) if begins else self.turn
        if nobody:
            return Told(nobody=True, turn=turn)
        if position is None and wait is None:
            return self._replace(turn=turn)
        return Told(self.position if position is None else position, self.wait if wait is None else wait, turn=turn)


UNTOLD = Told()
"""Of a caller who has been told nothing yet."""


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
    told       what the caller has been told: that is not said again
    test       a test call: the queue neither counts it nor learns from it
    robot      only a robot agent is rung for this caller, who so stands in no order: the timer says when
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
    told: Told = UNTOLD
    test: bool = False
    robot: bool = False
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
