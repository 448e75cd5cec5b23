"""The emergency message in a real browser: its page, and the line that nobody overlooks on every other page."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from base.role import Role
from emergency.model import WHOLE, Emergency, Spoken, When
from hotline.model import SubHotline
from journal.actor import SYSTEM
from sounds.shipped import shipped
from tests.console.browser import CHINESE, ENGLISH, complaints, page_of
from tests.console.stage import SUPERVISOR, late_morning, somebody, stage
from tests.console.theatre import World
from tests.unit.sounds.making import AbsentVoice, tone

pytestmark = pytest.mark.asyncio(loop_scope="session")

SHIPPED = "如果闻到燃气味，请先关阀门、开窗，到室外再打电话。"
WORDS = {"zh": "虹口区四川北路发生燃气泄漏，请勿前往。", "en": "There is a gas leak in Hongkou. Please stay away."}
LINE = {ENGLISH: "An emergency message is on until", CHINESE: "紧急公告正在播放"}

PAGES = {
    Role.SUPERVISOR: ("/wall", "/agents", "/prompts", "/emergency", "/tree", "/account"),
    Role.ADMINISTRATOR: ("/people", "/audit", "/health"),
    Role.OPERATIONS: ("/health", "/tree"),
    Role.AGENT: ("/desk",),
}
"""Of each role, some."""


def message(now: float, **other: object) -> Emergency:
    spoken = tuple(Spoken(language=name, words=words, clip="0" * 32, seconds=6.2) for name, words in WORDS.items())
    return Emergency(
        id="1", mode=When.BEFORE, spoken=spoken, begun=now - 600, until=now + 7_200, actor="user:wang"
    ).model_copy(update=other)


def on(world: World, where: str = WHOLE) -> tuple[str, str, dict[str, str], float]:
    """Mode, what follows, words and hours of the message that is on there."""
    (told,) = [each for each in world.emergencies.all_on if each.where == where]
    words = {each.language: each.words for each in told.spoken}
    return told.mode, told.after, words, (told.until - told.begun) / 3_600


async def test_it_is_switched_on_by_keyboard_alone(browser: Browser) -> None:
    world = late_morning()
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context)
        await page.goto("/emergency")
        switch = page.get_by_role("switch", name="Emergency message")
        await expect(switch).not_to_be_checked()
        assert await complaints(page) == []
        await switch.press("Enter")
        dialog = page.get_by_role("dialog")
        press, write = page.keyboard.press, page.keyboard.type
        await expect(dialog.get_by_label("Chinese")).to_be_focused()
        await expect(dialog.get_by_role("button", name="Switch it on now")).to_be_disabled()
        await write(WORDS["zh"])
        await press("Tab")  # the button to record it
        await press("Tab")
        await write(WORDS["en"])
        await press("Tab")
        await press("Tab")
        await expect(dialog.get_by_label("What callers hear")).to_be_focused()
        await press("ArrowDown")
        await press("Tab")
        await press("End")
        await press("Tab")
        time = dialog.get_by_label("Until (Asia/Shanghai)")
        await expect(time).to_be_focused()
        await time.fill("06:00")  # what its fields are depends on the machine's language
        assert await complaints(page) == []
        await dialog.get_by_role("button", name="Switch it on now").press("Enter")
        await expect(dialog).to_have_count(0)
        await expect(switch).to_be_checked()
        await expect(switch).to_be_focused()
        assert on(world)[:3] == ("instead", "person", WORDS)
        assert world.emergencies.on is not None
        until = datetime.fromtimestamp(world.emergencies.on.until, world.emergencies.zone)
        assert (until.hour, until.minute) == (6, 0)
        for words in WORDS.values():
            await expect(page.get_by_text(words)).to_be_visible()
        await expect(page.get_by_role("status").filter(has_text=LINE[ENGLISH])).to_contain_text("instead of the menus")
        assert await complaints(page) == []
        assert wrong == []


async def test_a_recording_is_sent_with_its_words(browser: Browser, tmp_path: Path) -> None:
    world = late_morning()
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context)
        await page.goto("/emergency")
        await page.get_by_role("switch").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("button", name="Record it, or choose a file …").first.click()
        said = tone(tmp_path / "said.wav", seconds=1, rate=16_000, loudness=0.1)
        await dialog.locator("input[type=file]").set_input_files(said)
        await expect(dialog.get_by_text("The recording is played.")).to_be_visible()
        await dialog.get_by_label("Chinese").fill(WORDS["zh"])
        assert await complaints(page) == []
        await dialog.get_by_role("button", name="Switch it on now").click()
        await expect(page.get_by_role("switch")).to_be_checked()
        assert on(world) == ("before", "goodbye", {"zh": WORDS["zh"]}, 4)
        assert world.voice.spoken == [], "the recording is heard"
        assert wrong == []


DRAFT = {
    ENGLISH: ("Only the draft voice", "Hear it first", "Switch it on in the draft voice"),
    CHINESE: ("草稿语音", "先听一听", "就用草稿语音打开"),
}
"""The warning, and the words of the button before and after the message was heard."""


@pytest.mark.parametrize("language", [ENGLISH, CHINESE])
async def test_the_draft_voice_is_told_and_heard_before_anything_is_on(browser: Browser, language: str) -> None:
    world = late_morning(AbsentVoice())
    notice, hear, switch_on = DRAFT[language]
    async with stage(world) as here, page_of(browser, here.base, locale=language) as (page, wrong):
        await here.enter(page.context)
        await page.goto("/emergency")
        await page.get_by_role("switch").click()
        dialog = page.get_by_role("dialog")
        words = dialog.get_by_role("textbox").first
        await words.fill(WORDS["zh"])
        await expect(dialog.get_by_text(notice).first).to_be_visible()
        await dialog.get_by_role("button", name=hear).click()
        button = dialog.get_by_role("button", name=switch_on)
        await expect(button).to_be_enabled()
        draft = dialog.locator("audio")
        await expect(draft).to_have_attribute("src", re.compile("/api/v1/emergency/takes/[0-9a-f]{32}"))
        assert await draft.evaluate("audio => audio.play().then(() => true)")
        assert not world.emergencies.all_on
        assert await complaints(page) == []
        await words.fill(WORDS["zh"] + "。")
        await expect(draft).to_have_count(0)  # other words are heard anew
        await dialog.get_by_role("button", name=hear).click()
        await button.click()
        await expect(dialog).to_have_count(0)
        await expect(page.get_by_role("switch")).to_be_checked()
        assert on(world)[2] == {"zh": WORDS["zh"] + "。"}
        assert wrong == []


async def test_what_needs_no_draft_voice_is_only_heard_too(browser: Browser) -> None:
    """Where no new words are needed, or the voice has come since the last look, the service would switch it on."""
    world = late_morning(AbsentVoice(ships=shipped("zh")))
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context)
        await page.goto("/emergency")
        await page.get_by_role("switch").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Chinese").fill(SHIPPED)
        await dialog.get_by_role("button", name="Hear it first").click()
        await expect(dialog.get_by_text("Nothing is on yet. Callers would hear it like this.")).to_be_visible()
        await expect(dialog.locator("audio")).to_have_count(1)
        assert not world.emergencies.all_on
        assert await complaints(page) == []
        await dialog.get_by_role("button", name="Switch it on now").click()
        await expect(page.get_by_role("switch")).to_be_checked()
        assert on(world) == ("before", "goodbye", {"zh": SHIPPED}, 4)
        assert wrong == []


@pytest.mark.parametrize("language", [ENGLISH, CHINESE])
async def test_everybody_sees_it_on_every_page_until_it_is_off(browser: Browser, language: str) -> None:
    world = late_morning()
    world.announces(message(world.now))
    async with stage(world) as here:
        await somebody(world, "admin", Role.ADMINISTRATOR)
        await somebody(world, "zhao", Role.OPERATIONS)
        await somebody(world, "fang", Role.AGENT, agent="1001")
        names = {
            Role.SUPERVISOR: SUPERVISOR,
            Role.ADMINISTRATOR: "admin",
            Role.OPERATIONS: "zhao",
            Role.AGENT: "fang",
        }
        for role, pages in PAGES.items():
            async with page_of(browser, here.base, locale=language) as (page, _):
                await page.goto("/")
                await expect(page.locator("input[name=password]")).to_be_visible()
                await expect(line(page, language)).to_have_count(0)  # nobody has signed in
                await here.enter(page.context, names[role])
                for path in pages:
                    await page.goto(path)
                    await expect(line(page, language)).to_be_visible()
        async with page_of(browser, here.base, locale=language) as (page, _):
            await here.enter(page.context)
            await page.clock.install()
            await page.goto("/wall")
            await expect(line(page, language)).to_be_visible()
            assert await complaints(page) == []
            await world.emergencies.switch_off(SYSTEM)
            await page.clock.fast_forward(16_000)
            await expect(line(page, language)).to_have_count(0)


async def test_another_end_and_off(browser: Browser) -> None:
    world = late_morning()
    world.announces(message(world.now))
    async with stage(world) as here, page_of(browser, here.base, locale=CHINESE, color_scheme="dark") as (page, wrong):
        await here.enter(page.context)
        await page.goto("/emergency")
        await expect(page.get_by_text("wang 于")).to_be_visible()
        await page.get_by_role("button", name="改结束时间…").press("Enter")
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("播放多久").select_option("8h")
        assert await complaints(page) == []
        await dialog.get_by_role("button", name="设定").press("Enter")
        await expect(dialog).to_have_count(0)
        assert on(world)[3] == pytest.approx(8 + 1 / 6, abs=0.01)
        switch = page.get_by_role("switch")
        await switch.press("Space")
        await expect(dialog).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)
        await expect(switch).to_be_checked()
        await switch.press("Space")
        assert await complaints(page) == []
        await dialog.get_by_role("button", name="关闭公告").press("Enter")
        await expect(switch).not_to_be_checked()
        await expect(line(page, CHINESE)).to_have_count(0)
        assert world.emergencies.on is None
        assert wrong == []


async def test_what_is_asked_right_after_a_dialog_was_closed_is_not_lost(browser: Browser) -> None:
    """The browser tells of a closed dialog later than it hears of the next key."""
    world = late_morning()
    world.announces(message(world.now))
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context)
        await page.goto("/emergency")
        await page.get_by_role("button", name="Another end").click()
        await (
            page.get_by_role("dialog")
            .get_by_role("button", name="Cancel")
            .evaluate("cancel => { cancel.click(); document.querySelector('[role=switch]').click(); }")
        )
        await page.evaluate("() => new Promise(seen => requestAnimationFrame(() => setTimeout(seen, 100)))")
        await page.get_by_role("dialog").get_by_role("button", name="Switch it off").click()
        await expect(page.get_by_role("switch")).not_to_be_checked()
        assert wrong == []


async def test_a_choice_of_files_that_is_cancelled_leaves_the_dialog_open(browser: Browser) -> None:
    """The browser's event for it has the name of that for Escape, and rises to the dialog."""
    world = late_morning()
    async with stage(world) as here, page_of(browser, here.base) as (page, _):
        await here.enter(page.context)
        await page.goto("/emergency")
        await page.get_by_role("switch").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Chinese").fill(WORDS["zh"])
        await dialog.get_by_role("button", name="Record it, or choose a file …").first.click()
        await dialog.locator("input[type=file]").dispatch_event("cancel", {"bubbles": True})
        await expect(dialog.get_by_label("Chinese")).to_have_value(WORDS["zh"])
        await page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)


