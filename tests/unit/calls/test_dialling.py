"""A caller who is put through to a sub-hotline, or to the phone of a transfer."""

from dataclasses import replace

import pytest

from acd import events as acd
from acd.events import EndedBy
from calls import effects as do
from calls import events as ev
from calls.events import FarEnd
from calls.leg import Happens
from calls.life import Talker
from calls.machine import CallMachine
from calls.states import AtLine, Entering, Front, Going, InMenu, Leaving, PuttingThrough, Talking, Transfer
from dialplan.news import News
from ivr.model import Destination, HangUp, Say
from journal.actor import SYSTEM, Actor
from journal.records import Kind
from sounds.model import Phrase, Words
from tests.unit.calls.steps import ARRIVAL, BUREAU, EDITION, GENERAL, HUNG_UP, NOW, TREES, At, recording, records, told

COLLEAGUE = Transfer("1002", "1001", "trees")
TALK = Talking("trees", "o-1", "1001")


def test_a_sub_hotline_is_told_dialled_and_answered_once() -> None:
    at = At(PuttingThrough("bureau", announced=True), session=True)
    kinds = [record.kind for record in records(at.step(ev.PlainEvent.DONE, News.ANSWERED, News.ANSWERED))]
    assert kinds == [Kind.SUB_HOTLINE_DIALLED, Kind.SUB_HOTLINE_ANSWERED]
    (ended,) = records(at.step(ev.DialEnded("ANSWER", "16")))
    assert (ended.kind, ended.data) == (Kind.SUB_HOTLINE_ENDED, {"sub_hotline": "bureau", "by": "agent"})


def test_an_answer_that_was_missed_is_told_at_the_end() -> None:
    at = At(AtLine("bureau"), session=True)
    kinds = [record.kind for record in records(at.step(ev.DialEnded("ANSWER", "16")))]
    assert kinds == [Kind.SUB_HOTLINE_ANSWERED, Kind.SUB_HOTLINE_ENDED]


def test_a_sub_hotline_whose_phone_is_gone_has_failed() -> None:
    at = At(AtLine("bureau", answered=True), session=True)
    failed, sent = records(at.step(News.LOST))
    assert (failed.kind, failed.data) == (
        Kind.SUB_HOTLINE_FAILED,
        {"sub_hotline": "bureau", "status": "ANSWER", "cause": "18"},
    )
    assert sent.data == {"to": {"menu": "main"}, "apology": "no-answer-apology"}
    assert records(at.step(ev.DialEnded("ANSWER", "16"))) == []


def test_a_caller_who_is_back_while_asterisk_cannot_be_asked_says_whether_the_phone_was_gone() -> None:
    for lost, happens in ((False, [Kind.TRANSFER_ENDED]), (True, [Kind.TRANSFER_FAILED, Kind.ROUTED])):
        for back in (ev.SessionBegan("PJSIP/a-1"), ev.PlainEvent.HOLD_ENDED):
            at = At(AtLine(COLLEAGUE, answered=True), session=back is ev.PlainEvent.HOLD_ENDED)
            at.step(ev.LinkChanged(False), back)
            assert at.task() is do.PlainTask.ASK_DIAL_RESULT
            written = records(at.step(ev.DialEnded("ANSWER", "127", lost)))
            assert [record.kind for record in written] == happens


def test_a_phone_that_answered_unseen_and_was_gone_is_told_as_that() -> None:
    at = At(AtLine(COLLEAGUE, known=False), session=True)
    answered, failed, sent = records(at.step(ev.DialEnded("ANSWER", "127", lost=True)))
    assert (answered.kind, failed.kind) == (Kind.TRANSFER_ANSWERED, Kind.TRANSFER_FAILED)
    assert (sent.data["to"], sent.data["agent_first"]) == ({"queue": "trees"}, "1001")


