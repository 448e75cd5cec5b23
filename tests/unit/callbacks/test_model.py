"""The list of callbacks is what Records say, before and after a restart."""

from typing import Any

import pytest

from acd.engine.callbacks import MOST
from acd.events import Left
from acd.recovery.state import UnreadableSnapshot
from callbacks.model import Callback, Callbacks, Promises, State, Why
from journal.actor import Actor
from journal.records import Kind, Record

AT = 1_700_000_040.0
AGENT = Actor.agent("1001")
NUMBER, OTHER = "13800138000", "13900139000"


def record(kind: Kind, call: str, at: float = AT, queue: str = "greening", **data: Any) -> Record:
    return Record(at, kind, call, queue, data=data)


def promised(callback: str, number: str = NUMBER, at: float = AT, since: float = AT - 60, **data: Any) -> Record:
    """The caller of the call "c-…" is to be called back."""
    data = {"callback": callback, "number": number, "language": "zh", "since": since, "expected_s": 600.0, **data}
    return record(Kind.CALLBACK_PROMISED, f"c-{callback}", at, **data)


def postponed(callback: str, why: str, until: float = AT + 900) -> Record:
    return record(Kind.CALLBACK_POSTPONED, callback, until=until, why=why)


def listed(*records: Record) -> Callbacks:
    made = Callbacks()
    made.restore(None, records)
    return made


def only(callbacks: Callbacks) -> Callback:
    (one,) = callbacks.list()
    return one


def test_what_was_promised_is_on_the_list_and_who_has_waited_longest_comes_first() -> None:
    made = listed(promised("b1"), promised("b2", OTHER, since=AT - 90))
    assert [one.id for one in made.list()] == ["b2", "b1"]
    one = made.find("b1")
    assert one == Callback("b1", "c-b1", NUMBER, "greening", "zh", AT - 60, AT, 600.0, next=AT, opens=AT + 600)
    assert not one.kept
    assert made.counts() == {"greening": 2}


@pytest.mark.parametrize(
    ("expected", "interval"),
    [
        (None, None),
        (0.0, (0.0, 600.0)),
        (60.0, (0.0, 600.0)),
        (600.0, (0.0, 1200.0)),
        (1500.0, (600.0, 3000.0)),
    ],
)
def test_the_interval_is_wide_and_begins_and_ends_at_whole_ten_minutes(
    expected: float | None, interval: tuple[float, float] | None
) -> None:
    ten = AT // 600 * 600
    one = only(listed(promised("b1", expected_s=expected)))
    assert one.interval == (None if interval is None else (ten + interval[0], ten + interval[1]))


def test_attempts_are_counted_with_the_reason_of_the_last_one() -> None:
    made = listed(promised("b1"), record(Kind.CALLBACK_DIALLED, "b1"))
    assert (only(made).state, only(made).attempts, only(made).why) == (State.DIALLING, 1, None)
    made.note(postponed("b1", "no-answer"))
    one = only(made)
    assert (one.state, one.attempts, one.why, one.next) == (State.POSTPONED, 1, Why.NO_ANSWER, AT + 900)
    made.note(record(Kind.CALLBACK_DIALLED, "b1"))
    assert (one.state, one.attempts) == (State.DIALLING, 2)


def test_attempts_are_counted_by_what_came_of_them() -> None:
    made = listed(promised("b1"))
    for why in ("busy", "no-answer", "busy", "hours", "lost"):
        made.note(record(Kind.CALLBACK_DIALLED, "b1"))
        made.note(postponed("b1", why))
    assert (only(made).attempts, only(made).causes) == (3, {"busy": 2, "no-answer": 1})


def test_who_has_taken_it_and_until_when() -> None:
    made = listed(promised("b1"))
    before = made.changes
    made.note(Record(AT, Kind.CALLBACK_TAKEN, "b1", "greening", data={"until": AT + 60.0}, actor=AGENT))
    one = only(made)
    assert (one.holder(AT), one.holder(AT + 60), one.next) == ("agent:1001", "", AT)
    made.note(Record(AT, Kind.CALLBACK_RETURNED, "b1", "greening", data={"until": None}, actor=AGENT))
    assert (one.holder(AT), made.changes) == ("", before + 2)


