"""Reports in a real browser, before the real HTTP interface and the sums of a real database."""

import csv
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import insert

from base.role import Role
from reports import store
from tests.console.browser import complaints, page_of
from tests.console.reported import left, short
from tests.console.stage import Stage, late_morning, somebody, stage
from tests.console.theatre import World
from tests.unit.reports.sheets import sheets
from tests.unit.reports.stories import abandoned, in_order

pytestmark = pytest.mark.asyncio(loop_scope="session")

MONDAY = 1_772_409_600.0  # 2 March 2026, 8:00 in Shanghai
HOUR, DAY = 3_600.0, 86_400.0
DAYS = "from=2026-02-28&to=2026-03-02"


def counted() -> World:
    """Monday: two calls at 8:00, one at 9:00; one on the Saturday before, and three in the week before."""
    world = late_morning()
    calls = (
        short("c1", MONDAY + 60, "gas", 4),
        abandoned("c2", MONDAY + 120, 30, "gas"),
        short("c3", MONDAY + HOUR, "water", 20),
        short("c4", MONDAY - 2 * DAY, "gas", 8),
        left("c5", MONDAY + 200),
        *(short(f"b{n}", MONDAY - 7 * DAY + n, "gas", 2) for n in range(3)),
    )
    world.archive.keep(in_order(*calls))
    return world


async def cells(page: Page, row: str, *figures: str) -> list[str]:
    """What the table says of that row."""
    found = page.locator(f"tr[data-row='{row}']")
    return [await found.locator(f"[data-figure={each}]").inner_text() for each in figures]


async def heat(page: Page, row: str) -> list[str]:
    """The hours of the day with anything in the map."""
    found = page.locator("section tr", has=page.get_by_role("rowheader", name=row)).first.locator("td")
    return [f"{hour}: {text}" for hour, text in enumerate(await found.all_inner_texts()) if text]


async def test_the_history_is_a_map_of_queues_and_hours_whose_address_shows_a_colleague_the_same(
    browser: Browser, tmp_path: Path
) -> None:
    async with stage(counted()) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context)
        await page.goto(f"/reports?view=history&{DAYS}")
        await expect(page.get_by_text("Offered: the stronger the colour, the more; 3 at most.")).to_be_visible()
        assert await heat(page, "Gas") == ["8: 3"]
        assert await heat(page, "Water") == ["9: 1"]
        assert await complaints(page) == []

        await page.get_by_label("Figure drawn").select_option(label="ASA")
        await expect(page.get_by_text("ASA: the stronger the colour, the more; 0:20 at most.")).to_be_visible()
        assert await heat(page, "Gas") == ["8: 0:06"]
        await page.get_by_label("Apart").select_option(label="workdays, weekends, holidays")
        await page.get_by_role("button", name="Show").click()
        await expect(page.get_by_role("heading", name="Weekends")).to_be_visible()
        await expect(page.get_by_role("heading", name="Workdays")).to_be_visible()

        async with page_of(browser, here.base) as (other, _):
            await here.enter(other.context)
            await other.goto(page.url)
            await expect(other.get_by_label("Apart")).to_have_value("day-kind")
            await expect(other.get_by_label("Figure drawn")).to_have_value("asa")
            await expect(other.get_by_role("heading", name="Weekends")).to_be_visible()

        async with page.expect_download() as begun:
            await page.get_by_role("link", name="Keep as a table").click()
        kept = tmp_path / "kept.csv"
        await (await begun.value).save_as(kept)
        with kept.open(newline="") as file:
            rows = list(csv.DictReader(file))
        assert [(row["name"], row["hour"], row["day_kind"], row["offered"]) for row in rows] == [
            ("gas", "8", "weekend", "1"),
            ("gas", "8", "workday", "2"),
            ("water", "9", "workday", "1"),
        ]
        async with page.expect_download() as begun:
            await page.get_by_role("link", name="Keep as a workbook").click()
        kept = tmp_path / "kept.xlsx"
        await (await begun.value).save_as(kept)
        assert [row[:4] for row in sheets(kept.read_bytes())["Queues"].rows[1:4]] == [
            ["gas", "Gas", 8.0, "weekend"],
            ["gas", "Gas", 8.0, "workday"],
            ["water", "Water", 9.0, "workday"],
        ]
        assert wrong == []


async def test_days_are_compared_and_a_queue_is_seen_alone(browser: Browser) -> None:
    async with stage(counted()) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context)
        await page.goto("/reports?view=history&kind=queues&by=queue&from=2026-03-02&to=2026-03-02")
        await page.get_by_label("Compared with").select_option(label="the week before")
        await page.get_by_role("button", name="Show").click()
        await expect(page.get_by_text("Compared with 23 Feb 2026 to 23 Feb 2026.")).to_be_visible()
        assert await cells(page, "gas", "offered", "abandoned") == ["2\nbefore: 3", "1\nbefore: 0"]
        assert await cells(page, "water", "offered") == ["1"]
        assert await cells(page, "total", "offered") == ["3\nbefore: 3"]
        await page.get_by_role("link", name="Gas").click()
        await expect(page.locator("tr[data-row='water']")).to_have_count(0)
        assert "name=gas" in page.url
        await page.get_by_label("Time").select_option(label="each hour")
        await page.get_by_role("button", name="Show").click()
        await expect(page.locator("th", has_text="2026-03-02 08:00")).to_be_visible()
        assert await complaints(page) == []
        await page.go_back()
        await expect(page.get_by_label("Time")).to_have_value("")
        assert wrong == []


