"""A large hotline in memory, with calls that come, wait, are talked and wrapped up: so much that a wall has to do."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random
from typing import Any

from acd.views import QueueView
from agents.model import AgentView
from agents.states import AgentState, PhoneState
from hotline.model import HotlineQueue
from journal.records import Kind, Record
from tests.console import callers
from tests.console.stage import Stage, busy
from tests.console.theatre import World

S = AgentState

PROBE = "probe"
"""A queue that calls never come to, so that a test alone changes its tile."""

WAITS, RINGS, TALKS, WRAPS_UP = (0.5, 4.0), 1.0, (2.0, 6.0), 1.5
"""Seconds. With 20 calls a second 130 agents are at it, and 45 callers wait."""


def crowded(agents: int = 200, queues: int = 50) -> World:
    """Everybody is ready, nobody waits. The queues need what those of `busy` need, several of them the same."""
    world = busy(time.time(), agents)
    kinds = list(world.queues.known.values())
    world.queues.standing.clear()
    world.queues.waiting.clear()
    world.queues.views.clear()
    world.queues.known = {
        name: HotlineQueue(
            id=name,
            name={language: f"{word} {number // len(kinds) + 1}" for language, word in kind.name.items()},
            needs=kind.needs,
        )
        for number in range(queues - 1)
        for kind in [kinds[number % len(kinds)]]
        for name in [f"{kind.id}-{number // len(kinds) + 1}"]
    }
    world.queues.known[PROBE] = HotlineQueue(id=PROBE, name={"zh": "测量", "en": "Measured"}, needs={"nothing": 5})
    for agent, view in world.agents.views.items():
        world.agents.views[agent] = AgentView(agent, S.READY, "", view.since, PhoneState.FREE, None, None, 0, None)
    counts = dict.fromkeys(("ready", "ringing", "on_call", "wrap_up", "not_ready", "unreachable"), 0)
    for index, queue in enumerate(world.queues.known.values()):
        able = sum(queue.served_by(agent.skills) for agent in world.agents.known.values())
        world.queues.views[queue.id] = QueueView(
            queue.id,
            0,
            0,
            0.0,
            20.0,
            {**counts, "ready": able},
            84.0,
            answered=10 * index,
            abandoned=index,
            agents_now={**counts, "ready": able},
            estimate_calls=90,
        )
        callers.remember(world, queue.id, index, 0)
    _waits_grow(world)
    return world


def _waits_grow(world: World) -> None:
    """A queue's view has who stands in it, and how long by now. `probe` stays as it was set."""
    told = world.queues.queue_view

    def view(queue_id: str) -> QueueView:
        standing = world.queues.standing.get(queue_id)
        if not standing:
            return told(queue_id)
        longest = world.now - standing[0].entered
        return replace(told(queue_id), waiting=len(standing), longest_wait_s=longest)

    world.queues.queue_view = view  # type: ignore[method-assign]


class Traffic:
    """`rate` calls a second, each of which changes five things at the wall."""

    def __init__(self, here: Stage, rate: float, seed: int = 12_319) -> None:
        self._world, self._rate, self._random = here.world, rate, Random(seed)
        self._free = sorted(self._world.agents.known)
        self._queues = [name for name in self._world.queues.known if name != PROBE]
        self._serves = {
            agent.id: [queue.id for queue in self._world.queues.known.values() if queue.served_by(agent.skills)]
            for agent in self._world.agents.known.values()
        }
        self.calls = self.changes = 0

    async def run(self) -> None:
        """For ever."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        async with asyncio.TaskGroup() as tasks:
            while True:
                tasks.create_task(self._call(self.calls))
                self.calls += 1
                due += 1 / self._rate
                await asyncio.sleep(due - loop.time())

    async def _call(self, number: int) -> None:
        queue, random = self._random.choice(self._queues), self._random
        self._world.now = time.time()
        standing = callers.enters(self._world, queue, number, 0.0)
        self.changes += 1
        await asyncio.sleep(random.uniform(*WAITS))
        agent = self._free.pop(random.randrange(len(self._free)))
        self._turn(agent, S.RINGING, queue=queue, call_id=standing.call_id)
        await asyncio.sleep(RINGS)
        self._world.queues.standing[queue].remove(standing)
        view = self._world.queues.views[queue]
        self._world.queues.views[queue] = replace(view, answered=view.answered + 1)
        self._turn(agent, S.ON_CALL, Kind.CONNECTED, {"waited_s": 1.0, "in_service_level": True})
        await asyncio.sleep(random.uniform(*TALKS))
        self._turn(agent, S.WRAP_UP, until=self._world.now + WRAPS_UP)
        await asyncio.sleep(WRAPS_UP)
        self._turn(agent, S.READY, queue=None, call_id=None, until=None)
        self._world.note(Record(self._world.now, Kind.CALL_FINISHED, standing.call_id, data={"outcome": "served"}))
        self._free.append(agent)

    def _turn(self, agent: str, state: AgentState, kind: Kind | None = None, data: Any = None, **changed: Any) -> None:
        """The agent comes into that state, which shows in every queue that the agent serves."""
        self.changes += 1
        world = self._world
        world.now = time.time()
        was = world.agents.views[agent]
        now = world.agents.views[agent] = replace(was, state=state, since=world.now, **changed)
        for name in self._serves[agent]:
            view = world.queues.views[name]
            left, come = was.state.replace("-", "_"), state.replace("-", "_")
            counts = {**view.agents, left: view.agents[left] - 1}
            counts[come] += 1
            world.queues.views[name] = replace(view, agents=counts, agents_now=counts)
        if kind is not None:
            world.note(Record(world.now, kind, now.call_id, now.queue, agent, "o1", data))
        told = {"state": state, "previous": was.state, "reason": ""}
        world.note(Record(world.now, Kind.AGENT_STATE, agent=agent, queue=now.queue, data=told))


@asynccontextmanager
async def traffic(here: Stage, rate: float = 20.0) -> AsyncIterator[Traffic]:
    """Within the block calls come. It begins once as many are talked as will be all the time."""
    made = Traffic(here, rate)
    running = asyncio.create_task(made.run())
    try:
        await asyncio.wait({running}, timeout=WAITS[1] + RINGS + TALKS[1] + WRAPS_UP)
        yield made
    finally:
        running.cancel()
        await asyncio.wait({running})
    if not running.cancelled():
        running.result()
