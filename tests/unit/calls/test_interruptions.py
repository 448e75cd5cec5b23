"""A talk whose agent's browser is gone: music, a word, the same agent, or the front of the queue."""

from dataclasses import replace
from typing import Any

import pytest

from acd import events as acd
from acd.effects import RingAgent
from acd.events import EndedBy
from calls import effects as do
from calls import events as ev
from calls.interruptions import CONNECTING, EXPLAIN_AFTER
from calls.states import Going, Hold, Interrupted, Leaving, Over, Talking
from dialplan.news import News
from hotline.edition import Edition
from journal.records import Kind
from sounds.model import Phrase
from tests.unit.calls.steps import BROKEN, EDITION, FREE, NOW, TREES, At, others, records, told
from tests.unit.service.calling import FakeCatalogue

KEPT = EDITION.hotline.agent_back
GONE, BACK = ev.PhoneLost("o-1"), ev.AgentBack("back-1")
TALK = Talking("trees", "o-1", "1001", returns=True)
TOLD = do.Say((Phrase("talk-broken"),), "en", keys=False)


def kept(**changes: Any) -> Edition:
    return Edition(EDITION.hotline.model_copy(update=changes), FakeCatalogue())


def interrupted(edition: Edition = EDITION, **leg: Any) -> At:
    """The agent's page is gone; the caller is back in the session, and held."""
    at = At(TALK, edition, session=True, **leg)
    (record,) = records(at.step(GONE))
    assert (record.kind, record.agent) == (Kind.TALK_INTERRUPTED, "1001")
    at.step(News.LET_GO, ev.PlainEvent.HOLD_ENDED)
    assert at.task() == do.PlainTask.HOLD
    at.step(News.BRIDGED, News.HELD)
    return at


def test_the_caller_hears_music_and_the_talk_goes_on_for_the_queues() -> None:
    at = At(TALK, session=True)
    assert told(at.step(GONE)) == []
    assert at.state == Interrupted("trees", "o-1", "1001", since=NOW, until=NOW + KEPT)
    assert at.machine.awaited == "1001"
    assert at.machine.deadline() == NOW + EXPLAIN_AFTER


def test_the_page_is_rung_and_takes_the_caller() -> None:
    at = interrupted()
    at.now += 0.5
    (ring,) = [command for command in at.step(BACK) if isinstance(command, do.Ring)]
    assert ring == do.Ring(RingAgent("back-1", "c-1", "1001", "trees", CONNECTING), held=True)
    assert at.machine.awaits("back-1")
    at.now += 0.25
    at.step(News.LET_GO, News.BRIDGED)
    (record,) = records(at.step(ev.Connected("back-1")))
    assert (record.kind, record.agent, record.data) == (Kind.TALK_RESUMED, "1001", {"away_s": 0.75})
    assert at.state == replace(TALK, offer="back-1")
    assert at.machine.deadline() is None
    at.step(ev.LegEnded("back-1"))
    assert at.machine.state == Leaving(talked=True)


def test_a_page_that_is_gone_again_is_awaited_anew() -> None:
    at = interrupted()
    at.step(BACK, ev.Connected("back-1"))
    at.now += 60
    at.step(ev.PhoneLost("back-1"))
    assert at.state == Interrupted("trees", "back-1", "1001", since=NOW + 60, until=NOW + 60 + KEPT)


def test_another_page_replaces_one_that_rings_no_more() -> None:
    at = interrupted()
    at.step(BACK)
    commands = at.step(ev.AgentBack("back-2"))
    assert do.DropRing("back-1") in commands
    at.step(ev.RingOver("back-1"))
    assert at.machine.awaits("back-2")
    at.step(ev.RingOver("back-2"))
    assert (at.machine.awaited, at.machine.awaits("back-2")) == ("1001", False)


def test_the_caller_is_told_after_a_while_and_held_again() -> None:
    at = interrupted()
    at.now += EXPLAIN_AFTER
    assert do.PlainCommand.FETCH in at.step(ev.PlainEvent.TICK)
    at.step(News.LET_GO, ev.PlainEvent.HOLD_ENDED)
    assert at.task() == TOLD
    (ring,) = [command for command in at.step(BACK) if isinstance(command, do.Ring)]
    assert not ring.held, "Bridge() would end the session"
    at.step(ev.Said("We are sorry", True))
    assert at.task() == do.PlainTask.HOLD
    assert at.step(News.BRIDGED, News.HELD)[-1] == do.PlainCommand.ADMIT


