"""Who is served next, and by whom."""

import itertools
from typing import Any

import pytest

from agents.states import AgentState
from journal.records import Kind
from tests.unit.acd.world import START, World, agent, queue, rings


def test_the_longest_waiting_is_served_first() -> None:
    world = World([queue()], [agent("11")], signed_in=False)
    for call in ("c1", "c2", "c3"):
        world.call(call)
        world.wait(1)
    assert [world.engine.position(call) for call in ("c1", "c2", "c3")] == [1, 2, 3]
    assert [r.data["position"] for r in world.records if r.kind is Kind.QUEUED] == [1, 2, 3]
    world.call("c0", head_start=2.5)
    assert world.last(Kind.QUEUED).data["position"] == 2
    world.call("c5", head_start=1.5)
    assert world.last(Kind.QUEUED).data["position"] == 4, "before c3"
    for gone in ("c0", "c5"):
        world.leave(gone)
    world.call("c4")
    assert world.last(Kind.QUEUED).data["position"] == 4
    assert rings(world.ask("11", AgentState.READY)) == [("11", "c1")]
    assert [world.engine.position(call) for call in ("c2", "c3")] == [1, 2]


def test_callers_who_enter_in_the_same_moment_are_served_in_the_order_of_arrival() -> None:
    world = World([queue()], [agent("11")], signed_in=False)
    for call in ("z", "a", "m"):
        world.call(call)
    assert [world.engine.position(call) for call in ("z", "a", "m")] == [1, 2, 3]


def test_skills_levels_and_language_are_all_needed() -> None:
    world = World(
        [queue(needs={"trees": 3, "insects": 2})],
        [
            agent("11", trees=5),
            agent("12", trees=2, insects=5),
            agent("13", trees=5, insects=5, languages=("en",)),
        ],
    )
    assert rings(world.call("c1")) == []
    assert rings(world.call("c2", language="en")) == [("13", "c2")]


def test_head_starts_are_compared_across_queues() -> None:
    world = World([queue("a", priority=30), queue("b")], [agent("11", a=1, b=1)], signed_in=False)
    world.call("early", "b")
    world.wait(29)
    world.call("prior", "a")  # one second ahead of `early`
    world.wait(5)
    world.call("late", "b", head_start=40)  # ahead of both
    order = []
    world.ask("11", AgentState.READY)
    while world.rings():
        order.append(world.rings()["11"])
        world.leave(order[-1])
    assert order == ["late", "prior", "early"]


def test_a_higher_class_goes_before_whatever_the_wait_and_the_head_start() -> None:
    queues = [queue("a", priority_class=1), queue("b", priority=86_400), queue("c", priority_class=1, priority=20)]
    world = World(queues, [agent("11", a=1, b=1, c=1), agent("12", b=1)], signed_in=False)
    world.call("first", "b", head_start=86_400)
    world.wait(3_600)
    world.call("a1", "a")
    world.wait(10)
    world.call("c1", "c")
    assert world.engine.position("first") == 1, "the position counts within one queue"
    assert rings(world.ask("12", AgentState.READY)) == [("12", "first")], "12 fits no caller of the higher class"
    world.leave("first")
    world.call("b2", "b")
    assert world.rings() == {"12": "b2"}
    order = []
    world.call("b3", "b")
    world.ask("11", AgentState.READY)
    while "11" in world.rings():
        order.append(world.rings()["11"])
        world.leave(order[-1])
    assert order == ["c1", "a1", "b3"]


def test_classes_keep_microseconds_apart_and_the_order_of_arrival() -> None:
    world = World([queue(priority_class=9)], [agent("11")], signed_in=False)
    world.now = 1_770_000_000.0
    for number in range(50):
        world.call(str(number))
        world.now += 2e-6
    assert [world.engine.position(str(number)) for number in range(50)] == list(range(1, 51))


