"""One round of `./wutong fuzz` at the open ports of a real hotline."""

import random
from pathlib import Path

from lab.fuzz.run import fuzz
from tests.thorough import THOROUGH

SEED = random.getrandbits(32) if THOROUGH else 1
"""The same round each time, unless all is to be tried."""

PORTS = ("agi-port", "http-port", "sip-port", "websocket-port")

SECONDS = 20.0
"""A quarter for each port; a hundred examples took that long."""


async def test_nothing_that_comes_to_an_open_port_harms_the_hotline(sounds: Path, tmp_path: Path) -> None:
    report = await fuzz(tmp_path / "state", sounds, SECONDS, SEED, PORTS, lambda line: None)
    assert report.good, "\n".join(report.lines())
    assert set(report.tried) == set(PORTS)
    assert all(tried > 0 for tried in report.tried.values())
