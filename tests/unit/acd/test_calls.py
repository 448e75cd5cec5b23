"""The summary of a call as a fold of its Records, and the book of live calls."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.calls import CallBook, CallState, CallSummary, Outcome, fold
from acd.records import Kind, Record
from acd.store import StoreUnavailable

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


def test_a_call_begins_in_the_menu() -> None:
    told = summary(START)
    assert told == CallSummary("c1", 100, CallState.MENU, "13800000000", "12319", "zh")


def test_an_answered_call() -> None:
    waiting = summary(START, QUEUED)
    assert (waiting.state, waiting.queue, waiting.queued, waiting.agent) == (CallState.WAITING, "greening", 110, None)
    ringing = fold(waiting, OFFERED)
    assert (ringing.state, ringing.agent) == (CallState.RINGING, "1001")
    talking = fold(ringing, CONNECTED)
    assert (talking.state, talking.agent, talking.answered) == (CallState.TALKING, "1001", 115)
    after = fold(talking, record(200, Kind.TALK_ENDED, queue="greening", agent="1001", by="agent", talked_s=85))
    assert after.state is CallState.SURVEY
    ended = fold(after, record(203, Kind.CALL_FINISHED, by="agent"))
    assert (ended.state, ended.ended, ended.outcome) == (CallState.ENDED, 203, Outcome.ANSWERED)
    assert (ended.queue, ended.agent) == ("greening", "1001")


def test_a_missed_offer_puts_the_call_back_to_waiting() -> None:
    told = summary(START, QUEUED, OFFERED, record(126, Kind.OFFER_FAILED, agent="1001", offer="o1"))
    assert (told.state, told.agent, told.queued) == (CallState.WAITING, None, 110)


def test_with_ring_all_the_call_rings_until_the_last_offer_is_over() -> None:
    second = record(111, Kind.OFFERED, queue="greening", agent="1002", offer="o2")
    one_left = summary(START, QUEUED, OFFERED, second, record(115, Kind.OFFER_FAILED, agent="1002", offer="o2"))
    assert (one_left.state, one_left.agent) == (CallState.RINGING, None)
    assert fold(one_left, record(116, Kind.OFFER_FAILED, agent="1001", offer="o1")).state is CallState.WAITING


def test_the_other_rings_that_end_after_the_connect_change_nothing() -> None:
    talking = summary(START, QUEUED, OFFERED, CONNECTED)
    assert fold(talking, record(116, Kind.OFFER_CANCELLED, agent="1002", offer="o2")) == talking


SENT_ON = record(120, Kind.SENT_ON, to={"menu": "main"})


@pytest.mark.parametrize(
    "arrival",
    [
        record(121, Kind.MENU_ENTERED, menu="main", language="zh"),
        record(121, Kind.QUEUED, queue="general", language="zh"),
        record(121, Kind.SUB_HOTLINE_DIALLED, sub_hotline="gas", dial="2201"),
        record(121, Kind.CALL_FINISHED, by="caller"),
        record(121, Kind.CALL_STARTED, resumed=True, **STARTED),
    ],
    ids=lambda arrival: arrival.kind,
)
def test_who_is_sent_on_is_on_his_way_until_he_gets_there(arrival: Record) -> None:
    told = summary(START, QUEUED, record(120, Kind.LEFT_QUEUE, queue="greening", why="went-elsewhere"), SENT_ON)
    assert (told.state, told.onward) == (CallState.MENU, {"menu": "main"})
    told = fold(told, record(120.5, Kind.SAID, text="you are connected"))
    assert told.onward == {"menu": "main"}
    assert fold(told, arrival).onward is None


def test_a_destination_that_is_none_changes_nothing() -> None:
    assert fold(summary(START), record(120, Kind.SENT_ON, to="main")) == summary(START)


OUTCOMES = {
    "hung up in the menus": ([record(105, Kind.CALL_FINISHED, by="caller")], Outcome.HUNG_UP),
    "heard a message": ([record(105, Kind.CALL_FINISHED, by="system")], Outcome.MESSAGE),
    "hung up in the queue": (
        [
            QUEUED,
            record(120, Kind.LEFT_QUEUE, queue="greening", why="hung-up", waited_s=10),
            record(120, Kind.CALL_FINISHED, by="caller"),
        ],
        Outcome.ABANDONED,
    ),
    "hung up while it rang, and the distributor has not said so yet": (
        [QUEUED, OFFERED, record(120, Kind.CALL_FINISHED, by="caller")],
        Outcome.ABANDONED,
    ),
    "cut off in the queue by us": ([QUEUED, record(120, Kind.CALL_FINISHED, by="system")], Outcome.FAILED),
    "overflowed into a message": (
        [QUEUED, record(410, Kind.OVERFLOWED, queue="greening", rule=0), record(420, Kind.CALL_FINISHED, by="system")],
        Outcome.OVERFLOWED,
    ),
    "overflowed and answered": (
        [
            QUEUED,
            record(410, Kind.OVERFLOWED, queue="greening", rule=0),
            record(411, Kind.QUEUED, queue="general"),
            record(415, Kind.CONNECTED, queue="general", agent="1002"),
            record(500, Kind.CALL_FINISHED, by="caller"),
        ],
        Outcome.ANSWERED,
    ),
    "overflowed and abandoned": (
        [
            QUEUED,
            record(410, Kind.OVERFLOWED, queue="greening", rule=0),
            record(411, Kind.QUEUED, queue="general"),
            record(415, Kind.LEFT_QUEUE, queue="general", why="hung-up"),
            record(415, Kind.CALL_FINISHED, by="caller"),
        ],
        Outcome.ABANDONED,
    ),
    "talked, queued again, gave up": (
        [
            QUEUED,
            CONNECTED,
            record(200, Kind.TALK_ENDED),
            record(201, Kind.QUEUED, queue="general"),
            record(210, Kind.LEFT_QUEUE, queue="general", why="hung-up"),
            record(210, Kind.CALL_FINISHED, by="caller"),
        ],
        Outcome.ANSWERED,
    ),
    "sub-hotline": (
        [
            record(105, Kind.SUB_HOTLINE_DIALLED),
            record(110, Kind.SUB_HOTLINE_ANSWERED),
            record(150, Kind.CALL_FINISHED, by="caller"),
        ],
        Outcome.SUB_HOTLINE,
    ),
    "sub-hotline did not answer": (
        [
            record(105, Kind.SUB_HOTLINE_DIALLED),
            record(135, Kind.SUB_HOTLINE_FAILED, status="NOANSWER"),
            record(140, Kind.CALL_FINISHED, by="system"),
        ],
        Outcome.FAILED,
    ),
    "said by who finished it": ([record(140, Kind.CALL_FINISHED, by="system", outcome="lost")], Outcome.LOST),
}


@pytest.mark.parametrize(("story", "outcome"), OUTCOMES.values(), ids=OUTCOMES.keys())
def test_outcomes(story: list[Record], outcome: Outcome) -> None:
    told = summary(START, *story)
    assert (told.state, told.outcome) == (CallState.ENDED, outcome)


def test_a_sub_hotline_rings_then_talks() -> None:
    dialled = summary(START, record(105, Kind.SUB_HOTLINE_DIALLED))
    assert dialled.state is CallState.RINGING
    answered = fold(dialled, record(110, Kind.SUB_HOTLINE_ANSWERED))
    assert (answered.state, answered.answered) == (CallState.TALKING, 110)
    assert fold(dialled, record(135, Kind.SUB_HOTLINE_FAILED)).state is CallState.MENU


def test_what_comes_after_the_end_settles_the_outcome_but_not_the_state() -> None:
    ended = summary(START, record(120, Kind.CALL_FINISHED, by="caller"))
    late = fold(ended, record(120.1, Kind.LEFT_QUEUE, queue="greening", why="hung-up"))
    assert (late.state, late.ended, late.outcome) == (CallState.ENDED, 120, Outcome.ABANDONED)


def test_a_caller_who_comes_back_to_a_new_session_is_live_again() -> None:
    ended = summary(START, QUEUED, CONNECTED, record(120, Kind.CALL_FINISHED, by="system"))
    back = fold(ended, record(121, Kind.CALL_STARTED, resumed=True, **STARTED))
    assert (back.state, back.started, back.ended) == (CallState.MENU, 100, None)
    assert back.outcome is Outcome.ANSWERED


def test_the_language_and_long_texts() -> None:
    told = summary(record(100, Kind.CALL_STARTED, caller="x" * 500), record(101, Kind.LANGUAGE_CHOSEN, language="en"))
    assert (len(told.caller), told.language, told.number) == (80, "en", "")


def test_a_record_of_no_call_is_refused() -> None:
    with pytest.raises(ValueError, match="without a call"):
        fold(None, Record(1, Kind.AGENT_STATE))


values = st.sampled_from([None, True, 0, -1.5, float("nan"), "", "caller", "answered", "hung-up", [1], {"a": 1}])
keys = st.sampled_from(["caller", "language", "why", "outcome", "by", "waited_s"])
any_record = st.builds(
    Record,
    at=st.integers(0, 100),
    kind=st.sampled_from(Kind),
    call=st.just("c1"),
    queue=st.none() | st.just("greening"),
    agent=st.none() | st.just("1001"),
    data=st.dictionaries(keys, values, max_size=3),
)


@given(st.lists(any_record, min_size=1, max_size=30))
def test_fold_is_total_and_an_ended_call_has_an_outcome(story: list[Record]) -> None:
    told = summary(*story)
    assert (told.state is CallState.ENDED) == (told.ended is not None)
    assert told.state is not CallState.ENDED or told.outcome is not None
    assert told.offers >= 0


class MemoryArchive:
    """What the store does, without a database."""

    def __init__(self, records: Sequence[Record] = ()) -> None:
        self.records = list(records)

    def summaries(self) -> dict[str, CallSummary]:
        found: dict[str, CallSummary] = {}
        for step in self.records:
            if step.call is not None:
                found[step.call] = fold(found.get(step.call), step)
        return found

    async def list(self, state: CallState | None, queue: str | None, limit: int) -> Sequence[CallSummary]:
        found = sorted(self.summaries().values(), key=lambda told: told.started, reverse=True)
        return [told for told in found if state in (None, told.state) and queue in (None, told.queue)][:limit]

    async def get(self, call_id: str) -> CallSummary | None:
        return self.summaries().get(call_id)

    async def story(self, call_id: str) -> Sequence[Record]:
        return [step for step in self.records if step.call == call_id]


async def test_a_live_call_is_told_before_the_journal_has_it() -> None:
    book = CallBook(MemoryArchive())
    book.note(START)
    assert book.note(QUEUED) == summary(START, QUEUED)
    assert book.live() == 1
    assert await book.get("c1") == (summary(START, QUEUED), (START, QUEUED))
    assert await book.list(CallState.WAITING, "greening", 10) == [summary(START, QUEUED)]
    assert await book.list(CallState.MENU, None, 10) == []
    assert await book.list(None, "water", 10) == []


async def test_an_ended_call_stays_until_the_journal_has_it() -> None:
    archive = MemoryArchive()
    book = CallBook(archive)
    story = [START, record(105, Kind.CALL_FINISHED, by="caller")]
    for step in story:
        book.note(step)
    assert book.live() == 0
    assert await book.get("c1") == (summary(*story), tuple(story))
    archive.records += story
    book.written(story)
    assert await book.get("c1") == (summary(*story), story)
    archive.records.clear()
    assert await book.get("c1") is None, "memory let it go"


async def test_a_late_record_does_not_bring_a_forgotten_call_back() -> None:
    book = CallBook(MemoryArchive())
    end = record(105, Kind.CALL_FINISHED, by="caller")
    for step in (START, end):
        book.note(step)
    book.written([START, end])
    assert book.note(record(106, Kind.LEFT_QUEUE, queue="greening", why="hung-up")) is None
    assert (book.live(), await book.get("c1")) == (0, None)


async def test_memory_overrules_the_archive_and_the_limit_holds() -> None:
    old = [record(at, Kind.CALL_STARTED, call=f"old{at}", **STARTED) for at in range(5)]
    old += [record(50 + at, Kind.CALL_FINISHED, call=f"old{at}", by="caller") for at in range(5)]
    archive = MemoryArchive([*old, START])
    book = CallBook(archive)
    for step in (START, QUEUED):
        book.note(step)
    newest = await book.list(None, None, 3)
    assert [told.id for told in newest] == ["c1", "old4", "old3"]
    assert newest[0].state is CallState.WAITING
    # The archive still has c1 in the menu; it must not take a place there.
    assert await book.list(CallState.MENU, None, 5) == []
    ended = [told.id for told in await book.list(CallState.ENDED, None, 5)]
    assert ended == ["old4", "old3", "old2", "old1", "old0"]


class NoArchive(MemoryArchive):
    async def list(self, state: CallState | None, queue: str | None, limit: int) -> Sequence[CallSummary]:
        raise StoreUnavailable("the database cannot be asked")


async def test_live_calls_are_told_without_the_archive() -> None:
    book = CallBook(NoArchive())
    for step in (START, QUEUED, record(100, Kind.CALL_STARTED, "c2", **STARTED)):
        book.note(step)
    assert [told.id for told in await book.list(CallState.WAITING, None, 10)] == ["c1"]
    assert [told.id for told in await book.list(CallState.MENU, None, 10)] == ["c2"]
    for state in (None, CallState.ENDED):
        with pytest.raises(StoreUnavailable):
            await book.list(state, None, 10)


async def test_a_story_too_long_for_memory_is_read_from_the_archive() -> None:
    story = [START, *(record(101 + n, Kind.KEY_PRESSED, key="1") for n in range(5))]
    book = CallBook(MemoryArchive(story), story_limit=3)
    for step in story:
        book.note(step)
    found = await book.get("c1")
    assert found is not None
    assert list(found[1]) == story


async def test_when_the_journal_cannot_write_the_oldest_ends_are_let_go() -> None:
    book = CallBook(MemoryArchive(), ended_limit=2)
    for n in range(3):
        book.note(record(n, Kind.CALL_STARTED, call=f"c{n}", **STARTED))
        book.note(record(n + 0.5, Kind.CALL_FINISHED, call=f"c{n}", by="caller"))
    assert [told.id for told in await book.list(None, None, 10)] == ["c2", "c1"]
    assert book.live() == 0


async def test_a_call_that_was_interrupted_goes_on_from_where_it_was() -> None:
    before = [START, QUEUED]
    archive = MemoryArchive(before)
    book = CallBook(archive)
    book.take_up(archive.summaries().values())
    assert book.live() == 1
    assert [told.state for told in await book.list(None, None, 10)] == [CallState.WAITING]
    again = record(130, Kind.CALL_STARTED, resumed=True, **STARTED)
    told = book.note(again)
    assert told is not None
    assert (told.started, told.queue, told.state) == (100, "greening", CallState.MENU)
    for known in (before, [*before, again]):  # before the archive has the newest, and after that
        archive.records[:] = known
        found = await book.get("c1")
        assert found is not None
        assert found[1] == (*before, again)
    assert [told.id for told in book.unfinished()] == ["c1"]


@pytest.mark.parametrize("archived", range(7))
async def test_a_story_from_before_a_restart_is_told_whole_however_far_the_archive_is(archived: int) -> None:
    before = [START, QUEUED, OFFERED]
    after = [record(130, Kind.CALL_RESUMED), CONNECTED, CONNECTED]  # the same twice is two
    archive = MemoryArchive(before)
    book = CallBook(archive)
    book.take_up(archive.summaries().values())
    for step in after:
        book.note(step)
    story = [*before, *after]
    archive.records[:] = story[: max(archived, len(before))]
    found = await book.get("c1")
    assert found is not None
    assert list(found[1]) == story


async def test_who_is_led_by_somebody_is_in_the_menus() -> None:
    book = CallBook(MemoryArchive())
    for call in ("c1", "c2"):
        book.note(record(1, Kind.CALL_STARTED, call=call, **STARTED))
    assert book.in_menus() == 2
    for step, led in (
        (QUEUED, 1),
        (OFFERED, 1),
        (CONNECTED, 1),
        (record(120, Kind.TALK_ENDED, by="agent"), 2),
        (record(121, Kind.CALL_FINISHED, by="agent"), 1),
    ):
        book.note(step)
        assert book.in_menus() == led, step.kind
    book.note(record(122, Kind.SUB_HOTLINE_DIALLED, call="c2", sub_hotline="gas"))
    assert book.in_menus() == 0
    book.note(record(122, Kind.SUB_HOTLINE_FAILED, call="c2", sub_hotline="gas"))
    assert book.in_menus() == 1


async def test_a_call_that_was_given_up_and_whose_caller_is_back_after_all() -> None:
    archive = MemoryArchive([START, QUEUED])
    book = CallBook(archive)
    book.take_up(archive.summaries().values())
    given_up = record(130, Kind.CALL_FINISHED, by="system", outcome="lost")
    told = book.note(given_up)
    assert told is not None
    assert (told.outcome, told.queue, book.live()) == (Outcome.LOST, "greening", 0)
    book.written([given_up])
    assert book.note(record(131, Kind.KEY_PRESSED, key="1")) is None
    told = book.note(record(132, Kind.CALL_STARTED, resumed=True, **STARTED))
    assert told is not None
    assert (told.started, told.outcome, book.live()) == (132, None, 1)
    assert (await book.list(None, None, 10))[0].state is CallState.MENU


async def test_a_session_that_broke_and_came_back_before_the_journal_wrote_the_end() -> None:
    book = CallBook(MemoryArchive())
    end = record(105, Kind.CALL_FINISHED, by="system")
    for step in (START, end, record(106, Kind.CALL_STARTED, resumed=True, **STARTED)):
        book.note(step)
    book.written([START, end])
    assert book.live() == 1
    found = await book.get("c1")
    assert found is not None
    assert found[0].state is CallState.MENU
