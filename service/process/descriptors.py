"""File descriptors: every call and every connection takes one; a service without any left can answer nobody."""

import asyncio
import errno
import resource
from dataclasses import dataclass
from typing import Any

import structlog

from dialplan.fastagi import BACKLOG as AGI_BACKLOG
from service.setup.limits import HTTP_BACKLOG, MOST_CONNECTIONS

log = structlog.get_logger()

RESERVE = 128
"""For the link to Asterisk, the database, logs and files, so that callers cannot use these up."""

OTHERS = MOST_CONNECTIONS + RESERVE

BURSTS = AGI_BACKLOG + HTTP_BACKLOG
"""Connections accepted in one turn of the loop, before those over the limits are closed."""


@dataclass(frozen=True, slots=True)
class Descriptors:
    """What a process that is to take `max_calls` can do with `limit` open files."""

    max_calls: int
    limit: int

    @property
    def wanted(self) -> int:
        return self.max_calls + OTHERS + BURSTS

    @property
    def calls(self) -> int:
        """The most calls that fit in `limit`."""
        return max(1, min(self.max_calls, self.limit - OTHERS))

    @property
    def enough(self) -> bool:
        return self.limit >= self.wanted

    @property
    def sentence(self) -> str:
        if self.enough:
            return f"{self.limit} may be open, {self.wanted} are enough"
        return (
            f"only {self.limit} may be open at one time, {self.wanted} are wanted, so {self.calls} calls are taken at "
            f"most: raise the hard limit (LimitNOFILE={self.wanted} in the unit, or `ulimit -Hn`), or lower max_calls"
        )


def provide(max_calls: int) -> Descriptors:
    """Raise this process's own limit as far as is wanted and allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = possible(max_calls)
    if soft == resource.RLIM_INFINITY:
        return most
    if soft < min(most.wanted, most.limit):
        soft = min(most.wanted, most.limit)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return Descriptors(max_calls, soft)


def possible(max_calls: int) -> Descriptors:
    """What `provide` would answer in a process with the limits of this one; changes nothing."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return Descriptors(max_calls, Descriptors(max_calls, 0).wanted if hard == resource.RLIM_INFINITY else hard)


class Exhaustion:
    """An exception handler for the loop that logs "no descriptor left" once a minute.

    asyncio then stops accepting for a second. But it logs a traceback once per place in the backlog (Python 3.11 to
    3.13: its loop over the backlog goes on after the error).
    """

    QUIET_S = 60.0
    OUT_OF = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})

    def __init__(self) -> None:
        self._told: float | None = None

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not isinstance(error, OSError) or error.errno not in self.OUT_OF or "socket" not in context:
            loop.default_exception_handler(context)
        elif self._told is None or loop.time() - self._told >= self.QUIET_S:
            self._told = loop.time()
            soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
            log.error(
                "out-of-descriptors",
                why=f"no new connection is accepted: {error.strerror}. Calls that are here go on. {soft} files may be "
                "open; `./wutong doctor` says what is wanted",
            )
