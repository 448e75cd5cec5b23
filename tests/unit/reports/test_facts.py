"""What Records come to: facts, added up."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from journal.records import Kind, Record
from reports.facts.fold import after
from reports.facts.model import Open, kept, restored
from reports.sums import HOUR, QUARTER, Dimension, Pending, Row, Sums, made_of
from tests.unit.reports.stories import MONDAY, abandoned, answered, began, busy, finished, in_order, queued, state

HOTLINE, QUEUE, AGENT = Dimension.HOTLINE, Dimension.QUEUE, Dimension.AGENT


def counted(records: Iterable[Record]) -> Mapping[Row, Mapping[str, int]]:
    """Without zeros. What is open is kept and read again before each Record, as if the service restarted."""
    state, pending = Open(), Pending()
    for record in records:
        pending.add(after(state, record))
        contacts, state = state.contacts, restored(kept(state))
        state.contacts = contacts
    both = {**pending.rows, **pending.hours()}
    return {row: {name: n for name, n in amounts.items() if n} for row, amounts in both.items()}


def of(records: Iterable[Record], dimension: Dimension, name: str, at: float = MONDAY) -> Mapping[str, int]:
    return counted(records).get(Row(QUARTER, int(at // QUARTER) * QUARTER, dimension, name), {})


def test_an_answered_call() -> None:
    story = answered("c1", MONDAY, wait=10, talk=60, wrap_up=20)
    assert of(story, QUEUE, "greening") == {
        "entries": 1,
        "answered": 1,
        "answered_in_time": 1,
        "wait_ms": 10_000,
        "longest_wait_ms": 10_000,
        "interactions": 1,
        "contacts": 1,
        "ring_ms": 3_000,
        "talk_ms": 60_000,
        "wrap_up_ms": 20_000,
        "offers": 1,
    }
    agent = of(story, AGENT, "1001")
    assert {name: agent[name] for name in ("interactions", "talk_ms", "wrap_up_ms", "ringing_ms", "on_call_ms")} == {
        "interactions": 1,
        "talk_ms": 60_000,
        "wrap_up_ms": 20_000,
        "ringing_ms": 3_000,
        "on_call_ms": 60_000,
    }
    hotline = of(story, HOTLINE, "")
    assert (hotline["calls"], hotline["calls_reached"], hotline["calls_direct"]) == (1, 1, 1)
    assert of(story, Dimension.NUMBER, "12319")["answered"] == 1


def test_hours_have_what_their_quarters_have() -> None:
    rows = counted(in_order(*(answered(f"c{n}", MONDAY + n * 300, talk=30) for n in range(40))))
    for row, amounts in rows.items():
        if row.length == HOUR:
            parts = [rows.get(row._replace(length=QUARTER, start=row.start + n * QUARTER), {}) for n in range(4)]
            assert {
                name: sum(part.get(name, 0) for part in parts) for name in amounts if name != "longest_wait_ms"
            } == {name: amount for name, amount in amounts.items() if name != "longest_wait_ms"}
            assert max(part.get("longest_wait_ms", 0) for part in parts) == amounts.get("longest_wait_ms", 0)


def test_queues_and_agents_add_up_to_the_hotline() -> None:
    rows = counted(busy())

    def together(dimension: Dimension) -> Sums:
        total = Sums()
        for row, amounts in rows.items():
            if row[0::2] == (HOUR, dimension):
                total.add(made_of(amounts))
        return total

    hotline, queues, agents, languages = map(together, (HOTLINE, QUEUE, AGENT, Dimension.LANGUAGE))
    for part, names in (
        (
            queues,
            ("entries", "answered", "abandoned", "wait_ms", "longest_wait_ms", "interactions", "talk_ms", "offers"),
        ),
        (agents, ("interactions", "talk_ms", "wrap_up_ms", "offers", "ready_ms", "on_call_ms", "not_ready_ms")),
        (languages, ("entries", "answered", "abandoned", "calls", "calls_reached")),
    ):
        for name in names:
            assert getattr(part, name) == getattr(hotline, name) > 0, name
    assert hotline.entries == hotline.calls == hotline.answered + hotline.abandoned
    assert hotline.interactions == hotline.answered


def test_an_abandoned_call_whose_end_is_told_before_that_of_its_entry() -> None:
    for wait, amounts in (
        (3.0, {"abandoned_in_time": 1, "abandoned_short": 1}),
        (10.0, {"abandoned_in_time": 1}),
        (30.0, {}),
    ):
        ms = int(wait * 1000)
        assert of(abandoned("c1", MONDAY, wait), QUEUE, "greening") == {
            "entries": 1,
            "abandoned": 1,
            "abandoned_wait_ms": ms,
            "longest_wait_ms": ms,
            **amounts,
        }
    assert of(abandoned("c1", MONDAY), HOTLINE, "")["calls"] == 1


def test_an_earlier_version_did_not_say_whether_an_abandon_was_in_time() -> None:
    story = [record._replace(data={"why": "hung-up", "waited_s": 15.0}) for record in abandoned("c1", MONDAY)[-1:]]
    assert of([*abandoned("c1", MONDAY)[:-1], *story], QUEUE, "greening")["abandoned_in_time"] == 1


def test_an_entry_counts_when_it_began() -> None:
    story = answered("c1", MONDAY + 890, wait=30, talk=2_000)
    assert of(story, QUEUE, "greening")["answered"] == 1
    assert "interactions" not in of(story, QUEUE, "greening")
    assert of(story, QUEUE, "greening", MONDAY + 900)["talk_ms"] == 2_000_000


def test_states_of_agents_are_cut_by_quarter_hours() -> None:
    story = [
        state("1001", MONDAY + 100, "ready", "logged-out"),
        state("1001", MONDAY + 1_000, "not-ready", "ready", "lunch"),
        state("1001", MONDAY + 2_000, "logged-out", "not-ready"),
    ]
    rows = counted(story)
    at = {n: rows.get(Row(QUARTER, int(MONDAY) + n * QUARTER, AGENT, "1001"), {}) for n in range(4)}
    assert at == {
        0: {"ready_ms": 800_000},
        1: {"ready_ms": 100_000, "not_ready_ms": 800_000},
        2: {"not_ready_ms": 200_000},
        3: {},
    }
    assert rows[Row(HOUR, int(MONDAY), Dimension.BREAK, "lunch")] == {"not_ready_ms": 1_000_000}


def test_a_break_with_a_limit_is_in_time_or_not() -> None:
    """Three with a limit: to the second, a second longer, and one that becomes another break; then one without."""

    def pause(at: float, reason: str, limit: float | None) -> Record:
        record = state("1001", at, "not-ready", "ready", reason)
        return record if limit is None else record._replace(data={**record.data, "limit": limit})

    story = [
        pause(MONDAY + 10, "lunch", 100),
        state("1001", MONDAY + 110, "ready", "not-ready"),
        pause(MONDAY + 200, "lunch", 100),
        state("1001", MONDAY + 301, "ready", "not-ready"),
        pause(MONDAY + 400, "tea", 50),
        pause(MONDAY + 440, "training", None),
        state("1001", MONDAY + 800, "logged-out", "not-ready"),
    ]
    assert {name: of(story, AGENT, "1001").get(name) for name in ("limited_breaks", "breaks_in_time")} == {
        "limited_breaks": 3,
        "breaks_in_time": 2,
    }
    assert of(story, Dimension.BREAK, "lunch")["breaks_in_time"] == 1
    assert "limited_breaks" not in of(story, Dimension.BREAK, "training")


@pytest.mark.parametrize(("later", "in_time"), [(80, 1), (81, 0)])
def test_a_call_that_a_colleague_sends_only_interrupts_a_break(later: float, in_time: int) -> None:
    """Twenty seconds before it, and `later` ones after it; the time of the call is none of the break's."""

    def more(record: Record, **data: Any) -> Record:
        return record._replace(data={**record.data, **data})

    def story(after_it: str, limit: dict[str, float]) -> list[Record]:
        return [
            more(state("1001", MONDAY + 10, "not-ready", "ready", "lunch"), limit=100.0),
            more(state("1001", MONDAY + 30, "ringing", "not-ready"), sent=True),
            more(state("1001", MONDAY + 40, "on-call", "ringing"), sent=True),
            more(state("1001", MONDAY + 300, "not-ready", "on-call", after_it), sent=True, **limit),
            state("1001", MONDAY + 300 + later, "ready", "not-ready"),
        ]

    found = of(story("lunch", {"limit": 100.0}), AGENT, "1001")
    assert (found["limited_breaks"], found.get("breaks_in_time", 0)) == (1, in_time)
    another = of(story("training", {}), Dimension.BREAK, "lunch")
    assert (another["limited_breaks"], another["breaks_in_time"]) == (1, 1), "it ended with the call"


