"""Why a caller is sent on: typed where the caller is sent, read where the call comes. In a real browser."""

import asyncio
from dataclasses import replace

import pytest
from playwright.async_api import Browser, Page, expect

from agents.states import AgentState
from base.failure import NotPossible
from calls.live.orders import TalkOrders
from journal.actor import Actor
from journal.records import Kind, Record
from lab.patience import until
from tests.console.browser import CHINESE, ENGLISH, complaints
from tests.console.seat import AGENT, NUMBER, QUEUE, Seat, seat
from tests.console.stage import late_morning


class Orders(TalkOrders):
    """Every caller talks with AGENT. The small Asterisk has a clock of its own, and a browser has the real one."""

    def __init__(self) -> None:
        self.refusal: NotPossible | None = None
        self.asked: list[tuple[object, str]] = []

    def talker(self, call_id: str) -> str:
        return AGENT

    async def lead(self, call_id: str) -> None:
        """Every call here is one of a queue."""

    def consult(self, call_id: str, line: object, actor: Actor, *, reason: str = "") -> None:
        self.asked.append((line, reason))

    def transfer(self, call_id: str, to: object, actor: Actor, *, own: bool, reason: str = "") -> None:
        if self.refusal is not None:
            raise self.refusal
        self.asked.append((to, reason))


pytestmark = pytest.mark.asyncio(loop_scope="session")

DESK = {"width": 1366, "height": 768}
REASON = "树压着电线 needs the fire brigade"


async def test_why_is_typed_below_the_list_or_not_at_all(browser: Browser) -> None:
    world = late_morning()
    sent = world.transfers = Orders()
    async with seat(browser, world, viewport=DESK) as (here, _):
        page = here.page
        await here.talk()

        await opens(page, "Consult", "c")
        await page.keyboard.press("Enter")
        await until("the first order", lambda: asyncio.sleep(0, list(sent.asked)), lambda told: told == [("1005", "")])

        sent.refusal = NotPossible("Nobody talks with this caller any more.")
        await opens(page, "Transfer", "t")
        await page.keyboard.press("Tab")
        why = page.get_by_role("textbox", name="Why (optional)")
        await expect(why).to_be_focused()
        await page.keyboard.type("Tree on a line")
        await page.keyboard.press("ArrowLeft")
        await page.keyboard.type("n")
        assert await complaints(page) == []
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Nobody talks with this caller any more.")).to_be_visible()

        sent.refusal = None
        await opens(page, "Transfer", "t")
        await expect(why).to_have_value("Tree on a linne")  # what was typed stays after a refusal
        await page.keyboard.press("Enter")
        wanted = ("1005", "Tree on a linne")
        await until("the order", lambda: asyncio.sleep(0, sent.asked[-1]), lambda told: told == wanted)


async def opens(page: Page, name: str, key: str) -> None:
    """The list, narrowed down to 1005."""
    await expect(page.get_by_role("button", name=name)).to_be_visible()
    await page.keyboard.press(key)
    await page.keyboard.type("1005")
    await expect(page.locator("[role=option][aria-selected=true]")).to_contain_text("1005")


async def sent_by(here: Seat, kind: Kind, **told: str) -> None:
    """1001 talks with a caller, notes nothing, and sends the caller to the agent or asks the agent: it rings."""
    world, now = here.here.world, here.here.world.now
    world.note(
        Record(now - 60, Kind.CALL_STARTED, "c9", data={"caller": NUMBER, "number": "12319", "language": "zh"}),
        Record(now - 50, Kind.QUEUED, "c9", QUEUE, data={"language": "zh", "position": 1}),
        Record(now - 40, Kind.CONNECTED, "c9", QUEUE, "1001", "o9", {"waited_s": 10.0}),
        Record(now - 1, kind, "c9", None, "1001", data={"to": {"agent": AGENT}, **told}),
    )
    here.set(state=AgentState.RINGING, call_id="c9", queue=QUEUE, since=now - 1, sent="rings")


