"""The soft end of a service in which something may be wrong: the next one has its state from what was written down."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import structlog

from acd.distributor import Distributor
from base.tasks import Work
from calls.live.intake import Intake
from journal.actor import SYSTEM
from journal.records import Kind, Record

log = structlog.get_logger()

MENUS = 30.0
"""Seconds that callers in the menus have to get to somebody first: after a restart the menus begin again."""

SOONEST = 60.0
"""Seconds after the start until which no service ends so: what is wrong may come again with each start."""


def renewed(note: Path) -> Iterator[str]:
    """The `Work` whose mistake ended the service before this one. Nobody may have asked that for its measures since."""
    with suppress(OSError):
        yield note.read_text()
        note.unlink()


class Renewal:
    """`alone`: why nothing would restart the service if it ended now; None: something would. `note`: for `renewed`."""

    def __init__(self, intake: Intake, distributor: Distributor, alone: Callable[[], str | None], note: Path) -> None:
        self._intake, self._distributor, self._alone, self._note = intake, distributor, alone, note
        self._began = time.monotonic()
        self._due = False

    def ask(self, work: Work, why: str) -> None:
        """A mistake in `work` ends the service, as `./wutong restart` does. Waiting callers and talks hear nothing.

        It ends `SOONEST` seconds after the start at the earliest, and not where nothing would start it again.
        """
        if self._due:
            return
        self._due = True
        wait = max(0.0, self._began + SOONEST - time.monotonic())
        log.error("renewal-due", why=why, in_s=round(wait))
        asyncio.get_running_loop().call_later(wait, self._try, work, why)

    def _try(self, work: Work, why: str) -> None:
        """Leave; after a mistake in that, try again: nobody asks a second time."""
        try:
            self._leave(work, why)
        except Exception:
            asyncio.get_running_loop().call_later(SOONEST, self._try, work, why)
            raise

    def _leave(self, work: Work, why: str) -> None:
        if (alone := self._alone()) is not None:
            log.error("not-renewed", why=why, alone=alone, what_to_do="stop the service, and start it again")
            return
        with suppress(OSError):
            self._note.write_text(work)
        data = {"wait_s": MENUS}
        self._distributor.write(Record(self._distributor.clock.now(), Kind.SERVICE_RESTARTED, data=data, actor=SYSTEM))
        self._intake.leave(MENUS)
