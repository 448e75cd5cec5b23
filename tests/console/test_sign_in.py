"""Signing in with a real browser, before the real HTTP interface."""

import asyncio

import pyotp
import pytest
from playwright.async_api import Browser, Page, expect

from base.role import Role
from tests.console.browser import CHINESE, complaints, page_of, sign_in
from tests.console.stage import SUPERVISOR, late_morning, stage
from tests.console.theatre import World
from tests.unit.service.world import PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def with_password() -> World:
    """`wang` has a password here."""
    world = late_morning()
    await world.person(SUPERVISOR, Role.SUPERVISOR)
    return world


UNKNOWN = "Failed to load resource: the server responded with a status of 401 (Unauthorized)"
"""What Chromium logs of every 401, such as of the question who one is."""


async def test_in_and_out_and_nothing_goes_wrong_meanwhile(browser: Browser) -> None:
    async with stage(await with_password()) as here, page_of(browser, here.base) as (page, wrong):
        await page.goto("/")
        await expect(page).to_have_title("Sign in · Wutong")
        assert await complaints(page) == []
        await sign_in(page, SUPERVISOR, PASSWORD)
        await expect(page.locator("[data-queue=greening]")).to_contain_text("Greening")
        await expect(page).to_have_title("Wall · Wutong")
        await page.reload()
        await expect(page.locator("[data-queue=greening]")).to_be_visible()
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_text("You have signed out.")).to_be_visible()
        await page.reload()
        await expect(page.locator("input[name=name]")).to_be_focused()
        assert set(wrong) <= {UNKNOWN}


async def test_a_wrong_password_and_a_lock_are_said_in_the_readers_language(browser: Browser) -> None:
    async with stage(await with_password()) as here, page_of(browser, here.base, locale=CHINESE) as (page, _):
        await page.goto("/")
        await sign_in(page, SUPERVISOR, "not the password")
        await expect(page.get_by_role("alert")).to_contain_text("用户名、密码或验证码不对")
        await expect(page.locator("input[name=name]")).to_have_value(SUPERVISOR)
        for _ in range(6):
            await page.locator("button[type=submit]:enabled").click()
        await expect(page.get_by_role("alert")).to_contain_text("试错次数太多，请 0:")
        await page.get_by_role("button", name="English").click()
        await expect(page.get_by_role("alert")).to_contain_text("Too many wrong tries. Wait 0:")


async def test_a_code_is_asked_for_and_the_browser_remembers_that(browser: Browser) -> None:
    world = await with_password()
    async with stage(world) as here, page_of(browser, here.base) as (page, _):
        secret, _ = world.accounts.second_factors.begin(SUPERVISOR)
        await world.accounts.second_factors.confirm(SUPERVISOR, pyotp.TOTP(secret).at(world.now - 30))
        await page.goto("/")
        await sign_in(page, SUPERVISOR, PASSWORD)
        await expect(page.get_by_role("alert")).to_contain_text("If you have set up an app for codes")
        await page.get_by_role("button", name="I have a code").click()
        assert await complaints(page) == []
        code = pyotp.TOTP(secret).at(world.now)
        await page.locator("input[name=code]").fill(f"{code[:3]} {code[3:]}")
        await page.locator("button[type=submit]").click()
        await expect(page.locator("[data-queue=gas]")).to_be_visible()
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.locator("input[name=code]")).to_be_visible()


async def test_a_page_of_another_role_is_told_so(browser: Browser) -> None:
    world = late_morning()
    await world.person("li", Role.AGENT, agent="1001")
    async with stage(world) as here, page_of(browser, here.base) as (page, _):
        await page.goto("/wall")
        await sign_in(page, "li", PASSWORD)
        await expect(page.get_by_role("status")).to_contain_text("your account may not see it")
        await expect(page.get_by_role("button", name="Sign out")).to_be_visible()


async def test_a_session_that_ends_leads_to_the_sign_in_and_back(browser: Browser) -> None:
    world = await with_password()
    async with stage(world) as here, page_of(browser, here.base) as (page, _):
        await page.goto("/wall")
        await sign_in(page, SUPERVISOR, PASSWORD)
        await expect(page.locator("[data-queue=gas]")).to_be_visible()
        await world.accounts.end_sessions(SUPERVISOR)
        await expect(page.get_by_role("alert")).to_contain_text("You were signed out")
        await sign_in(page, SUPERVISOR, PASSWORD)
        await expect(page.locator("[data-queue=gas]")).to_be_visible()


async def test_a_page_that_was_opened_while_the_service_was_away_goes_on_by_itself(browser: Browser) -> None:
    away = asyncio.Event()

    async def refuse(page: Page) -> None:
        await page.route("**/api/**", lambda route: route.continue_() if away.is_set() else route.abort())

    async with stage(late_morning()) as here, page_of(browser, here.base) as (page, _):
        await refuse(page)
        await page.goto("/")
        await expect(page.get_by_role("status")).to_contain_text("The hotline's service does not answer")
        away.set()
        await expect(page.locator("input[name=name]")).to_be_visible()


async def test_a_wall_without_a_person_has_a_token(browser: Browser) -> None:
    world = late_morning()
    token = await world.key(Role.SUPERVISOR, queues=("greening",))
    async with stage(world) as here, page_of(browser, here.base) as (page, _):
        await page.goto(f"/wall?big#token={token}")
        await expect(page.locator("[data-queue]")).to_have_count(1)
        assert token not in page.url
        await page.reload()
        await expect(page.locator("[data-queue=greening]")).to_be_visible()
        await page.goto("/wall?big#token=wrong")
        await page.reload()
        await expect(page.get_by_role("alert")).to_contain_text("The token in the address is wrong")


async def test_a_link_with_a_token_signs_nobody_in_to_another_account(browser: Browser) -> None:
    world = await with_password()
    token = await world.key(Role.ADMINISTRATOR)
    async with stage(world) as here, page_of(browser, here.base) as (page, _):
        for address in ("/people", "/desk", "/"):
            await page.goto("about:blank")
            await page.goto(f"{address}#token={token}")
            await expect(page.locator("input[name=name]")).to_be_visible()
            assert token not in page.url
        await page.goto("/wall")
        await expect(page.locator("input[name=name]")).to_be_visible()  # it was not kept
        await sign_in(page, SUPERVISOR, PASSWORD)
        await expect(page.locator("[data-queue=gas]")).to_be_visible()
        await page.goto("about:blank")
        await page.goto(f"/wall#token={token}")
        await expect(page.get_by_role("banner")).to_contain_text(SUPERVISOR)
        await expect(page.locator("[data-queue=gas]")).to_be_visible()
        await page.get_by_role("button", name="Sign out").click()
        await page.reload()
        await expect(page.locator("input[name=name]")).to_be_visible()  # it was not kept


async def test_a_token_opens_no_other_page_than_the_wall(browser: Browser) -> None:
    world = await with_password()
    token = await world.key(Role.ADMINISTRATOR)
    async with stage(world) as here, page_of(browser, here.base) as (page, _):
        await page.goto(f"/wall#token={token}")
        await expect(page.locator("[data-queue=gas]")).to_be_visible()
        await page.get_by_role("link", name="People").click()
        await expect(page.locator("input[name=name]")).to_be_visible()
        await page.goto("/wall")
        await expect(page.locator("[data-queue=gas]")).to_be_visible()
