"""The SQLite file: torn, gone, locked, full."""

import asyncio
import os
import sqlite3
import stat
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from structlog.testing import capture_logs

from base.failure import NotDone
from calls.store import NEWEST
from journal import database
from journal.database import Torn
from lab.patience import PATIENCE, patience


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with some hundred pages, closed."""
    path = tmp_path / "wutong.db"
    with contextmanager(_connected)(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, what TEXT)")
        connection.execute("CREATE INDEX by_what ON things (what)")
        connection.executemany("INSERT INTO things (what) VALUES (?)", [(f"{n:0200}",) for n in range(2_000)])
    return path


def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path)
    try:
        with connection:
            yield connection
    finally:
        connection.close()


def spoil(path: Path, at: int, what: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(what)


def test_a_sound_file_and_none_at_all(path: Path, tmp_path: Path) -> None:
    database.check(path, thorough=True)
    database.check(tmp_path / "not-there.db", thorough=True)
    assert not (tmp_path / "not-there.db").exists()
    (tmp_path / "empty.db").touch()
    database.check(tmp_path / "empty.db", thorough=True)


@pytest.mark.parametrize("left", [50, 4_096, 100_000])
def test_a_file_that_was_cut_off_is_torn_at_every_start(path: Path, left: int) -> None:
    os.truncate(path, left)
    with pytest.raises(Torn):
        database.check(path, thorough=False)


def test_a_file_of_another_kind_is_torn(path: Path) -> None:
    spoil(path, 0, b"\0" * 4_096)
    with pytest.raises(Torn, match="not a database"):
        database.check(path, thorough=False)


def test_a_spoilt_page_is_found_after_a_death_only(path: Path) -> None:
    spoil(path, 50 * 4_096, b"\xff" * 4_096)
    database.check(path, thorough=False)
    with pytest.raises(Torn, match=r"[Pp]age|malformed"):
        database.check(path, thorough=True)


def test_a_check_that_takes_too_long_is_given_up(path: Path) -> None:
    spoil(path, 100 * 4_096, b"\xff" * 4_096)
    with capture_logs() as logs:
        database.check(path, thorough=True, limit_s=0)
    assert [line["event"] for line in logs] == ["database.not_checked_to_its_end"]


def test_what_a_killed_writer_left_in_the_log_is_no_damage(path: Path, tmp_path: Path) -> None:
    """The writer was killed during a checkpoint: the first page refers to pages that are only in the log."""
    writer = sqlite3.connect(path)
    writer.execute("PRAGMA wal_autocheckpoint=0")
    with writer:
        writer.executemany("INSERT INTO things (what) VALUES (?)", [(f"{n:0300}",) for n in range(2_000)])
    left = tmp_path / "left"
    left.mkdir()
    for name in ("wutong.db", "wutong.db-wal"):
        (left / name).write_bytes((tmp_path / name).read_bytes())
    whole = path.stat().st_size
    writer.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
    first = path.read_bytes()[:4_096]
    assert path.stat().st_size > whole
    writer.close()
    spoil(left / "wutong.db", 0, first)
    database.check(left / "wutong.db", thorough=True)
    with contextmanager(_connected)(left / "wutong.db") as connection:
        assert connection.execute("SELECT count(*) FROM things").fetchone() == (4_000,)


def test_a_torn_database_is_refused_with_the_way_to_restore(path: Path, tmp_path: Path) -> None:
    spoil(path, 0, b"\0" * 4_096)
    with pytest.raises(NotDone) as refused, database.trusted(path, tmp_path / "mark"):
        pytest.fail("it was trusted")
    said = str(refused.value)
    assert said.startswith(f"{path} is damaged: ")
    assert "./wutong restore" in said
    assert not (tmp_path / "mark").exists()


def test_pages_are_looked_at_when_the_last_process_did_not_come_to_its_end(path: Path, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    spoil(path, 50 * 4_096, b"\xff" * 4_096)
    with database.trusted(path, mark):
        assert mark.exists()
    assert not mark.exists()
    mark.touch()
    with pytest.raises(NotDone), database.trusted(path, mark):
        pytest.fail("it was trusted")


def test_a_database_that_somebody_locks_is_not_taken_for_torn(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_S", 0)
    other = sqlite3.connect(path)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO things (what) VALUES ('x')")
    with capture_logs() as logs, database.trusted(path, tmp_path / "mark"):
        pass
    other.close()
    assert [line["event"] for line in logs] == ["database.not_checked"]


def test_a_server_is_trusted(tmp_path: Path) -> None:
    with database.trusted("postgresql://u@127.0.0.1:1/n", tmp_path / "mark"):
        pass


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = database.open(tmp_path / "wutong.db")
    await database.migrate(engine)
    yield engine
    await engine.dispose()


async def test_a_file_that_was_removed_is_not_written_into_any_more(db: AsyncEngine, tmp_path: Path) -> None:
    (tmp_path / "wutong.db").unlink()
    with capture_logs() as logs, pytest.raises(SQLAlchemyError, match="no such table"):
        async with db.begin() as connection:
            await connection.execute(text("SELECT * FROM records"))
    assert logs[0]["event"] == "database.gone"
    await database.migrate(db)
    assert stat.S_IMODE((tmp_path / "wutong.db").stat().st_mode) == 0o600


async def test_a_folder_that_is_away_for_a_while(db: AsyncEngine, tmp_path: Path) -> None:
    away = tmp_path.with_name(f"{tmp_path.name}-away")
    os.rename(tmp_path, away)
    assert await database.why_unreachable(db, NEWEST) is not None
    os.rename(away, tmp_path)
    assert await database.why_unreachable(db, NEWEST) is None


async def test_a_database_of_a_newer_version_is_refused(db: AsyncEngine) -> None:
    async with db.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NotDone, match="newer Wutong"):
        await database.migrate(db)


LOOKING = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
print(connection.execute("SELECT count(*) FROM things").fetchone()[0])
connection.close()
"""


