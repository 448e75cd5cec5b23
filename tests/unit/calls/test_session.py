"""What the session of a call does in each state, and where a call goes once it is answered."""

from dataclasses import replace

import pytest

from acd import events as acd
from calls import effects as do
from calls import events as ev
from calls.dialling import TRANSFER_RING
from calls.machine import CallMachine
from calls.states import (
    Arriving,
    AtLine,
    Entering,
    Front,
    Going,
    Gone,
    InMenu,
    Leaving,
    PuttingThrough,
    Stage,
    State,
    Talking,
    Transfer,
    Waiting,
)
from journal.records import Kind
from sounds.model import Phrase, Words
from tests.unit.calls.steps import (
    ARRIVAL,
    EDITION,
    FREE,
    HUNG_UP,
    MAIN,
    MENU,
    NEWS,
    NOW,
    SPEECH,
    TREES,
    At,
    offered,
    others,
    recording,
    records,
    settling,
)

COLLEAGUE = Transfer("1002", "1001", "trees")


@pytest.mark.parametrize(
    ("here", "task"),
    [
        (Arriving(Stage.ASK_DIALLING), do.PlainTask.ASK_DIALLING),
        (Arriving(Stage.MARK), do.MarkCall(turned_away=False, language="en")),
        (Arriving(Stage.ANSWER), do.PlainTask.ANSWER),
        (Arriving(Stage.MAINTENANCE), do.Say((Phrase("maintenance"),), "en", keys=True)),
        (Arriving(Stage.ASK_HISTORY), do.PlainTask.ASK_HISTORY),
        (Arriving(Stage.NOTE), do.PlainTask.MARK_INTERRUPTED),
        (Arriving(Stage.APOLOGY), do.Say((Phrase("service-apology"),), "en", keys=True)),
        (MENU, do.AwaitKey(5.0)),
        (InMenu(NEWS), do.Say((Words({"*": "News"}),), "en", keys=True)),
        (Going(TREES, dialled=True, apology="no-answer-apology"), do.PlainTask.CLEAR_DIALLING),
        (Going(TREES, apology="no-answer-apology"), do.Say((Phrase("no-answer-apology"),), "en", keys=True)),
        (Going(TREES), do.MarkQueue("en")),
        (Going(TREES, dialled=True, apology="transfer-failed", front=Front("1001")), do.PlainTask.CLEAR_DIALLING),
        (Going(TREES, apology="transfer-failed"), do.Say((Phrase("transfer-failed"),), "en", keys=True)),
        (Going(TREES, front=Front("1001")), do.MarkQueue("en")),
        (Entering("trees"), do.MarkQueue("en")),
        (Waiting("trees"), do.PlainTask.HOLD),
        (Waiting("trees", SPEECH), do.Say(SPEECH, "en", keys=False)),
        (offered("o-1"), do.PlainTask.HOLD),
        (settling("o-1"), do.PlainTask.ASK_TAKEN),
        (settling("o-1", taken="o-1", until=NOW + 1), None),
        (Talking("trees", "o-1"), None),
        (PuttingThrough("bureau", announced=True), do.MarkDialling("bureau", "en")),
        (PuttingThrough(COLLEAGUE, announced=True), do.MarkDialling("1002/1001/trees", "en")),
        (AtLine("bureau"), do.Dial("2201", 30.0, agent=True)),
        (AtLine(COLLEAGUE), do.Dial("1002", TRANSFER_RING, agent=True, music=True)),
        (AtLine(Transfer("962777")), do.Dial("962777", TRANSFER_RING, agent=False, music=True)),
        (AtLine(COLLEAGUE, known=False), do.PlainTask.ASK_DIAL_RESULT),
        (AtLine(COLLEAGUE, answered=True), do.PlainTask.CLEAR_DIALLING),
        (AtLine("bureau", known=False), do.PlainTask.ASK_DIAL_RESULT),
        (AtLine("unknown"), do.PlainTask.CLEAR_DIALLING),
        (Leaving(dialled=True), do.PlainTask.CLEAR_DIALLING),
        (Leaving(), do.Say((Words(EDITION.hotline.goodbye),), "en", keys=False)),
        (Leaving(said=True), do.PlainTask.MARK_DONE),
        (Gone("trees"), None),
    ],
)
def test_what_a_free_session_does(here: State, task: do.Task | None) -> None:
    assert At(here, session=True).task() == task


def test_a_call_is_begun_when_its_channel_is_marked_and_before_it_is_answered() -> None:
    machine = CallMachine(ARRIVAL, EDITION, link_up=True)
    assert others(machine.step(ev.SessionBegan("PJSIP/a-1"), NOW)) == [do.PlainCommand.LEAVE_BE]
    assert machine.step(FREE, NOW) == [do.Do(do.MarkCall(turned_away=False, language="en"))]
    assert machine.step(ev.PlainEvent.DONE, NOW) == []
    begun, answer = machine.step(FREE, NOW)
    assert answer == do.Do(do.PlainTask.ANSWER)
    assert records([begun])[0].kind is Kind.CALL_STARTED
    assert records(machine.step(FREE, NOW)) == []


