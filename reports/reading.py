"""Reads sums of days from the tables, split as asked. The database adds them up: a year has a hundred thousand rows."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Any, NamedTuple

from sqlalchemy import RowMapping, Select, Table, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.calendars import Days
from ivr.timetable import first_shown
from reports.periods import DAY, NIGHT, Clock, DayKind, Every, Stretch, beginnings, stretches
from reports.store import sums, waits
from reports.sums import GREATEST, HOUR, QUARTER, Dimension, Sums, made_of

MOST_ROWS = 20_000
"""Rows of one report."""

MOST_WAITS = 300
"""Rows of a report that has percentiles: each is made of some fifty buckets."""

AT_ONCE = 200
"""Rows that are read at once, which takes two milliseconds."""


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


async def read(connection: AsyncConnection, generation: int, wanted: Wanted) -> dict[Group, Sums]:
    """In order, without those in which nothing happened. The waits are left out if these are more than MOST_WAITS.
    Raises TooManyRows.
    """
    found: dict[Group, Sums] = {}
    spans = stretches(wanted.zone, wanted.first, wanted.last)
    length = QUARTER if wanted.every is Every.QUARTER or any(span.offset % HOUR for span in spans) else HOUR
    measures = [measure for measure in wanted.measures if measure != "waits"]
    for span in spans:
        columns = [(func.max if name in GREATEST else func.sum)(sums.c[name]).label(name) for name in measures]
        query = _of(wanted, sums, span, generation).add_columns(*columns).where(sums.c.length == length)
        async for row in _rows(connection, query):
            amounts = {name: int(row[name]) for name in measures if row[name]}
            if amounts:
                found.setdefault(_group(wanted, row, span), Sums()).add(made_of(amounts))
            if len(found) > MOST_ROWS:
                raise TooManyRows
    if "waits" in wanted.measures and wanted.every is not Every.QUARTER and len(found) <= MOST_WAITS:
        for span in spans:
            query = _of(wanted, waits, span, generation)
            query = query.add_columns(waits.c.bucket, func.sum(waits.c.count).label("n")).group_by(waits.c.bucket)
            async for row in _rows(connection, query):
                into = found.setdefault(_group(wanted, row, span), Sums()).waits
                into[row["bucket"]] = into.get(row["bucket"], 0) + int(row["n"])
    return dict(sorted(found.items(), key=lambda item: tuple((part is not None, part) for part in item[0])))


async def _rows(connection: AsyncConnection, query: Select[Any]) -> AsyncIterator[RowMapping]:
    """A few at a time: calls go on in between."""
    async with connection.stream(query) as result:
        async for some in result.mappings().partitions(AT_ONCE):
            for row in some:
                yield row


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
        parts["interval"] = _interval(wanted, wanted.every, table, local, day)
    here = [table.c.generation == generation, table.c.dimension == wanted.dimension.value]
    here += [table.c.start >= span.begin, table.c.start < span.end]
    if wanted.names is not None:
        here.append(table.c.name.in_(sorted(wanted.names)))
    query = select(*(part.label(name) for name, part in parts.items())).where(and_(*here))
    return query.group_by(
        *parts
    )  # by their names: PostgreSQL takes two parameters for different, even if they are equal


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


def _group(wanted: Wanted, row: RowMapping, span: Stretch) -> Group:
    parts = {name: row[name] for name in Group._fields if name in row}
    if wanted.every is not None:
        parts["begins"] = _begins(wanted, row["interval"], span)
    return Group(**parts)