def test_a_sub_hotline_that_fails_leads_where_it_says_with_an_apology() -> None:
    at = At(AtLine("bureau"), session=True)
    failed, sent = records(at.step(ev.DialEnded("BUSY", "17")))
    assert (failed.kind, sent.kind) == (Kind.SUB_HOTLINE_FAILED, Kind.ROUTED)
    assert sent.data == {"to": {"menu": "main"}, "apology": "no-answer-apology"}
    assert at.task() is do.PlainTask.CLEAR_DIALLING
    at.step(ev.PlainEvent.DONE)
    for _ in range(2):
        assert isinstance(at.task(), do.Say)
        at.step(ev.Said("", False))
    assert isinstance(at.state, InMenu)


def test_a_message_for_the_failure_is_the_only_apology() -> None:
    """The duty officer does not answer either: the caller heard two apologies, one after the other."""
    sorry: Destination = Say(say={"*": "Sorry, nobody is there"}, then=HangUp(hangup=True))
    bureau = EDITION.hotline.sub_hotlines["bureau"].model_copy(update={"failed": sorry})
    edition = replace(EDITION, hotline=EDITION.hotline.model_copy(update={"sub_hotlines": {"bureau": bureau}}))
    at = At(AtLine("bureau"), edition, session=True)
    at.step(ev.DialEnded("NOANSWER", "19"))
    assert at.task() is do.PlainTask.CLEAR_DIALLING
    at.step(ev.PlainEvent.DONE)
    said = at.task()
    assert isinstance(said, do.Say)
    assert said.speech == (Words({"*": "Sorry, nobody is there"}),)
    at.step(ev.Said("Sorry, nobody is there", False))
    assert isinstance(at.state, Leaving)


def kinds(written: list[do.Command]) -> list[Kind]:
    return [record.kind for record in records(written)]


# --- the phone of a transfer


def test_a_blind_transfer_is_told_and_the_talk_before_it_is_over() -> None:
    at = At(TALK)
    at.step(ev.SessionEnded(gone=True))
    assert at.machine.leg.gone
    commands = at.step(ev.Transferred("1002", EDITION, "o-1"))
    assert told(commands) == [acd.CallEnded("c-1", EndedBy.AGENT)]
    (sent,) = records(commands)
    assert (sent.kind, sent.agent, sent.actor) == (Kind.TRANSFERRED, "1001", Actor.agent("1001"))
    assert sent.data == {"how": "blind", "to": {"agent": "1002"}}
    assert not at.machine.leg.gone
    at.step(ev.SessionBegan("PJSIP/a-1"))
    assert at.machine.deadline() is None, "the end of the last session is explained"


def test_a_transfer_by_nobody_knows_whom_is_the_systems() -> None:
    (sent,) = records(At(Leaving(talked=True)).step(ev.Transferred("962777", EDITION, "")))
    assert (sent.agent, sent.actor, sent.data) == (None, SYSTEM, {"how": "blind", "to": {"number": "962777"}})


def recorded_transfer(phone: str = "1002", *, told: bool = True) -> At:
    """A caller who has come from a queue that records, and is put through."""
    at = At(PuttingThrough(Transfer(phone, "1001", "trees"), announced=True), recording(), session=True)
    at.machine.told = told
    return at


def test_a_phone_that_is_recorded_after_a_transfer_becomes_a_leg_once_it_talks() -> None:
    at = recorded_transfer()
    at.step(ev.PlainEvent.DONE)
    dialled = at.task()
    assert isinstance(dialled, do.Dial)
    assert dialled.record
    assert do.PlainCommand.LEAD in at.step(News.ANSWERED)
    assert do.PlainCommand.LEAD in at.step(News.MET), "the first time it may not have been there yet"
    connected = at.step(ev.Connected("a-9", "1002"))
    (begun,) = records(connected, Kind.RECORDING_BEGUN)
    assert do.RecordTalk("a-9") not in connected, "Asterisk has begun it"
    assert (begun.queue, begun.agent, begun.offer) == ("trees", "1002", "a-9")
    assert do.PlainCommand.LEAD not in at.step(News.MET)
    paused = at.step(ev.PauseAsked(Actor.agent("1002"), True))
    assert paused[-1] == do.Mute("a-9", on=True)


