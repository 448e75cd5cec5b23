"""`./wutong up`: check, obtain, prepare, start, give up root, supervise, stop."""

import asyncio
import compileall
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from accounts.model import LOCAL
from base import log as logging_
from base import own_program
from base.failure import NotDone
from base.files import LockHeld
from base.folders import CHECKOUT, default_state
from base.process import Process, ending_signals
from hotline.model import Hotline
from journal.actor import Actor
from processes import exposure, obtaining, ownership, passage, running, users
from processes.asterisk import AsteriskProcess
from processes.child import ServiceChild, keep
from processes.notify import Notifier
from processes.obtaining import Installation
from processes.report import Report
from processes.running import ServiceNote, SupervisorNote, as_running
from processes.starter import NotStarted, Other
from processes.users import User
from publishing import starting
from publishing.fetching import BEGINS, Fetching
from publishing.prepare import REPAIRABLE, equip, prepare
from publishing.speech import voice
from publishing.starting import Start
from publishing.store import VersionStore
from publishing.versions import taken_back_in_words
from sentences.languages import language_here
from sentences.of_libraries import recognised
from sentences.sentence import Sentence, lines, listed
from settings import secrets, trust
from settings.settings import OPTIONS, Settings

# What `./wutong up` does as root, and last of it: it gives up root. No process of the hotline keeps it.
#
# The service's user and Asterisk's get the state folder, and a way to the program, the hotline and the private
# Asterisk. Programs that only root can install are installed before. A small program of Asterisk's user stays: it
# starts Asterisk.


CODE = ("acd", "agents", "calls", "dialplan", "emergency", "hotline", "ivr", "journal", "service", "sounds")


def leave_root(
    settings: Settings, hotline: Hotline | None, installation: Installation | None, report: Report
) -> Other | None:
    """Become the service's user for good. Answers what starts Asterisk as its own user; None: Asterisk is remote.

    `hotline` None: the service runs already. Raises `NotDone`, `NotOurProgram`, OSError, and what `equip` raises.
    """
    own_program.require(Sentence("`up` would give up root"), Sentence("Start ./wutong up in a process of its own"))
    folder, cache = settings.folder, obtaining.default_cache()
    os.umask(0o022)  # both users read what is installed
    both = users.obtain(cache, report.step)
    if hotline is not None:
        asyncio.run(equip(settings, hotline, report.step))
    for package in CODE:  # as they may not write there, every start would compile it anew
        compileall.compile_dir(CHECKOUT / package, quiet=2)
    tools = [] if installation is None else [installation.modules_dir]  # the cache may have a link to its folder
    used = folder.secrets.exists() and folder.secrets.stat().st_uid != both.service.uid
    ownership.give(folder, both)
    opened = {
        *passage.let_pass(both.service, [*program(), settings.hotline, folder.root, cache, *tools, voice().folder]),
        *passage.let_pass(both.asterisk, [*program(), folder.root, cache, *tools]),
    }
    if hotline is not None:
        lend_prompts(settings.hotline, both.service, report.step)
    if opened:
        names = ", ".join(map(str, sorted(opened)))
        report.step(
            Sentence(
                "the users {service} and {other} may go through {names}, and list nothing there",
                service=users.SERVICE,
                other=users.ASTERISK,
                names=names,
            )
        )
    if used:
        report.step(
            Sentence(
                "{folder} is {service}'s from now on, and Asterisk's own files there are {other}'s; it was root's",
                folder=folder.root,
                service=users.SERVICE,
                other=users.ASTERISK,
            )
        )
    starter = None
    try:
        if installation is not None:
            starter = Other(both.asterisk.name, both.asterisk.uid, both.asterisk.gid)
    except NotStarted as error:
        raise NotDone("{why}. Put Wutong where every user may read it, such as /opt", why=str(error)) from None
    # cache and state folder stay where root had them
    os.environ |= {"XDG_CACHE_HOME": str(cache.parent), "XDG_STATE_HOME": str(default_state().parent)}
    os.environ |= {"HOME": str(folder.root), "USER": both.service.name, "LOGNAME": both.service.name}
    users.become(both.service, both.asterisk.gid)
    if hotline is not None:
        passage.check_readable(settings.hotline, both.service)
    return starter


