"""`./wutong chaos`: a long run that reports as it goes."""

from collections.abc import Callable
from pathlib import Path

from lab.bench import reported
from lab.chaos.load import Size
from lab.chaos.report import Report
from lab.chaos.run import storm
from lab.chaos.schedule import drawn


def run(*, minutes: float, seed: int, as_json: bool) -> int:
    """The exit status: 1 if anything was lost, 2 if the run was not possible, 130 after a Ctrl-C."""
    seconds = minutes * 60

    async def work(state: Path, sounds: Path, tell: Callable[[str], None]) -> Report:
        return await storm(state, sounds, drawn(seed, seconds), seconds, seed, Size(), tell)

    return reported.run("chaos", work, seconds=seconds, seed=seed, as_json=as_json)
