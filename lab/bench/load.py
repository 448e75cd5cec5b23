"""Callers always wait: how long after hanging up an agent is rung again."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from lab.bench.figures import Spread
from lab.bench.stage import BenchFailed, Stage
from lab.bench.systems import Crowd, System, serving
from lab.bench.usage import Watch, cpu_seconds
from lab.phone import Call, CallFailed, Phone

SPREAD = 0.25
"""Talks differ from the mean by up to this share; equal talks would all end together."""

ARRIVALS = 25.0
"""New callers a second until all are there."""

SETTLING = 3.0
"""Seconds from the last of the initial callers to the measuring."""

STARVED = 30.0
"""Seconds without a ring that mean a defect."""


@dataclass(frozen=True, slots=True)
class Scene:
    """How many agents and waiting callers, and mean seconds of talk; measured for `seconds`."""

    agents: int
    waiting: int
    talk: float
    seconds: float

    @property
    def callers(self) -> int:
        """Enough phones, including those that hear a goodbye."""
        return self.agents + self.waiting + 4 * round(self.agents / self.talk) + 10


@dataclass(frozen=True, slots=True)
class LoadResult:
    """`completed` talks ended in the window; without gaps it would be `ideal`. CPU: milliseconds per completed talk.

    `phones`, `machine`: share of one, of all processors; `lateness`: of the phones' own timers.
    """

    system: System
    gap: Spread
    completed: int
    ideal: float
    asterisk_cpu: float
    service_cpu: float | None
    phones: float
    lateness: Spread
    machine: float
    broken: int


@dataclass
class _Run:
    scene: Scene
    random: Random
    system: System
    callers: list[Phone]
    gaps: list[tuple[float, float]] = field(default_factory=list)
    """When a ring came, and how long after the agent's last hang-up."""
    ended: list[float] = field(default_factory=list)
    broken: int = 0
    answered: int = 0

    async def agent(self, phone: Phone, tasks: asyncio.TaskGroup) -> None:
        """Answers at once, talks, hangs up, for ever."""
        loop = asyncio.get_running_loop()
        left_at: float | None = None
        while True:
            offer = await phone.incoming(STARVED)
            if offer.ending is not None:
                continue
            if left_at is not None:
                self.gaps.append((offer.arrived_at, offer.arrived_at - left_at))
                left_at = None
            try:
                await offer.answer()
            except CallFailed:
                self.broken += 1
                continue
            self.answered += 1
            if self.answered > self.scene.agents:  # the initial callers are one for each agent, and the queue
                tasks.create_task(self.caller())
            await asyncio.sleep(self.scene.talk * self.random.uniform(1 - SPREAD, 1 + SPREAD))
            if not offer.up:
                self.broken += 1
                continue
            left_at = loop.time()
            self.ended.append(left_at)
            await offer.hang_up()

    async def caller(self) -> None:
        """Calls, waits, talks, and stays until the other side hangs up."""
        if not self.callers:
            raise BenchFailed(f"{self.system}: callers do not come free: calls do not end")
        phone = self.callers.pop()
        try:
            call = await phone.dial(self.system.extension)
            await call.ended(600)
        except CallFailed:
            self.broken += 1
        finally:
            self.callers.append(phone)


async def nothing() -> None:
    pass


async def measure(
    stage: Stage,
    system: System,
    scene: Scene,
    crowd: Crowd,
    seed: int,
    before: Callable[[], Awaitable[None]] = nothing,
) -> LoadResult:
    """Measure one system in one scene, once. `before`: what else is to come into the scene before it is measured."""
    agents = stage.agents[: scene.agents]
    run = _Run(scene, Random(seed), system, list(crowd.callers))
    loop = asyncio.get_running_loop()
    async with serving(stage, system, agents):
        working: asyncio.Task[None] | None = None
        try:
            working = asyncio.create_task(_work(run, [crowd.agents[agent] for agent in agents]))
            await _unless_ended(working, (scene.agents + scene.waiting) / ARRIVALS + SETTLING)
            await before()
            asterisk, service = stage.asterisk_pid, stage.service_pid if system is System.WUTONG else None
            cpu_before = cpu_seconds(asterisk), cpu_seconds(service) if service else 0.0
            begin = loop.time()
            async with Watch() as watch:
                await _unless_ended(working, scene.seconds)
            end = loop.time()
            cpu = cpu_seconds(asterisk) - cpu_before[0], (cpu_seconds(service) if service else 0.0) - cpu_before[1]
        finally:
            if working is not None:
                working.cancel()
                await asyncio.wait({working})
            await hang_up_all([*crowd.callers, *crowd.agents.values()])
            await stage.wait_quiet()
    completed = sum(begin <= when < end for when in run.ended)
    if not completed:
        raise BenchFailed(f"{system}: no talk was completed in {scene.seconds} s")
    return LoadResult(
        system=system,
        gap=Spread.of(gap for when, gap in run.gaps if begin <= when < end),
        completed=completed,
        ideal=round(scene.agents * (end - begin) / scene.talk, 1),
        asterisk_cpu=round(1000 * cpu[0] / completed, 2),
        service_cpu=round(1000 * cpu[1] / completed, 2) if service else None,
        phones=round(watch.phones, 3),
        lateness=Spread.of(watch.lateness),
        machine=round(watch.machine, 3),
        broken=run.broken,
    )


async def _work(run: _Run, agents: Sequence[Phone]) -> None:
    async with asyncio.TaskGroup() as tasks:
        for agent in agents:
            tasks.create_task(run.agent(agent, tasks))
        for _ in range(run.scene.agents + run.scene.waiting):
            tasks.create_task(run.caller())
            await asyncio.sleep(1 / ARRIVALS)


async def _unless_ended(working: asyncio.Task[None], seconds: float) -> None:
    """Wait `seconds`; if the work ends earlier, raise its error."""
    await asyncio.wait({working}, timeout=seconds)
    if working.done():
        try:
            working.result()
        except BaseExceptionGroup as group:
            first = group
            while isinstance(first, BaseExceptionGroup):
                first = first.exceptions[0]
            raise BenchFailed(f"the phones stopped: {type(first).__name__}: {first}") from group
        raise BenchFailed("the phones stopped")


async def hang_up_all(phones: Sequence[Phone]) -> None:
    """Hang up every call of these phones, callers first, so that no agent is rung for them meanwhile."""
    for phone in phones:
        await asyncio.gather(*(_hang_up(call) for call in phone.calls))


async def _hang_up(call: Call) -> None:
    with suppress(TimeoutError, CallFailed):
        async with asyncio.timeout(3):
            await call.hang_up()
