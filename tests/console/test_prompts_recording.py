"""An administrator records prompts in a real browser, before the real routes, a real folder and the real sox."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from base.folders import CHECKOUT
from base.role import Role
from hotline.keeping import key
from sounds import audio
from sounds.recordings import read
from tests.console.browser import appears, complaints, page_of
from tests.console.stage import late_morning, stage
from tests.console.test_prompts import PLAYED
from tests.console.theatre import World
from tests.unit.desk import hotline
from tests.unit.service.studio import pieces
from tests.unit.sounds.making import tone
from tests.unit.sounds.test_takes import SENT

pytestmark = pytest.mark.asyncio(loop_scope="session")


MAIN = ("zh", hotline().menus["main"].say["zh"])
"""What the main menu says."""


def recordings(world: World) -> Path:
    """Those of the hotline's folder."""
    return world.settings.hotline / "prompts"


async def opened(page: Page, name: str) -> tuple[Locator, Locator]:
    """The row of a text, and the dialog that a button of its opens."""
    row = page.locator("[data-prompt]", has=page.get_by_text(MAIN[1], exact=True))
    await row.get_by_role("button", name=name).focus()
    await page.keyboard.press("Enter")
    return row, page.get_by_role("dialog")


LOUD = """() => new Promise((done) => {
    const look = () => document.querySelector("dialog meter")?.value > 0.3 ? done() : requestAnimationFrame(look);
    look();
})"""
"""The meter shows that somebody speaks."""


SECONDS_OF_TWO_MINUTES = re.compile(r"0:(0[1-9]|[1-5]\d) of 2:00")
"""One second of a recording is not to be seen for longer than a second: a busy machine may miss it."""


async def test_an_administrator_records_keeps_and_hears_it_by_keyboard(browser: Browser) -> None:
    world = late_morning()
    await world.person("admin", Role.ADMINISTRATOR)
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await page.context.grant_permissions(["microphone"])
        await here.enter(page.context, "admin")
        await page.goto("/prompts")
        row, dialog = await opened(page, "Record …")
        await page.keyboard.press("Enter")  # the focus is on the button that records
        await expect(dialog.get_by_role("button", name="Stop")).to_be_focused()
        await page.evaluate(LOUD)  # Chromium's device beeps
        await expect(dialog.get_by_role("timer")).to_contain_text(SECONDS_OF_TWO_MINUTES)
        assert await complaints(page) == []
        await page.keyboard.press("Enter")
        await expect(dialog.get_by_role("status")).to_contain_text("Hear it, then keep it.")
        assert not recordings(world).exists(), "nothing is kept before somebody says so"
        hear = dialog.get_by_role("button", name="Hear it")
        plays = await appears(page, "dialog [data-plays=true]", "")
        await hear.press("Enter")
        await plays
        await expect(dialog.locator("[data-plays=false]")).to_be_visible()
        await dialog.get_by_role("button", name="Keep").press("Enter")
        await expect(row).to_contain_text("a new recording, not in use yet")
        await expect(dialog).to_have_count(0)

        kept = read(recordings(world), ("zh", "en")).find(*MAIN)
        assert kept is not None
        clip = world.desk.editions.in_use.catalogue.recorded(kept)
        assert audio.length(clip.path) > 0.5
        await page.evaluate(PLAYED)
        await row.get_by_role("button", name="Listen to the new one").press("Enter")
        assert await page.evaluate("played") == pytest.approx(audio.length(clip.path), abs=0.1)

        assert await complaints(page) == []
        await page.get_by_role("button", name="Take them into use …").press("Enter")
        await page.get_by_role("button", name="Take into use").press("Enter")
        await expect(page.get_by_text("They are in use.")).to_be_visible()
        await expect(row).to_contain_text("a person")
        await expect(row).not_to_contain_text("not in use yet")
        assert world.desk.editions.in_use.catalogue.clip(*MAIN).path == clip.path, "what a new call hears"

        row, dialog = await opened(page, "Remove …")
        await dialog.get_by_role("button", name="Remove").press("Enter")
        await expect(row).to_contain_text("removed; still in use")
        assert read(recordings(world), ("zh", "en")).find(*MAIN) is None
        assert wrong == []