def lend_prompts(hotline: Path, service: User, show: Callable[[str], None]) -> None:
    """Let the service keep recordings. Where it cannot, as on a disk that is read only, all else works."""
    prompts = hotline / ownership.PROMPTS
    try:
        if ownership.lend(hotline, service):
            show(Sentence("the user {user} may keep recordings in {folder}", user=service.name, folder=prompts))
    except OSError as error:
        show(
            Sentence(
                "the user {user} cannot keep recordings in {folder}: {why}",
                user=service.name,
                folder=prompts,
                why=recognised(error.strerror),
            )
        )


def program() -> list[Path]:
    """The folders that the service runs from: the checkout, Python and the folders of its packages."""
    return [CHECKOUT, Path(sys.executable), Path(sys.base_prefix), *(Path(name) for name in sys.path if name)]


log = structlog.get_logger()

STOPPED_EARLY = 130
"""Exit status after a Ctrl-C before all was up, as in shells."""


Beside = Callable[[], Coroutine[Any, Any, None]]
"""What runs beside the service while all is up. It never raises, and is cancelled at the end."""


def up(settings: Settings, report: Report, beside: Beside | None = None) -> int:
    """Bring everything up and keep it so until a signal comes; the exit status.

    Every failure goes to `report`. At the end everything that was started is stopped.
    """
    folder = settings.folder
    before = {number: signal.signal(number, _interrupt) for number in ending_signals()}
    try:
        folder.make()
        with ExitStack() as starting, ExitStack() as living:
            waiting = Sentence("another `up` is starting on this state folder; waiting for it")
            starting.enter_context(running.lock(folder, "start", lambda: report.step(waiting)))
            try:
                living.enter_context(running.lock(folder, "supervisor"))
            except LockHeld:
                note = running.supervisor(folder)
                if note is not None and (other := _other(settings, note)):
                    report.problem(
                        Sentence(
                            "It is up already, with {other}. To change that: ./wutong down --state {folder}, then "
                            "./wutong up again",
                            other=other,
                            folder=folder.root,
                        )
                    )
                    return 1
                if beside is not None:
                    report.problem(
                        Sentence("It is up already, without --watch. ./wutong down first, then ./wutong up --watch")
                    )
                    return 1
                report.ready(already=True)
                return 0
            return _bring_up(settings, report, starting.close, living, beside)
    except KeyboardInterrupt:
        return STOPPED_EARLY
    except REPAIRABLE as error:
        report.problem(recognised(error))
        return 1
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _bring_up(
    settings: Settings, report: Report, started: Callable[[], None], ending: ExitStack, beside: Beside | None
) -> int:
    settings = as_running(settings)
    exposure.check(settings)
    service, asterisk = _left(settings)
    start = None if service is not None and service.ready else _checked(settings, report)
    # outside the loop: this may take minutes, and a Ctrl-C ends it at once
    installation = None if settings.asterisk else obtaining.obtain(obtaining.default_cache(), report.step)
    fetching = Fetching.prepared(settings)
    if fetching is not None:
        ending.callback(fetching.close)
    starter = None
    if os.geteuid() == 0 and settings.separate_users:
        left = (service.process if service is not None else None, asterisk)
        if any(process is not None and process.uid == 0 for process in left):
            _check_root_was_meant(settings)
            report.step(
                Sentence("the hotline was started as root, and stays so: ./wutong down, then ./wutong up changes that")
            )
        else:
            starter = leave_root(settings, None if start is None else start.hotline, installation, report)
    if starter is not None:
        ending.callback(starter.close)
    logging_.configure(settings.log_level, file=settings.folder.logs / "supervisor.log")
    running.note(
        settings.folder,
        SupervisorNote(
            process=Process.this(),
            hotline=settings.hotline,
            base_port=settings.base_port,
            listen=str(settings.listen),
        ),
    )
    program = None
    if installation is not None:
        program = AsteriskProcess(installation, settings.asterisk_folder, starter)
    return asyncio.run(_Up(settings, report, start, program, service, asterisk, beside, fetching).run(started))


