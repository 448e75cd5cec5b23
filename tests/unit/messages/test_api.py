"""The messages over HTTP: who sees, hears, takes, finishes and deletes which."""

from typing import Any

import pytest

from base.role import Role
from journal.records import Kind, Record
from messages.api import MessageCount
from messages.model import TAKEN_FOR
from tests.unit.messages.left import left
from tests.unit.missed.tries import tried
from tests.unit.service.world import World
from tests.unit.sounds.test_message import tone, written

AT = 1_700_000_000.0
NUMBER = "13800138000"


@pytest.fixture
def world() -> World:
    made = World()
    made.note(*left("c1", NUMBER, "greening", AT), *left("c2", "13900139000", "general", AT + 60, 5.5))
    made.note(*left("c3", "", "greening", AT + 120))
    folder = made.desk.centre.keeper.file("c1").parent
    folder.mkdir(parents=True, exist_ok=True)
    for call in ("c1", "c2", "c3"):
        written(folder / f"{call}.wav", tone(-21, 1))
    return made


async def listed(world: World, key: str | None = None, query: str = "") -> list[dict[str, Any]]:
    async with world.client() if key is None else world.client(key) as client:
        answer = await client.get(f"/api/v1/messages{query}")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found


async def order(world: World, key: str | None, message: str, what: str, **body: Any) -> int:
    async with world.client() if key is None else world.client(key) as client:
        answer = await client.post(f"/api/v1/messages/{message}/{what}", json=body or None)
        return answer.status_code


async def test_all_that_is_known_of_a_message(world: World) -> None:
    found = await listed(world)
    assert [one["id"] for one in found] == ["c1", "c2", "c3"], "the oldest comes first"
    assert found[1] == {
        "id": "c2",
        "number": "13900139000",
        "language": "zh",
        "queue": "general",
        "at": "2023-11-14T22:14:20.000+00:00",
        "seconds": 5.5,
        "taken_by": None,
        "mine": False,
        "called_by": None,
        "called_at": None,
        "done_by": None,
        "done_at": None,
        "note": "",
        "survey": False,
    }
    assert [one["id"] for one in await listed(world, query="?queue=greening&limit=1")] == ["c1"]


async def test_who_sees_and_hears_which(world: World) -> None:
    agent = await world.key(Role.AGENT, agent="1001")
    limited = await world.key(Role.SUPERVISOR, queues=["general"])
    assert [one["id"] for one in await listed(world, agent)] == ["c1", "c3"], "1001 knows greening, and nothing else"
    assert [one["id"] for one in await listed(world, limited)] == ["c2"]
    assert await listed(world, await world.key(Role.DEPARTMENT)) == []
    async with world.client(await world.key(Role.OPERATIONS)) as client:
        assert (await client.get("/api/v1/messages")).status_code == 403
    async with world.client(agent) as client:
        heard = await client.get("/api/v1/messages/c1/audio")
        assert (heard.status_code, heard.headers["content-type"]) == (200, "audio/wav")
        assert heard.content == world.desk.centre.keeper.file("c1").read_bytes()
        for unseen in ("c2", "c9", "..%2fsecrets"):
            assert (await client.get(f"/api/v1/messages/{unseen}/audio")).status_code == 404
    (entry, *_) = [one for one in await world.accounts.audit.list(None, "message-heard", 0, 10) if one.status == 200]
    assert (entry.target, entry.detail) == ("/messages/c1/audio", "138******00")


async def test_one_agent_has_it_and_nobody_else(world: World) -> None:
    wang = await world.key(Role.AGENT, agent="1001")
    li = await world.key(Role.SUPERVISOR)
    assert await order(world, wang, "c1", "take") == 200
    assert await order(world, wang, "c1", "take") == 200, "once more is no mistake"
    (mine, _) = await listed(world, wang)
    assert (mine["taken_by"], mine["mine"]) == ("agent:1001", True)
    assert (await listed(world, li))[0]["mine"] is False
    for what in ("take", "return"):
        assert await order(world, li, "c1", what) == 409
    assert await order(world, li, "c1", "done", note="x") == 409
    assert await order(world, wang, "c3", "take") == 409, "one at a time"
    assert await order(world, wang, "c1", "return") == 204
    assert await order(world, li, "c1", "take") == 200
    world.now += TAKEN_FOR + 1
    assert await order(world, wang, "c1", "take") == 200, "nobody has it for ever"


