"""Old data and one caller's number, over HTTP."""

import pytest

from base.failure import NotDone
from tests.unit.service.world import World

NUMBER = "138 0013 8000"


async def test_every_request_is_answered_and_a_dry_run_changes_nothing() -> None:
    world = World()
    async with world.client() as client:
        purged = await client.post("/api/v1/privacy/purge", json={})
        assert purged.json()["steps"] == 30
        assert purged.json()["more"] is True
        looked = await client.post("/api/v1/privacy/forget", json={"number": NUMBER, "dry_run": True})
        assert (looked.json()["removed"], looked.json()["live"]) == (0, 1)
        forgotten = await client.post("/api/v1/privacy/forget", json={"number": NUMBER})
        assert (forgotten.json()["removed"], forgotten.json()["alike"]) == (3, ["+8613800000000"])
        known = await client.post("/api/v1/privacy/export", json={"number": NUMBER})
        assert known.json() == {"calls": [], "alike": [], "linked": [], "lists": ["nuisance"], "after": None}
    me = "token:local"
    assert world.privacy.asked == [
        ("purge", "", me),
        ("look", NUMBER, "system"),
        ("forget", NUMBER, me),
        ("about", NUMBER, me),
    ]


@pytest.mark.parametrize("route", ["purge", "forget", "export"])
async def test_what_could_not_be_done_is_a_503_without_the_number(route: str) -> None:
    world = World()
    world.privacy.failure = NotDone("The database did not do it: OperationalError.")
    async with world.client() as client:
        answer = await client.post(f"/api/v1/privacy/{route}", json={} if route == "purge" else {"number": NUMBER})
    assert answer.status_code == 503
    assert NUMBER not in answer.text


@pytest.mark.parametrize("body", [{}, {"number": ""}, {"number": "1" * 61}, {"number": 138}, {"number": "138\0"}])
async def test_a_number_that_is_none_is_refused(body: object) -> None:
    world = World()
    async with world.client() as client:
        for route in ("forget", "export"):
            assert (await client.post(f"/api/v1/privacy/{route}", json=body)).status_code == 422
    assert world.privacy.asked == []
