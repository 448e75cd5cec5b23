"""The panes of the menu tree's page in a real browser: walk, tests, replay, comparison, publishing, going back."""

import pytest
from playwright.async_api import Browser, Page, expect

from journal.actor import Actor
from publishing.publisher import Wanted
from publishing.trial_run import NotOnTrial
from publishing.versions import content
from tests.console.browser import CHINESE, complaints, page_of
from tests.console.drafting import SAMPLE
from tests.console.edited import EDITOR, drafting, edited, open_draft
from tests.console.stage import Stage
from tests.unit.service.fakes import DraftsHere

pytestmark = pytest.mark.asyncio(loop_scope="session")

TO_A_PERSON = ('"1": {queue: greening}', '"1": {queue: general}')
SAID_OTHERWISE = ("绿化请按1，供水", "种花种树请按1，供水")

COUNT_PLAYS = """
window.played = 0;
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
    this.addEventListener("playing", () => {
        window.played += 1;
        document.documentElement.dataset.played = window.played;
    });
    return play.call(this);
};
"""


async def test_a_draft_is_walked_by_the_keyboard_and_heard(browser: Browser) -> None:
    async with drafting() as here, page_of(browser, here.base) as (page, wrong):
        await page.add_init_script(COUNT_PLAYS)
        await open_draft(page, here, edited(SAID_OTHERWISE), "Walk")
        await page.get_by_label("When").fill("2026-10-01T09:00")
        await page.get_by_role("button", name="Call", exact=True).press("Enter")
        steps = page.get_by_role("region", name="The way").get_by_role("listitem")
        await expect(steps).to_have_count(1)
        await expect(steps.first).to_contain_text("种花种树请按1")
        await expect(steps.first).to_contain_text("new: spoken when you listen")
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
        await expect(steps.nth(1)).to_contain_text("presses 7, which is not a key here")
        assert wrong == []


async def test_a_new_sentence_is_heard_before_it_is_published(browser: Browser) -> None:
    async with drafting() as here, page_of(browser, here.base) as (page, _):
        drafts = here.world.drafts
        assert isinstance(drafts, DraftsHere)
        await page.add_init_script(COUNT_PLAYS)
        await open_draft(page, here, edited(SAID_OTHERWISE), "Walk")
        await page.get_by_label("Hear it").uncheck()
        await page.get_by_role("button", name="Call", exact=True).click()
        new = page.get_by_role("region", name="The way").locator("p").filter(has_text="种花种树请按1")
        await expect(new).to_contain_text("new: spoken when you listen")
        await new.get_by_role("button", name="Listen").click()
        await expect(page.locator("html")).to_have_attribute("data-played", "1")
        assert "speak" in {task for task, _ in drafts.asked}
        drafts.tones.absent = ("这台机器没有语音。", "This machine has no voice.")
        await new.get_by_role("button", name="Listen").click()
        await expect(page.get_by_role("alert")).to_contain_text("This machine has no voice.")
        await page.get_by_role("button", name="Call again").click()
        await expect(new).to_contain_text("no sound yet; made when published")
        await expect(page.get_by_role("region", name="The way")).to_contain_text("This machine has no voice.")
        assert await complaints(page) == []


async def test_red_and_green_tests_and_a_replay_in_figures(browser: Browser) -> None:
    async with drafting(callers=400) as here, page_of(browser, here.base) as (page, wrong):
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


async def test_publishing_never_overwrites_what_somebody_else_has_published(browser: Browser) -> None:
    async with drafting() as here, page_of(browser, here.base) as (page, _):
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


async def test_publishing_and_going_back(browser: Browser) -> None:
    async with drafting(callers=200) as here, page_of(browser, here.base) as (page, wrong):
        draft = {name: text for name, text in edited(TO_A_PERSON).items() if name != "tests.yaml"}
        await open_draft(page, here, draft, "Publish")
        await page.get_by_label("Note").fill("A person for trees")
        replayed = page.get_by_role("region", name="Replay of past callers")
        await expect(replayed).to_contain_text("would wait in the queue general, instead of the queue greening")
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
        await expect(dialog.get_by_role("region", name="Replay of past callers")).to_contain_text(
            "Of 200 callers in the last 7 days 0 would have ended elsewhere"
        )
        assert await complaints(page) == []
        await dialog.get_by_role("button", name="Go back").click()
        await expect(page.locator("tr[data-version='3']")).to_contain_text("in use")
        assert versions.version.content == content(SAMPLE)
        assert wrong == []


