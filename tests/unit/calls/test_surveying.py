"""The survey after a talk: who is asked, what is heard, which Records there are."""

from dataclasses import replace
from typing import Any

import pytest

from acd.model import Survey
from calls import effects as do
from calls import events as ev
from calls.machine import CallMachine, state_of
from calls.model import CallState, CallSummary
from calls.states import Asking, AtLine, Doing, Going, Hold, Interrupted, Leaving, State, SurveyStage, Talking, Transfer
from calls.surveying import WAIT
from dialplan.news import News
from hotline.edition import Edition
from journal.actor import CALLER, Actor
from journal.records import Kind
from sounds.model import Phrase, Words
from tests.unit.calls.steps import ARRIVAL, FREE, HUNG_UP, NOW, TREES, At, others, records
from tests.unit.service.calling import FakeCatalogue
from tests.unit.service.small import hotline

DAY = 86_400.0
RATE, SOLVED, THANKS = {"*": "Rate us"}, {"*": "Was it solved?"}, {"*": "We thank you"}
TALK = Talking("trees", "o-1", "1001")
SENT = AtLine(Transfer("1002", "1001", "trees"), answered=True)
BACK, ASK = ev.LegEnded("o-1"), do.PlainCommand.ASK_LAST_SURVEY
NEVER = ev.LastSurvey(None)


def edition(**more: Any) -> Edition:
    """The small hotline, whose queue for trees has a survey of two questions."""
    given = {"say": RATE, "more": [{"say": SOLVED, "keys": "1-2"}], "thanks": THANKS, **more}
    plain = hotline()
    trees = plain.queues["trees"].model_copy(update={"survey": Survey.model_validate(given)})
    return Edition(plain.model_copy(update={"queues": {**plain.queues, "trees": trees}}), FakeCatalogue())


def surveys(commands: list[do.Command]) -> list[tuple[str, dict[str, Any]]]:
    """The Records of the survey: kind and data."""
    return [(one.kind.value, dict(one.data)) for one in records(commands) if one.kind.value.startswith("survey-")]


def after_the_talk(talk: State = TALK, **more: Any) -> At:
    """The agent has hung up, and the caller is back in the session, which is free."""
    at = At(talk, edition(**more), session=True)
    at.step(BACK if isinstance(talk, Talking) else ev.DialEnded("ANSWER", "16"))
    if isinstance(talk, AtLine):
        at.step(FREE, ev.PlainEvent.DONE)  # the channel does not say any more that a line is dialled
    assert ASK in at.step(FREE)
    return at


def asked(**more: Any) -> At:
    """The first question is about to be said."""
    at = after_the_talk(**more)
    at.step(NEVER)
    return at


def hears(at: At, *said: str) -> None:
    """Say these parts of the speech, and wait for a key."""
    task = at.task()
    assert isinstance(task, do.Say)
    assert task.keys
    assert [part.key if isinstance(part, Phrase) else part.texts["*"] for part in task.speech] == list(said)  # type: ignore[union-attr]
    at.step(ev.Said("…", interrupted=False))
    assert at.task() == do.AwaitKey(WAIT)


def test_two_questions_then_the_thanks_and_the_goodbye() -> None:
    at = after_the_talk()
    begun = at.step(NEVER)
    (offered,) = [record for record in records(begun) if record.kind is Kind.SURVEY_OFFERED]
    version = at.machine.edition.hotline.version
    assert (offered.queue, offered.agent, dict(offered.data)) == (
        "trees",
        "1001",
        {"caller": "138", "version": version},
    )
    assert others(begun)[0] is do.PlainCommand.CLEAR_KEYS
    assert others(begun)[1:] == [do.Do(do.Say((Words(RATE),), "en", keys=True))]
    hears(at, "Rate us")
    first = at.step(ev.KeyAwaited("4"))
    (answer,) = records(first)
    assert (answer.kind, answer.queue, answer.agent, answer.actor) == (
        *(Kind.SURVEY_ANSWERED, "trees", "1001"),
        CALLER,
    )
    assert dict(answer.data) == {"question": 1, "key": "4", "version": version}
    assert do.PlainCommand.CLEAR_KEYS in first, "a key pressed twice does not answer the next question"
    hears(at, "Was it solved?")
    last = at.step(ev.KeyAwaited("2"))
    assert surveys(last) == [
        ("survey-answered", {"question": 2, "key": "2", "version": version}),
        ("survey-complete", {"version": version}),
    ]
    assert at.task() == do.Say((Words(THANKS), Words(at.machine.edition.hotline.goodbye)), "en", keys=False)
    at.step(ev.Said("…", interrupted=False))
    assert at.task() is do.PlainTask.MARK_DONE


def to_the_message() -> At:
    """All is answered, and the caller is asked for a message."""
    at = asked(message=60.0)
    for question, key in (("Rate us", "4"), ("Was it solved?", "2")):
        hears(at, question)
        last = at.step(ev.KeyAwaited(key))
    assert [kind for kind, _ in surveys(last)] == ["survey-answered", "survey-complete"]
    assert at.task() == do.PlainTask.ASK_ROOM
    return at


