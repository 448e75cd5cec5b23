"""Drawings of the hotline in use."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.model import EVERYTHING, Reach
from base.failure import NotDone
from drawing.drawings import FRESH, Drawings
from journal import database, store
from journal.records import Kind, Record
from tests.unit.drawing.graphs import hotline_of


class Clock:
    now = 1_000_000.0


async def queued(db: AsyncEngine, at: float) -> None:
    async with db.begin() as connection:
        first = await store.last_seq(connection) + 1
        await store.append(connection, first, [Record(at, Kind.QUEUED, "c1", "greening", data={"language": "zh"})])


async def test_the_picture_is_kept_for_a_minute(db: AsyncEngine) -> None:
    clock = Clock()
    made = Drawings(hotline_of, db, lambda: clock.now)
    assert made.languages() == ("zh", "en")
    await queued(db, clock.now - 10)
    drawn = (await made.drawing("en", 1, EVERYTHING)).svg or ""
    assert "1 call<" in drawn
    await queued(db, clock.now - 5)
    assert ((await made.drawing("en", 1, EVERYTHING)).svg or "") == drawn
    clock.now += FRESH
    assert "2 calls<" in ((await made.drawing("en", 1, EVERYTHING)).svg or "")
    assert "calls<" not in ((await made.drawing("en", None, EVERYTHING)).svg or "")


async def test_today_begins_at_midnight_of_the_hotline(db: AsyncEngine) -> None:
    clock = Clock()
    midnight = datetime.fromtimestamp(clock.now, hotline_of().zone).replace(hour=0, minute=0, second=0, microsecond=0)
    await queued(db, midnight.timestamp() - 1)
    await queued(db, midnight.timestamp() + 1)
    told = await Drawings(hotline_of, db, lambda: clock.now).drawing("en", 0, EVERYTHING)
    assert [node.calls for node in told.places if node.place == "queues/greening"] == [1]


async def test_a_part_of_the_hotline_shows_its_own_counts_and_details(db: AsyncEngine) -> None:
    clock = Clock()
    made = Drawings(hotline_of, db, lambda: clock.now)
    await queued(db, clock.now - 10)
    drawn = (await made.drawing("en", 1, Reach(queues=frozenset({"greening"})))).svg or ""
    assert "1 call<" in drawn
    assert "extension 6001" in drawn
    assert "skills greening" in drawn
    assert "skills general" not in drawn
    assert "dials" not in drawn
    assert "1 call<" not in ((await made.drawing("en", 1, Reach(queues=frozenset({"general"})))).svg or "")


async def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    engine = database.open(tmp_path / "nowhere" / "wutong.db")
    with pytest.raises(NotDone, match="cannot be counted"):
        await Drawings(hotline_of, engine, lambda: 0.0).drawing("en", 1, EVERYTHING)
    await engine.dispose()