async def test_the_sign_beside_a_figure_says_what_it_is_in_the_readers_language(browser: Browser) -> None:
    async with stage(counted()) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context)
        await page.goto(f"/reports?view=history&{DAYS}")
        await page.get_by_role("button", name="What is “ASA”?").press("Enter")
        about = page.get_by_role("dialog")
        await expect(about).to_contain_text("The mean wait of the answered, from their entry into this queue")
        await expect(about).to_contain_text("wait_ms / answered")
        await expect(about).to_contain_text("From the Recordsconnected")
        assert await complaints(page) == []
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="中文").click()
        await page.get_by_role("button", name="“平均等待”是什么？").click()
        await expect(about).to_contain_text("接听的平均等待时间，从进入该队列到接通。")
        await page.keyboard.press("Escape")
        await page.get_by_text("为什么有的数对不上").click()
        await expect(page.get_by_text("与“现场”不同")).to_be_visible()
        assert wrong == []


async def test_today_counts_what_ends_while_the_page_is_open(browser: Browser) -> None:
    world = late_morning()
    midnight = world.now - (world.now + 8 * HOUR) % DAY  # in Shanghai: just after it, the calls are of this day, too
    world.archive.keep(short("c1", max(midnight, world.now - 1_200), "gas", 4))
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context)
        await page.goto("/reports")
        await expect(page.locator("tr[data-row=gas] [data-figure=offered]")).to_have_text("1")
        await expect(page.get_by_role("img", name="Offered: 1 at most.")).to_be_visible()
        await expect(page.locator("tr[data-row=gas] [data-level='2']")).to_have_count(0)
        assert await complaints(page) == []
        world.archive.keep(abandoned("c2", max(midnight, world.now - 600), 30, "gas"))
        here.set_queue("gas", abandoned=32)
        await expect(page.locator("tr[data-row=gas] [data-figure=offered]")).to_have_text("2")
        await expect(page.locator("tr[data-row=gas] [data-level='2']")).to_have_text("50 %")  # the aim is 80
        await page.get_by_label("Only").select_option(label="Gas")
        await expect(page.get_by_label("Only")).to_have_value("gas")
        assert "name=gas" in page.url
        assert wrong == []


async def test_menus_say_who_came_and_what_was_pressed(browser: Browser) -> None:
    async with stage(counted()) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context)
        await page.goto(f"/reports?view=menus&{DAYS}")
        menu = page.locator("[data-menu=main]")
        await expect(menu).to_contain_text("came 4 times")
        await expect(menu.locator("[data-key='2'] td").nth(0)).to_have_text("1")
        await expect(menu.locator("[data-key='3'] td").nth(0)).to_have_text("2")
        await expect(menu.locator("[data-key='3'] td").nth(1)).to_contain_text("50 %")
        await expect(menu.locator("[data-key=menu_left] td").nth(0)).to_have_text("1")
        assert await complaints(page) == []
        assert wrong == []


async def seen(here: Stage, page: Page, name: str) -> list[str]:
    await here.enter(page.context, name)
    await page.goto(f"/reports?view=history&{DAYS}")
    await page.get_by_label("Split by").wait_for()
    return await page.get_by_label("Split by").locator("option").all_inner_texts()


async def test_a_supervisor_of_some_queues_sees_these(browser: Browser) -> None:
    world = counted()
    await somebody(world, "li", Role.SUPERVISOR, queues=["water"])
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        assert await seen(here, page, "li") == ["nothing", "queue", "agent"]
        await expect(page.locator("tr[data-row=water]").first).to_be_visible()
        await expect(page.locator("tr[data-row=gas]")).to_have_count(0)
        views = page.get_by_role("navigation", name="What is shown").get_by_role("link")
        assert await views.all_inner_texts() == ["Today", "History"]
        assert wrong == []


async def test_a_month_of_twenty_queues_by_the_hour_is_drawn_whole(browser: Browser) -> None:
    world = counted()
    row = {"generation": 1, "length": HOUR, "dimension": "queue", "entries": 7, "answered": 5, "abandoned": 2}
    hours = [{**row, "start": MONDAY - (n // 20 + 1) * HOUR, "name": f"queue {n % 20}"} for n in range(20 * 24 * 30)]
    async with world.archive.engine.begin() as connection:
        await connection.execute(insert(store.sums), hours)
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context)
        await page.goto("/reports?view=history&from=2026-02-01&to=2026-02-28")
        await expect(page.locator("section td[data-some=true]")).to_have_count(20 * 24 + 1)  # and one of `counted`
        assert wrong == []


async def test_days_without_calls_say_what_to_do(browser: Browser) -> None:
    async with stage(counted()) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context)
        await page.goto("/reports?view=history&from=2026-03-05&to=2026-03-05")
        await expect(page.get_by_text("Choose other days, or ask for more.")).to_be_visible()
        assert await complaints(page) == []
        assert wrong == []


async def test_the_daily_sheet_of_yesterday_is_a_link_away(browser: Browser) -> None:
    async with stage(counted()) as here, page_of(browser, here.base) as (page, _):
        await here.enter(page.context)
        await page.goto("/reports")
        async with page.expect_popup() as opening:
            await page.get_by_role("link", name="Daily sheet of yesterday").click()
        opened = await opening.value
        await expect(opened.get_by_text("Direct-answer rate", exact=True)).to_be_visible()
        assert "12319 Daily sheet" in await opened.title()
        async with page.expect_download() as loading:
            await page.get_by_role("link", name="The same as PDF").click()
        assert re.fullmatch(r"sheet-\d{4}-\d\d-\d\d\.pdf", (await loading.value).suggested_filename)
