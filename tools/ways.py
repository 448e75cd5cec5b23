"""The ways through the system in docs/architecture.md, from the code: `python -m tools.ways` traces a run of each.

The service runs on the Asterisk of the unit tests. At each waypoint (a function of the product) the stack says through
which modules a thing has come. A module that asks a pure core and goes on with its answer has not been left. What only
looks on (the journal, metrics) or helps (words, clocks) is on no stack at a waypoint, and so on no way.
"""

import asyncio
import sys
import textwrap
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

import agents.api
from accounts.model import EVERYTHING, Asker
from events.board import Board
from journal.actor import Actor
from service.http.admission import ADMINISTRATOR
from tests.product import SOURCES
from tests.unit.faketime import FakeTimeLoop, passes, settles
from tests.unit.service.calling import Hall, hall

CHECKOUT = Path(__file__).resolve().parents[1]
FILE = CHECKOUT / "docs" / "architecture.md"
BEGIN = "<!-- Made by `python -m tools.ways`. -->"
END = "<!-- End of these ways. -->"

PRODUCT = {str(file): str(file.relative_to(CHECKOUT).with_suffix("")) for file in SOURCES}
"""File → module, as documents name it."""


@dataclass(frozen=True)
class Leg:
    """A part of a way that runs without a pause: it begins in a function, and passes waypoints in their order. Each is
    `module:function`.
    """

    begins: str
    waypoints: tuple[str, ...]


STATE = (
    Leg(
        "agents/api:put_state",
        ("acd/engine/agent_states:change", "acd/engine/ringing:_offer", "calls/queueing:matched", "dialplan/legs:ring"),
    ),
)
KEY = (
    Leg("dialplan/ami_connection:buffer_updated", ("calls/live/channel:key",)),
    Leg("calls/live/call:serve", ("calls/live/channel:_await_key", "ivr/interpreter:step")),
)
"""AMI tells the channel of the key; the call's session, which waits for it there, goes on."""


@dataclass
class Trace:
    """What a run has passed: for each waypoint the modules between the leg's beginning and it, at the first time."""

    legs: Sequence[Leg]
    stacks: list[list[str]] = field(default_factory=list)
    _leg: int = 0
    _next: int = 0

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        if event != "call" or self.complete:
            return
        leg = self.legs[self._leg]
        if _name(frame.f_code) != leg.waypoints[self._next]:
            return
        passed = list(_passed(frame, leg.begins))
        if not passed:
            return
        self.stacks.append(passed)
        self._next += 1
        if self._next == len(leg.waypoints):
            self._leg, self._next = self._leg + 1, 0

    @property
    def complete(self) -> bool:
        return self._leg == len(self.legs)


def _name(code: CodeType) -> str | None:
    module = PRODUCT.get(code.co_filename)
    return None if module is None else f"{module}:{code.co_name}"


def _passed(frame: FrameType | None, begins: str) -> Iterator[str]:
    """The modules from the function in which the leg begins up to this frame, in their order; none outside the leg."""
    found: list[str] = []
    while frame is not None:
        if (name := _name(frame.f_code)) is not None:
            module = name.partition(":")[0]
            if not found or found[-1] != module:
                found.append(module)
            if name == begins:
                yield from reversed(found)
                return
        frame = frame.f_back


def files(stacks: Sequence[Sequence[str]]) -> list[str]:
    """The modules of a way, each once, as they are met first."""
    return list(dict.fromkeys(module for stack in stacks for module in stack))


def returns(stacks: Sequence[Sequence[str]]) -> list[str]:
    """Modules to which the way comes back after it has left them for another one."""
    return [module for stack in stacks for module in dict.fromkeys(stack) if stack.count(module) > 1]


async def _traced(legs: Sequence[Leg], run: Callable[[Hall], Awaitable[None]], here: Hall) -> list[list[str]]:
    trace = Trace(legs)
    sys.setprofile(trace)
    try:
        await run(here)
        await passes(1)
    finally:
        sys.setprofile(None)
    assert trace.complete, f"the run did not pass {trace.legs[trace._leg]}"
    return trace.stacks


async def _put_ready(here: Hall) -> None:
    """1001 becomes ready over HTTP, while a caller waits."""
    board = Board(here.distributor, here.centre.last_hour, lambda: here.edition.hotline, here.book.beside)
    routes, asker = FastAPI(), Asker(Actor.token("ways"), ADMINISTRATOR, "127.0.0.1", EVERYTHING)
    routes.include_router(agents.api.router(board))

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        await routes({**scope, "state": {"asker": asker}}, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(asked), base_url="http://wutong") as client:
        (await client.put("/agents/1001/state", json={"state": "ready"})).raise_for_status()


async def _ways() -> tuple[list[list[str]], list[list[str]]]:
    async with hall() as here:
        caller = here.caller()
        await settles()
        await passes(2)

        async def press(_: Hall) -> None:
            caller.press("1", agi=False)

        key = await _traced(KEY, press, here)
        await passes(30)
        return await _traced(STATE, _put_ready, here), key


def ways() -> tuple[list[list[str]], list[list[str]]]:
    """The way of an agent's state from `PUT` to the offer, and that of a key from AMI to the menu: their stacks."""
    with asyncio.Runner(loop_factory=FakeTimeLoop) as runner:
        return runner.run(_ways())


def page(text: str, state: Sequence[Sequence[str]], key: Sequence[Sequence[str]]) -> str:
    """The document with these two ways."""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    drawn = (
        _drawn("The state of an agent", "the route of `PUT` to the offer", state),
        _drawn("A key", "AMI to the menu", key),
    )
    made = "\n\n".join(drawn)
    return f"{before}{BEGIN}\n\n{made}\n\n{END}{after}"


def _drawn(what: str, span: str, stacks: Sequence[Sequence[str]]) -> str:
    passed = files(stacks)
    way = " → ".join(f"`{module}`" for module in passed)
    return textwrap.fill(f"**{what}**, from {span}, in {len(passed)} files: {way}.", 120, break_on_hyphens=False)


if __name__ == "__main__":
    FILE.write_text(page(FILE.read_text(encoding="utf-8"), *ways()), encoding="utf-8")
