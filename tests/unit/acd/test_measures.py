"""Which Records end a visit, and how."""

from typing import Any

import pytest

from acd.measures import VisitEnd, VisitOutcome, visit_end
from journal.records import Kind, Record


def record(kind: Kind, queue: str | None = "greening", **data: Any) -> Record:
    return Record(100.0, kind, call="c1", queue=queue, data=data)


def answered(waited_s: float, in_time: bool) -> Record:
    return record(Kind.CONNECTED, waited_s=waited_s, in_service_level=in_time)


def abandoned(waited_s: float) -> Record:
    return record(Kind.LEFT_QUEUE, why="hung-up", waited_s=waited_s)


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        (answered(3.0, True), VisitOutcome.ANSWERED),
        (abandoned(3.0), VisitOutcome.ABANDONED),
        (record(Kind.LEFT_QUEUE, why="went-elsewhere", waited_s=3.0), VisitOutcome.LEFT),
        (record(Kind.OVERFLOWED, rule=0, waited_s=3.0), VisitOutcome.OVERFLOWED),
    ],
)
def test_ends_of_visits(told: Record, outcome: VisitOutcome) -> None:
    assert visit_end(told) == VisitEnd("greening", outcome, 3.0, outcome is VisitOutcome.ANSWERED)


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.CONNECTED, Kind.LEFT_QUEUE, Kind.OVERFLOWED}))
def test_other_records_end_no_visit(kind: Kind) -> None:
    assert visit_end(record(kind)) is None
