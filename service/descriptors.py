"""File descriptors: every call and every connection takes one, and a service that has none left can answer nobody."""

import resource
from dataclasses import dataclass

from dialplan.fastagi import BACKLOG as AGI_BURST
from service.connections import BACKLOG as HTTP_BURST
from service.connections import MOST_CONNECTIONS

RESERVE = 128
"""For the link to Asterisk, the database, logs and files, so that callers alone cannot take what these need."""

BURSTS = AGI_BURST + HTTP_BURST
"""Connections that are accepted in one turn of the loop before those beyond the limits are closed again."""


@dataclass(frozen=True, slots=True)
class Descriptors:
    """`wanted`: for `max_calls` and all else; `limit`: what may be open; `calls`: the most that fit in that."""

    wanted: int
    limit: int
    calls: int

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


def described(max_calls: int, limit: int) -> Descriptors:
    """What so many calls want, beside a `limit`."""
    others = MOST_CONNECTIONS + RESERVE
    return Descriptors(max_calls + others + BURSTS, limit, max(1, min(max_calls, limit - others)))


def provide(max_calls: int) -> Descriptors:
    """Raise this process's own limit as far as is wanted and allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = described(max_calls, 0).wanted
    if hard == resource.RLIM_INFINITY:
        hard = wanted
    if soft != resource.RLIM_INFINITY and soft < min(wanted, hard):
        soft = min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    return described(max_calls, wanted if soft == resource.RLIM_INFINITY else soft)


def possible(max_calls: int) -> Descriptors:
    """What `provide` would come to in a process with the limits of this one; nothing is changed."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = described(max_calls, 0).wanted
    return described(max_calls, wanted if hard == resource.RLIM_INFINITY else hard)
