"""A machine's own session in PostgreSQL, beside the pool: it may hold the lock of the leader.

PostgreSQL ends it when nothing has come for `SILENCE_S`; then the lock is free.
"""

from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from journal import database
from nodes.model import Node
from nodes.others import Other

T = TypeVar("T")

SILENCE_S = 0.45
"""Seconds without a heartbeat after which PostgreSQL ends the session. It is longer than a leader's permit, as a
session that ends too early costs a moment without offers. Each tenth of a second more is one that callers wait when a
leader freezes.
"""

ANSWER_S = 1.0
"""Seconds for PostgreSQL to take a connection, or to answer, before the connection counts as lost."""

LOOK_S = 2.0
"""Seconds that one request for the lock waits. Between two it is seen who leads, and that PostgreSQL still answers."""

MOST_KEPT_S = 60.0
"""Seconds for which a leader can be kept at most. If the database says more, its clock was set back."""

NAME = "wutong-leads-"
"""What the session is called in PostgreSQL, before the `holder`."""

_LEADER = """
SELECT epoch, node, holder, since, kept_until - date_part('epoch', clock_timestamp()) AS kept FROM leaders WHERE id = 1
"""


_HOLDER = "SELECT holder FROM leaders WHERE id = 1 FOR UPDATE"
_FOLLOWS = """
SELECT NOT EXISTS (SELECT FROM nodes WHERE known_to = $2)
OR EXISTS (SELECT FROM nodes WHERE id = $1 AND known_to = $2)
OR NOT EXISTS (SELECT FROM nodes WHERE holder = $2 AND id <> $1)
"""
_TAKE = """
INSERT INTO leaders
SELECT 1, $1, $2, $3, at, CASE WHEN $4::float8 > 0 THEN at + $4 ELSE 0 END
FROM (SELECT date_part('epoch', clock_timestamp()) AS at) AS moment
ON CONFLICT (id) DO UPDATE
SET epoch = excluded.epoch, node = excluded.node, holder = excluded.holder, since = excluded.since,
kept_until = excluded.kept_until
"""
_PRESENT = """
INSERT INTO nodes (id, name, holder, version, address, since, seen, known_to)
SELECT $1, $2, $3, $4, $5, at, at, '' FROM (SELECT date_part('epoch', clock_timestamp()) AS at) AS moment
ON CONFLICT (id) DO UPDATE
SET name = excluded.name, holder = excluded.holder, version = excluded.version, address = excluded.address,
seen = excluded.seen, since = CASE WHEN nodes.holder = excluded.holder THEN nodes.since ELSE excluded.since END
"""
_SOON = "SELECT set_config('synchronous_commit', 'off', true)"
_COUNT_ALL = "UPDATE nodes SET known_to = CASE WHEN id = $1 THEN '' ELSE $2 END"
_COUNT = """
UPDATE nodes SET known_to = $1 WHERE id = ANY($2::text[])
AND EXISTS (SELECT FROM leaders WHERE id = 1 AND holder = $1 FOR SHARE) RETURNING id
"""
_OTHERS = "SELECT id, name, address, known_to = $2 AS counts FROM nodes WHERE id <> $1"


@dataclass(frozen=True, slots=True)
class Leader:
    """Who leads, as the database says. `since`: seconds since the epoch. `kept`: for how many seconds nobody may take
    over, as the leader starts or restarts, by the clock of the database; see `is_kept`.
    """

    epoch: int
    node: str
    holder: str
    since: float
    kept: float = 0.0

    @property
    def is_kept(self) -> bool:
        """Whether nobody may take over from it now."""
        return 0 < self.kept <= MOST_KEPT_S


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

    async def present(self, node: Node, holder: str) -> None:
        """A sign of life of this machine. Nobody waits for the disk: one that is lost is followed by the next. Raises
        Lost.
        """
        from asyncpg import UndefinedTableError

        connection = self._open

        async def write() -> None:
            async with connection.transaction():
                await connection.fetchval(_SOON, timeout=ANSWER_S)
                await connection.execute(_PRESENT, *_said(node, holder), timeout=ANSWER_S)

        with suppress(UndefinedTableError):  # nobody has made it yet
            await _tried(write())

    async def follows(self, node: Node, former: str) -> bool:
        """Whether this machine may take over from that holder: see `nodes.others`. Raises Lost."""
        from asyncpg import UndefinedTableError

        try:
            return bool(await self.ask(_FOLLOWS, node.id, former))
        except UndefinedTableError:  # nobody counts on anybody yet
            return True

    async def take(self, node: Node, holder: str, epoch: int, kept_s: float) -> Sequence[Other] | None:
        """The machine leads; for `kept_s` seconds nobody takes over from it, unless it says less. If it has an address,
        it counts on all others from now on: these are returned. None: it may not, as the former leader does not know
        it. Raises Lost; then it may have taken over, or not.
        """
        connection = self._open

        async def write() -> list[Other] | None:
            async with connection.transaction():
                former = await connection.fetchval(_HOLDER, timeout=ANSWER_S)
                if former is not None and not await connection.fetchval(_FOLLOWS, node.id, former, timeout=ANSWER_S):
                    return None
                await connection.execute(_TAKE, epoch, node.name, holder, kept_s, timeout=ANSWER_S)
                await connection.execute(_PRESENT, *_said(node, holder), timeout=ANSWER_S)
                counting = holder if node.address else ""
                await connection.execute(_COUNT_ALL, node.id, counting, timeout=ANSWER_S)
                return [Other(**row) for row in await connection.fetch(_OTHERS, node.id, holder, timeout=ANSWER_S)]

        return await _tried(write())

    async def others(self, node: Node, holder: str) -> Sequence[Other]:
        """All other machines; which of them this holder counts on. Raises Lost."""
        return [Other(**row) for row in await _tried(self._open.fetch(_OTHERS, node.id, holder, timeout=ANSWER_S))]

    async def count(self, holder: str, ids: Sequence[str]) -> Sequence[str]:
        """Note that the leader counts on these. Returns those that are noted: none if this one leads no more. Raises
        Lost; then they may be noted, or not.
        """
        return [row["id"] for row in await _tried(self._open.fetch(_COUNT, holder, list(ids), timeout=ANSWER_S))]

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


def _said(node: Node, holder: str) -> tuple[str, ...]:
    return node.id, node.name, holder, node.version, node.address


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
