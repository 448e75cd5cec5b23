"""The queues in use, and those that were taken out and still have callers: their lines, their counts, ranks in them."""

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Any

from acd.engine.averages import HandlingTime, Staying
from acd.engine.lines import Line
from acd.engine.places import LONGEST_HEAD_START, Place
from acd.model import Needs, Queue

if TYPE_CHECKING:  # a queue knows the skill sets that serve it, and these know their lines
    from acd.engine.seats import SkillSet

CLASS_APART = 1e9
"""Seconds between the ranks of two priority classes: more than any wait and head start together.

Small enough that double precision tells microseconds apart in a rank. Equal ranks go by the order of arrival.
"""

NOBODY_FITS: Needs = {"": 5}
"""The needs of a removed queue: no agent has a skill without a name."""

SHORT_ABANDON = 5.0
"""Seconds: a caller who hangs up sooner is left out of the service level."""


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
