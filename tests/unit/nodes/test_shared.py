"""The files that all machines of a hotline have, between a leader and one that stands by, with a real PostgreSQL."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from base.files import replace
from base.folders import StateFolder
from base.tasks import Failures, Tasks, Work
from journal import database
from journal.store import Refused
from lab.patience import until
from lab.postgres import Postgres
from nodes import tables
from nodes.fence import fence
from nodes.shared import ASIDE, Shared
from tests.unit.service.saboteur import once

CLIP = "versions/contents/" + 64 * "a" + ".wav"


class Machine:
    def __init__(self, engine: AsyncEngine, root: Path) -> None:
        self.folder = StateFolder(root)
        self.folder.make()
        self.shared = Shared(engine, self.folder)

    def write(self, name: str, text: str, at: float = 1_800_000_000.0) -> None:
        file = self.folder.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        replace(file, text.encode())
        os.utime(file, (at, at))

    def files(self) -> dict[str, str]:
        root = self.folder.root
        found = [*root.glob("versions/**/*"), *root.glob("*.json"), root / "drained"]
        return {str(file.relative_to(root)): file.read_text() for file in found if file.is_file()} | {"shared.json": ""}

    def aside(self) -> dict[str, str]:
        folder = self.folder.root / ASIDE
        return {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture
async def engine(postgres: Postgres) -> AsyncIterator[AsyncEngine]:
    made = database.open(postgres.create())
    await database.migrate(made)
    async with made.begin() as connection:
        row = {"id": 1, "epoch": 1, "node": "north", "holder": "n", "since": 0.0, "kept_until": 0.0}
        await connection.execute(insert(tables.leaders).values(row))
    yield made
    await made.dispose()


@pytest.fixture
def north(engine: AsyncEngine, tmp_path: Path) -> Machine:
    return Machine(engine, tmp_path / "north")


@pytest.fixture
def south(engine: AsyncEngine, tmp_path: Path) -> Machine:
    return Machine(engine, tmp_path / "south")


LEADS = fence("n")


async def test_the_other_machine_gets_what_is_new_changed_and_gone(north: Machine, south: Machine) -> None:
    assert await south.shared.take() == []
    north.write("versions/000001.json", "one")
    north.write(CLIP, "sound")
    north.write("drained", "", at=1_700_000_000.0)
    north.write("secrets.json", "of this machine")
    await north.shared.give(LEADS)
    assert set(await south.shared.take()) == {"versions/000001.json", CLIP, "drained"}
    assert south.files() == {"versions/000001.json": "one", CLIP: "sound", "drained": "", "shared.json": ""}
    assert south.folder.drained.stat().st_mtime == 1_700_000_000.0
    north.folder.drained.unlink()
    north.write("versions/000002.json", "two")
    north.write("emergency.json", "[]")
    await north.shared.give(LEADS)
    assert set(await south.shared.take()) == {"versions/000002.json", "emergency.json", "drained"}
    assert not south.folder.drained.exists()
    assert await south.shared.take() == []
    assert south.aside() == {}
    assert (north.shared.given, south.shared.taken) == (5, 5)


async def test_what_was_not_changed_is_not_written_again(north: Machine, south: Machine, engine: AsyncEngine) -> None:
    north.write("notice.json", "news")
    await north.shared.give(LEADS)
    await north.shared.give(LEADS)
    assert north.shared.given == 1
    await south.shared.take()
    south.write("notice.json", "newer")  # it has taken over
    async with engine.begin() as connection:
        await connection.execute(update(tables.leaders).values(holder="s"))
    assert await south.shared.take() == []
    await south.shared.give(fence("s"))
    assert await north.shared.take() == ["notice.json"]
    assert north.files()["notice.json"] == "newer"
    assert north.aside() == {}


async def test_a_machine_that_does_not_lead_gives_nothing(north: Machine, south: Machine, engine: AsyncEngine) -> None:
    north.write("notice.json", "news")
    await north.shared.give(LEADS)
    south.write("notice.json", "others")
    with pytest.raises(Refused):
        await south.shared.give(fence("s"))
    async with engine.connect() as connection:
        assert (await connection.scalars(select(tables.shared.c.data))).all() == [b"news"]


async def test_what_nobody_else_has_had_is_put_aside(north: Machine, south: Machine) -> None:
    north.write("versions/000001.json", "one")
    await north.shared.give(LEADS)
    await south.shared.take()
    south.write("versions/000002.json", "published here while the database was away")
    south.write("notice.json", "the same")
    assert await south.shared.take() == []
    assert south.files()["notice.json"] == "the same"
    north.write("versions/000002.json", "two")
    await north.shared.give(LEADS)
    assert set(await south.shared.take()) == {"versions/000002.json", "notice.json"}
    assert south.aside() == {
        "versions/000002.json": "published here while the database was away",
        "notice.json": "the same",
    }
    assert south.files() == north.files()


async def test_the_leader_gives_by_itself_also_after_a_mistake(north: Machine, south: Machine) -> None:
    """And while the database refuses it, as another machine leads, it tries on."""
    failures = Failures()
    once(north.shared, "_stamps")
    north.write("notice.json", "news")

    async def taken() -> bool:
        return "notice.json" in await south.shared.take()

    async with Tasks(failures) as tasks:
        giving = tasks.keep(Work.SHARED, lambda: north.shared.keep_giving(LEADS))
        await until("the news at the other machine", taken)
        assert failures.counts[Work.SHARED] == 1
        north.write("notice.json", "more")
        await until("more of them at the other machine", taken)
        tasks.cancel(giving)


async def test_before_anybody_has_made_the_tables_there_is_nothing(postgres: Postgres, tmp_path: Path) -> None:
    made = database.open(postgres.create())
    assert await Machine(made, tmp_path / "north").shared.take() == []
    await made.dispose()


@pytest.mark.parametrize("name", ["../outside", "settings.toml", "versions/../secrets.json", "versions/000001.json"])
async def test_the_database_writes_no_other_file(south: Machine, engine: AsyncEngine, name: str) -> None:
    """Nor one that is not what its digest says."""
    async with engine.begin() as connection:
        await connection.execute(insert(tables.shared).values(name=name, digest=64 * "0", data=b"x", at=0.0))
    with pytest.raises(OSError, match="damaged"):
        await south.shared.take()
    assert not (south.folder.root / name).exists()
