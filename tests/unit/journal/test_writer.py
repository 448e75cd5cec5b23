"""The journal: order, batches, errors, the bound, the flush."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from structlog.testing import capture_logs

from calls.store import CallStore, project
from journal import database, store
from journal.records import Kind, Record
from journal.spool import Spool
from journal.writer import Journal
from lab.patience import PATIENCE, patience
from tests.unit.journal.journals import writing
from tests.unit.service.saboteur import Mistake, handled, once


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
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        async with self.real.connect() as connection:
            yield connection

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
async def db(where: Path | str) -> AsyncIterator[Flaky]:
    engine = database.open(where)
    yield Flaky(engine)
    await engine.dispose()


Make = Callable[..., Journal]


@pytest.fixture
def journal(db: Flaky, tmp_path: Path) -> Iterator[Make]:
    """Makes journals, one after the other on the same spool, as starts of the service do."""
    made: list[Journal] = []

    def make(segment: int = 8 << 20, limit: int = 1 << 30, **options: Any) -> Journal:
        for earlier in made:
            earlier.close()
        spool = Spool.open(tmp_path / "spool", segment=segment, limit=limit)
        settings = {"projections": (project,), "retry_s": 0.001, "longest_retry_s": 0.002, "resume_s": 0.005, **options}
        made.append(Journal(cast(AsyncEngine, db), spool, **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


def key(n: int, call: str = "c1") -> Record:
    return Record(float(n), Kind.KEY_PRESSED, call=call, data={"key": str(n % 10)})


def full_disk(patch: pytest.MonkeyPatch) -> None:
    def write(file: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    patch.setattr("journal.spool.os.write", write)


def spool_folder(journal: Journal) -> Path:
    return journal._spool._folder


async def drop_tables(db: Flaky) -> None:
    async with db.real.begin() as connection:
        for table in await connection.run_sync(lambda each: inspect(each).get_table_names()):
            await connection.exec_driver_sql(f"DROP TABLE {table}")


async def stored(db: Flaky, call: str = "c1") -> Sequence[Record]:
    return await CallStore(db.real).story(call)


async def test_records_are_written_in_order_and_batches_are_told(db: Flaky, journal: Make) -> None:
    told: list[list[Record]] = []
    ours = journal(batch=10, on_written=lambda batch: told.append(list(batch)))
    records = [key(n) for n in range(25)]
    for record in records:
        ours.write(record)
    assert ours.waiting == 25
    async with writing(ours):
        assert await ours.flush(PATIENCE)
        assert ours.waiting == 0
        ours.write(key(25))
        assert await ours.flush(PATIENCE)
    assert await stored(db) == [key(n) for n in range(26)]
    assert [len(batch) for batch in told] == [10, 10, 5, 1]


async def test_records_that_follow_closely_are_one_transaction(db: Flaky, journal: Make) -> None:
    told: asyncio.Queue[int] = asyncio.Queue()
    ours = journal(gather_s=0.02, on_written=lambda batch: told.put_nowait(len(batch)))
    async with writing(ours), patience("the transaction of three Records"):
        for n in range(3):
            ours.write(key(n))
            await asyncio.sleep(0)  # the writer could begin
        assert await told.get() == 3
        ours.write(key(3))
        assert await told.get() == 1


async def test_a_full_batch_and_a_flush_wait_for_nobody(db: Flaky, journal: Make) -> None:
    told: asyncio.Queue[int] = asyncio.Queue()
    ours = journal(batch=2, gather_s=3_600, on_written=lambda batch: told.put_nowait(len(batch)))
    async with writing(ours), patience("the full batch"):
        ours.write(key(0))
        ours.write(key(1))
        assert await told.get() == 2
        ours.write(key(2))
        assert await ours.flush(PATIENCE)
        assert await told.get() == 1


async def test_the_rows_of_the_calls_are_written_with_the_records(db: Flaky, journal: Make) -> None:
    ours = journal()
    ours.write(Record(1.0, Kind.CALL_STARTED, call="c1", data={"caller": "138", "number": "12319", "language": "zh"}))
    ours.write(Record(2.0, Kind.CALL_FINISHED, call="c1", data={"by": "caller"}))
    async with writing(ours):
        assert await ours.flush(PATIENCE)
    told = await CallStore(db.real).get("c1")
    assert told is not None
    assert (told.caller, told.ended) == ("138", 2.0)


async def test_a_database_that_is_away_delays_and_reorders_nothing(db: Flaky, journal: Make) -> None:
    ours = journal(batch=4)
    db.before = 3
    with capture_logs() as logs:
        async with writing(ours):
            for n in range(10):
                ours.write(key(n))
            assert await ours.flush(PATIENCE)
    assert db.failed == 3
    assert await stored(db) == [key(n) for n in range(10)]
    assert [line["event"] for line in logs] == ["journal.unavailable", "journal.available"]


async def test_a_commit_that_was_done_and_was_not_confirmed_is_not_repeated(db: Flaky, journal: Make) -> None:
    told: list[Record] = []
    ours = journal(batch=4, on_written=told.extend)
    async with writing(ours):
        ours.write(key(0))
        assert await ours.flush(PATIENCE)
        db.after = 1
        for n in range(1, 9):
            ours.write(key(n))
        assert await ours.flush(PATIENCE)
    assert db.failed == 1
    assert await stored(db) == [key(n) for n in range(9)]
    assert told == [key(n) for n in range(9)]


async def test_the_first_commit_of_all_is_not_repeated_either(db: Flaky, journal: Make) -> None:
    ours = journal()
    db.after = 1
    async with writing(ours):
        ours.write(key(0))
        assert await ours.flush(PATIENCE)
    assert db.failed == 1
    assert await stored(db) == [key(0)]


async def test_numbers_that_another_writer_took_stay_with_that_writer(db: Flaky, journal: Make) -> None:
    ours = journal()
    async with writing(ours):
        ours.write(key(0))
        assert await ours.flush(PATIENCE)
        async with db.real.begin() as connection:
            await store.append(connection, 2, [key(100, "other")])
        ours.write(key(1))
        assert await ours.flush(PATIENCE)
    assert await stored(db) == [key(0), key(1)]
    assert await stored(db, "other") == [key(100, "other")]


async def test_a_full_queue_lets_records_wait_in_the_spool(db: Flaky, journal: Make) -> None:
    ours = journal(capacity=10, batch=4)
    db.gate.clear()
    async with writing(ours):
        for n in range(35):
            ours.write(key(n))
        assert (ours.dropped, ours.waiting) == (0, 35)
        db.gate.set()
        assert await ours.flush(PATIENCE)
        assert ours.waiting == 0
        for n in range(35, 40):
            ours.write(key(n))
        assert await ours.flush(PATIENCE)
    assert await stored(db) == [key(n) for n in range(40)]


async def test_what_finds_neither_spool_nor_queue_is_dropped_counted_and_said_once_a_burst(
    db: Flaky, journal: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = journal(capacity=10, resume_s=3_600)
    full_disk(monkeypatch)
    db.gate.clear()
    with capture_logs() as logs:
        async with writing(ours):
            for n in range(15):
                ours.write(key(n))
            assert (ours.dropped, ours.waiting) == (5, 10)
            assert ours.trouble == "the spool keeps no Records: No space left on device"
            db.gate.set()
            assert await ours.flush(PATIENCE)
            db.gate.clear()
            for n in range(20, 32):
                ours.write(key(n))
            assert ours.dropped == 7
            db.gate.set()
            assert await ours.flush(PATIENCE)
    assert await stored(db) == [key(n) for n in (*range(10), *range(20, 30))]
    assert [line["event"] for line in logs] == ["spool.failed", *["journal.dropping", "journal.keeps_up"] * 2]


async def test_a_spool_that_failed_goes_on_with_a_snapshot(
    db: Flaky, journal: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Record] = []
    snapshots: asyncio.Queue[int] = asyncio.Queue()

    def snapshot() -> dict[str, int]:
        snapshots.put_nowait(len(seen))
        return {"seen": len(seen)}

    ours = journal(snapshot=snapshot)

    def write(record: Record) -> None:
        ours.write(record)
        seen.append(record)

    write(key(0))
    with monkeypatch.context() as patch:
        full_disk(patch)
        write(key(1))
        write(key(2))
        assert ours.trouble is not None
    async with writing(ours), patience("the snapshot"):
        assert await snapshots.get() == 3
        assert ours.trouble is None
        write(key(3))
        assert await ours.flush(PATIENCE)
    assert await stored(db) == [key(n) for n in range(4)]
    ours.close()
    assert Spool.open(spool_folder(ours)).recovered == ({"seen": 3}, [key(3)])


def _newest(ours: Journal) -> str:
    """The name of the segment in use."""
    return max(path.name for path in spool_folder(ours).glob("*.jsonl"))


async def test_segments_are_begun_between_callbacks_and_go_when_they_are_written(db: Flaky, journal: Make) -> None:
    """Between the Records of one event, state and Records do not agree."""
    written = 0
    ours = journal(segment=1_000, snapshot=lambda: {"written": written})
    begun = ["000001.jsonl"]
    async with writing(ours):
        for _ in range(10):
            for _ in range(20):
                ours.write(key(written))
                written += 1
            async with patience("another segment"):
                while (newest := _newest(ours)) in begun:  # noqa: ASYNC110 - a thread begins it
                    await asyncio.sleep(0.001)
            begun.append(newest)
        assert await ours.flush(PATIENCE)
        ours.write(key(written))
        assert await ours.flush(PATIENCE)
        assert len(list(spool_folder(ours).iterdir())) == 1
    ours.close()
    snapshot, records = Spool.open(spool_folder(ours)).recovered
    assert snapshot is not None
    assert snapshot["written"] % 20 == 0
    assert records == [key(n) for n in range(snapshot["written"], written + 1)]


async def test_a_mistake_at_the_begin_of_a_segment_is_made_good_with_the_next_record(db: Flaky, journal: Make) -> None:
    ours, mistakes = journal(segment=400), handled()
    once(ours, "_draft")
    written = 0
    while mistakes.empty():
        ours.write(key(written))
        written += 1
        await asyncio.sleep(0)
    assert isinstance(mistakes.get_nowait(), Mistake)
    ours.write(key(written))
    async with patience("another segment"):
        while _newest(ours) == "000001.jsonl":  # noqa: ASYNC110 - a thread begins it
            await asyncio.sleep(0.001)
    assert mistakes.empty()


async def test_what_comes_after_the_end_is_dropped_and_the_next_life_is_left_alone(db: Flaky, journal: Make) -> None:
    first = journal()
    first.write(key(0))
    first.close()
    second = journal()
    first.write(key(1))
    assert first.dropped == 1
    assert not first.rotate()
    second.write(key(2))
    async with writing(second):
        assert await second.flush(PATIENCE)
    assert await stored(db) == [key(0), key(2)]


async def test_a_death_loses_nothing(db: Flaky, journal: Make) -> None:
    first = journal()
    async with writing(first):
        first.write(key(0))
        assert await first.flush(PATIENCE)
    for n in range(1, 700):
        first.write(key(n))
    second = journal()
    assert second.waiting == 700  # before the database was asked
    second.write(key(700))
    async with writing(second):
        assert await second.flush(PATIENCE)
        assert second.waiting == 0
    assert await stored(db) == [key(n) for n in range(701)]


async def test_a_commit_before_a_death_is_not_repeated(db: Flaky, journal: Make) -> None:
    first = journal(batch=4, retry_s=3_600)
    db.after = 1
    for n in range(8):
        first.write(key(n))
    async with writing(first):
        assert not await first.flush(0.1)  # the first batch is there, unknown to the journal
    second = journal()
    async with writing(second):
        assert await second.flush(PATIENCE)
    assert db.failed == 1
    assert await stored(db) == [key(n) for n in range(8)]


async def test_it_starts_without_a_database_and_makes_the_tables_when_it_is_there(
    tmp_path: Path, db: Flaky, journal: Make
) -> None:
    prepared = 0

    async def prepare(engine: object) -> None:
        nonlocal prepared
        prepared += 1
        if prepared < 3:
            raise ConnectionRefusedError("no database")
        await database.migrate(db.real)

    await drop_tables(db)
    ours = journal(prepare=prepare)
    ours.write(key(0))
    async with writing(ours):
        assert await ours.flush(PATIENCE)
    assert prepared == 3
    assert await stored(db) == [key(0)]


async def test_tables_that_are_gone_are_made_again_with_what_the_spool_has(db: Flaky, journal: Make) -> None:
    ours = journal(prepare=lambda _: database.migrate(db.real))
    async with writing(ours):
        ours.write(key(0))
        assert await ours.flush(PATIENCE)
        await drop_tables(db)
        ours.write(key(1))
        assert await ours.flush(PATIENCE)
    assert await stored(db) == [key(0), key(1)]


async def test_a_database_that_is_ahead_of_the_spool_takes_what_is_new(db: Flaky, journal: Make) -> None:
    """The database got Records that only the queue had, before the service died; or old files were restored."""
    first = journal()
    async with writing(first):
        first.write(key(0))
        assert await first.flush(PATIENCE)
        async with db.real.begin() as connection:
            await store.append(connection, 2, [key(1), key(2)])
            await store.advance(connection, first._spool.id, 1, 3)
    second = journal()
    second.write(key(3))
    async with writing(second):
        assert await second.flush(PATIENCE)
        second.write(key(4))
        assert await second.flush(PATIENCE)
    third = journal()
    async with writing(third):
        assert await third.flush(PATIENCE)
    assert await stored(db) == [key(n) for n in range(5)]


async def test_an_older_database_gets_what_the_spool_still_has_and_the_rest_is_counted(
    db: Flaky, journal: Make
) -> None:
    ours = journal()
    async with writing(ours):
        for n in range(3):
            ours.write(key(n))
        assert await ours.flush(PATIENCE)
        assert ours.rotate()
        for n in range(3, 5):
            ours.write(key(n))
        assert await ours.flush(PATIENCE)
        async with db.real.begin() as connection:
            await connection.exec_driver_sql("DELETE FROM records WHERE seq > 1")
            await store.advance(connection, ours._spool.id, 5, 1)
        ours.write(key(5))
        assert await ours.flush(PATIENCE)
    assert await stored(db) == [key(n) for n in (0, 3, 4, 5)]
    assert ours.dropped == 2


async def test_what_the_database_lost_without_a_word_it_gets_again(db: Flaky, journal: Make) -> None:
    """PostgreSQL without synchronous_commit loses rows in a crash; a replaced connection does not report it."""
    ours = journal()
    async with writing(ours):
        for n in range(5):
            ours.write(key(n))
            assert await ours.flush(PATIENCE)
        async with db.real.begin() as connection:
            await connection.exec_driver_sql("DELETE FROM records WHERE seq > 2")
            await store.advance(connection, ours._spool.id, 5, 2)
        ours.write(key(5))
        assert await ours.flush(PATIENCE)
    assert await stored(db) == [key(n) for n in range(6)]
    assert ours.dropped == 0


async def test_how_far_behind(db: Flaky, journal: Make) -> None:
    ours = journal(capacity=3, batch=2)
    assert ours.behind(100.0) == 0
    for n in range(10, 20):
        ours.write(key(n))
    assert ours.behind(100.0) == 90
    db.before = 1_000_000
    async with writing(ours):
        async with patience("a failure of the database"):
            while not db.failed:  # noqa: ASYNC110 - it is a number
                await asyncio.sleep(0.005)
        assert "ConnectionRefusedError" in str(ours.trouble)
        db.before = 0
        assert await ours.flush(PATIENCE)
    assert ours.behind(100.0) == 0
    assert ours.trouble is None


async def test_a_flush_that_takes_too_long_says_so(db: Flaky, journal: Make) -> None:
    ours = journal()
    db.gate.clear()
    with capture_logs() as logs:
        async with writing(ours):
            ours.write(key(0))
            assert not await ours.flush(0.01)
    assert [(line["event"], line["waiting"]) for line in logs] == [("journal.not_flushed", 1)]


async def test_a_flush_does_not_wait_for_what_is_written_after_it(db: Flaky, journal: Make) -> None:
    ours: Journal = journal(batch=1, on_written=lambda _: ours.write(key(99)))  # there is always more
    async with writing(ours):
        ours.write(key(0))
        assert await ours.flush(PATIENCE)


async def test_the_log_names_no_caller(db: Flaky, journal: Make) -> None:
    async with db.real.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE calls")
    ours = journal()
    with capture_logs() as logs:
        async with writing(ours):
            ours.write(Record(1.0, Kind.CALL_STARTED, call="c1", data={"caller": "13800000000"}))
            async with patience("the journal's word that it is in trouble"):
                while ours.trouble is None:  # noqa: ASYNC110 - it is told, not awaited
                    await asyncio.sleep(0.01)
    assert "no such table" in str(logs) or "does not exist" in str(logs)
    assert "13800000000" not in str(logs)
