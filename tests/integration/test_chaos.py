"""A short storm, always the same: every fault comes, and nothing is lost. `./wutong chaos` is the long one."""

import json
from pathlib import Path

from lab.chaos.load import Size
from lab.chaos.run import storm
from lab.chaos.schedule import Fault, hand
from tests.integration.command import typed

SEED = 1

FAULTS = (
    *(Fault.KILL,) * 2,
    Fault.MACHINE,
    Fault.STOP,
    Fault.FREEZE,
    Fault.AMI_CUT,
    Fault.AMI_AWAY,
    Fault.AMI_HALF_OPEN,
    Fault.AMI_LAG,
    Fault.AGI_CUT,
    Fault.DATABASE_LOCKED,
    Fault.ASTERISK_KILLED,
)


async def test_nothing_is_lost_whatever_breaks(tmp_path: Path, sounds: Path) -> None:
    told: list[str] = []
    blows = hand(SEED, FAULTS, every=2.0)
    report = await storm(tmp_path / "state", sounds, blows, 22, SEED, Size(agents=8, callers=14), told.append)
    assert not report.losses, "\n".join(report.lines())
    assert sum(report.faults.values()) == len(FAULTS), report.faults
    assert report.counts["conversations"] > 10, report.counts


async def test_the_command_storms_and_tells_what_it_counted() -> None:
    status, output, complaints = await typed("./wutong chaos --minutes 0.1 --json")
    report = json.loads(output)
    assert (status, report["losses"]) == (0, []), output + complaints
    assert report["counts"]["conversations"] > 10
