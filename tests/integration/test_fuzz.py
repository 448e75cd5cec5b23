"""One round of `./wutong fuzz` at the open ports of a real hotline."""

import random
from pathlib import Path

from lab.fuzz.run import fuzz
from tests.thorough import THOROUGH

SEED = random.getrandbits(32) if THOROUGH else 1
"""The same round each time, unless all is to be tried."""

PORTS = ("agi-port", "http-port", "sip-port", "websocket-port")


async def test_nothing_that_comes_to_an_open_port_harms_the_hotline(sounds: Path, tmp_path: Path) -> None:
    report = await fuzz(tmp_path / "state", sounds, 0.5, SEED, PORTS, lambda line: None)
    assert report.good, "\n".join(report.lines())
    assert all(tried > 0 for tried in report.tried.values())
    assert set(report.tried) == set(PORTS)
