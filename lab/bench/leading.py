"""How soon another machine leads, and whether two ever might offer at the same time.

    python -m lab.bench.leading [--rounds N] [--backing] [--json]

Two machines, each a process with a real `Leadership`, reach a real PostgreSQL through a proxy of their own. Each asks
itself every 5 ms whether it may offer, and says so. In each round the one that leads is killed, frozen for 1.5 s, cut
off from PostgreSQL for 2 s, has its session dropped, or PostgreSQL is stopped for 5 s (a fifth of the rounds). What is
measured: from the fault, or from PostgreSQL's next start, until a machine may offer (again). With `--backing` the
machines have addresses, so that the other one backs the leader; where that keeps the leader, what is measured is the
longest time without a moment in which it might offer, from before the fault until after it.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import pairwise
from random import Random

from journal import database
from lab.bench.figures import Spread
from lab.bench.permits import Permit, doubles
from lab.faults.proxy import Proxy
from lab.patience import PATIENCE
from lab.ports import free_base
from lab.postgres import Postgres, running
from nodes.channel import Channel
from nodes.leadership import Leadership, now
from nodes.model import Node
from nodes.permit import VALID_S
from nodes.session import NAME

SAYS, STANDS_BY = "may-offer", "stands-by"
"""What lines of a machine begin with: it may offer now; it has seen that another one leads."""

IDS = {"north": "0a" * 16, "south": "0b" * 16}

ASKS_S = 0.005
"""Seconds between two times that a machine asks itself."""


async def machine(url: str, node: str, address: str) -> None:
    """What one process does, for ever: it stands by, leads, and stands by again. It says when it may offer. `address`:
    for the other one; `-`: none.
    """
    begun = 0

    async def prepare() -> None:
        tables = database.open(url)
        await database.migrate(tables)
        await tables.dispose()

    def stand_by() -> Leadership:
        made = Leadership(url, Node(IDS[node], node, "", "" if address == "-" else address, begun), prepare=prepare)
        made.on_seen = lambda leader: None if leader is None else print(STANDS_BY, flush=True)
        return made

    leadership = stand_by()

    async def lead() -> None:
        nonlocal leadership, begun
        while True:
            async with AsyncExitStack() as ending:
                if leadership.node.address:
                    await ending.enter_async_context(Channel(leadership, b"of the lab"))
                await leadership.win()
                leadership.started()
                await leadership.keep()
                begun = leadership.epoch
                await leadership.resign()
            leadership = stand_by()

    leading = asyncio.create_task(lead())
    while not leading.done():
        at = now()
        permit = leadership.permit
        if permit.may_offer(at):
            os.write(1, f"{SAYS} {leadership.holder} {at:.6f} {permit.until(at):.6f}\n".encode())
        await asyncio.sleep(ASKS_S)
    leading.result()


class Machines:
    """Two processes. `log`: when they might offer; `last`: the node that has said so last; `stood_by`: when each
    has said so last.
    """

    def __init__(self, urls: dict[str, str], addresses: dict[str, str]) -> None:
        self.log: list[Permit] = []
        self.last = ""
        self.stood_by: dict[str, float] = {}
        self.processes: dict[str, asyncio.subprocess.Process] = {}
        self._urls, self._addresses = urls, addresses
        self._said = asyncio.Condition()
        self._reading: set[asyncio.Task[None]] = set()

    async def start(self, node: str) -> None:
        given = (self._urls[node], node, self._addresses[node])
        command = (sys.executable, "-P", "-m", "lab.bench.leading", "--machine", *given)
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        self.processes[node] = process
        self._reading.add(asyncio.create_task(self._read(node, process)))

    async def _read(self, node: str, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            says, *words = line.decode().split()
            if says == STANDS_BY:
                async with self._said:
                    self.stood_by[node] = now()
                    self._said.notify_all()
            if says != SAYS:  # a line of its log
                continue
            holder, at, until = words
            async with self._said:
                self.log.append(Permit(holder, float(at), float(until)))
                self.last = node
                self._said.notify_all()

    async def offers(self, after: float, *, other_than: str = "") -> Permit:
        """Wait for a machine that may offer after this moment; `other_than`: not of that start."""

        def found() -> Permit | None:
            newest = self.log[-1] if self.log else None
            return newest if newest is not None and newest.at > after and newest.start != other_than else None

        async with asyncio.timeout(PATIENCE), self._said:
            await self._said.wait_for(found)
            permit = found()
            assert permit is not None
            return permit

    async def stands_by(self, node: str, after: float) -> None:
        """Wait until this one has seen, after this moment, that another one leads."""
        async with asyncio.timeout(PATIENCE), self._said:
            await self._said.wait_for(lambda: self.stood_by.get(node, 0.0) > after)

    async def end(self) -> None:
        for process in self.processes.values():
            if process.returncode is None:
                process.kill()
                await process.wait()
        await asyncio.gather(*self._reading)


class Lab:
    """Machines, their proxies and PostgreSQL."""

    def __init__(self, postgres: Postgres, proxies: dict[str, Proxy], machines: Machines) -> None:
        self.postgres, self.proxies, self.machines = postgres, proxies, machines

    async def kill(self, node: str, start: str) -> float:
        began = now()
        self.machines.processes[node].kill()
        seconds = (await self.machines.offers(began, other_than=start)).at - began
        await self.machines.processes[node].wait()
        await self.machines.start(node)
        return seconds

    async def freeze(self, node: str, start: str) -> float:
        process, began = self.machines.processes[node], now()
        process.send_signal(signal.SIGSTOP)
        try:
            return (await self.machines.offers(began, other_than=start)).at - began
        finally:
            await asyncio.sleep(max(0.0, began + 1.5 - now()))
            process.send_signal(signal.SIGCONT)

    async def cut_off(self, node: str, start: str) -> float:
        began = now()
        self.proxies[node].half_open()
        try:
            return (await self.machines.offers(began, other_than=start)).at - began
        finally:
            await asyncio.sleep(max(0.0, began + 2.0 - now()))
            self.proxies[node].heal()

    async def drop(self, node: str, start: str) -> float:
        await asyncio.to_thread(self.postgres.end_sessions, NAME + start)
        began = now()
        await asyncio.sleep(VALID_S)  # its permit from before has ended
        return (await self.machines.offers(began + VALID_S)).at - began

    async def stop_postgresql(self, node: str, start: str) -> float:
        await asyncio.to_thread(self.postgres.stop)
        await asyncio.sleep(5.0)
        await asyncio.to_thread(self.postgres.start)
        began = now()
        return (await self.machines.offers(began)).at - began

    async def cut_off_alone(self, node: str, start: str) -> float:
        """As `cut_off`, of a leader that is backed."""
        began = now()
        self.proxies[node].half_open()
        await asyncio.sleep(2.0)
        self.proxies[node].heal()
        return await self._longest_gap(began)

    async def go_without_postgresql(self, node: str, start: str) -> float:
        """As `stop_postgresql`, of a leader that is backed."""
        began = now()
        await asyncio.to_thread(self.postgres.stop)
        await asyncio.sleep(5.0)
        await asyncio.to_thread(self.postgres.start)
        return await self._longest_gap(began)

    async def _longest_gap(self, began: float) -> float:
        """Without a moment in which a machine might offer, from then until a second from now."""
        end = now() + 1.0
        await self.machines.offers(end)
        moments = [permit.at for permit in self.machines.log if began <= permit.at]
        return max(later - earlier for earlier, later in pairwise([began, *sorted(moments)]))


Fault = Callable[[Lab, str, str], Awaitable[float]]

FAULTS: dict[str, tuple[Fault, int]] = {
    "killed": (Lab.kill, 1),
    "frozen": (Lab.freeze, 1),
    "cut off": (Lab.cut_off, 1),
    "session dropped": (Lab.drop, 1),
    "PostgreSQL stopped for 5 s": (Lab.stop_postgresql, 5),
}
"""By name, and in which share of the rounds it is tried (1 in …)."""

BACKED_FAULTS: dict[str, tuple[Fault, int]] = {
    "killed": (Lab.kill, 1),
    "frozen": (Lab.freeze, 1),
    "cut off, backed": (Lab.cut_off_alone, 1),
    "PostgreSQL stopped for 5 s, backed": (Lab.go_without_postgresql, 2),
}
"""The same, of machines that back their leader."""


@asynccontextmanager
async def laboratory(*, backing: bool) -> AsyncIterator[Lab]:
    async with AsyncExitStack() as ending:
        postgres = ending.enter_context(running())
        url = postgres.create()
        proxies, urls = {}, {}
        for node in ("north", "south"):
            proxies[node] = await ending.enter_async_context(Proxy(postgres.port))
            urls[node] = url.replace(f":{postgres.port}/", f":{proxies[node].port}/")
        ports = list(range(first := free_base(), first + 2))
        addresses = {node: f"127.0.0.1:{port}" if backing else "-" for node, port in zip(urls, ports, strict=True)}
        machines = Machines(urls, addresses)
        ending.push_async_callback(machines.end)
        for node in urls:
            await machines.start(node)
        yield Lab(postgres, proxies, machines)


async def measure(rounds: int, seed: int, *, backing: bool) -> dict[str, object]:
    """The figures of each fault, in milliseconds, and how often two might offer at the same time."""
    chance, times, moved = Random(seed), dict[str, list[float]](), Counter[str]()
    async with laboratory(backing=backing) as lab:
        await lab.machines.offers(0.0)
        for name, (fault, share) in (BACKED_FAULTS if backing else FAULTS).items():
            times[name] = []
            for _ in range(max(1, rounds // share)):
                leader = await lab.machines.offers(now())
                node = lab.machines.last
                await lab.machines.stands_by("south" if node == "north" else "north", now())
                if backing:
                    await asyncio.sleep(1.5)  # the leader has noted the other one, and is backed
                await asyncio.sleep(0.2 * chance.random())  # anywhere between two heartbeats
                times[name].append(await fault(lab, node, leader.start))
                moved[name] += (await lab.machines.offers(now())).start != leader.start
        log = lab.machines.log
    figures = {name: Spread.of(found) for name, found in times.items()}
    return {
        "figures": {
            name: {"rounds": len(times[name]), "p50": round(spread.p50), "p99": round(spread.p99), "moved": moved[name]}
            for name, spread in figures.items()
        },
        "permits": len(log),
        "doubles": len(doubles(log)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m lab.bench.leading")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--backing", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--machine", nargs=3, metavar=("URL", "NODE", "ADDRESS"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.machine:
        asyncio.run(machine(*given.machine))
        return
    found = asyncio.run(measure(given.rounds, given.seed, backing=given.backing))
    if given.json:
        print(json.dumps(found))
        return
    for name, row in found["figures"].items():  # type: ignore[attr-defined]
        print(f"{name:36} {row['rounds']:4} rounds  p50 {row['p50']:5} ms  p99 {row['p99']:5} ms  moved {row['moved']}")
    print(f"{found['permits']} permits; {found['doubles']} while another machine might offer")


if __name__ == "__main__":
    main()
