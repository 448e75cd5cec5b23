"""The desk in a real browser, before the real HTTP interface and a telephone exchange of the test.

With Asterisk, and so with audio: tests/integration/test_desk.py.
"""

import asyncio
from collections.abc import Callable

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from agents.states import AgentState
from lab.patience import patience, until
from lab.stalls import Stalls
from tests.console.browser import CHINESE, ENGLISH, SOUNDS, complaints, page_of, still
from tests.console.seat import AGENT, NUMBER, QUEUE, Seat, seat, take
from tests.console.stage import late_morning, stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

WITHIN = 1.0
"""Seconds in which a browser that cannot talk, or stood still, takes no calls and rings no more."""

STANDSTILL = 3.5
"""Seconds after which a page that is not told of a standstill notices it by the clock."""


async def so(page: Page, expression: str) -> None:
    """Wait until the expression is true in the page. The page's Content-Security-Policy forbids what Playwright's own
    `wait_for_function` does.
    """
    await until(expression, lambda: page.evaluate(expression))


async def registered(page: Page) -> None:
    await page.locator("[data-link=registered]").wait_for()


async def set_microphone(context: BrowserContext, page: Page, setting: str) -> None:
    """What the person says of the microphone in the browser's own settings, whatever the page does."""
    session = await context.new_cdp_session(page)
    profile = (await session.send("Target.getTargetInfo"))["targetInfo"]["browserContextId"]
    wanted = {"permission": {"name": "microphone"}, "setting": setting, "browserContextId": profile}
    await session.send("Browser.setPermission", {**wanted, "origin": page.url.rpartition("/")[0]})


async def test_microphone_and_headset_are_chosen_and_tried_by_keys_alone_before_the_first_call(
    browser: Browser,
) -> None:
    async with seat(browser) as (here, wrong):
        page = here.page
        await registered(page)
        await expect(page.get_by_text("Test the headset")).to_be_visible()
        opener = page.get_by_role("button", name="Sound and headset")
        await opener.focus()
        await page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        microphone = dialog.get_by_role("combobox", name="Microphone", exact=True)
        await microphone.focus()
        await microphone.press("ArrowDown")
        await microphone.press("ArrowDown")
        chosen = await microphone.evaluate("(list) => list.selectedOptions[0].textContent")
        await dialog.get_by_role("combobox", name="It rings on").select_option("Fake Audio Output 2")
        await expect(dialog.get_by_role("meter")).not_to_have_js_property("value", 0)
        await dialog.get_by_role("button", name="Record 3 s and listen").focus()
        await page.keyboard.press("Enter")
        await expect(dialog.get_by_text("Speak now")).to_be_visible()
        await expect(dialog.get_by_text("Now you should hear yourself")).to_be_visible()
        assert await complaints(page) == []
        await expect(dialog.locator("[data-verdict=good], [data-verdict=clipped]")).to_be_visible()
        await dialog.get_by_role("button", name="Play a tone").click()
        await dialog.get_by_role("button", name="Ring once").click()
        await page.keyboard.press("Escape")
        await expect(page.get_by_text("Test the headset")).to_have_count(0)

        await page.reload()
        await registered(page)
        await opener.click()
        await expect(microphone.locator("option:checked")).to_have_text(chosen)
        await expect(dialog.get_by_role("combobox", name="It rings on").locator("option:checked")).to_have_text(
            "Fake Audio Output 2"
        )
        await here.offer()
        await expect(dialog).to_have_count(0)
        assert wrong == []


async def test_a_device_that_is_gone_is_said_and_another_is_used(browser: Browser) -> None:
    async with seat(browser) as (here, _):
        page = here.page
        gone = '{"id": "h7", "label": "Headset 7"}'
        await page.evaluate(
            f"for (const use of ['microphone', 'ear', 'ring']) localStorage.setItem(`wutong.${{use}}`, '{gone}')"
        )
        await page.reload()
        await registered(page)
        await expect(page.get_by_text("Headset 7 is not connected. The microphone is now: ")).to_be_visible()
        await expect(page.get_by_text("You hear callers where the system plays sound.")).to_be_visible()
        await expect(page.get_by_text("It rings where the system plays sound.")).to_be_visible()
        await page.get_by_role("button", name="Sound and headset").click()
        assert await page.get_by_label("You hear callers on").locator("option:checked").text_content() == (
            "Headset 7 (not connected)"
        )