def test_a_state_is_counted_while_it_lasts() -> None:
    """Once any Record tells that a quarter hour is over."""
    story = [state("1001", MONDAY, "ready", "logged-out"), began("c1", MONDAY + 1_900)]
    assert of(story, AGENT, "1001") == {"ready_ms": 900_000}
    assert of(story, AGENT, "1001", MONDAY + 900) == {"ready_ms": 900_000}
    assert of(story, AGENT, "1001", MONDAY + 1_800) == {}


def test_of_a_gap_without_records_a_day_counts() -> None:
    story = [state("1001", MONDAY, "ready", "logged-out"), began("c1", MONDAY + 30 * 86_400)]
    total = sum(amounts.get("ready_ms", 0) for row, amounts in counted(story).items() if row[0::2] == (HOUR, AGENT))
    assert total == 86_400_000


def test_what_never_ends_is_given_up() -> None:
    """A call without its end, after a day; one whose entry was not told to be over, a minute after its end."""
    later = began("c9", MONDAY + 90_000)
    assert of([began("c1", MONDAY), queued("c1", MONDAY), later], QUEUE, "greening")["left_otherwise"] == 1
    ended = [began("c1", MONDAY), queued("c1", MONDAY + 1), finished("c1", MONDAY + 5)]
    assert of([*ended, began("c9", MONDAY + 1_000)], QUEUE, "greening") == {
        "entries": 1,
        "left_otherwise": 1,
        "longest_wait_ms": 4_000,
    }


