"""A storm over several machines: their processes, what breaks them, the callers, and what came of it."""

import asyncio
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from math import inf
from pathlib import Path
from random import Random
from typing import Any

from journal import database
from lab.bench.figures import Spread
from lab.bench.machine import machine as this_machine
from lab.bench.permits import Permit
from lab.chaos.several.blows import EVERY, Blow, Fault
from lab.chaos.several.history import History, Offer, Row, longest_gap, losses
from lab.chaos.several.machine import TABLE, Specification, identity
from lab.chaos.several.relay import Relay
from lab.faults.proxy import Proxy
from lab.patience import until
from lab.ports import free_base
from lab.postgres import Postgres, running
from nodes.leadership import now
from nodes.session import NAME

NAMES = ("north", "south", "east", "west", "centre")
"""Of the machines."""

CALLS_EACH_S = 0.1
"""Seconds from one caller to the next."""

PATIENCE_S = 3.0
"""Seconds after which a caller who was not offered hangs up, and rings another machine."""

RINGS_AGAIN_S = 0.1
"""Seconds after which a caller whom a machine refused, or lost, rings again."""

CALM_S = 40.0
"""Seconds after the storm within which each caller must be offered."""

SET_BACK = "UPDATE leaders SET kept_until = kept_until + 3600 WHERE kept_until > 0"
"""As all times in the database look, once its clock was set back by an hour."""


