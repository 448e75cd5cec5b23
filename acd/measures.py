"""What a Record says about a queue's measures. A *visit* is one stay of a citizen's call in one queue. Pure."""

from enum import StrEnum

from acd.events import ABANDONED
from journal.records import Kind, Record


class VisitOutcome(StrEnum):
    """How a visit ended."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"  # the caller hung up, or the caller's phone is gone
    OVERFLOWED = "overflowed"  # an overflow rule sent the call on
    LEFT = "left"  # the call went elsewhere for another reason


def visit_end(record: Record) -> VisitOutcome | None:
    """How the visit ended, if the Record is its end; otherwise None, also for every Record of a test call."""
    if record.test:
        return None
    match record.kind:
        case Kind.CONNECTED:
            return VisitOutcome.ANSWERED
        case Kind.LEFT_QUEUE:
            return VisitOutcome.ABANDONED if record.data.get("why") in ABANDONED else VisitOutcome.LEFT
        case Kind.MOVED if "queue" in record.data.get("to", ()):
            return VisitOutcome.LEFT
        case Kind.OVERFLOWED:
            return VisitOutcome.OVERFLOWED
        case _:
            return None
