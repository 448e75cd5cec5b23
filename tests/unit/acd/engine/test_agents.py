"""What agents ask for, and when it takes effect."""

import pytest

from acd.events import EndedBy, HotlineChanged
from agents.states import AgentState, PhoneState
from journal.actor import SYSTEM
from journal.records import Kind
from tests.unit.acd.world import World, agent, agent_ids, by_id, cancelled, queue, refused, rings

READY, NOT_READY, LOGGED_OUT = AgentState.READY, AgentState.NOT_READY, AgentState.LOGGED_OUT


def test_everybody_is_signed_out_with_an_unknown_phone_at_first() -> None:
    world = World([queue()], [agent("11")], signed_in=False)
    fresh = World([queue()], [])
    assert world.state("11") is LOGGED_OUT
    assert agent_ids(fresh.engine) == []
    world.phone("11", PhoneState.UNREACHABLE)
    world.call("c1")
    assert world.ask("11", READY) == [], "ready with an unreachable phone is accepted and not offered calls"
    assert world.state("11") is READY
    assert world.phone("11", PhoneState.BUSY) == []
    assert rings(world.phone("11", PhoneState.FREE)) == [("11", "c1")]


def test_the_record_of_a_break_has_its_limit() -> None:
    world = World([queue()], [agent("11")])
    limits = {"Lunch": 2_700.0, "用餐": 2_700.0}
    world.tell(HotlineChanged(by_id(queue()), by_id(agent("11")), "next", SYSTEM, break_limits=limits))
    world.ask("11", NOT_READY, "training")
    assert "limit" not in world.last(Kind.AGENT_STATE).data
    assert world.engine.agent_view("11").break_limit is None
    world.ask("11", NOT_READY, "用餐")
    assert world.last(Kind.AGENT_STATE).data["limit"] == world.engine.agent_view("11").break_limit == 2_700
    world.ask("11", NOT_READY, "training")
    world.wait(3_600)
    world.ask("11", NOT_READY, "用餐")
    assert world.engine.agent_view("11").break_limit == 3_600 + 2_700, "the break began with its reason"
    world.ask("11", READY, "Lunch")
    assert "limit" not in world.last(Kind.AGENT_STATE).data
    assert world.engine.agent_view("11").break_limit is None
    world.ask("11", NOT_READY, "Lunch")
    assert world.last(Kind.AGENT_STATE).data["limit"] == 2_700


def test_not_ready_has_a_reason_that_can_change() -> None:
    world = World([queue()], [agent("11")])
    world.ask("11", NOT_READY, "lunch")
    assert world.call("c1") == []
    world.wait(5)
    world.ask("11", NOT_READY, "training")
    view = world.engine.agent_view("11")
    assert (view.state, view.reason, view.since) == (NOT_READY, "training", world.now - 5)
    assert world.last(Kind.AGENT_STATE).data == {"state": "not-ready", "previous": "not-ready", "reason": "training"}
    count = len(world.records)
    world.ask("11", NOT_READY, "training")
    assert len(world.records) == count, "nothing changed"
    assert rings(world.ask("11", READY)) == [("11", "c1")]
    assert world.engine.agent_view("11").reason == ""


def test_ready_in_wrap_up_ends_it() -> None:
    world = World([queue(wrap_up=60)], [agent("11")])
    world.call("c1")
    world.talk("11", 30)
    world.call("c2")
    assert world.last(Kind.AGENT_STATE).data["until"] == world.now + 60
    assert rings(world.ask("11", READY)) == [("11", "c2")]
    world.connect("11")
    assert world.wait(60) == [], "the end of the wrap-up is forgotten"
    assert world.state("11") is AgentState.ON_CALL


@pytest.mark.parametrize("state", [NOT_READY, LOGGED_OUT])
def test_a_break_in_wrap_up_begins_at_once(state: AgentState) -> None:
    world = World([queue(wrap_up=60)], [agent("11")])
    world.call("c1")
    world.talk("11")
    world.ask("11", state, "lunch")
    assert world.state("11") is state
    world.wait(100)
    assert world.state("11") is state


