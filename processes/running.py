"""What runs on a state folder: processes leave notes there, and hold locks while they live.

A note may be older than the process that has its pid now; `Process.alive` knows. The kernel frees a lock when its
holder ends, however it ends.
"""

import errno
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from ipaddress import IPv4Address
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from base.files import lock as held
from base.folders import StateFolder
from base.process import Process
from processes.asterisk import AsteriskProcess
from processes.obtaining import Installation
from settings.settings import Settings

FULL = (errno.ENOSPC, errno.EDQUOT)
"""Error numbers of a full disk."""


class _Note(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    process: Process
    hotline: Path
    base_port: int | None
    listen: str


class ServiceNote(_Note):
    """Written by `serve`. `ready`: it takes calls, or stands by. `supervised`: `up` started it, so `down` stops it.
    `remote`: the address of an Asterisk that somebody else runs. `stands_by`: that another machine leads, and which,
    in English; "": this one leads, or is the only one."""

    ready: bool
    supervised: bool
    http: str
    sip: str
    ami: str
    agi: str
    remote: str | None = None
    stands_by: str = ""


class SupervisorNote(_Note):
    """Written by `up`: the settings of the service and the Asterisk that it started."""


N = TypeVar("N", bound=_Note)


def service(folder: StateFolder) -> ServiceNote | None:
    """The running service, ready or not."""
    return _living(folder.run / "service.json", ServiceNote)


def supervisor(folder: StateFolder) -> SupervisorNote | None:
    """The running supervisor."""
    return _living(folder.run / "supervisor.json", SupervisorNote)


def last_supervisor(folder: StateFolder) -> SupervisorNote | None:
    """The last supervisor, alive or not. The processes that it left running have the same settings."""
    return _read(folder.run / "supervisor.json", SupervisorNote)


def asterisk(folder: StateFolder) -> Process | None:
    """The running Asterisk of this state folder."""
    pid = AsteriskProcess(_ANY, folder.asterisk).running()
    return None if pid is None else Process.of(pid)


_ANY = Installation(command=("asterisk",), modules_dir=Path("/"), data_dir=Path("/"), version="", origin="path")
"""Any Asterisk program: which one was started does not matter for whether it is this folder's Asterisk."""


def note(folder: StateFolder, what: ServiceNote | SupervisorNote) -> None:
    """Write the note, whole or not at all; on a full disk over the last one. Raises OSError."""
    name = "service" if isinstance(what, ServiceNote) else "supervisor"
    path, draft = folder.run / f"{name}.json", folder.run / f".{name}.json.{os.getpid()}"
    # without defaults: after a downgrade, an older version does not know the last ones
    text = what.model_dump_json(indent=1, exclude_defaults=True) + "\n"
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        if error.errno not in FULL or not path.exists():
            raise OSError(error.errno, error.strerror, str(path)) from error
        with path.open("r+", encoding="utf-8") as file:
            file.write(text)
            file.truncate()


def forget(folder: StateFolder, name: str) -> None:
    """Remove the note: `service` or `supervisor`."""
    (folder.run / f"{name}.json").unlink(missing_ok=True)


def lock(folder: StateFolder, name: str, waiting: Callable[[], None] | None = None) -> AbstractContextManager[int]:
    """`run/NAME.lock`: see `base.files`."""
    return held(folder.run / f"{name}.lock", waiting)


def _living(path: Path, kind: type[N]) -> N | None:
    found = _read(path, kind)
    return found if found is not None and found.process.alive else None


def _read(path: Path, kind: type[N]) -> N | None:
    """The note; None if it is missing or cannot be read."""
    try:
        return kind.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError, UnicodeDecodeError):
        return None


def as_running(settings: Settings) -> Settings:
    """`settings`, with hotline, ports and address of what still runs wherever `settings` leaves them out."""
    folder = settings.folder
    note = service(folder) or (last_supervisor(folder) if asterisk(folder) else None)
    if note is None:
        return settings
    before = {"hotline": note.hotline, "base_port": note.base_port, "listen": IPv4Address(note.listen)}
    unsaid = {name: value for name, value in before.items() if name not in settings.model_fields_set}
    return settings.model_copy(update=unsaid)
