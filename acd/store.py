"""The tables of the acd and what is asked of them: Records as they were written, one row a call, one row a spool.

Times are seconds since the epoch as double precision, exactly as Records carry them, on SQLite and PostgreSQL alike.
No foreign keys: rows may be purged apart from each other, and other packages keep their tables to themselves.
"""

import math
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Double,
    Index,
    Integer,
    MetaData,
    RowMapping,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from acd.calls import CallState, CallSummary, Outcome, fold
from acd.records import Kind, Record

LONGEST_STORY = 10_000
"""Records of one call that are read at most: many times what a long call leaves, a bound for a hostile one."""

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)

records = Table(
    "records",
    metadata,
    # Numbered by the one writer, in the order in which the Records were made.
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", Double, nullable=False),
    Column("kind", Text, nullable=False),
    Column("call", Text),
    Column("queue", Text),
    Column("agent", Text),
    Column("offer", Text),
    Column("data", JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    Index(None, "call", "seq"),
    Index(None, "at"),
)

calls = Table(
    "calls",
    metadata,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("caller", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("queue", Text),
    Column("agent", Text),
    Column("started", Double, nullable=False),
    Column("queued", Double),
    Column("answered", Double),
    Column("ended", Double),
    Column("outcome", Text),
    Column("offers", Integer, nullable=False),
    Column("onward", JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")),
    Index(None, "started"),
    Index(None, "state", "started"),
    Index(None, "queue", "started"),
)

spools = Table(
    "spools",
    metadata,
    # Written with every batch, in its transaction: how far into a spool the Records here go.
    Column("id", Text, primary_key=True),
    Column("written", BigInteger, nullable=False),
)


class Overtaken(Exception):
    """The database has not the Records of the spool that were told to be in it: it lost some, or is another one."""


NEWEST = select(calls.c.id).order_by(calls.c.started.desc()).limit(1)
"""The first that is read of what people ask for; it tells whether that can be read."""


class StoreUnavailable(Exception):
    """The database does not answer, or refuses; the cause tells why."""


async def append(connection: AsyncConnection, first: int, batch: Sequence[Record]) -> None:
    """Insert the Records with the numbers `first`, `first` + 1, … and bring the rows of their calls up to date.

    Inside the caller's transaction: a call's row never says more or less than its Records.
    """
    clean = [storable(record) for record in batch]
    await connection.execute(_INSERT, [_row(first + n, record) for n, record in enumerate(clean)])
    touched = {record.call for record in clean if record.call is not None}
    if not touched:
        return
    found = await connection.execute(_FIND, {"ids": list(touched)})
    summaries = {row["id"]: _summary(row) for row in found.mappings()}
    for record in clean:
        if record.call is not None:
            summaries[record.call] = fold(summaries.get(record.call), record)
    await connection.execute(_upsert(connection.dialect.name), [_call_row(summary) for summary in summaries.values()])


async def last_seq(connection: AsyncConnection) -> int:
    """The number of the newest Record; 0: there is none."""
    return await connection.scalar(select(func.max(records.c.seq))) or 0


async def written(connection: AsyncConnection, spool: str) -> int | None:
    """Up to which of its numbers the Records of this spool are here; None: nothing of it is."""
    number: int | None = await connection.scalar(select(spools.c.written).where(spools.c.id == spool))
    return number


async def advance(connection: AsyncConnection, spool: str, before: int | None, number: int) -> None:
    """Let `written` answer `number` instead of `before`, if the caller's transaction is committed.

    Raises Overtaken when that is not what it answers now, or an IntegrityError where it ought to be None.
    """
    if before is None:
        await connection.execute(insert(spools), {"id": spool, "written": number})
        return
    here = spools.c.id == spool, spools.c.written == before
    done = await connection.execute(update(spools).where(*here).values(written=number))
    if done.rowcount != 1:
        raise Overtaken(f"it does not have what it had up to number {before} of the spool")


class CallStore:
    """What the journal has, read. Every method raises StoreUnavailable when the database cannot be asked."""

    def __init__(self, database: AsyncEngine) -> None:
        self._database = database

    async def list(self, state: CallState | None, queue: str | None, limit: int) -> Sequence[CallSummary]:
        """The newest `limit` calls, newest first, in `state` and last in `queue` where these are given."""
        query = select(calls).order_by(calls.c.started.desc(), calls.c.id.desc()).limit(limit)
        if state is not None:
            query = query.where(calls.c.state == state)
        if queue is not None:
            query = query.where(calls.c.queue == queue)
        async with self._reading() as connection:
            return [_summary(row) for row in (await connection.execute(query)).mappings()]

    async def get(self, call_id: str) -> CallSummary | None:
        async with self._reading() as connection:
            row = (await connection.execute(select(calls).where(calls.c.id == call_id))).mappings().one_or_none()
        return None if row is None else _summary(row)

    async def story(self, call_id: str) -> Sequence[Record]:
        """The Records of one call in order, the first LONGEST_STORY of them."""
        query = select(records).where(records.c.call == call_id).order_by(records.c.seq).limit(LONGEST_STORY)
        async with self._reading() as connection:
            return [_record(row) for row in (await connection.execute(query)).mappings()]

    async def unfinished(self) -> Sequence[CallSummary]:
        """Calls without an end, oldest first: at the start of the service, those that its death interrupted."""
        query = select(calls).where(calls.c.state != CallState.ENDED).order_by(calls.c.started, calls.c.id)
        async with self._reading() as connection:
            return [_summary(row) for row in (await connection.execute(query)).mappings()]

    async def last_at(self) -> float:
        """When the newest Record was written, seconds since the epoch; 0: there is none."""
        async with self._reading() as connection:
            return await connection.scalar(select(func.max(records.c.at))) or 0.0

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._database.connect() as connection:
                yield connection
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            raise StoreUnavailable(f"the database cannot be asked: {type(error).__name__}") from error


_INSERT = insert(records)
_FIND = select(calls).where(calls.c.id.in_(bindparam("ids", expanding=True)))


@cache  # to build it takes as long as to run it
def _upsert(dialect: str) -> Any:
    """Insert a call's row, or replace what it says. Both databases know the same clause under two names."""
    statement: Any = postgresql.insert(calls) if dialect == "postgresql" else sqlite.insert(calls)
    new = {column.name: statement.excluded[column.name] for column in calls.c if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=[calls.c.id], set_=new)


def _row(seq: int, record: Record) -> dict[str, Any]:
    return {
        "seq": seq,
        "at": record.at,
        "kind": record.kind.value,
        "call": record.call,
        "queue": record.queue,
        "agent": record.agent,
        "offer": record.offer,
        "data": record.data,
    }


def _record(row: RowMapping) -> Record:
    return Record(
        at=row["at"],
        kind=Kind(row["kind"]),
        call=row["call"],
        queue=row["queue"],
        agent=row["agent"],
        offer=row["offer"],
        data=row["data"],
    )


def _call_row(summary: CallSummary) -> dict[str, Any]:
    row = {column.name: getattr(summary, column.name) for column in calls.c}
    return row | {"state": summary.state.value, "outcome": None if summary.outcome is None else summary.outcome.value}


def _summary(row: RowMapping) -> CallSummary:
    outcome = None if row["outcome"] is None else Outcome(row["outcome"])
    return CallSummary(**{**row, "state": CallState(row["state"]), "outcome": outcome})


def storable(record: Record) -> Record:
    """The same record without what a database refuses: one bad byte from a phone must not stop the journal."""
    return Record(
        at=record.at,
        kind=record.kind,
        call=_optional_text(record.call),
        queue=_optional_text(record.queue),
        agent=_optional_text(record.agent),
        offer=_optional_text(record.offer),
        data={_text(str(key)): _json(value) for key, value in record.data.items()},
    )


def _json(value: Any) -> Any:
    match value:
        case None | bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else None
        case str():
            return _text(value)
        case Mapping():
            return {_text(str(key)): _json(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_json(inner) for inner in value]
        case _:
            return _text(str(value))


def _optional_text(value: str | None) -> str | None:
    return None if value is None else _text(value)


def _text(value: str) -> str:
    """Lone surrogates are no UTF-8, NUL is no text to PostgreSQL."""
    return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "�")
