"""The service: everything that runs beside Asterisk, put together, started and stopped in order."""

import asyncio
import gc
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from importlib.metadata import PackageNotFoundError, version

import structlog

import calls.store
from accounts.accounts import Accounts
from accounts.audit import AuditTable
from accounts.openid.flow import Asked
from accounts.store import AccountStore
from calls.book import CallBook
from calls.store import NEWEST, CallStore, StoreUnavailable
from dialplan import obtaining
from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.asterisk import AsteriskFailed
from dialplan.link import attempt
from journal.actor import SYSTEM
from journal.history import DatabaseHistory, History, HistoryUnavailable
from journal.spool import Spool
from journal.writer import Journal
from service.app import starting
from service.app.centre import Centre
from service.app.drafts import Workshop
from service.app.duty import Duty
from service.app.emergencies import Emergencies
from service.app.examination import Examination
from service.app.housekeeping import renew_certificate, sweep_daily
from service.app.numbers import Numbers
from service.app.operations import Administration
from service.app.pictures import Pictures
from service.app.pins import Pins
from service.app.prepare import prepare
from service.app.prompts import Prompts
from service.app.publishing import Publishing
from service.app.recording import Recording
from service.app.retention import Retention
from service.app.starting import Start
from service.app.trial_run import TrialRun
from service.asterisk.browser_phones import BrowserPhones
from service.asterisk.control import AsteriskControl
from service.asterisk.guard import Guard
from service.asterisk.logs import keep_small
from service.calls import snapshot
from service.calls.edition import Edition
from service.calls.editions import Editions
from service.calls.help import HelpCalls
from service.calls.listening import Listenings
from service.calls.moves import Moves
from service.calls.room import Full
from service.calls.snapshot import Recollection
from service.calls.transfers import Transfers
from service.calls.wrap_ups import Sheets
from service.http.admission import Admission
from service.http.app import Check, app
from service.http.board import Board
from service.http.broadcast import Broadcast
from service.http.connections import Server
from service.http.lineup import Lineup
from service.http.listened import Listened
from service.http.metrics import Metrics, Readings
from service.process import descriptors
from service.process.pulse import Pulse
from service.setup import exposure, secrets
from service.setup import log as logging_
from service.setup.clock import Clock
from service.setup.settings import Settings
from service.storage import database
from service.storage.versions import VersionStore

log = structlog.get_logger()

FIRST_WRITES = 5.0
"""Seconds to make the database ready at the very first start; after that the service starts without it."""

FIRST_LOOK = 1.0
"""Seconds that "ready" waits for people and tokens to be read; calls are taken before that."""

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
    kept = await asyncio.to_thread(VersionStore, settings.folder.versions)
    start = await asyncio.to_thread(starting.again, settings, kept)
    hotline = start.hotline
    logging_.keep(hotline.own_numbers)
    known = await asyncio.to_thread(
        secrets.obtain, settings.folder, hotline.agents.values(), settings.token, start.given
    )
    installation = None
    if settings.asterisk is None:
        installation = await asyncio.to_thread(obtaining.obtain, obtaining.default_cache(), _log_progress)
    control = AsteriskControl(installation, settings, known)
    # Nothing is installed here: a start must not wait for a network. `up` and `reload` do that.
    prepared = await prepare(settings, known, hotline, control.installation, _log_progress, install=False)
    if prepared.draft is not None:
        log.warning("draft-voice", why=prepared.draft)
    edition = Edition(hotline, prepared.catalogue, prepared.draft)
    with database.trusted(settings.database, settings.folder.run / "database-in-use"):
        await _serve(settings, known, control, edition, kept, start, ready, alone, stale=bool(prepared.changed))


