"""The prompts in a real browser, before the real HTTP interface."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.console.browser import complaints, page_of
from tests.console.stage import late_morning, stage
from tests.unit.sounds.making import tone

pytestmark = pytest.mark.asyncio(loop_scope="session")


PLAYED = """() => {
    const play = HTMLMediaElement.prototype.play;
    window.played = new Promise((done) => {
        HTMLMediaElement.prototype.play = function () {
            this.addEventListener("ended", () => done(this.duration));
            const begun = play.call(this);
            begun.catch((error) => done(String(error)));
            return begun;
        };
    });
}"""
"""How many seconds the next sound has that is played to its end, or why it is not."""


async def test_a_prompt_is_found_and_heard(browser: Browser, tmp_path: Path) -> None:
    world = late_morning()
    sound = tmp_path / "prompt.wav"
    tone(sound, channels=1, rate=16_000)
    world.prompts.sounds["3f2a91c0"] = sound.read_bytes()
    async with stage(world) as here, page_of(browser, here.base) as (page, _):
        await here.enter(page.context)
        await page.goto("/prompts")
        rows = page.locator("[data-prompt]")
        await expect(rows).to_have_count(2)
        await page.get_by_label("Wutong's own sentences and numbers too").check()
        await expect(rows).to_have_count(3)
        await expect(page.locator("[data-prompt='9d31b7e2']")).to_contain_text("no sound yet")
        assert await complaints(page) == []
        main = page.locator("[data-prompt='3f2a91c0']")
        await main.get_by_role("button", name="Listen").focus()
        await page.evaluate(PLAYED)
        await page.keyboard.press("Enter")
        assert await page.evaluate("played") == pytest.approx(0.5, abs=0.05)
        await expect(main).to_have_attribute("data-playing", "false")
        await expect(page.get_by_role("alert")).to_have_count(0)
        await page.get_by_label("Spoken by").select_option("draft")
        await page.get_by_label("Find by words or place").fill("menus.late")
        await expect(rows).to_have_count(1)
        await rows.get_by_role("button", name="Listen").click()
        await expect(page.get_by_role("alert")).to_contain_text("It cannot be played.")
