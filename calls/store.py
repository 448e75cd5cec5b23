"""The table of calls, one row a call, and its queries.

Times are seconds since the epoch as double precision, exactly as Records carry them.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Double,
    Index,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    bindparam,
    false,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.model import EVERYTHING, Reach
from base.failure import NotDone
from base.numbers import is_shown, ways
from calls.model import CallState, CallSummary, Direction, Outcome, Search, fold
from calls.talks import TALK_KINDS, WRITTEN
from journal.database import transaction
from journal.records import Kind, Record
from journal.rows import Rows, slices
from journal.store import from_row
from journal.tables import IS_NOTE, NAMES, records
from sentences.sentence import Sentence

LONGEST_STORY = 10_000
"""Most Records that are read of one call: a bound for a hostile call, many times what a long one leaves."""

MOST_LIVE = 10
"""Calls of one number that are read beside those that are asked for: live ones and test calls, which are left out."""

NOTED = 86_400.0
"""Seconds after a call's beginning in which the notes on it are written."""

FOREIGN = 500
"""Calls in one page of `foreign`."""

_CALLBACK = "-b"
"""The end of a callback's id."""

metadata = MetaData(naming_convention=NAMES)

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
    Column("test", Boolean, nullable=False, server_default=false()),
    Column("sub_hotline", Text),
    Column("code", Text),
    Column("direction", Text, nullable=False, server_default="in"),
    Column("path", Text, nullable=False, server_default=""),
    Index(None, "started"),
    Index(None, "state", "started"),
    Index(None, "queue", "started"),
    Index(None, "agent", "started"),
    Index(None, "sub_hotline", "started"),
    Index(None, "caller", "started"),
    Index(None, "outcome", "started"),
    Index(None, "direction", "started"),
    Index(None, "path", "started"),
)

NEWEST = select(calls.c.id).order_by(calls.c.started.desc()).limit(1)
"""A query that shows whether the table can be read."""


class StoreUnavailable(NotDone):
    """The database does not answer, or refuses. `why`: the kind of the cause, which says more."""

    def __init__(self, why: str) -> None:
        super().__init__(
            Sentence(
                "The database cannot be asked: {why}. GET /readyz tells more. Live calls are not harmed by it, and are "
                "told by their state: GET /api/v1/calls?state=waiting.",
                why=why,
            )
        )


async def project(connection: AsyncConnection, batch: Sequence[Record]) -> None:
    """Bring the rows of the calls in `batch` up to date.

    Inside the transaction that stores these Records: a call's row never says more or less than its Records.
    """
    touched = {record.call for record in batch if record.call is not None}
    if not touched:
        return
    found = [_summary(row) for row in await connection.execute(_FIND, {"ids": list(touched)})]
    summaries = {summary.id: summary for summary in found}
    async for some in slices(batch):
        for record in some:
            if record.call is not None:
                summaries[record.call] = fold(summaries.get(record.call), record)
    await _ROWS.insert(connection, [_call_row(summary) for summary in summaries.values()])


