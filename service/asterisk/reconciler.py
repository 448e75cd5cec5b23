"""The reconciler keeps the link to Asterisk, and compares what is believed with what Asterisk says.

First, once, the calls from before a restart of the service are adopted. Then what is believed is compared with what
Asterisk says; only after that may the engine take Asterisk's silence for an answer.
"""

import asyncio

import structlog

from acd.events import LinkLost, Resynced
from calls.events import CallerFound, CallerStray
from dialplan.link import ActionRefused, AmiLink, LinkDown
from dialplan.telephony import Telephony
from dialplan.wire.ami import AmiMessage
from service.asterisk.adoption import Adoption
from service.calls.distributor import Distributor
from service.calls.switchboard import Switchboard
from service.setup.settings import Settings

log = structlog.get_logger()

AMI_USER = "wutong"

ROUNDING = 1.1
"""Seconds by which Asterisk's start may seem later than it was: it tells in whole seconds how long ago that is."""

LOOK_AGAIN = 5.0
"""Seconds after which Asterisk is asked once more that took too long to answer, or refused."""

COMPARE = 60.0
"""Seconds between two comparisons of what is believed with what Asterisk says: its events can lag, or be lost."""


class Reconciler:
    """`run` keeps the link and compares from time to time. `tasks` owns the look around after each connect.

    `seen_at`: when Asterisk was there last, before this start, in epoch seconds; 0: never.
    """

    def __init__(
        self,
        settings: Settings,
        secret: str,
        switchboard: Switchboard,
        distributor: Distributor,
        tasks: asyncio.TaskGroup,
        seen_at: float,
    ) -> None:
        self._switchboard = switchboard
        self._distributor = distributor
        self._adoption = Adoption(switchboard, distributor)
        self._tasks = tasks
        self._seen_at = seen_at
        self._booted_at: float | None = None  # when the Asterisk began that was there last
        self._looked_around = asyncio.Event()
        self._looking = asyncio.Lock()  # two looks at once would adopt twice
        self._connects = 0
        self._closed = False
        self.link = AmiLink(
            settings.asterisk.host if settings.asterisk else "127.0.0.1",
            settings.ports.ami,
            AMI_USER,
            secret,
            on_event=self._event,
            on_up=self._up,
            on_down=self._down,
        )
        self.telephony = Telephony(self.link, switchboard)

    async def run(self) -> None:
        """For ever, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.link.run())
            while True:
                await asyncio.sleep(COMPARE)
                if self.link.up:
                    await self._look_around()

    def close(self) -> None:
        """The service stops, and its link with it. That tells nothing of Asterisk, and what has become due since the
        distributor's timer was stopped is for the next service.
        """
        self._closed = True

    def why_away(self) -> str | None:
        """Why Asterisk cannot be asked, in a few words; None: it can."""
        return None if self.link.up else self.link.reason

    async def wait_ready(self) -> None:
        """Until Asterisk is there and what is true of phones and channels is known."""
        await self._looked_around.wait()

    def _event(self, event: AmiMessage) -> None:
        self.telephony.on_event(event)

    def _up(self) -> None:
        booted_at = self._distributor.clock.now() - self.link.uptime
        known = self._seen_at if self._booted_at is None else self._booted_at
        self._connects += 1
        self._booted_at, restarted = booted_at, booted_at > known + ROUNDING
        self._switchboard.asterisk_restarted = restarted
        self._switchboard.asterisk_since = booted_at - ROUNDING
        self._switchboard.link_changed(self.link.up)
        self._tasks.create_task(self._look_around())

    def _down(self, why: str) -> None:
        if self._closed:
            return
        log.warning("asterisk-away", why=why)
        if self._looked_around.is_set():
            self._looked_around.clear()
            self._distributor.tell(LinkLost())
        self.telephony.lost()
        self._switchboard.link_changed(self.link.up)

    async def _look_around(self) -> None:
        """Learn what is true now, however often Asterisk has to be asked for it; another connect has its own look."""
        connect = self._connects
        while self.link.up and connect == self._connects:
            async with self._looking:
                seen = await self._seen()
            if not self.link.up or connect != self._connects:
                return
            if not seen:
                await asyncio.sleep(LOOK_AGAIN)  # it was asked, and did not answer: nothing will tell when it can
                continue
            self._switchboard.asterisk_restarted = False
            if not self._looked_around.is_set():
                self._looked_around.set()
                self._distributor.tell(Resynced())
            return

    async def _seen(self) -> bool:
        """Ask once, end the calls that were sent elsewhere, and fetch callers whom nobody looks after any more."""
        try:
            if not self._adoption.done:
                await self._adoption.adopt(self.telephony)
            await self.telephony.refresh()
            for call in self._switchboard.calls():
                call.tell(CallerFound())
            await self._fetch_strays()
        except (ActionRefused, LinkDown, TimeoutError) as error:
            log.warning("look-around-broken-off", why=str(error))
            return False
        return True

    async def _fetch_strays(self) -> None:
        """The dialplan brings them to a new AGI session. Who is inside AGI() without one may just be coming in."""
        without = {call.channel.caller for call in self._switchboard.calls() if not call.channel.attached}
        strays = await self.telephony.strays(self._switchboard.callers(), without)
        for channel in strays.held:
            await self.telephony.kick(channel)
        for caller in strays.in_agi:
            if call := self._switchboard.of_channel(caller):
                call.tell(CallerStray())
