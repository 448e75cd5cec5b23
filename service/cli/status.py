"""What `./wutong status` tells: whether a state folder is up, and where it is reached."""

from dataclasses import asdict, dataclass, field

from service.setup import running, secrets
from service.setup.places import StateFolder


@dataclass(frozen=True, slots=True)
class Status:
    """`pid`: the process that speaks AGI and AMI, None when it does not live. Nothing is known of what is down.

    `asterisk_host`: where Asterisk is, if somebody else runs it; whether it lives says /readyz. `ready`: the service
    takes calls. `token` is shown to who may read the state folder.
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
    token: str | None = field(default=None, repr=False)

    def as_json(self) -> dict[str, str | int | bool | None]:
        return asdict(self)


def look(folder: StateFolder) -> Status:
    """The state of things now. Processes are believed only if they still are the ones that were noted.

    Raises `SecretsUnreadable`.
    """
    service = running.service(folder)
    supervisor = running.supervisor(folder)
    asterisk = running.asterisk(folder)
    known = Status(
        asterisk_pid=asterisk.pid if asterisk else None, supervisor_pid=supervisor.process.pid if supervisor else None
    )
    if service is None:
        return known
    return Status(
        pid=service.process.pid,
        asterisk_pid=known.asterisk_pid,
        asterisk_host=service.remote,
        supervisor_pid=known.supervisor_pid,
        ready=service.ready,
        http=service.http,
        sip=service.sip,
        ami=service.ami,
        agi=service.agi,
        hotline=str(service.hotline),
        token=secrets.obtain(folder).token.get_secret_value(),
    )
