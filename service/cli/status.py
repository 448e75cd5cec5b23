"""`./wutong status`: whether the hotline of a state folder is up, and where to reach it."""

from dataclasses import dataclass, field, replace

from service.setup import running, secrets
from service.setup.places import StateFolder


@dataclass(frozen=True, slots=True)
class Status:
    """`pid`: the process that speaks AGI and AMI, None when it is down. Nothing is known of what is down.

    `asterisk_host`: where Asterisk is, if somebody else runs it; /readyz says whether that is up. `ready`: the service
    takes calls. `drained_since`: since when new callers are turned away, ISO 8601; None: they are not. `token` is shown
    to anybody who may read the state folder.
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
    drained_since: str | None = None
    token: str | None = field(default=None, repr=False)


def look(folder: StateFolder) -> Status:
    """The status now. A pid counts only if it still belongs to the process of the note.

    Raises `NotDone`.
    """
    service = running.service(folder)
    supervisor = running.supervisor(folder)
    asterisk = running.asterisk(folder)
    drained = folder.drained_since()
    known = Status(
        asterisk_pid=asterisk.pid if asterisk else None,
        supervisor_pid=supervisor.process.pid if supervisor else None,
        drained_since=None if drained is None else drained.isoformat(timespec="milliseconds"),
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
        token=secrets.obtain(folder).token.get_secret_value(),
    )


def closed(folder: StateFolder) -> str | None:
    """That new callers are turned away, since when (local time) and until when; None: they are not."""
    since = folder.drained_since()
    if since is None:
        return None
    when = since.astimezone().isoformat(sep=" ", timespec="minutes")
    return f"on since {when}: new callers are turned away until ./wutong drain --off"
