"""The menu tree in a real browser: its picture with today's traffic, its editor, its draft."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, expect

from base.role import Role
from tests.console.browser import complaints, page_of
from tests.console.drafting import SAMPLE, DrawnPictures, publish, with_tree
from tests.console.stage import Stage, late_morning, stage
from tests.unit.service.fakes import DraftsHere

pytestmark = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def tree(
    browser: Browser, role: Role = Role.ADMINISTRATOR
) -> AsyncIterator[tuple[Page, Stage, DrawnPictures, list[str]]]:
    """The page of a person with that role, once its picture and its editor are there."""
    world = late_morning()
    pictures = with_tree(world)
    async with (
        stage(world) as here,
        page_of(browser, here.base, viewport={"width": 1366, "height": 768}) as (page, wrong),
    ):
        await world.person("admin", role)
        await here.enter(page.context, "admin")
        await page.clock.install()
        await page.goto("/tree")
        await page.locator("g.node").first.wait_for()
        if role is not Role.OPERATIONS:
            await page.locator("[data-editor='hotline.yaml'] .cm-line").first.wait_for()
        yield page, here, pictures, wrong


async def type_behind(page: Page, words: str, typed: str) -> None:
    """Type behind the first of those words in the editor, found by its own search."""
    await page.locator(".cm-content").focus()
    await page.keyboard.press("Control+f")
    await page.locator(".cm-search input[name=search]").fill("")
    await page.keyboard.type(words)
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await page.locator(".cm-content").focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.type(typed)


async def test_the_picture_shows_todays_traffic_and_renews_it(browser: Browser) -> None:
    async with tree(browser) as (page, _, pictures, wrong):
        main = page.locator("g.node[data-place='menus/main']")
        await expect(main).to_contain_text("1,284 calls")
        assert await page.locator("path.wire").count() > 5
        pictures.came = 1_400
        await page.clock.fast_forward(61_000)
        await expect(main).to_contain_text("1,400 calls")
        assert await complaints(page) == []
        assert wrong == []


async def test_the_calls_of_the_last_days_are_shown(browser: Browser) -> None:
    async with tree(browser) as (page, _, _, wrong):
        main = page.locator("g.node[data-place='menus/main']")
        await expect(main).to_contain_text("1,284 calls")
        await page.get_by_label("Shown").select_option("In use, with the calls of 7 days")
        await expect(main).to_contain_text("10,272 calls")
        await page.get_by_role("button", name="See all of it").click()
        await page.locator("g.node[data-place='queues/gas']").click()
        await expect(page.locator("[data-chosen='queues/gas']")).to_contain_text("calls in 7 days")
        await page.get_by_label("Shown").select_option("In use, with today's calls")
        await expect(main).to_contain_text("1,284 calls")
        assert await complaints(page) == []
        assert wrong == []


async def test_a_chosen_node_shows_its_lines_its_figures_and_its_ways(browser: Browser) -> None:
    async with tree(browser) as (page, _, _, wrong):
        await page.get_by_role("button", name="See all of it").click()
        await page.locator("g.node[data-place='queues/gas']").click()
        await expect(page.locator(".cm-chosen").first).to_contain_text("gas:")
        told = page.locator("[data-chosen='queues/gas']")
        await expect(told.get_by_role("button", name="water and gas").first).to_be_visible()
        await expect(told.locator("[data-calls]")).not_to_have_text("0")
        await page.keyboard.press("ArrowLeft")
        await expect(page.locator("[data-chosen='menus/utilities']")).to_be_visible()
        assert await page.evaluate(
            "document.querySelector('[data-picture]').shadowRoot.activeElement.dataset.place"
        ) == ("menus/utilities")
        await page.keyboard.press("Enter")  # on to the text
        await expect(page.locator(".cm-editor.cm-focused")).to_be_visible()
        await type_behind(page, "  greening:", " ")
        await expect(page.locator("[data-chosen='queues/greening']")).to_be_visible()
        await page.clock.fast_forward(1_000)  # while the editor looks for suggestions, Escape only ends the search
        await page.keyboard.press("Escape")
        await expect(page.locator("[data-tab='hotline.yaml']")).to_be_focused()
        assert wrong == []


async def test_the_list_has_the_same_nodes_and_keys(browser: Browser) -> None:
    async with tree(browser) as (page, _, _, _):
        drawn = await page.locator("g.node").evaluate_all("nodes => nodes.map(node => node.dataset.place).sort()")
        await page.locator("[data-tab=list]").click()
        items = page.get_by_role("treeitem")
        assert await items.evaluate_all("items => items.map(item => item.dataset.item).sort()") == drawn
        await items.first.focus()
        await page.keyboard.press("ArrowDown")
        await expect(page.locator("[data-chosen='menus/main']")).to_be_visible()
        await expect(items.nth(1)).to_be_focused()
        assert await complaints(page) == []


async def test_a_slip_is_shown_in_its_line_and_names_are_offered(browser: Browser) -> None:
    async with tree(browser) as (page, _, _, wrong):
        await type_behind(page, "{queue: housing", "x")
        await page.clock.fast_forward(1_000)
        problem = page.locator("[data-problem]").first
        await expect(problem).to_contain_text("did you mean 'housing'")
        marked = page.locator(".cm-lintRange-error").first
        await expect(marked).to_have_text("housingx")
        line = SAMPLE["hotline.yaml"].splitlines().index('      "4": {queue: housing}') + 1
        await expect(problem).to_contain_text(f"line {line}")
        for _ in "housingx":
            await page.keyboard.press("Backspace")
        await page.keyboard.press("Control+Space")
        offered = page.locator(".cm-tooltip-autocomplete [role=option]")
        await expect(offered.filter(has_text="greening").first).to_be_visible()
        await expect(offered.filter(has_text="drainage").first).to_be_visible()
        await page.keyboard.type("hous")
        await expect(offered).to_have_count(1)
        await page.clock.fast_forward(200)  # the editor takes no key that came with the list
        await page.keyboard.press("Enter")
        await page.clock.fast_forward(1_000)
        await expect(page.locator("[data-problem]")).to_have_count(0)
        await expect(page.locator("[data-draft=false]")).to_be_visible()
        assert wrong == []


async def test_a_draft_survives_a_reload_and_is_taken_back(browser: Browser) -> None:
    async with tree(browser) as (page, here, _, _):
        await type_behind(page, "# docs/hotline-yaml.md", " DRAFTED")
        await expect(page.locator("[data-draft=true]")).to_contain_text("hotline.yaml")
        await publish(here.world, {name: SAMPLE[name] for name in SAMPLE if name != "tests.yaml"}, "li", "Fewer tests")
        await page.reload()
        await expect(page.locator(".cm-content")).to_contain_text("DRAFTED")
        await expect(page.locator("[data-behind]")).to_contain_text("Fewer tests")
        await page.get_by_label("Shown").select_option("draft")
        await expect(page.locator("[data-shown=draft] g.node").first).to_be_visible()
        await page.get_by_role("button", name="Back to what is in use").click()
        await expect(page.locator(".cm-content")).not_to_contain_text("DRAFTED")
        await expect(page.locator("[data-behind]")).to_have_count(0)
        await page.get_by_role("button", name="Bring the draft back").click()
        await expect(page.locator(".cm-content")).to_contain_text("DRAFTED")


async def test_a_person_who_may_only_read_gets_no_draft(browser: Browser) -> None:
    async with tree(browser, Role.SUPERVISOR) as (page, here, _, wrong):
        await page.locator(".cm-content").focus()
        await page.keyboard.type("x")
        await expect(page.locator("[data-draft=false]")).to_be_visible()
        await expect(page.locator("[data-tab=publish]")).to_have_count(0)
        await expect(page.get_by_text("Read only")).to_be_visible()
        assert isinstance(here.world.drafts, DraftsHere)
        assert here.world.drafts.asked == []
        assert await complaints(page) == []
        assert wrong == []


async def test_operations_see_the_picture_alone(browser: Browser) -> None:
    async with tree(browser, Role.OPERATIONS) as (page, _, _, wrong):
        await expect(page.locator("g.node[data-place='menus/main']")).to_contain_text("1,284 calls")
        await expect(page.locator("[data-editor]")).to_have_count(0)
        assert wrong == []
