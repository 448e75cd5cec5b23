"""Puts a history into an empty database, before the service first uses it."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

from acd.last_hour import LastHour
from calls.store import project
from journal import database, store
from lab.demo.past import Past
from reports.counting import Counting

BATCH = 4_000
"""Records in one transaction."""


async def write(file: Path, node: str, past: Past, tell: Callable[[float], None]) -> int:
    """Write it all; how many Records there were. `tell` gets the time that each batch came to, in epoch seconds.

    Last comes the distributor's state, as the service on `node` leaves it: so the service goes on with today's figures
    and the last hour.
    """
    opened = database.open(file)
    try:
        await database.migrate(opened)
        number, last_hour, counting = 0, LastHour(past.begins), Counting()
        for batch in past.batches(BATCH):
            for record in batch:
                last_hour.note(record)
            async with opened.begin() as connection:
                stored = await store.append(connection, number + 1, batch)
                await project(connection, stored)
                await counting.project(connection, stored)
            number += len(batch)
            tell(batch[-1].at)
            await asyncio.sleep(0)  # a Ctrl-C is heard between two batches
        async with opened.begin() as connection:
            left = {"engine": past.snapshot(), "calls": [], "last_hour": last_hour.kept()}
            await store.keep_snapshot(connection, node, number, json.dumps(left))
        return number
    finally:
        await opened.dispose()
