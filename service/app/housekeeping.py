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

    A call keeps the version that it began with. That version's clips therefore stay for a week after a reload.
    """
    while True:
        await asyncio.sleep(DAY)
        try:
            removed = await asyncio.to_thread(lambda: sweep(folder, edition().clips()))
        except OSError as problem:  # the disk failed: clips stay, and calls go on
            log.warning("clips-not-removed", why=str(problem))
            continue
        if removed:
            log.info("clips-removed", clips=removed)
