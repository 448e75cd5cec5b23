"""How the wall uses a screen, measured in a real browser: hotlines of all sizes, on two screens; and its typeface."""

import time
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import Browser

from agents.states import AgentState, PhoneState
from tests.console.browser import CHINESE, ENGLISH, page_of
from tests.console.crowded import PROBE, crowded
from tests.console.stage import stage
from tests.console.theatre import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCREENS = [(1440, 900), (1920, 1080)]
QUEUES, AGENTS = (8, 20, 50), (20, 200)

ONE_IN = 20
"""So many agents have one who does not answer, or whose phone is unreachable."""

READABLE = 12
"""Pixels of the smallest letters in a tile."""

BOXES = """() => {
  const box = (element) => {
    const {left, top, right, bottom} = element.getBoundingClientRect();
    return {left, top, right, bottom, level: Number(element.dataset.level ?? 0)};
  };
  const agents = document.querySelector('section[aria-labelledby=agents]').getBoundingClientRect();
  return {
    tiles: [...document.querySelectorAll('[data-queue]')].map(box),
    cards: [...document.querySelectorAll('[data-agent]')].map(box),
    fold: Math.min(innerHeight, agents.bottom),
    letters: Math.min(...[...document.querySelectorAll('[data-queue]')]
      .map((tile) => parseFloat(getComputedStyle(tile).fontSize))),
    cut: [...document.querySelectorAll('[data-queue] > div')]
      .filter((inside) => inside.scrollHeight > inside.clientHeight).map((inside) => inside.textContent),
    page: document.documentElement.scrollHeight,
  };
}"""


def with_troubles(queues: int, agents: int) -> World:
    """One agent of twenty needs somebody now. In every third queue somebody waits, in some for too long."""
    world = crowded(agents, queues)
    now = time.time()
    for number, (agent, view) in enumerate(world.agents.views.items()):
        if number % ONE_IN == 0:
            world.agents.views[agent] = replace(view, phone=PhoneState.UNREACHABLE, away=True)
        elif number % 3 == 0:
            world.agents.views[agent] = replace(view, state=AgentState.ON_CALL, since=now - number)
    for number, (name, queue) in enumerate(world.queues.views.items()):
        if number % 3 == 0 and name != PROBE:
            world.queues.views[name] = replace(queue, waiting=1 + number % 12, longest_wait_s=7.0 * number)
    return world


def rows(tiles: list[dict[str, float]]) -> list[int]:
    """How many tiles stand in each row, from above."""
    return [count for _, count in sorted(Counter(round(tile["top"]) for tile in tiles).items())]


def filled(boxes: list[dict[str, float]], fold: float, width: float, height: float) -> float:
    """The part of the screen's lower half that boxes take. They do not lie over each other."""
    area = 0.0
    for box in boxes:
        high = min(box["bottom"], fold) - max(box["top"], height / 2)
        area += max(0.0, high) * (box["right"] - box["left"])
    return area / (width * height / 2)


@pytest.mark.parametrize("locale", [ENGLISH, CHINESE])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: f"{screen[0]}x{screen[1]}")
async def test_the_wall_uses_the_screen(browser: Browser, screen: tuple[int, int], locale: str) -> None:
    width, height = screen
    viewport: Any = {"width": width, "height": height}
    for queues in QUEUES:
        for agents in AGENTS:
            what = f"{queues} queues, {agents} agents"
            async with (
                stage(with_troubles(queues, agents)) as here,
                page_of(browser, here.base, locale=locale, viewport=viewport) as (page, wrong),
            ):
                await here.enter(page.context)
                await page.goto("/wall")
                await page.locator("[data-queue]").nth(queues - 1).wait_for()
                await page.locator("[data-agent]").nth(agents - 1).wait_for(state="attached")
                await page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
                seen = await page.evaluate(BOXES)
                assert wrong == []
            assert seen["page"] <= height, what
            assert seen["letters"] >= READABLE, what
            assert seen["cut"] == [], what
            *full, last = rows(seen["tiles"])
            assert len(set(full)) <= 1, what
            assert not full or 2 * last >= full[0], f"{what}: a row with {last} of {full[0]} tiles"
            assert all(tile["bottom"] <= height for tile in seen["tiles"]), what
            needing = [card for card in seen["cards"] if card["level"] == 2]
            assert len(needing) == agents // ONE_IN
            assert all(card["bottom"] <= seen["fold"] for card in needing), f"{what}: somebody is below the fold"
            used = filled([*seen["tiles"], *seen["cards"]], seen["fold"], width, height)
            assert used > 0.5, f"{what}: the lower half is {used:.0%} full"


WIDTHS = """() => {
  const width = (text) => {
    const span = document.body.appendChild(document.createElement('span'));
    span.textContent = text;
    const {width} = span.getBoundingClientRect();
    span.remove();
    return width;
  };
  return ['1111111111', '8888888888', 'Wutong', '梧桐'].map(width);
}"""
"""Of words in the page's type; the figures that count stand below each other."""

OTHER = "document.documentElement.style.setProperty('--font', 'serif')"


@pytest.mark.parametrize("locale", [ENGLISH, CHINESE])
async def test_the_typeface_ships_and_its_figures_have_one_width(whole: Browser, locale: str) -> None:
    async with stage(crowded(4, 2)) as here, page_of(whole, here.base, locale=locale) as (page, wrong):
        await here.enter(page.context)
        async with page.expect_request_finished(lambda request: request.url.endswith(".woff2")) as fetched:
            await page.goto("/wall")
        response = await (await fetched.value).response()
        assert response is not None
        assert (response.status, response.headers["content-type"]) == (200, "font/woff2")
        await page.locator("[data-queue]").first.wait_for()
        await page.evaluate("document.fonts.ready")
        ones, eights, word, chinese = await page.evaluate(WIDTHS)
        assert ones == eights
        await page.evaluate(OTHER)
        _, _, other_word, other_chinese = await page.evaluate(WIDTHS)
        assert other_word != word
        assert other_chinese == chinese, "Chinese is the system's"
        assert wrong == []
