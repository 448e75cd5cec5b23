"""A queue that requires a wrap-up code: when the agent is held, what ends it, and that nobody is stuck."""

from typing import Any

import pytest

from acd.effects import Effect
from acd.events import CodeGiven, StateRequested
from agents.states import AgentState
from journal.actor import Actor
from journal.records import Kind
from tests.unit.acd.recovery.test_restoring import reborn
from tests.unit.acd.world import World, agent, queue, refused, rings

READY, NOT_READY, LOGGED_OUT, WRAP_UP = (
    AgentState.READY,
    AgentState.NOT_READY,
    AgentState.LOGGED_OUT,
    AgentState.WRAP_UP,
)
HALF_AN_HOUR = 1_800.0
BOSS = Actor("user:wang")


def asking(queue_id: str = "trees", *, required: bool = True, **settings: Any) -> Any:
    return queue(queue_id, wrap_up_codes={"list": "general", "required": required}, **settings)


def give(world: World, call: str = "c1", agent_id: str = "11") -> list[Effect]:
    return world.tell(CodeGiven(call, "trees", agent_id, "answered", {"en": "Answered"}, Actor.agent(agent_id)))


def after_a_talk(wrap_up: float = 20, **more: Any) -> World:
    world = World([asking(wrap_up=wrap_up, **more)], [agent("11")])
    world.call("c1")
    world.talk("11")
    return world


def missing(world: World) -> bool:
    return world.engine.agent_view("11").code_missing


def test_the_wrap_up_lasts_until_a_code_is_given() -> None:
    world = after_a_talk()
    assert (world.state("11"), missing(world)) == (WRAP_UP, True)
    world.call("c2")
    assert world.wait(60) == []
    assert world.state("11") is WRAP_UP
    assert rings(give(world)) == [("11", "c2")]
    told = world.last(Kind.WRAP_UP_CODE)
    assert (told.call, told.queue, told.agent, told.actor) == ("c1", "trees", "11", "agent:11")
    assert told.data == {"code": "answered", "name": {"en": "Answered"}}


def test_a_code_that_comes_in_time_leaves_the_wrap_up_its_time() -> None:
    world = after_a_talk()
    world.wait(5)
    assert give(world) == []
    assert (world.state("11"), missing(world)) == (WRAP_UP, False)
    world.wait(15)
    assert world.state("11") is READY


@pytest.mark.parametrize("wrap_up", [0, 20])
def test_a_code_given_in_the_talk_is_asked_for_no_more(wrap_up: float) -> None:
    world = World([asking(wrap_up=wrap_up)], [agent("11")])
    world.call("c1")
    world.answer("11")
    world.connect("11")
    give(world)
    world.end("c1")
    assert not missing(world)
    world.wait(wrap_up)
    assert world.state("11") is READY
    world.call("c2")
    world.talk("11")
    assert missing(world), "the next call has none"


def test_without_wrap_up_the_code_alone_is_waited_for() -> None:
    world = after_a_talk(wrap_up=0)
    assert (world.state("11"), missing(world)) == (WRAP_UP, True)
    assert world.engine.agent_view("11").until == world.now + HALF_AN_HOUR
    give(world)
    assert world.state("11") is READY


@pytest.mark.parametrize("wanted", [READY, NOT_READY, LOGGED_OUT])
def test_what_the_agent_asks_for_follows_the_code(wanted: AgentState) -> None:
    world = after_a_talk()
    assert refused(world.ask("11", wanted, "lunch")) == []
    view = world.engine.agent_view("11")
    assert (view.state, view.next_state, view.until) == (WRAP_UP, wanted, world.now + HALF_AN_HOUR)
    give(world)
    view = world.engine.agent_view("11")
    assert (view.state, view.reason, view.next_state) == (wanted, "lunch", None)


@pytest.mark.parametrize("wanted", [READY, NOT_READY, LOGGED_OUT])
@pytest.mark.parametrize("waited", [0, 60])
def test_a_supervisor_ends_it(wanted: AgentState, waited: float) -> None:
    world = after_a_talk()
    world.wait(waited)
    world.tell(StateRequested("11", wanted, BOSS, "", insist=True))
    assert (world.state("11"), missing(world)) == (wanted, False)
    give(world)
    assert world.state("11") is wanted, "a late code changes nothing"


@pytest.mark.parametrize(("asked", "follows"), [(None, (NOT_READY, "no-code")), (LOGGED_OUT, (LOGGED_OUT, "home"))])
def test_nobody_is_held_for_ever(asked: AgentState | None, follows: tuple[AgentState, str]) -> None:
    world = after_a_talk()
    if asked is not None:
        world.ask("11", asked, "home")
    world.wait(HALF_AN_HOUR + 20)
    view = world.engine.agent_view("11")
    assert (view.state, view.reason, view.code_missing) == (*follows, False)
    world.ask("11", READY)
    assert world.state("11") is READY


def test_a_queue_that_is_removed_or_asks_no_more_lets_the_agent_go() -> None:
    for queues in ([queue("water")], [queue()], [asking(required=False)]):
        world = after_a_talk()
        world.wait(5)
        world.change(queues, [agent("11")])
        assert (world.state("11"), missing(world)) == (WRAP_UP, False), "the wrap-up has its time"
        world.wait(20)
        assert world.state("11") is READY
        world = after_a_talk()
        world.wait(60)
        world.change(queues, [agent("11")])
        assert world.state("11") is READY
        assert not missing(reborn(world, queues, [agent("11")]))
    world = World([asking()], [agent("11")])
    world.call("c1")
    world.answer("11")
    world.connect("11")
    world.change([queue("water")], [agent("11")])
    world.end("c1")
    assert not missing(world)


def test_a_removed_agent_leaves_without_a_code() -> None:
    world = after_a_talk()
    world.change([asking()], [agent("12")])
    assert "11" not in world.engine.snapshot()["seats"]


def test_a_caller_who_comes_back_rings_through_it() -> None:
    world = after_a_talk()
    world.wait(60)
    assert rings(world.call("c1", agent="11")) == [("11", "c1")]
    world.connect("11")
    world.end("c1")
    assert missing(world)


def test_it_cannot_be_extended_while_only_the_code_is_missing() -> None:
    world = after_a_talk()
    assert world.extend("11", 30) == []
    world.wait(60)
    assert "waits for the wrap-up code" in refused(world.extend("11", 30))[0]


@pytest.mark.parametrize("waited", [5.0, 60.0])
@pytest.mark.parametrize("by_snapshot", [False, True])
def test_a_restart_keeps_it(waited: float, by_snapshot: bool) -> None:
    world = after_a_talk()
    world.wait(waited)
    kept: dict[str, Any] = {"snapshot": world.engine.snapshot(), "records": []} if by_snapshot else {}
    again = reborn(world, [asking()], [agent("11")], **kept)
    assert again.engine.agent_view("11") == world.engine.agent_view("11")
    give(again)
    again.wait(20)
    assert again.state("11") is READY


def test_a_code_for_another_call_is_only_recorded() -> None:
    world = after_a_talk()
    world.wait(60)
    give(world, "c0")
    give(world, "c1", "99")
    assert missing(world)
    assert [record.call for record in world.records if record.kind is Kind.WRAP_UP_CODE] == ["c0", "c1"]


def test_a_test_call_is_marked() -> None:
    world = after_a_talk()
    world.tell(CodeGiven("c1", "trees", "11", "answered", {}, BOSS, test=True))
    assert world.last(Kind.WRAP_UP_CODE).test
