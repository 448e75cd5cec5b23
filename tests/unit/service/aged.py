"""A journal with calls of several ages: a real database, a real spool, and what privacy needs of the service."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

import calls.store
from base.folders import StateFolder
from base.numbers import plain
from base.tasks import Failures, Tasks
from calls.book import CallBook
from calls.live.takes import Takes
from calls.store import CallStore
from journal import database
from journal.actor import CALLER
from journal.recorder import Recorder
from journal.records import Kind, Record
from journal.spool import Spool
from journal.tables import records, snapshots
from journal.writer import Journal
from lab.patience import PATIENCE
from messages.keeper import Keeper as MessageKeeper
from messages.model import Messages
from privacy.numbers import Numbers
from privacy.retention import DAY, Retention
from recordings.keeper import Keeper as RecordingKeeper
from recordings.keeper import RecordingStore
from recordings.keys import Keys
from reports.counting import Counting
from settings.settings import Keep
from tests.unit.desk import hotline
from tests.unit.journal.journals import writing

NUMBER = "13800138000"
NOW = 1_800_000_000.0


def call_of(call_id: str, days: float, caller: str = NUMBER, *, over: bool = True) -> list[Record]:
    """A call so many days ago: menus, a key, a queue, an agent, and its end if it is `over`."""
    at = NOW - days * DAY
    told = [
        Record(
            at, Kind.CALL_STARTED, call_id, data={"caller": caller, "number": "12319", "language": "zh"}, actor=CALLER
        ),
        Record(at + 1, Kind.MENU_ENTERED, call_id, data={"menu": "main", "language": "zh"}),
        Record(at + 2, Kind.SAID, call_id, data={"text": "您好", "language": "zh", "interrupted": False}),
        Record(at + 3, Kind.KEY_PRESSED, call_id, data={"key": "1", "menu": "main"}, actor=CALLER),
        Record(at + 4, Kind.QUEUED, call_id, "greening", data={"language": "zh", "head_start": 0, "position": 1}),
        Record(at + 5, Kind.OFFERED, call_id, "greening", "1001", "o1", {"ring": 15.0, "step": 0}),
        Record(at + 9, Kind.CONNECTED, call_id, "greening", "1001", "o1", {"waited_s": 5.0, "in_service_level": True}),
    ]
    ends = [
        Record(at + 60, Kind.TALK_ENDED, call_id, "greening", "1001", data={"by": "caller", "talked_s": 51.0}),
        Record(at + 61, Kind.CALL_FINISHED, call_id, data={"by": "caller"}),
    ]
    return told + ends if over else told


class Aged:
    """`now` is the clock of all; `live` calls are in the book."""

    def __init__(self, where: Path | str, root: Path, keep: Keep) -> None:
        self.where, self.folder = where, StateFolder(root)
        self.folder.make()
        self.database: AsyncEngine = database.open(where)
        self.store = CallStore(self.database)
        self.book = CallBook(self.store)
        self.spool = Spool.open(self.folder.spool)
        self.now = NOW
        self.own_days: dict[str, int] = {}
        self.journal = Journal(
            self.database,
            self.spool,
            snapshot=lambda: {"engine": None, "calls": [{"caller": call.caller} for call in self.book.unfinished()]},
            prepare=database.migrate,
            projections=(calls.store.project, Counting().project),
            on_written=self.book.written,
        )
        self.recorder = Recorder(self.journal.write)
        self.recorder.add("calls", self.book.note)
        self.messages = Messages()
        self.recorder.add("messages", self.messages.note)
        self.tasks = Tasks(Failures())
        takes = Takes(self.folder.recordings, self.folder.root / "tone", self.messages.admits)
        self.keeper = MessageKeeper(
            *(self.messages, takes, self.folder.messages, self.tasks, self.recorder.write, lambda: self.now),
            lambda _: False,
        )
        self.recordings = RecordingKeeper(
            *(self.folder.recordings, self.folder.recorded, self.tasks),
            *(RecordingStore(self.database, self.journal.flush), self.recorder.write, lambda: self.now),
            *(lambda _: False, self.book.get, lambda: ZoneInfo("Asia/Shanghai")),
            keys=Keys(),
        )
        self.retention = Retention(
            self.database,
            self.journal,
            keep,
            self.folder,
            "local",
            write=self.recorder.write,
            messages=self.keeper,
            recordings=self.recordings,
            live=self.book.live,
            zone=lambda: ZoneInfo("Asia/Shanghai"),
            own_days=lambda: self.own_days,
            now=lambda: self.now,
        )
        self.numbers = Numbers(
            self.database,
            where,
            self.journal,
            self.store,
            self.recorder.write,
            lambda: self.now,
            lambda _: self.book.forget_recent(),
            hotline,
            lambda number: ["nuisance"] if plain(number) == NUMBER else [],
            self.recordings.forget,
        )

    async def tell(self, *batch: Record) -> None:
        """Write Records, until the database has them."""
        for record in batch:
            self.recorder.write(record)
        assert await self.journal.flush(PATIENCE)

    async def records(self) -> Sequence[Any]:
        async with self.database.connect() as connection:
            return (await connection.execute(select(records).order_by(records.c.seq))).all()

    async def callers(self) -> dict[str, str]:
        """The number of each call, as the table has it."""
        async with self.database.connect() as connection:
            rows = await connection.execute(select(calls.store.calls.c.id, calls.store.calls.c.caller))
            return {row.id: row.caller for row in rows}

    async def states(self) -> list[str]:
        async with self.database.connect() as connection:
            return list((await connection.execute(select(snapshots.c.state))).scalars())

    async def bytes(self) -> bytes:
        """All that is in the files of the state folder, logs apart."""
        found = b""
        for path in self.folder.root.rglob("*"):
            with suppress(OSError):  # a folder, or the spool has just deleted it
                found += path.read_bytes()
        return found


@asynccontextmanager
async def aged(where: Path | str, root: Path, keep: Keep | None = None) -> AsyncIterator[Aged]:
    made = Aged(where, root, keep or Keep())
    try:
        async with writing(made.journal):
            assert await made.journal.flush(PATIENCE)
            await database.migrate(made.database)
            yield made
    finally:
        made.journal.close()
        await made.database.dispose()
