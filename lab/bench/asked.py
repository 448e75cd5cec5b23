"""What reports cost the calls: the loaded scene of `./wutong bench`, without and with somebody who asks for reports.

    python -m lab.bench.asked DATABASE [--rounds N]

DATABASE is the URL of one that `lab.bench.year` has filled. Reports are asked for one after the other, without a pause.
One line of JSON for each measurement; the last one has how long each report took.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from statistics import median

import httpx

from base import log as logging_
from lab.bench import load
from lab.bench.load import LoadResult, Scene
from lab.bench.longrun import apart
from lab.bench.stage import ROOMY, Stage, stage
from lab.bench.systems import System, crowd

REPORTS = tuple(
    f"reports/{report}&{days}"
    for days in ("from=2025-07-24&to=2025-07-24", "from=2025-07-01&to=2025-07-31", "from=2025-01-01&to=2025-12-31")
    for report in ("queues?by=queue,hour", "queues?by=queue&every=month", "agents?by=agent,hour")
)
"""A day, a month, a year."""


async def measure(folder: Path, database: str, scene: Scene, rounds: int) -> Mapping[str, list[float]]:
    """Prints the measurements. Returns how many seconds each report took."""
    took: dict[str, list[float]] = {}
    given = f"{ROOMY}max_calls = 2000\ndatabase_url = {json.dumps(database)}\n"
    async with stage(folder, scene.agents, lambda line: print(line, file=sys.stderr), given) as made:
        await made.start_asterisk(music=True)
        async with crowd(made, scene.agents, scene.callers) as people:
            for number in range(rounds):
                _tell(number, False, await load.measure(made, System.WUTONG, scene, people, number))
                asking = asyncio.create_task(_ask(made, took))
                _tell(number, True, await load.measure(made, System.WUTONG, scene, people, number))
                asking.cancel()
                with suppress(asyncio.CancelledError):
                    await asking
    return took


async def _ask(made: Stage, took: dict[str, list[float]]) -> None:
    """While the service is up."""
    while True:
        async with made.http() as http:
            for report in REPORTS:
                began = time.perf_counter()
                try:
                    (await http.get(report)).raise_for_status()
                except httpx.HTTPError:
                    await asyncio.sleep(0.1)  # the service begins or ends
                else:
                    took.setdefault(report, []).append(time.perf_counter() - began)


def _tell(number: int, asked: bool, found: LoadResult) -> None:
    print(json.dumps({"round": number + 1, "asked": asked, **asdict(found)}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", help="sqlite:////FILE or postgresql://USER:PASSWORD@HOST/NAME")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    apart()
    with tempfile.TemporaryDirectory(prefix="wutong-asked-") as made:
        folder = Path(made)
        logging_.configure("info", file=folder / "bench.log")
        took = asyncio.run(measure(folder, chosen.database, Scene(40, 40, 2.0, 20), chosen.rounds))
    print(json.dumps({report: round(median(seconds), 3) for report, seconds in took.items()}, indent=2))


if __name__ == "__main__":
    main()
