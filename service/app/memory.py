"""The service's memory: the database, the journal with its spool, and the state before this start."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

import calls.store
from base.tasks import Failures, Tasks, Work
from calls.book import CallBook
from calls.live import snapshot
from calls.live.snapshot import Recollection
from calls.store import CallStore, StoreUnavailable
from journal import database
from journal.spool import Spool
from journal.store import DatabaseHistory, History, HistoryUnavailable
from journal.writer import Journal, no_fence
from nodes.fence import SESSIONS, fence
from nodes.leadership import Leadership
from reports.counting import Counting
from reports.facts.model import DAY
from settings.settings import Settings

log = structlog.get_logger()

FIRST_WRITES = 5.0
"""Seconds to make the database ready at the very first start; after that the service starts without it."""

LAST_WRITES = 5.0
"""Seconds that the journal has at shutdown to write what it still holds; the rest stays in the spool."""


@dataclass(frozen=True)
class Memory:
    """read     the database, for readers
    before   what the service before this one knew
    last_at  when that service last wrote anything, in epoch seconds
    """

    read: AsyncEngine
    store: CallStore
    book: CallBook
    spool: Spool
    journal: Journal
    counting: Counting
    before: Recollection

    @property
    def last_at(self) -> float:
        return max(self.before.last_at, self.spool.last_at)


async def remember(
    settings: Settings,
    state: Callable[[CallBook], dict[str, Any]],
    ending: AsyncExitStack,
    failures: Failures,
    leadership: Leadership | None = None,
) -> Memory:
    """Open the database and the journal, and read what was before. `ending` writes the rest and closes them.

    state       what a snapshot has; not asked for before the first Record
    leadership  of this machine, which leads; None: it is the only one
    """
    # The writer has its own engine: readers of a slow database must not take all connections.
    read = database.open(settings.database)
    written = database.open(settings.database, SESSIONS if leadership is not None else None)
    ending.push_async_callback(written.dispose)
    ending.push_async_callback(read.dispose)
    store = CallStore(read)
    book = CallBook(store)
    spool = await asyncio.to_thread(Spool.open, settings.folder.spool, limit=settings.spool_limit)
    counting = Counting(settings.keep.numbers_days * DAY, failures)
    journal = Journal(
        written,
        spool,
        snapshot=lambda: state(book),
        prepare=database.migrate,
        projections=(calls.store.project, counting.project),
        fence=no_fence if leadership is None else fence(leadership.holder),
        on_written=book.written,
        node=settings.node,
    )
    ending.callback(journal.close)
    writing = await ending.enter_async_context(Tasks(failures))
    ending.callback(writing.cancel, writing.keep(Work.JOURNAL, journal.run))
    ending.push_async_callback(_last_writes, journal, leadership)
    node = settings.node if leadership is None else None  # whichever machine has led last
    before = await _before(spool, journal, DatabaseHistory(read, node), store)
    # what this machine has led itself is in its spool, which is put aside once another one has led
    before = replace(before, elsewhere=leadership is not None and spool.recovered.snapshot is None)
    return Memory(read, store, book, spool, journal, counting, before)


async def _last_writes(journal: Journal, leadership: Leadership | None) -> None:
    if leadership is None or not leadership.over:
        await journal.flush(LAST_WRITES)
    else:
        log.error("records-not-taken", records=journal.waiting, why="another machine leads", where="the spool")


async def _before(spool: Spool, journal: Journal, database: History, store: CallStore) -> Recollection:
    """The state before this start: from the spool, or from the database where the spool has no snapshot."""
    if spool.recovered.snapshot is None:
        await journal.flush(FIRST_WRITES)
    try:
        return await snapshot.recall((spool, database), store)
    except (HistoryUnavailable, StoreUnavailable) as error:
        log.error("starting_without_database", error=str(error))
        return Recollection()