async def test_what_another_program_closes_is_not_taken_from_under_us(db: AsyncEngine, tmp_path: Path) -> None:
    """Whoever closes a file that nobody else has locked takes its write-ahead log away, with what is written later."""

    async def others_see() -> int:
        looking = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", LOOKING, str(tmp_path / "wutong.db")), stdout=asyncio.subprocess.PIPE
        )
        said, _ = await looking.communicate()
        return int(said)

    async with db.begin() as first:
        await first.execute(text("CREATE TABLE things (what TEXT)"))
    async with db.connect() as first, db.connect() as second:  # two at once: the pool opens another one
        for count in (1, 2):
            await first.execute(text("INSERT INTO things VALUES ('kept')"))
            await first.commit()
            assert await others_see() == count
        assert (await second.execute(text("SELECT count(*) FROM things"))).scalar_one() == 2


async def test_a_count_without_end_ends_when_nobody_waits_for_it(tmp_path: Path) -> None:
    """Else its thread would count on for a client that has gone."""
    engine = database.open(tmp_path / "wutong.db")
    before = set(threading.enumerate())
    loop, begun = asyncio.get_running_loop(), asyncio.Event()

    def tell() -> int:
        if not begun.is_set():
            loop.call_soon_threadsafe(begun.set)
        return 1

    async def count(connection: AsyncConnection) -> None:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.create_function("tell", 0, tell)
        numbers = "WITH RECURSIVE n(x) AS (SELECT tell() UNION ALL SELECT x + tell() FROM n) SELECT count(*) FROM n"
        await connection.execute(text(numbers))

    counting = asyncio.create_task(database.read(engine, count))
    async with patience("the statement"):
        await begun.wait()
    (counter,) = set(threading.enumerate()) - before
    counting.cancel()
    await asyncio.wait({counting})
    await asyncio.to_thread(counter.join, PATIENCE)
    assert not counter.is_alive()
    await engine.dispose()


async def test_a_write_that_is_cancelled_in_a_statement_keeps_nobody_else_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stop cancels what it finds; then the journal writes its last Records."""
    monkeypatch.setattr(database, "BUSY_S", 2)
    engine = database.open(tmp_path / "wutong.db")
    loop, begun, cancelled = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def pause() -> int:
        """In the thread of the database: the statement has begun, and goes on once its task is cancelled."""
        loop.call_soon_threadsafe(begun.set)
        return int(cancelled.wait(PATIENCE))

    async def write() -> None:
        async with engine.begin() as connection:
            await connection.execute(text("CREATE TABLE broken_off (n)"))
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.create_function("pause", 0, pause)
            await connection.execute(text("SELECT pause()"))

    writing = asyncio.create_task(write())
    async with patience("the statement"):
        await begun.wait()
    writing.cancel()
    await asyncio.sleep(0)  # the task gets it
    cancelled.set()
    await asyncio.wait({writing})
    assert writing.cancelled()
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE whole (n)"))
    async with engine.connect() as connection:
        tables = (await connection.execute(text("SELECT name FROM sqlite_master"))).scalars().all()
    assert tables == ["whole"]
    await engine.dispose()
