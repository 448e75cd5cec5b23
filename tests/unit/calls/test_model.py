"""The summary of a call as a fold of its Records."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.model import CallState, CallSummary, Outcome, fold
from journal.records import Kind, Record
from tests.unit.calls.stories import CONNECTED, OFFERED, QUEUED, START, STARTED, record, summary


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


def test_the_path_is_the_keys_that_led_through_the_menus() -> None:
    def entered(menu: str) -> Record:
        return record(105, Kind.MENU_ENTERED, menu=menu, language="zh")

    def pressed(key: str, menu: str) -> Record:
        return record(106, Kind.KEY_PRESSED, key=key, menu=menu)

    hung_up = record(300, Kind.CALL_FINISHED, by="caller")
    into_water = (START, entered("main"), pressed("*", "main"), pressed("2", "main"), entered("water"))
    assert summary(*into_water, hung_up).path == "2", "the menu that was played again is no step"
    digits = record(107, Kind.KEY_PRESSED, key="", menu="", input="case")
    queued = summary(
        *into_water, record(106, Kind.INVALID_KEY, key="7", menu="water"), digits, pressed("1", "water"), QUEUED
    )
    assert queued.path == "2,1"
    later = (record(120, Kind.OVERFLOWED), entered("main"), pressed("3", "main"), hung_up)
    told = queued
    for each in later:
        told = fold(told, each)
    assert told.path == "2,1", "what comes after the queue is no part of it"
    back = record(200, Kind.CALL_STARTED, resumed=True, **STARTED)
    assert fold(queued, back).path == "2,1"
    assert summary(*into_water, back, entered("main"), pressed("4", "main")).path == "4", "the menus began again"
    assert summary(START, entered("main"), entered("water"), pressed("1", "water"), hung_up).path == "1"
    assert (
        len(summary(START, *(step for _ in range(99) for step in (pressed("#", "main"), entered("main")))).path) == 80
    )


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


ROUTED = record(120, Kind.ROUTED, to={"menu": "main"})


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
def test_a_call_that_is_sent_on_is_on_its_way_until_it_arrives(arrival: Record) -> None:
    told = summary(START, QUEUED, record(120, Kind.LEFT_QUEUE, queue="greening", why="went-elsewhere"), ROUTED)
    assert (told.state, told.onward) == (CallState.MENU, {"menu": "main"})
    told = fold(told, record(120.5, Kind.SAID, text="you are connected"))
    assert told.onward == {"menu": "main"}
    assert fold(told, arrival).onward is None


OVERFLOWED = record(410, Kind.OVERFLOWED, queue="greening", rule=0)


def test_the_time_of_arrival_outlives_overflows() -> None:
    assert summary(START, QUEUED).since == 110
    moved = summary(START, QUEUED, OVERFLOWED, record(420, Kind.QUEUED, queue="general", head_start=310))
    assert (moved.since, moved.queued) == (110, 420)
    rung = record(430, Kind.SUB_HOTLINE_DIALLED, sub_hotline="gas", dial="2201")
    again = fold(fold(moved, record(425, Kind.OVERFLOWED, queue="general", rule=0)), rung)
    assert again.since == 110


def test_a_caller_who_is_moved_to_another_queue_is_on_the_way_and_keeps_the_wait() -> None:
    moved = summary(START, QUEUED, record(130, Kind.MOVED, queue="greening", to={"queue": "general"}, waited_s=20))
    assert (moved.state, moved.onward, moved.since) == (CallState.MENU, {"queue": "general"}, 110)
    there = fold(moved, record(131, Kind.QUEUED, queue="general", head_start=20))
    assert (there.state, there.queue, there.onward, there.since) == (CallState.WAITING, "general", None, 111)


@pytest.mark.parametrize("to", [{"front": True}, {"agent": "1001"}, {}, None, "front"])
def test_a_caller_who_is_moved_within_the_queue_waits_on(to: object) -> None:
    waiting = summary(START, QUEUED)
    assert fold(waiting, record(130, Kind.MOVED, queue="greening", to=to)) == waiting


@pytest.mark.parametrize(
    "end",
    [
        record(421, Kind.MENU_ENTERED, menu="main", language="zh"),
        record(421, Kind.LEFT_QUEUE, queue="greening", why="went-elsewhere"),
        record(421, Kind.CONNECTED, queue="greening", agent="1001", waited_s=311),
        record(421, Kind.CALL_STARTED, resumed=True, **STARTED),
    ],
    ids=lambda end: end.kind,
)
def test_a_menu_a_key_and_a_talk_end_the_wait(end: Record) -> None:
    assert summary(START, QUEUED, end).since is None


def test_a_destination_that_is_none_changes_nothing() -> None:
    assert fold(summary(START), record(120, Kind.ROUTED, to="main")) == summary(START)


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
    "said by the end itself": ([record(140, Kind.CALL_FINISHED, by="system", outcome="lost")], Outcome.LOST),
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
    assert vars(told).keys() == {each.name for each in fields(CallSummary)}, "what a Record changes is a field"


# --- transfers

ENDED = record(150, Kind.TALK_ENDED, queue="greening", agent="1001", by="agent", talked_s=35)
TO_COLLEAGUE = record(151, Kind.TRANSFERRED, agent="1001", how="blind", to={"agent": "1003"})
TO_NUMBER = record(151, Kind.TRANSFERRED, how="blind", to={"number": "962777"})
TO_QUEUE = record(151, Kind.TRANSFERRED, agent="1001", how="consult", to={"queue": "general"})


def test_a_call_sent_to_a_phone_rings_there_and_the_way_back_is_kept_until_it_answers() -> None:
    told = summary(START, QUEUED, OFFERED, CONNECTED, ENDED, TO_COLLEAGUE)
    assert (told.state, told.agent) == (CallState.RINGING, "1003")
    assert told.onward == {"agent": "1003", "by": "1001", "queue": "greening"}
    talking = fold(told, record(155, Kind.TRANSFER_ANSWERED, to={"agent": "1003"}))
    assert (talking.state, talking.agent, talking.answered) == (CallState.TALKING, "1003", 115)
    assert talking.onward == told.onward, "a restart must know with whom the caller talks"
    after = fold(talking, record(160, Kind.TRANSFER_ENDED, to={"agent": "1003"}, by="agent"))
    assert (after.state, after.onward) == (CallState.SURVEY, None)
    assert fold(after, record(161, Kind.CALL_FINISHED, by="agent")).outcome is Outcome.ANSWERED


def test_a_restart_knows_with_which_sub_hotline_a_caller_talks() -> None:
    told = summary(START, record(151, Kind.SUB_HOTLINE_ANSWERED, sub_hotline="gas"))
    assert told.onward == {"sub_hotline": "gas"}
    assert fold(told, record(160, Kind.SUB_HOTLINE_ENDED, sub_hotline="gas", by="agent")).onward is None


def test_a_transfer_by_nobody_knows_whom() -> None:
    told = summary(START, TO_NUMBER)
    assert (told.agent, told.onward) == (None, {"number": "962777", "by": "", "queue": ""})
    assert fold(told, record(155, Kind.TRANSFER_ANSWERED, to={"number": "962777"})).outcome is Outcome.SUB_HOTLINE


def test_a_transfer_that_failed_brings_the_call_back_to_the_front() -> None:
    told = summary(START, QUEUED, OFFERED, CONNECTED, ENDED, TO_COLLEAGUE)
    failed = fold(told, record(155, Kind.TRANSFER_FAILED, to={"agent": "1003"}, status="BUSY", cause="17"))
    assert (failed.state, failed.agent, failed.onward, failed.outcome) == (CallState.MENU, None, None, Outcome.ANSWERED)
    told = fold(failed, record(155, Kind.ROUTED, to={"menu": "main"}, apology="no-answer-apology"))
    assert told.onward == {"menu": "main", "apology": "no-answer-apology"}
    assert fold(told, record(158, Kind.SAID, text="We are sorry.")).onward == {"menu": "main"}, "it is said once"
    back = fold(failed, record(155, Kind.ROUTED, to={"queue": "greening"}, front=True, agent_first="1001"))
    assert back.onward == {"queue": "greening", "front": "1001"}
    assert fold(back, record(156, Kind.QUEUED, queue="greening", language="zh")).onward is None


def test_a_caller_who_gives_up_while_the_phone_rings_has_been_answered_before() -> None:
    told = summary(START, QUEUED, OFFERED, CONNECTED, ENDED, TO_COLLEAGUE, record(158, Kind.CALL_FINISHED, by="caller"))
    assert (told.state, told.onward, told.outcome) == (CallState.ENDED, None, Outcome.ANSWERED)


def test_a_call_handed_over_to_another_destination_is_on_its_way_there() -> None:
    told = summary(START, QUEUED, OFFERED, CONNECTED, ENDED, TO_QUEUE)
    assert (told.state, told.agent, told.onward) == (CallState.MENU, None, {"queue": "general"})


def test_a_transfer_to_nowhere_changes_nothing() -> None:
    before = summary(START, QUEUED, OFFERED, CONNECTED, ENDED)
    assert fold(before, record(151, Kind.TRANSFERRED, how="blind")) == before


def test_from_whom_no_audio_comes_until_the_talk_is_over_or_the_caller_is_held() -> None:
    def sound(kind: Kind, side: str) -> Record:
        return record(120, kind, agent="1001", side=side)

    talking = summary(START, QUEUED, OFFERED, CONNECTED)
    silent = fold(fold(talking, sound(Kind.SOUND_LOST, "caller")), sound(Kind.SOUND_LOST, "agent"))
    assert silent.silent == ("agent", "caller")
    assert fold(silent, sound(Kind.SOUND_BACK, "agent")).silent == ("caller",)
    assert fold(silent, record(130, Kind.HELD)).silent == ()
    assert fold(silent, record(130, Kind.TALK_INTERRUPTED)).silent == ()
    assert fold(silent, record(130, Kind.TALK_ENDED, by="agent", talked_s=1)).silent == ()
