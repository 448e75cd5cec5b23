"""Citizens are called back: how long do they wait after the answer, and how long do agents wait for them?

First all citizens call, and are promised a callback, while no agent is ready. Then the agents get ready. Beside the
citizens callers always hold the line in the same queue; they came later, and are served while a citizen's phone rings.
All of them come through a provider, who is one phone of ours, at PROVIDER. See docs/benchmarks.md.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from base import log as logging_
from lab.attacks.listed import PROVIDER
from lab.bench.figures import percentile
from lab.bench.hotline import HOTLINE
from lab.bench.load import hang_up_all
from lab.bench.longrun import apart, bounded
from lab.bench.machine import machine
from lab.bench.stage import ROOMY, Stage, Tell, stage
from lab.bench.systems import crowd
from lab.bench.usage import Watch
from lab.patience import Late
from lab.phone import CallFailed, IncomingCall, Phone, SessionOver
from lab.ports import free_port

NUMBER, TO_QUEUE, ASKS, CONFIRMS = "12319", "0", "2", "1"

WRAP_UP = 10.0
"""Seconds, so that an agent's end of wrap-up can be foreseen, as in a real hotline."""

TEXT = HOTLINE.replace("entry: main\n", 'entry: main\ncalls_out: {allowed: ["1[3-9]xxxxxxxxx"]}\n').replace(
    "    wrap_up: 0s\n",
    f'    wrap_up: {WRAP_UP:g}s\n    announce: {{every: 60s}}\n    callback: {{key: "{ASKS}", again: 10s}}\n',
)

PER_SECOND = 8.0
"""Citizens a second who call first."""

SIGN_IN = 1.0
"""Agents a second who get ready: all at once they would also come free at once."""

ANSWERS, LISTENS, TALKS = (3.0, 20.0), (1.0, 4.0), (8.0, 20.0)
"""Seconds that a citizen's phone rings; from its answer to the key; of a talk. Drawn evenly between the two."""

CITIZEN_GOAL, AGENT_GOAL = 5.0, 3.0
"""Seconds, at p95."""

