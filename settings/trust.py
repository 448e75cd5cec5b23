"""Which files of settings root follows: those that root alone can write, or replace.

After the first `up` as root the state folder belongs to the user `wutong`. An attacker who has taken over that user can
write `settings.toml` there. Without this check the next `up` would run as root what that file names.
"""

import os
import pwd
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sentences.sentence import Sentence

DECIDING = frozenset({"separate_users", "voice"})
"""Settings that decide about users, and about programs that are run."""

Source = Callable[[], Mapping[str, Any]]
"""The settings that one source has said, by their names. Whoever asks again gets the same."""


class Untrusted(ValueError):
    """The message names the settings, the file, and what to do."""


def check(elsewhere: Sequence[Source], files: Mapping[Path, Source]) -> None:
    """Raise `Untrusted` if this is root, and a file that somebody else can change decides what root does. Where all of
    Wutong stays root (`separate_users = false`) every setting does.

    elsewhere  what goes before the files: the command line, the environment, mounted secrets
    files      what was read of each, the machine's own first, which goes before the other. It is judged as it was read:
               its owner can write something else a moment later
    """
    if os.geteuid() != 0:
        return
    given = {name for source in elsewhere for name in source()}
    stays_root = not _separate((*elsewhere, *files.values()))
    for file, source in files.items():
        names = sorted(source().keys() - given)
        decide = [name for name in names if name in DECIDING] or (names if stays_root else [])
        found = changeable(file) if decide else None
        if found is not None:
            raise Untrusted(
                Sentence(
                    "{file} sets {names}, and {found} is not root's alone ({whose}). What root runs, and as whom, "
                    "counts only from a file that root alone can write: move these lines to {trusted} (chown root, "
                    "chmod 644), or set {variables} in the environment of ./wutong",
                    file=file,
                    names=", ".join(decide),
                    found=found,
                    whose=_whose(found),
                    trusted=next(iter(files)),
                    variables=", ".join(map(_variable, decide)),
                )
            )
        given |= source().keys()


def _separate(sources: Sequence[Source]) -> bool:
    """Whether root is given up: the setting of the first source that has it."""
    said = next((given["separate_users"] for source in sources if "separate_users" in (given := source())), True)
    try:
        return TypeAdapter(bool).validate_python(said)
    except ValidationError:
        return True  # the settings as a whole are refused for it


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


def _variable(name: str) -> str:
    return f"WUTONG_{name.upper()}"


def _whose(path: Path) -> str:
    found = path.lstat()
    if found.st_uid == 0:
        return Sentence("others may write it: {mode}", mode=stat.filemode(found.st_mode))
    return Sentence("it belongs to {name}", name=_name(found.st_uid))


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return Sentence("user {number}", number=uid)