@pytest.mark.parametrize("told", [True, False])
def test_a_talk_after_a_join_by_the_agents_own_phone_is_recorded_once_that_phone_is_a_leg(told: bool) -> None:
    at = At(TALK, recording(), session=True)
    at.machine.told, at.machine.recording = told, "on" if told else None
    assert (do.PlainCommand.LEAD in at.step(ev.Completed("1002"))) == told
    commands = at.step(ev.Connected("a-9", "1002"))
    assert (commands[-1:] == [do.RecordTalk("a-9")]) == told
    assert (Kind.RECORDING_BEGUN in kinds(commands)) == told
    assert do.RecordTalk("a-9") not in at.step(ev.Connected("a-9", "1002")), "once"


@pytest.mark.parametrize(("phone", "told"), [("1002", False), ("962777", True)])
def test_no_number_outside_is_recorded_and_nobody_who_was_not_told(phone: str, told: bool) -> None:
    at = recorded_transfer(phone, told=told)
    at.step(ev.PlainEvent.DONE)
    dialled = at.task()
    assert isinstance(dialled, do.Dial)
    assert not dialled.record
    assert do.PlainCommand.LEAD not in at.step(News.ANSWERED, News.MET)


def test_a_phone_that_answers_talks_until_it_hangs_up_then_the_caller_hears_the_goodbye() -> None:
    at = At(PuttingThrough(COLLEAGUE, announced=True), session=True)
    commands = at.step(ev.PlainEvent.DONE, News.ANSWERED, News.ANSWERED)
    assert [record.data for record in records(commands)] == [{"to": {"agent": "1002"}}]
    assert do.NoteTalk("1002/1001/trees") in commands
    (ended,) = records(at.step(ev.DialEnded("ANSWER", "16")))
    assert (ended.kind, ended.data) == (Kind.TRANSFER_ENDED, {"to": {"agent": "1002"}, "by": "agent"})
    assert at.machine.talker == ("1002", "trees"), "the colleague may send the caller on"


@pytest.mark.parametrize("status", ["BUSY", "NOANSWER", "CHANUNAVAIL", "CONGESTION"])
def test_a_transfer_that_fails_brings_the_caller_back_to_the_front_and_to_the_agent(status: str) -> None:
    at = At(AtLine(COLLEAGUE), session=True)
    failed, sent = records(at.step(ev.DialEnded(status, "17")))
    assert (failed.kind, failed.data) == (
        Kind.TRANSFER_FAILED,
        {"to": {"agent": "1002"}, "status": status, "cause": "17"},
    )
    assert sent.data == {
        "to": {"queue": "trees"},
        "front": True,
        "agent_first": "1001",
        "apology": "transfer-failed",
    }
    at.task()
    at.step(ev.PlainEvent.DONE)
    assert at.task() == do.Say((Phrase("transfer-failed"),), "en", keys=True)
    at.step(ev.Said("", interrupted=False))
    assert at.task() == do.MarkQueue("en")
    queued = acd.CallQueued("c-1", "trees", "en", 86_400.0, "1001")
    assert told(at.step(ev.PlainEvent.DONE)) == [queued]


def test_a_caller_at_the_front_keeps_that_when_the_session_breaks_on_the_way() -> None:
    at = At(Entering("trees", front=Front("1001")), session=True)
    at.step(ev.SessionEnded(gone=False), ev.SessionBegan("PJSIP/a-1"))
    assert at.state == Going(TREES, dialled=True, front=Front("1001"))


def test_a_caller_at_the_front_who_leaves_is_at_no_other_front() -> None:
    at = At(Entering("trees", front=Front("1001")), session=True)
    at.step(ev.PlainEvent.DONE, ev.QueueLeft(GENERAL, EDITION))
    at.task()
    assert told(at.step(ev.PlainEvent.DONE)) == [acd.CallQueued("c-1", "general", "en")]


def test_a_caller_who_hangs_up_while_the_phone_rings_ends_no_talk() -> None:
    at = At(AtLine(COLLEAGUE), session=True)
    (finished,) = records(at.step(HUNG_UP))
    assert (finished.kind, finished.data) == (Kind.CALL_FINISHED, {"by": "caller"})