def test_who_is_cut_off_by_a_failure_has_not_abandoned_the_queue() -> None:
    cut = Record(MONDAY + 9, Kind.LEFT_QUEUE, "c1", "greening", data={"why": "cut", "waited_s": 8.0})
    ended = Record(MONDAY + 9, Kind.CALL_FINISHED, "c1", data={"by": "system", "cause": "asterisk-ended"})
    assert of([began("c1", MONDAY), queued("c1", MONDAY + 1), cut, ended], QUEUE, "greening") == {
        "entries": 1,
        "left_otherwise": 1,
        "longest_wait_ms": 8_000,
    }


def test_test_calls_and_questions_to_a_queue_count_nowhere() -> None:
    story = answered("c1", MONDAY)
    tested = [record._replace(data={**record.data, "test": True}) for record in story if record.call]
    assert counted(tested) == {}
    asked = answered("c1", MONDAY, more={"about": "c0"})
    assert "calls" not in of(asked, HOTLINE, "")
    assert of(asked, QUEUE, "greening") == {}


def test_offers_that_failed() -> None:
    rings = [
        Record(MONDAY + 1, Kind.OFFERED, "c1", "greening", "1001", "o1"),
        Record(MONDAY + 16, Kind.OFFER_FAILED, "c1", "greening", "1001", "o1", {"reason": "no-answer"}),
        Record(MONDAY + 17, Kind.OFFERED, "c1", "greening", "1002", "o2"),
        Record(MONDAY + 18, Kind.OFFER_CANCELLED, "c1", "greening", "1002", "o2", {"why": "caller-left"}),
    ]
    story = [began("c1", MONDAY), queued("c1", MONDAY), *rings]
    assert of(story, AGENT, "1001") == {"offers": 1, "missed_no_answer": 1}
    assert of(story, AGENT, "1002") == {"offers": 1, "offers_cancelled": 1}
    assert of(story, QUEUE, "greening") == {"offers": 2, "missed_no_answer": 1, "offers_cancelled": 1}


def test_hold_is_not_talk() -> None:
    story = answered("c1", MONDAY, wait=10, talk=100)
    held = [
        Record(MONDAY + 20, Kind.HELD, "c1", "greening", "1001"),
        Record(MONDAY + 50, Kind.UNHELD, "c1", "greening", "1001", data={"held_s": 30.0}),
        Record(MONDAY + 100, Kind.HELD, "c1", "greening", "1001"),  # and the caller hangs up there
    ]
    rows = of(in_order(story, held), QUEUE, "greening")
    assert (rows["talk_ms"], rows["hold_ms"]) == (60_000, 40_000)


