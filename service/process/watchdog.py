"""What `up` hears of the service's life: the supervisor's side of sd_notify(3). So one that hangs is noticed.

The service tells every supervisor the same (`service.process.notify`); systemd has a watchdog of its own.
"""

import asyncio
import hashlib
import os
import secrets
import socket
import struct
from pathlib import Path

PERIOD = 10.0
"""Seconds within which a sign of life has to come; the service gives one in half of it."""

MISSED = 2
"""Periods in a row without one, after which the service hangs. One may pass because the whole machine was stopped."""

_CREDENTIALS = struct.Struct("3i")  # unix(7), struct ucred: pid, uid, gid
_LONGEST = 4_096


class Watchdog:
    """Made in the loop that awaits it; close it.

    `state`: the state folder. Whoever supervises it next listens at the same address, where a service that is not his
    child goes on to give its signs. `period`: seconds, as `PERIOD`. `environment`: what the service is to be started
    with.
    """

    def __init__(self, state: Path, period: float) -> None:
        self._period = period
        self._signs: set[int] = set()  # pids
        self._came = asyncio.Event()
        # An abstract address has no length that a deep state folder could exceed, and no file that is left behind; who
        # sends is told by the kernel.
        name = f"wutong-{hashlib.sha256(os.fsencode(state.resolve())).hexdigest()[:32]}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        try:
            self._socket.bind(f"\0{name}")
        except OSError:  # somebody else took it: who starts with it is watched, who was taken up is not
            name = f"wutong-{secrets.token_hex(16)}"
            self._socket.bind(f"\0{name}")
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._read)
        self.environment = {"NOTIFY_SOCKET": f"@{name}", "WATCHDOG_USEC": str(int(period * 1_000_000))}

    def close(self) -> None:
        self._loop.remove_reader(self._socket)
        self._socket.close()

    async def missed(self, pid: int) -> None:
        """Return when this process has given signs of life, and gives none any more."""
        empty = 0
        while pid not in self._signs or empty < MISSED:
            try:
                async with asyncio.timeout(self._period):
                    await self._came.wait()
            except TimeoutError:
                empty += 1
            else:
                self._came.clear()
                empty = 0

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
                    self._came.set()
