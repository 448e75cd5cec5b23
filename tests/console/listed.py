"""What the pages of lists have in common, in a real browser: missed callers, messages."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Locator, Page, expect

from journal.records import Kind, Record
from tests.console.agent_phone import Dials
from tests.console.browser import page_of
from tests.console.stage import stage
from tests.console.theatre import World

NUMBER, OTHER = "13800138000", "13900139000"
"""Two citizens: the first one is known to the queue greening, the other one to general."""


class Listed:
    """The page of a list. `what`: the name in `data-…` of its rows, which have the citizens' numbers."""

    def __init__(self, page: Page, what: str) -> None:
        self.page, self._what = page, what
        self.rows = page.locator(f"[data-{what}]")

    def row(self, number: str = NUMBER) -> Locator:
        return self.page.locator(f"[data-{self._what}='{number}']")

    async def shows(self, *numbers: str) -> None:
        """These citizens, in this order, and nobody else."""
        await expect(self.rows).to_have_count(len(numbers))
        for index, number in enumerate(numbers):  # a list before may have had as many
            await expect(self.rows.nth(index)).to_have_attribute(f"data-{self._what}", number)

    async def calls(self, dials: Dials) -> None:
        """The agent 1001 calls the first citizen, in the dialog that is open."""
        dialog = self.page.get_by_role("dialog", name="Call a citizen")
        await expect(dialog.get_by_label("The citizen's number")).to_have_value(NUMBER)
        await expect(dialog.get_by_label("For which queue")).to_have_value("greening")
        await dialog.get_by_role("button", name="Call").click()
        await expect(dialog).to_have_count(0)
        assert dials.called == [("1001", NUMBER, "greening")]


def answered(at: float) -> list[Record]:
    """The agent 1001 talks with the first citizen."""
    number = {"number": NUMBER}
    return [
        Record(at, Kind.CALL_OUT_DIALLED, "out", "greening", "1001", data={**number, "shown": "12319"}),
        Record(at, Kind.CALL_OUT_ANSWERED, "out", "greening", "1001", data=number),
    ]


@asynccontextmanager
async def listed(
    browser: Browser, world: World, who: str, path: str, what: str, complaints: Sequence[str] = ()
) -> AsyncIterator[Listed]:
    """The page that this person opens. What the browser complains of is exactly `complaints`."""
    async with stage(world) as here, page_of(browser, here.base) as (page, wrong):
        await here.enter(page.context, who)
        await page.goto(path)
        yield Listed(page, what)
        assert wrong == [*complaints]


async def of_own_queues(browser: Browser, world: World, path: str, what: str) -> None:
    """Prove that the agent 1001 sees whoever is listed for the queues that the agent could serve, and nobody else."""
    serves = world.desk.serves("1001")
    async with listed(browser, world, "wang", path, what) as page:
        await page.shows(*(number for number, queue in ((NUMBER, "greening"), (OTHER, "general")) if queue in serves))