def test_a_transfer_to_a_colleague_is_another_interaction() -> None:
    first = answered("c1", MONDAY, wait=10, talk=50)
    sent = [
        Record(MONDAY + 60, Kind.TRANSFERRED, "c1", agent="1001", data={"how": "blind", "to": {"agent": "1002"}}),
        Record(MONDAY + 65, Kind.TRANSFER_ANSWERED, "c1", data={"to": {"agent": "1002"}}),
        state("1002", MONDAY + 65, "on-call", "ringing"),
        Record(MONDAY + 95, Kind.TRANSFER_ENDED, "c1", data={"to": {"agent": "1002"}, "by": "caller"}),
        state("1002", MONDAY + 95, "wrap-up", "on-call"),
        finished("c1", MONDAY + 95),
        state("1002", MONDAY + 105, "ready", "wrap-up"),
    ]
    before = state("1002", MONDAY, "ready", "logged-out")
    story = in_order([before], [record for record in first if record.kind is not Kind.CALL_FINISHED], sent)
    rows = of(story, AGENT, "1002")
    assert (rows["interactions"], rows["talk_ms"], rows["wrap_up_ms"]) == (1, 30_000, 10_000)
    assert of(story, AGENT, "1001")["transfers_answered"] == 1
    queue = of(story, QUEUE, "greening")
    assert (queue["entries"], queue["interactions"], queue["transfers_blind"]) == (1, 2, 1)
    assert of(story, Dimension.DESTINATION, "agent") == {"transfers_blind": 1, "transfers_answered": 1}
    hotline = of(story, HOTLINE, "")
    assert (hotline["calls_answered"], hotline.get("calls_direct", 0)) == (1, 0)


def test_a_sub_hotline() -> None:
    def story(*rest: Record) -> list[Record]:
        dialled = Record(MONDAY + 5, Kind.SUB_HOTLINE_DIALLED, "c1", data={"sub_hotline": "gas", "dial": "2201"})
        return [began("c1", MONDAY), dialled, *rest]

    line = {"sub_hotline": "gas"}
    talked = story(
        Record(MONDAY + 9, Kind.SUB_HOTLINE_ANSWERED, "c1", data=line),
        Record(MONDAY + 39, Kind.SUB_HOTLINE_ENDED, "c1", data={**line, "by": "caller"}),
        finished("c1", MONDAY + 39),
    )
    assert of(talked, Dimension.SUB_HOTLINE, "gas") == {"lines": 1, "lines_answered": 1, "line_talk_ms": 30_000}
    assert of(talked, HOTLINE, "")["calls_reached"] == 1
    failed = story(Record(MONDAY + 35, Kind.SUB_HOTLINE_FAILED, "c1", data={**line, "status": "NOANSWER"}))
    assert of(failed, Dimension.SUB_HOTLINE, "gas") == {"lines": 1, "lines_failed": 1}
    left = story(finished("c1", MONDAY + 20))
    assert of(left, Dimension.SUB_HOTLINE, "gas") == {"lines": 1, "lines_failed": 1}


def promise(at: float) -> Record:
    data = {"callback": "c1-b", "number": "13800000000", "expected_s": 600.0, "since": MONDAY}
    return Record(at, Kind.CALLBACK_PROMISED, "c1", "greening", data=data)


def test_a_callback_is_no_second_entry() -> None:
    story = [
        began("c1", MONDAY),
        queued("c1", MONDAY),
        promise(MONDAY + 60),
        finished("c1", MONDAY + 80),
        Record(MONDAY + 500, Kind.CALLBACK_DIALLED, "c1-b", "greening"),
        began("c2", MONDAY + 510, to={"queue": "greening"}),
        Record(MONDAY + 512, Kind.CALLBACK_ANSWERED, "c2", "greening", data={"callback": "c1-b", "since": MONDAY}),
        Record(MONDAY + 514, Kind.OFFERED, "c2", "greening", "1001", "o1"),
        Record(MONDAY + 516, Kind.CONNECTED, "c2", "greening", "1001", "o1", {"waited_s": 516.0}),
        Record(MONDAY + 600, Kind.TALK_ENDED, "c2", "greening", "1001", data={"by": "caller"}),
        finished("c2", MONDAY + 600),
    ]
    rows = of(story, QUEUE, "greening")
    assert rows == {
        "entries": 1,
        "promised": 1,
        "longest_wait_ms": 80_000,
        "callbacks": 1,
        "callbacks_tried": 1,
        "callbacks_on_time": 1,
        "callbacks_reached": 1,
        "callbacks_connected": 1,
        "interactions": 1,
        "contacts": 1,
        "offers": 1,
        "ring_ms": 2_000,
        "talk_ms": 84_000,
    }
    assert of(story, HOTLINE, "")["calls"] == 1


