"""A call that comes back to its agent: the transfer has failed, and the agent is rung first."""

import json
from typing import Any

import pytest

from acd.effects import RingAgent
from acd.engine.step import Engine
from acd.events import CallQueued, OfferAnswered, OfferConnected, OfferFailed, OfferFailure
from agents.states import AgentState, PhoneState
from journal.records import Kind
from tests.unit.acd.world import World, agent, announced, by_id, cancelled, overflowed, queue, rings

FRONT = 86_400.0


def wrapping_up(*, others: int = 0, **settings: Any) -> World:
    """Agent 11, who knows trees only, has had a call and is in wrap-up."""
    settings.setdefault("wrap_up", 20)
    more = [agent(str(number), water=3) for number in range(12, 12 + others)]
    world = World([queue(**settings), queue("water", **settings)], [agent("11"), *more])
    world.call("c1")
    world.talk("11")
    return world


def test_the_agent_in_wrap_up_is_rung_at_once_and_the_wrap_up_ends() -> None:
    world = wrapping_up(ring=12)
    assert world.state("11") is AgentState.WRAP_UP
    world.wait(3)
    (ring,) = world.call("c1", head_start=FRONT, agent="11")
    assert ring == RingAgent(world.offer("11"), "c1", "11", "trees", 12)
    assert world.last(Kind.OFFERED).data == {"ring": 12, "step": 0, "rule": "preferred-agent"}
    states = [record.data["state"] for record in world.records if record.kind is Kind.AGENT_STATE][-2:]
    assert states == ["ready", "ringing"]
    world.answer("11")
    world.connect("11")
    world.wait(60)
    assert world.state("11") is AgentState.ON_CALL, "the earlier wrap-up's timer is gone"
    world.end("c1")
    assert world.state("11") is AgentState.WRAP_UP
    assert world.engine.deadline() == world.now + 20


def test_a_ready_agent_is_rung_alone_whatever_the_skills_and_whoever_waits() -> None:
    world = World(
        [queue(), queue("water", strategy="ring-all")], [agent("11"), agent("12", water=3), agent("13", water=3)]
    )
    for number in (12, 13):
        world.ask(str(number), AgentState.NOT_READY)
    world.call("waits", "water")
    assert rings(world.call("back", "water", agent="11")) == [("11", "back")]
    assert rings(world.ask("12", AgentState.READY)) == [("12", "waits")], "nobody joins the ring of the call's agent"
    assert rings(world.ask("13", AgentState.READY)) == [("13", "waits")]


def test_no_other_call_gets_the_agent_whose_wrap_up_the_ring_ended() -> None:
    world = wrapping_up()
    world.call("waits")
    assert rings(world.call("c1", agent="11")) == [("11", "c1")]
    assert world.engine.position("waits") == 1


@pytest.mark.parametrize("hindrance", ["not-ready", "logged-out", "talking", "ringing", "busy", "unreachable", "pause"])
def test_an_agent_who_is_not_free_is_not_rung_and_the_call_waits_as_any_other(hindrance: str) -> None:
    world = World([queue(wrap_up=0), queue("water")], [agent("11")])
    match hindrance:
        case "not-ready" | "logged-out":
            world.ask("11", AgentState(hindrance))
        case "talking":
            world.call("other")
            world.connect("11")
        case "ringing":
            world.call("other")
        case "busy" | "unreachable":
            world.phone("11", PhoneState(hindrance))
        case "pause":
            world.call("other")
            world.fail("11", OfferFailure.FAILED)
            world.leave("other")
    world.call("earlier", "water")
    assert rings(world.call("back", "water", agent="11")) == []
    assert world.engine.position("back") == 2
    world.call("front", "water", head_start=FRONT, agent="11")
    assert world.engine.position("front") == 1


def test_an_agent_who_is_not_in_the_hotline_is_nobody() -> None:
    world = World([queue()], [agent("11")])
    assert rings(world.call("c1", agent="99")) == [("11", "c1")]


@pytest.mark.parametrize("reason", [OfferFailure.NO_ANSWER, OfferFailure.DECLINED])
def test_a_missed_ring_counts_as_any_and_the_call_waits_in_front(reason: OfferFailure) -> None:
    world = wrapping_up(others=1)
    world.ask("12", AgentState.NOT_READY)
    world.call("earlier", "water")
    world.call("c1", "water", head_start=FRONT, agent="11")
    assert world.fail("11", reason) == []
    view = world.engine.agent_view("11")
    assert (view.state, view.reason) == (AgentState.NOT_READY, "rona")
    assert world.engine.position("c1") == 1
    assert rings(world.ask("12", AgentState.READY)) == [("12", "c1")]


