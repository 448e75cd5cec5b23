"""The audit: who changed or saw what, when, from where. An observer: nothing waits for it, and nothing fails by it."""

import asyncio
import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path

import structlog
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.limits import network_of
from accounts.store import StoreUnavailable, audit, reaching

log = structlog.get_logger(__name__)

MOST_WAITING = 10_000
"""Entries that wait for the database; later ones are counted, and lost."""

BATCH = 500
EVERY_S = 1.0
"""Seconds between two batches: a kill of the service loses so much at most."""

RETRY_S = 5.0
"""Seconds until the next try when the database cannot be asked."""

REPEATED_S = 60.0
"""Seconds in which the same entry again is not noted: a page that reads a list each second is one reader."""

MOST_ALIKE = 60
"""Readings, or refusals, of one kind by one account from one network that are noted one by one in that time. The others
are one entry, which says how many they were: nobody fills the audit by asking for one call after the other.
"""

MOST_NETWORKS = 10
"""Networks that are kept apart so, of one account and one kind in that time. Further ones count as one."""

PURGED, PAUSE_S = 500, 0.1
"""Rows that one statement removes, and the seconds after it in which other writers come in."""

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody did over HTTP.

    actor    as Records have it (`journal.actor`)
    what     from the table of routes (`accounts.roles`), or `signed-in`, `sign-in-refused`
    target   the path under /api/v1 as it was asked for
    detail   the filters of a reading, or what a change set; never a secret. At its end `more=`: so many others like it,
             which have no entries of their own
    address  from where
    status   of the answer, as HTTP has it: below 400 it was done
    """

    at: float
    actor: str
    what: str
    target: str
    detail: str
    address: str
    status: int


class AuditTable:
    """Where entries are kept. Every method raises StoreUnavailable."""

    def __init__(self, database: AsyncEngine) -> None:
        self._database = database

    async def add(self, entries: Sequence[Entry]) -> None:
        async with reaching(self._database) as connection:
            await connection.execute(insert(audit), [asdict(entry) for entry in entries])

    async def list(
        self, actor: str | None, what: str | None, since: float, limit: int, until: float | None = None
    ) -> Sequence[Entry]:
        """The newest `limit` from `since` to `until`, newest first; None: to now."""
        query = select(*(audit.c[name] for name in Entry.__slots__)).where(audit.c.at >= since)
        if actor is not None:
            query = query.where(audit.c.actor == actor)
        if what is not None:
            query = query.where(audit.c.what == what)
        if until is not None:
            query = query.where(audit.c.at <= until)
        async with reaching(self._database) as connection:
            rows = await connection.execute(query.order_by(audit.c.at.desc(), audit.c.id.desc()).limit(limit))
            return [Entry(**row) for row in rows.mappings()]

    async def purge(self, before: float) -> int:
        """Remove what is older; how many these were."""
        oldest = select(audit.c.id).where(audit.c.at < before).limit(PURGED)
        removed = 0
        while True:
            async with reaching(self._database) as connection:
                done = (await connection.execute(delete(audit).where(audit.c.id.in_(oldest)))).rowcount
            removed += done
            if done < PURGED:
                return removed
            await asyncio.sleep(PAUSE_S)


async def details(
    connection: AsyncConnection, pattern: str, change: Callable[[str], str]
) -> Sequence[Mapping[str, object]]:
    """The entries whose detail fits `pattern` (of LIKE) and is another one after `change`, for `rewrite`."""
    rows = (await connection.execute(select(audit.c.id, audit.c.detail).where(audit.c.detail.like(pattern)))).all()
    return [{"entry": row.id, "instead": said} for row in rows if (said := change(row.detail)) != row.detail]


async def rewrite(connection: AsyncConnection, changed: Sequence[Mapping[str, object]]) -> None:
    """Write what `details` found: the one change of entries that there is."""
    if changed:
        here = update(audit).where(audit.c.id == bindparam("entry")).values(detail=bindparam("instead"))
        await connection.execute(here, changed)


@dataclass(slots=True)
class _Alike:
    """What one account has read of one kind from one network within REPEATED_S, with one answer. `noted`: one by one;
    `folded`: those beyond MOST_ALIKE, of which `last` is the last.
    """

    noted: int = 0
    folded: int = 0
    last: Entry | None = None


class Audit:
    """`note` takes an entry at once; `run` brings them into the database.

    rest  the file for what the database does not take at the stop; the next start takes it up

    `waiting`, `dropped`: entries, for the metrics. `failures`: unexpected errors of this class.
    """

    def __init__(self, store: AuditTable, rest: Path) -> None:
        self.dropped = 0
        self.failures = 0
        self._store = store
        self._rest = rest
        self._rest_waits = True
        self._entries: deque[Entry] = deque()
        self._seen: dict[tuple[object, ...], float] = {}
        self._alike: dict[tuple[object, ...], _Alike] = {}
        self._news = asyncio.Event()
        self._news.set()  # a file may be there
        self._writing = asyncio.Lock()

    @property
    def waiting(self) -> int:
        return len(self._entries)

    def note(self, entry: Entry, *, change: bool) -> None:
        """Take in what was done. A change always counts; the same reading or refusal within a minute counts once, and
        many that are alike are one entry with their number.
        """
        if change or not (self._repeated(entry) or self._folded(entry)):
            self._take(entry)

    def _take(self, entry: Entry) -> None:
        if len(self._entries) >= MOST_WAITING:
            self.dropped += 1
            return
        self._entries.append(entry)
        self._news.set()

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._news.wait()
            await asyncio.sleep(EVERY_S)
            try:
                await self._write_all()
            except StoreUnavailable as error:
                log.warning("audit-waits", entries=self.waiting, why=str(error))
                await asyncio.sleep(RETRY_S)
            except Exception:  # a mistake of ours: the entries wait, and the other work of the accounts goes on
                self.failures += 1
                log.exception("audit-waits", entries=self.waiting)
                await asyncio.sleep(RETRY_S)

    async def list(
        self, actor: str | None, what: str | None, since: float, limit: int, until: float | None = None
    ) -> Sequence[Entry]:
        """The newest `limit` entries from `since` to `until`, newest first. Raises StoreUnavailable."""
        await self._write_all()
        return await self._store.list(actor, what, since, limit, until)

    async def purge(self, before: float) -> int:
        """Remove the entries from before `before`, in epoch seconds; how many these were. Raises StoreUnavailable."""
        return await self._store.purge(before)

    async def close(self, within: float) -> None:
        """Write the waiting entries; those that the database does not take within so many seconds go into the file."""
        for key in list(self._alike):
            self._over(key)
        try:
            async with asyncio.timeout(within):
                await self._write_all()
        except Exception as error:  # the file takes the entries, whatever the error is
            expected = isinstance(error, StoreUnavailable | TimeoutError)
            log.warning("audit-left", entries=self.waiting, file=str(self._rest), exc_info=not expected)
        if not self._entries:
            return
        try:
            await asyncio.to_thread(_append, self._rest, list(self._entries))
        except OSError as error:
            self.dropped += len(self._entries)
            log.error("audit-lost", entries=len(self._entries), file=str(self._rest), why=str(error))

    # -- writing ------------------------------------------------------------------------------------------------------

    async def _write_all(self) -> None:
        async with self._writing:
            self._news.clear()
            try:
                await self._take_up_rest()
                while self._entries:
                    batch = list(islice(self._entries, BATCH))
                    await self._store.add(batch)
                    for _ in batch:
                        self._entries.popleft()
            except BaseException:
                self._news.set()  # not all is written
                raise

    async def _take_up_rest(self) -> None:
        """Take up the entries that the last stop left in the file; once."""
        if not self._rest_waits:
            return
        try:
            entries, unreadable = await asyncio.to_thread(_read, self._rest)
        except OSError as error:
            log.error("audit-file-unreadable", file=str(self._rest), why=str(error))
        else:
            if entries:  # in one transaction: else some would be there twice after a second try
                await self._store.add(entries)
            self.dropped += unreadable
            await asyncio.to_thread(self._rest.unlink, missing_ok=True)
        self._rest_waits = False

    def _repeated(self, entry: Entry) -> bool:
        last = self._seen.get(_same(entry))
        return last is not None and entry.at - last < REPEATED_S

    def _folded(self, entry: Entry) -> bool:
        """Whether the entry is only counted; else it is remembered as noted."""
        key = self._kind(entry)
        alike = self._alike.get(key)
        if alike is None:
            alike = self._alike[key] = _Alike()
            asyncio.get_running_loop().call_later(REPEATED_S, self._over, key)
        if alike.noted < MOST_ALIKE:
            alike.noted += 1
            self._remember(entry)
            return False
        alike.folded, alike.last = alike.folded + 1, entry
        return True

    def _kind(self, entry: Entry) -> tuple[object, ...]:
        """What is equal of entries that are alike. Networks are kept apart, so that one hides no other's requests."""
        kind = (entry.actor, entry.what, entry.status)
        key = (*kind, network_of(entry.address))
        if key not in self._alike and sum(other[:3] == kind for other in self._alike) >= MOST_NETWORKS:
            return (*kind, None)
        return key

    def _over(self, key: tuple[object, ...]) -> None:
        """The time is over: note how many were folded. The next ones are noted one by one again."""
        alike = self._alike.pop(key, None)
        if alike is not None and alike.last is not None:
            self._take(replace(alike.last, detail=f"{alike.last.detail} more={alike.folded - 1}".lstrip()))

    def _remember(self, entry: Entry) -> None:
        if len(self._seen) >= MOST_WAITING:
            self._seen = {key: at for key, at in self._seen.items() if entry.at - at < REPEATED_S}
        if len(self._seen) < MOST_WAITING:
            self._seen[_same(entry)] = entry.at


def _same(entry: Entry) -> tuple[object, ...]:
    """What is equal of two entries of the same thing."""
    return entry.actor, entry.what, entry.target, entry.detail, entry.address, entry.status


def _append(path: Path, entries: Iterable[Entry]) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
        for entry in entries:
            file.write(f"{json.dumps(asdict(entry), ensure_ascii=False)}\n")


def _read(path: Path) -> tuple[list[Entry], int]:
    """The entries, and how many lines could not be read. Raises OSError."""
    found, unreadable = [], 0
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except FileNotFoundError:
        return [], 0
    for line in filter(None, lines):
        try:
            found.append(Entry(**json.loads(line)))
        except (ValueError, TypeError):
            unreadable += 1
            log.error("audit-line-unreadable", file=str(path), line=line[:200])
    return found, unreadable
