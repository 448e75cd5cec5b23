"""The database: opening it, bringing its tables up to date, asking whether it answers; and SQLite's file.

SQLite in the state folder, or PostgreSQL with a URL; the code that uses it is the same.
"""

import asyncio
import os
import re
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import aiosqlite
import structlog
from sqlalchemy import Connection, Executable, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from base.failure import NotDone
from sentences.of_libraries import recognised
from sentences.sentence import Sentence

# The SQLite file: readable by its owner only, checked before use; its removal is noticed.


BUSY_S = 5
"""Seconds that SQLite waits while another process writes."""

POOL_S = 5
"""Seconds that a reader waits for a connection; after that the database is too slow."""

CHECK_S = 2.0
"""Seconds for checking a file at a start; callers wait meanwhile."""


class Torn(Exception):
    """The file is not a SQLite database, or a damaged one; the message says how."""


def open_file(url: URL) -> AsyncEngine:
    """The engine for a file, which is made when it is first needed."""
    assert url.database is not None
    path = Path(url.database)
    engine = create_async_engine(url, hide_parameters=True, pool_timeout=POOL_S)
    ending = set[asyncio.Task[None]]()

    @event.listens_for(engine.sync_engine, "do_connect")
    def make(dialect: object, record: object, arguments: object, options: object) -> None:
        # The write-ahead log and its index get the mode of the file itself. It holds callers' numbers. A file that is
        # there must not be opened: its close would take all locks of this process off it (fcntl(2)), and then any
        # program that closes it deletes the log, with all that is written from then on.
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        # None: sqlite3 opens no transactions by itself; `begin` below does. Otherwise reads and table changes
        # would be outside of them.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_S * 1000}",
            "journal_mode=WAL",
            "synchronous=NORMAL",  # with WAL a crash of ours loses nothing; a power cut may lose the last moments
            "foreign_keys=ON",
            "secure_delete=ON",  # what is removed is overwritten: a number that is forgotten is not in the file
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        record.info["file"] = _identity(path)

    @event.listens_for(engine.sync_engine, "checkout")
    def same_file(connection: object, record: Any, proxy: object) -> None:
        # SQLite would go on writing into a deleted file, and all of it would be lost.
        if _identity(path) != record.info["file"]:
            log.error("database.gone", file=str(path), what_to_do="stop the service, restore a backup")
            raise DisconnectionError(Sentence("{path} was removed or replaced", path=path))

    @event.listens_for(engine.sync_engine, "invalidate")
    def roll_back(connection: Any, record: object, error: BaseException | None) -> None:
        # The task was cancelled in the middle of a statement. The connection is closed then, but SQLite keeps its lock
        # until the last cursor is collected: nobody else could write. So the transaction is ended first.
        async def end() -> None:
            with suppress(sqlite3.Error, ValueError):  # it may be closed already
                await connection.driver_connection.rollback()

        with suppress(RuntimeError):  # without a loop, the collector ends it together with its cursors
            ending.add(task := asyncio.get_running_loop().create_task(end()))
            task.add_done_callback(ending.discard)

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def empty_log(path: Path) -> None:
    """Bring all of the write-ahead log into the file, and empty it: it has what was overwritten. Blocks for BUSY_S at
    most, if others read or write; then the log stays. Raises sqlite3.Error, OSError.
    """
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_S, isolation_level=None)
    try:
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        connection.close()
    if busy:
        raise sqlite3.OperationalError(Sentence("others use the database"))


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def check(path: Path, *, thorough: bool, limit_s: float | None = CHECK_S) -> None:
    """Raise Torn if the file is damaged. A missing or empty file is sound: it will be made.

    Always checks what is cheap: the header, the length that it gives, the tables' definitions. `thorough`: every page
    too, for at most `limit_s` seconds; an unfinished check is logged, and the rest counts as sound. No other program
    may use the file meanwhile. Raises sqlite3.OperationalError and OSError where the check is not possible.
    """
    if not path.exists() or path.stat().st_size == 0:
        return
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_S)
        try:
            # SQLite compares the file with its header, and takes in what a killed process left in the write-ahead log.
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if thorough:
                _check_pages(connection, path, limit_s)
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
            raise  # such as a lock: it says nothing about the file
        raise Torn(recognised(error)) from error
    except sqlite3.DatabaseError as error:
        raise Torn(recognised(error)) from error


