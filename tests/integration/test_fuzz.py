"""One round of `./wutong fuzz` at the open ports of a real hotline."""

import json
import random

import pytest

from tests.integration.command import typed
from tests.thorough import THOROUGH

pytestmark = pytest.mark.usefixtures("sounds")
"""No voice has to speak."""

SEED = random.getrandbits(32) if THOROUGH else 1
"""The same round each time, unless all is to be tried."""

PORTS = ("agi-port", "http-port", "sip-port", "websocket-port")
CROWDS = ("held-connections", "forged-senders", "lifetimes-of-rights", "limits-across-accounts")
TRIED = (*PORTS, *CROWDS)


async def test_nothing_that_comes_to_an_open_port_harms_the_hotline() -> None:
    """Two thirds of a minute, an eighth for each property: a hundred examples at a port, two or three of a crowd."""
    only = " ".join(f"--only {name}" for name in TRIED)
    status, output, complaints = await typed(f"./wutong fuzz --minutes 0.67 --seed {SEED} --json {only}")
    assert status == 0, output + complaints
    report = json.loads(output)
    assert report["failures"] == []
    assert set(report["tried"]) == set(TRIED)
    assert all(tried > 0 for tried in report["tried"].values())
