"""Reading sums: what PostgreSQL is told for a report holds for its transaction only."""

from datetime import UTC, date

from sqlalchemy import text

from ivr.calendars import Days
from journal import database
from lab.postgres import Postgres
from reports.reading import Wanted, read
from reports.sums import Dimension

DAY = date(2026, 3, 2)


async def test_postgresql_sorts_no_rows_until_the_report_is_read(postgres: Postgres) -> None:
    engine = database.open(postgres.create())
    try:
        await database.migrate(engine)
        async with engine.connect() as connection:
            wanted = Wanted(Dimension.QUEUE, True, None, (), None, DAY, DAY, UTC, Days(), {"entries", "waits"})
            assert await read(connection, 1, wanted) == {}
            assert await connection.scalar(text("SHOW enable_sort")) == "off"
            await connection.rollback()
            assert await connection.scalar(text("SHOW enable_sort")) == "on"
    finally:
        await engine.dispose()
