"""A caller asks to be called back, says at which number, and hears when; or rings in before the call back."""

from dataclasses import replace
from math import inf
from typing import Any

import pytest

from acd import events as acd
from acd.events import Left
from calls import effects as do
from calls import events as ev
from calls.arranging import PATIENCE, TURNS, position
from calls.leg import Bridge, Leg, Session
from calls.machine import CallMachine
from calls.model import Arrival, CallState, KeptPlace, fold
from calls.states import Arranging, Entering, Going, Leaving, Meanwhile, Numbering, Offered, State, Waiting
from emergency.model import When
from hotline.callbacks import CallbackRule
from hotline.calls_out import CallsOut
from hotline.edition import Edition
from ivr.hours import OpeningHours, Span
from ivr.model import HangUp, ToQueue
from journal.actor import CALLER
from journal.records import Kind, Record
from sounds.model import Digits, Phrase
from tests.unit.calls.steps import BROKEN, FREE, NOW, At, others, records, ring, told
from tests.unit.emergency.test_model import message
from tests.unit.service.calling import FakeCatalogue
from tests.unit.service.small import hotline

NUMBER, OTHER = "13800138000", "13900139000"
KEY = ev.KeyPressed("2", may_leave=True, can_call_back=True)
GOODBYE = HangUp(hangup=True)
NOT_YET = ev.PromiseKnown()


def edition(**rule: Any) -> Edition:
    """Callers of the queue "trees" may be called back within China."""
    small = hotline()
    trees = small.queues["trees"].model_copy(update={"callback": CallbackRule.model_validate({"key": "2", **rule})})
    office = OpeningHours(week={"mon-sun": (Span(9 * 60, 17 * 60),)})
    changed: dict[str, Any] = {
        "queues": {**small.queues, "trees": trees},
        "calls_out": CallsOut(allowed=("1[3-9]xxxxxxxxx",), country="86"),
        "opening_hours": {"office": office},
    }
    return Edition(small.model_copy(update=changed), FakeCatalogue())


def call(state: State, caller: str = NUMBER, callbacks: dict[str, str] | None = None, **rule: Any) -> At:
    """A call of this caller. `callbacks`: by queue, those that were promised before."""
    made = At(state, edition(**rule), session=True)
    places = dict.fromkeys(callbacks or {}, KeptPlace(NOW - 300, inf))
    made.machine.arrival = replace(made.machine.arrival, caller=caller, callbacks=callbacks or {}, places=places)
    return made


def arranging(part: Numbering, number: str = "", *, turns: int = 1, refused: bool = False, caller: str = NUMBER) -> At:
    return call(Waiting("trees", arranging=Arranging(part, number, turns, refused)), caller)


def presses(here: At, keys: str) -> list[do.Command]:
    """One key after another while they are awaited; a blank is a silence."""
    commands = []
    for key in keys:
        assert here.task() == do.AwaitKey(PATIENCE)
        commands += here.step(ev.KeyAwaited(None if key == " " else key))
    return commands


def hears(here: At) -> list[str]:
    """The words that the session says next; digits one by one."""
    task = here.task()
    assert isinstance(task, do.Say)
    here.step(ev.Said("", interrupted=False))
    return FakeCatalogue().files(task.speech, "en")


def asked(number: str) -> list[str]:
    return ["We will call you back at", *number, "If this is right, press 1. For another number, press 2."]


ENTER = "Please key in the telephone number at which we can call you back, and then press hash."
REFUSED = "We are sorry, we cannot call that number."


def test_the_own_number_is_read_back_confirmed_and_promised() -> None:
    here = At(Waiting("trees"), edition(), session=True, held=True)
    here.machine.arrival = replace(here.machine.arrival, caller=NUMBER)
    commands = here.step(KEY)
    assert [record.kind for record in records(commands)] == [Kind.KEY_PRESSED]
    assert others(commands) == [do.PlainCommand.CLEAR_KEYS, do.PlainCommand.STOP_SAYING, do.PlainCommand.FETCH]
    here.step(ev.PlainEvent.HOLD_ENDED)
    assert hears(here) == asked(NUMBER)
    presses(here, "1")
    assert here.task() == do.AskPromise(NUMBER)
    commands = here.step(NOT_YET)
    assert [type(command) for command in commands] == [do.Write, do.TellDistributor], "the Record comes first"
    assert told(commands) == [acd.CallbackPromised("c-1", "c-1-b", NUMBER)]
    assert here.task() == do.Say((Phrase("callback-promised"),), "en", keys=False), "nobody knows when"
    here.step(ev.Said("", interrupted=False))
    here.task()
    assert isinstance(here.state, Leaving)


