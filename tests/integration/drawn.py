"""How soon the console draws a report: the page *History* in Chromium, on a year that `lab.bench.year` has made.

    .venv/bin/python -P -m tests.integration.drawn DATABASE [--rounds 5]

Each page is loaded anew, with a cache that has the console's files. The time is that of the browser: from the begin of
the navigation until the table and the drawing of the report stand there. One line of JSON with the medians.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from playwright.async_api import Page

from base import log as logging_
from lab.bench.longrun import apart
from lab.bench.stage import ROOMY, stage
from tests.console.browser import chromium
from tests.unit.service.world import PASSWORD

DAY, MONTH, YEAR = "from=2025-07-24&to=2025-07-24", "from=2025-07-01&to=2025-07-31", "from=2025-01-01&to=2025-12-31"

PAGES: Mapping[str, str] = {
    "a day, by queue and hour": f"kind=queues&{DAY}&by=queue&time=hour",
    "a month, by queue and day": f"kind=queues&{MONTH}&by=queue&time=day",
    "a month, by queue and hour of the day": f"kind=queues&{MONTH}&by=queue&time=clock-hour",
    "a year, by queue and month": f"kind=queues&{YEAR}&by=queue&time=month",
    "a year, by queue and hour of the day": f"kind=queues&{YEAR}&by=queue&time=clock-hour",
    "a year, by agent": f"kind=agents&{YEAR}&by=agent",
}

DRAWN = "() => { const drawn = document.querySelector('main table tbody tr'); return drawn && performance.now(); }"


async def measure(folder: Path, database: str, rounds: int) -> dict[str, float]:
    """Seconds of each page, the median."""
    given = f"{ROOMY}database_url = {json.dumps(database)}\n"
    took: dict[str, list[float]] = {name: [] for name in PAGES}
    async with stage(folder, 1, lambda line: print(line, file=sys.stderr), given) as made, chromium() as browser:  # noqa: T201
        await made.start_asterisk(music=False)
        await made.start_service([])
        async with made.http() as http:
            who = {"name": "drawn", "password": PASSWORD, "roles": ["supervisor"]}
            known = await http.post("users", json=who)
            assert known.status_code in (201, 409), known.text  # 409: made the last time
        base = f"http://127.0.0.1:{made.settings.ports.http}"
        context = await browser.new_context(base_url=base, viewport={"width": 1366, "height": 768})
        await context.request.post("/api/v1/session", data={"name": "drawn", "password": PASSWORD})
        page = await context.new_page()
        await _drawn(page, PAGES["a day, by queue and hour"])  # the files of the console
        for _ in range(rounds):
            for name, asked in PAGES.items():
                took[name].append(await _drawn(page, asked))
        await context.close()
        await made.stop_service()
        await made.stop_asterisk()
    return {name: round(median(seconds), 2) for name, seconds in took.items()}


async def _drawn(page: Page, asked: str) -> float:
    await page.goto(f"/reports?view=history&{asked}", wait_until="commit")
    found = await page.wait_for_function(DRAWN, polling="raf")
    return float(await found.json_value()) / 1_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", help="sqlite:////FILE or postgresql://USER:PASSWORD@HOST/NAME")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    apart()
    with tempfile.TemporaryDirectory(prefix="wutong-drawn-") as made:
        folder = Path(made)
        logging_.configure("info", file=folder / "bench.log")
        print(json.dumps(asyncio.run(measure(folder, chosen.database, chosen.rounds)), indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
