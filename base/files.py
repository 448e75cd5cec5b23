"""Files that are written whole, and locks on them."""

import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sentences.sentence import Sentence


def replace(file: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file whole, so that it outlives a power cut. It belongs to the folder's owner, also if root writes it.
    Raises OSError; then the file is as it was, unless only the folder could not be forced to the disk. A process that
    is killed meanwhile leaves `.NAME.PID` behind, which nobody reads.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            if os.geteuid() == 0 and (owner := file.parent.stat().st_uid) != 0:
                os.fchown(opened.fileno(), owner, -1)
            os.fchmod(opened.fileno(), mode)
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    sync(file.parent)


def plain(file: Path) -> BinaryIO:
    """A file of a folder in which another user writes, opened: no link, and no pipe without an end. Raises OSError."""
    opened = open(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")  # noqa: SIM115 - the caller's
    if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
        opened.close()
        raise OSError(Sentence("{file} is not a file", file=file))
    return opened


def sync(path: Path) -> None:
    """Force a file, or the names in a folder, to the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# A lock on a file. The kernel frees it when its process has ended, whatever became of it.


class LockHeld(Exception):
    """Another process holds the lock."""


@contextmanager
def lock(path: Path, waiting: Callable[[], object] | None = None) -> Iterator[int]:
    """Hold it. If another process does, call `waiting` and wait; without `waiting` raise `LockHeld`.

    Gives its descriptor. Children inherit the lock only where that is passed on to them.
    """
    # Not through a link: root, too, locks files in folders of other users.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        if os.geteuid() == 0:  # a file that root makes for a command belongs to the folder's owner
            os.fchown(descriptor, path.parent.stat().st_uid, -1)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting is None:
                raise LockHeld(path.name) from None
            waiting()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)
