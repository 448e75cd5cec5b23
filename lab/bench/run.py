"""`./wutong bench`: everything that needs Asterisk, in one run."""

import asyncio
import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from base import log as logging_
from lab.bench import load, lone, waiting
from lab.bench.load import Scene
from lab.bench.longrun import apart, bounded, first
from lab.bench.machine import machine
from lab.bench.report import show
from lab.bench.results import Results
from lab.bench.rival import Unfit
from lab.bench.stage import BenchFailed, Stage, Tell, stage
from lab.bench.systems import System, crowd
from lab.phone import CallFailed
from publishing.prepare import REPAIRABLE

SEED = 12_319
_FAILURES = (*REPAIRABLE, BenchFailed, CallFailed, Unfit)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure, and for how long."""

    rounds: int
    scenes: tuple[Scene, ...]
    lone_calls: int
    waiting: int
    probes: int
    idle: float
    limit: float
    """Seconds after which the run is given up."""


FULL = Plan(
    rounds=3,
    scenes=(Scene(40, 40, 2.0, 20), Scene(100, 100, 4.0, 20)),
    lone_calls=40,
    waiting=1_000,
    probes=40,
    idle=20,
    limit=1_500,
)
QUICK = Plan(rounds=1, scenes=(Scene(10, 10, 1.0, 5),), lone_calls=10, waiting=100, probes=10, idle=3, limit=300)


def run(*, quick: bool, as_json: bool) -> int:
    """The exit status: 1 if measuring failed, 130 after a Ctrl-C, else 0 whatever the figures are."""
    errors = Console(stderr=True, highlight=False)

    def tell(line: str) -> None:
        errors.print(Text(f"· {line}", style="dim"), soft_wrap=True)

    apart()
    folder = Path(tempfile.mkdtemp(prefix="wutong-bench-"))
    logging_.configure("info", file=folder / "bench.log")
    try:
        results = asyncio.run(_bounded(folder, QUICK if quick else FULL, tell))
    except asyncio.CancelledError:
        tell("broken off")
        shutil.rmtree(folder)
        return 130
    except (*_FAILURES, ExceptionGroup) as error:
        failure = first(error)
        errors.print(
            Text(f"{str(failure) or type(failure).__name__}\nLogs and configuration are left in {folder}", style="red"),
            soft_wrap=True,
        )
        return 1
    shutil.rmtree(folder)
    if as_json:
        sys.stdout.write(json.dumps(results.as_json(), indent=2) + "\n")
    else:
        show(results, Console(highlight=False, width=None if sys.stdout.isatty() else 160))
    return 0


async def _bounded(folder: Path, plan: Plan, tell: Tell) -> Results:
    try:
        return await bounded(plan.limit, measure(folder, plan, tell))
    except TimeoutError as error:
        raise BenchFailed(f"it took longer than {plan.limit:.0f} s, or something in it too long: {error}") from error


async def measure(folder: Path, plan: Plan, tell: Tell) -> Results:
    """Measure all of `plan`; state and logs go into `folder`, which is empty.

    `tell` gets the progress. Raises the exceptions in `_FAILURES`.
    """
    agents = max(scene.agents for scene in plan.scenes)
    results = Results(machine(), SEED, [(scene, []) for scene in plan.scenes])
    async with stage(folder, agents, tell) as made:
        tell("starting Asterisk")
        await made.start_asterisk(music=True)
        for number in range(plan.rounds):
            order = (System.RIVAL, System.WUTONG) if number % 2 == 0 else (System.WUTONG, System.RIVAL)
            await _round(made, plan, results, number, order, tell)
        await made.stop_asterisk()
        tell(f"{plan.waiting:,} callers wait")
        await made.start_asterisk(music=False)
        results.waiting = await waiting.measure(made, plan.waiting, plan.probes, plan.idle)
    return results


async def _round(made: Stage, plan: Plan, results: Results, number: int, order: tuple[System, ...], tell: Tell) -> None:
    said = f"round {number + 1} of {plan.rounds}"
    for scene, measured in results.loads:
        async with crowd(made, scene.agents, scene.callers) as people:
            for system in order:
                what = f"{scene.agents} agents, {scene.waiting} callers wait, talks of {scene.talk:g} s"
                tell(f"{said}: {system}, {what}")
                found = await load.measure(made, system, scene, people, SEED + number)
                measured.append(found)
                tell(f"  gap p50 {found.gap.p50} ms, p99 {found.gap.p99} ms, {found.completed} talks")
    async with crowd(made, plan.scenes[0].agents, 1) as people:
        for system in order:
            tell(f"{said}: {system}, a lone caller")
            result = await lone.measure(made, system, people, plan.lone_calls, SEED + number)
            results.lone.append(result)
            tell(f"  offer p50 {result.offer.p50} ms")
