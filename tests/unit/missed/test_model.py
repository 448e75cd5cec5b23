"""The list of missed callers has the right callers and times. A caller who rings again gets the old place back."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from acd.events import Left
from acd.model import Missed as Rule
from acd.recovery.state import UnreadableSnapshot
from calls.model import FRONT, Full, KeptPlace
from journal.actor import CALLER, Actor
from journal.records import Kind, Record
from missed import model
from missed.model import LONGEST, MissedCaller, MissedCallers, Why

RULE = Rule(after=10, grace=120)
NUMBER = "13800138000"


class Calls:
    """Citizens' calls, as their Records tell them. `at`: the moment, in seconds."""

    def __init__(self, longest: float = LONGEST) -> None:
        self.rules: dict[str, Rule] = {"greening": RULE, "water": RULE}
        self.missed = MissedCallers(
            self.rules.get, lambda number: number == "1001", longest, kept_for=lambda queue: 1_800
        )
        self.records: list[Record] = []
        self.at = 1000.0
        self._ids: Iterator[int] = count(1)

    def write(self, kind: Kind, call: str, queue: str | None = None, actor: Actor = CALLER, **data: Any) -> None:
        record = Record(self.at, kind, call, queue, data=data, actor=actor)
        self.records.append(record)
        self.missed.note(record)

    def start(self, caller: str = NUMBER, **data: Any) -> str:
        call = f"call-{next(self._ids)}"
        self.write(Kind.CALL_STARTED, call, caller=caller, **data)
        return call

    def queue(self, call: str, queue: str = "greening", head_start: float = 0.0) -> None:
        self.write(Kind.QUEUED, call, queue, head_start=head_start)

    def give_up(self, call: str, queue: str = "greening") -> None:
        self.write(Kind.LEFT_QUEUE, call, queue, why=Left.HUNG_UP)
        self.write(Kind.CALL_FINISHED, call, by="caller")

    def gives_up(self, seconds: float = 30.0, caller: str = NUMBER, queue: str = "greening", **data: Any) -> str:
        """A call that waits so long and is given up."""
        call = self.start(caller, **data)
        self.queue(call, queue)
        self.at += seconds
        self.give_up(call, queue)
        return call

    @property
    def list(self) -> list[MissedCaller]:
        return [seen.entry for seen in self.missed.list(self.at)]

    def places(self) -> dict[str, KeptPlace]:
        """Those that a call would get which comes in now, and which then ends."""
        found = dict(self.missed.claim(NUMBER, "asks", self.at))
        self.missed._claims.clear()
        return found


@pytest.mark.parametrize(("seconds", "missed"), [(30.0, [Why.CUT]), (5.0, [])], ids=["waited", "hardly waited"])
def test_who_is_cut_off_while_waiting_is_missed_and_has_the_place_for_the_grace_time(
    seconds: float, missed: list[Why]
) -> None:
    calls = Calls()
    call, since = calls.start(), calls.at
    calls.queue(call)
    calls.at += seconds
    calls.write(Kind.LEFT_QUEUE, call, "greening", why=Left.CUT)
    calls.write(Kind.CALL_FINISHED, call, by="system", outcome="lost", cause="asterisk-ended")
    assert [entry.why for entry in calls.list] == missed
    kept = {"greening": KeptPlace(since, calls.at + RULE.grace)} if missed else {}
    assert calls.missed.claim(NUMBER, "call-9", calls.at) == kept


def test_who_is_cut_off_in_a_talk_has_spoken_with_somebody() -> None:
    calls = Calls()
    call = calls.start()
    calls.queue(call)
    calls.at += 30
    calls.write(Kind.CONNECTED, call, "greening")
    calls.write(Kind.CALL_FINISHED, call, by="system", outcome="lost", cause="asterisk-ended")
    assert calls.list == []


