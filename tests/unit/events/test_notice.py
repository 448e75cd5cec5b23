"""The supervisors' line of news over HTTP and in the event stream."""

from shutil import rmtree

import pytest

from base.role import Role
from tests.unit.events.test_broadcast import Board
from tests.unit.service.world import World


@pytest.fixture
def world() -> World:
    return World()


LINE = {"text": "今晚 23 点起燃气检修"}


async def test_a_supervisor_writes_it_an_agent_reads_it(world: World) -> None:
    async with world.client(await world.key(Role.SUPERVISOR)) as client:
        assert (await client.get("/api/v1/notice")).json() is None
        told = (await client.put("/api/v1/notice", json=LINE)).json()
        assert told == {**LINE, "at": "2023-11-14T22:15:00.000+00:00", "actor": "token:key-0"}
    async with world.client(await world.key(Role.AGENT, agent="1001")) as client:
        assert (await client.get("/api/v1/notice")).json() == told
        assert (await client.put("/api/v1/notice", json=LINE)).status_code == 403
        assert (await client.delete("/api/v1/notice")).status_code == 403
    async with world.client(await world.key(Role.SUPERVISOR)) as client:
        assert (await client.delete("/api/v1/notice")).status_code == 204
        assert (await client.get("/api/v1/notice")).json() is None
    entries = [(entry.what, entry.detail) for entry in await world.accounts.audit.list(None, None, 0, 9)]
    assert ("notice-written", LINE["text"]) in entries
    assert "notice-removed" in [what for what, _ in entries]


async def test_who_is_limited_to_queues_does_not_speak_to_all(world: World) -> None:
    async with world.client(await world.key(Role.SUPERVISOR, queues=["greening"])) as client:
        assert (await client.put("/api/v1/notice", json=LINE)).status_code == 403


@pytest.mark.parametrize("text", ["", "  ", "two\nlines", "x" * 201, "a\u2028b", "\x1b[31m", "a\u202eb", "a\x9bb"])
async def test_only_one_line_of_plain_text(world: World, text: str) -> None:
    async with world.client() as client:
        assert (await client.put("/api/v1/notice", json={"text": text})).status_code == 422
        assert (await client.put("/api/v1/notice", json={**LINE, "more": 1})).status_code == 422


async def test_that_it_cannot_be_kept_is_said() -> None:
    world = World()
    rmtree(world.folder.root)
    async with world.client() as client:
        answer = await client.put("/api/v1/notice", json=LINE, headers={"Accept-Language": "zh"})
    assert answer.status_code == 503
    assert answer.json()["detail"].startswith("通知存不下来")


async def test_the_stream_tells_it_at_once_and_when_it_is_removed() -> None:
    board = Board()
    board.messages = await board.another()
    async with board.clients, board.world.client() as client:
        assert "notice" not in (await board.next())["data"]
        await client.put("/api/v1/notice", json=LINE)
        assert [line["text"] for line in (await board.next())["data"]["notice"]] == [LINE["text"]]
        await client.delete("/api/v1/notice")
        assert (await board.next())["data"]["notice"] == []
