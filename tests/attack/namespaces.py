"""Network namespaces of a test's own: the hotline's machine, and two others with a line to it each. As root.

Nothing in them reaches this machine or its network: they have no way out.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

HOTLINE = "192.0.2.1"
PHONE = "192.0.2.2"
PROVIDER = "198.51.100.2"
"""Another address of the machine that the phone is on."""
STRANGER = "192.0.2.6"


@dataclass(frozen=True, slots=True)
class Machines:
    """Their names. `enter(name)` is what to put before a command that runs there."""

    hotline: str
    phone: str
    stranger: str


def enter(name: str) -> tuple[str, ...]:
    return "ip", "netns", "exec", name


@contextmanager
def machines() -> Iterator[Machines]:
    """All three, connected. They are gone afterwards."""
    made = Machines(*(f"wutong-{os.getpid()}-{name}" for name in ("hotline", "phone", "stranger")))
    with ExitStack() as ending:
        for name in (made.hotline, made.phone, made.stranger):
            _ip("netns", "add", name)
            ending.callback(_ip, "netns", "delete", name)
            _ip("-n", name, "link", "set", "lo", "up")
        _connect(made.hotline, f"{HOTLINE}/30", "to-phone", made.phone, f"{PHONE}/30")
        _connect(made.hotline, "192.0.2.5/30", "to-stranger", made.stranger, f"{STRANGER}/30")
        _ip("-n", made.phone, "address", "add", f"{PROVIDER}/32", "dev", "line")
        _ip("-n", made.hotline, "route", "add", f"{PROVIDER}/32", "dev", "to-phone")
        _ip("-n", made.stranger, "route", "add", f"{HOTLINE}/32", "dev", "line", "via", "192.0.2.5")
        yield made


def _connect(hotline: str, own: str, line: str, other: str, address: str) -> None:
    _ip("-n", hotline, "link", "add", line, "type", "veth", "peer", "name", "line", "netns", other)
    for name, device, its in ((hotline, line, own), (other, "line", address)):
        _ip("-n", name, "address", "add", its, "dev", device)
        _ip("-n", name, "link", "set", device, "up")


def _ip(*words: str) -> None:
    done = subprocess.run(("ip", *words), capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"
