"""The own account in a real browser, before the real HTTP interface: password and second factor."""

import pyotp
import pytest
from playwright.async_api import Browser, Page, expect

from base.role import Role
from tests.console.browser import complaints, page_of, sign_in
from tests.console.stage import late_morning, stage
from tests.unit.service.world import PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="session")

NEW_PASSWORD = "plane trees in autumn"


async def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        await page.locator(f"form input[name={name}]").fill(value)
    await page.keyboard.press("Enter")


async def test_everybody_changes_the_own_password(browser: Browser) -> None:
    world = late_morning()
    await world.person("li", Role.AGENT, agent="1001")
    async with stage(world) as here, page_of(browser, here.base) as (page, _):
        await here.enter(page.context, "li")
        await page.goto("/account")
        form = page.get_by_role("region", name="Password")
        await fill(page, old="not the password", new=NEW_PASSWORD, again=NEW_PASSWORD)
        await expect(form.get_by_role("alert")).to_have_text("The password now is wrong.")
        await expect(form.get_by_label("New password again")).to_have_value(NEW_PASSWORD)
        await fill(page, old=PASSWORD, again="plane trees in summer")
        await expect(form.get_by_role("alert")).to_have_text("The two new passwords differ.")
        await fill(page, new="12345678901234", again="12345678901234")
        await expect(form.get_by_role("alert")).to_contain_text("among the first that are tried")
        await fill(page, new=NEW_PASSWORD, again=NEW_PASSWORD)
        await expect(form.get_by_role("status")).to_contain_text("You are signed out everywhere else.")
        await expect(page.locator("form input[name=old]")).to_have_value("")
        await page.get_by_role("button", name="Sign out").click()
        await sign_in(page, "li", NEW_PASSWORD)
        await expect(page.get_by_role("link", name="li: your account")).to_be_visible()


async def test_an_app_for_codes_is_set_up_and_changed_for_another(browser: Browser) -> None:
    world = late_morning()
    await world.person("zhao", Role.OPERATIONS)
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context, "zhao")
        await page.goto("/wall")
        await page.get_by_role("link", name="zhao: your account").click()
        part = page.get_by_role("region", name="Second factor")
        await expect(part).to_contain_text("Off")
        await part.get_by_role("button", name="Set up an app").click()
        await fill(part.page, password=PASSWORD)
        code = part.get_by_role("img", name="QR code for the app")
        await expect(code).to_be_visible()
        assert await complaints(page) == []
        secret = await part.locator("output").inner_text()
        await fill(page, code="000000")
        await expect(part.get_by_role("alert")).to_contain_text("That is not the code which the new app shows now.")
        await fill(page, code=pyotp.TOTP(secret).at(world.now))
        await expect(part.get_by_role("listitem")).to_have_count(10)
        recovery = await part.get_by_role("listitem").first.inner_text()
        await part.get_by_role("button", name="I have kept them").click()
        await expect(part).to_contain_text("On")
        assert "zhao" in world.accounts.second_factors.factors
        # the old app is lost: a recovery code stands for it
        await part.get_by_role("button", name="Change to another app").click()
        await fill(page, password=PASSWORD, code="nothing")
        await expect(part.get_by_role("alert")).to_have_text("The password or the code is wrong.")
        await fill(page, password=PASSWORD, code=recovery)
        await expect(code).to_be_visible()
        assert await part.locator("output").inner_text() != secret
        assert all("status of 4" in words for words in wrong), wrong
