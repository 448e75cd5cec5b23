"""Which Records end an entry, and how."""

from typing import Any

import pytest

from acd.last_hour import EntryOutcome, entry_end
from journal.records import Kind, Record


def record(kind: Kind, **data: Any) -> Record:
    return Record(100.0, kind, call="c1", queue="greening", data={"waited_s": 3.0, **data})


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        (record(Kind.CONNECTED, in_service_level=True), EntryOutcome.ANSWERED),
        (record(Kind.LEFT_QUEUE, why="hung-up"), EntryOutcome.ABANDONED),
        (record(Kind.LEFT_QUEUE, why="went-elsewhere"), EntryOutcome.LEFT),
        (record(Kind.OVERFLOWED, rule=0), EntryOutcome.OVERFLOWED),
        (record(Kind.MOVED, to={"queue": "general"}), EntryOutcome.LEFT),
    ],
)
def test_ends_of_entries(told: Record, outcome: EntryOutcome) -> None:
    assert entry_end(told) is outcome


def test_a_test_call_enters_no_queue() -> None:
    assert entry_end(record(Kind.CONNECTED, in_service_level=True, test=True)) is None


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.CONNECTED, Kind.LEFT_QUEUE, Kind.OVERFLOWED}))
def test_other_records_end_no_entry(kind: Kind) -> None:
    assert entry_end(record(kind)) is None


@pytest.mark.parametrize("to", [{"front": True}, {"agent": "1001"}])
def test_a_caller_who_is_moved_within_the_queue_stays_in_it(to: dict[str, Any]) -> None:
    assert entry_end(record(Kind.MOVED, to=to)) is None
