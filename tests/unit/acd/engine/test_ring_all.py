"""Ring-all: everybody who fits rings, the first to answer gets the caller."""

from typing import Any

import pytest

from acd.effects import CancelRing, RingAgent
from acd.events import EndedBy, OfferAnswered, OfferConnected, OfferFailed, OfferFailure
from agents.states import AgentState, PhoneState
from journal.records import Kind
from tests.unit.acd.world import World, agent, cancelled, overflowed, queue, rings

READY, NOT_READY = AgentState.READY, AgentState.NOT_READY


def world_of(*agents: str, queues: tuple[Any, ...] = (), **settings: Any) -> World:
    return World([queue(strategy="ring-all", **settings), *queues], [agent(who) for who in agents])


def test_everybody_who_fits_rings_and_the_first_to_answer_gets_the_caller() -> None:
    world = world_of("11", "12", "13", wrap_up=0)
    world.phone("13", PhoneState.BUSY)
    assert rings(world.call("c1")) == [("11", "c1"), ("12", "c1")]
    assert {world.state(a) for a in ("11", "12")} == {AgentState.RINGING}
    assert world.engine.queue_view("trees", world.now).agents["ringing"] == 2
    assert world.engine.queue_view("trees", world.now).waiting == 1
    assert cancelled(world.answer("12")) == [("11", "answered-elsewhere")]
    assert world.state("11") is READY
    world.connect("12")
    assert world.story("c1") == [
        *(Kind.QUEUED, Kind.OFFERED, Kind.OFFERED),
        *(Kind.OFFER_ANSWERED, Kind.OFFER_CANCELLED, Kind.CONNECTED),
    ]
    assert world.engine.agent_view("11").missed_offers == 0
    assert world.last(Kind.OFFERED).data["rule"] == "ring-all"


def test_every_ring_is_an_offer_of_its_own() -> None:
    world = world_of("11", "12")
    world.call("c1")
    assert world.offer("11") != world.offer("12")


def test_two_agents_who_answer_together_one_is_connected_and_the_other_is_ready_again() -> None:
    world = world_of("11", "12", "13")
    world.call("c1")
    late = world.offer("13")
    world.answer("12")
    assert cancelled(world.tell(OfferAnswered(late))) == [("13", "answered-elsewhere")], "the late leg is hung up again"
    assert cancelled(world.tell(OfferConnected(late))) == [("13", "answered-elsewhere")]
    assert world.tell(OfferFailed(late, OfferFailure.NO_ANSWER)) == []
    world.connect("12")
    states = [world.state(a) for a in ("11", "12", "13")]
    assert states == [READY, AgentState.ON_CALL, READY]
    assert world.engine.agent_view("13").missed_offers == 0
    assert rings(world.call("c2")) == [("11", "c2"), ("13", "c2")]


def test_a_connection_whose_answer_was_not_reported_cancels_the_others_too() -> None:
    world = world_of("11", "12")
    world.call("c1")
    assert cancelled(world.connect("12")) == [("11", "answered-elsewhere")]
    assert world.state("12") is AgentState.ON_CALL


def test_all_agents_miss_the_ring_and_each_counts_one() -> None:
    world = world_of("11", "12", missed_offers=2)
    world.call("c1")
    assert world.fail("11") == [], "12 rings on"
    assert world.engine.position("c1") == 1
    assert [world.engine.agent_view(a).missed_offers for a in ("11", "12")] == [1, 0]
    assert rings(world.fail("12")) == [("11", "c1"), ("12", "c1")], "a second round, as nobody else fits"
    world.fail("11")
    assert world.state("11") is NOT_READY
    world.fail("12", OfferFailure.BUSY)
    view = world.engine.agent_view("12")
    assert (view.state, view.missed_offers) == (READY, 1)


def test_an_agent_who_declines_is_not_rung_again_for_this_caller_while_others_ring() -> None:
    world = world_of("11", "12", queues=(queue("water"),), missed_offers=3)
    world.change(
        [queue(strategy="ring-all", missed_offers=3), queue("water")], [agent("11", trees=1, water=1), agent("12")]
    )
    world.call("c1")
    assert world.fail("11", OfferFailure.DECLINED) == []
    assert world.state("11") is READY
    assert rings(world.call("c2", "water")) == [("11", "c2")], "the agent is ready for others meanwhile"


def test_nobody_reports_how_the_rings_end() -> None:
    world = world_of("11", "12", ring=15)
    assert all(ring.beside for ring in world.call("c1") if isinstance(ring, RingAgent))
    assert cancelled(world.wait(20)) == [("11", "timed-out"), ("12", "timed-out")]
    assert [world.engine.agent_view(a).missed_offers for a in ("11", "12")] == [0, 0]
    assert [world.state(a) for a in ("11", "12")] == [READY, READY]
    assert rings(world.wait(2.9)) == [], "each agent has a pause"
    assert rings(world.wait(0.1)) == [("11", "c1"), ("12", "c1")]


def test_the_caller_leaves_and_all_are_cancelled() -> None:
    world = world_of("11", "12")
    world.call("c1")
    assert cancelled(world.leave("c1")) == [("11", "caller-left"), ("12", "caller-left")]
    assert [world.state(a) for a in ("11", "12")] == [READY, READY]
    assert rings(world.call("c2")) == [("11", "c2"), ("12", "c2")]


def test_an_agent_who_comes_free_while_it_rings_is_rung_too() -> None:
    world = world_of("11", "12")
    world.ask("12", NOT_READY)
    world.call("c1")
    world.wait(5)
    assert rings(world.ask("12", READY)) == [("12", "c1")]
    world.answer("11")
    assert world.state("12") is READY


