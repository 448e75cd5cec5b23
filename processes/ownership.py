"""The owners of a state folder's files where the service and Asterisk are two users.

As root, for the units in systemd/: `python -m processes.ownership FOLDER` makes the users and the state folder, and
with `--recordings` the FOLDER is a hotline's, where the service may keep recordings from then on, as `up` does it.

The service's user writes in its folder, and may change its files while this runs: files are opened before anything is
changed, never through a link, and a file with a second name is left alone.
"""

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from base.failure import NotDone
from base.folders import StateFolder
from processes import passage, users
from processes.users import User, Users
from sentences.languages import here
from sentences.of_libraries import recognised
from sentences.sentence import Sentence

PROMPTS = "prompts"
"""The folder of a hotline that has its recordings."""

DEEPEST = 100
"""Levels of folders that are looked through: the service's user could make more than a program can hold open."""

RECORDINGS = "--recordings"

PASS = 0o710
"""The state folder: Asterisk's group goes through to its own folders, and lists nothing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`uid`: whose the folders are; `writer`: whose the files are. `folders`, `files`: their modes, or with `most` the
    most that their modes keep.
    """

    uid: int
    gid: int
    writer: int
    folders: int
    files: int
    most: bool = False

    def owner(self, found: os.stat_result) -> int:
        return self.uid if stat.S_ISDIR(found.st_mode) else self.writer

    def mode(self, found: os.stat_result) -> int:
        wanted = self.folders if stat.S_ISDIR(found.st_mode) else self.files
        mode = stat.S_IMODE(found.st_mode)
        return mode & wanted if self.most else wanted


@dataclass(frozen=True, slots=True)
class Lent:
    """The owners stay. Whoever is in the group may write, too, also what is made later."""

    gid: int

    def owner(self, found: os.stat_result) -> int:
        return found.st_uid

    def mode(self, found: os.stat_result) -> int:
        more = 0o2770 if stat.S_ISDIR(found.st_mode) else 0o660
        return stat.S_IMODE(found.st_mode) | more


def lend(hotline: Path, service: User) -> bool:
    """Let the service keep recordings in the hotline's `prompts/`, which is made if it is missing. Owners stay.
    Answers whether anything changed. Raises OSError.
    """
    changed: list[str] = []
    with _opened(hotline.resolve(), None) as root:
        assert root is not None
        with suppress(FileExistsError):
            os.mkdir(PROMPTS, 0o755, dir_fd=root)
            with _opened(PROMPTS, root) as made:
                if made is not None and stat.S_ISDIR(os.fstat(made).st_mode):
                    os.fchown(made, os.fstat(root).st_uid, service.gid)
        _walk(PROMPTS, root, Lent(service.gid), PROMPTS, changed)
    return bool(changed)


def give(folder: StateFolder, both: Users) -> list[str]:
    """Give every file its owner, group and mode. Answers those that had others, as paths within the folder.

    Missing folders of Asterisk are made. Raises OSError.
    """
    from base.folders import ASTERISK_FOLDERS

    service, asterisk = both.service, both.asterisk
    closed = Rule(service.uid, service.gid, service.uid, 0o700, 0o770, most=True)
    read = Rule(service.uid, asterisk.gid, service.uid, 0o2750, 0o640)  # by Asterisk
    written = Rule(service.uid, asterisk.gid, asterisk.uid, 0o2770, 0o660)
    shared = {folder.sounds.name: read, folder.recordings.name: written}
    for name in ASTERISK_FOLDERS:
        (folder.asterisk / name).mkdir(mode=0o700, exist_ok=True)
    changed: list[str] = []
    with _opened(folder.root.resolve(), None) as root:
        assert root is not None
        _settle(root, Rule(service.uid, asterisk.gid, service.uid, PASS, 0), ".", changed)
        for name in sorted(os.listdir(root)):
            if name == folder.asterisk.name:
                with _opened(name, root) as within:
                    if within is None:
                        continue
                    _settle(within, read, name, changed)
                    for part in sorted(os.listdir(within)):
                        _walk(part, within, read if part == "etc" else written, f"{name}/{part}", changed)
            else:
                _walk(name, root, shared.get(name, closed), name, changed)
    return changed


