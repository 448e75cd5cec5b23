"""Who waits on the wall, why, and what a supervisor does about it: moves callers, sets skills. In a real browser."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from acd.last_hour import HourView
from agents.model import Abilities
from base.role import Role
from journal.records import Kind, Record
from lab.stalls import Stalls
from sounds.phrases import phrase
from tests.console import callers
from tests.console.browser import AT_ONCE, CHINESE, appears, page_of
from tests.console.stage import Stage, late_morning, stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def wall(browser: Browser, path: str = "/wall", **how: Any) -> AsyncIterator[tuple[Stage, Page]]:
    """A supervisor before the wall."""
    async with stage(late_morning()) as here, page_of(browser, here.base, **how) as (page, wrong):
        await here.enter(page.context)
        await page.goto(path)
        await page.locator("[data-queue=gas]").wait_for()
        yield here, page
        assert [words for words in wrong if "409" not in words] == []


def rows(page: Page) -> Any:
    return page.locator("[data-caller]")


async def order(page: Page) -> list[str | None]:
    return [await row.get_attribute("data-caller") for row in await rows(page).all()]


async def focused(page: Page, name: str) -> str | None:
    found: str | None = await page.evaluate(f"document.activeElement.dataset.{name} ?? null")
    return found


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def test_who_waits_in_order_and_why_by_keys_alone(browser: Browser, stalled: Stalls) -> None:
    async with wall(browser) as (here, page):
        for _ in range(30):  # first come the links of the head: an administrator has twenty
            await press(page, "Tab")
            if await focused(page, "opens"):
                break
        await press(page, "ArrowRight", "ArrowRight")
        assert await focused(page, "opens") == "gas"
        await press(page, "Enter")
        await expect(rows(page)).to_have_count(5)
        assert await order(page) == [f"gas-{index}" for index in range(5)]
        first = rows(page).first
        await expect(first).to_contain_text("13800130000 Chinese")
        await expect(first).to_contain_text(re.compile(r"[23]:[0-5]\d"))
        await expect(first).to_contain_text("Of those who could take the call (5), nobody is free")
        await expect(first).to_contain_text("Agents who are free lack Gas at level 2 (none of them has any)")
        await expect(first).to_contain_text("also those with All-round at level 1")
        await expect(first.get_by_label("Who may be free first")).to_contain_text("free at about")
        await expect(rows(page).nth(3)).to_contain_text("Agents who are signed in do not speak English")

        late = []
        for index in (5, 6, 7, 8, 9):
            seen = await appears(page, "[data-caller]", f"1380013000{index}")
            passed = stalled.clock()
            callers.enters(here.world, "gas", index, 0)
            await seen
            late.append(passed())
        assert min(late) < AT_ONCE, late
        line = here.world.queues.standing["gas"]
        line[0] = line[0]._replace(ringing=("1011",))
        del line[1]
        here.set_queue("gas", waiting=9)
        await expect(first).to_contain_text("Ringing: agent 1011")
        await expect(rows(page)).to_have_count(9)
        assert await order(page) == ["gas-0", *(f"gas-{index}" for index in range(2, 10))]
        await press(page, "Escape")
        await expect(page.locator("[data-callers]")).to_have_count(0)
        assert await focused(page, "opens") == "gas"


async def test_a_caller_is_moved_by_keys_alone_and_it_is_said_what_became_of_it(browser: Browser) -> None:
    async with wall(browser, "/wall?queue=gas") as (here, page):
        dialog = page.locator("dialog[open]")
        await page.locator("[data-moves]").first.focus()
        await press(page, "ArrowDown", "Enter")
        await expect(dialog).to_contain_text("Move the call: 13800130001")
        await expect(dialog).to_contain_text(phrase("queue-position-next", "en"))  # what the caller will hear
        await press(page, "Enter")
        done = page.get_by_role("status").filter(has_text="13800130001 is at the front now.")
        await expect(done).to_be_visible()
        assert await focused(page, "moves") == "gas-1"
        await press(page, "Enter")
        await dialog.wait_for()
        await press(page, "ArrowDown")
        queue = page.get_by_label("Queue", exact=True)
        await expect(queue).to_have_value("greening")
        await expect(dialog).to_contain_text(phrase("please-hold", "en"))
        await press(page, "Tab", "End")
        await expect(queue).to_have_value("general")
        await press(page, "Tab", "Tab")
        await expect(dialog.get_by_role("button", name="Move")).to_be_focused()
        await press(page, "Enter")
        await expect(
            page.get_by_role("status").filter(has_text="13800130001 is on the way to General.")
        ).to_be_visible()
        del here.world.queues.standing["gas"][1]
        here.set_queue("gas", waiting=4)
        await expect(rows(page)).to_have_count(4)
        await expect(page.locator("#callers")).to_be_focused()  # not the begin of the page
        await page.locator("[data-moves=gas-2]").click()
        await page.get_by_label("An agent, who is rung at once").check()
        chosen = page.get_by_label("Agent", exact=True)
        assert await chosen.locator("option:disabled").count() > 5
        await chosen.select_option("1002")
        await expect(chosen.locator("option:checked")).to_contain_text("does not fit")
        await page.get_by_role("button", name="Move", exact=True).click()
        await expect(
            page.get_by_role("status").filter(has_text="Agent 1002 is being rung for 13800130002.")
        ).to_be_visible()
        moves = [(call, to) for call, to, _ in here.world.moves.asked]
        assert moves == [("gas-1", "the front"), ("gas-1", "queue general"), ("gas-2", "agent 1002")]
        assert {str(actor) for _, _, actor in here.world.moves.asked} == {"user:wang"}


async def test_what_went_wrong_with_a_move_is_said_beside_it(browser: Browser) -> None:
    async with wall(browser, "/wall?queue=gas", locale=CHINESE) as (here, page):
        dialog, said = page.locator("dialog[open]"), page.locator("dialog[open] [role=alert]")
        move = dialog.get_by_role("button", name="移动", exact=True)
        here.world.moves.refusal = "The sky is falling."
        await page.locator("[data-moves=gas-2]").click()
        await move.click()
        await expect(said).to_contain_text("没有成功：The sky is falling.")
        line = here.world.queues.standing["gas"]
        line[2] = line[2]._replace(ringing=("1011",))
        here.set_queue("gas", waiting=5)
        await expect(said).to_have_text("正在给坐席 1011 振铃。没有人接，才能移动。")
        await expect(move).to_be_disabled()
        del line[2]
        here.set_queue("gas", waiting=4)
        await expect(said).to_contain_text("这位市民已经不在这里排队")
        await press(page, "Escape")
        await expect(dialog).to_have_count(0)
        assert here.world.moves.asked == []


@pytest.mark.parametrize(("role", "opens", "moves"), [(Role.DEPARTMENT, 2, 0), (Role.OPERATIONS, 0, 0)])
async def test_each_role_sees_and_does_what_it_may(browser: Browser, role: Role, opens: int, moves: int) -> None:
    async with stage(late_morning()) as here, page_of(browser, here.base) as (page, wrong):
        key = await here.world.key(role, queues=["gas", "water"])
        await page.goto(f"/wall?queue=gas#token={key}")
        await expect(page.locator("[data-queue]")).to_have_count(2)
        await expect(page.locator("[data-opens]")).to_have_count(opens)
        await expect(rows(page)).to_have_count(5 if opens else 0)
        await expect(page.locator("[data-moves]")).to_have_count(moves)
        assert len(wrong) == 1, "it asks first whether somebody has signed in"
        assert "401" in wrong[0]


async def test_skills_are_set_live_and_it_is_said_until_when(browser: Browser) -> None:
    async with wall(browser) as (here, page):
        card, dialog = page.locator("[data-agent='1003']"), page.locator("dialog[open]")

        async def set_and_told() -> Abilities | None:
            await dialog.get_by_role("button", name="Save").click()
            await expect(dialog).to_have_count(0)
            here.world.note(Record(here.now(), Kind.AGENT_SKILLS, agent="1003", data={}))
            return here.world.agents.views["1003"].edited

        await card.focus()
        await press(page, "Enter")
        await dialog.get_by_role("button", name="Skills …").click()
        await expect(dialog).to_contain_text("until the hotline is reloaded; a restart of the service keeps it")
        await expect(dialog).to_contain_text("agents.yaml stays as it is")
        await dialog.get_by_label("Gas").select_option("1")
        await dialog.get_by_label("Greening").select_option("4")
        await dialog.get_by_label("All-round").select_option("none")
        assert await set_and_told() == Abilities({"gas": 1, "greening": 4}, ("zh",))
        await expect(card).to_contain_text("skills set for now")
        assert await focused(page, "agent") == "1003"
        assert [str(actor) for actor in here.world.agents.asked] == ["user:wang"]

        await press(page, "Enter")
        await dialog.get_by_role("button", name="Skills …").click()
        await dialog.get_by_label("Chinese").uncheck()
        await expect(dialog.get_by_role("alert")).to_have_text("Choose at least one language.")
        await dialog.get_by_role("button", name="As in the file").click()
        here.world.agents.refusal = "The agent is on leave."
        await dialog.get_by_role("button", name="Save").click()
        await expect(dialog.get_by_role("alert")).to_have_text("That did not work: The agent is on leave.")
        here.world.agents.refusal = None
        assert await set_and_told() is None
        await expect(card).not_to_contain_text("skills set for now")


async def test_the_day_and_the_last_hour_of_a_queue(browser: Browser) -> None:
    async with wall(browser) as (here, page):
        await page.set_viewport_size({"width": 1920, "height": 1080})
        tile = page.locator("[data-queue=gas]")
        await expect(tile).to_contain_text("97 answered · 31 gave up")
        await expect(tile).to_contain_text("hour: max 9, 2 min ago")
        spark = tile.locator("p > svg[preserveAspectRatio] path").last
        drawn = await spark.get_attribute("d")
        here.world.now += 60
        hour = here.world.queues.hours["gas"].waiting
        here.world.queues.hours["gas"] = HourView(here.now() // 60 * 60, (*hour[1:], 12))
        here.set_queue("gas", waiting=6, answered=98)
        await expect(tile).to_contain_text("98 answered · 31 gave up")
        await expect(tile).to_contain_text("hour: max 12, 1 min ago")
        assert await spark.get_attribute("d") != drawn
        await page.set_viewport_size({"width": 1280, "height": 720})
        await expect(tile).not_to_contain_text("hour: max 12, 1 min ago")  # there is no room for it in the tile
        await tile.get_by_role("button").click()
        panel = page.locator("[data-callers=gas]")
        await expect(panel).to_contain_text("98 answered · 31 gave up")
        await expect(panel).to_contain_text("hour: max 12, 1 min ago")
