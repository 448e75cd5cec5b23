"""Removes what is older than the settings `keep` say: once a day at a quiet moment, or when asked.

Each batch is one short transaction. After it the journal's writer has at least as much time as the batch took: SQLite
lets one connection write at a time, and one that finds it busy does not queue, but tries again a little later.
"""

import asyncio
import time
from collections import Counter as Tally
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from base.failure import NotDone
from base.folders import StateFolder
from calls import linked
from calls import retention as calls_retention
from calls.store import StoreUnavailable
from journal import retention as journal_retention
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from journal.retention import Step
from journal.tables import removals
from journal.writer import Journal
from messages.keeper import Keeper as MessageKeeper
from messages.keeper import older
from privacy.model import PurgeOut, Removals
from recordings.keeper import Keeper as RecordingKeeper
from settings.settings import Keep

log = structlog.get_logger()

DAY = 86_400.0

BATCH = 100
"""Records or calls of one transaction."""

PAUSE = 0.1
"""Seconds, at least, between two batches of the daily purge: 1,000 Records a second, 10,000 calls in a few minutes."""

ASKED = 1.0
"""Seconds after which a purge that somebody waits for answers how far it has come."""

LOOK = 300.0
"""Seconds between two looks whether a purge is due."""

NIGHT = range(2, 5)
"""Hours, in the hotline's time zone, in which it is done by preference."""

SOONEST, LATEST = 12 * 3600.0, 36 * 3600.0
"""Seconds since the last purge: at night at least the first; after the second at any hour."""

QUIET = 3600.0
"""Seconds for which a due purge waits for a moment without calls."""

EVERYTHING = "all"
"""The row of `removals` that says when a purge was last complete."""

FAILURES = (SQLAlchemyError, OSError, TimeoutError, StoreUnavailable)


