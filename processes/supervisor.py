"""Keeping a program running."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from base.failure import NotDone
from base.tasks import STEADY, pause
from processes.asterisk import AsteriskFailed
from processes.child import RESTARTS
from sentences.of_libraries import recognised
from sentences.sentence import Sentence

log = structlog.get_logger()


async def keep(
    name: str,
    start: Callable[[], Awaitable[object]],
    ended: Callable[[], Awaitable[str]],
    show: Callable[[str], None],
    *,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Start a program that runs now again whenever it ends, until cancelled.

    `start` returns when the program runs; `ended` when it has ended, with how. After a requested restart it starts at
    once. `clock` is in seconds.
    """
    failures = 0  # in a row
    while True:
        began = clock()
        how: str | None = await ended()
        if clock() - began >= STEADY:
            failures = 0
        while how is not None:
            if how != RESTARTS:
                failures += 1
                seconds = pause(failures)
                log.warning("ended", what=name, how=how, again_in_s=seconds, failures=failures)
                show(
                    Sentence(
                        "{name} ended ({how}); it is started again in {seconds:.0f} s",
                        name=name,
                        how=how,
                        seconds=seconds,
                    )
                )
                await sleep(seconds)
            try:
                await start()
                how = None
            except (NotDone, AsteriskFailed, OSError) as error:
                how = recognised(error)
        log.info("runs-again", what=name)
        show(Sentence("{name} runs again", name=name))
