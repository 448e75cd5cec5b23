"""Another version of the hotline comes into use while callers wait and agents talk."""

import pytest

from acd.effects import LeaveQueue
from acd.events import MoveRequested, OfferFailure, ToQueue
from acd.model import Onward, Queue
from agents.states import AgentState, PhoneState
from journal.actor import Actor
from journal.records import Kind
from tests.unit.acd.world import World, agent, agent_ids, announced, cancelled, overflowed, queue, refused, rings

READY, LOGGED_OUT = AgentState.READY, AgentState.LOGGED_OUT


def test_skills_that_change_while_calls_wait() -> None:
    world = World([queue(needs={"trees": 3})], [agent("11", trees=1)])
    world.call("c1")
    assert rings(world.change([queue(needs={"trees": 3})], [agent("11", trees=3)])) == [("11", "c1")]
    assert world.last(Kind.HOTLINE_CHANGED).data == {"version": "next", "added": [], "removed": []}


def test_the_last_one_is_taken_again_if_nobody_else_fits_after_a_change() -> None:
    queues = [queue(missed_offers=3)]
    world = World(queues, [agent("11"), agent("12", water=1)])
    world.call("c1")
    world.change(queues, [agent("11", water=1), agent("12", water=1)])
    world.fail("11")
    assert rings(world.change(queues, [agent("11"), agent("12", water=1)])) == [("11", "c1")]


def test_needs_and_priority_that_change_while_calls_wait() -> None:
    def queues(level: int, priority: float) -> list[Queue]:
        return [queue("a", needs={"a": level}, priority=priority), queue("b")]

    world = World(queues(3, 0), [agent("11", a=1, b=1)])
    world.call("busy", "b")
    world.call("c1", "b")
    world.wait(1)
    world.call("c2", "a")
    assert world.change(queues(1, 60), [agent("11", a=1, b=1)]) == []
    assert rings(world.leave("busy")) == [("11", "c2")]


def test_a_class_that_changes_while_calls_wait() -> None:
    world = World([queue("a"), queue("b")], [agent("11", a=1, b=1)])
    world.call("busy", "a")
    world.call("c1", "a")
    world.call("c2", "b")
    world.change([queue("a"), queue("b", priority_class=2)], [agent("11", a=1, b=1)])
    assert rings(world.leave("busy")) == [("11", "c2")]


def test_the_longest_waiting_goes_first_when_a_change_lets_an_agent_fit_several() -> None:
    world = World([queue("a"), queue("b")], [agent("11", water=1)])
    for call, where, head_start in (("c1", "b", 0), ("c2", "a", 10), ("c3", "b", 5)):
        world.call(call, where, head_start=head_start)
        world.wait(1)
    assert rings(world.change([queue("a"), queue("b")], [agent("11", a=1, b=1)])) == [("11", "c2")]


def test_nobody_is_offered_the_same_call_twice_in_a_row_over_a_change() -> None:
    queues = [queue(missed_offers=3)]
    world = World(queues, [agent("11"), agent("12", water=1)])
    world.call("c1")
    world.change(queues, [agent("11", water=1), agent("12", water=1)])
    assert world.fail("11") == []
    assert rings(world.change(queues, [agent("11"), agent("12", trees=1)])) == [("12", "c1")]


@pytest.mark.parametrize(("strategy", "others"), [("longest-idle", ["12"]), ("ring-all", ["12", "13"])])
def test_nobody_is_offered_it_twice_in_a_row_if_the_others_have_the_same_skills(
    strategy: str, others: list[str]
) -> None:
    queues, nobody = [queue(strategy=strategy, missed_offers=3)], [agent(who, water=1) for who in ("11", "12", "13")]
    world = World(queues, [agent("11"), *nobody[1:]])
    world.call("c1")
    world.change(queues, nobody)
    world.fail("11")
    assert world.change(queues, nobody) == [], "an agent who does not fit any more is not taken"
    assert rings(world.change(queues, [agent(who) for who in ("11", "12", "13")])) == [(who, "c1") for who in others]


def test_rings_and_talks_go_on() -> None:
    world = World([queue(wrap_up=20)], [agent("11"), agent("12")])
    world.call("c1")
    world.call("c2")
    world.connect("12")
    assert world.change([queue(wrap_up=5)], [agent("11", water=1), agent("12")]) == []
    world.connect("11")
    assert [world.state(a) for a in ("11", "12")] == [AgentState.ON_CALL] * 2
    world.end("c2")
    world.wait(5)
    assert world.state("12") is READY, "the new wrap-up counts"


def test_a_removed_agent_who_is_idle_is_signed_out_at_once() -> None:
    for state in (READY, AgentState.NOT_READY, LOGGED_OUT):
        world = World([queue()], [agent("11"), agent("12")])
        world.ask("11", state)
        assert world.change([queue()], [agent("12")]) == []
        assert agent_ids(world.engine) == ["12"]
        assert rings(world.call("c1")) == [("12", "c1")]
        assert world.call("c2") == []


