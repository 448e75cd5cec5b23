"""Health, maintenance, check and reload in a real browser, before the real HTTP interface."""

import pytest
from playwright.async_api import Browser, expect

from base.role import Role
from doctor.api import CheckOut
from hotline.problem import Level, Problem
from publishing.shapes import broken, told
from sentences.sentence import Sentence
from tests.console.browser import CHINESE, complaints, page_of
from tests.console.stage import late_morning, running_since, stage
from tests.console.theatre import World
from tests.unit.service.world import waiting_call

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def operated() -> World:
    """A hotline with `zhou`, who keeps it running, and `admin`; 13 callers wait, another one is in the menus."""
    world = late_morning()
    await world.person("zhou", Role.OPERATIONS)
    await world.person("admin", Role.ADMINISTRATOR)
    world.note(*waiting_call("c1", world.now - 30)[:3], waiting_call("c2", world.now - 5)[0])
    return world


async def test_health_says_what_is_wrong_and_what_to_do(browser: Browser) -> None:
    world = await operated()

    async def away() -> str | None:
        return "the database cannot be asked: OperationalError"

    async with stage(world) as here, page_of(browser, here.base) as (page, _):
        await here.enter(page.context, "zhou")
        world.dropped = 2
        await page.goto("/health")
        figures = page.get_by_role("region", name="Figures")
        lost = figures.get_by_role("row").filter(has_text="Records lost")
        await expect(lost).to_contain_text("broken")
        await expect(lost).to_contain_text("Look at the disk and the database")
        needed = page.get_by_role("region", name="What calls need").get_by_role("row").filter(has_text="Database")
        await expect(needed).to_contain_text("fine")
        world.checks["database"] = away
        await page.reload()
        await expect(needed).to_contain_text("broken")
        await expect(needed).to_contain_text("Is the database running, is its disk full?")
        await expect(needed).to_contain_text("OperationalError")
        await page.get_by_role("button", name="Examine").click()
        sound = page.get_by_role("region", name="Examination").get_by_role("row").filter(has_text="Sound programs")
        await expect(sound).to_contain_text("apt-get install sox")
        assert await complaints(page) == []
        await page.route("**/readyz", lambda route: route.abort())
        await expect(page.get_by_role("alert").filter(has_text="The service does not answer")).to_be_visible()


async def test_drain_and_restart_say_what_they_would_do_and_do_it(browser: Browser) -> None:
    world = await operated()
    async with stage(world) as here, page_of(browser, here.base) as (page, _):
        await here.enter(page.context, "zhou")
        await page.goto("/health")
        await page.get_by_role("button", name="Close the hotline").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("The 14 calls that are here go on to their ends: 0 talk, 13 wait.")
        assert not world.operations.drained
        await dialog.get_by_role("button", name="Close the hotline").click()
        await expect(page.get_by_text("new callers hear that and are hung up")).to_be_visible()
        await page.get_by_role("button", name="Open the hotline").click()
        await expect(page.get_by_text("New calls are taken.")).to_be_visible()
        await page.get_by_role("button", name="Restart the service").click()
        await expect(dialog).to_contain_text("1 in the menus: they finish first")
        await expect(dialog).to_contain_text("13 waiting: they keep their music and their places.")
        await dialog.get_by_role("button", name="Restart the service").click()
        await expect(page.get_by_text("Restarting: calls in the menus finish first.")).to_be_visible()
        assert world.operations.waits == [60]
        running_since(world, world.now)
        await expect(page.get_by_text("Restarted. It took 0:")).to_be_visible()
        assert [str(actor) for actor in world.operations.asked] == ["user:zhou"] * 3


async def test_the_folder_is_checked_and_taken_into_use(browser: Browser) -> None:
    world = await operated()
    wrong = Problem(
        Level.ERROR,
        "dangling",
        "hotline.yaml",
        12,
        5,
        Sentence("there is no {kind} {name}", kind=Sentence("queue"), name="'grening'"),
        Sentence("did you mean {name!r}?", name="greening"),
    )

    async def silent() -> str | None:
        return Sentence("no answer within {seconds:g} s", seconds=2.0)

    async with stage(world) as here, page_of(browser, here.base, locale=CHINESE, color_scheme="dark") as (page, _):
        await here.enter(page.context, "admin")
        world.checks["database"] = silent
        await page.goto("/health")
        needed = page.get_by_role("region", name="接听来电所必需的").get_by_role("row").filter(has_text="数据库")
        await expect(needed).to_contain_text("2 秒内没有回答")
        world.examination.checked = CheckOut(in_use="v1", usable=False, problems=told([wrong], "zh"), more=0)
        await page.goto("/hotline")
        row = page.get_by_role("row").filter(has_text="hotline.yaml 第 12 行第 5 列")
        await expect(row).to_contain_text("没有队列 'grening'")
        await expect(row).to_contain_text("是不是 'greening'？")
        use = page.get_by_role("button", name="启用")
        await expect(use).to_be_disabled()
        assert await complaints(page) == []
        world.examination.checked = CheckOut(in_use="v1", usable=True, problems=[], more=0)
        await page.get_by_role("button", name="再检查一次").click()
        await expect(page.get_by_text("没有发现问题，可以启用。")).to_be_visible()
        # meanwhile somebody breaks it again
        world.operations.failure = broken([wrong])
        world.examination.checked = CheckOut(in_use="v1", usable=False, problems=told([wrong], "zh"), more=0)
        await use.click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("button", name="启用").click()
        await expect(dialog.get_by_role("alert")).to_contain_text("热线有 1 个错误，没有启用")
        await dialog.get_by_role("button", name="取消").click()
        await expect(page.locator("[data-problem=dangling]")).to_be_visible()
        world.operations.failure = None
        world.examination.checked = CheckOut(in_use="v2", usable=True, problems=[], more=0)
        await page.get_by_role("button", name="再检查一次").click()
        await use.click()
        await dialog.get_by_role("button", name="启用").click()
        await expect(page.get_by_text("已启用，版本 v2。")).to_be_visible()
