"""The journal and real databases that are locked, slow, full or gone: every Record arrives, once, in order."""

import asyncio
import os
import resource
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from calls.store import CallStore, project
from journal import database
from journal.records import Kind, Record
from journal.spool import Spool
from journal.writer import OBSERVER, SNAPSHOT, Journal
from lab.patience import PATIENCE, patience
from lab.postgres import running
from tests.unit.journal.journals import writing


def key(n: int) -> Record:
    return Record(float(n), Kind.KEY_PRESSED, call="c1", data={"key": str(n % 10)})


async def stored(engine: AsyncEngine) -> Sequence[Record]:
    return await CallStore(engine).story("c1")


Make = Callable[..., Journal]


@pytest.fixture
async def db(where: Path | str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsyncEngine]:
    monkeypatch.setattr(database, "BUSY_S", 0.05)
    monkeypatch.setattr(database, "ANSWER_S", 0.3)
    engine = database.open(where)
    yield engine
    await engine.dispose()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Make]:
    made: list[Journal] = []

    def make(db: AsyncEngine, **options: Any) -> Journal:
        for earlier in made:
            earlier.close()
        settings = {
            "retry_s": 0.01,
            "longest_retry_s": 0.05,
            "resume_s": 0.01,
            "prepare": database.migrate,
            "projections": (project,),
            **options,
        }
        made.append(Journal(db, Spool.open(tmp_path / "spool"), **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


async def in_trouble(journal: Journal, *words: str) -> None:
    """Until the journal says what is wrong, in one of these words."""
    async with patience("the journal's word that it is in trouble"):
        while journal.trouble is None:  # noqa: ASYNC110 - it is a property, as /readyz reads it
            await asyncio.sleep(0.005)
    assert any(word in journal.trouble for word in words), journal.trouble


@asynccontextmanager
async def locked(where: Path | str) -> AsyncIterator[None]:
    """Another program holds the lock that writers need."""
    if isinstance(where, Path):
        other = sqlite3.connect(where, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.close()
    else:
        engine = database.open(where)
        async with engine.begin() as connection:
            await connection.execute(text("LOCK TABLE records IN EXCLUSIVE MODE"))
            yield
        await engine.dispose()


async def test_a_state_that_cannot_be_told_begins_no_segment_and_no_record_is_lost(
    db: AsyncEngine, tmp_path: Path, journal: Make
) -> None:
    def snapshot() -> dict[str, int]:
        raise ZeroDivisionError

    failed: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: failed.append(context["work"]))
    ours = journal(db, snapshot=snapshot)
    assert not ours.rotate()
    assert failed == [SNAPSHOT]
    ours.write(key(0))
    ours.close()
    assert Spool.open(tmp_path / "spool").recovered.records == [key(0)]


async def test_calls_do_not_wait_for_another_segment(
    db: AsyncEngine, tmp_path: Path, journal: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk takes its time to begin one: Records are kept meanwhile, and the loop goes on."""
    begins, may_begin = asyncio.Event(), threading.Event()
    loop, links = asyncio.get_running_loop(), os.link

    def link(source: Path, target: Path) -> None:
        loop.call_soon_threadsafe(begins.set)
        assert may_begin.wait(PATIENCE)
        links(source, target)

    seen = 1
    ours = journal(db, snapshot=lambda: {"seen": seen})
    ours._spool._due = 1
    monkeypatch.setattr(os, "link", link)
    ours.write(key(0))
    async with patience("the draft of another segment"):
        await begins.wait()
    for seen in range(2, 5):
        ours.write(key(seen - 1))
    may_begin.set()
    async with patience("the other segment"):
        while len(list((tmp_path / "spool").glob("*.jsonl"))) < 2:  # noqa: ASYNC110 - a thread begins it
            await asyncio.sleep(0.001)
    ours.close()
    assert Spool.open(tmp_path / "spool").recovered == ({"seen": 1}, [key(n) for n in range(1, 4)])


async def test_a_spool_that_gets_no_snapshot_asks_for_one_after_as_many_bytes_again(tmp_path: Path) -> None:
    spool = Spool.open(tmp_path / "spool", segment=400)
    due = []
    for n in range(1, 21):
        assert spool.append(n, key(n))
        if spool.full:
            due.append(n)
            spool.put_off()
    assert due == [7, 14]
    spool.close()


async def test_an_observer_that_fails_has_no_batch_written_twice(db: AsyncEngine, journal: Make) -> None:
    def observer(records: Sequence[Record]) -> None:
        raise ZeroDivisionError

    failed: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: failed.append(context["work"]))
    ours = journal(db, on_written=observer)
    async with writing(ours):
        for n in range(3):
            ours.write(key(n))
            assert await ours.flush(PATIENCE)
    assert await stored(db) == [key(n) for n in range(3)]
    assert set(failed) == {OBSERVER}


async def test_a_writer_that_a_mistake_has_ended_goes_on_where_it_was(db: AsyncEngine, journal: Make) -> None:
    mistakes = [ZeroDivisionError]

    async def broken(connection: object, records: Sequence[Record]) -> None:
        if mistakes:
            raise mistakes.pop()

    ours = journal(db, projections=(broken,))
    ours.write(key(0))
    with pytest.raises(ZeroDivisionError):
        await ours.run()
    async with writing(ours):
        ours.write(key(1))
        assert await ours.flush(PATIENCE)
    assert await stored(db) == [key(0), key(1)]


async def test_locked_for_long(db: AsyncEngine, where: Path | str, journal: Make) -> None:
    ours = journal(db, capacity=10, batch=5)
    async with writing(ours):
        ours.write(key(0))
        assert await ours.flush(PATIENCE)
        async with locked(where):
            for n in range(1, 40):
                ours.write(key(n))
            await in_trouble(ours, "locked", "TimeoutError")
            assert ours.waiting == 39
        assert await ours.flush(PATIENCE)
        assert ours.trouble is None
    assert await stored(db) == [key(n) for n in range(40)]
    assert ours.dropped == 0


async def test_slow_readers_hold_all_connections(db: AsyncEngine, where: Path | str, journal: Make) -> None:
    """The writer has an engine of its own, as in `service.app.serve`."""
    readers = database.open(where)
    ours = journal(db)
    held = [await readers.connect() for _ in range(15)]
    async with writing(ours):
        ours.write(key(0))
        assert await ours.flush(PATIENCE)
    for connection in held:
        await connection.close()
    await readers.dispose()
    assert await stored(db) == [key(0)]


async def test_seconds_a_statement(db: AsyncEngine, where: Path | str, journal: Make) -> None:
    """No batch of 100 is done within the time that PostgreSQL has to answer: they become smaller until they are."""
    if isinstance(where, Path):  # SQLite knows no such time; here it is slow as PostgreSQL is
        sleep = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT max(i) FROM n"
        statements = [f"CREATE TRIGGER slow AFTER INSERT ON records BEGIN {sleep}; END"]
    else:
        body = "BEGIN PERFORM pg_sleep(0.01); RETURN NULL; END"
        statements = [
            f"CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $${body}$$",
            "CREATE TRIGGER slow AFTER INSERT ON records FOR EACH ROW EXECUTE FUNCTION slow()",
        ]
    async with db.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    told: list[int] = []
    ours = journal(db, on_written=lambda batch: told.append(len(batch)))
    async with writing(ours):
        for n in range(100):
            ours.write(key(n))
        assert await ours.flush(PATIENCE)
    assert await stored(db) == [key(n) for n in range(100)]
    assert (max(told) < 50) == isinstance(where, str)


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """As a full disk: what fits is written, then an error (Python ignores the signal)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_full(tmp_path: Path, journal: Make) -> None:
    engine = database.open(tmp_path / "wutong.db")
    await database.migrate(engine)
    ours = journal(engine, batch=50)
    async with engine.connect() as connection:
        room = await connection.scalar(text("PRAGMA page_count")) + 2

    @event.listens_for(engine.sync_engine, "begin")
    def limit(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={room}")

    async with writing(ours):
        for n in range(1_000):
            ours.write(key(n))
        await in_trouble(ours, "full")
        assert not await ours.flush(0.1)
        room = 1_000_000  # somebody made room
        assert await ours.flush(PATIENCE)
    assert await stored(engine) == [key(n) for n in range(1_000)]
    await engine.dispose()


async def test_the_disk_of_database_and_spool_is_full(tmp_path: Path, journal: Make) -> None:
    """Records that the memory can hold arrive, the others are counted, and the spool goes on with a snapshot."""
    engine = database.open(tmp_path / "wutong.db")
    await database.migrate(engine)
    ours = journal(engine, capacity=200, snapshot=lambda: {"new": True}, resume_s=3_600)
    async with writing(ours):
        ours.write(key(0))
        assert await ours.flush(PATIENCE)
        with no_file_larger_than((tmp_path / "spool" / "000001.jsonl").stat().st_size + 1_000):
            for n in range(1, 400):
                ours.write(key(n))
            assert not await ours.flush(0.2)
            async with patience("the journal's word that the database takes nothing"):
                while "the database takes no Records: " not in (trouble := str(ours.trouble)):  # noqa: ASYNC110
                    await asyncio.sleep(0.005)
        assert "the spool keeps no Records: " in trouble
        lost = ours.dropped
        assert 150 <= lost <= 199
        assert await ours.flush(PATIENCE)
        assert ours.rotate()
        assert ours.trouble is None
        ours.write(key(400))
        assert await ours.flush(PATIENCE)
    found = await stored(engine)
    assert found == [*(key(n) for n in range(400 - lost)), key(400)]
    assert ours.dropped == lost
    ours.close()
    assert Spool.open(tmp_path / "spool").recovered == ({"new": True}, [key(400)])
    await engine.dispose()


async def test_the_file_is_removed(tmp_path: Path, journal: Make) -> None:
    """SQLite would go on writing into the removed file."""
    engine = database.open(tmp_path / "wutong.db")
    ours = journal(engine)
    async with writing(ours):
        ours.write(key(0))
        assert await ours.flush(PATIENCE)
        for name in ("wutong.db", "wutong.db-wal", "wutong.db-shm"):
            os.unlink(tmp_path / name)
        ours.write(key(1))
        assert await ours.flush(PATIENCE)
    await engine.dispose()
    fresh = database.open(tmp_path / "wutong.db")
    assert await stored(fresh) == [key(0), key(1)]
    await fresh.dispose()


async def test_another_service_wrote_a_damaged_page(tmp_path: Path, journal: Make) -> None:
    """SQLite's words are reported, and the Records wait."""
    engine = database.open(tmp_path / "wutong.db")
    await database.migrate(engine)
    await engine.dispose()
    with (tmp_path / "wutong.db").open("r+b") as file:
        file.seek(4_096)
        file.write(b"\xff" * 200_000)
    ours = journal(engine)
    async with writing(ours):
        ours.write(key(0))
        await in_trouble(ours, "malformed")
        assert ours.waiting == 1
    await engine.dispose()


@pytest.mark.parametrize("how", ["fast", "immediate"])
async def test_postgresql_is_stopped_and_started_under_load(journal: Make, how: str) -> None:
    with running() as postgres:
        engine = database.open(postgres.create())
        written = asyncio.Event()
        ours = journal(engine, batch=20, gather_s=0.001, on_written=lambda batch: written.set())
        count = 0

        async def load() -> None:
            nonlocal count
            while True:
                for _ in range(5):
                    ours.write(key(count))
                    count += 1
                await asyncio.sleep(0.001)

        async with writing(ours):
            calls = asyncio.create_task(load())
            for _ in range(3):
                written.clear()
                await written.wait()
                await asyncio.to_thread(postgres.stop, how)
                await in_trouble(ours, "Error")
                await asyncio.to_thread(postgres.start)
                async with patience("the end of the journal's trouble"):
                    while ours.trouble is not None:  # noqa: ASYNC110 - it is a property
                        await asyncio.sleep(0.005)
            calls.cancel()
            assert await ours.flush(PATIENCE)
        async with engine.connect() as connection:
            numbers = (await connection.execute(text("SELECT at FROM records ORDER BY seq"))).scalars()
            assert list(numbers) == [float(n) for n in range(count)]
        assert ours.dropped == 0
        await engine.dispose()
