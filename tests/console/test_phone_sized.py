"""The console on a screen as wide as a telephone's: every page, and what a person does from there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from agents.states import AgentState
from base.role import Role
from tests.console.browser import CHINESE, ENGLISH, complaints, page_of
from tests.console.seat import AGENT
from tests.console.seat import take as sit_down
from tests.console.shot import MOMENT
from tests.console.shots import SHOTS
from tests.console.stage import busy, late_morning, stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHONE: Any = {"width": 390, "height": 844}
HOW: Any = {"viewport": PHONE, "has_touch": True}

PAGES = (
    *("sign-in", "wall", "wall-callers", "wall-move", "wall-help", "desk", "desk-offer", "desk-call", "desk-wrap-up"),
    *("calls", "calls-story", "callbacks", "reports", "reports-today", "reports-menus", "day"),
    *("account", "agents", "agents-skills", "audit", "emergency", "health", "hotline", "tree", "prompts", "people"),
)

WIDER = """() => [...document.querySelectorAll('header, main, dialog[open], header *, nav a')]
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => `${each.tagName} ${each.className}`)"""


async def fits(page: Page) -> None:
    await page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert await page.evaluate(WIDER) == []


@asynccontextmanager
async def on_a_telephone(browser: Browser, name: str, locale: str) -> AsyncIterator[Page]:
    """The page of that picture."""
    [shot] = [shot for shot in SHOTS if shot.name == name]
    world = busy(MOMENT, agents=24)
    if shot.before is not None:
        shot.before(world)
    async with stage(world) as here, page_of(browser, here.base, locale=locale) as (page, _):
        await page.clock.set_fixed_time(datetime.fromtimestamp(MOMENT, UTC))
        await shot.look(page, here)
        await page.set_viewport_size(PHONE)
        yield page


@pytest.mark.parametrize("locale", [ENGLISH, CHINESE])
@pytest.mark.parametrize("name", PAGES)
async def test_a_page_is_as_wide_as_a_telephone(browser: Browser, name: str, locale: str) -> None:
    async with on_a_telephone(browser, name, locale) as page:
        await fits(page)


@pytest.mark.parametrize("name", ["calls", "calls-story"])
async def test_calls_and_their_steps_are_read_without_moving_sideways(browser: Browser, name: str) -> None:
    async with on_a_telephone(browser, name, ENGLISH) as page:
        room = page.locator("div:has(> table)")
        assert await room.evaluate("(room) => room.scrollWidth - room.clientWidth") <= 0
        assert await complaints(page) == []


async def test_the_pages_are_a_menu_on_a_telephone(browser: Browser) -> None:
    world = late_morning()
    await world.person("admin", Role.ADMINISTRATOR)
    async with stage(world) as here, page_of(browser, here.base, **HOW) as (page, wrong):
        await here.enter(page.context, "admin")
        await page.goto("/wall")
        menu = page.get_by_role("button", name="Pages")
        await expect(page.get_by_role("navigation")).to_have_count(0)
        await menu.click()
        await fits(page)
        links = page.get_by_role("navigation").get_by_role("link")
        tops = {round((await link.bounding_box() or {"height": 0})["height"]) for link in await links.all()}
        assert min(tops) >= 40, "for fingers"
        assert len(tops) == 1, "no name breaks into two lines"
        await expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        assert await complaints(page) == []
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("navigation")).to_have_count(0)
        await menu.click()
        await links.filter(has_text="Emergency").click()
        await expect(page.get_by_role("navigation")).to_have_count(0)
        await page.get_by_role("switch", name="Emergency message").click()
        await page.locator("dialog[open]").wait_for()
        await fits(page)
        assert wrong == []


async def test_a_supervisor_changes_a_state_from_a_telephone(browser: Browser) -> None:
    async with stage(late_morning()) as here, page_of(browser, here.base, **HOW) as (page, wrong):
        await here.enter(page.context)
        await page.goto("/wall")
        await page.locator("[data-agent='1002']").click()
        await page.get_by_label("Reason").select_option(label="Training")
        await fits(page)
        await page.get_by_role("button", name="Change", exact=True).click()
        await expect(page.locator("dialog")).to_have_count(0)
        view = here.world.agents.views["1002"]
        assert (view.state, view.reason) == (AgentState.NOT_READY, "Training")
        assert await complaints(page) == []
        assert wrong == []


async def test_an_agent_changes_the_own_state_from_a_telephone(browser: Browser) -> None:
    async with stage(late_morning()) as here, page_of(browser, here.base, **HOW) as (page, _):
        await sit_down(page, here)
        async with page.expect_response(lambda response: response.url.endswith(f"/agents/{AGENT}/state")):
            await page.get_by_role("button", name="Leave the queues").click()
        assert here.world.agents.views[AGENT].state is AgentState.LOGGED_OUT
        await fits(page)
