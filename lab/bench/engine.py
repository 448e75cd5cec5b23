"""How fast the distributor decides, without Asterisk: the pure engine on a simulated clock.

    python -m lab.bench.engine [--json] [--seconds S] [--profile]

2,000 agents with two or three of 50 skills, 50 queues that relax twice, two languages. Every agent always has a call.
The agent hangs up, wraps up, is rung for the first caller, answers and is connected, while a new caller enters. So the
number of waiting callers stays constant, and every assignment chooses among all of them. An assignment costs seven
events: queued, two relaxings, wrap-up over (which rings), answered, connected, ended.
"""

import argparse
import cProfile
import gc
import json
import pstats
import sys
from collections import deque
from dataclasses import asdict, dataclass
from random import Random
from time import perf_counter

from acd.effects import RingAgent
from acd.engine.step import Engine
from acd.events import (
    CallEnded,
    CallQueued,
    EndedBy,
    Event,
    OfferAnswered,
    OfferConnected,
    PhoneChanged,
    StateRequested,
    Tick,
)
from acd.model import Queue, Relaxation
from agents.model import Agent
from agents.states import AgentState, PhoneState
from journal.actor import Actor

AGENTS, QUEUES = 2_000, 50
TALK = 180.0
WRAP_UP = 20.0
LANGUAGES = ("zh", "zh", "zh", "en")


@dataclass(frozen=True)
class Result:
    """`us_per_event`: mean microseconds; `p99_us`: of one event; `relative`: the mean relative to the first row."""

    waiting: int
    assignments: int
    events: int
    assignments_per_s: float
    events_per_s: float
    us_per_event: float
    p99_us: float
    relative: float


class Day:
    """A hotline in which `waiting` callers always wait."""

    def __init__(self, waiting: int, seed: int = 1) -> None:
        self.random = Random(seed)
        self.now = 1_000_000.0
        self.took: list[float] = []
        self.calls = 0
        self.waiting = 0
        self.answers: deque[RingAgent] = deque()
        self.talks: deque[tuple[float, str]] = deque()  # end, call; all talks have the same length
        skills = [f"skill-{number}" for number in range(QUEUES - 1)] + ["general"]
        queues = {skill: self.queue(skill) for skill in skills}
        self.queue_ids = list(queues)
        agents = {str(10_000 + number): self.agent(str(10_000 + number), skills) for number in range(AGENTS)}
        self.engine = Engine(queues, agents, seed=seed, now=self.now)
        for agent_id in agents:
            self.tell(PhoneChanged(agent_id, PhoneState.FREE))
            self.tell(StateRequested(agent_id, AgentState.READY, Actor.agent(agent_id)))
        for _ in range(AGENTS):  # evenly spread, so that the talks end evenly
            self.call()
            self.connect()
            self.now += TALK / AGENTS
        self.fill(waiting)

    @staticmethod
    def queue(skill: str) -> Queue:
        return Queue(
            id=skill,
            name={"*": skill},
            needs={skill: 3},
            relax=(Relaxation(after=30, needs={skill: 1}), Relaxation(after=60, needs={"general": 1})),
            wrap_up=WRAP_UP,
        )

    def agent(self, agent_id: str, skills: list[str]) -> Agent:
        chosen = self.random.sample(skills[:-1], self.random.choice([2, 3]))
        levels = {skill: self.random.randint(1, 5) for skill in chosen}
        if self.random.random() < 0.3:
            levels["general"] = self.random.randint(1, 5)
        languages = ("zh", "en") if self.random.random() < 0.5 else ("zh",)
        return Agent(id=agent_id, name=agent_id, skills=levels, languages=languages)

    def tell(self, event: Event) -> None:
        start = perf_counter()
        effects = self.engine.step(event, self.now)
        self.took.append(perf_counter() - start)
        for effect in effects:
            if type(effect) is RingAgent:
                self.answers.append(effect)

    def fill(self, waiting: int) -> None:
        """Add callers until `waiting` wait."""
        while self.waiting < waiting:
            self.call()

    def call(self) -> None:
        self.calls += 1
        self.waiting += 1
        self.tell(CallQueued(f"call-{self.calls}", self.random.choice(self.queue_ids), self.random.choice(LANGUAGES)))

    def connect(self) -> int:
        """Every ringing agent answers and is connected. Returns how many."""
        connected = len(self.answers)
        while self.answers:
            ring = self.answers.popleft()
            self.tell(OfferAnswered(ring.offer_id))
            self.tell(OfferConnected(ring.offer_id))
            self.talks.append((self.now + TALK, ring.call_id))
            self.waiting -= 1
        return connected

    def run(self, assignments: int, waiting: int) -> int:
        """Step through time, with `waiting` callers, until so many assignments are done. Returns how many were done."""
        done = 0
        while done < assignments:
            deadline = self.engine.deadline()
            if self.talks and (deadline is None or self.talks[0][0] <= deadline):
                until, call_id = self.talks.popleft()
                self.now = max(self.now, until)
                self.tell(CallEnded(call_id, EndedBy.CALLER))
            else:
                assert deadline is not None, "somebody always wraps up"
                self.now = deadline
                self.tell(Tick())
            done += self.connect()
            self.fill(waiting)
        return done


def measure(waiting: int, seconds: float, first: float | None) -> Result:
    """One row. `first`: the first row's microseconds per event."""
    day = Day(waiting)
    day.run(AGENTS * 4, waiting)  # every agent has had a call; waiting callers are spread over the relaxing steps
    day.took.clear()
    gc.collect()
    assignments = 0
    while sum(day.took) < seconds:
        assignments += day.run(2_000, waiting)
    total, events = sum(day.took), len(day.took)
    mean = total / events * 1e6
    return Result(
        waiting=waiting,
        assignments=assignments,
        events=events,
        assignments_per_s=round(assignments / total),
        events_per_s=round(events / total),
        us_per_event=round(mean, 2),
        p99_us=round(sorted(day.took)[int(events * 0.99)] * 1e6, 1),
        relative=round(mean / (first or mean), 2),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each row is measured (default: 3)")
    parser.add_argument("--profile", action="store_true", help="show where the time goes with 10,000 waiting")
    chosen = parser.parse_args()
    if chosen.profile:
        day = Day(10_000)
        profile = cProfile.Profile()
        profile.runcall(day.run, 20_000, 10_000)
        pstats.Stats(profile, stream=sys.stdout).sort_stats("tottime").print_stats(30)
        return
    rows: list[Result] = []
    for waiting in (100, 1_000, 10_000):
        rows.append(measure(waiting, chosen.seconds, rows[0].us_per_event if rows else None))
    if chosen.json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
        return
    print(f"{AGENTS:,} agents, {QUEUES} queues with two relaxing steps; Python {sys.version.split()[0]}")
    print(f"{'waiting':>8} {'assignments/s':>14} {'events/s':>10} {'µs/event':>9} {'p99 µs':>7} {'relative':>9}")
    for row in rows:
        print(
            f"{row.waiting:>8,} {row.assignments_per_s:>14,.0f} {row.events_per_s:>10,.0f}"
            f" {row.us_per_event:>9.2f} {row.p99_us:>7.1f} {row.relative:>9.2f}"
        )


if __name__ == "__main__":
    main()
