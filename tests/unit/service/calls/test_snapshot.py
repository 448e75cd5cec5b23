"""What the next service knows of before: the snapshot and the Records since, whatever of them can be read."""

import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from acd.engine.step import Engine
from acd.events import CallQueued
from calls.book import CallBook
from calls.model import CallState
from journal.records import Kind, Record
from service.calls import snapshot
from service.calls.snapshot import recollect
from tests.unit.service.calling import START
from tests.unit.service.small import hotline

CALL = "18bcfe56800-0011aabb"


class _Archive:
    """Nothing is asked of it."""


def started(at: float, call: str = CALL) -> Record:
    return Record(at, Kind.CALL_STARTED, call, data={"caller": "138", "number": "12319", "language": "en"})


def taken(*records: Record, at: float = START) -> dict[str, Any]:
    """A snapshot after these, as JSON gives it back."""
    book = CallBook(_Archive())  # type: ignore[arg-type]
    for record in records:
        book.note(record)
    engine = Engine(hotline().queues, hotline().agents, seed=1, now=at)
    plain: dict[str, Any] = json.loads(json.dumps(snapshot.take(engine, book)))
    return plain


def test_nothing_is_known_of_nothing() -> None:
    known = recollect(None, ())
    assert (known.engine, known.calls, known.last_at) == (None, [], 0.0)


def test_calls_are_those_of_the_snapshot_folded_on() -> None:
    second = "18bcfe56800-0022aabb"
    before = taken(started(1), started(2, second))
    queued = Record(3, Kind.QUEUED, CALL, "trees", data={"language": "en"})
    known = recollect(before, [queued, Record(4, Kind.CALL_FINISHED, second, data={"by": "caller"})])
    (call,) = known.calls
    assert (call.id, call.state, call.queue, call.caller, call.started) == (CALL, CallState.WAITING, "trees", "138", 1)
    assert known.engine is not None
    assert known.last_at == START, "of the engine's state, the newest there is"
    assert recollect(before, [started(START + 9)]).last_at == START + 9


def test_a_call_that_has_ended_is_not_taken_up_again_for_what_came_late() -> None:
    before = taken(started(1), Record(2, Kind.CALL_FINISHED, CALL, data={"by": "caller"}))
    late = Record(3, Kind.LEFT_QUEUE, CALL, "trees", data={"why": "hung-up"})
    assert recollect(before, [late]).calls == []
    assert [call.id for call in recollect(before, [late, started(4)]).calls] == [CALL], "he is back after all"


@pytest.mark.parametrize("calls", [[{"id": 1}], "none", [{"id": "x", "started": 1, "state": "dancing"}], None])
def test_calls_that_cannot_be_read_are_none_and_nor_is_the_engine(calls: object) -> None:
    before = taken() | {"calls": calls}
    with capture_logs() as logs:
        known = recollect(before, [started(START + 1)])
    assert known.engine is None
    assert [call.id for call in known.calls] == [CALL], "its Records are there all the same"
    assert [entry["event"] for entry in logs] == ["snapshot-unreadable"]


def test_the_engine_goes_on_from_it() -> None:
    engine = Engine(hotline().queues, hotline().agents, seed=1, now=START)
    engine.step(CallQueued(CALL, "trees", "en"), START)
    plain = json.loads(json.dumps(snapshot.take(engine, CallBook(_Archive()))))  # type: ignore[arg-type]
    known = recollect(plain, ())
    again = Engine.restored(hotline().queues, hotline().agents, known.engine, known.records, seed=2, now=START)
    assert again.position(CALL) == 1
