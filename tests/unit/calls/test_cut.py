"""Which places the callers have whose calls were cut off, and what a call does that has one."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd import events as acd
from acd.events import EndedBy, Left
from acd.recovery.state import UnreadableSnapshot
from calls import cut as cutting
from calls import events as ev
from calls.cut import CLAIMED, WITHIN, CutCalls
from calls.model import FRONT, Cut, KeptPlace, fold
from calls.states import Arriving, Entering, Front, Going, InMenu, Leaving, Offered, Stage, State, Talking, Waiting
from emergency.model import Emergency, When
from hotline.edition import Edition
from journal.actor import CALLER, SYSTEM, Actor
from journal.records import Kind, Record
from sounds.model import Phrase
from tests.unit.calls.steps import ARRIVAL, EDITION, NOW, At, offered, records, settling, told
from tests.unit.calls.test_closed import small
from tests.unit.emergency.test_model import message as message_of
from tests.unit.service.calling import FakeCatalogue

NUMBER, OTHER, LINE = "13800138000", "13900139000", "12319"
ENDED: dict[str, Any] = {"by": "system", "outcome": "lost", "cause": "asterisk-ended"}


class Calls:
    """Citizens' calls, as their Records tell them. `at`: the moment, in seconds."""

    def __init__(self) -> None:
        self.cut = self.anew()
        self.records: list[Record] = []
        self.at = 1000.0
        self._ids: Iterator[int] = count(1)

    def anew(self) -> CutCalls:
        return CutCalls(lambda number: number == "1001")

    def write(self, kind: Kind, call: str, actor: Actor = SYSTEM, agent: str | None = None, **data: Any) -> None:
        record = Record(self.at, kind, call, data.pop("queue", None), agent, data=data, actor=actor)
        self.records.append(record)
        self.cut.note(record)

    def start(self, caller: str = NUMBER, actor: Actor = CALLER, **data: Any) -> str:
        call = f"call-{next(self._ids)}"
        self.write(Kind.CALL_STARTED, call, actor, caller=caller, **{"number": LINE, "language": "zh", **data})
        return call

    def waits(self, caller: str = NUMBER, queue: str = "trees", head_start: float = 0.0, **data: Any) -> str:
        call = self.start(caller, **data)
        self.write(Kind.QUEUED, call, queue=queue, head_start=head_start)
        return call

    def talks(self, caller: str = NUMBER, agent: str = "1001", queue: str = "trees") -> str:
        call = self.waits(caller, queue)
        self.write(Kind.CONNECTED, call, agent=agent, queue=queue)
        return call

    def dies(self, *calls: str) -> None:
        """Asterisk ends, and all of these with it."""
        for call in calls:
            self.write(Kind.CALL_FINISHED, call, **ENDED)

    def claim(self, number: str = NUMBER, dialled: str = LINE) -> Cut | None:
        return self.cut.claim(number, dialled, self.at)


def test_who_waited_has_the_time_of_arrival_and_who_talked_the_front_with_that_agent_first() -> None:
    calls = Calls()
    waits = calls.waits(known={"district": "pudong"})
    talks = calls.talks(OTHER, "1002", "water")
    calls.at += 60
    calls.dies(waits, talks)
    assert calls.claim() == Cut(waits, "trees", 1000.0, "", "zh", {"district": "pudong"})
    assert calls.claim(OTHER) == Cut(talks, "water", None, "1002", "zh", {})


def test_a_head_start_is_in_the_time_of_arrival_and_the_front_stays_the_front() -> None:
    calls = Calls()
    calls.dies(calls.waits(head_start=120.0), calls.waits(OTHER, head_start=FRONT))
    first, second = calls.claim(), calls.claim(OTHER)
    assert first is not None
    assert second is not None
    assert (first.since, second.since) == (880.0, None)
    moved = calls.waits("137")
    calls.write(Kind.MOVED, moved, to={"front": True})
    calls.dies(moved)
    third = calls.claim("137")
    assert third is not None
    assert third.since is None


def test_what_the_caller_chose_and_keyed_in_is_known_as_nobody_is_asked_again() -> None:
    calls = Calls()
    call = calls.start()
    calls.write(Kind.LANGUAGE_CHOSEN, call, language="en")
    calls.write(Kind.LEARNED, call, name="meter", value="4711")
    calls.write(Kind.QUEUED, call, queue="trees")
    calls.dies(call)
    cut = calls.claim()
    assert cut is not None
    assert (cut.language, cut.known) == ("en", {"meter": "4711"})


