"""Sums in the database: as Records are written, over failures and kills, and counted anew."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from base.tasks import Failures, Work
from journal import database
from journal.records import Record
from journal.store import append, last_seq
from journal.tables import records, removals
from reports import counting, store
from reports.counting import Counting, rebuild
from tests.unit.reports.stories import MONDAY, answered, began, busy, in_order, queued, state

DAY = 86_400.0


@pytest.fixture
async def db(where: Path | str) -> AsyncIterator[AsyncEngine]:
    engine = database.open(where)
    yield engine
    await engine.dispose()


async def write(db: AsyncEngine, ours: Counting, batch: Sequence[Record], *, fails: bool = False) -> None:
    """As the journal does. `fails`: at the commit."""
    async with db.connect() as connection:
        first = await last_seq(connection) + 1
    try:
        async with db.begin() as connection:
            stored = await append(connection, first, batch)
            await ours.project(connection, stored)
            if fails:
                raise ConnectionResetError("gone at the commit")
    except ConnectionResetError:
        assert fails


async def kept(db: AsyncEngine) -> list[tuple[Any, ...]]:
    """All rows of the generation in use, without its number."""
    async with db.connect() as connection:
        found = await store.mark(connection)
        assert found is not None
        rows = []
        for table in (store.sums, store.waits):
            query = select(table).where(table.c.generation == found.generation)
            rows += [tuple(row)[1:] for row in (await connection.execute(query)).all()]
        return sorted(rows, key=str)


def batches(told: Sequence[Record], size: int = 97) -> list[Sequence[Record]]:
    return [told[n : n + size] for n in range(0, len(told), size)]


async def test_rebuilt_equals_written(db: AsyncEngine) -> None:
    ours = Counting()
    for batch in batches(busy()):
        await write(db, ours, batch)
    written = await kept(db)
    assert len(written) > 100
    told: list[tuple[int, int]] = []
    await rebuild(db, lambda all_, done: told.append((all_, done)))
    assert await kept(db) == written
    assert told[-1] == (len(busy()), len(busy()))


async def test_it_goes_on_after_a_rebuild_and_leaves_nothing_behind(db: AsyncEngine) -> None:
    ours, parts = Counting(), batches(busy())
    for batch in parts[:5]:
        await write(db, ours, batch)
    await rebuild(db, lambda all_, done: None)
    for batch in parts[5:]:
        await write(db, ours, batch)
    written = await kept(db)
    await rebuild(db, lambda all_, done: None)
    assert await kept(db) == written
    async with db.connect() as connection:
        assert (await connection.execute(select(store.sums.c.generation).distinct())).scalars().all() == [3]


async def test_a_failed_commit_counts_nothing_twice(db: AsyncEngine) -> None:
    ours = Counting()
    for number, batch in enumerate(batches(busy())):
        if number % 3 == 0:
            await write(db, ours, batch, fails=True)
        for half in filter(None, (batch[:48], batch[48:])):  # after an error the journal writes less at once
            await write(db, ours, half)
    written = await kept(db)
    await rebuild(db, lambda all_, done: None)
    assert await kept(db) == written


async def test_a_kill_loses_nothing(db: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """While sums wait in memory, as many calls are open."""
    monkeypatch.setattr(counting, "FEW", 0)
    ours = Counting()
    for number, batch in enumerate(batches(busy(), 60)):
        await write(db, ours, batch)
        if number % 3 == 2:
            ours = Counting()
    later = [began("last", MONDAY + 20_000)]
    await write(db, ours, later)
    async with db.connect() as connection:
        found = await store.mark(connection)
    assert found is not None
    assert found.seq == len(busy()) + 1  # more than PACE seconds have passed
    written = await kept(db)
    await rebuild(db, lambda all_, done: None)
    assert await kept(db) == written


async def test_while_many_calls_are_open_the_tables_wait(db: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "FEW", 1)
    ours = Counting()

    async def seq() -> int:
        async with db.connect() as connection:
            found = await store.mark(connection)
        assert found is not None
        return found.seq

    await write(db, ours, [began("c1", MONDAY), queued("c1", MONDAY)])
    assert await seq() == 2
    await write(db, ours, [began("c2", MONDAY + 1)])
    assert await seq() == 2
    await write(db, ours, [began("c3", MONDAY + 11)])
    assert await seq() == 4


async def test_what_was_purged_stays_counted(db: AsyncEngine) -> None:
    """Records of the first day have lost their steps, and then all of its Records are gone."""
    ours = Counting()
    gone = [state(agent, MONDAY + 9_000, "logged-out", "ready") for agent in ("1000", "1001", "1002", "1003", "2001")]
    old = [*busy(), *gone]
    new = in_order(*(answered(f"n{n}", MONDAY + 3 * DAY + n * 40_000) for n in range(30)))
    for batch in batches([*old, *new]):
        await write(db, ours, batch)
    written = await kept(db)
    async with db.begin() as connection:
        await connection.execute(insert(removals), {"what": "steps", "seq": len(old), "at": MONDAY})
    await rebuild(db, lambda all_, done: None)
    assert await kept(db) == written
    async with db.begin() as connection:
        await connection.execute(delete(records).where(records.c.seq <= len(old)))
    await rebuild(db, lambda all_, done: None)
    assert await kept(db) == written


async def test_records_of_before_the_first_count_are_counted_anew(db: AsyncEngine) -> None:
    told = busy()
    async with db.begin() as connection:
        await append(connection, 1, told[:500])
    ours = Counting()
    await write(db, ours, told[500:])
    assert (await since(db)) == told[500].at
    await rebuild(db, lambda all_, done: None)
    assert (await since(db)) == told[0].at
    counted_anew = await kept(db)
    async with db.begin() as connection:
        for table in (store.sums, store.waits, store.counted, store.contacts, records):
            await connection.execute(delete(table))
    other = Counting()
    for batch in batches(told):
        await write(db, other, batch)
    assert await kept(db) == counted_anew


async def since(db: AsyncEngine) -> float:
    async with db.connect() as connection:
        found = await store.mark(connection)
    assert found is not None
    return found.since


async def test_records_that_come_during_a_rebuild_are_in_it(db: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "PAGE", 50)
    monkeypatch.setattr(counting, "MOST_PENDING", 40)
    ours, parts = Counting(), batches(busy(), 100)
    for batch in parts[:5]:
        await write(db, ours, batch)

    coming, really_read = parts[5:-1], counting._read

    async def read(connection: Any, position: int, last: int) -> Any:
        """In the middle of it the service goes on."""
        found = await really_read(connection, position, last)
        while position > 0 and coming:
            await write(db, ours, coming.pop(0))
        return found

    monkeypatch.setattr(counting, "_read", read)
    told: list[int] = []
    await rebuild(db, lambda all_, done: told.append(all_))
    assert told[0] == 500
    assert told[-1] > 900
    assert not coming
    await write(db, ours, parts[-1])
    written = await kept(db)
    await rebuild(db, lambda all_, done: None)
    assert await kept(db) == written


async def contacts(db: AsyncEngine) -> dict[tuple[str, str], float]:
    async with db.connect() as connection:
        rows = (await connection.execute(select(store.contacts))).all()
    return {(row.number, row.queue): row.at for row in rows}


async def test_numbers_are_kept_for_a_week_or_as_long_as_the_settings_say(db: AsyncEngine) -> None:
    ours = Counting(within=2 * DAY)
    for days, caller in ((0, "1"), (1, "2"), (2.5, "3"), (2.6, "2")):
        await write(db, ours, answered(f"c{days}", MONDAY + days * DAY, more={"caller": f"1380000000{caller}"}))
    known = {("13800000002", "greening"): MONDAY + 2.6 * DAY + 10, ("13800000003", "greening"): MONDAY + 2.5 * DAY + 10}
    assert await contacts(db) == known
    await rebuild(db, lambda all_, done: None, within=2 * DAY)
    assert await contacts(db) == known


async def test_a_number_is_forgotten(db: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """In memory as well, while the tables wait."""
    ours = Counting()
    await write(db, ours, answered("c1", MONDAY, more={"caller": "+86 138"}))
    monkeypatch.setattr(counting, "FEW", -1)
    await write(db, ours, answered("c2", MONDAY + 5, more={"caller": "+86 138"}))
    ours.forget("0086138")
    async with db.begin() as connection:
        await store.forget(connection, "0086138")
    await write(db, ours, [began("c3", MONDAY + 60)])
    assert await contacts(db) == {}


async def test_a_record_that_cannot_be_read_does_not_stop_the_journal(db: AsyncEngine) -> None:
    from structlog.testing import capture_logs

    failures = Failures()
    ours = Counting(failures=failures)
    asleep = state("1001", MONDAY, "asleep", "ready")
    with capture_logs() as logs:
        await write(db, ours, [asleep, asleep, *answered("c1", MONDAY)])
    assert [(line["event"], line["task"]) for line in logs] == [("task-failed", "reports")], "a burst is one line"
    assert failures.counts[Work.REPORTS] == 2
    assert any("greening" in row for row in await kept(db))
    assert await rebuild(db, lambda all_, done: None) == 2
