"""The console over the real HTTP interface, before a hotline in memory: `tests/unit/service/world`."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from playwright.async_api import BrowserContext

from accounts import tokens
from accounts.model import Person
from acd.views import QueueView
from agents.model import Agent, AgentView
from agents.states import AgentState, PhoneState
from base.role import Role
from hotline.model import HotlineQueue
from journal.records import Kind, Record
from lab.patience import patience
from service.http.connections import Server
from tests.console import callers
from tests.console.theatre import World
from tests.unit.sounds.making import FakeVoice

S = AgentState
P = PhoneState

SUPERVISOR = "wang"


@dataclass
class Stage:
    """`base`: where the console is served."""

    world: World
    base: str

    @property
    def port(self) -> int:
        return int(self.base.rpartition(":")[2])

    def now(self) -> float:
        return self.world.now

    async def enter(self, context: BrowserContext, name: str = SUPERVISOR) -> None:
        """Sign that person in there, without a password: to check one takes time."""
        person = self.world.accounts.directory.people[name]
        secret, _ = await self.world.accounts.sign_in.begin(person, "127.0.0.1")
        await context.add_cookies([{"name": tokens.name(secure=False), "value": secret, "url": self.base}])

    def set_queue(self, name: str, **changed: Any) -> None:
        """Give the queue's view these values, and tell those who watch."""
        views = self.world.queues.views
        views[name] = replace(views[name], **changed)
        self.world.note(Record(self.world.now, Kind.QUEUED, "c1", name, data={"language": "zh", "position": 1}))

    def set_agent(self, agent_id: str, **changed: Any) -> None:
        views = self.world.agents.views
        views[agent_id] = replace(views[agent_id], **changed)
        state = views[agent_id].state
        data = {"state": state, "previous": state, "reason": ""}
        self.world.note(Record(self.world.now, Kind.AGENT_STATE, agent=agent_id, data=data))


def running_since(world: World, at: float) -> None:
    """From now on /metrics says that the process was started then."""
    exposition = world.metrics.exposition
    started = re.compile(rb"(?m)^process_start_time_seconds .*$")
    since = f"process_start_time_seconds {at}".encode()
    world.metrics.exposition = lambda: started.sub(since, exposition())  # type: ignore[method-assign]


@asynccontextmanager
async def stage(world: World) -> AsyncIterator[Stage]:
    """Served on loopback while the block runs. There is `wang`, a supervisor; see `Stage.enter` and `World.person`."""
    if SUPERVISOR not in world.store.people:
        await somebody(world, SUPERVISOR, Role.SUPERVISOR)
    async with serving(world) as base:
        yield Stage(world, base)


async def somebody(world: World, name: str, role: Role, agent: str | None = None, queues: Collection[str] = ()) -> None:
    """A person without a password: see `Stage.enter`."""
    now, own = world.now, frozenset(queues)
    await world.accounts.directory.add(
        Person(
            name=name, roles=frozenset({role}), queues=own, agent=agent, password=None, created=now, password_set=now
        )
    )


@asynccontextmanager
async def serving(world: World, port: int = 0) -> AsyncIterator[str]:
    server = Server(world.app(), "127.0.0.1", port)
    running = asyncio.create_task(server.serve())
    async with patience("the HTTP server"):
        await server.wait_started()
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        world.broadcast.close()
        server.should_exit = True
        await running


# -- a busy hotline ---------------------------------------------------------------------------------------------------

_QUEUES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("greening", "绿化", "Greening", {"waits": (11, 6), "estimate_s": 35.0, "service_level": 91.4, "day": (212, 9)}),
    ("water", "供水", "Water", {"service_level": 97.2, "estimate_s": 0.0, "day": (388, 4)}),
    (
        "gas",
        "燃气",
        "Gas",
        {"waits": (161, 96, 70, 31, 8), "estimate_s": 190.0, "service_level": 58.3, "day": (97, 31)},
    ),
    ("roads", "市政道路", "Roads", {"waits": (22,), "estimate_s": 40.0, "service_level": 76.0, "day": (105, 14)}),
    (
        "lighting",
        "路灯照明",
        "Street lighting",
        {"service_level": 100.0, "estimate_s": 0.0, "day": (23, 0), "relax": [{"after": 30, "needs": {"general": 2}}]},
    ),
    ("waste", "垃圾分类", "Waste", {"waits": (4,)}),
    ("heating", "供热", "Heating", {"service_level": 66.7, "estimate_s": 212.0, "estimate_calls": 2, "day": (2, 1)}),
    ("general", "综合", "General", {"waits": (9, 5, 2), "estimate_s": 25.0, "service_level": 84.1, "day": (640, 38)}),
)
"""Id, names, and what its view is: how many seconds its callers wait; the day's calls, answered and abandoned."""

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"

