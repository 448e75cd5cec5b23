"""Sending a caller on over HTTP: who may, where to, and what is said when it is not possible."""

from typing import Any

import httpx
import pytest

from base.failure import NotDone
from base.role import Role
from calls.live.orders import NotTransferred
from hotline.model import SubHotline
from ivr.model import ToMenu, ToQueue, ToSubHotline
from journal.actor import Actor
from tests.unit.service.world import World, talk

CITIZEN = "13800000000"


@pytest.fixture
def world() -> World:
    """c1 came from greening, and talks with 1001."""
    made = World()
    made.note(*talk())
    made.transfers.talks["c1"] = "1001"
    gas = SubHotline(id="gas", name={"zh": "燃气"}, dial="962777")
    made.desk.change(sub_hotlines={"gas": gas}, outside_numbers={"110": {"zh": "公安"}})
    return made


async def send(
    world: World, to: Any, key: str | None = None, *, how: str = "blind", call_id: str = "c1"
) -> httpx.Response:
    async with world.client() if key is None else world.client(key) as client:
        return await client.post(f"/api/v1/calls/{call_id}/transfer", json={"to": to, "how": how})


@pytest.mark.parametrize(
    ("to", "brought", "told"),
    [
        ({"queue": "general"}, ToQueue(queue="general"), "queue general"),
        ({"menu": "main"}, ToMenu(menu="main"), "menu main"),
        ({"sub_hotline": "gas"}, ToSubHotline(sub_hotline="gas"), "sub-hotline gas"),
        ({"agent": "1002"}, "1002", "agent 1002"),
        ({"number": "110"}, "110", "number 110"),
    ],
)
async def test_where_to(world: World, to: Any, brought: Any, told: str) -> None:
    answer = await send(world, to)
    assert (answer.status_code, answer.json()["id"], answer.json()["caller"]) == (200, "c1", CITIZEN)
    assert world.transfers.asked == [("c1", brought, Actor.token("local"), False)]
    (entry,) = await world.accounts.audit.list(None, "call-transferred", 0, 10)
    assert (entry.target, entry.detail, entry.status) == ("/calls/c1/transfer", f"blind to {told}", 200)


@pytest.mark.parametrize(
    "to",
    [
        *({}, None, [], "general", {"queue": "General"}, {"queue": "general", "agent": "1002"}, {"agent": "x"}),
        *({"number": "+86"}, {"number": "110", "agent": "1002"}, {"hangup": True}, {"menu": "main", "language": "en"}),
    ],
)
async def test_what_is_no_destination_is_refused(world: World, to: Any) -> None:
    assert (await send(world, to)).status_code == 422
    assert world.transfers.asked == []


async def test_the_reason_goes_to_whoever_receives_the_call_and_to_no_audit(world: World) -> None:
    async with world.client() as client:
        for reason in (
            "  找李师傅 13900139000 ",
            "x" * 200,
            "",
            " ",
            "x" * 201,
            "two\nlines",
            "\x07",
            "\u202e",
            7,
            None,
        ):
            body: Any = {"to": {"agent": "1002"}, "how": "blind", "reason": reason}
            answer = await client.post("/api/v1/calls/c1/transfer", json=body)
            refused = not isinstance(reason, str) or len(reason) > 200 or not reason.isprintable()
            assert answer.status_code == (422 if refused else 200), reason
    assert world.transfers.reasons == ["找李师傅 13900139000", "x" * 200, "", ""]
    entries = await world.accounts.audit.list(None, "call-transferred", 0, 10)
    assert {entry.detail for entry in entries if entry.status == 200} == {"blind to agent 1002"}


async def test_only_blind_transfers_are_possible(world: World) -> None:
    assert (await send(world, {"queue": "general"}, how="consult")).status_code == 422


async def test_a_destination_that_there_is_not_is_named(world: World) -> None:
    world.transfers.unknown = {"water"}
    said = {
        "agent 1009": {"agent": "1009"},
        "talks with this caller already": {"agent": "1001"},
        "outside: 110. Not 911": {"number": "911"},
        "no queue water in the hotline": {"queue": "water"},
    }
    for sentence, to in said.items():
        answer = await send(world, to)
        assert (answer.status_code, sentence in answer.json()["detail"]) == (422, True), answer.text
    world.trunk = False
    assert "no trunk" in (await send(world, {"number": "110"})).json()["detail"]
    assert world.transfers.asked == []


async def test_an_agent_sends_the_own_caller_anywhere_and_no_other(world: World) -> None:
    own, other = await world.key(Role.AGENT, agent="1001"), await world.key(Role.AGENT, agent="1002")
    for to in ({"agent": "1002"}, {"queue": "general"}, {"number": "110"}):
        answer = await send(world, to, own)
        assert answer.status_code == 200
        assert CITIZEN not in answer.text, "the call is somebody else's work by now"
    assert [asked[3] for asked in world.transfers.asked] == [True, True, True]
    assert (await send(world, {"queue": "general"}, other)).status_code == 404
    world.transfers.talks["c1"] = "1002"
    answer = await send(world, {"queue": "general"}, own)
    assert (answer.status_code, answer.json()["detail"]) == (409, "Somebody else talks with this caller by now.")


async def test_a_supervisor_sends_on_only_within_the_own_part(world: World) -> None:
    own = await world.key(Role.SUPERVISOR, queues=["greening"])
    other = await world.key(Role.SUPERVISOR, queues=["general"])
    assert (await send(world, {"queue": "greening"}, own)).status_code == 200
    assert (await send(world, {"sub_hotline": "gas"}, own)).status_code == 200
    assert (await send(world, {"queue": "greening"}, other)).status_code == 404
    assert (await send(world, {"queue": "general"}, own)).status_code == 422
    assert (await send(world, {"agent": "1002"}, own)).status_code == 422
    assert [asked[3] for asked in world.transfers.asked] == [False, False]


@pytest.mark.parametrize("role", [Role.OPERATIONS, Role.DEPARTMENT])
async def test_nobody_else_sends_callers_on(world: World, role: Role) -> None:
    assert (await send(world, {"queue": "general"}, await world.key(role, queues=["greening"]))).status_code == 403


async def test_what_is_not_possible_is_said(world: World) -> None:
    world.transfers.refusal = NotTransferred("Why not.")
    answer = await send(world, {"queue": "general"})
    assert (answer.status_code, answer.json()["detail"]) == (409, "Why not.")
    world.transfers.refusal = NotDone("Asterisk is away.")
    assert (await send(world, {"queue": "general"})).status_code == 503
    world.transfers.talks.clear()
    answer = await send(world, {"queue": "general"})
    assert (answer.status_code, answer.json()["detail"][:34]) == (409, "Nobody talks with this caller; POS")
    assert (await send(world, {"queue": "general"}, call_id="c9")).status_code == 404
