"""The files of a version, written into a folder."""

import os
from collections.abc import Mapping
from pathlib import Path

from hotline.files import AGENTS, FILES
from hotline.passwordless import Unkeepable, passwords, with_passwords
from service.cli.options import consent
from service.setup.failure import NotDone


def write(files: Mapping[str, str], folder: Path, *, yes: bool) -> list[Path]:
    """Write them; a file that the version does not have is removed. Other files stay. Passwords of phones that are in
    the folder's agents.yaml stay there: a version has none. Answers what was written or removed. Raises NotDone.
    """
    wanted = dict(files)
    try:
        here = folder / AGENTS
        if AGENTS in wanted and here.is_file():
            wanted[AGENTS] = with_passwords(wanted[AGENTS], passwords(here.read_text(encoding="utf-8-sig")))
    except (Unkeepable, UnicodeDecodeError):
        pass  # it is broken, and is overwritten
    before = {name: _text(folder / name) for name in FILES}
    differing = [name for name in FILES if before[name] != wanted.get(name)]
    lost = [name for name in differing if before[name] is not None]
    if lost:
        consent(f"{', '.join(str(folder / name) for name in lost)} will be overwritten or removed.", yes=yes)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in differing:
            _put(folder / name, wanted.get(name))
    except OSError as error:
        raise NotDone(f"{error.filename or folder} cannot be written: {error.strerror}") from error
    return [folder / name for name in differing]


def _text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode() if path.exists() else None
    except (OSError, UnicodeDecodeError):
        return ""


def _put(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    closed = 0o600 if path.exists() else 0o666  # passwords of the file that is there are in the text
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, closed)
        with open(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        if path.exists():
            about = path.stat()
            draft.chmod(about.st_mode & 0o777)
            if os.geteuid() == 0:
                os.chown(draft, about.st_uid, about.st_gid)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
