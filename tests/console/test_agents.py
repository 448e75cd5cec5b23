"""Agents and skills in a real browser, before the real HTTP interface."""

import pytest
from playwright.async_api import Browser, expect

from tests.console.browser import complaints, page_of
from tests.console.stage import SUPERVISOR, late_morning, stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_skills_are_set_until_the_next_reload_and_as_the_file_says_again(browser: Browser) -> None:
    world = late_morning()
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context)
        await page.goto("/agents")
        rows = page.locator("[data-agent]")
        await expect(rows).to_have_count(40)
        await page.get_by_label("Find by number or name").fill("1003")
        await expect(rows).to_have_count(1)
        await rows.get_by_role("button", name="Skills").focus()
        await page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        assert await complaints(page) == []
        await dialog.get_by_label("All-round").select_option("5")
        await dialog.get_by_label("Greening").select_option("4")
        await page.keyboard.press("Tab")
        await dialog.get_by_role("button", name="Save").click()
        edited = world.agents.views["1003"].edited
        assert edited is not None
        assert (edited.skills["general"], edited.skills["greening"]) == (5, 4)
        here.set_agent("1003")  # those who watch are told
        await expect(rows).to_contain_text("set for now")
        await page.get_by_label("Only those set for now (1)").check()
        await page.get_by_label("Find by number or name").fill("")
        await expect(rows).to_have_count(1)
        assert await complaints(page) == []
        await rows.get_by_role("button", name="Skills").click()
        await dialog.get_by_role("button", name="As in the file").click()
        await dialog.get_by_role("button", name="Save").click()
        await expect(dialog).to_have_count(0)
        assert world.agents.views["1003"].edited is None
        assert wrong == []


async def test_a_supervisor_of_some_queues_sets_the_skills_of_these_only(browser: Browser) -> None:
    world = late_morning()
    async with stage(world) as here, page_of(browser, here.base) as (page, _):
        await world.accounts.directory.change(SUPERVISOR, queues=frozenset({"gas"}))
        await here.enter(page.context)
        await page.goto("/agents")
        await page.locator("[data-agent='1003']").get_by_role("button", name="Skills").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_label("All-round")).to_be_disabled()
        world.agents.refusal = "The agent is being removed."
        await dialog.get_by_label("Gas").select_option("none")
        await dialog.get_by_role("button", name="Save").click()
        await expect(dialog.get_by_role("alert")).to_contain_text("That did not work")
        await expect(dialog.get_by_label("Gas")).to_have_value("0")