def test_an_agent_who_has_talked_in_time_has_kept_the_promise() -> None:
    made = listed(promised("b1"), record(Kind.LEFT_QUEUE, "b1", why=Left.TALKED))
    assert made.today(AT) == {"greening": Promises(ended=1, kept=1)}


@pytest.mark.parametrize(("expected", "lasts"), [(600.0, 600.0), (None, 3_600.0)])
def test_a_call_that_is_expected_at_a_closed_hour_is_promised_for_the_opening(
    expected: float | None, lasts: float
) -> None:
    opens = AT // 600 * 600 + 43_200
    made = Callbacks(opens=lambda queue, at: max(at, opens))
    made.note(promised("b1", expected_s=expected))
    assert only(made).interval == (opens, opens + lasts + 600)
    again = Callbacks()
    again.restore(made.kept(), ())
    assert only(again).interval == only(made).interval


def test_a_citizen_who_may_not_be_called_at_this_hour_was_not_dialled() -> None:
    made = listed(promised("b1"), record(Kind.CALLBACK_DIALLED, "b1"), postponed("b1", "hours"))
    assert (only(made).attempts, only(made).why) == (0, Why.HOURS)


@pytest.mark.parametrize(
    "end",
    [
        record(Kind.CALLBACK_ANSWERED, "c9", callback="b1", position=1),
        record(Kind.LEFT_QUEUE, "b1", why=Left.CANCELLED, waited_s=90.0),
        record(Kind.LEFT_QUEUE, "b1", why=Left.NOT_REACHED, waited_s=90.0),
        record(Kind.LEFT_QUEUE, "b1", why=Left.TALKED, waited_s=90.0),
        record(Kind.OVERFLOWED, "b1", rule=None, condition="queue-removed", limit=None, waited_s=90.0),
    ],
)
def test_a_callback_ends(end: Record) -> None:
    made = listed(promised("b1"), promised("b2", OTHER))
    before = made.changes
    made.note(end)
    assert [one.id for one in made.list()] == ["b2"]
    assert made.changes == before + 1
    assert (made.find("b1"), list(made.of_number(NUMBER))) == (None, [])


def test_what_others_do_changes_nothing() -> None:
    made = listed(promised("b1"))
    before = made.changes
    made.note(record(Kind.LEFT_QUEUE, "c9", why=Left.HUNG_UP))
    made.note(record(Kind.CALLBACK_ANSWERED, "c9", callback="b9"))
    made.note(record(Kind.CALLBACK_DIALLED, "b9"))
    made.note(record(Kind.OFFERED, "b1"))
    made.note(Record(AT, Kind.AGENT_STATE, agent="1001", data={"state": "ready"}))
    assert (made.changes, [one.id for one in made.list()]) == (before, ["b1"])


def test_a_number_is_found_however_it_is_written() -> None:
    made = listed(promised("b1"), promised("b2", "+013800138000"), promised("b3", OTHER))
    assert list(made.of_number("138-0013-8000")) == ["b1", "b2"]
    made.note(record(Kind.LEFT_QUEUE, "b1", why=Left.CANCELLED))
    assert list(made.of_number(NUMBER)) == ["b2"]


def test_a_restart_changes_nothing() -> None:
    records = [
        promised("b1"),
        promised("b2", OTHER, since=AT - 90, expected_s=None),
        record(Kind.CALLBACK_DIALLED, "b1"),
        postponed("b1", "busy"),
        promised("b3", OTHER),
        record(Kind.CALLBACK_ANSWERED, "c9", callback="b2"),
        record(Kind.CALLBACK_DIALLED, "b1"),
        Record(AT, Kind.CALLBACK_TAKEN, "b3", "greening", data={"until": AT + 60.0, "due": AT + 60.0}, actor=AGENT),
        Record(AT, Kind.CALLBACK_RETURNED, "b3", "greening", data={"until": None, "due": AT}, actor=AGENT),
    ]
    whole = listed(*records)
    for cut in range(len(records) + 1):
        again = Callbacks()
        again.restore(listed(*records[:cut]).kept(), records[cut:])
        assert again.kept() == whole.kept(), f"after {cut} Records"
        assert list(again.of_number(OTHER)) == ["b3"]
        assert again.today(AT) == {"greening": Promises(1, 0)}


