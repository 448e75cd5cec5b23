"""Unused ports, for hotlines that run side by side."""

import fcntl
import itertools
import os
import socket
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from settings.ports import Ports, PortTaken

_PORTS = range(26_000, 27_000, 5)
_LOCKS = Path(f"/tmp/wutong-test-ports-{os.getuid()}")
"""For all processes, whatever TMPDIR each has."""
_AT_ONCE = 8
"""Bases that this process keeps locked, the last ones given out; older ones are free for other processes."""

_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_candidates = itertools.islice(itertools.cycle(_PORTS), 25 * _worker % len(_PORTS), None)
_kept: deque[int] = deque()
"""Descriptors, whose locks end with this process. File objects would warn then that nobody has closed them."""


def free_base() -> int:
    """The first of five free ports in a row, below all audio, which begins 1,000 above. All are below the kernel's
    range of ports for outgoing connections: there a test's phone may have the port in which Asterisk would send its
    reports.

    A lock that ends with this process keeps parallel test runs, also of other checkouts, off these ports.
    """
    _LOCKS.mkdir(exist_ok=True)
    for base in itertools.islice(_candidates, len(_PORTS)):
        lock = os.open(_LOCKS / str(base), os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for port in range(base, base + 5):
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                    with socket.socket(socket.AF_INET, kind) as probe:
                        probe.bind(("127.0.0.1", port))
        except OSError:
            os.close(lock)
            continue
        _kept.append(lock)
        if len(_kept) > _AT_ONCE:
            os.close(_kept.popleft())
        return base
    raise AssertionError(f"no five free ports in a row from {_PORTS.start} to {_PORTS.stop}")


def unused_base(bases: Iterable[int]) -> int | None:
    """The first of `bases` at which a hotline finds its ports free on loopback; None: there is none. Locks nothing."""
    for base in bases:
        try:
            Ports.from_base(base).check_free("127.0.0.1")
        except PortTaken:
            continue
        return base
    return None


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
