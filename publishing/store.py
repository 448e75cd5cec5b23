"""The versions of a hotline in the state folder: `versions/000012.json` and so on, one file each; and `contents`, the
recordings and lists of callers that they name.

A file is written whole and forced to the disk before it gets its name, and is checked by its digests when it is read.
One process writes at a time: `up` before it starts the service, then the service.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import structlog

from base.failure import NotDone
from base.files import sync
from commands.options import consent
from hotline.extras import INDEX_NAME, Extras, Paths
from hotline.files import AGENTS, FILES, Given
from hotline.loader import load, sketch
from hotline.model import Hotline
from hotline.problem import Level
from processes.running import as_running
from publishing.passwordless import Unkeepable, passwords, with_passwords
from publishing.versions import (
    CONTENTS,
    KEPT,
    MOST_BYTES,
    Contents,
    Damaged,
    Texts,
    Version,
    decode,
    encode,
    for_all,
    kept,
)
from sentences.of_libraries import recognised
from sentences.sentence import Sentence, lines, listed
from settings.settings import Settings

log = structlog.get_logger(__name__)

LARGEST = 16 * 1024 * 1024
"""Bytes of a version's file that are read: three files of a hotline, written as JSON, are smaller."""


@dataclass(frozen=True, slots=True)
class Written:
    """A version that is on the disk, and does not count yet."""

    version: Version
    draft: Path


