"""A way for a user who is nobody, closed again afterwards: /root of the machine that runs the tests is not ours."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from processes.passage import let_pass
from processes.users import User

ACL = "system.posix_acl_access"


@contextmanager
def way(user: User, *paths: Path) -> Iterator[None]:
    """Within the block the user reaches these files."""
    folders = {folder for path in paths for end in (path, path.resolve()) for folder in (end, *end.parents)}
    before = {folder: (_acl(folder), folder.stat().st_mode & 0o7777) for folder in folders if folder.is_dir()}
    opened = let_pass(user, paths)
    assert set(opened) <= set(before)
    try:
        yield
    finally:
        for folder in opened:
            acl, mode = before[folder]
            if acl is None:
                os.removexattr(folder, ACL)
                folder.chmod(mode)  # its group's part had become the list's mask
            else:
                os.setxattr(folder, ACL, acl)


def _acl(folder: Path) -> bytes | None:
    with suppress(OSError):
        return os.getxattr(folder, ACL)
    return None
