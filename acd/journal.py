"""The journal: one writer that puts Records into the database in batches, off the call's path.

`write` only appends to a bounded queue. A batch stays at the head of the queue until the database has it, so an error
delays Records and never reorders them; what does not fit meanwhile is dropped and counted.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from acd import store
from acd.records import Record

log = structlog.get_logger(__name__)


class Journal:
    """`capacity`: Records that may wait; `batch`: Records in one transaction at most; `gather_s`: seconds for which the
    first of a batch waits for others: a transaction costs more than a Record, and would fall where somebody is to be
    rung. `on_written` is told every batch once it is in the database. After an error the batch is tried again after
    `retry_s` seconds, then twice that, up to `longest_retry_s`.
    """

    def __init__(
        self,
        database: AsyncEngine,
        *,
        capacity: int = 50_000,
        batch: int = 500,
        gather_s: float = 0.05,
        on_written: Callable[[Sequence[Record]], None] = lambda records: None,
        retry_s: float = 0.1,
        longest_retry_s: float = 5.0,
    ) -> None:
        self._database = database
        self._capacity = capacity
        self._batch = batch
        self._gather_s = gather_s
        self._on_written = on_written
        self._retry_s = retry_s
        self._longest_retry_s = longest_retry_s
        self._queue: deque[Record] = deque()
        self._next: int | None = None  # number of the record at the head of the queue; None: the database knows
        self._work = asyncio.Event()
        self._gathering: asyncio.TimerHandle | None = None
        self._progress = asyncio.Condition()
        self._accepted = 0
        self._done = 0
        self._dropped = 0
        self._overfull = False

    @property
    def dropped(self) -> int:
        """Records that found the queue full, since the start."""
        return self._dropped

    @property
    def waiting(self) -> int:
        """Records that the database does not have yet."""
        return len(self._queue)

    def write(self, record: Record) -> None:
        """Take the record; never blocks, never fails. A full queue drops it, with one line in the log a burst."""
        if len(self._queue) >= self._capacity:
            self._dropped += 1
            if not self._overfull:
                self._overfull = True
                log.error("journal.full", capacity=self._capacity, dropped=self._dropped)
            return
        self._queue.append(record)
        self._accepted += 1
        if len(self._queue) >= self._batch:
            self._begin()
        elif self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(self._gather_s, self._begin)

    def _begin(self) -> None:
        """What waits now is to be written."""
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
        self._work.set()

    async def run(self) -> None:
        """Write until cancelled: what waits when a batch is due; what comes meanwhile gathers for the next one."""
        while True:
            await self._work.wait()
            self._work.clear()
            due = self._accepted
            while self._done < due:
                batch = list(islice(self._queue, self._batch))
                await self._store(batch)
                await self._settle(batch)

    async def flush(self, timeout: float) -> bool:
        """Wait until all that was written so far is in the database; False: `timeout` seconds were not enough.

        `run` must be running.
        """
        target = self._accepted
        self._begin()
        try:
            async with asyncio.timeout(timeout), self._progress:
                await self._progress.wait_for(lambda: self._done >= target)
        except TimeoutError:
            log.error("journal.not_flushed", lost=target - self._done, timeout_s=timeout)
            return False
        return True

    async def _store(self, batch: Sequence[Record]) -> None:
        """Into the database, however often that takes."""
        pause, failures = self._retry_s, 0
        while True:
            try:
                await self._commit(batch, again=failures > 0)
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                failures += 1
                if failures == 1:
                    log.error("journal.unavailable", error=_reason(error), waiting=len(self._queue))
                await asyncio.sleep(pause)
                pause = min(2 * pause, self._longest_retry_s)
            else:
                if failures:
                    log.warning("journal.available", failures=failures, waiting=len(self._queue), dropped=self._dropped)
                return

    async def _commit(self, batch: Sequence[Record], *, again: bool) -> None:
        async with self._database.begin() as connection:
            if again and self._next is not None:
                # A connection that breaks at the commit does not tell whether it took place. And where another
                # writer has taken our numbers, we go on after his.
                last = self._next + len(batch) - 1
                if await store.holds(connection, last, batch[-1]):
                    self._next = last + 1
                    return
                self._next = None
            if self._next is None:
                self._next = await store.last_seq(connection) + 1
            await store.append(connection, self._next, batch)
        self._next += len(batch)

    async def _settle(self, batch: Sequence[Record]) -> None:
        for _ in batch:
            self._queue.popleft()
        if self._overfull and len(self._queue) <= self._capacity // 2:
            self._overfull = False
            log.warning("journal.keeps_up", dropped=self._dropped)
        self._on_written(batch)
        async with self._progress:
            self._done += len(batch)
            self._progress.notify_all()


def _reason(error: Exception) -> str:
    """What the database says, without the statement and the callers' numbers in it."""
    return f"{type(error).__name__}: {getattr(error, 'orig', error)}"[:300]
