"""The waiting callers as those who watch see them: their order, and why each waits."""

from hypothesis import given, settings
from hypothesis import strategies as st

from acd.callers import MOST_AGENTS, AbleAgent, CallerView, Obstacle, Reason, Shortfall
from acd.events import CallQueued, Sticky
from agents.states import AgentState, PhoneState
from tests.unit.acd.world import START, World, agent, queue

TREES = queue(needs={"trees": 3}, relax=[{"after": 30, "needs": {"trees": 1}}, {"after": 60, "needs": {"general": 1}}])
A_DAY = 86_400.0


def seen(world: World, queue_id: str = "trees", limit: int = 50) -> list[CallerView]:
    return list(world.engine.callers(queue_id, world.now, limit))


def reason(world: World) -> Reason:
    """Why the only caller waits."""
    (view,) = seen(world)
    return view.reason


def test_in_the_order_in_which_they_are_served() -> None:
    world = World([queue(), queue("water")], [agent("1001", trees=3)], signed_in=False)
    world.call("first")
    world.call("other", "water")
    world.wait(5)
    world.call("second")
    world.call("long", head_start=60)
    world.call("front", head_start=A_DAY)
    views = seen(world)
    assert [view.call_id for view in views] == ["front", "long", "first", "second"]
    assert [view.position for view in views] == [1, 2, 3, 4]
    assert [view.head_start for view in views] == [A_DAY, 60, 0, 0]
    world.now += 2.5
    first = seen(world)[2]
    assert (first.language, first.entered, first.waited, first.ringing) == ("zh", START, 7.5, ())


def test_relaxing_changes_no_order() -> None:
    world = World([TREES], [], signed_in=False)
    for number in range(4):
        world.call(f"c{number}", language="en" if number % 2 else "zh")
        world.wait(20)
    assert [view.call_id for view in seen(world)] == ["c0", "c1", "c2", "c3"]


def test_only_as_many_as_asked_for() -> None:
    world = World([queue()], [], signed_in=False)
    for number in range(10):
        world.call(f"c{number}")
    assert [view.call_id for view in seen(world, limit=3)] == ["c0", "c1", "c2"]


def test_a_caller_for_whom_an_agent_rings_comes_first_and_has_no_position() -> None:
    world = World([queue()], [agent("1001", trees=3)])
    world.call("rung")
    world.call("front", head_start=A_DAY)
    rung, front = seen(world)
    assert (rung.call_id, rung.position, rung.ringing, rung.expected) == ("rung", None, ("1001",), None)
    assert rung.reason.obstacle is Obstacle.RINGING
    assert (front.call_id, front.position, front.ringing) == ("front", 1, ())
    assert front.reason.obstacle is Obstacle.BUSY


def test_a_caller_who_talks_does_not_wait() -> None:
    world = World([queue()], [agent("1001", trees=3)])
    world.call("c1")
    world.answer("1001")
    world.connect("1001")
    assert seen(world) == []


def test_a_caller_who_goes_while_the_list_is_told_is_left_out() -> None:
    world = World([queue()], [], signed_in=False)
    for number in range(4):
        world.call(f"c{number}")
    told = world.engine.callers("trees", world.now, 50)
    assert next(told).call_id == "c0"
    world.leave("c1")
    world.call("late")
    assert [view.call_id for view in told] == ["c2", "c3"]


def test_the_estimate_is_the_engines_own() -> None:
    world = World([queue()], [agent("1001", trees=3)])
    for call in ("talks", "c1", "c2"):
        world.call(call)
    world.answer("1001")
    world.connect("1001")
    assert [view.expected for view in seen(world)] == [
        world.engine.expected_wait("c1"),
        world.engine.expected_wait("c2"),
    ]
    assert seen(world)[0].expected


def test_nobody_able_is_signed_in_and_by_how_much() -> None:
    world = World([TREES], [agent("1001", trees=2, general=4), agent("1002", trees=1)])
    world.call("c1")
    assert reason(world) == Reason(
        obstacle=Obstacle.NOBODY,
        needs=({"trees": 3},),
        next_at=START + 30,
        next_needs={"trees": 1},
        no_speaker=False,
        short={"trees": Shortfall(3, 2)},
        able=0,
        agents=(),
    )


def test_a_caller_who_waits_for_the_agent_of_last_time_stands_in_the_order() -> None:
    world = World([queue()], [agent("1001", trees=3), agent("1002", trees=3)])
    for call, agent_id in (("c1", "1001"), ("c2", "1002")):
        world.call(call)
        world.answer(agent_id)
        world.connect(agent_id)
    world.call("c3")
    world.tell(CallQueued("again", "trees", "zh", sticky=Sticky("1001", 60)))
    world.call("c4")
    assert [view.call_id for view in seen(world)] == ["c3", "again", "c4"]
    assert [view.position for view in seen(world)] == [1, 2, 3]
    first, told, last = (view.reason for view in seen(world))
    assert (told.obstacle, told.sticky, told.sticky_until) == (Obstacle.STICKY, "1001", START + 60)
    assert (first.obstacle, first.sticky, last.obstacle, last.sticky_until) == (
        Obstacle.BUSY,
        None,
        Obstacle.BUSY,
        None,
    )


def test_the_alternative_that_counts_now_is_the_newest_one() -> None:
    world = World([TREES], [agent("1001", water=5)])
    world.call("c1")
    world.wait(45)
    told = reason(world)
    assert told.needs == ({"trees": 3}, {"trees": 1})
    assert told.short == {"trees": Shortfall(1, 0)}
    assert (told.next_at, told.next_needs) == (START + 60, {"general": 1})
    world.wait(45)
    told = reason(world)
    assert (told.short, told.next_at, told.next_needs) == ({"general": Shortfall(1, 0)}, None, None)