@pytest.mark.parametrize(
    ("state", "ended"),
    [
        (AtLine("bureau", answered=True), Kind.SUB_HOTLINE_ENDED),
        (AtLine(COLLEAGUE, answered=True), Kind.TRANSFER_ENDED),
    ],
)
def test_a_caller_who_hangs_up_in_a_talk_with_a_line_ends_it(state: AtLine, ended: Kind) -> None:
    talk, finished = records(At(state, session=True).step(HUNG_UP))
    assert (talk.kind, talk.data["by"]) == (ended, "caller")
    assert finished.kind is Kind.CALL_FINISHED


# --- joined with a colleague


@pytest.mark.parametrize("before", [[], [ev.LegEnded("o-1")]], ids=["leg later", "leg first"])
def test_a_caller_joined_with_a_colleague_talks_there_and_the_channel_says_so(before: list[ev.Event]) -> None:
    at = At(TALK, session=True)
    at.step(*before)
    commands = at.step(ev.Completed("1002"))
    assert kinds(commands) == [Kind.TRANSFERRED, Kind.TRANSFER_ANSWERED]
    assert records(commands)[0].data == {"how": "consult", "to": {"agent": "1002"}}
    assert do.NoteLine("1002/1001/trees") in commands
    assert at.step(ev.LegEnded("o-1")) == []
    assert at.machine.deadline() is None
    assert kinds(at.step(ev.PlainEvent.HOLD_ENDED)) == [Kind.TRANSFER_ENDED]
    assert at.state == Leaving(talked=True, dialled=True)


def test_a_caller_without_a_session_is_waited_for_only_when_the_colleague_is_gone() -> None:
    at = At(TALK)
    at.step(ev.LegEnded("o-1"), ev.Completed("1002"))
    assert at.machine.deadline() is None
    assert Kind.TRANSFER_ENDED in kinds(at.step(News.LET_GO))
    assert at.machine.deadline() is not None


def test_a_caller_whom_the_dialplan_put_through_to_a_colleague_is_there_or_the_colleague_rings() -> None:
    """As Asterisk was asked: the agent had sent the caller there while no service was there."""
    at = At(TALK)
    rings = at.step(ev.Completed("1002", ev.FarEnd.RINGS, blind=True))
    (sent,) = (record for record in records(rings) if record.kind is Kind.TRANSFERRED)
    assert (sent.data, sent.agent) == ({"how": "blind", "to": {"agent": "1002"}}, "1001")
    assert at.state == AtLine(COLLEAGUE, joined=True)
    assert not any(isinstance(command, do.NoteLine) for command in rings), "the colleague may decline"
    assert kinds(at.step(ev.Completed("1002", blind=True))) == [Kind.TRANSFER_ANSWERED]
    assert at.step(ev.Completed("1002", blind=True)) == [], "every look says so"


@pytest.mark.parametrize("session", ["ends first", "ends later"])
def test_a_caller_put_through_to_a_phone_that_rings_for_the_agent_needs_no_session_there(session: str) -> None:
    """Asterisk puts the caller into the agent's own Dial(): the session says that the caller is gone."""
    at = At(TALK, session=True)
    put_through = ev.PutThrough("1002", ev.FarEnd.RINGS)
    told = at.step(*([ev.SessionEnded(True), put_through] if session == "ends first" else [put_through]))
    assert records(told)[-1].data == {"how": "consult", "to": {"agent": "1002"}}
    if session == "ends later":
        at.step(ev.SessionEnded(True))
    at.step(ev.LegEnded("o-1"))
    assert (at.state, at.machine.deadline()) == (AtLine(COLLEAGUE, joined=True), None)
    assert kinds(at.step(News.ANSWERED)) == [Kind.TRANSFER_ANSWERED]
    assert Kind.TRANSFER_ENDED in kinds(at.step(News.BRIDGED, News.LET_GO))
    assert at.machine.deadline() is not None, "the dialplan brings the caller to the next session"


