"""The self-test over HTTP: who sees and begins it, what it shows, and its metrics."""

from dataclasses import replace

import pytest

from base.role import Role
from journal.records import Kind, Record
from selftest.model import Difference, Outcome, Stopped, What, as_data
from tests.unit.service.world import World

DIFFERS = Difference("12319", ("2", "1"), What.ELSEWHERE, "queues:general", "goodbye:")
LAST = Outcome(1_700_000_000.0, "system", 3, 1_700_000_060.0, 2, (DIFFERS,), 1, ("gas",), False, 0.25, Stopped.BUSY)


@pytest.fixture
def world() -> World:
    return World()


def ended(world: World, outcome: Outcome = LAST) -> None:
    world.note(Record(1_700_000_060.0, Kind.SELFTEST_ENDED, data=as_data(outcome)))


async def figures(world: World) -> list[str]:
    async with world.client() as client:
        page = (await client.get("/metrics")).text
    return [line for line in page.splitlines() if line.startswith("wutong_selftest")]


async def test_before_the_first_one_there_is_nothing(world: World) -> None:
    async with world.client() as client:
        answer = await client.get("/api/v1/selftest")
    assert answer.json() == {"nightly": None, "running": False, "way": None, "last": None}
    assert await figures(world) == [
        "wutong_selftest_differences 0.0",
        "wutong_selftest_complete 1.0",
        "wutong_selftest_end_time_seconds 0.0",
    ]


async def test_the_last_one_in_both_languages(world: World) -> None:
    ended(world)
    async with world.client() as client:
        last = (await client.get("/api/v1/selftest")).json()["last"]
        chinese = (await client.get("/api/v1/selftest", headers={"Accept-Language": "zh"})).json()["last"]
    assert last == {
        "begun": "2023-11-14T22:13:20.000+00:00",
        "ended": "2023-11-14T22:14:20.000+00:00",
        "by": "system",
        "ways": 3,
        "called": 2,
        "differences": [
            {
                "number": "12319",
                "keys": ["2", "1"],
                "what": "elsewhere",
                "sentence": "the call ends at the goodbye, not at the queue general",
                "wanted": "queues:general",
                "came": "goodbye:",
            }
        ],
        "more": 1,
        "spared": ["gas"],
        "recogniser": False,
        "slowest_s": 0.25,
        "stopped": "busy",
        "why": "callers waited, or there were many calls",
    }
    assert (chinese["why"], chinese["differences"][0]["keys"]) == ("有来电人在等，或来电很多", ["2", "1"])
    assert "队列 general" in chinese["differences"][0]["sentence"]


async def test_metrics_say_what_it_found(world: World) -> None:
    ended(world)
    ended_at = [
        "wutong_selftest_differences 2.0",
        "wutong_selftest_complete 0.0",
        "wutong_selftest_end_time_seconds 1.70000006e+09",
    ]
    assert await figures(world) == ended_at
    world.note(Record(1_700_000_090.0, Kind.SELFTEST_STARTED, data={"ways": 3}))
    assert await figures(world) == ended_at, "until the next one has ended"
    ended(world, replace(LAST, ended=1_700_000_100.0, stopped=Stopped.ASKED, differences=()))
    assert await figures(world) == ended_at, "who stops one finds nothing out"


async def test_metrics_say_that_the_nightly_one_could_not_begin(world: World) -> None:
    world.selftest.not_begun = True
    assert "wutong_selftest_complete 0.0" in await figures(world)


async def test_none_begins_while_asterisk_is_away_and_the_sentence_says_so(world: World) -> None:
    async with world.client() as client:
        refused = await client.post("/api/v1/selftest")
        assert (await client.delete("/api/v1/selftest")).status_code == 204
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "No self-test can begin: Asterisk is not there.",
    )


async def test_who_may(world: World) -> None:
    supervisor = await world.key(Role.SUPERVISOR)
    operations = await world.key(Role.OPERATIONS)
    async with world.client(supervisor) as client:
        assert (await client.get("/api/v1/selftest")).status_code == 403
        assert (await client.post("/api/v1/selftest")).status_code == 403
    async with world.client(operations) as client:
        assert (await client.get("/api/v1/selftest")).status_code == 200
        assert (await client.post("/api/v1/selftest")).status_code == 409
