"""A caller whom a colleague has sent, and who is on hold: what ends that talk, and what does not."""

import pytest

from acd.events import Company, CompanyChanged
from calls import effects as do
from calls import events as ev
from calls import holding
from calls.states import AtLine, Doing, Going, Hold, InQueue, Leaving, Transfer
from dialplan.news import News
from journal.actor import Actor
from journal.records import Kind
from tests.unit.calls.steps import At, records, told

COLLEAGUE = Transfer("1002", "1001", "trees")
OTHER = Transfer("2201", "1002", "trees")
WANG = Actor.user("wang")
LEG = "a-7"


def on_hold(*, session: bool = True, held: bool = True) -> At:
    at = At(AtLine(COLLEAGUE, answered=True), session=session)
    at.step(ev.Connected(LEG, "1002"), ev.HoldAsked(WANG))
    if held:
        at.step(News.LET_GO, News.BRIDGED, News.HELD)
    return at


def test_the_phone_is_a_leg_before_the_caller_is_held() -> None:
    at = At(AtLine(COLLEAGUE, answered=True), session=True)
    assert holding.to_lead(at.machine) == "1002"
    assert holding.possible(at.machine) == ("transfer",)
    at.step(ev.HoldAsked(WANG))
    assert at.state == AtLine(COLLEAGUE, answered=True)
    at.step(ev.Connected(LEG, "1002"))
    assert holding.to_lead(at.machine) == ""
    assert holding.possible(at.machine) == ("hold", "consult", "transfer")
    assert do.SetAside(LEG) in at.step(ev.HoldAsked(WANG))


@pytest.mark.parametrize("session", [True, False])
def test_the_caller_who_leaves_the_talk_for_the_music_has_not_ended_it(session: bool) -> None:
    at = on_hold(session=session, held=False)
    happens: list[ev.Event] = [News.LET_GO]
    if session:
        happens += [ev.DialEnded("ANSWER", "16"), ev.PlainEvent.SESSION_FREE]
    commands = at.step(*happens)
    assert (do.Do(do.PlainTask.HOLD) in commands) == session
    assert at.state == AtLine(COLLEAGUE, answered=True, offer=LEG, hold=Hold(at.now))
    if not session:  # the dialplan brings the caller to one
        assert do.Do(do.PlainTask.HOLD) in at.step(ev.SessionBegan("PJSIP/1"), ev.PlainEvent.SESSION_FREE)
        assert at.state == AtLine(COLLEAGUE, answered=True, offer=LEG, hold=Hold(at.now))


@pytest.mark.parametrize("session", [True, False])
def test_the_leg_takes_the_caller_back(session: bool) -> None:
    at = on_hold(session=session)
    assert do.TakeBack(LEG, LEG) in at.step(ev.BackAsked(WANG))
    at.step(News.LET_GO, News.BRIDGED)
    (back,) = records(at.step(ev.Connected(LEG, "1002")))
    assert (back.kind, back.agent, at.state) == (Kind.UNHELD, "1002", AtLine(COLLEAGUE, answered=True, offer=LEG))


def test_two_agents_have_the_call_while_one_asks_the_other() -> None:
    at = on_hold()
    asked = at.step(ev.ConsultAsked(OTHER, at.machine.edition, WANG), ev.ConsultDialled(LEG, "ANSWER"))
    assert told(asked) == [
        CompanyChanged(at.machine.id, "2201", Company.RINGS, "trees", False),
        CompanyChanged(at.machine.id, "2201", Company.ASKED, "trees", False),
    ]
    given = at.step(ev.CompleteAsked("PJSIP/2201-1", WANG, own=True))
    assert told(given) == [
        CompanyChanged(at.machine.id, "1002", None),
        CompanyChanged(at.machine.id, "2201", Company.TALKS, "trees", False),
    ]
    assert at.state == AtLine(OTHER, answered=True)
    assert [record.kind for record in records(given)] == [
        Kind.TRANSFER_ENDED,
        Kind.TRANSFERRED,
        Kind.TRANSFER_ANSWERED,
    ]


@pytest.mark.parametrize("lost", [True, False], ids=["the phone is gone", "the agent hangs up"])
def test_the_caller_is_fetched_when_the_agent_is_gone(lost: bool) -> None:
    at = on_hold()
    commands = at.step(ev.PhoneLost(LEG) if lost else ev.LegEnded(LEG))
    assert do.PlainCommand.KICK in commands or do.PlainCommand.FETCH in commands
    assert isinstance(at.state, Going if lost else Leaving)


def test_a_caller_who_hangs_up_on_hold_frees_the_agent() -> None:
    at = on_hold()
    commands = at.step(ev.CallerHungUp(blind=False))
    assert do.DropRing(LEG) in commands
    assert records(commands, Kind.TRANSFER_ENDED)[0].data["by"] == "caller"


@pytest.mark.parametrize("doing", [Doing.AWAY, Doing.ASKING])
def test_a_restart_finds_the_leg_or_ends_the_talk(doing: Doing) -> None:
    hold = Hold(0.0, doing, OTHER if doing is Doing.ASKING else None)
    at = At(AtLine(COLLEAGUE, answered=True, hold=hold))
    at.step(ev.LegAside(LEG, "1002", False, doing is Doing.ASKING, doing is Doing.ASKING))
    assert isinstance(at.state, AtLine)
    assert at.state.hold is not None
    assert (at.state.offer, at.state.hold.doing) == (LEG, doing)
    at = At(AtLine(COLLEAGUE, answered=True, hold=hold))
    at.step(ev.TalkOver(""))
    assert isinstance(at.state, Leaving)


def test_somebody_of_a_queue_is_asked_once_answered_there() -> None:
    at = on_hold()
    edition = at.machine.edition
    asked = at.step(ev.ConsultAsked(InQueue("trees"), edition, WANG))
    assert do.Consult(LEG, "6001", False, holding.RING, LEG, own=True) in asked
    assert records(asked, Kind.CONSULT_ASKED)[0].data["to"] == {"queue": "trees"}
    assert told(asked) == []
    assert at.step(ev.ConsultDialled(LEG, "ANSWER")) == []  # the agent hears the queue
    assert holding.possible(at.machine) == ("return", "transfer")
    answered = at.step(ev.QueueAnswered("2201"))
    assert records(answered, Kind.CONSULT_ANSWERED)[0].data["to"] == {"agent": "2201"}
    assert told(answered) == [CompanyChanged(at.machine.id, "2201", Company.ASKED, "trees", False)]
    assert holding.possible(at.machine) == ("complete", "join", "return", "transfer")
    assert at.step(ev.QueueAnswered("1001")) == [], "the answer is known"


def test_a_restart_finds_the_agent_in_the_queue() -> None:
    at = At(AtLine(COLLEAGUE, answered=True, hold=Hold(0.0, Doing.CALLING, InQueue("trees"))))
    at.step(ev.LegAside(LEG, "1002", False, True, True))
    assert holding.possible(at.machine) == ("return", "transfer")
    at.step(ev.QueueAnswered("2201"))
    assert "complete" in holding.possible(at.machine)
