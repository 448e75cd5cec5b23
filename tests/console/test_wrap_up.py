"""Notes and wrap-up codes at the desk, by keyboard alone: a real browser before a hotline in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, expect

from accounts import tokens
from accounts.model import Person
from agents.states import AgentState
from base.role import Role
from journal.records import Kind, Record
from lab.patience import until
from tests.console.browser import CHINESE, ENGLISH, complaints, page_of, sign_in
from tests.console.seat import seat
from tests.console.stage import Stage, stage
from tests.console.theatre import World
from tests.unit.archive import past
from tests.unit.service.world import PASSWORD, waiting_call

pytestmark = pytest.mark.asyncio(loop_scope="session")

AT = 1_700_000_000.0
WORDS = {
    CHINESE: ("备注", "小结代码", "必填", "已选：转办", "已保存", "接听 34 通 · 漏接 1 通", "坐席已接"),
    ENGLISH: ("Notes", "Wrap-up code", "Needed", "Chosen: 转办", "Saved", "34 calls · 1 missed", "answered"),
}


@asynccontextmanager
async def talking(browser: Browser, locale: str) -> AsyncIterator[tuple[Page, Stage]]:
    """The desk of 1001, who talks with c1."""
    world = World(now=AT + 20)
    world.sheets.needed.add("greening")
    world.note(*waiting_call(), Record(AT + 10, Kind.CONNECTED, "c1", "greening", "1001", "o1", {"waited_s": 8.0}))
    world.archive.keep(past("b1", AT - 86_400, "13800000000"))
    agent = Person(name="zhao", roles=frozenset({Role.AGENT}), agent="1001", password=None, created=AT, password_set=AT)
    await world.accounts.directory.add(agent)
    async with (
        stage(world) as here,
        page_of(browser, here.base, locale=locale, viewport={"width": 1366, "height": 768}) as (page, _),
    ):
        here.set_agent("1001", state=AgentState.ON_CALL, since=AT + 10, queue="greening", call_id="c1")
        secret, _ = await world.accounts.sign_in.begin(agent, "127.0.0.1")
        cookie = {"name": tokens.name(secure=False), "value": secret, "url": here.base}
        await page.context.add_cookies([cookie])  # type: ignore[list-item]
        await page.goto("/desk")
        yield page, here


def noted(here: Stage, kind: Kind) -> list[str]:
    """What has been noted of c1 so far."""
    name = "note" if kind is Kind.NOTE else "code"
    page = here.world.book._pages["c1"]
    return [str(record.data[name]) for record in page.story if record.kind is kind]


@pytest.mark.parametrize("locale", [CHINESE, ENGLISH])
async def test_code_and_note_by_keyboard_alone(browser: Browser, locale: str) -> None:
    notes, code, needed, chosen, saved, day, outcome = WORDS[locale]
    async with talking(browser, locale) as (page, here):
        # Of the earlier call. A list item, because a wrap-up code may be named like an outcome.
        await expect(page.get_by_role("listitem").filter(has_text=outcome)).to_be_visible()
        await expect(page.get_by_text(day)).to_be_visible()
        await expect(page.get_by_text(needed)).to_be_visible()
        assert await complaints(page) == []

        await page.keyboard.press("n")
        await expect(page.get_by_label(notes)).to_be_focused()
        await page.keyboard.type("R 12")  # in a field they are not keys
        await page.keyboard.press("Escape")
        await expect(page.get_by_text(saved, exact=True)).to_be_visible()
        assert noted(here, Kind.NOTE) == ["R 12"]

        await page.keyboard.press("w")
        await page.keyboard.press("1")
        await until("the code", lambda: _ready(noted(here, Kind.WRAP_UP_CODE)), lambda codes: codes == ["answered"])
        await page.keyboard.press("Shift+Tab")
        await expect(page.get_by_role("combobox", name=code)).to_be_focused()
        await page.keyboard.type("转")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text(chosen)).to_be_visible()
        await expect(page.get_by_text(needed)).to_be_hidden()
        assert noted(here, Kind.WRAP_UP_CODE) == ["answered", "referred"]
        assert await complaints(page) == []


async def test_what_was_typed_outlives_a_reload_and_a_service_that_does_not_answer(browser: Browser) -> None:
    async with talking(browser, ENGLISH) as (page, here):
        await page.get_by_label("Notes").wait_for()
        await page.keyboard.press("n")
        await expect(page.get_by_label("Notes")).to_be_focused()
        await page.route(
            "**/wrap-up", lambda route: route.abort() if route.request.method == "PUT" else route.continue_()
        )
        await page.keyboard.type("A tree with insects")
        await page.keyboard.press("Escape")
        await expect(page.get_by_text("Not saved yet")).to_be_visible()
        await page.reload()
        await expect(page.get_by_label("Notes")).to_have_value("A tree with insects")
        assert noted(here, Kind.NOTE) == []
        await page.unroute("**/wrap-up")
        await page.get_by_label("Notes").focus()
        await page.keyboard.press("Escape")
        await expect(page.get_by_text("Saved", exact=True)).to_be_visible()
        assert noted(here, Kind.NOTE) == ["A tree with insects"]


KEPT = "Object.keys(sessionStorage).filter((key) => key.startsWith('wutong.note.')).length"


async def test_a_note_of_a_session_that_has_ended_is_sent_in_nobody_elses_name(browser: Browser) -> None:
    """Who signs in next in that tab may write notes of the call, too."""
    async with talking(browser, ENGLISH) as (page, here):
        await page.get_by_label("Notes").wait_for()
        await page.keyboard.press("n")
        await page.route(
            "**/wrap-up", lambda route: route.abort() if route.request.method == "PUT" else route.continue_()
        )
        await page.keyboard.type("A tree with insects")
        await page.keyboard.press("Escape")
        await expect(page.get_by_text("Not saved yet")).to_be_visible()
        await here.world.accounts.end_sessions("zhao")
        await expect(page.get_by_text("You were signed out")).to_be_visible()
        assert await page.evaluate(KEPT) == 1
        await page.unroute("**/wrap-up")
        await here.world.person("qian", Role.AGENT, Role.SUPERVISOR, agent="1002")
        await sign_in(page, "qian", PASSWORD)
        await expect(page.get_by_role("button", name="Ready")).to_be_visible()
        await page.wait_for_function(f"{KEPT} === 0")
        assert noted(here, Kind.NOTE) == []


async def _ready(value: list[str]) -> list[str]:
    return value


LETTER = 100
"""Milliseconds from one letter to the next."""


async def test_a_ring_takes_no_letter_from_whoever_types(browser: Browser) -> None:
    """Five rings, each while the agent types a note of the last call."""
    async with seat(browser) as (here, _):
        page, typed = here.page, ""
        await here.talk()
        here.telephone.hang_up()
        here.set(state=AgentState.WRAP_UP, since=here.here.world.now)
        notes = page.get_by_label("Notes")
        await notes.focus()
        for number in range(5):
            ring = asyncio.create_task(here.offer(f"c{number}"))
            words = f"damp and dark {number} "
            await page.keyboard.type(words, delay=LETTER)
            await ring
            await expect(page.locator("p > button[data-primary]")).to_be_visible()
            await here.telephone.take_back()
            typed += words
            here.set(state=AgentState.READY, call_id=None, queue=None, since=here.here.world.now)
        await expect(notes).to_be_focused()
        await expect(notes).to_have_value(typed)
