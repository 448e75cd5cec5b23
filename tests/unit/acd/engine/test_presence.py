"""Agents who are signed in, and whose phone cannot be reached: after a while they count as not there."""

import json
from typing import Any

import pytest

from acd.effects import Announce
from acd.engine.step import Engine
from acd.events import (
    Announced,
    EndedBy,
    HotlineChanged,
    LinkLost,
    OfferFailure,
    PhoneChanged,
    Resynced,
    StateRequested,
    Tick,
)
from agents.states import AgentState, PhoneState
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from tests.unit.acd.world import START, World, agent, by_id, overflowed, queue, rings

FREE, BUSY, UNREACHABLE = PhoneState.FREE, PhoneState.BUSY, PhoneState.UNREACHABLE
READY, NOT_READY, SIGNED_OUT = AgentState.READY, AgentState.NOT_READY, AgentState.LOGGED_OUT
THEN = {"hangup": True}
RULE = [{"nobody_signed_in": 10, "then": THEN}]


def alone(**settings: Any) -> World:
    """One agent, ready, whose phone becomes unreachable now."""
    settings.setdefault("overflow", RULE)
    world = World([queue(**settings)], [agent("11")])
    world.phone("11", UNREACHABLE)
    return world


def phones(world: World) -> list[tuple[float, Any]]:
    """When, after the beginning, and what was recorded of phones; from the first one out of reach on."""
    told = [(record.at - START, dict(record.data)) for record in world.records if record.kind is Kind.AGENT_PHONE]
    return told[[data["phone"] for _, data in told].index("unreachable") :]


def counts(world: World) -> dict[str, int]:
    return {state: count for state, count in world.engine.queue_view("trees", world.now).agents.items() if count}


def away(engine: Engine) -> bool:
    return engine.agent_view("11").away


def test_after_a_while_the_agent_counts_as_not_there_and_the_state_stays() -> None:
    world = alone()
    world.call("c1")
    assert overflowed(world.wait(29.9)) == []
    assert counts(world) == {"ready": 1}
    assert overflowed(world.wait(10)) == []
    view = world.engine.agent_view("11")
    assert (view.state, view.phone, view.away) == (READY, UNREACHABLE, True)
    assert counts(world) == {"unreachable": 1}
    assert phones(world) == [(0, {"phone": "unreachable"}), (30, {"phone": "unreachable", "away": True})]
    assert world.last(Kind.AGENT_LAST_OUT).at == START + 30
    assert overflowed(world.wait(0.1)) == [("c1", 0)], "10 s of grace from then on"


def test_a_caller_who_comes_later_is_sent_on_as_if_nobody_were_signed_in() -> None:
    world = alone()
    world.wait(60)
    world.call("c1")
    assert overflowed(world.wait(10)) == [("c1", 0)]
    at_once = alone(overflow=[{"nobody_signed_in": 0, "then": THEN}])
    at_once.wait(30)
    assert overflowed(at_once.call("c1")) == [("c1", 0)]


def test_with_the_phone_the_agent_is_there_again_and_gets_a_call_at_once() -> None:
    world = alone()
    world.wait(60)
    world.call("c1")
    world.wait(5)
    assert rings(world.phone("11", FREE)) == [("11", "c1")]
    assert not away(world.engine)
    assert counts(world) == {"ringing": 1}
    world.fail("11", OfferFailure.UNREACHABLE)
    assert overflowed(world.wait(39)) == [], "from the failed ring 30 s, and then the grace"
    assert overflowed(world.wait(1)) == [("c1", 0)]


def test_a_busy_phone_can_be_reached() -> None:
    world = alone()
    world.wait(60)
    world.phone("11", BUSY)
    world.call("c1")
    assert overflowed(world.wait(600)) == []
    assert counts(world) == {"ready": 1}


def test_a_phone_that_comes_back_in_time_starts_the_clock_anew() -> None:
    world = alone()
    world.wait(29)
    world.phone("11", BUSY)
    world.phone("11", UNREACHABLE)
    world.wait(29)
    assert not away(world.engine)
    world.wait(1)
    assert away(world.engine)


def test_an_agent_who_signs_in_without_a_phone_has_the_same_time() -> None:
    world = World([queue(overflow=RULE)], [agent("11")], signed_in=False)
    world.phone("11", UNREACHABLE)
    world.wait(100)
    assert not away(world.engine), "signed out, nobody expects the agent"
    world.ask("11", NOT_READY)
    world.wait(20)
    world.ask("11", READY)
    world.wait(9.9)
    assert not away(world.engine)
    world.wait(0.1)
    assert away(world.engine)


def test_signing_out_ends_it() -> None:
    world = alone()
    world.wait(29)
    world.ask("11", SIGNED_OUT)
    assert world.engine.deadline() is None
    world.ask("11", READY)
    world.wait(30)
    assert away(world.engine)
    world.ask("11", NOT_READY)
    assert (away(world.engine), counts(world)) == (True, {"unreachable": 1})
    world.ask("11", SIGNED_OUT)
    assert (away(world.engine), counts(world)) == (False, {})
    world.phone("11", FREE)
    assert counts(world) == {}
    world.ask("11", READY)
    assert counts(world) == {"ready": 1}


def test_the_phone_of_one_who_talks_counts_too() -> None:
    world = World([queue(overflow=RULE, wrap_up=20)], [agent("11")])
    world.call("c1")
    world.connect("11")
    world.phone("11", UNREACHABLE)
    world.wait(30)
    assert away(world.engine)
    assert world.engine.queue_view("trees", world.now).estimate_s is None
    world.end("c1", EndedBy.AGENT)
    assert counts(world) == {"unreachable": 1}
    world.wait(20)
    world.phone("11", FREE)
    assert counts(world) == {"ready": 1}


