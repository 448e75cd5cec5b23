"""The forms beside the editor in a real browser: each edits the same files, which keep their remarks and order."""

import difflib
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from base.folders import SAMPLE_HOTLINE
from hotline.loader import load
from tests.console.browser import CHINESE, ENGLISH, complaints, page_of
from tests.console.drafting import SAMPLE
from tests.console.edited import EDITOR, drafting, edited, open_draft
from tests.console.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def forms(
    browser: Browser, kind: str, files: dict[str, str] | None = None, language: str = ENGLISH
) -> AsyncIterator[tuple[Page, Stage]]:
    """The page of an administrator with that form. It ends without complaints of the browser."""
    async with drafting(2) as here, page_of(browser, here.base, locale=language) as (page, wrong):
        await open_draft(page, here, files, "表单" if language == CHINESE else "Forms")
        await show(page, kind)
        yield page, here
        assert await complaints(page) == []
        assert wrong == []


async def show(page: Page, kind: str) -> None:
    await (
        page.get_by_role("tablist", name=re.compile("Kinds of forms|表单的种类")).get_by_role("tab", name=kind).click()
    )
    await expect(page.locator("[data-form]").locator("button, input, textarea").first).to_be_visible()


async def done(page: Page) -> None:
    """The last edit is done, and the draft checked."""
    await expect(page.locator("[data-busy=true]")).to_have_count(0)


async def draft(page: Page) -> dict[str, str]:
    """The files of the draft as the browser keeps it."""
    kept = json.loads(
        await page.evaluate("name => localStorage.getItem(name)", f"wutong.tree.draft.{EDITOR}") or "null"
    )
    files: dict[str, str] = SAMPLE if kept is None else kept["files"]
    return files


async def fill(field: Locator, words: str) -> None:
    await field.fill(words)
    await field.blur()


def without(text: str, *added: str) -> str:
    for each in added:
        assert each in text, text
        text = text.replace(each, "", 1)
    return text


async def test_a_department_with_hours_a_queue_and_two_agents_without_yaml(browser: Browser) -> None:
    async with forms(browser, "Opening hours") as (page, _):
        await page.get_by_role("button", name="New opening hours").click()
        await page.get_by_label("Short name in the file").fill("trees")
        await page.get_by_role("button", name="Add it").click()
        monday = page.locator("[data-day=mon]")
        await expect(monday.get_by_label("Mon: from")).to_have_value("09:00")
        await fill(monday.get_by_label("Mon: from"), "08:30")
        await done(page)
        await page.locator("[data-day=sat]").get_by_role("checkbox").check()
        await done(page)

        await show(page, "Queues")
        await page.get_by_role("button", name="New queue").click()
        await page.get_by_label("Name (Chinese)").fill("行道树")
        await page.get_by_label("Name (English)").fill("Street trees")
        await expect(page.get_by_label("Short name in the file")).to_have_value("street-trees")
        await page.get_by_role("button", name="Add it").click()
        await page.get_by_label("Open", exact=True).select_option("trees")
        await expect(page.get_by_label("And then")).to_have_value("hangup:")
        await fill(page.get_by_label("A phone rings for"), "20s")
        await done(page)

        await show(page, "Menus")
        await page.get_by_label("After key 5").select_option("queue:street-trees")
        await done(page)

        await show(page, "Agents")
        for number, name in (("1013", "树木一席"), ("1014", "树木二席")):
            await page.get_by_role("button", name="New agent").click()  # what is typed now is the new agent's
            await fill(page.get_by_label("Name", exact=True), name)
            await page.get_by_label("Level of Street trees").select_option("3")
            await expect(page.locator(f"[data-agent='{number}']")).to_be_visible()
            await done(page)

        files = await draft(page)
        hotline = without(
            files["hotline.yaml"],
            '  trees:\n    week: {mon: "08:30-17:00", tue-sat: "09:00-17:00"}\n',
            '      "5": {queue: street-trees}\n',
            "\n  street-trees:\n    name: {zh: 行道树, en: Street trees}\n    needs: {street-trees: 1}\n"
            "    hours: trees\n"
            "    closed:\n"
            '      say: {zh: "现在不在服务时间，{opens}恢复服务。", en: "We are closed now. We are back {opens}."}\n'
            "      then: {hangup: true}\n    ring: 20s\n",
        )
        assert hotline == SAMPLE["hotline.yaml"]
        loaded = load(SAMPLE_HOTLINE, given={name: text.encode() for name, text in files.items()})
        assert loaded.hotline is not None
        assert [loaded.hotline.agents[each].skills for each in ("1013", "1014")] == [{"street-trees": 3}] * 2


