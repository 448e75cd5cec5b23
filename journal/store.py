"""The journal in the database: Records, how far into a spool they go, snapshots of the state after them, and how a
start and commands read them.
"""

import json
import math
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from sqlalchemy import (
    RowMapping,
    Select,
    Text,
    cast,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record, new_record
from journal.rows import Rows, slices
from journal.tables import IS_OF_AGENT_DAY, records, removals, snapshots, spools

KEPT = 3
"""Snapshots of one node that are kept: the newest is enough, the others help to find a mistake in it."""


class Overtaken(Exception):
    """The database does not have the Records of the spool that it had: it lost some, or is another one."""


class Refused(Exception):
    """Another machine leads: what this one writes is not taken."""


async def append(connection: AsyncConnection, first: int, batch: Sequence[Record]) -> Sequence[Record]:
    """Insert the Records with the numbers `first`, `first` + 1, …; returns them as they are stored.

    Runs in the open transaction.
    """
    stored: list[Record] = []
    async for some in slices(batch):
        made = [storable(record) for record in some]
        await _ROWS.insert(connection, [_row(first + n, record) for n, record in enumerate(made, len(stored))])
        stored += made
    return stored


async def last_seq(connection: AsyncConnection) -> int:
    """The number of the newest Record; 0: there is none."""
    return await connection.scalar(select(func.max(records.c.seq))) or 0


async def written(connection: AsyncConnection, spool: str) -> int | None:
    """The number up to which the Records of this spool are here; None: none are."""
    number: int | None = await connection.scalar(select(spools.c.written).where(spools.c.id == spool))
    return number


async def advance(connection: AsyncConnection, spool: str, before: int | None, number: int) -> None:
    """Let `written` return `number` instead of `before`, once the open transaction is committed.

    Raises Overtaken if it does not return `before` now, or IntegrityError if `before` is None and it returns a number.
    """
    if before is None:
        await connection.execute(insert(spools), {"id": spool, "written": number})
        return
    here = spools.c.id == spool, spools.c.written == before
    done = await connection.execute(update(spools).where(*here).values(written=number))
    if done.rowcount != 1:
        raise Overtaken(f"it does not have what it had up to number {before} of the spool")


async def keep_snapshot(connection: AsyncConnection, node: str, seq: int, state: str) -> None:
    """Keep the state, as JSON, of the service on `node` after the Record `seq`. The oldest of this node go."""
    here = snapshots.c.node == node
    kept = select(snapshots.c.seq).where(here, snapshots.c.seq < seq).order_by(snapshots.c.seq.desc()).limit(KEPT - 1)
    await connection.execute(delete(snapshots).where(here, snapshots.c.seq.not_in(kept)))
    await connection.execute(insert(snapshots), {"node": node, "seq": seq, "state": state})


async def newest_snapshot(connection: AsyncConnection, node: str | None) -> tuple[int, str] | None:
    """The Record after which it was taken, and the state as JSON; None: there is none. `node` None: of any node."""
    query = select(snapshots.c.seq, snapshots.c.state)
    if node is not None:
        query = query.where(snapshots.c.node == node)
    row = (await connection.execute(query.order_by(snapshots.c.seq.desc()).limit(1))).one_or_none()
    return None if row is None else (row.seq, row.state)


async def records_after(connection: AsyncConnection, seq: int) -> Sequence[Record]:
    """All Records after `seq`, in order."""
    query = select(records).where(records.c.seq > seq).order_by(records.c.seq)
    return [from_row(row) for row in (await connection.execute(query)).mappings()]


_ROWS = Rows(records, lambda _: insert(records))


def _row(seq: int, record: Record) -> list[Any]:
    at, kind, call, queue, agent, offer, data, actor = record
    return [seq, at, kind.value, call, queue, agent, offer, None if actor == SYSTEM else str(actor), data]


def from_row(row: RowMapping) -> Record:
    """The Record that a row of `records` has."""
    fields = {name: row[name] for name in Record._fields}
    actor = SYSTEM if row["actor"] is None else Actor(row["actor"])
    return Record(**fields | {"kind": Kind(row["kind"]), "actor": actor})


def storable(record: Record) -> Record:
    """The same record without what a database refuses: one bad byte from a phone must not stop the journal."""
    at, kind, call, queue, agent, offer, data, actor = record
    ids = (_json(call), _json(queue), _json(agent), _json(offer))
    return new_record((at, kind, *ids, _json(data), actor if actor is SYSTEM else Actor(_text(actor))))


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


def _text(value: str) -> str:
    """Lone surrogates are not UTF-8, NUL is not text to PostgreSQL."""
    if value.isascii() and "\0" not in value:  # nearly every text
        return value
    return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "�")


