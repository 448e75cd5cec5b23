"""What an agent asks for over HTTP in the storm, and that what goes wrong there is a loss."""

import asyncio
from collections.abc import Callable
from random import Random
from typing import Any, cast

import pytest

from lab.chaos.caller import Errand, Visit
from lab.chaos.conduct import ANSWERS, Aside, Death, Way
from lab.chaos.desk import Desk, InTalk
from lab.chaos.hearing import Hearing
from lab.chaos.ledger import Ledger, Story
from lab.chaos.moments import Moments
from lab.chaos.site import Site
from lab.chaos.views import Talk
from lab.chaos.voices import Voices
from lab.phone import Ending, IncomingCall
from tests.unit.faketime import fake_time

NUMBER, CALLER_VOICE, AGENT_VOICE = "13000000000", "caller:1", "agent:1001"


class Hotline:
    """A hotline with one call, as its `Site`. `does` of an order: what happens beside, or instead if it is a status."""

    def __init__(self) -> None:
        self.orders: list[str] = []
        self.does: dict[str, int | Callable[[], None]] = {}
        self.held = self.asked = self.picks_up = self.leaks = self.deaf = False
        self.transfers: list[Any] = []
        self.ended: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()

    async def post(self, path: str, body: Any = None) -> int:
        order = path.split("/")[-1]
        self.orders.append(order)
        does = self.does.get(order, 200)
        if does == 409:
            return 409
        match order:
            case "hold" | "transfer":
                self.held, self.asked = True, order == "transfer"
            case "unhold" | "return":
                self.held = self.asked = False
            case "complete":
                self.transfers.append({})
                self.ended.set_result(Ending(by_us=False))
        if not isinstance(does, int):
            does()
            return 200
        return does

    async def get(self, path: str) -> Any:
        told: dict[str, Any] = {
            "id": "c",
            "caller": NUMBER,
            "held": "now" if self.held else None,
            "transfers": self.transfers,
        }
        told["consulted"] = {"agent": ANSWERS} if self.asked else None
        return [told] if path.startswith("calls?") else told

    def ago(self, label: str) -> float:
        """What agent and caller hear, as the `Hearing` of both."""
        if label not in (CALLER_VOICE, AGENT_VOICE):
            return 0.0 if self.asked and self.picks_up else 9.0
        return 9.0 if self.deaf or (self.held and not (self.leaks and label == AGENT_VOICE)) else 0.0

    async def hang_up(self) -> None:
        self.orders.append("hangs up")


class Case:
    """An agent in a talk, at a desk."""

    def __init__(self) -> None:
        self.hotline = hotline = Hotline()
        self.ledger, site = Ledger(lambda line: None), cast(Site, hotline)
        self.joined: dict[str, Visit] = {}
        visit = Visit(
            *(NUMBER, CALLER_VOICE, Errand("general"), Random(1), site, Voices(), Moments(), self.ledger),
            lambda label, voice: None,
        )
        visit.hearing = ear = cast(Hearing, hotline)
        self.visit, self.talk = visit, Talk(NUMBER, "1001", 0.0)
        call = cast(IncomingCall, hotline)
        self.of = InTalk(call, visit, self.talk, ear, CALLER_VOICE, AGENT_VOICE, False, hotline.ended)
        story = Story(self.ledger)
        self.desk = Desk("1001", Random(1), site, Moments(), self.ledger, story, self.joined, set())

    async def asks(self, aside: Aside, act: Death | None = None) -> list[str]:
        """The orders that it took."""
        await self.desk.ask(self.of, aside, act)
        return self.hotline.orders

    @property
    def lost(self) -> list[str]:
        return [loss.why for loss in self.ledger.losses]


@fake_time
async def test_a_caller_is_held_and_taken_back() -> None:
    case = Case()
    assert await case.asks(Aside.BRIEFLY) == ["hold", "unhold"]
    assert (case.lost, case.talk.ended) == ([], None)


@fake_time
async def test_a_caller_stays_on_hold_whose_agent_s_phone_is_about_to_die() -> None:
    case = Case()
    assert await case.asks(Aside.BRIEFLY, Death.HOLDING) == ["hold"]


@fake_time
async def test_a_caller_on_hold_who_hears_the_agent_is_a_loss() -> None:
    case = Case()
    case.hotline.leaks = True
    await case.asks(Aside.BRIEFLY)
    assert case.lost == ["agent 1001: the caller on hold hears the agent"]


@pytest.mark.parametrize("aside", [Aside.BRIEFLY, Aside.RETURNED])
@fake_time
async def test_two_who_do_not_hear_each_other_after_a_hold_are_a_loss(aside: Aside) -> None:
    case = Case()
    case.hotline.picks_up = True
    order = "unhold" if aside is Aside.BRIEFLY else "return"
    case.hotline.does[order] = lambda: setattr(case.hotline, "deaf", True)
    assert (await case.asks(aside))[-1] == order
    (why,) = case.lost
    assert why.endswith(f"after {order} agent and caller do not hear each other")


@fake_time
async def test_a_colleague_gets_the_caller() -> None:
    case = Case()
    case.hotline.picks_up = True
    assert await case.asks(Aside.COMPLETED) == ["transfer", "complete"]
    assert (case.lost, case.visit.handoffs, case.joined) == ([], 1, {ANSWERS: case.visit})
    assert case.talk.ended is not None
    assert [(sent.agent, sent.transfer.way) for sent in case.ledger.views.sent] == [("1001", Way.COMPLETED)]


@fake_time
async def test_a_caller_who_cannot_be_given_comes_back() -> None:
    case = Case()
    case.hotline.picks_up = True
    case.hotline.does["complete"] = 409
    orders = await case.asks(Aside.COMPLETED)
    assert (orders[0], orders[-1], set(orders[1:-1])) == ("transfer", "return", {"complete"})
    assert (case.lost, case.visit.handoffs, case.joined, case.talk.ended) == ([], 0, {}, None)
    assert case.ledger.views.sent == []


@fake_time
async def test_a_consultation_that_nobody_answers_comes_back_by_itself_or_is_a_loss() -> None:
    case = Case()
    asyncio.get_running_loop().call_later(20, lambda: setattr(case.hotline, "held", False))
    assert await case.asks(Aside.DECLINED) == ["transfer"]
    assert case.lost == []
    case = Case()
    await case.asks(Aside.NOBODY)
    assert ["nobody answers" in why for why in case.lost] == [True]


@fake_time
async def test_an_order_whose_answer_is_lost_is_not_sent_again() -> None:
    case = Case()
    case.hotline.does["hold"] = 0
    assert await case.asks(Aside.BRIEFLY) == ["hold", "unhold"]


@fake_time
async def test_what_the_service_refuses_is_given_up() -> None:
    case = Case()
    case.hotline.does["hold"] = 409
    assert set(await case.asks(Aside.BRIEFLY)) == {"hold"}
    assert (case.lost, case.ledger.counts["over HTTP, not possible: hold"]) == ([], 1)


@pytest.mark.parametrize("hung_up", [True, False])
@fake_time
async def test_an_agent_whose_caller_hangs_up_on_hold_is_hung_up_or_it_is_a_loss(hung_up: bool) -> None:
    case = Case()

    def leaves() -> None:
        case.visit.left_at = asyncio.get_running_loop().time()
        if hung_up:
            case.hotline.ended.set_result(Ending(by_us=False))

    case.hotline.does["hold"] = leaves
    orders = await case.asks(Aside.BRIEFLY)
    assert (bool(case.lost), "hangs up" in orders) == (not hung_up, not hung_up)
    assert case.talk.ended is not None
