"""The service: everything that runs beside Asterisk, put together, started and stopped in order."""

import asyncio
import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import structlog

import calls.store
from calls.book import CallBook
from calls.store import NEWEST, CallStore, StoreUnavailable
from dialplan import obtaining
from dialplan.asterisk import AsteriskFailed
from dialplan.link import ActionRefused, LinkDown
from hotline.loader import load
from journal.history import DatabaseHistory, History, HistoryUnavailable
from journal.spool import Spool
from journal.writer import Journal
from service.app.centre import Centre
from service.app.housekeeping import sweep_daily
from service.app.operations import Administration
from service.app.prepare import prepare
from service.asterisk.control import AsteriskControl, LocalControl, RemoteControl
from service.calls import snapshot
from service.calls.edition import Edition
from service.calls.snapshot import Recollection
from service.http.app import Check, Parts, app
from service.http.board import Board
from service.http.broadcast import Broadcast
from service.http.connections import Server
from service.http.metrics import Metrics, Readings
from service.process import descriptors
from service.process.pulse import Pulse
from service.setup import secrets
from service.setup.clock import Clock
from service.setup.settings import Settings
from service.storage import database

log = structlog.get_logger()

FIRST_WRITES = 5.0
"""Seconds to make the database ready at the very first start; after that the service starts without it."""

LAST_WRITES = 5.0
"""Seconds that the journal has at shutdown to write what it still holds; the rest stays in the spool."""

PARTING = 1.0
"""Seconds that HTTP requests have to end by themselves when the service stops."""


class BrokenHotline(Exception):
    """The hotline's folder has errors; the message has one line for each."""


async def serve(settings: Settings, ready: Callable[[Pulse], None], *, alone: Callable[[], str | None]) -> None:
    """Run until cancelled, or until a requested restart is due. Calls stay in Asterisk.

    ready  called once calls can be taken; the pulse it gets is valid until `serve` ends
    alone  why nothing would restart the service if it ended now; None: something would

    Raises BrokenHotline, and what `prepare`, the database and the ports raise at the start.
    """
    loaded = await asyncio.to_thread(load, settings.hotline)
    if loaded.hotline is None:
        raise BrokenHotline("\n".join(str(problem) for problem in loaded.problems))
    hotline = loaded.hotline
    known = await asyncio.to_thread(secrets.obtain, settings.folder, hotline.agents.values(), settings.token)
    control: AsteriskControl
    if settings.asterisk is None:
        control = LocalControl(
            await asyncio.to_thread(obtaining.obtain, obtaining.default_cache(), _log_progress), settings
        )
    else:
        control = RemoteControl(settings.asterisk, settings, known)
    # Nothing is installed here: a start must not wait for a network. `up` and `reload` do that.
    prepared = await prepare(settings, known, hotline, control.installation, _log_progress, install=False)
    if prepared.draft is not None:
        log.warning("draft-voice", why=prepared.draft)
    with database.trusted(settings.database, settings.folder.run / "database-in-use"):
        given = _Given(
            settings,
            known,
            control,
            Edition(hotline, prepared.catalogue, prepared.draft),
            alone,
            bool(prepared.changed),
        )
        await _serve(given, ready)


@dataclass(frozen=True, slots=True)
class _Given:
    """What all parts of the service are made from.

    alone  why nothing would restart the service if it ended now; None: something would
    stale  the running Asterisk has not read the newly rendered configuration
    """

    settings: Settings
    known: secrets.Secrets
    control: AsteriskControl
    edition: Edition
    alone: Callable[[], str | None]
    stale: bool


async def _serve(given: _Given, ready: Callable[[Pulse], None]) -> None:
    settings = given.settings
    # The writer has its own engine: readers of a slow database must not take all connections.
    read, written = database.open(settings.database), database.open(settings.database)
    try:
        store = CallStore(read)
        book = CallBook(store)
        spool = await asyncio.to_thread(Spool.open, settings.folder.spool, limit=settings.spool_limit)
        journal = Journal(
            written,
            spool,
            snapshot=lambda: snapshot.take(parts.centre.distributor.engine, book),
            prepare=database.migrate,
            projections=(calls.store.project,),
            on_written=book.written,
            node=settings.node,
        )
        try:
            async with asyncio.TaskGroup() as outer:
                writer = outer.create_task(journal.run())
                try:
                    before = await _before(spool, journal, DatabaseHistory(read, settings.node), store)
                    clock = Clock(not_before=max(before.last_at, spool.last_at))
                    parts = _Parts(given, clock, book, journal, spool, before)
                    checks = {
                        "database": lambda: database.why_unreachable(read, NEWEST),
                        "journal": lambda: _now(journal.trouble),
                    }
                    await parts.run(checks, ready)
                finally:
                    await journal.flush(LAST_WRITES)
                    writer.cancel()
        finally:
            journal.close()
    finally:
        await read.dispose()
        await written.dispose()


async def _before(spool: Spool, journal: Journal, database: History, store: CallStore) -> Recollection:
    """The state before this start: from the spool, or from the database where the spool has no snapshot."""
    if spool.recovered.snapshot is None:
        await journal.flush(FIRST_WRITES)
    try:
        return await snapshot.recall((spool, database), store)
    except (HistoryUnavailable, StoreUnavailable) as error:
        log.error("starting_without_database", error=str(error))
        return Recollection()


