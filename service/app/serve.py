"""The service: everything that runs beside Asterisk, put together, started, kept and stopped in order."""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from acd.events import Tick
from base import descriptors
from base.clock import Clock
from base.failure import NotDone
from base.tasks import Failures, Tasks, Work
from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.citizens_door import CitizensDoor
from dialplan.control import AsteriskControl
from dialplan.doors import Doors, doors
from dialplan.guard import Guard
from dialplan.link import attempt
from hotline.edition import Editions
from journal import database
from journal.actor import SYSTEM
from nodes.channel import Channel
from nodes.exchange import shared_key
from nodes.fence import fence
from nodes.leadership import KEPT_S, Leadership
from nodes.machines import Machines
from nodes.measures import Measures
from nodes.shared import Shared
from privacy.retention import Retention
from processes import exposure
from processes.asterisk import AsteriskFailed
from processes.logs import keep_small
from processes.memory import AsteriskMemory
from recordings.keeper import RecordingStore
from service.app.beginning import Beginning, Following, beginning
from service.app.centre import Centre
from service.app.changing import Changing
from service.app.memory import Memory, remember
from service.app.people import People, accounts
from service.app.standing_by import leadership_of, until_it_leads
from service.app.web import Views, web
from service.http.connections import LocalServer, Server
from service.pulse import Pulse, Renewal, renewed
from settings.settings import Settings
from sounds.build import sweep
from sounds.catalogue import Clip

# What is done from time to time, beside the calls.


DAY = 86_400.0
"""Seconds between two sweeps."""

LOOK_S = 30.0
"""Seconds between two looks at the certificate."""


async def sweep_daily(folder: Path, clips: Callable[[], Iterable[Clip]], also: Callable[[], None]) -> None:
    """Remove clips from `folder` that no version has needed for a week. `clips`: those that are needed now. `also`:
    sweeps the rest. Runs until cancelled.

    A call keeps the version that it began with. That version's clips therefore stay for a week after a reload.
    """
    while True:
        await asyncio.sleep(DAY)
        try:
            removed = await asyncio.to_thread(lambda: sweep(folder, clips()))
            await asyncio.to_thread(also)
        except OSError as problem:  # the disk failed: clips stay, and calls go on
            log.warning("clips-not-removed", why=str(problem))
            continue
        if removed:
            log.info("clips-removed", clips=removed)


async def renew_certificate(files: tuple[Path, Path], use: Callable[[], Awaitable[None]]) -> None:
    """`use` the files of certificate and key each time that they have changed. Runs until cancelled.

    An error of `use` (OSError, NotDone) is logged, and the certificate that was in use stays.
    """
    used = _seen(files)
    while True:
        await asyncio.sleep(LOOK_S)
        now = _seen(files)
        if now == used or None in now:
            continue
        used = now
        try:
            await use()
        except (OSError, NotDone) as error:
            log.error("certificate-not-renewed", why=str(error), effect="the one before stays in use")
        else:
            log.info("certificate-renewed", file=str(files[0]))


def _seen(files: tuple[Path, Path]) -> list[tuple[int, int] | None]:
    """The marks by which a changed file is noticed; None: it is not there, perhaps being replaced."""
    seen: list[tuple[int, int] | None] = []
    for file in files:
        try:
            state = file.stat()
        except OSError:
            seen.append(None)
        else:
            seen.append((state.st_mtime_ns, state.st_ino))
    return seen


log = structlog.get_logger()

FIRST_LOOK = 1.0
"""Seconds that "ready" waits for people and tokens to be read; calls are taken before that."""

PARTING = 1.0
"""Seconds that HTTP requests have to end by themselves when the service stops."""


async def serve(
    settings: Settings,
    ready: Callable[[Pulse], None],
    *,
    alone: Callable[[], str | None],
    standing_by: Callable[[str], None] = lambda words: None,
) -> None:
    """Run until cancelled, or until a restart is due: a requested one, or as another machine leads now. Calls stay in
    Asterisk.

    ready        called once calls can be taken; the pulse it gets is valid until `serve` ends
    alone        why nothing would restart the service if it ended now; None: something would
    standing_by  called with what is so, as long as another machine leads

    Raises NotDone, and what `prepare`, the database and the ports raise at the start.
    """
    if settings.stand_by:
        await _lead(settings, ready, alone, standing_by)
        return
    begun = await beginning(settings)
    with database.trusted(settings.database, settings.folder.run / "database-in-use"):
        await _serve(settings, begun, ready, alone, None)


