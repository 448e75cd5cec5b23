"""The callbacks over HTTP: who sees which and cancels which; what queues, the stream and /metrics say of them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from acd.events import CallbackPostponed, CallLeft, Left
from base.role import Role
from callbacks.api import forget
from journal.actor import Actor
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
        "taken_by": None,
        "taken_until": None,
        "mine": False,
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


def at(world: World, seconds: float) -> str:
    return datetime.fromtimestamp(world.now + seconds, UTC).isoformat()


async def test_an_agent_takes_a_callback_until_a_time_and_others_see_that(world: World) -> None:
    agent = await world.key(Role.AGENT, agent="1001")
    other = await world.key(Role.SUPERVISOR, queues=["greening"])
    async with world.client(agent) as mine, world.client() as all_of_it:
        taken = await mine.post("/api/v1/callbacks/b1/take", json={"until": at(world, 600)})
        assert taken.status_code == 200, taken.text
        assert (taken.json()["taken_by"], taken.json()["mine"]) == ("agent:1001", True)
        refused = await all_of_it.post("/api/v1/callbacks/b1/take", json={"until": at(world, 600)})
        assert (refused.status_code, refused.json()["detail"]) == (409, "1001 has this callback.")
        longer = await mine.post("/api/v1/callbacks/b1/take", json={"until": at(world, 900)})
        assert longer.json()["taken_until"] == "2023-11-14T22:30:20.000+00:00"
        assert (await mine.post("/api/v1/callbacks/b2/take", json={"until": at(world, 600)})).status_code == 404
    (taken_record, _) = [record for record in world.desk.records if record.kind is Kind.CALLBACK_TAKEN]
    assert (taken_record.call, taken_record.actor) == ("b1", Actor.agent("1001"))
    assert (await listed(world, other))[0] == {**longer.json(), "mine": False}
    world.now += 900
    assert [(one["taken_by"], one["taken_until"]) for one in await listed(world)] == [(None, None)] * 2


@pytest.mark.parametrize("seconds", [-1, 0, 72 * 3_600 + 1])
async def test_a_time_that_is_past_or_too_far(world: World, seconds: float) -> None:
    async with world.client() as client:
        answer = await client.post("/api/v1/callbacks/b1/take", json={"until": at(world, seconds)})
        assert (answer.status_code, answer.json()["detail"]) == (422, "Choose a time within the next 72 hours.")
        for wrong in ({}, {"until": 12}, {"until": "2023-11-14T22:30:00"}, {"until": at(world, 9), "who": "1001"}):
            assert (await client.post("/api/v1/callbacks/b1/take", json=wrong)).status_code == 422


async def test_who_may_give_it_back(world: World) -> None:
    first = await world.key(Role.AGENT, agent="1001")
    limited = await world.key(Role.SUPERVISOR, queues=["general"])
    async with world.client() as client, world.client(first) as agent, world.client(limited) as elsewhere:
        await client.post("/api/v1/callbacks/b1/take", json={"until": at(world, 600)})
        assert (await elsewhere.post("/api/v1/callbacks/b1/return")).status_code == 404
        assert (await agent.post("/api/v1/callbacks/b1/return")).status_code == 409
        assert (await client.post("/api/v1/callbacks/b1/return")).status_code == 204
        await agent.post("/api/v1/callbacks/b1/take", json={"until": at(world, 600)})
        assert (await client.post("/api/v1/callbacks/b1/return")).status_code == 204, "whose queue it is"
        assert (await agent.post("/api/v1/callbacks/b1/return")).status_code == 204, "nobody has it"
    assert (await listed(world))[0]["taken_by"] is None
    kinds = [record.kind for record in world.desk.records if record.call == "b1"]
    assert kinds == [Kind.CALLBACK_TAKEN, Kind.CALLBACK_RETURNED] * 2


async def test_nobody_takes_a_citizen_who_is_being_dialled(world: World) -> None:
    world.desk.centre.recorder.write(Record(world.now, Kind.CALLBACK_DIALLED, "b1", "greening"))
    async with world.client() as client:
        answer = await client.post("/api/v1/callbacks/b1/take", json={"until": at(world, 600)})
    assert (answer.status_code, answer.json()["detail"]) == (409, "This citizen is being dialled.")


async def test_an_agent_who_was_rung_first_says_that_a_mailbox_has_answered(world: World) -> None:
    write, path = world.desk.centre.recorder.write, "/api/v1/callbacks/b1/not-reached"
    agent = await world.key(Role.AGENT, agent="1001")
    async with world.client(agent) as client:
        answer = await client.post(path)
        assert (answer.status_code, answer.json()["detail"]) == (409, "No agent talks with this citizen.")
        write(Record(world.now, Kind.CALL_OUT_DIALLED, "o1", "greening", "1001", data={"callback": "b1"}))
        assert (await listed(world))[0]["state"] == "dialling"
        assert (await client.post(path)).status_code == 409
        write(Record(world.now, Kind.CALL_OUT_ANSWERED, "o1", "greening", "1001", data={"callback": "b1"}))
        assert (await listed(world))[0]["state"] == "talking"
        answer = await client.post("/api/v1/callbacks/b1/take", json={"until": at(world, 600)})
        assert answer.status_code == 409
        assert (await client.post(path)).status_code == 204
    (said,) = [record for record in world.desk.records if record.kind is Kind.LEFT_QUEUE]
    assert (said.call, said.data["why"], str(said.actor)) == ("b1", Left.NOT_REACHED, "token:key-0")


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
