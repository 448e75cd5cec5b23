"""The SQLite file: readable by its owner only, checked before use; its removal is noticed."""

import asyncio
import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

log = structlog.get_logger(__name__)

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
            raise DisconnectionError(f"{path} was removed or replaced")

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
        raise sqlite3.OperationalError("others use the database")


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
        raise Torn(str(error)) from error
    except sqlite3.DatabaseError as error:
        raise Torn(str(error)) from error


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
