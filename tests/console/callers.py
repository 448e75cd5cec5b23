"""Callers who wait in the hotline of `stage`, and what its last hour was like."""

from collections.abc import Sequence
from math import cos, pi

from acd.callers import AbleAgent, CallerView, Obstacle, Reason, Shortfall, Standing
from acd.last_hour import MINUTES, HourView
from agents.model import AgentView
from agents.states import BUSY, SIGNED_IN
from journal.records import Kind, Record
from tests.console.theatre import World


def wait(world: World, queue: str, waits: Sequence[float], able: Sequence[AgentView]) -> None:
    """Callers wait in the queue for so many seconds each. `able`: the agents who could take them."""
    for index, waited in enumerate(waits):
        enters(world, queue, index, waited)
    world.queues.waiting[queue] = [
        CallerView(
            standing.call_id,
            standing.language,
            standing.entered,
            world.now - standing.entered,
            standing.head_start,
            index + 1,
            45.0 * (index + 1),
            standing.ringing,
            _reason(world, queue, standing, able),
        )
        for index, standing in enumerate(world.queues.standing.get(queue, []))
    ]


def enters(world: World, queue: str, index: int, waited: float) -> Standing:
    """A caller comes into the queue, behind the others; every fourth speaks English. The number ends with `index`."""
    call_id, entered = f"{queue}-{index}", world.now - waited
    language = "en" if index % 4 == 3 else "zh"
    data = {"caller": f"1380013{index:04}", "number": "12319", "language": language}
    world.note(Record(entered - 20, Kind.CALL_STARTED, call_id, data=data))
    world.note(Record(entered, Kind.QUEUED, call_id, queue, data={"language": language, "position": index + 1}))
    standing = Standing(call_id, language, entered, 0.0, (), entered, index)
    world.queues.standing.setdefault(queue, []).append(standing)
    return standing


def _reason(world: World, queue: str, standing: Standing, able: Sequence[AgentView]) -> Reason:
    speaks = [view for view in able if standing.language in world.agents.known[view.id].languages]
    there = [view for view in speaks if view.state in SIGNED_IN]
    at_work = [view for view in there if view.state in BUSY]
    named = tuple(
        AbleAgent(view.id, view.state, view.phone, world.now + 35 + 50 * index if view in at_work else None)
        for index, view in enumerate(sorted(there, key=lambda view: view not in at_work))
    )
    return Reason(
        obstacle=Obstacle.BUSY if at_work else Obstacle.NOT_READY if there else Obstacle.NOBODY,
        needs=({queue: 2},),
        next_at=standing.entered + 180 if standing.language == "zh" else None,
        next_needs={"general": 1} if standing.language == "zh" else None,
        no_speaker=standing.language == "en",
        short={queue: Shortfall(2, 0)} if standing.language == "zh" else {},
        able=len(there),
        agents=named[:5],
    )


def remember(world: World, queue: str, index: int, waiting: int) -> None:
    """An hour with two crowds in it, another one for each queue; at its end so many waited."""
    size = 9 if queue == "gas" else index % 4
    hills = [size * (0.5 - 0.5 * cos(2 * pi * (minute + 9 * index) / 31)) for minute in range(MINUTES)]
    minutes = [round(hill * (0.4 + 0.6 * minute / MINUTES)) for minute, hill in enumerate(hills)]
    world.queues.hours[queue] = HourView(world.now // 60 * 60, (*minutes[:-1], waiting))
