"""The journal puts every Record into the spool at once; one writer puts them into the database in batches.

`write` numbers a Record, keeps it in the spool (`journal.spool`) and in a bounded queue, and returns; only then does
anything follow from it. The writer takes the next Records from the queue or, where that was full, from the spool. With
every batch, in the same transaction, it notes up to which number the database has the Records of this spool. After a
broken commit, or a restart, that row says where to go on. So nothing is written twice, left out or out of order,
however long the database is away. A Record that neither spool nor queue can keep is dropped and counted.

The database gets each snapshot of the state too, with the batch that brings the Records up to it (`journal.store`).
"""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import islice
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from journal import store
from journal.records import Record
from journal.spool import Spool
from sentences.sentence import Sentence

log = structlog.get_logger(__name__)

SNAPSHOT, OBSERVER = "snapshot", "observer"
"""What the loop's exception handler gets, as `work`, for a snapshot that cannot be taken, and for an observer."""

UNAVAILABLE = (SQLAlchemyError, OSError, TimeoutError)
"""What the drivers raise when the database cannot be reached, or refuses."""

Numbered = tuple[int, Record]
Projection = Callable[[AsyncConnection, Sequence[Record]], Awaitable[None]]
Fence = Callable[[AsyncConnection], Awaitable[None]]


async def _ready_made(database: AsyncEngine) -> None:
    """Nothing to prepare: the tables exist."""


async def no_fence(_: AsyncConnection) -> None:
    """One machine: nobody else writes Records."""


