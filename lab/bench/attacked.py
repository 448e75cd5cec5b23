"""Do agents' phones ring as ever while somebody attacks? Ten agents, a call every 0.4 s, one attack after the other.

The time runs from the end of a caller's key until the INVITE comes to an agent's phone. There is no firewall
unless you ask for it.
The attacker is a program of its own, on the same processors: in a flood it takes one of them. See docs/benchmarks.md.
"""

import argparse
import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from base import log as logging_
from lab.attacks.listed import ATTACKS, PROVIDER, Attack, Entrance, Target
from lab.attacks.program import attacking
from lab.bench import firewall
from lab.bench.figures import Spread
from lab.bench.longrun import apart, bounded
from lab.bench.machine import machine
from lab.bench.report import headed
from lab.bench.stage import Stage, stage
from lab.bench.usage import Watch, cpu_seconds, resident
from lab.certificates import make
from lab.patience import Late, patience
from lab.phone import CallFailed, IncomingCall, Phone, RegistrationFailed, SessionOver
from lab.ports import free_port

AGENTS, CALLERS = 10, 40
NUMBER, KEY = "12319", "0"

LISTENS, PRESSES, TALKS = 0.3, 0.16, 0.5
"""Seconds from the answer to the key, of the key, and of a talk."""

WITHIN = 40.0
"""Seconds that a caller waits for the answer, and again for an agent. A packet that is lost is sent again for 32 s."""

SETTLES = 180.0
"""Seconds until the last channel of an attack is gone. One whose answer and BYE are lost stays for 64 s, and more."""

SAMPLED = 0.2
"""Seconds between two looks at Asterisk's memory."""

LIMIT = 2_400.0
"""Seconds after which the run is given up."""

QUIET = Attack("quiet", lambda target: ())


@dataclass(frozen=True, slots=True)
class Size:
    """So many calls under each attack, one every so many seconds, whatever became of those before.

    `again`: whether to measure without an attack at the end, too.
    """

    calls: int
    every: float
    again: bool


FULL, QUICK = Size(100, 0.4, again=True), Size(10, 0.2, again=False)


@dataclass(frozen=True, slots=True)
class Row:
    """What was seen under one attack.

    sent      what the attackers say that they have done
    refused   calls that were not answered, did not ring or came to no talk, by status or in words; and phones that
              could not register again
    answer    from the caller's INVITE to its answer; `ring`: from the key's end to the INVITE at an agent's phone;
              `talk`: from the agent's answer to its ACK, with which the talk begins
    memory    megabytes of Asterisk, at most, above those after its start
    busy      shares of one processor: of Asterisk, service, attackers, phones, and of all others on this machine
    late      how late the phones' own timers were
    """

    entrance: Entrance
    attack: str
    sent: str
    calls: int
    refused: dict[str, int]
    answer: Spread
    ring: Spread
    talk: Spread
    memory: float
    busy: dict[str, float]
    late: Spread


class Calls:
    """Callers, and the agents who take their calls."""

    def __init__(self, callers: Sequence[Phone]) -> None:
        self.answers: list[float] = []
        self.rings: list[float] = []
        self.talks: list[float] = []
        self.refused = Counter[str]()
        self._free: asyncio.Queue[Phone] = asyncio.Queue()
        for phone in callers:
            self._free.put_nowait(phone)
        self._rung: dict[str, asyncio.Future[float]] = {}

    async def make(self, size: Size) -> None:
        loop = asyncio.get_running_loop()
        first = loop.time()
        async with asyncio.TaskGroup() as calls:
            for number in range(size.calls):
                await asyncio.sleep(first + number * size.every - loop.time())
                calls.create_task(self._call(await self._free.get()))

    async def _call(self, phone: Phone) -> None:
        loop = asyncio.get_running_loop()
        rung = self._rung[phone.number] = loop.create_future()
        asked = loop.time()
        call = await phone.place(NUMBER)
        try:
            await call.answered(WITHIN)
            self.answers.append(loop.time() - asked)
            await asyncio.sleep(LISTENS)
            await call.press(KEY, duration=PRESSES)
            assert call.media.released_at is not None
            async with patience("a ring at an agent's phone", WITHIN):
                self.rings.append(await rung - call.media.released_at)
            with suppress(Late):
                await call.ended(WITHIN)
        except CallFailed as failed:
            self.refused[str(failed.status)] += 1
        except Late:
            self.refused["no answer" if call.began_at is None else "no ring"] += 1
        except SessionOver:
            self.refused["cut off"] += 1
        finally:
            del self._rung[phone.number]
            with suppress(CallFailed, Late):
                await call.hang_up()
            self._free.put_nowait(phone)

    async def take(self, phone: Phone) -> None:
        """An agent: answers, talks, hangs up, for ever."""
        async with asyncio.TaskGroup() as talks:
            while True:
                offer = await phone.incoming(LIMIT)
                rung = self._rung.get(offer.caller_number)
                if rung is not None and not rung.done():
                    rung.set_result(offer.arrived_at)
                talks.create_task(self._talk(offer))

    async def _talk(self, offer: IncomingCall) -> None:
        loop = asyncio.get_running_loop()
        picked_up = loop.time()
        try:
            await offer.answer()
            await offer.confirmed()
            self.talks.append(loop.time() - picked_up)
            await asyncio.sleep(TALKS)
            await offer.hang_up()
        except CallFailed:
            self.refused["no talk"] += 1

    async def register(self, phones: Sequence[Phone]) -> None:
        """The office's phones register again, one after the other."""
        for phone in phones:
            try:
                await phone.register(expires=1_800)
            except RegistrationFailed as failed:
                self.refused[f"REGISTER {failed.status}"] += 1


