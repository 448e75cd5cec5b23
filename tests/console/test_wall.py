"""The wall in a real browser, before the real HTTP interface."""

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from agents.states import AgentState, PhoneState
from base.role import Role
from calls.listeners import Listener, Mode
from lab.faults.proxy import Proxy
from lab.stalls import Stalls
from tests.console.browser import AT_ONCE, CHINESE, ENGLISH, appears, complaints, page_of
from tests.console.recorded_calls import afternoon
from tests.console.stage import STATES, Stage, busy, late_morning, stage
from tests.console.theatre import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

BOXES = """[...document.querySelectorAll('[data-queue]')].map((tile) => {
  const {x, y, width, height} = tile.getBoundingClientRect();
  return [x, y, width, height];
})"""
"""Of all tiles."""

SEEN_WITHIN = 2.0
"""Seconds from the end of a connection to the word on the screen."""


@asynccontextmanager
async def wall(browser: Browser, world: World, **how: Any) -> AsyncIterator[tuple[Stage, Page]]:
    """A supervisor before the wall, in English."""
    async with stage(world) as here, page_of(browser, here.base, **how) as (page, wrong):
        await here.enter(page.context)
        await page.goto("/wall")
        await page.locator("[data-queue=gas]").wait_for()
        yield here, page
        assert wrong == []


async def test_changes_are_on_the_screen_at_once(browser: Browser, stalled: Stalls) -> None:
    async with wall(browser, late_morning()) as (here, page):
        late = []
        for waiting in (7, 8, 9, 10, 11):
            seen = await appears(page, "[data-queue=gas]", f"{waiting} waiting")
            passed = stalled.clock()
            here.set_queue("gas", waiting=waiting)
            await seen
            late.append(passed())
        assert min(late) < AT_ONCE, late
        here.set_agent("1002", state=AgentState.WRAP_UP, until=here.now() + 60)
        await expect(page.locator("[data-agent='1002']")).to_contain_text("Wrap-up")
        await expect(page.locator("[data-agent='1002']")).to_contain_text(re.compile(r"[01]:[0-5]\d"))


async def test_a_card_in_focus_shows_its_buttons_and_who_listens(browser: Browser) -> None:
    world = late_morning()
    await world.person("li", Role.SUPERVISOR, Role.AGENT, agent="1012")
    listener = Listener("l1", Mode.WHISPER, "1012", "user:li", world.now - 50, world.now - 42)
    world.listens(listener, "c2", "roads", "1004")
    async with wall(browser, world) as (_, page):
        await page.locator("[data-agent='1004']").focus()
        said = await page.get_by_text("Heard by li").bounding_box()
        buttons = await page.locator("[data-actions='1004']").bounding_box()
        assert said is not None
        assert buttons is not None
        assert said["y"] + said["height"] <= buttons["y"]
        assert await complaints(page) == []


@pytest.mark.parametrize(("locale", "scheme"), [(ENGLISH, "light"), (CHINESE, "dark")])
async def test_axe_finds_nothing_serious_anywhere(browser: Browser, locale: str, scheme: str) -> None:
    few = busy(time.time(), agents=len(STATES))
    async with wall(browser, few, locale=locale, color_scheme=scheme) as (_, page):
        await page.locator("[data-opens=gas]").click()
        await page.locator("[data-caller] ul").first.wait_for()
        assert await complaints(page) == []
        await page.locator("[data-agent='1006']").click()
        await page.locator("dialog[open]").wait_for()
        assert await complaints(page) == []
        await page.locator("dialog[open] button").first.click()
        await page.locator("dialog[open] select").first.wait_for()
        assert await complaints(page) == []
        await page.keyboard.press("Escape")
        await page.locator("[data-moves]").first.click()
        await page.locator("dialog[open] input").nth(2).check()
        assert await complaints(page) == []
        await page.keyboard.press("Escape")
        await page.keyboard.press("b")
        await page.locator("main[data-big=true]").wait_for()
        assert await complaints(page) == []


async def test_a_state_is_changed_by_keys_alone_and_the_focus_comes_back(browser: Browser) -> None:
    async with wall(browser, late_morning()) as (here, page):
        cards = page.locator("[data-agent]")
        first = await cards.first.get_attribute("data-agent")
        for _ in range(30):
            if await page.evaluate("document.activeElement.dataset.agent") == first:
                break
            await page.keyboard.press("Tab")
        await page.keyboard.press("ArrowRight")
        second = await page.evaluate("document.activeElement.dataset.agent")
        assert second == await cards.nth(1).get_attribute("data-agent")
        await page.keyboard.press("Enter")
        await page.locator("dialog[open]").wait_for()
        await page.keyboard.press("Tab")
        await expect(page.locator("dialog option").filter(has_text="Training")).to_have_count(1)
        await page.keyboard.type("Tr")  # of the list of reasons, as at the desk
        for _ in range(3):  # skills, cancel, change
            await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator("dialog")).to_have_count(0)
        view = here.world.agents.views[str(second)]
        assert (view.state, view.reason) == (AgentState.NOT_READY, "Training")
        assert here.world.agents.asked == ["user:wang"]
        assert await page.evaluate("document.activeElement.dataset.agent") == second


