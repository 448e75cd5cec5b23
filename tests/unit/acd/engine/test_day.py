"""An agent's day: what is counted, over a restart and over midnight."""

from acd.events import OfferFailure
from acd.views import DayView
from tests.unit.acd.recovery.test_restoring import reborn
from tests.unit.acd.world import START, World, agent, queue

QUEUES, AGENTS = [queue(wrap_up=20, missed_offers=9)], [agent("11")]
MIDNIGHT = (START // 86_400 + 1) * 86_400


def worked() -> World:
    """One call of a minute, its wrap-up, and an offer that was missed."""
    world = World(QUEUES, AGENTS)
    world.call("c1")
    world.talk("11", 60)
    world.wait(20)
    world.call("c2")
    world.fail("11")
    world.leave("c2")
    return world


def day(world: World) -> DayView:
    return world.engine.agent_day("11", world.now)


def test_calls_misses_talk_and_wrap_up() -> None:
    world = worked()
    assert day(world) == DayView(1, 1, 60.0, 20.0)
    world.call("c3")
    world.fail("11", OfferFailure.UNREACHABLE)
    assert day(world).missed == 1, "no fault of the agent's"


def test_what_goes_on_counts() -> None:
    world = worked()
    world.call("c3")
    world.answer("11")
    world.connect("11")
    world.wait(30)
    assert day(world) == DayView(2, 1, 90.0, 20.0)
    world.end("c3")
    world.wait(5)
    assert day(world) == DayView(2, 1, 90.0, 25.0)


def test_a_restart_loses_nothing() -> None:
    world = worked()
    assert day(reborn(world, QUEUES, AGENTS)) == day(world)
    assert day(reborn(world, QUEUES, AGENTS, snapshot=world.engine.snapshot(), records=[])) == day(world)


def test_a_day_begins_at_midnight_also_if_nothing_happens() -> None:
    world = worked()
    world.now = MIDNIGHT + 1
    assert day(world) == DayView(0, 0, 0.0, 0.0)
    world.call("c4")
    world.talk("11", 10)
    assert day(world) == DayView(1, 0, 10.0, 0.0)
