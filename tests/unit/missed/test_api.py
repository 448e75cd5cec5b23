"""The missed callers over HTTP: who sees whom and takes whom off the list; what the stream and /metrics say."""

from typing import Any

import pytest

from base.role import Role
from journal.records import Kind
from tests.unit.missed.tries import tried
from tests.unit.service.world import World

AT = 1_700_000_000.0
NUMBER = "13800138000"


@pytest.fixture
def world() -> World:
    made = World()
    made.note(*tried("c1", NUMBER, "greening", AT), *tried("c2", "13900139000", "general", AT))
    made.note(*tried("c3", "13700137000", None, AT))
    return made


async def listed(world: World, key: str | None = None, query: str = "") -> list[dict[str, Any]]:
    async with world.client() if key is None else world.client(key) as client:
        answer = await client.get(f"/api/v1/missed{query}")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found


async def test_all_that_is_known_of_who_was_missed(world: World) -> None:
    found = await listed(world)
    assert [one["id"] for one in found] == ["c3", "c1", "c2"]
    assert found[1] == {
        "id": "c1",
        "number": NUMBER,
        "queue": "greening",
        "why": "gave-up",
        "times": 1,
        "waited_s": 30.0,
        "first": "2023-11-14T22:13:50.000+00:00",
        "last": "2023-11-14T22:13:50.000+00:00",
        "again": False,
    }
    assert (found[0]["queue"], found[0]["why"]) == (None, "refused")


async def test_of_one_queue_and_so_many(world: World) -> None:
    assert [one["id"] for one in await listed(world, query="?queue=general")] == ["c2"]
    assert [one["id"] for one in await listed(world, query="?limit=2")] == ["c3", "c1"]


async def test_who_sees_whom(world: World) -> None:
    agent = await world.key(Role.AGENT, agent="1001")
    limited = await world.key(Role.SUPERVISOR, queues=["general"])
    department = await world.key(Role.DEPARTMENT)
    operations = await world.key(Role.OPERATIONS)
    assert [one["id"] for one in await listed(world, agent)] == ["c1"], "1001 knows greening, and nothing else"
    assert [one["id"] for one in await listed(world, limited)] == ["c2"]
    assert await listed(world, department) == []
    async with world.client(operations) as client:
        assert (await client.get("/api/v1/missed")).status_code == 403


async def test_an_agent_takes_a_caller_off_the_list(world: World) -> None:
    agent = await world.key(Role.AGENT, agent="1001")
    async with world.client(agent) as client:
        assert (await client.post("/api/v1/missed/c1/done", json={"note": "called back"})).status_code == 204
        again = await client.post("/api/v1/missed/c1/done", json={})
        foreign = await client.post("/api/v1/missed/c2/done", json={})
    assert (again.status_code, foreign.status_code) == (404, 404)
    assert again.json()["detail"] == "There is no missed caller c1, or no more."
    assert [one["id"] for one in await listed(world)] == ["c3", "c2"]
    entries = await world.accounts.audit.list(None, "missed-done", 0, 10)
    (entry,) = [entry for entry in entries if entry.status == 204]
    assert (entry.target, entry.detail) == ("/missed/c1/done", "138******00")
    (done,) = [record for record in world.desk.records if record.kind is Kind.MISSED_DONE]
    assert (done.call, done.queue, done.data, done.actor) == ("c1", "greening", {"note": "called back"}, entry.actor)


@pytest.mark.parametrize("body", [None, [], {"note": 1}, {"note": "x" * 501}, {"note": "\x00"}, {"why": "x"}])
async def test_what_is_no_note_changes_nothing(world: World, body: Any) -> None:
    async with world.client() as client:
        assert (await client.post("/api/v1/missed/c1/done", json=body)).status_code == 422
    assert len(await listed(world)) == 3


async def test_metrics_say_how_many(world: World) -> None:
    async with world.client() as client:
        page = (await client.get("/metrics")).text
    assert 'wutong_missed_callers{queue="greening"} 1.0' in page
    assert 'wutong_missed_callers{queue=""} 1.0' in page
    assert "wutong_missed_dropped_total 0.0" in page
