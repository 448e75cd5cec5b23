"""The panes of the menu tree's page in a real browser: walk, tests, replay, comparison, publishing, going back."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from hotline.versions import content
from journal.actor import Actor
from service.http.versions import Wanted
from tests.console.browser import CHINESE, complaints, page_of
from tests.console.drafting import SAMPLE
from tests.console.edited import EDITOR, drafting, edited, open_draft

pytestmark = pytest.mark.asyncio(loop_scope="session")

TO_A_PERSON = ('"1": {queue: greening}', '"1": {queue: general}')
SAID_OTHERWISE = ("绿化请按1，供水", "种花种树请按1，供水")

COUNT_PLAYS = """
window.played = 0;
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
    this.addEventListener("playing", () => { window.played += 1; });
    return play.call(this);
};
"""


async def test_a_draft_is_walked_by_the_keyboard_and_heard(browser: Browser, tmp_path: Path) -> None:
    async with drafting(tmp_path) as here, page_of(browser, here.base) as (page, wrong):
        await page.add_init_script(COUNT_PLAYS)
        await open_draft(page, here, edited(SAID_OTHERWISE), "Walk")
        await page.get_by_label("When").fill("2026-10-01T09:00")
        await page.get_by_role("button", name="Call", exact=True).press("Enter")
        steps = page.get_by_role("region", name="The way").get_by_role("listitem")
        await expect(steps).to_have_count(1)
        await expect(steps.first).to_contain_text("种花种树请按1")
        await expect(steps.first).to_contain_text("no sound yet; made when published")
        await page.get_by_role("button", name="Call again").focus()
        await page.keyboard.press("2")
        await expect(steps).to_have_count(2)
        await expect(steps.nth(0)).to_contain_text("presses 2")
        await page.wait_for_function("window.played > 0")
        assert await complaints(page) == []
        await page.get_by_role("button", name="No key", exact=True).click()
        await expect(page.get_by_role("status").filter(has_text="The call has come to")).to_contain_text("general")
        await expect(page.locator("[data-key='7']")).to_be_disabled()
        await page.get_by_role("button", name="One step back").click()
        await expect(steps).to_have_count(2)
        await page.keyboard.press("7")
        await expect(steps.nth(1)).to_contain_text("presses 7, which is no key here")
        assert wrong == []


async def test_red_and_green_tests_and_a_replay_in_figures(browser: Browser, tmp_path: Path) -> None:
    async with drafting(tmp_path, callers=400) as here, page_of(browser, here.base) as (page, wrong):
        await open_draft(page, here, edited(TO_A_PERSON), "Tests, replay")
        red = page.locator("[data-passed=false]").filter(has=page.locator("strong"))
        await expect(red.first).to_contain_text("failed")
        await page.get_by_text("passed", exact=False).and_(page.locator("summary")).click()
        await expect(page.locator("li[data-passed=true]").first).to_contain_text("passed")
        await page.get_by_role("button", name="Replay").click()
        await expect(page.locator("[data-figure=callers]")).to_have_text("400")
        elsewhere = int(await page.locator("[data-figure=elsewhere]").inner_text())
        assert 0 < elsewhere < 400
        change = page.locator("[data-change='menus/greening']").first
        await expect(change).to_contain_text("would wait in the queue general, instead of the queue greening")
        assert await complaints(page) == []
        await red.first.get_by_role("button", name="tests.yaml").click()
        await expect(page.get_by_role("tab", name="tests.yaml")).to_have_attribute("aria-selected", "true")
        assert wrong == []


async def test_publishing_never_overwrites_what_somebody_else_has_published(browser: Browser, tmp_path: Path) -> None:
    async with drafting(tmp_path) as here, page_of(browser, here.base) as (page, _):
        draft = edited(TO_A_PERSON)
        draft["tests.yaml"] = ""
        await open_draft(page, here, {name: text for name, text in draft.items() if text}, "Publish")
        await expect(page.get_by_text("Key 1 in the menu greening now leads to")).to_be_visible()
        await page.get_by_label("Note").fill("A person for trees")
        versions = here.world.versions
        other = SAMPLE | {"agents.yaml": SAMPLE["agents.yaml"] + "# looked through\n"}
        await versions.publish(Wanted("Agents looked through", other), Actor.user("zhao"))
        await page.get_by_role("button", name="Publish", exact=True).click()
        await expect(page.get_by_role("alert").filter(has_text="Somebody else")).to_contain_text(
            "has published meanwhile"
        )
        assert versions.version is not None
        assert versions.version.content == content(other)
        assert await complaints(page) == []


async def test_publishing_and_going_back(browser: Browser, tmp_path: Path) -> None:
    async with drafting(tmp_path) as here, page_of(browser, here.base) as (page, wrong):
        draft = {name: text for name, text in edited(TO_A_PERSON).items() if name != "tests.yaml"}
        await open_draft(page, here, draft, "Publish")
        await page.get_by_label("Note").fill("A person for trees")
        await page.get_by_role("button", name="Publish", exact=True).click()
        versions = here.world.versions
        await expect(page.get_by_text("In use: version 2")).to_be_visible()
        assert versions.version is not None
        assert (versions.version.number, versions.version.note) == (2, "A person for trees")
        assert versions.version.author == Actor.user(EDITOR)
        await page.get_by_role("tab", name="Versions").click()
        await expect(page.locator("tr[data-version='2']")).to_contain_text("in use")
        await page.locator("tr[data-version='1']").get_by_role("button").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("Key 1 in the menu greening now leads to the queue greening")
        assert await complaints(page) == []
        await dialog.get_by_role("button", name="Go back").click()
        await expect(page.locator("tr[data-version='3']")).to_contain_text("in use")
        assert versions.version.content == content(SAMPLE)
        assert wrong == []


async def test_what_a_draft_changes_in_chinese(browser: Browser, tmp_path: Path) -> None:
    async with drafting(tmp_path, callers=10) as here, page_of(browser, here.base, locale=CHINESE) as (page, wrong):
        await open_draft(page, here, edited(TO_A_PERSON), "对比")
        await expect(page.locator("[data-change='menus/greening']")).to_contain_text("1 键现在到队列 general")
        assert await complaints(page) == []
        assert wrong == []
