"""`./wutong chaos`: a long run that reports as it goes."""

from collections.abc import Callable
from pathlib import Path

from lab.bench import reported
from lab.chaos.load import Size
from lab.chaos.report import Report
from lab.chaos.run import storm
from lab.chaos.schedule import EACH, drawn, hand

QUICK = 22.0
"""Seconds of a storm that has each fault of EACH, one every two seconds."""


def run(*, seconds: float | None, seed: int, as_json: bool) -> int:
    """The exit status: 1 if anything was lost, 2 if the run was not possible, 130 after a Ctrl-C.

    seconds  None: a quick storm
    """
    blows, size = (hand(seed, EACH, 2.0), Size(8, 14)) if seconds is None else (drawn(seed, seconds), Size())
    lasts = QUICK if seconds is None else seconds

    async def work(state: Path, sounds: Path, tell: Callable[[str], None]) -> Report:
        return await storm(state, sounds, blows, lasts, seed, size, tell)

    return reported.run("chaos", work, seconds=lasts, seed=seed, as_json=as_json)
