"""Holding callers and consulting over HTTP: who may, what is asked, and what is said when it is not possible."""

from typing import Any

import httpx
import pytest

from agents.states import AgentState, PhoneState
from base.failure import NotDone
from base.role import Role
from calls.live.orders import NotTransferred
from hotline.model import SubHotline
from journal.actor import Actor
from journal.records import Kind, Record
from tests.unit.service.world import World, talk

CITIZEN = "13800000000"
LOCAL = Actor.token("local")
ORDERS = ("hold", "unhold", "return", "complete", "join")
AUDITED = {
    "hold": "call-held",
    "unhold": "call-unheld",
    "return": "consult-returned",
    "complete": "consult-completed",
    "join": "consult-joined",
}


@pytest.fixture
def world() -> World:
    """c1 came from greening, and talks with 1001."""
    made = World()
    made.note(*talk())
    made.transfers.talks["c1"] = "1001"
    made.desk.change(
        sub_hotlines={
            "gas": SubHotline(id="gas", name={"zh": "燃气"}, dial="962777"),
            "bureau": SubHotline(id="bureau", name={"zh": "局"}, dial="1001"),
        },
        outside_numbers={"110": {"zh": "公安"}, "+862012345": {"zh": "市局"}},
    )
    return made


async def ask(world: World, order: str, key: str | None = None, *, call_id: str = "c1") -> httpx.Response:
    async with world.client() if key is None else world.client(key) as client:
        return await client.post(f"/api/v1/calls/{call_id}/{order}")


async def consult(world: World, to: Any, key: str | None = None) -> httpx.Response:
    async with world.client() if key is None else world.client(key) as client:
        return await client.post("/api/v1/calls/c1/transfer", json={"to": to, "how": "consult"})


@pytest.mark.parametrize("order", ORDERS)
async def test_an_order_is_carried_out_and_audited(world: World, order: str) -> None:
    answer = await ask(world, order)
    assert (answer.status_code, answer.json()["id"], answer.json()["caller"]) == (200, "c1", CITIZEN)
    assert world.transfers.ordered == [("c1", order, LOCAL)]
    (entry,) = await world.accounts.audit.list(None, AUDITED[order], 0, 10)
    assert (entry.target, entry.status) == (f"/calls/c1/{order}", 200)


@pytest.mark.parametrize("order", ORDERS)
async def test_an_agent_orders_for_the_own_talk_alone(world: World, order: str) -> None:
    own, other = await world.key(Role.AGENT, agent="1001"), await world.key(Role.AGENT, agent="1002")
    assert (await ask(world, order, own)).status_code == 200
    assert world.transfers.ordered[0][1] == ("complete, own" if order == "complete" else order)
    assert (await ask(world, order, other)).status_code == 404
    world.transfers.talks["c1"] = "1002"
    answer = await ask(world, order, own)
    assert (answer.status_code, answer.json()["detail"]) == (409, "Somebody else talks with this caller by now.")


async def test_a_supervisor_orders_within_the_own_part(world: World) -> None:
    own = await world.key(Role.SUPERVISOR, queues=["greening"])
    other = await world.key(Role.SUPERVISOR, queues=["general"])
    assert (await ask(world, "hold", own)).status_code == 200
    assert (await ask(world, "hold", other)).status_code == 404
    assert (await consult(world, {"agent": "1002"}, own)).status_code == 422, "no agent of that part"


@pytest.mark.parametrize("role", [Role.OPERATIONS, Role.DEPARTMENT])
@pytest.mark.parametrize("order", ORDERS)
async def test_nobody_else_orders(world: World, role: Role, order: str) -> None:
    assert (await ask(world, order, await world.key(role, queues=["greening"]))).status_code == 403


@pytest.mark.parametrize("order", ORDERS)
async def test_what_is_not_possible_is_said(world: World, order: str) -> None:
    world.transfers.refusal = NotTransferred("Why not.")
    answer = await ask(world, order)
    assert (answer.status_code, answer.json()["detail"]) == (409, "Why not.")
    world.transfers.refusal = NotDone("Asterisk is away.")
    assert (await ask(world, order)).status_code == 503
    world.transfers.talks.clear()
    assert (await ask(world, order)).status_code == 409
    assert (await ask(world, order, call_id="c9")).status_code == 404