async def test_an_edit_shows_its_lines_and_is_undone(browser: Browser) -> None:
    async with forms(browser, "Greeting") as (page, _):
        undo = page.get_by_role("button", name="Undo")
        await expect(undo).to_be_disabled()
        field = page.get_by_role("group", name="What a caller hears first").get_by_label("Chinese")
        hostile = '您好: {x} # 不是注释 "引号" *star'
        await fill(field, hostile)
        diff = page.locator("[data-diff='hotline.yaml']")
        await expect(diff.locator("del")).to_contain_text("您好，这里是城建服务热线。")
        await expect(diff.locator("ins")).to_contain_text("不是注释")
        await expect(field).to_have_value(hostile)
        await fill(page.get_by_role("group", name="What a caller hears last").get_by_label("English"), "Bye.")
        await done(page)
        for _ in range(2):
            await undo.click()
            await done(page)
        assert await draft(page) == SAMPLE
        await expect(field).to_have_value("您好，这里是城建服务热线。")
        await expect(page.locator("[data-draft=false]")).to_be_visible()


async def test_what_check_says_stands_at_the_field(browser: Browser) -> None:
    async with forms(browser, "队列", language=CHINESE) as (page, _):
        field = page.get_by_label("振铃多久")
        await fill(field, "一会儿")
        await expect(field).to_have_attribute("aria-invalid", "true")
        described = page.locator(f"[id='{await field.get_attribute('aria-describedby')}']")
        await expect(described).to_contain_text("时长")
        await expect(page.get_by_label("话后处理时间")).to_have_attribute("aria-invalid", "false")
        await fill(field, "25s")
        await expect(field).to_have_attribute("aria-invalid", "false")
        await expect(described).to_be_empty()


async def test_keys_are_dragged_moved_and_taken_out(browser: Browser) -> None:
    async with forms(browser, "Menus") as (page, _):

        def key(name: str) -> Locator:
            return page.locator(f"[data-key='{name}']")

        async def keys() -> dict[str, Any]:
            files = await draft(page)
            loaded = load(SAMPLE_HOTLINE, given={name: text.encode() for name, text in files.items()})
            assert loaded.hotline is not None, loaded.problems
            return {
                name: to.model_dump(exclude_defaults=True) for name, to in loaded.hotline.menus["main"].keys.items()
            }

        before = await keys()
        await key("1").get_by_title("Drag to another key").drag_to(key("4"))
        await expect(page.get_by_label("After key 1")).to_have_value("queue:housing")
        await done(page)
        await page.get_by_label("Key 2, to be another one").select_option("6")
        await expect(key("2")).to_have_attribute("data-used", "false")
        await done(page)
        await page.get_by_label("After key 9").select_option("")
        await expect(key("9")).to_have_attribute("data-used", "false")
        await done(page)
        after = await keys()
        assert after == {
            "4": before["1"],
            "6": before["2"],
            "3": before["3"],
            "1": before["4"],
            "8": before["8"],
            "0": before["0"],
            "*": before["*"],
        }
        await expect(page.get_by_label("After key 8")).to_have_value(
            "other"
        )  # a language and a menu: as the file has it


async def test_holidays_are_chosen_in_a_calendar(browser: Browser) -> None:
    async with forms(browser, "Opening hours") as (page, _):
        await page.get_by_label("Closed on the holidays of").select_option("+CN")
        await done(page)
        months = page.get_by_role("button", name="The next month")
        while await page.locator("[data-date='2027-02-06']").count() == 0:
            await months.click()
        await page.locator("[data-date='2027-02-06']").click()
        await page.locator("[data-date='2027-02-11']").click()
        await page.get_by_role("button", name="closed", exact=True).click()
        await expect(page.locator("[data-date='2027-02-11']")).to_have_attribute("data-mark", "closed")
        await done(page)
        await page.locator("[data-date='2027-02-08']").click()
        await page.get_by_role("button", name="Other times").click()
        await expect(page.locator("[data-date='2027-02-08']")).to_have_attribute("data-mark", "open")
        await fill(page.get_by_label("2027-02-08: to"), "11:00")
        await done(page)
        text = (await draft(page))["hotline.yaml"]
        assert "\n    calendar: working-days\n" in text
        assert "\n  working-days: {country: CN}\n" in text
        assert (
            '    special:\n      "2027-02-06 to 2027-02-07": closed\n' in text
            or '"2027-02-06 to 2027-02-07": closed, "2027-02-08": "09:00-11:00"' in text
        )


