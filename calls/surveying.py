"""The survey after a talk that the agent has ended: whether the caller is asked, the questions, the answers. Pure.

Every talk of an agent with a caller of a queue that has a survey leaves one Record: `survey-offered` or
`survey-not-asked`. So nobody can keep callers from being asked without that being seen.
"""

from dataclasses import replace
from enum import StrEnum
from typing import Any

from acd.events import EndedBy
from acd.model import Survey
from calls import effects as do
from calls import events as ev
from calls.life import Life
from calls.states import Asking, AtMessage, Leaving, SurveyStage
from hotline.trial import bucket, gets_it
from journal.actor import CALLER, SYSTEM, Actor
from journal.records import Kind
from sounds.model import Phrase, Speech, Words

WAIT = 5.0
"""Seconds for a key after a question."""


class Why(StrEnum):
    """Why nobody was asked after a talk."""

    HUNG_UP = "caller-hung-up"  # before the agent did
    TRANSFERRED = "transferred"
    RECENTLY = "asked-recently"  # within `once_in`
    SHARE = "not-chosen"  # by `share`
    LOST = "lost"  # a phone was gone, or a fault of ours ended the talk or the call


def survey(life: Life) -> Survey | None:
    """The survey of the talk that goes on, or was last. None: there is none, or its caller is never asked: an agent, or
    somebody who tests the hotline.
    """
    arrival, hotline, talk = life.arrival, life.edition.hotline, life.talk
    if not talk.agent or arrival.test or arrival.robot or arrival.agent or arrival.about:
        return None
    if arrival.caller in hotline.agents or talk.queue not in hotline.queues:
        return None
    return hotline.queues[talk.queue].survey


def due(life: Life) -> SurveyStage | None:
    """What follows a talk that is over."""
    return None if survey(life) is None else SurveyStage.DUE


def not_asked(life: Life, why: Why) -> None:
    """Nobody is asked after the talk that goes on, or was last. Nothing is written where nobody is ever asked."""
    if survey(life) is not None:
        _write(life, Kind.SURVEY_NOT_ASKED, why=why)


def ended(life: Life, by: EndedBy) -> None:
    """The call ends in a talk, or between a talk and the survey. `by`: who ended the talk, or the call in it."""
    not_asked(life, Why.LOST if by is EndedBy.SYSTEM else Why.HUNG_UP)


def transferred(life: Life) -> None:
    """The caller, whose talk is over, goes on to somebody else."""
    if isinstance(life.state, Leaving) and life.state.survey is SurveyStage.DUE:
        not_asked(life, Why.TRANSFERRED)
        life.go(replace(life.state, survey=None))


def decide(life: Life, state: Leaving, event: ev.LastSurvey) -> None:
    """The caller is still there after the talk, and hears the first question or the goodbye."""
    wanted = survey(life)
    if wanted is None:
        life.go(replace(state, survey=None))
    elif (why := _why_not(life, wanted, event.at)) is not None:
        not_asked(life, why)
        life.go(replace(state, survey=None))
    else:
        _write(life, Kind.SURVEY_OFFERED, caller=life.arrival.caller, version=life.edition.hotline.version)
        life.out.append(do.PlainCommand.CLEAR_KEYS)  # those of the talk
        life.go(replace(state, survey=Asking()))


def _why_not(life: Life, wanted: Survey, last: float | None) -> Why | None:
    if life.ended_by is not EndedBy.AGENT:
        return Why.LOST
    if last is not None and life.now - last < wanted.once_in:
        return Why.RECENTLY
    return None if gets_it(bucket("survey", life.id), wanted.percent) else Why.SHARE


def question(life: Life, asking: Asking) -> Speech:
    """What the caller hears."""
    wanted = survey(life)
    assert wanted is not None, "a question of it is asked"
    before = (Phrase(asking.why),) if asking.why else ()
    return (*before, Words(wanted.questions[asking.number].say))


def thanks(life: Life) -> Speech:
    """What a caller hears who has answered all questions."""
    wanted = survey(life)
    return () if wanted is None or wanted.thanks is None else (Words(wanted.thanks),)


def answered(life: Life, state: Leaving, asking: Asking, key: str | None) -> None:
    """The wait for a key is over. Without an answer the question is asked once more, then comes the goodbye.
    After the last answer the caller may leave a message, if the survey says so.
    """
    wanted = survey(life)
    assert wanted is not None, "a question of it is asked"
    life.out.append(do.PlainCommand.CLEAR_KEYS)  # a key that is pressed twice does not answer the next question
    version, number = life.edition.hotline.version, asking.number + 1
    after: SurveyStage | Asking | None = None
    if key is not None and wanted.questions[asking.number].takes(key):
        _write(life, Kind.SURVEY_ANSWERED, CALLER, question=number, key=key, version=version)
        after = Asking(number)
        if number == len(wanted.questions):
            _write(life, Kind.SURVEY_COMPLETE, version=version)
            if wanted.message is not None:
                life.go(AtMessage(life.talk.queue, wanted.message, survey=True))
                return
            after = SurveyStage.COMPLETE
    elif not asking.again:
        after = Asking(asking.number, again=True, why="no-input" if key is None else "invalid-key")
    life.go(replace(state, survey=after))


def _write(life: Life, kind: Kind, actor: Actor = SYSTEM, **data: Any) -> None:
    life.write(kind, actor, life.talk.agent, **data)
