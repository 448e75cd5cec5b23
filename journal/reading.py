"""Reads Records of some kinds since a moment, a batch at a time, so that a week of them needs no memory at once."""

from collections.abc import AsyncIterator, Collection, Sequence
from typing import Any

from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from journal.records import Kind
from journal.tables import records, removals

BATCH = 10_000
"""Records of one batch."""


async def since(connection: AsyncConnection, moment: float, kinds: Collection[Kind]) -> AsyncIterator[Sequence[Any]]:
    """Rows `at`, `kind`, `call`, `queue`, `data` (JSON as it is stored) of these kinds, in order, from `moment` on.

    `moment`: seconds since the epoch. Times whose steps are removed already are left out: what remains tells no way.
    """
    removed = await connection.scalar(select(removals.c.seq).where(removals.c.what == "steps")) or 0
    columns = records.c.at, records.c.kind, records.c.call, records.c.queue, cast(records.c.data, Text)
    wanted = records.c.kind.in_([kind.value for kind in kinds])
    query = select(*columns).where(wanted, records.c.at >= moment, records.c.seq > removed).order_by(records.c.seq)
    async with connection.stream(query) as result:
        async for rows in result.partitions(BATCH):
            yield rows
