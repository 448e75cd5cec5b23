"""The door of callers without an account is shut for some seconds while a flood comes in by it.

There is such a door only on loopback and without a trunk. An INVITE that comes in by it becomes a call in Asterisk. If
more come than Asterisk can make, all calls wait, agents' too: 14,000 that waited took 1 GB, and an agent's call got no
answer for 32 s. An INVITE at the shut door gets 401 and leaves nothing behind. Talks go on, and agents are served.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import structlog
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from dialplan.ami_connection import ActionRefused, LinkDown
from processes.asterisk import AsteriskFailed

log = structlog.get_logger()

LOOK_S = 0.25
"""Seconds between two looks."""

LOOKS = 8
"""So many looks are judged together: two seconds."""

LEAST = 100
"""So many calls within these looks are no flood, even where few may come from one address."""

SHUT_S = 10.0
"""Seconds for which it is shut, from the last flood that was seen."""

_NOBODY = "deny = 0.0.0.0/0.0.0.0\n"


class CitizensDoor(Collector):
    """`file`: the list for callers without an account that acl.conf includes; `reload` makes Asterisk read it. `came`:
    how many of their calls have begun. `most`: how many there may be from one address. `now`: a clock in seconds that
    is never set.
    """

    def __init__(
        self,
        file: Path,
        reload: Callable[[], Awaitable[None]],
        came: Callable[[], int],
        most: int,
        now: Callable[[], float],
    ) -> None:
        self.floods = 0
        self._file, self._reload, self._came, self._now = file, reload, came, now
        self._most = max(most, LEAST)
        self._seen: deque[int] = deque(maxlen=LOOKS)
        self._until = now()
        self._shut: bool | None = file.exists() and bool(file.read_text())  # by a service that was here before
        """None: not known, as an order to Asterisk has failed."""

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            wanted = self.flooded()
            if wanted != self._shut and not await self._set(wanted):
                await asyncio.sleep(SHUT_S)
                self._seen.clear()
            await asyncio.sleep(LOOK_S)

    def flooded(self) -> bool:
        """Look: whether the door is to be shut now."""
        came, now = self._came(), self._now()
        self._seen.append(came)
        if came - self._seen[0] > self._most:
            self.floods += 1
            log.warning("citizens-door-shut", calls=came - self._seen[0], seconds=SHUT_S)
            self._until = now + SHUT_S
            self._seen.clear()
        return now < self._until

    async def _set(self, shut: bool) -> bool:
        """False: the door may be open or shut now."""
        self._shut = None
        draft = self._file.with_suffix(".new")
        try:
            draft.write_text(_NOBODY if shut else "")
            # Asterisk may be another user, of the folder's group.
            draft.chmod(0o600 | (self._file.parent.stat().st_mode & 0o040))
            draft.replace(self._file)
            await self._reload()
        except (OSError, AsteriskFailed, LinkDown, ActionRefused, TimeoutError) as error:
            log.warning("citizens-door-not-moved", shut=shut, why=str(error))
            return False
        self._shut = shut
        return True

    def collect(self) -> Iterator[Metric]:
        yield CounterMetricFamily(
            "wutong_citizens_door_shut", "Floods that shut the door of callers without an account.", self.floods
        )