def lines(before: str, after: str) -> list[str]:
    """What is gone and what has come."""
    found = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line.rstrip() for line in found if line[0] in "+-"]


async def test_how_callers_leave_a_queue_and_who_fits_later(browser: Browser) -> None:
    async with forms(browser, "Queues") as (page, _):

        def way(number: int) -> Locator:
            return page.get_by_role("group", name=f"Way out {number}")

        def step(number: int) -> Locator:
            return page.get_by_role("group", name=f"Step {number}")

        await page.get_by_role("combobox", name="Queue", exact=True).select_option("housing")
        await expect(page.locator("[data-way]")).to_have_count(2)
        await expect(way(2).get_by_label("When")).to_have_value("waited")
        await page.get_by_label("Add one, to").select_option("sub_hotline:duty")
        await expect(page.locator("[data-way]")).to_have_count(3)
        await expect(way(3).get_by_label("The call goes to")).to_have_value("sub_hotline:duty")
        await done(page)
        await way(3).get_by_label("When").select_option("waiting")
        await expect(way(3).get_by_label("How many")).to_have_value("50")
        await fill(way(3).get_by_label("How many"), "30")
        await way(3).get_by_role("button", name="Move up").click()
        await expect(way(2).get_by_label("How many")).to_have_value("30")
        await done(page)
        await way(2).get_by_label("Say something first").check()
        said = way(2).get_by_role("group", name="What is said")
        await fill(said.get_by_label("Chinese"), "请稍后再拨。")
        words = said.get_by_label("English")
        await expect(words).to_have_value(re.compile("We have very many calls"))
        await fill(words, "Later.")
        await way(1).get_by_role("button", name="remove").click()
        await expect(page.locator("[data-way]")).to_have_count(2)
        await done(page)
        await step(2).get_by_role("button", name="remove").click()
        await page.get_by_role("button", name="Add a step").click()
        await step(2).get_by_label("Level of City traffic").select_option("2")
        await expect(step(2).get_by_label("After", exact=True)).to_have_value("60s")
        await done(page)
        assert lines(SAMPLE["hotline.yaml"], (await draft(page))["hotline.yaml"]) == [
            "-       - {after: 60s, needs: {general: 1}}",
            "+       - {after: 60s, needs: {housing: 1, traffic: 2}}",
            "-       - {nobody_signed_in: 0s, then: {queue: general}}",
            "+       - {waiting: 30, then: {say: {zh: 请稍后再拨。, en: Later.}, then: {sub_hotline: duty}}}",
        ]
        # a refusal stands at its field
        field = way(2).get_by_label("How long")
        await fill(field, "ages")
        await expect(field).to_have_attribute("aria-invalid", "true")
        await expect(way(2).get_by_role("alert").first).to_contain_text("ages")
        await page.get_by_role("button", name="Undo").click()
        await expect(field).to_have_value("5m")
        await fill(step(2).get_by_label("After", exact=True), "10s")
        await expect(page.locator("[data-place='queues/housing']")).to_contain_text("put the steps in the order of")


async def test_the_survey_of_a_queue(browser: Browser) -> None:
    async with forms(browser, "Queues") as (page, _):
        await page.get_by_role("combobox", name="Queue", exact=True).select_option("housing")
        asked = page.get_by_role("group", name="What is asked")
        await fill(asked.get_by_label("Chinese"), "请按1到5评分。")
        await done(page)
        await fill(asked.get_by_label("English"), "Please press 1 to 5.")
        await done(page)
        await fill(page.get_by_label("Share of the callers"), "50%")
        await done(page)
        assert lines(SAMPLE["hotline.yaml"], (await draft(page))["hotline.yaml"]) == [
            "+     survey:",
            "+       say: {zh: 请按1到5评分。, en: Please press 1 to 5.}",
            '+       share: "50%"',
        ]


async def test_missed_callers_of_a_queue_are_called_back_and_its_talks_recorded(browser: Browser) -> None:
    async with forms(browser, "Queues") as (page, _):
        await page.get_by_role("combobox", name="Queue", exact=True).select_option("housing")
        called_back = page.get_by_label("Missed callers are called back")
        await called_back.check()
        await expect(page.get_by_role("alert").filter(has_text="this queue has no `callback`").first).to_be_visible()
        await done(page)
        assert lines(SAMPLE["hotline.yaml"], (await draft(page))["hotline.yaml"]) == [
            "+     missed: {call_back: true}",
        ]
        await called_back.uncheck()
        await done(page)
        await page.get_by_label("Recording of talks").select_option("on-demand")
        await done(page)
        assert lines(SAMPLE["hotline.yaml"], (await draft(page))["hotline.yaml"]) == [
            "+     missed: {}",
            "+     record: on-demand",
        ]