def test_who_gives_up_is_missed() -> None:
    calls = Calls()
    call = calls.gives_up(30.5)
    assert calls.list == [
        MissedCaller(call, NUMBER, "greening", Why.GAVE_UP, 1030.5, 1030.5, times=1, waited=30.5, since=1000.0)
    ]


def test_who_gives_up_at_once_is_not() -> None:
    calls = Calls()
    calls.gives_up(9.9)
    assert calls.list == []


def test_the_wait_in_earlier_queues_counts_and_the_last_queue_has_the_caller() -> None:
    calls = Calls()
    call = calls.start()
    calls.queue(call, "water")
    calls.at += 40
    calls.write(Kind.OVERFLOWED, call, "water")
    calls.queue(call, "greening", head_start=40.0)
    calls.at += 3
    calls.give_up(call)
    assert [(entry.queue, entry.waited, entry.since) for entry in calls.list] == [("greening", 43.0, 1000.0)]


def test_a_menu_between_two_queues_begins_the_wait_anew() -> None:
    calls = Calls()
    call = calls.start()
    calls.queue(call, "water")
    calls.at += 40
    calls.write(Kind.LEFT_QUEUE, call, "water", why=Left.WENT_ELSEWHERE)
    calls.write(Kind.MENU_ENTERED, call, menu="main")
    calls.queue(call, "greening")
    calls.at += 3
    calls.give_up(call)
    assert calls.list == []


def test_the_same_number_in_any_way_of_writing_is_one_caller() -> None:
    calls = Calls()
    first = calls.gives_up(30)
    calls.at += 600
    calls.gives_up(20, caller="+86" + NUMBER)
    assert len(calls.list) == 2  # with the country's code it is another number
    calls.gives_up(50, caller="0" + NUMBER)
    entry = calls.list[0]
    assert (entry.id, entry.times, entry.waited, entry.first, entry.last) == (first, 2, 50.0, 1030.0, 1700.0)


@pytest.mark.parametrize("kind", [Kind.CONNECTED, Kind.SUB_HOTLINE_ANSWERED, Kind.TRANSFER_ANSWERED])
def test_whoever_speaks_with_somebody_is_missed_in_no_queue(kind: Kind) -> None:
    calls = Calls()
    calls.gives_up(queue="greening")
    calls.gives_up(queue="water")
    call = calls.start()
    assert [seen.again for seen in calls.missed.list(calls.at)] == [True, True]
    calls.queue(call, "water")
    calls.write(kind, call, "water")
    assert calls.list == []
    calls.write(Kind.CALL_FINISHED, call, by="caller")
    assert calls.list == []


@pytest.mark.parametrize("why", [Left.HUNG_UP, Left.PHONE_GONE, Left.CUT])
def test_who_has_just_given_up_does_not_call_again(why: Left) -> None:
    """The Record of the call's end comes a moment later."""
    calls = Calls()
    call = calls.start()
    calls.queue(call)
    calls.at += 30
    calls.write(Kind.LEFT_QUEUE, call, "greening", why=why)
    assert [seen.again for seen in calls.missed.list(calls.at)] == [False]
    calls.write(Kind.CALL_FINISHED, call)
    assert [seen.entry.times for seen in calls.missed.list(calls.at)] == [1]


def test_who_spoke_and_waits_again_in_that_call_is_not_missed() -> None:
    calls = Calls()
    call = calls.start()
    calls.queue(call)
    calls.write(Kind.CONNECTED, call, "greening")
    calls.write(Kind.TALK_ENDED, call, "greening")
    calls.queue(call, "water")
    calls.at += 100
    calls.give_up(call, "water")
    assert calls.list == []


@pytest.mark.parametrize(("place", "queue"), [({"queue": "water"}, "water"), ({}, "")])
def test_who_comes_to_what_is_closed_is_missed(place: dict[str, str], queue: str) -> None:
    calls = Calls()
    call = calls.start()
    calls.write(Kind.CLOSED, call, place=place, hours="office", opens=None)
    assert calls.list == []
    calls.write(Kind.CALL_FINISHED, call, by="system")
    assert [(entry.queue, entry.why, entry.waited) for entry in calls.list] == [(queue, Why.CLOSED, 0.0)]


