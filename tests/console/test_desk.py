"""The browser as an agent's phone: real Asterisk, a real caller, a real browser."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.console.agent_page import VOICE, at_work, browser, hears
from tests.integration.conversations import queued
from tests.integration.world import World

LONG_WRAP_UP = (
    'extension: "6001"\n    needs: {greening: 3}\n    ring: 120s\n    wrap_up: 1s',
    'extension: "6001"\n    needs: {greening: 3}\n    ring: 120s\n    wrap_up: 60s',
)


@pytest.mark.parametrize("change", [LONG_WRAP_UP])
async def test_a_call_is_answered_in_the_browser_and_both_hear_each_other(hotline: World, tmp_path: Path) -> None:
    async with browser(tmp_path) as chromium, at_work(chromium, hotline, "1001") as page:
        call = await queued(hotline, "1")
        await page.get_by_text("13800138000").wait_for()
        await page.get_by_text("main → 1").wait_for()
        await page.keyboard.press("a")
        await hotline.see_agent("1001", state="on-call")
        call.send_tone(440)
        await call.hears(VOICE)
        await hears(page, 440)
        assert min(await page.evaluate("packets()")) > 50

        await page.keyboard.press("m")
        await call.hears_silence()
        await page.keyboard.press("m")
        await call.hears(VOICE)
        await page.keyboard.press("h")
        await call.hears_speech()  # music: the agent's voice is one tone
        await page.keyboard.press("h")
        await call.hears(VOICE)

        await page.keyboard.press("Escape")
        await page.get_by_text("再按一次").wait_for()
        await page.keyboard.press("Escape")
        await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
        before = (await hotline.see_agent("1001", state="wrap-up"))["wrap_up_until"]
        await expect(page.get_by_text("剩余")).to_be_visible()
        await page.keyboard.press("l")
        await hotline.see("agents/1001", lambda now: now["wrap_up_until"] > before, "a longer wrap-up")
        await page.keyboard.press("r")
        await hotline.see_agent("1001", state="ready", phone="free")
