"""The recordings of a call in a real browser, before the real HTTP interface."""

import subprocess

import pytest
from playwright.async_api import Browser, expect
from pyrage.x25519 import Identity

from base.role import Role
from recordings.keys import Keys
from tests.console.browser import complaints, page_of
from tests.console.stage import late_morning, stage
from tests.console.theatre import World
from tests.unit.recordings.test_api import talked
from tests.unit.recordings.test_keys import encrypted, key_file

pytestmark = pytest.mark.asyncio(loop_scope="session")


PLAYED = """(audio, after) => new Promise((done) => {
    const look = () => !audio.paused && audio.currentTime > after && done(audio.currentTime);
    audio.addEventListener('timeupdate', look);
    look();
})"""
"""In the page: what the player has come to, once it plays what is later than `after` (seconds)."""


def with_recording(seconds: float = 2.0) -> World:
    """A call is kept with a sound of that length: a tone on the caller's side, silence on the agent's."""
    world = late_morning()
    *story, last = talked("c1", "greening")
    world.note(*story, last._replace(data={**last.data, "length_s": seconds}))
    file = world.desk.centre.recordings.file("c1.o-1", "2023/11/15")
    file.parent.mkdir(parents=True, exist_ok=True)
    sound = ["synth", str(seconds), "sine", "440", "gain", "-6", "remix", "1", "0"]
    subprocess.run(["sox", "-n", "-r", "8000", "-c", "2", str(file), *sound], check=True)
    return world


async def test_without_its_key_an_encrypted_recording_is_downloaded(browser: Browser) -> None:
    world, key = late_morning(), Identity.generate()
    *story, last = talked("c1", "greening")
    world.note(*story, last._replace(data={**last.data, "recipients": [str(key.to_public())]}))
    file = world.desk.centre.recordings.file("c1.o-1", "2023/11/15", encrypted=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    encrypted(file, key)
    await world.person("li", Role.SUPERVISOR)
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context, "li")
        await page.goto("/calls?call=c1")
        recording = page.locator("[data-recording='c1.o-1']")
        await expect(recording).to_contain_text("Encrypted, and this machine has no key.")
        await expect(recording.locator("audio")).to_have_count(0)
        async with page.expect_download() as download:
            await recording.get_by_role("link", name="Download the encrypted file").click()
        downloaded = await download.value
        assert downloaded.suggested_filename == "c1.o-1.flac.age"
        assert (await downloaded.path()).read_bytes() == file.read_bytes()
        assert await complaints(page) == []
        assert wrong == []


async def test_a_recording_that_cannot_be_opened_says_why(browser: Browser) -> None:
    world, key = late_morning(), Identity.generate()
    *story, last = talked("c1", "greening")
    world.note(*story, last._replace(data={**last.data, "recipients": [str(key.to_public())]}))
    keeper = world.desk.centre.recordings
    keeper.keys = Keys(file=key_file(world.folder.root / "keys", key))
    file = keeper.file("c1.o-1", "2023/11/15", encrypted=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(encrypted(file, key).read_bytes()[:-1])
    await world.person("li", Role.SUPERVISOR)
    async with stage(world) as here, page_of(browser, here.base) as (page, _):
        await here.enter(page.context, "li")
        await page.goto("/calls?call=c1")
        player = page.locator("[data-recording='c1.o-1']")
        await player.locator("audio").evaluate("audio => { audio.play().catch(() => {}); }")
        await expect(player.get_by_role("alert")).to_contain_text("The file of this recording is damaged.")


async def test_a_supervisor_plays_a_recording_and_sees_both_sides(browser: Browser) -> None:
    world = with_recording()
    await world.person("li", Role.SUPERVISOR)
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context, "li")
        await page.goto("/calls?call=c1")
        player = page.locator("[data-recording='c1.o-1']")
        await expect(player).to_contain_text("1001")
        await expect(player.get_by_role("button")).to_have_text("0:12 on hold for 0:30")
        await player.locator("audio").evaluate("audio => audio.play()")
        waves = player.get_by_role("img")
        await expect(waves).to_have_count(2)
        height = "path => path.getBBox().height"
        heights = [await waves.nth(side).locator("path").first.evaluate(height) for side in (0, 1)]
        assert heights[0] > 10 > heights[1], "the caller speaks, the agent does not"
        await waves.first.click(position={"x": 1, "y": 20})
        assert await complaints(page) == []
        assert wrong == []


async def test_a_recording_is_played_from_a_point_on_the_line_of_time(browser: Browser) -> None:
    world = with_recording(20.0)
    await world.person("li", Role.SUPERVISOR)
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context, "li")
        await page.goto("/calls?call=c1")
        audio = page.locator("[data-recording='c1.o-1'] audio")
        # The recording began with the call; the hold was from 12.5 to 42.5 s.
        first = page.get_by_role("button", name="Play the recording from 0:00 to 0:12")
        box = await first.bounding_box()
        assert box is not None
        await first.click(position={"x": box["width"] / 10, "y": box["height"] / 2})
        assert 1.2 <= await audio.evaluate(PLAYED, 0) < 12.5
        await page.get_by_role("button", name="Play the recording from 0:42").press("Enter")
        assert 12.5 <= await audio.evaluate(PLAYED, 12.4) < 20
        assert await complaints(page) == []
        assert wrong == []
