"""What the service reports to systemd: sd_notify(3), whose protocol is one datagram of lines.

Own code, as that manual page advises: its reference implementation in Python is no longer than this. The existing
bindings need a compiler with libsystemd, or are abandoned.
"""

import asyncio
import hashlib
import os
import secrets
import socket
import struct
from collections.abc import MutableMapping
from pathlib import Path

import structlog

log = structlog.get_logger()

LONGEST_STATUS = 200
"""Characters of a status line; `systemctl status` shows it on one line."""


class Notifier:
    """Reports to the program that started us. Without `NOTIFY_SOCKET` in the environment it sends nothing.

    `watchdog_s`: the most seconds between two `beat`s; None: no watchdog.
    """

    def __init__(self, environ: MutableMapping[str, str] = os.environ) -> None:
        """Removes its variables from `environ`, so that programs started by us do not answer for us."""
        address = environ.pop("NOTIFY_SOCKET", "")
        period, pid = environ.pop("WATCHDOG_USEC", ""), environ.pop("WATCHDOG_PID", "")
        self._name = "\0" + address[1:] if address.startswith("@") else address  # an abstract socket begins with zero
        self._socket = _heard(address, self._name) if address else None
        meant = pid in ("", str(os.getpid()))
        wanted = self._socket is not None and meant and period.isdecimal() and int(period) > 0
        self.watchdog_s = int(period) / 1_000_000 if wanted else None
        self._status = ""
        self._owed: tuple[str, ...] = ()
        self._failing = False

    @property
    def listened_to(self) -> bool:
        return self._socket is not None

    def ready(self, status: str) -> None:
        """The start is over: calls can be taken."""
        self._send("READY=1", *self._news(status))

    def stopping(self) -> None:
        self._send("STOPPING=1", *self._news("stopping"))

    def status(self, status: str) -> None:
        """Send a line for a person, unless it equals the last one."""
        self._send(*self._news(status))

    def beat(self, status: str) -> None:
        """Say that the service is alive, with a line as in `status`."""
        beat = () if self.watchdog_s is None else ("WATCHDOG=1",)
        self._send(*beat, *self._news(status))

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _news(self, status: str) -> tuple[str, ...]:
        # a line break would begin another variable
        words = " ".join(status.split())[:LONGEST_STATUS]
        if words == self._status:
            return ()
        self._status = words
        return (f"STATUS={words}",)

    def _send(self, *lines: str) -> None:
        """Never blocks, never fails. A lost beat is followed by the next; READY and STOPPING are sent again with it."""
        if self._socket is None or not lines:
            return
        lines = (*self._owed, *lines)
        try:
            # by name, not through the connection: the listener may go, and another have its name
            self._socket.sendto("\n".join(lines).encode(), self._name)
        except OSError as error:
            self._owed = tuple(line for line in lines if line in ("READY=1", "STOPPING=1"))
            self._status = ""  # so that it is sent again
            if not self._failing:
                log.warning("systemd-not-told", why=str(error))
            self._failing = True
        else:
            self._owed = ()
            self._failing = False


def _heard(address: str, name: str) -> socket.socket | None:
    """A socket, not blocking; None if `address` is not a unix socket, or nothing listens there."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)
    try:
        if address[0] not in "/@":
            raise OSError("is not a unix socket")
        made.connect(name)
    except OSError as error:
        log.warning("systemd-not-told", why=f"NOTIFY_SOCKET={address[:100]!r}: {error}")
        made.close()
        return None
    return made


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