def test_the_estimate_counts_who_is_there() -> None:
    world = World([queue(wrap_up=20, announce={"every": 60})], [agent("11"), agent("12")])
    for who in ("11", "12"):
        world.phone(who, BUSY)
    world.call("c1")
    assert world.engine.expected_wait("c1") == 100
    world.phone("11", UNREACHABLE)
    world.wait(30)
    world.tell(Announced("c1"))
    assert world.engine.expected_wait("c1") == 200
    world.phone("12", UNREACHABLE)
    told = [effect for effect in world.wait(30) if isinstance(effect, Announce)]
    assert told == [Announce("c1", None, None, nobody=True)], "nobody is there: no estimate"
    world.phone("12", BUSY)
    assert world.engine.expected_wait("c1") == 200


def test_another_agent_who_is_there_keeps_the_callers() -> None:
    world = World(
        [queue(overflow=RULE), queue("water", overflow=RULE)], [agent("11"), agent("12"), agent("13", water=1)]
    )
    world.ask("12", NOT_READY)
    world.phone("11", UNREACHABLE)
    world.phone("13", UNREACHABLE)
    world.call("c1")
    world.call("c2", "water")
    assert overflowed(world.wait(600)) == [("c2", 0)]
    assert counts(world) == {"not_ready": 1, "unreachable": 1}
    assert world.engine.crews() == {
        "trees": {(READY, UNREACHABLE): 1, (NOT_READY, FREE): 1},
        "water": {(READY, UNREACHABLE): 1},
    }


def test_nobody_is_away_for_asterisk_cannot_be_asked() -> None:
    """The clocks begin anew when it has told which phones it reaches; an agent who was away stays away until then."""
    world = World([queue(overflow=RULE)], [agent("11"), agent("12", water=1)])
    world.phone("12", UNREACHABLE)
    world.wait(30)
    world.tell(LinkLost())
    world.phone("11", UNREACHABLE)
    world.call("c1")
    assert overflowed(world.wait(600)) == []
    world.tell(Resynced())
    assert overflowed(world.wait(39)) == []
    assert (away(world.engine), world.engine.agent_view("12").away) == (True, True)
    assert overflowed(world.wait(1)) == [("c1", 0)]


def test_a_look_once_a_minute_puts_nothing_off() -> None:
    world = World([queue(overflow=RULE)], [agent("11")])
    world.tell(HotlineChanged(by_id(queue(overflow=RULE)), by_id(agent("11")), "2", SYSTEM, 100))
    world.phone("11", UNREACHABLE)
    world.wait(60)
    world.tell(Resynced())
    world.wait(40)
    assert away(world.engine)


@pytest.mark.parametrize(("after", "left"), [(5, 0), (60, 40)])
def test_a_reload_sets_running_clocks(after: float, left: float) -> None:
    world = alone()
    world.wait(20)
    world.tell(HotlineChanged(by_id(queue(overflow=RULE)), by_id(agent("11")), "2", SYSTEM, after))
    if left:
        world.wait(left - 0.1)
        assert not away(world.engine)
        world.wait(0.1)
    assert away(world.engine)


def test_a_reload_keeps_who_is_away() -> None:
    world = alone()
    world.wait(30)
    world.change([queue(overflow=RULE)], [agent("11"), agent("12", water=1)])
    assert counts(world) == {"unreachable": 1}
    world.change([queue(overflow=RULE)], [agent("12")])
    assert counts(world) == {}
    world.call("c1")
    assert overflowed(world.wait(10)) == [("c1", 0)]


@pytest.mark.parametrize("waited", [10, 40])
def test_a_restart_asks_asterisk_first(waited: float) -> None:
    """An agent who was away stays so. The clock of any other phone begins when Asterisk tells which ones it reaches."""
    world = World([queue(overflow=RULE)], [agent("11")])
    snapshot, seen = json.loads(json.dumps(world.engine.snapshot())), len(world.records)
    world.phone("11", UNREACHABLE)
    world.wait(waited)
    was_away = away(world.engine)
    assert was_away == (waited > 30)
    engine = Engine.restored(
        by_id(queue(overflow=RULE)),
        by_id(agent("11")),
        snapshot,
        world.records[seen:],
        seed=2,
        now=world.now,
        unseen=True,
    )
    assert away(engine) == was_away
    engine.step(Tick(), world.now + 100)
    assert away(engine) == was_away
    engine.step(Resynced(), world.now + 100)
    engine.step(Tick(), world.now + 129)
    assert away(engine) == was_away
    engine.step(Tick(), world.now + 130)
    assert away(engine)
    engine.step(PhoneChanged("11", FREE), world.now + 131)
    assert not away(engine)


def test_records_of_an_earlier_version_do_not_tell_since_when() -> None:
    records = [
        Record(START, Kind.AGENT_PHONE, agent="11", data={"phone": "free"}),
        Record(START, Kind.AGENT_STATE, agent="11", data={"state": "ready", "previous": "logged-out", "reason": ""}),
    ]
    before = Engine.restored(by_id(queue()), by_id(agent("11")), None, records, seed=1, now=START)
    snapshot = before.snapshot()
    snapshot["seats"]["11"]["phone"] = "unreachable"
    for field in ("away", "out_since", "out_armed"):
        del snapshot["seats"]["11"][field]
    engine = Engine.restored(by_id(queue()), by_id(agent("11")), snapshot, [], seed=2, now=START + 100)
    engine.step(Tick(), START + 129)
    assert not away(engine)
    engine.step(Tick(), START + 130)
    assert away(engine)
    engine.step(StateRequested("11", SIGNED_OUT, Actor.agent("11")), START + 131)
    assert not away(engine)