@pytest.mark.parametrize(
    "then",
    [
        [(Kind.MENU_ENTERED, {"menu": "main"})],
        [(Kind.SUB_HOTLINE_DIALLED, {"sub_hotline": "bureau"}), (Kind.SUB_HOTLINE_ANSWERED, {"sub_hotline": "bureau"})],
        [(Kind.ROUTED, {"to": {"menu": "main"}})],
        [(Kind.MESSAGE_BEGUN, {"queue": "trees"})],
        [(Kind.CONNECTED, {"queue": "trees"}), (Kind.TALK_ENDED, {"by": "agent"}), (Kind.SAID, {"text": "Goodbye"})],
        [(Kind.CONNECTED, {"queue": "trees"}), (Kind.TALK_ENDED, {"by": "agent"}), (Kind.SURVEY_OFFERED, {})],
    ],
    ids=["menus", "department", "on the way to a menu", "message", "goodbye", "survey"],
)
def test_who_did_not_wait_or_talk_any_more_has_no_place(then: list[tuple[Kind, dict[str, Any]]]) -> None:
    calls = Calls()
    call = calls.waits()
    for kind, data in then:
        calls.write(kind, call, **data)
    calls.dies(call)
    assert calls.claim() is None


def test_an_asterisk_that_is_stopped_hangs_up_callers_and_agents_before_it_ends() -> None:
    calls = Calls()
    waits, talks = calls.waits(), calls.talks(OTHER)
    calls.write(Kind.LEFT_QUEUE, waits, queue="trees", why=Left.HUNG_UP)
    calls.write(Kind.TALK_ENDED, talks, agent="1001", queue="trees", by=EndedBy.AGENT)
    calls.at += 3
    calls.dies(waits, talks)
    first, second = calls.claim(), calls.claim(OTHER)
    assert first is not None
    assert second is not None
    assert (first.queue, first.since, second.agent) == ("trees", 1000.0, "1001")


def test_a_colleague_who_got_the_caller_is_rung_first_and_before_that_whoever_sent_the_caller() -> None:
    calls = Calls()
    rings, talks = calls.talks(), calls.talks(OTHER)
    for call in (rings, talks):
        calls.write(Kind.TALK_ENDED, call, agent="1001", queue="trees", by=EndedBy.SYSTEM)
        calls.write(Kind.TRANSFERRED, call, agent="1001", to={"agent": "1002"})
    calls.write(Kind.TRANSFER_ANSWERED, talks, to={"agent": "1002"})
    calls.dies(rings, talks)
    first, second = calls.claim(), calls.claim(OTHER)
    assert first is not None
    assert second is not None
    assert (first.agent, first.since, second.agent, second.since) == ("1001", None, "1002", None)


def test_a_caller_on_the_way_to_another_queue_comes_to_that_one() -> None:
    calls = Calls()
    call = calls.waits()
    calls.at += 30
    calls.write(Kind.OVERFLOWED, call, queue="trees")
    calls.write(Kind.ROUTED, call, to={"queue": "water"})
    calls.dies(call)
    cut = calls.claim()
    assert cut is not None
    assert (cut.queue, cut.since) == ("water", 1000.0)


def test_a_citizen_who_was_called_back_and_waits_has_that_place() -> None:
    calls = Calls()
    call = calls.start(to={"queue": "trees"}, number="12320")  # the number that the citizen saw
    calls.write(Kind.CALLBACK_ANSWERED, call, queue="trees", since=400.0)
    calls.dies(call)
    cut = calls.claim()
    assert cut is not None
    assert (cut.queue, cut.since) == ("trees", 400.0)


@pytest.mark.parametrize(
    "of",
    [
        {"caller": "1001"},
        {"caller": ""},
        {"caller": "anonymous"},
        {"about": "call-9"},
        {"test": True},
        {"actor": Actor.user("wang")},
    ],
    ids=["agent", "nobody", "withheld", "asks a queue", "test", "placed"],
)
def test_only_citizens_with_a_number_have_a_place(of: dict[str, Any]) -> None:
    calls = Calls()
    calls.dies(calls.waits(**of))
    assert calls.claim(str(of.get("caller", NUMBER))) is None


