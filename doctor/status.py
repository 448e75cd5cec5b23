"""`./wutong status`: whether the hotline of a state folder is up, and where to reach it."""

import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from base.folders import StateFolder
from commands.options import zone_of
from emergency import file
from emergency.model import Emergency, of_all, sentence
from processes import running
from sentences.sentence import Sentence, joined
from settings import secrets


@dataclass(frozen=True, slots=True)
class Status:
    """`pid`: the process that speaks AGI and AMI, None when it is down. Nothing is known of what is down.

    `asterisk_host`: where Asterisk is, if somebody else runs it; /readyz says whether that is up. `ready`: the service
    takes calls, or stands by (`stands_by` says which machine leads). `drained_since`: since when new callers are turned
    away, ISO 8601; None: they are not. `emergency_until`: until when all of them hear an emergency message, ISO 8601;
    None: there is none. `token` is shown to anybody who may read the state folder.
    """

    pid: int | None = None
    asterisk_pid: int | None = None
    asterisk_host: str | None = None
    supervisor_pid: int | None = None
    ready: bool = False
    http: str | None = None
    sip: str | None = None
    ami: str | None = None
    agi: str | None = None
    hotline: str | None = None
    stands_by: str | None = None
    drained_since: str | None = None
    emergency_until: str | None = None
    token: str | None = field(default=None, repr=False)


def look(folder: StateFolder) -> Status:
    """The status now. A pid counts only if it still belongs to the process of the note.

    Raises `NotDone`.
    """
    service = running.service(folder)
    supervisor = running.supervisor(folder)
    asterisk = running.asterisk(folder)
    drained, emergency = folder.drained_since(), of_all(warnings(folder))
    known = Status(
        asterisk_pid=asterisk.pid if asterisk else None,
        supervisor_pid=supervisor.process.pid if supervisor else None,
        drained_since=None if drained is None else drained.isoformat(timespec="milliseconds"),
        emergency_until=None if emergency is None else _iso(emergency.until),
    )
    if service is None:
        return known
    return replace(
        known,
        pid=service.process.pid,
        asterisk_host=service.remote,
        ready=service.ready,
        http=service.http,
        sip=service.sip,
        ami=service.ami,
        agi=service.agi,
        hotline=str(service.hotline),
        stands_by=service.stands_by or None,
        token=secrets.obtain(folder).token.get_secret_value(),
    )


def closed(folder: StateFolder) -> str | None:
    """That new callers are turned away, since when (the hotline's time) and until when; None: they are not."""
    since = folder.drained_since()
    if since is None:
        return None
    when = since.astimezone(zone_of(folder)).isoformat(sep=" ", timespec="minutes")
    return Sentence("on since {when}: new callers are turned away until ./wutong drain --off", when=when)


def warnings(folder: StateFolder) -> tuple[Emergency, ...]:
    """The emergency messages that are on, that of all callers first."""
    with suppress(file.Unreadable, OSError):  # the service says so in its log
        found = sorted(file.read(folder.emergency), key=lambda message: message.where)
        return tuple(message for message in found if message.on(time.time()))
    return ()


def warned(folder: StateFolder) -> str | None:
    """Which emergency messages are on, until when (the hotline's time), and what ends them; None: none is."""
    if not (found := warnings(folder)):
        return None
    zone = zone_of(folder)
    return joined(sentence(message, zone) for message in found)


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
