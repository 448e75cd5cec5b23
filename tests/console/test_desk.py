"""The browser as an agent's phone: real Asterisk, a real caller, a real browser."""

from pathlib import Path

import pytest

from tests.console.agent_page import VOICE, at_work, browser, hears
from tests.integration.conversations import queued
from tests.integration.world import World

SLOW_WRAP_UP = (
    'extension: "6001"\n    needs: {greening: 3}\n    ring: 120s\n    wrap_up: 1s',
    'extension: "6001"\n    needs: {greening: 3}\n    ring: 120s\n    wrap_up: 40s',
)


@pytest.mark.parametrize("change", [SLOW_WRAP_UP])
async def test_a_call_is_answered_in_the_browser_and_both_hear_each_other(hotline: World, tmp_path: Path) -> None:
    async with browser(tmp_path) as chromium:
        page = await at_work(chromium, hotline, "1001")
        call = await queued(hotline, "1")
        await page.see_text("13800138000")
        await page.see_text("振铃")
        await page.press("a")
        await hotline.see_agent("1001", state="on-call")
        call.send_tone(440)
        await call.hears(VOICE)
        await hears(page, 440)
        assert min(await page.run("window.packets()")) > 50

        await page.press("m")
        await call.hears_silence()
        await page.press("m")
        await call.hears(VOICE)
        await page.press("h")
        await page.see_text("取回")
        await call.hears_speech()  # or music: not the agent's tone
        await page.press("h")
        await call.hears(VOICE)

        await page.press("Escape")
        await page.see_text("再按一次")
        await page.press("Escape")
        await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
        await hotline.see_agent("1001", state="wrap-up")
        await page.see_text("话后处理")
        before = (await hotline.get("agents/1001"))["wrap_up_until"]
        await page.press("l")
        await hotline.see("agents/1001", lambda now: now["wrap_up_until"] > before, "a longer wrap-up")
        await page.press("r")
        await hotline.see_agent("1001", state="ready", phone="free")
        await page.see_text("就绪")