STATES: tuple[tuple[AgentState, int, dict[str, Any]], ...] = (
    (S.ON_CALL, 204, {"call_id": "c1"}),
    (S.READY, 41, {}),
    (S.NOT_READY, 1_260, {"reason": "用餐"}),
    (S.ON_CALL, 967, {"call_id": "c2"}),
    (S.WRAP_UP, 14, {"call_id": "c3"}),
    (S.READY, 340, {"phone": P.UNREACHABLE, "away": True}),
    (S.RINGING, 6, {"call_id": "c4"}),
    (S.NOT_READY, 95, {"reason": "rona", "missed_offers": 1}),
    (S.READY, 128, {"missed_offers": 1}),
    (S.ON_CALL, 61, {"call_id": "c5", "next_state": S.NOT_READY}),
    (S.READY, 12, {}),
    (S.LOGGED_OUT, 9_000, {}),
)
"""State, seconds in it, and what else: one agent after the other, round and round."""


def busy(now: float, agents: int = 40, voice: FakeVoice | None = None) -> World:
    """A hotline in the late morning: every state, and every figure at some queue as it should be, and not."""
    world = World(now=now, voice=voice or FakeVoice())
    skills = [name for name, *_ in _QUEUES]
    world.queues.views = {}
    world.queues.known = {
        name: HotlineQueue(id=name, name={"zh": zh, "en": en}, needs={name: 2}, relax=given.get("relax", ()))
        for name, zh, en, given in _QUEUES
    }
    world.agents.known, world.agents.views = {}, {}
    for number in range(agents):
        agent_id, skill = str(1001 + number), skills[number % len(skills)]
        knows = {skill: 3 + number % 3, "general": 2} if skill != "general" else {"general": 4}
        name = f"{_SURNAMES[number % len(_SURNAMES)]}{'晓敏建华'[number % 4]}{'芳强军丽'[number // 4 % 4]}"
        world.agents.known[agent_id] = Agent(id=agent_id, name=name, skills=knows, languages=("zh",))
        state, seconds, more = STATES[number % len(STATES)]
        if skill == "gas" and state in (S.READY, S.RINGING):  # five wait there: nobody is free
            state, more = S.ON_CALL, {"call_id": f"c{agent_id}"}
        view = AgentView(agent_id, state, "", now - seconds - number % 7, P.FREE, None, None, 0, None)
        more = {**more, "queue": skill} if "call_id" in more else more
        if state is S.WRAP_UP:
            more = {**more, "until": now + 20}
        world.agents.views[agent_id] = replace(view, **more)
    for index, (name, _, _, given) in enumerate(_QUEUES):
        skills_of, queue = {agent.id: agent.skills for agent in world.agents.known.values()}, world.queues.known[name]
        serving = [view for view in world.agents.views.values() if queue.served_by(skills_of[view.id])]
        able = [view for view in serving if skills_of[view.id].get(name, 0) >= 2]
        waits, (answered, abandoned) = given.get("waits", ()), given.get("day", (0, 0))
        world.queues.views[name] = QueueView(
            id=name,
            waiting=len(waits),
            talking=0,
            longest_wait_s=float(max(waits, default=0)),
            estimate_s=given.get("estimate_s"),
            agents=_counts(serving),
            service_level=given.get("service_level"),
            answered=answered,
            abandoned=abandoned,
            agents_now=_counts(able),
            estimate_calls=given.get("estimate_calls", 90),
        )
        callers.wait(world, name, waits, able)
        callers.remember(world, name, index, len(waits))
    waste = world.queues.views["waste"]
    nobody = {**waste.agents, "ready": 0, "ringing": 0, "on_call": 0}
    world.queues.views["waste"] = replace(waste, agents=nobody, agents_now=nobody)
    return world


def _counts(views: Iterable[AgentView]) -> Mapping[str, int]:
    counts = dict.fromkeys(("ready", "ringing", "on_call", "wrap_up", "not_ready", "unreachable"), 0)
    for view in views:
        if view.state is not S.LOGGED_OUT:
            counts["unreachable" if view.away else view.state.replace("-", "_")] += 1
    return counts


def late_morning(voice: FakeVoice | None = None) -> World:
    return busy(time.time(), voice=voice)
