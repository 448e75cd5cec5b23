"""Each scenario on a real Asterisk, with SIP phones: its story is the one that it expects, as on the fake one. All are
played in one hotline, so many at the same time as it has places.

Some alone, by their names: `SCENARIOS=a_hold_and_back pytest tests/integration/test_scenarios.py`.
"""

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from calls import dialling
from tests.integration.world import world
from tests.scenarios import SCENARIOS
from tests.scenarios.description import Fault, Scenario
from tests.scenarios.hotline import PLACES, day, write
from tests.scenarios.real import play

WANTED = os.environ.get("SCENARIOS", "").split(",")


def waves() -> Iterator[Sequence[Scenario]]:
    """Scenarios that are played at the same time."""
    for fault in Fault:
        wanted = [one for one in SCENARIOS if one.fault is fault and (str(one) in WANTED or WANTED == [""])]
        for first in range(0, len(wanted), PLACES):
            yield wanted[first : first + PLACES]


async def test_each_tells_its_story(tmp_path: Path, sounds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "hotline", day(time.time()))
    async with world(tmp_path / "state", folder, sounds, proxied=True) as hotline:
        wrong = []
        for number, wave in enumerate(waves()):
            monkeypatch.setattr(dialling, "TRANSFER_RING", 4.0 if wave[0].fault is Fault.NONE else 60.0)
            wrong += await play(hotline, number, wave)
    assert not wrong, "\n\n".join(wrong)
