"""Routes about a talk: 1001 talks with a caller from greening, on the product's own assembly and the small Asterisk."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from hotline.model import SubHotline
from journal.records import Kind, Record
from tests.unit.asterisk.caller import Caller
from tests.unit.asterisk.leg import Leg
from tests.unit.desk import editions
from tests.unit.faketime import passes
from tests.unit.service.calling import Hall, hall
from tests.unit.service.dying import talks
from tests.unit.service.world import World

CITIZEN = "13800138000"
DEPARTMENTS = {
    "gas": SubHotline(id="gas", name={"zh": "燃气"}, dial="962777"),
    "bureau": SubHotline(id="bureau", name={"zh": "局"}, dial="1001"),
}
OUTSIDE = {"110": {"zh": "公安"}, "+862012345": {"zh": "市局"}}


class Talk:
    """`call`: its id. `caller` and `leg`: the two in Asterisk. `audited`: what, whose, detail, status."""

    def __init__(self, here: Hall, caller: Caller, leg: Leg) -> None:
        self.here, self.world = here, World(hall=here)
        self.caller, self.leg, self.call = caller, leg, here.call().id
        self.audited: list[tuple[str, str, str, int]] = []
        # Else the first look at the audit would read a file in a thread, and fake time knows of none.
        self.world.accounts.audit.note = lambda entry, change: self.audited.append(  # type: ignore[method-assign,misc]
            (entry.what, entry.target, entry.detail, entry.status)
        )

    async def ask(self, way: str, key: str | None = None, how: str = "POST", **given: Any) -> httpx.Response:
        """`way`: behind the call. `key`: who asks, else the installation's own token. What follows has happened."""
        async with self.world.client() if key is None else self.world.client(key) as client:
            answer = await client.request(how, f"/api/v1/calls/{self.call}/{way}", **given)
        await self.here.heard()
        return answer

    async def send(self, to: Any, key: str | None = None, *, how: str = "blind", reason: Any = "") -> httpx.Response:
        return await self.ask("transfer", key, json={"to": to, "how": how, "reason": reason})

    async def consulted(self, agent_id: str) -> None:
        """The agent of the talk consults a colleague, who answers."""
        await self.send({"agent": agent_id}, how="consult")
        await passes(1)
        self.leg.is_consulted()
        await self.here.heard()

    def last(self, kind: Kind) -> Record | None:
        """The last Record of this kind."""
        return next((record for record in reversed(self.here.records) if record.kind is kind), None)


@asynccontextmanager
async def talk() -> AsyncIterator[Talk]:
    made = editions(sub_hotlines=DEPARTMENTS, outside_numbers=OUTSIDE)
    async with hall(edition=made.in_use, trunk=True) as here:
        yield Talk(here, *await talks(here))
