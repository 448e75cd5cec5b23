"""A short storm: most faults come, and nothing is lost. The long one: `./wutong chaos --minutes 10`."""

import json

from lab.chaos.schedule import EACH
from tests.integration.command import typed


async def test_nothing_is_lost_whatever_breaks() -> None:
    status, output, complaints = await typed("./wutong chaos --quick --json")
    report = json.loads(output)
    assert (status, report["losses"]) == (0, []), output + complaints
    assert sum(report["faults"].values()) == len(EACH), report["faults"]
    assert report["counts"]["conversations"] > 10