LONG = 3_600.0
"""Seconds, more than any run lasts."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`holding`: how many callers hold the line at any time, beside those who talk."""

    callbacks: int
    agents: int
    holding: int = 10


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds."""

    count: int
    p50: float
    p90: float
    p95: float
    p99: float
    most: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Waits":
        return cls(len(seconds), *(round(percentile(seconds, percent), 2) for percent in (50, 90, 95, 99, 100)))


class Seen:
    """What the phones have seen, in seconds.

    citizens   for each: from the key that connects until an agent has answered
    answered   for each: the same from the citizen's own answer on, so with the greeting and the citizen's time to press
    agents     for each ring: from the end of the agent's wrap-up until it came; nobody else was served meanwhile
    rung       how often each citizen's phone was rung
    """

    def __init__(self) -> None:
        self.citizens: list[float] = []
        self.answered: list[float] = []
        self.agents: list[float] = []
        self.rung: Counter[str] = Counter()
        self.held = 0
        self.lasted = 0.0
        self.late: list[float] = []
        self.machine = 0.0

    @property
    def goals(self) -> dict[str, bool]:
        return {
            f"citizens wait {CITIZEN_GOAL:g} s at p95": Waits.of(self.citizens).p95 <= CITIZEN_GOAL,
            f"agents wait {AGENT_GOAL:g} s at p95": Waits.of(self.agents).p95 <= AGENT_GOAL,
        }

    def as_json(self, plan: Plan, seed: int) -> dict[str, Any]:
        return {
            "machine": machine(),
            "seed": seed,
            "plan": asdict(plan),
            "seconds": round(self.lasted, 1),
            "citizens_s": asdict(Waits.of(self.citizens)),
            "citizens_from_answer_s": asdict(Waits.of(self.answered)),
            "agents_s": asdict(Waits.of(self.agents)),
            "rung_twice": sum(times > 1 for times in self.rung.values()),
            "holding_served": self.held,
            "phones_late_p99_ms": round(1_000 * percentile(self.late, 99), 1),
            "machine_busy": round(self.machine, 2),
            "goals": self.goals,
            "waits": {"citizens": _rounded(self.citizens), "agents": _rounded(self.agents)},
        }


def _rounded(seconds: Sequence[float]) -> list[float]:
    return [round(each, 3) for each in sorted(seconds)]


class Run:
    """One run on a stage that is up."""

    def __init__(self, plan: Plan, seed: int, tell: Tell) -> None:
        self.seen = Seen()
        self._plan, self._tell, self._random = plan, tell, Random(seed)
        self._loop = asyncio.get_running_loop()
        self._connected: dict[str, asyncio.Future[float]] = {}
        """By the number of a citizen who is owed a callback: when an agent has answered for it."""

    async def promise(self, citizens: Sequence[Phone]) -> None:
        """All citizens call, and are promised a callback."""
        async with asyncio.TaskGroup() as calls:
            for phone in citizens:
                self._connected[phone.number] = self._loop.create_future()
                calls.create_task(self._promised(phone))
                await asyncio.sleep(1 / PER_SECOND)

    async def _promised(self, phone: Phone) -> None:
        call = await phone.dial(NUMBER)
        await call.press(TO_QUEUE)
        while call.ending is None:  # a key pressed before the caller waits is not taken
            with suppress(Late, SessionOver):
                await call.press(ASKS)
                await asyncio.sleep(1)
                await call.press(CONFIRMS)  # the number that is read out
                await call.ended(20)

    async def called_back(
        self, provider: Phone, holding: Sequence[Phone], agents: Sequence[Phone], made: Stage
    ) -> None:
        """Until each citizen has talked."""
        async with asyncio.TaskGroup() as people:
            held = [people.create_task(self._hold(phone)) for phone in holding]
            at_work = [people.create_task(self._work(phone)) for phone in agents]
            calls = people.create_task(self._provide(provider, people))
            await asyncio.sleep(10)  # the callers hold the line by now
            began, todo, told = self._loop.time(), set(self._connected.values()), 0
            for agent in made.agents[: self._plan.agents]:
                await made.make_ready([agent])
                await asyncio.sleep(1 / SIGN_IN)
            while todo:
                _, todo = await asyncio.wait(todo, timeout=15)
                if (done := len(self._connected) - len(todo)) >= told + 25:
                    told = done
                    self._tell(f"  {done} of {len(self._connected)} citizens have talked")
            self.seen.lasted = self._loop.time() - began
            for task in (*held, *at_work, calls):
                task.cancel()

    async def _hold(self, phone: Phone) -> None:
        """Calls again and again, holds the line, and talks."""
        while True:
            with suppress(CallFailed, SessionOver):
                call = await phone.dial(NUMBER)
                await call.press(TO_QUEUE)
                await call.ended(LONG)

    async def _provide(self, provider: Phone, people: asyncio.TaskGroup) -> None:
        while True:
            people.create_task(self._citizen(await provider.incoming(LONG)))

    async def _citizen(self, rings: IncomingCall) -> None:
        random, number = self._random, rings.dialled
        self.seen.rung[number] += 1
        with suppress(CallFailed, SessionOver):
            await rings.ring()
            await asyncio.sleep(random.uniform(*ANSWERS))
            answered = self._loop.time()
            call = await rings.answer()
            await asyncio.sleep(random.uniform(*LISTENS))
            await call.press(CONFIRMS)
            pressed = call.media.released_at
            talks = await asyncio.shield(self._connected[number])
            assert pressed is not None
            self.seen.citizens.append(talks - pressed)
            self.seen.answered.append(talks - answered)

    async def _work(self, phone: Phone) -> None:
        """An agent: answers at once, talks, hangs up."""
        free_at: float | None = None
        while True:
            offer = await phone.incoming(LONG)
            if free_at is not None:
                self.seen.agents.append(offer.arrived_at - free_at)
            free_at = None
            with suppress(CallFailed):
                await offer.answer()
                await offer.confirmed()
                connected = self._connected.get(offer.caller_number)
                if connected is None:
                    self.seen.held += 1
                elif not connected.done():
                    connected.set_result(self._loop.time())
                await asyncio.sleep(self._random.uniform(*TALKS))
                free_at = self._loop.time() + WRAP_UP
                await offer.hang_up()


async def measure(folder: Path, plan: Plan, seed: int, tell: Tell) -> Seen:
    """The whole thing in an empty folder. Raises BenchFailed, and what starting Asterisk and the service raises."""
    port, ours = free_port(), free_port()
    trunk = f'[trunk]\nhost = "{PROVIDER}"\nport = {port}\nbind = "127.0.0.1"\nbind_port = {ours}\n'
    given = f"{ROOMY}max_calls = 2000\n{trunk}"
    async with (
        stage(folder, plan.agents, tell, given, TEXT) as made,
        # Before Asterisk, which would ask a provider that does not answer again only after 30 s.
        Phone(("127.0.0.1", ours), host=PROVIDER, port=port, taciturn=True, keep=1) as provider,
        AsyncExitStack() as phones,
    ):
        await made.start_as_rendered()
        people = await phones.enter_async_context(crowd(made, plan.agents, plan.callbacks + plan.holding + plan.agents))
        await made.start_service([])
        citizens, holding = people.callers[: plan.callbacks], people.callers[plan.callbacks :]
        run = Run(plan, seed, tell)
        tell(f"{plan.callbacks} citizens call, and ask to be called back")
        await run.promise(citizens)
        tell(f"{plan.agents} agents get ready")
        async with Watch() as watch:
            await run.called_back(provider, holding, list(people.agents.values()), made)
        run.seen.late, run.seen.machine = watch.lateness, watch.machine
        await hang_up_all([*holding, provider, *people.agents.values()])
        await made.stop_service()
    return run.seen


_WIDE, _HIGH, _MOST = 640, 240, 10.0
"""The chart's size in pixels, and the seconds at its right end."""


