"""A real browser, Debian's Chromium, that reaches nothing but loopback."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from shutil import which
from typing import Any

from playwright.async_api import Browser, Page, async_playwright, expect

from lab.console import FOLDER
from lab.patience import PATIENCE

OPTIONS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--no-first-run",
    "--no-sandbox",  # root, as in CI, has none
)

AXE = FOLDER / "node_modules" / "axe-core" / "axe.min.js"

AT_ONCE = 0.3
"""Seconds from a change to the screen. A starved machine adds to it, so the shortest of several tries counts."""

SOUNDS = """
window.sounding = new Set();
const Plain = window.AudioContext, Note = window.OscillatorNode;
window.AudioContext = class extends Plain {
  close() { window.sounding.delete(this); return super.close(); }
};
window.OscillatorNode = class extends Note {
  constructor(context, how) { super(context, how); window.sounding.add(context); }
};
"""
"""Lets the test know what rings: `sounding` has the contexts in which a note is played, until they are closed. A
context that only asks the browser whether it may sound is none of them: under load it may stay suspended for good.
"""

expect.set_options(timeout=PATIENCE * 1_000)

ENGLISH, CHINESE = "en-GB", "zh-CN"


SHELL, WHOLE = "chromium-headless-shell", "chromium"
"""The same Chromium without and with its own windows. Without them a page takes two thirds of a processor's time."""

ALLOWED = "--use-fake-ui-for-media-stream"
"""SHELL cannot ask people whether a page may use the microphone: each page may. WHOLE asks its settings."""


@asynccontextmanager
async def chromium(*more: str, program: str = SHELL) -> AsyncIterator[Browser]:
    """`more`: options beside ours. It fails where there is no Chromium: `./wutong test` installs one."""
    found = which(program)
    assert found is not None, f"{program} is not on PATH; ./wutong test installs it"
    options = [*OPTIONS, *more, *([ALLOWED] if program == SHELL else [])]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=options)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def page_of(
    browser: Browser, base: str, *, locale: str = ENGLISH, **how: Any
) -> AsyncIterator[tuple[Page, list[str]]]:
    """A page of a fresh profile, and what went wrong in it: words of its log, requests that leave `base`.

    `how`: of Playwright's `new_context`. Nothing moves, unless it says so: to draw what moves takes a processor a sixth
    of all its work for a page.
    """
    context = await browser.new_context(base_url=base, locale=locale, **{"reduced_motion": "reduce", **how})
    context.set_default_timeout(PATIENCE * 1_000)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(base) else wrong.append(request.url))
    try:
        yield page, wrong
    finally:
        await context.close()


@asynccontextmanager
async def still(browser: Browser) -> AsyncIterator[None]:
    """The pages' processes stand still meanwhile, as in a computer that sleeps.

    Chromium freezes no page that can be seen, and a headless one can always be seen.
    """
    session = await browser.new_browser_cdp_session()
    told = await session.send("SystemInfo.getProcessInfo")
    pages = [process["id"] for process in told["processInfo"] if process["type"] == "renderer"]
    try:
        for page in pages:
            os.kill(page, signal.SIGSTOP)
        yield
    finally:
        for page in pages:
            os.kill(page, signal.SIGCONT)


async def sign_in(page: Page, name: str, password: str) -> None:
    await page.locator("input[name=name]").fill(name)
    await page.locator("input[name=password]").fill(password)
    await page.locator("button[type=submit]").click()


async def appears(page: Page, what: str, words: str) -> asyncio.Future[float]:
    """When (seconds since the epoch) an element is on the screen that has the words. The page looks from now on."""
    await page.evaluate(
        """([what, words]) => {
            window.appeared = new Promise((done) => {
                const look = () => {
                    const found = [...document.querySelectorAll(what)].some((one) => one.textContent.includes(words));
                    requestAnimationFrame(found ? () => done(Date.now() / 1000) : look);
                };
                look();
            });
        }""",
        [what, words],
    )
    return asyncio.ensure_future(page.evaluate("window.appeared"))


MOVES_END = """Promise.allSettled(document.getAnimations()
    .filter((each) => Number.isFinite(each.effect?.getComputedTiming().endTime)).map((each) => each.finished))"""
"""In the page: waits for all transitions and animations that have an end."""


async def complaints(page: Page) -> list[str]:
    """What axe-core finds serious or critical, in the page as it is once no colour changes any more."""
    await page.evaluate(MOVES_END)
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text())
    return [
        f"{one['id']}: {one['help']}: {[node['html'] for node in one['nodes']][:3]}"
        for one in await page.evaluate(VIOLATIONS)
        if one["impact"] in ("serious", "critical")
    ]


VIOLATIONS = """axe.run(document, {resultTypes: ['violations'], rules: Object.fromEntries(axe._audit.rules
    .filter((rule) => ['minor', 'moderate'].includes(rule.impact)).map((rule) => [rule.id, {enabled: false}]))})
    .then((found) => found.violations)"""
"""In the page: what breaks a rule. The impact of a violation is its rule's, so rules that are never serious are not
tried: that takes a fifth less. To tell of each element that breaks none would take a processor for seconds.
"""