@pytest.mark.parametrize(
    ("to", "line", "told"),
    [
        ({"agent": "1002"}, "1002", "agent 1002"),
        ({"number": "110"}, "110", "number 110"),
        ({"number": "+862012345"}, "+862012345", "number +86*****45"),  # masked in the audit
        ({"sub_hotline": "gas"}, "gas", "sub-hotline gas"),
    ],
)
async def test_who_can_be_consulted(world: World, to: Any, line: str, told: str) -> None:
    answer = await consult(world, to)
    assert (answer.status_code, answer.json()["caller"]) == (200, CITIZEN)
    assert (world.transfers.ordered, world.transfers.asked) == ([("c1", f"consult {line}", LOCAL)], [])
    (entry,) = await world.accounts.audit.list(None, "call-transferred", 0, 10)
    assert entry.detail == f"consult to {told}"


async def test_a_queue_is_consulted_if_a_phone_can_dial_it_it_is_open_and_somebody_is_there(world: World) -> None:
    async def said(status: int) -> str:
        answer = await consult(world, {"queue": "greening"})
        assert answer.status_code == status, answer.text
        return str(answer.json().get("detail"))

    desk = world.desk
    assert "no extension" in await said(422)
    desk.queue("greening", extension="6001")
    desk.seat("1001", state=AgentState.READY, phone=PhoneState.UNREACHABLE, away=True)
    assert "nobody to ask" in await said(409)
    desk.seat("1001", state=AgentState.NOT_READY, phone=PhoneState.FREE, away=False)
    desk.queue("greening", hours="weekend")
    assert "closed now" in await said(409)
    assert world.transfers.ordered == []
    desk.queue("greening", hours=None)
    await said(200)
    assert world.transfers.ordered == [("c1", "consult greening", LOCAL)]


async def test_whoever_is_rung_in_a_queue_about_a_call_sees_that_call(world: World) -> None:
    key = await world.key(Role.AGENT, agent="1002")

    async def seen() -> tuple[int, Any]:
        async with world.client(key) as client:
            answer = await client.get("/api/v1/calls/c1")
        return answer.status_code, answer.json().get("caller")

    began = {"caller": "1001", "number": "6001", "language": "zh", "channel": "Local/6001@x", "about": "c1"}
    assert await seen() == (404, None)
    world.note(Record(1_700_000_020.0, Kind.CALL_STARTED, "c2", data=began))
    world.note(Record(1_700_000_021.0, Kind.QUEUED, "c2", "greening"))
    assert await seen() == (404, None)
    world.note(Record(1_700_000_022.0, Kind.OFFERED, "c2", "greening", "1002", "o2"))
    assert await seen() == (200, CITIZEN)
    world.note(Record(1_700_000_023.0, Kind.OFFER_FAILED, "c2", "greening", "1002", "o2", {"reason": "no-answer"}))
    assert await seen() == (404, None)


async def test_who_cannot_be_consulted(world: World) -> None:
    said = {
        "cannot consult a menu": ({"menu": "main"},),
        "talks with this caller already": ({"agent": "1001"}, {"sub_hotline": "bureau"}),
        "outside: 110, +862012345. Not 911": ({"number": "911"},),
    }
    for sentence, targets in said.items():
        for to in targets:
            answer = await consult(world, to)
            assert (answer.status_code, sentence in answer.json()["detail"]) == (422, True), answer.text
    world.trunk = False
    for to in ({"number": "110"}, {"sub_hotline": "gas"}):
        assert "no trunk" in (await consult(world, to)).json()["detail"]
    assert world.transfers.ordered == []


async def test_a_call_tells_that_it_is_on_hold_and_whom_the_agent_consults(world: World) -> None:
    def told(kind: Kind, at: float, **data: Any) -> None:
        world.note(Record(at, kind, "c1", None, "1001", data=data))

    async def now() -> tuple[Any, Any]:
        async with world.client() as client:
            call = (await client.get("/api/v1/calls/c1")).json()
        return call["held"], call["consulted"]

    assert await now() == (None, None)
    told(Kind.HELD, 1_700_000_020.0)
    told(Kind.CONSULT_ASKED, 1_700_000_021.0, to={"agent": "1002"})
    assert await now() == ("2023-11-14T22:13:40.000+00:00", {"agent": "1002"})
    told(Kind.CONSULT_FAILED, 1_700_000_022.0, to={"agent": "1002"}, status="BUSY")
    assert (await now())[1] is None
    told(Kind.UNHELD, 1_700_000_023.0, held_s=3.0)
    assert await now() == (None, None)
    told(Kind.HELD, 1_700_000_024.0)
    told(Kind.TALK_ENDED, 1_700_000_025.0, by="caller")
    assert await now() == (None, None)