@pytest.mark.parametrize(("waits", "why"), [(200, "greening/gave-up"), (5, "water/closed")])
def test_a_wait_that_is_too_short_leaves_the_earlier_reason(waits: float, why: str) -> None:
    calls = Calls()
    call = calls.start()
    calls.write(Kind.CLOSED, call, place={"queue": "water"}, hours="office", opens=None)
    calls.queue(call, "greening")
    calls.at += waits
    calls.give_up(call)
    assert [f"{entry.queue}/{entry.why}" for entry in calls.list] == [why]


def test_the_last_reason_wins() -> None:
    calls = Calls()
    call = calls.start()
    calls.write(Kind.CLOSED, call, place={"queue": "water"}, hours="office", opens=None)
    calls.queue(call, "greening")
    calls.at += 200
    calls.write(Kind.OVERFLOWED, call, "greening")
    calls.write(Kind.CALL_FINISHED, call, by="system")
    assert [(entry.queue, entry.why, entry.waited) for entry in calls.list] == [("greening", Why.OVERFLOWED, 200.0)]


def test_who_is_moved_and_hangs_up_before_the_next_queue_is_missed() -> None:
    calls = Calls()
    call = calls.start()
    calls.queue(call)
    calls.at += 60
    calls.write(Kind.MOVED, call, "greening", to={"queue": "water"})
    calls.write(Kind.CALL_FINISHED, call, by="caller")
    assert [(entry.queue, entry.waited) for entry in calls.list] == [("greening", 60.0)]
    assert calls.missed.kept()["live"] == {}


def test_a_call_that_comes_back_unknown_has_spoken_and_is_not_followed() -> None:
    calls = Calls()
    call = calls.start()
    calls.queue(call)
    calls.write(Kind.CONNECTED, call, "greening")
    calls.write(Kind.CALL_STARTED, call, caller=NUMBER, resumed=True)
    calls.queue(call)
    calls.at += 60
    calls.give_up(call)
    assert calls.list == []


def test_a_closed_menu_or_department_misses_nobody() -> None:
    calls = Calls()
    call = calls.start()
    calls.write(Kind.CLOSED, call, place={"sub_hotline": "bureau"}, hours="office", opens=None)
    calls.write(Kind.CALL_FINISHED, call, by="system")
    assert calls.list == []


def test_who_waits_elsewhere_as_it_is_closed_is_missed_there() -> None:
    calls = Calls()
    call = calls.start()
    calls.write(Kind.CLOSED, call, place={"queue": "water"}, hours="office", opens=None)
    calls.queue(call, "greening")
    calls.at += 20
    calls.give_up(call)
    assert [(entry.queue, entry.why) for entry in calls.list] == [("greening", Why.GAVE_UP)]


def test_who_leaves_a_queue_by_a_rule_and_reaches_nobody_is_missed_there() -> None:
    calls = Calls()
    call = calls.start()
    calls.queue(call, "water")
    calls.at += 300
    calls.write(Kind.OVERFLOWED, call, "water")
    calls.write(Kind.CALL_FINISHED, call, by="system")
    assert [(entry.queue, entry.why, entry.waited) for entry in calls.list] == [("water", Why.OVERFLOWED, 300.0)]
    assert calls.places() == {}


def test_who_is_refused_as_there_are_too_many_calls_is_missed() -> None:
    calls = Calls()
    calls.write(Kind.CALL_FINISHED, calls.start(), by="system", outcome="failed", cause=Full.CALLS)
    calls.write(Kind.CALL_FINISHED, calls.start("13900139000"), by="system", outcome="failed", cause="no-session")
    assert [(entry.number, entry.queue, entry.why) for entry in calls.list] == [(NUMBER, "", Why.REFUSED)]


