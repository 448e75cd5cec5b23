"""What the console's pictures show: a name, the size of the screen, and how a page comes to look so."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, Page

from accounts.audit import Entry
from accounts.model import Role
from tests.console.browser import CHINESE, ENGLISH, page_of
from tests.console.stage import SUPERVISOR, Stage, busy, stage
from tests.unit.service.world import PASSWORD

R = Role

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


async def _account(page: Page, here: Stage) -> None:
    await here.world.person("zhang", Role.SUPERVISOR)
    await here.enter(page.context, "zhang")
    await page.goto("/account")
    await page.locator("#own-factor ~ div button").click()
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.locator("svg[role=img]").wait_for()


async def _people(page: Page, here: Stage) -> None:
    world = here.world
    for name, role, agent in (("admin", R.ADMINISTRATOR, None), ("li", R.AGENT, "1002"), ("zhou", R.OPERATIONS, None)):
        await world.person(name, role, agent=agent)
    await world.accounts.directory.change("zhou", roles=frozenset({R.OPERATIONS, R.SUPERVISOR}))
    await world.accounts.directory.change(SUPERVISOR, queues=frozenset({"gas", "water"}))
    await world.key(R.OPERATIONS)
    await here.enter(page.context, "admin")
    await page.goto("/people")
    await page.locator("[data-person=li]").wait_for()


async def _audit(page: Page, here: Stage) -> None:
    world = here.world
    await world.person("admin", R.ADMINISTRATOR)
    done = (
        ("sign-in-refused", "/session", "name=zhou", 401),
        ("signed-in", "/session", "", 201),
        ("callers-listed", "/queues/gas/callers", "", 200),
        ("call-read", "/calls/c17", "", 200),
        ("agent-state", "/agents/1006/state", "", 200),
        ("user-changed", "/users/li", "roles=agent,supervisor agent=1002", 403),
        ("call-moved", "/calls/c18/move", "front", 200),
        ("restart", "/restart", "", 503),
    )
    world.audited.entries = [
        Entry(MOMENT - 3_600 + 400 * place, f"user:{SUPERVISOR}", what, target, detail, "10.1.0.23", status)
        for place, (what, target, detail, status) in enumerate(done)
    ]
    await here.enter(page.context, "admin")
    await page.goto("/audit")
    await page.locator("tbody tr").first.wait_for()


async def _person(page: Page, here: Stage) -> None:
    await _people(page, here)
    await page.locator(f"[data-person={SUPERVISOR}] button").first.click()
    await page.locator("dialog[open]").wait_for()


SHOTS = (
    Shot("sign-in", DESK, _sign_in),
    Shot("wall", DESK, _wall),
    Shot("wall-state", DESK, _state),
    Shot("wall-lost", DESK, _lost),
    Shot("wall-big", SCREEN, _big),
    Shot("account", DESK, _account),
    Shot("audit", DESK, _audit),
    Shot("people", DESK, _people),
    Shot("people-rights", DESK, _person),
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