async def _serve(
    settings: Settings,
    known: secrets.Secrets,
    control: AsteriskControl,
    edition: Edition,
    kept: VersionStore,
    began: Start,
    ready: Callable[[Pulse], None],
    alone: Callable[[], str | None],
    *,
    stale: bool,
) -> None:
    """Wire all parts to each other and run them. `kept`: the versions. `began`: the hotline at the start. `stale`:
    Asterisk has not read the newly rendered configuration.
    """
    # The writer has its own engine: readers of a slow database must not take all connections.
    read, written = database.open(settings.database), database.open(settings.database)
    async with AsyncExitStack() as ending:
        ending.push_async_callback(written.dispose)
        ending.push_async_callback(read.dispose)
        store = CallStore(read)
        book = CallBook(store)
        editions = Editions(edition)
        spool = await asyncio.to_thread(Spool.open, settings.folder.spool, limit=settings.spool_limit)
        journal = Journal(
            written,
            spool,
            snapshot=lambda: snapshot.take(centre.distributor.engine, book, centre.last_hour, centre.trials),
            prepare=database.migrate,
            projections=(calls.store.project,),
            on_written=book.written,
            node=settings.node,
        )
        ending.callback(journal.close)
        outer = await ending.enter_async_context(asyncio.TaskGroup())
        ending.callback(outer.create_task(journal.run()).cancel)
        ending.push_async_callback(journal.flush, LAST_WRITES)
        before = await _before(spool, journal, DatabaseHistory(read, settings.node), store)
        clock = Clock(not_before=max(before.last_at, spool.last_at))
        tasks = await ending.enter_async_context(asyncio.TaskGroup())
        files = descriptors.provide(settings.max_calls)
        if not files.enough:
            log.error("open-files", why=files.sentence)
        centre = Centre(
            *(settings, known, editions, clock, book, journal.write, before, tasks, files.calls),
            emergency=lambda: emergencies.on,
        )
        distributor, recorder, reconciler = centre.distributor, centre.recorder, centre.reconciler
        intake, agi = centre.intake, centre.agi
        tls = None if settings.certificate is None else exposure.context(settings)
        version_in_use = await asyncio.to_thread(began.keep, kept, clock.now(), SYSTEM)
        trial = TrialRun(
            *(settings, editions, kept, centre.trials, distributor.write, clock.now),
            audit=lambda entry: people.audit.note(entry, change=True),
        )
        recorder.add("trial", trial.note)
        publishing = Publishing(
            *(settings, editions, kept, distributor, control, reconciler, trial),
            version=version_in_use,
            fault=began.fault,
            tls=tls,
        )
        administration = Administration(
            settings, editions, publishing, distributor, centre.rehearsals, reconciler, intake, alone=alone
        )
        recording = Recording(lambda: editions.in_use, publishing.lock)
        people = Accounts(
            AccountStore(read),
            AuditTable(read),
            idle=settings.session_idle,
            longest=settings.session_longest,
            audit_days=settings.audit_days,
            rest=settings.folder.audit_rest,
            seal=known.seal.get_secret_value(),
            openid=_openid(settings),
            now=clock.now,
            wall=time.time,
        )
        emergencies = Emergencies(
            settings.emergency,
            settings.folder.emergency,
            settings.folder.sounds,
            lambda: editions.in_use,
            recording.taken,
            clock,
            distributor.write,
            audit=lambda entry: people.audit.note(entry, change=True),
        )
        emergencies.take_up()
        centre.take_up()
        journal.rotate()
        await trial.take_up()
        pins = Pins(settings.folder.emergency_pins, people, clock.now)
        pins.take_up()
        centre.reception.duty = Duty(
            emergencies,
            pins,
            lambda: editions.in_use,
            settings.folder.recordings,
            settings.asterisk_folder / "etc" / "tone",
            clock.now,
            audit=lambda entry: people.audit.note(entry, change=True),
        ).answer
        browser_phones = BrowserPhones(reconciler.telephony, settings.ports.websocket, settings.folder.shut_out)
        listenings = Listenings(
            centre.switchboard,
            distributor,
            book,
            lambda: editions.in_use,
            audit=lambda entry: people.audit.note(entry, change=True),
        )
        listenings.take_up((*before.calls, *before.heard))
        recorder.add("listenings", listenings.note)

        def shut_out(agent_id: str) -> None:
            listenings.shut_out(agent_id)
            browser_phones.shut_out_soon(agent_id)

        people.agent_shut_out = shut_out
        board = Board(
            distributor,
            centre.last_hour,
            lambda: editions.in_use.hotline,
            book.help_since,
            trunk=settings.trunk is not None,
        )
        listened = Listened(listenings.listenings)
        lineup = Lineup(board, book.number_of)
        broadcast = Broadcast(board, board, lineup, listened, clock.now, emergencies.told)
        recorder.add("broadcast", broadcast.note)
        metrics = Metrics(
            Readings(
                queues=board,
                agents=board,
                live_calls=book.live,
                journal_waiting=lambda: journal.waiting,
                journal_dropped=lambda: journal.dropped,
                ami=lambda: reconciler.link.figures,
                journal_behind_s=lambda: journal.behind(clock.now()),
                spool_bytes=lambda: spool.size,
                spool_up=lambda: spool.fault is None,
                agi_sessions=lambda: agi.sessions,
                agi_refused=lambda: agi.refused,
                calls_refused=lambda: {why: centre.room.refused[why] for why in Full},
                agi_dropped=lambda: agi.dropped,
                drained=lambda: intake.drained,
                emergency_s=emergencies.left_s,
                agi_strangers=lambda: centre.reception.refused,
                observer_failures=lambda: recorder.failures,
            )
        )
        recorder.add("metrics", lambda record: metrics.note(record, book.summary(record)))
        admission = Admission(known.token.get_secret_value(), people)
        retention = Retention(
            read,
            journal,
            settings.keep,
            settings.folder,
            settings.node,
            write=distributor.write,
            live=book.live,
            zone=lambda: editions.in_use.hotline.zone,
            now=clock.now,
        )

        def forget(number: str) -> None:
            book.forget_recent()
            centre.remembering.forget(number)

        workshop = Workshop(settings, lambda: editions.in_use.hotline.folder, publishing)
        ending.push_async_callback(workshop.close)
        offered = app(
            admission=admission,
            host_names=settings.host_names,
            version=_version(),
            queues=board,
            callers=board,
            agents=board,
            browser_phones=browser_phones,
            targets=board,
            places=lambda: editions.in_use.hotline,
            calls=book,
            placing=administration,
            moving=Moves(distributor, centre.switchboard, lambda: editions.in_use),
            sending=Transfers(centre.switchboard, lambda: editions.in_use),
            hearing=listenings,
            helping=HelpCalls(distributor, book),
            sheets=Sheets(distributor, lambda: editions.in_use.hotline),
            now=clock.now,
            operations=administration,
            versions=publishing,
            examining=Examination(
                settings, intake, lambda: editions.in_use.hotline.version, book.tally, administration.alone
            ),
            spoken=Prompts(lambda: editions.in_use),
            drawing=Pictures(lambda: editions.in_use.hotline, read, clock.now),
            drafting=workshop,
            recorded=recording,
            warning=emergencies,
            pins=pins,
            ageing=retention,
            numbers=Numbers(
                read,
                settings.database,
                journal,
                store,
                distributor.write,
                clock.now,
                forget,
                lambda: editions.in_use.hotline,
            ),
            metrics=metrics,
            broadcast=broadcast,
            checks={
                "asterisk": _check(reconciler.why_away),
                "intake": _check(intake.why_closed),
                "database": lambda: database.why_unreachable(read, NEWEST),
                "journal": _check(lambda: journal.trouble),
            },
            notes={
                "voice": lambda: editions.in_use.draft,
                "hotline": lambda: publishing.fault,
                "accounts": people.why_unread,
                "emergency": emergencies.sentence,
            },
        )
        http = Server(offered, str(settings.web_listen), settings.ports.http, tls, settings.proxies)
        metrics.add(http)
        metrics.add(broadcast)
        metrics.add(admission)
        metrics.add(workshop)
        folder = settings.asterisk_folder
        guard = Guard(folder / "log/security", folder / "etc/blocked.conf", control.reload_blocked, time.monotonic)
        metrics.add(guard)
        metrics.add(retention.figures)

        async def start() -> None:
            """Wait until calls can be taken, then say so."""
            await reconciler.wait_ready()
            if stale:
                await _reload(control)
            await http.wait_started()
            await people.wait_looked(FIRST_LOOK)
            _settle_garbage()
            running = {"the link to Asterisk": keeping, "HTTP": serving}
            ready(Pulse(distributor, agi, running, book.live, reconciler.why_away, lambda: intake.drained))
            log.info("ready", hotline=edition.hotline.id, version=edition.hotline.version)

        await agi.start()
        keeping = tasks.create_task(reconciler.run())
        # Asterisk's answer comes after all that it has said before
        ticking = tasks.create_task(clock.keep(lambda: attempt(reconciler.link, "Ping")))
        knowing = tasks.create_task(people.run())
        sweeping = tasks.create_task(sweep_daily(settings.folder.sounds, editions.clips, emergencies.sweep))
        shortening = tasks.create_task(keep_small(settings.asterisk_folder / "log"))
        forgetting = tasks.create_task(retention.run())
        watching = tasks.create_task(descriptors.watch())
        guarding = tasks.create_task(guard.run())
        shutting_out = tasks.create_task(browser_phones.run())
        recalling = tasks.create_task(centre.remembering.recall(store))
        renewing = None
        if settings.certificate is not None:
            renewing = tasks.create_task(renew_certificate(settings.certificate, publishing.renew_certificate))
        serving = tasks.create_task(http.serve())
        starting = tasks.create_task(start())
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
            ticking.cancel()
            sweeping.cancel()
            shortening.cancel()
            forgetting.cancel()
            watching.cancel()
            guarding.cancel()
            shutting_out.cancel()
            recalling.cancel()
            if renewing is not None:
                renewing.cancel()
            knowing.cancel()
            await people.close()


async def _before(spool: Spool, journal: Journal, database: History, store: CallStore) -> Recollection:
    """The state before this start: from the spool, or from the database where the spool has no snapshot."""
    if spool.recovered.snapshot is None:
        await journal.flush(FIRST_WRITES)
    try:
        return await snapshot.recall((spool, database), store)
    except (HistoryUnavailable, StoreUnavailable) as error:
        log.error("starting_without_database", error=str(error))
        return Recollection()


async def _reload(control: AsteriskControl) -> None:
    try:
        await control.reload()
    except (AsteriskFailed, LinkDown, ActionRefused, TimeoutError) as error:
        log.error("asterisk-not-reloaded", why=str(error), what_to_do="./wutong reload")


def _check(why: Callable[[], str | None]) -> Check:
    async def check() -> str | None:
        return why()

    return check


def _openid(settings: Settings) -> Asked | None:
    """The city's own sign-in. Without one its libraries are not loaded: they would take 0.2 s of every start."""
    if settings.openid is None:
        return None
    from accounts.openid.provider import Provider

    return Provider(settings.openid, time.time)  # its tokens follow the time of day


def _log_progress(line: str) -> None:
    log.info("preparing", step=line)


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
