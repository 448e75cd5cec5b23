"""A caller leaves a message: what the session does in each part, and what the caller's keys and silence mean."""

from dataclasses import replace

import pytest

from acd.events import EndedBy
from calls import effects as do
from calls import events as ev
from calls.leaving_message import ASKED, PATIENCE, TAKES, TRIES
from calls.machine import state_of
from calls.model import fold
from calls.states import Arriving, AtMessage, Going, Leaving, Over, Part, Stage, State
from ivr.hours import OpeningHours
from ivr.interpreter import State as Walk
from ivr.interpreter import TakeMessage, send
from ivr.model import MessageFor, ToMessage
from journal.records import Kind, Record
from sounds.model import Phrase
from tests.unit.calls.steps import BROKEN, EDITION, FACTS, HUNG_UP, NOW, At, others, records

HERE = AtMessage("trees", 120.0)
TO = ToMessage(message=MessageFor(queue="trees", limit=120.0))


def at(part: Part, *, tries: int = 0, takes: int = 0, asked: int = 0) -> At:
    return At(AtMessage("trees", 120.0, part, tries, takes, asked), session=True)


def says(*phrases: str, keys: bool = True) -> do.Say:
    return do.Say(tuple(map(Phrase, phrases)), "en", keys=keys)


@pytest.mark.parametrize(
    ("here", "task"),
    [
        (HERE, do.PlainTask.ASK_ROOM),
        (replace(HERE, part=Part.ASK), says("message-ask")),
        (replace(HERE, part=Part.ASK, tries=1), says("message-silent", "message-ask")),
        (replace(HERE, part=Part.RECORD), do.RecordMessage(120.0)),
        (replace(HERE, part=Part.CHOOSE), says("message-keep")),
        (replace(HERE, part=Part.KEY), do.AwaitKey(PATIENCE)),
        (replace(HERE, part=Part.HEAR), do.PlainTask.PLAY_MESSAGE),
        (replace(HERE, part=Part.THANKS), says("message-kept", keys=False)),
        (replace(HERE, part=Part.REFUSED), says("message-full", keys=False)),
        (replace(HERE, part=Part.SILENT), says("message-silent", keys=False)),
    ],
)
def test_what_a_free_session_does(here: State, task: do.Task) -> None:
    assert At(here, session=True).task() == task


def test_the_tree_leads_to_a_message() -> None:
    step = send(EDITION.hotline, Walk("en"), TO, FACTS)
    assert step.action == TakeMessage("trees", 120.0)
    call = At(Going(TO), session=True)
    assert call.task() == do.PlainTask.ASK_ROOM
    assert call.state == HERE


@pytest.mark.parametrize(("room", "then"), [(True, Part.ASK), (False, Part.REFUSED)])
def test_without_room_the_caller_is_told(room: bool, then: Part) -> None:
    call = at(Part.ROOM)
    call.step(ev.RoomKnown(room))
    assert call.state == replace(HERE, part=then)


@pytest.mark.parametrize("part", [Part.REFUSED, Part.SILENT, Part.THANKS])
def test_after_the_last_words_comes_the_goodbye(part: Part) -> None:
    call = at(part)
    call.step(ev.Said("…", interrupted=False))
    assert call.state == Leaving()


def test_a_record_comes_before_the_recording() -> None:
    call = at(Part.ASK)
    commands = call.step(ev.Said("…", interrupted=True))
    said, begun = records(commands)
    assert (said.kind, begun.kind, begun.queue) == (Kind.SAID, Kind.MESSAGE_BEGUN, "trees")
    assert begun.data == {"caller": "138", "language": "en", "limit_s": 120.0}
    assert others(commands) == [do.PlainCommand.CLEAR_KEYS]
    assert call.state == replace(HERE, part=Part.RECORD, takes=1)


