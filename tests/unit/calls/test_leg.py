"""A caller who is awaited: on the way to a session, or while Asterisk cannot be asked."""

from collections.abc import Mapping
from typing import Any

import pytest

from calls import effects as do
from calls import events as ev
from calls.leg import (
    ABSENCE,
    BRIDGES,
    CHANNELS,
    COMING,
    FAREWELL,
    LATE,
    SESSIONS,
    Bridge,
    Channel,
    Happens,
    Leg,
    Session,
)
from calls.machine import CallMachine
from calls.states import Gone, Talking, Waiting
from dialplan.news import News
from tests.unit.calls.steps import ARRIVAL, BROKEN, EDITION, MENU, MISSED, NOW, STRAY, At, offered, records

# --- deadlines: a caller on the way to a session


def test_a_caller_who_does_not_come_is_led_back_once() -> None:
    at = At(MENU, session=True)
    at.step(BROKEN)
    assert at.machine.deadline() == NOW + COMING
    assert at.due() == [do.PlainCommand.LEAD_BACK]
    assert at.machine.deadline() is None


def test_the_wait_for_a_caller_begins_anew_when_the_talk_ends_that_outlived_the_session() -> None:
    """Led back just then, a caller whom the agent has transferred would lose the transfer."""
    at = At(Talking("trees", "o-1"), session=True)
    at.step(BROKEN)
    at.now += COMING - 0.5
    at.step(News.LET_GO)
    assert at.machine.deadline() == at.now + COMING


def test_a_caller_who_is_expected_already_is_not_given_more_time() -> None:
    at = At(MENU, session=True)
    at.step(BROKEN)
    at.now += 3
    at.step(STRAY)
    assert at.machine.deadline() == NOW + COMING


@pytest.mark.parametrize("event", [News.BRIDGED, ev.SessionBegan("PJSIP/a-1")])
def test_a_caller_who_has_come_is_not_led_back(event: ev.Event) -> None:
    at = At(MENU, session=True)
    at.step(BROKEN)
    assert do.PlainCommand.LEAVE_BE in at.step(event)
    assert at.machine.deadline() is None


def test_a_caller_who_was_due_while_the_service_was_frozen_gets_the_time_again() -> None:
    at = At(MENU, session=True)
    at.step(BROKEN)
    at.now += COMING + LATE + 1
    assert at.step(ev.PlainEvent.TICK) == []
    assert at.machine.deadline() == at.now + COMING
    assert at.due() == [do.PlainCommand.LEAD_BACK]


def test_what_a_session_says_that_began_while_its_caller_was_led_away_is_not_believed() -> None:
    at = At(Waiting("trees"), session=True)
    at.step(BROKEN, STRAY)
    at.due()
    at.step(ev.SessionBegan("PJSIP/a-1"), ev.SessionEnded(gone=True))
    assert (at.state, at.machine.leg.gone) == (Waiting("trees"), False)
    at.step(ev.SessionBegan("PJSIP/a-1"), ev.SessionEnded(gone=True))
    assert at.state == Gone("trees"), "the next one is believed"


def test_a_caller_who_was_not_led_anywhere_is_not_doubted() -> None:
    at = At(Waiting("trees"), session=True)
    at.step(BROKEN, STRAY)
    at.due()
    at.step(ev.LedBack(done=False), ev.SessionBegan("PJSIP/a-1"), ev.SessionEnded(gone=True))
    assert at.state == Gone("trees")


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


def test_the_tables_of_the_leg_have_everything_that_happens_and_every_state() -> None:
    tables: tuple[Mapping[Happens, Mapping[Any, Any]], ...] = (SESSIONS, BRIDGES, CHANNELS)
    assert {happens for table in tables for happens in table} == set(Happens)
    reached = {there for table in tables for ways in table.values() for there in ways.values()}
    assert reached == {*Session, *Bridge, *Channel}


def test_a_leg_stays_as_it_is_where_no_table_says_more() -> None:
    leg = Leg(session=Session.SERVES, bridge=Bridge.TAKEN_OUT, channel=Channel.GONE)
    for happens in (Happens.LED, Happens.NOT_LED, Happens.LEFT, Happens.GONE):
        leg.tell(happens)
    assert (leg.session, leg.bridge, leg.channel) == (Session.SERVES, Bridge.TAKEN_OUT, Channel.GONE)


def test_a_session_that_came_while_the_caller_was_led_to_one_is_doubtful() -> None:
    leg = Leg()
    for happens, session, served in (
        (Happens.LED, Session.LED, False),
        (Happens.SESSION_BEGAN, Session.DOUBTFUL, True),
        (Happens.SESSION_ENDED, Session.NONE, False),
        (Happens.SESSION_BEGAN, Session.SERVES, True),
    ):
        leg.tell(happens)
        assert (leg.session, leg.served) == (session, served)
