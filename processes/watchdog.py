"""The supervisor's side of sd_notify(3): `up` notices a service that hangs.

The service sends every supervisor the same (`processes.notify`); systemd has its own watchdog.
"""

import asyncio
import hashlib
import os
import secrets
import socket
import struct
from pathlib import Path

PERIOD = 10.0
"""Seconds within which a sign of life must come; the service sends one every half of it."""

MISSED = 2
"""Periods in a row without a sign after which the service counts as hanging. One may pass because the whole machine
was stopped."""

_CREDENTIALS = struct.Struct("3i")  # unix(7), struct ucred: pid, uid, gid
_LONGEST = 4_096


class Watchdog:
    """Make it in the loop that runs; close it.

    `state`: the state folder. The next supervisor of the folder listens at the same address: a service that is not its
    child still sends its signs there. `period`: seconds, as `PERIOD`. `environment`: variables for the service.
    """

    def __init__(self, state: Path, period: float) -> None:
        self._signs: set[int] = set()  # pids
        self._came = False  # one, since `silent` was asked last
        self._empty = 0  # periods in a row
        # An abstract address is never too long for a deep state folder, and leaves no file. The kernel names the
        # sender.
        name = f"wutong-{hashlib.sha256(os.fsencode(state.resolve())).hexdigest()[:32]}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        try:
            self._socket.bind(f"\0{name}")
        except OSError:  # taken by another: only a service that we start is watched, not one taken up
            name = f"wutong-{secrets.token_hex(16)}"
            self._socket.bind(f"\0{name}")
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._read)
        self.environment = {"NOTIFY_SOCKET": f"@{name}", "WATCHDOG_USEC": str(int(period * 1_000_000))}

    def close(self) -> None:
        self._loop.remove_reader(self._socket)
        self._socket.close()

    def silent(self, pid: int) -> bool:
        """Ask once a period: whether the process has sent signs of life and has stopped sending them."""
        self._empty = 0 if self._came else self._empty + 1
        self._came = False
        return pid in self._signs and self._empty >= MISSED

    def _read(self) -> None:
        try:
            message, extras, _, _ = self._socket.recvmsg(_LONGEST, socket.CMSG_SPACE(_CREDENTIALS.size))
        except BlockingIOError:
            return
        for level, kind, data in extras:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                pid, uid, _ = _CREDENTIALS.unpack(data)
                if uid == os.getuid() and b"WATCHDOG=1" in message.split(b"\n"):
                    self._signs.add(pid)
                    self._came = True
