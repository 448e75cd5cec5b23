"""A robot agent answers a test call that asks for one: no agent is rung, and nothing is counted or learnt."""

import json

import pytest

from acd.effects import RingAgent
from acd.events import CallQueued, EndedBy, MoveRequested, OfferFailure, ToAgent, ToFront, ToQueue
from acd.model import Overflow
from agents.model import ROBOT
from agents.states import AgentState
from journal.actor import Actor
from journal.records import Kind
from tests.unit.acd.recovery.test_restoring import reborn
from tests.unit.acd.world import World, agent, agent_ids, overflowed, queue, refused, rings


def queued(world: World, call_id: str = "test", queue_id: str = "trees") -> list[tuple[str, str]]:
    """The agents that a test call rings which wants a robot agent."""
    return rings(world.tell(CallQueued(call_id, queue_id, "zh", test=True, robot=True)))


def counted(world: World) -> str:
    """All that the engine has counted and learnt of queues and agents."""
    known = world.engine.snapshot()
    return json.dumps([known["queues"], known["seats"]])


def test_it_answers_though_an_agent_is_ready_and_leaves_no_trace_but_the_story() -> None:
    world = World([queue(ring=15)], [agent("11")])
    before = counted(world)
    assert queued(world) == [(ROBOT, "test")]
    world.answer(ROBOT)
    world.connect(ROBOT)
    assert world.engine.queue_view("trees", world.now).talking == 1
    world.wait(10)
    world.end("test", EndedBy.AGENT)
    assert world.story("test") == [
        *(Kind.QUEUED, Kind.OFFERED, Kind.OFFER_ANSWERED),
        *(Kind.CONNECTED, Kind.TALK_ENDED),
    ]
    assert {record.data.get("test") for record in world.records if record.call == "test"} == {True}
    assert counted(world) == before
    assert agent_ids(world.engine) == ["11"]
    assert world.call("c1") == [RingAgent(world.offer("11"), "c1", "11", "trees", 15)], "a citizen gets the agent"


def test_it_takes_no_citizens_call_and_several_answer_at_once() -> None:
    world = World([queue()], [])
    world.call("c1")
    assert queued(world, "one") == [(ROBOT, "one")]
    assert queued(world, "two") == [(ROBOT, "two")]
    world.wait(600)
    assert "c1" not in {call for _, call in rings(world.effects)}


def test_the_agent_of_a_talk_that_broke_is_not_rung_for_it() -> None:
    world = World([queue()], [agent("11")])
    assert rings(world.tell(CallQueued("test", "trees", "zh", agent="11", test=True, robot=True))) == [(ROBOT, "test")]


@pytest.mark.parametrize("reason", [OfferFailure.FAILED, OfferFailure.UNREACHABLE, OfferFailure.NO_ANSWER])
def test_a_ring_that_came_to_nothing_is_made_again_after_a_pause_and_no_agent_is_rung(reason: OfferFailure) -> None:
    world = World([queue()], [agent("11")])
    queued(world)
    assert world.fail(ROBOT, reason) == []
    assert world.wait(2.9) == []
    assert rings(world.wait(0.2)) == [(ROBOT, "test")]
    assert world.state("11") is AgentState.READY
    world.leave("test")
    assert world.rings() == {}


def test_no_rule_of_the_queue_sends_it_on_and_a_supervisor_cannot_move_it() -> None:
    rules = [Overflow(waited=1, then={"hangup": True}), Overflow(nobody_signed_in=0, then={"hangup": True})]
    world = World([queue(overflow=rules), queue("elms")], [agent("11")], signed_in=False)
    queued(world)
    world.wait(2)
    assert overflowed(world.fail(ROBOT, OfferFailure.FAILED)) == []
    for to in (ToFront(), ToAgent("11"), ToQueue("elms", {})):
        (why,) = refused(world.tell(MoveRequested("test", to, Actor.user("wang"))))
        assert "robot" in why
    assert overflowed(world.wait(2.9)) == []


def test_a_queue_that_is_taken_out_in_the_pause_sends_it_on() -> None:
    world = World([queue(), queue("elms")], [agent("11")])
    queued(world)
    world.fail(ROBOT, OfferFailure.FAILED)
    world.change([queue("elms")], [agent("11")])
    assert overflowed(world.wait(4)) == [("test", None)]


def test_a_change_of_the_hotline_makes_no_agent_ring() -> None:
    world = World([queue()], [agent("11")])
    queued(world)
    world.fail(ROBOT, OfferFailure.FAILED)
    assert rings(world.change([queue()], [agent("11"), agent("12")])) == []
    assert rings(world.wait(4)) == [(ROBOT, "test")]


@pytest.mark.parametrize("snapshot", [False, True], ids=["from Records", "from a snapshot"])
@pytest.mark.parametrize("stage", ["rings", "waits", "talks"])
def test_a_restart_keeps_its_ring_and_its_talk(stage: str, *, snapshot: bool) -> None:
    queues, agents = [queue()], [agent("11")]
    world = World(queues, agents)
    queued(world)
    if stage == "waits":
        world.fail(ROBOT, OfferFailure.FAILED)
    if stage == "talks":
        world.answer(ROBOT)
        world.connect(ROBOT)
    taken = world.engine.snapshot() if snapshot else None
    after = reborn(world, queues, agents, snapshot=taken, records=[] if snapshot else None)
    assert rings(after.wait(5)) == ([(ROBOT, "test")] if stage == "waits" else [])
    assert agent_ids(after.engine) == ["11"]
    assert after.state("11") is AgentState.READY
    if stage != "talks":
        after.answer(ROBOT)
        after.connect(ROBOT)
    assert after.engine.queue_view("trees", after.now).talking == 1
    after.end("test", EndedBy.AGENT)
    assert after.story("test")[-2:] == [Kind.CONNECTED, Kind.TALK_ENDED]
    assert after.engine.queue_view("trees", after.now).waiting == 0
    assert rings(after.call("c1")) == [("11", "c1")]
