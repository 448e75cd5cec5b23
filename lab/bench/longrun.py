"""A long run from the command line: free of the user's own settings, limited in time, ended in order by Ctrl-C."""

import asyncio
import os
import resource
import signal
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")

OPEN_FILES = 20_000
"""More than a thousand calls need."""


def apart() -> None:
    """Remove Wutong's settings from this process's environment, and raise its limit of open files."""
    for name in [name for name in os.environ if name.startswith("WUTONG_")]:
        del os.environ[name]
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = OPEN_FILES if most == resource.RLIM_INFINITY else min(OPEN_FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


async def bounded(seconds: float, work: Awaitable[T]) -> T:
    """Run `work` in the program's main task. Raises TimeoutError after `seconds`, CancelledError after a Ctrl-C."""
    main = asyncio.current_task()
    assert main is not None
    stopping = False

    def stop() -> None:
        nonlocal stopping
        if not stopping:  # a second Ctrl-C must not interrupt the orderly end
            stopping = True
            main.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    async with asyncio.timeout(seconds):
        return await work


def first(error: BaseException) -> BaseException:
    """The first of several errors that were raised together."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
