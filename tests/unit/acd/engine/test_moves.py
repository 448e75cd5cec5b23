"""A supervisor moves waiting callers: where they go, and what is refused."""

import pytest

from acd.effects import Effect, LeaveQueue
from acd.engine.ringing import PREFERRED_AGENT
from acd.events import Announced, LinkLost, MoveRequested, ToAgent, ToFront, ToQueue
from agents.states import AgentState, PhoneState
from journal.actor import SYSTEM, Actor
from journal.records import Kind
from tests.unit.acd.world import World, agent, cancelled, queue, refused, rings

WANG = Actor.user("wang")
THEN = {"queue": "water"}
RELAX = [{"after": 30, "needs": {"general": 1}}]


def move(world: World, call_id: str, to: ToFront | ToAgent | ToQueue) -> list[Effect]:
    return world.tell(MoveRequested(call_id, to, WANG))


def front(world: World, call_id: str) -> list[Effect]:
    return move(world, call_id, ToFront())


def hall() -> World:
    """Three callers wait, one talks with the only agent."""
    world = World([queue(), queue("water")], [agent("1001"), agent("1002", water=3)])
    for call in ("c0", "c1", "c2", "c3"):
        world.call(call)
        world.wait(1)
    world.answer("1001")
    world.connect("1001")
    return world


def test_to_the_front() -> None:
    world = hall()
    assert front(world, "c3") == []
    assert [world.engine.position(call) for call in ("c3", "c1", "c2")] == [1, 2, 3]
    record = world.last(Kind.MOVED)
    assert (record.call, record.queue, record.data, record.actor) == (
        *("c3", "trees"),
        {"to": {"front": True}, "position": 1},
        WANG,
    )
    world.end("c0")
    assert rings(world.wait(20)) == [("1001", "c3")]


def test_several_at_the_front_stay_in_the_order_of_their_entry() -> None:
    world = hall()
    front(world, "c3")
    front(world, "c2")
    assert world.last(Kind.MOVED).data["position"] == 1
    assert [world.engine.position(call) for call in ("c2", "c3", "c1")] == [1, 2, 3]


def test_at_the_front_all_relaxing_steps_are_in_at_once() -> None:
    world = World([queue(needs={"trees": 3}, relax=RELAX)], [agent("1001", general=1)])
    world.call("c1")
    assert rings(front(world, "c1")) == [("1001", "c1")]
    assert world.last(Kind.OFFERED).actor == SYSTEM


def test_the_front_keeps_announcements_and_overflow_as_they_were() -> None:
    world = World(
        [
            queue(
                announce={"every": 30, "messages": [{"*": "one"}, {"*": "two"}]},
                overflow=[{"waited": 50, "then": THEN}],
            )
        ],
        [agent("1001")],
        signed_in=False,
    )
    world.call("c1")
    world.tell(Announced("c1"))
    world.wait(29)
    front(world, "c1")
    assert len(world.wait(1)) == 1  # told, 30 s after the entry
    assert [type(effect) for effect in world.wait(20)] == [LeaveQueue]


def test_a_caller_at_the_front_cannot_be_moved_there_again() -> None:
    world = hall()
    front(world, "c1")
    front(world, "c3")
    assert refused(front(world, "c3")) == ["This caller is at the front of queue trees already, at position 2."]


def test_to_an_agent_whatever_the_skills() -> None:
    world = hall()
    assert rings(move(world, "c2", ToAgent("1002"))) == [("1002", "c2")]
    moved, offered = world.last(Kind.MOVED), world.last(Kind.OFFERED)
    assert (moved.data, moved.agent) == ({"to": {"agent": "1002"}}, None)
    assert (offered.data["rule"], offered.actor) == (PREFERRED_AGENT, WANG)
    world.fail("1002")
    assert [world.engine.position(call) for call in ("c1", "c2", "c3")] == [1, 2, 3]


