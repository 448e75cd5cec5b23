"""Many rows for one table, made of many Records while calls go on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Dialect, Insert, Table
from sqlalchemy.ext.asyncio import AsyncConnection

Convert = Callable[[Any], Any]

T = TypeVar("T")

SLICE = 50
"""Records of a batch that are worked on at once: half a millisecond, in which no agent is rung."""


async def slices(batch: Sequence[T]) -> AsyncIterator[Sequence[T]]:
    """The batch in pieces, in its order. Before each piece but the first, calls have their turn."""
    for begin in range(0, len(batch), SLICE):
        if begin:
            await asyncio.sleep(0)
        yield batch[begin : begin + SLICE]


class Rows:
    """Inserts whole rows, which have a value for each column of `table`, in their order.

    The statement is made once, and the driver gets it with the values. SQLAlchemy's own way prepares the values of each
    row by themselves, which takes longer than SQLite needs for the row.

    `statement`: the INSERT of a whole row, by the name of the database's dialect.
    """

    def __init__(self, table: Table, statement: Callable[[str], Insert]) -> None:
        self._table = table
        self._statement = statement
        self._made: dict[str, tuple[str, list[tuple[int, Convert]]]] = {}

    async def insert(self, connection: AsyncConnection, rows: Sequence[list[Any]]) -> None:
        """In the open transaction. The rows are used up."""
        if not rows:
            return
        dialect = connection.dialect
        text, conversions = self._made.get(dialect.name) or self._make(dialect)
        for column, convert in conversions:
            for row in rows:
                row[column] = convert(row[column])
        await connection.exec_driver_sql(text, [tuple(row) for row in rows])

    def _make(self, dialect: Dialect) -> tuple[str, list[tuple[int, Convert]]]:
        compiled = self._statement(dialect.name).compile(dialect=dialect)
        names = [column.name for column in self._table.c]
        assert compiled.positiontup == names, "the driver takes the values in the order of the columns"
        found = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in self._table.c]
        conversions: list[tuple[int, Convert]] = [
            (n, convert) for n, convert in enumerate(found) if convert is not None
        ]
        self._made[dialect.name] = made = str(compiled), conversions
        return made
