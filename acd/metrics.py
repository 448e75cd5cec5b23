"""Measures of queues as folds of Records. Pure: the same Records give the same numbers, whenever that is.

Definitions: a *visit* is one stay of a call in one queue. Service level is the share of visits answered within the
queue's threshold among those answered or abandoned, where a visit abandoned within `short_abandon` seconds counts as
neither: that caller gave the queue no chance. (app_queue divides by the answered alone, which looks better the more
callers give up.) Calls that the hotline sent elsewhere are in neither. ASA is the mean wait of the answered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from acd.events import Left
from acd.records import Kind, Record

SHORT_ABANDON = 5.0
"""Seconds, as most hotlines set it."""


class VisitOutcome(StrEnum):
    """How a visit ended."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"  # the caller hung up
    OVERFLOWED = "overflowed"  # an overflow rule sent the call on
    LEFT = "left"  # the call went elsewhere for another reason


@dataclass(frozen=True, slots=True)
class VisitEnd:
    """`waited_s`: seconds from entry to the end of the wait; `in_time`: answered within the queue's threshold."""

    queue: str
    outcome: VisitOutcome
    waited_s: float
    in_time: bool


def visit_end(record: Record) -> VisitEnd | None:
    """The end of a visit that this record tells of; None: it tells of none."""
    if record.queue is None:
        return None
    match record.kind:
        case Kind.CONNECTED:
            outcome = VisitOutcome.ANSWERED
        case Kind.LEFT_QUEUE:
            outcome = VisitOutcome.ABANDONED if record.data.get("why") == Left.HUNG_UP else VisitOutcome.LEFT
        case Kind.OVERFLOWED:
            outcome = VisitOutcome.OVERFLOWED
        case _:
            return None
    waited = float(record.data.get("waited_s", 0.0))
    return VisitEnd(record.queue, outcome, waited, bool(record.data.get("in_service_level", False)))


@dataclass(frozen=True, slots=True)
class QueueMeasures:
    """Counts of visits that ended, and sums of seconds. `abandoned` has the short ones in it."""

    answered: int = 0
    in_time: int = 0
    abandoned: int = 0
    short_abandoned: int = 0
    overflowed: int = 0
    left: int = 0
    answered_wait_s: float = 0.0
    longest_wait_s: float = 0.0

    @property
    def service_level(self) -> float | None:
        """Percent, 0 to 100; None: no visit that counts."""
        counted = self.answered + self.abandoned - self.short_abandoned
        return 100.0 * self.in_time / counted if counted else None

    @property
    def mean_wait_s(self) -> float | None:
        """ASA, the average speed of answer; None: nobody was answered."""
        return self.answered_wait_s / self.answered if self.answered else None


NONE = QueueMeasures()


def count(measures: QueueMeasures, end: VisitEnd, short_abandon: float = SHORT_ABANDON) -> QueueMeasures:
    """The measures after one more visit of that queue."""
    measures = replace(measures, longest_wait_s=max(measures.longest_wait_s, end.waited_s))
    match end.outcome:
        case VisitOutcome.ANSWERED:
            return replace(
                measures,
                answered=measures.answered + 1,
                in_time=measures.in_time + end.in_time,
                answered_wait_s=measures.answered_wait_s + end.waited_s,
            )
        case VisitOutcome.ABANDONED:
            return replace(
                measures,
                abandoned=measures.abandoned + 1,
                short_abandoned=measures.short_abandoned + (end.waited_s <= short_abandon),
            )
        case VisitOutcome.OVERFLOWED:
            return replace(measures, overflowed=measures.overflowed + 1)
        case VisitOutcome.LEFT:
            return replace(measures, left=measures.left + 1)


def measure(records: Iterable[Record], short_abandon: float = SHORT_ABANDON) -> Mapping[str, QueueMeasures]:
    """The measures of every queue that the Records tell of."""
    found: dict[str, QueueMeasures] = {}
    for record in records:
        end = visit_end(record)
        if end is not None:
            found[end.queue] = count(found.get(end.queue, NONE), end, short_abandon)
    return found