def test_who_is_called_back_by_rule_has_given_up() -> None:
    left = {"why": "hung-up", "waited_s": 60.0, "in_service_level": False}
    gone = {"why": "not-reached", "waited_s": 9_000.0}
    story = [
        began("c1", MONDAY),
        queued("c1", MONDAY),
        promise(MONDAY + 60),
        Record(MONDAY + 60, Kind.LEFT_QUEUE, "c1", "greening", data=left),
        finished("c1", MONDAY + 60),
        Record(MONDAY + 9_000, Kind.LEFT_QUEUE, "c1-b", "greening", data=gone),
    ]
    rows = of(story, QUEUE, "greening")
    assert (rows["entries"], rows["abandoned"], rows["callbacks"], rows["callbacks_not_reached"]) == (1, 1, 1, 1)


def test_the_error_of_the_first_estimate() -> None:
    story = answered("c1", MONDAY, wait=100)
    told = [
        Record(MONDAY + at, Kind.ANNOUNCED, "c1", "greening", data={"wait_s": wait})
        for at, wait in ((10, 60), (40, 30))
    ]
    rows = of(in_order(story, told), QUEUE, "greening")
    assert (rows["estimates"], rows["estimate_error_ms"], rows["estimate_bias_ms"]) == (1, 30_000, -30_000)


def test_menus_keys_and_scopes() -> None:
    story = [
        began("c1", MONDAY),
        Record(MONDAY + 1, Kind.MENU_ENTERED, "c1", data={"menu": "main"}),
        Record(MONDAY + 2, Kind.INVALID_KEY, "c1", data={"menu": "main", "key": "7"}),
        Record(MONDAY + 3, Kind.KEY_PRESSED, "c1", data={"menu": "main", "key": "1"}),
        Record(MONDAY + 4, Kind.KEY_PRESSED, "c1", "greening", data={"menu": "", "key": "2"}),
        Record(MONDAY + 5, Kind.SCOPE_TOLD, "c1", data={"scope": "police"}),
        finished("c1", MONDAY + 9),
    ]
    assert of(story, Dimension.MENU, "main") == {"menu_entries": 1, "invalid_keys": 1, "keys": 1}
    assert of(story, Dimension.KEY, "main/1") == {"keys": 1}
    assert of(story, Dimension.SCOPE, "police") == {"calls_elsewhere": 1}
    assert of(story, HOTLINE, "")["calls_elsewhere"] == 1


@pytest.mark.parametrize(
    ("then", "left"),
    [
        ([finished("c1", MONDAY + QUARTER + 9)], {"sub": 1}),
        ([finished("c1", MONDAY + QUARTER + 9, by="system")], {}),
        ([queued("c1", MONDAY + 5), finished("c1", MONDAY + 9)], {}),
        ([Record(MONDAY + 5, Kind.SUB_HOTLINE_DIALLED, "c1", data={"sub_hotline": "bureau"})], {}),
        ([Record(MONDAY + 5, Kind.KEY_PRESSED, "c1", data={"menu": "sub", "key": "1"})], {}),
        ([Record(MONDAY + 5, Kind.KEY_PRESSED, "c1", data={"menu": "sub", "input": True})], {}),
        ([Record(MONDAY + 5, Kind.INVALID_KEY, "c1", data={"menu": "sub", "key": "7"})], {}),
        ([Record(MONDAY + 5, Kind.MESSAGE_BEGUN, "c1")], {}),
    ],
)
def test_who_hangs_up_in_a_menu_has_left_the_last_one_without_a_key(then: list[Record], left: dict[str, int]) -> None:
    story = [
        began("c1", MONDAY),
        Record(MONDAY + 1, Kind.MENU_ENTERED, "c1", data={"menu": "main"}),
        Record(MONDAY + 3, Kind.NO_INPUT, "c1", data={"menu": "main"}),
        Record(MONDAY + 4, Kind.MENU_ENTERED, "c1", data={"menu": "sub"}),
        *then,
        *([] if then[-1].kind is Kind.CALL_FINISHED else [finished("c1", MONDAY + 9)]),
    ]
    found = {menu: of(story, Dimension.MENU, menu).get("calls", 0) for menu in ("main", "sub")}
    assert {menu: count for menu, count in found.items() if count} == left