def test_the_story_has_no_digit_of_the_number() -> None:
    here = arranging(Numbering.CONFIRM, NUMBER)
    task = here.task()
    assert isinstance(task, do.Say)
    assert Digits(NUMBER, private=True) in task.speech
    here = arranging(Numbering.DIGITS)
    assert records(presses(here, f"{OTHER}#")) == []


def test_another_number_is_keyed_in_read_back_and_promised() -> None:
    here = arranging(Numbering.CONFIRM, NUMBER)
    assert hears(here) == asked(NUMBER)
    presses(here, "2")
    assert hears(here) == [ENTER]
    presses(here, f"{OTHER}#")
    assert hears(here) == asked(OTHER)
    presses(here, "1")
    assert here.task() == do.AskPromise(OTHER)
    assert told(here.step(NOT_YET)) == [acd.CallbackPromised("c-1", "c-1-b", OTHER)]


@pytest.mark.parametrize("keys", [f"{OTHER} ", f"12*{OTHER}#"])
def test_silence_ends_the_number_and_a_star_begins_it_anew(keys: str) -> None:
    here = arranging(Numbering.DIGITS)
    presses(here, keys)
    assert hears(here) == asked(OTHER)


def test_a_number_is_no_longer_than_a_number_can_be() -> None:
    here = arranging(Numbering.DIGITS)
    presses(here, "1" * 20)
    assert hears(here) == [REFUSED, ENTER]


@pytest.mark.parametrize(
    ("caller", "heard"), [("", [ENTER]), ("anonymous", [ENTER]), ("+4930123456", [REFUSED, ENTER])]
)
def test_a_withheld_number_is_asked_for_and_one_abroad_is_refused(caller: str, heard: list[str]) -> None:
    here = call(Waiting("trees"), caller)
    here.step(KEY)
    assert hears(here) == heard


@pytest.mark.parametrize("number", ["16812345", "004930123456", "12319", "02162521234"])
def test_a_number_that_may_not_be_dialled_is_refused_and_asked_for_again(number: str) -> None:
    here = arranging(Numbering.DIGITS)
    presses(here, f"{number}#")
    assert hears(here) == [REFUSED, ENTER]


def test_silence_reads_the_number_again_and_in_the_end_the_caller_waits_on() -> None:
    here = arranging(Numbering.CONFIRM, NUMBER)
    for _ in range(TURNS):
        assert hears(here) == asked(NUMBER)
        presses(here, " ")
    assert here.state == Waiting("trees", (Phrase("please-hold"),))


def test_numbers_that_are_refused_end_with_a_sentence() -> None:
    here = arranging(Numbering.DIGITS, turns=TURNS)
    presses(here, "110#")
    assert here.state == Waiting("trees", (Phrase("callback-impossible"),))


def test_where_nobody_may_be_called_the_caller_hears_so() -> None:
    here = call(Waiting("trees", reporting=True))
    here.step(replace(KEY, can_call_back=False))
    assert here.state == Waiting("trees", (Phrase("callback-impossible"),), reporting=True)


def test_an_announcement_that_is_cut_short_is_not_taken_for_the_question() -> None:
    here = call(Waiting("trees", (Phrase("queue-position-next"),), reporting=True))
    here.task()
    here.step(KEY, ev.Said("", interrupted=True))
    assert hears(here) == asked(NUMBER)
    assert here.state == Waiting("trees", None, True, Arranging(Numbering.KEY, NUMBER))


def test_the_end_of_that_announcement_is_told_once_the_caller_waits_on() -> None:
    here = call(Waiting("trees", None, True, Arranging(Numbering.KEY, NUMBER, TURNS)))
    presses(here, " ")
    here.task()
    assert told(here.step(ev.Said("", interrupted=False), FREE)) == [acd.Announced("c-1")]