def test_an_agent_in_wrap_up_is_rung() -> None:
    world = World([queue(wrap_up=20), queue("water")], [agent("1001"), agent("1002", water=3)])
    world.call("c1")
    world.answer("1001")
    world.connect("1001")
    world.end("c1")
    world.call("c2", "water", language="en")
    assert rings(move(world, "c2", ToAgent("1001"))) == [("1001", "c2")]


def test_to_another_queue() -> None:
    world = hall()
    world.wait(5)
    assert move(world, "c2", ToQueue("water", THEN)) == [LeaveQueue("c2", "trees", None, THEN)]
    record = world.last(Kind.MOVED)
    assert (record.queue, record.data, record.actor) == ("trees", {"to": {"queue": "water"}, "waited_s": 7.0}, WANG)
    assert [world.engine.position(call) for call in ("c1", "c2", "c3")] == [1, None, 2]
    assert rings(world.call("c2", "water", head_start=7.0)) == [("1002", "c2")]


@pytest.mark.parametrize("to", [ToFront(), ToAgent("1002"), ToQueue("water", THEN)])
def test_a_caller_who_does_not_wait_is_not_moved(to: ToFront | ToAgent | ToQueue) -> None:
    world = hall()
    before = len(world.records)
    assert refused(move(world, "c0", to)) == ["This caller talks with agent 1001."]
    assert refused(move(world, "gone", to)) == ["This caller does not wait in a queue."]
    world.leave("c1")
    assert refused(move(world, "c1", to)) == ["This caller does not wait in a queue."]
    assert [record.kind for record in world.records[before:]] == [Kind.LEFT_QUEUE]


@pytest.mark.parametrize("to", [ToFront(), ToAgent("1002"), ToQueue("water", THEN)])
def test_a_caller_for_whom_an_agent_rings_is_not_moved(to: ToFront | ToAgent | ToQueue) -> None:
    """Also when the agent has answered, and while Asterisk cannot be asked: the ring goes on."""
    world = hall()
    world.end("c0")
    world.wait(20)
    sentence = "This caller is just being offered to agent 1001; without an answer the caller can be moved after that."
    for happened in (lambda: None, lambda: world.tell(LinkLost()), lambda: world.answer("1001")):
        happened()
        effects = move(world, "c1", to)
        assert refused(effects) == [sentence]
        assert cancelled(effects) == []


@pytest.mark.parametrize(
    ("agent_id", "sentence"),
    [
        ("1001", "Agent 1001 is on-call"),
        ("1003", "Agent 1003 is not-ready"),
        ("1004", "Agent 1004 is ready, but the phone is unreachable"),
        ("1005", "Agent 1005 is logged-out"),
    ],
)
def test_an_agent_who_is_not_free_is_named_with_what_is(agent_id: str, sentence: str) -> None:
    world = World([queue()], [agent(str(number), water=1) for number in (1001, 1003, 1004, 1005)])
    world.call("c0")
    move(world, "c0", ToAgent("1001"))
    world.connect("1001")
    world.ask("1003", AgentState.NOT_READY)
    world.phone("1004", PhoneState.UNREACHABLE)
    world.ask("1005", AgentState.LOGGED_OUT)
    world.call("c1")
    assert refused(move(world, "c1", ToAgent(agent_id))) == [
        f"{sentence}; only an agent who is ready or in wrap-up, with a free phone, can be rung."
    ]
    assert world.engine.position("c1") == 1


def test_a_move_to_what_does_not_exist_is_refused() -> None:
    world = hall()
    assert refused(move(world, "c1", ToAgent("1009"))) == ["There is no agent 1009."]
    assert refused(move(world, "c1", ToQueue("gas", {}))) == ["There is no queue gas."]
    assert refused(move(world, "c1", ToQueue("trees", {}))) == ["This caller waits in queue trees already."]


def test_a_removed_agent_is_not_there() -> None:
    world = hall()
    world.change([queue(), queue("water")], [agent("1002", water=3)])
    assert refused(move(world, "c1", ToAgent("1001"))) == ["There is no agent 1001."]