# What a start needs from earlier runs: a snapshot of the state and the Records since, wherever they are kept.
#
# The spool (`journal.spool`) is the first history: it has everything. The database is the second: it gets a
# snapshot whenever the spool begins a segment, and the Records in batches. So another machine can take over what
# the database has.


class HistoryUnavailable(Exception):
    """The history cannot be read; the cause says why."""


class Past(NamedTuple):
    """The newest snapshot, None if there is none, and all Records since, in order."""

    snapshot: Mapping[str, Any] | None
    records: Sequence[Record]


class History(Protocol):
    """Where a start finds what the service before it knew."""

    async def recall(self) -> Past:
        """Read the history. Raises HistoryUnavailable."""


class DatabaseHistory:
    """The database's history of the service on `node`; None: of the one that led last. Without a snapshot it is empty,
    even if there are Records.
    """

    def __init__(self, database: AsyncEngine, node: str | None) -> None:
        self._database = database
        self._node = node

    async def recall(self) -> Past:
        try:
            async with self._database.connect() as connection:
                newest = await newest_snapshot(connection, self._node)
                if newest is None:
                    return Past(None, ())
                seq, state = newest
                return Past(json.loads(state), await records_after(connection, seq))
        except (SQLAlchemyError, OSError, TimeoutError, ValueError) as error:  # ValueError: its content is damaged
            raise HistoryUnavailable(f"the database's history cannot be read: {type(error).__name__}") from error


async def of_agent(connection: AsyncConnection, agent: str, begin: float, end: float, most: int) -> Sequence[Record]:
    """What this agent did from `begin` to before `end` (epoch seconds): Records of the kinds AGENT_DAY, in order, at
    most the first `most`. Before them, the last BEFORE ones, and the last ones of the kinds LASTING.
    """
    *earlier, within = agent_queries(agent, begin, end, most)
    before = {row["seq"]: row for query in earlier for row in (await connection.execute(query)).mappings()}
    found = [from_row(before[seq]) for seq in sorted(before)]
    async with connection.stream(within) as result:
        async for some in result.mappings().partitions(AT_ONCE):  # calls go on in between
            found += [from_row(row) for row in some]
    return found


def agent_queries(agent: str, begin: float, end: float, most: int) -> Sequence[Select[Any]]:
    """Those for what was before `begin`; the last one for what was from then on."""
    ours = select(records).where(IS_OF_AGENT_DAY, records.c.agent == agent)
    before = ours.where(records.c.at < begin).order_by(records.c.at.desc(), records.c.seq.desc())
    return (
        before.limit(BEFORE),
        *(before.where(records.c.kind == kind.value).limit(1) for kind in LASTING),
        ours.where(records.c.at >= begin, records.c.at < end).order_by(records.c.seq).limit(most),
    )


# Reads Records of some kinds since a moment, a batch at a time, so that a week of them needs no memory at once.


BATCH = 10_000
"""Records of one batch."""

BEFORE = 50
"""Records before a day that say of an agent in a call which call it is, and how far it has come: some ten do."""

LASTING = Kind.AGENT_STATE, Kind.AGENT_PHONE
"""Kinds whose last Record holds for any time."""

AT_ONCE = 50
"""Records that are read at once, while calls wait: two milliseconds."""


async def since(connection: AsyncConnection, moment: float, kinds: Collection[Kind]) -> AsyncIterator[Sequence[Any]]:
    """Rows `at`, `kind`, `call`, `queue`, `data` (JSON as it is stored) of these kinds, in order, from `moment` on.

    `moment`: seconds since the epoch. Times whose steps are removed already are left out: what remains shows no way.
    """
    removed = await connection.scalar(select(removals.c.seq).where(removals.c.what == "steps")) or 0
    columns = records.c.at, records.c.kind, records.c.call, records.c.queue, cast(records.c.data, Text)
    wanted = records.c.kind.in_([kind.value for kind in kinds])
    query = select(*columns).where(wanted, records.c.at >= moment, records.c.seq > removed).order_by(records.c.seq)
    async with connection.stream(query) as result:
        async for rows in result.partitions(BATCH):
            yield rows