def test_after_the_last_answer_the_caller_may_leave_a_message_and_hears_the_thanks_then() -> None:
    at = to_the_message()
    at.step(ev.RoomKnown(True))
    assert at.task() == do.Say((Phrase("message-ask"),), "en", keys=True)
    (begun,) = records(at.step(ev.Said("…", interrupted=False)))[1:]
    assert (begun.kind, begun.queue) == (Kind.MESSAGE_BEGUN, "trees")
    assert begun.data == {"caller": "138", "language": "en", "limit_s": 60.0, "survey": True}
    assert at.task() == do.RecordMessage(60.0)
    at.step(ev.Recorded(True))
    at.step(ev.Said("…", interrupted=True))
    at.step(ev.KeyAwaited("1"))
    at.step(ev.Said("…", interrupted=False))
    assert at.task() == do.Say((Words(THANKS), Words(at.machine.edition.hotline.goodbye)), "en", keys=False)


@pytest.mark.parametrize("event", [ev.RoomKnown(False), ev.Recorded(False)], ids=["no room", "silence"])
def test_nobody_insists_on_a_message_after_a_survey(event: ev.Event) -> None:
    at = to_the_message()
    if isinstance(event, ev.Recorded):
        at.step(ev.RoomKnown(True))
        at.step(ev.Said("…", interrupted=False))
    at.step(event)
    assert at.task() == do.Say((Words(THANKS), Words(at.machine.edition.hotline.goodbye)), "en", keys=False)


def test_without_thanks_only_the_goodbye_follows() -> None:
    at = asked(thanks=None, more=[])
    hears(at, "Rate us")
    at.step(ev.KeyAwaited("5"))
    assert at.task() == do.Say((Words(at.machine.edition.hotline.goodbye),), "en", keys=False)


@pytest.mark.parametrize(
    ("key", "told"), [(None, "no-input"), ("6", "invalid-key"), ("0", "invalid-key"), ("#", "invalid-key")]
)
def test_without_an_answer_the_question_comes_once_more_and_then_the_goodbye(key: str | None, told: str) -> None:
    at = asked()
    hears(at, "Rate us")
    assert surveys(at.step(ev.KeyAwaited(key))) == []
    hears(at, told, "Rate us")
    assert surveys(at.step(ev.KeyAwaited(key))) == []
    assert at.task() == do.Say((Words(at.machine.edition.hotline.goodbye),), "en", keys=False)


def test_the_second_try_may_be_answered() -> None:
    at = asked()
    hears(at, "Rate us")
    at.step(ev.KeyAwaited("9"))
    hears(at, "invalid-key", "Rate us")
    assert [kind for kind, _ in surveys(at.step(ev.KeyAwaited("1")))] == ["survey-answered"]
    assert at.state == Leaving(talked=True, survey=Asking(1))


def test_who_hangs_up_in_the_middle_has_answered_so_far() -> None:
    at = asked()
    hears(at, "Rate us")
    assert [kind for kind, _ in surveys(at.step(ev.KeyAwaited("3"), HUNG_UP))] == ["survey-answered"]
    assert at.machine.over


@pytest.mark.parametrize(
    ("last", "why"),
    [(NOW - 30 * DAY + 1, "asked-recently"), (NOW - 30 * DAY, None), (None, None)],
)
def test_nobody_is_asked_twice_within_thirty_days(last: float | None, why: str | None) -> None:
    at = after_the_talk()
    commands = at.step(ev.LastSurvey(last))
    if why is None:
        assert [kind for kind, _ in surveys(commands)] == ["survey-offered"]
    else:
        assert surveys(commands) == [("survey-not-asked", {"why": why})]
        assert do.Do(do.Say((Words(at.machine.edition.hotline.goodbye),), "en", keys=False)) in commands


def test_a_share_of_the_callers_is_asked_always_the_same_ones() -> None:
    def kinds_of(call: str, share: str) -> list[str]:
        at = after_the_talk(share=share)
        at.machine.id = call
        return [kind for kind, _ in surveys(at.step(NEVER))]

    calls = [f"call-{number}" for number in range(400)]
    chosen = [call for call in calls if kinds_of(call, "25%") == ["survey-offered"]]
    assert 70 < len(chosen) < 130
    assert all(kinds_of(call, "25%") == ["survey-offered"] for call in chosen)
    assert all(kinds_of(call, "50%") == ["survey-offered"] for call in chosen)
    assert surveys(after_the_talk(share="100%").step(NEVER))[0][0] == "survey-offered"


def test_after_a_transfer_the_colleague_is_rated() -> None:
    at = after_the_talk(SENT)
    (offered,) = records(at.step(NEVER), Kind.SURVEY_OFFERED)
    assert (offered.queue, offered.agent) == ("trees", "1002")


