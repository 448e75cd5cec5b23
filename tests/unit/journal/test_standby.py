"""A PostgreSQL with a standby: the server that takes writes has the journal, whichever it is."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from calls.store import NEWEST, CallStore, project
from journal import database
from journal.records import Kind, Record
from journal.spool import Spool
from journal.writer import Journal
from lab.patience import PATIENCE
from lab.postgres import Postgres, running
from tests.unit.journal.journals import writing


@pytest.fixture
def servers() -> Iterator[tuple[Postgres, Postgres]]:
    """A primary, and a standby that follows it."""
    with running() as primary, running(primary) as standby:
        yield primary, standby


@pytest.fixture
async def db(servers: tuple[Postgres, Postgres]) -> AsyncIterator[AsyncEngine]:
    """The database on both."""
    one, other = servers
    url = one.create()
    engine = database.open(url.replace(f"127.0.0.1:{one.port}", f"127.0.0.1:{one.port},127.0.0.1:{other.port}"))
    yield engine
    await engine.dispose()


@pytest.fixture
def journal(db: AsyncEngine, tmp_path: Path) -> Iterator[Journal]:
    made = Journal(
        db,
        Spool.open(tmp_path / "spool"),
        prepare=database.migrate,
        projections=(project,),
        retry_s=0.01,
        longest_retry_s=0.1,
    )
    yield made
    made.close()


def presses(journal: Journal, first: int, count: int) -> None:
    for n in range(first, first + count):
        journal.write(Record(float(n), Kind.KEY_PRESSED, call="c1", data={"key": str(n % 10)}))


async def told(db: AsyncEngine) -> list[float]:
    return [record.at for record in await CallStore(db).story("c1")]


def nothing(standby: Postgres) -> None:
    """It is as new as the primary."""


def behind(standby: Postgres) -> None:
    """It has nothing of what comes."""
    standby.stop()


@pytest.mark.parametrize("lag", [nothing, behind])
async def test_the_standby_that_becomes_the_primary_gets_every_record_once_and_in_order(
    servers: tuple[Postgres, Postgres], db: AsyncEngine, journal: Journal, lag: Callable[[Postgres], None]
) -> None:
    one, other = servers
    presses(journal, 0, 20)
    async with writing(journal):
        assert await journal.flush(PATIENCE)
        lag(other)
        presses(journal, 20, 20)
        assert await journal.flush(PATIENCE)
        one.stop()
        presses(journal, 40, 20)
        if not other.up:
            other.start()
        assert not await journal.flush(0.3), "a copy takes nothing"
        other.promote()
        assert await journal.flush(PATIENCE)
    assert await told(db) == [float(n) for n in range(60)]


async def test_a_copy_that_answers_is_not_taken_for_the_database(servers: tuple[Postgres, Postgres]) -> None:
    one, other = servers
    url = make_url(one.create()).set(port=other.port, database="postgres")
    copy = database.open(url.render_as_string(hide_password=False))
    why = await database.why_unreachable(copy, NEWEST, PATIENCE)
    assert why is not None
    assert "no server there takes writes" in why
    await copy.dispose()
