"""A caller leaves a message: how the recording goes on, from the question whether there is room to the goodbye. Pure.

The machine records and asks. What is kept of a recording, `messages.keeper` decides once the call is over: so a caller
who hangs up keeps the message, and one who leaves it by a break of the service does, too.
"""

from dataclasses import replace
from typing import Any

from calls import effects as do
from calls import events as ev
from calls.life import Life
from calls.states import AtMessage, Leaving, Part, SurveyStage
from journal.actor import CALLER
from journal.records import Kind
from sounds.model import Phrase

TRIES = 3
"""Recordings with nothing in them, after which the call ends."""

TAKES = 5
"""Recordings of one call; the last one is kept."""

ASKED = 3
"""How often the caller hears the keys. Without one of them the message is kept."""

PATIENCE = 5.0
"""Seconds for one of the keys."""

KEEP, HEAR, AGAIN = "1", "2", "3"


def task(life: Life, state: AtMessage) -> do.Task:
    """What the session does next."""
    match state.part:
        case Part.ROOM:
            return do.PlainTask.ASK_ROOM
        case Part.ASK:
            silent = (Phrase("message-silent"),) if state.tries else ()
            return life.to_say((*silent, Phrase("message-ask")), keys=True)
        case Part.RECORD:
            return do.RecordMessage(state.limit)
        case Part.CHOOSE:
            return life.to_say((Phrase("message-keep"),), keys=True)
        case Part.KEY:
            return do.AwaitKey(PATIENCE)
        case Part.HEAR:
            return do.PlainTask.PLAY_MESSAGE
        case Part.THANKS:
            return life.to_say((Phrase("message-kept"),), keys=False)
        case Part.REFUSED:
            return life.to_say((Phrase("message-full"),), keys=False)
        case Part.SILENT:
            return life.to_say((Phrase("message-silent"),), keys=False)


def room_known(life: Life, state: AtMessage, event: ev.RoomKnown) -> None:
    if state.survey and not event.room:
        _over(life, state)
    else:
        life.go(replace(state, part=Part.ASK if event.room else Part.REFUSED))


def said(life: Life, state: AtMessage, event: ev.Said) -> None:
    life.write(Kind.SAID, text=event.text, language=life.language, interrupted=event.interrupted)
    match state.part:
        case Part.ASK:
            _record(life, state)
        case Part.CHOOSE:
            life.go(replace(state, part=Part.KEY, asked=state.asked + 1))
        case Part.THANKS | Part.REFUSED | Part.SILENT:
            _over(life, state)


def _over(life: Life, state: AtMessage) -> None:
    """What follows is the goodbye."""
    life.go(Leaving(talked=True, survey=SurveyStage.COMPLETE) if state.survey else Leaving())


def _record(life: Life, state: AtMessage) -> None:
    """The Record comes before the file: after any break it says whose the file is."""
    life.out.append(do.PlainCommand.CLEAR_KEYS)
    said: dict[str, Any] = {"caller": life.arrival.caller, "language": life.language, "limit_s": state.limit}
    if state.survey:
        said["survey"] = True
    life.write(Kind.MESSAGE_BEGUN, CALLER, **said)
    life.go(replace(state, part=Part.RECORD, takes=state.takes + 1, asked=0))


def recorded(life: Life, state: AtMessage, event: ev.Recorded) -> None:
    if event.heard:
        life.go(replace(state, part=Part.CHOOSE, tries=0))
    elif state.survey:
        _over(life, state)
    elif state.tries + 1 < TRIES:
        life.go(replace(state, part=Part.ASK, tries=state.tries + 1))
    else:
        life.go(replace(state, part=Part.SILENT))


def key_awaited(life: Life, state: AtMessage, event: ev.KeyAwaited) -> None:
    if state.part is not Part.KEY:
        return
    if event.key == HEAR:
        life.go(replace(state, part=Part.HEAR, asked=0))
    elif event.key == AGAIN and state.takes < TAKES:
        life.go(replace(state, part=Part.ASK))
    elif event.key in (KEEP, AGAIN) or state.asked >= ASKED:
        life.go(replace(state, part=Part.THANKS))
    else:
        life.go(replace(state, part=Part.CHOOSE))


def heard_again(life: Life, state: AtMessage, _: ev.PlainEvent) -> None:
    if state.part is Part.HEAR:
        life.go(replace(state, part=Part.CHOOSE))
