"""Reports over HTTP: what they say, how they are split, who sees which."""

import csv
import io
from typing import Any

import pytest

from base.role import Role
from tests.unit.reports.stories import abandoned, answered, in_order
from tests.unit.service.world import World

DAY = 86_400.0
NOON = 1_772_337_600.0  # Sunday 1 March 2026, 12:00 in Shanghai


@pytest.fixture
def world() -> World:
    made = World(now=NOON + 6 * 3_600)
    calls = in_order(
        answered("c1", NOON, wait=10, talk=60),
        answered("c2", NOON + 3_600, wait=20, talk=120, agent="1002"),
        abandoned("c3", NOON + 3_700, wait=30),
        answered("c4", NOON + 3_800, wait=5, talk=30, queue="general", agent="1002"),
    )
    earlier = in_order(answered("b1", NOON - 7 * DAY, wait=8, talk=100))
    made.archive.keep([*earlier, *calls])
    return made


async def ask(world: World, path: str, key: str | None = None, status: int = 200) -> Any:
    async with world.client() if key is None else world.client(key) as client:
        answer = await client.get(f"/api/v1/reports{path}")
    assert answer.status_code == status, answer.text
    return answer.json()


def rows(found: dict[str, Any], *figures: str) -> list[tuple[Any, ...]]:
    parts = ("name", "begins", "hour", "weekday", "day_kind", "night")
    return [
        (*(row[part] for part in parts if row[part] is not None), *(row["figures"][each] for each in figures))
        for row in found["rows"]
    ]


async def test_a_day_by_queue(world: World) -> None:
    found = await ask(world, "/queues?by=queue")
    assert rows(found, "offered", "answered", "abandoned", "asa", "aht") == [
        ("general", 1, 1, 0, 5.0, 50.0),
        ("greening", 3, 2, 1, 15.0, 110.0),
    ]
    assert (found["from"], found["to"], found["timezone"]) == ("2026-03-01", "2026-03-01", "Asia/Shanghai")
    total = found["total"]
    assert (total["entries"], total["service_level_without_short"], total["longest_wait"]) == (4, 50.0, 30.0)
    assert total["wait_50"] == pytest.approx(10.0, rel=0.025)
    assert "service_level_of_answered" not in total


async def test_all_service_levels(world: World) -> None:
    found = await ask(world, "/queues?service_levels=all")
    levels = {name: value for name, value in found["total"].items() if name.startswith("service_level_")}
    assert len(levels) == 6
    assert (levels["service_level_of_answered"], levels["service_level_of_offered"]) == (66.67, 50.0)
    assert found["service_level"] == "service_level_without_short"


async def test_hours_weekdays_and_intervals(world: World) -> None:
    assert rows(await ask(world, "/queues?by=hour"), "entries") == [(12, 1), (13, 3)]
    assert rows(await ask(world, "/queues?by=queue,hour"), "entries") == [
        ("general", 13, 1),
        ("greening", 12, 1),
        ("greening", 13, 2),
    ]
    assert rows(await ask(world, "/queues?by=weekday,day-kind,night"), "entries") == [(7, "weekend", False, 4)]
    quarters = await ask(world, "/queues?every=15min")
    assert rows(quarters, "entries", "wait_50") == [
        ("2026-03-01T04:00:00.000+00:00", 1, None),
        ("2026-03-01T05:00:00.000+00:00", 3, None),
    ]
    for every, begins in (("day", "2026-02-28T16"), ("week", "2026-02-22T16"), ("year", "2025-12-31T16")):
        (row,) = rows(await ask(world, f"/queues?every={every}"), "entries")
        assert row == (f"{begins}:00:00.000+00:00", 4)


async def test_it_is_compared_with_the_week_before(world: World) -> None:
    found = await ask(world, "/queues?compare=week")
    before = found["before"]
    assert (before["from"], before["total"]["answered"], before["before"]) == ("2026-02-22", 1, None)
    both = await ask(world, "/queues?from=2026-02-22&to=2026-03-01&every=day")
    assert rows(both, "answered") == [("2026-02-21T16:00:00.000+00:00", 1), ("2026-02-28T16:00:00.000+00:00", 3)]


