"""More callers than the machine can serve: does each agent's phone still get one call after the other?

Callers press a key, wait or talk, and hang up a fixed time after the key. So rings are taken back all the time, at
every moment of a ring, and talks end from both sides. A phone is *overrun* when an INVITE comes to it before the CANCEL
or the BYE of its call before, and before it has hung up itself. See docs/benchmarks.md.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from base import log as logging_
from lab.bench import sipp
from lab.bench.figures import Spread
from lab.bench.load import hang_up_all
from lab.bench.longrun import apart, bounded
from lab.bench.stage import ROOMY, Stage, stage
from lab.bench.systems import crowd
from lab.patience import Late
from lab.phone import Call, CallFailed, IncomingCall, Phone

NUMBER, KEY = "12319", "0"

COUNTED = ("wutong_calls_total", "wutong_agi_refused_total")

LONG = 3_600.0
"""Seconds, more than any run lasts."""

RINGS, TALKS = 2.0, 6.0
"""Seconds that an agent's phone rings, and that an agent talks before hanging up, at most."""


@dataclass(frozen=True, slots=True)
class Surge:
    """`rate`: calls a second, for `seconds`. `gives_up`: seconds after the key, or from the INVITE where nobody
    answers, after which a caller hangs up.
    """

    agents: int = 20
    rate: float = 60.0
    seconds: float = 60.0
    gives_up: float = 8.0

    @property
    def calls(self) -> int:
        return round(self.rate * self.seconds)


@dataclass(slots=True)
class Outcome:
    """What the phones have seen.

    callers   how the calls ended: "served" (menu, queue, perhaps a talk), or the status that refused them;
              "unanswered": the caller heard ringing until giving up. In SIPp's words: `lab.bench.sipp.SCENARIO`
    rings     INVITEs that agents' phones got; `cancelled`: of these, how many were taken back; `talks`: answered
    overruns  for each INVITE that came too early: the seconds until the call before it was over
    counted   what the hotline itself counted: lines of /metrics that begin with one of `COUNTED`
    """

    callers: Counter[str] = field(default_factory=Counter)
    rings: int = 0
    cancelled: int = 0
    talks: int = 0
    overruns: list[float] = field(default_factory=list)
    counted: list[str] = field(default_factory=list)

    @property
    def late(self) -> Spread:
        """How long the overrun phones had two calls."""
        return Spread.of(self.overruns)


async def measure(made: Stage, size: Surge, seed: int, by_sipp: Path | None = None) -> Outcome:
    """Let the callers come. Asterisk runs; the service is started and stopped here. `by_sipp`: SIPp's folder, if the
    callers are its own (`lab.bench.sipp`) and not our phones.
    """
    random, seen = Random(seed), Outcome()
    agents = made.agents[: size.agents]
    phones = 0 if by_sipp else round(size.rate * (size.gives_up + 4)) + 20
    async with crowd(made, size.agents, phones) as people:
        await made.start_service(list(agents))
        watching = [asyncio.create_task(_agent(phone, random, seen)) for phone in people.agents.values()]
        try:
            if by_sipp:
                seen.callers = await sipp.surge(by_sipp, made.sip, NUMBER, size.rate, size.calls)
            else:
                await _callers(people.callers, size, seen)
        finally:
            for watch in watching:
                watch.cancel()
            await asyncio.wait(watching)
            await hang_up_all([*people.callers, *people.agents.values()])
            if not by_sipp:  # calls that SIPp has given up end in Asterisk later
                await made.wait_quiet()
        seen.counted = [line for line in (await made.metrics()).splitlines() if line.startswith(COUNTED)]
        await made.stop_service()
    return seen


async def _callers(phones: list[Phone], size: Surge, seen: Outcome) -> None:
    async with asyncio.TaskGroup() as calls:
        free, loop = list(phones), asyncio.get_running_loop()
        first = loop.time()
        for number in range(size.calls):
            await asyncio.sleep(first + number / size.rate - loop.time())
            calls.create_task(_caller(free, size.gives_up, seen))


