"""Records that stories of calls are made of."""

from typing import Any

from calls.model import CallSummary, fold
from journal.records import Kind, Record

STARTED = {"caller": "13800000000", "number": "12319", "language": "zh"}


def record(at: float, kind: Kind, call: str = "c1", **fields: Any) -> Record:
    own = {name: fields.pop(name) for name in ("queue", "agent", "offer") if name in fields}
    return Record(at, kind, call=call, data=fields, **own)


def summary(*story: Record) -> CallSummary:
    told = None
    for step in story:
        told = fold(told, step)
    assert told is not None
    return told


START = record(100, Kind.CALL_STARTED, **STARTED)
QUEUED = record(110, Kind.QUEUED, queue="greening", language="zh")
OFFERED = record(111, Kind.OFFERED, queue="greening", agent="1001", offer="o1")
CONNECTED = record(115, Kind.CONNECTED, queue="greening", agent="1001", offer="o1", waited_s=5.0)