def test_nobody_without_a_number_no_test_call_and_no_agent_is_missed() -> None:
    calls = Calls()
    calls.gives_up(caller="")
    calls.gives_up(caller="anonymous")
    calls.gives_up(test=True)
    calls.gives_up(caller="1001")
    calls.gives_up(about="call-0")
    assert calls.list == []


def test_whoever_withholds_the_number_gets_nobody_elses_place_also_after_an_older_version() -> None:
    calls = Calls()
    calls.gives_up(caller="anonymous")
    assert calls.missed.claim("anonymous", "call-9", calls.at) == {}
    calls.gives_up()
    calls.start()
    kept = json.loads(json.dumps(calls.missed.kept()).replace(NUMBER, "anonymous").replace("13800138", "anonymous"))
    calls = Calls()
    calls.missed.restore(kept, ())
    assert calls.missed.kept() == {"live": {}, "entries": []}


def test_the_distributor_may_learn_of_the_hang_up_later() -> None:
    calls = Calls()
    call = calls.start()
    calls.queue(call)
    calls.at += 30
    calls.write(Kind.CALL_FINISHED, call, by="caller")
    calls.write(Kind.LEFT_QUEUE, call, "greening", why=Left.HUNG_UP)
    assert [entry.waited for entry in calls.list] == [30.0]
    assert calls.missed.kept()["live"] == {}


def test_the_place_is_kept_for_the_grace_time_and_for_one_call() -> None:
    calls = Calls()
    calls.gives_up(60)
    calls.at += 120
    assert calls.places() == {"greening": KeptPlace(1000.0, 1180.0)}
    calls.at += 0.5
    assert calls.places() == {}
    calls.at -= 0.5
    call = calls.start()
    calls.queue(call, head_start=180.0)
    assert calls.places() == {}  # that call has it
    calls.at += 15
    calls.give_up(call)
    assert calls.places() == {"greening": KeptPlace(1000.0, calls.at + 120)}


def test_of_several_calls_of_a_number_one_gets_the_place() -> None:
    calls = Calls()
    calls.gives_up(60)
    first, second = calls.start(), calls.start()
    assert calls.missed.claim(NUMBER, first, calls.at) == {"greening": KeptPlace(1000.0, 1180.0)}
    assert calls.missed.claim(NUMBER, second, calls.at) == {}
    calls.queue(second)
    calls.write(Kind.MENU_ENTERED, first, menu="main")
    calls.write(Kind.CALL_FINISHED, first, by="caller")
    assert calls.missed.claim(NUMBER, "third", calls.at) == {"greening": KeptPlace(1000.0, 1180.0)}


def test_a_call_that_has_the_place_and_breaks_off_early_keeps_it() -> None:
    calls = Calls()
    calls.gives_up(60)
    calls.at += 30
    call = calls.start()
    calls.queue(call, head_start=90.0)
    calls.at += 3
    calls.give_up(call)
    assert calls.places() == {"greening": KeptPlace(1000.0, calls.at + 120)}
    assert [(entry.times, entry.waited) for entry in calls.list] == [(2, 60.0)]


def test_no_place_is_kept_where_the_caller_came_when_it_was_closed() -> None:
    calls = Calls()
    call = calls.start()
    calls.write(Kind.CLOSED, call, place={"queue": "greening"}, hours="office", opens=None)
    calls.write(Kind.CALL_FINISHED, call, by="system")
    assert calls.places() == {}


def test_the_front_of_a_queue_is_not_kept() -> None:
    """The caller waits since then, and was put there for something that is over."""
    calls = Calls()
    call = calls.start()
    calls.queue(call, head_start=FRONT)
    calls.at += 30
    calls.give_up(call)
    assert calls.places()["greening"].since == 1000.0


