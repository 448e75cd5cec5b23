"""What is done from time to time, beside the calls."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import structlog

from base.failure import NotDone
from sounds.build import sweep
from sounds.catalogue import Clip

log = structlog.get_logger()

DAY = 86_400.0
"""Seconds between two sweeps."""

LOOK_S = 30.0
"""Seconds between two looks at the certificate."""


async def sweep_daily(folder: Path, clips: Callable[[], Iterable[Clip]], also: Callable[[], None]) -> None:
    """Remove clips from `folder` that no version has needed for a week. `clips`: those that are needed now. `also`:
    sweeps the rest. Runs until cancelled.

    A call keeps the version that it began with. That version's clips therefore stay for a week after a reload.
    """
    while True:
        await asyncio.sleep(DAY)
        try:
            removed = await asyncio.to_thread(lambda: sweep(folder, clips()))
            await asyncio.to_thread(also)
        except OSError as problem:  # the disk failed: clips stay, and calls go on
            log.warning("clips-not-removed", why=str(problem))
            continue
        if removed:
            log.info("clips-removed", clips=removed)


async def renew_certificate(files: tuple[Path, Path], use: Callable[[], Awaitable[None]]) -> None:
    """`use` the files of certificate and key each time that they have changed. Runs until cancelled.

    An error of `use` (OSError, NotDone) is logged, and the certificate that was in use stays.
    """
    used = _seen(files)
    while True:
        await asyncio.sleep(LOOK_S)
        now = _seen(files)
        if now == used or None in now:
            continue
        used = now
        try:
            await use()
        except (OSError, NotDone) as error:
            log.error("certificate-not-renewed", why=str(error), effect="the one before stays in use")
        else:
            log.info("certificate-renewed", file=str(files[0]))


def _seen(files: tuple[Path, Path]) -> list[tuple[int, int] | None]:
    """The marks by which a changed file is noticed; None: it is not there, perhaps being replaced."""
    seen: list[tuple[int, int] | None] = []
    for file in files:
        try:
            state = file.stat()
        except OSError:
            seen.append(None)
        else:
            seen.append((state.st_mtime_ns, state.st_ino))
    return seen
