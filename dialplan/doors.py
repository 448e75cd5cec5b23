"""How many connections are open at the two doors that Asterisk keeps.

When all are, new phones are kept out, and Asterisk ends no connection that says nothing: docs/security.md.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from settings.settings import Settings

log = structlog.get_logger()

LOOK_S = 15.0
"""Seconds between two looks."""

PHONES = 1_020
"""Connections that PJSIP takes for SIP over TLS: it waits for them with select()."""

BROWSERS = 2_000
"""Connections that Asterisk's HTTP takes: `sessionlimit` in http.conf."""

TABLE = Path("/proc/net/tcp")
_OPEN = ("01", "08")
"""ESTABLISHED, and CLOSE_WAIT: the other end has closed, and Asterisk has not."""


@dataclass(frozen=True)
class Door:
    """`most`: connections that Asterisk takes there."""

    name: str
    port: int
    most: int


class Doors(Collector):
    def __init__(self, *doors: Door) -> None:
        self._doors = doors
        self._open: Mapping[int, int] = {}

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while self._doors:
            try:
                self._open = await asyncio.to_thread(opened, {door.port for door in self._doors})
            except OSError as problem:
                log.warning("doors-not-seen", why=str(problem))
                return
            await asyncio.sleep(LOOK_S)

    def collect(self) -> Iterator[Metric]:
        now = GaugeMetricFamily("wutong_door_connections", "Open connections to Asterisk.", labels=["door"])
        most = GaugeMetricFamily("wutong_door_connections_most", "Connections that it takes there.", labels=["door"])
        for door in self._doors:
            now.add_metric([door.name], self._open.get(door.port, 0))
            most.add_metric([door.name], door.most)
        yield now
        yield most


def doors(settings: Settings) -> Iterator[Door]:
    """Those of an Asterisk on this machine; no connection of another one is seen from here."""
    if settings.asterisk is None or settings.asterisk.host in ("127.0.0.1", "localhost"):
        if settings.certificate is not None:
            yield Door("phones", settings.ports.sip_tls, PHONES)
        yield Door("browsers", settings.ports.websocket, BROWSERS)


def opened(ports: set[int], table: Path = TABLE) -> Mapping[int, int]:
    """How many connections each of these ports of this machine has. The columns are those of proc_pid_net(5).

    Raises OSError.
    """
    found: Counter[int] = Counter()
    with table.open() as lines:
        next(lines)
        for line in lines:
            _, local, _, state, _ = line.split(maxsplit=4)
            port = int(local.rpartition(":")[2], 16)
            if port in ports and state in _OPEN:
                found[port] += 1
    return found
