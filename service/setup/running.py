"""Who runs on a state folder: notes that processes leave there, and the locks that they hold while they live.

A note may be older than the process that has its pid now; `Process.alive` tells. A lock is the kernel's and ends with
its holder, whatever becomes of him.
"""

import errno
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from dialplan.asterisk import AsteriskProcess
from dialplan.lock import lock as held
from dialplan.obtaining import Installation
from service.setup.places import StateFolder
from service.setup.process import Process

FULL = (errno.ENOSPC, errno.EDQUOT)
"""What a disk says that has no room."""


class _Note(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    process: Process


class ServiceNote(_Note):
    """Written by `serve`. `ready`: it takes calls. `supervised`: `up` started it, so `down` stops it. `remote`: where
    the Asterisk is that somebody else runs."""

    ready: bool
    supervised: bool
    http: str
    sip: str
    ami: str
    agi: str
    hotline: Path
    base_port: int | None
    listen: str
    remote: str | None = None


class SupervisorNote(_Note):
    """Written by `up`: what the service and Asterisk that it started were told."""

    hotline: Path
    base_port: int | None
    listen: str


N = TypeVar("N", bound=_Note)


def service(folder: StateFolder) -> ServiceNote | None:
    """The service that lives, ready or not."""
    return _living(folder.run / "service.json", ServiceNote)


def supervisor(folder: StateFolder) -> SupervisorNote | None:
    """The supervisor that lives."""
    return _living(folder.run / "supervisor.json", SupervisorNote)


def last_supervisor(folder: StateFolder) -> SupervisorNote | None:
    """The last one that was there, alive or not: what it left running was told the same."""
    return _read(folder.run / "supervisor.json", SupervisorNote)


def asterisk(folder: StateFolder) -> Process | None:
    """The Asterisk of this state folder that lives."""
    pid = AsteriskProcess(_ANY, folder.asterisk).running()
    return None if pid is None else Process.of(pid)


_ANY = Installation(command=("asterisk",), modules_dir=Path("/"), data_dir=Path("/"), version="", origin="path")
"""Whether a process is this folder's Asterisk does not depend on which program started it."""


def note(folder: StateFolder, what: ServiceNote | SupervisorNote) -> None:
    """Leave the note, whole or not at all; on a full disk in the room that the last one had. Raises OSError."""
    name = "service" if isinstance(what, ServiceNote) else "supervisor"
    path, draft = folder.run / f"{name}.json", folder.run / f".{name}.json.{os.getpid()}"
    # without what nothing is said of: an older version, after a way back, knows of no `remote`
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
    """Take the note away: `service` or `supervisor`."""
    (folder.run / f"{name}.json").unlink(missing_ok=True)


def lock(folder: StateFolder, name: str, waiting: Callable[[], None] | None = None) -> AbstractContextManager[int]:
    """`run/NAME.lock`: see `dialplan.lock`."""
    return held(folder.run / f"{name}.lock", waiting)


def _living(path: Path, kind: type[N]) -> N | None:
    found = _read(path, kind)
    return found if found is not None and found.process.alive else None


def _read(path: Path, kind: type[N]) -> N | None:
    """None too for a note that cannot be read: it says nothing that could be believed."""
    try:
        return kind.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError, UnicodeDecodeError):
        return None