async def test_wrap_up_codes_and_the_queue_that_has_them(browser: Browser) -> None:
    async with forms(browser, "Wrap-up codes") as (page, _):
        await page.get_by_role("button", name="Move order up").click()
        await expect(page.locator("[data-code]").nth(1)).to_have_attribute("data-code", "order")
        await page.get_by_role("button", name="Remove nobody").click()
        await page.get_by_role("button", name="New list").click()
        await page.get_by_label("Short name in the file").fill("visits")
        await page.get_by_role("button", name="Add it").click()
        await expect(page.locator("[data-code]")).to_have_count(1)
        await expect(page.get_by_text("No queue has this list yet")).to_be_visible()
        await page.get_by_role("button", name="New code").click()
        await page.get_by_label("Name (Chinese)").fill("已派人上门")
        await page.get_by_label("Name (English)").fill("Somebody was sent to the caller's home")
        await expect(page.get_by_label("Short name in the file")).to_have_value("somebody-was-sent")
        await page.get_by_role("button", name="Add it").click()
        await expect(page.locator("[data-code]")).to_have_count(2)
        await done(page)
        await show(page, "Queues")
        await page.get_by_role("combobox", name="Queue", exact=True).select_option("water")
        await page.get_by_label("Which list").select_option("visits")
        await page.get_by_label("Every call needs one").check()
        await done(page)
        text = (await draft(page))["hotline.yaml"]
        assert lines(SAMPLE["hotline.yaml"], text) == [
            "+     order: {zh: 转办, en: Passed on to a department}",
            "-     order: {zh: 转办, en: Passed on to a department}",
            "-     nobody: {zh: 无人说话, en: Nobody there}",
            "+   visits:",
            "+     answered: {zh: 当场答复, en: Answered at once}",
            "+     somebody-was-sent: {zh: 已派人上门, en: Somebody was sent to the caller's home}",
            "-     wrap_up_codes: *codes",
            "+     wrap_up_codes: {list: visits, required: true}",
        ]
        await page.get_by_label("Which list").select_option("")
        await expect(page.get_by_label("Every call needs one")).to_have_count(0)
        await done(page)
        text = (await draft(page))["hotline.yaml"]
        assert "-     wrap_up_codes: *codes" in lines(SAMPLE["hotline.yaml"], text)
        assert "required" not in text.partition("queues:")[2].replace("with `required: true`", "")


async def test_the_own_days_of_a_calendar(browser: Browser) -> None:
    async with forms(browser, "Holidays") as (page, _):
        await page.get_by_role("button", name="New calendar").click()
        await expect(page.get_by_label("Public holidays of")).to_have_value("CN")
        await page.get_by_role("button", name="Add it").click()
        known = page.locator("[data-known='2026']")
        await expect(known).to_contain_text("by the State Council: 01-01 – 01-03")
        await expect(known).to_contain_text("10-01 – 10-07")
        await done(page)

        def day(date: str) -> Locator:
            return page.locator(f"[data-date='{date}']")

        async def choose(first: str, last: str, what: str) -> None:
            while await day(first).count() == 0:
                await page.get_by_role("button", name="The next month").click()
            await day(first).click()
            await day(last).click()
            await page.get_by_role("button", name=what, exact=True).click()
            await done(page)

        await choose("2026-12-24", "2026-12-25", "off")
        await choose("2026-12-26", "2026-12-26", "worked")
        await expect(day("2026-12-25")).to_have_attribute("data-mark", "off")
        await expect(day("2026-12-26")).to_have_attribute("data-mark", "working")
        await expect(day("2026-12-27")).to_have_attribute("data-mark", "weekend")
        await choose("2027-02-06", "2027-02-11", "off")
        await expect(page.get_by_text("The State Council publishes them at www.gov.cn")).to_be_visible()
        await choose("2027-02-08", "2027-02-08", "no day of our own")
        await fill(page.get_by_label("Complete up to the year"), "soon")
        await expect(page.get_by_label("Complete up to the year")).to_have_attribute("aria-invalid", "true")
        await fill(page.get_by_label("Complete up to the year"), "2027")
        await expect(page.get_by_label("Complete up to the year")).to_have_attribute("aria-invalid", "false")
        await show(page, "Opening hours")
        await page.get_by_label("Closed on the holidays of").select_option("working-days")
        await done(page)
        text = (await draft(page))["hotline.yaml"]
        assert text.endswith(
            """
calendars:
  working-days:
    country: CN
    off: ["2026-12-24 to 2026-12-25", "2027-02-06 to 2027-02-07", "2027-02-09 to 2027-02-11"]
    working: ["2026-12-26"]
    until: 2027
"""
        )
        loaded = load(SAMPLE_HOTLINE, given={name: text.encode() for name, text in (await draft(page)).items()})
        assert loaded.hotline is not None, loaded.problems


