"""What the routes learn of a queue's hours: the engine knows none, the board adds them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from acd.api import queue_out
from acd.distributor import Distributor
from acd.engine.step import Engine
from acd.events import StateRequested
from acd.last_hour import LastHour
from agents.model import NOTHING_BESIDE, Beside
from agents.states import AgentState
from base.clock import Clock
from base.tasks import Failures
from events.board import Board
from hotline.model import Hotline
from ivr.hours import OpeningHours
from ivr.model import ToSubHotline
from journal.actor import Actor
from tests.unit.acd.test_distributor import parts
from tests.unit.service.small import hotline

TEN = datetime(2026, 11, 26, 2, tzinfo=UTC)  # in Shanghai, a Thursday


def nothing_beside(call: str, agent: str) -> Beside:
    return NOTHING_BESIDE


class Ten(Clock):
    def now(self) -> float:
        return TEN.timestamp()


def told(week: dict[str, str] | None) -> dict[str, Any]:
    """What HTTP tells of a queue whose hours are these, at ten; None: it has none."""
    found = hotline()
    if week is not None:
        closed = {"hours": "day", "closed": ToSubHotline(sub_hotline="bureau")}
        queues = {**found.queues, "trees": found.queues["trees"].model_copy(update=closed)}
        hours = {"day": OpeningHours.model_validate({"week": week})}
        found = found.model_copy(update={"queues": queues, "opening_hours": hours})
    board = Board(distributor(found), LastHour(Ten().now()), lambda: found, nothing_beside)
    out = queue_out(found.queues["trees"], board.queue_view("trees")).model_dump(mode="json")
    return {name: out[name] for name in ("open", "opens", "closes")}


def distributor(found: Hotline) -> Distributor:
    return Distributor(Engine(found.queues, found.agents, seed=1), Ten(), lambda record: None, Failures())


@pytest.mark.parametrize(
    ("week", "open_", "opens", "closes"),
    [
        (None, True, None, None),
        ({"mon-fri": "09:00-17:00"}, True, None, "2026-11-26T09:00:00.000+00:00"),
        ({"mon-fri": "13:00-17:00"}, False, "2026-11-26T05:00:00.000+00:00", None),
        ({"mon-sun": "00:00-24:00"}, True, None, None),
        ({"mon": "closed"}, False, None, None),
    ],
)
def test_a_queue_tells_whether_it_is_open_and_when_that_changes(
    week: dict[str, str] | None, open_: bool, opens: str | None, closes: str | None
) -> None:
    assert told(week) == {"open": open_, "opens": opens, "closes": closes}


async def test_a_callers_number_in_the_reason_of_a_break_is_masked_before_anything_keeps_it() -> None:
    served, engine, _ = parts({})
    found = hotline()
    board = Board(served, LastHour(0.0), lambda: found, nothing_beside)
    agent = next(iter(found.agents))
    for reason in ("call 138 0013 8000", "lunch until 13:30"):
        await board.request(agent, AgentState.NOT_READY, reason, Actor.user("li"), insist=False)
    asked = [event.reason for _, event in engine.told if isinstance(event, StateRequested)]
    assert asked == ["call 138********00", "lunch until 13:30"]
