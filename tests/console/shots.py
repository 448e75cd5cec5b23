"""What the console's pictures show: a name, the size of the screen, and how a page comes to look so."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, Page

from agents.states import AgentState
from tests.console.browser import CHINESE, ENGLISH, page_of
from tests.console.seat import Seat
from tests.console.seat import take as sit_down
from tests.console.stage import Stage, busy, stage

MOMENT = datetime(2026, 3, 3, 2, 30, tzinfo=UTC).timestamp()
"""Every picture is of this moment, so that it changes only with the console."""

LANGUAGES = {"zh": CHINESE, "en": ENGLISH}
THEMES = ("light", "dark")

DESK, SCREEN = (1366, 768), (1920, 1080)
SMALLER = {DESK: 0.85, SCREEN: 0.6}
"""Dots of a picture for the docs to each of the screen's."""


@dataclass(frozen=True, slots=True)
class Shot:
    """`look`: brings the page there. `size`: of the screen, in pixels."""

    name: str
    size: tuple[int, int]
    look: Callable[[Page, Stage], Awaitable[None]]


async def _sign_in(page: Page, here: Stage) -> None:
    await page.goto("/")
    await page.locator("input[name=name]").wait_for()


async def _wall(page: Page, here: Stage) -> None:
    await here.enter(page.context)
    await page.goto("/wall")
    await page.locator("[data-queue=gas]").wait_for()


async def _state(page: Page, here: Stage) -> None:
    await _wall(page, here)
    await page.locator("[data-agent='1003']").click()
    await page.locator("dialog[open]").wait_for()


async def _big(page: Page, here: Stage) -> None:
    await here.enter(page.context)
    await page.goto("/wall?big")
    await page.locator("[data-queue=gas]").wait_for()


async def _lost(page: Page, here: Stage) -> None:
    await _wall(page, here)
    await page.route("**/api/**", lambda route: route.abort())
    here.world.broadcast.close()
    await page.get_by_role("alert").wait_for()


async def _desk(page: Page, here: Stage) -> Seat:
    """Its microphone was tested."""
    await page.context.grant_permissions(["microphone", "notifications"])
    seat = await sit_down(page, here)
    await page.locator("[data-link=registered]").wait_for()
    await page.evaluate(
        "(async () => { const stream = await navigator.mediaDevices.getUserMedia({audio: true}); localStorage.setItem("
        "'wutong.tested', JSON.stringify(stream.getAudioTracks()[0].label)); })()"
    )
    await page.reload()
    await page.locator("[data-link=registered]").wait_for()
    return seat


async def _desk_ready(page: Page, here: Stage) -> None:
    await _desk(page, here)


async def _desk_offer(page: Page, here: Stage) -> None:
    await (await _desk(page, here)).offer()
    await page.locator("[data-state=ringing]").wait_for()


async def _desk_call(page: Page, here: Stage) -> None:
    await (await _desk(page, here)).talk()
    await page.keyboard.press("k")
    await page.locator("[data-state=on-call]").wait_for()


async def _desk_wrap_up(page: Page, here: Stage) -> None:
    seat = await _desk(page, here)
    seat.set(state=AgentState.WRAP_UP, since=MOMENT - 9, until=MOMENT + 21)
    await page.locator("[data-state=wrap-up]").wait_for()


async def _desk_missed(page: Page, here: Stage) -> None:
    seat = await _desk(page, here)
    seat.set(state=AgentState.NOT_READY, reason="rona", missed_offers=1)
    await page.locator("[data-state=not-ready]").wait_for()


async def _desk_silent(page: Page, here: Stage) -> None:
    """Without a microphone."""
    await sit_down(page, here)
    await page.locator("[class*=trouble]").wait_for()


async def _desk_sound(page: Page, here: Stage) -> None:
    await _desk(page, here)
    await page.evaluate("localStorage.removeItem('wutong.tested')")
    await page.add_init_script("AnalyserNode.prototype.getFloatTimeDomainData = (samples) => samples.fill(0.05)")
    await page.reload()
    await page.locator("[data-link=registered]").wait_for()
    await page.locator("[data-sound]").click()
    await page.locator("dialog[open] meter").wait_for()


SHOTS = (
    Shot("sign-in", DESK, _sign_in),
    Shot("wall", DESK, _wall),
    Shot("wall-state", DESK, _state),
    Shot("wall-lost", DESK, _lost),
    Shot("wall-big", SCREEN, _big),
    Shot("desk", DESK, _desk_ready),
    Shot("desk-offer", DESK, _desk_offer),
    Shot("desk-call", DESK, _desk_call),
    Shot("desk-wrap-up", DESK, _desk_wrap_up),
    Shot("desk-missed", DESK, _desk_missed),
    Shot("desk-silent", DESK, _desk_silent),
    Shot("desk-sound", DESK, _desk_sound),
)


async def take(browser: Browser, shot: Shot, language: str, theme: str, folder: Path, *, small: bool) -> Path:
    """One picture, `NAME-LANGUAGE-THEME.png` in the folder. `small`: for the docs."""
    width, height = shot.size
    how = {
        "color_scheme": theme,
        "device_scale_factor": SMALLER[shot.size] if small else 1,
        "reduced_motion": "reduce",
        "viewport": {"width": width, "height": height},
    }
    async with (
        stage(busy(MOMENT, agents=24)) as here,
        page_of(browser, here.base, locale=LANGUAGES[language], timezone_id="Asia/Shanghai", **how) as (page, _),
    ):
        await page.clock.set_fixed_time(MOMENT * 1_000)
        await shot.look(page, here)
        await page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
        file = folder / f"{shot.name}-{language}-{theme}.png"
        await page.screenshot(path=file)
        return file
