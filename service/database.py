"""The database: opening it, bringing its tables up to date, asking whether it is there.

SQLite in the state folder until a URL says PostgreSQL; what is written against it is the same.
"""

import asyncio
import os
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

MIGRATIONS = Path(__file__).parent / "migrations"

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}

BUSY_S = 5
"""Seconds that SQLite waits for another process that writes."""

CONNECT_S = 5
ANSWER_S = 10
"""Seconds that PostgreSQL has to accept a connection, and to answer a statement."""


class UnusableDatabase(ValueError):
    """The setting does not name a database that Wutong can use."""


def open(where: Path | str) -> AsyncEngine:
    """The engine for a file (SQLite, made if it is not there, readable by its owner only) or a URL.

    `sqlite:///FILE` and `postgresql://USER:PASSWORD@HOST/NAME`; no connection is made yet. Raises UnusableDatabase.
    """
    url = _url(where)
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url)
    return create_async_engine(
        url,
        pool_pre_ping=True,  # a connection that died while idle is replaced, not handed out
        hide_parameters=True,  # callers' numbers are no part of an error message
        connect_args={"timeout": CONNECT_S, "command_timeout": ANSWER_S},
    )


def _url(where: Path | str) -> URL:
    if isinstance(where, Path):
        return URL.create(DRIVERS["sqlite"], database=str(where.absolute()))
    try:
        url = make_url(where)
    except ArgumentError:
        raise UnusableDatabase("database_url is not a URL; write postgresql://USER:PASSWORD@HOST/NAME") from None
    driver = DRIVERS.get(url.get_backend_name())
    if driver is None:
        raise UnusableDatabase(f"database_url: {url.get_backend_name()} is not supported; use postgresql or sqlite")
    if driver == DRIVERS["sqlite"] and not url.database:
        raise UnusableDatabase("database_url: name a file, as in sqlite:////var/lib/wutong/wutong.db")
    return url.set(drivername=driver)


def _open_sqlite(url: URL) -> AsyncEngine:
    assert url.database is not None
    # The write-ahead log and its index get the mode of the file itself. It holds callers' numbers.
    os.close(os.open(url.database, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
    engine = create_async_engine(url, hide_parameters=True)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        # None: sqlite3 opens no transactions by itself; `begin` below does. Otherwise reads and table changes
        # would be outside of them.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_S * 1000}",
            "journal_mode=WAL",
            "synchronous=NORMAL",  # with WAL a crash of ours loses nothing; a power cut may lose the last moments
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


async def migrate(database: AsyncEngine) -> None:
    """Bring the tables to the newest version; on an empty database, make them. All or nothing."""
    async with database.begin() as connection:
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    command.upgrade(config(connection), "head")


def config(connection: Connection) -> Config:
    """Alembic's configuration for work on this connection, in its transaction."""
    values = Config()
    values.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    values.attributes["connection"] = connection
    return values


async def why_unreachable(database: AsyncEngine, timeout: float = 2.0) -> str | None:
    """None: the database answers. Else a few words why not; never with the password."""
    try:
        async with asyncio.timeout(timeout), database.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except TimeoutError:
        return f"no answer within {timeout:g} s"
    except (SQLAlchemyError, OSError) as error:
        return f"{type(error).__name__}: {getattr(error, 'orig', error)}"[:200]
    return None
