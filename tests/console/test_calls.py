"""Finding a call, in a real browser, before the real HTTP interface."""

import csv
import io
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from base.role import Role
from tests.console.browser import CHINESE, complaints, page_of, sign_in
from tests.console.recorded_calls import NAMES, afternoon
from tests.console.stage import late_morning, somebody, stage
from tests.console.theatre import World
from tests.unit.service.world import PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="session")


def afterwards() -> World:
    world = late_morning()
    world.sheets.known["water"] = NAMES
    world.archive.keep(*afternoon(world.now).values())
    return world


async def found(page: Page, count: int) -> None:
    await expect(page.locator("[data-call]")).to_have_count(count)


async def test_what_was_looked_for_is_not_for_who_signs_in_next(browser: Browser) -> None:
    """The address of a search, and the way back to it from a call, have the number: they stay for the same person."""
    world = afterwards()
    for name in ("wang", "qian"):
        await world.person(name, Role.SUPERVISOR)
    async with stage(world) as here, page_of(browser, here.base) as (page, _):
        await page.goto("/calls?caller=13800138000")
        await sign_in(page, "wang", PASSWORD)
        await found(page, 1)
        await world.accounts.end_sessions("wang")
        await expect(page.get_by_text("You were signed out")).to_be_visible()
        await sign_in(page, "wang", PASSWORD)
        await found(page, 1)
        await page.locator("[data-call]").get_by_role("link").click()
        await expect(page.locator("main a[href='/calls?caller=13800138000']")).to_be_visible()
        await world.accounts.end_sessions("wang")
        await expect(page.get_by_text("You were signed out")).to_be_visible()
        await sign_in(page, "qian", PASSWORD)
        await found(page, 100)
        assert page.url == f"{here.base}/calls"
        await expect(page.get_by_label("Number")).to_have_value("")


async def test_a_call_is_found_and_told_on_a_line_of_time(browser: Browser) -> None:
    async with stage(afterwards()) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context)
        await page.goto("/calls")
        await found(page, 100)
        await page.get_by_label("Number").fill("138-0013-8000")
        await page.keyboard.press("Enter")
        await found(page, 1)
        row = page.locator("[data-call]")
        for words in ("138", "Water", "1:06", "answered", "Passed on", "1010"):
            await expect(row).to_contain_text(words)
        assert "caller=138-0013-8000" in page.url, "the address has the search"
        await page.reload()
        await found(page, 1)
        assert await complaints(page) == []

        await row.get_by_role("link").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("13800138000")
        assert "call=c-3a7" in page.url, "the address has the call"
        notes = page.locator("article")
        await expect(notes).to_have_count(2)
        await expect(notes.nth(0)).to_contain_text("1002")
        await expect(notes.nth(0)).to_contain_text("Passed on")
        await expect(notes.nth(0)).to_contain_text("转抢修班")
        await expect(notes.nth(1)).to_contain_text("已告知市民")
        lanes = page.get_by_role("region", name="Time line").get_by_role("list")
        told = [await lanes.nth(index).locator("li").evaluate_all(KINDS) for index in range(4)]
        assert told == [
            ["menu", "wait", "talk", "hold", "talk"],
            ["ring"],
            ["ring", "talk"],
            ["ring", "consult", "talk"],
        ]
        await expect(page.get_by_text("Agent 1018", exact=False).first).to_be_visible()
        await expect(page.locator("[data-kind='key-pressed']")).to_contain_text("Pressed 2.")
        assert await complaints(page) == []
        await page.get_by_role("link", name="Back to the calls").click()
        await found(page, 1)
        assert wrong == []


KINDS = "bars => bars.map(bar => bar.dataset.kind)"


async def test_calls_are_found_by_every_field_and_read_to_their_end(browser: Browser) -> None:
    async with stage(afterwards()) as here, page_of(browser, here.base, locale=CHINESE) as (page, wrong):
        await here.enter(page.context)
        await page.goto("/calls")
        await found(page, 100)
        await page.get_by_role("button", name="更早的来电").click()
        await found(page, 134)  # with those who wait now
        await expect(page.get_by_text("没有更早的了")).to_be_visible()
        await page.get_by_label("备注里的词").fill("漏水")
        await page.get_by_role("button", name="查找").click()
        await found(page, 1)
        await expect(page.locator("[data-call]")).to_contain_text("转办")
        await page.go_back()
        await found(page, 100)
        await page.locator("form select").nth(1).select_option("等候中挂断")
        await page.locator("form select").nth(0).select_option("燃气")
        await page.get_by_role("button", name="查找").click()
        await found(page, 1)
        await page.locator("input[list]").fill("1002")
        await page.get_by_role("button", name="查找").click()
        await expect(page.get_by_text("没有符合条件的来电")).to_be_visible()
        assert wrong == []


async def test_what_is_shown_is_kept_as_a_table(browser: Browser, tmp_path: Path) -> None:
    world = afterwards()
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context)
        await page.goto("/calls?queue=water&agent=1002")
        await found(page, 60)
        async with page.expect_download() as asked:
            await page.get_by_role("button", name="Keep what is shown (CSV)").click()
        await (await asked.value).save_as(tmp_path / "calls.csv")
        raw = (tmp_path / "calls.csv").read_text("utf-8-sig")
        table = list(csv.reader(io.StringIO(raw)))
        assert len(table) == 61
        assert table[0][1:6] == ["Number", "Queue or sub-hotline", "Agent", "Wait", "What became of it"]
        assert {row[2] for row in table[1:]} == {"Water"}
        assert table[1][8] == "c-001", "and the id, to find it again"
        assert wrong == []


async def test_a_call_of_another_queue_is_not_there(browser: Browser) -> None:
    """A supervisor of gas alone: neither the list nor the address of a call shows what is not theirs."""
    world = afterwards()
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await somebody(world, "gu", Role.SUPERVISOR, queues={"gas"})
        await here.enter(page.context, "gu")
        await page.goto("/calls")
        await found(page, 6)  # five wait for gas now
        await page.goto("/calls?caller=13800138000")
        await expect(page.get_by_text("No call fits.")).to_be_visible()
        await page.goto("/calls?call=c-3a7")
        await expect(page.get_by_role("alert")).to_contain_text("There is no such call")
        assert [line for line in wrong if "404" not in line] == []
