"""What open consoles cost the calls: real pages in Chromium, beside the loaded scene of `./wutong bench`.

    .venv/bin/python -P -m tests.integration.consoles [--pages 50] [--rounds 3] [--agents 40]

Each round measures without a page, then with so many: every fifth is a wall, the others are desks of an agent each.
Chromium has the least priority, as consoles have computers of their own elsewhere. Nothing else
should run on the machine. One line of JSON each.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

from playwright.async_api import Browser, Error, Page, async_playwright

from base import log as logging_
from lab.bench import load
from lab.bench.load import Scene
from lab.bench.longrun import apart
from lab.bench.stage import Stage, stage
from lab.bench.systems import Crowd, System, crowd
from lab.patience import PATIENCE, until
from tests.console.browser import OPTIONS
from tests.unit.service.world import PASSWORD

SEED = 12_319
AT_ONCE = 5
"""Pages that are opened side by side."""


@asynccontextmanager
async def modest_chromium(folder: Path) -> AsyncIterator[Browser]:
    """A Chromium of the least priority."""
    starter = folder / "chromium"
    starter.write_text(f'#!/bin/sh\nexec nice -n 19 {shutil.which("chromium")} "$@"\n')
    starter.chmod(0o755)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=starter, args=list(OPTIONS))
        try:
            yield browser
        finally:
            await browser.close()


class Consoles:
    """Pages of people who are signed in, each with an account of its own. Between measurements they show nothing."""

    def __init__(self, made: Stage, browser: Browser, count: int) -> None:
        self._stage, self._browser, self._count = made, browser, count
        self._pages: list[tuple[str, Page]] = []  # and where they lead

    async def make(self) -> None:
        """While the service is up: the accounts, and a signed-in page of each."""
        base = f"http://127.0.0.1:{self._stage.settings.ports.http}"
        async with self._stage.http() as http:
            for number in range(self._count):
                name = f"user-{number}"
                agent = self._stage.agents[number % len(self._stage.agents)]
                who = {"roles": ["supervisor"]} if number % 5 == 0 else {"roles": ["agent"], "agent": agent}
                known = await http.post("users", json={"name": name, "password": PASSWORD, **who})
                assert known.status_code == 201, known.text
                context = await self._browser.new_context(base_url=base, viewport={"width": 1366, "height": 768})
                context.set_default_timeout(1_000 * PATIENCE)
                signed_in = await context.request.post("/api/v1/session", data={"name": name, "password": PASSWORD})
                assert signed_in.status == 201, await signed_in.text()
                self._pages.append(("/wall" if number % 5 == 0 else "/desk", await context.new_page()))

    async def open(self) -> None:
        """All of them show what they are for, and their event streams go on."""
        enough = asyncio.Semaphore(AT_ONCE)

        async def one(where: str, page: Page) -> None:
            async with enough:
                try:
                    await page.goto(where, wait_until="commit")
                except Error:  # by a connection of the service before
                    await page.goto(where, wait_until="commit")
                await page.locator("main").wait_for()

        await asyncio.gather(*(one(*each) for each in self._pages))
        expected = f"wutong_event_streams {float(self._count)}"
        await until(expected, self._stage.metrics, lambda shown: expected in shown, every=0.5)

    async def close(self) -> None:
        for _, page in self._pages:
            await page.goto("about:blank")


async def measure(folder: Path, pages: int, rounds: int, agents: int) -> None:
    scene = Scene(agents, agents, 2.0, 12)
    async with (
        stage(folder, max(agents, pages), _say) as made,
        modest_chromium(folder) as browser,
    ):
        await made.start_asterisk(music=True)
        async with crowd(made, agents, scene.callers) as people:
            await made.start_service([])
            consoles = Consoles(made, browser, pages)
            await consoles.make()
            await made.stop_service()
            for number in range(rounds):
                await _tell(made, scene, people, number, None)
                await _tell(made, scene, people, number, consoles)


def _say(line: str) -> None:
    print(line, file=sys.stderr)  # noqa: T201 - how far it is


async def _tell(made: Stage, scene: Scene, people: Crowd, number: int, consoles: Consoles | None) -> None:
    opened = load.nothing if consoles is None else consoles.open
    found = await load.measure(made, System.WUTONG, scene, people, SEED + number, opened)
    if consoles is not None:
        await consoles.close()
    told = {"round": number + 1, "pages": consoles is not None, **asdict(found)}
    print(json.dumps(told), flush=True)  # noqa: T201 - its figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--agents", type=int, default=40)
    given = parser.parse_args()
    apart()
    with tempfile.TemporaryDirectory(prefix="wutong-consoles-") as made:
        folder = Path(made)
        logging_.configure("info", file=folder / "bench.log")
        asyncio.run(measure(folder, given.pages, given.rounds, given.agents))


if __name__ == "__main__":
    main()
