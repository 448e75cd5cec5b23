"""Calls in which a citizen spoke with nobody, as their Records tell them."""

from acd.events import Left
from calls.model import Full
from journal.actor import CALLER
from journal.records import Kind, Record


def tried(call: str, number: str, queue: str | None, at: float, waited: float = 30.0) -> list[Record]:
    """A call that begins at `at` (epoch seconds), waits in the queue for `waited` seconds, and is given up. None: it is
    refused at once, as there are too many calls.
    """
    began = Record(at, Kind.CALL_STARTED, call, data={"caller": number, "number": "12319"}, actor=CALLER)
    if queue is None:
        return [began, Record(at, Kind.CALL_FINISHED, call, data={"by": "system", "cause": Full.CALLS})]
    return [
        began,
        Record(at, Kind.QUEUED, call, queue, data={"language": "zh", "head_start": 0.0}),
        Record(at + waited, Kind.LEFT_QUEUE, call, queue, data={"why": Left.HUNG_UP, "waited_s": waited}),
        Record(at + waited, Kind.CALL_FINISHED, call, data={"by": "caller"}, actor=CALLER),
    ]