async def _lead(
    settings: Settings,
    ready: Callable[[Pulse], None],
    alone: Callable[[], str | None],
    standing_by: Callable[[str], None],
) -> None:
    """Stand by until this machine leads, then serve until it does so no more, or a restart is due."""
    leadership, kept_s = leadership_of(settings), 0.0
    async with AsyncExitStack() as ending:
        following = await ending.enter_async_context(Following(settings))
        begun = await following.newest()
        if settings.node_address is not None:
            seal = begun.known.seal.get_secret_value()
            await ending.enter_async_context(Channel(leadership, shared_key(seal)))
        try:
            keeping_up = following.begin()
            try:
                await until_it_leads(settings, leadership, begun.edition.hotline.zone, standing_by)
            finally:
                keeping_up.cancel()
                await asyncio.wait({keeping_up})
            keeping = asyncio.create_task(leadership.keep())
            keeping.add_done_callback(lambda _: leadership.on_over())
            try:
                await _serve(settings, await following.newest(), ready, alone, leadership)
                kept_s = KEPT_S if alone() is None else 0.0  # a restart: the next service of this machine leads on
            finally:
                keeping.cancel()
                await asyncio.wait({keeping})
            if not keeping.cancelled():
                keeping.result()
        finally:
            await leadership.resign(kept_s)


async def _serve(
    settings: Settings,
    begun: Beginning,
    ready: Callable[[Pulse], None],
    alone: Callable[[], str | None],
    leadership: Leadership | None,
) -> None:
    """Wire all parts to each other and run them. `leadership`: of this machine; None: it is the only one."""
    known, control, edition = begun.known, begun.control, begun.edition
    async with AsyncExitStack() as ending:
        failures, renewal_note = Failures(), settings.folder.run / "renewed"
        failures.counts.update(renewed(renewal_note))
        asyncio.get_running_loop().set_exception_handler(failures.handle)
        ending.callback(asyncio.get_running_loop().set_exception_handler, None)
        memory = await remember(settings, lambda book: centre.snapshot(book), ending, failures, leadership)
        clock = Clock(not_before=memory.last_at)
        tasks = await ending.enter_async_context(Tasks(failures))
        files = descriptors.provide(settings.max_calls)
        if not files.enough:
            log.error("open-files", why=files.sentence)
        centre = Centre(
            *(settings, known, Editions(edition), clock, memory.book, memory.journal.write, memory.before, tasks),
            files.calls,
            RecordingStore(memory.read, memory.journal.flush),
            emergencies=lambda: changing.emergencies.all_on,
            may_offer=(lambda: True) if leadership is None else leadership.may_offer,
        )
        tls = None if settings.certificate is None else exposure.context(settings)
        version_in_use = await asyncio.to_thread(begun.start.keep, begun.kept, clock.now(), SYSTEM)
        everybody = accounts(settings, known, memory.read, clock)
        changing = Changing(
            *(settings, centre, control, begun.kept, version_in_use, begun.start.fault, tls, alone),
            audit=lambda entry: everybody.audit.note(entry, change=True),
        )
        ending.push_async_callback(changing.drafts.close)
        changing.emergencies.take_up()
        changing.notices.take_up()
        centre.take_up()
        memory.journal.rotate()
        await changing.trial.take_up()
        people = People(settings, known, centre, memory, everybody, changing.emergencies)
        views = Views(settings, centre, memory, people.listenings, changing)
        retention = _retention(settings, centre, memory)
        machines = Machines(memory.read, leadership)
        offered = web(settings, centre, memory, changing, people, views, retention, machines)
        http = Server(offered, str(settings.web_listen), settings.ports.http, tls, settings.proxies)
        local = LocalServer(offered, settings.folder.door)
        guard = Guard(settings.asterisk_folder / "log/security", time.monotonic)
        at_doors = Doors(*doors(settings))
        citizens = CitizensDoor(
            settings.asterisk_folder / "etc/citizens.conf",
            control.reload_lists,
            lambda: centre.reconciler.telephony.anonymous,
            settings.max_calls_per_address,
            time.monotonic,
        )
        asterisk_memory = AsteriskMemory(control.pid, control.relieve, time.monotonic)
        for reports in (
            http,
            offered.turnstile,
            views.broadcast,
            people.admission,
            people.pins,
            changing.drafts,
            guard,
            at_doors,
            citizens,
            asterisk_memory,
            retention.figures,
        ):
            views.metrics.add(reports)

        if leadership is not None:
            views.metrics.add(Measures(leadership, lambda: memory.journal.refused))
        renewal = Renewal(centre.intake, centre.distributor, alone, renewal_note)
        why = "the engine raised, and half of its state may be changed"
        centre.distributor.broke = partial(renewal.ask, Work.ENGINE, why)
        is_ready = False

        def no_http() -> None:
            """Calls go on without HTTP. A service that has not begun ends, and says why."""
            if is_ready:
                renewal.ask(Work.HTTP, "HTTP has ended")
            else:
                centre.intake.restarting.set()

        async def start() -> None:
            """Wait until calls can be taken, then say so."""
            nonlocal is_ready
            await centre.reconciler.wait_ready()
            if begun.stale:
                await _reload(control)
            await http.wait_started()
            await local.wait_started()
            await everybody.wait_looked(FIRST_LOOK)
            _settle_garbage()
            running = {"the link to Asterisk": link}
            away, drained = centre.reconciler.why_away, lambda: centre.intake.drained
            ready(Pulse(centre.distributor, centre.agi, running, memory.book.live, away, drained))
            is_ready = True
            if leadership is not None:
                leadership.started()
            log.info("ready", hotline=edition.hotline.id, version=edition.hotline.version)

        if leadership is not None:
            leadership.on_regained = lambda: centre.distributor.tell(Tick())
            leadership.on_over = centre.intake.restarting.set
            if leadership.over:
                leadership.on_over()
        await centre.agi.start()
        link, compare = centre.reconciler.run()
        works = _works(
            *(tasks, settings, centre, memory, changing, people, views),
            *(retention, guard, at_doors, citizens, asterisk_memory),
        )
        working = [link, compare, *works]
        if leadership is not None:
            shared = Shared(memory.read, settings.folder)
            working.append(tasks.keep(Work.SHARED, lambda: shared.keep_giving(fence(leadership.holder))))
        serving = tasks.spawn(Work.HTTP, _served(http), no_http)
        serving_here = tasks.spawn(Work.HTTP, _served(local), no_http)
        beginning = tasks.spawn(Work.START, start(), centre.intake.restarting.set)
        try:
            await centre.intake.restarting.wait()  # this may come before Asterisk was ever reached
            for task in (beginning, serving, serving_here):
                if not is_ready and task.done():
                    task.result()  # raises what there was instead of a start
        finally:
            tasks.cancel(beginning)
            centre.intake.close()
            changing.selftest.close()
            http.should_exit = local.should_exit = True
            views.broadcast.close()
            await centre.let_go()
            await asyncio.wait({serving, serving_here}, timeout=PARTING)
            centre.close()
            for task in working:
                tasks.cancel(task)
            await everybody.close()


