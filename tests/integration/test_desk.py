"""The browser as an agent's phone: real Asterisk, a real caller, a real browser. `tests/integration/cycles.py` says how
what is done again and again is measured.
"""

import time
from pathlib import Path

import pytest
from playwright.async_api import expect

from lab.patience import until
from lab.stalls import Stalls
from tests.console.agent_page import VOICE, at_work, hears, in_talk, registered, speaking
from tests.console.browser import still
from tests.integration.conversations import queued
from tests.integration.cycles import Cycles
from tests.integration.returns import unheard
from tests.integration.world import World, kinds

WITHIN = 1.0
"""Seconds in which a browser that cannot talk takes no calls, and one that stood still rings no more."""

LONG_WRAP_UP = (
    'extension: "6001"\n    needs: {greening: 3}\n    ring: 120s\n    wrap_up: 1s',
    'extension: "6001"\n    needs: {greening: 3}\n    ring: 120s\n    wrap_up: 60s',
)


@pytest.mark.parametrize("change", [LONG_WRAP_UP])
async def test_a_call_is_answered_in_the_browser_and_both_hear_each_other(hotline: World, tmp_path: Path) -> None:
    async with speaking(tmp_path) as chromium, at_work(chromium, hotline, "1001") as page:
        call = await queued(hotline, "1")
        await page.get_by_text("13800138000").wait_for()
        await page.get_by_text("main → 1 绿化").wait_for()
        await expect(page).to_have_title("来电：绿化")
        await page.keyboard.press("a")
        await hotline.see_agent("1001", state="on-call")
        await expect(page).not_to_have_title("来电：绿化")
        call.send_tone(440)
        await call.hears(VOICE)
        await hears(page, 440)
        await until("a second of audio", lambda: page.evaluate("packets()"), lambda counts: min(counts) > 50)

        await page.keyboard.press("m")
        await call.hears_silence()
        await page.keyboard.press("m")
        await call.hears(VOICE)
        await page.keyboard.press("h")
        await call.hears_speech()  # music: the agent's voice is one tone
        await expect(page.get_by_text("来电人在听音乐")).to_be_visible()
        await page.keyboard.press("h")
        await expect(page.get_by_text("来电人在听音乐")).to_have_count(0)
        await call.hears(VOICE)
        await page.keyboard.press("k")
        for key in "5#":
            await page.keyboard.press(key)
        assert [await call.hears_key() for _ in range(2)] == ["5", "#"]
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="#", exact=True)).to_have_count(0)
        await expect(page.get_by_text("再按一次")).to_have_count(0)
        await page.keyboard.press("r")  # it follows the wrap-up
        await hotline.see_agent("1001", state="on-call", next_state="ready")

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


async def test_a_microphone_that_sleeps_takes_no_calls(hotline: World, tmp_path: Path, stalled: Stalls) -> None:
    async with speaking(tmp_path) as chromium, at_work(chromium, hotline, "1001") as page:
        cycles = Cycles("a microphone sleeps: no calls are offered", 3)
        for _ in cycles:
            passed = stalled.clock()
            await page.evaluate("sleep(true)")
            await hotline.see_agent("1001", phone="unreachable")
            cycles.note(passed())
            await page.get_by_text("麦克风没有声音进来").wait_for()
            await page.evaluate("sleep(false)")
            await registered(page)
            await hotline.see_agent("1001", phone="free")
        assert min(cycles.taken) < WITHIN, cycles.taken
        call = await in_talk(page, hotline)
        said = "connections.at(-1).getSenders()[0].track.id"
        before = await page.evaluate(said)
        await page.get_by_text("声音与耳麦").click()
        await page.get_by_role("combobox", name="麦克风").select_option(index=1)
        await page.keyboard.press("Escape")
        await until("another microphone", lambda: page.evaluate(said), lambda now: now != before)
        await call.hears(VOICE)
        await page.evaluate("sleep(true)")
        await page.get_by_text("对方听不见您").wait_for()
        await call.hears(VOICE)  # the talk goes on: here the track only says so


async def test_a_tab_that_stood_still_rings_no_more_and_a_declined_call_is_said(
    hotline: World, tmp_path: Path, stalled: Stalls
) -> None:
    async with speaking(tmp_path) as chromium, at_work(chromium, hotline, "1001") as page:
        answer, cycles = page.get_by_role("button", name="接听"), Cycles("a tab thaws: it is silent", 2)
        for number in cycles:
            call = await queued(hotline, "1", f"1380013{8001 + number}")
            await until("a ring", lambda: page.evaluate("sounding.size"))
            async with still(chromium):
                await call.hang_up()
                await hotline.see_agent("1001", state="ready")
            passed = stalled.clock()
            await until("silence", lambda: page.evaluate("sounding.size"), lambda sounds: sounds == 0)
            cycles.note(passed())
            await expect(answer).to_have_count(0)
        assert min(cycles.taken) < WITHIN, cycles.taken

        call = await queued(hotline, "1")
        await answer.wait_for()
        await page.keyboard.press("d")
        await page.get_by_text("您漏接了来电").wait_for()
        await hotline.see_agent("1001", state="not-ready", reason="rona")
        await page.keyboard.press("r")
        await answer.wait_for()
        await page.keyboard.press("a")
        await call.hears(VOICE)


async def test_a_second_tab_takes_over_unless_the_first_one_talks(hotline: World, tmp_path: Path) -> None:
    async with speaking(tmp_path) as chromium, at_work(chromium, hotline, "1001") as first:
        second, cycles = first, Cycles("a second tab takes over")
        for number in cycles:
            if number > 0:
                await first.close()
                first = second
            second = await first.context.new_page()
            opened = time.monotonic()
            await second.goto("/desk", wait_until="commit")
            await registered(second)
            await first.get_by_text("另一个窗口").wait_for()
            cycles.note(time.monotonic() - opened)
        call = await in_talk(second, hotline)
        await first.get_by_text("改用这里").click()
        await expect(first.get_by_text("改用这里")).to_be_visible()
        beside = Cycles("another tab beside a talk: the caller does not hear the agent")
        for _ in beside:
            async with unheard(call) as silence:
                other = await second.context.new_page()
                await other.goto("/desk")
                await other.get_by_text("另一个窗口").wait_for()
            beside.note(silence.longest)
            await other.close()
        await hears(second, 440)
        await call.hang_up()
        story = await hotline.ended()
        assert [talk["ended_by"] for talk in story["talks"]] == ["caller"]
        assert "talk-interrupted" not in kinds(story)


async def test_the_sip_phone_counts_while_no_browser_does(hotline: World, tmp_path: Path) -> None:
    sip = await hotline.agent_phone("1001")
    async with speaking(tmp_path) as chromium:
        async with at_work(chromium, hotline, "1001") as page:
            call = await in_talk(page, hotline)
            assert not sip.calls
            await call.hang_up()
            await hotline.see_agent("1001", state="ready", phone="free")
        call = await queued(hotline, "1", "13900139000")
        offer = await sip.incoming()
        await offer.answer()
        call.send_tone(440)
        await offer.hears(440)