def test_surveys_messages_and_calls_out() -> None:
    about = ("c1", "greening", "1001")
    story = [
        Record(MONDAY, Kind.SURVEY_OFFERED, *about),
        Record(MONDAY, Kind.SURVEY_ANSWERED, *about, data={"question": 1, "key": "4"}),
        Record(MONDAY, Kind.SURVEY_ANSWERED, *about, data={"question": 2, "key": "1"}),
        Record(MONDAY, Kind.SURVEY_COMPLETE, *about),
        Record(MONDAY, Kind.MESSAGE_LEFT, "c1", "greening"),
        Record(MONDAY, Kind.CALL_OUT_DIALLED, *about),
        Record(MONDAY, Kind.CALL_OUT_ENDED, *about, data={"talked_s": 12.5}),
    ]
    assert of(story, AGENT, "1001") == {
        "surveys_offered": 1,
        "surveys_begun": 1,
        "score": 4,
        "surveys_complete": 1,
        "calls_out": 1,
        "talk_out_ms": 12_500,
    }
    assert of(story, QUEUE, "greening")["messages"] == 1


def test_the_wrap_up_after_a_call_out_is_of_no_interaction() -> None:
    out = [
        Record(MONDAY + 200, Kind.CALL_OUT_ANSWERED, "c2", "greening", "1001"),
        state("1001", MONDAY + 300, "wrap-up", "on-call"),
        state("1001", MONDAY + 350, "ready", "wrap-up"),
    ]
    assert of([*answered("c1", MONDAY, wrap_up=0), *out], QUEUE, "greening").get("wrap_up_ms", 0) == 0
    assert of([*answered("c1", MONDAY, wrap_up=20), *out], QUEUE, "greening")["wrap_up_ms"] == 20_000


def test_a_call_of_a_district_in_its_language() -> None:
    story = answered("c1", MONDAY, more={"known": {"district": "hongkou"}})
    changed = Record(MONDAY, Kind.LANGUAGE_CHOSEN, "c1", data={"language": "en"})
    told = [story[0], changed, *story[1:]]
    assert of(told, Dimension.DISTRICT, "hongkou")["answered"] == 1
    assert of(told, Dimension.LANGUAGE, "en")["answered"] == 1
    assert of(told, Dimension.LANGUAGE, "zh") == {}


def test_who_talks_in_the_same_queue_again_within_a_week_was_not_helped_the_first_time() -> None:
    def again(after_s: float, **who: Any) -> int:
        story = [*answered("c1", MONDAY), *answered("c2", MONDAY + after_s, **who)]
        rows = counted(story)
        return sum(amounts.get("repeats", 0) for row, amounts in rows.items() if row[0::2] == (HOUR, HOTLINE))

    week = 7 * 86_400.0
    assert (again(week), again(week + 1), again(3_600, queue="water")) == (1, 0, 0)
    assert again(3_600, more={"caller": "138-0000 0000"}) == 1
    assert again(3_600, more={"caller": "13900000000"}) == 0
    for caller in ("", "anonymous"):
        hidden = [
            *answered("c1", MONDAY, more={"caller": caller}),
            *answered("c2", MONDAY + 60, more={"caller": caller}),
        ]
        assert "contacts" not in of(hidden, QUEUE, "greening")


def test_the_same_call_is_no_repeat() -> None:
    first = answered("c1", MONDAY)
    back = [record._replace(at=record.at + 70) for record in first if record.kind is not Kind.CALL_STARTED]
    story = [record for record in first if record.kind is not Kind.CALL_FINISHED] + back
    rows = of(story, QUEUE, "greening")
    assert (rows["interactions"], rows["contacts"], rows.get("repeats", 0)) == (2, 1, 0)


def test_the_sound_of_legs_by_phone_and_network() -> None:
    def leg(at: float, **data: object) -> Record:
        usual = {"phone": "1001_browser", "network": "192.0.2.0/24", "mos": 4.36, "lost": 0.5, "jitter_ms": 2.5}
        return Record(MONDAY + at, Kind.LEG_MEASURED, "c1", data={**usual, "trip_ms": 20.4, **data})

    story = [
        leg(0),
        leg(1, mos=3.59, lost=8.74, jitter_ms=0.1, trip_ms=None),
        leg(2, phone="trunk", network="", mos=None, lost=None, jitter_ms=0.0, trip_ms=None),
        leg(3, test=True),
    ]
    both = {"legs": 2, "legs_poor": 1, "mos_hundredths": 795, "lost_hundredths": 924, "jitter_us": 2_600}
    both |= {"trips": 1, "trip_us": 20_400}
    assert of(story, Dimension.PHONE, "1001_browser") == both
    assert of(story, Dimension.NETWORK, "192.0.2.0/24") == both
    assert of(story, Dimension.PHONE, "trunk") == {"legs_silent": 1}
    assert of(story, HOTLINE, "") == both | {"legs_silent": 1}
