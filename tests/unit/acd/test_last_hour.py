"""How many callers waited, minute by minute: what Records tell, and what a restart knows of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.last_hour import MINUTES, LastHour
from acd.recovery.state import UnreadableSnapshot
from journal.records import Kind, Record

NOON = 1_700_000_040.0
"""The begin of a minute."""


def record(at: float, kind: Kind, call: str = "c1", queue: str = "gas", **data: Any) -> Record:
    return Record(at, kind, call, queue, data=data)


def queued(at: float, call: str = "c1", queue: str = "gas") -> Record:
    return record(at, Kind.QUEUED, call, queue)


def hour(*records: Record) -> LastHour:
    """Counting since long before noon."""
    made = LastHour(NOON - 7_200)
    for each in records:
        made.note(each)
    return made


def last(made: LastHour, minutes: int, minute: int, queue: str = "gas") -> list[int | None]:
    """The last `minutes` that are over in that minute after noon."""
    return list(made.view(queue, NOON + 60 * minute + 1).waiting[-minutes:])


def test_a_minute_has_the_most_who_waited_at_once() -> None:
    made = hour(queued(NOON + 1, "a"), queued(NOON + 2, "b"), record(NOON + 3, Kind.CONNECTED, "a"))
    made.note(queued(NOON + 4, "c"))
    assert last(made, 3, 1) == [0, 0, 2]


def test_a_caller_who_waits_counts_in_every_minute_and_one_who_is_gone_in_none() -> None:
    made = hour(queued(NOON), queued(NOON + 70, "b"), record(NOON + 190, Kind.LEFT_QUEUE, "b", why="hung-up"))
    assert last(made, 6, 6) == [1, 2, 2, 2, 1, 1]
    assert made.view("gas", NOON + 365).until == NOON + 360
    assert last(made, 2, 500) == [1, 1]
    made.note(record(NOON + 60 * 500 + 2, Kind.CALL_FINISHED))
    assert last(made, 2, 502) == [1, 0]


@pytest.mark.parametrize(
    ("left", "waits"),
    [
        (record(NOON + 1, Kind.OVERFLOWED, rule=0), False),
        (record(NOON + 1, Kind.MOVED, to={"queue": "water"}), False),
        (record(NOON + 1, Kind.MOVED, to={"front": True}), True),
        (record(NOON + 1, Kind.MOVED, to={"agent": "1001"}), True),
        (record(NOON + 1, Kind.OFFERED), True),
        (record(NOON + 1, Kind.LEFT_QUEUE, "other", why="hung-up"), True),
    ],
)
def test_what_ends_a_wait(left: Record, *, waits: bool) -> None:
    assert last(hour(queued(NOON), left), 1, 2) == [int(waits)]


def test_a_caller_who_comes_into_another_queue_waits_there_only() -> None:
    made = hour(queued(NOON), queued(NOON + 61, queue="water"))
    assert (last(made, 3, 3), last(made, 3, 3, "water")) == ([1, 1, 0], [0, 1, 1])


def test_before_counting_began_nothing_is_known() -> None:
    made = LastHour(NOON)
    assert set(made.view("gas", NOON).waiting) == {None}
    made.note(queued(NOON + 65))
    assert made.view("gas", NOON + 125).waiting == (*[None] * 58, 0, 1)
    assert made.view("water", NOON + 125).waiting == (*[None] * 58, 0, 0)
    assert len(made.view("gas", NOON + 9_000).waiting) == MINUTES


def test_a_record_that_is_late_counts_now() -> None:
    made = hour(queued(NOON + 120), record(NOON + 30, Kind.LEFT_QUEUE, why="hung-up"), queued(NOON + 10, "b"))
    assert last(made, 3, 3) == [0, 0, 1]


def test_a_queue_that_is_gone_is_forgotten_by_the_first_reload_after_an_hour() -> None:
    made = hour(queued(NOON), record(NOON + 1, Kind.CONNECTED), queued(NOON, "b", "water"))
    made.note(Record(NOON + 3_600, Kind.HOTLINE_CHANGED))
    assert made.kept()["lines"].keys() == {"gas", "water"}
    made.note(Record(NOON + 3_700, Kind.HOTLINE_CHANGED))
    assert made.kept()["lines"].keys() == {"water"}


def restored(made: LastHour, *since: Record, waiting: dict[str, str], now: float) -> LastHour:
    return LastHour.restored(json.loads(json.dumps(made.kept())), since, waiting, now)


def test_a_restart_goes_on() -> None:
    before = hour(queued(NOON, "a"), queued(NOON + 61, "b"))
    since = (queued(NOON + 62, "c"), record(NOON + 121, Kind.CONNECTED, "a"))
    after = restored(before, *since, waiting={"b": "gas", "c": "gas"}, now=NOON + 300)
    assert last(after, 6, 6) == [1, 3, 3, 2, 2, 2]


def test_after_a_restart_those_wait_whom_the_engine_knows() -> None:
    before = hour(queued(NOON, "a"), queued(NOON, "b", "water"))
    after = restored(before, waiting={"b": "gas", "c": "gas"}, now=NOON + 120)
    assert (last(after, 4, 4), last(after, 4, 4, "water")) == ([1, 1, 2, 2], [1, 1, 1, 0])


def test_a_snapshot_of_before_begins_to_count_now() -> None:
    after = LastHour.restored(None, [queued(NOON)], {"a": "gas"}, NOON + 60)
    assert last(after, 3, 2) == [None, None, 1]


@pytest.mark.parametrize("kept", [{"began": "noon"}, {"lines": []}, {}, []])
def test_what_cannot_be_read_says_so(kept: Any) -> None:
    with pytest.raises(UnreadableSnapshot, match="the last hour cannot be read"):
        LastHour.restored(kept, (), {}, NOON)


@given(st.lists(st.tuples(st.integers(0, 200), st.sampled_from("abc"), st.sampled_from(["", "gas", "water"]))))
def test_it_is_what_a_look_at_every_moment_would_have_found(steps: list[tuple[int, str, str]]) -> None:
    """A queue of "" stands for leaving. Seconds add up."""
    made, at, where, most = hour(), NOON, dict[str, str](), dict[int, int]()
    for seconds, call, queue in steps:
        before = sum(name == "gas" for name in where.values())
        for minute in range(int((at - NOON) // 60), int((at + seconds - NOON) // 60) + 1):
            most[minute] = max(most.get(minute, 0), before)
        at += seconds
        if queue:
            where[call] = queue
            made.note(queued(at, call, queue))
        else:
            where.pop(call, None)
            made.note(record(at, Kind.CONNECTED, call))
        minute = int((at - NOON) // 60)
        most[minute] = max(most.get(minute, 0), sum(name == "gas" for name in where.values()))
    over = [most.get(minute, 0) for minute in range(int((at - NOON) // 60))][-MINUTES:]
    seen = made.view("gas", at).waiting
    assert list(seen[MINUTES - len(over) :]) == over
