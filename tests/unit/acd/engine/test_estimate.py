"""How long a caller may expect to wait."""

from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.engine import estimate
from acd.engine.averages import HandlingTime, Staying
from acd.events import Tick
from acd.model import Queue
from agents.model import Agent
from agents.states import AgentState, PhoneState
from tests.unit.acd.world import World, agent, queue

HANDLING = 200.0
"""Seconds that a call takes before any has been seen, with 20 seconds of wrap-up."""

STAY = 0.9
"""How much a caller ahead counts, before any caller has given up."""


def full(queues: list[Queue], agents: list[Agent]) -> World:
    """Every agent talks with a caller, in a queue that serves nothing else."""
    busy = queue("busy", needs={"talk": 1}, wrap_up=20, priority_class=9)
    talking = [who.model_copy(update={"skills": {**who.skills, "talk": 1}}) for who in agents]
    world = World([*queues, busy], talking)
    for who in agents:
        world.call(f"with {who.id}", "busy")
        world.connect(who.id)
    return world


def expected(world: World, call: str) -> float:
    found = world.engine.expected_wait(call)
    assert found is not None
    return found


def test_nobody_at_work_gives_no_estimate() -> None:
    world = World([queue()], [agent("11"), agent("12", water=1)], signed_in=False)
    world.call("c1")
    world.ask("12", AgentState.READY)
    assert world.engine.expected_wait("c1") is None
    assert world.engine.queue_view("trees", world.now).estimate_s is None
    assert world.engine.expected_wait("unknown") is None
    world.ask("11", AgentState.READY)
    assert world.engine.expected_wait("c1") is None, "c1 does not wait any more"


def test_in_a_queue_of_its_own_it_is_position_by_handling_by_agents() -> None:
    world = full([queue(wrap_up=20)], [agent("11"), agent("12")])
    for number in range(1, 6):
        world.call(f"c{number}")
        assert expected(world, f"c{number}") == pytest.approx((1 + (number - 1) * STAY) * HANDLING / 2)
    shown = world.engine.queue_view("trees", world.now).estimate_s
    assert shown == pytest.approx((1 + 5 * STAY) * HANDLING / 2)


def test_callers_of_other_queues_count_as_far_as_they_need_the_same_agents() -> None:
    agents = [agent("11", trees=1), agent("12", trees=1, water=1), agent("13", water=1)]
    world = full([queue(wrap_up=20), queue("water", wrap_up=20)], agents)
    for number in range(4):
        world.call(f"w{number}", "water")
    world.call("t1")
    # each of the four keeps agent 12, one of two for `trees`, busy for HANDLING / 2
    assert expected(world, "t1") == pytest.approx((HANDLING + 4 * STAY * HANDLING / 2) / 2)
    world.call("w4", "water")
    assert expected(world, "t1") == pytest.approx((HANDLING + 4 * STAY * HANDLING / 2) / 2), "t1 is behind"
    apart = full([queue(wrap_up=20), queue("water", wrap_up=20)], [agent("11", trees=1), agent("12", water=1)])
    apart.call("w1", "water")
    apart.call("t1")
    assert expected(apart, "t1") == HANDLING


def test_callers_ahead_count_as_far_as_callers_stay() -> None:
    world = full([queue(wrap_up=20)], [agent("11")])
    world.call("c1")
    world.call("c2")
    for number in range(10):
        world.call(f"gone {number}")
        world.wait(16 if number < 5 else 15)
        world.leave(f"gone {number}")
    stay = STAY * (10 / 11) * (11 / 12) * (12 / 13) * (13 / 14) * (14 / 15)
    assert expected(world, "c2") == pytest.approx((1 + stay) * HANDLING), "those who left at once tell nothing"
    staying = Staying()
    for _ in range(1_000):
        staying.add(16, stayed=True)
    assert staying.share == pytest.approx(1, abs=0.0001), "the newest hundred"


def test_a_higher_class_stands_ahead() -> None:
    queues = [queue(wrap_up=20), queue("water", wrap_up=20, priority_class=1)]
    world = full(queues, [agent("11", trees=1, water=1)])
    world.call("t1")
    assert expected(world, "t1") == HANDLING
    world.call("w1", "water")
    assert expected(world, "t1") == pytest.approx((1 + STAY) * HANDLING)


def test_relaxing_makes_it_shorter_and_it_falls_as_the_step_comes_nearer() -> None:
    relax = [{"after": 100, "needs": {"general": 1}}]
    agents = [agent("11", trees=1), agent("12", general=1), agent("13", general=1), agent("14", general=1)]
    world = full([queue(wrap_up=20, relax=relax)], agents)
    world.call("c1")
    # half of the way in the first 100 seconds, the rest with four agents
    assert expected(world, "c1") == pytest.approx(100 + 0.5 * HANDLING / 4)
    world.wait(60)
    world.tell(Tick())
    assert expected(world, "c1") == pytest.approx(40 + 0.8 * HANDLING / 4)
    world.wait(40)
    assert expected(world, "c1") == pytest.approx(HANDLING / 4)


