"""Looks at what docs/extending.md adds, in a browser. Runs in a copy of the product that has it: see test_extending."""

import asyncio
import re
import sys
from pathlib import Path

from playwright.async_api import Browser, expect

from agents.states import TABLE, AgentState
from tests.console.browser import chromium, complaints, page_of
from tests.console.drafting import hotline, with_tree
from tests.console.edited import drafting, edited, open_draft
from tests.console.seat import AGENT, seat
from tests.console.stage import late_morning, stage
from tests.console.test_tree_forms import show

TRAINING = AgentState("training")
BULLETIN = "bulletins: {works: {say: {zh: 今晚停水, en: No water tonight}, then: {queue: general}}}\n"
CHANGED = edited(
    ('"4": {queue: housing}', '"4": {until_hour: 17, then: {queue: housing}, later: {bulletin: works}}'),
    ("menus:\n", f"{BULLETIN}menus:\n"),
)


async def wall(browser: Browser) -> None:
    async with stage(late_morning()) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context)
        await page.goto("/wall")
        card = page.locator(f"[data-agent='{AGENT}']")
        await card.wait_for()
        here.set_agent(AGENT, state=TRAINING)
        await expect(card).to_contain_text("Training")
        await expect(card.locator("path")).to_have_attribute("d", TABLE[TRAINING].look.path)
        await expect(page.get_by_role("region", name="All queues").get_by_text("Training")).to_be_visible()
        await card.click()
        await expect(page.get_by_role("radio", name="Training")).to_be_visible()
        assert (await complaints(page), wrong) == ([], [])


async def desk(browser: Browser) -> None:
    async with seat(browser) as (here, wrong):
        asks = here.page.expect_response(lambda answer: answer.request.method == "PUT")
        async with asks as asked:
            await here.page.get_by_role("button", name="Training", exact=True).click()
        assert (await asked.value).ok
        here.set()  # those who watch are told
        await expect(here.page.locator("[data-state=training]")).to_contain_text("Training")
        assert (await complaints(here.page), wrong) == ([], [])


async def drawing(browser: Browser) -> None:
    world = late_morning()
    with_tree(world).known = hotline(CHANGED["hotline.yaml"])
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context)
        await page.goto("/tree")
        main = page.locator("g.node[data-place='menus/main']")
        await expect(main).to_contain_text("before 17:00")
        await expect(main).to_contain_text("from 17:00 on")
        await expect(page.locator("g.node[data-place='bulletins/works']")).to_contain_text("No water tonight")
        assert (await complaints(page), wrong) == ([], [])


async def form(browser: Browser) -> None:
    async with drafting() as here, page_of(browser, here.base) as (page, wrong):
        await open_draft(page, here, CHANGED, "Forms")
        await show(page, "Menus")
        chosen = page.locator("select", has=page.locator("option", has_text=re.compile("by the hour")))
        await expect(chosen).to_have_count(1)
        await expect(chosen.locator("option[value='bulletin:works']")).to_have_count(1)
        assert (await complaints(page), wrong) == ([], [])


async def main(folder: Path) -> None:
    async with chromium("--use-fake-device-for-media-stream") as browser:
        await wall(browser)
        await desk(browser)
        await drawing(browser)
        await form(browser)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