def test_a_call_that_has_left_its_queue_is_followed_to_its_end_and_no_longer() -> None:
    calls = Calls()
    call = calls.start()
    calls.queue(call)
    calls.write(Kind.LEFT_QUEUE, call, "greening", why=Left.WENT_ELSEWHERE)
    calls.write(Kind.CALL_FINISHED, call, by="caller")
    assert (calls.list, calls.missed.kept()["live"]) == ([], {})


def test_somebody_takes_a_caller_off_the_list() -> None:
    calls = Calls()
    call = calls.gives_up()
    other = calls.gives_up(caller="13900139000")
    before = calls.missed.changes
    calls.write(Kind.MISSED_DONE, call, "greening", Actor.agent("1001"), note="called back")
    assert [entry.id for entry in calls.list] == [other]
    assert calls.missed.changes > before
    assert calls.missed.counts() == {"greening": 1}


def test_after_a_week_and_beyond_what_may_be_kept_a_caller_leaves_the_list() -> None:
    for longest, days in ((LONGEST, 7), (2 * 86_400.0, 2)):
        calls = Calls(longest)
        calls.gives_up()
        calls.at += days * 86_400
        assert len(calls.list) == 1
        calls.at += 1
        assert calls.list == []


def test_a_full_list_lets_go_of_those_who_tried_longest_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "MOST", 2)
    calls = Calls()
    for number in ("13800000001", "13800000002", "13800000001", "13800000003"):
        calls.gives_up(caller=number)
    assert {entry.number for entry in calls.list} == {"13800000001", "13800000003"}
    assert calls.missed.dropped == 1


def test_a_flood_of_made_up_numbers_pushes_out_nobody_who_has_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "MOST", 3)
    calls = Calls()
    calls.gives_up(300)
    for number in range(9):
        calls.write(Kind.CALL_FINISHED, calls.start(f"1390000000{number}"), by="system", cause=Full.CALLS)
    assert calls.list[0].number == NUMBER
    assert len(calls.list) == 3


def test_each_queue_is_left_after_a_week_whatever_else_the_caller_tries() -> None:
    calls = Calls()
    calls.gives_up(queue="greening")
    calls.at += 4 * 86_400
    calls.gives_up(queue="water")
    calls.at += 4 * 86_400
    assert [entry.queue for entry in calls.list] == ["water"]
    calls.at += 4 * 86_400
    calls.write(Kind.CALL_FINISHED, "another", by="caller")
    assert calls.missed.counts() == {}
    assert NUMBER not in str(calls.missed.kept())


def test_whether_the_caller_calls_at_this_moment_changes_the_list() -> None:
    calls = Calls()
    calls.gives_up()
    before = calls.missed.changes
    call = calls.start()
    assert calls.missed.changes > before
    before = calls.missed.changes
    calls.write(Kind.CALL_FINISHED, call, by="caller")
    assert calls.missed.changes > before
    assert [seen.again for seen in calls.missed.list(calls.at)] == [False]


def test_forgotten_means_forgotten() -> None:
    calls = Calls()
    calls.gives_up()
    waits = calls.start("0" + NUMBER)
    calls.queue(waits)
    calls.missed.forget(NUMBER)
    assert calls.list == []
    assert NUMBER not in str(calls.missed.kept())


def test_who_was_called_and_has_answered_is_missed_no_more() -> None:
    calls = Calls()
    calls.gives_up()
    calls.gives_up(caller="+8613900139000")
    calls.write(Kind.CALL_OUT_DIALLED, "out-1", "greening", number=NUMBER, shown="12319")
    calls.write(Kind.CALL_OUT_FAILED, "out-1", "greening", why="busy")
    assert len(calls.list) == 2
    before = calls.missed.changes
    calls.write(Kind.CALL_OUT_ANSWERED, "out-2", "greening", number=NUMBER)
    assert [entry.number for entry in calls.list] == ["+8613900139000"]
    assert calls.missed.changes > before
    calls.write(Kind.CALL_OUT_ANSWERED, "out-3", "greening", number="13900139000")
    assert len(calls.list) == 1, "without the code of the country it may be another one"
    again = MissedCallers(calls.rules.get, lambda _: False, alike=lambda number: (number, f"86{number}"))
    again.restore(calls.missed.kept(), calls.records[-1:])
    assert again.list(calls.at) == []


