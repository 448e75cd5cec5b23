"""What tests of the journal share."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from journal.writer import Journal


@asynccontextmanager
async def writing(journal: Journal) -> AsyncIterator[None]:
    """Its writer runs."""
    writer = asyncio.create_task(journal.run())
    try:
        yield
    finally:
        writer.cancel()
        with suppress(asyncio.CancelledError):
            await writer