async def test_a_denied_microphone_takes_no_calls_within_a_second_and_a_broken_network_is_said(
    whole: Browser, stalled: Stalls
) -> None:
    async with seat(whole) as (here, _):
        page, telephone = here.page, here.telephone
        await registered(page)
        late = []
        for _ in range(3):
            telephone.left.clear()
            passed = stalled.clock()
            await set_microphone(page.context, page, "denied")
            async with patience("the telephone's leaving"):
                await telephone.left.wait()
            late.append(passed())
            await expect(page.get_by_text("The browser does not allow the microphone")).to_be_visible()
            await set_microphone(page.context, page, "granted")
            await registered(page)
        assert min(late) < WITHIN, late
        await telephone.cut()
        await expect(page.get_by_text("The network is down; connecting again")).to_be_visible()
        await registered(page)


async def test_a_tab_that_stood_still_is_silent_within_a_second(browser: Browser, stalled: Stalls) -> None:
    async with seat(browser) as (here, _):
        page, telephone = here.page, here.telephone
        await page.add_init_script(SOUNDS)
        await page.reload()
        await registered(page)
        answer, late = page.get_by_role("button", name="Answer"), []

        async def rings() -> None:
            await here.offer()
            await so(page, "sounding.size > 0")

        async def silent(passed: Callable[[], float]) -> None:
            await so(page, "sounding.size === 0")
            late.append(passed())
            await expect(answer).to_have_count(0)
            await registered(page)

        await rings()
        async with still(browser):
            taken = asyncio.create_task(telephone.take_back())
        await silent(stalled.clock())
        await taken

        await rings()  # and nobody tells the page that the ring is over
        telephone.answers = False
        async with still(browser):
            await asyncio.sleep(STANDSTILL)
        await silent(stalled.clock())
        assert min(late) < WITHIN, late

        await rings()
        thawed = stalled.clock()
        await page.evaluate("document.dispatchEvent(new Event('resume'))")
        await silent(thawed)
        assert min(late[1:]) < WITHIN, late

        telephone.answers = True
        await rings()
        await page.evaluate("document.dispatchEvent(new Event('resume'))")
        await so(page, "sounding.size > 0")
        await expect(answer).to_be_visible()


async def test_the_second_tab_takes_over_and_both_say_so(browser: Browser) -> None:
    async with seat(browser) as (here, _):
        first = here.page
        await registered(first)
        second = await first.context.new_page()
        other = await here.telephone.before(second)
        await second.goto("/desk")
        await registered(second)
        await expect(second.get_by_text("The other window is your telephone no more")).to_be_visible()
        await expect(first.get_by_text("Another window or computer is your telephone now.")).to_be_visible()
        await expect(first.get_by_role("button", name="Sound and headset")).to_have_count(0)
        await other.ring(NUMBER)
        await expect(second.get_by_text("The other window")).to_have_count(0)
        await first.get_by_role("button", name="Use it here").click()
        await expect(first.get_by_text("The other window is your telephone no more")).to_be_visible()
        await expect(second.get_by_role("button", name="Use it here")).to_be_visible()


async def test_an_agent_who_missed_a_call_is_told_and_comes_back_with_one_key(browser: Browser) -> None:
    async with seat(browser) as (here, _):
        here.set(state=AgentState.NOT_READY, reason="rona", missed_offers=1)
        await expect(here.page.get_by_text("You missed a call, so you are not ready.")).to_be_visible()
        await here.page.keyboard.press("r")
        views = here.here.world.agents.views

        async def state() -> AgentState:
            return views[AGENT].state

        await until("a ready agent", state, lambda now: now is AgentState.READY)


async def test_an_offer_and_the_state_after_the_call_are_told(browser: Browser) -> None:
    async with seat(browser) as (here, _):
        page = here.page
        await registered(page)
        await here.offer()
        for told in (NUMBER, "waited 0:4", "language: Chinese", "This number has not called before"):
            await expect(page.get_by_text(told)).to_be_visible()
        await page.keyboard.press("a")
        await here.telephone.hears("200")
        here.set(state=AgentState.ON_CALL, next_state=AgentState.NOT_READY)
        await expect(page.get_by_text("After this call: Not ready")).to_be_visible()
        await expect(page.get_by_role("heading", name="Water")).to_be_visible()


