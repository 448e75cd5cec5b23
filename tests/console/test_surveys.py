"""What the surveys came to, in a real browser, before the real HTTP interface."""

import pytest
from playwright.async_api import Browser, expect

from base.role import Role
from tests.console.browser import complaints, page_of
from tests.console.stage import late_morning, stage
from tests.unit.surveys.told import not_asked, survey

pytestmark = pytest.mark.asyncio(loop_scope="session")

DAY = 86_400.0


async def test_a_supervisor_sees_the_figures_of_queues_and_agents_and_chooses_the_days(browser: Browser) -> None:
    world = late_morning()
    await world.person("li", Role.SUPERVISOR)
    now = world.now
    world.note(*survey("s1", now - 3 * DAY, "2"), *survey("s2", now, "5", "1"), *survey("s3", now))
    world.note(not_asked("n1", now, "caller-hung-up"), not_asked("n2", now, "transferred", agent="1002"))
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context, "li")
        await page.goto("/surveys")
        queue = page.locator("[data-survey='greening']")
        await expect(queue.locator("td").nth(0)).to_have_text("3")
        await expect(queue.locator("td").nth(1)).to_have_text("2")
        await expect(queue.locator("td").nth(2)).to_have_text("1")
        await expect(queue.locator("li").nth(0)).to_contain_text("3.5")
        await expect(queue.locator("li").nth(0)).to_contain_text("key 2: 1 · key 5: 1")
        await expect(queue).to_contain_text("the caller hung up first 1 · transferred 1")
        agent = page.locator("[data-survey='1001 greening']")
        await expect(agent).to_contain_text("the caller hung up first 1")
        await expect(page.locator("[data-survey='1002 greening']")).to_contain_text("transferred 1")
        assert await complaints(page) == []
        await page.get_by_label("Time").select_option(label="today")
        await expect(queue.locator("td").nth(0)).to_have_text("2")
        await expect(queue.locator("li").nth(0)).to_contain_text("5.0")
        assert wrong == []


async def test_without_surveys_the_page_says_what_to_do(browser: Browser) -> None:
    world = late_morning()
    await world.person("li", Role.SUPERVISOR)
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context, "li")
        await page.goto("/surveys")
        await expect(page.get_by_text("A queue asks its callers if it has a survey.")).to_be_visible()
        assert await complaints(page) == []
        assert wrong == []
