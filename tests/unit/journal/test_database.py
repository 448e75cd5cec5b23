"""Opening the database, its versions."""

import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

import accounts.store
import calls.linked
import calls.store
import journal.tables
import nodes.tables
import reports.store
from base.failure import NotDone
from calls.store import NEWEST
from journal import database
from lab.postgres import Postgres


@pytest.fixture
async def db(empty: Path | str) -> AsyncIterator[AsyncEngine]:
    engine = database.open(empty)
    yield engine
    await engine.dispose()


async def test_models_and_migrations_agree(db: AsyncEngine) -> None:
    await database.migrate(db)

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        # A sequence is accepted; the annotation does not say so.
        tables: Any = (
            *(
                journal.tables.metadata,
                calls.store.metadata,
                calls.linked.metadata,
                accounts.store.metadata,
                reports.store.metadata,
                nodes.tables.metadata,
            ),
        )
        return list(compare_metadata(context, tables))

    async with db.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_twice_changes_nothing_and_keeps_rows(db: AsyncEngine) -> None:
    await database.migrate(db)
    async with db.begin() as connection:
        await connection.execute(text("INSERT INTO records (seq, at, kind, data) VALUES (1, 1.5, 'queued', '{}')"))
    await database.migrate(db)
    async with db.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM records")) == 1


async def test_tables_of_the_newest_version_need_no_migration(db: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    await database.migrate(db)
    monkeypatch.setattr(database, "_upgrade", lambda connection: pytest.fail("the tables are of the newest version"))
    await database.migrate(db)


async def test_a_migration_may_take_longer_than_an_answer(monkeypatch: pytest.MonkeyPatch, postgres: Postgres) -> None:
    monkeypatch.setattr(database, "ANSWER_S", 0.1)
    monkeypatch.setattr(database, "_upgrade", lambda connection: connection.execute(text("SELECT pg_sleep(1)")))
    engine = database.open(postgres.create())
    await database.migrate(engine)
    await engine.dispose()


def test_there_is_one_newest_version() -> None:
    assert len(ScriptDirectory(database.MIGRATIONS).get_heads()) == 1


async def test_a_migration_that_breaks_leaves_nothing_behind(db: AsyncEngine) -> None:
    async with db.begin() as connection:
        await connection.execute(text("CREATE TABLE calls (id TEXT)"))  # in the way of the second table
    with pytest.raises(Exception, match="already exists"):
        await database.migrate(db)
    async with db.connect() as connection:
        assert await connection.run_sync(lambda own: inspect(own).get_table_names()) == ["calls"]


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = database.open(tmp_path / "wutong.db")
    yield engine
    await engine.dispose()


def modes_of(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def test_sqlite_is_in_wal_mode_waits_for_others_and_is_private(file: AsyncEngine, tmp_path: Path) -> None:
    await database.migrate(file)
    async with file.connect() as connection:
        pragmas = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        values = [await connection.scalar(text(f"PRAGMA {name}")) for name in pragmas]
        modes = modes_of(tmp_path)
    assert values == ["wal", 1, 5000, 1]
    assert modes == dict.fromkeys(("wutong.db", "wutong.db-wal", "wutong.db-shm"), 0o600)


async def test_a_reader_does_not_wait_for_the_writer(db: AsyncEngine) -> None:
    await database.migrate(db)
    async with db.begin() as writer:
        await writer.execute(text("INSERT INTO records (seq, at, kind, data) VALUES (1, 1.5, 'queued', '{}')"))
        async with db.connect() as reader:
            assert await reader.scalar(text("SELECT count(*) FROM records")) == 0


async def test_an_error_inside_a_transaction_undoes_it(db: AsyncEngine) -> None:
    await database.migrate(db)

    async def insert_twice() -> None:
        async with db.begin() as connection:
            for _ in range(2):
                await connection.execute(
                    text("INSERT INTO records (seq, at, kind, data) VALUES (1, 1, 'queued', '{}')")
                )

    with pytest.raises(IntegrityError):
        await insert_twice()
    async with db.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM records")) == 0


async def test_is_it_there(db: AsyncEngine, tmp_path: Path) -> None:
    await database.migrate(db)
    assert await database.why_unreachable(db, NEWEST) is None
    broken = database.open(f"sqlite:///{tmp_path}/broken.db")
    (tmp_path / "broken.db").write_bytes(b"this is not a database, and long enough to be seen as none" * 20)
    assert "not a database" in str(await database.why_unreachable(broken, NEWEST))
    await broken.dispose()


async def test_a_database_whose_calls_cannot_be_read_is_told(tmp_path: Path) -> None:
    """The database does answer: what describes its tables is undamaged."""
    torn = database.open(tmp_path / "torn.db")
    await database.migrate(torn)
    assert await database.why_unreachable(torn, NEWEST) is None
    async with torn.connect() as connection:
        size = await connection.scalar(text("PRAGMA page_size"))
        pages = await connection.scalars(text("SELECT rootpage FROM sqlite_schema WHERE tbl_name = 'calls'"))
        indexes = [(page - 1) * size for page in pages]
    await torn.dispose()
    with (tmp_path / "torn.db").open("r+b") as file:
        for index in indexes:
            file.seek(index)
            file.write(b"\xff" * size)
    async with torn.connect() as connection:
        assert await connection.scalar(text("SELECT 1")) == 1
    assert "malformed" in str(await database.why_unreachable(torn, NEWEST))
    await torn.dispose()


async def test_postgresql_that_is_away_is_told_without_the_password() -> None:
    away = database.open("postgresql://wutong:hidden-word@127.0.0.1:1/wutong")
    why = await database.why_unreachable(away, NEWEST)
    assert why is not None
    assert "hidden-word" not in why
    await away.dispose()


async def test_urls(tmp_path: Path) -> None:
    for url, driver in {
        "postgresql://u:p@h/n": "postgresql+asyncpg",
        "postgres://u:p@h/n": "postgresql+asyncpg",
        f"sqlite:///{tmp_path}/x.db": "sqlite+aiosqlite",
    }.items():
        engine = database.open(url)
        assert engine.url.drivername == driver
        await engine.dispose()


async def test_a_file_has_its_whole_name_wherever_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    engine = database.open("sqlite:///wutong.db")
    assert engine.url.database == str(tmp_path / "wutong.db")
    await engine.dispose()


async def test_servers_as_postgresqls_own_tools_write_them() -> None:
    url = "postgresql://u%40:p@db1,db2:5433/calls"
    engine = database.open(url)
    assert engine.url.query == {"host": ("db1:5432", "db2:5433")}
    await engine.dispose()
    assert database.without_password(url) == "postgresql://u%40@db1:5432,db2:5433/calls"
    assert database.without_password("postgres://u:p@db1/calls") == "postgresql://u@db1/calls"
    assert database.without_password("postgresql://u:a,b@db1:5432/calls") == "postgresql://u@db1:5432/calls"
    with_comma = database.open("postgresql://u:a,b@db1:5432/calls")
    assert (with_comma.url.host, with_comma.url.port, with_comma.url.password) == ("db1", 5432, "a,b")
    await with_comma.dispose()


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:secret@h/n",
        "no url with secret",
        "postgresql://u:secret@h:port/n",
        "postgresql://u:secret@[::1]:5,[::2]:5/n",
        "sqlite://",
    ],
)
def test_what_is_no_database_of_ours_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(NotDone, match="database_url") as refused:
        database.open(url)
    assert "secret" not in str(refused.value)