async def test_a_node_has_a_message_of_its_own(browser: Browser) -> None:
    world = late_morning()
    async with stage(world) as here, page_of(browser, here.base, locale=CHINESE) as (page, _):
        await here.enter(page.context)
        await page.goto("/emergency")
        await page.get_by_role("button", name="在一处播放…").press("Enter")
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("中文").fill(WORDS["zh"])
        await expect(dialog.get_by_role("button", name="现在打开")).to_be_disabled()
        await dialog.get_by_label("哪里的市民").select_option("queue:greening")
        assert await complaints(page) == []
        await dialog.get_by_role("button", name="现在打开").press("Enter")
        await expect(dialog).to_have_count(0)
        assert on(world, "queue:greening") == ("before", "goodbye", {"zh": WORDS["zh"]}, 4)
        await expect(page.get_by_text("它没有 en 的内容：那些市民会听到 zh 的。")).to_be_visible()
        await expect(line(page, CHINESE)).to_contain_text("绿化")
        await expect(page.get_by_role("switch")).not_to_be_checked()
        region = page.get_by_role("region", name="绿化")
        await expect(region.get_by_text(WORDS["zh"])).to_be_visible()
        assert await complaints(page) == []
        await region.get_by_role("button", name="改结束时间…").click()
        await world.emergencies.switch_off(SYSTEM, "queue:greening")  # somebody else
        await dialog.get_by_role("button", name="设定").click()
        await expect(dialog.get_by_role("alert")).to_contain_text("没有开启的公告")
        await page.keyboard.press("Escape")
        world.announces(message(world.now, where="queue:greening"))
        await page.reload()
        await region.get_by_role("button", name="关闭…").click()
        await dialog.get_by_role("button", name="关闭公告").click()
        await expect(region).to_have_count(0)
        assert not world.emergencies.all_on