async def _caller(free: list[Phone], gives_up: float, seen: Outcome) -> None:
    if not free:
        seen.callers["no phone"] += 1
        return
    phone = free.pop()
    try:
        call = await phone.place(NUMBER)
        try:
            await call.answered(gives_up)
        except Late:
            await call.hang_up()
            seen.callers["unanswered"] += 1
            return
        with suppress(Late):
            await call.press(KEY)
            await call.ended(gives_up)
        await call.hang_up()
        seen.callers["served"] += 1
    except CallFailed as failed:
        seen.callers[str(failed.status)] += 1
    finally:
        free.append(phone)


async def _agent(phone: Phone, random: Random, seen: Outcome) -> None:
    """Takes every call: rings for a while, answers, talks for a while, hangs up."""
    async with asyncio.TaskGroup() as calls:
        while True:
            offer = await phone.incoming(LONG)
            seen.rings += 1
            for before in offer.beside:
                calls.create_task(_overrun(before, offer, seen))
            calls.create_task(_offered(offer, random.uniform(0, RINGS), random.uniform(0, TALKS), seen))


async def _overrun(before: Call, offer: IncomingCall, seen: Outcome) -> None:
    try:
        await before.ended(LONG)
    finally:  # a call that is not over at the end of the run counts too
        seen.overruns.append(asyncio.get_running_loop().time() - offer.arrived_at)


async def _offered(offer: IncomingCall, rings: float, talks: float, seen: Outcome) -> None:
    try:
        await offer.ring()
        with suppress(Late):
            await offer.cancelled(rings)
            seen.cancelled += 1
            return
        await offer.answer()
        seen.talks += 1
        with suppress(Late):
            await offer.ended(talks)
        await offer.hang_up()
    except CallFailed:
        seen.cancelled += 1


async def run(folder: Path, size: Surge, seed: int, max_calls: int = 500, *, by_sipp: bool = False) -> Outcome:
    """The whole thing in an empty folder. Raises BenchFailed, and what starting Asterisk and the service raises."""
    given = f"{ROOMY}max_calls = {max_calls}\n"
    async with stage(folder, size.agents, lambda line: print(f"· {line}", file=sys.stderr), given) as made:
        await made.start_asterisk(music=True)
        return await measure(made, size, seed, folder if by_sipp else None)


def main() -> int:
    """The exit status: 1 if a phone was overrun."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=60.0, help="calls a second (default: 60)")
    parser.add_argument("--agents", type=int, default=20, help="agents (default: 20)")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long calls come (default: 60)")
    parser.add_argument("--max-calls", type=int, default=500, help="the hotline's max_calls (default: 500)")
    parser.add_argument("--seed", type=int, default=1, help="which surge (default: 1)")
    parser.add_argument("--sipp", action="store_true", help="SIPp makes the calls (default: phones of our own)")
    chosen = parser.parse_args()
    apart()
    folder = Path(tempfile.mkdtemp(prefix="wutong-surge-"))
    logging_.configure("info", file=folder / "surge.log")
    size = Surge(chosen.agents, chosen.rate, chosen.seconds)
    seen = asyncio.run(
        bounded(size.seconds + 300, run(folder, size, chosen.seed, chosen.max_calls, by_sipp=chosen.sipp))
    )
    shutil.rmtree(folder)
    print(f"callers: {dict(sorted(seen.callers.items()))}")
    print(f"rings: {seen.rings}, taken back: {seen.cancelled}, talks: {seen.talks}")
    print(f"overrun: {len(seen.overruns)}" + (f", ms: {seen.late}" if seen.overruns else ""))
    print("\n".join(["the hotline counted:", *(f"  {line}" for line in seen.counted)]))
    return 1 if seen.overruns else 0


if __name__ == "__main__":
    sys.exit(main())