class Used:
    """Shares of one processor that these processes use from now on, and the most memory that the first has."""

    def __init__(self, asterisk: int, service: int, attackers: Sequence[int]) -> None:
        self._asterisk = asterisk
        self._pids = [("Asterisk", asterisk), ("service", service), *(("attackers", pid) for pid in attackers)]
        self._began, self._before = time.monotonic(), [cpu_seconds(pid) for _, pid in self._pids]
        self.memory = 0

    def busy(self) -> dict[str, float]:
        lasted = time.monotonic() - self._began
        found: dict[str, float] = {}
        for (name, pid), before in zip(self._pids, self._before, strict=True):
            found[name] = found.get(name, 0.0) + (cpu_seconds(pid) - before) / lasted
        return found

    async def watch(self) -> None:
        while True:
            self.memory = max(self.memory, resident(self._asterisk))
            await asyncio.sleep(SAMPLED)


@asynccontextmanager
async def going_on(work: Iterable[Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """All of it goes on within the block, and ends with it. Raises what one of it has raised."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.result()


@dataclass
class Hotline:
    """One that is up, with all its phones. `memory`: bytes of Asterisk's after its start."""

    entrance: Entrance
    stage: Stage
    target: Target
    agents: dict[str, Phone]
    callers: list[Phone]
    memory: int

    async def bear(self, attack: Attack, size: Size) -> Row:
        """Calls under this attack."""
        await self.stage.wait_quiet(SETTLES)
        await self.stage.make_ready(list(self.agents))  # whoever has missed a ring is not
        calls, phones = Calls(self.callers), list(self.agents.values())
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(going_on(map(calls.take, phones)))
            programs = [await stack.enter_async_context(attacking(*each)) for each in attack.programs(self.target)]
            used = Used(self.stage.asterisk_pid, self.stage.service_pid, [each.pid for each in programs])
            async with Watch() as watch, going_on([used.watch()]), asyncio.TaskGroup() as both:
                both.create_task(calls.make(size))
                both.create_task(calls.register(phones))
            busy = {**used.busy(), "phones": watch.phones}
            busy["others"] = watch.machine * (os.cpu_count() or 1) - sum(busy.values())
        return Row(
            entrance=self.entrance,
            attack=attack.name,
            sent="; ".join(each.said for each in programs),
            calls=size.calls,
            refused=dict(calls.refused),
            answer=Spread.of(calls.answers),
            ring=Spread.of(calls.rings),
            talk=Spread.of(calls.talks),
            memory=round((used.memory - self.memory) / 1e6, 1),
            busy={name: round(share, 2) for name, share in busy.items()},
            late=Spread.of(watch.lateness),
        )


@asynccontextmanager
async def hotline(folder: Path, entrance: Entrance, *, behind_rules: bool) -> AsyncIterator[Hotline]:
    """One in an empty folder, with agents who are ready."""
    given = ""
    if entrance is Entrance.TRUNK:
        given = f'[trunk]\nhost = "{PROVIDER}"\nbind = "127.0.0.1"\nbind_port = {free_port()}\n'
    elif entrance is Entrance.TLS:
        certificate, key = make(folder)
        given = f'plain_network = true\ntls_certificate = "{certificate}"\ntls_key = "{key}"\n'
    async with stage(folder, AGENTS + CALLERS, tell, given) as made, AsyncExitStack() as phones:
        trunk = made.settings.trunk
        port = 0 if trunk is None else trunk.bind_port
        if behind_rules:
            firewall.load(made.settings.ports, port, PROVIDER)
        await made.start_as_rendered()
        agents = {agent: await phones.enter_async_context(made.agent_phone(agent)) for agent in made.agents[:AGENTS]}
        for phone in agents.values():
            await phone.register(expires=1_800)
        # without a trunk citizens call by a door that is shut in a flood of calls, so colleagues call
        calling = (
            [made.caller_phone(f"138{number:08}") for number in range(CALLERS)]
            if entrance is Entrance.TRUNK
            else [made.agent_phone(agent) for agent in made.agents[AGENTS:]]
        )
        callers = [await phones.enter_async_context(phone) for phone in calling]
        await made.start_service(list(agents))
        target = Target(made.settings.ports, port, [await made.token(agent) for agent in list(agents)[:2]])
        yield Hotline(entrance, made, target, agents, callers, resident(made.asterisk_pid))


async def run(folder: Path, attacks: Sequence[Attack], size: Size, *, behind_rules: bool = False) -> list[Row]:
    """All of it, in an empty folder. Raises what starting Asterisk and the service raises."""
    rows = []
    for entrance in Entrance:
        chosen = [attack for attack in attacks if attack.entrance is entrance]
        if not chosen:
            continue
        (folder / entrance.name).mkdir()
        async with hotline(folder / entrance.name, entrance, behind_rules=behind_rules) as here:
            for attack in (QUIET, *chosen, *([QUIET] if size.again else [])):
                tell(f"{entrance}: {attack.name}")
                rows.append(await here.bear(attack, size))
                tell(f"  ring p50 {rows[-1].ring.p50} ms, p99 {rows[-1].ring.p99} ms, refused {rows[-1].refused or 0}")
    return rows


def tell(line: str) -> None:
    print(f"· {line}", file=sys.stderr)


def show(rows: Sequence[Row], console: Console) -> None:
    """Print them."""
    names = (
        "attack",
        "sent",
        "calls",
        "refused",
        *(f"{what} {which}" for what in ("answer", "ring", "talk") for which in ("p50", "p99", "most")),
    )
    for entrance in dict.fromkeys(row.entrance for row in rows):
        made = headed(f"A hotline {entrance}, ms", *names, "Asterisk, MB more", "busy", "phones late p99")
        for row in rows:
            if row.entrance is entrance:
                made.add_row(
                    row.attack,
                    row.sent,
                    str(row.calls),
                    ", ".join(f"{count} {why}" for why, count in row.refused.items()) or "0",
                    *(
                        f"{figure:.1f}"
                        for times in (row.answer, row.ring, row.talk)
                        for figure in (times.p50, times.p99, times.most)
                    ),
                    f"{row.memory:.0f}",
                    ", ".join(f"{name} {share:.0%}" for name, share in row.busy.items()),
                    f"{row.late.p99:.0f}",
                )
        console.print(made)


def main() -> int:
    """The exit status: 1 if a call was refused."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="ten calls under each attack (default: 100)")
    parser.add_argument("--firewall", action="store_true", help="with docs/nftables/wutong.nft before it (as root)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    names = [attack.name for attack in ATTACKS]
    parser.add_argument("--attack", action="append", choices=names, help="this one only; may be repeated")
    chosen = parser.parse_args()
    apart()
    if chosen.firewall:
        firewall.withdraw()
    folder = Path(tempfile.mkdtemp(prefix="wutong-attacked-"))
    logging_.configure("info", file=folder / "attacked.log")
    attacks = [attack for attack in ATTACKS if not chosen.attack or attack.name in chosen.attack]
    before = os.getloadavg()[0]
    work = run(folder, attacks, QUICK if chosen.quick else FULL, behind_rules=chosen.firewall)
    rows = asyncio.run(bounded(LIMIT, work))
    shutil.rmtree(folder)
    load = [round(each, 2) for each in (before, os.getloadavg()[0])]
    found = {
        "machine": machine(),
        "firewall": chosen.firewall,
        "load before and after": load,
        "rows": [asdict(row) for row in rows],
    }
    if chosen.json:
        print(json.dumps(found, indent=2))
    else:
        console = Console(highlight=False, width=None if sys.stdout.isatty() else 220)
        console.print(
            ", ".join(f"{name}: {value}" for name, value in machine().items()), f"load before and after: {load}"
        )
        show(rows, console)
    return 1 if any(row.refused for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
