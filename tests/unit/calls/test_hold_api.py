"""Holding callers and consulting over HTTP: who may, what is asked, and what is said when it is not possible."""

from typing import Any

import pytest

from base.role import Role
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from tests.unit.calls.talked import CITIZEN, Talk, talk
from tests.unit.faketime import fake_time, passes
from tests.unit.service import world
from tests.unit.service.world import World

ORDERS = ("hold", "unhold", "return", "complete", "join")
AUDITED = {
    "hold": ("call-held", Kind.HELD),
    "unhold": ("call-unheld", Kind.UNHELD),
    "return": ("consult-returned", Kind.CONSULT_ENDED),
    "complete": ("consult-completed", Kind.TRANSFERRED),
    "join": ("consult-joined", Kind.CONSULT_JOINED),
}


async def ready_for(order: str, here: Talk) -> None:
    """The talk comes to where this order is possible."""
    if order == "unhold":
        await here.ask("hold")
        await passes(1)
    elif order != "hold":
        await here.consulted("1002")


@pytest.mark.parametrize("order", ORDERS)
@fake_time
async def test_an_order_is_carried_out_and_audited(order: str) -> None:
    async with talk() as here:
        await ready_for(order, here)
        answer = await here.ask(order)
        assert (answer.status_code, answer.json()["id"], answer.json()["caller"]) == (200, here.call, CITIZEN)
        what, kind = AUDITED[order]
        assert here.audited[-1] == (what, f"/calls/{here.call}/{order}", "", 200)
        told = here.last(kind)
        assert told is not None
        assert told.actor == (SYSTEM if order == "unhold" else Actor.token("local"))


@pytest.mark.parametrize("order", ORDERS)
@fake_time
async def test_an_agent_orders_for_the_own_talk_alone(order: str) -> None:
    async with talk() as here:
        own, other = [await here.world.key(Role.AGENT, agent=agent) for agent in ("1001", "1003")]
        await ready_for(order, here)
        assert (await here.ask(order, other)).status_code == 404
        answer = await here.ask(order, own)
        assert (answer.status_code, CITIZEN in answer.text) == (200, order != "complete"), answer.text
        assert here.last(AUDITED[order][1]) is not None


@fake_time
async def test_an_agent_who_is_consulted_orders_nothing() -> None:
    async with talk() as here:
        consulted = await here.world.key(Role.AGENT, agent="1002")
        await here.consulted("1002")
        for order in ORDERS:
            answer = await here.ask(order, consulted)
            assert (answer.status_code, answer.json()["detail"]) == (
                409,
                "Somebody else talks with this caller by now.",
            )


@fake_time
async def test_a_supervisor_orders_within_the_own_part() -> None:
    async with talk() as here:
        own = await here.world.key(Role.SUPERVISOR, queues=["greening"])
        other = await here.world.key(Role.SUPERVISOR, queues=["general"])
        assert (await here.ask("hold", other)).status_code == 404
        assert (await here.send({"agent": "1002"}, own, how="consult")).status_code == 422, "no agent of that part"
        assert (await here.ask("hold", own)).status_code == 200


@fake_time
async def test_nobody_else_orders() -> None:
    async with talk() as here:
        for role in (Role.OPERATIONS, Role.DEPARTMENT):
            key = await here.world.key(role, queues=["greening"])
            assert [(await here.ask(order, key)).status_code for order in ORDERS] == [403] * len(ORDERS)


@fake_time
async def test_what_is_not_possible_is_said() -> None:
    async with talk() as here:
        for order in ORDERS[1:]:
            answer = await here.ask(order)
            said = f"`{order}` is not possible with this caller now; what is possible: "
            assert (answer.status_code, answer.json()["detail"].startswith(said)) == (409, True)
        await here.here.link_down()
        answer = await here.ask("hold")
        assert (answer.status_code, "everything stays as it is" in answer.json()["detail"]) == (503, True)


