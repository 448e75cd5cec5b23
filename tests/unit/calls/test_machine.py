"""The life of one call, event by event: what leads from where to where, and what changes nothing."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from acd import events as acd
from acd.events import EndedBy, Left
from acd.views import CallView, OfferView
from calls import effects as do
from calls import events as ev
from calls.leg import JOINING
from calls.machine import CallMachine, state_of
from calls.model import CallState, CallSummary, Outcome
from calls.queueing import SETTLING
from calls.states import (
    Arriving,
    AtLine,
    AtMessage,
    Doing,
    Entering,
    Front,
    Going,
    Gone,
    Hold,
    InMenu,
    Interrupted,
    Leaving,
    Offered,
    Over,
    Part,
    PuttingThrough,
    Settling,
    Stage,
    State,
    Talking,
    Transfer,
    Waiting,
)
from calls.transitions import TRANSITIONS
from dialplan.news import Apart, News
from hotline.edition import Edition
from ivr import interpreter
from ivr.model import Destination, HangUp, MessageFor, Say, ToMessage, ToQueue
from journal.actor import Actor
from journal.records import Kind
from sounds.model import Phrase
from tests.unit.calls.steps import (
    ARRIVAL,
    BROKEN,
    BUREAU,
    EACH,
    EDITION,
    FACTS,
    FREE,
    GENERAL,
    HUNG_UP,
    MAIN,
    MENU,
    MISSED,
    NEWS,
    NOW,
    SPEECH,
    STRAY,
    TO_TALK,
    TOLD,
    TREES,
    At,
    offered,
    records,
    ring,
    settling,
    told,
)
from tests.unit.service.calling import FakeCatalogue
from tests.unit.service.small import hotline


def _person_by_sub_hotline() -> Edition:
    """The entry menu leads to a person by a sub-hotline."""
    menus = hotline().menus
    main = menus["main"].model_copy(update={"keys": {**menus["main"].keys, "0": BUREAU}})
    return Edition(hotline().model_copy(update={"menus": {**menus, "main": main}}), FakeCatalogue())


# --- from state to state

TO_MAIN = Going(MAIN, dialled=True, apology="no-answer-apology")
RESTORED = Going(TREES, dialled=True)
BROKEN_OFF = Going(TREES, apology="talk-broken", front=Front())
AGAIN = Arriving(Stage.APOLOGY, interrupted=True)
UNSEEN = Leaving(talked=True)
TALK = Talking("trees", "o-1", "1001")
AT_BROWSER = Talking("trees", "o-1", returns=True)
BACK_FROM_TALK = replace(AT_BROWSER, until=NOW + SETTLING)
APART = Interrupted("trees", "o-1", "1001", since=NOW, until=NOW + EDITION.hotline.agent_back)
FRONT = Front("1001")
TO_COLLEAGUE = Transfer("1002", "1001", "trees")
AGAIN_THERE, ON_TO_BUREAU = ev.Transferred("1002", EDITION, "o-1"), ev.Transferred("2201", EDITION, "o-1")
TO_GENERAL = Going(GENERAL, dialled=True)
BACK = Going(TREES, dialled=True, apology="transfer-failed", front=FRONT)


WANG = Actor.user("wang")
ON_HOLD = replace(TALK, hold=Hold(NOW))
COMING_BACK = replace(TALK, hold=Hold(NOW, Doing.BACK, sent=False))
CALLING = Hold(NOW, Doing.CALLING, TO_COLLEAGUE, sent=False)
ASKING = replace(TALK, hold=Hold(NOW, Doing.ASKING, TO_COLLEAGUE))
RINGS = replace(TALK, hold=replace(CALLING, sent=True))
BRINGING = replace(TALK, hold=Hold(NOW, Doing.BRINGING, TO_COLLEAGUE))
THREE = replace(TALK, third=TO_COLLEAGUE)
LOST_ORDER = replace(TALK, hold=replace(CALLING, sent=True, doubtful=True))
LOST_RETURN = replace(TALK, hold=Hold(NOW, Doing.BACK, doubtful=True))
LOST_JOIN = replace(TALK, hold=Hold(NOW, Doing.BRINGING, TO_COLLEAGUE, doubtful=True))


def asked(to: Destination | str, *, own: bool = True) -> ev.TransferAsked:
    return ev.TransferAsked(to, EDITION, Actor.user("wang"), own)


MESSAGE = ToMessage(message=MessageFor(queue="trees", limit=60))
SAID_BEFORE = interpreter.send(EDITION.hotline, interpreter.State("en"), Say(say={"*": "?"}, then=MESSAGE), FACTS)
UNSEEN_TO_COLLEAGUE = PuttingThrough(Transfer("1002", "", "trees"), announced=True)
AWAITED = Interrupted("trees", "o-1", "1001", NOW, NOW + 10)
TABLE: list[tuple[State, ev.Event, State]] = [
    # the way in
    (Arriving(Stage.MARK), ev.PlainEvent.DONE, Arriving(Stage.ANSWER)),
    (Arriving(Stage.ANSWER, back=True), ev.PlainEvent.DONE, Arriving(Stage.ASK_HISTORY, back=True)),
    (Arriving(Stage.ASK_DIALLING, back=True), ev.DiallingKnown(""), Arriving(Stage.MARK, back=True)),
    (Arriving(Stage.ASK_DIALLING), ev.DiallingKnown("bureau"), AtLine("bureau", known=False)),
    (Arriving(Stage.ASK_HISTORY), ev.HistoryKnown(False, False), Arriving(Stage.NOTE)),
    (Arriving(Stage.ASK_HISTORY), ev.HistoryKnown(False, True), Arriving(Stage.NOTE, interrupted=True)),
    (Arriving(Stage.ASK_HISTORY), ev.HistoryKnown(True, False), Arriving(Stage.MAINTENANCE)),
    (Arriving(Stage.NOTE, interrupted=True), ev.PlainEvent.DONE, AGAIN),
    (Arriving(Stage.APOLOGY), ev.Said("", False), replace(MENU, asked=False)),
    (AGAIN, ev.Said("", False), Entering("general")),
    (Arriving(Stage.MAINTENANCE), ev.Said("", False), Leaving()),
    (Arriving(), TO_TALK, Talking(None, "o-1")),
    (Arriving(), ev.DiallingKnown("bureau"), AtLine("bureau", known=False)),
    # menus
    (replace(MENU, asked=False), ev.Said("", True), MENU),
    (MENU, ev.KeyAwaited("1"), Entering("trees")),
    (MENU, ev.KeyAwaited("2"), PuttingThrough("bureau")),
    (InMenu(NEWS), ev.Said("", False), Leaving()),
    (MENU, BROKEN, Arriving(Stage.ASK_DIALLING)),
    (InMenu(NEWS, onward=MAIN), BROKEN, Going(MAIN, dialled=True)),
    # on the way
    (RESTORED, ev.PlainEvent.DONE, Going(TREES)),
    (RESTORED, TO_TALK, Talking(None, "o-1")),
    (Going(MAIN, apology="no-answer-apology"), ev.Said("", False), Going(MAIN)),
    (Going(MAIN, apology="no-answer-apology"), BROKEN, TO_MAIN),
    (BACK, BROKEN, BACK),
    (replace(BACK, dialled=False), ev.Said("", False), Going(TREES, front=FRONT)),
    (Going(TREES, front=FRONT), FREE, Entering("trees", front=FRONT)),
    (Going(TREES, dialled=True), ev.Transferred(TREES, EDITION, ""), RESTORED),
    (Going(TREES), FREE, Entering("trees")),
    (Going(BUREAU), FREE, PuttingThrough("bureau")),
    (Going(HangUp(hangup=True)), FREE, Leaving()),
    # a message of the caller
    (Going(MESSAGE), FREE, AtMessage("trees", 60.0)),
    (InMenu(SAID_BEFORE), ev.Said("", False), AtMessage("trees", 60.0)),
    (replace(offered("o-1"), wish=MESSAGE), FREE, AtMessage("trees", 60.0)),
    (AtMessage("trees", 60.0, Part.THANKS), ev.Said("", False), Leaving()),
    (AtMessage("trees", 60.0, Part.RECORD), BROKEN, Going(MESSAGE, dialled=True)),
    (Going(MAIN), FREE, InMenu(interpreter.send(EDITION.hotline, interpreter.State("en"), MAIN, FACTS))),
    # the queue
    (Entering("trees"), ev.PlainEvent.DONE, Waiting("trees", (Phrase("please-hold"),))),
    (Entering("trees"), BROKEN, RESTORED),
    (Entering("trees", front=FRONT), ev.PlainEvent.DONE, Waiting("trees")),
    (Entering("trees", front=FRONT), BROKEN, replace(BACK, apology="")),
    (Waiting("trees"), ev.Transferred(GENERAL, EDITION, "o-1"), TO_GENERAL),
    (Waiting("trees"), ev.CompletedToCall(GENERAL, EDITION), Waiting("trees")),
    (Waiting("trees"), ev.Completed("1002"), Waiting("trees")),
    (Waiting("trees"), ev.AnnouncementDue(SPEECH), Waiting("trees", SPEECH, reporting=True)),
    (Waiting("trees", SPEECH, reporting=True), FREE, Waiting("trees", reporting=True)),
    (Waiting("trees", reporting=True), FREE, Waiting("trees")),
    (Waiting("trees", SPEECH), ev.Matched(ring()), offered("o-1")),
    (Waiting("trees"), ev.QueueLeft(MAIN, EDITION), Going(MAIN)),
    (Waiting("trees"), ev.QueueLeft(None, EDITION), Going(HangUp(hangup=True))),
    (Waiting("trees"), TO_TALK, Talking("trees", "o-1")),
    (Waiting("trees"), ev.TalkOver("o-1"), UNSEEN),
    (Waiting("everybody"), ev.KeyPressed("0", may_leave=True), Going(GENERAL)),
    # rings
    (offered("o-1"), ev.Matched(ring("o-2")), offered("o-1", "o-2")),
    (offered("o-1", "o-2"), MISSED, offered("o-2")),
    (offered("o-1"), MISSED, Waiting("trees")),
    (offered("o-1"), TO_TALK, Talking("trees", "o-1")),
    (offered("o-1"), ev.QueueLeft(MAIN, EDITION), Going(MAIN)),
    (offered("o-1"), ev.TalkOver("o-1"), UNSEEN),
    (offered("o-1"), ev.PlainEvent.HOLD_ENDED, settling("o-1")),
    (settling("o-1"), ev.TakenKnown("o-1"), settling("o-1", taken="o-1", until=NOW + SETTLING)),
    (settling("o-1"), ev.TakenKnown(""), offered("o-1")),
    (settling(), ev.TakenKnown(""), Waiting("trees")),
    (settling("o-1"), ev.Matched(ring("o-2")), settling("o-1", "o-2")),
    (settling("o-1"), MISSED, settling()),
    (settling("o-1", taken="o-1", until=NOW + 1), MISSED, UNSEEN),
    (settling("o-1", taken="o-1", until=NOW + 1), TO_TALK, Talking("trees", "o-1", "", NOW + 1)),
    (settling("o-1"), TO_TALK, Talking("trees", "o-1", "", NOW + SETTLING)),
    (settling("o-1"), ev.QueueLeft(MAIN, EDITION), Going(MAIN)),
    (settling("o-1"), BROKEN, offered("o-1")),
    (settling(), BROKEN, Waiting("trees")),
    (replace(offered("o-1"), wish=GENERAL), FREE, Entering("general")),
    (
        replace(offered("o-1"), wish=MAIN),
        FREE,
        InMenu(interpreter.send(EDITION.hotline, interpreter.State("en"), MAIN, FACTS)),
    ),
    (Waiting("trees"), ev.Transferred("1002", EDITION, "o-1"), UNSEEN_TO_COLLEAGUE),
    (settling("o-1"), ev.Transferred("1002", EDITION, "o-1"), UNSEEN_TO_COLLEAGUE),
    (
        AWAITED,
        ev.Transferred("1002", EDITION, "o-1"),
        PuttingThrough(Transfer("1002", "1001", "trees"), announced=True),
    ),
    (AWAITED, ev.Completed("1002"), AtLine(Transfer("1002", "1001", "trees"), answered=True, joined=True)),
    # talks
    (Talking("trees", "o-1"), ev.LegEnded("o-1"), UNSEEN),
    (Talking("trees", "o-1"), ev.PlainEvent.HOLD_ENDED, UNSEEN),
    (Talking("trees", "o-1"), ev.SessionBegan("PJSIP/a-1"), UNSEEN),
    (AT_BROWSER, ev.PlainEvent.HOLD_ENDED, BACK_FROM_TALK),
    (AT_BROWSER, ev.SessionBegan("PJSIP/a-1"), BACK_FROM_TALK),
    (BACK_FROM_TALK, ev.LegEnded("o-1"), UNSEEN),
    (BACK_FROM_TALK, ev.PhoneLost("o-1"), BROKEN_OFF),
    (replace(BACK_FROM_TALK, until=NOW), ev.PlainEvent.TICK, UNSEEN),
    (Talking("trees", ""), TO_TALK, Talking("trees", "o-1")),
    (Talking("trees", ""), ev.TalkOver(""), UNSEEN),
    (Talking("trees", ""), ev.TalkOver("", lost=True), BROKEN_OFF),
    (Talking("trees", "o-1"), ev.PhoneLost("o-1"), BROKEN_OFF),
    (Talking(None, "o-1"), ev.PhoneLost("o-1"), Going(MAIN, apology="service-apology")),
    (BROKEN_OFF, ev.Said("", False), Going(TREES, front=Front())),
    (BROKEN_OFF, BROKEN, replace(BROKEN_OFF, dialled=True)),
    (Going(TREES, front=Front()), FREE, Entering("trees", front=Front())),
    (Going(MAIN, front=Front()), FREE, InMenu(interpreter.send(EDITION.hotline, interpreter.State("en"), MAIN, FACTS))),
    (Entering("trees", front=Front()), BROKEN, Going(TREES, dialled=True, front=Front())),
    (Entering("trees", front=Front()), ev.PlainEvent.DONE, Waiting("trees")),
    (TALK, ev.Transferred(GENERAL, EDITION, "o-1"), TO_GENERAL),
    (TALK, ev.Transferred("1002", EDITION, "o-1"), PuttingThrough(TO_COLLEAGUE, announced=True)),
    (TALK, asked(GENERAL), TO_GENERAL),
    (TALK, asked("1002"), PuttingThrough(TO_COLLEAGUE, announced=True)),
    (BACK_FROM_TALK, asked(GENERAL), BACK_FROM_TALK),
    (TALK, ev.CompletedToCall(GENERAL, EDITION), TO_GENERAL),
    (TALK, ev.Completed("1002"), AtLine(TO_COLLEAGUE, answered=True, joined=True)),
    (TALK, ev.SessionEnded(gone=True), TALK),
    (replace(TALK, returns=True), ev.PhoneLost("o-1"), APART),
    (APART, ev.AgentBack("back-1"), replace(APART, ring="back-1")),
    (replace(APART, ring="back-1"), ev.RingOver("back-1"), APART),
    (replace(APART, ring="back-1"), ev.Connected("back-1"), replace(TALK, offer="back-1", returns=True)),
    (replace(APART, explaining=True), FREE, replace(APART, explained=True)),
    (replace(APART, until=NOW), ev.PlainEvent.TICK, BROKEN_OFF),
    (APART, ev.CompletedToCall(GENERAL, EDITION), TO_GENERAL),
    (APART, ev.LegEnded("o-1"), APART),
    (replace(APART, ring="back-1"), ev.CallerElsewhere("back-1"), Over(EndedBy.AGENT)),
    (APART, ev.SessionBegan("PJSIP/a-1"), APART),
    # a caller on hold
    (TALK, ev.HoldAsked(WANG), replace(TALK, hold=Hold(NOW))),
    (replace(TALK, queue=None), ev.HoldAsked(WANG), replace(TALK, queue=None)),
    (BACK_FROM_TALK, ev.HoldAsked(WANG), BACK_FROM_TALK),
    (ON_HOLD, ev.PlainEvent.HOLD_ENDED, ON_HOLD),
    (ON_HOLD, ev.SessionBegan("PJSIP/a-1"), ON_HOLD),
    (ON_HOLD, BROKEN, ON_HOLD),
    (ON_HOLD, ev.Completed("1002"), ON_HOLD),
    (ON_HOLD, ev.CompletedToCall(GENERAL, EDITION), TO_GENERAL),
    (ON_HOLD, ev.BackAsked(WANG), COMING_BACK),
    (COMING_BACK, TO_TALK, TALK),
    (COMING_BACK, ev.HoldAsked(WANG), COMING_BACK),
    (COMING_BACK, ev.BackAsked(WANG), COMING_BACK),
    (ON_HOLD, TO_TALK, TALK),
    (ON_HOLD, ev.LegEnded("o-1"), UNSEEN),
    (ON_HOLD, ev.PhoneLost("o-1"), BROKEN_OFF),
    (replace(ON_HOLD, returns=True), ev.PhoneLost("o-1"), replace(APART, held=True)),
    (ON_HOLD, asked(GENERAL), TO_GENERAL),
    (TALK, ev.ConsultAsked(TO_COLLEAGUE, EDITION, WANG), replace(TALK, hold=CALLING)),
    (ON_HOLD, ev.ConsultAsked(TO_COLLEAGUE, EDITION, WANG), replace(TALK, hold=CALLING)),
    (ASKING, ev.ConsultAsked(TO_COLLEAGUE, EDITION, WANG), ASKING),
    (
        replace(TALK, hold=CALLING),
        ev.ConsultDialled("o-1", "ANSWER"),
        replace(TALK, hold=replace(CALLING, doing=Doing.ASKING)),
    ),
    (replace(TALK, hold=CALLING), ev.ConsultDialled("o-0", "ANSWER"), replace(TALK, hold=CALLING)),
    (replace(TALK, hold=CALLING), ev.ConsultDialled("o-1", "BUSY"), replace(TALK, hold=Hold(NOW, Doing.BACK))),
    (ASKING, ev.ConsultDialled("o-1", "BUSY"), ASKING),
    (ASKING, ev.BackAsked(WANG), COMING_BACK),
    (ASKING, ev.CompleteAsked("PJSIP/1002-1", WANG, own=True), AtLine(TO_COLLEAGUE, answered=True)),
    (ON_HOLD, ev.CompleteAsked("PJSIP/1002-1", WANG, own=True), ON_HOLD),
    (ASKING, ev.JoinAsked("PJSIP/1002-1", WANG), BRINGING),
    (RINGS, ev.JoinAsked("PJSIP/1002-1", WANG), LOST_ORDER),
    (TALK, ev.JoinAsked("PJSIP/1002-1", WANG), TALK),
    (BRINGING, TO_TALK, THREE),
    (BRINGING, ev.BackAsked(WANG), LOST_JOIN),
    (BRINGING, ev.CompleteAsked("PJSIP/1002-1", WANG, own=True), LOST_JOIN),
    (BRINGING, ev.ThirdLeft("o-1"), replace(TALK, hold=Hold(NOW, Doing.BACK))),
    (BRINGING, ev.LegEnded("o-1"), UNSEEN),
    (THREE, ev.ThirdLeft("o-1"), TALK),
    (THREE, ev.ThirdLeft("o-0"), THREE),
    (THREE, ev.BackAsked(WANG), TALK),
    (THREE, ev.HoldAsked(WANG), THREE),
    (THREE, ev.ConsultAsked("bureau", EDITION, WANG), THREE),
    (THREE, ev.JoinAsked("PJSIP/1002-1", WANG), THREE),
    (THREE, ev.CompleteAsked("PJSIP/1002-1", WANG, own=True), AtLine(TO_COLLEAGUE, answered=True)),
    (THREE, ev.LegEnded("o-1"), UNSEEN),
    (THREE, asked(GENERAL), TO_GENERAL),
    (replace(THREE, returns=True), ev.PhoneLost("o-1"), APART),
    (replace(THREE, offer=""), TO_TALK, THREE),
    (RINGS, ev.LinkChanged(up=True), LOST_ORDER),
    (ASKING, ev.LinkChanged(up=True), ASKING),
    (LOST_ORDER, ev.LegFound("o-1", Apart.WAITS), replace(TALK, hold=CALLING)),
    (LOST_ORDER, ev.LegFound("o-0", Apart.WAITS), LOST_ORDER),
    (LOST_ORDER, ev.LegFound("o-1", Apart.RINGS), LOST_ORDER),
    (RINGS, ev.LegFound("o-1", Apart.TALKS), ASKING),
    (LOST_RETURN, ev.LegFound("o-1", Apart.RINGS), COMING_BACK),
    (LOST_JOIN, ev.LegFound("o-1", Apart.TALKS), ASKING),
    (replace(BRINGING, offer=""), ev.LegAside("o-1", "1001", False, True, True), ASKING),
    (replace(BRINGING, offer=""), ev.LegAside("o-1", "1001", False, False, False), BRINGING),
    (AtLine(TO_COLLEAGUE, answered=True), ev.Joined(done=True), AtLine(TO_COLLEAGUE, answered=True)),
    (AtLine(TO_COLLEAGUE, answered=True), ev.Joined(done=False), replace(BACK, apology="talk-broken")),
    (replace(TALK, offer="", hold=Hold(NOW)), ev.LegAside("o-1", "1001", False, False, False), ON_HOLD),
    (replace(ON_HOLD, offer=""), ev.TalkOver(""), UNSEEN),
    (replace(TALK, offer="", hold=CALLING), ev.LegAside("o-1", "1001", False, True, True), ASKING),
    (replace(TALK, offer=""), ev.LegAside("o-1", "1001", False, False, False), ON_HOLD),
    (Leaving(), ev.LegAside("o-1", "1001", False, False, False), Leaving()),
    (
        offered("o-1"),
        ev.Transferred("1002", EDITION, "o-1"),
        PuttingThrough(Transfer("1002", "", "trees"), announced=True),
    ),
    (settling("o-1"), ev.Transferred(GENERAL, EDITION, "o-1"), TO_GENERAL),
    # sub-hotlines
    (PuttingThrough("bureau"), ev.Said("", False), PuttingThrough("bureau", announced=True)),
    (PuttingThrough("bureau", announced=True), ev.PlainEvent.DONE, AtLine("bureau")),
    (PuttingThrough("bureau"), BROKEN, Going(BUREAU, dialled=True)),
    (AtLine("bureau"), News.ANSWERED, AtLine("bureau", answered=True)),
    (AtLine("bureau"), ev.DialEnded("BUSY", "17"), TO_MAIN),
    (AtLine("bureau"), ev.DialEnded("ANSWER", "16"), Leaving(talked=True, dialled=True)),
    (AtLine("bureau", answered=True), News.LOST, TO_MAIN),
    (AtLine("bureau", known=False), ev.DialEnded("", ""), AtLine("bureau")),
    (AtLine("bureau"), ev.SessionBegan("PJSIP/a-1"), AtLine("bureau", known=False)),
    (AtLine("bureau", answered=True), ev.SessionBegan("PJSIP/a-1"), replace(UNSEEN, dialled=True)),
    (AtLine("bureau", answered=True), ev.Transferred(GENERAL, EDITION, ""), TO_GENERAL),
    # phones of transfers
    (PuttingThrough(TO_COLLEAGUE, announced=True), ev.PlainEvent.DONE, AtLine(TO_COLLEAGUE)),
    (PuttingThrough(TO_COLLEAGUE, announced=True), BROKEN, PuttingThrough(TO_COLLEAGUE, announced=True)),
    (PuttingThrough(TO_COLLEAGUE, announced=True), AGAIN_THERE, PuttingThrough(TO_COLLEAGUE, announced=True)),
    (AtLine(TO_COLLEAGUE), News.ANSWERED, AtLine(TO_COLLEAGUE, answered=True)),
    (AtLine(TO_COLLEAGUE), ev.DialEnded("NOANSWER", "19"), BACK),
    (AtLine(Transfer("1002")), ev.DialEnded("BUSY", "17"), replace(TO_MAIN, apology="transfer-failed")),
    (AtLine(TO_COLLEAGUE), ev.DialEnded("ANSWER", "16"), Leaving(talked=True, dialled=True)),
    (AtLine(TO_COLLEAGUE), ev.SessionBegan("PJSIP/a-1"), AtLine(TO_COLLEAGUE, known=False)),
    (AtLine(TO_COLLEAGUE, known=False), ev.DialEnded("", ""), PuttingThrough(TO_COLLEAGUE, announced=True)),
    (AtLine(TO_COLLEAGUE, known=False), AGAIN_THERE, PuttingThrough(TO_COLLEAGUE, announced=True)),
    (AtLine(TO_COLLEAGUE), ON_TO_BUREAU, PuttingThrough(Transfer("2201", "1002", "trees"), announced=True)),
    (
        AtLine(TO_COLLEAGUE, answered=True),
        ON_TO_BUREAU,
        PuttingThrough(Transfer("2201", "1002", "trees"), announced=True),
    ),
    (
        AtLine(TO_COLLEAGUE, answered=True),
        asked("2201"),
        PuttingThrough(Transfer("2201", "1002", "trees"), announced=True),
    ),
    (AtLine("bureau", answered=True), asked(GENERAL), TO_GENERAL),
    (AtLine(TO_COLLEAGUE, answered=True), ev.CompletedToCall(GENERAL, EDITION), TO_GENERAL),
    (
        AtLine(TO_COLLEAGUE, answered=True),
        ev.Completed("2201"),
        AtLine(Transfer("2201", "1002", "trees"), answered=True, joined=True),
    ),
    (AtLine(TO_COLLEAGUE, answered=True), ev.PlainEvent.HOLD_ENDED, Leaving(talked=True, dialled=True)),
    (Arriving(Stage.ASK_DIALLING), ev.DiallingKnown("1002/1001/trees"), AtLine(TO_COLLEAGUE, known=False)),
    # the way out
    (Leaving(dialled=True), ev.PlainEvent.DONE, Leaving()),
    (Leaving(), ev.Said("", False), Leaving(said=True)),
    (Leaving(said=True), ev.PlainEvent.DONE, Over(EndedBy.AGENT)),
    (Leaving(said=True), BROKEN, Leaving()),
    (UNSEEN, ev.CompletedToCall(GENERAL, EDITION), TO_GENERAL),
    (UNSEEN, ev.Completed("1002"), AtLine(Transfer("1002"), answered=True, joined=True)),
    (UNSEEN, ev.Transferred("1002", EDITION, "o-1"), PuttingThrough(Transfer("1002"), announced=True)),
    (Leaving(), ev.Completed("1002"), Leaving()),
    (Leaving(), ev.DiallingKnown("1002/1001/trees"), AtLine(TO_COLLEAGUE, answered=True)),
    (Leaving(), TO_TALK, Talking(None, "o-1")),
    (Leaving(), ev.DiallingKnown("bureau"), AtLine("bureau", answered=True)),
    (Gone("trees"), HUNG_UP, Over(EndedBy.CALLER)),
]


@pytest.mark.parametrize(("here", "event", "there"), TABLE)
def test_an_event_leads_on(here: State, event: ev.Event, there: State) -> None:
    at = At(here)
    at.step(event)
    assert at.state == there


@pytest.mark.parametrize(
    ("here", "found"),
    [(RINGS, Apart.WAITS), (replace(TALK, hold=Hold(NOW, Doing.BACK)), Apart.WAITS), (BRINGING, Apart.TALKS)],
)
def test_an_order_that_the_link_cannot_have_lost_is_not_sent_again(here: Talking, found: Apart) -> None:
    """Asterisk was asked before it had carried the order out."""
    at = At(TALK)
    at.machine.state = here
    at.step(ev.LegFound("o-1", found))
    assert at.state == here


@pytest.mark.parametrize(
    ("here", "held", "there"),
    [(ASKING, True, Leaving(talked=True, dialled=True)), (THREE, False, replace(BACK, apology="talk-broken"))],
    ids=["the colleague has talked with the caller, and AMI is late", "the agent of a talk of three is gone first"],
)
def test_a_caller_who_is_back_before_anybody_has_told_of_the_colleague(here: State, held: bool, there: State) -> None:
    at = At(here, session=True, held=held)
    at.step(ev.CompleteAsked("PJSIP/1002-1", WANG, own=True))
    at.step(ev.PlainEvent.HOLD_ENDED)
    assert at.state == there


@pytest.mark.parametrize("comes", [True, False])
def test_a_look_from_before_the_colleague_takes_the_caller_fetches_nobody(comes: bool) -> None:
    at = At(ASKING, session=True, held=True)
    at.step(ev.CompleteAsked("PJSIP/1002-1", WANG, own=True))
    assert at.step(News.BRIDGED, News.HELD) == [do.PlainCommand.LEAVE_BE]
    if comes:
        at.step(News.LET_GO, News.BRIDGED)
    at.now += JOINING
    at.step(ev.PlainEvent.TICK)
    assert at.state == (AtLine(TO_COLLEAGUE, answered=True) if comes else replace(BACK, apology="talk-broken"))


def test_a_person_for_whom_a_sub_hotline_stands_is_dialled() -> None:
    at = At(AGAIN, _person_by_sub_hotline(), session=True)
    at.step(ev.Said("", False))
    assert at.state == PuttingThrough("bureau")


WAYS = {here: {there for row in rows.values() for there in row.to} for here, rows in TRANSITIONS.items()}


def test_the_table_of_these_tests_has_every_transition() -> None:
    shown = {(type(here), type(there)) for here, _, there in TABLE}
    shown |= {(Arriving, Waiting), (Arriving, PuttingThrough)}  # a call with a destination of its own: test_entrances
    shown |= {(Arriving, Going)}  # back after a failure: test_cut
    shown |= {(Arriving, AtMessage), (Leaving, AtMessage)}  # a closed queue: test_leaving_message; test_surveying
    assert {(here, there) for here, ways in WAYS.items() for there in ways - {here, Gone, Over}} <= shown


@pytest.mark.parametrize("here", EACH[:-1], ids=TOLD[:-1])
@pytest.mark.parametrize(
    ("event", "by", "outcome"),
    [
        (HUNG_UP, EndedBy.CALLER, None),
        (ev.PlainEvent.SESSION_FAILED, EndedBy.SYSTEM, Outcome.FAILED),
        (ev.CallerMissing(ev.Missing.ASTERISK_ENDED), EndedBy.SYSTEM, Outcome.LOST),
        (ev.CallerElsewhere(""), EndedBy.CALLER, None),
    ],
)
def test_a_call_may_end_anywhere(here: State, event: ev.Event, by: EndedBy, outcome: Outcome | None) -> None:
    at = At(here)
    if isinstance(here, Leaving):  # an agent has ended the talk before, as the journal says
        by = by if outcome else EndedBy.AGENT
    commands = at.step(event)
    assert at.state == Over(by)
    (finished,) = records(commands, Kind.CALL_FINISHED)
    assert (finished.data["by"], finished.data.get("outcome")) == (by, outcome)
    assert commands[-2:] == [do.PlainCommand.CLOSE_SESSION, do.PlainCommand.FINISH]
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
def test_the_queues_hear_of_the_end_once(here: State, end: acd.Event) -> None:
    at = At(here)
    assert told(at.step(HUNG_UP, HUNG_UP, News.ENDED, ev.SessionEnded(gone=True))) == [end]


EVERY_EVENT: list[ev.Event] = [
    ev.PlainEvent.SESSION_FREE,
    ev.SessionEnded(gone=True),
    ev.PlainEvent.SESSION_FAILED,
    ev.PlainEvent.DONE,
    ev.Said("", False),
    ev.KeyAwaited("1"),
    ev.PlainEvent.HOLD_ENDED,
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
    News.FALLBACK,
    News.ANSWERED,
    ev.CallerElsewhere("o-1"),
    ev.CompletedToCall(GENERAL, EDITION),
    ev.Completed("1002"),
    ev.PutThrough("1002", ev.FarEnd.RINGS),
    ev.PutThroughFound("1002", blind=True),
    ev.Transferred(GENERAL, EDITION, "o-1"),
    ev.Transferred("1002", EDITION, ""),
    asked(GENERAL),
    asked("1002"),
    ev.HoldAsked(WANG),
    ev.ConsultAsked("bureau", EDITION, WANG),
    ev.ConsultDialled("o-1", "ANSWER"),
    ev.BackAsked(WANG),
    ev.ConsultAsked(TO_COLLEAGUE, EDITION, WANG),
    ev.ConsultDialled("o-1", "BUSY"),
    ev.CompleteAsked("PJSIP/1002-1", WANG, own=True),
    ev.JoinAsked("PJSIP/1002-1", WANG),
    ev.ThirdLeft("o-1"),
    ev.LegFound("o-1", Apart.WAITS),
    ev.Joined(done=False),
    ev.LegAside("o-1", "1001", False, False, False),
    ev.LinkChanged(up=False),
    ev.LedBack(done=True),
    ev.Matched(ring()),
    MISSED,
    TO_TALK,
    ev.LegEnded("o-1"),
    ev.AnnouncementDue(SPEECH),
    ev.QueueLeft(MAIN, EDITION),
    ev.TalkOver(""),
    ev.TalkOver("o-1"),
    ev.PlainEvent.ADOPTED,
    ev.PlainEvent.TICK,
]


def test_nothing_follows_the_end() -> None:
    at = At(Over(EndedBy.CALLER))
    assert at.step(*EVERY_EVENT) == []
    assert at.state == Over(EndedBy.CALLER)


def test_a_session_that_comes_after_the_end_is_closed() -> None:
    assert At(Over(EndedBy.CALLER)).step(ev.SessionBegan("PJSIP/a-1")) == [do.PlainCommand.CLOSE_SESSION]


@pytest.mark.parametrize("here", EACH[:-1], ids=TOLD[:-1])
@pytest.mark.parametrize("session", [True, False])
def test_no_event_is_a_mistake_anywhere(here: State, session: bool) -> None:
    for event in EVERY_EVENT:
        At(here, session=session).step(event, event, *EVERY_EVENT)


# --- late and repeated events

LATE_EVENTS: list[tuple[State, ev.Event]] = [
    (Waiting("trees"), ev.Said("", True)),
    (Waiting("trees", SPEECH), ev.Said("", True)),
    (offered("o-1"), ev.RingOver("o-0")),
    (offered("o-1"), ev.Said("", True)),
    (settling("o-1", taken="o-1", until=NOW + 1), ev.RingOver("o-0")),
    (Talking("trees", "o-1"), ev.LegEnded("o-0")),
    (Talking("trees", "o-1"), TO_TALK),
    (Talking("trees", "o-1", "", NOW + 1), TO_TALK),
    (Leaving(talked=True), TO_TALK),
    (Leaving(talked=True), ev.TalkOver("")),
    (Leaving(talked=True), ev.TalkOver("o-1")),
    (Leaving(), ev.CompletedToCall(GENERAL, EDITION)),
    (AtLine("bureau"), asked(GENERAL)),
    (Going(MAIN), TO_TALK),
    (Going(MAIN), ev.Said("", True)),
    (Going(MAIN), ev.PlainEvent.HOLD_ENDED),
    (replace(MENU, asked=False), ev.KeyAwaited("1")),
    (AtLine("bureau", answered=True), News.ANSWERED),
]


@pytest.mark.parametrize(("here", "event"), LATE_EVENTS)
def test_an_event_that_comes_late_or_twice_changes_nothing(here: State, event: ev.Event) -> None:
    at = At(here, session=True)
    assert told(at.step(event)) == []
    assert at.state == here


@pytest.mark.parametrize("here", [Going(MAIN), Talking("trees", "o-0"), Waiting("general"), Leaving(), Gone("trees")])
def test_a_ring_for_a_caller_who_does_not_wait_there_comes_to_nothing(here: State) -> None:
    at = At(here)
    assert at.step(ev.Matched(ring())) == [
        do.TellDistributor(acd.OfferFailed("o-1", acd.OfferFailure.FAILED)),
    ]
    assert at.state == here


def test_an_announcement_for_a_caller_who_is_rung_for_is_over_at_once() -> None:
    at = At(offered("o-1"))
    assert at.step(ev.AnnouncementDue(SPEECH)) == [do.TellDistributor(acd.Announced("c-1", said=False))]


# --- a whole call


def test_a_call_from_the_first_session_to_the_goodbye() -> None:
    machine = CallMachine(ARRIVAL, EDITION, link_up=True)
    story: list[tuple[ev.Event, type[State]]] = [
        (ev.SessionBegan("PJSIP/a-1"), Arriving),
        (ev.PlainEvent.DONE, Arriving),
        (ev.PlainEvent.DONE, InMenu),
        (ev.Said("", True), InMenu),
        (ev.KeyAwaited("1"), Entering),
        (ev.PlainEvent.DONE, Waiting),
        (ev.Said("", False), Waiting),
        (News.BRIDGED, Waiting),
        (News.HELD, Waiting),
        (ev.Matched(ring()), Offered),
        (News.LET_GO, Offered),
        (News.BRIDGED, Offered),
        (TO_TALK, Talking),
        (ev.LegEnded("o-1"), Leaving),
        (ev.PlainEvent.HOLD_ENDED, Leaving),
        (ev.Said("", False), Leaving),
        (ev.PlainEvent.DONE, Over),
    ]
    kinds = []
    states: list[type[State]] = []
    for event, state in story:
        commands = machine.step(event, NOW)
        if not machine.over:
            commands += machine.step(FREE, NOW)
        assert type(machine.state) is state, event
        states.append(state)
        kinds += [record.kind for record in records(commands)]
    assert (kinds[0], kinds[-1]) == (Kind.CALL_STARTED, Kind.CALL_FINISHED)
    assert all(here is there or there in WAYS[here] for here, there in pairwise(states))
    assert Settling not in states


# --- after a restart


@pytest.mark.parametrize(
    ("summary", "view", "rings", "state"),
    [
        ({}, None, [], Arriving()),
        ({"onward": {"queue": "trees"}}, None, [], RESTORED),
        ({"onward": {"queue": "unknown"}}, None, [], Going(ToQueue(queue="general"), dialled=True)),  # it was taken out
        ({"state": CallState.SURVEY}, None, [], replace(UNSEEN, dialled=True)),
        ({"state": CallState.TALKING}, None, [], UNSEEN),
        ({"onward": {"queue": "trees", "front": "1001"}}, None, [], Going(TREES, dialled=True, front=FRONT)),
        ({"onward": {"queue": "trees", "front": ""}}, None, [], Going(TREES, dialled=True, front=Front())),
        ({"onward": {"queue": "trees", "front": "1001", "apology": "transfer-failed"}}, None, [], BACK),
        ({"onward": {"agent": "1002", "by": "1001", "queue": "trees"}}, None, [], AtLine(TO_COLLEAGUE, known=False)),
        ({"onward": {"number": "962777"}}, None, [], AtLine(Transfer("962777"), known=False)),
        (
            {"state": CallState.TALKING, "onward": {"agent": "1002", "by": "1001", "queue": "trees"}},
            *(None, [], AtLine(TO_COLLEAGUE, answered=True)),
        ),
        ({"state": CallState.TALKING, "onward": {"sub_hotline": "bureau"}}, None, [], AtLine("bureau", answered=True)),
        ({}, CallView("c-1", "trees", None), [], Waiting("trees")),
        ({}, CallView("c-1", "trees", None), ["c-1", "c-2"], offered("o-1")),
        ({}, CallView("c-1", "trees", "1001"), [], Talking("trees", "", "1001")),
    ],
)
def test_where_a_call_from_before_a_restart_is(
    summary: dict[str, Any], view: CallView | None, rings: list[str], state: State
) -> None:
    offers = [OfferView(f"o-{number}", call, "1001", answered=False) for number, call in enumerate(rings, start=1)]
    assert state_of(CallSummary("c-1", NOW, **summary), EDITION, view, offers) == state


def test_a_call_from_before_a_restart_goes_on_in_its_next_session() -> None:
    at = At(Arriving())
    (resumed,) = records(at.step(ev.SessionBegan("PJSIP/a-1")))
    assert (resumed.kind, resumed.data) == (Kind.CALL_RESUMED, {"channel": "PJSIP/a-1"})
    assert at.state == Arriving(Stage.ASK_DIALLING, back=True)