def test_a_call_that_ends_before_its_channel_is_marked_has_a_beginning_too() -> None:
    machine = CallMachine(ARRIVAL, EDITION, link_up=True)
    machine.step(ev.SessionBegan("PJSIP/a-1"), NOW)
    kinds = [record.kind for record in records(machine.step(HUNG_UP, NOW))]
    assert kinds == [Kind.CALL_STARTED, Kind.CALL_FINISHED]


def test_of_a_call_that_began_in_another_session_nothing_is_told_before_it_goes_on() -> None:
    machine = CallMachine(replace(ARRIVAL, resumed=True), EDITION, link_up=True)
    machine.step(ev.SessionBegan("PJSIP/a-1"), NOW)
    assert records(machine.step(HUNG_UP, NOW)) == []


def test_a_caller_who_dials_a_queue_is_queued_before_the_session_gets_something_to_say() -> None:
    """A ready agent is matched in between: the session must not begin to ask the caller to wait."""
    machine = CallMachine(replace(ARRIVAL, to=TREES), EDITION, link_up=True)
    for event in (ev.SessionBegan("PJSIP/a-1"), FREE, ev.PlainEvent.DONE, FREE):
        machine.step(event, NOW)
    commands = machine.step(ev.PlainEvent.DONE, NOW)
    assert do.TellDistributor(acd.CallQueued("c-1", "trees", "en")) in commands
    assert not any(isinstance(command, do.Do) for command in commands)


@pytest.mark.parametrize(
    ("arrival", "state"),
    [
        (ARRIVAL, replace(MENU, asked=False)),
        (replace(ARRIVAL, to=TREES), Waiting("trees", (Phrase("please-hold"),))),
        (replace(ARRIVAL, to=TREES, resumed=True), Entering("trees")),
        (replace(ARRIVAL, turned_away=True), Arriving(Stage.MAINTENANCE)),
        (replace(ARRIVAL, resumed=True), Arriving(Stage.ASK_HISTORY)),
        (replace(ARRIVAL, resumed=True, moved=True), replace(MENU, asked=False)),
        (replace(ARRIVAL, resumed=True, moved=True, to=MAIN), replace(MENU, asked=False)),
        (replace(ARRIVAL, resumed=True, moved=True, to="1002"), PuttingThrough(Transfer("1002"), announced=True)),
        (replace(ARRIVAL, to="1002"), replace(MENU, asked=False)),
    ],
)
def test_where_a_call_goes_once_it_is_answered(arrival: object, state: State) -> None:
    machine = CallMachine(arrival, EDITION, link_up=True)  # type: ignore[arg-type]
    for event in (ev.SessionBegan("PJSIP/a-1"), FREE, ev.PlainEvent.DONE, FREE, ev.PlainEvent.DONE):
        machine.step(event, NOW)
    assert machine.state == state


def test_a_caller_hears_that_talks_are_recorded_before_waiting_and_once_in_a_call() -> None:
    at = At(Entering("trees"), recording(), session=True)
    assert at.task() == do.Say((Phrase("talk-recorded"),), "en", keys=False)
    told = records(at.step(ev.Said("", False)), Kind.RECORDING_TOLD)
    assert [record.call for record in told] == ["c-1"]
    assert (at.state, at.machine.told) == (Entering("trees"), True)
    assert at.task() == do.MarkQueue("en")
    at.step(ev.PlainEvent.DONE)
    assert isinstance(at.state, Waiting)
    at.machine.state = Entering("trees")
    assert at.task() == do.MarkQueue("en"), "once in a call"


def test_a_caller_who_breaks_off_while_it_is_said_hears_it_again() -> None:
    at = At(Entering("trees"), recording(), session=True)
    at.task()
    at.step(ev.SessionEnded(gone=False))
    assert (at.state, at.machine.told) == (Going(TREES, dialled=True), False)


def test_no_other_queue_says_so_and_no_agent_hears_it() -> None:
    assert At(Entering("trees"), recording(queue="general"), session=True).task() == do.MarkQueue("en")
    at = At(Entering("trees"), recording(), session=True)
    at.machine.arrival = replace(at.machine.arrival, agent="1001")
    assert at.task() == do.MarkQueue("en")


def test_a_call_that_comes_for_a_queue_that_records_hears_it_too() -> None:
    machine = CallMachine(replace(ARRIVAL, to=TREES), recording(), link_up=True)
    machine.step(ev.SessionBegan("PJSIP/1-1"), NOW)
    machine.step(ev.PlainEvent.SESSION_FREE, NOW)
    machine.step(ev.PlainEvent.DONE, NOW)
    machine.step(ev.PlainEvent.SESSION_FREE, NOW)
    machine.step(ev.PlainEvent.DONE, NOW)
    assert machine.state == Entering("trees")
