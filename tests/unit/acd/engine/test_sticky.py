"""A caller who rings again gets the agent of last time, or waits for this agent for a while."""

import json
from typing import Any

import pytest

from acd.effects import Announce, Effect
from acd.engine.step import Engine
from acd.events import CallQueued, Sticky, ToFront
from acd.events import MoveRequested as Move
from agents.states import AgentState
from journal.actor import Actor
from journal.records import Kind
from tests.unit.acd.world import World, agent, by_id, overflowed, queue, rings

NOT_READY = AgentState.NOT_READY


def world_of(*ids: str, **settings: Any) -> World:
    settings.setdefault("wrap_up", 10)
    return World([queue(**settings)], [agent(each) for each in ids])


def again(world: World, call: str, agent_id: str = "12", wait: float = 0.0, **more: Any) -> list[Effect]:
    """Somebody rings again who has talked with this agent."""
    return world.tell(CallQueued(call, "trees", "zh", sticky=Sticky(agent_id, wait), **more))


def busy(wait: float = 20.0, **settings: Any) -> World:
    """Agents 11 and 12 talk; `again` waits for 12 alone, and `later` came after that caller."""
    world = world_of("11", "12", **settings)
    for number, agent_id in enumerate(("11", "12")):
        world.call(f"c{number}")
        world.answer(agent_id)
        world.connect(agent_id)
    again(world, "again", wait=wait)
    world.wait(1)
    world.call("later")
    return world


def test_the_ready_agent_is_rung_though_another_is_idle_longer() -> None:
    world = world_of("11", "12")
    assert rings(again(world, "again")) == [("12", "again")]
    assert world.last(Kind.OFFERED).data["rule"] == "sticky"
    queued = next(record for record in world.records if record.kind is Kind.QUEUED)
    assert (queued.data["sticky"], queued.data["sticky_wait_s"]) == ("12", 0)


def test_an_agent_who_fits_by_relaxing_only_is_rung_at_once() -> None:
    world = World(
        [queue(needs={"trees": 3}, relax=[{"after": 30, "needs": {"trees": 1}}])],
        [agent("11", trees=3), agent("12", trees=1), agent("13", water=3)],
    )
    assert rings(again(world, "again")) == [("12", "again")]
    assert world.last(Kind.OFFERED).data["step"] == 1
    assert rings(again(world, "other", "13")) == [("11", "other")]


def test_after_a_ring_that_failed_the_caller_is_like_any_other() -> None:
    world = world_of("11", "12", missed_offers=2)
    again(world, "again", wait=60)
    assert rings(world.fail("12")) == [("11", "again")]
    assert world.last(Kind.OFFERED).data["rule"] == "longest-idle"
    assert rings(world.fail("11")) == [("12", "again")]
    assert world.last(Kind.OFFERED).data["rule"] == "longest-idle"


def test_without_a_wait_a_busy_agent_is_not_waited_for() -> None:
    world = busy(wait=0)
    world.end("c0")
    assert rings(world.wait(10)) == [("11", "again")]


def test_only_that_agent_is_rung_while_the_caller_waits_for_it() -> None:
    world = busy(wait=60)
    assert [world.engine.position(call) for call in ("again", "later")] == [1, 2]
    world.end("c0")
    assert rings(world.wait(10)) == [("11", "later")]
    assert world.engine.position("again") == 1
    world.end("c1")
    assert rings(world.wait(10)) == [("12", "again")]
    assert world.last(Kind.OFFERED).data["rule"] == "sticky"


def test_after_the_wait_anybody_is_rung() -> None:
    world = busy(wait=5)
    world.leave("later")
    world.end("c0")
    assert rings(world.wait(3.9)) == []
    assert rings(world.wait(0.2)) == []
    assert rings(world.wait(6)) == [("11", "again")]


def test_a_ready_agent_is_rung_at_the_end_of_the_wait() -> None:
    world = busy(wait=30)
    world.leave("later")
    world.end("c0")
    world.wait(10)
    assert world.state("11") is AgentState.READY
    assert rings(world.wait(18.9)) == []
    assert rings(world.wait(0.2)) == [("11", "again")]


def test_who_came_before_goes_first_with_that_agent_too() -> None:
    world = busy()
    again(world, "third", wait=60)
    world.tell(CallQueued("front", "trees", "zh", 86_400.0))
    world.end("c1")
    assert rings(world.wait(10)) == [("12", "front")]
    assert world.engine.position("again") == 1


@pytest.mark.parametrize("state", [NOT_READY, AgentState.LOGGED_OUT])
def test_an_agent_who_leaves_is_not_waited_for(state: AgentState) -> None:
    world = busy(wait=60)
    world.leave("later")
    world.end("c0")
    world.wait(10)
    assert world.state("11") is AgentState.READY
    world.end("c1")
    assert rings(world.ask("12", state)) == [("11", "again")]


def test_nobody_waits_for_an_agent_who_is_not_at_work() -> None:
    world = world_of("11", "12")
    world.ask("12", NOT_READY)
    assert rings(again(world, "again", wait=60)) == [("11", "again")]
    assert "sticky" not in world.last(Kind.QUEUED).data
    assert rings(again(world, "unknown", "99", wait=60)) == []


@pytest.mark.parametrize("more", [{"test": True}, {"robot": True, "test": True}])
def test_never_for_a_test_call(more: dict[str, Any]) -> None:
    world = world_of("11", "12")
    effects = again(world, "again", wait=60, **more)
    assert ("12", "again") not in rings(effects)
    assert "sticky" not in world.last(Kind.QUEUED).data


def test_never_in_a_ring_all_queue() -> None:
    world = world_of("11", "12", strategy="ring-all")
    assert sorted(rings(again(world, "again", wait=60))) == [("11", "again"), ("12", "again")]


def test_a_supervisor_moves_the_caller_to_the_front_and_anybody_is_rung() -> None:
    world = busy(wait=60)
    world.end("c0")
    assert rings(world.tell(Move("again", ToFront(), Actor.user("wang")))) == []
    assert rings(world.wait(10)) == [("11", "again")]


def test_an_overflow_rule_and_an_announcement_do_not_wait() -> None:
    settings = {"overflow": [{"waited": 30, "then": {"hangup": True}}], "announce": {"every": 12}}
    world = busy(wait=60, **settings)
    said = [effect for effect in world.wait(5) if isinstance(effect, Announce)]
    assert ("again", 1) in [(each.call_id, each.position) for each in said]
    assert ("again", 0) in overflowed(world.wait(30))


def test_the_wait_holds_over_a_restart() -> None:
    world = busy(wait=60)
    records = [record._replace(data=json.loads(json.dumps(record.data))) for record in world.records]
    agents = by_id(agent("11"), agent("12"))
    engine = Engine.restored(by_id(queue(wrap_up=10)), agents, None, records, seed=1, now=world.now)
    assert engine.snapshot()["places"]["again"]["sticky"] == "12"
    assert [engine.position(call) for call in ("again", "later")] == [1, 2]
    world.engine = engine
    world.end("c0")
    assert rings(world.wait(10)) == [("11", "later")]
    world.end("c1")
    assert rings(world.wait(10)) == [("12", "again")]


def test_other_queues_and_skills_decide_anew_when_the_hotline_changes() -> None:
    world = busy(wait=60)
    world.leave("later")
    world.end("c0")
    world.wait(10)
    effects = world.change([queue(wrap_up=10)], [agent("11"), agent("12", water=3)])
    assert rings([*effects, *world.wait(0)]) == [("11", "again")]
