"""The journal: order, batches, errors, the bound, the flush."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from structlog.testing import capture_logs

from acd import store
from acd.journal import Journal
from acd.records import Kind, Record
from acd.store import CallStore
from service import database


class Flaky:
    """An engine whose transactions fail on request: `before` they begin, or `after` they were committed."""

    def __init__(self, real: AsyncEngine) -> None:
        self.real = real
        self.before = 0
        self.after = 0
        self.failed = 0
        self.gate = asyncio.Event()  # transactions wait until it is set
        self.gate.set()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        await self.gate.wait()
        if self.before:
            self.before -= 1
            self.failed += 1
            raise ConnectionRefusedError("no database")
        async with self.real.begin() as connection:
            yield connection
        if self.after:
            self.after -= 1
            self.failed += 1
            raise ConnectionResetError("gone at the commit")


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Flaky]:
    engine = database.open(tmp_path / "wutong.db")
    await database.migrate(engine)
    yield Flaky(engine)
    await engine.dispose()


@asynccontextmanager
async def writing(journal: Journal) -> AsyncIterator[None]:
    writer = asyncio.create_task(journal.run())
    try:
        yield
    finally:
        writer.cancel()
        with suppress(asyncio.CancelledError):
            await writer


def journal(db: Flaky, **options: object) -> Journal:
    return Journal(cast(AsyncEngine, db), retry_s=0.001, longest_retry_s=0.002, **options)  # type: ignore[arg-type]


def key(n: int, call: str = "c1") -> Record:
    return Record(float(n), Kind.KEY_PRESSED, call=call, data={"key": str(n % 10)})


async def stored(db: Flaky, call: str = "c1") -> Sequence[Record]:
    return await CallStore(db.real).story(call)


async def test_records_are_written_in_order_and_batches_are_told(db: Flaky) -> None:
    told: list[list[Record]] = []
    ours = journal(db, batch=10, on_written=lambda batch: told.append(list(batch)))
    records = [key(n) for n in range(25)]
    for record in records:
        ours.write(record)
    assert ours.waiting == 25
    async with writing(ours):
        assert await ours.flush(5)
        assert ours.waiting == 0
        ours.write(key(25))
        assert await ours.flush(5)
    assert await stored(db) == [key(n) for n in range(26)]
    assert [len(batch) for batch in told] == [10, 10, 5, 1]


async def test_records_that_follow_closely_are_one_transaction(db: Flaky) -> None:
    told: asyncio.Queue[int] = asyncio.Queue()
    ours = journal(db, gather_s=0.02, on_written=lambda batch: told.put_nowait(len(batch)))
    async with writing(ours), asyncio.timeout(5):
        for n in range(3):
            ours.write(key(n))
            await asyncio.sleep(0)  # the writer could begin
        assert await told.get() == 3
        ours.write(key(3))
        assert await told.get() == 1


async def test_a_full_batch_and_a_flush_wait_for_nobody(db: Flaky) -> None:
    told: asyncio.Queue[int] = asyncio.Queue()
    ours = journal(db, batch=2, gather_s=3_600, on_written=lambda batch: told.put_nowait(len(batch)))
    async with writing(ours), asyncio.timeout(5):
        ours.write(key(0))
        ours.write(key(1))
        assert await told.get() == 2
        ours.write(key(2))
        assert await ours.flush(5)
        assert await told.get() == 1


async def test_the_rows_of_the_calls_are_written_with_the_records(db: Flaky) -> None:
    ours = journal(db)
    ours.write(Record(1.0, Kind.CALL_STARTED, call="c1", data={"caller": "138", "number": "12319", "language": "zh"}))
    ours.write(Record(2.0, Kind.CALL_FINISHED, call="c1", data={"by": "caller"}))
    async with writing(ours):
        assert await ours.flush(5)
    told = await CallStore(db.real).get("c1")
    assert told is not None
    assert (told.caller, told.ended) == ("138", 2.0)


async def test_a_database_that_is_away_delays_and_reorders_nothing(db: Flaky) -> None:
    ours = journal(db, batch=4)
    db.before = 3
    with capture_logs() as logs:
        async with writing(ours):
            for n in range(10):
                ours.write(key(n))
            assert await ours.flush(5)
    assert db.failed == 3
    assert await stored(db) == [key(n) for n in range(10)]
    assert [line["event"] for line in logs] == ["journal.unavailable", "journal.available"]


async def test_a_commit_that_took_place_and_was_not_confirmed_is_not_repeated(db: Flaky) -> None:
    told: list[Record] = []
    ours = journal(db, batch=4, on_written=told.extend)
    async with writing(ours):
        ours.write(key(0))
        assert await ours.flush(5)
        db.after = 1
        for n in range(1, 9):
            ours.write(key(n))
        assert await ours.flush(5)
    assert db.failed == 1
    assert await stored(db) == [key(n) for n in range(9)]
    assert told == [key(n) for n in range(9)]


async def test_the_first_commit_of_all_is_not_repeated_either(db: Flaky) -> None:
    ours = journal(db)
    db.after = 1
    async with writing(ours):
        ours.write(key(0))
        assert await ours.flush(5)
    assert db.failed == 1
    assert await stored(db) == [key(0)]


async def test_numbers_that_another_writer_took_are_left_to_him(db: Flaky) -> None:
    ours = journal(db)
    async with writing(ours):
        ours.write(key(0))
        assert await ours.flush(5)
        async with db.real.begin() as connection:
            await store.append(connection, 2, [key(100, "other")])
        ours.write(key(1))
        assert await ours.flush(5)
    assert await stored(db) == [key(0), key(1)]
    assert await stored(db, "other") == [key(100, "other")]


async def test_a_full_queue_drops_counts_and_says_so_once_a_burst(db: Flaky) -> None:
    ours = journal(db, capacity=10)
    db.gate.clear()
    with capture_logs() as logs:
        async with writing(ours):
            for n in range(15):
                ours.write(key(n))
            assert (ours.dropped, ours.waiting) == (5, 10)
            db.gate.set()
            assert await ours.flush(5)
            db.gate.clear()
            for n in range(20, 32):
                ours.write(key(n))
            assert ours.dropped == 7
            db.gate.set()
            assert await ours.flush(5)
    assert await stored(db) == [key(n) for n in (*range(10), *range(20, 30))]
    assert [line["event"] for line in logs] == ["journal.full", "journal.keeps_up"] * 2


async def test_a_flush_that_takes_too_long_says_so(db: Flaky) -> None:
    ours = journal(db)
    db.gate.clear()
    with capture_logs() as logs:
        async with writing(ours):
            ours.write(key(0))
            assert not await ours.flush(0.01)
    assert [(line["event"], line["lost"]) for line in logs] == [("journal.not_flushed", 1)]


async def test_a_flush_does_not_wait_for_what_is_written_after_it(db: Flaky) -> None:
    ours: Journal = journal(db, batch=1, on_written=lambda _: ours.write(key(99)))  # there is always more
    async with writing(ours):
        ours.write(key(0))
        assert await ours.flush(5)


async def test_the_log_names_no_caller(db: Flaky) -> None:
    async with db.real.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE calls")
    ours = journal(db)
    with capture_logs() as logs:
        async with writing(ours):
            ours.write(Record(1.0, Kind.CALL_STARTED, call="c1", data={"caller": "13800000000"}))
            assert not await ours.flush(0.05)
    assert "no such table" in str(logs)
    assert "13800000000" not in str(logs)