def astray(folder: StateFolder, both: Users) -> list[str]:
    """Files that are neither user's, and those of the service that Asterisk's user could open."""
    shared = (folder.asterisk, folder.sounds, folder.recordings)
    found = []
    for path, about in _listed(folder):
        mine = not any(path.is_relative_to(part) for part in shared)
        open_to_asterisk = about.st_uid == both.asterisk.uid or (
            about.st_mode & (0o077 if about.st_gid == both.asterisk.gid else 0o007)
        )
        if about.st_uid not in (both.service.uid, both.asterisk.uid) or (mine and open_to_asterisk):
            found.append(str(path.relative_to(folder.root)))
    return found


def of_others(folder: StateFolder, owner: int) -> list[str]:
    """The files of a folder for one user that are another's."""
    return [str(path.relative_to(folder.root)) for path, about in _listed(folder) if about.st_uid != owner]


def _listed(folder: StateFolder) -> Iterator[tuple[Path, os.stat_result]]:
    """Every file and folder within but links, which are not followed."""
    for where, folders, files in os.walk(folder.root):
        for name in sorted((*folders, *files)):
            with suppress(FileNotFoundError):
                about = Path(where, name).lstat()
                if not stat.S_ISLNK(about.st_mode):
                    yield Path(where, name), about


def _walk(name: str, where: int, rule: Rule | Lent, path: str, changed: list[str]) -> None:
    with _opened(name, where) as descriptor:
        if descriptor is None:
            return
        _settle(descriptor, rule, path, changed)
        if stat.S_ISDIR(os.fstat(descriptor).st_mode) and path.count("/") < DEEPEST:
            for inner in sorted(os.listdir(descriptor)):
                _walk(inner, descriptor, rule, f"{path}/{inner}", changed)


def _settle(descriptor: int, rule: Rule | Lent, path: str, changed: list[str]) -> None:
    found = os.fstat(descriptor)
    if not stat.S_ISDIR(found.st_mode) and (not stat.S_ISREG(found.st_mode) or found.st_nlink > 1):
        return
    owner, mode = rule.owner(found), rule.mode(found)
    if (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (owner, rule.gid, mode):
        return
    changed.append(path)
    os.fchown(descriptor, owner, rule.gid)
    os.fchmod(descriptor, mode)


@contextmanager
def _opened(path: os.PathLike[str] | str, where: int | None) -> Iterator[int | None]:
    """A descriptor; None for a link, a socket, and what is gone."""
    descriptor = None
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=where)
    try:
        yield descriptor
    finally:
        if descriptor is not None:
            os.close(descriptor)


def main(arguments: Sequence[str]) -> int:
    """The exit status."""
    *options, path = arguments or [""]
    if options not in ([], [RECORDINGS]) or not path.startswith("/"):
        usage = Sentence(
            "give the state folder: python -m processes.ownership /var/lib/wutong\nor the hotline's: python -m "
            "processes.ownership {option} /etc/wutong/hotline",
            option=RECORDINGS,
        )
        print(here(usage), file=sys.stderr)  # noqa: T201
        return 2
    try:
        print(here(_recordings(Path(path)) if options else _state(StateFolder(Path(path)))))  # noqa: T201
    except (NotDone, OSError) as error:
        print(here(recognised(error)), file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _state(folder: StateFolder) -> str:
    """What was done. Raises NotDone, OSError."""
    both = users.obtain(Path("/run/wutong"), lambda line: print(here(line), flush=True))  # noqa: T201
    folder.make()
    return Sentence(
        "{folder}: {count} files and folders have got their owner and mode",
        folder=folder.root,
        count=len(give(folder, both)),
    )


def _recordings(hotline: Path) -> str:
    """What was done. Raises NotDone, OSError."""
    both = users.known()
    if both is None:
        raise NotDone("there is no user {user}: give this program the state folder first", user=users.SERVICE)
    passage.let_pass(both.service, [hotline])
    lend(hotline, both.service)
    return Sentence("the user {user} may keep recordings in {folder}", user=users.SERVICE, folder=hotline / PROMPTS)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