@pytest.mark.parametrize("end", [{"by": "caller"}, {"by": "system"}, {"by": "caller", "cause": "hung-up-unseen"}])
def test_who_has_hung_up_has_no_place(end: dict[str, Any]) -> None:
    calls = Calls()
    calls.write(Kind.CALL_FINISHED, calls.waits(), **end)
    assert calls.claim() is None


@pytest.mark.parametrize("cause", sorted(ev.CUT_OFF))
def test_every_failure_counts(cause: ev.Missing) -> None:
    calls = Calls()
    calls.write(Kind.CALL_FINISHED, calls.waits(), **ENDED | {"cause": cause})
    assert calls.claim() is not None


def test_it_is_kept_for_five_minutes_from_when_citizens_can_call_again() -> None:
    calls = Calls()
    call = calls.waits()
    calls.at += 3_600  # the machine was down
    calls.dies(call)
    calls.at += WITHIN
    assert calls.cut.claim(NUMBER, LINE, calls.at + 0.1) is None
    assert calls.claim() is not None


def test_another_number_of_the_hotline_leads_to_its_menus_and_another_way_of_writing_ones_own_is_the_same() -> None:
    calls = Calls()
    calls.dies(calls.waits("013800138000"))
    assert calls.claim(dialled="12320") is None
    assert calls.claim("+13800138000") is not None


def test_a_place_is_used_once() -> None:
    calls = Calls()
    call = calls.waits()
    calls.dies(call)
    assert calls.claim() is not None
    assert calls.claim() is None, "a second call in the same moment"
    again = calls.start(cut=call)
    calls.at += CLAIMED + 1
    assert calls.claim() is None, "the first one is on its way"
    calls.write(Kind.QUEUED, again, queue="trees", head_start=31.0)
    calls.write(Kind.CALL_FINISHED, again, by="caller")
    assert calls.claim() is None


def test_who_hangs_up_on_the_way_to_it_has_it_still() -> None:
    calls = Calls()
    call = calls.waits()
    calls.dies(call)
    calls.claim()
    calls.write(Kind.CALL_FINISHED, calls.start(cut=call), by="caller")
    assert calls.claim() is not None
    calls.at += CLAIMED + 1
    second = calls.start(cut=call)
    calls.at += WITHIN - CLAIMED - 2
    calls.dies(second)  # another failure
    calls.at += WITHIN
    cut = calls.claim()
    assert cut is not None
    assert cut.call == call


def test_who_is_cut_off_once_more_while_waiting_has_the_same_place() -> None:
    calls = Calls()
    call = calls.waits()
    calls.at += 60
    calls.dies(call)
    calls.claim()
    again = calls.waits(head_start=60.0, cut=call)
    calls.dies(again)
    cut = calls.claim()
    assert cut is not None
    assert (cut.call, cut.since) == (again, 1000.0)


def test_who_gets_the_place_by_grace_has_it_once() -> None:
    calls = Calls()
    calls.dies(calls.waits())
    calls.at += 60
    calls.waits(head_start=60.0)  # through the menus of another number
    assert calls.claim() is None


def test_whom_an_agent_has_called_meanwhile_has_no_place_any_more() -> None:
    calls = Calls()
    calls.dies(calls.talks(), calls.talks(OTHER))
    calls.write(Kind.CALL_OUT_ANSWERED, "call-9", agent="1001", queue="trees", number=f"0{NUMBER}")
    assert calls.claim() is None
    assert calls.claim(OTHER) is not None


def test_a_caller_who_comes_back_in_the_same_call_was_not_cut_off() -> None:
    calls = Calls()
    call = calls.waits()
    calls.write(Kind.CALL_FINISHED, call, **ENDED | {"cause": "asterisk-away"})
    calls.write(Kind.CALL_STARTED, call, CALLER, caller=NUMBER, number=LINE, resumed=True)
    assert calls.claim() is None


def test_of_a_company_the_talk_comes_first_then_who_waits_longest() -> None:
    calls = Calls()
    first = calls.waits()
    calls.at += 1
    second = calls.waits()
    talk = calls.talks()
    calls.dies(second, first, talk)
    claimed = [calls.claim() for _ in range(4)]
    assert [None if cut is None else cut.call for cut in claimed] == [talk, first, second, None]


