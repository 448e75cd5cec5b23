"""Callers in a queue: held, told something, rung for, and talks of which AMI is late to tell."""

import pytest

from acd import events as acd
from acd.events import EndedBy, Left
from acd.model import Recorded
from calls import effects as do
from calls import events as ev
from calls.leg import COMING, Happens, Session
from calls.machine import CallMachine
from calls.queueing import SETTLING
from calls.states import (
    Arriving,
    AtLine,
    Front,
    Going,
    Hold,
    Leaving,
    Offered,
    PuttingThrough,
    State,
    Talking,
    Transfer,
    Waiting,
)
from dialplan.news import News
from hotline.edition import Edition
from ivr.model import Destination, ToQueue
from journal.actor import Actor
from journal.records import Kind
from sounds.model import Phrase
from tests.unit.calls.steps import (
    ARRIVAL,
    BROKEN,
    BUREAU,
    EDITION,
    FREE,
    GENERAL,
    HUNG_UP,
    MAIN,
    NOW,
    SPEECH,
    TO_TALK,
    TREES,
    At,
    offered,
    others,
    recording,
    records,
    ring,
    settling,
    told,
)
from tests.unit.service.calling import FakeCatalogue

# --- the time of arrival


def queued(at: At) -> acd.CallQueued:
    """The session marks the queue that the call is on its way to, and the caller waits there."""
    assert isinstance(at.task(), do.MarkQueue)
    (event,) = told(at.step(ev.PlainEvent.DONE))
    assert isinstance(event, acd.CallQueued)
    return event


def overflowed(to: Destination) -> At:
    """The caller has waited for 30 s when a rule sends the call on. The bureau fails to the general queue."""
    bureau = EDITION.hotline.sub_hotlines["bureau"].model_copy(update={"failed": GENERAL})
    hotline = EDITION.hotline.model_copy(update={"sub_hotlines": {"bureau": bureau}})
    at = At(Going(TREES), Edition(hotline, FakeCatalogue()), session=True)
    assert queued(at).head_start == 0
    at.now += 30
    at.step(ev.QueueLeft(to, at.machine.edition))
    return at


def test_an_overflow_into_a_queue_keeps_the_time_of_arrival() -> None:
    at = overflowed(GENERAL)
    assert queued(at) == acd.CallQueued("c-1", "general", "en", head_start=30)
    at.now += 10
    at.step(ev.QueueLeft(TREES, EDITION))
    assert queued(at).head_start == 40


def test_a_sub_hotline_that_does_not_answer_keeps_it_too() -> None:
    at = overflowed(BUREAU)
    at.task()
    at.step(ev.Said("we put you through", False))
    assert isinstance(at.task(), do.MarkDialling)
    at.step(ev.PlainEvent.DONE)
    assert isinstance(at.task(), do.Dial)
    at.now += 15
    at.step(ev.DialEnded("NOANSWER", ""))
    assert at.task() == do.PlainTask.CLEAR_DIALLING
    at.step(ev.PlainEvent.DONE)
    at.task()
    at.step(ev.Said("nobody answered", False))
    assert queued(at).head_start == 45


def test_a_key_gives_a_new_place() -> None:
    at = At(Going(ToQueue(queue="everybody")), session=True)
    queued(at)
    at.now += 30
    at.step(ev.KeyPressed("0", may_leave=True))
    assert at.state == Going(GENERAL)
    assert queued(at).head_start == 0


def test_a_menu_gives_a_new_place() -> None:
    at = overflowed(MAIN)
    at.task()
    at.step(ev.Said("", False), ev.KeyAwaited("1"))
    assert queued(at).head_start == 0


def test_a_restart_between_two_queues_keeps_the_time_of_arrival() -> None:
    machine = CallMachine.restored(ARRIVAL, EDITION, Going(GENERAL), NOW, since=NOW - 30)
    machine.step(ev.SessionBegan("PJSIP/a-1"), NOW)
    machine.step(FREE, NOW)
    assert told(machine.step(ev.PlainEvent.DONE, NOW)) == [acd.CallQueued("c-1", "general", "en", head_start=30)]


# --- holding


def held(state: State) -> At:
    """The caller is in the holding bridge, no session serves the caller."""
    at = At(state)
    assert at.step(News.BRIDGED, News.HELD)[-1] == do.PlainCommand.ADMIT
    return at


