"""A version, written into a folder: its files, recordings and lists of callers."""

import os
from collections.abc import Mapping
from pathlib import Path

from base.failure import NotDone
from commands.options import consent
from hotline.extras import INDEX_NAME, Paths
from hotline.files import AGENTS, FILES
from publishing.passwordless import Unkeepable, passwords, with_passwords


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
        consent(f"{', '.join(str(folder / name) for name in lost)} will be overwritten or removed.", yes=yes)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in differing:
            (folder / name).parent.mkdir(exist_ok=True, parents=True)
            _put(folder / name, wanted.get(name))
    except OSError as error:
        raise NotDone(f"{error.filename or folder} cannot be written: {error.strerror}") from error
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
