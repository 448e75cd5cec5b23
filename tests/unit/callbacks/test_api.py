"""The callbacks over HTTP: who sees which and cancels which; what queues, the stream and /metrics say of them."""

from typing import Any

import pytest

from acd.events import CallbackPostponed, CallLeft, Left
from base.role import Role
from callbacks.api import forget
from journal.records import Kind, Record
from tests.unit.callbacks.promises import promised
from tests.unit.service.world import World

NUMBER, OTHER = "13800138000", "13900139000"


@pytest.fixture
async def world() -> World:
    made = World()
    made.desk.wait("greening", 100.0)
    promised(made, "b1", NUMBER, "greening", made.now)
    made.now += 20
    promised(made, "b2", OTHER, "general", made.now)
    return made


async def listed(world: World, key: str | None = None, query: str = "") -> list[dict[str, Any]]:
    async with world.client() if key is None else world.client(key) as client:
        answer = await client.get(f"/api/v1/callbacks{query}")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found


async def test_all_that_is_known_of_a_callback(world: World) -> None:
    found = await listed(world)
    assert [one["id"] for one in found] == ["b1", "b2"]
    assert found[0] == {
        "id": "b1",
        "number": NUMBER,
        "queue": "greening",
        "language": "zh",
        "call": "c-b1",
        "since": "2023-11-14T22:15:00.000+00:00",
        "promised": None,
        "position": 2,
        "attempts": 0,
        "state": "waiting",
        "next": None,
        "why": None,
    }


async def test_when_the_citizen_can_expect_the_call(world: World) -> None:
    promised(world, "b3", NUMBER, "greening", world.now, 1_800.0)
    found = (await listed(world))[-1]
    assert found["promised"] == {"from": "2023-11-14T22:30:00.000+00:00", "until": "2023-11-14T23:10:00.000+00:00"}


async def test_why_and_until_when_it_is_postponed(world: World) -> None:
    world.desk.distributor.tell(CallbackPostponed("b1", world.now + 900, "busy"))
    one = (await listed(world))[0]
    assert (one["state"], one["why"], one["next"]) == ("postponed", "busy", "2023-11-14T22:30:20.000+00:00")
    world.now += 900
    one = (await listed(world))[0]
    assert (one["state"], one["why"], one["next"]) == ("postponed", "busy", None), "the turn decides alone"


async def test_of_one_queue_and_so_many(world: World) -> None:
    assert [one["id"] for one in await listed(world, query="?queue=general")] == ["b2"]
    assert [one["id"] for one in await listed(world, query="?limit=1")] == ["b1"]


async def test_who_sees_which(world: World) -> None:
    agent = await world.key(Role.AGENT, agent="1001")
    limited = await world.key(Role.SUPERVISOR, queues=["general"])
    department = await world.key(Role.DEPARTMENT)
    operations = await world.key(Role.OPERATIONS)
    assert [one["id"] for one in await listed(world, agent)] == ["b1"], "1001 knows greening, and nothing else"
    assert [one["id"] for one in await listed(world, limited)] == ["b2"]
    assert await listed(world, department) == []
    async with world.client(operations) as client:
        assert (await client.get("/api/v1/callbacks")).status_code == 403
        assert (await client.delete("/api/v1/callbacks/b1")).status_code == 403


async def test_how_many_promises_were_kept_today(world: World) -> None:
    tell, write = world.desk.distributor.tell, world.desk.centre.recorder.write
    write(Record(world.now, Kind.CALLBACK_DIALLED, "b1", "greening"))
    tell(CallLeft("b1", Left.NOT_REACHED))
    tell(CallLeft("b2", Left.NOT_REACHED))
    agent = await world.key(Role.AGENT, agent="1001")
    async with world.client() as client, world.client(agent) as limited:
        assert (await client.get("/api/v1/callbacks-today")).json() == [
            {"queue": "greening", "ended": 1, "kept": 1},
            {"queue": "general", "ended": 1, "kept": 0},
        ]
        assert [one["queue"] for one in (await limited.get("/api/v1/callbacks-today")).json()] == ["greening"]
        world.now += 86_400
        assert (await client.get("/api/v1/callbacks-today")).json() == []


async def test_an_agent_cancels_a_callback_and_the_record_says_who(world: World) -> None:
    agent = await world.key(Role.AGENT, agent="1001")
    async with world.client(agent) as client:
        assert (await client.delete("/api/v1/callbacks/b1")).status_code == 204
        again = await client.delete("/api/v1/callbacks/b1")
        foreign = await client.delete("/api/v1/callbacks/b2")
    assert (again.status_code, foreign.status_code) == (404, 404)
    assert again.json()["detail"] == "There is no callback b1, or no more."
    assert [one["id"] for one in await listed(world)] == ["b2"]
    assert world.desk.distributor.engine.callback_position("b1") is None
    entries = await world.accounts.audit.list(None, "callback-cancelled", 0, 10)
    (entry,) = [entry for entry in entries if entry.status == 204]
    assert (entry.target, entry.detail) == ("/callbacks/b1", "138******00")
    (left,) = [record for record in world.desk.records if record.kind is Kind.LEFT_QUEUE]
    assert (left.call, left.queue, left.data["why"], left.actor) == ("b1", "greening", Left.CANCELLED, entry.actor)


async def test_a_number_that_is_forgotten_is_not_called_back(world: World) -> None:
    promised(world, "b3", f"+{NUMBER}", "greening", world.now)
    forget(world.desk.centre.callbacks, world.desk.distributor, NUMBER)
    assert [one["id"] for one in await listed(world)] == ["b2"]
    assert NUMBER not in str(world.desk.centre.callbacks.kept())


async def test_a_queue_says_how_many_are_to_be_called_back(world: World) -> None:
    async with world.client() as client:
        queues = (await client.get("/api/v1/queues")).json()
        page = (await client.get("/metrics")).text
    assert [(queue["id"], queue["waiting"], queue["callbacks"]) for queue in queues] == [
        ("greening", 1, 1),
        ("general", 0, 1),
    ]
    assert 'wutong_callbacks{queue="greening"} 1.0' in page
