"""Numbers that are one citizen's, as agents have linked them: the table, and what is asked of it.

A number is in one row at most, in its bare form (`base.numbers.plain`). Rows with the same `citizen`, a random text,
are one citizen's. A row that is alone with its `citizen` says nothing, and is removed.
"""

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from sqlalchemy import Column, Double, Index, MetaData, Table, Text, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from base.numbers import plain
from calls.store import reaching
from journal.retention import Step
from journal.tables import NAMES

MOST = 10
"""Numbers of one citizen."""

metadata = MetaData(naming_convention=NAMES)

linked = Table(
    "linked_numbers",
    metadata,
    Column("number", Text, primary_key=True),
    Column("written", Text, nullable=False),
    Column("citizen", Text, nullable=False),
    Column("at", Double, nullable=False),
    Index(None, "citizen"),
    Index(None, "at"),
)
"""`written`: as people write the number. `at`: when the citizen was last given a number, in epoch seconds."""


class LinkedNumbers:
    """Every method raises StoreUnavailable when the database cannot be asked."""

    def __init__(self, database: AsyncEngine) -> None:
        self._database = database

    async def of(self, number: str) -> list[str]:
        """The citizen's other numbers, as they are written, in their order."""
        async with reaching(self._database) as connection:
            return await others(connection, number)

    async def link(self, number: str, other: str, now: float) -> bool:
        """Make both, and all that are linked to either, one citizen's. False: too many. `now`: epoch seconds."""
        async with self._writing() as connection:
            known = {**await _citizen(connection, number), **await _citizen(connection, other)}
            found = {plain(number): number, plain(other): other, **known}
            if len(found) > MOST:
                return False
            citizen = secrets.token_hex(8)
            await connection.execute(delete(linked).where(linked.c.number.in_(found)))
            rows = [{"number": bare, "written": found[bare], "citizen": citizen, "at": now} for bare in found]
            await connection.execute(insert(linked), rows)
        return True

    async def unlink(self, number: str, other: str) -> None:
        """Let go of `other`, if the two are one citizen's."""
        async with self._writing() as connection:
            if plain(other) in await _citizen(connection, number):
                await leave(connection, other)

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        """SQLite refuses a write after a read in the same transaction, so the first statement is a write."""
        async with reaching(self._database) as connection:
            await connection.execute(update(linked).where(linked.c.number == "").values(at=0.0))
            yield connection


async def others(connection: AsyncConnection, number: str) -> list[str]:
    """The citizen's other numbers, as they are written, in their order."""
    found = await _citizen(connection, number)
    return [written for bare, written in found.items() if bare != plain(number)]


async def leave(connection: AsyncConnection, number: str) -> None:
    """The number is linked to no other any more."""
    found = await _citizen(connection, number)
    gone = [plain(number)] if len(found) > 2 else list(found)
    await connection.execute(delete(linked).where(linked.c.number.in_(gone)))


async def remove_old(connection: AsyncConnection, cutoff: float, most: int) -> Step:
    """Remove numbers of citizens who were last given one before `cutoff` (epoch seconds), the oldest first."""
    query = select(linked.c.number).where(linked.c.at < cutoff).order_by(linked.c.at).limit(most)
    old = (await connection.execute(query)).scalars().all()
    if old:
        await connection.execute(delete(linked).where(linked.c.number.in_(old)))
    return Step(len(old), len(old) == most)


async def count_due(connection: AsyncConnection, cutoff: float) -> int:
    """How many `remove_old` would remove."""
    return await connection.scalar(select(func.count()).select_from(linked).where(linked.c.at < cutoff)) or 0


async def _citizen(connection: AsyncConnection, number: str) -> Mapping[str, str]:
    """All numbers of the citizen: bare → as it is written. Empty: the number is linked to none."""
    same = select(linked.c.citizen).where(linked.c.number == plain(number)).scalar_subquery()
    query = select(linked.c.number, linked.c.written).where(linked.c.citizen == same).order_by(linked.c.number)
    return {row.number: row.written for row in (await connection.execute(query)).all()}
