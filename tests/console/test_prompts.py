"""The prompts in a real browser, before the real HTTP interface."""

import pytest
from playwright.async_api import Browser, expect

from sounds import audio
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


async def test_a_prompt_is_found_and_heard(browser: Browser) -> None:
    world = late_morning()
    text = world.desk.hotline.menus["main"].say["zh"]
    clip = tone(world.desk.edition.catalogue.clip("zh", text).path, channels=1)
    tone(audio.wide(clip), channels=1, rate=16_000)
    async with stage(world) as here, page_of(browser, here.base) as (page, _):
        await here.enter(page.context)
        await page.goto("/prompts")
        rows = page.locator("[data-prompt]")
        await expect(rows.filter(has_text="Goodbye").first).to_contain_text("no sound yet")
        assert await complaints(page) == []
        few = await rows.count()
        await page.get_by_label("Wutong's own sentences and numbers too").check()
        await expect(rows.nth(few)).to_be_visible()
        main = page.locator("[data-prompt]", has=page.get_by_text(text, exact=True))
        await main.get_by_role("button", name="Listen").focus()
        await page.evaluate(PLAYED)
        await page.keyboard.press("Enter")
        assert await page.evaluate("played") == pytest.approx(0.5, abs=0.05)
        await expect(main).to_have_attribute("data-playing", "false")
        await expect(page.get_by_role("alert")).to_have_count(0)
        await page.get_by_label("Spoken by").select_option("voice")
        await page.get_by_label("Find by words or place").fill("menus.main")
        await expect(rows).to_have_count(2)
        await page.get_by_label("Find by words or place").fill(text)
        await expect(rows).to_have_count(1)
        audio.wide(clip).unlink()
        await rows.get_by_role("button", name="Listen").click()
        await expect(page.get_by_role("alert")).to_contain_text("It cannot be played.")