@pytest.mark.parametrize(
    ("locale", "words"),
    [(CHINESE, f"由王晓芳转来：{REASON}"), (ENGLISH, f"王晓芳 sends you this call: {REASON}")],
)
async def test_whoever_receives_the_call_reads_it_at_the_ring_and_in_the_talk(
    browser: Browser, locale: str, words: str
) -> None:
    async with seat(browser, locale=locale, viewport=DESK) as (here, _):
        page = here.page
        await sent_by(here, Kind.TRANSFERRED, how="blind", reason=REASON)
        await expect(page.get_by_text(words)).to_be_visible()
        here.here.world.note(Record(here.here.world.now, Kind.TRANSFER_ANSWERED, "c9", data={"to": {"agent": AGENT}}))
        here.set(state=AgentState.ON_CALL, sent="talks")
        await expect(page.locator("[data-state=on-call]").first).to_be_visible()
        await expect(page.get_by_text(words)).to_be_visible()
        assert await complaints(page) == []


async def test_whoever_is_asked_reads_it_and_has_it_in_the_talk_of_three_and_after_it(browser: Browser) -> None:
    async with seat(browser, viewport=DESK) as (here, _):
        page, world = here.page, here.here.world
        await sent_by(here, Kind.CONSULT_ASKED, reason=REASON)
        await expect(page.get_by_text("王晓芳 asks you about this call. The caller hears music.")).to_be_visible()
        await expect(page.get_by_text(f"Why: {REASON}")).to_be_visible()
        at, to = world.now, {"agent": AGENT}
        world.note(
            Record(at, Kind.CONSULT_ANSWERED, "c9", None, "1001", data={"to": to}),
            Record(at, Kind.CONSULT_JOINED, "c9", None, "1001", data={"to": to}),
        )
        here.set(state=AgentState.ON_CALL, sent="talks")
        await expect(page.get_by_text("王晓芳 has brought you in. The three of you talk.")).to_be_visible()
        await expect(page.get_by_text(f"Why: {REASON}")).to_be_visible()
        world.note(
            Record(at + 1, Kind.TALK_ENDED, "c9", QUEUE, "1001", data={"by": "agent", "talked_s": 5.0}),
            Record(at + 1, Kind.TRANSFERRED, "c9", None, "1001", data={"how": "consult", "to": to}),
            Record(at + 1, Kind.TRANSFER_ANSWERED, "c9", data={"to": to}),
        )
        await page.reload()
        await expect(page.get_by_text(f"王晓芳 sends you this call: {REASON}")).to_be_visible()


async def test_who_is_signed_out_notes_a_call_that_was_sent_in_the_talk_and_after_it(browser: Browser) -> None:
    async with seat(browser, viewport=DESK) as (here, _):
        page, world = here.page, here.here.world
        await sent_by(here, Kind.TRANSFERRED, how="blind")
        at = world.now
        world.note(Record(at, Kind.TRANSFER_ANSWERED, "c9", data={"to": {"agent": AGENT}}))
        here.set(state=AgentState.ON_CALL, next_state=AgentState.LOGGED_OUT, sent="talks")
        notes = page.get_by_role("textbox", name="Notes")
        await notes.fill("Tree removed")
        world.note(
            Record(at + 1, Kind.TRANSFER_ENDED, "c9", data={"to": {"agent": AGENT}, "by": "caller"}),
            Record(at + 1, Kind.CALL_FINISHED, "c9", data={"by": "caller"}),
        )
        view = world.agents.views[AGENT]
        world.agents.views[AGENT] = replace(view, call_id=None, queue=None, sent=None, next_state=None)
        here.set(state=AgentState.LOGGED_OUT)
        await expect(page.get_by_role("button", name="Ready")).to_be_visible()
        await expect(notes).to_have_value("Tree removed")
        await notes.fill("Tree removed, street is open")
        await page.keyboard.press("Escape")
        story = world.book._pages["c9"].story

        async def noted() -> list[tuple[str | None, str]]:
            return [(step.agent, str(step.data["note"])) for step in story if step.kind is Kind.NOTE]

        await until("the note", noted, lambda told: told[-1:] == [(AGENT, "Tree removed, street is open")])