def test_a_caller_put_through_to_a_phone_that_declines_comes_back_in_the_next_session() -> None:
    at = At(TALK, session=True)
    at.step(ev.PutThrough("1002", ev.FarEnd.RINGS), ev.SessionEnded(True), ev.LegEnded("o-1"), News.LET_GO)
    assert at.machine.deadline() is not None
    at.step(ev.SessionBegan("PJSIP/a-1"))
    assert at.task() is do.PlainTask.ASK_DIAL_RESULT
    failed, sent = records(at.step(ev.DialEnded("BUSY", "17")))
    assert (failed.kind, failed.data["status"]) == (Kind.TRANSFER_FAILED, "BUSY")
    assert sent.data == {
        "to": {"queue": "trees"},
        "front": True,
        "agent_first": "1001",
        "apology": "transfer-failed",
    }


NOBODY_THERE = ev.PutThrough("1002", ev.FarEnd.GONE)


@pytest.mark.parametrize("moved", [True, False])
@pytest.mark.parametrize("told", ["before the session", "during the goodbye"])
def test_a_caller_joined_with_a_phone_that_had_just_declined_hears_so_and_comes_back(moved: bool, told: str) -> None:
    """Asterisk may have let the caller replace the agent, or may have found it gone: then the session goes on."""
    at = At(TALK, session=True)
    if told == "during the goodbye" and not moved:
        at.step(ev.PlainEvent.HOLD_ENDED, ev.PlainEvent.SESSION_FREE)
    commands = at.step(NOBODY_THERE)
    sent, failed, back = [record for record in records(commands) if record.kind.startswith(("transfer", "routed"))]
    assert (sent.kind, failed.kind) == (Kind.TRANSFERRED, Kind.TRANSFER_FAILED)
    assert (sent.data["to"], failed.data["to"]) == ({"agent": "1002"}, {"agent": "1002"})
    assert back.data == {
        "to": {"queue": "trees"},
        "front": True,
        "agent_first": "1001",
        "apology": "transfer-failed",
    }
    assert do.PlainCommand.STOP_SAYING in commands
    if moved:
        at.step(ev.SessionEnded(True), ev.LegEnded("o-1"))
        assert at.machine.deadline() is not None, "the dialplan brings the caller to the next session"
        at.step(ev.SessionBegan("PJSIP/a-1"))
    else:
        at.step(ev.LegEnded("o-1"))
        if told == "during the goodbye":
            at.step(ev.Said("goodbye", True))
        else:
            at.step(ev.PlainEvent.HOLD_ENDED)
        at.step(ev.PlainEvent.SESSION_FREE)
    assert at.task() is do.PlainTask.CLEAR_DIALLING
    at.step(ev.PlainEvent.DONE, ev.PlainEvent.SESSION_FREE)
    said = at.task()
    assert isinstance(said, do.Say)
    assert said.speech == (Phrase("transfer-failed"),)


def test_a_phone_that_was_joined_unseen_is_told_by_the_next_session_and_only_once() -> None:
    late = ev.PutThroughFound("1002", blind=False)
    unseen = At(TALK)
    assert kinds(unseen.step(ev.TalkOver(""), late)) == [Kind.TRANSFERRED]
    assert unseen.state == AtLine(COLLEAGUE, joined=True)
    known = At(AtLine(COLLEAGUE, answered=True))
    known.step(News.LET_GO)
    assert known.step(late) == [], "the talk with that phone is over"
    waits = At(Entering("trees"))
    assert waits.step(late) == []


@pytest.mark.parametrize("late", [ev.Completed("1002", blind=True), ev.PutThrough("1002", FarEnd.TALKS)])
def test_a_phone_whose_talk_is_over_is_not_told_again_where_ami_was_late(late: ev.Event) -> None:
    at = At(TALK)
    assert kinds(at.step(ev.PutThroughFound("1002", blind=True))) == [Kind.TRANSFERRED]
    assert kinds(at.step(ev.DialEnded("ANSWER", "16"))) == [Kind.TRANSFER_ANSWERED, Kind.TRANSFER_ENDED]
    assert at.step(late) == []