class Retention:
    """`messages`: their list and sounds. `recordings`: those of talks. `live`: how many calls there are. `zone`: the
    hotline's. `own_days`: of the queues that keep recordings as long as they say. `now`: seconds since the epoch.
    """

    def __init__(
        self,
        database: AsyncEngine,
        journal: Journal,
        keep: Keep,
        folder: StateFolder,
        node: str,
        *,
        write: Callable[[Record], None],
        messages: MessageKeeper,
        recordings: RecordingKeeper,
        live: Callable[[], int],
        zone: Callable[[], ZoneInfo],
        own_days: Callable[[], Mapping[str, int]],
        now: Callable[[], float],
    ) -> None:
        self._database = database
        self._journal = journal
        self._keep = keep
        self._folder = folder
        self._node = node
        self._write = write
        self._messages = messages
        self._recordings = recordings
        self._live = live
        self._zone, self._own_days = zone, own_days
        self._now = now
        self._one = asyncio.Lock()
        self._asked: Tally[str] = Tally()  # since the Record of the last purge that was asked for
        self.figures = Removals()

    async def due(self) -> PurgeOut:
        """Count the rows that a purge would remove now, and remove none. Raises NotDone."""
        keep, before = self._keep, self._before
        try:
            async with self._database.connect() as connection:
                numbers, calls = await calls_retention.count_due(
                    connection, before(keep.numbers_days), before(keep.figures_days)
                )
                links = await linked.count_due(connection, before(keep.numbers_days))
                steps, records = await journal_retention.count_due(
                    connection, before(keep.stories_days), before(keep.figures_days)
                )
            files = await asyncio.to_thread(self._old_files)
        except FAILURES as error:
            raise _failed(error) from error
        return PurgeOut(
            numbers=numbers,
            links=links,
            steps=steps,
            calls=calls,
            records=records,
            snapshots=0,
            files=len(files)
            + len(self._messages.old(self._messages_before))
            + await self._recordings.old(*self._recordings_before),
            more=False,
        )

    async def purge(self, actor: Actor) -> PurgeOut:
        """Remove for a second at most; `more`: ask again. Raises NotDone."""
        removed: Tally[str] = Tally()
        stop = time.monotonic() + ASKED
        more = False
        async with self._one:
            try:
                async with aclosing(self._batches()) as batches:
                    began = time.monotonic()
                    async for what, count in batches:
                        removed[what] += count
                        if time.monotonic() >= stop:
                            more = True
                            break
                        await asyncio.sleep(time.monotonic() - began)
                        began = time.monotonic()
                if not more:
                    await self._finish()
            except FAILURES as error:
                raise _failed(error) from error
            finally:
                self._asked += removed
            if not more:
                self._tell(self._asked, actor)
                self._asked = Tally()
        return PurgeOut(**{name: removed[name] for name in PurgeOut.THINGS}, more=more)

    async def run(self) -> None:
        """Purge once a day. Runs until cancelled; a failure is logged and counted, and tried again."""
        while True:
            await asyncio.sleep(LOOK)
            try:
                if await self._is_due():
                    await self._wait_quiet()
                    await self._purge_all()
                    await self._examine()
            except Exception as error:  # of the database, or a mistake of ours: both count as not purged
                self.figures.failures += 1
                why, mistake = type(error).__name__, not isinstance(error, FAILURES)
                log.warning("not-purged", why=why, next_try_s=LOOK, failures=self.figures.failures, exc_info=mistake)

    async def _purge_all(self) -> None:
        removed: Tally[str] = Tally()
        async with self._one:
            began = time.monotonic()
            async for what, count in self._batches():
                removed[what] += count
                await asyncio.sleep(max(PAUSE, time.monotonic() - began))
                began = time.monotonic()
            await self._finish()
            self._tell(removed, SYSTEM)

    async def _is_due(self) -> bool:
        if not self.figures.last:
            async with self._database.connect() as connection:
                query = select(removals.c.at).where(removals.c.what == EVERYTHING)
                self.figures.last = await connection.scalar(query) or 0.0
        now = self._now()
        night = datetime.fromtimestamp(now, self._zone()).hour in NIGHT
        return now - self.figures.last > (SOONEST if night else LATEST)

    async def _wait_quiet(self) -> None:
        for _ in range(int(QUIET)):
            if not self._live():
                return
            await asyncio.sleep(1.0)

    async def _batches(self) -> AsyncGenerator[tuple[str, int], None]:
        """Remove one batch after the other. Numbers go first, so that none outlives what says whose it was."""
        keep, before, now = self._keep, self._before, self._now()
        figures = before(keep.figures_days)
        works: Mapping[str, Callable[[AsyncConnection], Awaitable[Step]]] = {
            "numbers": lambda db: calls_retention.remove_numbers(db, before(keep.numbers_days), BATCH, now),
            "links": lambda db: linked.remove_old(db, before(keep.numbers_days), BATCH),
            "steps": lambda db: journal_retention.remove_steps(db, before(keep.stories_days), BATCH, now),
            "calls": lambda db: calls_retention.remove_calls(db, figures, BATCH),
            "records": lambda db: journal_retention.remove_records(db, figures, BATCH),
        }
        for what, work in works.items():
            more = True
            while more:
                async with writing(self._database) as connection:
                    removed, more = await work(connection)
                if removed or more:  # else nothing was done: a purge that is short of time must get past this point
                    yield what, self._count(what, removed)
        async with writing(self._database) as connection:
            gone = await journal_retention.remove_snapshots(connection, before(keep.snapshots_days), self._node)
        if gone:
            yield "snapshots", self._count("snapshots", gone)
        if files := await self._messages.remove_old(self._messages_before):
            yield "files", self._count("files", files)
        if files := await self._recordings.remove_old(*self._recordings_before):
            yield "files", self._count("files", files)
        if files := await asyncio.to_thread(self._remove_files):
            yield "files", self._count("files", files)

    async def _examine(self) -> None:
        usual, own = self._recordings_before
        with suppress(*FAILURES):  # another night reads them
            await self._recordings.examine(min(usual, *own.values(), usual))

    def _count(self, what: str, removed: int) -> int:
        self.figures.removed[what] += removed
        return removed

    async def _finish(self) -> None:
        async with writing(self._database) as connection:
            await journal_retention.mark(connection, EVERYTHING, 0, self._now())
        self.figures.last = self._now()

    def _tell(self, removed: Mapping[str, int], actor: Actor) -> None:
        counts = {name: removed.get(name, 0) for name in PurgeOut.THINGS}
        log.info("purged", actor=actor, **counts)
        self._write(Record(self._now(), Kind.PURGED, data=counts, actor=actor))
        # Another segment: the spool and the snapshots keep what is a day old at most, if the database is there.
        self._journal.rotate()

    def _before(self, days: int) -> float:
        return self._now() - days * DAY

    @property
    def _messages_before(self) -> float:
        """A message has a number, and goes with the numbers at the latest."""
        return self._before(min(self._keep.messages_days, self._keep.numbers_days))

    @property
    def _recordings_before(self) -> tuple[float, Mapping[str, float]]:
        """Of all queues, and of those with days of their own. Who hears a voice may know whose it is: a recording goes
        with the number at the latest.
        """
        usual, most = self._keep.recordings_days, self._keep.numbers_days
        own = {queue: self._before(min(days, most)) for queue, days in self._own_days().items()}
        return self._before(min(usual, most)), own

    def _old_files(self) -> list[Path]:
        """Recordings that nobody has fetched, of test calls and of `*90`, and damaged segments of the spool, which have
        numbers. One of `*90` is left where the service was killed while somebody spoke.
        """
        keep, folder = self._keep, self._folder
        left = (*folder.recordings.glob("rehearsal-*"), *folder.recordings.glob("emergency-*"))
        old = older(left, self._before(keep.test_recordings_days))
        return [*old, *older(folder.spool.glob("*.damaged-*"), self._before(keep.numbers_days))]

    def _remove_files(self) -> int:
        files = self._old_files()
        for file in files:
            file.unlink(missing_ok=True)
        return len(files)


@asynccontextmanager
async def writing(database: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that writes. SQLite lets one writer in at a time. It refuses a transaction that has read before,
    and does not let it wait. So the first statement is a write, which waits for its turn.
    """
    async with database.begin() as connection:
        await connection.execute(update(removals).where(removals.c.what == "").values(at=0.0))
        yield connection


def _failed(error: Exception) -> NotDone:
    return NotDone("The database did not do it: {name}. GET /readyz tells more.", name=type(error).__name__)