@pytest.mark.parametrize(("language", "reason"), [(CHINESE, "班前会"), (ENGLISH, "Briefing")])
async def test_a_break_has_one_of_the_hotlines_reasons(browser: Browser, language: str, reason: str) -> None:
    world = late_morning()
    world.desk.change(breaks={"briefing": {"zh": "班前会", "en": "Briefing"}})
    async with seat(browser, world, locale=language) as (here, _):
        choice = here.page.get_by_label({CHINESE: "示忙", ENGLISH: "Not ready"}[language])
        await choice.select_option(reason)
        views = world.agents.views

        async def why() -> tuple[AgentState, str]:
            return views[AGENT].state, views[AGENT].reason

        await until("a break", why, lambda now: now == (AgentState.NOT_READY, reason))
        await expect(choice.locator("option")).to_have_count(3)  # its title, no reason, and that one
        world.desk.change(breaks={**world.desk.hotline.breaks, "duty": {"zh": "值班", "en": "On duty"}})
        here.set(queue=QUEUE)  # with each call the desk looks whether the hotline has others now
        await expect(choice.locator("option")).to_have_count(4)


HID = """
const described = [{usagePage: 0x0b, inputReports: [{reportId: 2, items: [
  {usages: [0x0b0020], reportSize: 1, reportCount: 1, isAbsolute: true},
  {usages: [0x0b002f], reportSize: 1, reportCount: 1, isAbsolute: false},
  {isConstant: true, reportSize: 6, reportCount: 1}]}], outputReports: [{reportId: 2, items: [
  {usages: [0x080017, 0x080009, 0x080018], reportSize: 1, reportCount: 3},
  {isConstant: true, reportSize: 5, reportCount: 1}]}]}];
window.lamps = [];
window.headset = {productName: 'Headset 7', opened: false, collections: described, oninputreport: null,
  async open() { this.opened = true; }, async close() { this.opened = false; },
  async sendReport(id, data) { window.lamps.push(data[0]); }};
window.press = (bits) => headset.oninputreport({reportId: 2, data: new DataView(Uint8Array.of(bits).buffer)});
const hid = new EventTarget();
hid.getDevices = async () => sessionStorage.paired ? [window.headset] : [];
hid.requestDevice = async () => { sessionStorage.paired = 1; return [window.headset]; };
Object.defineProperty(navigator, 'hid', {value: hid});
"""


async def test_a_headset_answers_mutes_and_hangs_up_and_shows_how_the_call_is(browser: Browser) -> None:
    async with seat(browser) as (here, wrong):
        page = here.page
        await page.add_init_script(HID)
        await page.reload()
        await registered(page)
        await page.get_by_role("button", name="Sound and headset").click()
        await page.get_by_role("button", name="Connect").click()
        await expect(page.get_by_text("Headset 7: its buttons answer, hang up and mute")).to_be_visible()
        await here.offer()
        await so(page, "lamps.at(-1) === 0b100")
        await page.evaluate("press(0b01)")
        await here.telephone.hears("200")
        await so(page, "lamps.at(-1) === 0b001")
        await page.locator("[aria-pressed]").first.wait_for()
        await page.evaluate("press(0b11)")
        await expect(page.get_by_role("button", name="Unmute")).to_be_visible()
        await so(page, "lamps.at(-1) === 0b011")
        await asyncio.sleep(0.5)  # so long a hook that is up again would be a button
        await page.evaluate("press(0b00)")
        await here.telephone.hears("BYE")
        await so(page, "lamps.at(-1) === 0")
        await page.reload()
        await registered(page)
        await so(page, "headset.opened")
        assert wrong == []


NOTIFICATIONS = """
window.told = [];
document.hasFocus = () => window.looksHere ?? false;
window.Notification = class extends EventTarget {
  static permission = 'default';
  static async requestPermission() { return this.permission = 'granted'; }
  constructor(title, options) { super(); Object.assign(this, {title, ...options}); told.push(this); }
  close() { this.closed = true; }
};
"""


