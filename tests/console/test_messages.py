"""The messages in a real browser, before the real HTTP interface."""

import pytest
from playwright.async_api import Browser, expect

from base.role import Role
from hotline.calls_out import CallsOut
from journal.records import Kind
from tests.console.agent_phone import Dials
from tests.console.browser import complaints
from tests.console.listed import NUMBER, OTHER, answered, listed
from tests.console.stage import late_morning
from tests.unit.messages.left import left
from tests.unit.service.world import World
from tests.unit.sounds.test_message import tone, written

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGE = "/messages", "message"


def recorded(world: World, *calls: str) -> None:
    """These messages have a sound."""
    for call in calls:
        file = world.desk.centre.keeper.file(call)
        file.parent.mkdir(parents=True, exist_ok=True)
        written(file, tone(-21, 1.5))


async def test_an_agent_takes_a_message_hears_it_and_finishes_it(browser: Browser) -> None:
    world = late_morning()
    await world.person("wang", Role.AGENT, agent="1001")
    world.note(*left("v1", NUMBER, "greening", world.now - 600, 1.5))
    recorded(world, "v1", "v2")
    conflict = ["Failed to load resource: the server responded with a status of 409 (Conflict)"]
    async with listed(browser, world, "wang", *PAGE, conflict) as shown:
        page, mine = shown.page, shown.row()
        await expect(mine).to_contain_text("0:01")
        assert await complaints(page) == []
        world.note(*left("v2", OTHER, "greening", world.now - 300, 1.5))
        await shown.shows(NUMBER, OTHER)
        await expect(mine.get_by_role("button", name="Done")).to_have_count(0)
        await mine.get_by_role("button", name="Take").click()
        await expect(mine.locator("td").nth(4)).to_have_text("you")
        await shown.row(OTHER).get_by_role("button", name="Take").click()
        await expect(page.get_by_role("alert")).to_contain_text("You have another message")
        await mine.locator("audio").evaluate("(audio) => audio.play()")
        await expect(mine.locator("audio")).to_have_js_property("ended", True)
        assert await mine.locator("audio").evaluate("(audio) => audio.duration") == 1.5
        await mine.get_by_role("button", name="Done").click()
        await page.get_by_label("Note").fill("called back")
        assert await complaints(page) == []
        await page.get_by_role("dialog").get_by_role("button", name="Done").click()
        await shown.shows(OTHER)
        (done,) = [record for record in world.desk.records if record.kind is Kind.MESSAGE_DONE]
        assert (done.call, done.agent, done.data) == ("v1", "1001", {"note": "called back"})
        await page.get_by_label("Which messages").select_option(label="Done in the last 7 days")
        await shown.shows(NUMBER)
        await expect(mine).to_contain_text("1001")
        await expect(mine.locator("td").nth(4)).to_have_text("called back")
        await expect(mine.get_by_role("button")).to_have_count(0)
        assert await complaints(page) == []


async def test_an_agent_calls_back_from_the_list_and_the_message_says_so(browser: Browser) -> None:
    world = late_morning()
    await world.person("wang", Role.AGENT, agent="1001")
    dials = world.dials = Dials()
    world.desk.change(calls_out=CallsOut(allowed=("1[3-9]xxxxxxxxx",)))
    world.note(*left("v1", NUMBER, "greening", world.now - 600), *left("v2", "", "greening", world.now - 300))
    async with listed(browser, world, "wang", *PAGE) as shown:
        row = shown.row()
        await expect(row).to_be_visible()
        await expect(shown.row("").get_by_role("button", name="Call back")).to_have_count(0)
        await row.get_by_role("button", name="Call back").click()
        await shown.calls(dials)
        await expect(row).to_contain_text("you")
        world.note(*answered(world.now))
        await expect(row).to_contain_text("called back by 1001")
        assert await complaints(shown.page) == []
        await row.get_by_role("button", name="Done").click()
        await shown.page.get_by_role("dialog").get_by_role("button", name="Done").click()
        await shown.page.get_by_label("Which messages").select_option(label="Done in the last 7 days")
        await expect(row).to_contain_text("called back by 1001")


async def test_a_supervisor_sees_who_has_a_message_and_deletes_one(browser: Browser) -> None:
    world = late_morning()
    await world.person("li", Role.SUPERVISOR)
    world.note(*left("v1", NUMBER, "greening", world.now - 600), *left("v2", "", "general", world.now - 300))
    async with world.client(await world.key(Role.AGENT, agent="1001")) as agent:
        assert (await agent.post("/api/v1/messages/v1/take")).status_code == 200
    async with listed(browser, world, "li", *PAGE) as shown:
        page, taken = shown.page, shown.row()
        await expect(taken.locator("td").nth(4)).to_have_text("1001")
        await expect(taken.get_by_role("button", name="Take")).to_have_count(0)
        hidden = shown.row("")
        await expect(hidden).to_contain_text("hidden")
        await hidden.get_by_role("button", name="Delete").click()
        assert await complaints(page) == []
        await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        await shown.shows(NUMBER)
        await taken.get_by_role("button", name="Delete").click()
        await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        await expect(page.get_by_text("There are no messages.")).to_be_visible()
