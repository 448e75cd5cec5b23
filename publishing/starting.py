"""Which hotline a start uses: the version that was published last, or what is in the folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import structlog
from pydantic import SecretStr

from base.failure import NotDone
from hotline.extras import Extras, Paths, sources
from hotline.files import Given, folder_files
from hotline.loader import Loaded, load
from hotline.model import Hotline
from hotline.problem import Level, Problem
from hotline.treetests import load_tested
from publishing.passwordless import Unkeepable, texts
from publishing.store import VersionStore
from publishing.versions import Origin, Standing, Texts, Version, content, on_trial, standing, taken_back
from sentences.sentence import Sentence, lines
from settings.settings import Settings

log = structlog.get_logger(__name__)

TRIED = 5
"""Versions that a start tries, the newest first. After that it takes the folder."""


class Broken(NotDone):
    """The folder has errors, and no version can be used."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(lines(problem.words for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Start:
    """`version`: the one that is used; None: the hotline is that of the folder, which has these `files`, and is to be
    kept as a new version. `given`: the passwords that agents.yaml gives; None: a version has none, and those that are
    known stay. `fault`: a sentence about why it is not what a person expects; None: it is. `taken_back`: the version
    that was published elsewhere, and that the folder replaces. `extras`: the recordings and lists of callers
    of the folder.
    """

    hotline: Hotline
    version: Version | None
    files: Texts
    given: Mapping[str, SecretStr] | None = None
    fault: str | None = None
    taken_back: Version | None = None
    extras: Extras = field(default_factory=dict)

    def keep(self, store: VersionStore, at: float, author: str) -> Version | None:
        """Have it kept, if it is not yet; answers the version that is in use. One that is kept gets back what was lost
        of its recordings and lists. A full disk keeps no hotline away: then the log says so, and the answer is None
        where it was not kept before.
        """
        if self.version is None and not self.files:
            return None
        made = self.version or new_version(store, self.hotline, self.files, self.extras, Origin.FOLDER, at, author, "")
        try:
            store.put(self.extras, sources(self.hotline.folder, self.extras, None))
            if self.version is None:
                store.keep(store.write(made, self.files))
        except (OSError, NotDone) as error:
            log.error("version-not-kept", why=str(error), effect="the next start takes an older version, or the folder")
            return self.version
        return made


def new_version(
    store: VersionStore,
    hotline: Hotline,
    files: Texts,
    extras: Extras,
    origin: Origin | int,
    at: float,
    author: str,
    note: str,
) -> Version:
    """The next version, which is not kept yet."""
    folder = str(hotline.folder)
    return Version(store.next, at, author, note, hotline.version, origin, folder, content(files), extras=extras)


def given_passwords(hotline: Hotline) -> Mapping[str, SecretStr]:
    """The passwords of phones that agents.yaml has, by the agent's id."""
    return {agent.id: agent.password for agent in hotline.agents.values() if agent.password is not None}


def again(settings: Settings, store: VersionStore) -> Start:
    """For a service that is started: the last version, whatever is in the folder. The folder, where no version of it
    can be used. Raises Broken.
    """
    start, fault = _published(settings, store)
    if start is None:
        given = folder_files(settings.hotline)
        loaded = load(settings.hotline, exposed=settings.exposed, given=given)
        start = replace(_folder(loaded, given), fault=fault)
    elif fault is None:
        loaded = load(settings.hotline, exposed=settings.exposed)
        start = start if loaded.hotline is not None else replace(start, fault=_unusable(start, loaded))
    if start.fault is not None:
        log.error("hotline-start", why=start.fault, version=start.version.number if start.version else None)
    return start


def by_person(settings: Settings, store: VersionStore) -> tuple[Start, Sequence[Problem]]:
    """For `up`: the folder, where somebody has edited it and it passes its checks and tests; else the last version.

    A first start does not ask the tests. Answers what is wrong with the folder too. Raises Broken: it has errors, and
    there is no version.
    """
    trunk, exposed = settings.trunk is not None, settings.exposed
    given = folder_files(settings.hotline)
    start, fault = _published(settings, store)
    if start is None:
        loaded = load(settings.hotline, trunk=trunk, exposed=exposed, given=given)
        return replace(_folder(loaded, given), fault=fault), loaded.problems
    loaded, _ = load_tested(settings.hotline, datetime.now(UTC), trunk=trunk, exposed=exposed, given=given)
    if loaded.hotline is None:
        return replace(start, fault=fault or _unusable(start, loaded)), loaded.problems
    edited = _folder(loaded, given)
    last = store.for_all[-1]
    match standing(edited.files, edited.extras, last.folder, store.history):
        case Standing.BEHIND | Standing.TRIED:
            return replace(start, fault=fault or behind(edited.files, edited.extras, store)), loaded.problems
        case Standing.PUBLISHED if loaded.hotline.version == last.digest and last.has(edited.extras):
            return replace(edited, version=last), loaded.problems
    return replace(edited, taken_back=taken_back(edited.files, last.folder, store.history)), loaded.problems