async def test_one_queue_or_agent(world: World) -> None:
    assert rows(await ask(world, "/queues?by=queue&name=general"), "answered") == [("general", 1)]
    assert rows(await ask(world, "/agents?by=agent&name=1002"), "interactions", "aht") == [("1002", 2, 95.0)]


async def test_as_csv(world: World) -> None:
    async with world.client() as client:
        answer = await client.get("/api/v1/reports/queues?by=queue,hour&format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert next((line["name"], line["hour"], line["entries"]) for line in lines) == ("general", "13", "1")


async def test_every_report_can_be_had_by_each_of_its_dimensions(world: World) -> None:
    for described in await ask(world, ""):
        kind = described["kind"]
        assert any(each["usual"] for each in described["figures"])
        await ask(world, f"/{kind}")
        for dimension in described["by"]:
            found = await ask(world, f"/{kind}?by={dimension}")
            assert found["by"] == [dimension]
            assert found["total"]


async def test_breaks_have_all_their_figures_however_they_are_split(world: World) -> None:
    for split in ("", "?by=break", "?by=agent", "?by=hour"):
        found = await ask(world, f"/breaks{split}")
        assert set(found["total"]) == {"break_time", "limited_breaks", "break_adherence"}


async def test_of_a_long_report_some_figures_are_shown_first(world: World) -> None:
    [queues] = [each for each in await ask(world, "") if each["kind"] == "queues"]
    usual = {each["id"]: each["usual"] for each in queues["figures"]}
    assert (usual["offered"], usual["service_level_of_offered"], usual["offers"]) == (True, True, False)


@pytest.mark.parametrize(
    "path",
    [
        "/queues?by=agent,queue",
        "/queues?by=menu",
        "/queues?by=queue,queue",
        "/queues?name=greening",
        "/queues?from=2026-03-02&to=2026-03-01",
        "/queues?from=2010-03-02",
        "/queues?from=0001-01-01&to=0001-01-02",
        "/queues?every=fortnight",
        "/callbacks?by=agent",
        "/nothing",
    ],
)
async def test_what_it_does_not_know_is_refused(world: World, path: str) -> None:
    assert (await ask(world, path, status=422))["detail"]


async def test_too_many_rows_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.reading.MOST_ROWS", 2)
    await ask(world, "/queues?by=queue,hour", status=422)
    await ask(world, "/queues?by=queue")


async def test_long_reports_have_no_percentiles(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.reading.MOST_WAITS", 2)
    assert rows(await ask(world, "/queues?by=queue,hour"), "answered", "wait_50")[0] == ("general", 13, 1, None)
    assert (await ask(world, "/queues?by=queue"))["rows"][0]["figures"]["wait_50"] == pytest.approx(5.0, rel=0.025)


async def test_without_a_database(world: World) -> None:
    world.archive.lose()
    await ask(world, "/queues", status=503)


async def test_who_sees_which(world: World) -> None:
    limited = await world.key(Role.SUPERVISOR, queues=["general"])
    assert rows(await ask(world, "/queues?by=queue", limited), "answered") == [("general", 1)]
    assert (await ask(world, "/queues", limited))["total"]["answered"] == 1
    assert (await ask(world, "/queues?by=queue&name=greening", limited))["rows"] == []
    await ask(world, "/queues?by=language", limited, status=403)
    await ask(world, "/calls", limited, status=403)
    await ask(world, "/menus", limited, status=403)
    operations = await world.key(Role.OPERATIONS)
    assert (await ask(world, "/calls", operations))["total"]["calls"] == 4
    await ask(world, "/queues", await world.key(Role.AGENT, agent="1001"), status=403)
    department = await world.key(Role.DEPARTMENT, departments=["gas"])
    assert (await ask(world, "/sub-hotlines", department))["total"]["lines"] == 0
    await ask(world, "/queues", department, status=403)
