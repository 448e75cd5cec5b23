"""Old data and one caller's number, over HTTP."""

import pytest

from journal.actor import Actor
from journal.records import Kind
from privacy.retention import DAY
from tests.unit.archive import past
from tests.unit.service.world import World

NUMBER = "138 0013 8000"


async def test_every_request_is_answered_and_a_dry_run_changes_nothing() -> None:
    world = World()
    world.archive.keep(past("c8", world.now - 5 * DAY, "+8613800138000"), past("c9", world.now - DAY, "13800138000"))
    world.archive.keep(past("c7", world.now - 4_000 * DAY, "13900139000"))
    async with world.client() as client:
        due = await client.post("/api/v1/privacy/purge", json={"dry_run": True})
        purged = await client.post("/api/v1/privacy/purge", json={})
        assert (due.json()["calls"], purged.json()["calls"], purged.json()["more"]) == (1, 1, False)
        looked = await client.post("/api/v1/privacy/forget", json={"number": NUMBER, "dry_run": True})
        assert (looked.json()["removed"], looked.json()["calls"]) == (0, 1)
        known = (await client.post("/api/v1/privacy/export", json={"number": NUMBER})).json()
        assert ([call["id"] for call in known["calls"]], known["alike"]) == (["c9"], ["+8613800138000"])
        forgotten = await client.post("/api/v1/privacy/forget", json={"number": NUMBER})
        assert (forgotten.json()["removed"], forgotten.json()["calls"]) == (1, 0)
        assert (await client.get("/api/v1/calls/c9")).json()["caller"] == ""
    kinds = (Kind.PURGED, Kind.NUMBER_EXPORTED, Kind.NUMBER_FORGOTTEN)
    assert world.desk.who(*kinds) == [Actor.token("local")] * 3


@pytest.mark.parametrize("route", ["purge", "forget", "export"])
async def test_what_could_not_be_done_is_a_503_without_the_number(route: str) -> None:
    world = World()
    world.archive.lose()
    async with world.client() as client:
        answer = await client.post(f"/api/v1/privacy/{route}", json={} if route == "purge" else {"number": NUMBER})
    assert answer.status_code == 503
    assert NUMBER not in answer.text


async def test_a_number_that_is_none_is_refused() -> None:
    world = World()
    wrong: tuple[dict[str, object], ...] = (
        {},
        {"number": ""},
        {"number": "1" * 61},
        {"number": 138},
        {"number": "138\0"},
    )
    async with world.client() as client:
        for route in ("forget", "export"):
            for body in wrong:
                assert (await client.post(f"/api/v1/privacy/{route}", json=body)).status_code == 422, body
    assert world.desk.who(Kind.NUMBER_FORGOTTEN, Kind.NUMBER_EXPORTED) == []