UNTIL = 1_700_001_000.0
"""The end of the time that is promised by `promised`."""


def answered(at: float) -> Record:
    return record(Kind.CALLBACK_ANSWERED, "c9", at, callback="b1")


@pytest.mark.parametrize(
    ("expected", "dialled", "kept"),
    [(600.0, UNTIL, 1), (600.0, UNTIL + 1, 0), (None, UNTIL + 9_000, 1), (600.0, None, 0)],
)
def test_a_promise_is_kept_if_the_citizen_is_dialled_in_its_time(
    expected: float | None, dialled: float | None, kept: int
) -> None:
    made = listed(promised("b1", expected_s=expected))
    if dialled is not None:
        made.note(record(Kind.CALLBACK_DIALLED, "b1", dialled))
        made.note(postponed("b1", "busy"))
        made.note(record(Kind.CALLBACK_DIALLED, "b1", dialled + 900))
    assert made.today(AT) == {}
    made.note(record(Kind.LEFT_QUEUE, "b1", AT + 20_000, why=Left.NOT_REACHED))
    assert made.today(AT + 20_000) == {"greening": Promises(1, kept)}


def test_a_citizen_who_may_not_be_called_at_the_hour_is_dialled_first_later() -> None:
    made = listed(promised("b1"), record(Kind.CALLBACK_DIALLED, "b1", UNTIL - 9), postponed("b1", "hours"))
    made.note(record(Kind.CALLBACK_DIALLED, "b1", UNTIL + 9))
    made.note(answered(UNTIL + 20))
    assert made.today(UNTIL + 20) == {"greening": Promises(1, 0)}


def test_a_promise_that_was_cancelled_does_not_count() -> None:
    made = listed(promised("b1"), record(Kind.LEFT_QUEUE, "b1", why=Left.CANCELLED))
    assert made.today(AT) == {}


def test_another_day_begins_without_promises() -> None:
    made = Callbacks(lambda at: AT + 100 if at < AT + 100 else AT + 200)
    made.restore(None, [promised("b1"), record(Kind.CALLBACK_DIALLED, "b1"), answered(AT + 99)])
    assert made.today(AT + 99) == {"greening": Promises(1, 1)}
    assert made.today(AT + 100) == {}
    made.restore(None, [promised("b1"), answered(AT + 100)])
    assert made.today(AT + 100) == {"greening": Promises(1, 0)}


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(UnreadableSnapshot, match="the callbacks cannot be read"):
        Callbacks().restore({"callbacks": [{"id": "b1"}]}, ())


def test_those_without_a_place_are_over() -> None:
    made = listed(promised("b1"), promised("b2", OTHER))
    made.keep_only(lambda callback_id: callback_id == "b2")
    assert [one.id for one in made.list()] == ["b2"]
    assert list(made.of_number(NUMBER)) == []


@pytest.mark.parametrize(
    "odd",
    [
        record(Kind.CALLBACK_POSTPONED, "b1", why="", until=AT),
        record(Kind.CALLBACK_POSTPONED, "b1", why="of a newer version"),
        record(Kind.CALLBACK_POSTPONED, "b1"),
        postponed("b1", "hours"),
    ],
)
def test_a_record_without_a_reason_or_an_attempt_only_postpones(odd: Record) -> None:
    one = only(listed(promised("b1"), odd))
    assert (one.state, one.attempts) == (State.POSTPONED, 0)


def test_a_promise_of_which_little_is_known() -> None:
    bare = Record(AT, Kind.CALLBACK_PROMISED, "c1", "greening", data={"callback": "b1"})
    one = only(listed(bare))
    assert (one.number, one.since, one.interval) == ("", AT, None)


def test_there_are_so_many_and_no_more() -> None:
    made = Callbacks()
    for number in range(MOST):
        assert not made.full
        data = {"callback": f"b{number}", "number": str(number), "since": 0.0}
        made.note(Record(1.0, Kind.CALLBACK_PROMISED, f"c{number}", "trees", data=data))
    assert made.full
