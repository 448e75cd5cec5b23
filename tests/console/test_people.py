"""People and tokens in a real browser, before the real HTTP interface."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pyotp
import pytest
from playwright.async_api import Browser, Page, expect

from base.role import Role
from hotline.model import SubHotline
from tests.console.browser import complaints, page_of, sign_in
from tests.console.stage import Stage, late_morning, stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def people(browser: Browser) -> AsyncIterator[tuple[Stage, Page]]:
    """An administrator before the page, in English; an agent, `li`, is there too."""
    world = late_morning()
    world.desk.change(
        sub_hotlines={"parks": SubHotline(id="parks", name={"zh": "绿化市容局", "en": "Greening bureau"}, dial="2201")}
    )
    await world.person("admin", Role.ADMINISTRATOR)
    await world.person("li", Role.AGENT, agent="1001")
    async with stage(world) as here, page_of(browser, here.base) as (page, _):
        await here.enter(page.context, "admin")
        await page.goto("/people")
        await page.locator("[data-person=li]").wait_for()
        yield here, page


async def test_a_person_is_added_by_keys_alone_and_signs_in(browser: Browser) -> None:
    async with people(browser) as (here, page):
        for _ in range(30):
            if await page.evaluate("document.activeElement.textContent") == "Add a person":
                break
            await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.keyboard.type("admin")
        for key in ("Tab", "Tab", "Tab", "Space"):  # over the password, to the second role
            await page.keyboard.press(key)
        await page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_role("alert")).to_contain_text("There is a person admin already.")
        assert await complaints(page) == []
        await dialog.get_by_label("Name").fill("sun")
        await dialog.get_by_label("Gas").check()
        await dialog.get_by_label("Greening bureau").check()
        await page.keyboard.press("Enter")
        password = await dialog.locator("output").inner_text()
        await page.keyboard.press("Escape")
        row = page.locator("[data-person=sun]")
        await expect(row).to_contain_text("supervisor")
        await expect(row).to_contain_text("Gas, Greening bureau")
        assert await page.evaluate("document.activeElement.textContent") == "Add a person"
        async with page_of(browser, here.base) as (other, _):
            await other.goto("/")
            await sign_in(other, "sun", password)
            await expect(other.locator("[data-queue]")).to_have_count(1)
            await row.get_by_role("button", name="Rights").click()
            await dialog.get_by_label("Gas").uncheck()
            await dialog.get_by_label("Greening bureau").uncheck()
            await dialog.get_by_role("button", name="Save").click()
            await expect(row).to_contain_text("no limits")
            await row.get_by_role("button", name="New password").click()
            await dialog.get_by_role("button", name="Save").click()
            assert await dialog.locator("output").inner_text() != password
            await expect(other.get_by_role("alert")).to_contain_text("You were signed out")


async def test_people_are_found_and_removed_and_the_last_administrator_is_warned(browser: Browser) -> None:
    async with people(browser) as (here, page):
        factors = here.world.accounts.second_factors
        await factors.confirm("li", pyotp.TOTP(factors.begin("li")[0]).at(here.now()))
        await page.reload()
        await page.locator("[data-person=li]").get_by_role("button", name="Remove second factor").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("button", name="Remove second factor").click()
        await expect(page.locator("[data-person=li]")).not_to_contain_text("second factor")
        assert factors.factors == {}
        await page.get_by_label("Find by name or agent").fill("1001")
        await expect(page.locator("[data-person]")).to_have_count(1)
        await page.locator("[data-person=li]").get_by_role("button", name="Remove").click()
        await dialog.get_by_role("button", name="Cancel").click()
        assert "li" in here.world.store.people
        await page.locator("[data-person=li]").get_by_role("button", name="Remove").click()
        await dialog.get_by_role("button", name="Remove").click()
        await expect(page.get_by_text("Nobody fits.")).to_be_visible()
        assert "li" not in here.world.store.people
        await page.get_by_label("Find by name or agent").fill("")
        await page.locator("[data-person=admin]").get_by_role("button", name="Remove").click()
        await expect(dialog).to_contain_text("Nobody else is an administrator with a password.")
        await expect(dialog).to_contain_text("you are signed out at once")


async def test_a_token_is_told_once_counts_and_is_revoked(browser: Browser) -> None:
    async with people(browser) as (here, page):
        await page.get_by_role("button", name="Add a token").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Name").fill("hall")
        await dialog.get_by_label("operations").check()
        await dialog.get_by_label("It counts for").select_option("30 days")
        await dialog.get_by_role("button", name="Add").click()
        token = await dialog.locator("output").inner_text()
        await dialog.get_by_role("button", name="Close").click()
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}, base_url=here.base) as program:
            assert (await program.get("/api/v1/queues")).status_code == 200
            await page.locator("[data-token=hall]").get_by_role("button", name="Revoke").click()
            await dialog.get_by_role("button", name="Revoke").click()
            await expect(page.get_by_text("There are no tokens yet.")).to_be_visible()
            assert (await program.get("/api/v1/queues")).status_code == 401
