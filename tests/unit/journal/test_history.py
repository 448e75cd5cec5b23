"""The database's history: which snapshots it keeps, and that the Records after each are the right ones."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from journal import database
from journal.records import Kind, Record
from journal.spool import Spool
from journal.store import KEPT, DatabaseHistory, History, HistoryUnavailable, Past
from journal.writer import Journal
from lab.patience import PATIENCE
from tests.unit.journal.journals import writing


def key(n: int) -> Record:
    return Record(float(n), Kind.KEY_PRESSED, call="c1", data={"key": str(n % 10)})


class Life:
    """One life of a service whose state is the number of the Records that it has written in all."""

    def __init__(self, db: AsyncEngine, folder: Path, **options: Any) -> None:
        self.written = 0
        self.spool = Spool.open(folder)
        self.journal = Journal(db, self.spool, snapshot=lambda: {"written": self.written}, retry_s=0.001, **options)

    def write(self, count: int) -> None:
        for _ in range(count):
            self.written += 1
            self.journal.write(key(self.written))


@pytest.fixture
def life(db: AsyncEngine, tmp_path: Path) -> Iterator[Life]:
    made = Life(db, tmp_path / "spool")
    yield made
    made.journal.close()


async def seqs(db: AsyncEngine, node: str = "local") -> list[int]:
    async with db.connect() as connection:
        rows = await connection.execute(
            text("SELECT seq FROM snapshots WHERE node = :node ORDER BY seq"), {"node": node}
        )
        return [row.seq for row in rows]


async def test_without_a_snapshot_nothing_is_recalled(db: AsyncEngine, life: Life) -> None:
    async with writing(life.journal):
        life.write(3)
        assert await life.journal.flush(PATIENCE)
    assert await DatabaseHistory(db, "local").recall() == (None, ())


async def test_both_histories_recall_the_same_wherever_the_snapshot_falls_into_a_batch(
    db: AsyncEngine, life: Life, tmp_path: Path
) -> None:
    async with writing(life.journal):
        life.write(4)
        life.journal.rotate()
        life.write(3)  # in one batch with those before it
        assert await life.journal.flush(PATIENCE)
        assert await DatabaseHistory(db, "local").recall() == ({"written": 4}, [key(5), key(6), key(7)])
        life.journal.rotate()  # the database has all up to it already
        life.write(2)
        assert await life.journal.flush(PATIENCE)
    life.journal.close()
    histories: list[History] = [Spool.open(tmp_path / "spool"), DatabaseHistory(db, "local")]
    expected = Past({"written": 7}, [key(8), key(9)])
    assert [await history.recall() for history in histories] == [expected, expected]
    assert await seqs(db) == [4, 7]


async def test_of_several_snapshots_before_a_batch_the_newest_is_kept(db: AsyncEngine, life: Life) -> None:
    life.write(2)
    life.journal.rotate()
    life.write(2)
    life.journal.rotate()
    life.write(1)
    async with writing(life.journal):
        assert await life.journal.flush(PATIENCE)
    assert await DatabaseHistory(db, "local").recall() == ({"written": 4}, [key(5)])
    assert await seqs(db) == [4]


async def test_the_newest_few_of_each_node_are_kept(db: AsyncEngine, tmp_path: Path) -> None:
    for node in ("east", "west"):
        here = Life(db, tmp_path / node, node=node)
        async with writing(here.journal):
            for _ in range(KEPT + 2):
                here.journal.rotate()
                here.write(1)
                assert await here.journal.flush(PATIENCE)
        here.journal.close()
    assert await seqs(db, "east") == [2, 3, 4]
    assert await seqs(db, "west") == [7, 8, 9]
    assert await DatabaseHistory(db, "west").recall() == ({"written": 4}, [key(5)])


async def test_a_snapshot_that_cannot_be_kept_does_not_keep_records_waiting(db: AsyncEngine, life: Life) -> None:
    async with db.begin() as connection:
        await connection.execute(text("DROP TABLE snapshots"))
    async with writing(life.journal):
        life.journal.rotate()
        life.write(3)
        assert await life.journal.flush(PATIENCE)
    async with db.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM records")) == 3


async def test_a_database_that_is_away_or_has_nonsense_is_told(db: AsyncEngine, tmp_path: Path) -> None:
    async with db.begin() as connection:
        await connection.execute(text("INSERT INTO snapshots (node, seq, state) VALUES ('local', 1, '{')"))
    away = database.open("postgresql://wutong:hidden-word@127.0.0.1:1/wutong")
    for engine in (db, away):
        with pytest.raises(HistoryUnavailable, match="cannot be read"):
            await DatabaseHistory(engine, "local").recall()
    await away.dispose()