def _check_pages(connection: sqlite3.Connection, path: Path, limit_s: float | None) -> None:
    if limit_s is not None:
        deadline = time.monotonic() + limit_s
        connection.set_progress_handler(lambda: time.monotonic() >= deadline, 1_000)
    try:
        said = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)")]
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        log.warning("database.not_checked_to_its_end", file=str(path), after_s=limit_s)
        return
    if said != ["ok"]:
        raise Torn("; ".join(line.replace("\n", " ") for line in said)[:300])


log = structlog.get_logger(__name__)

T = TypeVar("T")

MIGRATIONS = Path(__file__).parent / "migrations"

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}

_SERVERS = re.compile(r"(postgres(?:ql)?(?:\+asyncpg)?://(?:[^@/]*@)?)([^/?@]*,[^/?@]*)((?:[/?].*)?)")

CONNECT_S = 5
ANSWER_S = 10
"""Seconds that PostgreSQL has to accept a connection, and to answer a statement."""

UPGRADE_S = 3_600
"""Seconds for a statement that changes tables: an index of 100 million Records takes minutes."""

END_S = 0.1
"""Seconds until a statement is ended again that had not begun the first time."""


def open(where: Path | str, settings: Mapping[str, str] | None = None) -> AsyncEngine:
    """The engine for a file (SQLite, made if it is not there, readable by its owner only) or a URL. `settings`: of each
    session of PostgreSQL.

    `sqlite:///FILE` and `postgresql://USER:PASSWORD@HOST/NAME`; no connection is made yet. Several servers, as in
    `HOST1,HOST2`, are a database and its copies: whichever takes writes is used. Raises NotDone.
    """
    url = _url(where)
    if url.get_backend_name() == "sqlite":
        return open_file(url)
    return _postgresql(url, ANSWER_S, settings)


def _postgresql(url: URL, answer_s: float, settings: Mapping[str, str] | None = None) -> AsyncEngine:
    try:
        return create_async_engine(
            url,
            pool_timeout=POOL_S,
            pool_pre_ping=True,  # a connection that died while idle is replaced, not handed out
            hide_parameters=True,  # callers' numbers are not part of an error message
            connect_args={
                "timeout": CONNECT_S,
                "command_timeout": answer_s,
                "target_session_attrs": "read-write",
                "async_creator_fn": _connect,
                "server_settings": dict(settings or {}),
            },
        )
    except (ArgumentError, ValueError):
        raise _not_a_url() from None


async def _connect(*where: Any, **how: Any) -> Any:
    """A connection to a server that takes writes. A copy that only answers is none: a later one may be elsewhere."""
    from asyncpg import TargetServerAttributeNotMatched, connect

    try:
        return await connect(*where, **how)
    except TargetServerAttributeNotMatched as error:
        raise ConnectionError(Sentence("no server there takes writes: each is a copy (standby)")) from error


@asynccontextmanager
async def transaction(database: AsyncEngine, unavailable: Callable[[str], Exception]) -> AsyncIterator[AsyncConnection]:
    """A connection with a transaction around the block: all of it or nothing. When the database does not answer or
    refuses, raises what `unavailable` makes of the kind of the cause.
    """
    try:
        async with database.begin() as connection:
            yield connection
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        raise unavailable(type(error).__name__) from error


async def direct(where: str, *, seconds: float, settings: Mapping[str, str]) -> Any:
    """A connection of asyncpg to the server that takes writes, outside of any pool. All servers are tried at once: one
    that does not answer delays no other. `seconds` for that, and for each answer; `settings` of the session.

    Raises OSError, TimeoutError and asyncpg's errors; NotDone for a URL that is none of PostgreSQL.
    """
    url = _url(where)
    _, how = url.get_dialect()().create_connect_args(url)
    hosts, ports = how.pop("host", None), how.pop("port", None)
    servers = list(zip(hosts, ports, strict=True)) if isinstance(hosts, list) else [(hosts, ports)]
    limits = {"timeout": seconds, "command_timeout": seconds, "target_session_attrs": "read-write"}
    given = {**how, **limits, "server_settings": dict(settings)}
    trying = [asyncio.create_task(_connect(host=host, port=port, **given)) for host, port in servers]
    found = None
    try:
        left = set(trying)
        while left and found is None:
            done, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
            found = next((task for task in done if task.exception() is None), None)
        return await (found or trying[0])
    finally:
        for task in trying:
            if task is not found:
                task.cancel()
        for ended in await asyncio.gather(*(task for task in trying if task is not found), return_exceptions=True):
            if not isinstance(ended, BaseException):
                ended.terminate()


