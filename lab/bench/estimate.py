"""How far off the announced waits are: the engine's estimate beside app_queue's, on the same simulated day.

    python -m lab.bench.estimate [--json] [--seed N] [--days N] [--together]

Four queues that share their agents by relaxing, 34 agents in shifts with breaks, a day with two peaks of calls, callers
who give up. Only the engine runs, on a simulated clock. Each waiting caller is told two numbers at entry and every 30
seconds: the engine's estimate, unrounded, and what app_queue would announce. That is its `holdtime` less the time that
the caller has waited; `holdtime = (holdtime * 3 + newwait) / 4` at every answer, kept for each queue, 0 at first
(app_queue.c, recalc_holdtime and say_position). The errors are known once the caller is connected. Callers who gave up
are left out: nobody knows how long they would have waited.
"""

import argparse
import heapq
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from math import exp
from random import Random
from statistics import median

from acd.effects import RingAgent
from acd.engine.step import Engine
from acd.events import (
    CallEnded,
    CallLeft,
    CallQueued,
    EndedBy,
    Event,
    Left,
    OfferAnswered,
    OfferConnected,
    PhoneChanged,
    StateRequested,
    Tick,
)
from acd.model import Queue
from agents.model import Agent
from agents.states import AgentState, PhoneState
from journal.actor import Actor

MIDNIGHT = 1_000_080_000.0
OPENS, CLOSES = 8 * 3_600.0, 20 * 3_600.0
AGAIN = 30.0
"""Seconds between two announcements."""

PATIENCE = 900.0
"""Mean seconds until a caller gives up; exponential."""


def queues() -> dict[str, Queue]:
    """Two subjects with few experts, which relax to all agents; one with many; and the general one."""
    relaxed = {
        "greening": [{"after": 60, "needs": {"greening": 1}}, {"after": 180, "needs": {"general": 1}}],
        "water": [{"after": 60, "needs": {"water": 1}}, {"after": 180, "needs": {"general": 1}}],
        "roads": [{"after": 120, "needs": {"general": 2}}],
        "general": [],
    }
    needs = {"greening": {"greening": 3}, "water": {"water": 3}, "roads": {"roads": 2}, "general": {"general": 1}}
    return {
        name: Queue.model_validate(
            {"id": name, "name": {"*": name}, "needs": needs[name], "relax": relax, "wrap_up": 25, "ring": 20}
        )
        for name, relax in relaxed.items()
    }


def agents(chance: Random) -> dict[str, Agent]:
    """Every agent knows one subject well or a little; two thirds also take general calls."""
    found = {}
    for number in range(34):
        subject = ("greening", "water", "roads", "roads", "general")[number % 5]
        known = {subject: chance.randint(1, 5)}
        if chance.random() < 2 / 3:
            known.setdefault("general", chance.randint(1, 3))
        agent_id = str(1_001 + number)
        found[agent_id] = Agent(id=agent_id, name=agent_id, skills=known, languages=("zh",))
    return found


RATES = {"greening": 34.0, "water": 30.0, "roads": 60.0, "general": 62.0}
"""Calls an hour at the peaks."""

TALK = {"greening": 210.0, "water": 170.0, "roads": 240.0, "general": 150.0}
"""Median seconds of talk; log-normal with sigma 0.6."""


def busy(time_of_day: float) -> float:
    """Share of the peak's calls: peaks at half past nine and at three."""
    hours = time_of_day / 3_600
    return 0.35 + 0.65 * max(exp(-(((hours - 9.5) / 1.3) ** 2)), exp(-(((hours - 15) / 1.6) ** 2)))


@dataclass
class Told:
    """What a caller was told, in seconds from `at`."""

    at: float
    engine: float
    app_queue: float


@dataclass
class Caller:
    """The caller hears `told[0]` at entry."""

    queue: str
    entered: float
    told: list[Told] = field(default_factory=list)


Error = tuple[float, float]
"""Seconds by which the engine and app_queue were wrong."""


