"""The desk without a call: real Asterisk, a real browser, a colleague's real phone."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from lab.phone.call import CallFailed
from tests.console.agent_page import at_work, hears, speaking
from tests.integration.conversations import queued
from tests.integration.world import World


async def test_the_desk_calls_a_colleague_and_a_second_caller_of_a_ringing_desk_finds_it_busy(
    hotline: World, tmp_path: Path
) -> None:
    colleague = await hotline.agent("1003")
    async with speaking(tmp_path) as chromium, at_work(chromium, hotline, "1001") as page:
        await expect(page.get_by_role("region", name="同事")).to_contain_text("1003")
        await page.keyboard.press("o")
        await page.get_by_role("combobox", name="呼叫谁").fill("1003")
        await page.locator("[role=option][aria-selected=true]", has_text="1003").wait_for()
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="接听").wait_for()
        await page.keyboard.press("a")
        offer = await colleague.incoming()
        await offer.answer()
        offer.send_tone(500)
        await hears(page, 500)
        await offer.hang_up()
        await hotline.see_agent("1001", phone="free", state="ready")
        await hotline.see_agent("1003", phone="free", state="ready")

        call = await queued(hotline, "1", "13800138000")
        await page.get_by_role("button", name="接听").wait_for()
        with pytest.raises(CallFailed, match="486"):
            await colleague.dial("1001")
        await expect(page.get_by_role("button", name="接听")).to_be_visible()
        await call.hang_up()
