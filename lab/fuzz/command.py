"""`./wutong fuzz`: a long run that reports as it goes."""

from collections.abc import Callable, Sequence
from pathlib import Path

from lab.bench import reported
from lab.fuzz.report import Report
from lab.fuzz.run import fuzz


def run(*, minutes: float, seed: int, only: Sequence[str], as_json: bool) -> int:
    """The exit status: 1 if anything failed, 2 if the run was not possible, 130 after a Ctrl-C."""
    seconds = minutes * 60

    async def work(state: Path, sounds: Path, tell: Callable[[str], None]) -> Report:
        return await fuzz(state, sounds, seconds, seed, only, tell)

    return reported.run("fuzz", work, seconds=seconds, seed=seed, as_json=as_json)
