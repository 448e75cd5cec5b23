"""Help in a real browser: from each page to the section about it, in the page's language; and whose clock it is."""

import json

import pytest
from playwright.async_api import Browser, expect

from accounts.audit import Entry
from base.role import Role
from service.http.console_pages import BUILT
from tests.console.browser import CHINESE, ENGLISH, complaints, page_of
from tests.console.stage import late_morning, stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(("locale", "help_"), [(ENGLISH, "Help"), (CHINESE, "帮助")])
async def test_each_page_leads_to_its_section_in_a_tab_of_its_own(browser: Browser, locale: str, help_: str) -> None:
    world = late_morning()
    world.starts()
    await world.person("admin", *Role)
    names = json.loads((BUILT / "pages.json").read_text())
    async with stage(world) as here, page_of(browser, here.base, locale=locale) as (page, wrong):
        await here.enter(page.context, "admin")
        for name in names:
            await page.goto(f"/{name}")
            async with page.context.expect_page() as opened:
                await page.get_by_role("banner").get_by_role("link", name=help_, exact=True).click()
            guide = await opened.value
            section, title = guide.locator("h2:target"), (await page.title()).partition(" · ")[0]
            await expect(section).to_have_text(title)
            await expect(section).to_be_in_viewport()
            assert page.url == f"{here.base}/{name}", "the desk stays a telephone"
            await guide.close()
        assert wrong == []


@pytest.mark.parametrize("address", ["README.zh.md", "guides/agents.zh.md", "guides/operators.md", "settings.md"])
@pytest.mark.parametrize("width", [1366, 390])
async def test_a_guide_can_be_read_by_everybody(browser: Browser, address: str, width: int) -> None:
    """Without an account, a script or the internet; on a telephone, too."""
    async with (
        stage(late_morning()) as here,
        page_of(browser, here.base, viewport={"width": width, "height": 800}) as (page, wrong),
    ):
        await page.goto(f"/help/{address}")
        assert await complaints(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        for picture in await page.locator("img").all():
            assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        links = page.get_by_role("navigation").get_by_role("link")
        await links.first.click()
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert wrong == []


async def test_whoever_cannot_sign_in_finds_help(browser: Browser) -> None:
    async with stage(late_morning()) as here, page_of(browser, here.base) as (page, _):
        await page.goto("/")
        async with page.context.expect_page() as opened:
            await page.get_by_role("main").get_by_role("link", name="Help").click()
        await expect((await opened.value).get_by_role("heading", level=1)).to_have_text("Guide for agents")


async def test_times_are_the_hotlines_wherever_the_browser_is(browser: Browser) -> None:
    """The small hotline is in Shanghai, eight hours ahead of UTC."""
    world = late_morning()
    await world.person("admin", Role.ADMINISTRATOR)
    at = 1_772_568_192  # 2026-03-03 20:03:12 UTC
    world.audited.entries = [Entry(at, "user:li", "call-read", "/calls/c1", "", "10.1.0.23", 200)]
    async with stage(world) as here, page_of(browser, here.base, timezone_id="America/New_York") as (page, wrong):
        await here.enter(page.context, "admin")
        await page.goto("/audit")
        await expect(page.locator("tbody tr").last).to_contain_text("2026-03-04 04:03:12")
        await page.get_by_label("From").fill("2026-03-04T04:03")
        await page.get_by_label("To", exact=True).fill("2026-03-04T04:03")
        await page.get_by_role("button", name="Search").click()
        await expect(page.get_by_role("status")).to_contain_text("1 shown")
        await page.get_by_label("From").fill("2026-03-04T04:04")
        await page.get_by_label("To", exact=True).fill("2026-03-04T05:00")
        await page.get_by_role("button", name="Search").click()
        await expect(page.get_by_text("Nothing fits.")).to_be_visible()
        assert wrong == []