def test_a_restart_has_the_list_from_the_snapshot_and_the_records_since() -> None:
    calls = Calls()
    calls.gives_up()
    waits = calls.start("13900139000")
    calls.queue(waits, "water")
    kept, since = calls.missed.kept(), len(calls.records)
    calls.at += 50
    calls.give_up(waits, "water")
    calls.gives_up(20)
    again = MissedCallers(calls.rules.get, lambda _: False)
    again.restore(kept, calls.records[since:])
    assert again.list(calls.at) == calls.missed.list(calls.at)
    assert again.kept() == calls.missed.kept()


def test_a_snapshot_with_a_number_blotted_out_has_nothing_of_it() -> None:
    calls = Calls()
    calls.gives_up()
    calls.start()
    kept = calls.missed.kept()
    for one in (*kept["entries"], *kept["live"].values()):
        one["number"] = ""
    again = MissedCallers(calls.rules.get, lambda _: False)
    again.restore(kept, ())
    assert again.kept() == {"live": {}, "entries": []}


def test_an_unreadable_snapshot_says_so() -> None:
    with pytest.raises(UnreadableSnapshot, match="missed callers"):
        Calls().missed.restore({"entries": [{}]}, ())


def called_back(calls: Calls, callback: str = "b1") -> float:
    """A caller waits for 60 s and hangs up to be called back; an hour passes. Since when the caller waits."""
    since, call = calls.at, calls.start()
    calls.queue(call)
    calls.at += 60
    calls.write(Kind.CALLBACK_PROMISED, call, "greening", callback=callback, number=NUMBER, since=since)
    calls.write(Kind.CALL_FINISHED, call, by="system")
    calls.at += 3_600
    return since


def test_who_is_to_be_called_back_is_missed_once_no_attempt_has_reached_the_citizen() -> None:
    calls = Calls()
    since = called_back(calls)
    assert calls.list == []
    calls.write(Kind.LEFT_QUEUE, "b1", "greening", why=Left.NOT_REACHED)
    at = calls.at
    assert calls.list == [
        MissedCaller("b1", NUMBER, "greening", Why.NOT_REACHED, at, at, times=1, waited=60.0, since=since)
    ]
    calls.at += 1_800
    assert calls.places() == {"greening": KeptPlace(since, at + 1_800)}, "not only for the grace of who gives up"
    calls.at += 1
    assert calls.places() == {}


@pytest.mark.parametrize("why", [Left.CANCELLED, Left.TALKED])
def test_a_callback_that_is_over_otherwise_leaves_nobody_missed(why: Left) -> None:
    calls = Calls()
    called_back(calls)
    calls.write(Kind.LEFT_QUEUE, "b1", "greening", why=why)
    assert (calls.list, calls.missed.kept()["live"]) == ([], {})


def test_a_callback_whose_queue_is_taken_out_leaves_its_citizen_missed() -> None:
    calls = Calls()
    called_back(calls)
    calls.write(Kind.OVERFLOWED, "b1", "greening", rule=None)
    assert [entry.why for entry in calls.list] == [Why.OVERFLOWED]
    assert calls.missed.kept()["live"] == {}


def test_a_citizen_who_answers_the_callback_and_gives_up_waiting_is_missed_with_the_old_place() -> None:
    calls = Calls()
    since = called_back(calls)
    call = calls.start()
    calls.write(Kind.CALLBACK_ANSWERED, call, "greening", callback="b1", position=1)
    calls.at += 5
    calls.give_up(call)
    assert [(entry.why, entry.since) for entry in calls.list] == [(Why.GAVE_UP, since)]
    assert calls.missed.kept()["live"] == {}
