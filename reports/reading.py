"""Reads sums of days from the tables, split as asked. The database adds them up: a year has a hundred thousand rows."""

import asyncio
import pickle
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from functools import cache, partial
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Select, Table, and_, case, func, or_, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from base.folders import CHECKOUT
from ivr.calendars import Days
from ivr.timetable import first_shown
from journal import database
from reports import store
from reports.periods import DAY, NIGHT, Clock, DayKind, Every, Stretch, beginnings, stretches
from reports.reader import A_BUCKET, AT_ONCE, LENGTH, TALLY
from reports.store import sums, waits
from reports.sums import GREATEST, HOUR, QUARTER, Dimension, Sums, made_of
from sounds.programs import end, start, write

log = structlog.get_logger(__name__)

PROGRAM = (sys.executable, "-P", "-m", "reports.reader")

UNREADABLE = (SQLAlchemyError, sqlite3.Error, OSError, TimeoutError)
"""What `ask` raises if the database cannot be asked."""

MOST_ROWS = 20_000
"""Rows of one report."""

MOST_WAITS = 300
"""Rows of a report that has percentiles: each is made of some fifty buckets."""

_HASHED = text("SELECT set_config('enable_sort', 'off', true), set_config('jit', 'off', true)")
"""Until the transaction ends, PostgreSQL does not sort rows, nor compile the query. It takes the hours of a year for a
group each, so it would sort half a million rows; and to compile a query takes longer than to run it.
"""


class TooManyRows(Exception):
    """The report would have more than MOST_ROWS rows."""


class Group(NamedTuple):
    """One row of a report. What it is not split by is None. `begins`: of the interval, in epoch seconds."""

    begins: float | None = None
    name: str | None = None
    hour: int | None = None
    weekday: int | None = None
    day_kind: str | None = None
    night: int | None = None