async def test_an_offer_is_told_on_the_desktop_without_the_callers_number(browser: Browser) -> None:
    async with seat(browser) as (here, _):
        page = here.page
        await page.add_init_script(NOTIFICATIONS)
        await page.reload()
        await registered(page)
        await here.offer()
        await expect(page.get_by_role("button", name="Answer")).to_be_visible()
        way = "Main menu → 2 Water, drainage and gas → 1 Water supply"
        await expect(page.get_by_text(way)).to_be_visible()
        await expect(page.get_by_role("heading", name="Water")).to_be_visible()
        assert await page.evaluate("told.length") == 0, "nobody was asked yet"
        await here.telephone.take_back()
        await page.get_by_role("button", name="Sound and headset").click()
        await page.get_by_role("button", name="Turn it on").click()
        await expect(page.get_by_text("It is on")).to_be_visible()
        await page.keyboard.press("Escape")
        await here.offer()
        await so(page, "told.length === 1")
        words = await page.evaluate("told[0].title + told[0].body")
        assert "Water" in words
        assert NUMBER not in words
        await page.evaluate("window.focus = () => { window.inFront = true; }; told[0].onclick()")
        assert await page.evaluate("inFront && told[0].closed")
        await here.telephone.take_back()
        await page.evaluate("window.looksHere = true")
        await here.offer()
        await expect(page.get_by_role("button", name="Answer")).to_be_visible()
        assert await page.evaluate("told.length") == 1, "the agent looks at the desk"
        await here.telephone.take_back()
        await page.evaluate("window.looksHere = false")
        here.set(state=AgentState.READY, call_id=None, queue=None, since=here.here.world.now)
        await here.telephone.ring("1005")  # a colleague dials: no queue will be named
        await so(page, "told.at(-1).title === 'A call' && document.title === 'A call'")
        assert "1005" not in await page.evaluate("told.map((each) => each.title + each.body).join()")


SILENT = """
const Own = window.AudioContext;
window.AudioContext = class extends Own {
  get state() { return this.allowed ? super.state : 'suspended'; }
  async resume() { this.allowed = true; await super.resume(); this.dispatchEvent(new Event('statechange')); }
};
"""
"""A browser that waits for the first key. Playwright's every look counts as one, so the real rule cannot be tried."""


async def test_a_page_that_the_browser_keeps_silent_says_so(browser: Browser) -> None:
    async with seat(browser) as (here, _):
        page = here.page
        await page.add_init_script(SILENT)
        await page.reload()
        await expect(page.get_by_text("The browser keeps this page silent")).to_be_visible()
        await page.keyboard.press("Shift")
        await expect(page.get_by_text("The browser keeps this page silent")).to_have_count(0)


@pytest.mark.parametrize(("locale", "scheme"), [(ENGLISH, "light"), (CHINESE, "dark")])
async def test_axe_finds_nothing_serious_in_any_state_of_the_desk(whole: Browser, locale: str, scheme: str) -> None:
    async with (
        stage(late_morning()) as here,
        page_of(whole, here.base, locale=locale, color_scheme=scheme) as (page, _),
    ):
        here_now = await take(page, here)
        found = {"without a microphone": await looked(here_now, "[class*=trouble]")}
        await page.context.grant_permissions(["microphone"])
        await page.reload()
        found["ready"] = await looked(here_now, "[data-link=registered]")
        here_now.set(state=AgentState.NOT_READY, reason="rona")
        found["missed a call"] = await looked(here_now, "[data-state=not-ready]")
        await here_now.offer()
        found["an offer"] = await looked(here_now, "[data-state=ringing]")
        await here_now.telephone.take_back()
        await here_now.talk()
        await page.keyboard.press("k")
        found["a call"] = await looked(here_now, "[data-state=on-call]")
        here_now.telephone.hang_up()
        here_now.set(state=AgentState.WRAP_UP, until=here.now() + 30)
        found["wrap-up"] = await looked(here_now, "[data-state=wrap-up]")
        assert not any(found.values()), found


async def looked(here: Seat, sign: str) -> list[str]:
    """What axe-core finds serious, once the page shows that."""
    await here.page.locator(sign).first.wait_for()
    return await complaints(here.page)