def test_a_line_that_joins_the_caller_with_a_third_phone_has_talked() -> None:
    at = At(AtLine(COLLEAGUE, answered=True))
    assert at.step(ev.Completed("1002")) == [], "that is the line itself"
    told = at.step(ev.Completed("1003"))
    assert kinds(told) == [Kind.TRANSFER_ENDED, Kind.TRANSFERRED, Kind.TRANSFER_ANSWERED]
    assert records(told)[1].agent == "1002"


def test_a_colleague_who_is_gone_before_ami_tells_of_the_joining_is_not_called_again() -> None:
    at = At(TALK, session=True)
    at.step(ev.PlainEvent.HOLD_ENDED, ev.Completed("1002"))
    assert at.task() is do.PlainTask.CLEAR_DIALLING
    assert at.state == Leaving(talked=True, dialled=True)


# --- a transfer that is asked for over HTTP


def asked(to: Destination | str, *, own: bool = True) -> ev.TransferAsked:
    return ev.TransferAsked(to, EDITION, Actor.user("wang"), own)


def test_an_agents_order_ends_the_talk_and_takes_the_caller_out_of_it() -> None:
    at = At(TALK, session=True)
    commands = at.step(asked("1002"))
    assert told(commands) == [acd.CallEnded("c-1", EndedBy.AGENT)]
    (sent,) = records(commands)
    assert (sent.kind, sent.agent, sent.actor) == (Kind.TRANSFERRED, "1001", Actor.user("wang"))
    assert sent.data == {"how": "blind", "to": {"agent": "1002"}}
    assert commands[-1] is do.PlainCommand.KICK
    assert at.step(ev.LegEnded("o-1"), News.LET_GO, ev.PlainEvent.HOLD_ENDED) == []
    assert at.task() == do.MarkDialling("1002/1001/trees", "en")


def test_somebody_elses_order_is_not_told_as_the_agents() -> None:
    commands = At(TALK, session=True).step(asked(GENERAL, own=False))
    assert told(commands) == [acd.CallEnded("c-1", EndedBy.SYSTEM, "transferred")]
    (sent,) = records(commands)
    assert (sent.agent, sent.actor, sent.data["to"]) == ("1001", Actor.user("wang"), {"queue": "general"})


def test_a_colleague_who_was_dialled_may_order_it_too() -> None:
    at = At(AtLine(COLLEAGUE, answered=True), session=True)
    commands = at.step(asked(GENERAL))
    assert kinds(commands) == [Kind.TRANSFER_ENDED, Kind.TRANSFERRED]
    assert records(commands)[-1].agent == "1002"
    at.step(ev.DialEnded("ANSWER", "16"))
    assert at.state == Going(GENERAL, dialled=True)


def test_a_dial_that_takes_the_order_for_a_hang_up_is_not_believed() -> None:
    at = At(AtLine(COLLEAGUE, answered=True), session=True)
    at.step(asked(GENERAL), ev.SessionEnded(gone=True))
    assert at.state == Going(GENERAL, dialled=True)
    at.step(ev.SessionBegan("PJSIP/a-1"))
    assert at.task() is do.PlainTask.CLEAR_DIALLING


def test_a_transfer_that_was_asked_for_and_fails_brings_the_caller_back_to_the_agent() -> None:
    at = At(TALK, session=True)
    at.step(asked("1002", own=False), ev.PlainEvent.HOLD_ENDED)
    at.task()
    at.step(ev.PlainEvent.DONE)
    failed, sent = records(at.step(ev.DialEnded("BUSY", "17")))
    assert (failed.kind, sent.data) == (
        Kind.TRANSFER_FAILED,
        {"to": {"queue": "trees"}, "front": True, "agent_first": "1001", "apology": "transfer-failed"},
    )


# --- what is told twice, late or never