async def test_files_of_telephones_and_programs_are_decoded_by_the_browser(browser: Browser) -> None:
    world = late_morning()
    await world.person("admin", Role.ADMINISTRATOR)
    vorbis = next(clip for clip in (CHECKOUT / "sounds" / "zh" / "clips").iterdir() if clip.suffix == ".ogg")
    async with stage(world) as here, page_of(browser, here.base) as (page, _):
        await here.enter(page.context, "admin")
        await page.goto("/prompts")
        _, dialog = await opened(page, "Record …")
        chosen, said = dialog.locator("input[type=file]"), dialog.get_by_role("status")
        for file in (vorbis, *sorted(SENT.iterdir())):
            await chosen.set_input_files({"name": "x", "mimeType": "", "buffer": b"#EXTM3U"})
            await expect(said).to_contain_text("cannot read that file")
            await chosen.set_input_files(file)
            await expect(said).to_contain_text("Hear it, then keep it.")
        await dialog.get_by_role("button", name="Keep").press("Enter")
        await expect(dialog).to_have_count(0)
        assert read(recordings(world), ("zh", "en")).find(*MAIN) is not None


DROP = """(file) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(file)], "<img src=x>.wav"));
    window.dispatchEvent(new DragEvent("drop", {dataTransfer: data, cancelable: true}));
}"""


async def test_files_two_administrators_and_a_microphone_that_is_denied(whole: Browser, tmp_path: Path) -> None:
    world = late_morning()
    await world.person("admin", Role.ADMINISTRATOR)
    loud = tone(tmp_path / "loud.wav", seconds=1, loudness=1, square=True, hertz=(150,), rate=24_000)
    good = tone(tmp_path / "good.wav", seconds=0.5, loudness=0.3, rate=24_000)
    async with stage(world) as here, page_of(whole, here.base) as (page, _):
        await here.enter(page.context, "admin")
        await page.goto("/prompts")
        row, dialog = await opened(page, "Record …")
        said = dialog.get_by_role("status")
        await dialog.get_by_role("button", name="Record").press("Enter")
        await expect(said).to_contain_text("does not let this page use the microphone")
        await dialog.locator("input[type=file]").set_input_files({"name": "x", "mimeType": "", "buffer": b"#EXTM3U"})
        await expect(said).to_contain_text("cannot read that file")
        await dialog.locator("input[type=file]").set_input_files(loud)
        await expect(said).to_contain_text("too loud and crackles")
        await dialog.get_by_role("button", name="Keep").press("Enter")
        await expect(dialog.get_by_role("alert")).to_contain_text("That did not work: It is too loud and crackles.")
        assert not recordings(world).exists()

        await page.evaluate(DROP, list(good.read_bytes()))
        await expect(said).to_contain_text("0:01 long")
        await world.recording.keep(key(*MAIN), pieces(good.read_bytes()), None)  # another administrator
        await dialog.get_by_role("button", name="Keep").press("Enter")
        await expect(dialog.get_by_role("alert")).to_contain_text("Somebody else has just recorded this text")
        await page.keyboard.press("Escape")
        await expect(row).to_contain_text("a new recording, not in use yet")  # the other one's
        await expect(dialog).to_have_count(0)
        assert len(list(recordings(world).rglob("*.wav"))) == 1


async def test_a_person_who_may_not_record_sees_no_button_for_it(browser: Browser) -> None:
    async with stage(late_morning()) as here, page_of(browser, here.base) as (page, _):
        await here.enter(page.context)
        await page.goto("/prompts")
        await expect(page.locator("[data-prompt]").first).to_be_visible()
        await expect(page.get_by_role("button", name="Record …")).to_have_count(0)