def test_an_agent_who_is_ready_for_a_later_step_serves_the_caller_when_it_comes() -> None:
    relax = [{"after": 30, "needs": {"general": 1}}]
    world = full([queue(wrap_up=20, relax=relax)], [agent("11")])
    world.change([queue(wrap_up=20, relax=relax)], [agent("11"), agent("12", general=1)])
    world.phone("12", PhoneState.FREE)
    world.ask("12", AgentState.READY)
    world.call("c1")
    assert expected(world, "c1") == 30
    world.call("c2")
    assert expected(world, "c2") > 30, "the agent serves c1"


def test_a_caller_whose_agents_are_gone_takes_no_agent_from_another() -> None:
    both, relax = {"trees": 1, "water": 1}, [{"after": 30, "needs": {"general": 1}}]
    agents = [agent("11", trees=1, water=1), agent("12", general=1)]
    world = World([queue(needs=both, relax=relax), queue("both", needs=both)], agents)
    world.ask("11", AgentState.LOGGED_OUT)
    world.call("b1", "both")
    world.call("t1")
    assert expected(world, "t1") == 30


def test_an_agent_on_a_break_frees_nobody() -> None:
    world = full([queue(wrap_up=20)], [agent("11"), agent("12")])
    world.call("c1")
    assert expected(world, "c1") == HANDLING / 2
    world.ask("12", AgentState.NOT_READY)
    world.end("with 12")
    world.wait(20)
    assert expected(world, "c1") == pytest.approx(HANDLING)


skills = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.integers(1, 2), min_size=1)
steps = st.lists(skills, max_size=2).map(
    lambda needs: [{"after": 40 * (n + 1), "needs": need} for n, need in enumerate(needs)]
)


@given(
    needs=st.lists(st.tuples(skills, steps), min_size=1, max_size=3),
    agents=st.lists(skills, min_size=1, max_size=6),
    calls=st.lists(st.tuples(st.integers(0, 2), st.sampled_from([0, 7, 30])), min_size=1, max_size=12),
)
def test_it_never_rises_while_nothing_changes_but_the_time(
    needs: list[tuple[dict[str, int], list[dict[str, Any]]]],
    agents: list[dict[str, int]],
    calls: list[tuple[int, int]],
) -> None:
    queues = [queue(f"q{n}", needs=need, relax=relax) for n, (need, relax) in enumerate(needs)]
    people = [Agent(id=str(10 + n), name="-", skills=known, languages=("zh",)) for n, known in enumerate(agents)]
    world = full(queues, people)
    for number, (where, pause) in enumerate(calls):
        world.call(f"c{number}", f"q{where % len(queues)}")
        world.now += pause
    world.tell(Tick())
    before: dict[str, float] = {}
    for _ in range(20):
        for number in range(len(calls)):
            now = world.engine.expected_wait(f"c{number}")
            assert now is None or now <= before.get(f"c{number}", inf) + 1e-6
            if now is not None:
                before[f"c{number}"] = now
        world.wait(8)
        world.tell(Tick())


def test_steps_are_gone_through_one_after_the_other() -> None:
    assert estimate.through([(0, 50)]) == 50
    assert estimate.through([(0, inf)]) == inf
    assert estimate.through([(0, inf), (30, 20)]) == 50
    assert estimate.through([(-60, 100), (-30, 80), (10, 40)]) == pytest.approx(10 + 40 * (1 - 10 / 80))
    assert estimate.through([(0, 100), (20, 50), (40, 25)]) == pytest.approx(50)
    assert estimate.through([(0, 100), (20, 400)]) == 100, "more agents never make it longer"
    assert estimate.through([(0, 100), (20, 0)]) == 20
    assert estimate.through([(0, 10), (20, 0)]) == 10


def test_the_handling_time_begins_with_its_prior_and_follows_what_is_seen() -> None:
    handling = HandlingTime()
    assert handling.mean(wrap_up=20) == 200
    assert handling.mean(wrap_up=60) == 240
    handling.add(310)
    assert handling.mean(wrap_up=20) == pytest.approx(210)  # (10 * 200 + 310) / 11
    for _ in range(1_000):
        handling.add(60)
    assert handling.mean(wrap_up=20) == pytest.approx(60, abs=0.1)


@pytest.mark.parametrize(
    ("seconds", "spoken"), [(0, 60), (59, 60), (61, 120), (600, 600), (601, 900), (900, 900), (901, 1200)]
)
def test_it_is_rounded_up_for_speech(seconds: float, spoken: float) -> None:
    assert estimate.spoken(seconds) == spoken


@pytest.mark.parametrize("wrap_up", [0, 20])
def test_a_queue_learns_how_long_a_call_keeps_an_agent_from_the_ring_to_the_end_of_the_wrap_up(wrap_up: int) -> None:
    world = World([queue(wrap_up=wrap_up)], [agent("11")])
    world.call("c1")
    world.wait(7)
    world.answer("11")
    world.wait(3)
    world.talk("11", 500)
    world.wait(wrap_up)
    world.call("c2")
    world.call("c3")
    assert expected(world, "c3") == pytest.approx((10 * (180 + wrap_up) + 7 + 3 + 500 + wrap_up) / 11)