def test_a_restart_keeps_all_of_it() -> None:
    calls = Calls()
    gone, live = calls.talks(), calls.waits(OTHER)
    coming = calls.start("137")
    calls.dies(gone)
    kept, calls.records = calls.cut.kept(), []
    calls.write(Kind.QUEUED, coming, queue="trees")
    calls.dies(live, coming)
    calls.cut = calls.anew()
    calls.cut.restore(kept, calls.records)
    claimed = [calls.claim(number) for number in (NUMBER, OTHER, "137")]
    assert [None if cut is None else cut.call for cut in claimed] == [gone, live, coming]


def test_a_restart_keeps_the_place_of_a_call_on_its_way() -> None:
    calls = Calls()
    call = calls.waits()
    calls.dies(call)
    again = calls.start(cut=call)
    kept = calls.cut.kept()
    calls.cut = calls.anew()
    calls.cut.restore(kept, ())
    assert calls.claim() is None
    calls.write(Kind.CALL_FINISHED, again, by="caller")
    assert calls.claim() is not None


def test_what_is_no_snapshot_is_not_read() -> None:
    with pytest.raises(UnreadableSnapshot):
        Calls().cut.restore({"places": [{"call": 1}]}, ())


def test_a_number_is_forgotten() -> None:
    calls = Calls()
    calls.dies(calls.waits())
    live = calls.waits()
    calls.cut.forget(f"0{NUMBER}")
    calls.dies(live)
    assert calls.claim() is None
    assert calls.cut.kept() == {"live": {}, "places": []}


def test_neither_places_nor_calls_without_an_end_are_kept_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "MOST", 2)
    monkeypatch.setattr(cutting, "MOST_LIVE", 2)
    calls = Calls()
    for number in ("131", "132", "133"):
        calls.dies(calls.waits(number))
    assert [calls.claim(number) is not None for number in ("131", "132", "133")] == [False, True, True]
    lost = [calls.waits(number) for number in ("134", "135", "136")]
    calls.dies(*lost)
    assert [calls.claim(number) is not None for number in ("134", "135", "136")] == [False, True, True]
    calls.at += WITHIN + 1
    calls.start()
    assert calls.cut.kept()["places"] == []


@given(st.data())
def test_however_they_ring_again_nobody_is_behind_who_came_later(data: st.DataObject) -> None:
    """Callers wait, talk, hang up; Asterisk dies; then they ring again in any order, some of them twice, over a restart
    of the service or not. Every place is used once, and everybody stands as before: cut talks first.
    """
    calls, alive = Calls(), dict[str, tuple[str, float | None]]()
    for number in data.draw(st.lists(st.sampled_from([f"138{n}" for n in range(6)]), max_size=12)):
        calls.at += data.draw(st.floats(0, 100))
        if number in alive:
            calls.write(Kind.CALL_FINISHED, alive.pop(number)[0], by="caller")
        elif data.draw(st.booleans()):
            alive[number] = calls.talks(number), None
        else:
            alive[number] = calls.waits(number), calls.at
    calls.dies(*(call for call, _ in alive.values()))
    if data.draw(st.booleans()):
        records, calls.cut = calls.records, calls.anew()
        calls.cut.restore(None, records)
    had = dict[str, float | None]()
    for number in data.draw(st.lists(st.sampled_from([f"138{n}" for n in range(6)]), max_size=12)):
        calls.at += data.draw(st.floats(0, 20))
        cut = calls.claim(number)
        assert (cut is not None) == (number in alive and number not in had)
        if cut is not None:
            assert (cut.call, cut.since) == alive[number]
            had[number] = cut.since
            head_start = FRONT if cut.since is None else calls.at - cut.since
            calls.waits(number, head_start=head_start, cut=cut.call)


# --- the call that has such a place

WAITED = Cut("c-0", "trees", NOW - 60, "", "en", {})
TALKED = Cut("c-0", "trees", None, "1001", "en", {})


def comes(cut: Cut | None, edition: Edition = EDITION, **more: Any) -> At:
    """A call that is being answered."""
    at = At(Arriving(Stage.ANSWER), edition)
    at.machine.arrival = replace(ARRIVAL, cut=cut, **more)
    return at


