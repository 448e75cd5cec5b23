"""A call to a citizen, from the agent's ring to the end, as a machine."""

from dataclasses import replace

import pytest

from acd.events import Company, CompanyChanged, EndedBy, OfferFailure
from calls import effects as do
from calls.events import PauseAsked, RecordAsked
from calls.model import CallState, CallSummary, Direction, Outcome, fold
from calls.outgoing import (
    OFFER,
    Effect,
    Event,
    Happened,
    HungUp,
    NotReached,
    Outgoing,
    Stage,
    Unanswered,
    Why,
    after,
    begun,
    company,
    restored,
)
from calls.talks import talks_of
from journal.actor import Actor
from journal.records import Kind, Record
from recordings.model import talk_of

CALL = Outgoing("c1", "1001", "greening", "13800138000")
TOLD = replace(CALL, told=True)
NOW = 1_700_000_000.0
ANSWERED = (Happened.PICKED_UP, Happened.ANSWERED)
LI = Actor.user("li")


def run(*events: Event, call: Outgoing = CALL) -> tuple[Outgoing | None, list[Effect]]:
    effects = list(begun(call, "12319", "zh", NOW, Actor.agent("1001")))
    now, going = NOW, call
    for event in events:
        now += 10
        changed, more = after(going, event, now)
        effects += more
        if changed is None:
            return None, effects
        going = changed
    return going, effects


def story(effects: list[Effect]) -> list[Record]:
    return [effect for effect in effects if isinstance(effect, Record)]


def parts(effects: list[Effect]) -> list[Company | None]:
    return [effect.company for effect in effects if isinstance(effect, CompanyChanged)]


def summary(effects: list[Effect]) -> CallSummary:
    folded = None
    for record in story(effects):
        folded = fold(folded, record)
    assert folded is not None
    return folded


def test_they_talk_and_the_citizen_hangs_up() -> None:
    call, effects = run(Happened.PICKED_UP, Happened.ANSWERED, HungUp(EndedBy.CALLER))
    assert call is None
    assert [record.kind for record in story(effects)] == [
        Kind.CALL_OUT_DIALLED,
        Kind.CALL_OUT_ANSWERED,
        Kind.CALL_OUT_ENDED,
    ]
    assert parts(effects) == [Company.RINGS, Company.ASKED, Company.TALKS, None]
    assert story(effects)[-1].data == {"by": "caller", "talked_s": 10.0}
    end = summary(effects)
    assert (end.direction, end.state, end.outcome) == (Direction.OUT, CallState.ENDED, Outcome.ANSWERED)
    assert (end.caller, end.number, end.queue, end.agent) == ("13800138000", "12319", "greening", "1001")
    (talk,) = talks_of(story(effects)).talks
    assert (talk.other, talk.queue, talk.ended_by) == ({"agent": "1001"}, "greening", "caller")


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ((Unanswered(OfferFailure.NO_ANSWER),), "agent"),
        ((Happened.PICKED_UP, HungUp(EndedBy.SYSTEM)), "given-up"),
        ((Happened.PICKED_UP, HungUp(EndedBy.CALLER)), "unreachable"),
        ((Happened.PICKED_UP, Happened.WITHDRAWN), "withdrawn"),
        ((Happened.PICKED_UP, HungUp(EndedBy.AGENT)), "given-up"),
        ((Happened.PICKED_UP, NotReached(Why.BUSY)), "busy"),
        ((Happened.PICKED_UP, NotReached(Why.DECLINED)), "declined"),
        ((Happened.LOST,), "lost"),
    ],
)
def test_why_they_did_not_talk(events: tuple[Event, ...], why: str) -> None:
    call, effects = run(*events)
    assert (call, story(effects)[-1].data["why"], parts(effects)[-1]) == (None, why, None)
    assert summary(effects).outcome is Outcome.FAILED
    assert talks_of(story(effects)).talks == ()


def test_an_answer_counts_once_and_a_talk_fails_no_more() -> None:
    call, effects = run(Happened.ANSWERED, Happened.ANSWERED, Happened.PICKED_UP, NotReached(Why.BUSY))
    assert call is not None
    assert call.stage is Stage.TALKS
    assert [record.kind for record in story(effects)].count(Kind.CALL_OUT_ANSWERED) == 1


def test_a_talk_that_asterisk_does_not_have_any_more_is_over() -> None:
    _, effects = run(Happened.ANSWERED, Happened.LOST)
    assert (story(effects)[-1].kind, story(effects)[-1].data["by"]) == (Kind.CALL_OUT_ENDED, "system")