@pytest.mark.parametrize(
    "event",
    [
        ev.AnnouncementDue(SPEECH),
        ev.QueueLeft(MAIN, EDITION),
        ev.KeyPressed("0", may_leave=True),
    ],
)
def test_a_held_caller_who_is_to_be_told_something_is_kicked(event: ev.Event) -> None:
    at = held(Waiting("everybody"))
    assert at.step(event).count(do.PlainCommand.FETCH) == 1
    assert at.machine.deadline() == NOW + COMING


def test_a_key_that_means_nothing_leaves_the_caller_held() -> None:
    at = held(Waiting("everybody"))
    (pressed,) = records(at.step(ev.KeyPressed("9", may_leave=True), ev.KeyPressed("0", may_leave=False))[:2])
    assert (pressed.kind, pressed.queue, pressed.data) == (Kind.KEY_PRESSED, "everybody", {"key": "9", "menu": ""})
    assert at.state == Waiting("everybody")
    assert at.machine.leg.held


def wishing() -> At:
    """Held, an agent rings, and the caller has pressed a key that leads elsewhere."""
    at = held(Offered("everybody", frozenset({"o-1"})))
    commands = at.step(ev.KeyPressed("0", may_leave=True))
    assert told(commands) == [], "AMI may be late: perhaps the agent has picked up"
    assert others(commands) == [do.PlainCommand.CLEAR_KEYS, do.PlainCommand.STOP_SAYING, do.PlainCommand.FETCH]
    return at


def test_a_key_while_an_agent_rings_counts_once_the_caller_is_out_of_the_holding_bridge() -> None:
    at = wishing()
    at.step(ev.PlainEvent.HOLD_ENDED)
    assert at.task() == do.PlainTask.ASK_TAKEN
    assert told(at.step(ev.TakenKnown(""))) == [acd.CallLeft("c-1", Left.WENT_ELSEWHERE)]
    assert at.state == Going(GENERAL)


def test_an_agent_who_picks_up_before_the_key_arrives_keeps_the_caller() -> None:
    at = wishing()
    assert told(at.step(News.BRIDGED, ev.Connected("o-1"))) == []
    assert at.state == Talking("everybody", "o-1")
    assert at.machine.deadline() is None


def test_a_talk_that_nobody_told_of_is_no_talk_cut_by_a_key() -> None:
    at = wishing()
    at.step(ev.LinkChanged(up=False), ev.PlainEvent.HOLD_ENDED, ev.TakenKnown("o-1"))
    assert at.state == Leaving(talked=True)


@pytest.mark.parametrize("event", [ev.RingOver("o-1"), ev.PlainEvent.SESSION_FREE])
def test_a_key_counts_at_once_when_no_agent_can_take_the_caller_any_more(event: ev.Event) -> None:
    """The ring is over; or the caller was not held yet, and the leg waits for that."""
    at = At(Offered("everybody", frozenset({"o-1"}), GENERAL), session=True)
    assert acd.CallLeft("c-1", Left.WENT_ELSEWHERE) in told(at.step(event))


@pytest.mark.parametrize("before", [(), (ev.PlainEvent.HOLD_ENDED,), (ev.PlainEvent.HOLD_ENDED, ev.RingOver("o-1"))])
def test_a_key_outlives_the_session(before: tuple[ev.Event, ...]) -> None:
    at = wishing()
    at.step(*before)
    at.step(ev.SessionEnded(gone=False), ev.SessionBegan("PJSIP/a-1"))
    assert at.task() == do.PlainTask.ASK_TAKEN
    at.step(ev.TakenKnown(""))
    assert at.state == Going(GENERAL)


@pytest.mark.parametrize("state", [Waiting("trees", SPEECH), Going(MAIN), Leaving(), Arriving()])
def test_a_caller_for_whom_there_is_something_is_kicked_as_soon_as_held(state: State) -> None:
    at = At(state, session=True)
    commands = at.step(News.BRIDGED, News.HELD)
    assert do.PlainCommand.FETCH in commands
    assert do.PlainCommand.ADMIT not in commands, "no agent's leg may take the caller"


@pytest.mark.parametrize("state", [Waiting("trees"), offered("o-1"), settling("o-1"), Talking("trees", "o-1")])
def test_a_caller_who_waits_stays_held_and_may_be_taken(state: State) -> None:
    commands = At(state, session=True).step(News.BRIDGED, News.HELD)
    assert commands == [do.PlainCommand.LEAVE_BE, do.PlainCommand.ADMIT]


