"""The agent's desk sends callers on: real Asterisk, real callers and colleagues, a real browser."""

from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from lab.patience import until
from lab.phone import Call, audio
from tests.console.agent_page import VOICE, at_work, hears, in_talk, plays, speaking
from tests.integration.conversations import connected, hear_each_other
from tests.integration.world import World, kinds

ASKED = 500
"""Hertz, of a colleague who is asked."""


CONSULT = {"to": {"agent": "1003"}, "how": "consult"}


async def told(hotline: World, caller: str) -> Any:
    """The caller's call, with its story."""
    (call,) = [call for call in await hotline.get("calls") if call["caller"] == caller]
    return await hotline.story(call["id"])


async def choose(page: Page, key: str, typed: str, row: str, why: str = "") -> None:
    """By keyboard alone: open the list, narrow it down, see what it says of the target, say why, take it."""
    await page.keyboard.press(key)
    field = page.get_by_role("combobox", name="转给谁" if key == "t" else "先问谁")
    await expect(field).to_be_focused()
    await page.keyboard.type(typed)
    await page.locator("[role=option][aria-selected=true]", has_text=row).wait_for()
    if why:
        await page.keyboard.press("Tab")
        await page.keyboard.type(why)
    await page.keyboard.press("Enter")


async def of_both(call: Call) -> tuple[float, float]:
    """How much of what the caller hears is the agent, and how much the colleague."""
    return audio.share(call.heard(0.3), VOICE), audio.share(call.heard(0.3), ASKED)


async def test_a_caller_is_sent_on_at_once_after_asking_and_comes_back_when_nobody_answers(
    hotline: World, tmp_path: Path
) -> None:
    colleague = await hotline.agent("1003")
    async with speaking(tmp_path) as chromium, at_work(chromium, hotline, "1001") as page:
        # At once, to a queue.
        call = await in_talk(page, hotline)
        await choose(page, "t", "综合", "无人等待", why="市民要问移树")
        offer = await colleague.incoming()
        await expect(page.get_by_text("已转给 综合")).to_be_visible()
        await offer.answer()
        await hear_each_other(call, offer)
        await expect(page.get_by_text("双方正在通话")).to_be_visible()
        await call.hang_up()
        await hotline.see_agent("1003", state="ready", phone="free")
        await hotline.see_agent("1001", state="ready", phone="free")
        story = await told(hotline, "13800138000")
        (sent,) = story["transfers"]
        assert (sent["agent"], sent["how"], sent["to"], sent["became"]) == (
            "1001",
            "blind",
            {"queue": "general"},
            "answered",
        )
        assert sent["reason"] == "市民要问移树"
        assert [talk["with"] for talk in story["talks"]] == [{"agent": "1001"}, {"agent": "1003"}]

        # After asking: the caller hears music meanwhile, then all three talk, then the agent leaves the two.
        call = await in_talk(page, hotline, "13900139000")
        await choose(page, "c", "1003", "就绪")
        asked = await colleague.incoming()
        await page.get_by_text("正在呼叫").wait_for()
        await asked.answer()
        asked.send_tone(ASKED)
        await plays(page, ASKED)
        await asked.hears(VOICE)
        await call.hears_speech()  # music: the agent's voice is one tone
        await expect(page.get_by_text("139")).to_be_visible()
        await page.keyboard.press("j")
        await page.get_by_text("三方通话中").wait_for()
        await until("the caller hears both", lambda: of_both(call), lambda shares: min(shares) > 0.02)
        await asked.hears(VOICE)
        await page.keyboard.press("g")
        await hear_each_other(call, asked, one_says=900, other_says=700)
        await expect(page.get_by_text("双方正在通话")).to_be_visible()
        await call.hang_up()
        await hotline.see_agent("1001", state="ready", phone="free")
        story = await told(hotline, "13900139000")
        assert [talk["with"] for talk in story["talks"]] == [{"agent": "1001"}, {"agent": "1003"}]
        (sent,) = story["transfers"]
        assert (sent["how"], sent["to"], sent["became"]) == ("consult", {"agent": "1003"}, "answered")

        # Nobody answers: the agent takes the caller back; a transfer that fails brings the caller back.
        call = await in_talk(page, hotline, "13700137000")
        await choose(page, "c", "1003", "综合一席")
        await (await colleague.incoming()).reject(603)
        await page.get_by_text("综合一席未接听").wait_for()
        await call.hears(VOICE)
        await plays(page, 440)
        await choose(page, "t", "1005", "专家一席")
        await call.hears_recording(hotline.clip("transfer-failed"))
        await page.get_by_text("转接 1005 未成功（无法接通）").wait_for()
        await page.keyboard.press("a")
        call.send_tone(440)
        await hears(page, 440)
        await call.hears(VOICE)
        story = await told(hotline, "13700137000")
        (sent,) = story["transfers"]
        assert (sent["to"], sent["became"], sent["why"]) == ({"agent": "1005"}, "failed", "unreachable")
        steps = [kind for kind in kinds(story) if kind.startswith(("transfer", "talk", "connected", "queued"))]
        assert steps == ["queued", "connected", "talk-ended", "transferred", "transfer-failed", "queued", "connected"]

        # Over HTTP: the agent asks a colleague and goes back, or the colleague hangs up.
        async def order(what: str, **body: Any) -> None:
            answer = await hotline.http.post(f"/api/v1/calls/{story['id']}/{what}", json=body or None)
            assert answer.status_code == 200, answer.text

        for goes_back in (True, False, True, False):
            call.send_silence()
            await order("transfer", to={"agent": "1003"}, how="consult")
            consulted = await (await colleague.incoming()).answer()
            consulted.send_tone(ASKED)
            await plays(page, ASKED)
            await consulted.hears(VOICE)
            if goes_back:
                await order("return")
                await consulted.ended()
            else:
                await consulted.hang_up()
            call.send_tone(440)
            await call.hears(VOICE)
            await plays(page, 440)