def behind(files: Texts, extras: Extras, store: VersionStore) -> str:
    """Why a folder with these files is not taken: nobody has edited it since the last version was published elsewhere,
    or it is on trial.
    """
    last, tried = store.for_all[-1], on_trial(files, extras, store.history)
    if tried is not None:
        return Sentence(
            "The folder has the files of version {tried}, which was put on trial; version {last} of {author} is in "
            "use. To use it for all callers: ./wutong publish --over",
            tried=tried.number,
            last=last.number,
            author=last.author,
        )
    return Sentence(
        "Version {last} of {author} was published elsewhere, and nobody has edited the hotline's folder since: it "
        "would undo that version. To have the version in the folder: ./wutong versions export {last} DIR. To use "
        "the folder all the same: ./wutong publish --over",
        last=last.number,
        author=last.author,
    )


def _published(settings: Settings, store: VersionStore) -> tuple[Start | None, str | None]:
    """The newest version of this folder that can be used, and why that is not the last one."""
    fault: str | None = None
    if store.damaged:
        fault = Sentence(
            "Files of versions are damaged: {names}. Restore a backup, or publish again", names=", ".join(store.damaged)
        )
    for version in reversed(_of_folder(settings, store)[-TRIED:]):
        try:
            files, paths = store.files(version.number), _paths(settings.hotline, store, version)
        except NotDone as error:
            fault = fault or str(error)
            continue
        given = {name: text.encode() for name, text in files.items()}
        loaded = load(settings.hotline, exposed=settings.exposed, given=given, paths=paths)
        if loaded.hotline is not None:
            return Start(loaded.hotline, version, files, fault=fault), fault
        first = next(problem.words for problem in loaded.problems if problem.level is Level.ERROR)
        fault = fault or Sentence(
            "Version {number} cannot be used. Mend the folder, then ./wutong publish. Why: {why}",
            number=version.number,
            why=first,
        )
    return None, fault


def _paths(folder: Path, store: VersionStore, version: Version) -> Paths | None:
    """Where its recordings and lists are. What is lost or damaged is put back first, where the folder has it still.
    Raises NotDone.
    """
    try:
        return store.paths(version.number)
    except NotDone:
        extras = version.extras or {}
        try:
            store.put(extras, sources(folder, extras, None))
        except (OSError, NotDone):
            pass  # the folder has something else
        else:
            log.warning("version-mended", version=version.number, effect="what it had lost came from the folder")
        return store.paths(version.number)


def _of_folder(settings: Settings, store: VersionStore) -> Sequence[Version]:
    """The history, if it goes on in this folder: a start with another --hotline begins anew."""
    folder = str(settings.hotline.absolute())
    if not store.for_all or store.for_all[-1].folder != folder:
        return ()
    return [version for version in store.for_all if version.folder == folder]


def _folder(loaded: Loaded, given: Given | None) -> Start:
    """What is in the folder, of which `given` was read, and what was loaded of it. Raises Broken: it has errors."""
    if loaded.hotline is None:
        raise Broken(loaded.problems)
    try:
        files = texts(given or {})
    except Unkeepable as error:
        raise NotDone("The hotline cannot be kept as a version: {why}", why=str(error)) from error
    return Start(loaded.hotline, None, files, given_passwords(loaded.hotline), extras=loaded.extras)


def _unusable(start: Start, loaded: Loaded) -> str:
    """The folder has errors, or its tests fail."""
    assert start.version is not None
    errors = sum(problem.level is Level.ERROR for problem in loaded.problems)
    count = Sentence("1 error") if errors == 1 else Sentence("{count} errors", count=errors)
    return Sentence(
        "The hotline's folder has {count} and is not used: version {version} of {author} is. ./wutong check "
        "lists them; when they are mended: ./wutong publish",
        count=count,
        version=start.version.number,
        author=start.version.author,
    )