def _check_root_was_meant(settings: Settings) -> None:
    """Notes say that root's processes run here: believe only notes that root alone could write. Raises `NotDone`."""
    if (found := trust.changeable(settings.folder.run)) is not None:
        raise NotDone(
            "A process of root runs here, says {folder}. But {found} is not root's alone, so that need not be "
            "true, and nothing is started as root. Stop that first: ./wutong down --state {state}",
            folder=settings.folder.run,
            found=found,
            state=settings.folder.root,
        )


def _left(settings: Settings) -> tuple[ServiceNote | None, Process | None]:
    """The service and the Asterisk that an earlier supervisor left running when it was killed.

    Raises `NotDone` where they run with other settings than these, or `up` did not start the service.
    """
    folder = settings.folder
    service = running.service(folder)
    asterisk = running.asterisk(folder) if settings.asterisk is None else None
    if service is not None and not service.supervised:
        raise NotDone(
            "A service that `up` did not start runs on {folder} (process {process}). Stop that first, or use "
            "another --state.",
            folder=folder.root,
            process=service.process.pid,
        )
    note = service or (running.last_supervisor(folder) if asterisk is not None else None)
    if note is not None and (other := _other(settings, note, of_service=service is not None)):
        raise NotDone(
            "What runs on {folder} was started with other settings ({other}). Stop that first: ./wutong down "
            "--state {folder}",
            folder=folder.root,
            other=other,
        )
    return service, asterisk


def _other(settings: Settings, note: ServiceNote | SupervisorNote, *, of_service: bool = True) -> str:
    """The options with which that runs, where they differ from the ones given now; empty: none differs.

    `of_service`: the hotline counts too, which Asterisk alone does not have.
    """
    return listed(
        Sentence("{option} {value}", option=OPTIONS[name], value=getattr(note, name) or Sentence("left out"))
        for name in ("hotline", "base_port", "listen")[not of_service :]
        if name in settings.model_fields_set and str(getattr(settings, name)) != str(getattr(note, name))
    )


def _checked(settings: Settings, report: Report) -> Start:
    """The hotline that calls will get; what is wrong with the folder is reported. Raises `NotDone` with every problem
    of a broken one, if none was ever published.
    """
    report.step(Sentence("checking {folder}", folder=settings.hotline))
    try:
        start, problems = starting.by_person(settings, VersionStore(settings.folder.versions))
    except starting.Broken as broken:
        why = Sentence("The hotline in {folder} has errors and is not started:", folder=settings.hotline)
        raise NotDone(lines((why, *(problem.words for problem in broken.problems)))) from None
    for problem in problems:
        report.step(problem.words)
    if start.fault is not None:
        report.step(start.fault)
    if start.taken_back is not None:
        report.step(taken_back_in_words(start.taken_back, language_here()))
    return start