def test_a_head_start_of_a_call_has_a_bound() -> None:
    world = World([queue(), queue("water", priority_class=1)], [agent("11", trees=1, water=1)], signed_in=False)
    world.call("greedy", head_start=1e12)
    world.call("c1", "water")
    world.call("modest", head_start=-1e12)
    assert world.last(Kind.QUEUED).data["head_start"] == -86_400
    assert rings(world.ask("11", AgentState.READY)) == [("11", "c1")]


def test_a_head_of_line_whom_nobody_fits_blocks_nobody() -> None:
    world = World([queue(needs={"trees": 5}), queue("water")], [agent("11", trees=4, water=1)])
    world.call("expert")
    world.call("english", language="en")
    assert rings(world.call("c3", "water")) == [("11", "c3")]


def test_relaxing_brings_others_in_at_its_time() -> None:
    relax = [{"after": 30, "needs": {"trees": 1}}, {"after": 60, "needs": {"general": 1}}]
    world = World([queue(needs={"trees": 3}, relax=relax)], [agent("11", trees=1), agent("12", general=1)])
    world.call("c1")
    assert world.wait(29.9) == []
    assert rings(world.wait(0.1)) == [("11", "c1")]
    assert world.last(Kind.OFFERED).data["step"] == 1
    assert world.fail("11") == [], "not yet"
    assert world.wait(29.9) == []
    assert rings(world.wait(0.1)) == [("12", "c1")]
    assert world.last(Kind.OFFERED).data["step"] == 2


def test_nobody_behind_is_served_before_a_caller_at_the_front_only_because_of_a_longer_wait() -> None:
    """The other caller's relaxing step is in, so that caller takes an agent of less skill."""
    relax = [{"after": 30, "needs": {"general": 1}}]
    world = World([queue(relax=relax)], [agent("11", general=1)], signed_in=False)
    world.call("waits")
    world.wait(40)
    world.call("back", head_start=86_400.0)
    assert rings(world.ask("11", AgentState.READY)) == [("11", "back")]


def test_relaxing_goes_on_while_it_rings_and_while_nobody_is_signed_in() -> None:
    relax = [{"after": 30, "needs": {"general": 1}}]
    world = World([queue(needs={"trees": 3}, relax=relax, ring=60)], [agent("11", trees=3), agent("12", general=1)])
    world.call("c1")
    world.wait(40)
    assert rings(world.fail("11")) == [("12", "c1")]
    alone = World([queue(needs={"trees": 3}, relax=relax)], [agent("12", general=1)], signed_in=False)
    alone.call("c1")
    alone.wait(31)
    assert rings(alone.ask("12", AgentState.READY)) == [("12", "c1")]


def test_a_relaxed_caller_who_left_stands_nowhere_any_more() -> None:
    relax = [{"after": 30, "needs": {"general": 1}}]
    world = World([queue(relax=relax)], [agent("11"), agent("12", general=1)], signed_in=False)
    world.call("c1")
    world.wait(30)
    assert world.engine.position("c1") == 1
    world.leave("c1")
    for who in ("11", "12"):
        assert world.ask(who, AgentState.READY) == []


def test_an_earlier_step_is_preferred_while_an_agent_who_fits_it_is_ready() -> None:
    relax: list[dict[str, Any]] = [{"after": 0, "needs": {"general": 1}}]
    world = World([queue(needs={"trees": 3}, relax=relax)], [agent("11", general=5)])
    world.wait(100)  # agent 11 is idle longest
    late = World([queue(needs={"trees": 3}, relax=relax)], [agent("11", general=5), agent("12", trees=3)])
    assert rings(world.call("c1")) == [("11", "c1")]
    assert rings(late.call("c1")) == [("12", "c1")]
    third = World([queue(needs={"trees": 3}, relax=relax)], [agent("12", trees=3), agent("11", general=5)])
    assert rings(third.call("c1")) == [("12", "c1")]
    both = World([queue(needs={"trees": 3}, relax=relax)], [agent("11", general=5), agent("12", trees=3, general=1)])
    assert rings(both.call("c1")) == [("12", "c1")], "the earliest step that the agent meets counts"


