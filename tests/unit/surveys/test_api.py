"""The surveys over HTTP: who sees which figures; what /metrics says."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from base.role import Role
from tests.unit.service.world import World
from tests.unit.surveys.told import not_asked, survey

DAY = 86_400.0


@pytest.fixture
def world() -> World:
    made = World()
    now = made.now
    made.note(*survey("c1", now, "4", "1"), *survey("c2", now, "5"), *survey("c3", now - 3 * DAY, number=""))
    made.note(not_asked("c4", now, "caller-hung-up"), not_asked("c5", now, "transferred"))
    made.note(*survey("c6", now, "2", "2", queue="general", agent="1002"))
    return made


async def read(world: World, key: str | None = None, query: str = "") -> dict[str, Any]:
    async with world.client() if key is None else world.client(key) as client:
        answer = await client.get(f"/api/v1/surveys{query}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


async def test_figures_of_each_queue_and_of_each_agent(world: World) -> None:
    found = await read(world)
    greening = {
        "offered": 3,
        "begun": 2,
        "complete": 1,
        "questions": [
            {"answers": 2, "mean": 4.5, "keys": {"4": 1, "5": 1}},
            {"answers": 1, "mean": 1.0, "keys": {"1": 1}},
        ],
        "not_asked": {"caller-hung-up": 1, "transferred": 1},
    }
    general, known = found["queues"]
    assert known == {"queue": "greening", **greening}
    assert (general["queue"], general["offered"], general["not_asked"]) == ("general", 1, {})
    assert [(one["agent"], one["queue"]) for one in found["agents"]] == [("1001", "greening"), ("1002", "general")]
    assert found["agents"][0] == {"agent": "1001", "queue": "greening", **greening}


async def test_figures_from_a_day_on(world: World) -> None:
    today = datetime.fromtimestamp(world.now, world.desk.hotline.zone).date()
    assert (await read(world))["since"] == (today - timedelta(days=3)).isoformat()
    found = await read(world, query=f"?since={today}")
    assert (found["since"], found["queues"][1]["offered"]) == (today.isoformat(), 2)
    assert (await read(world, query="?since=2999-01-01"))["queues"] == []


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01", "1", "2026-01-01T10:00:00"])
async def test_what_is_no_day_is_refused(world: World, since: str) -> None:
    async with world.client() as client:
        answer = await client.get("/api/v1/surveys", params={"since": since})
    assert answer.status_code == 422


async def test_who_sees_which(world: World) -> None:
    limited = await world.key(Role.SUPERVISOR, queues=["general"])
    found = await read(world, limited)
    assert [one["queue"] for one in found["queues"]] == ["general"]
    assert [one["agent"] for one in found["agents"]] == ["1002"]
    for role in (Role.AGENT, Role.OPERATIONS, Role.DEPARTMENT):
        key = await world.key(role, **({"agent": "1001"} if role is Role.AGENT else {}))
        async with world.client(key) as client:
            assert (await client.get("/api/v1/surveys")).status_code == 403


async def test_metrics_say_how_many(world: World) -> None:
    async with world.client() as client:
        page = (await client.get("/metrics")).text
    for line in (
        'wutong_surveys_offered_total{queue="greening"} 3.0',
        'wutong_surveys_begun_total{queue="greening"} 2.0',
        'wutong_surveys_complete_total{queue="greening"} 1.0',
        'wutong_surveys_not_asked_total{queue="greening"} 2.0',
        'wutong_surveys_complete_total{queue="general"} 1.0',
    ):
        assert line in page