@dataclass(eq=False)
class _Up:
    """`begun` is None when a running service is taken up, which has its own hotline; `asterisk` when that is remote."""

    settings: Settings
    report: Report
    begun: Start | None
    asterisk: AsteriskProcess | None
    left_service: ServiceNote | None
    left_asterisk: Process | None
    beside: Beside | None
    fetching: Fetching | None

    def __post_init__(self) -> None:
        self.service = ServiceChild(self.settings)

    async def run(self, started: Callable[[], None]) -> int:
        main = asyncio.current_task()
        assert main is not None
        loop = asyncio.get_running_loop()
        notifier = Notifier()
        is_up = stopping = False

        def stop() -> None:
            nonlocal stopping
            if not stopping:  # a second Ctrl-C must not interrupt the orderly end
                stopping = True
                main.cancel()

        for number in ending_signals():
            loop.add_signal_handler(number, stop)
        try:
            await self._start()
            is_up = True
            started()
            if self.fetching is not None and not self.fetching.needed:
                await self._fetch_nothing()
            if self.fetching is not None:
                self.report.step(BEGINS)
            if self.begun is None:
                self.report.ready(already=False)
            else:
                hotline = self.begun.hotline
                self.report.ready(already=False, number=hotline.numbers[0], agents=sorted(hotline.agents))
            notifier.ready("up")
            log.info("up", state=str(self.settings.state))
            await self._supervise()
        except asyncio.CancelledError:
            self.report.step(Sentence("stopping"))
        finally:
            stopping = True
            notifier.stopping()
            await self._stop(asterisk_too=is_up or self.left_asterisk is None)
            log.info("down", state=str(self.settings.state))
        return 0 if is_up else STOPPED_EARLY

    async def _start(self) -> None:
        left = self.left_service
        if left is not None and left.ready:
            self.report.step(Sentence("taking up the service that runs (process {process})", process=left.process.pid))
            self.service.adopt(left.process)
            if self.asterisk is not None:
                await self.asterisk.start()
            return
        if left is not None:
            await left.process.stop(grace=5)
        await self._prepare()
        if self.asterisk is not None:
            if self.left_asterisk is None:
                self.report.step(Sentence("starting Asterisk"))
            await self.asterisk.start()
        self.report.step(Sentence("starting the service"))
        await self.service.start()

    async def _prepare(self) -> None:
        settings = self.settings
        if self.asterisk is not None and self.left_asterisk is None:
            settings.ports.check_free(
                str(settings.listen),
                http=str(settings.web_listen),
                media=None if settings.media_address is None else str(settings.media_address),
                tls=settings.certificate is not None,
            )
        assert self.begun is not None
        hotline = self.begun.hotline
        known = await asyncio.to_thread(
            secrets.obtain, settings.folder, hotline.phones, settings.token, self.begun.given
        )
        installation = None if self.asterisk is None else self.asterisk.installation
        prepared = await prepare(settings, known, hotline, installation, self.report.step)
        for warning in (*prepared.warnings, *([prepared.draft] if prepared.draft else [])):
            self.report.step(warning)
        if prepared.draft:  # it was tried just now
            await self._fetch_nothing()
        if self.left_asterisk is not None and self.asterisk is not None:
            self.report.step(
                Sentence("taking up the Asterisk that runs (process {process})", process=self.left_asterisk.pid)
            )
            if prepared.changed:
                await self.asterisk.reload()
        store = await asyncio.to_thread(VersionStore, settings.folder.versions)
        await asyncio.to_thread(self.begun.keep, store, time.time(), Actor.token(LOCAL))

    async def _fetch_nothing(self) -> None:
        if self.fetching is not None:
            await asyncio.to_thread(self.fetching.close)
            self.fetching = None

    async def _supervise(self) -> None:
        """Keep both running until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(keep(Sentence("the service"), self.service.start, self.service.ended, self.report.step))
            if self.beside is not None:
                tasks.create_task(self.beside())
            if self.fetching is not None:
                tasks.create_task(self.fetching.run(self.report.step))
            if self.asterisk is not None:
                tasks.create_task(keep("Asterisk", self.asterisk.start, self._asterisk_ended, self.report.step))

    async def _asterisk_ended(self) -> str:
        assert self.asterisk is not None
        await self.asterisk.wait_ended()
        return Sentence("its log is in {folder}", folder=self.asterisk.folder / "log")

    async def _stop(self, *, asterisk_too: bool) -> None:
        """Stop the service first, which says so to its callers, then Asterisk, unless it ran with calls before this
        `up`: a failed start must not end them. Returns when all is gone."""
        try:
            await self.service.stop()
        finally:
            if asterisk_too:
                if self.asterisk is not None:
                    await self.asterisk.stop()
                running.forget(self.settings.folder, "supervisor")
