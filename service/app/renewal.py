"""The soft end of a service in which something may be wrong: the next one has its state from what was written down."""

import asyncio
import time
from collections.abc import Callable

import structlog

from journal.actor import SYSTEM
from journal.records import Kind, Record
from service.calls.distributor import Distributor
from service.calls.intake import Intake

log = structlog.get_logger()

MENUS = 30.0
"""Seconds that callers in the menus have to get to somebody first: after a restart the menus begin again."""

SOONEST = 60.0
"""Seconds after the start until which no service ends so: what is wrong may come again with each start."""


class Renewal:
    """`alone`: why nothing would restart the service if it ended now; None: something would."""

    def __init__(self, intake: Intake, distributor: Distributor, alone: Callable[[], str | None]) -> None:
        self._intake, self._distributor, self._alone = intake, distributor, alone
        self._began = time.monotonic()
        self._due = False

    def ask(self, why: str) -> None:
        """End the service as `./wutong restart` does. Callers who wait or talk hear nothing of it."""
        if self._due:
            return
        self._due = True
        wait = max(0.0, self._began + SOONEST - time.monotonic())
        log.error("renewal-due", why=why, in_s=round(wait))
        asyncio.get_running_loop().call_later(wait, self._leave, why)

    def _leave(self, why: str) -> None:
        if (alone := self._alone()) is not None:
            log.error("not-renewed", why=why, alone=alone, what_to_do="stop the service, and start it again")
            return
        data = {"wait_s": MENUS}
        self._distributor.write(Record(self._distributor.clock.now(), Kind.SERVICE_RESTARTED, data=data, actor=SYSTEM))
        self._intake.leave(MENUS)