def test_a_caller_is_not_kicked_when_the_reason_is_gone() -> None:
    """An announcement was due before the caller was held; then came a ring."""
    at = At(Waiting("trees"), session=True)
    assert at.task() == do.PlainTask.HOLD
    at.step(ev.AnnouncementDue(SPEECH))
    commands = at.step(ev.Matched(ring()))
    assert told(commands) == [acd.Announced("c-1")]
    assert others(commands) == [do.Ring(ring(), held=False), do.PlainCommand.STOP_SAYING]
    assert at.step(News.BRIDGED, News.HELD) == [do.PlainCommand.LEAVE_BE, do.PlainCommand.ADMIT]


def test_a_ring_for_a_held_caller_says_so() -> None:
    assert do.Ring(ring(), held=True) in held(Waiting("trees")).step(ev.Matched(ring()))


def test_a_caller_who_was_kicked_is_not_asked_for_the_taker() -> None:
    at = At(Waiting("trees"), session=True)
    assert at.task() == do.PlainTask.HOLD
    at.step(News.BRIDGED, News.HELD, ev.AnnouncementDue(SPEECH), ev.Matched(ring()))
    at.step(ev.PlainEvent.HOLD_ENDED)
    assert at.state == offered("o-1")
    assert at.task() == do.PlainTask.HOLD


def test_a_kicked_caller_is_not_asked_for_in_a_new_session() -> None:
    at = held(Waiting("trees"))
    at.step(ev.AnnouncementDue(SPEECH), ev.Matched(ring()), ev.SessionBegan("PJSIP/a-1"))
    assert at.state == offered("o-1")
    assert at.task() == do.PlainTask.HOLD


def test_a_caller_whose_kick_came_to_nothing_is_asked_for_the_taker() -> None:
    """The link broke, and the caller was found held."""
    at = At(Waiting("trees"), session=True)
    assert at.task() == do.PlainTask.HOLD
    at.step(News.BRIDGED, News.HELD, ev.AnnouncementDue(SPEECH), ev.Matched(ring()))
    assert at.step(News.BRIDGED, News.HELD) == [do.PlainCommand.LEAVE_BE, do.PlainCommand.ADMIT]
    at.step(ev.PlainEvent.HOLD_ENDED)
    assert at.state == settling("o-1")


def test_a_caller_who_is_held_though_waiting_for_nobody_is_kicked_after_a_restart() -> None:
    at = At(Arriving())
    at.machine.leg.tell(Happens.HELD)
    assert at.step(ev.PlainEvent.ADOPTED) == [do.PlainCommand.FETCH]


@pytest.mark.parametrize("event", [ev.LegEnded("o-1"), ev.TalkOver("")])
def test_a_caller_whose_talk_is_over_and_who_is_held_is_kicked(event: ev.Event) -> None:
    assert others(held(Talking("trees", "o-1")).step(event)) == [do.PlainCommand.FETCH]


def test_a_caller_who_replaces_an_agent_is_kicked_and_waits_there() -> None:
    at = At(Talking("trees", "o-1"), session=True)
    commands = at.step(ev.CompletedToCall(GENERAL, EDITION))
    assert told(commands) == [acd.CallEnded("c-1", EndedBy.AGENT)]
    assert do.PlainCommand.KICK in commands
    assert at.state == Going(GENERAL, dialled=True)
    at.step(ev.PlainEvent.HOLD_ENDED)
    assert at.task() is do.PlainTask.CLEAR_DIALLING, "the caller may have been put through to a line before"
    at.step(ev.PlainEvent.DONE)
    assert at.task() == do.MarkQueue("en")


# --- phones that are gone


def test_a_caller_whose_agents_phone_is_gone_is_told_and_put_before_the_others() -> None:
    at = At(Talking("trees", "o-1"), session=True)
    commands = at.step(ev.PhoneLost("o-1"))
    assert told(commands) == [acd.CallEnded("c-1", EndedBy.SYSTEM, "agent-phone-gone")]
    (sent,) = records(commands)
    came = {"to": {"queue": "trees"}, "front": True, "apology": "talk-broken"}
    assert (sent.kind, sent.data) == (Kind.ROUTED, came)
    assert others(commands) == [do.PlainCommand.KICK]
    at.step(ev.PlainEvent.HOLD_ENDED)
    assert at.task() == do.Say((Phrase("talk-broken"),), "en", keys=True)
    at.step(ev.Said("", False))
    assert at.task() == do.MarkQueue("en")
    assert told(at.step(ev.PlainEvent.DONE)) == [acd.CallQueued("c-1", "trees", "en", head_start=86_400)]
    assert at.task() is do.PlainTask.HOLD