def test_silence_is_asked_about_so_often_and_no_more() -> None:
    for tries in range(TRIES - 1):
        call = at(Part.RECORD, tries=tries)
        call.step(ev.Recorded(heard=False))
        assert call.state == replace(HERE, part=Part.ASK, tries=tries + 1)
    call = at(Part.RECORD, tries=TRIES - 1)
    call.step(ev.Recorded(heard=False))
    assert isinstance(call.state, AtMessage)
    assert call.state.part is Part.SILENT


def test_what_is_heard_can_be_kept() -> None:
    call = at(Part.RECORD, tries=2, takes=1)
    call.step(ev.Recorded(heard=True), ev.Said("…", interrupted=False))
    assert call.state == replace(HERE, part=Part.KEY, takes=1, asked=1)


@pytest.mark.parametrize(
    ("key", "takes", "asked", "then"),
    [
        ("1", 1, 1, replace(HERE, part=Part.THANKS, takes=1, asked=1)),
        ("2", 1, 2, replace(HERE, part=Part.HEAR, takes=1)),
        ("3", 1, 1, replace(HERE, part=Part.ASK, takes=1, asked=1)),
        ("3", TAKES, 1, replace(HERE, part=Part.THANKS, takes=TAKES, asked=1)),
        ("7", 1, 1, replace(HERE, part=Part.CHOOSE, takes=1, asked=1)),
        (None, 1, 1, replace(HERE, part=Part.CHOOSE, takes=1, asked=1)),
        (None, 1, ASKED, replace(HERE, part=Part.THANKS, takes=1, asked=ASKED)),
        ("*", 1, ASKED, replace(HERE, part=Part.THANKS, takes=1, asked=ASKED)),
    ],
)
def test_what_a_key_does(key: str | None, takes: int, asked: int, then: State) -> None:
    call = at(Part.KEY, takes=takes, asked=asked)
    call.step(ev.KeyAwaited(key))
    assert call.state == then


def test_a_call_that_comes_to_a_closed_queue_can_leave_one() -> None:
    hotline = EDITION.hotline
    hours = OpeningHours.model_validate({"week": {}})
    closed = hotline.queues["general"].model_copy(update={"hours": "never", "closed": TO})
    changed = {"queues": {**hotline.queues, "general": closed}, "opening_hours": {"never": hours}}
    edition = replace(EDITION, hotline=hotline.model_copy(update=changed))
    call = At(Arriving(Stage.APOLOGY, interrupted=True), edition, session=True)
    call.step(ev.Said("…", interrupted=False))
    assert call.state == HERE


def test_the_keys_are_said_again_after_the_message_was_heard() -> None:
    call = at(Part.HEAR)
    call.step(ev.PlainEvent.DONE)
    assert call.state == replace(HERE, part=Part.CHOOSE)


@pytest.mark.parametrize("part", list(Part))
def test_who_hangs_up_ends_the_call_and_nothing_else_is_decided(part: Part) -> None:
    call = at(part)
    commands = call.step(HUNG_UP)
    assert call.state == Over(EndedBy.CALLER)
    assert [record.kind for record in records(commands)] == [Kind.CALL_FINISHED]


@pytest.mark.parametrize("part", list(Part))
def test_after_a_broken_session_it_begins_again(part: Part) -> None:
    call = at(part, tries=1, takes=2)
    call.step(BROKEN)
    assert call.state == Going(TO, dialled=True)


def test_after_a_restart_it_begins_again() -> None:
    written = Record(NOW, Kind.MESSAGE_BEGUN, "c-1", "trees", data={"caller": "138", "limit_s": 30.0})
    summary = fold(fold(None, Record(NOW, Kind.CALL_STARTED, "c-1", data={"caller": "138"})), written)
    assert summary.queue == "trees"
    to = ToMessage(message=MessageFor(queue="trees", limit=30.0))
    assert state_of(summary, EDITION, None, ()) == Going(to, dialled=True)


def test_a_queue_that_is_no_more_takes_no_message_after_a_restart() -> None:
    assert EDITION.destination({"message": {"queue": "gone", "limit": 30.0}}) is None
