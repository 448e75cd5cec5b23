"""The messages in a real browser, before the real HTTP interface."""

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from base.role import Role
from journal.records import Kind
from tests.console.browser import complaints, page_of
from tests.console.stage import late_morning, stage
from tests.unit.messages.left import left
from tests.unit.service.world import World
from tests.unit.sounds.test_message import tone, written

pytestmark = pytest.mark.asyncio(loop_scope="session")

NUMBER, OTHER = "13800138000", "13900139000"


def recorded(world: World, *calls: str) -> None:
    """These messages have a sound."""
    for call in calls:
        file = world.desk.centre.keeper.file(call)
        file.parent.mkdir(parents=True, exist_ok=True)
        written(file, tone(-21, 1.5))


def row(page: Page, number: str) -> Locator:
    return page.locator(f"[data-message='{number}']")


async def test_an_agent_takes_a_message_hears_it_and_finishes_it(browser: Browser) -> None:
    world = late_morning()
    await world.person("wang", Role.AGENT, agent="1001")
    world.note(*left("v1", NUMBER, "greening", world.now - 600, 1.5))
    recorded(world, "v1", "v2")
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context, "wang")
        await page.goto("/messages")
        mine = row(page, NUMBER)
        await expect(mine).to_contain_text("0:01")
        assert await complaints(page) == []
        world.note(*left("v2", OTHER, "greening", world.now - 300, 1.5))
        await expect(page.locator("[data-message]")).to_have_count(2)
        await expect(mine.get_by_role("button", name="Done")).to_have_count(0)
        await mine.get_by_role("button", name="Take").click()
        await expect(mine.locator("td").nth(4)).to_have_text("you")
        await row(page, OTHER).get_by_role("button", name="Take").click()
        await expect(page.get_by_role("alert")).to_contain_text("You have another message")
        await mine.locator("audio").evaluate("(audio) => audio.play()")
        await expect(mine.locator("audio")).to_have_js_property("ended", True)
        assert await mine.locator("audio").evaluate("(audio) => audio.duration") == 1.5
        await mine.get_by_role("button", name="Done").click()
        await page.get_by_label("Note").fill("called back")
        assert await complaints(page) == []
        await page.get_by_role("dialog").get_by_role("button", name="Done").click()
        await expect(page.locator("[data-message]")).to_have_count(1)
        (done,) = [record for record in world.desk.records if record.kind is Kind.MESSAGE_DONE]
        assert (done.call, done.agent, done.data) == ("v1", "1001", {"note": "called back"})
        assert wrong == ["Failed to load resource: the server responded with a status of 409 (Conflict)"]


async def test_a_supervisor_sees_who_has_a_message_and_deletes_one(browser: Browser) -> None:
    world = late_morning()
    await world.person("li", Role.SUPERVISOR)
    world.note(*left("v1", NUMBER, "greening", world.now - 600), *left("v2", "", "general", world.now - 300))
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        async with world.client(await world.key(Role.AGENT, agent="1001")) as agent:
            assert (await agent.post("/api/v1/messages/v1/take")).status_code == 200
        await here.enter(page.context, "li")
        await page.goto("/messages")
        taken = row(page, NUMBER)
        await expect(taken.locator("td").nth(4)).to_have_text("1001")
        await expect(taken.get_by_role("button", name="Take")).to_have_count(0)
        hidden = row(page, "")
        await expect(hidden).to_contain_text("hidden")
        await hidden.get_by_role("button", name="Delete").click()
        assert await complaints(page) == []
        await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        await expect(page.locator("[data-message]")).to_have_count(1)
        await taken.get_by_role("button", name="Delete").click()
        await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        await expect(page.get_by_text("There are no messages.")).to_be_visible()
        assert wrong == []
