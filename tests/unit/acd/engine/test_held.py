"""No new offers for a while: the machine is not sure that it leads."""

from acd.events import MoveRequested, Tick, ToAgent
from agents.states import AgentState
from journal.actor import Actor
from journal.records import Kind
from tests.unit.acd.world import World, agent, queue, refused, rings


def held(world: World) -> World:
    world.engine.let_offer(False)
    return world


def test_nobody_is_rung_and_then_the_first_who_waits_is() -> None:
    world = held(World([queue()], [agent("11")]))
    assert rings(world.call("c1")) == []
    assert rings(world.call("c2")) == []
    assert rings(world.wait(60)) == [], "nor does a timer ring anybody"
    world.engine.let_offer(True)
    assert rings(world.tell(Tick())) == [("11", "c1")]


def test_who_comes_free_meanwhile_is_rung_after_it() -> None:
    world = World([queue(wrap_up=1)], [agent("11")])
    world.call("c1")
    world.call("c2")
    held(world)
    world.talk("11", 30)
    assert rings(world.wait(60)) == []
    assert world.state("11") is AgentState.READY
    world.engine.let_offer(True)
    assert rings(world.tell(Tick())) == [("11", "c2")]


def test_who_leaves_meanwhile_is_rung_by_nobody() -> None:
    world = held(World([queue()], [agent("11"), agent("12")]))
    world.call("c1")
    world.leave("c1")
    world.call("c2")
    world.ask("11", AgentState.NOT_READY)
    world.engine.let_offer(True)
    assert rings(world.tell(Tick())) == [("12", "c2")]


def test_a_ring_and_a_talk_that_have_begun_go_on() -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    held(world)
    world.answer("11")
    world.connect("11")
    world.end("c1")
    assert world.story("c1")[-2:] == [Kind.CONNECTED, Kind.TALK_ENDED]


def test_a_supervisor_who_has_an_agent_rung_is_told_why_not() -> None:
    world = held(World([queue()], [agent("11")]))
    world.call("c1")
    said = refused(world.tell(MoveRequested("c1", ToAgent("11"), Actor.agent("11"))))
    assert said == ["No agent is rung now: this machine is not sure that it leads. Try again in a moment."]
    assert Kind.MOVED not in world.story("c1")


def test_a_call_that_asks_for_its_agent_waits_like_others() -> None:
    world = held(World([queue()], [agent("11")]))
    assert rings(world.call("c1", agent="11")) == []
    world.engine.let_offer(True)
    assert rings(world.tell(Tick())) == [("11", "c1")]
