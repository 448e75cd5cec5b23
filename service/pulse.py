"""The pulse: whether the essential parts still work, checked inside the loop and reported to systemd's watchdog; and
the soft end of a service in which something may be wrong.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from acd.distributor import Distributor
from base.tasks import Work
from calls.live.intake import Intake
from dialplan.fastagi import AgiServer
from journal.actor import SYSTEM
from journal.records import Kind, Record
from processes.notify import Notifier

log = structlog.get_logger()

LATE = 5.0
"""Seconds by which the engine's next deadline may be overdue. More: its timer was lost, so overflows, relaxing and
ring time-outs have stopped."""

STATUS_EVERY = 10.0
"""Seconds between two looks without a watchdog: they keep the status line true."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """`tasks`: those that run as long as the service, by what they do; `live`: the number of calls; `away`: why
    Asterisk cannot be asked, None: it can; `drained`: whether new calls are turned away.
    """

    distributor: Distributor
    agi: AgiServer
    tasks: Mapping[str, asyncio.Task[None]]
    live: Callable[[], int]
    away: Callable[[], str | None]
    drained: Callable[[], bool]

    def why_stuck(self) -> str | None:
        """The part that has stopped working and needs a restart; None: there is none. An absent Asterisk does not
        count: a restart does not bring it back.
        """
        ended = [name for name, task in self.tasks.items() if task.done()]
        if ended:
            return f"{ended[0]} has ended"
        if not self.agi.listening:
            return "calls are not listened for any more"
        deadline = self.distributor.engine.deadline()
        late = 0.0 if deadline is None else self.distributor.clock.now() - deadline
        return f"the distributor is {late:.0f} s late" if late > LATE else None

    def words(self) -> str:
        """The state of the service, for `systemctl status`."""
        why, calls = self.away(), self.live()
        live = f"{calls} call{'' if calls == 1 else 's'} live"
        if why is not None:
            return f"Asterisk is away ({why}), {live}"
        return f"{'closed by ./wutong drain' if self.drained() else 'takes calls'}, {live}"


class Heart:
    """Beats for as long as the service lives. Once it has a `pulse`, it beats only while that is not stuck."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier
        self._pulse: Pulse | None = None
        self._idle = "starting"
        self._stopping = False
        self._stuck = ""

    def ready(self, pulse: Pulse) -> None:
        """Calls can be taken; from now on `pulse` is checked."""
        self._pulse = pulse
        self._notifier.ready(pulse.words())

    def standing_by(self, words: str) -> None:
        """The service is up, and takes no calls as another machine leads."""
        self._idle = words
        self._notifier.ready(words)

    def stopping(self) -> None:
        """The service stops in order: a part that stops working from now on has not failed."""
        self._stopping = True
        self._notifier.stopping()

    async def beat(self) -> None:
        """Beat until cancelled, every half of the watchdog's time, as sd_watchdog_enabled(3) asks. A hanging loop
        does not come here.
        """
        period = self._notifier.watchdog_s
        interval = STATUS_EVERY if period is None else min(period / 2, STATUS_EVERY)
        loop = asyncio.get_running_loop()
        while True:
            try:
                self._beat()
            except Exception as error:  # a mistake in looking does not mean that a part is stuck
                loop.call_exception_handler({"message": "the pulse was not taken", "exception": error})
                self._notifier.beat("its state is not known")
            await asyncio.sleep(interval)

    def _beat(self) -> None:
        if self._stopping or self._pulse is None:
            self._notifier.beat("stopping" if self._stopping else self._idle)
            return
        stuck = self._pulse.why_stuck() or ""
        if stuck and stuck != self._stuck:
            log.error("stuck", why=stuck)
        self._stuck = stuck
        if stuck:
            self._notifier.status(f"stuck: {stuck}")  # no beat: the watchdog ends the service, and it is started again
        else:
            self._notifier.beat(self._pulse.words())


# The soft end of a service in which something may be wrong: the next one has its state from what was written down.


MENUS = 30.0
"""Seconds that callers in the menus have to get to somebody first: after a restart the menus begin again."""

SOONEST = 60.0
"""Seconds after the start until which no service ends so: what is wrong may come again with each start."""


def renewed(note: Path) -> Iterator[str]:
    """The `Work` whose mistake ended the last service. This one counts it: the last one's figures may be unread."""
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
