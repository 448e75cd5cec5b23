"""A queue that requires a wrap-up code: real Asterisk, real callers, an agent whose telephone is the browser."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.console.agent_page import at_work, in_talk, speaking
from tests.integration.conversations import queued
from tests.integration.world import World, record

GREENING = """queues:
  greening:
    name: {zh: 绿化, en: Greening}
    extension: "6001"
"""
CODES = """wrap_up_codes:
  work:
    answered: {zh: 当场答复, en: Answered}
    referred: {zh: 转部门, en: Referred}

"""
REQUIRED = (GREENING, f"{CODES}{GREENING}    wrap_up_codes: {{list: work, required: true}}\n")


@pytest.mark.parametrize("change", [REQUIRED])
async def test_the_code_that_a_queue_requires_holds_the_agent(hotline: World, tmp_path: Path) -> None:
    async with speaking(tmp_path) as chromium, at_work(chromium, hotline, "1001") as page:
        call = await in_talk(page, hotline)
        await page.get_by_text("此号码没有来过电话").wait_for()
        await call.hang_up()
        await hotline.see_agent("1001", state="wrap-up", code_missing=True)
        await page.get_by_text("请选小结代码").wait_for()
        await page.keyboard.press("n")
        await page.keyboard.type("阳台前的树上有虫")
        await page.keyboard.press("Escape")
        await page.keyboard.press("r")  # it follows the code
        await hotline.see_agent("1001", state="wrap-up", next_state="ready", code_missing=True)
        await page.keyboard.press("w")
        await page.keyboard.press("2")
        await hotline.see_agent("1001", state="ready", code_missing=False)
        story = await hotline.ended()
        (noted,) = story["wrap_ups"]
        assert (story["code"], noted["code"], noted["note"]) == ("referred", "referred", "阳台前的树上有虫")
        assert record(story, "note")["actor"] == record(story, "wrap-up-code")["actor"] == "user:agent-1001"

        await queued(hotline, "1")
        await page.get_by_text("坐席已接 · 转部门").wait_for()
        await expect(page.get_by_text("接听 1 通 · 漏接 0 通")).to_be_visible()
        await page.keyboard.press("d")
        await expect(page.get_by_text("接听 1 通 · 漏接 1 通")).to_be_visible()
        day = await hotline.get("agents/1001/day")
        assert (day["calls"], day["missed"]) == (1, 1)
        assert day["talk_s"] > 0
        assert day["wrap_up_s"] > 0


async def test_a_citizen_who_calls_from_another_number_has_one_history_once_it_is_linked(
    hotline: World, tmp_path: Path
) -> None:
    async with speaking(tmp_path) as chromium, at_work(chromium, hotline, "1001") as page:
        call = await in_talk(page, hotline)
        await page.keyboard.press("n")
        await page.keyboard.type("阳台前的树上有虫")
        await page.keyboard.press("Escape")
        await call.hang_up()
        await hotline.ended()
        await hotline.see_agent("1001", state="ready", phone="free")

        call = await in_talk(page, hotline, "13900139000")
        history = page.get_by_role("region", name="此号码的来电记录")
        await expect(history).to_contain_text("此号码没有来过电话")
        await history.get_by_role("button", name="关联此人的另一个号码…").click()
        await page.keyboard.type("138 0013 8000")
        await page.keyboard.press("Enter")
        await expect(history.get_by_role("listitem")).to_contain_text("来自 13800138000")
        await expect(history).to_contain_text("阳台前的树上有虫")
        await call.hang_up()
        await hotline.ended("13900139000")
        await hotline.see_agent("1001", state="ready", phone="free")

        await in_talk(page, hotline)
        await expect(history.get_by_role("listitem")).to_have_count(2)
        await expect(history).to_contain_text("来自 13900139000")