@pytest.mark.parametrize("state", [Talking("trees", "o-2"), Waiting("trees"), Leaving(talked=True), Going(MAIN)])
def test_the_loss_of_another_phone_changes_nothing(state: State) -> None:
    assert At(state).step(ev.PhoneLost("o-1")) == []


# --- announcements


def test_the_end_of_an_announcement_is_told_once() -> None:
    at = At(Waiting("trees"), session=True)
    at.step(ev.AnnouncementDue(SPEECH))
    assert at.task() == do.Say(SPEECH, "en", keys=False)
    assert told(at.step(ev.Said("", False), FREE)) == [acd.Announced("c-1")]
    assert told(at.step(ev.PlainEvent.HOLD_ENDED, FREE)) == []


def test_it_is_told_too_when_the_session_breaks_while_it_is_said() -> None:
    """Else no announcement would ever follow."""
    at = At(Waiting("trees"), session=True)
    at.step(ev.AnnouncementDue(SPEECH), FREE, BROKEN)
    assert told(at.step(ev.SessionBegan("PJSIP/a-1"), FREE)) == [acd.Announced("c-1")]
    assert at.state == Waiting("trees")


def test_an_announcement_that_comes_while_another_one_is_said_is_said_next() -> None:
    at = At(Waiting("trees", (Phrase("please-hold"),)), session=True)
    assert at.task() == do.Say((Phrase("please-hold"),), "en", keys=False)
    assert told(at.step(ev.AnnouncementDue(SPEECH), ev.Said("", False))) == []
    assert at.task() == do.Say(SPEECH, "en", keys=False)


# --- deadlines: a talk of which AMI is late to tell


def test_a_leg_that_took_the_caller_counts_as_a_talk_after_a_while() -> None:
    at = At(settling("o-1"), session=True)
    at.step(ev.TakenKnown("o-1"))
    assert at.machine.deadline() == NOW + SETTLING
    assert told(at.due()) == [acd.OfferConnected("o-1"), acd.CallEnded("c-1", EndedBy.AGENT)]
    assert at.state == Leaving(talked=True)


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


def test_a_caller_who_comes_back_before_asterisk_can_be_asked_is_not_sent_away_yet() -> None:
    """After a restart. Why the talk is over is known only once Asterisk can be asked: perhaps the phone was gone."""
    at = At(Talking("trees", "o-1", "1001"), link=False)
    assert told(at.step(ev.SessionBegan("PJSIP/a-1"))) == []
    assert at.task() is None
    assert at.machine.deadline() == NOW + SETTLING
    at.step(ev.LinkChanged(up=True), ev.TalkOver("", lost=True))
    assert at.state == Going(TREES, apology="talk-broken", front=Front())
    hung_up = At(Talking("trees", "o-1", "1001"), link=False)
    hung_up.step(ev.SessionBegan("PJSIP/a-1"))
    assert told(hung_up.due()) == [acd.CallEnded("c-1", EndedBy.AGENT)]


def test_a_ring_that_was_given_up_is_no_talk_of_the_queue() -> None:
    at = At(Waiting("trees"))
    assert told(at.step(ev.TalkOver("o-1"))) == [acd.CallLeft("c-1", Left.WENT_ELSEWHERE)]


# --- after a transfer


def test_late_news_of_a_talk_that_ended_with_a_transfer_ends_no_other_wait() -> None:
    """AMI lags: the caller is in the next queue when it tells that the last talk began, and ended."""
    at = At(offered("o-1"), session=True)
    at.step(ev.SessionEnded(gone=True), ev.Transferred(GENERAL, EDITION, "o-1"), ev.SessionBegan("PJSIP/a-1"))
    for _ in range(2):
        at.task()
        at.step(ev.PlainEvent.DONE)
    at.step(ev.Connected("o-1", "1001"), ev.LegEnded("o-1"))
    assert isinstance(at.state, Waiting)


def test_a_caller_whom_a_colleague_hands_over_is_not_put_through_any_more() -> None:
    at = At(AtLine("bureau", answered=True), session=True)
    at.step(ev.CompletedToCall(MAIN, EDITION), ev.PlainEvent.HOLD_ENDED)
    assert at.task() is do.PlainTask.CLEAR_DIALLING


def test_the_word_of_a_session_that_asterisk_may_break_is_not_believed_after_a_handing_over() -> None:
    at = At(Talking("trees", "o-1", "1001"), session=True)
    at.step(ev.CompletedToCall(GENERAL, EDITION), ev.SessionEnded(gone=True))
    assert at.state == Going(GENERAL, dialled=True)
    at.step(ev.SessionBegan("PJSIP/a-1"))
    assert at.machine.leg.session is not Session.DOUBTFUL, "the next one is sound"
    at.step(ev.SessionEnded(gone=True), HUNG_UP)
    assert at.machine.over


