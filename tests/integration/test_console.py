"""The console in a real browser, before a hotline with a real Asterisk: what a supervisor sees of a call."""

from datetime import datetime

from playwright.async_api import expect

from lab.stalls import Stalls
from tests.console.browser import AT_ONCE, appears, chromium, complaints, page_of, sign_in
from tests.integration.conversations import hear_each_other, queued
from tests.integration.world import World, record

PASSWORD = "a long enough one"


async def test_a_supervisor_sees_each_step_of_a_call_and_says_what_follows_it(hotline: World, stalled: Stalls) -> None:
    made = await hotline.http.post(
        "/api/v1/users", json={"name": "wang", "roles": ["supervisor"], "password": PASSWORD}
    )
    assert made.status_code == 201, made.text
    async with chromium() as browser, page_of(browser, str(hotline.http.base_url).rstrip("/")) as (page, _):
        await page.goto("/")
        await sign_in(page, "wang", PASSWORD)
        tile, card = page.locator("[data-queue=greening]"), page.locator("[data-agent='1001']")
        await expect(tile).to_contain_text("0 waiting")

        calls, late = [], []
        for waiting in (1, 2, 3):
            seen, before = await appears(page, "[data-queue=greening]", f"{waiting} waiting"), stalled.seconds
            calls.append(await queued(hotline, "1", f"1380013800{waiting}"))
            shown, stood = await seen, stalled.seconds - before
            told = await hotline.get("calls")
            story = await hotline.story(next(one["id"] for one in told if one["caller"] == f"1380013800{waiting}"))
            late.append(shown - datetime.fromisoformat(record(story, "queued")["at"]).timestamp() - stood)
        assert min(late) < AT_ONCE, late
        await expect(tile).to_contain_text("Nobody is at work")

        await tile.get_by_role("button").click()
        rows = page.locator("[data-caller]")
        await expect(rows).to_have_count(3)
        await expect(rows.first).to_contain_text("Nobody who could take the call is signed in")
        await rows.nth(2).get_by_role("button").focus()
        await page.keyboard.press("Enter")
        await page.get_by_role("dialog").wait_for()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status").filter(has_text="13800138003 is at the front now.")).to_be_visible()
        await expect(rows.first).to_contain_text("13800138003")
        line = [caller["caller"] for caller in await hotline.get("queues/greening/callers")]
        assert line == ["13800138003", "13800138001", "13800138002"]

        for call in calls[1:]:
            await call.hang_up()
        await expect(tile).to_contain_text("1 waiting")

        agent = await hotline.agent("1001")
        offer = await agent.incoming()
        await offer.ring()
        await expect(card).to_contain_text("Ringing")
        await offer.answer()
        await hear_each_other(calls[0], offer)
        await expect(card).to_contain_text("On call")
        await expect(tile).to_contain_text("0 waiting")
        await expect(tile).to_contain_text("1 answered")
        await expect(rows).to_have_count(0)
        assert await complaints(page) == []

        await card.click()
        await expect(page.get_by_role("dialog")).to_contain_text("it holds after that")
        await page.get_by_label("Reason").select_option("Lunch")
        await page.get_by_role("button", name="Change", exact=True).click()
        await expect(card).to_contain_text("then: Not ready")
        await page.get_by_role("button", name="中文").click()
        await expect(card).to_contain_text("之后：示忙")
        await offer.hang_up()
        await expect(card).to_contain_text("用餐")  # on a Chinese wall, though it was chosen in English
        await hotline.see_agent("1001", state="not-ready", reason="Lunch")
        assert await complaints(page) == []
