"""What is done once a day, beside the calls."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import structlog

from service.calls.edition import Edition
from sounds.sweeping import sweep

log = structlog.get_logger()

DAY = 86_400.0
"""Seconds between two times."""


async def sweep_daily(folder: Path, edition: Callable[[], Edition]) -> None:
    """Remove clips from `folder` that no version has needed for a week. Runs until cancelled.

    A version that calls began with before a reload was in use then, so its clips stay for a week more.
    """
    while True:
        await asyncio.sleep(DAY)
        try:
            removed = await asyncio.to_thread(lambda: sweep(folder, edition().clips()))
        except OSError as problem:  # the disk: clips stay, and calls go on
            log.warning("clips-not-removed", why=str(problem))
            continue
        if removed:
            log.info("clips-removed", clips=removed)