def test_a_removed_agent_in_wrap_up_is_signed_out_at_once() -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    world.talk("11")
    world.change([queue()], [])
    assert world.last(Kind.AGENT_STATE).data == {"state": "logged-out", "previous": "wrap-up", "reason": "removed"}
    assert world.wait(100) == []


def test_a_removed_agent_who_rings() -> None:
    world = World([queue()], [agent("11"), agent("12")])
    world.call("c1")
    effects = world.change([queue()], [agent("12")])
    assert cancelled(effects) == [("11", "agent-removed")]
    assert rings(effects) == [("12", "c1")]


def test_a_removed_agent_who_talks_or_has_answered_is_signed_out_after_the_call() -> None:
    for connected in (False, True):
        world = World([queue(wrap_up=20)], [agent("11")])
        world.call("c1")
        world.answer("11")
        if connected:
            world.connect("11")
        assert world.change([queue()], []) == []
        assert "no longer" in refused(world.ask("11", READY))[0]
        if not connected:
            world.connect("11")
        world.end("c1")
        assert agent_ids(world.engine) == []


def test_an_agent_who_is_removed_and_comes_back_during_a_talk_is_as_before() -> None:
    world = World([queue(wrap_up=0)], [agent("11")])
    world.call("c1")
    world.connect("11")
    for agents, added, removed in (([], [], ["11"]), ([], [], []), ([agent("11")], ["11"], [])):
        world.change([queue(wrap_up=0)], agents)
        told = world.last(Kind.HOTLINE_CHANGED).data
        assert (told["added"], told["removed"]) == (added, removed)
    world.end("c1")
    assert world.state("11") is READY


def test_a_new_agent_is_signed_out_until_that_agent_signs_in() -> None:
    world = World([queue()], [])
    world.call("c1")
    world.change([queue()], [agent("11")])
    assert world.engine.agent_view("11").state is LOGGED_OUT
    assert world.engine.agent_view("11").since == world.now
    world.phone("11", PhoneState.FREE)
    assert rings(world.ask("11", READY)) == [("11", "c1")]


WATER, GENERAL = {"queue": "water"}, {"queue": "general"}


def test_callers_who_wait_in_a_removed_queue_go_where_it_says() -> None:
    rules = [{"waited": 60, "then": {"hangup": True}}]
    world = World([queue(overflow=rules), queue("gas"), queue("water")], [agent("11")], signed_in=False)
    world.call("c1")
    world.call("c2", "gas")
    world.wait(10)
    world.call("c3")
    effects = world.change([queue("water")], [agent("11")], Onward({"trees": WATER}, GENERAL))
    assert effects == [
        LeaveQueue("c1", "trees", None, WATER),
        LeaveQueue("c2", "gas", None, GENERAL),
        LeaveQueue("c3", "trees", None, WATER),
    ]
    told = {"rule": None, "condition": "queue_removed", "limit": None, "waited_s": 0}
    assert world.last(Kind.OVERFLOWED).data == told
    assert world.engine.calls() == []


def test_a_caller_who_still_comes_to_a_removed_queue_goes_where_it_says() -> None:
    """The caller's version had it. A ready agent who fits is not rung: the queue is no more."""
    world = World([queue(), queue("water")], [agent("11")])
    world.change([queue("water")], [agent("11")], Onward({"trees": WATER}))
    assert world.call("c1") == [LeaveQueue("c1", "trees", None, WATER)]
    assert world.change([queue(), queue("water")], [agent("11")]) == [], "it is there again"
    assert rings(world.call("c2")) == [("11", "c2")]


def test_a_ring_from_a_removed_queue_stands_and_only_then_does_the_caller_go() -> None:
    world = World([queue(missed_offers=2), queue("water")], [agent("11"), agent("12")])
    world.call("c1")
    world.call("c2")
    assert world.change([queue("water")], [agent("11"), agent("12")], Onward({"trees": WATER})) == []
    assert world.fail("11") == [LeaveQueue("c1", "trees", None, WATER)]
    world.answer("12")
    world.connect("12")
    world.wait(30)
    world.end("c2")
    assert world.state("12") is AgentState.WRAP_UP


def test_nobody_is_moved_to_a_removed_queue() -> None:
    world = World([queue(), queue("water")], [], signed_in=False)
    world.call("c1", "water")
    world.change([queue("water")], [], Onward({"trees": WATER}))
    effects = world.tell(MoveRequested("c1", ToQueue("trees", {"queue": "trees"}), Actor.user("wang")))
    assert refused(effects) == ["There is no queue trees."]


def test_the_last_agent_may_go_with_the_queue() -> None:
    """Nobody is told that no agent is there: there is no queue either."""
    world = World([queue(), queue("water")], [agent("11"), agent("12")])
    world.call("c1")
    world.answer("11")
    world.ask("12", AgentState.NOT_READY)
    world.call("c2")
    assert overflowed(world.change([queue("water")], [], Onward({"trees": WATER}))) == [("c2", None)]
    assert not [record for record in world.records if record.kind is Kind.AGENT_LAST_OUT]
    world.connect("11")
    world.end("c1")
    assert agent_ids(world.engine) == []