async def test_a_department_and_a_skill(browser: Browser) -> None:
    async with forms(browser, "Sub-hotlines") as (page, _):
        await page.get_by_role("button", name="New sub-hotline").click()
        await page.get_by_label("Name (Chinese)").fill("公园处")
        await page.get_by_label("Name (English)").fill("Parks office")
        await page.get_by_label("Number that is dialled").fill("2203")
        await page.get_by_role("button", name="Add it").click()
        await page.get_by_label("If nobody answers the call goes to").select_option("queue:greening")
        await fill(page.get_by_label("A phone rings for"), "20s")
        await done(page)
        await show(page, "Menus")
        await page.get_by_label("After key 5").select_option("sub_hotline:parks-office")
        await done(page)

        await show(page, "Agents")
        await page.get_by_role("button", name="New skill").click()
        await page.get_by_label("Name (Chinese)").fill("古树")
        await page.get_by_label("Name (English)").fill("Old trees")
        await page.get_by_role("button", name="Add it").click()
        await expect(page.get_by_label("Level of Old trees")).to_have_value("1")
        await page.get_by_label("Level of Old trees").select_option("4")
        await done(page)
        await show(page, "Skills")
        await page.get_by_role("combobox", name="Skill", exact=True).select_option("old-trees")
        await expect(page.get_by_text("Queues that need it: none")).to_be_visible()
        await expect(page.get_by_text("Agents who have it: 1001 绿化一席")).to_be_visible()
        await fill(page.get_by_label("English", exact=True), "Trees under protection")
        await done(page)
        files = await draft(page)
        assert lines(SAMPLE["hotline.yaml"], files["hotline.yaml"]) == [
            '+       "5": {sub_hotline: parks-office}',
            "+   parks-office:",
            "+     name: {zh: 公园处, en: Parks office}",
            '+     dial: "2203"',
            "+     failed: {queue: greening}",
            "+     ring: 20s",
            "+",
            "+ skills:",
            "+   old-trees: {zh: 古树, en: Trees under protection}",
        ]
        assert "skills: {greening: 4, general: 2, old-trees: 4}" in files["agents.yaml"]


async def test_skills_have_their_names_in_the_language_of_the_page(browser: Browser) -> None:
    async with forms(browser, "坐席", language=CHINESE) as (page, _):
        await expect(page.get_by_label("绿化的级别")).to_have_value("4")
        await show(page, "技能")
        await page.get_by_role("combobox", name="技能", exact=True).select_option("gas")
        await expect(page.get_by_text("不填：叫“燃气”。")).to_be_visible()
        await expect(page.get_by_text("需要它的队列：燃气 (gas)")).to_be_visible()


async def test_a_node_chosen_in_the_picture_opens_its_form(browser: Browser) -> None:
    files = edited(("entry: main\n", "entry: greening\n"))
    async with forms(browser, "Greeting", files) as (page, _):
        await page.get_by_label("Shown").select_option("draft")
        await page.locator("g.node[data-place='queues/gas']").wait_for()
        await page.get_by_role("button", name="See all of it").click()
        await page.locator("g.node[data-place='queues/gas']").click()
        await expect(page.locator("[data-form=queues] [data-place='queues/gas']")).to_be_visible()
        await expect(page.get_by_label("Head start")).to_have_value("60s")
        await fill(page.get_by_label("Told how it stands every"), "20s")
        await expect(page.locator("[data-last] ins").first).to_contain_text("announce:")
        await page.locator("g.node[data-place='queues/greening']").click()
        await fill(page.get_by_label("Told how it stands every"), "40s")
        await expect(page.locator("[data-also]")).to_contain_text("queues/water/announce")
        await expect(page.locator("[data-also]")).not_to_contain_text("queues/gas/announce")


async def test_a_file_with_a_slip_is_left_to_the_editor(browser: Browser) -> None:
    broken = edited(("entry: main", "entry: [main"))
    async with drafting() as here, page_of(browser, here.base) as (page, wrong):
        await open_draft(page, here, broken, "Forms")
        await expect(page.get_by_text("The forms cannot read the file")).to_be_visible()
        await page.locator("[data-pane=forms] [data-problem]").first.click()
        await expect(page.locator(".cm-editor.cm-focused")).to_be_visible()
        assert wrong == []
