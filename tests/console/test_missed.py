"""The missed callers in a real browser, before the real HTTP interface."""

import pytest
from playwright.async_api import Browser, expect

from base.role import Role
from hotline.calls_out import CallsOut
from journal.actor import CALLER
from journal.records import Kind, Record
from tests.console.agent_phone import Dials
from tests.console.browser import complaints
from tests.console.listed import NUMBER, OTHER, answered, listed, of_own_queues
from tests.console.stage import late_morning
from tests.unit.missed.tries import tried

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGE = "/missed", "missed"


async def test_missed_callers_come_and_go_and_are_done_with_a_note(browser: Browser) -> None:
    world = late_morning()
    await world.person("li", Role.SUPERVISOR)
    at = world.now - 600
    world.note(*tried("m1", NUMBER, "greening", at, 95), *tried("m2", NUMBER, "greening", at + 200, 20))
    async with listed(browser, world, "li", *PAGE) as shown:
        page, row = shown.page, shown.row()
        await expect(row).to_contain_text("gave up waiting")
        await expect(row.locator("td").nth(2)).to_have_text("2")
        await expect(row.locator("td").nth(3)).to_have_text("1:35")
        assert await complaints(page) == []
        world.note(*tried("m3", OTHER, "greening", at + 300))
        await shown.shows(NUMBER, OTHER)
        again = {"caller": OTHER, "number": "12319"}
        world.note(Record(world.now, Kind.CALL_STARTED, "m4", data=again, actor=CALLER))
        await expect(shown.row(OTHER)).to_contain_text("calls again now")
        world.note(Record(world.now, Kind.SUB_HOTLINE_ANSWERED, "m4", data={"sub_hotline": "bureau"}))
        await shown.shows(NUMBER)
        await row.get_by_role("button", name="Done").click()
        await page.get_by_label("Note").fill("has written to us")
        assert await complaints(page) == []
        await page.get_by_role("dialog").get_by_role("button", name="Done").click()
        await expect(page.get_by_text("Nobody waits for an answer.")).to_be_visible()
        (done,) = [record for record in world.desk.records if record.kind is Kind.MISSED_DONE]
        assert (done.call, done.data) == ("m1", {"note": "has written to us"})


async def test_an_agent_sees_those_whom_the_agent_could_serve(browser: Browser) -> None:
    world = late_morning()
    await world.person("wang", Role.AGENT, agent="1001")
    world.note(*tried("m1", NUMBER, "greening", world.now - 600), *tried("m2", OTHER, "general", world.now - 500))
    await of_own_queues(browser, world, *PAGE)


async def test_an_agent_calls_a_missed_caller_back_who_leaves_the_list_at_the_answer(browser: Browser) -> None:
    world = late_morning()
    await world.person("wang", Role.AGENT, agent="1001")
    dials = world.dials = Dials()
    world.desk.change(calls_out=CallsOut(allowed=("1[3-9]xxxxxxxxx",)))
    world.note(*tried("m1", NUMBER, "greening", world.now - 600))
    async with listed(browser, world, "wang", *PAGE) as shown:
        await shown.row().get_by_role("button", name="Call").click()
        await shown.calls(dials)
        world.note(*answered(world.now))
        await expect(shown.page.get_by_text("Nobody waits for an answer.")).to_be_visible()
