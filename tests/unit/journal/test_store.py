"""The journal's tables: how far a spool is written. Records are read again in `tests/unit/calls/test_store`."""

import pytest
from sqlalchemy import text, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.schema import CreateTable

from journal import store
from journal.records import Kind, Record
from journal.store import Overtaken
from journal.tables import metadata, records


async def test_how_far_a_spool_is_written(db: AsyncEngine) -> None:
    async with db.begin() as connection:
        assert await store.written(connection, "a") is None
        await store.advance(connection, "a", None, 3)
        await store.advance(connection, "b", None, 10**12)
        await store.advance(connection, "a", 3, 4)
        assert [await store.written(connection, spool) for spool in ("a", "b", "c")] == [4, 10**12, None]
    for before in (3, 5):
        async with db.begin() as connection:
            with pytest.raises(Overtaken, match=f"up to number {before}"):
                await store.advance(connection, "a", before, 6)
    with pytest.raises(IntegrityError):
        async with db.begin() as connection:
            await store.advance(connection, "a", None, 6)


async def test_a_kind_that_an_older_version_wrote_is_read_by_its_name_of_today(db: AsyncEngine) -> None:
    async with db.begin() as connection:
        await store.append(connection, 1, [Record(1.0, Kind.ROUTED), Record(2.0, Kind.QUEUED)])
        await connection.execute(update(records).where(records.c.seq == 1).values(kind="sent-on"))
        assert [record.kind for record in await store.records_after(connection, 0)] == [Kind.ROUTED, Kind.QUEUED]


def test_the_tables_compile_for_postgresql() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    written = " ".join(str(CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables)
    assert "seq BIGINT NOT NULL" in written
    assert "data JSONB NOT NULL" in written
    assert "DOUBLE PRECISION" in written
    names = {index.name for table in metadata.sorted_tables for index in table.indexes}
    assert names == {
        *("ix_records_agent_day", "ix_records_at", "ix_records_call_seq", "ix_records_notes", "ix_records_recordings"),
    }


def _of(agent: str, at: float, kind: Kind = Kind.AGENT_STATE) -> Record:
    return Record(at, kind, agent=agent, data={"n": at})


async def test_what_an_agent_did_is_read_with_what_was_before(db: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    told = [
        *(_of("1001", at) for at in range(10, 20)),
        *(_of("1002", 20.0), _of("1001", 20.0, Kind.AGENT_PHONE), _of("1001", 20.0, Kind.WRAP_UP_CODE)),
        *(_of("1001", at) for at in range(21, 30)),
        *(_of("1001", 30.0, Kind.AGENT_PHONE), _of("1001", 40.0), _of("1001", 50.0)),
    ]
    async with db.begin() as connection:
        await store.append(connection, 1, told)
        found = await store.of_agent(connection, "1001", 25.0, 50.0, most=100)
        few = await store.of_agent(connection, "1001", 25.0, 50.0, most=3)
        monkeypatch.setattr(store, "BEFORE", 0)
        bounded = await store.of_agent(connection, "1001", 25.0, 50.0, most=2)
        none = await store.of_agent(connection, "1003", 25.0, 50.0, most=3)
    assert [record.at for record in found] == [*range(10, 21), *range(21, 31), 40]
    assert [record.at for record in few] == [*range(10, 21), *range(21, 28)]
    assert [record.at for record in bounded] == [20, 24, 25, 26]
    assert none == []


async def test_what_an_agent_did_is_found_by_an_index(db: AsyncEngine) -> None:
    """It has some of the kinds only: the queries have to name them as it does."""
    say = "EXPLAIN QUERY PLAN" if db.dialect.name == "sqlite" else "EXPLAIN"
    async with db.connect() as connection:
        if db.dialect.name == "postgresql":  # it reads an empty table whole
            await connection.execute(text("SET enable_seqscan = off"))
        for query in store.agent_queries("1001", 25.0, 50.0, most=3):
            written = query.compile(dialect=db.dialect, compile_kwargs={"literal_binds": True})
            plan = " ".join(str(row) for row in (await connection.execute(text(f"{say} {written}"))).all())
            assert "ix_records_agent_day" in plan, plan
