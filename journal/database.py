"""The database: opening it, bringing its tables up to date, asking whether it answers.

SQLite in the state folder, or PostgreSQL with a URL; the code that uses it is the same.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite
import structlog
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Executable
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from base.failure import NotDone
from journal import sqlite

log = structlog.get_logger(__name__)

T = TypeVar("T")

MIGRATIONS = Path(__file__).parent / "migrations"

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}

CONNECT_S = 5
ANSWER_S = 10
"""Seconds that PostgreSQL has to accept a connection, and to answer a statement."""

END_S = 0.1
"""Seconds until a statement is ended again that had not begun the first time."""


def open(where: Path | str) -> AsyncEngine:
    """The engine for a file (SQLite, made if it is not there, readable by its owner only) or a URL.

    `sqlite:///FILE` and `postgresql://USER:PASSWORD@HOST/NAME`; no connection is made yet. Raises NotDone.
    """
    url = _url(where)
    if url.get_backend_name() == "sqlite":
        return sqlite.open_file(url)
    return create_async_engine(
        url,
        pool_timeout=sqlite.POOL_S,
        pool_pre_ping=True,  # a connection that died while idle is replaced, not handed out
        hide_parameters=True,  # callers' numbers are not part of an error message
        connect_args={"timeout": CONNECT_S, "command_timeout": ANSWER_S},
    )


def _url(where: Path | str) -> URL:
    if isinstance(where, Path):
        return URL.create(DRIVERS["sqlite"], database=str(where.absolute()))
    try:
        url = make_url(where)
    except ArgumentError:
        raise NotDone("database_url is not a URL; write postgresql://USER:PASSWORD@HOST/NAME") from None
    driver = DRIVERS.get(url.get_backend_name())
    if driver is None:
        raise NotDone(f"database_url: {url.get_backend_name()} is not supported; use postgresql or sqlite")
    if driver == DRIVERS["sqlite"] and not url.database:
        raise NotDone("database_url: name a file, as in sqlite:////var/lib/wutong/wutong.db")
    return url.set(drivername=driver)


def file_of(where: Path | str) -> Path | None:
    """The database's file; None: the database is on a server. Raises NotDone."""
    url = _url(where)
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


@contextmanager
def trusted(where: Path | str, mark: Path) -> Iterator[None]:
    """Use the database within the block; raises NotDone for a damaged file: a new one would lose history unnoticed.

    The file `mark` exists while the block runs. If the last process died and left it behind, the pages of the
    database are checked too.
    """
    file = file_of(where)
    if file is not None:
        try:
            sqlite.check(file, thorough=mark.exists())
        except sqlite.Torn as error:
            raise NotDone(
                f"{file} is damaged: {error}. Restore a backup: ./wutong restore BACKUP (docs/database.md). Without a "
                f"backup, move the file away together with {file.name}-wal: the service begins a new one, and the "
                "calls so far are no longer told"
            ) from error
        except (sqlite3.OperationalError, OSError) as error:
            log.warning("database.not_checked", file=str(file), error=str(error))
    with suppress(OSError):  # a full disk: the next start checks less
        mark.touch(0o600)
    try:
        yield
    finally:
        with suppress(OSError):
            mark.unlink()


async def migrate(database: AsyncEngine) -> None:
    """Bring the tables to the newest version; on an empty database, make them. All or nothing.

    Raises NotDone where a newer Wutong has changed them.
    """
    async with database.begin() as connection:
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    values = Config()
    values.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    values.attributes["connection"] = connection
    try:
        command.upgrade(values, "head")
    except CommandError as error:
        raise NotDone(
            f"the database was used by a newer Wutong: {error}. Run that version, or restore a backup of this one's"
        ) from error


async def read(database: AsyncEngine, work: Callable[[AsyncConnection], Coroutine[Any, Any, T]]) -> T:
    """What `work` reads, which may take seconds. When this is cancelled, SQLite's statement is ended: its thread would
    go on for nobody, and SQLAlchemy waits for it.
    """
    async with database.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        working = asyncio.create_task(work(connection))
        try:
            return await asyncio.shield(working)
        finally:
            working.cancel()
            while not working.done():
                if isinstance(driver, aiosqlite.Connection):
                    with suppress(ValueError):  # it is closed already
                        await driver.interrupt()
                await asyncio.wait({working}, timeout=END_S)
            if not working.cancelled():
                working.exception()  # of a statement that was ended: nobody waits for it


async def why_unreachable(database: AsyncEngine, query: Executable, timeout: float = 2.0) -> str | None:
    """None: the database answers the query. Else a few words why not, without the password."""
    try:
        async with asyncio.timeout(timeout), database.connect() as connection:
            await connection.execute(query)
    except TimeoutError:
        return f"no answer within {timeout:g} s"
    except (SQLAlchemyError, OSError) as error:
        return f"{type(error).__name__}: {getattr(error, 'orig', error)}"[:200]
    return None
