"""How a call ends: its channel is gone, or the caller was sent elsewhere."""

from dataclasses import replace
from typing import Any

import pytest

from acd import events as acd
from acd.events import EndedBy, Left
from acd.model import Missed
from calls import events as ev
from calls.leg import FAREWELL, LAST_WORDS
from calls.model import Arrival
from calls.states import AtLine, Gone, Leaving, Over, State, Talking, Transfer, Waiting
from dialplan.news import News
from hotline.callbacks import CallbackRule
from hotline.calls_out import CallsOut
from hotline.edition import Edition
from journal.actor import SYSTEM
from journal.records import Kind
from tests.unit.calls.steps import ARRIVAL, EDITION, HUNG_UP, MENU, NOW, At, offered, records, settling, told

# --- phones that are gone


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (Waiting("trees"), acd.CallLeft("c-1", Left.PHONE_GONE)),
        (Talking("trees", "o-1"), acd.CallEnded("c-1", EndedBy.SYSTEM, "caller-phone-gone")),
    ],
)
def test_a_caller_whose_phone_is_gone_has_not_hung_up(state: State, event: acd.Event) -> None:
    commands = At(state).step(ev.CallerHungUp(blind=False, lost=True))
    (finished,) = records(commands)
    assert (finished.data, finished.actor) == ({"by": "system", "cause": "caller-phone-gone"}, SYSTEM)
    assert told(commands) == [event]


@pytest.mark.parametrize(
    ("state", "gone"),
    [(Talking("trees", "o-1"), ev.PhoneLost("o-1")), (AtLine("bureau"), ev.DialEnded("CHANUNAVAIL", "18"))],
)
def test_the_cause_that_another_phone_has_left_on_the_channel_is_not_the_callers(state: State, gone: ev.Event) -> None:
    at = At(state)
    at.step(gone)
    (finished,) = records(at.step(ev.CallerHungUp(blind=False, lost=True)))
    assert finished.data == {"by": "caller"}


# --- who gives up, and is called back


def missed(**changed: Any) -> Edition:
    """The queue for trees calls those back who give up."""
    hotline = EDITION.hotline
    queue = {"missed": Missed(call_back=True), "callback": CallbackRule(key="2"), **changed}
    queues = {**hotline.queues, "trees": hotline.queues["trees"].model_copy(update=queue)}
    changes = {"queues": queues, "calls_out": CallsOut(allowed=("138xxxxxxxx",))}
    return replace(EDITION, hotline=hotline.model_copy(update=changes))


CITIZEN = replace(ARRIVAL, caller="13800138000")


def gives_up(state: State, edition: Edition, arrival: Arrival, event: ev.Event = HUNG_UP) -> list[acd.Event]:
    """What the distributor is told."""
    at = At(state, edition)
    at.machine.arrival = arrival
    return told(at.step(event))


@pytest.mark.parametrize("state", [Waiting("trees"), offered("o-1")])
def test_the_number_of_a_caller_who_gives_up_is_told_if_the_queue_calls_such_callers_back(state: State) -> None:
    assert gives_up(state, missed(), CITIZEN) == [acd.CallLeft("c-1", Left.HUNG_UP, number=CITIZEN.caller)]


@pytest.mark.parametrize(
    ("arrival", "edition"),
    [
        (CITIZEN, missed(missed=Missed())),
        (CITIZEN, missed(callback=None)),
        (replace(CITIZEN, caller="02112345678"), missed()),
        (replace(CITIZEN, caller=""), missed()),
        (replace(CITIZEN, test=True), missed()),
        (replace(CITIZEN, agent="1001"), missed()),
        (replace(CITIZEN, called_back=True), missed()),
    ],
    ids=["no rule", "no callbacks", "not allowed", "no number", "a test", "an agent", "called back already"],
)
def test_nobody_else_who_gives_up_is_called_back(arrival: Arrival, edition: Edition) -> None:
    assert gives_up(Waiting("trees"), edition, arrival) == [acd.CallLeft("c-1", Left.HUNG_UP)]


def test_a_caller_who_was_sent_elsewhere_has_not_given_up() -> None:
    assert gives_up(Waiting("trees"), missed(), CITIZEN, ev.CallerElsewhere("")) == [acd.CallLeft("c-1", Left.HUNG_UP)]


# --- the end of the channel


def test_a_caller_whose_channel_ended_has_hung_up_when_nothing_else_is_told() -> None:
    at = At(Waiting("trees"))
    assert told(at.step(News.ENDED)) == [acd.CallLeft("c-1", Left.HUNG_UP)]
    assert (at.state, at.machine.waited_in) == (Gone("trees"), "trees")
    assert at.machine.deadline() == NOW + LAST_WORDS
    at.due()
    assert at.state == Over(EndedBy.CALLER)


@pytest.mark.parametrize("state", [offered("o-1"), settling("o-1"), AtLine("bureau")])
def test_a_caller_who_may_have_talked_keeps_the_place_for_so_long(state: State) -> None:
    at = At(state)
    assert told(at.step(News.ENDED)) == []
    assert at.state == state
    at.due()
    assert at.state == Over(EndedBy.CALLER)


@pytest.mark.parametrize("state", [offered("o-1"), settling("o-1"), AtLine("bureau")])
def test_a_caller_who_may_have_talked_and_hangs_up_while_events_are_missing_is_asked_for(state: State) -> None:
    at = At(state)
    assert at.step(ev.CallerHungUp(blind=True)) == []
    at.step(ev.CallerMissing(ev.Missing.HUNG_UP))
    assert at.state == Over(EndedBy.CALLER)