class VersionStore:
    """`history`: the versions that can be read, oldest first. `damaged`: names of files that cannot."""

    def __init__(self, folder: Path, most: int = KEPT, most_bytes: int = MOST_BYTES) -> None:
        """Reads them all, but no recording."""
        self._folder = folder
        self._contents = Contents(folder / CONTENTS)
        self._most, self._most_bytes = most, most_bytes
        self.history: tuple[Version, ...] = ()
        self.damaged: tuple[str, ...] = ()
        self._last = 0
        for file in sorted(self._numbered()):
            self._last = max(self._last, int(file.stem))
            try:
                version, _ = _read(file)
            except (Damaged, OSError) as why:  # one file that cannot be read keeps no hotline from starting
                self.damaged += (file.name,)
                log.error("version-damaged", file=str(file), why=str(why))
            else:
                self.history += (version,)

    @property
    def for_all(self) -> tuple[Version, ...]:
        """Those that were published for all callers, none on trial."""
        return for_all(self.history)

    @property
    def next(self) -> int:
        """The number of the next version: no number is used twice, not even that of a damaged one."""
        return self._last + 1

    def of(self, number: int) -> Version | None:
        return next((version for version in self.history if version.number == number), None)

    def files(self, number: int) -> Texts:
        """The files of a version. Raises NotDone: there is no such version, or it cannot be read any more."""
        if self.of(number) is None:
            raise NotDone("There is no version {count}; ./wutong versions lists them.", count=number)
        try:
            return _read(self._file(number))[1]
        except (Damaged, OSError) as why:
            raise NotDone("Version {count} cannot be read: {why}.", count=number, why=recognised(why)) from why

    def paths(self, number: int) -> Paths | None:
        """Where a version's recordings and lists are; None: it has none of its own, and those of the folder are used.
        Reads them. Raises NotDone: there is no such version, or one is lost.
        """
        version = self.of(number)
        if version is None:
            raise NotDone("There is no version {count}; ./wutong versions lists them.", count=number)
        if version.extras is None:
            return None
        if lost := self._contents.lost(version.extras, thorough=True):
            named = (
                lost[0] if len(lost) == 1 else Sentence("{names} and {count} more", names=lost[0], count=len(lost) - 1)
            )
            raise NotDone(
                "Version {count} cannot be used: its {what} is lost or damaged in {folder}. A backup "
                "brings it back (./wutong restore); or publish the hotline's folder",
                count=number,
                what=named,
                folder=self._folder / CONTENTS,
            )
        return self._contents.paths(version.extras)

    def lost(self, version: Version, *, thorough: bool = False) -> list[str]:
        """The names of its recordings and lists that are not there any more. `thorough`: or are damaged; reads them."""
        return self._contents.lost(version.extras or {}, thorough=thorough)

    def put(self, extras: Extras, sources: Paths) -> Paths:
        """Have these kept while a version with them is published; answers where they are. `sources`: where they are
        now. `keep` or `drop` follows. Raises OSError, NotDone.
        """
        if extras:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._contents.put(extras, sources)
        return self._contents.paths(extras)

    def write(self, version: Version, files: Texts) -> Written:
        """Put it on the disk; `put` had its extras kept. `keep` or `drop` follows. Raises OSError."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        for left in self._folder.glob(".[0-9]*"):  # a crash left it
            left.unlink(missing_ok=True)
        draft = self._folder / f".{version.number:06}.{os.getpid()}"
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(encode(version, files))
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        return Written(version, draft)

    def keep(self, written: Written) -> None:
        """Make it the last version, and remove what is not kept any more. Raises OSError; then it is not there."""
        file = self._file(written.version.number)
        written.draft.replace(file)
        try:
            sync(self._folder)
        except OSError:
            file.unlink(missing_ok=True)  # what was refused must not come into use by the next start
            raise
        self._last = written.version.number
        whole = (*self.history, written.version)
        self.history = kept(whole, self._most, self._most_bytes)
        for old in whole:
            if old not in self.history:
                with suppress(OSError):  # the new one is kept, and that counts
                    self._file(old.number).unlink(missing_ok=True)
        self._purge()

    def drop(self, written: Written | None) -> None:
        """Forget what was written and put, unless it was kept."""
        if written is not None:
            written.draft.unlink(missing_ok=True)
        self._purge()

    def _purge(self) -> None:
        """Remove the recordings and lists that no version needs."""
        self._contents.keep_only([version.extras for version in self.history if version.extras])

    def _file(self, number: int) -> Path:
        return self._folder / f"{number:06}.json"

    def _numbered(self) -> Iterator[Path]:
        return (file for file in self._folder.glob("*.json") if file.stem.isdecimal())


def _read(file: Path) -> tuple[Version, Texts]:
    """A version and its files. Raises Damaged, OSError."""
    with file.open("rb") as opened:
        data = opened.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Damaged(Sentence("it is too large"))
    version, files = decode(data)
    if version.number != int(file.stem):
        raise Damaged(Sentence("it is version {count}", count=version.number))
    return version, files


# A version, written into a folder: its files, recordings and lists of callers.


def write(files: Mapping[str, str], paths: Paths | None, folder: Path, *, yes: bool) -> list[Path]:
    """Write them; of the edited files and the index of recordings, one that the version does not have is removed. Other
    files stay. Passwords of phones that are in the folder's agents.yaml stay there: a version has none.

    `paths`: where its recordings and lists are; None: it has none of its own, and those of the folder stay. Answers
    what was written or removed. Raises NotDone.
    """
    wanted = {name: text.encode() for name, text in files.items()}
    try:
        here = folder / AGENTS
        if AGENTS in wanted and here.is_file():
            known = passwords(here.read_text(encoding="utf-8-sig"))
            wanted[AGENTS] = with_passwords(files[AGENTS], known).encode()
    except (Unkeepable, UnicodeDecodeError):
        pass  # it is broken, and is overwritten
    names = [*FILES]
    if paths is not None:
        wanted |= {name: _data(at) or b"" for name, at in paths.items()}
        names += sorted({*paths, INDEX_NAME})
    before = {name: _data(folder / name) for name in names}
    differing = [name for name in names if before[name] != wanted.get(name)]
    lost = [name for name in differing if before[name] is not None]
    if lost:
        consent(
            Sentence("{names} will be overwritten or removed.", names=listed(str(folder / name) for name in lost)),
            yes=yes,
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in differing:
            (folder / name).parent.mkdir(exist_ok=True, parents=True)
            _put(folder / name, wanted.get(name))
    except OSError as error:
        raise NotDone(
            "{file} cannot be written: {why}", file=error.filename or folder, why=recognised(error.strerror)
        ) from error
    return [folder / name for name in differing]


def _data(path: Path) -> bytes | None:
    """What the file has; empty where it cannot be read, or is a pipe or the like; None: there is none."""
    try:
        if path.is_file():
            return path.read_bytes()
        return b"" if path.exists() else None
    except OSError:
        return b""


def _put(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    closed = 0o600 if path.exists() else 0o666  # passwords of the file that is there are in the text
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, closed)
        with open(descriptor, "wb") as file:
            file.write(data)
        if path.exists():
            about = path.stat()
            draft.chmod(about.st_mode & 0o777)
            if os.geteuid() == 0:
                os.chown(draft, about.st_uid, about.st_gid)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


# Which hotline is meant: a folder, the number of a version, or the word `folder` for the running hotline's folder.


FOLDER = "folder"


class Named(NamedTuple):
    """A hotline: its folder, and the files of the version that are read instead of the folder's own; None: a folder.
    `name`: as it was named. `paths`: where a version's recordings and lists of callers are; None: in the folder.
    """

    name: str
    folder: Path
    given: Given | None = None
    paths: Paths | None = None

    @property
    def in_words(self) -> str:
        """What it is, in words."""
        return self.name if self.given is None else Sentence("version {number}", number=self.name)


def named(settings: Settings, name: str) -> Named:
    """A folder that exists goes before a version and before the word. Raises NotDone: there is no such version."""
    folder = Path(name).expanduser().absolute()
    if folder.is_dir() or (name != FOLDER and not name.isdecimal()):
        return Named(name, folder)
    hotline = as_running(settings).hotline
    if name == FOLDER:
        return Named(name, hotline)
    return _version(VersionStore(settings.folder.versions), int(name), hotline)


def in_use(settings: Settings) -> Named:
    """What new calls get: the last version of the hotline's folder; the folder, where none was published."""
    hotline, store = as_running(settings).hotline.absolute(), VersionStore(settings.folder.versions)
    if store.for_all and store.for_all[-1].folder == str(hotline):
        return _version(store, store.for_all[-1].number, hotline)
    return Named(str(hotline), hotline)


def loaded(which: Named) -> Hotline:
    """The hotline, checked. Raises NotDone with its errors."""
    found = load(which.folder, given=which.given, paths=which.paths)
    if found.hotline is None:
        raise NotDone(
            lines(
                Sentence("{folder}/{problem}", folder=which.name, problem=each.words)
                for each in found.problems
                if each.level is Level.ERROR
            )
        )
    return found.hotline


def understood(which: Named) -> tuple[Hotline, int]:
    """As much of the hotline as can be drawn, and how many errors its files have. Raises NotDone."""
    found = sketch(which.folder, which.given, which.paths)
    errors = [problem for problem in found.problems if problem.level is Level.ERROR]
    if found.hotline is None:
        raise NotDone(lines(problem.words for problem in errors))
    return found.hotline, len(errors)


def _version(store: VersionStore, number: int, folder: Path) -> Named:
    given = {name: text.encode() for name, text in store.files(number).items()}
    return Named(str(number), folder, given, store.paths(number))
