"""The tables of sums, and their statements. The row in `report_counted` says up to which Record they count; it changes
in the transaction that changes them.

Rows belong to a generation. A count anew writes another generation beside the one in use, and then comes into use at
once.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Double,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    case,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from base.numbers import plain
from journal.rows import Rows
from journal.tables import NAMES
from reports.facts.model import Contact
from reports.sums import GREATEST, MEASURES, Pending

AT_ONCE = 100
"""Rows of one statement: to make its parameters takes half a millisecond, in which no agent is rung."""

T = TypeVar("T")

REMOVED_AT_ONCE = 1_000

metadata = MetaData(naming_convention=NAMES)

sums = Table(
    "report_sums",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("length", Integer, primary_key=True, autoincrement=False),
    Column("dimension", Text, primary_key=True),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    *(Column(measure, BigInteger) for measure in MEASURES),  # NULL: 0. Most are: PostgreSQL keeps a bit for each
    sqlite_with_rowid=False,
)

waits = Table(
    "report_waits",
    metadata,
    # How many answered waits of an hour each bucket has.
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("dimension", Text, primary_key=True),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("bucket", Integer, primary_key=True, autoincrement=False),
    Column("count", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

contacts = Table(
    "report_contacts",
    metadata,
    # When a number last began to talk in a queue, of the last days: for first-contact resolution.
    Column("number", Text, primary_key=True),
    Column("queue", Text, primary_key=True),
    Column("at", Double, nullable=False),
    Index(None, "at"),
)

counted = Table(
    "report_counted",
    metadata,
    # One row: the generation in use counts the Records up to `seq`, and began with those of `since` (epoch seconds).
    # `state`: what was open after the Record `seq`, as JSON.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("generation", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("since", Double, nullable=False),
    Column("state", Text, nullable=False),
)


class Counted(NamedTuple):
    """The row of `report_counted`."""

    generation: int
    seq: int
    since: float
    state: str


async def mark(connection: AsyncConnection) -> Counted | None:
    """None: nothing was ever counted."""
    row = (await connection.execute(select(counted))).one_or_none()
    return None if row is None else Counted(row.generation, row.seq, row.since, row.state)


async def begin(connection: AsyncConnection, first: Counted) -> None:
    """Put the row there."""
    await connection.execute(insert(counted), {"id": 1, **first._asdict()})


async def advance(connection: AsyncConnection, before: Counted, now: Counted) -> bool:
    """Replace the row. False: it is another one than `before` by now, and stays."""
    here = counted.c.generation == before.generation, counted.c.seq == before.seq
    return (await connection.execute(update(counted).where(*here).values(**now._asdict()))).rowcount == 1


async def lock(connection: AsyncConnection) -> None:
    """Nobody else changes the row until the open transaction ends. On SQLite nobody writes."""
    await connection.execute(update(counted).values(id=1))


async def replace(connection: AsyncConnection, now: Counted) -> None:
    """Replace the row, whatever it is."""
    await connection.execute(delete(counted))
    await begin(connection, now)


async def add(connection: AsyncConnection, generation: int, pending: Pending) -> None:
    """Add to the rows of that generation."""
    both = chain(pending.rows.items(), pending.hours().items())
    of_sums: Iterator[list[Any]] = (
        [generation, row.length, row.dimension, row.start, row.name, *(amounts.get(name) or None for name in MEASURES)]
        for row, amounts in both
    )
    for some in _pieces(of_sums):
        await _SUMS.insert(connection, some)
    of_waits: Iterator[list[Any]] = (
        [generation, row.dimension, row.start, row.name, at_bucket, count]
        for (row, at_bucket), count in pending.waits.items()
    )
    for some in _pieces(of_waits):
        await _WAITS.insert(connection, some)


async def known_contacts(connection: AsyncConnection, numbers: Collection[str]) -> dict[Contact, float]:
    """When these numbers last talked, by queue."""
    query = select(contacts).where(contacts.c.number.in_(numbers))
    return {Contact(row.queue, row.number): row.at for row in (await connection.execute(query)).all()}


async def add_contacts(connection: AsyncConnection, found: Mapping[Contact, float]) -> None:
    """A contact that is known with a later time keeps that."""
    rows = ({**contact._asdict(), "at": at} for contact, at in found.items())
    for some in _pieces(rows):
        await connection.execute(_add_contacts(connection.dialect.name), some)


async def remove_contacts(connection: AsyncConnection, before: float) -> None:
    """Those of before that moment, in epoch seconds."""
    await connection.execute(delete(contacts).where(contacts.c.at < before))


async def forget(connection: AsyncConnection, number: str) -> None:
    """Remove what is known of this number."""
    await connection.execute(delete(contacts).where(contacts.c.number == plain(number)))


async def copy(connection: AsyncConnection, old: int, new: int, begin: float, end: float) -> None:
    """Give the generation `new` the rows of `old` from `begin` to before `end`, in epoch seconds."""
    for table in (sums, waits):
        columns = [column for column in table.c if column.name != "generation"]
        here = table.c.generation == old, table.c.start >= begin, table.c.start < end
        rows = select(literal(new, Integer), *columns).where(*here)
        await connection.execute(insert(table).from_select(["generation", *(each.name for each in columns)], rows))


async def remove_others(connection: AsyncConnection, generation: int) -> bool:
    """Remove some rows that are not of that generation; whether there may be more."""
    more = False
    for table in (sums, waits):
        keys = list(table.primary_key.columns)
        some = select(*keys).where(table.c.generation != generation).limit(REMOVED_AT_ONCE)
        done = await connection.execute(delete(table).where(tuple_(*keys).in_(some)))
        more = more or done.rowcount == REMOVED_AT_ONCE
    return more


def _pieces(rows: Iterable[T]) -> Iterator[Sequence[T]]:
    rest = iter(rows)
    while some := list(islice(rest, AT_ONCE)):
        yield some


_NOUGHT: ColumnElement[int] = literal_column("0", Integer)  # in the statement: `Rows` gives the values of a row only


def _add_sums(dialect: str) -> Any:
    statement: Any = postgresql.insert(sums) if dialect == "postgresql" else sqlite.insert(sums)
    new = {}
    for measure in MEASURES:
        ours, theirs = (func.coalesce(of[measure], _NOUGHT) for of in (sums.c, statement.excluded))
        both = case((ours > theirs, ours), else_=theirs) if measure in GREATEST else ours + theirs
        new[measure] = func.nullif(both, _NOUGHT)
    return statement.on_conflict_do_update(index_elements=list(sums.primary_key.columns), set_=new)


_SUMS = Rows(sums, _add_sums)


def _add_waits(dialect: str) -> Any:
    statement: Any = postgresql.insert(waits) if dialect == "postgresql" else sqlite.insert(waits)
    new = {"count": waits.c.count + statement.excluded["count"]}
    return statement.on_conflict_do_update(index_elements=list(waits.primary_key.columns), set_=new)


_WAITS = Rows(waits, _add_waits)


@cache
def _add_contacts(dialect: str) -> Any:
    statement: Any = postgresql.insert(contacts) if dialect == "postgresql" else sqlite.insert(contacts)
    later = case((contacts.c.at > statement.excluded.at, contacts.c.at), else_=statement.excluded.at)
    return statement.on_conflict_do_update(index_elements=list(contacts.primary_key.columns), set_={"at": later})