def parts_of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """By which fields of Group these rows are split."""
    return [part for part in Group._fields if any(row[part] is not None for row in rows)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a report is of: the days from `first` to `last` in `zone`.

    split     by the names of the dimension
    names     only of these; None: of all
    measures  the sums that are needed; `waits`: with the waits' buckets, which are known of whole hours since the epoch
    days      which days are holidays
    """

    dimension: Dimension
    split: bool
    names: Collection[str] | None
    clocks: tuple[Clock, ...]
    every: Every | None
    first: date
    last: date
    zone: tzinfo
    days: Days
    measures: Collection[str]


class Answer(NamedTuple):
    """`since`: from when on is counted, in epoch seconds; None: nothing ever was. `sums`: of each that was wanted,
    in that order.
    """

    since: float | None
    sums: Sequence[dict[Group, Sums]]


_Rows = Callable[[Select[Any]], AsyncIterator[Sequence[Sequence[Any]]]]
"""Gives the rows of a query, a few at a time: calls go on in between."""


async def ask(engine: AsyncEngine, *wanted: Wanted) -> Answer:
    """All in one transaction; each in order, without the groups in which nothing happened, and without waits if these
    are more than MOST_WAITS. SQLite sorts and adds up in the process that asks it, so a program of its own does. When
    this is cancelled, that program or the statement is ended. Raises TooManyRows and UNREADABLE.
    """
    if engine.dialect.name == "sqlite":
        async with engine.connect(), _program(engine) as rows:  # the connection: there are so many of them at most
            counted = [row async for some in rows(select(store.counted)) for row in some]
            return await _answer(store.Counted(*counted[0][1:]) if counted else None, wanted, rows, tallies=True)

    async def work(connection: AsyncConnection) -> Answer:
        await connection.execute(_HASHED)
        return await _answer(await store.mark(connection), wanted, partial(_streamed, connection), tallies=False)

    return await database.read(engine, work)


async def _answer(counted: store.Counted | None, wanted: Sequence[Wanted], rows: _Rows, *, tallies: bool) -> Answer:
    """`tallies`: `rows` adds them up."""
    if counted is None:
        return Answer(None, [{} for _ in wanted])
    return Answer(counted.since, [await _read(rows, counted.generation, each, tallies=tallies) for each in wanted])


async def _streamed(connection: AsyncConnection, query: Select[Any]) -> AsyncIterator[Sequence[Sequence[Any]]]:
    async with connection.stream(query) as result:
        async for some in result.partitions(AT_ONCE):
            yield some


@asynccontextmanager
async def _program(engine: AsyncEngine) -> AsyncIterator[_Rows]:
    """It reads the engine's file within the block."""
    process = await start(*PROGRAM, str(engine.url.database), cwd=CHECKOUT, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    try:
        yield partial(_asked, process, engine)
    except asyncio.IncompleteReadError:
        assert process.stderr is not None
        why = (await process.stderr.read()).decode(errors="replace")[-2000:]
        log.error("report-not-read", status=await process.wait(), why=why)
        raise ChildProcessError("the program that reads reports has ended") from None
    finally:
        await end(process)


async def _asked(process: Process, engine: AsyncEngine, query: Select[Any]) -> AsyncIterator[Sequence[Sequence[Any]]]:
    assert process.stdin is not None
    assert process.stdout is not None
    sql = query.compile(dialect=engine.dialect).construct_expanded_state()
    await write(process, pickle.dumps((sql.statement, tuple(sql.positional_parameters))))
    while True:
        (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
        said = pickle.loads(await process.stdout.readexactly(length))  # noqa: S301 - our program wrote it
        if isinstance(said, Exception):
            raise said
        if not said:
            return
        yield said


async def _read(rows: _Rows, generation: int, wanted: Wanted, *, tallies: bool) -> dict[Group, Sums]:
    found: dict[Group, Sums] = {}
    spans = stretches(wanted.zone, wanted.first, wanted.last)
    length = QUARTER if wanted.every is Every.QUARTER or any(span.offset % HOUR for span in spans) else HOUR
    measures = [measure for measure in wanted.measures if measure != "waits"]
    for span in spans:
        columns = [(func.max if name in GREATEST else func.sum)(sums.c[name]).label(name) for name in measures]
        query = _of(wanted, sums, span, generation).add_columns(*columns).where(sums.c.length == length)
        async for group, values in _groups(rows, query, wanted, span):
            amounts = {name: int(value) for name, value in zip(measures, values, strict=True) if value}
            if group in found:  # of another stretch
                found[group].add(made_of(amounts))
            elif amounts:
                found[group] = made_of(amounts)
            if len(found) > MOST_ROWS:
                raise TooManyRows
    if "waits" in wanted.measures and wanted.every is not Every.QUARTER and len(found) <= MOST_WAITS:
        for span in spans:
            query = (_tallies if tallies else _counts)(wanted, span, generation)
            async for group, counts in _groups(rows, query, wanted, span):
                into = found.setdefault(group, Sums()).waits
                for bucket, count in counts[0].items() if tallies else [counts]:
                    into[bucket] = into.get(bucket, 0) + int(count)
    return dict(sorted(found.items(), key=lambda item: tuple((part is not None, part) for part in item[0])))


def _counts(wanted: Wanted, span: Stretch, generation: int) -> Select[Any]:
    """Added up by the database."""
    query = _of(wanted, waits, span, generation)
    return query.add_columns(waits.c.bucket, func.sum(waits.c.count)).group_by(waits.c.bucket)


def _tallies(wanted: Wanted, span: Stretch, generation: int) -> Select[Any]:
    """A text of each hour, added up by `reports.reader`: this is the order of the table, and nothing is sorted."""
    texts = func.group_concat(waits.c.bucket * A_BUCKET + waits.c.count).label(TALLY)
    query = _of(wanted, waits, span, generation).add_columns(texts).group_by(None).group_by(waits.c.start)
    return query.group_by(waits.c.name) if wanted.split else query


async def _groups(
    rows: _Rows, query: Select[Any], wanted: Wanted, span: Stretch
) -> AsyncIterator[tuple[Group, Sequence[Any]]]:
    """Each group, and what was added to the columns of `_of`."""
    parts = [column.name for column in query.selected_columns if column.name in Group._fields]

    @cache
    def group(*values: Any) -> Group:
        known = dict(zip(parts, values, strict=True))
        if "begins" in known:
            known["begins"] = _begins(wanted, known["begins"], span)
        return Group(**known)

    async for some in rows(query):
        for row in some:
            yield group(*row[: len(parts)]), row[len(parts) :]


def _of(wanted: Wanted, table: Table, span: Stretch, generation: int) -> Select[Any]:
    """The rows of a stretch in their groups: what they are grouped by."""
    local = table.c.start + span.offset
    day, hour = local // DAY, local % DAY // HOUR
    parts: dict[str, Any] = {}
    if wanted.split:
        parts["name"] = table.c.name
    if Clock.HOUR in wanted.clocks:
        parts["hour"] = hour
    if Clock.WEEKDAY in wanted.clocks:
        parts["weekday"] = (day + 3) % 7 + 1  # the epoch began on a Thursday
    if Clock.DAY_KIND in wanted.clocks:
        parts["day_kind"] = _day_kind(wanted, day)
    if Clock.NIGHT in wanted.clocks:
        parts["night"] = case((or_(hour < NIGHT[0], hour >= NIGHT[1]), 1), else_=0)
    if wanted.every is not None:
        parts["begins"] = _interval(wanted, wanted.every, table, local, day)
    here = [table.c.generation == generation, table.c.dimension == wanted.dimension.value]
    here += [table.c.start >= span.begin, table.c.start < span.end]
    if wanted.names is not None:
        here.append(table.c.name.in_(sorted(wanted.names)))
    query = select(*(part.label(name) for name, part in parts.items())).where(and_(*here))
    # By their names: PostgreSQL takes two parameters for different, even if they are equal.
    return query.group_by(*parts)


def _day_kind(wanted: Wanted, day: Any) -> Any:
    def numbers(dates: Collection[date]) -> list[int]:
        return [(each - _EPOCH).days for each in dates if wanted.first <= each <= wanted.last]

    return case(
        (day.in_(numbers(wanted.days.holidays)), DayKind.HOLIDAY.value),
        (day.in_(numbers(wanted.days.makeup)), DayKind.WORKDAY.value),
        (((day + 3) % 7).in_(wanted.days.weekend), DayKind.WEEKEND.value),
        else_=DayKind.WORKDAY.value,
    )


_EPOCH = date(1970, 1, 1)


def _interval(wanted: Wanted, every: Every, table: Table, local: Any, day: Any) -> Any:
    """A number of the interval, from which `_begins` makes its beginning."""
    match every:
        case Every.QUARTER:
            return local // QUARTER
        case Every.HOUR:
            return local // HOUR
        case Every.DAY:
            return day
        case Every.WEEK:
            return (day + 3) // 7
    months = [int(first_shown(wanted.zone, each, 0)) for each in beginnings(every, wanted.first, wanted.last)]
    later = [(table.c.start >= begin, begin) for begin in reversed(months)]
    return case(*later, else_=months[0])


def _begins(wanted: Wanted, number: int, span: Stretch) -> float:
    match wanted.every:
        case Every.QUARTER:
            return float(number * QUARTER - span.offset)
        case Every.HOUR:
            return float(number * HOUR - span.offset)
        case Every.DAY:
            return first_shown(wanted.zone, _EPOCH + timedelta(days=number), 0)
        case Every.WEEK:
            return first_shown(wanted.zone, _EPOCH + timedelta(days=number * 7 - 3), 0)
    return float(number)
