"""The supervisor: starts Asterisk and the service in order, keeps them running, stops them in reverse order."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from dialplan.asterisk import AsteriskFailed, AsteriskProcess
from service.process.child import RESTARTS, ServiceChild
from service.setup.failure import NotDone

log = structlog.get_logger()

LONGEST_PAUSE = 10.0
"""Seconds. Callers are held for 30 s while the service is away, and its start takes part of that."""

STEADY = 60.0
"""Seconds; a program that ran so long before it ended counts as never failed."""


def pause(failures: int) -> float:
    """Seconds before the next start after `failures` in a row (1 …): 1, 2, 4, 8, 10, 10 …"""
    return min(LONGEST_PAUSE, 2.0 ** min(failures - 1, 10))


class Keeper:
    """Keeps one program running."""

    def __init__(
        self,
        name: str,
        start: Callable[[], Awaitable[object]],
        ended: Callable[[], Awaitable[str]],
        tell: Callable[[str], None],
        *,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`start` returns when the program runs; `ended` when it has ended, with how. `clock` is in seconds."""
        self._name, self._start, self._ended, self._tell = name, start, ended, tell
        self._sleep, self._clock = sleep, clock

    async def keep(self) -> None:
        """The program runs now: start it again whenever it ends, until cancelled."""
        failures = 0
        while True:
            began = self._clock()
            how = await self._ended()
            if self._clock() - began >= STEADY:
                failures = 0
            failures = await self._again(failures, how)

    async def _again(self, failures: int, how: str) -> int:
        """Start it until it runs; how often in a row it has failed. After a requested restart it starts at once."""
        while True:
            if how != RESTARTS:
                failures += 1
                seconds = pause(failures)
                log.warning("ended", what=self._name, how=how, again_in_s=seconds, failures=failures)
                self._tell(f"{self._name} ended ({how}); it is started again in {seconds:.0f} s")
                await self._sleep(seconds)
            try:
                await self._start()
            except (NotDone, AsteriskFailed, OSError) as error:
                how = str(error)
                continue
            log.info("runs-again", what=self._name)
            self._tell(f"{self._name} runs again")
            return failures


class Supervisor:
    """`asterisk` is None when it is remote. `service.app.up` makes this, and starts both."""

    def __init__(self, service: ServiceChild, asterisk: AsteriskProcess | None, tell: Callable[[str], None]) -> None:
        self._service, self._asterisk, self._tell = service, asterisk, tell

    async def supervise(self) -> None:
        """Keep both running until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(Keeper("the service", self._service.start, self._service.ended, self._tell).keep())
            if self._asterisk is not None:
                tasks.create_task(Keeper("Asterisk", self._asterisk.start, self._asterisk_ended, self._tell).keep())

    async def stop(self) -> None:
        """Stop the service first, which tells its callers, then Asterisk. Returns when both are gone."""
        try:
            await self._service.stop()
        finally:
            if self._asterisk is not None:
                await self._asterisk.stop()

    async def _asterisk_ended(self) -> str:
        assert self._asterisk is not None
        await self._asterisk.wait_ended()
        return f"its log is in {self._asterisk.folder / 'log'}"
