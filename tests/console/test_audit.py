"""The audit in a real browser, before the real HTTP interface."""

import pytest
from playwright.async_api import Browser, expect

from accounts.audit import Entry
from base.role import Role
from tests.console.browser import complaints, page_of
from tests.console.stage import late_morning, stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_audit_is_searched_and_read_back_to_its_beginning(browser: Browser) -> None:
    world = late_morning()
    await world.person("admin", Role.ADMINISTRATOR)
    world.audited.entries = [  # two of each moment: an answer ends between them
        Entry(world.now - 300 + index // 2, "user:wang", "call-read", f"/calls/c{index}", "", "10.1.0.23", 200)
        for index in range(1, 250)
    ]
    refused = Entry(world.now - 5, "user:li", "agent-state", "/agents/1001/state", "", "10.1.0.24", 403)
    world.audited.entries.append(refused)
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context, "admin")
        await page.goto("/audit")
        rows = page.locator("tbody tr")
        await expect(rows).to_have_count(100)
        await expect(rows.nth(1)).to_contain_text("refused (403)")
        older = page.get_by_role("button", name="Older entries")
        await older.click()
        await expect(rows.nth(100)).to_be_visible()
        await older.click()
        await expect(page.get_by_text("There is nothing older.")).to_be_visible()
        targets = await page.locator("tbody td:nth-of-type(3)").all_inner_texts()
        read = [target for target in targets if target.startswith("/calls/")]
        assert sorted(read) == sorted(f"/calls/c{index}" for index in range(1, 250)), "each once"
        await page.get_by_label("Who").fill("li")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("1 shown")
        assert await complaints(page) == []
        await page.get_by_label("What").select_option("read a call")
        await page.get_by_role("button", name="Search").click()
        await expect(page.get_by_text("Nothing fits.")).to_be_visible()
        assert wrong == []