def chart(seen: Seen) -> str:
    """An SVG: the share of citizens and of agents who waited at most so long."""

    def x(seconds: float) -> float:
        return round(50 + min(seconds, _MOST) / _MOST * (_WIDE - 70), 1)

    def y(share: float) -> float:
        return round(20 + (1 - share) * (_HIGH - 60), 1)

    def line(waits: Sequence[float]) -> str:
        shares = [percentile(waits, percent) for percent in range(101)]
        return " ".join(f"{x(wait)},{y(percent / 100)}" for percent, wait in enumerate(shares))

    parts = [f'<path d="M{x(0)} {y(1)}V{y(0)}H{x(_MOST)}" class="axis"/>']
    parts += [f'<text x="{x(at)}" y="{y(0) + 16}" text-anchor="middle">{at} s</text>' for at in range(int(_MOST) + 1)]
    parts += [f'<text x="44" y="{y(of / 4) + 4}" text-anchor="end">{25 * of} %</text>' for of in range(5)]
    parts.append(
        f'<path d="M{x(0)} {y(0.95)}H{x(_MOST)}" class="goal"/><text x="{x(9)}" y="{y(0.95) + 14}">95 %</text>'
    )
    for name, kind, waits, goal, at in (
        ("citizens, after they have pressed 1", "citizen", seen.citizens, CITIZEN_GOAL, 0.4),
        ("agents, after their wrap-up", "agent", seen.agents, AGENT_GOAL, 0.25),
    ):
        parts.append(f'<path d="M{x(goal)} {y(0)}V{y(0.95)}" class="goal {kind}"/>')
        parts.append(f'<polyline points="{line(waits)}" class="{kind}"/>')
        parts.append(f'<text x="{x(5.15)}" y="{y(at)}" class="{kind}">{name} (goal: {goal:g} s)</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDE} {_HIGH}" font-family="sans-serif" '
        'font-size="12">\n<title>Share of the waits that were at most so long</title>\n'
        "<style>text{fill:#777;stroke:none}path,polyline{fill:none;stroke:#999}polyline{stroke-width:2}"
        ".goal{stroke-dasharray:3 4}.citizen{stroke:#c2410c}text.citizen{fill:#c2410c}"
        ".agent{stroke:#0369a1}text.agent{fill:#0369a1}text{stroke:none!important}</style>\n"
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def main() -> int:
    """The exit status: 1 if a goal is missed, or a citizen was rung twice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--callbacks", type=int, default=500, help="citizens (default: 500)")
    parser.add_argument("--agents", type=int, default=40, help="agents (default: 40)")
    parser.add_argument("--seed", type=int, default=1, help="which run (default: 1)")
    parser.add_argument("--json", action="store_true", help="print every wait as JSON")
    parser.add_argument("--chart", type=Path, help="write the chart to this file")
    chosen = parser.parse_args()
    apart()
    folder = Path(tempfile.mkdtemp(prefix="wutong-callbacks-"))
    logging_.configure("info", file=folder / "callbacks.log")
    plan = Plan(chosen.callbacks, chosen.agents)
    work = measure(folder, plan, chosen.seed, lambda line: print(f"· {line}", file=sys.stderr))
    seen = asyncio.run(bounded(LONG, work))
    shutil.rmtree(folder)
    if chosen.chart:
        chosen.chart.write_text(chart(seen))
    found = seen.as_json(plan, chosen.seed)
    if chosen.json:
        print(json.dumps(found, indent=2))
    else:
        print("\n".join(f"{name}: {value}" for name, value in found.items() if name != "waits"))
    return 0 if all(seen.goals.values()) and not found["rung_twice"] else 1


if __name__ == "__main__":
    sys.exit(main())
