"""Messages that callers have left, as their Records tell them."""

from typing import Any

from journal.actor import CALLER
from journal.records import Kind, Record


def begun(call: str, number: str, queue: str, at: float, **more: Any) -> list[Record]:
    """A call that begins at `at` (epoch seconds), in which a message is being recorded."""
    said = {"caller": number, "language": "zh", **more}
    return [
        Record(at, Kind.CALL_STARTED, call, data={"caller": number, "number": "12319", **more}, actor=CALLER),
        Record(at, Kind.MESSAGE_BEGUN, call, queue, data={**said, "limit_s": 120.0}, actor=CALLER),
    ]


def finished(call: str, at: float) -> Record:
    return Record(at, Kind.CALL_FINISHED, call, data={"by": "caller"}, actor=CALLER)


def left(call: str, number: str, queue: str, at: float, length: float = 20.0) -> list[Record]:
    """A message that is on the list from `at` on. Its sound has been looked at: the end of the call is left out."""
    said = {"caller": number, "language": "zh", "length_s": length}
    return [*begun(call, number, queue, at - length), Record(at, Kind.MESSAGE_LEFT, call, queue, data=said)]