def test_a_relaxed_caller_who_waited_longer_goes_before_one_who_fits_exactly() -> None:
    relax = [{"after": 10, "needs": {"general": 1}}]
    world = World(
        [queue(needs={"trees": 3}, relax=relax), queue("general")],
        [agent("11", general=1)],
        signed_in=False,
    )
    world.call("trees", "trees")
    world.wait(5)
    world.call("general", "general")
    world.wait(6)
    assert rings(world.ask("11", AgentState.READY)) == [("11", "trees")]


def strategy_world(strategy: str, **settings: Any) -> World:
    return World(
        [queue(strategy=strategy, wrap_up=0, needs={"trees": 1}, **settings)],
        [agent("13", trees=2), agent("11", trees=4), agent("12", trees=4)],
        signed_in=False,
    )


def sign_in(world: World, *agents: str) -> None:
    for who in agents:
        world.wait(1)
        world.ask(who, AgentState.READY)


def serve(world: World, calls: int, talk: float = 10) -> list[str]:
    """The agents rung for one caller after the other; every call is answered."""
    rung = []
    for _ in range(calls):
        call = f"c{len(world.records)}"
        ((who, _),) = rings(world.call(call))
        rung.append(who)
        world.talk(who, talk)
    return rung


def test_longest_idle() -> None:
    world = strategy_world("longest-idle")
    sign_in(world, "12", "13", "11")
    assert serve(world, 4) == ["12", "13", "11", "12"]


@pytest.mark.parametrize(
    ("strategy", "first"),
    [("longest-idle", "12"), ("fewest-calls", "13"), ("least-talk", "11"), ("most-skilled", "12")],
)
def test_idle_time_calls_and_talk_are_told_apart(strategy: str, first: str) -> None:
    world = strategy_world(strategy)
    for who, calls in (("12", (30, 30, 30)), ("13", (100,)), ("11", (5, 5))):
        world.ask(who, AgentState.READY)
        for talk in calls:
            serve(world, 1, talk)
        world.ask(who, AgentState.NOT_READY)
    sign_in(world, "12", "11", "13")
    assert serve(world, 1) == [first]


@pytest.mark.parametrize("strategy", ["fewest-calls", "least-talk"])
def test_a_day_ends_while_agents_are_ready(strategy: str) -> None:
    world = strategy_world(strategy)
    for who, calls in (("12", 5), ("13", 1)):
        sign_in(world, who)
        serve(world, calls, 30)
        world.ask(who, AgentState.NOT_READY)
    sign_in(world, "12", "13")
    assert serve(world, 1) == ["13"]
    world.now = START - START % 86_400 + 86_400  # midnight
    assert serve(world, 3) == ["12", "13", "12"]
    assert [rings(world.call(call)) for call in ("a", "b", "c")] == [[("13", "a")], [("12", "b")], []]


@pytest.mark.parametrize("strategy", ["longest-idle", "most-skilled", "fewest-calls", "least-talk"])
def test_ties_between_agents_with_different_skills_go_to_the_longest_idle_then_to_the_lower_id(
    strategy: str,
) -> None:
    def world() -> World:
        agents = [agent("12", trees=4, water=1), agent("11", trees=4, air=1)]
        return World([queue(strategy=strategy)], agents, signed_in=False)

    idle, together = world(), world()
    sign_in(idle, "12", "11")
    assert rings(idle.call("c1")) == [("12", "c1")]
    for who in ("12", "11"):
        together.ask(who, AgentState.READY)
    assert rings(together.call("c1")) == [("11", "c1")]


def test_idle_time_is_not_reset_by_a_ring_that_came_to_nothing() -> None:
    world = strategy_world("longest-idle")
    sign_in(world, "12", "13", "11")
    world.call("c1")
    world.leave("c1")
    assert rings(world.call("c2")) == [("12", "c2")]


def test_ties_go_to_the_lower_id() -> None:
    world = strategy_world("longest-idle")
    for who in ("13", "12", "11"):
        world.ask(who, AgentState.READY)
    assert serve(world, 1) == ["11"]


