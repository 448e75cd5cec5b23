"""Linking a citizen's numbers over HTTP: who may, which numbers, and what the audit has of it."""

from typing import Any

import httpx
import pytest

from agents.states import AgentState
from base.role import Role
from journal.records import Kind, Record
from tests.unit.archive import past
from tests.unit.service.world import World, waiting_call

CITIZEN, OTHER = "13800000000", "13900139000"
AT = 1_700_000_000.0


@pytest.fixture
def world() -> World:
    """c1 rings at 1001; its number called once before, and another one, too."""
    made = World()
    made.note(*waiting_call())
    made.archive.keep(past("b2", AT - 100, f"0{OTHER}"), past("b1", AT - 900, CITIZEN))
    return made


async def put(world: World, number: Any, linked: Any = True, key: str | None = None) -> httpx.Response:
    async with world.client() if key is None else world.client(key) as client:
        return await client.put("/api/v1/calls/c1/numbers", json={"number": number, "linked": linked})


async def get(world: World, path: str = "numbers", key: str | None = None) -> httpx.Response:
    async with world.client() if key is None else world.client(key) as client:
        return await client.get(f"/api/v1/calls/c1/{path}")


async def test_the_history_has_the_calls_of_all_numbers_that_are_linked(world: World) -> None:
    key = await world.key(Role.AGENT, agent="1001")

    async def history() -> list[tuple[str, str | None]]:
        return [(call["id"], call["caller"]) for call in (await get(world, "earlier", key)).json()]

    assert await history() == [("b1", None)]
    assert (await get(world, "earlier/b2", key)).status_code == 404
    answer = await put(world, "139 0013-9000", key=key)
    assert (answer.status_code, answer.json()) == (200, [OTHER])
    assert (await get(world, key=key)).json() == [OTHER]
    assert await history() == [("b2", "0" + OTHER), ("b1", None)]
    assert (await put(world, OTHER, linked=False, key=key)).json() == []
    assert await history() == [("b1", None)]


async def test_an_agent_links_while_the_call_is_the_agents_work_and_nobody_else(world: World) -> None:
    agent, other = await world.key(Role.AGENT, agent="1001"), await world.key(Role.AGENT, agent="1002")
    department = await world.key(Role.DEPARTMENT, queues=["greening"])
    assert (await put(world, OTHER, key=other)).status_code == 404
    assert (await put(world, OTHER, key=department)).status_code == 403
    assert (await get(world, key=department)).json() == []
    for role in (Role.SUPERVISOR, Role.ADMINISTRATOR):
        assert (await put(world, OTHER, key=await world.key(role, queues=["greening"]))).status_code == 200
        assert (await put(world, OTHER, key=await world.key(role, queues=["general"]))).status_code == 404
    world.note(*ended())
    world.desk.seat("1001", state=AgentState.READY)
    for answer in (await put(world, OTHER, key=agent), await get(world, key=agent)):
        assert answer.status_code == 403


def ended() -> list[Record]:
    return [
        Record(AT + 10, Kind.CONNECTED, "c1", "greening", "1001", "o1", {"waited_s": 8.0}),
        Record(AT + 60, Kind.CALL_FINISHED, "c1", data={"by": "caller"}),
    ]


@pytest.mark.parametrize(
    ("number", "status"),
    [
        *((OTHER, 200), ("+86 (139) 0013-9000", 200), ("110", 200), ("0011", 422), ("1" * 20, 200)),
        *(("1" * 21, 422), ("1" * 41, 422), ("", 422), ("li", 422), ("139\n001", 422), ("139*", 422), (139, 422)),
        *((CITIZEN, 422), (f"00{CITIZEN}", 422)),
    ],
)
async def test_which_numbers(world: World, number: Any, status: int) -> None:
    answer = await put(world, number)
    assert answer.status_code == status, answer.text
    assert await world.archive.linked.of(CITIZEN) == ([] if status == 422 else answer.json())


async def test_a_hidden_number_and_one_too_many(world: World) -> None:
    for number in range(1, 10):
        await world.archive.linked.link(CITIZEN, f"1{number}1", AT)
    answer = await put(world, OTHER)
    assert (answer.status_code, answer.json()["detail"]) == (409, "A citizen has 10 numbers at most; unlink one first.")
    world = World()
    first, *rest = waiting_call()
    world.note(first._replace(data={**first.data, "caller": ""}), *rest)
    answer = await put(world, OTHER)
    assert (answer.status_code, "hidden" in answer.json()["detail"]) == (409, True)


async def test_the_audit_has_who_linked_what_without_the_number(world: World) -> None:
    await put(world, OTHER)
    await put(world, OTHER, linked=False)
    await get(world)
    entries = await world.accounts.audit.list(None, "number-linked", 0, 10)
    assert {entry.detail for entry in entries} == {"linked 139******00", "unlinked 139******00"}
    assert {entry.target for entry in entries} == {"/calls/c1/numbers"}
    assert len(await world.accounts.audit.list(None, "linked-numbers-read", 0, 10)) == 1


async def test_without_a_database(world: World) -> None:
    world.archive.lose()
    for answer in (await put(world, OTHER), await put(world, OTHER, linked=False), await get(world)):
        assert answer.status_code == 503
    assert (await get(world, "earlier")).status_code == 503