def test_a_waiting_caller_goes_before_one_for_whom_agents_ring() -> None:
    world = world_of("11", "12", wrap_up=0)
    world.call("c1")
    world.connect("12")
    world.call("c2")
    world.call("c3")
    assert world.rings() == {"11": "c2"}
    assert rings(world.end("c1")) == [("12", "c3")], "11 rings for c2 already"


def test_an_agent_who_is_needed_elsewhere_rings_on_and_serves_the_next_caller_once_released() -> None:
    queues = [queue(strategy="ring-all"), queue("water")]
    world = World(queues, [agent("11", trees=1, water=1), agent("12")])
    world.call("c1")
    assert world.call("c2", "water") == [], "one offer an agent, ever"
    assert rings(world.answer("12")) == [("11", "c2")]


def test_an_agent_who_leaves_or_loses_the_phone_takes_nothing_from_the_others() -> None:
    world = world_of("11", "12", "13")
    world.call("c1")
    assert cancelled(world.ask("11", NOT_READY, "lunch")) == [("11", "agent-left")]
    assert world.fail("12", OfferFailure.UNREACHABLE) == []
    assert world.rings() == {"13": "c1"}
    world.connect("13")
    assert world.state("13") is AgentState.ON_CALL


def test_an_agent_who_answers_and_hangs_up_before_the_bridge_starts_a_new_round() -> None:
    world = world_of("11", "12", "13")
    world.call("c1")
    world.answer("11")
    assert rings(world.fail("11", OfferFailure.ABANDONED)) == [("12", "c1"), ("13", "c1")]


def test_those_who_meet_an_earlier_step_are_rung_before_the_others() -> None:
    relax = [{"after": 0, "needs": {"general": 1}}]
    world = World([queue(strategy="ring-all", relax=relax)], [agent("11"), agent("12", general=1), agent("13")])
    assert rings(world.call("c1")) == [("11", "c1"), ("13", "c1")]
    world.fail("11")
    assert rings(world.fail("13")) == [("12", "c1")]


def test_an_agent_is_rung_again_only_when_nobody_else_who_fits_is_ready() -> None:
    relax = [{"after": 0, "needs": {"general": 1}}]
    settings: dict[str, Any] = {"strategy": "ring-all", "relax": relax, "missed_offers": 9}
    world = World([queue(**settings)], [agent("11"), agent("12", general=1), agent("13")])
    world.call("c1")
    world.fail("11")
    assert rings(world.fail("13")) == [("12", "c1")]
    assert rings(world.fail("12")) == [("11", "c1"), ("13", "c1")]


def test_overflow_waits_for_the_end_of_the_last_ring() -> None:
    world = world_of("11", "12", "13", ring=15, overflow=[{"waited": 10, "then": {"hangup": True}}])
    world.ask("13", NOT_READY)
    world.call("c1")
    world.wait(12)
    assert world.fail("11") == []
    assert overflowed(world.fail("12")) == [("c1", 0)]
    assert world.ask("13", READY) == [], "nobody joins rings that are over"


def test_an_agent_who_is_removed_while_all_ring() -> None:
    world = world_of("11", "12", "13")
    world.call("c1")
    queues = [queue(strategy="ring-all")]
    assert cancelled(world.change(queues, [agent("12"), agent("13")])) == [("11", "agent-removed")]
    assert world.rings() == {"12": "c1", "13": "c1"}
    assert world.change(queues, [agent("12"), agent("13"), agent("14")]) == []
    world.phone("14", PhoneState.FREE)
    assert world.ask("14", READY) == [], "after a change nobody joins rings that go on"
    world.connect("13")
    assert world.state("12") is READY


def test_the_end_of_a_conversation_that_was_not_reported_belongs_to_the_agent_who_answered() -> None:
    world = world_of("11", "12")
    world.call("c1")
    world.answer("12")
    world.end("c1")
    assert world.state("12") is AgentState.WRAP_UP
    other = world_of("11", "12")
    other.call("c1")
    effects = other.end("c1", EndedBy.CALLER)
    assert len([e for e in effects if isinstance(e, CancelRing)]) == 2, "nobody knows who it was: none of them"


@pytest.mark.parametrize("first", ["trees", "water"])
def test_an_agent_who_comes_free_joins_the_rings_for_the_caller_who_comes_first(first: str) -> None:
    queues = [queue(strategy="ring-all"), queue("water", strategy="ring-all", priority=60)]
    world = World(queues, [agent("11"), agent("12", water=1), agent("13", trees=1, water=1)])
    world.ask("13", NOT_READY)
    for where in sorted(("trees", "water"), key=lambda name: name != first):
        world.call(where, where)
    assert world.rings() == {"11": "trees", "12": "water"}
    assert rings(world.ask("13", READY)) == [("13", "water")]
    assert world.fail("13", OfferFailure.ABANDONED) == []
    assert rings(world.wait(3)) == [("13", "trees")], "not twice for the same one while another rings"


def test_nobody_joins_after_the_answer() -> None:
    world = world_of("11", "12")
    world.ask("12", NOT_READY)
    world.call("c1")
    world.answer("11")
    assert world.ask("12", READY) == []
    assert rings(world.call("c2")) == [("12", "c2")]


def test_an_agent_of_a_later_step_is_rung_again_while_those_of_an_earlier_one_are_away() -> None:
    relax = [{"after": 0, "needs": {"general": 1}}]
    settings: dict[str, Any] = {"strategy": "ring-all", "relax": relax, "missed_offers": 9}
    world = World([queue(**settings)], [agent("11"), agent("12", general=1)])
    world.ask("11", NOT_READY)
    world.call("c1")
    assert rings(world.fail("12")) == [("12", "c1")]
