"""What a Record says about a queue's measures. A *visit* is one stay of a call in one queue. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from acd.events import Left
from journal.records import Kind, Record


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
    """The end of the visit, if the Record is one; otherwise None."""
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
