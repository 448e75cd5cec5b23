"""A citizen's other numbers are linked at the desk, and have one history. In a real browser."""

import pytest
from playwright.async_api import Browser, expect

from tests.console.browser import CHINESE, ENGLISH, complaints
from tests.console.seat import NUMBER, seat
from tests.console.stage import late_morning
from tests.unit.archive import in_vain, past

pytestmark = pytest.mark.asyncio(loop_scope="session")

OTHER = "13900139000"
WORDS = {
    CHINESE: (
        "此号码的来电记录",
        "关联此人的另一个号码…",
        "还用这个号码来电：",
        "取消关联",
        "来自",
        "这就是本次来电的号码",
    ),
    ENGLISH: (
        *("Earlier calls of this number", "Another number of this person …", "Also calls from", "Unlink", "from"),
        "That is the number of this call itself.",
    ),
}


@pytest.mark.parametrize("locale", [CHINESE, ENGLISH])
async def test_a_number_is_linked_and_unlinked_and_the_history_follows(browser: Browser, locale: str) -> None:
    title, another, also, unlink, source, itself = WORDS[locale]
    world = late_morning()
    world.archive.keep(past("b2", world.now - 7_000, OTHER, "gas"), in_vain("b1", world.now - 9_000, NUMBER, "water"))
    async with seat(browser, world, locale=locale, viewport={"width": 1366, "height": 768}) as (here, _):
        page = here.page
        await here.talk()
        history = page.get_by_role("region", name=title)
        rows = history.get_by_role("listitem")
        await expect(rows).to_have_count(1)

        await history.get_by_role("button", name=another).click()
        field = history.get_by_label(also)
        await expect(field).to_be_focused()
        await page.keyboard.type(NUMBER)
        await page.keyboard.press("Enter")
        await expect(history.get_by_role("alert")).to_contain_text(itself)
        await field.fill("139-0013-9000")
        assert await complaints(page) == []
        await page.keyboard.press("Enter")
        await expect(rows).to_have_count(2)
        await expect(rows.first).to_contain_text(f"{source} {OTHER}")
        await expect(history.get_by_role("alert")).to_have_count(0)
        assert await world.archive.linked.of(NUMBER) == [OTHER]
        assert await complaints(page) == []

        await page.reload()
        await expect(rows).to_have_count(2)
        await history.get_by_role("button", name=unlink).click()
        await expect(rows).to_have_count(1)
        assert await world.archive.linked.of(NUMBER) == []


async def test_escape_leaves_what_was_typed_and_no_letter_is_a_key_of_the_desk(browser: Browser) -> None:
    async with seat(browser) as (here, _):
        page = here.page
        await here.talk()
        await page.get_by_role("button", name="Another number of this person …").click()
        await page.keyboard.type("mkt")
        await expect(page.get_by_label("Also calls from")).to_have_value("mkt")
        await expect(page.get_by_role("button", name="Mute")).to_have_attribute("aria-pressed", "false")
        await page.keyboard.press("Escape")
        await expect(page.get_by_label("Also calls from")).to_have_count(0)
        await expect(page.get_by_role("button", name="Press again")).to_have_count(0)
