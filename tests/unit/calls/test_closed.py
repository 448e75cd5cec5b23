"""A call that comes to a closed node, by whichever way, and what hours do not touch."""

from dataclasses import replace
from datetime import datetime

import pytest

from acd import events as acd
from calls import effects as do
from calls import events as ev
from calls.machine import CallMachine
from calls.states import Entering, Front, Going, InMenu, PuttingThrough, State, Talking, Waiting
from hotline.edition import Edition
from hotline.model import Hotline
from ivr.hours import OpeningHours
from ivr.model import Say, ToSubHotline
from journal.records import Kind
from sounds.model import Words
from tests.unit.calls.steps import ARRIVAL, NOW, TREES, At, records, told
from tests.unit.service.calling import FakeCatalogue
from tests.unit.service.small import hotline

CLOSED = Say(say={"*": "The trees sleep"}, then=ToSubHotline(sub_hotline="bureau"))


def small(closed: bool = True) -> Hotline:
    """The queue of trees has hours, and is closed now or is not."""
    times = {"week": {"mon-sun": "closed" if closed else "00:00-24:00"}}
    found = hotline()
    queue = found.queues["trees"].model_copy(update={"hours": "day", "closed": CLOSED})
    changed = {"queues": {**found.queues, "trees": queue}, "opening_hours": {"day": OpeningHours.model_validate(times)}}
    return found.model_copy(update=changed)


EDITION = Edition(small(), FakeCatalogue())


def at(state: State) -> At:
    return At(state, EDITION, session=True)


def test_a_caller_who_comes_by_a_key_hears_that_and_goes_on() -> None:
    machine = CallMachine(ARRIVAL, EDITION, link_up=True)
    machine.step(ev.SessionBegan("c"), NOW)
    written = []
    for event in (
        *(ev.PlainEvent.SESSION_FREE, ev.PlainEvent.DONE) * 2,
        ev.PlainEvent.SESSION_FREE,
        ev.Said("Main menu", interrupted=False),
        ev.PlainEvent.SESSION_FREE,
        ev.KeyAwaited("1"),
    ):
        written += records(machine.step(event, NOW))
    assert isinstance(machine.state, InMenu)
    (closed,) = (record for record in written if record.kind is Kind.CLOSED)
    assert closed.data == {"place": {"queue": "trees"}, "hours": "day", "opens": None}


@pytest.mark.parametrize("going", [Going(TREES), Going(TREES, dialled=False)], ids=["sent on", "transferred"])
def test_a_caller_who_is_sent_on_hears_that_and_goes_on(going: Going) -> None:
    """By an overflow rule, a key of a queue, an agent's transfer, a supervisor's move: all of them are such a node."""
    here = at(going)
    assert here.task() == do.Say((Words(CLOSED.say),), "en", keys=True)
    commands = here.step(ev.Said("The trees sleep", interrupted=False))
    assert here.state == PuttingThrough("bureau")
    assert records(commands, Kind.CLOSED) == []


def test_a_session_that_breaks_in_that_message_comes_back_to_the_closed_node() -> None:
    """Nothing is stored of it: at the next session the hours are looked at again."""
    here = at(Going(TREES))
    here.task()
    here.step(ev.SessionEnded(gone=False))
    assert here.state == Going(TREES, dialled=True)


def test_a_caller_is_brought_back_to_a_queue_that_has_closed_meanwhile() -> None:
    here = at(Going(TREES, front=Front("1001")))
    assert here.task() == do.MarkQueue("en")
    assert here.state == Entering("trees", Front("1001"))


@pytest.mark.parametrize("state", [Waiting("trees"), Talking("trees", "o-1")], ids=["waits", "talks"])
def test_a_caller_who_is_there_stays_there(state: State) -> None:
    here = at(state)
    here.step(ev.LinkChanged(up=False), ev.LinkChanged(up=True))
    assert here.state == state


def test_the_distributor_is_told_of_a_caller_though_the_queue_closes_at_that_moment() -> None:
    here = at(Entering("trees"))
    (queued,) = (event for event in told(here.step(ev.PlainEvent.DONE)) if isinstance(event, acd.CallQueued))
    assert queued.queue == "trees"


def test_an_open_queue_is_entered() -> None:
    here = At(Going(TREES), Edition(small(closed=False), FakeCatalogue()), session=True)
    here.task()
    assert here.state == Entering("trees")


def test_the_moment_of_the_call_counts_in_the_zone_of_the_hotline() -> None:
    found = small()
    moment = datetime.fromtimestamp(NOW, found.zone)
    hours = OpeningHours.model_validate({"week": {}, "special": {f"{moment:%Y-%m-%d}": f"{moment:%H}:00-24:00"}})
    edition = replace(EDITION, hotline=found.model_copy(update={"opening_hours": {"day": hours}}))
    here = At(Going(TREES), edition, session=True)
    here.task()
    assert here.state == Entering("trees")
    early = At(Going(TREES), edition, session=True)
    early.now = NOW - 86_400
    early.task()
    assert isinstance(early.state, InMenu)


def test_a_destination_of_another_version_whose_hours_are_gone_is_none() -> None:
    written = TREES.model_copy(update={"hours": "day", "closed": CLOSED}).model_dump(mode="json", exclude_none=True)
    assert EDITION.destination(written) is not None
    assert Edition(hotline(), FakeCatalogue()).destination(written) is None
