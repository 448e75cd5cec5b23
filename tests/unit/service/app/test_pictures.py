"""Pictures of the hotline in use."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.model import EVERYTHING, Reach
from journal import store
from journal.records import Kind, Record
from service.app.pictures import FRESH, Pictures
from service.setup.failure import NotDone
from service.storage import database
from tests.unit.hotline.picture.graphs import hotline_of


class Clock:
    now = 1_000_000.0


async def queued(db: AsyncEngine, at: float) -> None:
    async with db.begin() as connection:
        first = await store.last_seq(connection) + 1
        await store.append(connection, first, [Record(at, Kind.QUEUED, "c1", "greening", data={"language": "zh"})])


async def test_the_picture_is_kept_for_a_minute(db: AsyncEngine) -> None:
    clock = Clock()
    pictures = Pictures(hotline_of, db, lambda: clock.now)
    assert pictures.languages() == ("zh", "en")
    await queued(db, clock.now - 10)
    _, drawn = await pictures.drawing("en", 1, EVERYTHING)
    assert "1 call<" in drawn
    await queued(db, clock.now - 5)
    assert (await pictures.drawing("en", 1, EVERYTHING))[1] == drawn
    clock.now += FRESH
    assert "2 calls<" in (await pictures.drawing("en", 1, EVERYTHING))[1]
    assert "calls<" not in (await pictures.drawing("en", None, EVERYTHING))[1]


async def test_today_begins_at_midnight_of_the_hotline(db: AsyncEngine) -> None:
    clock = Clock()
    midnight = datetime.fromtimestamp(clock.now, hotline_of().zone).replace(hour=0, minute=0, second=0, microsecond=0)
    await queued(db, midnight.timestamp() - 1)
    await queued(db, midnight.timestamp() + 1)
    graph, _ = await Pictures(hotline_of, db, lambda: clock.now).drawing("en", 0, EVERYTHING)
    assert graph.nodes["queues", "greening"].calls == 1


async def test_a_part_of_the_hotline_shows_its_own_counts_and_details(db: AsyncEngine) -> None:
    clock = Clock()
    pictures = Pictures(hotline_of, db, lambda: clock.now)
    await queued(db, clock.now - 10)
    _, drawn = await pictures.drawing("en", 1, Reach(queues=frozenset({"greening"})))
    assert "1 call<" in drawn
    assert "extension 6001" in drawn
    assert "skills greening" in drawn
    assert "skills general" not in drawn
    assert "dials" not in drawn
    assert "1 call<" not in (await pictures.drawing("en", 1, Reach(queues=frozenset({"general"}))))[1]


async def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    engine = database.open(tmp_path / "nowhere" / "wutong.db")
    with pytest.raises(NotDone, match="cannot be counted"):
        await Pictures(hotline_of, engine, lambda: 0.0).drawing("en", 1, EVERYTHING)
    await engine.dispose()