class CallStore:
    """Reads what the journal has. Every method raises StoreUnavailable when the database cannot be asked."""

    def __init__(self, database: AsyncEngine) -> None:
        self._database = database

    async def list(self, search: Search, limit: int, reach: Reach = EVERYTHING) -> Sequence[CallSummary]:
        """The newest `limit` calls within `reach` that are looked for, newest first."""
        found: dict[str, CallSummary] = {}
        async with reaching(self._database) as connection:
            for query in queries(search, limit, reach):
                found |= {call.id: call for call in map(_summary, await connection.execute(query))}
        return sorted(found.values(), key=lambda one: (one.started, one.id), reverse=True)[:limit]

    async def get(self, call_id: str) -> CallSummary | None:
        async with reaching(self._database) as connection:
            row = (await connection.execute(select(calls).where(calls.c.id == call_id))).one_or_none()
        return None if row is None else _summary(row)

    async def story(self, call_id: str) -> Sequence[Record]:
        """The Records of one call in order, the first LONGEST_STORY of them."""
        query = select(records).where(records.c.call == call_id).order_by(records.c.seq).limit(LONGEST_STORY)
        async with reaching(self._database) as connection:
            return [from_row(row) for row in (await connection.execute(query)).mappings()]

    async def noted(self, call_ids: Collection[str]) -> Mapping[str, Sequence[Record]]:
        """Of each of these calls the Records of who talked and what agents noted, in order."""
        query = select(records).where(records.c.call.in_(call_ids), records.c.kind.in_(_NOTED))
        query = query.order_by(records.c.seq).limit(LONGEST_STORY)
        found: dict[str, list[Record]] = {}
        async with reaching(self._database) as connection:
            for row in (await connection.execute(query)).mappings():
                found.setdefault(row["call"], []).append(from_row(row))
        return found

    async def earlier(
        self, call: CallSummary, limit: int, reach: Reach = EVERYTHING, linked: Collection[str] = ()
    ) -> Sequence[CallSummary]:
        """The newest `limit` calls within `reach` that ended, began before `call` and have its number or one of
        `linked`, newest first. A hidden number has none.

        A number with and without a plus sign or a long-distance prefix is the same. Each way of writing it costs one
        look into an index, however often somebody has called.
        """
        found: list[CallSummary] = []
        numbers = (call.caller, *linked) if is_shown(call.caller) else ()
        written_as = dict.fromkeys(written for number in numbers for written in ways(number))
        async with reaching(self._database) as connection:
            for written in written_as:
                query = select(calls).where(calls.c.caller == written, calls.c.started < call.started)
                query = _seen(query, reach).order_by(calls.c.started.desc()).limit(limit + MOST_LIVE)
                found += map(_summary, await connection.execute(query))
        ended = [one for one in found if one.state is CallState.ENDED and not one.test]
        return sorted(ended, key=lambda one: one.started, reverse=True)[:limit]

    async def foreign(self, default: str, since: float, before: CallSummary | None) -> Sequence[CallSummary]:
        """A page of ended calls since then in another language than `default`, of callers who have not called later,
        newest first: those before the call `before`.
        """
        later = calls.alias()
        again = select(later.c.id).where(later.c.caller == calls.c.caller, later.c.started > calls.c.started)
        again = again.where(later.c.direction == Direction.IN)
        query = select(calls).where(calls.c.started >= since, calls.c.language != default, calls.c.caller != "")
        query = query.where(calls.c.state == CallState.ENDED, ~calls.c.test, ~again.exists())
        if before is not None:
            query = query.where(tuple_(calls.c.started, calls.c.id) < (before.started, before.id))
        query = query.order_by(calls.c.started.desc(), calls.c.id.desc()).limit(FOREIGN)
        async with reaching(self._database) as connection:
            return [_summary(row) for row in await connection.execute(query)]

    async def unfinished(self) -> Sequence[CallSummary]:
        """Calls without an end, oldest first: at the start of the service, those that its death interrupted."""
        query = _calls().where(calls.c.state != CallState.ENDED).order_by(calls.c.started, calls.c.id)
        async with reaching(self._database) as connection:
            return [_summary(row) for row in await connection.execute(query)]

    async def last_at(self) -> float:
        """When the newest Record was written, seconds since the epoch; 0: there is none."""
        async with reaching(self._database) as connection:
            return await connection.scalar(select(func.max(records.c.at))) or 0.0


def reaching(database: AsyncEngine) -> AbstractAsyncContextManager[AsyncConnection]:
    """A connection with a transaction around the block: all of it or nothing. Raises StoreUnavailable."""
    return transaction(database, StoreUnavailable)


def queries(search: Search, limit: int, reach: Reach = EVERYTHING) -> Sequence[Select[Any]]:
    """Each for the newest `limit`; a call may be found by several. Each way of writing a number is one look into an
    index, as in `earlier`. So is each queue of a limited reach: a database that looks for all of them at once reads and
    sorts every call that they ever had.
    """
    query = _searched(search).order_by(calls.c.started.desc(), calls.c.id.desc()).limit(limit)
    if search.caller is not None:
        numbers = ways(search.caller) if search.caller else ()
        return [_seen(query, reach).where(calls.c.caller == number) for number in numbers]
    if reach.whole or any(narrow is not None for narrow in (search.words, search.queue, search.agent)):
        return [_seen(query, reach)]
    return [query.where(part) for part in _parts(reach)]