def test_a_number_that_has_a_callback_gets_no_second_one_and_the_caller_hears_the_position() -> None:
    here = arranging(Numbering.LOOK, NUMBER)
    commands = here.step(ev.PromiseKnown("b1", 3))
    assert told(commands) == []
    assert here.state == Waiting("trees", (Phrase("callback-already"), *position(3)))


def test_where_no_more_can_be_promised_the_caller_waits_on() -> None:
    here = arranging(Numbering.LOOK, NUMBER)
    assert told(here.step(ev.PromiseKnown(full=True))) == []
    assert here.state == Waiting("trees", (Phrase("callback-impossible"),))


def test_an_agent_who_comes_free_meanwhile_rings_for_the_caller() -> None:
    here = arranging(Numbering.DIGITS, "138")
    commands = here.step(ev.Matched(ring()))
    assert here.state == Offered("trees", frozenset({"o-1"}))
    assert do.PlainCommand.STOP_SAYING in commands, "nor is a key awaited any more"
    here.step(ev.KeyAwaited(None))
    assert here.task() is do.PlainTask.HOLD


def test_keys_are_no_keys_of_the_queue_while_the_number_is_asked_for() -> None:
    here = arranging(Numbering.DIGITS, "138")
    assert here.step(KEY) == []


def test_no_announcement_comes_between() -> None:
    here = arranging(Numbering.DIGITS, "138")
    assert told(here.step(ev.AnnouncementDue((Phrase("queue-position-next"),)))) == [acd.Announced("c-1", said=False)]
    assert here.task() == do.AwaitKey(PATIENCE)


def test_after_a_break_the_caller_waits_and_can_ask_again() -> None:
    here = arranging(Numbering.DIGITS, "138")
    here.step(BROKEN)
    assert here.state == Waiting("trees")


def promised(**rule: Any) -> list[str]:
    here = call(Waiting("trees", arranging=Arranging(Numbering.LOOK, NUMBER)), **rule)
    here.step(ev.PromiseKnown(expected=1_200.0))
    return hears(here)


def test_the_caller_hears_between_which_times_the_call_comes() -> None:
    """It is 06:13:20 in Shanghai; from half of 20 minutes to one and a half, to whole ten minutes."""
    assert " ".join(promised()) == (
        "You keep your place, and we will call you back. "
        "You can expect our call between today at six twenty in the morning and today at six fifty in the morning"
    )


def test_the_time_at_which_citizens_are_not_called_is_not_promised_but_the_opening_after_it() -> None:
    assert " ".join(promised(hours="office")[1:]) == (
        "You can expect our call between today at nine in the morning and today at nine thirty in the morning"
    )


# --- the caller rings in before the call back

BACK = {"trees": "b1"}
FOUND = ev.PromiseKnown("b1", 3)


def comes() -> At:
    here = call(Going(ToQueue(queue="trees")), callbacks=BACK)
    assert here.task() == do.AskPromise(NUMBER)
    return here


def rung_in() -> At:
    """The caller has heard the position and the keys."""
    here = comes()
    here.step(FOUND)
    assert hears(here) == [
        "You are on our list to be called back.",
        "There are two people before you.",
        "You can wait on the line now. To keep the callback, hang up or press 1. To cancel it, press 2.",
    ]
    return here


@pytest.mark.parametrize("key", [" ", "7"])
def test_who_stays_on_the_line_has_the_old_place(key: str) -> None:
    here = rung_in()
    presses(here, key)
    assert here.task() == do.MarkQueue("en")
    (queued,) = told(here.step(ev.PlainEvent.DONE))
    assert isinstance(queued, acd.CallQueued)
    assert (queued.callback, queued.head_start) == ("b1", 300)


def test_who_presses_1_keeps_the_callback() -> None:
    here = rung_in()
    commands = presses(here, "1")
    assert told(commands) == []
    assert [record.kind for record in records(commands)] == [Kind.ROUTED]
    assert here.state == Going(GOODBYE, told=(Phrase("callback-promised"),))


def test_who_presses_2_cancels_it() -> None:
    here = rung_in()
    assert told(presses(here, "2")) == [acd.CallLeft("b1", Left.CANCELLED, CALLER)]
    assert here.state == Going(GOODBYE, told=(Phrase("callback-cancelled"),))