def test_a_transfer_whose_session_broke_at_once_is_one_transfer() -> None:
    """The channel still says that a transfer brought it here."""
    at = At(TALK)
    again = ev.Transferred("1002", EDITION, "o-1")
    at.step(again, ev.SessionBegan("PJSIP/a-1"), ev.SessionEnded(gone=False))
    assert at.step(again) == []
    at.step(ev.SessionBegan("PJSIP/a-1"))
    assert at.task() == do.MarkDialling("1002/1001/trees", "en")


def test_a_phone_whose_answer_ami_has_not_told_and_that_sends_the_caller_on_has_talked() -> None:
    at = At(AtLine(COLLEAGUE), session=True)
    commands = at.step(ev.SessionEnded(gone=True), ev.Transferred(GENERAL, EDITION, "o-1"))
    assert kinds(commands) == [Kind.TRANSFER_ANSWERED, Kind.TRANSFER_ENDED, Kind.TRANSFERRED]
    assert records(commands)[-1].agent == "1002"


def test_a_transfer_after_asterisk_seemed_to_end_is_none_of_its_end() -> None:
    at = At(TALK)
    at.step(ev.SessionEnded(gone=True), ev.LinkChanged(up=False))
    at.machine.leg.tell(Happens.ASTERISK_GONE)
    at.step(ev.Transferred("1002", EDITION, "o-1"))
    assert not at.machine.leg.gone


def test_the_agents_leg_may_end_before_the_new_session_comes() -> None:
    at = At(TALK, session=True)
    at.step(ev.LegEnded("o-1"), ev.SessionEnded(gone=True))
    assert not at.machine.over
    assert (at.now, at.machine.deadline()) == (NOW, NOW + 3.0)
    at.step(ev.Transferred("1002", EDITION, "o-1"), ev.SessionBegan("PJSIP/a-1"))
    assert at.state == PuttingThrough(COLLEAGUE, announced=True)


def test_a_caller_of_whom_nothing_more_is_told_has_hung_up() -> None:
    at = At(TALK, session=True)
    at.step(ev.SessionEnded(gone=True))
    assert told(at.due()) == [acd.CallEnded("c-1", EndedBy.CALLER)]


def test_the_agent_and_queue_of_a_transfer_are_known_after_a_restart() -> None:
    talker = Talker("1001", "trees")
    machine = CallMachine.restored(ARRIVAL, EDITION, Leaving(talked=True), NOW, talker=talker)
    (sent,) = records(machine.step(ev.Transferred("1003", EDITION, ""), NOW))
    assert (sent.kind, sent.agent) == (Kind.TRANSFERRED, "1001")
    assert machine.state == PuttingThrough(Transfer("1003", *talker), announced=True)


@pytest.mark.parametrize("moved", [ev.Transferred("1002", EDITION, ""), ev.Completed("1002")])
def test_every_record_of_a_test_call_that_is_transferred_is_marked(moved: ev.Event) -> None:
    at = At(Talking("trees", "o-1", "1001"))
    at.machine.arrival = replace(at.machine.arrival, test=True)
    written = records(at.step(moved))
    assert Kind.TRANSFERRED in [record.kind for record in written]
    assert all(record.test for record in written)


def test_a_robots_test_call_rings_at_no_sub_hotline_that_does_not_allow_it() -> None:
    line = EDITION.hotline.sub_hotlines["bureau"]
    allowed = replace(
        EDITION,
        hotline=EDITION.hotline.model_copy(
            update={"sub_hotlines": {"bureau": line.model_copy(update={"selftest": True})}}
        ),
    )
    for arrival, edition, spared in (
        (replace(ARRIVAL, test=True, robot=True), EDITION, True),
        (replace(ARRIVAL, test=True, robot=True), allowed, False),
        (replace(ARRIVAL, test=True), EDITION, False),
        (ARRIVAL, EDITION, False),
    ):
        at = At(Going(BUREAU), edition, session=True)
        at.machine.arrival = arrival
        found = records(at.step(ev.PlainEvent.SESSION_FREE))
        assert (Kind.SUB_HOTLINE_SPARED in [record.kind for record in found]) is spared, arrival
        assert isinstance(at.state, Leaving if spared else PuttingThrough)
