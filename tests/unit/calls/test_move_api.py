"""Moving a waiting caller over HTTP: who may, where to, and what is said when it is not possible."""

from typing import Any

import httpx
import pytest

from agents.states import AgentState
from base.role import Role
from journal.actor import Actor
from journal.records import Kind, Record
from tests.unit.service.world import World, waiting_call


@pytest.fixture
def world() -> World:
    """c1 waits in greening. 1001 is in wrap-up, and so free for a call that a supervisor brings."""
    made = World()
    made.note(*waiting_call()[:-1])
    made.desk.seat("1001", "c0", state=AgentState.WRAP_UP, until=made.now + 20)
    return made


async def move(world: World, to: Any, key: str | None = None, call_id: str = "c1") -> httpx.Response:
    async with world.client() if key is None else world.client(key) as client:
        return await client.post(f"/api/v1/calls/{call_id}/move", json={"to": to})


@pytest.mark.parametrize(
    ("to", "asked", "state", "position"),
    [
        ({"front": True}, "the front", "waiting", 1),
        ({"agent": "1001"}, "agent 1001", "ringing", None),
        ({"queue": "general"}, "queue general", "menu", None),
    ],
)
async def test_where_to(world: World, to: Any, asked: str, state: str, position: int | None) -> None:
    answer = await move(world, to)
    assert answer.status_code == 200
    assert (answer.json()["id"], answer.json()["state"], answer.json()["position"]) == ("c1", state, position)
    assert world.desk.who(Kind.MOVED) == [Actor.token("local")]
    (entry,) = await world.accounts.audit.list(None, "call-moved", 0, 10)
    assert (entry.target, entry.detail, entry.status) == ("/calls/c1/move", f"to {asked}", 200)


@pytest.mark.parametrize(
    "to",
    [
        *(
            {},
            {"front": True, "queue": "general"},
            {"front": False},
            {"front": 1},
            {"front": "true"},
            None,
            [],
            "front",
        ),
        *({"position": 2}, {"queue": "General"}, {"queue": "\r\n"}, {"agent": "x"}, {"agent": 1001}, {"queue": None}),
    ],
)
async def test_what_is_no_destination_is_refused(world: World, to: Any) -> None:
    assert (await move(world, to)).status_code == 422
    assert world.desk.who(Kind.MOVED) == []


async def test_a_destination_that_there_is_not_is_named(world: World) -> None:
    answer = await move(world, {"queue": "water"})
    sentence = "There is no queue water; callers can be moved to greening, general."
    assert (answer.status_code, answer.json()["detail"]) == (422, sentence)
    answer = await move(world, {"agent": "1009"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("There is no agent 1009;")


async def test_a_call_that_there_is_not(world: World) -> None:
    for call_id in ("c9", "%20", "x" * 101):
        assert (await move(world, {"front": True}, call_id=call_id)).status_code == 404


async def test_a_supervisor_moves_only_within_the_own_part(world: World) -> None:
    own = await world.key(Role.SUPERVISOR, queues=["greening"])
    other = await world.key(Role.SUPERVISOR, queues=["general"])
    assert (await move(world, {"front": True}, own)).status_code == 200
    assert (await move(world, {"front": True}, other)).status_code == 404
    answer = await move(world, {"queue": "general"}, own)
    assert answer.json()["detail"] == "There is no queue general; callers can be moved to greening."
    assert (await move(world, {"agent": "1002"}, own)).status_code == 422
    assert (await move(world, {"agent": "1001"}, own)).status_code == 200
    assert len(world.desk.who(Kind.MOVED)) == 2


@pytest.mark.parametrize("role", [Role.AGENT, Role.OPERATIONS, Role.DEPARTMENT])
async def test_nobody_else_moves_callers(world: World, role: Role) -> None:
    key = await world.key(role, queues=["greening"], agent="1001" if role is Role.AGENT else None)
    assert (await move(world, {"front": True}, key)).status_code == 403


LEFT = Record(1_700_000_050.0, Kind.LEFT_QUEUE, "c1", "greening", data={"why": "hung-up", "waited_s": 48.0})
ENDED = Record(1_700_000_050.0, Kind.CALL_FINISHED, "c1", data={"by": "caller"})
MENU = Record(1_700_000_050.0, Kind.MENU_ENTERED, "c1", data={"menu": "main", "language": "zh"})
AWAY = "This caller does not wait in a queue."


@pytest.mark.parametrize(
    ("records", "sentence"),
    [
        ([], "Agent 1002 is logged-out; only an agent who is ready or in wrap-up, with a free phone, can be rung."),
        ([LEFT, ENDED], f"{AWAY} The call has ended."),
        ([LEFT, MENU], f"{AWAY} The call is in the menus, or on its way to another menu or queue."),
    ],
)
async def test_what_is_not_possible_is_said_with_what_is(world: World, records: list[Record], sentence: str) -> None:
    world.note(*records)
    answer = await move(world, {"agent": "1002"})
    assert (answer.status_code, answer.json()["detail"]) == (409, sentence)
    (entry,) = await world.accounts.audit.list(None, "call-moved", 0, 10)
    assert entry.status == 409