@pytest.mark.parametrize("order", ORDERS)
async def test_nothing_is_ordered_for_who_talks_with_nobody(order: str) -> None:
    made = World()
    made.note(*world.waiting_call())
    async with made.client() as client:
        assert (await client.post(f"/api/v1/calls/c1/{order}")).status_code == 409
        assert (await client.post(f"/api/v1/calls/c9/{order}")).status_code == 404


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ({"agent": "1002"}, "agent 1002"),
        ({"number": "110"}, "number 110"),
        ({"number": "+862012345"}, "number +86*****45"),  # masked in the audit
        ({"sub_hotline": "gas"}, "sub-hotline gas"),
    ],
)
@fake_time
async def test_who_can_be_consulted(to: Any, told: str) -> None:
    async with talk() as here:
        answer = await here.send(to, how="consult")
        assert (answer.status_code, answer.json()["caller"]) == (200, CITIZEN)
        asked = here.last(Kind.CONSULT_ASKED)
        assert asked is not None
        assert (asked.actor, asked.data["to"]) == (Actor.token("local"), to)
        assert here.audited[-1][2] == f"consult to {told}"


@fake_time
async def test_a_queue_is_consulted_if_a_phone_can_dial_it_it_is_open_and_somebody_is_there() -> None:
    async with talk() as here:

        async def said(status: int) -> str:
            answer = await here.send({"queue": "general"}, how="consult")
            assert answer.status_code == status, answer.text
            return str(answer.json().get("detail"))

        desk = here.world.desk
        assert "no extension" in await said(422)
        desk.queue("general", extension="6001")
        assert "nobody to ask" in await said(409)
        here.here.takes_a_break("1002")
        desk.queue("general", hours="weekend")
        assert "closed now" in await said(409)
        assert here.last(Kind.CONSULT_ASKED) is None
        desk.queue("general", hours=None)
        await said(200)
        asked = here.last(Kind.CONSULT_ASKED)
        assert asked is not None
        assert asked.data["to"] == {"queue": "general"}


async def test_whoever_is_rung_in_a_queue_about_a_call_sees_that_call() -> None:
    made = World()
    made.note(*world.talk())
    key = await made.key(Role.AGENT, agent="1002")

    async def seen() -> tuple[int, Any]:
        async with made.client(key) as client:
            answer = await client.get("/api/v1/calls/c1")
        return answer.status_code, answer.json().get("caller")

    began = {"caller": "1001", "number": "6001", "language": "zh", "channel": "Local/6001@x", "about": "c1"}
    assert await seen() == (404, None)
    made.note(Record(1_700_000_020.0, Kind.CALL_STARTED, "c2", data=began))
    made.note(Record(1_700_000_021.0, Kind.QUEUED, "c2", "greening"))
    assert await seen() == (404, None)
    made.note(Record(1_700_000_022.0, Kind.OFFERED, "c2", "greening", "1002", "o2"))
    assert await seen() == (200, "13800000000")
    made.note(Record(1_700_000_023.0, Kind.OFFER_FAILED, "c2", "greening", "1002", "o2", {"reason": "no-answer"}))
    assert await seen() == (404, None)


@fake_time
async def test_who_cannot_be_consulted() -> None:
    said = {
        "cannot consult a menu": ({"menu": "main"},),
        "talks with this caller already": ({"agent": "1001"}, {"sub_hotline": "bureau"}),
        "outside: 110, +862012345. Not 911": ({"number": "911"},),
    }
    async with talk() as here:
        for sentence, targets in said.items():
            for to in targets:
                answer = await here.send(to, how="consult")
                assert (answer.status_code, sentence in answer.json()["detail"]) == (422, True), answer.text
        here.world.trunk = False
        for to in ({"number": "110"}, {"sub_hotline": "gas"}):
            assert "no trunk" in (await here.send(to, how="consult")).json()["detail"]
        assert here.last(Kind.CONSULT_ASKED) is None


async def test_a_call_tells_that_it_is_on_hold_and_whom_the_agent_consults() -> None:
    made = World()
    made.note(*world.talk())

    def told(kind: Kind, at: float, **data: Any) -> None:
        made.note(Record(at, kind, "c1", None, "1001", data=data))

    async def now() -> tuple[Any, Any]:
        async with made.client() as client:
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
