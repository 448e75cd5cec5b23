"""The life of one call, event by event: what leads from where to where, what is done, and what changes nothing."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from acd import events as acd
from acd.events import EndedBy, Left
from acd.views import CallView, OfferView
from calls import commands as do
from calls import events as ev
from calls.leg import ABSENCE, COMING, FAREWELL, LAST_WORDS, LATE
from calls.machine import CallMachine, place_of
from calls.model import CallState, CallSummary, Outcome
from calls.news import News
from calls.places import (
    TRANSITIONS,
    Arriving,
    AtSubHotline,
    Entering,
    Going,
    Gone,
    InMenu,
    Leaving,
    Offered,
    Over,
    Place,
    PuttingThrough,
    Settling,
    Stage,
    Talking,
    Waiting,
)
from calls.queueing import SETTLING
from ivr import interpreter
from ivr.model import HangUp, Say
from journal.records import Kind, Record
from service.calls.edition import Edition
from sounds.model import Phrase, Words
from tests.unit.calls.steps import (
    ARRIVAL,
    BUREAU,
    EDITION,
    FACTS,
    GENERAL,
    MAIN,
    MENU,
    NOW,
    PLACES,
    SPEECH,
    TOLD,
    TREES,
    At,
    offered,
    ring,
    settling,
)
from tests.unit.service.calling import FakeCatalogue
from tests.unit.service.small import hotline

NEWS = interpreter.send(
    EDITION.hotline, interpreter.State("en"), Say(say={"*": "News"}, then=HangUp(hangup=True)), FACTS
)
TO_TALK, MISSED = ev.Connected("o-1"), ev.RingOver("o-1")
BROKEN, FREE = ev.SessionEnded(gone=False), ev.Plain.SESSION_FREE
HUNG_UP, STRAY = ev.CallerHungUp(blind=False), News.STRAY


def _person_by_sub_hotline() -> Edition:
    """The entry menu leads to a person by a sub-hotline."""
    menus = hotline().menus
    main = menus["main"].model_copy(update={"keys": {**menus["main"].keys, "0": BUREAU}})
    return Edition(hotline().model_copy(update={"menus": {**menus, "main": main}}), FakeCatalogue())


def records(commands: list[do.Command], kind: Kind | None = None) -> list[Record]:
    written = [command.record for command in commands if isinstance(command, do.Write)]
    return [record for record in written if kind in (None, record.kind)]


def told(commands: list[do.Command]) -> list[acd.Event]:
    return [command.event for command in commands if isinstance(command, do.TellDistributor)]


def others(commands: list[do.Command]) -> list[do.Command]:
    """What is neither written nor told."""
    return [command for command in commands if not isinstance(command, do.Write | do.TellDistributor)]


# --- from place to place

TO_MAIN = Going(MAIN, dialled=True, apology=True)
RESTORED = Going(TREES, dialled=True)
AGAIN = Arriving(Stage.APOLOGY, interrupted=True)
UNSEEN = Leaving(talked=True)

TABLE: list[tuple[Place, ev.Event, Place]] = [
    # the way in
    (Arriving(Stage.MARK), ev.Plain.DONE, Arriving(Stage.ANSWER)),
    (Arriving(Stage.ANSWER, back=True), ev.Plain.DONE, Arriving(Stage.ASK_HISTORY, back=True)),
    (Arriving(Stage.ASK_DIALLING, back=True), ev.DiallingKnown(""), Arriving(Stage.MARK, back=True)),
    (Arriving(Stage.ASK_DIALLING), ev.DiallingKnown("bureau"), AtSubHotline("bureau", known=False)),
    (Arriving(Stage.ASK_HISTORY), ev.HistoryKnown(False, False), Arriving(Stage.NOTE)),
    (Arriving(Stage.ASK_HISTORY), ev.HistoryKnown(False, True), Arriving(Stage.NOTE, interrupted=True)),
    (Arriving(Stage.ASK_HISTORY), ev.HistoryKnown(True, False), Arriving(Stage.MAINTENANCE)),
    (Arriving(Stage.NOTE, interrupted=True), ev.Plain.DONE, AGAIN),
    (Arriving(Stage.APOLOGY), ev.Said("", False), replace(MENU, asked=False)),
    (AGAIN, ev.Said("", False), Entering("general")),
    (Arriving(Stage.MAINTENANCE), ev.Said("", False), Leaving()),
    (Arriving(), TO_TALK, Talking(None, "o-1")),
    (Arriving(), ev.DiallingKnown("bureau"), AtSubHotline("bureau", known=False)),
    # menus
    (replace(MENU, asked=False), ev.Said("", True), MENU),
    (MENU, ev.KeyAwaited("1"), Entering("trees")),
    (MENU, ev.KeyAwaited("2"), PuttingThrough("bureau")),
    (InMenu(NEWS), ev.Said("", False), Leaving()),
    (MENU, BROKEN, Arriving(Stage.ASK_DIALLING)),
    (InMenu(NEWS, onward=MAIN), BROKEN, Going(MAIN, dialled=True)),
    # on the way
    (RESTORED, ev.Plain.DONE, Going(TREES)),
    (RESTORED, TO_TALK, Talking(None, "o-1")),
    (Going(MAIN, apology=True), ev.Said("", False), Going(MAIN)),
    (Going(MAIN, apology=True), BROKEN, Going(MAIN, dialled=True)),
    (Going(TREES), FREE, Entering("trees")),
    (Going(BUREAU), FREE, PuttingThrough("bureau")),
    (Going(HangUp(hangup=True)), FREE, Leaving()),
    (Going(MAIN), FREE, InMenu(interpreter.send(EDITION.hotline, interpreter.State("en"), MAIN, FACTS))),
    # the queue
    (Entering("trees"), ev.Plain.DONE, Waiting("trees", (Phrase("please-hold"),))),
    (Entering("trees"), BROKEN, RESTORED),
    (Waiting("trees"), ev.AnnouncementDue(SPEECH), Waiting("trees", SPEECH, reporting=True)),
    (Waiting("trees", SPEECH, reporting=True), FREE, Waiting("trees", reporting=True)),
    (Waiting("trees", reporting=True), FREE, Waiting("trees")),
    (Waiting("trees", SPEECH), ev.Matched(ring()), offered("o-1")),
    (Waiting("trees"), ev.SentOn(MAIN, EDITION), Going(MAIN)),
    (Waiting("trees"), ev.SentOn(None, EDITION), Going(HangUp(hangup=True))),
    (Waiting("trees"), TO_TALK, Talking("trees", "o-1")),
    (Waiting("trees"), ev.TalkOver("o-1"), UNSEEN),
    (Waiting("everybody"), ev.KeyPressed("0", may_leave=True), Going(GENERAL)),
    # rings
    (offered("o-1"), ev.Matched(ring("o-2")), offered("o-1", "o-2")),
    (offered("o-1", "o-2"), MISSED, offered("o-2")),
    (offered("o-1"), MISSED, Waiting("trees")),
    (offered("o-1"), TO_TALK, Talking("trees", "o-1")),
    (offered("o-1"), ev.SentOn(MAIN, EDITION), Going(MAIN)),
    (offered("o-1"), ev.TalkOver("o-1"), UNSEEN),
    (offered("o-1"), ev.Plain.HOLD_ENDED, settling("o-1")),
    (settling("o-1"), ev.TakenKnown("o-1"), settling("o-1", taken="o-1", until=NOW + SETTLING)),
    (settling("o-1"), ev.TakenKnown(""), offered("o-1")),
    (settling(), ev.TakenKnown(""), Waiting("trees")),
    (settling("o-1"), ev.Matched(ring("o-2")), settling("o-1", "o-2")),
    (settling("o-1"), MISSED, settling()),
    (settling("o-1", taken="o-1", until=NOW + 1), MISSED, UNSEEN),
    (settling("o-1", taken="o-1", until=NOW + 1), TO_TALK, Talking("trees", "o-1", NOW + 1)),
    (settling("o-1"), TO_TALK, Talking("trees", "o-1", NOW + SETTLING)),
    (settling("o-1"), ev.SentOn(MAIN, EDITION), Going(MAIN)),
    (settling("o-1"), BROKEN, offered("o-1")),
    (settling(), BROKEN, Waiting("trees")),
    # talks
    (Talking("trees", "o-1"), ev.LegEnded("o-1"), UNSEEN),
    (Talking("trees", "o-1"), ev.Plain.HOLD_ENDED, UNSEEN),
    (Talking("trees", "o-1"), ev.SessionBegan("PJSIP/a-1"), UNSEEN),
    (Talking("trees", ""), TO_TALK, Talking("trees", "o-1")),
    (Talking("trees", ""), ev.TalkOver(""), UNSEEN),
    # sub-hotlines
    (PuttingThrough("bureau"), ev.Said("", False), PuttingThrough("bureau", told=True)),
    (PuttingThrough("bureau", told=True), ev.Plain.DONE, AtSubHotline("bureau")),
    (PuttingThrough("bureau"), BROKEN, Going(BUREAU, dialled=True)),
    (AtSubHotline("bureau"), News.ANSWERED, AtSubHotline("bureau", answered=True)),
    (AtSubHotline("bureau"), ev.DialEnded("BUSY", "17"), TO_MAIN),
    (AtSubHotline("bureau"), ev.DialEnded("ANSWER", "16"), Leaving(talked=True, dialled=True)),
    (AtSubHotline("bureau", known=False), ev.DialEnded("", ""), AtSubHotline("bureau")),
    (AtSubHotline("bureau"), ev.SessionBegan("PJSIP/a-1"), AtSubHotline("bureau", known=False)),
    (AtSubHotline("bureau", answered=True), ev.SessionBegan("PJSIP/a-1"), UNSEEN),
    # the way out
    (Leaving(dialled=True), ev.Plain.DONE, Leaving()),
    (Leaving(), ev.Said("", False), Leaving(said=True)),
    (Leaving(said=True), ev.Plain.DONE, Leaving(said=True, marked=True)),
    (Leaving(said=True, marked=True), ev.Plain.DONE, Over(EndedBy.AGENT)),
    (Leaving(said=True, marked=True), BROKEN, Leaving()),
    (UNSEEN, ev.HandedOver("general", EDITION), Going(GENERAL)),
    (Leaving(), TO_TALK, Talking(None, "o-1")),
    (Leaving(), ev.DiallingKnown("bureau"), AtSubHotline("bureau", answered=True)),
    (Gone("trees"), HUNG_UP, Over(EndedBy.CALLER)),
]


@pytest.mark.parametrize(("here", "event", "there"), TABLE)
def test_an_event_leads_on(here: Place, event: ev.Event, there: Place) -> None:
    at = At(here)
    at.step(event)
    assert at.place == there


def test_a_person_for_whom_a_sub_hotline_stands_is_dialled() -> None:
    at = At(AGAIN, _person_by_sub_hotline(), session=True)
    at.step(ev.Said("", False))
    assert at.place == PuttingThrough("bureau")


def test_the_table_of_these_tests_has_every_transition() -> None:
    shown = {(type(here), type(there)) for here, _, there in TABLE} | {(Arriving, PuttingThrough)}
    assert {(here, there) for here, ways in TRANSITIONS.items() for there in ways} <= shown


@pytest.mark.parametrize("here", PLACES[:-1], ids=TOLD[:-1])
@pytest.mark.parametrize(
    ("event", "by", "outcome"),
    [
        (HUNG_UP, EndedBy.CALLER, None),
        (ev.Plain.SESSION_FAILED, EndedBy.SYSTEM, Outcome.FAILED),
        (ev.CallerMissing(ev.Missing.ASTERISK_ENDED), EndedBy.SYSTEM, Outcome.LOST),
        (ev.TransferredAway(""), EndedBy.CALLER, None),
    ],
)
def test_a_call_may_end_anywhere(here: Place, event: ev.Event, by: EndedBy, outcome: Outcome | None) -> None:
    at = At(here)
    if isinstance(here, Leaving):  # an agent has ended the talk before, as the journal says
        by = by if outcome else EndedBy.AGENT
    commands = at.step(event)
    assert at.place == Over(by)
    (finished,) = records(commands, Kind.CALL_FINISHED)
    assert (finished.data["by"], finished.data.get("outcome")) == (by, outcome)
    assert commands[-2:] == [do.Plain.CLOSE_SESSION, do.Plain.FINISH]
    assert at.machine.deadline() is None


@pytest.mark.parametrize(
    ("here", "end"),
    [
        (Waiting("trees"), acd.CallLeft("c-1", Left.HUNG_UP)),
        (offered("o-1"), acd.CallLeft("c-1", Left.HUNG_UP)),
        (settling("o-1"), acd.CallLeft("c-1", Left.HUNG_UP)),
        (Talking("trees", "o-1"), acd.CallEnded("c-1", EndedBy.CALLER)),
    ],
)
def test_the_queues_hear_of_the_end_once(here: Place, end: acd.Event) -> None:
    at = At(here)
    assert told(at.step(HUNG_UP, HUNG_UP, News.ENDED, ev.SessionEnded(gone=True))) == [end]


EVERY_EVENT: list[ev.Event] = [
    ev.Plain.SESSION_FREE,
    ev.SessionEnded(gone=True),
    ev.Plain.SESSION_FAILED,
    ev.Plain.DONE,
    ev.Said("", False),
    ev.KeyAwaited("1"),
    ev.Plain.HOLD_ENDED,
    ev.DialEnded("BUSY", "17"),
    ev.TakenKnown("o-1"),
    ev.DiallingKnown("bureau"),
    ev.HistoryKnown(False, False),
    ev.KeyPressed("0", may_leave=True),
    News.BRIDGED,
    News.HELD,
    News.LET_GO,
    HUNG_UP,
    News.ENDED,
    ev.CallerMissing(ev.Missing.HUNG_UP, "o-1"),
    News.FOUND,
    STRAY,
    News.DIALLING,
    News.ANSWERED,
    ev.TransferredAway("o-1"),
    ev.HandedOver("general", EDITION),
    ev.LinkChanged(up=False),
    ev.LedBack(done=True),
    ev.Matched(ring()),
    MISSED,
    TO_TALK,
    ev.LegEnded("o-1"),
    ev.AnnouncementDue(SPEECH),
    ev.SentOn(MAIN, EDITION),
    ev.TalkOver(""),
    ev.TalkOver("o-1"),
    ev.Plain.ADOPTED,
    ev.Plain.TICK,
]


@pytest.mark.parametrize("event", EVERY_EVENT, ids=lambda event: getattr(event, "name", type(event).__name__))
def test_nothing_follows_the_end(event: ev.Event) -> None:
    at = At(Over(EndedBy.CALLER))
    assert at.step(event) == []
    assert at.place == Over(EndedBy.CALLER)


def test_a_session_that_comes_after_the_end_is_closed() -> None:
    assert At(Over(EndedBy.CALLER)).step(ev.SessionBegan("PJSIP/a-1")) == [do.Plain.CLOSE_SESSION]


@pytest.mark.parametrize("event", EVERY_EVENT, ids=lambda event: getattr(event, "name", type(event).__name__))
@pytest.mark.parametrize("here", PLACES[:-1], ids=TOLD[:-1])
@pytest.mark.parametrize("session", [True, False])
def test_no_event_is_a_mistake_anywhere(here: Place, event: ev.Event, session: bool) -> None:
    at = At(here, session=session)
    at.step(event, event)
    at.step(*EVERY_EVENT)


# --- late and repeated events

LATE_EVENTS: list[tuple[Place, ev.Event]] = [
    (Waiting("trees"), MISSED),
    (Waiting("trees"), ev.LegEnded("o-1")),
    (Waiting("trees"), ev.Said("", True)),
    (Waiting("trees"), ev.TakenKnown("o-1")),
    (Waiting("trees", SPEECH), ev.Said("", True)),
    (offered("o-1"), ev.RingOver("o-0")),
    (offered("o-1"), ev.LegEnded("o-1")),
    (offered("o-1"), ev.Said("", True)),
    (settling("o-1", taken="o-1", until=NOW + 1), ev.RingOver("o-0")),
    (Talking("trees", "o-1"), ev.LegEnded("o-0")),
    (Talking("trees", "o-1"), MISSED),
    (Talking("trees", "o-1"), TO_TALK),
    (Talking("trees", "o-1", NOW + 1), TO_TALK),
    (Talking("trees", "o-1"), ev.SentOn(MAIN, EDITION)),
    (Talking("trees", "o-1"), ev.TakenKnown("o-1")),
    (Leaving(talked=True), ev.LegEnded("o-1")),
    (Leaving(talked=True), TO_TALK),
    (Leaving(talked=True), ev.KeyAwaited("1")),
    (Leaving(talked=True), ev.TalkOver("")),
    (Leaving(talked=True), ev.TalkOver("o-1")),
    (Leaving(talked=True), News.ANSWERED),
    (Leaving(), ev.HandedOver("general", EDITION)),
    (Waiting("trees"), ev.HandedOver("general", EDITION)),
    (Going(MAIN), TO_TALK),
    (Going(MAIN), ev.Said("", True)),
    (Going(MAIN), ev.Plain.HOLD_ENDED),
    (Going(MAIN), ev.SentOn(TREES, EDITION)),
    (Entering("trees"), ev.KeyPressed("0", may_leave=True)),
    (MENU, ev.DiallingKnown("bureau")),
    (MENU, ev.HistoryKnown(True, False)),
    (replace(MENU, asked=False), ev.KeyAwaited("1")),
    (AtSubHotline("bureau", answered=True), News.ANSWERED),
    (AtSubHotline("bureau"), ev.KeyPressed("0", may_leave=True)),
]


@pytest.mark.parametrize(("here", "event"), LATE_EVENTS)
def test_an_event_that_comes_late_or_twice_changes_nothing(here: Place, event: ev.Event) -> None:
    at = At(here, session=True)
    assert told(at.step(event)) == []
    assert at.place == here


@pytest.mark.parametrize("here", [Going(MAIN), Talking("trees", "o-0"), Waiting("general"), Leaving(), Gone("trees")])
def test_a_ring_for_a_caller_who_does_not_wait_there_comes_to_nothing(here: Place) -> None:
    at = At(here)
    assert at.step(ev.Matched(ring())) == [
        do.TellDistributor(acd.OfferFailed("o-1", acd.OfferFailure.FAILED)),
    ]
    assert at.place == here


def test_an_announcement_for_a_caller_who_is_rung_for_is_over_at_once() -> None:
    at = At(offered("o-1"))
    assert at.step(ev.AnnouncementDue(SPEECH)) == [do.TellDistributor(acd.Announced("c-1"))]


# --- what the session does


@pytest.mark.parametrize(
    ("here", "task"),
    [
        (Arriving(Stage.ASK_DIALLING), do.PlainTask.ASK_DIALLING),
        (Arriving(Stage.MARK), do.MarkCall(turned_away=False)),
        (Arriving(Stage.ANSWER), do.PlainTask.ANSWER),
        (Arriving(Stage.MAINTENANCE), do.Say((Phrase("maintenance"),), "en", keys=True)),
        (Arriving(Stage.ASK_HISTORY), do.PlainTask.ASK_HISTORY),
        (Arriving(Stage.NOTE), do.PlainTask.MARK_INTERRUPTED),
        (Arriving(Stage.APOLOGY), do.Say((Phrase("service-apology"),), "en", keys=True)),
        (MENU, do.AwaitKey(5.0)),
        (InMenu(NEWS), do.Say((Words({"*": "News"}),), "en", keys=True)),
        (Going(TREES, dialled=True, apology=True), do.PlainTask.CLEAR_DIALLING),
        (Going(TREES, apology=True), do.Say((Phrase("no-answer-apology"),), "en", keys=True)),
        (Going(TREES), do.MarkQueue("trees", "en")),
        (Entering("trees"), do.MarkQueue("trees", "en")),
        (Waiting("trees"), do.PlainTask.HOLD),
        (Waiting("trees", SPEECH), do.Say(SPEECH, "en", keys=False)),
        (offered("o-1"), do.PlainTask.HOLD),
        (settling("o-1"), do.PlainTask.ASK_TAKEN),
        (settling("o-1", taken="o-1", until=NOW + 1), None),
        (Talking("trees", "o-1"), None),
        (PuttingThrough("bureau", told=True), do.MarkDialling("bureau", "en")),
        (AtSubHotline("bureau"), do.Dial("2201", 30.0, agent=True)),
        (AtSubHotline("bureau", known=False), do.PlainTask.ASK_DIAL_RESULT),
        (AtSubHotline("unknown"), do.PlainTask.CLEAR_DIALLING),
        (Leaving(dialled=True), do.PlainTask.CLEAR_DIALLING),
        (Leaving(), do.Say((Words(EDITION.hotline.goodbye),), "en", keys=False)),
        (Leaving(said=True), do.PlainTask.MARK_DONE),
        (Leaving(said=True, marked=True), do.PlainTask.HANG_UP),
        (Gone("trees"), None),
    ],
)
def test_what_a_free_session_does(here: Place, task: do.Task | None) -> None:
    assert At(here, session=True).task() == task


def test_a_call_is_begun_when_its_channel_is_marked_and_before_it_is_answered() -> None:
    machine = CallMachine(ARRIVAL, EDITION, link_up=True)
    assert others(machine.step(ev.SessionBegan("PJSIP/a-1"), NOW)) == [do.Plain.LEAVE_BE]
    assert machine.step(FREE, NOW) == [do.Do(do.MarkCall(turned_away=False))]
    assert machine.step(ev.Plain.DONE, NOW) == []
    begun, answer = machine.step(FREE, NOW)
    assert answer == do.Do(do.PlainTask.ANSWER)
    assert records([begun])[0].kind is Kind.CALL_STARTED
    assert records(machine.step(FREE, NOW)) == []


def test_a_call_that_ends_before_its_channel_is_marked_has_a_beginning_too() -> None:
    machine = CallMachine(ARRIVAL, EDITION, link_up=True)
    machine.step(ev.SessionBegan("PJSIP/a-1"), NOW)
    kinds = [record.kind for record in records(machine.step(HUNG_UP, NOW))]
    assert kinds == [Kind.CALL_STARTED, Kind.CALL_FINISHED]


def test_of_a_call_that_began_in_another_session_nothing_is_told_before_it_goes_on() -> None:
    machine = CallMachine(replace(ARRIVAL, resumed=True), EDITION, link_up=True)
    machine.step(ev.SessionBegan("PJSIP/a-1"), NOW)
    assert records(machine.step(HUNG_UP, NOW)) == []


@pytest.mark.parametrize(
    ("arrival", "place"),
    [
        (ARRIVAL, replace(MENU, asked=False)),
        (replace(ARRIVAL, queue="trees"), Entering("trees")),
        (replace(ARRIVAL, turned_away=True), Arriving(Stage.MAINTENANCE)),
        (replace(ARRIVAL, resumed=True), Arriving(Stage.ASK_HISTORY)),
        (replace(ARRIVAL, resumed=True, moved=True), replace(MENU, asked=False)),
    ],
)
def test_where_a_call_goes_once_it_is_answered(arrival: object, place: Place) -> None:
    machine = CallMachine(arrival, EDITION, link_up=True)  # type: ignore[arg-type]
    for event in (ev.SessionBegan("PJSIP/a-1"), FREE, ev.Plain.DONE, FREE, ev.Plain.DONE):
        machine.step(event, NOW)
    assert machine.place == place


# --- holding


def held(place: Place) -> At:
    """The caller is in the holding bridge, no session serves the caller."""
    at = At(place)
    assert at.step(News.BRIDGED, News.HELD)[-1] == do.Plain.ADMIT
    return at


@pytest.mark.parametrize(
    "event",
    [
        ev.AnnouncementDue(SPEECH),
        ev.SentOn(MAIN, EDITION),
        ev.KeyPressed("0", may_leave=True),
    ],
)
def test_a_held_caller_who_is_to_be_told_something_is_kicked(event: ev.Event) -> None:
    at = held(Waiting("everybody"))
    assert at.step(event).count(do.Plain.FETCH) == 1
    assert at.machine.deadline() == NOW + COMING


def test_a_key_that_means_nothing_leaves_the_caller_held() -> None:
    at = held(Waiting("everybody"))
    (pressed,) = records(at.step(ev.KeyPressed("9", may_leave=True), ev.KeyPressed("0", may_leave=False))[:2])
    assert (pressed.kind, pressed.queue, pressed.data) == (Kind.KEY_PRESSED, "everybody", {"key": "9", "menu": ""})
    assert at.place == Waiting("everybody")
    assert at.machine.leg.held


def wishing() -> At:
    """Held, an agent rings, and the caller has pressed a key that leads elsewhere."""
    at = held(Offered("everybody", frozenset({"o-1"})))
    commands = at.step(ev.KeyPressed("0", may_leave=True))
    assert told(commands) == [], "AMI may be late: perhaps the agent has picked up"
    assert others(commands) == [do.Plain.CLEAR_KEYS, do.Plain.STOP_SAYING, do.Plain.FETCH]
    return at


def test_a_key_while_an_agent_rings_counts_once_the_caller_is_out_of_the_holding_bridge() -> None:
    at = wishing()
    at.step(ev.Plain.HOLD_ENDED)
    assert at.task() == do.PlainTask.ASK_TAKEN
    assert told(at.step(ev.TakenKnown(""))) == [acd.CallLeft("c-1", Left.WENT_ELSEWHERE)]
    assert at.place == Going(GENERAL)


def test_an_agent_who_picks_up_before_the_key_arrives_keeps_the_caller() -> None:
    at = wishing()
    assert told(at.step(News.BRIDGED, ev.Connected("o-1"))) == []
    assert at.place == Talking("everybody", "o-1")
    assert at.machine.deadline() is None


def test_a_talk_that_nobody_told_of_is_no_talk_cut_by_a_key() -> None:
    at = wishing()
    at.step(ev.LinkChanged(up=False), ev.Plain.HOLD_ENDED, ev.TakenKnown("o-1"))
    assert at.place == Leaving(talked=True)


@pytest.mark.parametrize("event", [ev.RingOver("o-1"), ev.Plain.SESSION_FREE])
def test_a_key_counts_at_once_when_no_agent_can_take_the_caller_any_more(event: ev.Event) -> None:
    """The ring is over; or the caller was not held yet, and the leg waits for that."""
    at = At(Offered("everybody", frozenset({"o-1"}), GENERAL), session=True)
    assert acd.CallLeft("c-1", Left.WENT_ELSEWHERE) in told(at.step(event))


@pytest.mark.parametrize("before", [(), (ev.Plain.HOLD_ENDED,), (ev.Plain.HOLD_ENDED, ev.RingOver("o-1"))])
def test_a_key_outlives_the_session(before: tuple[ev.Event, ...]) -> None:
    at = wishing()
    at.step(*before)
    at.step(ev.SessionEnded(gone=False), ev.SessionBegan("PJSIP/a-1"))
    assert at.task() == do.PlainTask.ASK_TAKEN
    at.step(ev.TakenKnown(""))
    assert at.place == Going(GENERAL)


@pytest.mark.parametrize("place", [Waiting("trees", SPEECH), Going(MAIN), Leaving(), Arriving()])
def test_a_caller_for_whom_there_is_something_is_kicked_as_soon_as_held(place: Place) -> None:
    at = At(place, session=True)
    commands = at.step(News.BRIDGED, News.HELD)
    assert do.Plain.FETCH in commands
    assert do.Plain.ADMIT not in commands, "no agent's leg may take the caller"


@pytest.mark.parametrize("place", [Waiting("trees"), offered("o-1"), settling("o-1"), Talking("trees", "o-1")])
def test_a_caller_who_waits_stays_held_and_may_be_taken(place: Place) -> None:
    commands = At(place, session=True).step(News.BRIDGED, News.HELD)
    assert commands == [do.Plain.LEAVE_BE, do.Plain.ADMIT]


def test_a_caller_is_not_kicked_when_the_reason_is_gone() -> None:
    """An announcement was due before the caller was held; then came a ring."""
    at = At(Waiting("trees"), session=True)
    assert at.task() == do.PlainTask.HOLD
    at.step(ev.AnnouncementDue(SPEECH))
    commands = at.step(ev.Matched(ring()))
    assert told(commands) == [acd.Announced("c-1")]
    assert others(commands) == [do.Plain.STOP_SAYING, do.Ring(ring(), held=False)]
    assert at.step(News.BRIDGED, News.HELD) == [do.Plain.LEAVE_BE, do.Plain.ADMIT]


def test_a_ring_for_a_held_caller_says_so() -> None:
    assert do.Ring(ring(), held=True) in held(Waiting("trees")).step(ev.Matched(ring()))


def test_a_caller_who_was_kicked_is_not_asked_for_the_taker() -> None:
    at = At(Waiting("trees"), session=True)
    assert at.task() == do.PlainTask.HOLD
    at.step(News.BRIDGED, News.HELD, ev.AnnouncementDue(SPEECH), ev.Matched(ring()))
    at.step(ev.Plain.HOLD_ENDED)
    assert at.place == offered("o-1")
    assert at.task() == do.PlainTask.HOLD


def test_nor_is_a_kicked_caller_asked_for_in_a_new_session() -> None:
    at = held(Waiting("trees"))
    at.step(ev.AnnouncementDue(SPEECH), ev.Matched(ring()), ev.SessionBegan("PJSIP/a-1"))
    assert at.place == offered("o-1")
    assert at.task() == do.PlainTask.HOLD


def test_a_caller_whose_kick_came_to_nothing_is_asked_for_the_taker() -> None:
    """The link broke, and the caller was found held."""
    at = At(Waiting("trees"), session=True)
    assert at.task() == do.PlainTask.HOLD
    at.step(News.BRIDGED, News.HELD, ev.AnnouncementDue(SPEECH), ev.Matched(ring()))
    assert at.step(News.BRIDGED, News.HELD) == [do.Plain.LEAVE_BE, do.Plain.ADMIT]
    at.step(ev.Plain.HOLD_ENDED)
    assert at.place == settling("o-1")


def test_a_caller_who_is_held_though_waiting_for_nobody_is_kicked_after_a_restart() -> None:
    at = At(Arriving())
    at.machine.leg.held = True
    assert at.step(ev.Plain.ADOPTED) == [do.Plain.FETCH]


@pytest.mark.parametrize("event", [ev.LegEnded("o-1"), ev.TalkOver("")])
def test_a_caller_whose_talk_is_over_and_who_is_held_is_kicked(event: ev.Event) -> None:
    assert others(held(Talking("trees", "o-1")).step(event)) == [do.Plain.FETCH]


def test_a_caller_who_was_put_into_an_agents_place_is_kicked_and_waits_there() -> None:
    at = At(Talking("trees", "o-1"), session=True)
    commands = at.step(ev.HandedOver("general", EDITION))
    assert told(commands) == [acd.CallEnded("c-1", EndedBy.AGENT)]
    assert do.Plain.KICK in commands
    assert at.place == Going(GENERAL)
    at.step(ev.Plain.HOLD_ENDED)
    assert at.task() == do.MarkQueue("general", "en")


# --- announcements


def test_the_end_of_an_announcement_is_told_once() -> None:
    at = At(Waiting("trees"), session=True)
    at.step(ev.AnnouncementDue(SPEECH))
    assert at.task() == do.Say(SPEECH, "en", keys=False)
    assert told(at.step(ev.Said("", False), FREE)) == [acd.Announced("c-1")]
    assert told(at.step(ev.Plain.HOLD_ENDED, FREE)) == []


def test_it_is_told_too_when_the_session_breaks_while_it_is_said() -> None:
    """Else no announcement would ever follow."""
    at = At(Waiting("trees"), session=True)
    at.step(ev.AnnouncementDue(SPEECH), FREE, BROKEN)
    assert told(at.step(ev.SessionBegan("PJSIP/a-1"), FREE)) == [acd.Announced("c-1")]
    assert at.place == Waiting("trees")


def test_an_announcement_that_comes_while_another_one_is_said_is_said_next() -> None:
    at = At(Waiting("trees", (Phrase("please-hold"),)), session=True)
    assert at.task() == do.Say((Phrase("please-hold"),), "en", keys=False)
    assert told(at.step(ev.AnnouncementDue(SPEECH), ev.Said("", False))) == []
    assert at.task() == do.Say(SPEECH, "en", keys=False)


# --- deadlines: a caller on the way to a session


def test_a_caller_who_does_not_come_is_led_back_once() -> None:
    at = At(MENU, session=True)
    at.step(BROKEN)
    assert at.machine.deadline() == NOW + COMING
    assert at.due() == [do.Plain.LEAD_BACK]
    assert at.machine.deadline() is None


def test_a_caller_who_is_expected_already_is_not_given_more_time() -> None:
    at = At(MENU, session=True)
    at.step(BROKEN)
    at.now += 3
    at.step(STRAY, News.LET_GO)
    assert at.machine.deadline() == NOW + COMING


@pytest.mark.parametrize("event", [News.BRIDGED, ev.SessionBegan("PJSIP/a-1")])
def test_a_caller_who_has_come_is_not_led_back(event: ev.Event) -> None:
    at = At(MENU, session=True)
    at.step(BROKEN)
    assert do.Plain.LEAVE_BE in at.step(event)
    assert at.machine.deadline() is None


def test_a_caller_who_was_due_while_the_service_was_frozen_gets_the_time_again() -> None:
    at = At(MENU, session=True)
    at.step(BROKEN)
    at.now += COMING + LATE + 1
    assert at.step(ev.Plain.TICK) == []
    assert at.machine.deadline() == at.now + COMING
    assert at.due() == [do.Plain.LEAD_BACK]


def test_what_a_session_says_that_began_while_its_caller_was_led_away_is_not_believed() -> None:
    at = At(Waiting("trees"), session=True)
    at.step(BROKEN, STRAY)
    at.due()
    at.step(ev.SessionBegan("PJSIP/a-1"), ev.SessionEnded(gone=True))
    assert (at.place, at.machine.leg.gone) == (Waiting("trees"), False)
    at.step(ev.SessionBegan("PJSIP/a-1"), ev.SessionEnded(gone=True))
    assert at.place == Gone("trees"), "the next one is believed"


def test_a_caller_who_was_not_led_anywhere_is_not_doubted() -> None:
    at = At(Waiting("trees"), session=True)
    at.step(BROKEN, STRAY)
    at.due()
    at.step(ev.LedBack(done=False), ev.SessionBegan("PJSIP/a-1"), ev.SessionEnded(gone=True))
    assert at.place == Gone("trees")


# --- deadlines: a talk of which AMI is late to tell


def test_a_leg_that_took_the_caller_counts_as_a_talk_after_a_while() -> None:
    at = At(settling("o-1"), session=True)
    at.step(ev.TakenKnown("o-1"))
    assert at.machine.deadline() == NOW + SETTLING
    assert told(at.due()) == [acd.OfferConnected("o-1"), acd.CallEnded("c-1", EndedBy.AGENT)]
    assert at.place == Leaving(talked=True)


def test_without_a_link_it_counts_at_once() -> None:
    at = At(settling("o-1"), session=True, link=False)
    assert told(at.step(ev.TakenKnown("o-1"))) == [
        acd.OfferConnected("o-1"),
        acd.CallEnded("c-1", EndedBy.AGENT),
    ]


def test_the_end_of_a_talk_that_is_never_told_is_waited_for_no_longer_than_that() -> None:
    at = At(settling("o-1"), session=True)
    at.step(ev.TakenKnown("o-1"))
    at.now += 1
    at.step(TO_TALK, TO_TALK)
    assert at.machine.deadline() == NOW + SETTLING
    assert told(at.due()) == [acd.CallEnded("c-1", EndedBy.AGENT)]


def test_a_ring_that_was_given_up_is_no_talk_of_the_queue() -> None:
    at = At(Waiting("trees"))
    assert told(at.step(ev.TalkOver("o-1"))) == [acd.CallLeft("c-1", Left.WENT_ELSEWHERE)]


# --- the end of the channel


def test_a_caller_whose_channel_ended_has_hung_up_when_nothing_else_is_told() -> None:
    at = At(Waiting("trees"))
    assert told(at.step(News.ENDED)) == [acd.CallLeft("c-1", Left.HUNG_UP)]
    assert (at.place, at.machine.waited_in) == (Gone("trees"), "trees")
    assert at.machine.deadline() == NOW + LAST_WORDS
    at.due()
    assert at.place == Over(EndedBy.CALLER)


@pytest.mark.parametrize("place", [offered("o-1"), settling("o-1"), AtSubHotline("bureau")])
def test_a_caller_who_may_have_talked_keeps_the_place_for_so_long(place: Place) -> None:
    at = At(place)
    assert told(at.step(News.ENDED)) == []
    assert at.place == place
    at.due()
    assert at.place == Over(EndedBy.CALLER)


@pytest.mark.parametrize("place", [offered("o-1"), settling("o-1"), AtSubHotline("bureau")])
def test_a_caller_who_may_have_talked_and_hangs_up_while_events_are_missing_is_asked_for(place: Place) -> None:
    at = At(place)
    assert at.step(ev.CallerHungUp(blind=True)) == []
    at.step(ev.CallerMissing(ev.Missing.HUNG_UP))
    assert at.place == Over(EndedBy.CALLER)


def test_a_caller_who_cannot_have_talked_and_hangs_up_while_events_are_missing_is_gone() -> None:
    at = At(Waiting("trees"))
    at.step(ev.CallerHungUp(blind=True))
    assert at.place == Over(EndedBy.CALLER)


@pytest.mark.parametrize("gone", [News.ENDED, ev.SessionEnded(gone=True)])
def test_the_end_that_we_asked_for_is_ours_though_ami_tells_it_before_agi(gone: ev.Event) -> None:
    at = At(Leaving(said=True, marked=True))
    (finished,) = records(at.step(gone, ev.Plain.DONE), Kind.CALL_FINISHED)
    assert finished.data == {"by": "agent"}, "the agent had ended the talk"


def test_an_asterisk_that_is_being_stopped_takes_its_callers_with_it() -> None:
    """Channel, link, and no Asterisk any more: nobody gave up."""
    at = At(MENU)
    at.step(News.ENDED, ev.LinkChanged(up=False))
    at.due()
    (finished,) = records(at.due(), Kind.CALL_FINISHED)
    assert at.now == NOW + LAST_WORDS + FAREWELL
    assert finished.data == {"by": "system", "outcome": "lost", "cause": "asterisk-ended"}


def test_a_talk_that_nobody_saw_is_told_when_its_caller_is_missing() -> None:
    at = At(offered("o-1"))
    commands = at.step(ev.CallerMissing(ev.Missing.HUNG_UP, offer="o-1"))
    assert told(commands) == [acd.OfferConnected("o-1"), acd.CallEnded("c-1", EndedBy.CALLER)]
    (finished,) = records(commands)
    assert finished.data == {"by": "caller", "cause": "hung-up-unseen"}


@pytest.mark.parametrize(
    ("place", "times"),
    [(AtSubHotline("bureau"), 1), (AtSubHotline("bureau", answered=True), 0), (Leaving(talked=True), 0)],
)
def test_a_sub_hotline_that_nobody_saw_answer_is_told_then(place: Place, times: int) -> None:
    commands = At(place).step(ev.CallerMissing(ev.Missing.HUNG_UP, sub_hotline="bureau"))
    assert len(records(commands, Kind.SUB_HOTLINE_ANSWERED)) == times


# --- sent elsewhere


@pytest.mark.parametrize(
    ("place", "taken", "end"),
    [
        (offered("o-1"), "o-1", [acd.OfferConnected("o-1"), acd.CallEnded("c-1", EndedBy.AGENT)]),
        (offered("o-1"), "o-0", [acd.CallLeft("c-1", Left.HUNG_UP)]),
        (Waiting("trees"), "o-1", [acd.CallEnded("c-1", EndedBy.AGENT)]),
        (Waiting("trees"), "", [acd.CallLeft("c-1", Left.HUNG_UP)]),
        (Talking("trees", "o-1"), "o-1", [acd.CallEnded("c-1", EndedBy.AGENT)]),
        (Talking("trees", "o-1"), "", [acd.CallEnded("c-1", EndedBy.CALLER)]),
    ],
)
def test_what_a_transfer_says_of_the_talk_before(place: Place, taken: str, end: list[acd.Event]) -> None:
    at = At(place)
    assert told(at.step(ev.TransferredAway(taken))) == end
    assert isinstance(at.place, Over)


def test_a_caller_whom_asterisk_dials_for_without_us_was_sent_elsewhere() -> None:
    for place, session, over in ((MENU, False, True), (MENU, True, False), (AtSubHotline("bureau"), False, False)):
        at = At(place, session=session)
        at.step(News.DIALLING)
        assert at.machine.over == over


def test_a_caller_who_is_gone_from_the_session_and_lives_was_sent_elsewhere() -> None:
    at = At(Talking("trees", "o-1"), session=True)
    at.step(News.FOUND)
    assert not at.machine.over
    at.step(ev.SessionEnded(gone=True), News.FOUND)
    assert at.machine.over


# --- while Asterisk cannot be asked


def test_a_caller_without_a_session_is_waited_for_but_not_without_end() -> None:
    at = At(Waiting("trees"))
    at.step(ev.LinkChanged(up=False))
    assert at.machine.deadline() == NOW + ABSENCE
    (finished,) = records(at.due())
    assert finished.data == {"by": "system", "outcome": "lost", "cause": "asterisk-away"}


def test_a_caller_of_whom_a_session_said_farewell_is_waited_for_less() -> None:
    at = At(offered("o-1"), session=True, link=False)
    at.step(ev.SessionEnded(gone=True))
    assert at.machine.deadline() == NOW + FAREWELL
    (finished,) = records(at.due())
    assert finished.data == {"by": "caller", "cause": "hung-up-unseen"}


@pytest.mark.parametrize("event", [ev.LinkChanged(up=True), ev.SessionBegan("PJSIP/a-1")])
def test_a_caller_who_can_be_asked_for_or_has_come_is_not_absent(event: ev.Event) -> None:
    at = At(Waiting("trees"))
    at.step(ev.LinkChanged(up=False), event)
    assert at.machine.deadline() is None


def test_the_absence_does_not_begin_again() -> None:
    at = At(Waiting("trees"))
    at.step(ev.LinkChanged(up=False))
    at.now += 100
    at.step(MISSED, News.FOUND)
    assert at.machine.deadline() == NOW + ABSENCE


def test_a_call_from_before_a_restart_is_absent_until_it_is_found() -> None:
    machine = CallMachine.restored(ARRIVAL, EDITION, Waiting("trees"), NOW)
    assert machine.deadline() == NOW + ABSENCE
    machine.step(ev.LinkChanged(up=True), NOW + 1)
    assert machine.deadline() is None


# --- sub-hotlines


def test_a_sub_hotline_is_told_dialled_and_answered_once() -> None:
    at = At(PuttingThrough("bureau", told=True), session=True)
    kinds = [record.kind for record in records(at.step(ev.Plain.DONE, News.ANSWERED, News.ANSWERED))]
    assert kinds == [Kind.SUB_HOTLINE_DIALLED, Kind.SUB_HOTLINE_ANSWERED]
    assert records(at.step(ev.DialEnded("ANSWER", "16"))) == []


def test_an_answer_that_was_missed_is_told_at_the_end() -> None:
    at = At(AtSubHotline("bureau"), session=True)
    assert [record.kind for record in records(at.step(ev.DialEnded("ANSWER", "16")))] == [Kind.SUB_HOTLINE_ANSWERED]


def test_a_sub_hotline_that_fails_leads_where_it_says_with_an_apology() -> None:
    at = At(AtSubHotline("bureau"), session=True)
    failed, sent = records(at.step(ev.DialEnded("BUSY", "17")))
    assert (failed.kind, sent.kind) == (Kind.SUB_HOTLINE_FAILED, Kind.SENT_ON)
    assert sent.data == {"to": {"menu": "main"}}
    assert at.task() is do.PlainTask.CLEAR_DIALLING
    at.step(ev.Plain.DONE)
    for _ in range(2):
        assert isinstance(at.task(), do.Say)
        at.step(ev.Said("", False))
    assert isinstance(at.place, InMenu)


# --- a whole call


def test_a_call_from_the_first_session_to_the_goodbye() -> None:
    machine = CallMachine(ARRIVAL, EDITION, link_up=True)
    story: list[tuple[ev.Event, type[Place]]] = [
        (ev.SessionBegan("PJSIP/a-1"), Arriving),
        (ev.Plain.DONE, Arriving),
        (ev.Plain.DONE, InMenu),
        (ev.Said("", True), InMenu),
        (ev.KeyAwaited("1"), Entering),
        (ev.Plain.DONE, Waiting),
        (ev.Said("", False), Waiting),
        (News.BRIDGED, Waiting),
        (News.HELD, Waiting),
        (ev.Matched(ring()), Offered),
        (News.LET_GO, Offered),
        (News.BRIDGED, Offered),
        (TO_TALK, Talking),
        (ev.LegEnded("o-1"), Leaving),
        (ev.Plain.HOLD_ENDED, Leaving),
        (ev.Said("", False), Leaving),
        (ev.Plain.DONE, Leaving),
        (ev.Plain.DONE, Over),
    ]
    kinds = []
    places: list[type[Place]] = []
    for event, place in story:
        commands = machine.step(event, NOW)
        if not machine.over:
            commands += machine.step(FREE, NOW)
        assert type(machine.place) is place, event
        places.append(place)
        kinds += [record.kind for record in records(commands)]
    assert (kinds[0], kinds[-1]) == (Kind.CALL_STARTED, Kind.CALL_FINISHED)
    assert all(here is there or there in TRANSITIONS[here] or there is Over for here, there in pairwise(places))
    assert Settling not in places


# --- after a restart


@pytest.mark.parametrize(
    ("summary", "view", "rings", "place"),
    [
        ({}, None, [], Arriving()),
        ({"onward": {"queue": "trees"}}, None, [], RESTORED),
        ({"onward": {"queue": "unknown"}}, None, [], Arriving()),
        ({"state": CallState.SURVEY}, None, [], UNSEEN),
        ({"state": CallState.TALKING}, None, [], UNSEEN),
        ({}, CallView("c-1", "trees", None), [], Waiting("trees")),
        ({}, CallView("c-1", "trees", None), ["c-1", "c-2"], offered("o-1")),
        ({}, CallView("c-1", "trees", "1001"), [], Talking("trees", "")),
    ],
)
def test_where_a_call_from_before_a_restart_is(
    summary: dict[str, Any], view: CallView | None, rings: list[str], place: Place
) -> None:
    offers = [OfferView(f"o-{number}", call, "1001", answered=False) for number, call in enumerate(rings, start=1)]
    assert place_of(CallSummary("c-1", NOW, **summary), EDITION, view, offers) == place


def test_a_call_from_before_a_restart_goes_on_in_its_next_session() -> None:
    at = At(Arriving())
    (resumed,) = records(at.step(ev.SessionBegan("PJSIP/a-1")))
    assert (resumed.kind, resumed.data) == (Kind.CALL_RESUMED, {"channel": "PJSIP/a-1"})
    assert at.place == Arriving(Stage.ASK_DIALLING, back=True)
