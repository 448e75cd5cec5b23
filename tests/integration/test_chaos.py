"""A short storm: most faults come, and nothing is lost. The long one: `./wutong chaos --minutes 10`."""

import json

import pytest

from lab.chaos.schedule import EACH
from tests.integration.command import typed

pytestmark = pytest.mark.usefixtures("sounds")
"""No voice has to speak."""


async def test_nothing_is_lost_whatever_breaks() -> None:
    status, output, complaints = await typed("./wutong chaos --quick --json")
    report = json.loads(output)
    assert (status, report["losses"]) == (0, []), output + complaints
    assert sum(report["faults"].values()) == len(EACH), report["faults"]
    assert report["counts"]["conversations"] > 10


async def test_no_callback_is_lost_or_rung_twice_whatever_breaks() -> None:
    """For a few faults; the long one: `./wutong chaos --callbacks --minutes 5`."""
    status, output, complaints = await typed("./wutong chaos --quick --callbacks --json")
    report = json.loads(output)
    assert (status, report["losses"]) == (0, []), output + complaints
    assert report["faults"]
    assert report["counts"]["callbacks in the journal"] > 3