def test_a_caller_who_cannot_have_talked_and_hangs_up_while_events_are_missing_is_gone() -> None:
    at = At(Waiting("trees"))
    at.step(ev.CallerHungUp(blind=True))
    assert at.state == Over(EndedBy.CALLER)


def test_an_asterisk_that_is_being_stopped_takes_its_callers_with_it() -> None:
    """Channel, link, and no Asterisk any more: nobody gave up."""
    at = At(MENU)
    at.step(News.ENDED, ev.LinkChanged(up=False))
    at.due()
    (finished,) = records(at.due(), Kind.CALL_FINISHED)
    assert at.now == NOW + LAST_WORDS + FAREWELL
    assert finished.data == {"by": "system", "outcome": "lost", "cause": "asterisk-ended"}


def test_a_talk_that_nobody_saw_is_told_when_its_caller_is_missing() -> None:
    at = At(offered("o-1"))
    commands = at.step(ev.CallerMissing(ev.Missing.HUNG_UP, offer="o-1"))
    assert told(commands) == [acd.OfferConnected("o-1"), acd.CallEnded("c-1", EndedBy.CALLER)]
    (finished,) = records(commands)
    assert finished.data == {"by": "caller", "cause": "hung-up-unseen"}


@pytest.mark.parametrize(
    ("state", "times"),
    [(AtLine("bureau"), 1), (AtLine("bureau", answered=True), 0), (Leaving(talked=True), 0)],
)
def test_a_sub_hotline_that_nobody_saw_answer_is_told_then(state: State, times: int) -> None:
    commands = At(state).step(ev.CallerMissing(ev.Missing.HUNG_UP, mark="bureau"))
    assert len(records(commands, Kind.SUB_HOTLINE_ANSWERED)) == times
    ends = [record.data["by"] for record in records(commands, Kind.SUB_HOTLINE_ENDED)]
    assert ends == ([] if isinstance(state, Leaving) else ["caller"])


def test_a_phone_of_a_transfer_that_nobody_saw_answer_is_told_then() -> None:
    at = At(AtLine(Transfer("1002", "1001", "trees")))
    told = records(at.step(ev.CallerMissing(ev.Missing.HUNG_UP, mark="1002/1001/trees")))
    assert [record.kind for record in told] == [Kind.TRANSFER_ANSWERED, Kind.TRANSFER_ENDED, Kind.CALL_FINISHED]


@pytest.mark.parametrize(
    "goes_on", [ev.DiallingKnown("bureau"), ev.DiallingKnown("1002/1001/trees"), ev.Connected("o-1", "1001")]
)
def test_a_caller_who_ends_a_talk_that_has_gone_on_over_a_restart_has_ended_it(goes_on: ev.Event) -> None:
    at = At(Leaving(talked=True))
    finished = records(at.step(goes_on, ev.CallerHungUp(blind=False)), Kind.CALL_FINISHED)
    assert [record.data for record in finished] == [{"by": "caller"}]


# --- sent elsewhere


@pytest.mark.parametrize(
    ("state", "taken", "end"),
    [
        (offered("o-1"), "o-1", [acd.OfferConnected("o-1"), acd.CallEnded("c-1", EndedBy.AGENT)]),
        (offered("o-1"), "o-0", [acd.CallLeft("c-1", Left.HUNG_UP)]),
        (Waiting("trees"), "o-1", [acd.CallEnded("c-1", EndedBy.AGENT)]),
        (Waiting("trees"), "", [acd.CallLeft("c-1", Left.HUNG_UP)]),
        (Talking("trees", "o-1"), "o-1", [acd.CallEnded("c-1", EndedBy.AGENT)]),
        (Talking("trees", "o-1"), "", [acd.CallEnded("c-1", EndedBy.CALLER)]),
        (AtLine("bureau", answered=True), "", [acd.CompanyChanged("c-1", "2201", None)]),
    ],
)
def test_what_a_transfer_says_of_the_talk_before(state: State, taken: str, end: list[acd.Event]) -> None:
    at = At(state)
    assert told(at.step(ev.CallerElsewhere(taken))) == end
    assert isinstance(at.state, Over)


def test_a_caller_whom_asterisk_dials_for_without_us_was_sent_elsewhere() -> None:
    for state, session, over in ((MENU, False, True), (MENU, True, False), (AtLine("bureau"), False, False)):
        at = At(state, session=session)
        at.step(News.DIALLING)
        assert at.machine.over == over


@pytest.mark.parametrize("state", [MENU, Waiting("trees"), AtLine("bureau"), AtLine("bureau", answered=True)])
def test_a_caller_for_whom_the_fallback_is_dialled_is_no_more_ours(state: State) -> None:
    at = At(state)
    commands = at.step(News.FALLBACK)
    assert at.machine.over
    assert not records(commands, Kind.TRANSFERRED)


def test_a_caller_who_is_gone_from_the_session_and_lives_was_sent_elsewhere() -> None:
    at = At(Talking("trees", "o-1"), session=True)
    at.step(News.FOUND)
    assert not at.machine.over
    at.step(ev.SessionEnded(gone=True), News.FOUND)
    assert at.machine.over
