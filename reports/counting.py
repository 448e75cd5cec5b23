"""Keeps the sums up to date as Records are written, and counts all of them anew."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from math import ceil, inf

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from base.numbers import plain
from base.tasks import Failures, Work
from journal.records import Record
from journal.rows import slices
from journal.store import from_row, last_seq
from journal.tables import records, removals
from reports import store
from reports.facts.fold import KINDS, after, callers
from reports.facts.model import DAY, WEEK, Contact, Open, kept, restored
from reports.store import Counted
from reports.sums import HOUR, Fact, Pending

log = structlog.get_logger()

FEW = 20
"""As long as so many calls are open at most, the tables have each batch at once."""

PACE = 10.0
"""Seconds after which they have it at the latest, as long as Records come."""

MOST_PENDING = 5_000
"""Rows that wait in memory."""

BEHIND = 50_000
"""Records that are counted late, at a start. If more are missing, an older Wutong has written them: a count anew is
for that.
"""

PAGE = 2_000
"""Records that are read at once."""

_BY_NAME = {kind.value for kind in KINDS}


class Counting:
    """The journal gives `project` each batch, in the transaction that stores it.

    Sums wait in memory while many calls are open, and are written now and then: with what was open at that moment, and
    up to which Record they count. A death in between loses nothing, as the next start counts the Records after that
    one. It does the same after a transaction that failed, and after a count anew by another process.

    `within`: seconds for which callers' numbers are kept, to see who has to call again; WEEK at most.
    """

    def __init__(self, within: float = WEEK, failures: Failures | None = None) -> None:
        self._within = min(within, WEEK)
        self._failures = failures or Failures()
        self._seq: int | None = None  # the last Record in `_open`; None: the database has to be asked
        self._open = Open()
        self._swept = 0  # the hour in which old contacts were removed
        self._pending = Pending()
        self._mark = Counted(1, 0, 0.0, "")
        self._due = 0.0

    async def project(self, connection: AsyncConnection, batch: Sequence[Record]) -> None:
        last, before, self._seq = await last_seq(connection), self._seq, None
        if before == last - len(batch):
            await self._take(connection, batch)
        else:
            await self._recall(connection, last, batch)
        at = batch[-1].at
        if (
            len(self._open.calls) <= FEW
            or not self._due - PACE <= at < self._due
            or len(self._pending.rows) > MOST_PENDING
        ):
            if not await self._write(connection, last, at):
                await self._recall(connection, last, batch)
                await self._write(connection, last, at)
            self._due = at + PACE
        self._seq = last

    def forget(self, number: str) -> None:
        """Nothing is known of this number any more; `store.forget` does the same in the database."""
        bare = plain(number)
        for contact in [contact for contact in self._open.contacts if contact.number == bare]:
            del self._open.contacts[contact]

    async def _take(self, connection: AsyncConnection, told: Sequence[Record]) -> None:
        state = self._open
        if numbers := callers(state, told):
            state.contacts = await store.known_contacts(connection, numbers) | state.contacts
        async for some in slices(told):
            for record in some:
                self._pending.add(_facts(state, record, self._failures))

    async def _recall(self, connection: AsyncConnection, last: int, batch: Sequence[Record]) -> None:
        """Count what the database has and the tables do not count: the batch, and perhaps Records before it."""
        self._open, self._pending = Open(within=self._within), Pending()
        found, first = await store.mark(connection), last - len(batch)
        if found is None:
            self._mark = Counted(1, first, batch[0].at, "")
            await store.begin(connection, self._mark)
            await self._take(connection, batch)
            return
        self._mark = found
        if not 0 <= first - found.seq <= BEHIND:
            log.warning("reports-behind", missing=first - found.seq, what_to_do="./wutong report rebuild")
            await self._take(connection, batch)
            return
        if found.state:
            self._open = restored(found.state)
            self._open.within = self._within
        position = found.seq
        while position < last:
            position, page = await _read(connection, position, last)
            await self._take(connection, page)

    async def _write(self, connection: AsyncConnection, last: int, at: float) -> bool:
        """False: somebody else has counted meanwhile."""
        now = self._mark._replace(seq=last, state=kept(self._open))
        if not await store.advance(connection, self._mark, now):
            return False
        await store.add(connection, now.generation, self._pending)
        await store.add_contacts(connection, self._open.contacts)
        if int(at // HOUR) != self._swept:
            self._swept = int(at // HOUR)
            await store.remove_contacts(connection, at - self._within)
        self._mark, self._pending, self._open.contacts = now, Pending(), {}
        return True


def _facts(state: Open, record: Record, failures: Failures) -> Sequence[Fact]:
    """As `after` has them. A Record that it cannot read is in no report: it must not stop the journal."""
    try:
        return list(after(state, record))
    except Exception as error:
        failures.note(Work.REPORTS, error, kind=record.kind)
        return ()


async def _read(connection: AsyncConnection, position: int, last: int) -> tuple[int, Sequence[Record]]:
    """The next Records that tell facts, of those after `position` up to `last`; and up to which one these go."""
    query = select(records).where(records.c.seq > position, records.c.seq <= last, records.c.kind.in_(_BY_NAME))
    rows = (await connection.execute(query.order_by(records.c.seq).limit(PAGE))).mappings().all()
    return (rows[-1]["seq"] if len(rows) == PAGE else last), [from_row(row) for row in rows]


async def rebuild(database: AsyncEngine, tell: Callable[[int, int], None], within: float = WEEK) -> int:
    """Count all Records anew, whether the service runs or not; only one process may at a time. `tell` gets how many
    Records there are, and how many are done.

    From old Records something was removed, such as the steps of callers. Quarter hours of that time that are counted
    stay as they are. What is counted anew is written in small transactions, each followed by a pause as long, beside
    what is in use, and replaces it at the end. If this is ended before, nothing has changed. `within`: as in Counting.
    Returns how many Records could not be read.
    """
    failures = Failures()
    async with database.connect() as connection:
        found, last = await store.mark(connection), await last_seq(connection)
        whole, first = await _whole_since(connection)
    old = 0 if found is None else found.generation
    await _remove_others(database, old)
    begin = -inf
    if found is not None and found.since < whole + WEEK:  # who calls again within it is seen from then on
        begin = ceil((whole + WEEK) / HOUR) * HOUR
        await _copy(database, old, begin)
    position = 0  # what agents do is known from their last Record, however old that is
    state, pending = Open(within=min(within, WEEK)), Pending()

    def take(page: Sequence[Record]) -> None:
        for record in page:
            pending.add(fact for fact in _facts(state, record, failures) if fact.at >= begin)

    while last - position > PAGE:
        async with database.connect() as connection:
            position, page = await _read(connection, position, last)
            last = await last_seq(connection)
        take(page)
        if len(pending.rows) > MOST_PENDING:
            rows, pending = pending, Pending()
            state.contacts = _recent(state)
            async with _paced(database) as connection:
                await store.add(connection, old + 1, rows)
        tell(last, position)
    known = _recent(state)
    state.contacts = dict(known)
    async with _paced(database) as connection:
        await store.add_contacts(connection, known)
    async with _paced(database) as connection:
        await store.lock(connection)
        last = await last_seq(connection)
        while position < last:
            position, page = await _read(connection, position, last)
            take(page)
        await store.add(connection, old + 1, pending)
        await store.add_contacts(connection, dict(_recent(state).items() - known.items()))
        since = first if begin == -inf or found is None else found.since
        await store.replace(connection, Counted(old + 1, last, since, kept(state)))
    tell(last, last)
    await _remove_others(database, old + 1)
    return failures.counts[Work.REPORTS]


def _recent(state: Open) -> dict[Contact, float]:
    """The contacts that still count."""
    newest = max(state.contacts.values(), default=0.0)
    return {who: at for who, at in state.contacts.items() if at >= newest - state.within}


async def _whole_since(connection: AsyncConnection) -> tuple[float, float]:
    """The time of the first Record after those from which something was removed (-inf: nothing ever was), and of the
    first Record of all.
    """
    removed = await connection.scalar(select(func.max(removals.c.seq)).where(removals.c.what.in_(("steps", "numbers"))))
    oldest = (await connection.execute(select(records.c.seq, records.c.at).order_by(records.c.seq).limit(1))).first()
    if oldest is None:
        return -inf, 0.0
    whole = max(removed or 0, oldest.seq - 1)
    if whole == 0:
        return -inf, oldest.at
    query = select(func.min(records.c.at)).where(records.c.seq > whole)
    return await connection.scalar(query) or inf, oldest.at


async def _copy(database: AsyncEngine, old: int, end: float) -> None:
    """Give the next generation the rows up to `end`, a week at a time."""
    async with database.connect() as connection:
        oldest = await connection.scalar(select(func.min(store.sums.c.start)).where(store.sums.c.generation == old))
    at = end if oldest is None else oldest
    while at < end:
        async with _paced(database) as connection:
            await store.copy(connection, old, old + 1, at, min(end, at + 7 * DAY))
        at += 7 * DAY


async def _remove_others(database: AsyncEngine, generation: int) -> None:
    more = True
    while more:
        async with _paced(database) as connection:
            more = await store.remove_others(connection, generation)


@asynccontextmanager
async def _paced(database: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction. After it the journal's writer has as much time."""
    began = time.monotonic()
    async with database.begin() as connection:
        yield connection
    await asyncio.sleep(time.monotonic() - began)
