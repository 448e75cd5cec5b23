"""How smooth the wall is, with 200 agents, 50 queues and 20 calls a second. Nothing else should run on the machine.

    .venv/bin/python -P -m tests.console.frames [--rounds 3] [--seconds 20]

Each round measures, one after another, a page that is empty but for a square that turns (what this machine can do), the
wall while nothing happens, the wall with the calls, and the turning square beside it; then how soon a change is on the
screen. One line of JSON each.
"""

import argparse
import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from random import Random
from typing import Any

from playwright.async_api import Browser, Page

from lab.bench.figures import percentile
from lab.bench.usage import cpu_seconds
from tests.console.browser import WHOLE, appears, chromium, page_of
from tests.console.crowded import PROBE, crowded, traffic
from tests.console.stage import Stage, stage

SCREEN = {"width": 1920, "height": 1080}

COUNTED = """(seconds) => new Promise((done) => {
    const at = [];
    const look = (now) => {
        at.push(now);
        if (now - at[0] < 1_000 * seconds) requestAnimationFrame(look);
        else done(at);
    };
    requestAnimationFrame(look);
})"""
"""In the page: when it drew a frame (milliseconds), for so many seconds."""

FRAME = 1_000 / 60
"""Milliseconds from one frame to the next, at 60 a second."""

TURNING = """() => {
    document.body.innerHTML = '<div style="width: 200px; height: 200px; background: teal"></div>';
    const whole = [{transform: 'none'}, {transform: 'rotate(360deg)'}];
    document.body.firstChild.animate(whole, {duration: 1000, iterations: Infinity});
}"""

WORK = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
"""Chromium's sums of what the main thread of a page did, in seconds; also those in which other programs had the
processor."""

CHANGES = 50


async def frames(page: Page, seconds: float) -> dict[str, float]:
    """Frames a second, how many came a whole frame or more late, the longest time between two (milliseconds); shares
    of the time in which the main thread was busy, and with what; `processor`: the share of one that it used.
    """
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")
    before, used, began = await _work(session), await _used(page), time.monotonic()
    drawn = await page.evaluate(COUNTED, seconds)
    after, now_used, lasted = await _work(session), await _used(page), time.monotonic() - began
    await session.detach()
    gaps = [later - earlier for earlier, later in pairwise(drawn)]
    busy = {name.removesuffix("Duration").lower(): round((after[name] - before[name]) / lasted, 3) for name in WORK}
    return {
        "a_second": round(1_000 * len(gaps) / sum(gaps), 2),
        "late": sum(gap > 1.5 * FRAME for gap in gaps),
        "longest_ms": round(max(gaps), 1),
        **busy,
        "processor": round(max(now_used[pid] - seconds for pid, seconds in used.items()) / lasted, 3),
    }


async def _used(page: Page) -> dict[int, float]:
    """Seconds of processor time that the main thread of each page has used, by process."""
    assert page.context.browser is not None
    session = await page.context.browser.new_browser_cdp_session()
    told = await session.send("SystemInfo.getProcessInfo")
    await session.detach()
    pages = [process["id"] for process in told["processInfo"] if process["type"] == "renderer"]
    return {pid: cpu_seconds(pid, of=f"/task/{pid}") for pid in pages}


async def _work(session: Any) -> dict[str, float]:
    told = await session.send("Performance.getMetrics")
    return {each["name"]: each["value"] for each in told["metrics"]}


async def delays(page: Page, here: Stage) -> dict[str, float]:
    """Seconds from a change to the screen."""
    taken, random = [], Random(1)
    for number in range(CHANGES):
        await asyncio.sleep(random.uniform(0, 0.25))  # the service looks four times a second
        seen = await appears(page, f"[data-queue={PROBE}]", f"{100 + number} waiting")
        changed = time.time()
        here.world.now = changed
        here.set_queue(PROBE, waiting=100 + number)
        taken.append(await seen - changed)
    return {name: round(percentile(taken, share), 3) for name, share in (("p50", 50), ("p95", 95), ("most", 100))}


@asynccontextmanager
async def turning(browser: Browser) -> AsyncIterator[Page]:
    async with page_of(browser, "http://127.0.0.1", viewport=SCREEN) as (page, _):
        await page.evaluate(TURNING)
        yield page


async def wall(browser: Browser, seconds: float) -> AsyncIterator[tuple[str, dict[str, float]]]:
    """What is measured, and the figures."""
    async with turning(browser) as empty:
        yield "empty page, nothing else", await frames(empty, seconds)
    how: Any = {"viewport": SCREEN, "reduced_motion": "no-preference"}
    async with stage(crowded()) as here, page_of(browser, here.base, **how) as (page, wrong):
        await here.enter(page.context)
        await page.goto("/wall")
        await page.locator("[data-agent]").nth(199).wait_for(state="attached")
        yield "wall, nothing happens", await frames(page, seconds)
        async with traffic(here) as calls:
            before, began = (calls.calls, calls.changes), time.monotonic()
            found = await frames(page, seconds)
            lasted = time.monotonic() - began
            rates = {
                "calls_a_second": round((calls.calls - before[0]) / lasted, 1),
                "changes_a_second": round((calls.changes - before[1]) / lasted, 1),
            }
            yield "wall, calls", {**found, **rates}
            async with turning(browser) as empty:
                yield "empty page beside the wall", await frames(empty, seconds)
            yield "a change is on the screen", await delays(page, here)
        assert wrong == [], wrong


async def measure(rounds: int, seconds: float) -> None:
    for number in range(rounds):
        async with chromium(program=WHOLE) as browser:
            async for what, found in wall(browser, seconds):
                print(json.dumps({"round": number + 1, "what": what, **found}), flush=True)  # noqa: T201 - its figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20, help="for each measurement")
    given = parser.parse_args()
    asyncio.run(measure(given.rounds, given.seconds))


if __name__ == "__main__":
    main()