def test_the_clock_of_nobody_signed_in_goes_on() -> None:
    rules = [{"nobody_signed_in": 10, "then": {"hangup": True}}]
    world = World([queue(overflow=rules)], [agent("11")])
    world.phone("11", PhoneState.BUSY)
    world.call("c1")
    world.ask("11", LOGGED_OUT)
    world.wait(6)
    world.change([queue(overflow=rules)], [agent("11")])
    assert overflowed(world.wait(4)) == [("c1", 0)]


def test_the_clock_of_nobody_signed_in_begins_when_the_last_agent_is_removed() -> None:
    rules = [{"nobody_signed_in": 10, "then": {"hangup": True}}]
    world = World([queue(overflow=rules)], [agent("11")])
    world.phone("11", PhoneState.BUSY)
    world.call("c1")
    world.wait(60)
    world.change([queue(overflow=rules)], [])
    assert world.wait(9) == []
    assert overflowed(world.wait(1)) == [("c1", 0)]


def test_an_agent_need_not_be_removed_for_it() -> None:
    rules = [{"nobody_signed_in": 10, "then": {"hangup": True}}]
    world = World([queue(overflow=rules)], [agent("11")])
    world.phone("11", PhoneState.BUSY)
    world.call("c1")
    world.wait(60)
    world.change([queue(overflow=rules)], [agent("11", water=1)])
    assert world.wait(9) == []
    assert overflowed(world.wait(1)) == [("c1", 0)]


def test_announcements_and_strategies_follow_the_new_version() -> None:
    world = World([queue()], [agent("11"), agent("12")])
    world.wait(10)
    world.ask("11", AgentState.NOT_READY)
    world.ask("11", READY)
    world.change([queue(strategy="linear", announce={"every": 30}, ring=60)], [agent("11"), agent("12")])
    assert rings(world.call("c1")) == [("11", "c1")], "12 is idle longest, 11 is first in the file"
    world.call("c2")
    world.call("c3")
    assert announced(world.wait(2)) == []
    assert announced(world.wait(1)) == [("c3", 1, 120.0)]


def test_a_new_version_without_announcements_ends_them() -> None:
    world = World([queue(announce={"every": 30})], [], signed_in=False)
    world.call("c1")
    world.change([queue()], [])
    assert world.wait(60) == []


def test_a_signed_in_agent_counts_as_that_in_the_new_version_until_signing_out() -> None:
    queues = [queue(overflow=[{"nobody_signed_in": 10, "then": {"hangup": True}}])]
    world = World(queues, [agent("11")])
    world.phone("11", PhoneState.BUSY)
    world.call("c1")
    world.change(queues, [agent("11")])
    assert world.wait(60) == []
    world.ask("11", LOGGED_OUT)
    assert world.wait(9.9) == []
    assert overflowed(world.wait(0.1)) == [("c1", 0)]


def test_agents_at_work_are_counted_once_in_the_new_version() -> None:
    queues = [queue(wrap_up=20), queue("water", wrap_up=20)]
    agents = [agent("11", trees=1, water=1), agent("12", trees=1, water=1), agent("13", water=1)]
    world = World(queues, agents)
    for number in range(3):
        world.call(f"talks {number}", "water")
    world.call("w1", "water")
    world.call("t1")
    before = world.engine.expected_wait("t1")
    assert before == pytest.approx((200 + 0.9 * 200 * 2 / 3) / 2)
    world.change(queues, agents)
    assert world.engine.expected_wait("t1") == before


def test_an_agent_who_was_removed_after_the_answer_is_signed_out_when_it_comes_to_nothing() -> None:
    world = World([queue()], [agent("11"), agent("12")])
    world.call("c1")
    world.answer("11")
    world.change([queue()], [agent("12")])
    assert rings(world.fail("11", OfferFailure.ABANDONED)) == [("12", "c1")]
    assert agent_ids(world.engine) == ["12"]


def test_an_agent_who_is_removed_during_a_talk_counts_for_nobody_from_then_on() -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    world.connect("11")
    world.call("c2")
    world.change([queue()], [])
    assert sum(world.engine.queue_view("trees", world.now).agents.values()) == 0
    for _ in range(2):
        assert [record.kind for record in world.records].count(Kind.AGENT_LAST_OUT) == 1
        world.end("c1")
    assert agent_ids(world.engine) == []


def test_the_order_of_the_new_version_counts() -> None:
    queues = [queue(strategy="linear"), queue("water")]
    world = World(queues, [agent("11"), agent("12")])
    world.change(queues[1:], [agent("12"), agent("11")])
    world.change(queues, [agent("12"), agent("11")])
    assert rings(world.call("c1")) == [("12", "c1")]


def test_positions_are_counted_on_in_the_new_version() -> None:
    world = World([queue()], [])
    for call in ("c1", "c2"):
        world.call(call)
    world.change([queue()], [])
    world.call("c3")
    assert world.last(Kind.QUEUED).data["position"] == 3
