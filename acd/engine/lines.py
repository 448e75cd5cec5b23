"""The lines of a queue, one a language, and the order in which callers wait in each.

A requirement is a line at one relaxing step. It has one ranked order of places.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from acd.engine.places import NOBODY, Entry, Place
from acd.engine.timers import Timer
from acd.model import Needs

if TYPE_CHECKING:  # a line knows its queue and the skill sets that fit it, and these know their lines
    from acd.engine.queues import LiveQueue
    from acd.engine.seats import SkillSet


class Fit(NamedTuple):
    """How a skill set meets a requirement: by which step (0: the queue's own needs), with which sum of levels."""

    step: int
    levels: int


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