class Day:
    """One day, seeded. Afterwards: the waits of connected callers, how many gave up, and the errors."""

    def __init__(self, seed: int, *, together: bool = False) -> None:
        self.together = together
        self.chance = Random(seed)
        people = agents(self.chance)
        self.now = MIDNIGHT
        self.engine = Engine(queues(), people, seed=seed, now=self.now)
        self.plan: list[tuple[float, int, Callable[[], None]]] = []
        self.planned = 0
        self.holdtime = dict.fromkeys(RATES, 0)
        self.callers: dict[str, Caller] = {}
        self.waits: list[float] = []
        self.gave_up = 0
        self.at_entry: list[Error] = []
        self.later: list[Error] = []
        for number, agent_id in enumerate(people):
            self.work(agent_id, number)
        for name, rate in RATES.items():
            self.arrivals(name, rate)

    def at(self, when: float, what: Callable[[], None]) -> None:
        self.planned += 1
        heapq.heappush(self.plan, (when, self.planned, what))

    def run(self) -> None:
        while True:
            planned = self.plan[0][0] if self.plan else None
            deadline = self.engine.deadline()
            if planned is not None and (deadline is None or planned <= deadline):
                self.now, _, what = heapq.heappop(self.plan)
                what()
            elif deadline is not None:
                self.now = deadline
                self.tell(Tick())
            else:
                return

    def tell(self, event: Event) -> None:
        for effect in self.engine.step(event, self.now):
            if isinstance(effect, RingAgent):
                self.answer(effect)

    def work(self, agent_id: str, number: int) -> None:
        """Eight hours with a long break and two short ones. They begin between opening and noon; `together`: in two
        shifts, and all agents of a shift have their breaks at about the same time.
        """
        late, spread = (number % 2, 1_200) if self.together else (number % 7 / 6, 3_000)
        begins = MIDNIGHT + OPENS + (CLOSES - OPENS - 8 * 3_600) * late
        self.tell(PhoneChanged(agent_id, PhoneState.FREE))

        def ask(state: AgentState) -> Callable[[], None]:
            return lambda: self.tell(StateRequested(agent_id, state, Actor.agent(agent_id)))

        self.at(begins + self.chance.uniform(0, 300), ask(AgentState.READY))
        for middle, minutes in ((1.5, 12), (4, 35), (6.2, 12)):
            leaves = begins + middle * 3_600 + self.chance.uniform(-spread, spread)
            self.at(leaves, ask(AgentState.NOT_READY))
            self.at(leaves + minutes * 60, ask(AgentState.READY))
        self.at(begins + 8 * 3_600, ask(AgentState.LOGGED_OUT))

    def arrivals(self, name: str, rate: float) -> None:
        """A Poisson process whose rate follows the day, by thinning."""
        time_of_day, number = OPENS + 600, 0
        while (time_of_day := time_of_day + self.chance.expovariate(rate / 3_600)) < CLOSES - 3_600:
            if self.chance.random() < busy(time_of_day):
                number += 1
                self.at(MIDNIGHT + time_of_day, partial(self.enter, f"{name}-{number}", name))

    def enter(self, call: str, name: str) -> None:
        self.callers[call] = Caller(name, self.now)
        self.tell(CallQueued(call, name, "zh"))
        self.say(call)
        self.at(self.now + self.chance.expovariate(1 / PATIENCE), lambda: self.give_up(call))

    def say(self, call: str) -> None:
        """Tell the waiting caller, now and again every AGAIN seconds."""
        expected = self.engine.expected_wait(call)
        if call not in self.callers:
            return
        caller = self.callers[call]
        if expected is not None:
            theirs = max(0.0, self.holdtime[caller.queue] - (self.now - caller.entered))
            caller.told.append(Told(self.now, expected, theirs))
        elif not caller.told:
            return  # an agent is rung at once
        self.at(self.now + AGAIN, lambda: self.say(call))

    def give_up(self, call: str) -> None:
        if call in self.callers and self.engine.may_leave(call):
            del self.callers[call]
            self.gave_up += 1
            self.tell(CallLeft(call, Left.HUNG_UP))

    def answer(self, ring: RingAgent) -> None:
        answers = self.now + self.chance.uniform(2, 6)
        self.at(answers, lambda: self.tell(OfferAnswered(ring.offer_id)))
        self.at(answers + 0.5, lambda: self.connect(ring))

    def connect(self, ring: RingAgent) -> None:
        caller = self.callers.pop(ring.call_id, None)
        if caller is None:
            return  # the caller gave up while it rang
        self.tell(OfferConnected(ring.offer_id))
        for number, told in enumerate(caller.told):
            actual = self.now - told.at
            error = (abs(told.engine - actual), abs(told.app_queue - actual))
            (self.later if number else self.at_entry).append(error)
        waited = self.now - caller.entered
        self.waits.append(waited)
        self.holdtime[caller.queue] = (self.holdtime[caller.queue] * 3 + int(waited)) >> 2
        talk = TALK[caller.queue] * self.chance.lognormvariate(0, 0.6)
        self.at(self.now + talk, lambda: self.tell(CallEnded(ring.call_id, EndedBy.CALLER)))


@dataclass(frozen=True)
class Result:
    """Seconds. `told`: how many announcements were judged."""

    when: str
    told: int
    engine_median: float
    engine_p90: float
    app_queue_median: float
    app_queue_p90: float


def summary(when: str, errors: list[Error]) -> Result:
    ours, theirs = sorted(ours for ours, _ in errors), sorted(theirs for _, theirs in errors)
    ninth = int(len(errors) * 0.9)
    return Result(
        when,
        len(errors),
        *(round(median(ours), 1), round(ours[ninth], 1)),
        *(round(median(theirs), 1), round(theirs[ninth], 1)),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    parser.add_argument("--seed", type=int, default=1, help="of the first day (default: 1)")
    parser.add_argument("--days", type=int, default=1, help="how many days, each with a seed of its own (default: 1)")
    parser.add_argument("--together", action="store_true", help="whole shifts have their breaks at the same time")
    chosen = parser.parse_args()
    days = [Day(chosen.seed + number, together=chosen.together) for number in range(chosen.days)]
    for day in days:
        day.run()
    waits = sorted(wait for day in days for wait in day.waits)
    rows = [
        summary("at entry", [error for day in days for error in day.at_entry]),
        summary("later", [error for day in days for error in day.later]),
    ]
    hall = {
        "connected": len(waits),
        "gave_up": sum(day.gave_up for day in days),
        "wait_median_s": round(median(waits), 1),
        "wait_p90_s": round(waits[int(len(waits) * 0.9)], 1),
    }
    if chosen.json:
        print(json.dumps({"hall": hall, "errors": [asdict(row) for row in rows]}, indent=2))
        return
    print(f"{hall['connected']} connected, {hall['gave_up']} gave up;", end=" ")
    print(f"waits: median {hall['wait_median_s']} s, 90th percentile {hall['wait_p90_s']} s")
    print(f"{'error in seconds':<18}{'told':>7}{'engine p50':>12}{'p90':>8}{'app_queue p50':>15}{'p90':>8}")
    for row in rows:
        print(
            f"{row.when:<18}{row.told:>7}{row.engine_median:>12}{row.engine_p90:>8}"
            f"{row.app_queue_median:>15}{row.app_queue_p90:>8}"
        )


if __name__ == "__main__":
    main()