def _url(where: Path | str) -> URL:
    if isinstance(where, Path):
        return URL.create(DRIVERS["sqlite"], database=str(where.absolute()))
    try:
        url = _parsed(where)
    except (ArgumentError, ValueError):
        raise _not_a_url() from None
    driver = DRIVERS.get(url.get_backend_name())
    if driver is None:
        raise NotDone("database_url: {name} is not supported; use postgresql or sqlite", name=url.get_backend_name())
    if driver == DRIVERS["sqlite"]:
        if not url.database:
            raise NotDone(Sentence("database_url: name a file, as in sqlite:////var/lib/wutong/wutong.db"))
        url = url.set(database=str(Path(url.database).absolute()))  # programs that work elsewhere get its name, too
    return url.set(drivername=driver)


def _not_a_url() -> NotDone:
    return NotDone(Sentence("database_url is not a URL; write postgresql://USER:PASSWORD@HOST/NAME"))


def _parsed(where: str) -> URL:
    """As PostgreSQL's own tools read a URL: servers with a comma between them. Raises ArgumentError, ValueError."""
    several = _SERVERS.fullmatch(where)
    if several is None:
        return make_url(where)
    servers = [server if ":" in server else f"{server}:5432" for server in several[2].split(",")]
    return make_url(several[1] + several[3]).update_query_pairs(("host", server) for server in servers)


def without_password(where: str) -> str:
    """A URL of PostgreSQL as its own tools read it, without the password. Raises ArgumentError, ValueError."""
    url = _parsed(where)
    servers = url.query.get("host")
    if not isinstance(servers, tuple):
        return URL.create("postgresql", url.username, None, url.host, url.port, url.database).render_as_string()
    return f"postgresql://{quote(url.username or '')}@{','.join(servers)}/{quote(url.database or '')}"


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
            check(file, thorough=mark.exists())
        except Torn as error:
            raise NotDone(
                "{file} is damaged: {why}. Restore a backup: ./wutong restore BACKUP (docs/database.md). Without a "
                "backup, move the file away together with {name}-wal: the service begins a new one, and the calls "
                "so far are no longer told",
                file=file,
                why=str(error),
                name=file.name,
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
    if database.dialect.name == "sqlite":
        await _migrate(database)
        return
    patient = _postgresql(database.url, UPGRADE_S)
    try:
        await _migrate(patient)
    finally:
        await patient.dispose()


async def _migrate(database: AsyncEngine) -> None:
    async with database.begin() as connection:
        if not await connection.run_sync(_newest):
            await asyncio.to_thread(import_module, "alembic.command")  # a quarter of a second
            await connection.run_sync(_upgrade)


def _newest(connection: Connection) -> bool:
    """Whether the tables are of the newest version. Then a start does without alembic."""
    newest = max(path.name for path in (MIGRATIONS / "versions").glob("v*.py"))
    if not inspect(connection).has_table("alembic_version"):
        return False
    return bool(connection.scalar(text("SELECT version_num FROM alembic_version")) == newest[1:5])


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    values = Config()
    values.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    values.attributes["connection"] = connection
    try:
        command.upgrade(values, "head")
    except CommandError as error:
        raise NotDone(
            "the database was used by a newer Wutong: {why}. Run that version, or restore a backup of this one's",
            why=str(error),
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
        return Sentence("no answer within {seconds:g} s", seconds=timeout)
    except (SQLAlchemyError, OSError) as error:
        return f"{type(error).__name__}: {getattr(error, 'orig', error)}"[:200]
    return None
