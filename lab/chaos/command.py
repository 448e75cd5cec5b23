"""`./wutong chaos`: a long run that reports as it goes."""

from collections.abc import Callable
from math import inf
from pathlib import Path

from lab.bench import reported
from lab.chaos.load import Size
from lab.chaos.report import Report
from lab.chaos.run import storm
from lab.chaos.schedule import EACH, at_callbacks, drawn, hand
from lab.chaos.several import blows as of_machines
from lab.chaos.several import storm as several

QUICK = 22.0
"""Seconds of a storm that has each fault of EACH, one every two seconds."""


def run(*, seconds: float | None, seed: int, callbacks: bool, as_json: bool) -> int:
    """The exit status: 1 if anything was lost, 2 if the run was not possible, 130 after a Ctrl-C.

    seconds    None: a quick storm
    callbacks  callers come to be called back, and faults at every step of that
    """
    lasts = QUICK if seconds is None else seconds
    size = Size(8, 14, all_ask=callbacks) if seconds is None else Size(all_ask=callbacks)
    if callbacks:
        blows = at_callbacks(seed, lasts)
    else:
        blows = hand(seed, EACH, 2.0) if seconds is None else drawn(seed, seconds)

    async def work(state: Path, sounds: Path, tell: Callable[[str], None]) -> Report:
        until = inf if blows[-1].at > lasts else lasts  # a quick storm has every fault
        return await storm(state, sounds, blows, lasts, until, seed, size, tell)

    return reported.run("chaos", work, seconds=lasts, seed=seed, as_json=as_json)


def over_machines(number: int, *, seconds: float | None, seed: int, as_json: bool) -> int:
    """The same over so many machines of one hotline. `seconds` None: a quick storm, of a few faults."""
    blows = of_machines.each(of_machines.QUICK) if seconds is None else of_machines.drawn(seed, seconds)
    lasts = of_machines.EVERY * len(of_machines.QUICK) if seconds is None else seconds
    return reported.run("chaos", several.work(number, blows, lasts, seed), seconds=lasts, seed=seed, as_json=as_json)
