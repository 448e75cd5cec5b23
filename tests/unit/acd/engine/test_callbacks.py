"""Callbacks: who is called back is served when the caller would have been who holds."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from acd.effects import CallBack, Effect, LeaveQueue
from acd.engine.callbacks import KEPT, LEAD
from acd.engine.ringing import FIRST_PAUSE
from acd.engine.step import Engine
from acd.events import (
    CallbackPostponed,
    CallbackPromised,
    CallLeft,
    CallQueued,
    Company,
    CompanyChanged,
    Left,
    LinkLost,
    OfferFailure,
    Resynced,
)
from acd.model import Onward
from agents.states import RONA, AgentState, PhoneState
from journal.actor import SYSTEM, Actor
from journal.records import Kind
from tests.unit.acd.engine.comparing import plain
from tests.unit.acd.world import World, agent, queue, rings

ONE = [agent("11")]
WRAP_UP = 20.0


def dialled(effects: list[Effect]) -> list[str]:
    """The callbacks whose citizens are to be dialled."""
    return [effect.callback_id for effect in effects if isinstance(effect, CallBack)]


def busy(*agents: str, wrap_up: float = WRAP_UP) -> World:
    """Each of the agents talks with a caller, "t11" with 11."""
    world = World([queue(wrap_up=wrap_up)], [agent(each) for each in agents])
    for each in agents:
        world.call(f"t{each}")
    for each in agents:
        world.connect(each)
    return world


def talks(world: World, agent_id: str) -> str:
    """The call of the agent."""
    call = world.engine.agent_view(agent_id).call_id
    assert call is not None
    return call


def promised(world: World, call: str, callback: str) -> list[Effect]:
    """The caller comes, and hangs up at once to be called back."""
    world.call(call)
    return world.tell(CallbackPromised(call, callback))


def answers(world: World, call: str, callback: str) -> list[Effect]:
    """The citizen answers, and is brought to the queue by this call."""
    return world.tell(CallQueued(call, "trees", "zh", callback=callback))


def test_a_citizen_is_dialled_before_the_wrap_up_ends_and_gets_the_agent_at_its_end() -> None:
    world = busy("11")
    assert dialled(promised(world, "c1", "b1")) == []
    world.end("t11")
    assert dialled(world.wait(WRAP_UP - LEAD - 0.1)) == []
    assert dialled(world.wait(0.2)) == ["b1"]
    assert rings(answers(world, "c2", "b1")) == [], "the agent still wraps up"
    assert rings(world.wait(LEAD)) == [("11", "c2")]
    assert world.story("c1") == [Kind.QUEUED, Kind.CALLBACK_PROMISED]
    assert world.story("c2")[:2] == [Kind.CALLBACK_ANSWERED, Kind.OFFERED]


@pytest.mark.parametrize("rung", [False, True], ids=["waiting", "while an agent rings"])
def test_a_caller_who_gave_up_is_called_back_at_the_old_place(rung: bool) -> None:
    world = busy("11", wrap_up=0)
    world.call("c1")
    world.call("later")
    if rung:
        assert rings(world.end("t11")) == [("11", "c1")]
    world.wait(10)
    effects = world.tell(CallLeft("c1", Left.HUNG_UP, number="138"))
    assert dialled(effects if rung else world.end("t11")) == ["c1-b"], "before the caller who came later"
    assert rings(answers(world, "c2", "c1-b")) == [("11", "c2")]
    story = world.story("c1")
    assert story[-2:] == [Kind.CALLBACK_PROMISED, Kind.LEFT_QUEUE]
    promise, left = (record for record in world.records if record.call == "c1" and record.kind in story[-2:])
    assert (promise.data["number"], promise.data["since"]) == ("138", left.at - 10)
    assert (left.data["why"], left.data["waited_s"]) == (Left.HUNG_UP, 10)
    assert world.engine.queue_view("trees", world.now).abandoned == 1


@pytest.mark.parametrize(("waited", "number"), [(9.9, "138"), (60, "")], ids=["too soon", "not to be called back"])
def test_other_callers_who_give_up_are_not_called_back(waited: float, number: str) -> None:
    world = busy("11")
    world.call("c1")
    world.wait(waited)
    world.tell(CallLeft("c1", Left.HUNG_UP, number=number))
    assert world.story("c1") == [Kind.QUEUED, Kind.LEFT_QUEUE]
    assert world.engine.callback_position("c1-b") is None


def test_a_free_agent_is_kept_for_the_citizen_for_a_moment() -> None:
    world = busy("11", wrap_up=0)
    promised(world, "c1", "b1")
    assert dialled(world.end("t11")) == ["b1"]
    assert rings(world.call("later")) == []
    assert rings(world.wait(KEPT - 0.1)) == []
    assert rings(answers(world, "c2", "b1")) == [("11", "c2")]


def test_an_agent_whose_phone_is_back_is_kept_like_one_who_has_just_talked() -> None:
    world = World([queue()], ONE)
    world.phone("11", PhoneState.UNREACHABLE)
    promised(world, "c1", "b1")
    world.call("later")
    world.wait(KEPT)
    effects = world.phone("11", PhoneState.FREE)
    assert (dialled(effects), rings(effects)) == (["b1"], [])
    assert rings(world.wait(KEPT - 0.1)) == []
    assert rings(answers(world, "c2", "b1")) == [("11", "c2")]


def test_after_that_moment_the_next_caller_is_served_and_the_citizen_comes_first_then() -> None:
    world = busy("11", wrap_up=0)
    promised(world, "c1", "b1")
    world.end("t11")
    world.call("later")
    assert rings(world.wait(KEPT)) == [("11", "later")]
    world.call("last")
    answers(world, "c2", "b1")
    assert world.engine.position("c2") == 1
    world.connect("11")
    assert rings(world.end("later")) == [("11", "c2")]


def test_a_caller_who_comes_before_gets_the_agent_who_is_kept() -> None:
    world = busy("11", wrap_up=0)
    promised(world, "c1", "b1")
    world.end("t11")
    assert rings(world.call("urgent", head_start=3_600)) == [("11", "urgent")]


def test_no_more_citizens_are_dialled_than_agents_are_free_for() -> None:
    world = busy("11", "12", wrap_up=0)
    for number in range(5):
        promised(world, f"c{number}", f"b{number}")
    assert dialled(world.end("t11")) == ["b0"]
    assert dialled(world.end("t12")) == ["b1"]
    assert dialled(world.wait(60)) == [], "both still ring"
    assert dialled(world.tell(CallbackPostponed("b0", world.now + 900))) == ["b2"]
    assert dialled(world.tell(CallLeft("b1", Left.WENT_ELSEWHERE))) == ["b3"]


def test_a_citizen_whose_agent_has_another_call_gets_the_next_agent_before_others_are_dialled() -> None:
    world = busy("11", "12", wrap_up=LEAD)
    promised(world, "c1", "b1")
    promised(world, "c2", "b2")
    assert dialled(world.end("t11")) == ["b1"]
    world.call("later")
    assert rings(world.wait(LEAD + KEPT)) == [("11", "later")]
    world.connect("11")
    assert dialled(world.end("t12")) == [], "the agent is there for the citizen whose phone rings"
    answers(world, "c3", "b1")
    assert rings(world.wait(LEAD)) == [("12", "c3")]


def test_an_agent_is_kept_once_for_however_many_citizens() -> None:
    world = busy("11", "12", wrap_up=LEAD)
    promised(world, "c1", "b1")
    promised(world, "c2", "b2")
    world.end("t11")
    world.wait(LEAD)
    world.call("later")
    world.wait(KEPT - 1)
    assert dialled(world.end("t12")) == ["b2"]
    assert rings(world.tell(CallbackPostponed("b1", world.now + 600, "busy"))) == [], "kept for b2 now"
    assert rings(world.wait(1)) == [("11", "later")]


def test_callers_who_wait_before_get_the_agents_who_will_soon_be_free() -> None:
    world = busy("11")
    world.call("holds")
    promised(world, "c1", "b1")
    world.end("t11")
    assert dialled(world.wait(WRAP_UP - 0.1)) == []
    assert rings(world.wait(0.2)) == [("11", "holds")]


@pytest.mark.parametrize("phone", [PhoneState.BUSY, PhoneState.UNREACHABLE])
def test_nobody_is_dialled_for_an_agent_who_will_not_be_there(phone: PhoneState) -> None:
    world = busy("11", "12")
    promised(world, "c1", "b1")
    world.end("t11")
    world.phone("11", phone)
    world.end("t12")
    world.ask("12", AgentState.NOT_READY)
    assert dialled(world.wait(WRAP_UP + 1)) == []
    assert dialled(world.phone("11", PhoneState.FREE)) == ["b1"]


def test_nobody_is_dialled_while_asterisk_cannot_be_asked() -> None:
    world = busy("11", wrap_up=0)
    promised(world, "c1", "b1")
    world.tell(LinkLost())
    assert dialled(world.end("t11")) == []
    assert dialled(world.tell(Resynced())) == ["b1"]


def test_who_was_not_reached_is_dialled_again_at_its_time_and_keeps_the_place() -> None:
    world = busy("11", wrap_up=0)
    promised(world, "c1", "b1")
    world.end("t11")
    promised(world, "c2", "b2")
    assert dialled(world.tell(CallbackPostponed("b1", world.now + 900))) == ["b2"]
    world.tell(CallLeft("b2", Left.HUNG_UP))
    world.wait(890)
    assert dialled(world.wait(11)) == ["b1"]


def test_a_place_without_a_caller_counts_for_those_behind_and_for_no_figure_of_callers() -> None:
    world = busy("11")
    promised(world, "c1", "b1")
    world.wait(30)
    world.call("behind")
    assert world.engine.position("behind") == 2
    assert world.last(Kind.QUEUED).data["position"] == 2
    view = world.engine.queue_view("trees", world.now)
    assert (view.waiting, view.longest_wait_s, view.callbacks) == (1, 0, 1)
    assert (world.engine.callback_position("b1"), world.engine.callback_position("behind")) == (1, None)
    assert [call.id for call in world.engine.calls()] == ["t11", "behind"]


def test_the_record_of_a_callback_that_is_over_says_who_cancelled_it() -> None:
    world = busy("11")
    promised(world, "c1", "b1")
    promised(world, "c2", "b2")
    world.tell(CallLeft("b1", Left.CANCELLED, Actor.user("li")))
    assert (world.last(Kind.LEFT_QUEUE).call, world.last(Kind.LEFT_QUEUE).actor) == ("b1", Actor.user("li"))
    world.tell(CallLeft("b2", Left.NOT_REACHED))
    assert (world.last(Kind.LEFT_QUEUE).call, world.last(Kind.LEFT_QUEUE).actor) == ("b2", SYSTEM)
    assert world.engine.queue_view("trees", world.now).callbacks == 0


def test_the_oldest_caller_is_the_one_who_was_called_back() -> None:
    world = busy("11")
    promised(world, "c1", "b1")
    world.wait(30)
    world.call("behind")
    world.end("t11")
    world.wait(WRAP_UP - LEAD)
    answers(world, "c2", "b1")
    assert world.engine.queue_view("trees", world.now).longest_wait_s == 30 + WRAP_UP - LEAD


def test_while_an_agent_rings_nobody_hangs_up_to_be_called_back() -> None:
    world = World([queue()], ONE)
    world.call("c1")
    world.tell(CallbackPromised("c1", "b1"))
    world.connect("11")
    assert talks(world, "11") == "c1"


def test_overflow_and_announcements_leave_callbacks_alone() -> None:
    rules = [{"waited": 60, "then": {"hangup": True}}]
    world = World([queue(overflow=rules, announce={"every": 15})], ONE, signed_in=False)
    promised(world, "c1", "b1")
    assert world.wait(120) == []
    assert world.ask("11", AgentState.READY)


def test_a_queue_that_is_taken_out_says_where_its_callbacks_go() -> None:
    world = busy("11")
    promised(world, "c1", "b1")
    effects = world.change([queue("water")], ONE, Onward({"trees": {"queue": "water"}}, {}))
    assert LeaveQueue("b1", "trees", None, {"queue": "water"}) in effects
    assert rings(answers(world, "c2", "b1")) == [], "it waits as any other"


def test_a_limit_holds_citizens_back() -> None:
    world = World([queue(limit=1, wrap_up=0)], [agent("11"), agent("12")])
    world.call("t11")
    world.connect("11")
    world.ask("12", AgentState.NOT_READY)
    promised(world, "c1", "b1")
    promised(world, "c2", "b2")
    assert dialled(world.ask("12", AgentState.READY)) == []
    assert dialled(world.end("t11")) == ["b1"]
    assert dialled(world.wait(30)) == [], "one talk at once"


def test_the_agent_declines_and_the_citizen_waits_on_at_the_place() -> None:
    world = busy("11", "12", wrap_up=0)
    promised(world, "c1", "b1")
    world.end("t11")
    world.call("later")
    answers(world, "c2", "b1")
    world.fail("11", OfferFailure.DECLINED)
    assert world.engine.position("c2") == 1
    assert rings(world.end("t12")) == [("12", "c2")]


# --- the same order as for those who hold


Script = list[tuple[float, Callable[[World], object]]]


def served(seed: int, *, called_back: bool) -> list[tuple[float, str, str]]:
    """Who was served when, and by whom, in a busy hour. `called_back`: every third caller hangs up and is called back,
    and answers at once; otherwise all hold.
    """
    chance = random.Random(seed)
    queues = [
        queue("trees", wrap_up=20, relax=[{"after": 40, "needs": {"water": 1}}]),
        queue("water", wrap_up=10, priority=30),
        queue("gas", needs={"trees": 2}, wrap_up=0, priority_class=1),
    ]
    agents = [
        agent("11", trees=3),
        agent("12", trees=2, water=1, languages=("zh", "en")),
        agent("13", water=2),
        agent("14", water=1, trees=2),
    ]
    world = World(queues, agents)
    arrivals = sorted((chance.uniform(0, 1_800), number) for number in range(160))
    about = {
        number: (chance.choice(["trees", "trees", "water", "gas"]), chance.choice(["zh", "zh", "en"]))
        for _, number in arrivals
    }
    lasts = {number: chance.uniform(10, 60) for _, number in arrivals}
    start, ends = world.now, list[tuple[float, str, str]]()
    found: list[tuple[float, str, str]] = []

    def see(effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, CallBack):
                number = int(effect.callback_id.removeprefix("b"))
                queue_id, language = about[number]
                see(world.tell(CallQueued(f"c{number}", queue_id, language, callback=effect.callback_id)))
        for agent_id, call in rings(effects):
            number = int(call.removeprefix("c"))
            found.append((round(world.now - start, 6), agent_id, call))
            world.connect(agent_id)
            ends.append((world.now + lasts[number], call, agent_id))

    def until(moment: float) -> None:
        while True:
            deadline = world.engine.deadline()
            end = min(ends, default=None)
            due = min(moment, deadline if deadline is not None else moment, end[0] if end is not None else moment)
            if due >= moment and (end is None or end[0] > moment):
                world.now = moment
                return
            if end is not None and end[0] <= due:
                ends.remove(end)
                world.now = end[0]
                see(world.end(end[1]))
            else:
                see(world.wait(due - world.now))

    for at, number in arrivals:
        until(start + at)
        queue_id, language = about[number]
        effects = world.call(f"c{number}", queue_id, language)
        see(effects)
        if called_back and number % 3 == 0 and not rings(effects):
            see(world.tell(CallbackPromised(f"c{number}", f"b{number}")))
    until(start + 7_200)
    assert len(found) == len(arrivals)
    return found


@pytest.mark.parametrize("seed", range(12))
def test_whoever_is_served_next_is_whoever_would_be_if_all_had_held(seed: int) -> None:
    """Across queues, priorities, classes, skills, languages and relaxing steps."""
    assert served(seed, called_back=True) == served(seed, called_back=False)


# --- an agent is rung first ----------------------------------------------------------------------------------------


def first(*agents: str, **rule: Any) -> World:
    """As `busy`, in a queue whose agents are rung before citizens."""
    world = World([queue(agent_first=True, wrap_up=0, **rule)], [agent(each) for each in agents])
    for each in agents:
        world.call(f"t{each}")
    for each in agents:
        world.connect(each)
    return world


def offered(effects: list[Effect]) -> list[tuple[str, str]]:
    """Callbacks, and the agents who are to be rung first."""
    return [(effect.callback_id, effect.agent) for effect in effects if isinstance(effect, CallBack)]


def company(world: World, what: Company | None, failure: OfferFailure | None = None, call: str = "o1") -> list[Effect]:
    """What agent 11 does in the call to the citizen; the state can be had from Records alone."""
    effects = world.tell(CompanyChanged(call, "11", what, "trees", failure=failure))
    floor = world.engine._floor
    queues = {name: each.definition for name, each in floor.queues.items()}
    agents = {each: agent(each) for each in floor.seats}
    again = Engine.restored(queues, agents, None, world.records, seed=1, now=world.now)
    assert plain(again.snapshot(), set(), set()) == plain(world.engine.snapshot(), set(), set())
    return effects


def test_an_agent_who_is_free_is_rung_first_and_nobody_else_is_taken_for_that_citizen() -> None:
    world = first("11", "12")
    promised(world, "c1", "b1")
    assert offered(world.end("t11")) == [("b1", "11")]
    assert (world.last(Kind.CALLBACK_DIALLED).agent, rings(world.call("later"))) == ("11", [])
    company(world, Company.RINGS)
    assert world.state("11") is AgentState.RINGING
    assert rings(world.end("t12")) == [("12", "later")], "this agent is not kept for the citizen"
    assert offered(world.wait(60)) == []
    company(world, Company.ASKED)
    company(world, Company.TALKS)
    world.tell(CallLeft("b1", Left.TALKED))
    assert world.state("11") is AgentState.ON_CALL
    assert world.engine.queue_view("trees", world.now).callbacks == 0


def test_nobody_is_rung_first_who_still_wraps_up() -> None:
    world = World([queue(agent_first=True, wrap_up=WRAP_UP)], ONE)
    world.call("t11")
    world.connect("11")
    promised(world, "c1", "b1")
    world.end("t11")
    assert offered(world.wait(WRAP_UP - 0.1)) == []
    assert offered(world.wait(0.2)) == [("b1", "11")]


def test_the_strategy_of_the_queue_chooses_who_is_rung_first() -> None:
    agents = [agent("11", trees=1), agent("12", trees=3)]
    world = World([queue(agent_first=True, strategy="most-skilled")], agents)
    for each in ("11", "12"):
        world.ask(each, AgentState.NOT_READY)
    promised(world, "c1", "b1")
    world.tell(LinkLost())
    for each in ("11", "12"):
        world.ask(each, AgentState.READY)
    assert offered(world.tell(Resynced())) == [("b1", "12")]


@pytest.mark.parametrize("failure", [OfferFailure.NO_ANSWER, OfferFailure.DECLINED])
def test_who_misses_a_callback_is_not_ready_and_the_next_agent_is_rung(failure: OfferFailure) -> None:
    world = first("11", "12")
    promised(world, "c1", "b1")
    world.end("t11")
    company(world, Company.RINGS)
    company(world, None, failure)
    assert (world.state("11"), world.engine.agent_view("11").reason) == (AgentState.NOT_READY, RONA)
    assert world.engine.agent_day("11", world.now).missed == 1
    assert offered(world.tell(CallbackPostponed("b1", world.now, "agent"))) == []
    assert offered(world.end("t12")) == [("b1", "12")]


def test_a_phone_that_could_not_be_rung_is_paused_and_an_answer_forgets_what_was_missed() -> None:
    world = first("11", missed_offers=2)
    promised(world, "c1", "b1")
    assert offered(world.end("t11")) == [("b1", "11")]
    company(world, Company.RINGS)
    company(world, None, OfferFailure.UNREACHABLE)
    world.tell(CallbackPostponed("b1", world.now, "agent"))
    assert offered(world.wait(FIRST_PAUSE)) == [("b1", "11")]
    company(world, Company.RINGS, call="o2")
    company(world, None, OfferFailure.NO_ANSWER, call="o2")
    assert (world.state("11"), world.engine.agent_view("11").missed_offers) == (AgentState.READY, 1)
    assert offered(world.tell(CallbackPostponed("b1", world.now, "agent"))) == [("b1", "11")]
    company(world, Company.RINGS, call="o3")
    company(world, Company.ASKED, call="o3")
    assert world.engine.agent_view("11").missed_offers == 0
    company(world, None, call="o3")
    assert world.state("11") is AgentState.READY, "the citizen was not reached: there is nothing to wrap up"


def test_who_rings_in_gets_the_agent_who_rang_for_the_callback() -> None:
    world = first("11")
    promised(world, "c1", "b1")
    world.end("t11")
    company(world, Company.RINGS)
    assert rings(answers(world, "c2", "b1")) == []
    assert rings(company(world, None)) == [("11", "c2")]