class Journal:
    """The writer of one spool and one database.

    snapshot    the state after all Records so far, as JSON values: a new segment of the spool begins with it. Called in
                a callback of its own, never within `write`: a change of state and its Records are seen whole, if no
                `await` is between them
    prepare     brings the tables up to date; called before the first batch, and again when they are gone
    projections what follows from each batch in other tables, such as `calls.store.project`; run one after the other in
                the batch's transaction
    fence       the last word in each batch's transaction: raises `store.Refused` if another machine leads
    on_written  gets every batch once it is in the database
    node        the node whose state the snapshots are
    capacity    Records in the queue; more that wait are in the spool only
    batch       Records in one transaction at most; after each error half as many, for a database that is slow
    gather_s    seconds for which the first of a batch waits for others: a transaction costs more than a Record, and
                would delay the ring of an agent
    retry_s     after an error the batch is tried again after so many seconds, then twice that, up to `longest_retry_s`
    resume_s    seconds after which a spool that failed is tried again
    dropped     Records that neither spool nor queue could keep, since the start
    refused     batches that were not taken since the start, as another machine leads
    """

    def __init__(
        self,
        database: AsyncEngine,
        spool: Spool,
        *,
        snapshot: Callable[[], Mapping[str, Any]] = dict,
        prepare: Callable[[AsyncEngine], Awaitable[None]] = _ready_made,
        projections: Sequence[Projection] = (),
        fence: Fence = no_fence,
        on_written: Callable[[Sequence[Record]], None] = lambda records: None,
        node: str = "local",
        capacity: int = 50_000,
        batch: int = 500,
        gather_s: float = 1.0,
        retry_s: float = 0.1,
        longest_retry_s: float = 5.0,
        resume_s: float = 5.0,
    ) -> None:
        self._database = database
        self._spool = spool
        self._snapshot = snapshot
        self._prepare = prepare
        self._projections = projections
        self._fence = fence
        self._on_written = on_written
        self._node = node
        self._capacity = capacity
        self._batch = self._size = batch
        self._gather_s = gather_s
        self._retry_s = retry_s
        self._longest_retry_s = longest_retry_s
        self._resume_s = resume_s
        self._found = self._last = spool.last  # the last number of earlier runs, and the last number of all
        self._found_at = spool.last_at
        self._written = spool.first - 1  # the number up to which the database has them; at the start a guess
        self._queue: deque[Numbered] = deque()
        self._taken: list[Numbered] = []  # the batch that may or may not be in the database
        self._unsaved: tuple[int, Mapping[str, Any]] | None = None  # last number in the newest snapshot, the snapshot
        self._seq: int | None = None  # of the next row; None: the database has to be asked
        self._noted: int | None = None  # what `store.written` returns now
        self._prepared = self._known = False
        self._work = asyncio.Event()
        self._progress = asyncio.Condition()
        self._gathering: asyncio.Handle | None = None
        self._rotation: asyncio.Handle | None = None
        self._waits_since: float | None = None
        self._trouble: str | None = None
        self.dropped = self.refused = 0
        self._closed = False
        self._dropping = False

    @property
    def waiting(self) -> int:
        """Records that the database does not have yet; before it was asked, all that the spool has."""
        return self._last - self._written

    @property
    def trouble(self) -> str | None:
        """What is wrong now with spool or database, in a few words; None: nothing."""
        spool = self._spool.fault and Sentence("the spool keeps no Records: {why}", why=self._spool.fault)
        database = self._trouble and Sentence("the database takes no Records: {why}", why=self._trouble)
        if spool and database:
            return Sentence("{first}; {second}", first=spool, second=database)
        return spool or database or None

    def behind(self, now: float) -> float:
        """Age, in seconds, of the oldest Record that the database does not have; `now` since the epoch."""
        return 0.0 if self._waits_since is None else max(0.0, now - self._waits_since)

    def write(self, record: Record) -> None:
        """Take the Record; never waits, never fails. If it cannot be kept it is dropped; the log has a line a burst.

        After the return, the death of this process does not lose the Record.
        """
        if self._closed:
            self._drop()
            return
        number = self._last + 1
        kept = self._spool.append(number, record)
        if len(self._queue) < self._capacity:
            self._queue.append((number, record))
        elif not kept:
            self._drop()
            return
        self._last = number
        if self._waits_since is None:
            self._waits_since = record.at
        if self._rotation is None:
            if not kept:
                self._rotation = asyncio.get_running_loop().call_later(self._resume_s, self._rotate)
            elif self._spool.full:
                self._rotation = asyncio.get_running_loop().call_soon(self._rotate)
        if len(self._queue) >= self._batch:
            self._begin()
        elif self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(self._gather_s, self._begin)

    def rotate(self) -> bool:
        """Begin another segment of the spool with a snapshot; False: not now, as the log says.

        Never call it within `write`, see `snapshot`. It waits for the disk.
        """
        snapshot = self._state()
        return snapshot is not None and self._spool.begin(self._last + 1, snapshot)

    def _state(self) -> Mapping[str, Any] | None:
        """A snapshot. None: there is none, and the segment in use grows until there is one."""
        try:
            snapshot = self._snapshot()
        except Exception as error:
            _report(error, SNAPSHOT, "no snapshot of the state")
            self._spool.put_off()
            return None
        self._unsaved = self._last, snapshot
        return snapshot

    def close(self) -> None:
        """The end: later Records are dropped. The next start finds in the spool what the database does not have."""
        self._closed = True
        for handle in (self._gathering, self._rotation):
            if handle is not None:
                handle.cancel()
        self._spool.close()

    async def run(self) -> None:
        """Write until cancelled: each time all that wait. Records that come meanwhile gather for the next time."""
        self._seq = None  # after a mistake of ours the database is asked how far it has come
        while True:
            due = self._last
            while not self._known or self._written < due:
                await self._persist()
            await self._work.wait()
            self._work.clear()

    async def flush(self, timeout: float) -> bool:
        """Wait until all that was written so far is in the database; False: `timeout` seconds were not enough.

        `run` must be running.
        """
        target = self._last
        self._begin()
        try:
            async with asyncio.timeout(timeout), self._progress:
                await self._progress.wait_for(lambda: self._known and self._written >= target)
        except TimeoutError:
            log.error("journal.not_flushed", waiting=self.waiting, timeout_s=timeout, spool=self._spool.fault or "ok")
            return False
        return True

    def _drop(self) -> None:
        self.dropped += 1
        if not self._dropping:
            self._dropping = True
            log.error("journal.dropping", capacity=self._capacity, spool=self._spool.fault, dropped=self.dropped)

    def _begin(self) -> None:
        """Have the waiting Records written now."""
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
        self._work.set()

    def _rotate(self) -> None:
        self._rotation = None
        if self._spool.fault is None:
            self._draft()
        elif not self.rotate() and self._spool.fault is not None:
            self._rotation = asyncio.get_running_loop().call_later(self._resume_s, self._rotate)

    def _draft(self) -> None:
        """Begin another segment beside the one in use. Calls do not wait for it."""
        snapshot = self._state()
        if snapshot is None:
            return
        draft = self._spool.draft(self._last + 1, snapshot)

        def written(done: asyncio.Future[None]) -> None:
            if self._spool.caught_up(draft, done.exception()):
                loop.run_in_executor(None, draft.name).add_done_callback(named)

        def named(done: asyncio.Future[None]) -> None:
            self._spool.named(draft, done.exception())
            if self._spool.full and self._rotation is None:  # so much came meanwhile
                self._rotation = loop.call_soon(self._rotate)

        loop = asyncio.get_running_loop()
        loop.run_in_executor(None, draft.write).add_done_callback(written)

    async def _persist(self) -> None:
        """Put one batch into the database; try until it is there."""
        pause, failures = self._retry_s, 0
        while True:
            try:
                if self._seq is None:
                    self._seq = await self._learn()
                await self._store()
            except (*UNAVAILABLE, store.Overtaken, store.Refused) as error:
                failures += 1
                self.refused += isinstance(error, store.Refused)
                self._seq = None
                self._size = max(1, self._size // 2)
                self._trouble = _reason(error)
                if failures == 1:
                    log.error("journal.unavailable", error=self._trouble, waiting=self.waiting)
                await asyncio.sleep(pause)
                pause = min(2 * pause, self._longest_retry_s)
            else:
                self._trouble = None
                if failures:
                    log.warning("journal.available", failures=failures, waiting=self.waiting, dropped=self.dropped)
                return

    async def _learn(self) -> int:
        """Ask how far the database has come, and go on there. Returns the number of the next row."""
        if not self._prepared:
            await self._prepare(self._database)
            self._prepared = True
        try:
            async with self._database.connect() as connection:
                written = await store.written(connection, self._spool.id)
                seq = await store.last_seq(connection) + 1
        except UNAVAILABLE:
            self._prepared = False  # its tables may be gone, with its file
            raise
        self._noted = written
        if written is None:  # all that the spool has is new to it
            written = self._spool.first - 1
            if written:
                log.error("journal.new_database", missing=written, what_to_do="stop the service, restore a backup")
        if not self._known and written > self._found:
            self._renumber(written)
        if self._taken and written >= self._taken[-1][0]:  # the commit was done and was not confirmed
            await self._settle()
        elif not self._known or written < self._written:  # the database is another one, or was restored
            self._taken = []
            await self._go_on_after(written)
        return seq

    async def _store(self) -> None:
        taken = self._taken = self._taken[: self._size] or await self._take()
        if not taken:
            self._miss(self._last - self._written)
            await self._go_on_after(self._last)
            return
        assert self._seq is not None
        unsaved, state = self._unsaved, ""
        if unsaved is not None and unsaved[0] <= taken[-1][0]:
            self._unsaved = None  # it is tried once: no Record waits for it, and the next segment brings another one
            state = await asyncio.to_thread(json.dumps, unsaved[1])
        async with self._database.begin() as connection:
            stored = await store.append(connection, self._seq, [record for _, record in taken])
            for project in self._projections:
                await project(connection, stored)
            await store.advance(connection, self._spool.id, self._noted, taken[-1][0])
            if unsaved is not None and state:
                before = sum(number <= unsaved[0] for number, _ in taken)
                await store.keep_snapshot(connection, self._node, self._seq + before - 1, state)
            await self._fence(connection)
        self._seq += len(taken)
        self._noted = taken[-1][0]
        self._size = min(self._batch, 2 * self._size)
        await self._settle()

    async def _take(self) -> list[Numbered]:
        """The next batch: from the queue, or from the spool if only that has it. Empty: nothing is left."""
        head = self._queue[0][0] if self._queue else self._last + 1
        if self._written + 1 < head:
            found = await asyncio.to_thread(self._spool.read, self._written, head, self._size)
            if found:
                return found
        return list(islice(self._queue, self._size))

    async def _settle(self) -> None:
        """The batch is in the database."""
        taken, self._taken = self._taken, []
        self._miss(taken[-1][0] - self._written - len(taken))
        self._waits_since = taken[-1][1].at  # if more wait, none is older
        try:
            self._on_written([record for _, record in taken])
        except Exception as error:  # else the batch would be written once more
            _report(error, OBSERVER, "an observer of what is written failed")
        await self._go_on_after(taken[-1][0])

    def _miss(self, count: int) -> None:
        """Count numbers whose Records are lost: damaged in the spool, or struck off it before an older state of the
        database was restored.
        """
        if count:
            self.dropped += count
            log.error("journal.missing", records=count, dropped=self.dropped)

    async def _go_on_after(self, number: int) -> None:
        queue = self._queue
        while queue and queue[0][0] <= number:
            queue.popleft()
        self._written, self._known = number, True
        if number >= self._last:
            self._waits_since = None
        elif queue and queue[0][0] == number + 1:
            self._waits_since = queue[0][1].at
        elif self._waits_since is None:
            self._waits_since = self._found_at
        if self._dropping and len(queue) <= self._capacity // 2:
            self._dropping = False
            log.warning("journal.keeps_up", dropped=self.dropped)
        async with self._progress:
            self._progress.notify_all()
        struck = self._spool.strike(number)
        if struck.segments:
            try:
                await asyncio.to_thread(struck.discard)
            except OSError as error:
                log.warning("spool.not_discarded", error=_reason(error), next_try="at the next start")

    def _renumber(self, written: int) -> None:
        """The database has more Records of this spool than were found in it: its disk was full before the service
        died, or old files were restored.

        Records written since the start get new numbers, as the database has others under their old ones.
        """
        log.warning("journal.spool_is_older", found=self._found, written=written)
        shift = written - self._found
        self._queue = deque((number + shift, record) for number, record in self._queue)
        self._last += shift
        self.rotate()


def _report(error: Exception, work: str, message: str) -> None:
    """A mistake that stays here."""
    asyncio.get_running_loop().call_exception_handler({"message": message, "exception": error, "work": work})


def _reason(error: Exception) -> str:
    """What the database says, without the statement and the callers' numbers in it."""
    return f"{type(error).__name__}: {getattr(error, 'orig', error)}"[:300]