@pytest.mark.parametrize("reason", [OfferFailure.BUSY, OfferFailure.UNREACHABLE, OfferFailure.FAILED])
def test_after_a_ring_that_came_to_nothing_another_agent_is_rung(reason: OfferFailure) -> None:
    world = wrapping_up(others=1)
    world.call("c1", "water", agent="11")
    assert rings(world.fail("11", reason)) == [("12", "c1")]
    assert world.state("11") is AgentState.READY


def test_the_ring_is_cancelled_when_the_caller_hangs_up_or_the_agent_takes_a_break() -> None:
    world = wrapping_up()
    world.call("c1", "water", agent="11")
    assert cancelled(world.leave("c1")) == [("11", "caller-left")]
    assert world.state("11") is AgentState.READY
    world.call("c1", "water", agent="11")
    assert cancelled(world.ask("11", AgentState.NOT_READY)) == [("11", "agent-left")]
    assert world.engine.position("c1") == 1


def test_a_break_asked_for_during_the_call_follows_the_call_that_came_back() -> None:
    world = World([queue(wrap_up=20)], [agent("11")])
    world.call("c1")
    world.connect("11")
    world.ask("11", AgentState.NOT_READY, "lunch")
    world.end("c1")
    world.call("c1", agent="11")
    assert world.engine.agent_view("11").next_state is AgentState.NOT_READY
    world.connect("11")
    world.end("c1")
    world.wait(20)
    view = world.engine.agent_view("11")
    assert (view.state, view.reason) == (AgentState.NOT_READY, "lunch")


def test_the_call_is_told_nothing_and_not_sent_on_while_its_agent_rings() -> None:
    world = World(
        [
            queue(
                "water",
                announce={"every": 10},
                overflow=[{"waiting": 1, "then": 1}, {"nobody_signed_in": 0, "then": 1}],
            )
        ],
        [agent("11")],
    )
    effects = world.call("c1", "water", agent="11") + world.wait(14)
    assert (announced(effects), overflowed(effects)) == ([], [])
    assert overflowed(world.fail("11")) == [("c1", 1)], "nobody who fits was ever signed in"


def test_a_restart_during_the_ring_changes_nothing() -> None:
    queues, agents = [queue(), queue("water", missed_offers=2)], [agent("11"), agent("12", water=3)]
    world = World(queues, agents)
    world.ask("12", AgentState.NOT_READY)
    world.call("c1")
    world.talk("11")
    world.call("earlier", "water")
    snapshot, seen = json.loads(json.dumps(world.engine.snapshot())), len(world.records)
    world.call("c1", "water", head_start=FRONT, agent="11")
    engines = [
        Engine.restored(by_id(*queues), by_id(*agents), known, records, seed=1, now=world.now)
        for known, records in ((snapshot, world.records[seen:]), (world.engine.snapshot(), []))
    ]
    offer = world.offer("11")
    assert [view.agent_id for view in world.engine.offers()] == ["11"]
    for engine in (*engines, world.engine):
        assert [(view.id, view.call_id) for view in engine.offers()] == [(offer, "c1")]
        engine.step(OfferFailed(offer, OfferFailure.DECLINED), world.now + 1)
        assert engine.agent_view("11").missed_offers == 1
        assert engine.position("c1") == 1
        again = engine.step(CallQueued("c2", "water", "zh", 0.0, "11"), world.now + 2)
        (ring,) = [effect for effect in again if isinstance(effect, RingAgent)]
        engine.step(OfferAnswered(ring.offer_id), world.now + 3)
        engine.step(OfferConnected(ring.offer_id), world.now + 4)
        assert engine.agent_view("11").state is AgentState.ON_CALL


def test_a_day_of_head_start_is_the_front_of_the_class() -> None:
    """Before other queues' callers too, whatever their `priority` and their wait. A higher class goes first."""
    world = World(
        [queue(), queue("water", priority=86_400), queue("parks", needs={"trees": 1}, priority_class=1)],
        [agent("11", trees=3, water=3)],
        signed_in=False,
    )
    world.call("long", "water")
    world.call("part", head_start=86_399)
    world.call("class", "parks")
    world.wait(100_000)
    world.call("first", head_start=FRONT)
    world.call("second", head_start=FRONT)
    assert [world.engine.position(call) for call in ("first", "second", "part")] == [1, 2, 3]
    served = []
    world.ask("11", AgentState.READY)
    while world.rings():
        served.append(world.rings()["11"])
        world.talk("11")
        world.wait(20)
    assert served == ["class", "first", "second", "long", "part"]