@pytest.mark.parametrize(
    ("state", "given"),
    [
        (Waiting("trees"), TREES),
        (Arriving(), MAIN),
        (AtLine("bureau"), MAIN),
    ],
)
def test_a_call_that_takes_over_another_waits_where_it_did(state: State, given: Destination) -> None:
    assert At(state).machine.given == given


def test_a_caller_who_talked_unseen_and_was_sent_on_comes_back_to_the_queue_of_that_talk() -> None:
    """After a restart the talk is seen in the snapshot, before the session that the transfer led to."""
    at = At(offered("o-1"))
    at.step(ev.TalkOver("o-1"), ev.Transferred("1002", EDITION, "o-1"))
    assert at.state == PuttingThrough(Transfer("1002", "", "trees"), announced=True)


def recorded_talk() -> At:
    """A talk that is recorded."""
    at = At(Talking("trees", "o-1", "1001"), recording(), session=True)
    at.machine.told, at.machine.recording = True, "on"
    return at


def test_a_recorded_talk_begins_with_a_record_of_it_and_no_other_does() -> None:
    for heard, expected in ((True, 1), (False, 0)):
        at = At(offered("o-1"), recording(), session=True, held=True)
        at.machine.told = heard
        assert len(records(at.step(ev.Connected("o-1", "1001")), Kind.RECORDING_BEGUN)) == expected


def on_demand() -> At:
    """A talk that its agent may record."""
    return At(Talking("trees", "o-1", "1001"), recording(Recorded.ON_DEMAND), session=True)


def test_an_agent_begins_a_recording_once_with_the_records_before_it() -> None:
    at, actor = on_demand(), Actor.agent("1001")
    commands = at.step(ev.RecordAsked(actor, "o-1"), ev.RecordAsked(actor, "o-1"))
    assert [record.kind for record in records(commands)] == [Kind.RECORDING_TOLD, Kind.RECORDING_BEGUN]
    begun = records(commands)[1]
    assert (begun.actor, begun.offer, begun.queue, begun.data) == (actor, "o-1", "trees", {"on_demand": True})
    assert commands[-1] == do.RecordTalk("o-1")


def test_a_recording_is_begun_in_no_other_talk_than_the_one_that_heard_of_it() -> None:
    ask = ev.RecordAsked(Actor.agent("1001"), "o-1")
    later, held, always = on_demand(), on_demand(), recorded_talk()
    later.machine.state = Talking("trees", "o-2", "1001")
    held.machine.state = Talking("trees", "o-1", "1001", hold=Hold(NOW))
    for at in (later, held, always):
        assert at.step(ask) == []


def test_a_recording_pauses_and_goes_on_once_each_by_whoever_asks() -> None:
    at, actor = recorded_talk(), Actor.agent("1001")
    paused = at.step(ev.PauseAsked(actor, True), ev.PauseAsked(actor, True))
    assert [record.actor for record in records(paused, Kind.RECORDING_PAUSED)] == [actor]
    assert paused.count(do.Mute("o-1", on=True)) == 1
    assert isinstance(paused[0], do.Write), "the Record comes first"
    on = at.step(ev.PauseAsked(actor, False), ev.PauseAsked(actor, False))
    assert len(records(on, Kind.RECORDING_RESUMED)) == 1
    assert on.count(do.Mute("o-1", on=False)) == 1


def test_a_pause_outlasts_a_hold_and_a_lost_link_but_not_the_talk() -> None:
    at = recorded_talk()
    at.step(ev.PauseAsked(Actor.agent("1001"), True))
    assert do.Mute("o-1", on=True) in at.step(ev.LinkChanged(False), ev.LinkChanged(True))
    at.machine.state = Talking("trees", "o-1", "1001", hold=Hold(NOW))
    assert do.Mute("o-1", on=True) in at.step(ev.Connected("o-1", "1001"))
    at.machine.state = offered("o-2")
    assert do.Mute("o-2", on=True) not in at.step(ev.Connected("o-2", "1001"))
    assert at.machine.recording == "on"


def test_a_talk_that_is_not_recorded_has_no_pause() -> None:
    at = At(Talking("trees", "o-1", "1001"), session=True)
    at.machine.told = True
    assert at.step(ev.PauseAsked(Actor.agent("1001"), True)) == []
