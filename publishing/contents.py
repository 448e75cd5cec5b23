"""What versions keep beside their files: recordings and lists of callers, each content once, named by its SHA-256.

They are in `contents/` of the folder of the versions. A file appears there whole or not at all.
"""

import hashlib
import os
import re
from collections.abc import Collection
from pathlib import Path

from base.failure import NotDone
from hotline.extras import Extra, Extras, Paths
from sentences.sentence import Sentence
from sounds.recordings import ENDINGS, read_inside

CONTENTS = "contents"

NAME = re.compile(r"([0-9a-f]{64})(\.[a-z0-9]{1,5})?")
"""Of a file: the SHA-256, and for a recording its ending, by which sox knows the format."""


class Contents:
    """`folder`: made when there is something to keep."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def paths(self, extras: Extras) -> Paths:
        """Where each is; it need not be there."""
        return {name: self._folder / _name(name, extra) for name, extra in extras.items()}

    def lost(self, extras: Extras, *, thorough: bool = False) -> list[str]:
        """The names of those that are not there as they were kept. `thorough`: reads them, which finds damaged ones."""
        return [name for name, extra in extras.items() if not self._is_whole(name, extra, thorough=thorough)]

    def put(self, extras: Extras, sources: Paths) -> None:
        """Keep those that are not kept yet, and those that were damaged since; `sources`: where they are now. Raises
        OSError, and NotDone where a file is not what was read.
        """
        missing = self.lost(extras, thorough=True)
        if not missing:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in missing:
            self._put(name, extras[name], sources[name])
        sync(self._folder)

    def keep_only(self, needed: Collection[Extras]) -> None:
        """Remove what none of these has, and what a crash left. Raises nothing of its own: it only costs room."""
        names = {_name(name, extra) for extras in needed for name, extra in extras.items()}
        try:
            for file in self._folder.iterdir():
                if file.name not in names:
                    file.unlink(missing_ok=True)
        except OSError:  # there is no such folder
            return

    def _is_whole(self, name: str, extra: Extra, *, thorough: bool) -> bool:
        file = self._folder / _name(name, extra)
        try:
            if file.stat().st_size != extra.size:
                return False
            return not thorough or digest_of(file) == extra.sha256
        except OSError:
            return False

    def _put(self, name: str, extra: Extra, source: Path) -> None:
        target = self._folder / _name(name, extra)
        draft = self._folder / f".{target.name}.{os.getpid()}"
        draft.unlink(missing_ok=True)
        data = read_inside(source, None, extra.size)
        if hashlib.sha256(data).hexdigest() != extra.sha256:
            raise NotDone(Sentence("{name} was changed while it was read: publish again", name=name))
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)


def digest_of(file: Path) -> str:
    """SHA-256. Raises OSError."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def sync(folder: Path) -> None:
    """Force the names in a folder to the disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _name(name: str, extra: Extra) -> str:
    ending = Path(name).suffix.lower()
    return f"{extra.sha256}{ending if ending in ENDINGS else ''}"
