"""The callbacks in a real browser, before the real HTTP interface."""

import pytest
from playwright.async_api import Browser, expect

from acd.events import CallbackPostponed, CallQueued, Left
from base.role import Role
from hotline.calls_out import CallsOut
from journal.actor import Actor
from journal.records import Kind
from tests.console.agent_phone import Dials
from tests.console.browser import complaints, page_of
from tests.console.listed import NUMBER, OTHER, listed, of_own_queues
from tests.console.stage import late_morning, stage
from tests.unit.callbacks.promises import promised

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGE = "/callbacks", "callback"


async def test_callbacks_come_and_go_and_are_cancelled(browser: Browser) -> None:
    world = late_morning()
    await world.person("li", Role.SUPERVISOR)
    tell = world.desk.distributor.tell
    promised(world, "b1", NUMBER, "greening", world.now, 900.0)
    async with listed(browser, world, "li", *PAGE) as shown:
        page, row = shown.page, shown.row()
        cells = row.locator("td")
        await expect(cells.nth(1)).to_have_text("1")
        await expect(cells.nth(3)).to_contain_text(" – ")
        await expect(cells.nth(4)).to_have_text("0")
        await expect(cells.nth(5)).to_have_text("waits for the turn")
        assert await complaints(page) == []
        promised(world, "b2", OTHER, "general", world.now)
        await shown.shows(NUMBER, OTHER)
        tell(CallbackPostponed("b1", world.now + 900, "no-answer"))
        await expect(cells.nth(5)).to_have_text("did not answer")
        await expect(cells.nth(6)).not_to_be_empty()
        tell(CallQueued("c9", "general", "zh", callback="b2"))
        await shown.shows(NUMBER)
        await expect(page.get_by_text("Promises kept today: 0 of 1.")).to_be_visible()
        await row.get_by_role("button", name="Cancel callback").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("loses the place in the queue")
        await dialog.get_by_role("button", name="Cancel", exact=True).click()
        await expect(row).to_be_visible()
        await row.get_by_role("button", name="Cancel callback").click()
        assert await complaints(page) == []
        await dialog.get_by_role("button", name="Do not call back").click()
        await expect(page.get_by_text("Nobody is to be called back.")).to_be_visible()
        (left,) = [record for record in world.desk.records if record.kind is Kind.LEFT_QUEUE]
        assert (left.call, left.data["why"], left.actor) == ("b1", Left.CANCELLED, Actor.user("li"))


async def test_an_agent_sees_those_of_the_queues_that_the_agent_could_serve(browser: Browser) -> None:
    world = late_morning()
    await world.person("wang", Role.AGENT, agent="1001")
    promised(world, "b1", NUMBER, "greening", world.now)
    promised(world, "b2", OTHER, "general", world.now)
    await of_own_queues(browser, world, *PAGE)


async def test_an_agent_takes_a_callback_calls_and_gives_it_back_and_others_see_who_has_it(browser: Browser) -> None:
    world = late_morning()
    await world.person("wang", Role.AGENT, agent="1001")
    await world.person("li", Role.SUPERVISOR)
    dials = world.dials = Dials()
    world.desk.change(calls_out=CallsOut(allowed=("1[3-9]xxxxxxxxx",)))
    promised(world, "b1", NUMBER, "greening", world.now)
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context, "wang")
        await page.goto("/callbacks")
        row = page.locator(f"[data-callback='{NUMBER}']")
        await expect(row.get_by_role("button", name="Call", exact=True)).to_have_count(0)
        state = row.locator("td").nth(5)
        await row.get_by_role("button", name="Take").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("the queue does not call this citizen")
        until = dialog.get_by_label("Until when")
        usual = await until.input_value()
        assert await complaints(page) == []
        await until.fill("2020-01-01T12:00")
        await dialog.get_by_role("button", name="Take").click()
        await expect(dialog).to_contain_text("Choose a time within the next 72 hours.")
        await until.fill(usual)
        await dialog.get_by_role("button", name="Take").click()
        await expect(dialog).to_have_count(0)
        await expect(state).to_contain_text("yours until ")
        await expect(state).to_contain_text(usual[-5:])
        assert await complaints(page) == []
        await row.get_by_role("button", name="Call", exact=True).click()
        await dialog.get_by_role("button", name="Call").click()
        await expect(dialog).to_have_count(0)
        assert dials.called == [("1001", NUMBER, "greening")]
        await row.get_by_role("button", name="Other time").click()
        await dialog.get_by_role("button", name="Cancel", exact=True).click()
        async with page_of(browser, here.base) as (other, _):
            await here.enter(other.context, "li")
            await other.goto("/callbacks")
            seen = other.locator(f"[data-callback='{NUMBER}']")
            await expect(seen.locator("td").nth(5)).to_contain_text("1001 calls, until ")
            await expect(seen.get_by_role("button", name="Take")).to_have_count(0)
            await seen.get_by_role("button", name="Give back").click()
            await expect(seen.get_by_role("button", name="Take")).to_be_visible()
        await expect(state).to_have_text("waits for the turn")
        taken, returned = [
            record for record in world.desk.records if record.kind in (Kind.CALLBACK_TAKEN, Kind.CALLBACK_RETURNED)
        ]
        assert (taken.actor, returned.actor) == (Actor.agent("1001"), Actor.user("li"))
        assert [each for each in wrong if "422" not in each] == []  # the time that was past


async def test_the_wall_says_how_many_are_to_be_called_back_beside_those_who_hold(browser: Browser) -> None:
    world = late_morning()
    await world.person("li", Role.SUPERVISOR)
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        here.set_queue("greening", waiting=1, callbacks=2)
        await here.enter(page.context, "li")
        await page.goto("/wall")
        tile = page.locator("[data-queue='greening']")
        await expect(tile).to_contain_text("2 to call back")
        here.set_queue("greening", waiting=1, callbacks=0)
        await expect(tile).not_to_contain_text("to call back")
        assert await complaints(page) == []
        assert wrong == []