async def test_a_message_that_is_done_is_gone_with_its_sound(world: World) -> None:
    wang = await world.key(Role.AGENT, agent="1001")
    assert await order(world, wang, "c1", "done", note="called back") == 409, "take it first"
    assert await order(world, wang, "c1", "take") == 200
    assert await order(world, wang, "c1", "done", note="called back") == 204
    assert await order(world, wang, "c1", "done", note="called back") == 404
    assert [one["id"] for one in await listed(world)] == ["c2", "c3"]
    assert not world.desk.centre.keeper.file("c1").exists()
    (done,) = [record for record in world.desk.records if record.kind is Kind.MESSAGE_DONE]
    assert (done.call, done.queue, done.agent, done.data) == ("c1", "greening", "1001", {"note": "called back"})
    (seen,) = await listed(world, wang, "?done=true")
    assert (seen["id"], seen["done_by"], seen["note"], seen["taken_by"]) == ("c1", "agent:1001", "called back", None)
    assert seen["mine"] is False
    assert await listed(world, await world.key(Role.SUPERVISOR, queues=["general"]), "?done=true") == []
    world.desk.centre.keeper.forget(NUMBER)
    assert await listed(world, wang, "?done=true") == []


async def test_whoever_has_called_back_is_named(world: World) -> None:
    data = {"number": NUMBER}
    world.note(Record(AT + 600, Kind.CALL_OUT_ANSWERED, "out", "greening", "1001", data=data))
    found = await listed(world)
    assert [(one["called_by"], one["called_at"]) for one in found] == [
        ("agent:1001", "2023-11-14T22:23:20.000+00:00"),
        (None, None),
        (None, None),
    ]


async def test_who_deletes(world: World) -> None:
    async with world.client(await world.key(Role.AGENT, agent="1001")) as client:
        assert (await client.delete("/api/v1/messages/c1")).status_code == 403
    async with world.client(await world.key(Role.SUPERVISOR, queues=["greening"])) as client:
        assert (await client.delete("/api/v1/messages/c2")).status_code == 404
        assert (await client.delete("/api/v1/messages/c1")).status_code == 204
    assert [one["id"] for one in await listed(world)] == ["c2", "c3"]
    assert not world.desk.centre.keeper.file("c1").exists()


@pytest.mark.parametrize("body", [[], {"note": 1}, {"note": "x" * 501}, {"note": "\x00"}, {"why": "x"}])
async def test_what_is_no_note_changes_nothing(world: World, body: Any) -> None:
    async with world.client() as client:
        assert (await client.post("/api/v1/messages/c1/take")).status_code == 200
        assert (await client.post("/api/v1/messages/c1/done", json=body)).status_code == 422
    assert len(await listed(world)) == 3


async def test_metrics_have_how_many_wait(world: World) -> None:
    world.metrics.add(MessageCount(world.desk.centre.keeper))
    async with world.client() as client:
        page = (await client.get("/metrics")).text
    assert 'wutong_messages{queue="greening"} 2.0' in page
    assert "wutong_messages_lost_total 0.0" in page


def test_whoever_leaves_a_message_is_missed_no_more(world: World) -> None:
    world.note(*tried("d1", "13700137000", "greening", AT + 200, 95))
    assert [one.entry.id for one in world.desk.centre.missed.list(world.now)] == ["d1"]
    world.note(*left("d2", "13700137000", "general", AT + 400))
    assert world.desk.centre.missed.list(world.now) == []
