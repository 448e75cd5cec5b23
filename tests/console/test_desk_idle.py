"""The desk without a call, the history of a number, and what a reader of the screen is told: in a real browser."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, expect

from acd.events import Company
from agents.states import AgentState, PhoneState
from base.role import Role
from hotline.calls_out import CallsOut
from journal.actor import Actor
from journal.records import Kind, Record
from lab.patience import until
from tests.console.agent_phone import Dials
from tests.console.browser import CHINESE, ENGLISH, complaints, page_of
from tests.console.seat import AGENT, NUMBER, QUEUE, seat
from tests.console.stage import Stage, late_morning, somebody, stage
from tests.console.theatre import World
from tests.unit.archive import past

pytestmark = pytest.mark.asyncio(loop_scope="session")

DESK = {"width": 1366, "height": 768}


def talked(world: World, call: str, ago: float, agent: str = AGENT, note: str = "") -> None:
    """That agent has talked with a caller whose call began so many seconds ago."""
    at, queue = world.now - ago, QUEUE
    world.note(
        Record(at, Kind.CALL_STARTED, call, data={"caller": NUMBER, "number": "12319", "language": "zh"}),
        Record(at + 1, Kind.QUEUED, call, queue, data={"language": "zh", "position": 1}),
        Record(at + 5, Kind.CONNECTED, call, queue, agent, f"o-{call}", {"waited_s": 4.0}),
        Record(at + 60, Kind.TALK_ENDED, call, queue, agent, data={"by": "caller", "talked_s": 55.0}),
        Record(at + 60, Kind.CALL_FINISHED, call, data={"by": "caller", "outcome": "answered"}),
    )
    if note:
        world.note(Record(at + 61, Kind.NOTE, call, queue, agent, data={"note": note}))


def busy_with_codes() -> World:
    world = late_morning()
    world.sheets.known[QUEUE] = {"answered": {"zh": "当场答复", "en": "Answered"}}
    return world


async def part(page: Page, name: str) -> str:
    return await page.get_by_role("region", name=name).inner_text()


@pytest.mark.parametrize(
    ("locale", "queues", "colleagues", "last", "news"),
    [
        (ENGLISH, "Your queues", "Colleagues", "Your last calls", "News"),
        (CHINESE, "我的队列", "同事", "我最近的通话", "通知"),
    ],
)
async def test_an_idle_desk_shows_queues_colleagues_last_calls_and_news(
    browser: Browser, locale: str, queues: str, colleagues: str, last: str, news: str
) -> None:
    world = busy_with_codes()
    talked(world, "c-old", 1_800, note="梧桐树生虫")
    await world.news.put("今晚 23 点起燃气检修", Actor.user("wang"))
    async with seat(browser, world, locale=locale, viewport=DESK) as (here, wrong):
        page = here.page
        await expect(page.get_by_role("region", name=queues)).to_contain_text("供水" if locale == CHINESE else "Water")
        listed = page.get_by_role("region", name=colleagues).get_by_role("listitem")
        await expect(listed.first).to_be_visible()
        order = [row["state"] for row in await rows(page, colleagues)]
        assert order == sorted(order, key=("ready", "other", "busy", "gone").index), order
        row = page.get_by_role("region", name=last).get_by_role("listitem")
        await expect(row).to_contain_text("梧桐树生虫")
        await expect(row).not_to_contain_text("0013", use_inner_text=True)
        await expect(page.get_by_role("status", name=news)).to_contain_text("燃气检修")
        assert await complaints(page) == []
        # as it changes, without a look at the service
        here.here.set_queue(QUEUE, waiting=3, longest_wait_s=61.0)
        await expect(page.get_by_role("region", name=queues)).to_contain_text("3")
        here.here.set_agent("1003", state=AgentState.READY, phone=PhoneState.FREE)
        await expect(listed.filter(has_text="1003")).to_have_count(1)
        await world.news.remove(Actor.user("wang"))
        await expect(page.get_by_role("status", name=news)).to_have_text("")
        assert wrong == []


def cut_off(world: World, call: str, ago: float) -> None:
    """The machine has died in a talk of that agent."""
    at, queue, by = world.now - ago, QUEUE, {"by": "system", "cause": "machine-lost"}
    world.note(
        Record(at, Kind.CALL_STARTED, call, data={"caller": NUMBER, "number": "12319", "language": "zh"}),
        Record(at + 1, Kind.QUEUED, call, queue, data={"language": "zh", "position": 1}),
        Record(at + 5, Kind.CONNECTED, call, queue, AGENT, f"o-{call}", {"waited_s": 4.0}),
        Record(at + 60, Kind.TALK_ENDED, call, queue, AGENT, data={**by, "talked_s": 55.0}),
        Record(at + 60, Kind.CALL_FINISHED, call, data={**by, "outcome": "lost"}),
    )


@pytest.mark.parametrize(
    ("locale", "last", "words"),
    [(ENGLISH, "Your last calls", "cut off by a failure"), (CHINESE, "我最近的通话", "因故障中断")],
)
async def test_the_desk_says_which_talk_a_failure_has_cut_off(
    browser: Browser, locale: str, last: str, words: str
) -> None:
    world = busy_with_codes()
    talked(world, "c-old", 1_800)
    cut_off(world, "c-cut", 90)
    async with seat(browser, world, locale=locale, viewport=DESK) as (here, _):
        listed = here.page.get_by_role("region", name=last).get_by_role("listitem")
        await expect(listed.first).to_contain_text(words)
        await expect(listed.last).not_to_contain_text(words)
        assert await complaints(here.page) == []


async def rows(page: Page, region: str) -> list[dict[str, str]]:
    """The colleagues as they stand there; `state`: which of four groups."""
    words = await page.get_by_role("region", name=region).get_by_role("listitem").all_inner_texts()
    return [
        {"state": next((group for group, named in GROUPS if any(word in text for word in named)), "")} for text in words
    ]


GROUPS = (
    ("gone", ("Unreachable", "话机不通")),
    ("other", ("Not ready", "示忙", "Wrap-up", "整理")),
    ("ready", ("Ready", "就绪")),
    ("busy", ("On call", "通话", "Ringing", "振铃")),
)


async def test_what_was_left_open_is_finished_from_the_list(browser: Browser) -> None:
    world = busy_with_codes()
    talked(world, "c-open", 1_800)
    talked(world, "c-last", 300, note="last")
    async with seat(browser, world, viewport=DESK) as (here, _):
        page = here.page
        open_row = page.get_by_role("region", name="Your last calls").get_by_role("listitem").nth(1)
        await expect(open_row).to_contain_text("no code yet")
        await open_row.get_by_role("button", name="Finish").click()
        sheet = page.get_by_role("region", name="About the call of")
        await sheet.get_by_role("textbox", name="Notes").fill("Called back")
        await expect(open_row).to_contain_text("Called back")  # the note is saved: what comes now is only the code
        await sheet.get_by_role("listbox").press("1")
        await expect(sheet.get_by_text("Chosen: answered")).to_be_visible()
        await expect(open_row).to_contain_text("Answered")
        # a call that rings leaves what is being typed
        field = sheet.get_by_role("textbox", name="Notes")
        await field.click()
        await here.offer()
        await page.keyboard.type(" at once")
        await expect(field).to_have_value("Called back at once")
        await expect(open_row).to_contain_text("Called back at once")


async def test_a_newcomer_without_a_phone_is_offered_the_browser_first_and_is_never_green(browser: Browser) -> None:
    world = late_morning()
    await somebody(world, "li", Role.AGENT, AGENT)
    async with (
        stage(world) as here,
        page_of(browser, here.base, viewport=DESK, permissions=["microphone"]) as (page, _),
    ):
        here.set_agent(AGENT, state=AgentState.READY, phone=PhoneState.UNREACHABLE)
        await here.enter(page.context, "li")
        await page.goto("/desk")
        state = page.get_by_role("region", name="State")
        await expect(state).to_contain_text("Unreachable")
        await expect(state).to_contain_text("no calls come to you")
        await expect(state.locator("[data-state]")).not_to_contain_text("Ready")
        offer = page.get_by_role("button", name="Use this browser")
        await expect(offer).to_be_in_viewport()
        first = await page.locator("main button[data-primary]").first.inner_text()
        assert first == "Use this browser"
        await offer.click()
        await expect(page.get_by_label("Telephone").get_by_role("combobox")).to_have_value("browser")
        await expect(offer).to_have_count(0)


async def test_the_own_phone_calls_a_colleague_who_is_found_by_pinyin_initials(browser: Browser) -> None:
    world = late_morning()
    world.agents.known["1040"] = world.agents.known["1040"].model_copy(update={"name": "曾晓芳"})
    dials = world.dials = Dials()
    async with seat(browser, world, viewport=DESK) as (here, _):
        page = here.page
        here.set(phone=PhoneState.FREE)
        await expect(page.get_by_role("button", name="Call …")).to_be_enabled()
        await page.keyboard.press("o")
        field = page.get_by_role("combobox", name="Call")
        await field.fill("zxf")
        await expect(page.get_by_role("option", name="曾晓芳")).to_have_count(1)
        await field.press("Enter")
        await expect(page.get_by_text("Calling 曾晓芳: your telephone rings first.")).to_be_visible()
        assert dials.dialled == [(AGENT, "1040")]


async def test_the_own_phone_calls_a_citizen_for_a_queue(browser: Browser) -> None:
    world = late_morning()
    dials = world.dials = Dials()
    world.desk.change(calls_out=CallsOut(allowed=("1[3-9]xxxxxxxxx",)))
    async with seat(browser, world, viewport=DESK) as (here, _):
        page = here.page
        here.set(phone=PhoneState.FREE)
        await page.get_by_role("button", name="A citizen …").click()
        dialog = page.get_by_role("dialog", name="Call a citizen")
        await expect(dialog.get_by_label("For which queue")).to_contain_text("(the citizen sees 12319)")
        await dialog.get_by_label("For which queue").select_option(QUEUE)
        await dialog.get_by_label("The citizen's number").fill(" 138 0013 8000")
        assert await complaints(page) == []
        await dialog.get_by_role("button", name="Call").click()
        await expect(dialog).to_have_count(0)
        assert dials.called == [(AGENT, "138 0013 8000", QUEUE)]
        # the agent has picked up, and the citizen answers
        number = {"number": NUMBER}
        world.note(
            Record(world.now - 9, Kind.CALL_OUT_DIALLED, "out", QUEUE, AGENT, data={**number, "shown": "12319"}),
            Record(world.now - 5, Kind.CALL_OUT_ANSWERED, "out", QUEUE, AGENT, data=number),
        )
        here.set(state=AgentState.ON_CALL, call_id="out", queue=QUEUE, sent=Company.TALKS, since=world.now - 5)
        await expect(page.get_by_text("you call the citizen")).to_be_visible()
        await expect(page.get_by_role("button", name="Transfer")).to_have_count(0)


async def test_without_calls_out_in_the_hotline_nobody_is_offered_to_call_citizens(browser: Browser) -> None:
    async with seat(browser, late_morning(), viewport=DESK) as (here, _):
        here.set(phone=PhoneState.FREE)
        await expect(here.page.get_by_role("button", name="Call …")).to_be_enabled()
        await expect(here.page.get_by_role("button", name="A citizen …")).to_have_count(0)


async def test_the_list_has_free_ones_first_and_signed_out_ones_last_and_grey(browser: Browser) -> None:
    world = late_morning()
    async with seat(browser, world, viewport=DESK) as (here, _):
        page = here.page
        await here.talk()
        await page.keyboard.press("c")
        options = page.get_by_role("option").filter(has_text="Agent")
        await expect(options.first).to_contain_text("knows the subject")
        told = await options.all_inner_texts()
        names = [next(group for group, words in OPTION_GROUPS if any(word in text for word in words)) for text in told]
        assert names == sorted(names, key=[group for group, _ in OPTION_GROUPS].index), names
        assert await options.last.get_attribute("data-absent") == "true"
        assert await complaints(page) == []


OPTION_GROUPS = (
    ("ready", ("Ready",)),
    ("away", ("Not ready", "Wrap-up")),
    ("busy", ("On call", "Ringing")),
    ("gone", ("Unreachable",)),
    ("out", ("Signed out",)),
)


async def test_a_colleague_whose_phone_rings_for_a_queue_is_busy_and_has_not_declined(browser: Browser) -> None:
    async with seat(browser) as (here, _):
        await here.offer()
        here.telephone.said.clear()
        await here.telephone.second("1001")
        await here.telephone.hears("486")
        await expect(here.page.get_by_role("button", name="Answer")).to_be_visible()


async def test_the_history_has_notes_and_opens_to_the_whole_story(browser: Browser) -> None:
    world = late_morning()
    before = world.now - 86_400
    note = Record(before + 70, Kind.NOTE, "b1", "gas", "1003", data={"note": "Smell of gas at the stairs"})
    world.archive.keep([*past("b1", before, NUMBER, "gas", "1003"), note])
    async with seat(browser, world, viewport=DESK) as (here, _):
        page = here.page
        await here.talk()
        history = page.get_by_role("region", name="Earlier calls of this number")
        await expect(history).to_contain_text("Smell of gas at the stairs")
        name = world.agents.known["1003"].name
        await expect(history).to_contain_text(f"Gas · {name} · answered")
        assert await complaints(page) == []
        await history.get_by_role("listitem").get_by_role("button").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text(f"{name} · 0:56")
        await expect(dialog).to_contain_text("Smell of gas at the stairs")
        assert await complaints(page) == []
        await page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)


async def test_what_was_typed_survives_a_reload_in_the_same_instant(browser: Browser) -> None:
    """However the answers of the two requests of the new page come."""
    async with seat(browser) as (here, _):
        page = here.page
        await here.talk()
        typed = ""
        for word in ("tree ", "street ", "soon ", "twice ", "thanks"):
            field = page.get_by_role("textbox", name="Notes")
            await field.click()
            await page.keyboard.type(word)
            typed += word
            await page.reload()
            await expect(field).to_have_value(typed)
        await page.keyboard.press("Escape")
        await until("the note", lambda: asyncio.sleep(0, noted(here.here)), lambda it: it[-1:] == [typed])


def noted(here: Stage) -> list[str]:
    story = here.world.book._pages["c9"].story
    return [str(record.data["note"]) for record in story if record.kind is Kind.NOTE]


async def test_state_and_ring_are_spoken_once_and_no_timer_is(browser: Browser) -> None:
    async with seat(browser) as (here, _):
        page = here.page
        spoken = page.locator("main .spoken")
        await expect(spoken.get_by_role("status")).to_have_text("State: Ready")
        await here.offer()
        await expect(spoken.get_by_role("alert")).to_have_text("A call: Water")
        here.set(state=AgentState.ON_CALL)
        await expect(spoken.get_by_role("status")).to_have_text("State: On call")
        live = await page.locator("[role=status], [role=alert], [aria-live], output").all_inner_texts()
        assert [words for words in live if ":" in words and any(sign.isdigit() for sign in words)] == []


async def test_tab_leads_past_the_pages_to_the_content(browser: Browser) -> None:
    async with seat(browser) as (here, _):
        page = here.page
        await page.locator("[data-link=registered]").wait_for()
        await page.evaluate("document.activeElement.blur()")
        await page.keyboard.press("Tab")
        skip = page.get_by_role("button", name="Skip to the content")
        await expect(skip).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("main")).to_be_focused()
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.closest('main') !== null")


async def test_a_supervisor_writes_the_news_on_the_wall(browser: Browser) -> None:
    world = late_morning()
    async with stage(world) as here, page_of(browser, here.base, viewport=DESK) as (page, _):
        await here.enter(page.context)
        await page.goto("/wall")
        await page.get_by_role("button", name="News for the desks").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("textbox").fill("Gas works tonight from 23:00")
        await dialog.get_by_role("button", name="Show it").click()
        line = page.get_by_role("status", name="News")
        await expect(line).to_contain_text("Gas works tonight from 23:00")
        await expect(line).to_contain_text("wang")
        assert await complaints(page) == []
        await line.get_by_role("button", name="Remove").click()
        await expect(line).not_to_contain_text("Gas works")
        assert world.news.notice is None
