"""A picture of the console: its name, the size of the screen, how a page comes to look so, and the taking."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, Page

from tests.console.browser import CHINESE, ENGLISH, page_of
from tests.console.stage import Stage, busy, stage
from tests.console.theatre import World

MOMENT = datetime(2026, 3, 3, 2, 30, tzinfo=UTC).timestamp()
"""Every picture is of this moment, so that it changes only with the console."""

LANGUAGES = {"zh": CHINESE, "en": ENGLISH}
THEMES = ("light", "dark")

DESK, SCREEN = (1366, 768), (1920, 1080)
SMALLER = {DESK: 0.85, SCREEN: 0.6}
"""Dots of a picture for the docs to each of the screen's."""


@dataclass(frozen=True, slots=True)
class Shot:
    """`look`: brings the page there. `size`: of the screen, in pixels. `before`: makes the hotline another one."""

    name: str
    size: tuple[int, int]
    look: Callable[[Page, Stage], Awaitable[None]]
    before: Callable[[World], None] | None = None


async def take(browser: Browser, shot: Shot, language: str, theme: str, folder: Path, *, small: bool) -> Path:
    """One picture, `NAME-LANGUAGE-THEME.png` in the folder. `small`: for the docs."""
    width, height = shot.size
    how = {
        "color_scheme": theme,
        "device_scale_factor": SMALLER[shot.size] if small else 1,
        "viewport": {"width": width, "height": height},
    }
    world = busy(MOMENT, agents=24)
    if shot.before is not None:
        shot.before(world)
    async with (
        stage(world) as here,
        page_of(browser, here.base, locale=LANGUAGES[language], timezone_id="Asia/Shanghai", **how) as (page, _),
    ):
        await page.clock.set_fixed_time(datetime.fromtimestamp(MOMENT, UTC))
        await shot.look(page, here)
        await page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
        file = folder / f"{shot.name}-{language}-{theme}.png"
        await page.screenshot(path=file)
        return file
