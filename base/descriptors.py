"""File descriptors: every call and every connection takes one; a service without any left can answer nobody."""

import asyncio
import resource
import socket
from dataclasses import dataclass

import structlog

from sentences.sentence import Sentence

log = structlog.get_logger()

AGI_BACKLOG = 512
"""Connections of Asterisk that the kernel keeps while the loop is busy: a rush of calls is one of connections, too."""

HTTP_BACKLOG = 128
"""Connections that the kernel keeps while the loop is busy; the loop accepts them all at once before it cuts any."""

MOST_CONNECTIONS = 250
"""Of HTTP."""

MOST_HANDSHAKES = 64
"""Further ones of HTTP that agree on TLS at this moment, which takes each a few milliseconds."""

ROOM = 50
"""AGI sessions beyond `max_calls`: for agents' codes and calls, test calls, and callers who hear that all lines are
busy."""

RESERVE = 128
"""For the link to Asterisk, the database, logs and files, so that callers cannot use these up."""

OTHERS = MOST_CONNECTIONS + MOST_HANDSHAKES + ROOM + RESERVE

BURSTS = AGI_BACKLOG + HTTP_BACKLOG
"""Connections accepted in one turn of the loop, before those over the limits are closed."""


@dataclass(frozen=True, slots=True)
class Descriptors:
    """How far `limit` open files go in a process that is to take `max_calls`."""

    max_calls: int
    limit: int

    @property
    def wanted(self) -> int:
        """The files that `max_calls` calls and all else may have open."""
        return self.max_calls + OTHERS + BURSTS

    @property
    def calls(self) -> int:
        """The most calls that fit in `limit`."""
        return max(1, min(self.max_calls, self.limit - OTHERS))

    @property
    def enough(self) -> bool:
        return self.limit >= self.wanted

    @property
    def sentence(self) -> Sentence:
        if self.enough:
            return Sentence("{limit} may be open, {wanted} are enough", limit=self.limit, wanted=self.wanted)
        return Sentence(
            "only {limit} may be open at the same time, {wanted} are wanted, so at most {calls} calls are taken: raise "
            "the hard limit (LimitNOFILE={wanted} in the unit, or `ulimit -Hn`), or lower max_calls",
            limit=self.limit,
            wanted=self.wanted,
            calls=self.calls,
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


LOOK_S = 1.0
"""Seconds between two looks whether a descriptor is left."""

QUIET_S = 60.0
"""Seconds until it is logged again that none is."""


async def watch() -> None:
    """Log when no descriptor is left, until cancelled. uvloop does not say so: it closes the connections that come."""
    while True:
        try:
            socket.socket().close()
        except OSError as error:
            soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
            log.error(
                "out-of-descriptors",
                why=f"no new connection is accepted: {error.strerror}. Calls that are here go on. {soft} files may be "
                "open; `./wutong doctor` says what is wanted",
            )
            await asyncio.sleep(QUIET_S)
        else:
            await asyncio.sleep(LOOK_S)