async def test_a_draft_on_trial_its_figures_and_all_callers(browser: Browser) -> None:
    async with drafting(callers=20) as here, page_of(browser, here.base) as (page, wrong):
        versions = here.world.versions
        await on_trial(page, here)
        view = versions.tried(2)
        assert view is not None
        assert view.percent == 10
        assert versions.version is not None
        assert versions.version.number == 1, "the others keep what they have"
        here.world.calls_in_trial(40, 4)
        here.world.calls_in_trial(60, 5, tried=False)
        await page.get_by_role("tab", name="Versions").click()
        row = page.locator("tr[data-version='2']")
        await expect(row.locator("[data-trial=running]")).to_have_text(
            "Trial: 10 % of callers; 4 of 40 gave up, of the others 5 of 60"
        )
        await expect(page.locator("tr[data-version='1']")).to_contain_text("in use")
        assert await complaints(page) == []
        await row.get_by_role("button", name="For all callers …").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("Key 1 in the menu greening now leads to")
        await dialog.get_by_role("button", name="For all callers", exact=True).press("Enter")
        await expect(page.locator("tr[data-version='3']")).to_contain_text("in use")
        await expect(row.locator("[data-trial=for-all]")).to_contain_text("the trial is over")
        assert (versions.version.number, versions.version.note) == (3, "Trees first")
        assert wrong == []


async def test_a_trial_is_taken_back_by_a_person_and_by_itself(browser: Browser) -> None:
    async with drafting() as here, page_of(browser, here.base) as (page, _):
        versions = here.world.versions
        await on_trial(page, here, refused="Callers would notice nothing: there is nothing to try.")
        await page.get_by_role("tab", name="Versions").click()
        row = page.locator("tr[data-version='2']")
        await row.get_by_role("button", name="Take it back …").press("Enter")
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("All new calls get version 1")
        assert await complaints(page) == []
        await page.keyboard.press("Escape")
        await expect(row.locator("[data-trial=running]")).to_be_visible()
        await row.get_by_role("button", name="Take it back …").press("Enter")
        await dialog.get_by_role("button", name="Take it back", exact=True).press("Enter")
        await expect(row.locator("[data-trial=ended]")).to_contain_text("the trial is over")
        assert versions.version is not None
        assert versions.version.content == content(SAMPLE)

        # the next one is taken back by itself: the page shows it without a reload
        await page.get_by_role("tab", name="Publish").click()
        await try_it(page, here, 3)
        await page.get_by_role("tab", name="Versions").click()
        row = page.locator("tr[data-version='3']")
        await expect(row.locator("[data-trial=running]")).to_be_visible()
        head = page.locator("span[data-trial]")
        await expect(head).to_have_text("On trial: version 3, 10 % of callers")
        here.world.now += 60
        here.world.calls_in_trial(25, 25)
        await expect(row.locator("[data-trial=taken-back]")).to_contain_text("taken back by itself")
        await expect(head).to_have_text("The trial of version 3 was taken back by itself")


async def test_the_emergency_message_beside_the_tree(browser: Browser) -> None:
    async with drafting() as here, page_of(browser, here.base, locale=CHINESE) as (page, wrong):
        await open_draft(page, here, None, "紧急公告")
        switch = page.get_by_role("switch", name="紧急公告")
        await switch.click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("中文").fill("虹口燃气泄漏，请勿前往。")
        await dialog.get_by_role("button", name="现在打开").click()
        await expect(switch).to_be_checked()
        await expect(page.get_by_text("有的语言没有内容")).to_be_visible()
        await expect(page.get_by_role("status").filter(has_text="紧急公告正在播放")).to_be_visible()
        assert await complaints(page) == []
        await switch.click()
        await dialog.get_by_role("button", name="关闭公告").click()
        await expect(switch).not_to_be_checked()
        assert here.world.emergencies.on is None
        assert wrong == []


async def on_trial(page: Page, here: Stage, refused: str = "") -> None:
    """The draft is published for ten callers of a hundred. `refused`: why not, at first."""

    def refuse(hotline: object) -> None:
        raise NotOnTrial(refused)

    draft = {name: text for name, text in edited(TO_A_PERSON).items() if name != "tests.yaml"}
    await open_draft(page, here, draft, "Publish")
    await page.get_by_label("Note").fill("Trees first")
    await page.get_by_label("For whom").select_option("10")
    await expect(page.get_by_text("taken back by itself when")).to_be_visible()
    if refused:
        trial = here.world.versions.trial
        judge, trial.judge = trial.judge, refuse  # type: ignore[method-assign]
        await page.get_by_role("button", name="Publish", exact=True).click()
        await expect(page.get_by_role("alert").filter(has_text=refused)).to_be_visible()
        trial.judge = judge  # type: ignore[method-assign]
    await try_it(page, here, 2)


async def try_it(page: Page, here: Stage, number: int) -> None:
    """Publish the draft on trial, as that version."""
    await page.get_by_label("For whom").select_option("10")
    await page.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.get_by_role("status").filter(has_text=f"Version {number} is on trial")).to_be_visible()


async def test_what_a_draft_changes_in_chinese(browser: Browser) -> None:
    async with drafting(callers=10) as here, page_of(browser, here.base, locale=CHINESE) as (page, wrong):
        await open_draft(page, here, edited(TO_A_PERSON), "对比")
        await expect(page.locator("[data-change='menus/greening']")).to_contain_text("1 键现在到队列 general")
        assert await complaints(page) == []
        assert wrong == []
