"""Which hotline is meant: a folder, the number of a version, or the word `folder` for the running hotline's folder."""

from pathlib import Path
from typing import NamedTuple

from base.failure import NotDone
from hotline.extras import Paths
from hotline.files import Given
from hotline.loader import load, sketch
from hotline.model import Hotline
from hotline.problem import Level
from processes.running import as_told
from publishing.store import VersionStore
from settings.settings import Settings

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
    def told(self) -> str:
        """What it is, in words."""
        return self.name if self.given is None else f"version {self.name}"


def named(settings: Settings, name: str) -> Named:
    """A folder that exists goes before a version and before the word. Raises NotDone: there is no such version."""
    folder = Path(name).expanduser().absolute()
    if folder.is_dir() or (name != FOLDER and not name.isdecimal()):
        return Named(name, folder)
    hotline = as_told(settings).hotline
    if name == FOLDER:
        return Named(name, hotline)
    return _version(VersionStore(settings.folder.versions), int(name), hotline)


def in_use(settings: Settings) -> Named:
    """What new calls get: the last version of the hotline's folder; the folder, where none was published."""
    hotline, store = as_told(settings).hotline.absolute(), VersionStore(settings.folder.versions)
    if store.for_all and store.for_all[-1].folder == str(hotline):
        return _version(store, store.for_all[-1].number, hotline)
    return Named(str(hotline), hotline)


def loaded(which: Named) -> Hotline:
    """Raises NotDone with its errors."""
    found = load(which.folder, given=which.given, paths=which.paths)
    if found.hotline is None:
        raise NotDone("\n".join(f"{which.name}/{each}" for each in found.problems if each.level is Level.ERROR))
    return found.hotline


def understood(which: Named) -> tuple[Hotline, int]:
    """As much of the hotline as can be drawn, and how many errors its files have. Raises NotDone."""
    found = sketch(which.folder, which.given, which.paths)
    errors = [problem for problem in found.problems if problem.level is Level.ERROR]
    if found.hotline is None:
        raise NotDone("\n".join(map(str, errors)))
    return found.hotline, len(errors)


def _version(store: VersionStore, number: int, folder: Path) -> Named:
    given = {name: text.encode() for name, text in store.files(number).items()}
    return Named(str(number), folder, given, store.paths(number))