@pytest.mark.parametrize("wrap_up", [0, 20])
@pytest.mark.parametrize("state", [NOT_READY, LOGGED_OUT, READY])
def test_what_is_asked_for_in_a_call_comes_after_it(state: AgentState, wrap_up: float) -> None:
    world = World([queue(wrap_up=wrap_up)], [agent("11")])
    world.call("c1")
    world.connect("11")
    world.ask("11", state, "lunch")
    view = world.engine.agent_view("11")
    assert (view.state, view.next_state) == (AgentState.ON_CALL, state)
    world.end("c1")
    if wrap_up:
        assert world.state("11") is AgentState.WRAP_UP
        assert world.engine.agent_view("11").next_state is state
        world.wait(wrap_up)
    view = world.engine.agent_view("11")
    assert (view.state, view.reason, view.next_state, view.call_id) == (state, "lunch", None, None)


def test_the_last_choice_counts() -> None:
    world = World([queue(wrap_up=0)], [agent("11")])
    world.call("c1")
    world.connect("11")
    world.ask("11", LOGGED_OUT)
    world.ask("11", READY)
    world.end("c1")
    assert world.state("11") is READY


@pytest.mark.parametrize("state", [NOT_READY, LOGGED_OUT])
def test_an_agent_who_goes_during_a_ring_passes_the_caller_on_to_the_next_agent(state: AgentState) -> None:
    world = World([queue()], [agent("11"), agent("12")])
    world.call("c1")
    world.call("c2")
    world.call("c3")
    effects = world.ask("11", state, "lunch")
    assert cancelled(effects) == [("11", "agent-left")]
    assert world.state("11") is state
    assert world.engine.agent_view("11").missed_offers == 0
    world.connect("12")
    world.end("c2")
    assert rings(world.wait(20)) == [("12", "c1")]


def test_ready_while_it_rings_changes_nothing() -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    assert world.ask("11", READY) == []
    assert world.rings() == {"11": "c1"}
    world.fail("11")
    assert world.engine.agent_view("11").reason == "rona", "asking does not save an agent who does not answer then"


def test_going_after_the_answer_is_for_after_the_call() -> None:
    world = World([queue(wrap_up=0)], [agent("11")])
    world.call("c1")
    world.answer("11")
    assert world.ask("11", NOT_READY, "lunch") == []
    world.connect("11")
    world.end("c1")
    assert world.engine.agent_view("11").reason == "lunch"


def test_the_last_choice_after_the_answer_counts() -> None:
    world = World([queue(wrap_up=0)], [agent("11")])
    world.call("c1")
    world.answer("11")
    world.ask("11", NOT_READY, "lunch")
    world.ask("11", READY)
    world.connect("11")
    world.end("c1")
    assert (world.state("11"), world.engine.agent_view("11").reason) == (READY, "")


def test_what_was_chosen_after_the_answer_comes_also_when_nobody_was_connected() -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    world.answer("11")
    world.ask("11", NOT_READY, "lunch")
    world.leave("c1")
    assert (world.state("11"), world.engine.agent_view("11").reason) == (NOT_READY, "lunch")


def test_what_was_chosen_in_one_call_is_forgotten_in_the_next() -> None:
    world = World([queue(wrap_up=20)], [agent("11")])
    world.call("c1")
    world.connect("11")
    world.ask("11", NOT_READY, "lunch")
    world.end("c1")
    world.wait(20)
    world.ask("11", READY)
    world.call("c2")
    world.talk("11")
    world.wait(20)
    assert (world.state("11"), world.engine.agent_view("11").reason) == (READY, "")


def test_what_cannot_be_asked_for_is_refused_with_what_can() -> None:
    world = World([queue()], [agent("11")])
    (why,) = refused(world.ask("11", AgentState.ON_CALL))
    assert why.endswith("; possible: ready, not-ready, logged-out.")
    assert refused(world.ask("99", READY)) == ["There is no agent 99."]


def test_wrap_up_follows_the_agent_across_queues() -> None:
    world = World([queue(wrap_up=30), queue("water")], [agent("11", trees=3, water=3)])
    world.call("c1")
    world.talk("11")
    assert world.call("c2", "water") == []
    assert world.wait(29) == []
    assert rings(world.wait(1)) == [("11", "c2")]


