"""What the journal says of recordings."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from calls.store import StoreUnavailable
from journal.records import Kind, Record
from journal.store import from_row
from journal.tables import IS_RECORDING, records
from recordings.model import Kept

WRITTEN = 5.0
"""Seconds for the journal to write what it still holds."""


class RecordingStore:
    """Every method raises StoreUnavailable when the database cannot be asked, or does not have all Records yet.
    `flush`: has the journal write what it holds, within so many seconds; False: it could not.
    """

    def __init__(self, database: AsyncEngine, flush: Callable[[float], Awaitable[bool]]) -> None:
        self._database, self._flush = database, flush

    async def of_calls(self, calls: Collection[str]) -> Sequence[Record]:
        """The Records about the recordings of these calls, in order."""
        kinds = (Kind.RECORDED, Kind.RECORDING_REMOVED)
        query = select(records).where(records.c.call.in_(calls), records.c.kind.in_(kinds)).order_by(records.c.seq)
        async with self._reading() as connection:
            return [from_row(row) for row in (await connection.execute(query)).mappings()]

    async def kept_since(self, cutoff: float) -> dict[str, Kept]:
        """The recordings that were kept since then and not removed."""
        columns = records.c.kind, records.c.data, records.c.queue
        query = select(*columns).where(IS_RECORDING, records.c.at >= cutoff).order_by(records.c.seq)
        kept: dict[str, Kept] = {}
        async with self._reading() as connection:
            for kind, data, queue in (await connection.execute(query)).all():
                if kind == Kind.RECORDED:
                    kept[data["recording"]] = Kept(queue or "", data["sha256"])
                else:
                    kept.pop(data["recording"], None)
        return kept

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        if not await self._flush(WRITTEN):
            raise StoreUnavailable("Behind")
        try:
            async with self._database.connect() as connection:
                yield connection
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            raise StoreUnavailable(type(error).__name__) from error
