"""The sums of reports as Parquet, a file a month, for DuckDB, Superset, Metabase and other programs."""

import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, tzinfo
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from base.failure import NotDone
from ivr.timetable import first_shown
from reports import store
from reports.periods import Every, beginnings
from reports.store import sums
from reports.sums import MEASURES, QUARTER, Dimension
from sentences.of_libraries import recognised
from sentences.sentence import Sentence

AT_ONCE = 10_000
"""Rows that are read and written at once: some ten megabytes."""

DIMENSIONS = [each.value for each in Dimension]


async def export(connection: AsyncConnection, folder: Path, zone: tzinfo) -> list[Path]:
    """Write `sums-2026-03.parquet` and so on, by the months in `zone`. Returns the files. Raises NotDone."""
    arrow, parquet = _installed("pyarrow"), _installed("pyarrow.parquet")
    kinds = {"start": arrow.timestamp("ms", "UTC"), "local_start": arrow.timestamp("ms")}
    kinds |= {"dimension": arrow.string(), "name": arrow.string(), **dict.fromkeys(MEASURES, arrow.int64())}
    schema = arrow.schema(kinds)
    found = await store.mark(connection)
    if found is None:
        raise NotDone(Sentence("nothing was counted yet: ./wutong report rebuild counts what has happened"))
    written = []
    for month, begin, end in await _months(connection, found.generation, zone):
        file = folder / f"sums-{month}.parquet"
        partial = file.with_name(f".{file.name}.partial")
        try:
            os.makedirs(folder, exist_ok=True)
            with parquet.ParquetWriter(partial, schema, compression="zstd") as writer:
                async for rows in _rows(connection, found.generation, begin, end):
                    writer.write_table(arrow.table(_columns(rows, zone), schema))
            os.replace(partial, file)
        except OSError as error:
            raise NotDone(Sentence("{file} cannot be written: {why}", file=file, why=recognised(error))) from error
        written.append(file)
    now = await store.mark(connection)
    if now is None or now.generation != found.generation:
        raise NotDone(Sentence("the reports were counted anew meanwhile: export them again"))
    return written


async def _months(connection: AsyncConnection, generation: int, zone: tzinfo) -> list[tuple[str, int, int]]:
    """From the first to the last one that has sums: its name, its beginning and its end in epoch seconds."""
    ends: list[int] = []
    for dimension in DIMENSIONS:  # each is found by the primary key
        here = _of(generation).where(sums.c.dimension == dimension)
        query = here.with_only_columns(func.min(sums.c.start), func.max(sums.c.start))
        ends += [each for each in (await connection.execute(query)).one() if each is not None]
    if not ends:
        return []
    first, last = (datetime.fromtimestamp(each, zone).date() for each in (min(ends), max(ends)))
    days = list(beginnings(Every.MONTH, first, last))
    starts = [int(first_shown(zone, day, 0)) for day in days]
    return [
        (f"{day:%Y-%m}", start, end) for day, start, end in zip(days, starts, [*starts[1:], max(ends) + 1], strict=True)
    ]


def _of(generation: int) -> Select[Any]:
    return select(sums).where(sums.c.generation == generation, sums.c.length == QUARTER)


async def _rows(connection: AsyncConnection, generation: int, begin: int, end: int) -> AsyncIterator[list[Row[Any]]]:
    """By dimension, then by time: like values are together, and pack well."""
    for dimension in DIMENSIONS:
        query = _of(generation).where(sums.c.dimension == dimension, sums.c.start >= begin, sums.c.start < end)
        async with connection.stream(query.order_by(sums.c.start, sums.c.name)) as result:
            async for some in result.partitions(AT_ONCE):
                yield list(some)


def _columns(rows: list[Row[Any]], zone: tzinfo) -> dict[str, list[Any]]:
    moments = [datetime.fromtimestamp(row.start, UTC) for row in rows]
    return {
        "start": moments,
        "local_start": [moment.astimezone(zone).replace(tzinfo=None) for moment in moments],
        "dimension": [row.dimension for row in rows],
        "name": [row.name for row in rows],
        **{measure: [getattr(row, measure) or 0 for row in rows] for measure in MEASURES},
    }


def _installed(name: str) -> Any:
    """Imported here only: nothing else of the product needs it, and it is large."""
    try:
        return import_module(name)
    except ImportError:
        pip = f"{sys.executable} -m pip install" if find_spec("pip") else f"uv pip install --python {sys.executable}"
        command = f"{pip} 'pyarrow>=20'"
        raise NotDone(Sentence("Parquet needs pyarrow. Install it: {command}", command=command)) from None