def in_wrap_up(wrap_up: float = 20) -> World:
    world = World([queue(wrap_up=wrap_up), queue("water")], [agent("11", trees=3, water=3)])
    world.call("c1")
    world.talk("11")
    return world


def test_wrap_up_can_be_extended() -> None:
    world = in_wrap_up()
    assert world.engine.agent_view("11").until == world.now + 20
    world.wait(15)
    assert world.extend("11", 60) == []
    until = world.now + 65
    assert world.engine.agent_view("11").until == until
    assert world.engine.agent_view("11").since == world.now - 15
    assert world.last(Kind.AGENT_STATE).data == {
        "state": "wrap-up",
        "previous": "wrap-up",
        "reason": "",
        "until": until,
    }
    world.call("c2", "water")
    assert world.wait(64.9) == []
    assert rings(world.wait(0.1)) == [("11", "c2")], "it followed the agent into the other queue"
    assert world.engine.agent_view("11").until is None


def test_an_extended_wrap_up_can_be_ended() -> None:
    world = in_wrap_up()
    world.extend("11", 600)
    world.ask("11", READY)
    world.call("c2")
    assert world.wait(15) == []
    assert world.state("11") is AgentState.RINGING, "the timer of the wrap-up is gone"


def test_an_extended_wrap_up_has_an_end() -> None:
    world = in_wrap_up()
    assert refused(world.extend("11", 1_781)) == [
        "A wrap-up lasts 30 minutes at most: 1780 more seconds are possible at most."
    ]
    assert world.extend("11", 1_780) == []
    assert refused(world.extend("11", 1)) == ["A wrap-up lasts 30 minutes at most: no more is possible."]
    for nonsense in (0, -5, float("nan"), float("inf")):
        assert refused(world.extend("11", nonsense))
    assert world.wait(1_799.9) == []
    assert world.state("11") is AgentState.WRAP_UP
    world.wait(0.1)
    assert world.state("11") is READY


def test_only_a_wrap_up_can_be_extended() -> None:
    world = World([queue(wrap_up=0)], [agent("11")])
    assert refused(world.extend("11", 10)) == ["Agent 11 is ready; only a wrap-up can be extended."]
    world.call("c1")
    assert refused(world.extend("11", 10))
    world.connect("11")
    assert refused(world.extend("11", 10))
    world.end("c1")
    assert refused(world.extend("11", 10)), "the queue has no wrap-up"
    assert refused(world.extend("99", 10)) == ["There is no agent 99."]


def test_what_was_chosen_in_the_call_comes_after_an_extended_wrap_up_with_its_reason() -> None:
    world = World([queue(wrap_up=20)], [agent("11")])
    world.call("c1")
    world.connect("11")
    world.ask("11", NOT_READY, "lunch")
    world.end("c1")
    world.extend("11", 30)
    world.wait(49)
    assert world.state("11") is AgentState.WRAP_UP
    world.wait(1)
    view = world.engine.agent_view("11")
    assert (view.state, view.reason) == (NOT_READY, "lunch")


def test_without_wrap_up_the_next_ring_is_in_the_same_step() -> None:
    world = World([queue(wrap_up=0)], [agent("11")])
    world.call("c1")
    world.connect("11")
    world.call("c2")
    assert rings(world.end("c1", EndedBy.CALLER)) == [("11", "c2")]
    assert "wrap-up" not in [r.data["state"] for r in world.records if r.kind is Kind.AGENT_STATE]


def test_an_agent_who_dials_out_is_offered_nothing_meanwhile() -> None:
    world = World([queue()], [agent("11")])
    world.phone("11", PhoneState.BUSY)
    assert world.call("c1") == []
    assert world.state("11") is READY
    assert rings(world.phone("11", PhoneState.FREE)) == [("11", "c1")]
    assert [r.data for r in world.records if r.kind is Kind.AGENT_PHONE][-2:] == [{"phone": "busy"}, {"phone": "free"}]


def test_a_phone_that_says_the_same_again_is_not_recorded() -> None:
    world = World([queue()], [agent("11")])
    count = len(world.records)
    world.phone("11", PhoneState.FREE)
    world.phone("99", PhoneState.FREE)
    assert len(world.records) == count
