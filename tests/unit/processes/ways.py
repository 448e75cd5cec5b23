"""A way for a user who is nobody, closed again afterwards: /root of the machine that runs the tests is not ours."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from processes.passage import _ACL, _ENTRY, _GROUP, _USER, _VERSION, _entries, let_pass
from processes.users import User


@contextmanager
def way(user: User, *paths: Path) -> Iterator[None]:
    """Within the block the user reaches these files. All test processes of the machine go one after another: none may
    close a folder that another one still needs.
    """
    root = os.open("/", os.O_RDONLY)
    try:
        fcntl.flock(root, fcntl.LOCK_EX)
        opened = let_pass(user, paths)
        try:
            yield
        finally:
            for folder in opened:
                _close(user, folder)
    finally:
        os.close(root)


def _close(user: User, folder: Path) -> None:
    """Take the user's entry out of the folder's access list; others, which came meanwhile, stay."""
    kept = [entry for entry in _entries(folder) if (entry[0], entry[2]) != (_USER, user.uid)]
    if any(tag == _USER for tag, _, _ in kept):
        os.setxattr(folder, _ACL, _VERSION + b"".join(_ENTRY.pack(*entry) for entry in kept))
        return
    group = next(allowed for tag, allowed, _ in kept if tag == _GROUP)
    os.removexattr(folder, _ACL)
    folder.chmod(folder.stat().st_mode & 0o7707 | group << 3)  # its group's part had become the list's mask