async def test_whoever_gets_a_call_sees_on_the_desk_whose_it_is_who_sends_it_and_what_was_noted(
    hotline: World, tmp_path: Path
) -> None:
    first = await hotline.agent("1001")
    async with speaking(tmp_path) as chromium, at_work(chromium, hotline, "1003") as page:
        call, talk = await connected(hotline, first)
        (known,) = await hotline.get("calls?state=talking")
        path = f"/api/v1/calls/{known['id']}"
        await hotline.http.put(f"{path}/wrap-up", json={"note": "阳台前的树上有虫"})
        answer = await hotline.http.post(f"{path}/transfer", json={**CONSULT, "reason": "市民要问移树"})
        assert answer.status_code == 200, answer.text
        await page.get_by_text("绿化一席向您咨询这通来电").wait_for()
        await expect(page.get_by_text("原因：市民要问移树")).to_be_visible()
        await expect(page.get_by_role("region", name="同事的记录")).to_contain_text("绿化一席")
        await expect(page.get_by_text("阳台前的树上有虫")).to_be_visible()
        await expect(page.locator("[data-state=ringing]")).to_be_visible()
        await page.keyboard.press("a")
        await talk.hears(VOICE)
        await expect(page.locator("[data-state=on-call]")).to_be_visible()
        await expect(page.get_by_role("heading", name="绿化")).to_be_visible()
        await hotline.http.post(f"{path}/complete")
        await page.get_by_text("由绿化一席转来：市民要问移树").wait_for()
        await call.hears(VOICE)
        await page.keyboard.press("n")
        await page.keyboard.type("已转绿化局")
        await page.keyboard.press("Escape")
        await call.hang_up()
        story = await hotline.ended()
        await hotline.see(path.removeprefix("/api/v1/"), lambda told: len(told["wrap_ups"]) == 2)
        story = await hotline.story(known["id"])
        assert [(one["agent"], one["note"]) for one in story["wrap_ups"]] == [
            ("1001", "阳台前的树上有虫"),
            ("1003", "已转绿化局"),
        ]
        await expect(page.get_by_text("接听 1 通 · 漏接 0 通")).to_be_visible()


