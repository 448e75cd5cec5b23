"""Measures as folds of Records."""

from typing import Any

import pytest

from acd.metrics import NONE, QueueMeasures, VisitEnd, VisitOutcome, measure, visit_end
from acd.records import Kind, Record


def record(kind: Kind, queue: str | None = "greening", **data: Any) -> Record:
    return Record(100.0, kind, call="c1", queue=queue, data=data)


def answered(waited_s: float, in_time: bool, queue: str = "greening") -> Record:
    return record(Kind.CONNECTED, queue, waited_s=waited_s, in_service_level=in_time)


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


@pytest.mark.parametrize("kind", set(Kind) - {Kind.CONNECTED, Kind.LEFT_QUEUE, Kind.OVERFLOWED})
def test_other_records_end_no_visit(kind: Kind) -> None:
    assert visit_end(record(kind)) is None


def test_service_level_leaves_short_abandons_out() -> None:
    story = [answered(5, True), answered(14, True), answered(15, True), answered(40, False)]
    story += [abandoned(5.0), abandoned(5.1), record(Kind.OVERFLOWED, rule=0, waited_s=300)]
    measures = measure(story)["greening"]
    # 3 in time of 4 answered and 1 abandoned; the one abandoned after 5 s and the overflowed one are left out
    assert measures.service_level == pytest.approx(60.0)
    assert measure(story, short_abandon=0)["greening"].service_level == pytest.approx(50.0)
    assert measure(story, short_abandon=60)["greening"].service_level == pytest.approx(75.0)


def test_waits() -> None:
    measures = measure([answered(10, True), answered(20, False), abandoned(99)])["greening"]
    assert measures.mean_wait_s == pytest.approx(15.0)
    assert measures.longest_wait_s == 99


def test_nothing_has_no_service_level_and_no_mean() -> None:
    assert (NONE.service_level, NONE.mean_wait_s) == (None, None)
    assert measure([abandoned(2.0)])["greening"].service_level is None
    assert measure([]) == {}


def test_queues_are_apart_and_all_outcomes_counted() -> None:
    story = [answered(1, True), answered(2, True, "water"), abandoned(1), abandoned(9)]
    story += [record(Kind.OVERFLOWED, waited_s=3), record(Kind.LEFT_QUEUE, why="went-elsewhere", waited_s=4)]
    assert measure(story) == {
        "greening": QueueMeasures(1, 1, 2, 1, 1, 1, answered_wait_s=1.0, longest_wait_s=9.0),
        "water": QueueMeasures(1, 1, answered_wait_s=2.0, longest_wait_s=2.0),
    }