@pytest.mark.parametrize(
    ("where", "name", "kind"),
    [
        ("menu:main", "Main menu (menu)", "Menus"),
        ("menu:utilities", "utilities (menu)", "Menus"),
        ("sub_hotline:bureau", "Greening bureau", "Sub-hotlines"),
    ],
)
async def test_any_node_has_a_message_of_its_own(browser: Browser, where: str, name: str, kind: str) -> None:
    world = late_morning()
    world.desk.change(
        sub_hotlines={
            "bureau": SubHotline(id="bureau", name={"zh": "绿化市容局", "en": "Greening bureau"}, dial="2201")
        }
    )
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context)
        await page.goto("/emergency")
        await page.get_by_role("button", name="A message at one place …").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("English").fill(WORDS["en"])
        choice = dialog.get_by_label("Whose callers")
        await expect(choice.locator(f"optgroup[label='{kind}'] option[value='{where}']")).to_have_count(1)
        await choice.select_option(where)
        await dialog.get_by_label("What callers hear").select_option("queue:gas")
        await dialog.get_by_role("button", name="Switch it on now").click()
        await expect(dialog).to_have_count(0)
        assert on(world, where) == ("instead", "queue:gas", {"en": WORDS["en"]}, 4)
        await expect(line(page, ENGLISH)).to_contain_text(f"{name}: an emergency message")
        region = page.get_by_role("region", name=name)
        await expect(region.get_by_text("Heard twice, then Gas")).to_be_visible()
        assert await complaints(page) == []
        await region.get_by_role("button", name="Switch it off …").click()
        await dialog.get_by_role("button", name="Switch it off").click()
        await expect(region).to_have_count(0)
        assert not world.emergencies.all_on
        assert wrong == []


async def test_a_refusal_is_shown_and_changes_nothing(browser: Browser) -> None:
    world = late_morning()
    world.announces(message(world.now))
    async with stage(world) as here, page_of(browser, here.base) as (page, _):
        await somebody(world, "liu", Role.SUPERVISOR, queues=("greening",))
        await here.enter(page.context, "liu")
        await page.goto("/emergency")
        await page.get_by_role("switch").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("button", name="Switch it off").click()
        await expect(dialog.get_by_role("alert")).to_contain_text("may not do that")
        assert world.emergencies.on is not None
        await page.keyboard.press("Escape")
        await here.enter(page.context)
        await page.reload()
        await page.get_by_role("button", name="Another end …").click()
        await world.emergencies.switch_off(SYSTEM)  # somebody else
        await dialog.get_by_role("button", name="Set it").click()
        await expect(dialog.get_by_role("alert")).to_contain_text("No message is on: give its texts, or recordings.")
        assert await complaints(page) == []


def line(page: Page, language: str) -> Locator:
    return page.get_by_role("status").filter(has_text=LINE[language])
