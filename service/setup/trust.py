"""Which files of settings root follows: those that root alone can write, or put another in the place of.

After the first `up` as root the state folder belongs to the user `wutong`. An attacker who has taken over that user can
write `settings.toml` there. Without this check the next `up` would run as root what that file names.
"""

import os
import pwd
import stat
import tomllib
from pathlib import Path

from service.setup import settings
from service.setup.failure import NotDone
from service.setup.settings import Settings

DECIDING = frozenset({"separate_users", "voice"})
"""Settings that decide about users, and about programs that are run."""


def check(chosen: Settings) -> None:
    """Raise `NotDone` if this is root, and a file that somebody else can change decides what root does. Where all of
    Wutong stays root (`separate_users = false`) every setting does.
    """
    if os.geteuid() != 0:
        return
    for file in (settings.SYSTEM_FILE, chosen.folder.settings):
        told = sorted(name for name in _said(file) if not _elsewhere(name))
        decide = [name for name in told if name in DECIDING] or ([] if chosen.separate_users else told)
        found = changeable(file) if decide else None
        if found is not None:
            raise NotDone(
                f"{file} sets {', '.join(decide)}, and {found} is not root's alone ({_whose(found)}). What root runs, "
                f"and as whom, counts only from a file that root alone can write: move these lines to "
                f"{settings.SYSTEM_FILE} (chown root, chmod 644), or set {', '.join(map(_variable, decide))} in the "
                "environment of ./wutong up"
            )


def changeable(file: Path) -> Path | None:
    """The file, or a folder on the way to it, that somebody but root could change; None: nobody could."""
    real = file.resolve()
    way = dict.fromkeys((*reversed(file.parents), file, *reversed(real.parents), real))
    return next((step for step in way if not _root_alone(step.lstat())), None)


def _root_alone(found: os.stat_result) -> bool:
    if found.st_uid != 0:
        return False
    # everybody may write in a folder such as /tmp, and change only what is one's own; a link has no mode of its own
    open_to_all = stat.S_ISDIR(found.st_mode) and found.st_mode & stat.S_ISVTX
    return stat.S_ISLNK(found.st_mode) or bool(open_to_all) or not found.st_mode & 0o022


def _said(file: Path) -> frozenset[str]:
    """The settings that the file names."""
    try:
        return frozenset(tomllib.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return frozenset()


def _elsewhere(name: str) -> bool:
    """Whether the environment, or a secret that was put there as a file, goes before the files."""
    mounted = (folder / _variable(name).lower() for folder in settings.secret_folders())
    return any(given.upper() == _variable(name) for given in os.environ) or any(file.is_file() for file in mounted)


def _variable(name: str) -> str:
    return f"WUTONG_{name.upper()}"


def _whose(path: Path) -> str:
    found = path.lstat()
    if found.st_uid == 0:
        return f"others may write it: {stat.filemode(found.st_mode)}"
    return f"it belongs to {_name(found.st_uid)}"


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
