"""A call is found and told: real Asterisk, real callers and agents, a supervisor in a real browser."""

from functools import partial
from typing import Any

from playwright.async_api import expect

from tests.console.browser import CHINESE, chromium, complaints, page_of, sign_in
from tests.integration.conversations import connected, hear_each_other, in_menu
from tests.integration.world import World

PASSWORD = "a long enough one"
FIRST, SECOND = "13800138001", "13800138002"


def _is_held(told: dict[str, Any], *, held: bool) -> bool:
    return (told["held"] is not None) is held


async def test_a_supervisor_finds_a_call_that_went_from_agent_to_agent(hotline: World) -> None:
    person = {"name": "wang", "roles": ["supervisor"], "password": PASSWORD}
    assert (await hotline.http.post("/api/v1/users", json=person)).status_code == 201
    second = await in_menu(hotline, SECOND)
    for key in "*22":  # the menu once more, then water, then its quality
        await second.press(key)
    await hotline.see_queue("greening", waiting=1)
    await second.hang_up()
    assert (await hotline.ended(SECOND))["path"] == "2,2"

    agent, colleague = await hotline.agent("1001"), await hotline.agent_phone("1003")
    caller, offer = await connected(hotline, agent, number=FIRST)
    call = next(one["id"] for one in await hotline.get("calls") if one["caller"] == FIRST)
    for order, held in (("hold", True), ("unhold", False)):
        assert (await hotline.http.post(f"/api/v1/calls/{call}/{order}")).status_code == 200
        await hotline.see(f"calls/{call}", partial(_is_held, held=held))
    await hear_each_other(caller, offer, one_says=900, other_says=500)
    note = {"note": "阳台前的树上有虫", "agent": "1001"}
    assert (await hotline.http.put(f"/api/v1/calls/{call}/wrap-up", json=note)).status_code == 200
    to = {"to": {"agent": "1003"}, "how": "blind"}
    assert (await hotline.http.post(f"/api/v1/calls/{call}/transfer", json=to)).status_code == 200
    other = await (await colleague.incoming()).answer()
    await hear_each_other(caller, other, one_says=1000, other_says=600)
    await caller.hang_up()
    await hotline.ended(FIRST)

    async with (
        chromium() as browser,
        page_of(browser, str(hotline.http.base_url).rstrip("/"), locale=CHINESE) as (page, _),
    ):
        await page.goto("/calls")
        await sign_in(page, "wang", PASSWORD)
        rows = page.locator("[data-call]")
        await expect(rows).to_have_count(2)
        await page.get_by_label("来电号码").fill("138-0013-8001")
        await page.keyboard.press("Enter")
        await expect(rows).to_have_count(1)
        await expect(rows).to_contain_text("坐席已接")
        await page.get_by_label("来电号码").fill("")
        await page.get_by_label("菜单按键").fill("2 2")
        await page.keyboard.press("Enter")
        await expect(rows).to_have_count(1)
        await expect(rows).to_contain_text("等候中挂断")
        await page.get_by_label("菜单按键").fill("")
        await page.get_by_label("备注里的词").fill("有虫")
        await page.keyboard.press("Enter")
        await expect(rows).to_have_count(1)
        await rows.get_by_role("link").click()
        await expect(page.locator("article").first).to_contain_text("阳台前的树上有虫")
        lanes = page.get_by_role("region", name="时间线").get_by_role("list")
        kinds = "bars => bars.map(bar => bar.dataset.kind)"
        drawn = [await lanes.nth(index).locator("li").evaluate_all(kinds) for index in range(3)]
        caller_did = [kind for kind in drawn[0] if kind not in ("after", "prompt")]
        assert caller_did == ["menu", "wait", "talk", "hold", "talk", "ring", "talk"]
        assert drawn[1:] == [["ring", "talk"], ["ring", "talk"]]
        assert await complaints(page) == []