async def _served(http: Server) -> None:
    await http.serve()
    if not http.should_exit:
        raise RuntimeError("nobody has ended it")


def _works(
    tasks: Tasks,
    settings: Settings,
    centre: Centre,
    memory: Memory,
    changing: Changing,
    people: People,
    views: Views,
    retention: Retention,
    guard: Guard,
    at_doors: Doors,
    citizens: CitizensDoor,
    asterisk_memory: AsteriskMemory,
) -> Iterator[asyncio.Task[Any]]:
    """What goes on beside the calls until the service ends."""
    keep, editions, sweep = tasks.keep, centre.editions, changing.emergencies.sweep
    # Asterisk's answer comes after all that it has said before
    yield keep(Work.CLOCK, lambda: centre.clock.keep(lambda: attempt(centre.reconciler.link, "Ping")))
    yield keep(Work.ACCOUNTS, people.accounts.run)
    yield keep(Work.CLIPS, lambda: sweep_daily(settings.folder.sounds, editions.clips, sweep))
    yield keep(Work.ASTERISK_LOGS, lambda: keep_small(settings.asterisk_folder / "log"))
    yield keep(Work.RETENTION, retention.run)
    if settings.selftest.at is not None:
        yield keep(Work.SELFTEST, changing.selftest.nightly)
    if settings.daily_sheet is not None:
        yield keep(Work.DAILY_SHEET, views.mailing.run)
    yield keep(Work.DESCRIPTORS, descriptors.watch)
    yield keep(Work.GUARD, guard.run)
    yield keep(Work.DOORS, at_doors.run)
    yield keep(Work.ASTERISK_MEMORY, asterisk_memory.run)
    if settings.trunk is None and settings.phones_listen.is_loopback:
        yield keep(Work.CITIZENS_DOOR, citizens.run)
    yield keep(Work.BROWSER_PHONES, people.browser_phones.run)
    yield tasks.spawn(Work.MESSAGE, centre.keeper.compare())
    yield keep(Work.RECORDING, centre.recordings.run)
    yield tasks.spawn(Work.LANGUAGES, centre.remembering.recall(memory.store))
    if (certificate := settings.certificate) is not None:
        yield keep(Work.CERTIFICATE, lambda: renew_certificate(certificate, changing.publishing.renew_certificate))


def _retention(settings: Settings, centre: Centre, memory: Memory) -> Retention:
    return Retention(
        memory.read,
        memory.journal,
        settings.keep,
        settings.folder,
        settings.node,
        write=centre.distributor.write,
        messages=centre.keeper,
        recordings=centre.recordings,
        live=memory.book.live,
        zone=lambda: centre.editions.in_use.hotline.zone,
        own_days=lambda: {
            queue_id: queue.recordings_days
            for queue_id, queue in centre.editions.in_use.hotline.queues.items()
            if queue.recordings_days is not None
        },
        now=centre.clock.now,
    )


async def _reload(control: AsteriskControl) -> None:
    try:
        await control.reload()
    except (AsteriskFailed, LinkDown, ActionRefused, TimeoutError) as error:
        log.error("asterisk-not-reloaded", why=str(error), what_to_do="./wutong reload")


def _settle_garbage() -> None:
    """Exclude everything that exists after the start from garbage collection.

    A full collection would walk 300,000 objects of libraries and of the hotline for 50 to 130 ms, in which no agent
    is rung. Without them it takes a few ms.
    """
    gc.collect()
    gc.freeze()