class Machine:
    """A process, made again after each kill. `start`: the holder of its leadership; empty: it does not lead."""

    def __init__(self, told: Specification, proxy: Proxy, history: History, served: Callable[[Offer], None]) -> None:
        self.told, self.proxy = told, proxy
        self.start = ""
        self.begun = 0
        self.lost = asyncio.Event()  # its callers are cut off
        self.refused: set[str] = set()
        self.refusals = 0
        self._history, self._served = history, served
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def run(self) -> None:
        told = replace(self.told, begun=self.begun)
        command = (sys.executable, "-P", "-m", "lab.chaos.several.machine", told.line())
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
        self._reading = asyncio.create_task(self._read(self._process))

    async def kill(self) -> None:
        """As if it had lost its power."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        await process.wait()
        if self._reading is not None:
            await self._reading
        self._cut_off()

    def signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)

    @property
    def runs(self) -> bool:
        return self._process is not None

    def tell(self, *words: str) -> None:
        """A line. A dead machine hears nothing."""
        if self._process is not None and self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write((" ".join(words) + "\n").encode())

    def _cut_off(self) -> None:
        self.start = ""
        self.lost.set()
        self.lost = asyncio.Event()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            match line.decode().split():
                case ["may", start, epoch, at, until_, caller]:
                    self._history.permits.append(Permit(start, float(at), float(until_)))
                    if caller != "-":
                        self._served(Offer(start, int(epoch), caller, float(at), float(until_), now()))
                case ["wrote", start, caller]:
                    self._history.acknowledged.add((start, caller))
                case ["refused", _, _]:
                    self.refusals += 1
                case ["refuses", caller]:
                    self.refused.add(caller)
                case ["begins", epoch]:
                    self.begun = int(epoch)
                case ["leads", start, _]:
                    self.start = start
                case ["over"]:
                    self._cut_off()


@dataclass(slots=True)
class Storm:
    """Machines, PostgreSQL, what is between them, and the callers."""

    postgres: Postgres
    url: str
    chance: Random
    tell: Callable[[str], None]
    history: History = field(default_factory=History)
    machines: list[Machine] = field(default_factory=list)
    relays: dict[tuple[str, str], Relay] = field(default_factory=dict)
    offered: dict[str, asyncio.Event] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    struck: list[tuple[float, str]] = field(default_factory=list)
    database: asyncio.Lock = field(default_factory=asyncio.Lock)  # held while PostgreSQL is stopped

    def served(self, offer: Offer) -> None:
        """The phones have an offer."""
        self.history.offers.append(offer)
        if offer.caller in self.offered:
            self.offered[offer.caller].set()

    def leader(self) -> Machine:
        """The machine that has said last that it leads; else any that runs."""
        leading = [machine for machine in self.machines if machine.start]
        return max(leading or self.machines, key=lambda machine: machine.begun)

    def standby(self) -> Machine:
        return self.chance.choice([machine for machine in self.machines if machine is not self.leader()])

    async def calls(self, name: str) -> None:
        """One caller, who rings machine after machine until an agent is offered."""
        offered = self.offered[name] = asyncio.Event()
        self.history.came.add(name)
        turn = self.machines.index(self.leader())
        while not offered.is_set():
            there = self.machines[turn % len(self.machines)]
            turn += 1
            there.tell("caller", name)
            rung, cut = now(), there.lost
            while not offered.is_set() and not cut.is_set() and now() - rung < PATIENCE_S:
                if name in there.refused or not there.runs:
                    there.refused.discard(name)
                    break
                await asyncio.sleep(RINGS_AGAIN_S / 2)
            there.tell("gone", name)
            if not offered.is_set():
                await asyncio.sleep(RINGS_AGAIN_S / 2)

    async def strike(self, blow: Blow) -> None:
        """All faults of the blow, at the same time."""
        self.struck.append((now(), blow.name))
        self.tell(f"{blow.at:7.2f} {blow.name}, for {blow.lasts:.1f} s")
        leader, standby = self.leader(), self.standby()
        self.faults.update(blow.faults)
        async with self.database:  # what needs PostgreSQL comes before what stops it
            if Fault.CLOCK_BACK in blow.faults:
                await asyncio.to_thread(self.postgres.sql, self.url.rpartition("/")[2], SET_BACK)
            if Fault.DROPPED in blow.faults and leader.start:
                await asyncio.to_thread(self.postgres.end_sessions, NAME + leader.start)
        async with asyncio.TaskGroup() as group:
            for fault in blow.faults:
                group.create_task(self._break(fault, leader, standby, blow.lasts))

    async def _break(self, fault: Fault, leader: Machine, standby: Machine, lasts: float) -> None:
        match fault:
            case Fault.LEADER_KILLED | Fault.CLOCK_BACK:
                await self._kill(leader, lasts)
            case Fault.STANDBY_KILLED:
                await self._kill(standby, lasts)
            case Fault.LEADER_FROZEN:
                leader.signal(signal.SIGSTOP)
                await asyncio.sleep(lasts)
                leader.signal(signal.SIGCONT)
            case Fault.LEADER_CUT_OFF | Fault.STANDBY_CUT_OFF:
                machine = leader if fault is Fault.LEADER_CUT_OFF else standby
                machine.proxy.half_open()
                await asyncio.sleep(lasts)
                machine.proxy.heal()
            case Fault.LEADER_ALONE:
                await self._alone(leader, lasts)
            case Fault.LEADER_ISOLATED:
                leader.proxy.half_open()
                await self._alone(leader, lasts)
                leader.proxy.heal()
            case Fault.STOPPED:
                async with self.database:
                    await asyncio.to_thread(self.postgres.stop)
                    await asyncio.sleep(lasts)
                    await asyncio.to_thread(self.postgres.start)
            case Fault.DROPPED:
                pass  # it has come already
            case Fault.SLOW:
                for machine in self.machines:
                    machine.proxy.lag(self.chance.uniform(0.05, 0.5))
                await asyncio.sleep(lasts)
                for machine in self.machines:
                    machine.proxy.heal()
            case Fault.DATAGRAMS_LATE:
                for relay in self.relays.values():
                    relay.way.delay = self.chance.uniform(0.0, 0.5)
                await asyncio.sleep(lasts)
                for relay in self.relays.values():
                    relay.way.delay = 0.0
            case Fault.ATTACKED:
                for relay in self.relays.values():
                    relay.way.attacked = True
                await asyncio.sleep(lasts)
                for relay in self.relays.values():
                    relay.way.attacked = False

    async def _kill(self, machine: Machine, lasts: float) -> None:
        await machine.kill()
        await asyncio.sleep(lasts)
        if not machine.runs:
            await machine.run()

    async def _alone(self, machine: Machine, lasts: float) -> None:
        ways = [relay.way for pair, relay in self.relays.items() if machine.told.name in pair]
        for way in ways:
            way.lost = True
        await asyncio.sleep(lasts)
        for way in ways:
            way.lost = False

    async def rows(self) -> list[Row]:
        """What the database has in the end."""
        connection = await database.direct(self.url, seconds=5.0, settings={})
        try:
            found = await connection.fetch('SELECT "order", start, epoch, caller FROM offers_of_the_storm')
            return [Row(**row) for row in found]
        finally:
            await connection.close()

    def gaps(self) -> dict[str, list[float]]:
        """By what broke: the longest times without a moment in which a machine might offer, in seconds."""
        moments = sorted(permit.at for permit in self.history.permits)
        found = defaultdict[str, list[float]](list)
        ends = [at for at, _ in self.struck[1:]] + [inf]
        for (at, name), end in zip(self.struck, ends, strict=False):
            until_ = min(end, at + 2 * EVERY, moments[-1] if moments else inf)
            found[name].append(longest_gap(moments, at, max(at, until_)))
        return dict(found)


@asynccontextmanager
async def stormed(
    number: int, seed: int, tell: Callable[[str], None], *, planted: bool = False
) -> AsyncIterator[Storm]:
    """So many machines that run, one of which leads. `planted`: those that stand by offer, too."""
    chance = Random(seed)
    async with AsyncExitStack() as ending:
        postgres = ending.enter_context(running())
        url = postgres.create()
        postgres.sql(url.rpartition("/")[2], TABLE)
        storm = Storm(postgres, url, chance, tell)
        names, base = NAMES[:number], free_base()
        ports = dict(zip(names, range(base, base + number), strict=True))
        for name in names:
            for other in names:
                if other != name:
                    storm.relays[name, other] = await ending.enter_async_context(Relay(ports[other], chance))
        for name in names:
            proxy = await ending.enter_async_context(Proxy(postgres.port))
            routes = {
                f"127.0.0.1:{ports[other]}": f"127.0.0.1:{storm.relays[name, other].port}"
                for other in names
                if other != name
            }
            through = url.replace(f":{postgres.port}/", f":{proxy.port}/")
            address = f"127.0.0.1:{ports[name]}"
            told = Specification(through, name, identity(), address, 0, routes, planted)
            machine = Machine(told, proxy, storm.history, storm.served)
            storm.machines.append(machine)
            ending.push_async_callback(machine.kill)
        for machine in storm.machines:
            await machine.run()
        await until("a machine that leads", _leads(storm), bool)
        await asyncio.sleep(2.5)  # the leader has noted the others, and is backed
        yield storm


def _leads(storm: Storm) -> Callable[[], Awaitable[bool]]:
    async def leads() -> bool:
        return any(machine.start for machine in storm.machines)

    return leads


@dataclass(frozen=True, slots=True)
class Report:
    """`gaps`: by what broke, seconds without a moment in which any machine might offer."""

    seed: int
    seconds: float
    machine: dict[str, str]
    machines: int
    faults: dict[str, int]
    counts: dict[str, int]
    gaps: dict[str, Spread]
    losses: Sequence[str]

    @property
    def good(self) -> bool:
        return not self.losses

    def as_json(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "seconds": round(self.seconds, 1),
            "machine": self.machine,
            "machines": self.machines,
            "faults": self.faults,
            "counts": self.counts,
            "gaps_ms": {
                name: {"rounds": gap.count, "p50": gap.p50, "p99": gap.p99} for name, gap in sorted(self.gaps.items())
            },
            "losses": list(self.losses),
        }

    def lines(self) -> list[str]:
        """For people."""
        told = [f"seed {self.seed}, {self.machines} machines, {self.seconds / 60:.1f} minutes"]
        told += [f"  {number:5} {fault}" for fault, number in sorted(self.faults.items())]
        told.append("the longest time in which no machine might offer:")
        told += [
            f"  {name}: {gap.count} times, p50 {gap.p50:.0f} ms, p99 {gap.p99:.0f} ms"
            for name, gap in sorted(self.gaps.items())
        ]
        told += [f"  {number:5} {what}" for what, number in self.counts.items()]
        return [*told, f"losses: {len(self.losses)}", *(f"  {loss}" for loss in self.losses)]


async def run(
    number: int,
    blows: Sequence[Blow],
    seconds: float,
    seed: int,
    tell: Callable[[str], None],
    *,
    planted: bool = False,
) -> Report:
    """The whole storm. Afterwards each caller who came must have been offered, within CALM_S. `planted`: as of
    `stormed`.
    """
    async with stormed(number, seed, tell, planted=planted) as storm:
        began = now()
        async with asyncio.TaskGroup() as callers:
            calling = callers.create_task(_callers(storm, callers))
            async with asyncio.TaskGroup() as striking:
                for blow in blows:
                    await asyncio.sleep(max(0.0, began + blow.at - now()))
                    striking.create_task(storm.strike(blow))
            await asyncio.sleep(max(EVERY / 2, began + seconds - now()))
            calling.cancel()
            lasted = now() - began
            tell(f"{lasted:7.2f} calm: who is there is served")
            waiting = [event for event in storm.offered.values() if not event.is_set()]
            try:
                async with asyncio.timeout(CALM_S):
                    for event in waiting:
                        await event.wait()
            except TimeoutError:  # they are losses; they ring no more
                for event in waiting:
                    event.set()
        await asyncio.sleep(2.0)  # the last Records are written
        history = storm.history
        history.rows = await storm.rows()
        counts = {
            "callers": len(history.came),
            "offers": len(history.offers),
            "moments in which a machine might offer": len(history.permits),
            "Records in the database": len(history.rows),
            "Records refused, as another machine led": sum(machine.refusals for machine in storm.machines),
            "epochs": max((machine.begun for machine in storm.machines), default=0),
            "offers heard after the permit": sum(offer.heard >= offer.until for offer in history.offers),
        }
        gaps = {name: Spread.of(found) for name, found in storm.gaps().items()}
        faults = dict(sorted(storm.faults.items()))
        return Report(seed, lasted, this_machine(), number, faults, counts, gaps, losses(history))


async def _callers(storm: Storm, group: asyncio.TaskGroup) -> None:
    for name in count(1):
        group.create_task(storm.calls(str(name)))
        await asyncio.sleep(CALLS_EACH_S * storm.chance.uniform(0.5, 1.5))


def work(
    number: int, blows: Sequence[Blow], seconds: float, seed: int
) -> Callable[[Path, Path, Callable[[str], None]], Awaitable[Report]]:
    """What `lab.bench.reported.run` takes."""

    async def done(state: Path, sounds: Path, tell: Callable[[str], None]) -> Report:
        return await run(number, blows, seconds, seed, tell)

    return done
