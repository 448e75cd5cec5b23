"""Letting a user pass through folders that are closed to others, such as /root on the way to a checkout there.

The user gets an entry in the folder's access list (acl(5)) that allows to go through it, and not to list it. Nobody
else gets anything.
"""

import errno
import os
import stat
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from base.failure import NotDone
from processes.users import User

_ACL = "system.posix_acl_access"
_VERSION = struct.pack("<I", 2)
_ENTRY = struct.Struct("<HHI")  # linux/posix_acl_xattr.h: tag, permissions, id
_OWNER, _USER, _GROUP, _MASK, _OTHERS = 0x01, 0x02, 0x04, 0x10, 0x20
_NOBODY = 0xFFFFFFFF
_PASS = 0o1


def let_pass(user: User, paths: Iterable[Path]) -> list[Path]:
    """Let the user reach these files. Answers the folders that had to be opened. Raises `NotDone`, OSError."""
    opened = closed(user, paths)
    for folder in opened:
        _open(user, folder)
    return opened


def closed(user: User, paths: Iterable[Path]) -> list[Path]:
    """The folders on the way that the user cannot pass. Raises OSError."""
    way = dict.fromkeys(folder for path in paths for folder in _way(path))
    return [folder for folder in way if not _passes(user, folder)]


def check_readable(hotline: Path, user: User) -> None:
    """As the service's user: whether this process reads all of the hotline's folder. Raises `NotDone`."""
    prompts = hotline / "prompts"
    read = (hotline / "hotline.yaml", hotline / "agents.yaml", prompts, *prompts.rglob("*"))
    unread = [path for path in read if path.exists() and not os.access(path, os.R_OK)]
    if unread:
        raise NotDone(
            "the service runs as the user {user}, who may not read {path}. As root: chgrp -R {user} {hotline} "
            "&& chmod -R g+rX {hotline}",
            user=user.name,
            path=unread[0],
            hotline=hotline,
        )


def _way(path: Path) -> Iterator[Path]:
    """Every folder that the kernel goes through to reach it, the first one first; `path` itself if it is a folder."""
    for _ in range(40):  # as many links as the kernel follows
        yield from reversed(path.parents)
        if not path.is_symlink():
            break
        path = path.parent / path.readlink()
    real = path.resolve()
    yield from reversed(real.parents)
    if real.is_dir():
        yield real


def _passes(user: User, folder: Path) -> bool:
    found = folder.stat()
    if found.st_uid == user.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    entries = _entries(folder)
    own = next((allowed for tag, allowed, whom in entries if (tag, whom) == (_USER, user.uid)), None)
    if own is not None:
        mask = next((allowed for tag, allowed, _ in entries if tag == _MASK), 0o7)
        return bool(own & mask & _PASS)
    if found.st_gid == user.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _open(user: User, folder: Path) -> None:
    entries = _entries(folder)
    allowed = _PASS | next((allowed for tag, allowed, whom in entries if (tag, whom) == (_USER, user.uid)), 0)
    mask = next((allowed for tag, allowed, _ in entries if tag == _MASK), None)
    if mask is None:
        mask = next(allowed for tag, allowed, _ in entries if tag == _GROUP)
    kept = [entry for entry in entries if entry[0] != _MASK and (entry[0], entry[2]) != (_USER, user.uid)]
    changed = sorted([*kept, (_USER, allowed, user.uid), (_MASK, mask | _PASS, _NOBODY)], key=lambda e: (e[0], e[2]))
    try:
        os.setxattr(folder, _ACL, _VERSION + b"".join(_ENTRY.pack(*entry) for entry in changed))
    except OSError as error:
        if error.errno != errno.EOPNOTSUPP:
            raise
        raise NotDone(
            "{folder} is closed to the user {user}, and its file system has no access lists: chmod o+x {folder}, "
            "or put Wutong, its state folder (--state) and $XDG_CACHE_HOME elsewhere",
            folder=folder,
            user=user.name,
        ) from None


def _entries(folder: Path) -> list[tuple[int, int, int]]:
    """Tag, permissions and id; where there is no list, what the mode says."""
    try:
        packed = os.getxattr(folder, _ACL)
    except OSError as error:
        if error.errno not in (errno.ENODATA, errno.EOPNOTSUPP):
            raise
        mode = folder.stat().st_mode
        return [(_OWNER, mode >> 6 & 7, _NOBODY), (_GROUP, mode >> 3 & 7, _NOBODY), (_OTHERS, mode & 7, _NOBODY)]
    return list(_ENTRY.iter_unpack(packed[len(_VERSION) :]))