@pytest.mark.parametrize(
    ("cut", "front", "head_start", "phrase"),
    [(WAITED, None, 60.0, "service-apology"), (TALKED, Front("1001"), FRONT, "talk-broken")],
    ids=["waited", "talked"],
)
def test_it_goes_to_the_queue_without_the_menus_and_hears_why_while_it_waits(
    cut: Cut, front: Front | None, head_start: float, phrase: str
) -> None:
    at = comes(cut)
    written = records(at.step(ev.PlainEvent.DONE, ev.PlainEvent.SESSION_FREE), Kind.ROUTED)
    assert [record.data["to"] for record in written] == [{"queue": "trees"}]
    assert at.state == Entering("trees", front)
    (queued,) = told(at.step(ev.PlainEvent.DONE))
    assert isinstance(queued, acd.CallQueued)
    assert (queued.queue, queued.head_start, queued.agent) == ("trees", head_start, front.agent if front else "")
    waits: State = at.state
    assert waits == Waiting("trees", (Phrase(phrase),))


def test_the_story_names_the_call_that_was_cut_off() -> None:
    at = At(Arriving(Stage.MARK))
    at.machine.arrival, at.machine.begun = replace(ARRIVAL, cut=WAITED), False
    written = records(at.step(ev.PlainEvent.DONE, ev.PlainEvent.SESSION_FREE), Kind.CALL_STARTED)
    assert [record.data["cut"] for record in written] == ["c-0"]


def test_a_hotline_that_takes_no_new_calls_says_so() -> None:
    at = comes(WAITED, turned_away=True)
    at.step(ev.PlainEvent.DONE)
    assert at.state == Arriving(Stage.MAINTENANCE)


def test_without_such_a_place_the_menus_begin() -> None:
    at = comes(None)
    at.step(ev.PlainEvent.DONE)
    assert isinstance(at.state, InMenu)


@pytest.mark.parametrize("state", [Waiting("trees"), offered("o-1"), settling("o-1")])
def test_a_caller_who_waited_has_not_given_up(state: Waiting | Offered) -> None:
    commands = At(state).step(ev.CallerMissing(ev.Missing.ASTERISK_ENDED))
    assert told(commands) == [acd.CallLeft("c-1", Left.CUT)]


def test_a_talk_ends_by_the_failure() -> None:
    commands = At(Talking("trees", "o-1", "1001")).step(ev.CallerMissing(ev.Missing.MACHINE_LOST))
    assert told(commands) == [acd.CallEnded("c-1", EndedBy.SYSTEM, "machine-lost")]


def test_a_service_that_dies_on_the_way_finds_the_place_again() -> None:
    """The route is a Record, with the time of arrival."""
    at = comes(WAITED)
    (routed,) = records(at.step(ev.PlainEvent.DONE), Kind.ROUTED)
    assert at.state == Going(at.machine.exactly("queues", "trees"))
    summary = fold(None, routed)
    assert (summary.onward, summary.since) == ({"queue": "trees"}, NOW - 60)


def test_who_comes_to_the_front_needs_no_callback_of_that_queue_any_more() -> None:
    at = comes(TALKED, callbacks={"trees": "b-1"}, places={"trees": KeptPlace(NOW - 9, inf)})
    left, queued = told(at.step(ev.PlainEvent.DONE, ev.PlainEvent.SESSION_FREE, ev.PlainEvent.DONE))
    assert left == acd.CallLeft("b-1", Left.WENT_ELSEWHERE)
    assert isinstance(queued, acd.CallQueued)
    assert (queued.callback, queued.head_start) == ("", FRONT)


def message(mode: When, where: str = "") -> Emergency:
    return message_of(NOW, mode=mode, where=where)


@pytest.mark.parametrize(("mode", "then"), [(When.BEFORE, Going), (When.INSTEAD, Leaving)])
def test_an_emergency_message_for_all_callers_comes_first(mode: When, then: type[State]) -> None:
    at = comes(WAITED, emergencies=(message(mode),))
    at.step(ev.PlainEvent.DONE)
    assert at.state == Arriving(Stage.EMERGENCY)
    at.step(ev.Said("", interrupted=False))
    assert type(at.machine.state) is then


@pytest.mark.parametrize("cut", [WAITED, TALKED], ids=["waited", "talked"])
def test_a_queue_that_is_closed_by_now_says_so(cut: Cut) -> None:
    at = comes(cut, edition=Edition(small(), FakeCatalogue()))
    written = records(at.step(ev.PlainEvent.DONE))
    assert [record.kind for record in written] == [Kind.CLOSED]
    assert isinstance(at.state, InMenu)