async def _now(trouble: str | None) -> str | None:
    return trouble


def _log_progress(line: str) -> None:
    log.info("preparing", step=line)


class _Parts:
    """The parts that live as long as the service, wired to each other."""

    def __init__(
        self, given: _Given, clock: Clock, book: CallBook, journal: Journal, spool: Spool, before: Recollection
    ) -> None:
        self._given, self._settings, self._edition = given, given.settings, given.edition
        self._clock, self._book, self._journal, self._spool = clock, book, journal, spool
        self._before = before
        self.centre: Centre

    async def _start(self, http: Server, ready: Callable[[], None]) -> None:
        """Wait until calls can be taken, then call `ready`."""
        await self.centre.reconciler.wait_ready()
        if self._given.stale:
            await self._reload_asterisk()
        await http.wait_started()
        _settle_garbage()
        ready()
        log.info("ready", hotline=self._edition.hotline.id, version=self._edition.hotline.version)

    async def _reload_asterisk(self) -> None:
        try:
            await self._given.control.reload()
        except (AsteriskFailed, LinkDown, ActionRefused, TimeoutError) as error:
            log.error("asterisk-not-reloaded", why=str(error), what_to_do="./wutong reload")

    async def run(self, checks: Mapping[str, Check], ready: Callable[[Pulse], None]) -> None:
        async with asyncio.TaskGroup() as tasks:
            asyncio.get_running_loop().set_exception_handler(descriptors.Exhaustion())
            files = descriptors.provide(self._settings.max_calls)
            if not files.enough:
                log.error("open-files", why=files.sentence)
            centre = self.centre = Centre(
                self._settings,
                self._given.known,
                self._edition,
                self._clock,
                self._book,
                self._journal.write,
                self._before,
                tasks,
                files.calls,
            )
            reconciler, intake, agi = centre.reconciler, centre.intake, centre.agi
            administration = Administration(
                self._settings,
                self._edition,
                centre.distributor,
                centre.rehearsals,
                self._given.control,
                reconciler,
                intake,
                alone=self._given.alone,
            )
            centre.in_use = lambda: administration.edition
            centre.take_up()
            self._journal.rotate()
            board = Board(centre.distributor, lambda: administration.edition.hotline)
            broadcast = Broadcast(board, board, self._clock.now)
            centre.recorder.add("broadcast", broadcast.note)
            metrics = Metrics(
                Readings(
                    queues=board,
                    agents=board,
                    live_calls=self._book.live,
                    journal_waiting=lambda: self._journal.waiting,
                    journal_dropped=lambda: self._journal.dropped,
                    ami=lambda: reconciler.link.figures,
                    journal_behind_s=lambda: self._journal.behind(self._clock.now()),
                    spool_bytes=lambda: self._spool.size,
                    spool_up=lambda: self._spool.fault is None,
                    agi_sessions=lambda: agi.sessions,
                    agi_refused=lambda: agi.refused,
                    observer_failures=lambda: centre.recorder.failures,
                )
            )
            centre.recorder.add("metrics", lambda record: metrics.note(record, self._book.summary(record)))

            async def asterisk_check() -> str | None:
                return reconciler.why_away()

            offered = app(
                Parts(
                    token=self._given.known.token.get_secret_value(),
                    queues=board,
                    agents=board,
                    calls=self._book,
                    placing=administration,
                    operations=administration,
                    metrics=metrics,
                    broadcast=broadcast,
                    notes={"voice": lambda: administration.edition.draft},
                    checks={"asterisk": asterisk_check, "intake": lambda: _now(intake.why_closed()), **checks},
                    version=_version(),
                )
            )
            http = Server(offered, str(self._settings.listen), self._settings.ports.http)
            metrics.add(http)
            metrics.add(broadcast)
            await agi.start()
            keeping = tasks.create_task(reconciler.run())
            sweeping = tasks.create_task(sweep_daily(self._settings.folder.sounds, lambda: administration.edition))
            serving = tasks.create_task(http.serve())
            running = {"the link to Asterisk": keeping, "HTTP": serving}
            pulse = Pulse(centre.distributor, agi, running, self._book.live, reconciler.why_away)
            starting = tasks.create_task(self._start(http, lambda: ready(pulse)))
            try:
                await intake.restarting.wait()  # this may come before Asterisk was ever reached
            finally:
                starting.cancel()
                intake.close()
                http.should_exit = True
                broadcast.close()
                await centre.let_go()
                await asyncio.wait({serving}, timeout=PARTING)
                centre.close()
                keeping.cancel()
                sweeping.cancel()


def _settle_garbage() -> None:
    """Exclude everything that exists after the start from garbage collection.

    A full collection would walk 300,000 objects of libraries and of the hotline for 50 to 130 ms, in which no agent
    is rung. Without them it takes a few ms.
    """
    gc.collect()
    gc.freeze()


def _version() -> str:
    try:
        return version("wutong")
    except PackageNotFoundError:  # running from the checkout
        return "0.1.0"
