"""What an administrator asks about one caller's number: what is known of it, and that it be forgotten."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

import accounts.audit
import journal.retention
import reports.store
from base.failure import NotDone
from base.numbers import masked, masked_of, pattern_of, plain, tail, ways
from calls import linked, retention
from calls.api import whole_story
from calls.model import CallState, CallSummary
from calls.store import CallStore, StoreUnavailable, is_callback
from hotline.model import Hotline
from journal import database
from journal.actor import Actor
from journal.records import Kind, Record
from journal.retention import strip_callers
from journal.store import from_row
from journal.writer import Journal
from privacy.model import AboutNumber, ForgetOut
from privacy.retention import FAILURES, writing
from sentences.sentence import Sentence

log = structlog.get_logger()

BATCH = 100
"""Calls of one transaction, and of one answer."""

PAGE = 20
"""Calls with their stories in one answer of an export."""

MOST_STEPS = 500
"""Steps of these stories after which an answer ends: it is made on the loop that answers calls, at 35 µs a step."""

WRITTEN = 5.0
"""Seconds for the journal to write what it still holds: only what the database has can be found there."""


@dataclass(eq=False)
class Numbers:
    """`where`: the database, as `journal.database.open` takes it. `now`: seconds since the epoch.
    `forgotten`: gets a number once the database no longer has it. `hotline`: the one in use, whose words stories have.
    `lists`: its lists of callers that have a number. `recordings`: removes those of the talks of these calls.
    """

    database: AsyncEngine
    where: Path | str
    journal: Journal
    store: CallStore
    write: Callable[[Record], None]
    now: Callable[[], float]
    forgotten: Callable[[str], None]
    hotline: Callable[[], Hotline]
    lists: Callable[[str], list[str]]
    recordings: Callable[[Sequence[str]], Awaitable[None]]

    async def look(self, number: str) -> ForgetOut:
        """What there is of this number. Raises NotDone."""
        await self._written()
        with _told():
            async with self.database.connect() as connection:
                found = await retention.find(connection, number)
                promised = await retention.promised(connection, number)
                others = await linked.others(connection, number)
        return self._told(number, found.and_in(promised), others, removed=0, more=False)

    async def forget(self, number: str, actor: Actor) -> ForgetOut:
        """Remove the number from its ended calls, a batch at a time; `more`: ask again. Raises NotDone."""
        await self._written()
        self.forgotten(number)  # before snapshots are looked through: one that is taken meanwhile has it no more
        with _told():
            await self._forget_recordings(number)
            async with writing(self.database) as connection:
                found = await retention.find(connection, number)
                others = await linked.others(connection, number)
                removed, more = await retention.forget(connection, found.forms, BATCH)
            if not more:
                promised = await self._forget_rest(number, found.forms)
                found, removed = found.and_in(promised), removed + promised.elsewhere
        self.forgotten(number)
        self._note(Kind.NUMBER_FORGOTTEN, number, removed, actor)
        if not more:
            # The spool begins anew without it, as soon as the database has the Record above.
            self.journal.rotate()
            await self._written()
            await asyncio.to_thread(self._settle)
        return self._told(number, found, others, removed=removed, more=more)

    async def _forget_rest(self, number: str, forms: Sequence[str]) -> retention.Promised:
        """What is left once no call has the number: where others have keyed it in, snapshots, links, words, reports.
        Returns the callbacks that had it.
        """
        async with self.database.connect() as connection:
            promised = await retention.promised(connection, number)
        keyed = (str(row.data["number"]) for row in promised.rows)
        async with writing(self.database) as connection:
            await strip_callers(connection, promised.rows)
            await retention.forget_in_snapshots(connection, {*forms, *ways(number), *keyed})
            await linked.leave(connection, number)
            await reports.store.forget(connection, number)
        await self._forget_in_words(number)
        return promised

    async def _forget_recordings(self, number: str) -> None:
        """Before the number is gone, which says whose they are."""
        last = ""
        while True:
            async with self.database.connect() as connection:
                found = await retention.find(connection, number)
                ids = await retention.calls_of(connection, found.forms, last, BATCH)
            if not ids:
                return
            await self.recordings(ids)
            last = ids[-1]

    async def _forget_in_words(self, number: str) -> None:
        """Mask it in what somebody typed before numbers were masked there: reasons of breaks, details of the audit."""
        if not tail(number).isdecimal():
            return
        pattern, change = pattern_of(number), partial(masked_of, number=number)
        async with self.database.connect() as connection:
            reasons = await journal.retention.reasons(connection, pattern, change)
            details = await accounts.audit.details(connection, pattern, change)
        async with writing(self.database) as connection:
            await journal.retention.rewrite(connection, reasons)
            await accounts.audit.rewrite(connection, details)

    async def about(self, number: str, after: str, actor: Actor) -> AboutNumber:
        """Its calls with their stories, then what came of its callbacks, those after the id `after`, a page at a time.
        Raises NotDone.
        """
        await self._written()
        with _told():
            async with self.database.connect() as connection:
                found = await retention.find(connection, number)
                over = after if is_callback(after) else ""
                ids = [] if over else list(await retention.calls_of(connection, found.forms, after, PAGE))
                promises: dict[str, Record] = {}
                if len(ids) < PAGE:
                    promised = await retention.promised(connection, number)
                    promises = {str(row.data["callback"]): from_row(row._mapping) for row in promised.rows}
                    ids += sorted(each for each in promises if each > over)[: PAGE - len(ids)]
                    found = found.and_in(promised)
                others = await linked.others(connection, number)
            stories, steps, last = [], 0, ""
            for last in ids:
                summary, story = await self.store.get(last), await self.store.story(last)
                if promise := promises.get(last):
                    to = str(promise.data["number"])
                    summary = CallSummary(last, promise.at, CallState.WAITING, caller=to, queue=promise.queue)
                    story = [promise, *story]
                if summary is not None:
                    stories.append(whole_story(summary, story, self.hotline()))
                    steps += len(story)
                if steps >= MOST_STEPS:
                    break
        self._note(Kind.NUMBER_EXPORTED, number, len(stories), actor)
        more = len(ids) == PAGE or (len(ids) > 0 and last != ids[-1])
        alike, lists = list(found.alike), self.lists(number)
        return AboutNumber(calls=stories, alike=alike, linked=others, lists=lists, after=last if more else None)

    def _told(self, number: str, found: retention.Found, others: list[str], *, removed: int, more: bool) -> ForgetOut:
        return ForgetOut(
            removed=removed,
            calls=found.calls - removed,
            live=found.live,
            alike=list(found.alike),
            linked=others,
            lists=self.lists(number),
            more=more,
        )

    def _note(self, kind: Kind, number: str, calls: int, actor: Actor) -> None:
        """Say that it was done, without the number: its last two digits help to distinguish two requests."""
        shown = masked(plain(number))
        ending = shown[-2:].rjust(len(shown), "*")
        log.info(kind.value, actor=actor, ending=ending, calls=calls)
        self.write(Record(self.now(), kind, data={"number": ending, "calls": calls}, actor=actor))

    async def _written(self) -> None:
        if not await self.journal.flush(WRITTEN):
            raise NotDone(
                Sentence(
                    "The database does not have the latest Records yet, so nothing was done. GET /readyz tells "
                    "more; try again once it is ready."
                )
            )

    def _settle(self) -> None:
        """Take what was overwritten out of the write-ahead log too."""
        file = database.file_of(self.where)
        if file is not None:
            try:
                database.empty_log(file)
            except (sqlite3.Error, OSError) as error:
                log.warning("log-not-emptied", why=str(error), effect="the number is in the file's log for a while")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (*FAILURES, StoreUnavailable) as error:
        raise NotDone(
            "The database did not do it: {name}. GET /readyz tells more.", name=type(error).__name__
        ) from error
