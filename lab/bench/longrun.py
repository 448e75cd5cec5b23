"""A long run from the command line: apart from the caller's own settings, bounded, and ended in order by Ctrl-C."""

import asyncio
import os
import resource
import signal
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")

OPEN_FILES = 20_000
"""What a thousand calls need, and more."""


def apart() -> None:
    """This process has no settings of Wutong's from its environment, and as many open files as it may have."""
    for name in [name for name in os.environ if name.startswith("WUTONG_")]:
        del os.environ[name]
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = OPEN_FILES if most == resource.RLIM_INFINITY else min(OPEN_FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


async def bounded(seconds: float, work: Awaitable[T]) -> T:
    """`work`, in the main task of the program. Raises TimeoutError after `seconds`, CancelledError after a Ctrl-C."""
    main = asyncio.current_task()
    assert main is not None
    stopping = False

    def stop() -> None:
        nonlocal stopping
        if not stopping:  # a second Ctrl-C must not break off the orderly end
            stopping = True
            main.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    async with asyncio.timeout(seconds):
        return await work


def first(error: BaseException) -> BaseException:
    """The first of those that failed together."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
