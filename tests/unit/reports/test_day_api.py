"""An agent's day over HTTP: what it says, of which day, who sees it."""

from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from base.role import Role
from journal.records import Kind, Record
from reports import day_api
from tests.unit.reports.stories import answered, in_order, state
from tests.unit.reports.test_api import ask
from tests.unit.service.world import World

EIGHT = 1_772_409_600.0  # Monday 2 March 2026, 8:00 in Shanghai
MIDNIGHT = EIGHT + 16 * 3_600
DAY = "/agents/1001/day"


@pytest.fixture
def world() -> World:
    """From eight on 1001 is signed in; takes a call at nine, a break at ten, and stays over midnight."""
    made = World(now=MIDNIGHT + 3_600.5)
    signs_in = state("1001", EIGHT + 0.125, "ready", "logged-out")
    breaks = [
        state("1001", EIGHT + 7_200, "not-ready", "ready", "用餐"),
        state("1001", EIGHT + 9_000.25, "ready", "not-ready"),
    ]
    offered = Record(EIGHT + 10_000, Kind.OFFERED, "c2", "gas", "1001", "o2")
    missed = Record(EIGHT + 10_020, Kind.OFFER_FAILED, "c2", "gas", "1001", "o2", {"reason": "declined"})
    rings = [
        *(offered, state("1001", EIGHT + 10_000, "ringing", "ready")),
        *(missed, state("1001", EIGHT + 10_020, "not-ready", "ringing", "rona")),
    ]
    made.archive.keep(in_order([signs_in], answered("c1", EIGHT + 3_600), breaks, rings))
    return made


async def test_a_day_up_to_midnight(world: World) -> None:
    found = await ask(world, f"{DAY}?date=2026-03-02")
    assert (found["agent"], found["name"], found["date"]) == ("1001", "绿化一席", "2026-03-02")
    assert found["timezone"] == "Asia/Shanghai"
    assert (found["from"], found["until"]) == ("2026-03-01T16:00:00.000+00:00", "2026-03-02T16:00:00.000+00:00")
    assert found["shifts"] == [{"from": "2026-03-02T00:00:00.125+00:00", "until": "2026-03-02T16:00:00.000+00:00"}]
    assert found["signed_in_ms"] == 57_599_875 == sum(each["ms"] for each in found["sums"])
    assert {(each["kind"], each["reason"]): each["ms"] for each in found["sums"]} == {
        ("ready", ""): 3_606_875 + 3_510_000 + 999_750,
        ("ringing", ""): 23_000,
        ("talk", ""): 60_000,
        ("wrap-up", ""): 20_000,
        ("not-ready", "rona"): 47_580_000,
        ("not-ready", "用餐"): 1_800_250,
    }
    assert [each["kind"] for each in found["sums"]][:2] == ["ready", "ringing"]
    assert found["missed"] == 1
    times = [(each["from"], each["until"]) for each in found["spans"]]
    assert all(one[1] == other[0] for one, other in pairwise(times))
    assert found["spans"][2] == {
        "from": "2026-03-02T01:00:10.000+00:00",
        "until": "2026-03-02T01:01:10.000+00:00",
        "kind": "talk",
        "reason": "",
        "queue": "greening",
        "call_id": "c1",
        "missed": None,
    }
    assert [each["missed"] for each in found["spans"] if each["missed"]] == ["declined"]


async def test_today_goes_on_from_midnight_to_now(world: World) -> None:
    found = await ask(world, DAY)
    assert (found["date"], found["missed"]) == ("2026-03-03", 0)
    assert found["sums"] == [{"kind": "not-ready", "reason": "rona", "ms": 3_600_500}]
    assert len(found["spans"]) == 1
    for day in ("2026-03-01", "2026-03-04"):
        found = await ask(world, f"{DAY}?date={day}")
        assert (found["shifts"], found["spans"], found["sums"], found["signed_in_ms"]) == ([], [], [], 0)


async def test_the_days_on_which_the_clock_changes_are_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shanghai had summer time until 1991."""
    for day, hours in (("1990-04-15", 23), ("1990-09-16", 25)):
        found = await ask(world, f"{DAY}?date={day}")
        begin, until = (datetime.fromisoformat(found[name]) for name in ("from", "until"))
        assert (until - begin).total_seconds() == hours * 3_600


async def test_a_day_of_too_many_changes_ends_early(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day_api, "MOST", 3)
    found = await ask(world, f"{DAY}?date=2026-03-02")
    assert found["until"] == found["spans"][-1]["until"] == "2026-03-02T01:00:07.000+00:00"


async def test_days_that_are_none(world: World) -> None:
    assert "1990-01-01" in (await ask(world, f"{DAY}?date=1989-12-31", status=422))["detail"]
    await ask(world, f"{DAY}?date=yesterday", status=422)
    assert "no such agent" in (await ask(world, "/agents/4711/day", status=404))["detail"]


async def seen(world: World, key: str) -> list[int]:
    found: list[int] = []
    async with world.client(key) as client:
        for agent in ("1001", "1002"):
            found.append((await client.get(f"/api/v1/reports/agents/{agent}/day")).status_code)
    return found


async def test_agents_see_their_own_and_supervisors_those_who_serve_their_queues(world: World) -> None:
    assert await seen(world, await world.key(Role.AGENT, agent="1001")) == [200, 404]
    assert await seen(world, await world.key(Role.SUPERVISOR)) == [200, 200]
    assert await seen(world, await world.key(Role.SUPERVISOR, queues=["greening"])) == [200, 404]
    assert await seen(world, await world.key(Role.OPERATIONS)) == [200, 200]
    assert await seen(world, await world.key(Role.DEPARTMENT, departments=["gas"])) == [403, 403]


async def test_no_database(world: World) -> None:
    await world.archive.engine.dispose()
    world.archive.lose()
    found: Any = await ask(world, DAY, status=503)
    assert "cannot be asked" in found["detail"]
