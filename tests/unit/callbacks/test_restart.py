"""A service that starts again has the callbacks from the snapshot and the Records since."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from acd.events import CallbackTaken, CallLeft, Left
from base.tasks import Failures, Tasks
from calls.book import CallBook
from calls.live.snapshot import recollect
from journal.actor import Actor
from journal.records import Kind, Record
from service.app.centre import Centre
from tests.unit.callbacks.promises import promised
from tests.unit.recordings.told import FakeTold
from tests.unit.service.calling import KNOWN
from tests.unit.service.world import World


@pytest.fixture
async def world() -> World:
    made = World()
    promised(made, "b1", "13800138000", "greening", made.now)
    promised(made, "b2", "13900139000", "general", made.now)
    return made


def restarted(world: World, snapshot: Mapping[str, Any] | None, records: Sequence[Record]) -> Centre:
    """The centre of the next service, which knows these."""
    desk = world.desk
    before = recollect(snapshot, records)
    return Centre(
        *(world.settings, KNOWN, desk.editions, desk.clock, CallBook(world.archive), desk.records.append),
        *(before, Tasks(Failures()), 100, FakeTold(lambda: desk.records)),
    )


def known(centre: Centre) -> list[tuple[str, int | None]]:
    position = centre.distributor.engine.callback_position
    return [(callback.id, position(callback.id)) for callback in centre.callbacks.list()]


async def test_a_restart_has_them_with_their_places(world: World) -> None:
    snapshot, since = world.desk.centre.snapshot(world.book), len(world.desk.records)
    promised(world, "b3", "13700137000", "greening", world.now)
    world.desk.distributor.tell(CallLeft("b2", Left.CANCELLED))
    after = restarted(world, snapshot, world.desk.records[since:])
    assert known(after) == [("b1", 1), ("b3", 2)] == known(world.desk.centre)


async def test_a_citizen_who_has_rung_in_before_a_restart_has_the_old_place_after_it(world: World) -> None:
    snapshot = world.desk.centre.snapshot(world.book)
    rung_in = Record(world.now, Kind.CALL_STARTED, "c-9", data={"caller": "+13800138000", "number": "12319"})
    after = restarted(world, snapshot, [rung_in])
    after.take_up()
    call = after.switchboard.of_id("c-9")
    assert call is not None
    assert call.machine.arrival.callbacks == {"greening": "b1"}
    assert call.machine.arrival.places["greening"].since == pytest.approx(world.now)


@pytest.mark.parametrize("folded", [False, True])
async def test_who_has_taken_one_keeps_it_over_a_restart(world: World, folded: bool) -> None:
    tell, before = world.desk.distributor.tell, world.desk.centre.snapshot(world.book)
    since = len(world.desk.records)
    tell(CallbackTaken("b1", world.now + 600, world.now + 600, Actor.agent("1001")))
    snapshot = before if folded else world.desk.centre.snapshot(world.book)
    after = restarted(world, snapshot, world.desk.records[since:] if folded else ())
    one = after.callbacks.find("b1")
    assert one is not None
    assert one.holder(world.now + 599) == "agent:1001"
    place = after.distributor.engine.snapshot()["callbacks"]["b1"]
    assert place["due"] == world.now + 600, "the queue does not call before"


async def test_a_snapshot_of_a_version_without_callbacks_can_be_read(world: World) -> None:
    snapshot = world.desk.centre.snapshot(world.book)
    del snapshot["callbacks"]
    assert known(restarted(world, snapshot, ())) == []


async def test_without_their_places_they_are_over(world: World) -> None:
    snapshot = {**world.desk.centre.snapshot(world.book), "engine": {"odd": True}}
    assert known(restarted(world, snapshot, ())) == []


async def test_a_list_that_cannot_be_read_begins_anew(world: World) -> None:
    snapshot = {**world.desk.centre.snapshot(world.book), "callbacks": {"callbacks": [{}]}}
    assert known(restarted(world, snapshot, ())) == []
