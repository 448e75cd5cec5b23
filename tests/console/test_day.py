"""An agent's day in a real browser, before the real HTTP interface."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from base.role import Role
from tests.console.browser import complaints, page_of
from tests.console.stage import Stage, late_morning, stage
from tests.unit.reports.stories import state, working_day

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def here() -> AsyncIterator[Stage]:
    """1001 worked from 8:00 to 16:00 yesterday; 1002 not at all."""
    world = late_morning()
    await world.person("li", Role.SUPERVISOR)
    await world.person("zhang", Role.AGENT, agent="1001")
    world.archive.keep(
        [*working_day("1001", eight(world.now)), state("1001", four(world.now), "logged-out", "not-ready")]
    )
    async with stage(world) as made:
        yield made


def eight(now: float) -> float:
    """Yesterday at 8:00 by the hotline's clock."""
    day = datetime.fromtimestamp(now, ZoneInfo("Asia/Shanghai")) - timedelta(days=1)
    return day.replace(hour=8, minute=0, second=0, microsecond=0).timestamp()


def four(now: float) -> float:
    return eight(now) + 8 * 3_600


def yesterday(now: float) -> str:
    return f"{datetime.fromtimestamp(eight(now), ZoneInfo('Asia/Shanghai')):%Y-%m-%d}"


async def seconds(cell: Locator) -> int:
    *hours, minutes, rest = map(int, (await cell.inner_text()).split(":"))
    return 3_600 * sum(hours) + 60 * minutes + rest


async def sums(page: Page) -> list[int]:
    rows = page.locator("tbody tr[data-sum]")
    return [await seconds(rows.nth(number).locator("td").first) for number in range(await rows.count())]


async def test_a_supervisor_chooses_agent_and_day_and_the_sums_come_to_the_shift(browser: Browser, here: Stage) -> None:
    async with page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context, "li")
        await page.goto("/day")
        await expect(page.locator("main")).to_contain_text("Choose an agent")
        await page.locator("search select").select_option("1002")
        await page.goto("/agents")
        await page.locator("[data-agent='1001']").get_by_role("link").click()
        await expect(page.get_by_text("Not signed in on this day.")).to_be_visible()
        await page.get_by_role("button", name="Day before").click()
        await expect(page).to_have_url(re.compile(rf"/day\?agent=1001&date={yesterday(here.world.now)}$"))
        whole = page.locator("tr[data-sum=all] td").first
        await expect(whole).to_have_text("8:00:00")
        assert sum(await sums(page)) == 8 * 3_600
        await expect(page.locator("tr[data-sum=hold] td").first).to_have_text("12:00")
        await expect(page.locator("tr[data-sum=not-ready]").first).to_contain_text("45:00")
        await expect(page.locator("[role=img] > div")).to_have_count(8)
        await expect(page.locator("[data-missed]")).to_have_attribute(
            "title", re.compile("Ringing · .* · not answered")
        )
        await page.get_by_text("All parts").click()
        await expect(page.locator("tr[data-span=hold]")).to_have_count(24)
        await expect(page.locator("tr[data-span=talk] a").first).to_have_attribute("href", "/calls?call=d0")
        assert await complaints(page) == []
        await page.reload()
        await expect(whole).to_have_text("8:00:00")
        assert wrong == []


async def test_an_agent_comes_from_the_desk_to_the_own_day(browser: Browser, here: Stage) -> None:
    async with page_of(browser, here.base) as (page, _):
        await here.enter(page.context, "zhang")
        await page.goto("/desk")
        await page.get_by_role("link", name="My day").click()
        await expect(page.locator("search select").locator("option")).to_have_count(1)
        await page.get_by_role("button", name="Day before").click()
        await expect(page.locator("tr[data-sum=all] td").first).to_have_text("8:00:00")


async def test_an_agent_who_is_not_there(browser: Browser, here: Stage) -> None:
    async with page_of(browser, here.base) as (page, _):
        await here.enter(page.context, "li")
        await page.goto("/day?agent=9999")
        await expect(page.get_by_role("alert")).to_contain_text("no such agent")