def test_who_hangs_up_leaves_no_queue_and_keeps_the_callback() -> None:
    here = rung_in()
    assert told(here.step(ev.CallerHungUp(blind=False))) == []


@pytest.mark.parametrize("known", [NOT_YET, ev.PromiseKnown("b1", 1, dialled=True), ev.PromiseKnown("b9", 2)])
def test_nothing_is_asked_where_it_is_over_or_the_citizen_is_dialled_at_this_moment(known: ev.PromiseKnown) -> None:
    here = comes()
    here.step(known)
    assert here.task() == do.MarkQueue("en")


def test_the_keys_of_the_menus_decide_nothing() -> None:
    assert do.PlainCommand.CLEAR_KEYS in comes().step(FOUND)


def test_a_citizen_who_has_answered_the_callback_is_not_asked() -> None:
    here = call(Going(ToQueue(queue="trees")), callbacks=BACK)
    here.machine.arrival = replace(here.machine.arrival, called_back=True)
    assert here.task() == do.MarkQueue("en")


def instead(after: str) -> tuple[At, list[do.Command]]:
    """A citizen who has answered hears a message in place of the queue, to its end; and what is done then."""
    here = call(Going(ToQueue(queue="trees")), callbacks=BACK)
    urgent = message(mode=When.INSTEAD, after=after, where="queue:trees")
    here.machine.arrival = replace(here.machine.arrival, called_back=True, emergencies=(urgent,))
    assert isinstance(here.task(), do.Say)
    assert told(here.step(FREE)) == [], "it is not over before"
    return here, here.step(ev.Said("", interrupted=False))


def test_an_emergency_message_in_place_of_the_queue_ends_the_callback_once_it_was_heard() -> None:
    here, done = instead("goodbye")
    assert told(done) == [acd.CallLeft("b1", Left.WENT_ELSEWHERE)]
    assert here.state == Leaving()


def test_who_is_led_to_another_queue_by_an_emergency_message_has_waited_since_the_first_call() -> None:
    here, done = instead("queue:general")
    assert told(done) == [acd.CallLeft("b1", Left.WENT_ELSEWHERE)]
    assert here.task() == do.MarkQueue("en")
    (queued,) = told(here.step(ev.PlainEvent.DONE))
    assert isinstance(queued, acd.CallQueued)
    assert (queued.queue, queued.callback, queued.head_start) == ("general", "", 300)


def test_who_is_led_to_the_same_queue_by_an_emergency_message_has_the_place() -> None:
    here, done = instead("queue:trees")
    assert told(done) == []
    assert here.task() == do.MarkQueue("en")
    (queued,) = told(here.step(ev.PlainEvent.DONE))
    assert isinstance(queued, acd.CallQueued)
    assert (queued.callback, queued.head_start) == ("b1", 300)


def test_a_call_that_begins_in_the_queue_is_asked_too() -> None:
    arrival = Arrival("c-1", NUMBER, "12319", "en", to=ToQueue(queue="trees"), callbacks=BACK)
    machine = CallMachine(arrival, edition(), link_up=True)
    machine.leg = Leg(session=Session.SERVES, bridge=Bridge.OUT)
    for event in (ev.SessionBegan("PJSIP/a-1"), FREE, ev.PlainEvent.DONE, FREE, ev.PlainEvent.DONE):
        machine.step(event, NOW)
    assert machine.state == Entering("trees", meanwhile=Meanwhile())


def test_a_restart_finds_the_citizen_who_has_the_place_again_in_the_queue() -> None:
    summary = fold(None, Record(NOW - 9, Kind.CALL_STARTED, "c-1"))
    back = Record(NOW, Kind.CALLBACK_ANSWERED, "c-1", "trees", data={"callback": "b1", "since": NOW - 300})
    summary = fold(summary, back)
    assert (summary.state, summary.queue, summary.since) == (CallState.WAITING, "trees", NOW - 300)
    promised = Record(NOW, Kind.CALLBACK_PROMISED, "c-1", "trees", data={"callback": "c-1-b"})
    assert fold(summary, promised).since is None
