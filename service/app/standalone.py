"""`./wutong serve`: the service as a process: its lock, its note, its signals, its last words."""

import asyncio
import faulthandler
import os
import sys
from collections.abc import Callable, Iterator
from contextvars import Context
from typing import TypeVarTuple, Unpack

import structlog
import uvloop

from base import log as logging_
from base.failure import NotDone
from base.files import LockHeld
from base.process import Process, ending_signals
from processes import exposure, running
from processes.child import RESTART, ReadyPipe
from processes.notify import Notifier
from processes.running import ServiceNote
from publishing.prepare import REPAIRABLE
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from service.app.serve import serve
from service.pulse import Heart, Pulse
from settings.ports import Ports, Protocol
from settings.settings import Settings

log = structlog.get_logger()

Ts = TypeVarTuple("Ts")


class PunctualLoop(uvloop.Loop):
    """uvloop counts in whole milliseconds, so its timers come up to 1.5 ms early: the tick of a deadline that is not
    due yet would be for nothing. These are never early, as asyncio promises."""

    def call_later(
        self, delay: float, callback: Callable[[Unpack[Ts]], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return super().call_later(delay + 0.0015 if delay > 0 else delay, callback, *args, context=context)


class OwnPorts(Ports):
    """The ports that the service itself listens on; the others are Asterisk's."""

    def single(self, *, tls: bool = False) -> Iterator[tuple[str, Protocol, int]]:
        return (entry for entry in super().single(tls=tls) if entry[0] in ("http", "agi"))


def run(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; the exit status. A failure is reported to the supervisor, the log and stderr."""
    pipe, notifier = ReadyPipe(), Notifier()
    folder = settings.folder
    try:
        _check_user(settings, supervised=pipe.supervised)
        exposure.check(settings)
        folder.make()
        # A supervisor shows the last words itself; the log file has the rest.
        logging_.configure(
            settings.log_level,
            file=folder.logs / "service.log",
            stream=None if pipe.supervised else sys.stderr,
        )
        faulthandler.enable()  # a watchdog ends a hanging loop by SIGABRT; this prints where it hung
        with running.lock(folder, "service"):
            OwnPorts.from_base(settings.base_port).check_free(str(settings.listen), http=str(settings.web_listen))
            _leave_note(settings, pipe.supervised, ready=False)
            # The note stays: readers ignore a dead process's note, and on a full disk the next one reuses its room.
            with asyncio.Runner(loop_factory=PunctualLoop) as runner:
                return runner.run(_serve(settings, pipe, notifier))
    except LockHeld:
        why: str = Sentence("a service runs on {folder} already: stop it, or use another --state", folder=folder.root)
    except REPAIRABLE as error:
        why = recognised(error)
    except ExceptionGroup as group:
        # a task group of one failure is that failure
        only: Exception = group
        while isinstance(only, ExceptionGroup) and len(only.exceptions) == 1:
            only = only.exceptions[0]
        if not isinstance(only, REPAIRABLE):
            log.exception("service-broke")
            raise
        why = str(only)
    log.error("not-started", why=why)
    pipe.failed(why)
    return 1


def _check_user(settings: Settings, *, supervised: bool) -> None:
    """Raise `NotDone` if this process would stay root and no setting allows that. `up` checks it for the services that
    it starts.
    """
    if os.geteuid() == 0 and settings.separate_users and not supervised:
        raise NotDone(
            Sentence(
                "`serve` was started by root and would stay root, so a hole in it would open this machine. Start it "
                "as a user of its own, as systemd/wutong.service and docker-compose.yml do. ./wutong up makes such "
                "users, and gives up root. To run it as root all the same, set separate_users = false"
            )
        )


async def _serve(settings: Settings, pipe: ReadyPipe, notifier: Notifier) -> int:
    """The exit status: RESTART when a restart was requested."""
    heart = Heart(notifier)

    def ready(pulse: Pulse) -> None:
        _leave_note(settings, pipe.supervised, ready=True)
        pipe.ready()
        heart.ready(pulse)

    def standing_by(words: str) -> None:
        _leave_note(settings, pipe.supervised, ready=True, stands_by=words)
        pipe.ready()
        heart.standing_by(words)

    def stop() -> None:
        heart.stopping()
        serving.cancel()

    serving = asyncio.create_task(
        serve(settings, ready, alone=lambda: _alone(settings, pipe.supervised, notifier), standing_by=standing_by)
    )
    beating = asyncio.create_task(heart.beat())
    loop = asyncio.get_running_loop()
    for number in ending_signals():  # not even SIGHUP reloads the hotline: `./wutong reload` can say what is wrong
        loop.add_signal_handler(number, stop)
    try:
        await serving
        heart.stopping()
        log.info("restarts", process=os.getpid())
        return RESTART
    except asyncio.CancelledError:
        log.info("stopped", process=os.getpid())
    finally:
        beating.cancel()
        await asyncio.wait({beating})
    return 0


def _alone(settings: Settings, supervised: bool, notifier: Notifier) -> str | None:
    """Why nothing would restart this service if it ended now; None: something would. Its `up` may have gone."""
    if settings.started_again:
        return None
    if supervised:
        if running.supervisor(settings.folder) is not None:
            return None
        return Sentence(
            "the ./wutong up that started it is gone. Give that again: it takes the service up, calls and all."
        )
    if notifier.listened_to:
        return None
    return Sentence(
        "it is run by neither ./wutong up nor systemd, and the setting started_again says nothing of "
        "another. Stop it and start it yourself; the next service takes up callers who wait or talk."
    )


def _leave_note(settings: Settings, supervised: bool, *, ready: bool, stands_by: str = "") -> None:
    """On a full disk calls are taken without a note: they do not need it."""
    try:
        running.note(settings.folder, _note(settings, supervised, ready=ready, stands_by=stands_by))
    except OSError as error:
        if error.errno not in running.FULL:
            raise
        log.error(
            "no-note",
            why=str(error),
            effect="./wutong status tells that this service is down",
            what_to_do="make room, ./wutong restart",
        )


def _note(settings: Settings, supervised: bool, *, ready: bool, stands_by: str) -> ServiceNote:
    ports, remote = settings.ports, settings.asterisk
    scheme = "http" if settings.certificate is None else "https"
    return ServiceNote(
        process=Process.this(),
        ready=ready,
        supervised=supervised,
        http=f"{scheme}://{_reachable(settings.web_listen)}:{ports.http}",
        sip=f"{_reachable(settings.phones_listen)}:{ports.sip}",
        ami=f"{settings.ami_host}:{ports.ami}",
        agi=f"{_reachable(settings.agi_listen)}:{ports.agi}",
        hotline=settings.hotline,
        base_port=settings.base_port,
        listen=str(settings.listen),
        remote=remote.host if remote is not None else None,
        stands_by=str(stands_by),
    )


def _reachable(address: object) -> str:
    """An address that a program on this machine can connect to."""
    return "127.0.0.1" if str(address) == "0.0.0.0" else str(address)  # noqa: S104 - compared, not bound
