"""The missed callers in a real browser, before the real HTTP interface."""

import pytest
from playwright.async_api import Browser, expect

from base.role import Role
from hotline.calls_out import CallsOut
from journal.actor import CALLER
from journal.records import Kind, Record
from tests.console.agent_phone import Dials
from tests.console.browser import complaints, page_of
from tests.console.stage import late_morning, stage
from tests.unit.missed.tries import tried

pytestmark = pytest.mark.asyncio(loop_scope="session")

NUMBER, OTHER = "13800138000", "13900139000"


async def test_missed_callers_come_and_go_and_are_done_with_a_note(browser: Browser) -> None:
    world = late_morning()
    await world.person("li", Role.SUPERVISOR)
    at = world.now - 600
    world.note(*tried("m1", NUMBER, "greening", at, 95), *tried("m2", NUMBER, "greening", at + 200, 20))
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context, "li")
        await page.goto("/missed")
        row = page.locator(f"[data-missed='{NUMBER}']")
        await expect(row).to_contain_text("gave up waiting")
        await expect(row.locator("td").nth(2)).to_have_text("2")
        await expect(row.locator("td").nth(3)).to_have_text("1:35")
        assert await complaints(page) == []
        world.note(*tried("m3", OTHER, "greening", at + 300))
        await expect(page.locator("[data-missed]")).to_have_count(2)
        again = {"caller": OTHER, "number": "12319"}
        world.note(Record(world.now, Kind.CALL_STARTED, "m4", data=again, actor=CALLER))
        await expect(page.locator(f"[data-missed='{OTHER}']")).to_contain_text("calls again now")
        world.note(Record(world.now, Kind.SUB_HOTLINE_ANSWERED, "m4", data={"sub_hotline": "bureau"}))
        await expect(page.locator("[data-missed]")).to_have_count(1)
        await row.get_by_role("button", name="Done").click()
        await page.get_by_label("Note").fill("has written to us")
        assert await complaints(page) == []
        await page.get_by_role("dialog").get_by_role("button", name="Done").click()
        await expect(page.get_by_text("Nobody waits for an answer.")).to_be_visible()
        (done,) = [record for record in world.desk.records if record.kind is Kind.MISSED_DONE]
        assert (done.call, done.data) == ("m1", {"note": "has written to us"})
        assert wrong == []


async def test_an_agent_sees_those_whom_the_agent_could_serve(browser: Browser) -> None:
    world = late_morning()
    await world.person("wang", Role.AGENT, agent="1001")
    world.note(*tried("m1", NUMBER, "greening", world.now - 600), *tried("m2", OTHER, "general", world.now - 500))
    serves = world.desk.serves("1001")
    expected = [number for number, queue in ((NUMBER, "greening"), (OTHER, "general")) if queue in serves]
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context, "wang")
        await page.goto("/missed")
        await expect(page.locator("[data-missed]")).to_have_count(len(expected))
        shown = await page.locator("[data-missed]").evaluate_all("rows => rows.map((row) => row.dataset.missed)")
        assert shown == expected
        assert wrong == []


async def test_an_agent_calls_a_missed_caller_back_who_leaves_the_list_at_the_answer(browser: Browser) -> None:
    world = late_morning()
    await world.person("wang", Role.AGENT, agent="1001")
    dials = world.dials = Dials()
    world.desk.change(calls_out=CallsOut(allowed=("1[3-9]xxxxxxxxx",)))
    world.note(*tried("m1", NUMBER, "greening", world.now - 600))
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context, "wang")
        await page.goto("/missed")
        await page.locator(f"[data-missed='{NUMBER}']").get_by_role("button", name="Call").click()
        dialog = page.get_by_role("dialog", name="Call a citizen")
        await expect(dialog.get_by_label("The citizen's number")).to_have_value(NUMBER)
        await expect(dialog.get_by_label("For which queue")).to_have_value("greening")
        await dialog.get_by_role("button", name="Call").click()
        await expect(dialog).to_have_count(0)
        assert dials.called == [("1001", NUMBER, "greening")]
        number = {"number": NUMBER}
        world.note(
            Record(world.now, Kind.CALL_OUT_DIALLED, "out", "greening", "1001", data={**number, "shown": "12319"}),
            Record(world.now, Kind.CALL_OUT_ANSWERED, "out", "greening", "1001", data=number),
        )
        await expect(page.get_by_text("Nobody waits for an answer.")).to_be_visible()
        assert wrong == []
