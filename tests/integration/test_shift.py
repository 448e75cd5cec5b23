"""A shift as those at work see it: two agents, a supervisor and an administrator, each in a browser, and one citizen.

The parts meet here. Each step names its points of the eighth hour (issue 26), and where the rest of them is tried.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from lab.phone import Call, Phone
from tests.console.agent_page import PREPARED, VOICE, at_work, hears, hears_among_others, registered, speaking
from tests.console.browser import CHINESE, ENGLISH, page_of
from tests.integration.test_desk_transfers import choose
from tests.integration.test_supervisor_wall import enter, supervisor
from tests.integration.world import World
from tests.unit.service.world import PASSWORD

NUMBER = "13800138000"
CITIZEN = 440
"""Hertz; the microphones of all browsers say VOICE."""

FIRST = "王晓芳"
"""The first agent, once the administrator has published that."""

FIRST_NOTE, SECOND_NOTE = "阳台前的树上有虫", "The bureau sprays on Friday"


@asynccontextmanager
async def at_the_wall(chromium: Browser, hotline: World) -> AsyncIterator[Page]:
    """A supervisor who reads Chinese, with the browser as telephone."""
    await supervisor(hotline, "wang", "1005")
    base = f"http://127.0.0.1:{hotline.settings.ports.http}"
    async with page_of(chromium, base, locale=CHINESE, permissions=["microphone"]) as (page, _):
        await page.context.add_init_script(PREPARED)
        await enter(page, "/wall", "wang")
        await page.get_by_label("我的话机").select_option("browser")
        await registered(page)
        await hotline.see_agent("1005", phone="free")
        yield page


async def publishes_a_name(chromium: Browser, hotline: World) -> None:
    """Point 11, more in test_tree_forms.py. An administrator who reads English gives the first agent a name, and
    writes no YAML.
    """
    person = {"name": "zhao", "roles": ["administrator"], "password": PASSWORD}
    assert (await hotline.http.post("/api/v1/users", json=person)).status_code == 201
    async with page_of(chromium, f"http://127.0.0.1:{hotline.settings.ports.http}") as (page, _):
        await enter(page, "/tree", "zhao")
        await page.get_by_role("tab", name="Forms").click()
        await page.get_by_role("tablist", name="Kinds of forms").get_by_role("tab", name="Agents").click()
        name = page.locator("[data-agent='1001']").get_by_label("Name", exact=True)
        await name.fill(FIRST)
        await name.blur()
        await expect(page.locator("[data-last] ins").first).to_contain_text(FIRST)
        await expect(page.locator("[data-busy=true]")).to_have_count(0)
        await page.get_by_role("tab", name="Publish").click()
        await page.get_by_label("Note").fill("She has come back")
        await page.get_by_role("button", name="Publish", exact=True).click()
        await expect(page.get_by_text("In use: version 2")).to_be_visible()


async def is_offered_while_typing(desk: Page, citizen: Phone) -> Call:
    """Points 4 and 5, more in test_desk_idle.py. The first agent looks for a colleague when the phone rings: what is
    typed stays text. Then A answers.
    """
    await desk.keyboard.press("o")
    field = desk.get_by_role("combobox", name="呼叫谁")
    await expect(field).to_be_focused()
    call = await citizen.dial("12319")
    await call.hears_speech()
    await call.press("1")
    answer = desk.get_by_role("button", name="接听")
    await answer.wait_for()
    await desk.keyboard.type("dahran", delay=50)
    await expect(field).to_have_value("dahran")
    await expect(field).to_be_focused()
    await expect(answer).to_be_visible()
    await expect(desk.get_by_text(NUMBER)).to_be_visible()
    await expect(desk.get_by_role("heading", name="绿化")).to_be_visible()
    await desk.keyboard.press("Escape")
    await desk.keyboard.press("a")
    call.send_tone(CITIZEN)
    await call.hears(VOICE)
    await hears(desk, CITIZEN)
    return call


async def holds_and_notes(desk: Page, call: Call) -> None:
    """Points 1, 3 and 5, more in test_desk.py."""
    await desk.keyboard.press("h")
    held = desk.get_by_role("status").filter(has_text="来电人在听音乐")
    await expect(held).to_be_visible()
    await call.hears_speech()
    await desk.keyboard.press("h")
    await expect(held).to_have_count(0)
    await call.hears(VOICE)
    await desk.keyboard.press("n")
    await desk.keyboard.type(FIRST_NOTE)
    await desk.keyboard.press("Escape")


async def asks_a_colleague(first: Page, second: Page, wall: Page, call: Call) -> None:
    """Points 1, 2 and 7, more in test_desk_transfers.py. The second agent sees whose call it is and what was noted; all
    three talk; the first agent leaves.
    """
    await choose(first, "c", "1003", "就绪")
    await expect(second.get_by_text(f"{FIRST} asks you about this call.")).to_be_visible()
    await expect(second.get_by_text(NUMBER)).to_be_visible()
    await expect(second.get_by_role("heading", name="Greening")).to_be_visible()
    notes = second.get_by_role("region", name="Colleagues' notes on this call")
    await expect(notes).to_contain_text(FIRST)
    await expect(notes).to_contain_text(FIRST_NOTE)
    await second.keyboard.press("a")
    await first.get_by_role("button", name="三方通话").wait_for()
    await first.keyboard.press("j")
    await first.get_by_text("三方通话中").wait_for()
    await expect(second.get_by_text(f"{FIRST} has brought you in.")).to_be_visible()
    for agent in ("1001", "1003"):
        await expect(wall.locator(f"[data-agent='{agent}'][data-state=on-call]")).to_be_visible()
    await hears_among_others(second, CITIZEN)
    await first.keyboard.press("g")
    await second.get_by_text(f"Transferred by {FIRST}").wait_for()
    await call.hears(VOICE)
    await second.keyboard.press("n")
    await second.keyboard.type(SECOND_NOTE)
    await second.keyboard.press("Escape")


async def listens_and_sends_to_lunch(wall: Page, second: Page, call: Call) -> None:
    """Points 2, 10 and 12, more in test_supervisor_wall.py and test_console.py. Each reads the break in the own
    language.
    """
    card = wall.locator("[data-agent='1003']")
    await card.focus()
    await wall.keyboard.press("l")
    await wall.locator("[data-listening=listen][data-began=true]").wait_for()
    await hears(wall, CITIZEN)
    await wall.keyboard.press("e")
    await expect(wall.locator("[data-listening]")).to_have_count(0)
    await card.click()
    dialog = wall.get_by_role("dialog")
    await dialog.get_by_role("radio", name="示忙").check()
    await dialog.get_by_label("原因").select_option("用餐")
    await dialog.get_by_role("button", name="更改", exact=True).click()
    await expect(second.get_by_text("After this call: Not ready")).to_be_visible()
    await call.hang_up()
    await expect(second.get_by_role("region", name="State")).to_contain_text("Lunch")
    await expect(card).to_contain_text("用餐")


async def finds_the_call(wall: Page) -> None:
    """Point 8, more in test_found_calls.py."""
    await wall.goto("/calls")
    await wall.get_by_label("备注里的词").fill("有虫")
    await wall.keyboard.press("Enter")
    rows = wall.locator("[data-call]")
    await expect(rows).to_have_count(1)
    await rows.get_by_role("link").click()
    noted = wall.get_by_role("article")
    for index, (agent, note) in enumerate(((FIRST, FIRST_NOTE), ("综合一席", SECOND_NOTE))):
        await expect(noted.nth(index)).to_contain_text(agent)
        await expect(noted.nth(index)).to_contain_text(note)


async def calls_again(desk: Page, citizen: Phone) -> None:
    """Point 3, more in test_desk_idle.py. The first agent sees at the ring what both have noted."""
    call = await citizen.dial("12319")
    await call.hears_speech()
    await call.press("1")
    history = desk.get_by_role("region", name="此号码的来电记录")
    for words in (FIRST, FIRST_NOTE, "综合一席", SECOND_NOTE):
        await expect(history).to_contain_text(words)
    await call.hang_up()


async def test_a_shift(hotline: World, tmp_path: Path) -> None:
    citizen = await hotline.citizen(NUMBER)
    async with speaking(tmp_path) as chromium:
        await publishes_a_name(chromium, hotline)
        async with (
            at_work(chromium, hotline, "1001") as first,
            at_work(chromium, hotline, "1003", locale=ENGLISH) as second,
            at_the_wall(chromium, hotline) as wall,
        ):
            call = await is_offered_while_typing(first, citizen)
            await holds_and_notes(first, call)
            await asks_a_colleague(first, second, wall, call)
            await listens_and_sends_to_lunch(wall, second, call)
            await finds_the_call(wall)
            await calls_again(first, citizen)
