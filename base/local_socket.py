"""The Unix socket of a state folder through which the command line asks the service on this machine.

Only its owner can connect, and root. The kernel takes addresses of 107 bytes at most, and state folders may be deeper:
so it is named by the descriptor of its folder.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DOOR = "local_door"
"""What the state of a request's ASGI scope has, if it came through this socket. No address is no sign of that."""

NOBODY = (FileNotFoundError, ConnectionRefusedError, PermissionError)
"""What `connected` raises where nobody listens for us: a service of an earlier version has no such socket."""


def listen(path: Path) -> socket.socket:
    """A socket that listens there, instead of one that a dead service left. Raises OSError."""
    made = socket.socket(socket.AF_UNIX)
    try:
        path.unlink(missing_ok=True)
        with address(path) as where:
            made.bind(where)
        path.chmod(0o600)  # before it listens: nobody could connect so far
        made.listen()
        made.setblocking(False)
    except BaseException:
        made.close()
        raise
    return made


def connected(path: Path, timeout: float | None) -> socket.socket:
    """A connection. `timeout`: seconds for each step on it; None: no limit. Raises OSError, often one of NOBODY."""
    made = socket.socket(socket.AF_UNIX)
    try:
        made.settimeout(timeout)
        with address(path) as where:
            made.connect(where)
    except BaseException:
        made.close()
        raise
    return made


@contextmanager
def address(path: Path) -> Iterator[str]:
    """What `bind` and `connect` take for the path, within the block."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
