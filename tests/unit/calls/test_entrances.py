"""Calls to a number that has an entry of its own, in the states where they come back to it."""

from calls import events as ev
from calls.states import Arriving, AtLine, Entering, Going, InMenu, Stage, Talking, Transfer
from hotline.edition import Edition
from hotline.model import Entered
from ivr.interpreter import Play
from ivr.model import ToQueue
from journal.records import Kind
from sounds.model import Words
from tests.unit.calls.steps import ARRIVAL, EDITION, TREES, At, records
from tests.unit.service.calling import FakeCatalogue

TREES_LINE = Entered(number="12319", entry=TREES, greeting={"*": "The tree hotline"})
OWN = Edition(EDITION.hotline.model_copy(update={"entrances": (TREES_LINE,)}), FakeCatalogue())
SAID = ev.Said("", interrupted=False)


def test_a_call_hears_the_numbers_greeting_then_waits_in_its_queue() -> None:
    at = At(Arriving(Stage.ANSWER), OWN)
    at.machine.arrival = ARRIVAL
    at.step(ev.PlainEvent.DONE)
    assert isinstance(at.state, InMenu)
    assert at.state.step.action == Play((Words({"*": "The tree hotline"}),))
    at.step(SAID)
    assert isinstance(at.machine.state, Entering)


def test_a_caller_who_was_interrupted_twice_goes_to_the_numbers_person() -> None:
    at = At(Arriving(Stage.APOLOGY, back=True, interrupted=True), OWN)
    at.step(SAID)
    assert at.machine.state == Entering("trees"), "without the greeting: it has been heard twice"


def test_a_caller_who_was_interrupted_once_begins_again_where_the_number_enters() -> None:
    at = At(Arriving(Stage.APOLOGY, back=True), OWN)
    at.step(SAID)
    assert isinstance(at.machine.state, InMenu)


def test_a_transfer_that_fails_without_a_queue_brings_the_caller_back_to_the_numbers_entry() -> None:
    at = At(AtLine(Transfer("962777")), OWN)
    written = records(at.step(ev.DialEnded("NOANSWER", "19")))
    assert at.machine.state == Going(TREES, dialled=True, apology="transfer-failed")
    assert [r.data["to"] for r in written if r.kind is Kind.ROUTED] == [{"queue": "trees"}]


def test_an_agents_phone_that_is_gone_brings_the_caller_back_to_the_numbers_entry() -> None:
    at = At(Talking(None, "o-1"), OWN)
    at.step(ev.PhoneLost("o-1"))
    assert at.machine.state == Going(TREES, apology="service-apology")


def test_another_caller_gets_the_numbers_entry() -> None:
    assert At(Arriving(), OWN).machine.given == ToQueue(queue="trees")