def _calls() -> Select[Any]:
    """All calls. A callback has a row, too, by which its Records are found; it is no call (`calls.queueing`)."""
    return select(calls).where(calls.c.id.not_like(f"%{_CALLBACK}"))


def is_callback(call_id: str) -> bool:
    """Whether this is the id of a callback, not of a call."""
    return call_id.endswith(_CALLBACK)


def _searched(search: Search) -> Select[Any]:
    """The calls that are looked for, whatever their number."""
    query = _calls()
    if search.outcome is not None:  # not by the state: its index would lead to every call that has ended
        query = query.where(calls.c.ended.is_not(None))
    by_state = None if search.state is CallState.ENDED and search.outcome is not None else search.state
    for column, wanted in (
        (calls.c.state, by_state),
        (calls.c.queue, search.queue),
        (calls.c.agent, search.agent),
        (calls.c.outcome, search.outcome),
        (calls.c.direction, search.direction),
        (calls.c.path, search.path),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if search.since is not None:
        query = query.where(calls.c.started >= search.since)
    if search.until is not None:
        query = query.where(calls.c.started <= search.until)
    if search.before is not None:
        query = query.where(tuple_(calls.c.started, calls.c.id) < search.before)
    if search.words is not None:
        query = query.where(calls.c.id.in_(_noted(search)))
    return query


def _noted(search: Search) -> Select[Any]:
    """The ids of calls with the words in a note that was not replaced, of the days that are searched."""
    later = records.alias()
    replaced = select(later.c.seq).where(
        later.c.call == records.c.call,
        later.c.agent == records.c.agent,
        later.c.kind == Kind.NOTE,
        later.c.seq > records.c.seq,
    )
    text = records.c.data["note"].as_string()
    query = select(records.c.call).where(IS_NOTE, text.icontains(search.words, autoescape=True), ~replaced.exists())
    if search.since is not None:
        query = query.where(records.c.at >= search.since)
    return query if search.until is None else query.where(records.c.at <= search.until + NOTED)


def _seen(query: Select[Any], reach: Reach) -> Select[Any]:
    """Of these calls those within `reach`."""
    return query if reach.whole else query.where(or_(false(), *_parts(reach)))


def _parts(reach: Reach) -> Sequence[ColumnElement[bool]]:
    """Of a limited reach: a call is within it that fits one of these."""
    return [
        *(calls.c.queue == queue for queue in sorted(reach.queues)),
        *(calls.c.sub_hotline == line for line in sorted(reach.departments)),
        *(() if reach.agent is None else (calls.c.agent == reach.agent,)),
    ]


_NOTED = [kind.value for kind in (*TALK_KINDS, *WRITTEN)]

_FIND = select(calls).where(calls.c.id.in_(bindparam("ids", expanding=True)))


def _upsert(dialect: str) -> Any:
    """Insert a call's row, or replace what it says. Both databases know the same clause under two names."""
    statement: Any = postgresql.insert(calls) if dialect == "postgresql" else sqlite.insert(calls)
    new = {column.name: statement.excluded[column.name] for column in calls.c if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=[calls.c.id], set_=new)


_ROWS = Rows(calls, _upsert)

_COLUMNS = [column.name for column in calls.c]

_in_order = attrgetter(*_COLUMNS)

_WORDS = [_COLUMNS.index(name) for name in ("state", "outcome", "direction")]


def _call_row(summary: CallSummary) -> list[Any]:
    row = list(_in_order(summary))
    for column in _WORDS:
        if (word := row[column]) is not None:
            row[column] = word.value
    return row


def _summary(row: Sequence[Any]) -> CallSummary:
    """Of a whole row of `calls`."""
    found = dict(zip(_COLUMNS, row, strict=True))
    found["state"], found["direction"] = CallState(found["state"]), Direction(found["direction"])
    if found["outcome"] is not None:
        found["outcome"] = Outcome(found["outcome"])
    return CallSummary(**found)
