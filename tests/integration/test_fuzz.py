"""One round of `./wutong fuzz` at the open ports of a real hotline."""

import json
import random

from tests.integration.command import typed
from tests.thorough import THOROUGH

SEED = random.getrandbits(32) if THOROUGH else 1
"""The same round each time, unless all is to be tried."""

PORTS = ("agi-port", "http-port", "sip-port", "websocket-port")


async def test_nothing_that_comes_to_an_open_port_harms_the_hotline() -> None:
    """A third of a minute, a quarter for each port; a hundred examples took that long."""
    only = " ".join(f"--only {port}" for port in PORTS)
    status, output, complaints = await typed(f"./wutong fuzz --minutes 0.33 --seed {SEED} --json {only}")
    assert status == 0, output + complaints
    report = json.loads(output)
    assert report["failures"] == []
    assert set(report["tried"]) == set(PORTS)
    assert all(tried > 0 for tried in report["tried"].values())
