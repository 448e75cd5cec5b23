"""The service: everything that runs beside Asterisk, put together, started and stopped in order."""

import asyncio
import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import structlog

import calls.store
from acd.engine.step import Engine
from acd.events import LinkLost
from acd.recovery.state import UnreadableSnapshot
from calls.book import CallBook
from calls.store import NEWEST, CallStore, StoreUnavailable
from dialplan import obtaining
from dialplan.asterisk import AsteriskFailed
from dialplan.fastagi import AgiServer
from dialplan.link import ActionRefused, LinkDown
from hotline.loader import load
from journal.history import DatabaseHistory, History, HistoryUnavailable
from journal.spool import Spool
from journal.writer import Journal
from service.app.housekeeping import sweep_daily
from service.app.operations import Administration
from service.app.prepare import prepare
from service.asterisk.control import AsteriskControl, LocalControl, RemoteControl
from service.asterisk.reconciler import Reconciler
from service.calls import snapshot
from service.calls.distributor import Distributor
from service.calls.edition import Edition
from service.calls.intake import Intake
from service.calls.reception import Reception
from service.calls.recorder import Recorder
from service.calls.rehearsal import Rehearsals
from service.calls.snapshot import Recollection
from service.calls.switchboard import Switchboard
from service.http.app import Check, app
from service.http.board import Board
from service.http.broadcast import Broadcast
from service.http.connections import Server
from service.http.metrics import Metrics, Readings
from service.process import descriptors
from service.process.pulse import Pulse
from service.setup import secrets
from service.setup.clock import Clock, day_end
from service.setup.failure import NotDone
from service.setup.settings import Settings
from service.storage import database

log = structlog.get_logger()

FIRST_WRITES = 5.0
"""Seconds to make the database ready at the very first start; after that the service starts without it."""

LAST_WRITES = 5.0
"""Seconds that the journal has at shutdown to write what it still holds; the rest stays in the spool."""

PARTING = 1.0
"""Seconds that HTTP requests have to end by themselves when the service stops."""


async def serve(settings: Settings, ready: Callable[[Pulse], None], *, alone: Callable[[], str | None]) -> None:
    """Run until cancelled, or until a requested restart is due. Calls stay in Asterisk.

    ready  called once calls can be taken; the pulse it gets is valid until `serve` ends
    alone  why nothing would restart the service if it ended now; None: something would

    Raises NotDone, and what `prepare`, the database and the ports raise at the start.
    """
    loaded = await asyncio.to_thread(load, settings.hotline)
    if loaded.hotline is None:
        raise NotDone("\n".join(str(problem) for problem in loaded.problems))
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
            snapshot=lambda: snapshot.take(parts.distributor.engine, book),
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
        self._recorder = Recorder(journal.write)
        self._recorder.add("calls", book.note)  # first: later observers ask the book for a call's state
        self.distributor = Distributor(
            _engine(given.edition, before, clock.now(), given.settings.node), clock, self._recorder.write
        )

    def _take_up(self, switchboard: Switchboard) -> None:
        """Take up the calls that were live before this start. Their callers are looked for later."""
        self._book.take_up(self._before.calls)
        switchboard.take_up(self._before.calls, self._edition)

    async def _start(self, reconciler: Reconciler, http: Server, ready: Callable[[], None]) -> None:
        """Wait until calls can be taken, then call `ready`."""
        await reconciler.wait_ready()
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
        ports = self._settings.ports
        async with asyncio.TaskGroup() as tasks:
            switchboard = Switchboard(self.distributor, lambda: administration.edition, tasks)
            reconciler = Reconciler(
                self._settings,
                self._given.known.ami.get_secret_value(),
                switchboard,
                self.distributor,
                tasks,
                self._before.last_at,
            )
            telephony = reconciler.telephony
            switchboard.serve(telephony, trunk=self._settings.trunk is not None)
            self.distributor.serve(switchboard)
            rehearsals = Rehearsals(telephony, tasks)
            self._recorder.add("rehearsals", rehearsals.note)
            switchboard.on_channel_gone = rehearsals.channel_gone
            intake = Intake(self._settings.folder.drained, self._book.in_menus)
            self._recorder.add("intake", lambda _: intake.note())
            administration = Administration(
                self._settings,
                self._edition,
                self.distributor,
                rehearsals,
                self._given.control,
                reconciler,
                intake,
                alone=self._given.alone,
            )
            self._take_up(switchboard)
            self.distributor.tell(LinkLost())  # run due timers, but give no ring up before Asterisk was asked
            self._journal.rotate()
            reception = Reception(
                switchboard, self.distributor, rehearsals, lambda: administration.edition, self._given.known.agi, intake
            )
            asyncio.get_running_loop().set_exception_handler(descriptors.Exhaustion())
            files = descriptors.provide(self._settings.max_calls)
            if not files.enough:
                log.error("open-files", why=files.sentence)
            agi = AgiServer(reception.answer, str(self._settings.agi_listen), ports.agi, limit=files.calls)
            board = Board(self.distributor, lambda: administration.edition.hotline)
            broadcast = Broadcast(board, board, self._clock.now)
            self._recorder.add("broadcast", broadcast.note)
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
                    observer_failures=lambda: self._recorder.failures,
                )
            )
            self._recorder.add("metrics", lambda record: metrics.note(record, self._book.summary(record)))

            async def asterisk_check() -> str | None:
                return reconciler.why_away()

            offered = app(
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
            http = Server(offered, str(self._settings.listen), ports.http)
            metrics.add(http)
            metrics.add(broadcast)
            await agi.start()
            keeping = tasks.create_task(reconciler.run())
            sweeping = tasks.create_task(sweep_daily(self._settings.folder.sounds, lambda: administration.edition))
            serving = tasks.create_task(http.serve())
            running = {"the link to Asterisk": keeping, "HTTP": serving}
            pulse = Pulse(self.distributor, agi, running, self._book.live, reconciler.why_away)
            starting = tasks.create_task(self._start(reconciler, http, lambda: ready(pulse)))
            try:
                await intake.restarting.wait()  # this may come before Asterisk was ever reached
            finally:
                starting.cancel()
                intake.close()
                http.should_exit = True
                broadcast.close()
                await agi.stop(0)  # calls stay where they are: the next service takes them up
                self.distributor.close()
                await asyncio.wait({serving}, timeout=PARTING)
                reconciler.close()
                keeping.cancel()
                sweeping.cancel()
                switchboard.close()


def _engine(edition: Edition, before: Recollection, now: float, node: str) -> Engine:
    """The engine restored to its last state, or a new one where that state cannot be read."""
    hotline = edition.hotline
    given: dict[str, Any] = {
        "seed": int(now * 1000),
        "node": node,
        "now": now,
        "day_end": day_end(hotline.timezone),
        "version": hotline.version,
        "unseen": True,
    }
    try:
        return Engine.restored(hotline.queues, hotline.agents, before.engine, before.records, **given)
    except UnreadableSnapshot as error:
        log.error("state-unreadable", why=str(error), effect="agents are signed out, who waited begins again")
        return Engine.restored(hotline.queues, hotline.agents, None, (), **given)


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
