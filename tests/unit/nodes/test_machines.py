"""The table of machines: who is in it, what each does, who may be removed."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from journal import database
from lab.patience import until
from lab.postgres import Postgres
from nodes.api import router
from nodes.machines import Alive, Machines, Unknown, Unreachable
from nodes.model import AWAY_S, Part, part_of
from nodes.tables import nodes
from tests.unit.nodes.leading import Machine, running, soon


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.create()


@pytest.fixture
async def engine(url: str) -> AsyncIterator[AsyncEngine]:
    made = database.open(url)
    yield made
    await made.dispose()


async def parts(machines: Machines, wanted: dict[str, Part]) -> None:
    """Wait until the table has these, each in its part."""

    async def look() -> dict[str, Part]:
        return {seen.name: seen.part for seen in await machines.all()}

    await until(str(wanted), look, lambda found: found == wanted)


async def silence(engine: AsyncEngine, name: str) -> None:
    """Its last sign of life was long ago."""
    async with engine.begin() as connection:
        await connection.execute(update(nodes).where(nodes.c.name == name).values(seen=nodes.c.seen - 3_600.0))


def test_a_machine_without_a_sign_of_life_is_away_also_the_leader() -> None:
    assert part_of(AWAY_S, leader=True) is Part.LEADS
    assert part_of(AWAY_S, leader=False) is Part.STANDS_BY
    assert part_of(AWAY_S + 0.1, leader=True) is Part.AWAY


async def test_each_machine_is_in_the_table_with_what_it_does(url: str, engine: AsyncEngine) -> None:
    north, south = Machine(url, "north"), Machine(url, "south")
    machines = Machines(engine, north.leadership)
    async with running(north):
        await soon(north.leads, "north leads")
        await parts(machines, {"north": Part.LEADS})
        async with running(south):
            await parts(machines, {"north": Part.LEADS, "south": Part.STANDS_BY})
            first, second = await machines.all()
            assert (first.epoch, second.epoch) == (1, None)
            assert (second.id, second.version) == (south.node.id, "1.0")
            assert second.since <= second.seen
            with pytest.raises(Alive, match="north leads; stop Wutong there"):
                await machines.remove("north")
            with pytest.raises(Alive, match="south lives; stop Wutong there first"):
                await machines.remove("south")
        await silence(engine, "south")
        await parts(machines, {"north": Part.LEADS, "south": Part.AWAY})
        await machines.remove("south")
        await parts(machines, {"north": Part.LEADS})
        with pytest.raises(Unknown, match="there is no machine south"):
            await machines.remove("south")
        again = Machine(url, "south")
        async with running(again):
            await parts(machines, {"north": Part.LEADS, "south": Part.STANDS_BY})


async def test_a_sign_of_life_keeps_since_and_a_new_start_sets_it(url: str, engine: AsyncEngine) -> None:
    north = Machine(url, "north")
    machines = Machines(engine, north.leadership)
    async with running(north):
        await soon(north.leads, "north leads")
        await parts(machines, {"north": Part.LEADS})
        (first,) = await machines.all()

        async def look() -> float:
            (seen,) = await machines.all()
            assert seen.since == first.since
            return seen.seen

        await until("the next sign of life", look, lambda seen: seen > first.seen)
    again = Machine(url, "north")
    again.leadership.node = north.node
    async with running(again):
        await soon(again.leads, "the next start of north leads")

        async def started() -> float:
            (seen,) = await machines.all()
            return seen.since

        await until("another start", started, lambda since: since > first.since)


async def test_the_leader_is_not_removed_even_if_it_is_away(url: str, engine: AsyncEngine) -> None:
    north = Machine(url, "north")
    async with running(north):
        await soon(north.leads, "north leads")
        await parts(Machines(engine, north.leadership), {"north": Part.LEADS})
    await silence(engine, "north")
    with pytest.raises(Alive, match="north leads"):
        await Machines(engine, north.leadership).remove("north")


async def test_one_machine_alone_has_no_table_to_ask(engine: AsyncEngine) -> None:
    alone = Machines(engine, None)
    assert list(await alone.all()) == []
    with pytest.raises(Unknown, match="this is the only machine"):
        await alone.remove("north")


async def test_a_database_that_cannot_be_asked_is_told() -> None:
    away = "postgresql://wutong:x@127.0.0.1:1/wutong"
    engine = database.open(away)
    machines = Machines(engine, Machine(away, "north").leadership)
    with pytest.raises(Unreachable, match="the database cannot be asked"):
        await machines.all()
    with pytest.raises(Unreachable, match="the database cannot be asked"):
        await machines.remove("north")
    await engine.dispose()


async def test_over_http(url: str, engine: AsyncEngine) -> None:
    north = Machine(url, "north")
    app = FastAPI()
    app.include_router(router(Machines(engine, north.leadership)))
    transport = httpx.ASGITransport(app)
    async with running(north), httpx.AsyncClient(transport=transport, base_url="http://north") as client:
        await soon(north.leads, "north leads")
        await parts(Machines(engine, north.leadership), {"north": Part.LEADS})
        (found,) = (await client.get("/nodes")).json()
        assert found["since"].endswith("+00:00")
        assert {key: found[key] for key in ("id", "name", "part", "epoch", "version")} == {
            "id": north.node.id,
            "name": "north",
            "part": "leads",
            "epoch": 1,
            "version": "1.0",
        }
        assert (await client.delete("/nodes/north")).status_code == 409
        assert (await client.delete("/nodes/west")).status_code == 404
        await north.leadership.resign()
    away = FastAPI()
    unreachable = database.open("postgresql://wutong:x@127.0.0.1:1/wutong")
    away.include_router(router(Machines(unreachable, north.leadership)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(away), base_url="http://north") as client:
        assert (await client.get("/nodes")).status_code == 503
    await unreachable.dispose()
