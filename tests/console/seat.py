"""An agent's seat without Asterisk: the desk before a hotline in memory and a telephone exchange of the test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, Page

from agents.states import AgentState
from base.role import Role
from journal.records import Kind, Record
from tests.console.browser import page_of
from tests.console.stage import Stage, late_morning, somebody, stage
from tests.console.telephone import Telephone
from tests.console.theatre import World

AGENT, QUEUE = "1002", "water"
"""Ready, and what the agent knows."""

NUMBER = "13800138000"


@dataclass
class Seat:
    here: Stage
    page: Page
    telephone: Telephone

    def set(self, **changed: Any) -> None:
        """Give the agent's view these values, and tell those who watch."""
        self.here.set_agent(AGENT, **changed)

    async def offer(self, call: str = "c9") -> None:
        """A caller who came through the menus and waited 42 s rings at the agent's telephone."""
        world, now = self.here.world, self.here.world.now
        world.note(
            Record(now - 60, Kind.CALL_STARTED, call, data={"caller": NUMBER, "number": "12319", "language": "zh"}),
            Record(now - 58, Kind.MENU_ENTERED, call, data={"menu": "main"}),
            Record(now - 50, Kind.KEY_PRESSED, call, data={"key": "2", "menu": "main"}),
            Record(now - 50, Kind.MENU_ENTERED, call, data={"menu": "utilities"}),
            Record(now - 42, Kind.KEY_PRESSED, call, data={"key": "1", "menu": "utilities"}),
            Record(now - 42, Kind.QUEUED, call, QUEUE, data={"language": "zh", "position": 1}),
            Record(now - 1, Kind.OFFERED, call, QUEUE, AGENT, "o9", {"ring": 15.0, "step": 0}),
        )
        self.set(state=AgentState.RINGING, call_id=call, queue=QUEUE, since=now - 1)
        await self.telephone.ring(NUMBER, "供水")

    async def talk(self) -> None:
        """The agent has answered it."""
        await self.offer()
        await self.page.locator("p > button[data-primary]").wait_for()
        await self.page.keyboard.press("a")
        await self.telephone.hears("200")
        now = self.here.world.now
        self.here.world.note(Record(now, Kind.CONNECTED, "c9", QUEUE, AGENT, "o9", {"waited_s": 42.0}))
        self.set(state=AgentState.ON_CALL, since=now - 207)
        await self.page.locator("[aria-pressed]").first.wait_for()


async def take(page: Page, here: Stage) -> Seat:
    """Sit down there; the browser is the telephone. The microphone may be used if the page's context lets it. The
    account is limited to no queue, as agents' accounts mostly are: `GET queues` has none for it.
    """
    telephone = await Telephone.before(page)
    await page.context.add_init_script(
        "localStorage.getItem('wutong.phone') ?? localStorage.setItem('wutong.phone', 'browser')"
    )
    await somebody(here.world, "li", Role.AGENT, AGENT)
    await here.enter(page.context, "li")
    await page.goto("/desk")
    return Seat(here, page, telephone)


@asynccontextmanager
async def seat(browser: Browser, world: World | None = None, **how: Any) -> AsyncIterator[tuple[Seat, list[str]]]:
    """An agent who may use the microphone, at the desk; and what went wrong in the page."""
    how = {"permissions": ["microphone"], **how}
    async with stage(world or late_morning()) as here, page_of(browser, here.base, **how) as (page, wrong):
        yield await take(page, here), wrong