@pytest.mark.parametrize(
    ("talk", "event", "why"),
    [
        (TALK, HUNG_UP, "caller-hung-up"),
        (Interrupted("trees", "o-1", "1001", NOW, NOW + 10), HUNG_UP, "caller-hung-up"),
        (SENT, HUNG_UP, "caller-hung-up"),
        (TALK, ev.CallerHungUp(blind=False, lost=True), "lost"),
        (TALK, ev.PhoneLost("o-1"), "lost"),
        (SENT, News.LOST, "lost"),
        (TALK, ev.PlainEvent.SESSION_FAILED, "lost"),
        (TALK, ev.Transferred("1002", edition(), "o-1"), "transferred"),
        (TALK, ev.Transferred(TREES, edition(), "o-1"), "transferred"),
        (SENT, ev.Transferred(TREES, edition(), ""), "transferred"),
        (TALK, ev.CallerElsewhere("o-1"), "transferred"),
        (SENT, ev.CallerElsewhere(""), "transferred"),
        (TALK, ev.Completed("1002"), "transferred"),
        (TALK, ev.CompletedToCall(TREES, edition()), "transferred"),
        (TALK, ev.PutThrough("1002", ev.FarEnd.RINGS), "transferred"),
        (TALK, ev.TransferAsked(TREES, edition(), Actor.agent("1001"), own=True), "transferred"),
        (TALK, ev.TransferAsked(TREES, edition(), Actor.user("wang"), own=False), "transferred"),
    ],
)
def test_a_talk_that_ends_otherwise_says_why_nobody_was_asked(talk: State, event: ev.Event, why: str) -> None:
    at = At(talk, edition(), session=True)
    (said,) = records(at.step(event), Kind.SURVEY_NOT_ASKED)
    agent = "1002" if talk == SENT else "1001"
    assert (said.queue, said.agent, dict(said.data)) == ("trees", agent, {"why": why})


def test_a_consultation_that_is_completed_says_so_too() -> None:
    hold = Hold(NOW, Doing.ASKING, Transfer("1002", "1001", "trees"))
    at = At(replace(TALK, hold=hold), edition(), held=True)
    commands = at.step(ev.CompleteAsked("PJSIP/1002-1", Actor.agent("1001"), own=True))
    assert surveys(commands) == [("survey-not-asked", {"why": "transferred"})]
    assert isinstance(at.state, AtLine)


def test_a_caller_who_hangs_up_as_the_agent_does_was_not_asked() -> None:
    at = At(TALK, edition(), session=True)
    assert surveys(at.step(BACK, HUNG_UP)) == [("survey-not-asked", {"why": "caller-hung-up"})]


@pytest.mark.parametrize(
    "arrival",
    [{"test": True}, {"robot": True}, {"about": "c-2"}, {"agent": "1002"}, {"caller": "1002"}],
)
def test_no_test_call_and_no_agent_is_ever_asked(arrival: dict[str, Any]) -> None:
    for event in (BACK, HUNG_UP):
        at = At(TALK, edition(), session=True)
        at.machine.arrival = replace(ARRIVAL, **arrival)
        assert surveys(at.step(event)) == []
        assert at.machine.over or at.state == Leaving(talked=True)


@pytest.mark.parametrize(
    "talk", [Talking("general", "o-1", "1001"), Talking("trees", "o-1", ""), AtLine("bureau", answered=True)]
)
def test_no_other_talk_has_a_survey(talk: State) -> None:
    at = At(talk, edition(), session=True)
    end = BACK if isinstance(talk, Talking) else ev.DialEnded("ANSWER", "16")
    assert surveys(at.step(end)) == []
    assert isinstance(at.state, Leaving)
    assert at.state.survey is None


def test_a_session_that_breaks_before_the_first_question_changes_nothing() -> None:
    at = At(TALK, edition(), session=True)
    at.step(BACK, ev.SessionEnded(gone=False))
    assert at.state == Leaving(talked=True, survey=SurveyStage.DUE)


def test_who_comes_back_in_the_middle_of_the_survey_hears_the_goodbye() -> None:
    at = asked()
    hears(at, "Rate us")
    at.step(ev.KeyAwaited("3"), ev.SessionEnded(gone=False), ev.SessionBegan("PJSIP/a-1"))
    assert at.task() == do.Say((Words(at.machine.edition.hotline.goodbye),), "en", keys=False)


def test_after_a_restart_too() -> None:
    here = edition()
    summary = CallSummary("c-1", NOW, CallState.SURVEY, queue="trees", agent="1001")
    machine = CallMachine.restored(replace(ARRIVAL, resumed=True), here, state_of(summary, here, None, ()), NOW)
    assert machine.state == Leaving(talked=True, dialled=True)


def test_a_talk_that_goes_on_over_a_restart_has_its_survey() -> None:
    at = At(TALK, edition())
    at.step(ev.SessionBegan("PJSIP/a-1"))
    assert at.state == Leaving(talked=True, survey=SurveyStage.DUE)
    assert ASK in at.step(FREE)
    assert [kind for kind, _ in surveys(at.step(NEVER))] == ["survey-offered"]


def test_an_answer_that_comes_late_is_nobodys() -> None:
    at = asked()
    assert at.step(ev.LastSurvey(NOW)) == []
    gone = At(Going(TREES), edition())
    assert gone.step(ev.LastSurvey(None)) == []
