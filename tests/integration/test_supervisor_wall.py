"""An agent calls for help at the desk, and a supervisor takes it at the wall, whose browser is the telephone."""

from pathlib import Path

from playwright.async_api import Page, expect

from lab.phone import audio
from tests.console.agent_page import PREPARED, VOICE, hears, person, registered, speaking
from tests.console.browser import CHINESE, complaints, page_of, sign_in
from tests.integration.conversations import connected
from tests.integration.world import World, kinds
from tests.unit.service.world import PASSWORD

CALLER, AGENT = 440, 700
"""Hertz; the supervisor's microphone says VOICE."""


async def supervisor(hotline: World, name: str, agent: str) -> None:
    rights = {"roles": ["supervisor", "agent"], "agent": agent}
    made = await hotline.http.post("/api/v1/users", json={"name": name, "password": PASSWORD, **rights})
    assert made.status_code == 201, made.text


async def enter(page: Page, path: str, name: str) -> None:
    await page.goto(path)
    await sign_in(page, name, PASSWORD)


async def test_a_call_for_help_is_taken_at_the_wall(hotline: World, tmp_path: Path) -> None:
    sip = await hotline.agent("1002")
    call, offer = await connected(hotline, sip)
    call.send_tone(CALLER)
    offer.send_tone(AGENT)
    await person(hotline, "1002")
    await supervisor(hotline, "wang", "1005")
    base = f"http://127.0.0.1:{hotline.settings.ports.http}"
    async with (
        speaking(tmp_path) as chromium,
        page_of(chromium, base, locale=CHINESE, permissions=["microphone"]) as (wall, _),
        page_of(chromium, base, locale=CHINESE) as (desk, _),
    ):
        await wall.context.add_init_script(PREPARED)
        await enter(wall, "/wall", "wang")
        await wall.get_by_label("我的话机").select_option("browser")
        await registered(wall)
        await hotline.see_agent("1005", phone="free")
        await enter(desk, "/desk", "agent-1002")
        await desk.get_by_role("button", name="求助").wait_for()
        await desk.keyboard.press("s")

        help_ = wall.locator("[data-help='1002']")
        await expect(help_).to_contain_text("请求协助")
        assert await complaints(wall) == []
        await wall.keyboard.press("p")  # put aside: the card still tells
        await expect(help_).to_have_count(0)
        card = wall.locator("[data-agent='1002']")
        await expect(card).to_contain_text("请求协助")
        await card.focus()
        await wall.keyboard.press("w")
        own = wall.locator("[data-listening=whisper][data-began=true]")
        await own.wait_for()  # the page has answered by itself
        await offer.hears(VOICE)
        assert audio.share(call.heard(0.3), VOICE) < 0.1, "the caller hears no whisper"
        await expect(wall.get_by_text("旁听：wang")).to_be_visible()
        await expect(desk.get_by_role("button", name="求助", exact=False)).to_have_attribute("aria-pressed", "false")
        assert await complaints(wall) == []

        await wall.get_by_role("region", name="您的旁听").get_by_role("button", name="插话").click()
        await call.hears(VOICE)
        offer.send_silence()
        await hears(wall, CALLER)
        await wall.keyboard.press("e")
        await expect(wall.get_by_role("region", name="您的旁听")).to_have_count(0)
        offer.send_tone(AGENT)
        await call.hears(AGENT)
    (talk,) = await hotline.get("calls?state=talking")
    told = [kind for kind in kinds(await hotline.story(talk["id"])) if kind.startswith(("help", "listening"))]
    assert told == ["help-called", "listening-asked", "listening-began", "listening-changed", "listening-ended"]
