"""Only the leader's Records get into the database, and the numbers of two machines never meet."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from calls.store import CallStore, project
from journal import database
from journal.records import Kind, Record
from journal.spool import Spool
from journal.tables import records
from journal.writer import Journal
from lab.patience import PATIENCE, until
from lab.postgres import Postgres
from nodes.fence import SESSIONS, fence
from tests.unit.journal.journals import writing
from tests.unit.nodes.leading import Machine, running, soon


def journal_of(engine: AsyncEngine, machine: Machine, spool: Path) -> Journal:
    return Journal(
        engine,
        Spool.open(spool),
        prepare=database.migrate,
        projections=(project,),
        fence=fence(machine.leadership.holder),
        node=machine.leadership.node.name,
        gather_s=0.01,
        retry_s=0.01,
        longest_retry_s=0.05,
    )


def presses(journal: Journal, call: str, first: int, count: int) -> None:
    for n in range(first, first + count):
        journal.write(Record(float(n), Kind.KEY_PRESSED, call=call, data={"key": str(n % 10)}))


async def refused(journal: Journal) -> None:
    async def look() -> int:
        return journal.refused

    await until("a batch that is refused", look)


async def test_a_former_leader_writes_nothing_any_more(postgres: Postgres, tmp_path: Path) -> None:
    url = postgres.create()
    engine = database.open(url, SESSIONS)
    north, south = Machine(url, "north"), Machine(url, "south")
    async with AsyncExitStack() as machines:
        leading = await machines.enter_async_context(running(north))
        await soon(north.leads, "north leads")
        await machines.enter_async_context(running(south))
        await soon(south.saw, "south stands by")
        first = journal_of(engine, north, tmp_path / "north")
        second = journal_of(engine, south, tmp_path / "south")
        async with writing(first):
            presses(first, "c1", 0, 20)
            assert await first.flush(PATIENCE)
            leading.cancel()
            await soon(south.leads, "south leads")
            presses(first, "c1", 20, 20)
            await refused(first)
            assert first.trouble is not None
            assert "only the leader writes Records" in first.trouble
            async with writing(second):
                presses(second, "c2", 0, 20)
                assert await second.flush(PATIENCE)
            assert first.waiting == 20, "the spool has them"
        async with engine.connect() as connection:
            rows = await connection.execute(select(func.count(), func.max(records.c.seq)).select_from(records))
            assert tuple(rows.one()) == (40, 40)
        for journal in (first, second):
            journal.close()
        assert len(await CallStore(engine).story("c1")) == 20
        assert len(await CallStore(engine).story("c2")) == 20
    await engine.dispose()


async def test_a_batch_under_way_is_committed_before_another_machine_leads(postgres: Postgres) -> None:
    """It holds the row until its commit. A machine that is frozen there holds it for 0.8 s, not for ever."""
    url = postgres.create()
    engine = database.open(url, SESSIONS)
    north, south = Machine(url, "north"), Machine(url, "south")
    async with AsyncExitStack() as machines:
        leading = await machines.enter_async_context(running(north))
        await soon(north.leads, "north leads")
        await machines.enter_async_context(running(south))
        await soon(south.saw, "south stands by")
        connection = await engine.connect()
        await connection.begin()
        await fence(north.leadership.holder)(connection)
        leading.cancel()
        with pytest.raises(TimeoutError):  # the lock is free after 0.45 s, and it settles for 0.42 s
            await asyncio.wait_for(south.leads.wait(), 0.5)
        await soon(south.leads, "south leads, as PostgreSQL has ended that transaction")
        await connection.invalidate()
        await connection.close()
    await engine.dispose()
