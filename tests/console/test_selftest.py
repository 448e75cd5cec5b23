"""What the self-test found, in a real browser, before the real HTTP interface."""

import pytest
from playwright.async_api import Browser, expect

from base.role import Role
from journal.records import Kind, Record
from selftest.model import Difference, Outcome, What, as_data
from tests.console.browser import complaints, page_of
from tests.console.stage import late_morning, stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_operations_sees_what_differs_and_why_none_can_begin(browser: Browser) -> None:
    world = late_morning()
    await world.person("zhou", Role.OPERATIONS)
    found = (
        Difference("12319", ("2", "silence"), What.ELSEWHERE, "queues:general", "goodbye:"),
        Difference("12319", ("3",), What.NOT_ANSWERED, "sub_hotlines:gas"),
    )
    made = Outcome(world.now - 60, "system", 9, world.now, 9, found, 0, ("bureau",), False, 0.4)
    world.note(Record(world.now, Kind.SELFTEST_ENDED, data=as_data(made)))
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context, "zhou")
        await page.goto("/selftest")
        elsewhere = page.locator("[data-difference=elsewhere]")
        await expect(elsewhere).to_contain_text("2 silence")
        await expect(elsewhere).to_contain_text("the call ends at the goodbye, not at the queue general")
        await expect(page.locator("[data-difference=not-answered]")).to_contain_text("the sub-hotline gas")
        await expect(page.get_by_role("status")).to_contain_text("9 of 9 calls")
        await expect(page.get_by_text("Without the recogniser")).to_be_visible()
        await expect(page.get_by_text("bureau")).to_be_visible()
        assert await complaints(page) == []
        assert wrong == []
        await page.get_by_role("button", name="Begin a self-test").click()
        await expect(page.get_by_role("alert")).to_contain_text("Asterisk is not there")


async def test_before_the_first_one_the_page_says_so(browser: Browser) -> None:
    world = late_morning()
    await world.person("zhou", Role.OPERATIONS)
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context, "zhou")
        await page.goto("/selftest")
        await expect(page.get_by_text("There was no self-test yet.")).to_be_visible()
        assert await complaints(page) == []
        assert wrong == []
