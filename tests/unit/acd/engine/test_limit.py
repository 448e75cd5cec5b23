"""A queue with a limit: so many of its callers talk or are offered at once, and no more."""

import pytest

from acd.callers import Obstacle
from acd.events import MoveRequested, OfferFailure, ToAgent
from acd.model import Queue
from agents.states import AgentState
from journal.actor import SYSTEM
from tests.unit.acd.world import World, agent, queue, rings

AGENTS = [agent("11"), agent("12"), agent("13")]


def crowd(*queues: Queue) -> World:
    """Three agents who fit all queues, and are ready."""
    return World(list(queues), AGENTS)


def test_no_more_than_so_many_are_offered_and_talk() -> None:
    world = crowd(queue(limit=2))
    for call in ("c1", "c2", "c3"):
        world.call(call)
    assert set(world.rings().values()) == {"c1", "c2"}
    world.connect("11")
    world.connect("12")
    assert world.rings() == {}
    assert world.engine.position("c3") == 1
    assert world.engine.agent_view("13").state is AgentState.READY


@pytest.mark.parametrize("over", ["hang-up", "leave", "decline"])
def test_the_next_caller_is_offered_when_one_is_over(over: str) -> None:
    world = crowd(queue(limit=1))
    world.call("c1")
    world.call("c2")
    (first,) = world.rings()
    match over:
        case "hang-up":
            world.connect(first)
            effects = world.end("c1")
        case "leave":
            effects = world.leave("c1")
        case _:
            effects = world.fail(first, OfferFailure.DECLINED)
    assert rings(effects) == [("12", "c1" if over == "decline" else "c2")]


def test_other_queues_get_the_agents_meanwhile() -> None:
    world = crowd(queue("trees", limit=1), queue("water", needs={"trees": 1}))
    for call in ("c1", "c2"):
        world.call(call, "trees")
    world.call("c3", "water")
    assert set(world.rings().values()) == {"c1", "c3"}


def test_an_agent_who_comes_free_takes_whom_a_limit_does_not_hold_back() -> None:
    world = World([queue("trees", limit=1), queue("water", needs={"trees": 1})], [agent("11"), agent("12")])
    world.call("c1", "trees")
    world.call("c2", "water")
    world.wait(10)
    for call, name in (("c3", "trees"), ("c4", "water")):
        world.call(call, name)
        world.wait(1)
    held = {call: who for who, call in world.rings().items()}
    world.connect(held["c2"])
    world.end("c2")
    assert rings(world.ask(held["c2"], AgentState.READY)) == [(held["c2"], "c4")], "c3 came before, and has to wait"


def test_ring_all_counts_one_caller() -> None:
    world = crowd(queue(limit=1, strategy="ring-all"))
    world.call("c1")
    world.call("c2")
    assert set(world.rings().values()) == {"c1"}
    assert len(world.rings()) == 3


def test_another_limit_counts_at_once() -> None:
    world = crowd(queue(limit=1))
    for call in ("c1", "c2", "c3"):
        world.call(call)
    assert len(world.rings()) == 1
    world.change([queue(limit=2)], AGENTS)
    assert len(world.rings()) == 2
    world.change([queue()], AGENTS)
    assert len(world.rings()) == 3


def test_the_reason_and_the_estimate_say_so() -> None:
    world = crowd(queue(limit=1))
    world.call("c1")
    world.call("c2")
    (ringing, waiting) = world.engine.callers("trees", world.now, 9)
    assert ringing.reason.obstacle is Obstacle.RINGING
    assert waiting.reason.obstacle is Obstacle.LIMIT
    trees = world.engine._floor.queues["trees"]
    handling, stays = trees.handling_time, trees.staying.share
    assert waiting.expected == pytest.approx(handling), "one talk has to end, though agents are ready"
    world.call("c3")
    assert list(world.engine.callers("trees", world.now, 9))[-1].expected == pytest.approx((1 + stays) * handling)


def test_a_supervisor_sends_a_caller_to_an_agent_all_the_same() -> None:
    world = crowd(queue(limit=1))
    world.call("c1")
    world.call("c2")
    world.tell(MoveRequested("c2", ToAgent("13"), SYSTEM))
    assert "c2" in world.rings().values()