async def test_the_desk_holds_and_asks_for_an_agent_who_talks_on_a_sip_phone(hotline: World, tmp_path: Path) -> None:
    colleague = await hotline.agent("1003")
    async with speaking(tmp_path) as chromium, at_work(chromium, hotline, "1001") as page:
        await page.get_by_role("combobox", name="话机").select_option("sip")
        first = await hotline.agent("1001")
        call, talk = await connected(hotline, first)
        await page.get_by_role("button", name="保持 H").wait_for()
        await page.keyboard.press("h")
        await page.get_by_text("来电人在听音乐").wait_for()
        await call.hears_speech()
        await page.keyboard.press("h")
        await hear_each_other(call, talk)
        await choose(page, "c", "1003", "就绪")
        asked = await (await colleague.incoming()).answer()
        await hear_each_other(talk, asked, one_says=1000, other_says=600)
        await page.keyboard.press("g")
        await talk.ended()
        await hear_each_other(call, asked, one_says=900, other_says=700)
        await expect(page.get_by_text("双方正在通话")).to_be_visible()


async def test_a_queue_is_asked_from_desk_to_desk_and_whoever_gets_the_call_has_the_same_keys(
    hotline: World, tmp_path: Path
) -> None:
    third = await hotline.agent("1005")
    async with (
        speaking(tmp_path) as chromium,
        at_work(chromium, hotline, "1001") as page,
        at_work(chromium, hotline, "1003") as helper,
    ):
        call = await in_talk(page, hotline)
        await choose(page, "c", "综合", "综合", why="市民要问移树")
        await page.get_by_text("您在队列中等待").wait_for()
        await helper.get_by_text("绿化一席通过队列向您咨询 138 0013 8000 的来电").wait_for()
        await expect(helper.get_by_text("原因：市民要问移树")).to_be_visible()
        await expect(helper.get_by_role("heading", name="绿化")).to_be_visible()
        await helper.keyboard.press("a")
        await plays(page, VOICE)
        await plays(helper, VOICE)
        await page.get_by_text("您与对方通话，来电者听音乐").wait_for()
        await expect(helper.get_by_text("绿化一席通过队列向您咨询")).to_be_visible()
        await page.keyboard.press("g")
        await plays(helper, 440)
        await call.hears(VOICE)
        await helper.get_by_text("由绿化一席转来：市民要问移树").wait_for()
        await expect(page.get_by_text("双方正在通话")).to_be_visible()

        await helper.get_by_role("button", name="保持 H").wait_for()
        await helper.keyboard.press("h")
        await helper.get_by_text("来电人在听音乐").wait_for()
        await call.hears_speech()
        await helper.keyboard.press("h")
        await call.hears(VOICE)
        await choose(helper, "c", "1005", "专家一席")
        asked = await (await third.incoming()).answer()
        asked.send_tone(ASKED)
        await plays(helper, ASKED)
        await asked.hears(VOICE)
        await helper.keyboard.press("j")
        await helper.get_by_text("三方通话中").wait_for()
        await until("the caller hears both", lambda: of_both(call), lambda shares: min(shares) > 0.02)
        await helper.keyboard.press("g")
        await hear_each_other(call, asked, one_says=900, other_says=700)
        await expect(helper.get_by_text("双方正在通话")).to_be_visible()
        await call.hang_up()
        told = await hotline.ended()
        assert [talk["with"]["agent"] for talk in told["talks"]] == ["1001", "1003", "1005"]


async def test_in_a_queue_where_nobody_is_free_the_caller_waits_instead_of_the_agent(
    hotline: World, tmp_path: Path
) -> None:
    colleague = await hotline.agent("1003")
    async with speaking(tmp_path) as chromium, at_work(chromium, hotline, "1001") as page:
        call = await in_talk(page, hotline)
        await choose(page, "c", "综合", "综合")
        offer = await colleague.incoming()
        await page.get_by_text("您在队列中等待").wait_for()
        await page.keyboard.press("b")
        await offer.cancelled()
        await call.hears(VOICE)
        await plays(page, 440)
        await choose(page, "c", "综合", "综合")
        await (await colleague.incoming()).ring()
        await page.get_by_role("button", name="让来电者在队列中等 G").wait_for()
        await page.keyboard.press("g")
        await expect(page.get_by_text("已转给 综合")).to_be_visible()
        await hotline.see_queue("general", waiting=1)
        await call.hang_up()