def test_a_page_that_is_back_just_then_spares_the_caller_the_words() -> None:
    at = interrupted()
    at.now += EXPLAIN_AFTER
    at.step(ev.PlainEvent.TICK, BACK, News.LET_GO, ev.PlainEvent.HOLD_ENDED)
    assert at.task() == do.PlainTask.HOLD


@pytest.mark.parametrize("tell", [True, False])
def test_the_agent_is_not_awaited_for_ever(tell: bool) -> None:
    at = interrupted()
    if tell:
        at.now += EXPLAIN_AFTER
        at.step(ev.PlainEvent.TICK, News.LET_GO, ev.PlainEvent.HOLD_ENDED)
        at.task()
        at.step(ev.Said("We are sorry", False), FREE, News.BRIDGED, News.HELD)
    at.now = NOW + KEPT
    commands = at.step(ev.PlainEvent.TICK)
    assert told(commands) == [acd.CallEnded("c-1", EndedBy.SYSTEM, ev.Lost.AGENT)]
    (sent_on,) = records(commands, Kind.ROUTED)
    untold = {} if tell else {"apology": "talk-broken"}
    assert sent_on.data == {"to": {"queue": "trees"}, "front": True, **untold}
    assert do.PlainCommand.FETCH in commands
    assert isinstance(at.state, Going)
    assert (at.state.to, at.state.apology) == (TREES, "" if tell else "talk-broken")
    assert others(at.step(BACK)) == []


def test_a_page_that_is_back_in_time_may_connect_a_moment_later() -> None:
    at = interrupted()
    at.now += KEPT - 0.1
    at.step(BACK)
    at.now += 1
    at.step(ev.PlainEvent.TICK)
    assert at.machine.awaits("back-1")
    at.now += CONNECTING
    assert do.DropRing("back-1") in at.step(ev.PlainEvent.TICK)
    assert isinstance(at.state, Going)


def test_the_caller_hangs_up() -> None:
    at = interrupted()
    at.step(BACK)
    commands = at.step(ev.CallerHungUp(blind=False))
    assert do.DropRing("back-1") in commands
    assert told(commands) == [acd.CallEnded("c-1", EndedBy.CALLER)]
    assert at.state == Over(EndedBy.CALLER)


def test_a_session_that_breaks_changes_nothing() -> None:
    at = interrupted()
    at.step(BROKEN, ev.SessionBegan("PJSIP/a-1"))
    assert at.machine.awaited == "1001"
    assert at.task() == do.PlainTask.HOLD


@pytest.mark.parametrize(
    ("state", "edition"),
    [
        (TALK, kept(agent_back=0)),
        (replace(TALK, returns=False), EDITION),
        (replace(TALK, queue=None), EDITION),
        (replace(TALK, agent=""), EDITION),
    ],
)
def test_nobody_is_awaited_who_cannot_come_back(state: Talking, edition: Edition) -> None:
    at = At(state, edition, session=True)
    at.step(GONE)
    assert isinstance(at.state, Going)


def test_the_phone_of_another_talk_is_no_matter() -> None:
    at = At(replace(TALK, offer="o-2"))
    assert at.step(GONE) == []
    assert at.step(BACK) == []


def test_a_transfer_that_the_phone_began_before_it_was_gone_is_carried_out() -> None:
    at = interrupted()
    at.step(BACK)
    commands = at.step(ev.Transferred("1002", EDITION, "o-1"))
    assert do.DropRing("back-1") in commands
    assert told(commands) == [acd.CallEnded("c-1", EndedBy.AGENT)]
    assert [record.kind for record in records(commands)] == [Kind.TRANSFERRED]


def test_a_caller_who_was_on_hold_is_so_again_once_the_page_is_back() -> None:
    at = At(replace(TALK, hold=Hold(NOW)), session=True)
    at.step(GONE, News.HELD, BACK, News.LET_GO, News.BRIDGED)
    commands = at.step(ev.Connected("back-1"))
    assert [record.kind for record in records(commands)] == [Kind.TALK_RESUMED, Kind.HELD]
    assert do.SetAside("back-1") in commands
    assert at.state == Talking("trees", "back-1", "1001", returns=True, hold=Hold(NOW))