async def test_a_refused_change_is_said_beside_it_and_nothing_typed_is_lost(browser: Browser) -> None:
    async with stage(late_morning()) as here, page_of(browser, here.base) as (page, _):
        await here.enter(page.context)
        await page.goto("/wall")
        here.world.agents.refusal = "The agent is on leave."
        await page.locator("[data-agent='1006']").click()
        await page.get_by_label("Reason").select_option("Another one …")
        await page.get_by_label("In your words").fill("meeting")
        await page.get_by_role("button", name="Change", exact=True).click()
        await expect(page.get_by_role("alert")).to_have_text("That did not work: The agent is on leave.")
        await expect(page.get_by_label("In your words")).to_have_value("meeting")


async def test_a_card_opens_the_agent(browser: Browser) -> None:
    """State, today's calls, skills, listening; and from a call to its story."""
    world = late_morning()
    world.archive.keep(*afternoon(world.now).values())
    await world.person("li", Role.SUPERVISOR, Role.AGENT, agent="1012")
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context, "li")
        await page.goto("/wall")
        await page.locator("[data-agent='1004']").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_role("heading", level=2)).to_have_text("Agent 1004 刘华芳")
        for words in ("On call", "Roads", "No calls yet today", "All-round 2", "Roads 3", "it holds after that"):
            await expect(dialog).to_contain_text(words)
        assert await complaints(page) == []
        async with page.expect_request("**/calls/c2/listen") as asked:
            await dialog.get_by_role("button", name="Whisper").click()
        assert (await asked.value).post_data_json == {"mode": "whisper"}
        await expect(dialog).to_have_count(0)
        assert await page.evaluate("document.activeElement.dataset.agent") == "1004"

        await page.locator("[data-agent='1002']").click()
        await dialog.get_by_role("link", name="All calls of today").wait_for()
        assert await dialog.locator("li").count() == 4
        await dialog.locator("li a").first.click()
        await expect(page.get_by_role("region", name="Time line")).to_be_visible()
        await page.go_back()
        await page.locator("[data-agent='1002']").click()
        await dialog.get_by_role("link", name="All calls of today").click()
        await page.locator("[data-call]").nth(5).wait_for()
        assert "agent=1002" in page.url
        assert [line for line in wrong if "404" not in line] == []  # the call c2 is on the wall only


@pytest.mark.parametrize(("locale", "told"), [(ENGLISH, "Lunch"), (CHINESE, "用餐")])
async def test_a_reason_is_in_the_readers_language_whoever_chose_it(browser: Browser, locale: str, told: str) -> None:
    world = late_morning()
    for agent, reason in (("1003", "用餐"), ("1015", "Lunch"), ("1027", "去取材料")):
        views = world.agents.views
        views[agent] = replace(views[agent], state=AgentState.NOT_READY, reason=reason)
    async with wall(browser, world, locale=locale) as (_, page):
        for agent in ("1003", "1015"):
            await expect(page.locator(f"[data-agent='{agent}']")).to_contain_text(told)
        await expect(page.locator("[data-agent='1027']")).to_contain_text("去取材料")


async def test_agents_are_found_by_queue_and_skill_and_signed_out_ones_on_demand(browser: Browser) -> None:
    async with wall(browser, late_morning()) as (_, page):
        cards = page.locator("[data-agent]")
        await expect(cards).to_have_count(37)
        await page.get_by_label("Only for a queue").select_option("Gas")
        ids = [await card.get_attribute("data-agent") for card in await cards.all()]
        assert sorted(filter(None, ids)) == ["1003", "1011", "1019", "1027", "1035"]
        await page.get_by_label("Only for a queue").select_option("Every queue")
        await page.get_by_label("Only with a skill").select_option("Water")
        await expect(cards).to_have_count(5)
        await page.get_by_label("Only with a skill").select_option("Every skill")
        await page.get_by_label("Show who is signed out (3)").check()
        await expect(cards).to_have_count(40)


async def test_who_needs_somebody_comes_first_with_colour_shape_and_word(browser: Browser) -> None:
    world = late_morning()
    async with wall(browser, world) as (here, page):
        cards = page.locator("[data-agent]")
        here.set_agent("1040", state=AgentState.READY, phone=PhoneState.UNREACHABLE, since=world.now, queue=None)
        card = page.locator("[data-agent='1040'][data-state=unreachable]")
        await expect(card).to_contain_text("Unreachable")
        await expect(card.locator("svg path")).to_be_visible()
        levels = [await one.get_attribute("data-level") or "" for one in await cards.all()]
        assert levels == sorted(levels, reverse=True)
        assert "1040" in [await cards.nth(index).get_attribute("data-agent") for index in range(4)]


