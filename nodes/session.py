"""A machine's own session in PostgreSQL, beside the pool: it may hold the lock of the leader.

PostgreSQL ends it when nothing has come for `SILENCE_S`; then the lock is free.
"""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from journal import database

T = TypeVar("T")

SILENCE_S = 0.5
"""Seconds without a heartbeat after which PostgreSQL ends the session. It is longer than a leader's permit, as a
session that ends too early costs a moment without offers. Each tenth of a second more is one that callers wait when a
leader freezes.
"""

ANSWER_S = 1.0
"""Seconds for PostgreSQL to take a connection, or to answer, before the connection counts as lost."""

LOOK_S = 2.0
"""Seconds that one request for the lock waits. Between two it is seen who leads, and that PostgreSQL still answers."""

NAME = "wutong-leads-"
"""What the session is called in PostgreSQL, before the `holder`."""

_LEADER = """
SELECT epoch, node, holder, since, kept_until - date_part('epoch', clock_timestamp()) AS kept FROM leaders WHERE id = 1
"""


@dataclass(frozen=True, slots=True)
class Leader:
    """Who leads, as the database says. `since`: seconds since the epoch. `kept`: for how many seconds nobody may take
    over, as the leader restarts; not above 0: anybody may.
    """

    epoch: int
    node: str
    holder: str
    since: float
    kept: float = 0.0


class Lost(Exception):
    """The session is gone, or PostgreSQL does not answer."""


class Session:
    """`where`: PostgreSQL's URL. `holder`: which start of which service has the session."""

    def __init__(self, where: str, holder: str) -> None:
        self._where, self._name = where, NAME + holder
        self._connection: Any = None

    async def open(self) -> None:
        """A connection, if there is none. Raises Lost."""
        if self._connection is not None:
            return
        settings = {
            "application_name": self._name,
            "idle_session_timeout": f"{SILENCE_S * 1000:.0f}",
            "lock_timeout": f"{LOOK_S * 1000:.0f}",
            "client_connection_check_interval": f"{SILENCE_S * 1000:.0f}",
            "tcp_user_timeout": f"{SILENCE_S * 1000:.0f}",
            "synchronous_commit": "on",  # who leads is on the disk before anybody acts on it
        }
        self._connection = await _tried(database.direct(self._where, seconds=ANSWER_S, settings=settings))

    async def ask(self, query: str, *values: object, seconds: float = ANSWER_S) -> Any:
        """The first value of the answer. Raises Lost, and asyncpg's LockNotAvailableError and UndefinedTableError."""
        return await _tried(self._open.fetchval(query, *values, timeout=seconds))

    async def leader(self) -> Leader | None:
        """None: nobody has led yet. Raises Lost."""
        from asyncpg import UndefinedTableError

        try:
            row = await _tried(self._open.fetchrow(_LEADER, timeout=ANSWER_S))
        except UndefinedTableError:  # nobody has made them yet
            return None
        return None if row is None else Leader(**row)

    def drop(self) -> None:
        """The connection is of no use any more."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                await _tried(connection.close(timeout=ANSWER_S))
            except Lost:
                connection.terminate()

    @property
    def _open(self) -> Any:
        if self._connection is None:
            raise Lost("the session is closed")
        return self._connection


async def _tried(work: Coroutine[Any, Any, T]) -> T:
    from asyncpg import (
        InterfaceError,
        InternalClientError,  # such as after a freeze, in which both the answer and its time-out came
        LockNotAvailableError,
        PostgresError,
        UndefinedTableError,
    )

    try:
        return await work
    except (LockNotAvailableError, UndefinedTableError):
        raise
    except (OSError, TimeoutError, PostgresError, InterfaceError, InternalClientError) as error:
        raise Lost(repr(error)[:200]) from error
