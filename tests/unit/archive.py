"""The calls that the journal has, in a real database: SQLite with today's tables."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import NullPool

import accounts.store
import calls.linked
import calls.store
import journal.tables
import reports.store
from calls.linked import LinkedNumbers
from calls.store import CallStore
from journal import store
from journal.records import Kind, Record
from journal.writer import Journal
from reports.counting import Counting
from tests import engines


@cache
def _tables() -> bytes:
    """A database without a row."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "calls.db")
        engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
        for tables in (journal.tables, calls.store, calls.linked, accounts.store, reports.store):
            tables.metadata.create_all(engine)
        return file.read_bytes()


def _open(file: Path) -> AsyncEngine:
    """It holds no connection: a test's loop may end at any moment."""
    return engines.create(f"sqlite+aiosqlite:///{file}", poolclass=NullPool)


def unreachable() -> CallStore:
    """An archive that nobody can ask."""
    return CallStore(_open(Path("/nowhere/calls.db")))


class Written(Journal):
    """A journal that needs no writer: a test has its Records in a list, and `Archive` keeps stories."""

    def __init__(self) -> None:
        """There is no writer to run."""

    async def flush(self, timeout: float) -> bool:
        return True

    def rotate(self) -> bool:
        return True


class Archive(CallStore):
    """`keep` stories there; `lose` them, as if the database were away. `linked`: numbers that are one citizen's."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.file.write_bytes(_tables())
        self._seq = 1
        self._counting = Counting()
        self.engine = _open(self.file)
        super().__init__(self.engine)
        self.linked = LinkedNumbers(self.engine)

    def keep(self, *stories: Sequence[Record]) -> None:
        """Write these calls, as the journal does, also where a loop runs."""
        batch = [record for story in stories for record in story]
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, self._write(batch)).result()
        self._seq += len(batch)

    def lose(self) -> None:
        """No question is answered any more."""
        self.file.write_bytes(b"")

    async def _write(self, batch: Sequence[Record]) -> None:
        async with self.engine.begin() as connection:
            await store.append(connection, self._seq, batch)
            await calls.store.project(connection, batch)
            await self._counting.project(connection, batch)


def past(call_id: str, at: float, caller: str, queue: str = "greening", agent: str = "1001") -> list[Record]:
    """An answered call that began `at`, and ended a minute after that."""
    return [
        Record(at, Kind.CALL_STARTED, call_id, data={"caller": caller, "number": "12319", "language": "zh"}),
        Record(at + 2, Kind.QUEUED, call_id, queue, data={"language": "zh", "position": 1}),
        Record(at + 3, Kind.OFFERED, call_id, queue, agent, "o1", {"ring": 15.0, "step": 0}),
        Record(at + 4, Kind.CONNECTED, call_id, queue, agent, "o1", {"waited_s": 2.0}),
        Record(at + 60, Kind.TALK_ENDED, call_id, queue, agent, data={"by": "caller", "talked_s": 56.0}),
        Record(at + 60, Kind.CALL_FINISHED, call_id, data={"by": "caller", "outcome": "answered"}),
    ]


def in_vain(call_id: str, at: float, caller: str, queue: str = "greening") -> list[Record]:
    """A call that began `at`, and whose caller gave up in the queue."""
    return [
        *past(call_id, at, caller, queue)[:2],
        Record(at + 50, Kind.LEFT_QUEUE, call_id, queue, data={"why": "hung-up", "waited_s": 48.0}),
        Record(at + 50, Kind.CALL_FINISHED, call_id, data={"by": "caller"}),
    ]