def test_of_a_callback_each_record_says_so_and_a_ring_that_is_missed_counts_as_an_offer() -> None:
    back = replace(CALL, callback="b1")
    _, effects = run(Happened.PICKED_UP, Happened.ANSWERED, HungUp(EndedBy.AGENT), call=back)
    assert [record.data.get("callback") for record in story(effects)] == ["b1"] * 3
    _, effects = run(Unanswered(OfferFailure.DECLINED), call=back)
    assert effects[-1] == CompanyChanged("c1", "1001", None, failure=OfferFailure.DECLINED)
    _, effects = run(Unanswered(OfferFailure.DECLINED))
    assert effects[-1] == CompanyChanged("c1", "1001", None), "the agent's own call"
    assert restored(summary(effects), "b1").callback == "b1"


def test_a_callback_whose_citizen_talks_goes_on() -> None:
    call, effects = run(Happened.PICKED_UP, Happened.ANSWERED, Happened.WITHDRAWN)
    assert call is not None
    assert story(effects)[-1].kind is Kind.CALL_OUT_ANSWERED


def test_a_restart_goes_on_from_the_summary() -> None:
    _, effects = run(Happened.PICKED_UP, Happened.ANSWERED)
    again = restored(summary(effects), "")
    assert (again.stage, again.answered, again.number) == (Stage.TALKS, NOW + 20, "13800138000")
    assert company(again) == CompanyChanged("c1", "1001", Company.TALKS, "greening")
    _, effects = run(Happened.PICKED_UP)
    assert restored(summary(effects), "").stage is Stage.AGENT_RINGS


def kinds(effects: list[Effect]) -> list[Kind]:
    return [record.kind for record in story(effects)]


def test_a_citizen_who_was_told_before_the_talk_is_recorded_from_its_beginning() -> None:
    call, effects = run(*ANSWERED, call=TOLD)
    assert call is not None
    assert kinds(effects) == [
        Kind.CALL_OUT_DIALLED,
        Kind.CALL_OUT_ANSWERED,
        Kind.RECORDING_TOLD,
        Kind.RECORDING_BEGUN,
    ]
    about = talk_of(story(effects), OFFER)
    assert about is not None
    assert (about.queue, about.agent) == ("greening", "1001")
    assert (call.recording, summary(effects).recording) == ("on", "on")
    _, over = run(*ANSWERED, HungUp(EndedBy.AGENT), call=TOLD)
    assert summary(over).recording is None


def test_nobody_is_said_to_be_recorded_who_does_not_answer() -> None:
    _, effects = run(Happened.PICKED_UP, NotReached(Why.UNREACHABLE), call=TOLD)
    assert kinds(effects) == [Kind.CALL_OUT_DIALLED, Kind.CALL_OUT_FAILED]


def test_a_restart_while_the_citizens_phone_rings_knows_that_the_talk_will_be_recorded() -> None:
    _, before = run(Happened.PICKED_UP, call=TOLD)
    call, _ = after(restored(summary(before), ""), Happened.ANSWERED, NOW)
    assert call is not None
    assert call.recording == "on"
    _, before = run(*ANSWERED, PauseAsked(LI, True), call=TOLD)
    assert restored(summary(before), "").recording == "paused"


def test_a_recording_on_demand_begins_once_and_only_in_the_talk() -> None:
    _, effects = run(RecordAsked(LI, OFFER), *ANSWERED)
    assert Kind.RECORDING_BEGUN not in kinds(effects)
    _, effects = run(*ANSWERED, RecordAsked(LI, OFFER), RecordAsked(LI, OFFER))
    assert kinds(effects)[2:] == [Kind.RECORDING_TOLD, Kind.RECORDING_BEGUN]
    begun_so = story(effects)[-1]
    assert (begun_so.actor, begun_so.offer, begun_so.data["on_demand"]) == (LI, OFFER, True)
    assert effects[-1] == do.RecordTalk(OFFER), "the Records come first"


def test_a_recording_pauses_and_goes_on_once_each() -> None:
    asked = (PauseAsked(LI, True), PauseAsked(LI, True), PauseAsked(LI, False), PauseAsked(LI, False))
    _, effects = run(*ANSWERED, *asked, call=TOLD)
    assert kinds(effects)[4:] == [Kind.RECORDING_PAUSED, Kind.RECORDING_RESUMED]
    assert effects[-4:][1::2] == [do.Mute(OFFER, on=True), do.Mute(OFFER, on=False)]
    assert story(effects)[-1].actor == LI
    _, effects = run(*ANSWERED, *asked)
    assert kinds(effects)[2:] == [], "nothing is recorded"