@pytest.mark.parametrize("how", ["silent", "cut"])
async def test_a_lost_connection_is_seen_within_2_s_and_made_good(browser: Browser, stalled: Stalls, how: str) -> None:
    async with stage(late_morning()) as here, Proxy(here.port) as proxy:
        base = f"http://127.0.0.1:{proxy.port}"
        async with page_of(browser, base) as (page, _):
            await here.enter(page.context)
            await page.goto("/wall")
            await page.locator("[data-queue=gas]").wait_for()
            seen = await appears(page, "[role=alert]", "No connection. What you see is as of")
            passed = stalled.clock()
            if how == "silent":
                proxy.half_open()
            else:
                await proxy.refuse()
                proxy.cut()
            await seen
            assert passed() < SEEN_WITHIN
            await expect(page.locator("main[data-lost=true]")).to_be_visible()
            here.set_queue("gas", waiting=17)
            proxy.heal()
            await proxy.listen()
            await expect(page.locator("[data-queue=gas]")).to_contain_text("17 waiting")
            await expect(page.locator("main[data-lost=false]")).to_be_visible()
            await expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("big", [False, True])
async def test_a_new_version_is_told_and_a_big_screen_takes_it_by_itself(browser: Browser, big: bool) -> None:
    async with stage(late_morning()) as here, Proxy(here.port) as proxy:
        base = f"http://127.0.0.1:{proxy.port}"
        async with page_of(browser, base) as (page, _):
            await here.enter(page.context)
            await page.goto("/wall?big" if big else "/wall")
            await page.locator("[data-queue=gas]").wait_for()
            told = page.get_by_role("status").filter(has_text="There is a new version of the console.")
            seen = await appears(page, "[role=alert]", "No connection")
            async with page.expect_request_finished(lambda request: request.url == f"{base}/"):
                proxy.cut()
            await seen
            await expect(told).to_have_count(0)
            await page.route(f"{base}/", lambda route: route.fulfill(body="<!doctype html>"))
            if big:
                async with page.expect_event("load"):
                    proxy.cut()
                await expect(page.locator("[data-queue=gas]")).to_be_visible()
            else:
                proxy.cut()
                await told.get_by_role("button", name="Load again").wait_for()


async def test_language_and_appearance_are_kept(browser: Browser) -> None:
    async with wall(browser, late_morning()) as (_, page):
        await page.get_by_role("button", name="中文").click()
        await expect(page.locator("[data-queue=gas]")).to_contain_text("燃气")
        await page.get_by_label("外观").select_option("深色")
        await page.reload()
        await expect(page.locator("[data-queue=gas]")).to_contain_text("燃气")
        assert await page.evaluate("[document.documentElement.lang, document.documentElement.dataset.theme]") == [
            "zh-CN",
            "dark",
        ]


@pytest.mark.parametrize(("count", "width"), [(8, 300), (30, 200)])
async def test_a_big_screen_shows_all_queues_without_scrolling(browser: Browser, count: int, width: int) -> None:
    world = late_morning()
    known, views = world.queues.known, world.queues.views
    for number in range(count - len(views)):
        name = f"more-{number}"
        known[name] = known["gas"].model_copy(update={"id": name})
        views[name] = replace(views["gas"], id=name)
    async with wall(browser, world, viewport={"width": 1920, "height": 1080}) as (_, page):
        await page.goto("/wall?big")
        await expect(page.locator("[data-queue]")).to_have_count(count)
        boxes = [(x, y, x + wide, y + high) for x, y, wide, high in await page.evaluate(BOXES)]
        assert all(bottom <= 1080 and right - left > width for left, _, right, bottom in boxes)
        for one, other in combinations(boxes, 2):
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1], "side by side"
        assert await page.evaluate("document.documentElement.scrollHeight") <= 1080
        assert await page.get_by_role("navigation").count() == 0
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("navigation")).to_be_visible()


async def test_nothing_moves_for_who_does_not_want_that(browser: Browser) -> None:
    async with wall(browser, late_morning(), reduced_motion="reduce") as (_, page):
        ring = page.locator("[data-state=ringing] svg").first
        assert await ring.evaluate("(element) => getComputedStyle(element).animationName") == "none"
    async with wall(browser, late_morning(), reduced_motion="no-preference") as (_, page):
        ring = page.locator("[data-state=ringing] svg").first
        assert await ring.evaluate("(element) => getComputedStyle(element).animationName") != "none"
