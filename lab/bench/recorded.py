"""What a recorded talk costs beside one without: processor time of Asterisk and of the service, while both sides speak.

Many talks at once; then what it takes to pack the recordings. See docs/benchmarks.md.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from base import log as logging_
from lab.bench import hotline
from lab.bench.load import hang_up_all
from lab.bench.stage import Stage, stage
from lab.bench.systems import Crowd, System, crowd, serving
from lab.bench.usage import Watch, cpu_seconds
from lab.patience import patience
from lab.phone import Phone

COUNTED = 20.0
"""Seconds of the talks that are measured."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Shares of one processor, of all talks. `phones`: of ours. `late`: seconds that the phones were late, at most."""

    asterisk: float
    service: float
    phones: float
    late: float


async def talks(made: Stage, people: Crowd, extension: str) -> Cost:
    """All agents talk with a caller each, and both sides speak."""
    async with asyncio.TaskGroup() as group:
        for phone in people.agents.values():
            group.create_task(_answers(phone))
        for caller in people.callers:
            group.create_task(_speaks(caller, extension))
    async with patience("all talks"):
        while (await made.queue())["talking"] + await _recorded(made) < len(people.agents):  # noqa: ASYNC110 - HTTP
            await asyncio.sleep(0.5)
    pids = made.asterisk_pid, made.service_pid
    before, began = [cpu_seconds(pid) for pid in pids], time.monotonic()
    async with Watch() as watch:
        await asyncio.sleep(COUNTED)
    used = [cpu_seconds(pid) - was for pid, was in zip(pids, before, strict=True)]
    passed = time.monotonic() - began
    await hang_up_all([*people.callers, *people.agents.values()])
    await made.wait_quiet()
    return Cost(used[0] / passed, used[1] / passed, watch.phones, max(watch.lateness))


async def _recorded(made: Stage) -> int:
    async with made.http() as http:
        return int((await http.get("queues/recorded")).raise_for_status().json()["talking"])


async def _answers(phone: Phone) -> None:
    call = await (await phone.incoming()).answer()
    call.send_tone(440)


async def _speaks(phone: Phone, extension: str) -> None:
    (await phone.dial(extension)).send_tone(800)


async def packed(made: Stage, count: int) -> float:
    """Seconds until all recordings of the talks are kept."""
    began = time.monotonic()
    while len([*made.settings.folder.recorded.glob("*/*/*/*.flac")]) < count:  # noqa: ASYNC110
        await asyncio.sleep(0.2)  # another process has no event to wait for
    return time.monotonic() - began


async def measure(count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="wutong-recorded-") as folder:
        async with stage(Path(folder), count, lambda line: None) as made:
            await made.start_asterisk(music=False)
            async with crowd(made, count, count) as people, serving(made, System.WUTONG, made.agents):
                for extension in (hotline.EXTENSION, hotline.RECORDED):
                    cost = await talks(made, people, extension)
                    print(f"{extension}: {count} talks, {cost}")
                print(f"packed after {await packed(made, count):.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--talks", type=int, default=100)
    logging_.configure("error", stream=sys.stderr)
    asyncio.run(measure(parser.parse_args().talks))


if __name__ == "__main__":
    main()