def test_most_skilled_then_longest_idle() -> None:
    world = strategy_world("most-skilled")
    sign_in(world, "13", "12", "11")
    assert serve(world, 4) == ["12", "11", "12", "11"]


def test_fewest_calls_of_the_day() -> None:
    world = strategy_world("fewest-calls")
    sign_in(world, "12")
    assert serve(world, 2) == ["12", "12"]
    sign_in(world, "13", "11")
    assert serve(world, 5) == ["13", "11", "13", "11", "12"]


def test_least_talk_of_the_day_and_a_new_day() -> None:
    world = strategy_world("least-talk")
    sign_in(world, "12")
    serve(world, 1, talk=100)
    sign_in(world, "11")
    serve(world, 1, talk=50)
    sign_in(world, "13")
    assert serve(world, 1, talk=60) == ["13"]
    assert serve(world, 1, talk=1) == ["11"]
    world.now = START - START % 86_400 + 86_400  # midnight
    assert serve(world, 1, talk=1) == ["12"], "all have talked for nothing today; 12 is idle longest"


def test_round_robin_remembers() -> None:
    world = strategy_world("round-robin")
    sign_in(world, "12", "13", "11")
    assert serve(world, 5) == ["13", "11", "12", "13", "11"], "the order of agents.yaml"
    world.ask("12", AgentState.NOT_READY)
    assert serve(world, 2) == ["13", "11"]


def test_linear_begins_at_the_top() -> None:
    world = strategy_world("linear")
    sign_in(world, "12", "11", "13")
    assert serve(world, 2) == ["13", "13"]
    world.call("a")
    assert rings(world.call("b")) == [("11", "b")]


def test_random_is_even_and_repeats_with_its_seed() -> None:
    world, again = strategy_world("random"), strategy_world("random")
    for each in (world, again):
        sign_in(each, "11", "12", "13")
    rung = serve(world, 300)
    assert serve(again, 300) == rung
    pairs = [f"{one} {next_one}" for one, next_one in itertools.pairwise(rung)]
    assert len(set(pairs)) == 9
    assert all(18 <= pairs.count(pair) <= 48 for pair in pairs), "each is as likely, also the one rung last"
    assert serve(world, 30) != rung[:30]


@pytest.mark.parametrize(
    "strategy", ["longest-idle", "most-skilled", "fewest-calls", "least-talk", "round-robin", "linear", "random"]
)
def test_every_strategy_passes_a_missed_call_to_another(strategy: str) -> None:
    world = strategy_world(strategy, missed_offers=9)
    sign_in(world, "11", "12")
    world.call("c1")
    (first,) = world.rings()
    ((second, _),) = rings(world.fail(first))
    assert {first, second} == {"11", "12"}


def test_the_rule_of_choice_is_recorded() -> None:
    world = World([queue(strategy="linear", wrap_up=0)], [agent("11")])
    world.call("c1")
    assert world.last(Kind.OFFERED).data == {"ring": 15, "step": 0, "rule": "linear"}
    world.call("c2")
    world.leave("c1")
    assert world.last(Kind.OFFERED).data["rule"] == "longest-waiting"


def test_ten_thousand_callers_in_one_second_are_served_in_order() -> None:
    world = World([queue()], [agent("11")], signed_in=False)
    for number in range(10_000):
        world.now += 0.0001
        world.call(str(number))
    assert world.engine.position("9999") == 10_000
    assert rings(world.ask("11", AgentState.READY)) == [("11", "0")]
    for number in range(200):
        assert rings(world.leave(str(number))) == [("11", str(number + 1))]


def test_the_clock_never_goes_back() -> None:
    world = World([queue(ring=10)], [agent("11")])
    world.wait(100)
    world.call("c1")
    world.now -= 3600
    world.call("c2")
    assert [r.at for r in world.records] == sorted(r.at for r in world.records)
    assert world.engine.deadline() == START + 115
    world.leave("c1")
    assert rings(world.effects)[-1] == ("11", "c2")