def test_a_language_that_nobody_speaks() -> None:
    world = World([queue()], [agent("1001", trees=5)])
    world.call("c1", language="en")
    told = reason(world)
    assert (told.obstacle, told.no_speaker, told.short) == (Obstacle.NOBODY, True, {})


def test_levels_that_nobody_has_together_are_all_named() -> None:
    both = queue(needs={"trees": 3, "law": 2})
    world = World([both], [agent("1001", trees=5), agent("1002", law=5)])
    world.call("c1")
    assert reason(world).short == {"trees": Shortfall(3, 5), "law": Shortfall(2, 5)}


def test_nobody_is_signed_in_at_all() -> None:
    world = World([queue()], [agent("1001", trees=5)], signed_in=False)
    world.call("c1")
    told = reason(world)
    assert (told.obstacle, told.no_speaker, told.short, told.able) == (Obstacle.NOBODY, False, {}, 0)


def test_who_could_take_the_call_and_when() -> None:
    """A call of average length, 180 s and the wrap-up; the end of a wrap-up and of a pause; else nobody knows."""
    busy = queue(wrap_up=20)
    world = World([busy], [agent(str(number)) for number in range(1001, 1005)])
    for number in range(4):
        world.call(f"c{number}")
    for number in range(1001, 1004):
        world.answer(str(number))
        world.connect(str(number))
    world.wait(100)
    world.end(world.engine.agent_view("1003").call_id or "")
    world.call("waits")
    told = next(view for view in seen(world) if view.call_id == "waits").reason
    assert (told.obstacle, told.able, told.short) == (Obstacle.BUSY, 4, {})
    assert told.agents[0] == AbleAgent("1003", AgentState.WRAP_UP, PhoneState.FREE, world.now + 20)
    assert [(able.id, able.free_at) for able in told.agents[1:3]] == [("1001", START + 200), ("1002", START + 200)]
    world.now += 500  # these calls have lasted longer than the average
    told = next(view for view in seen(world) if view.call_id == "waits").reason
    assert [(able.id, able.free_at) for able in told.agents[1:3]] == [("1001", None), ("1002", None)]


def test_an_agent_who_has_a_break_after_the_call_is_not_expected() -> None:
    world = World([queue()], [agent("1001")])
    world.call("c1")
    world.answer("1001")
    world.connect("1001")
    world.ask("1001", AgentState.NOT_READY, "lunch")
    world.call("waits")
    (able,) = reason(world).agents
    assert (able.state, able.free_at) == (AgentState.ON_CALL, None)


def test_a_break_and_a_phone_that_cannot_be_reached() -> None:
    world = World([queue()], [agent("1001"), agent("1002")])
    world.ask("1001", AgentState.NOT_READY)
    world.phone("1002", PhoneState.UNREACHABLE)
    world.call("c1")
    told = reason(world)
    assert (told.obstacle, told.able) == (Obstacle.NOT_READY, 2)
    assert [(able.id, able.state, able.phone) for able in told.agents] == [
        ("1001", AgentState.NOT_READY, PhoneState.FREE),
        ("1002", AgentState.READY, PhoneState.UNREACHABLE),
    ]


def test_what_the_free_agents_lack_is_told_while_the_able_ones_are_busy() -> None:
    world = World([queue(needs={"trees": 3})], [agent("1001", trees=3), agent("1002", trees=2)])
    world.call("c1")
    world.call("waits")
    told = seen(world)[1].reason
    assert (told.obstacle, told.able, told.short) == (Obstacle.BUSY, 1, {"trees": Shortfall(3, 2)})


def test_few_agents_are_named_and_all_are_counted() -> None:
    world = World([queue()], [agent(str(number)) for number in range(1001, 1021)])
    for who in range(1001, 1021):
        world.ask(str(who), AgentState.NOT_READY)
    world.call("c1")
    told = reason(world)
    assert (told.able, len(told.agents)) == (20, MOST_AGENTS)


def test_a_line_up_has_the_same_order_without_the_reasons() -> None:
    world = World([queue(), queue("water")], [agent("1001", trees=3)])
    for call, where in (("rung", "trees"), ("c1", "trees"), ("w1", "water")):
        world.call(call, where)
    world.call("front", head_start=A_DAY)
    lines = world.engine.line_up(["trees", "water", "gone"], 2)
    assert {name: [one.call_id for one in line] for name, line in lines.items()} == {
        "trees": ["rung", "front"],
        "water": ["w1"],
    }
    rung, front = lines["trees"]
    assert (rung.ringing, rung.entered, rung.language, front.ringing, front.head_start) == (
        ("1001",),
        *(START, "zh", (), A_DAY),
    )


@given(
    calls=st.lists(
        st.tuples(
            st.sampled_from(["zh", "en"]), st.sampled_from([0.0, 0.0, 30.0, A_DAY]), st.sampled_from([0, 0, 7, 31])
        ),
        max_size=30,
    )
)
@settings(max_examples=200)
def test_the_list_and_the_positions_agree(calls: list[tuple[str, float, int]]) -> None:
    world = World([TREES], [], signed_in=False)
    for number, (language, head_start, seconds) in enumerate(calls):
        world.call(f"c{number}", language=language, head_start=head_start)
        world.wait(seconds)
    views = seen(world)
    assert [view.position for view in views] == list(range(1, len(calls) + 1))
    assert all(world.engine.position(view.call_id) == view.position for view in views)
