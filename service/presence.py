"""Asterisk comes and goes: the link to it, and what is done each time that it is there again."""

import asyncio

import structlog

from dialplan.ami import AmiMessage
from dialplan.link import ActionRefused, AmiLink, LinkDown
from dialplan.telephony import Telephony
from service.settings import Settings
from service.switchboard import Switchboard

log = structlog.get_logger()

AMI_USER = "wutong"

COMPARE = 60.0
"""Seconds between two comparisons of what is believed with what Asterisk says: its events can lag, or be lost."""


class Presence:
    """`run` keeps the link and compares from time to time. `tasks` owns the look around after each connect."""

    def __init__(self, settings: Settings, secret: str, switchboard: Switchboard, tasks: asyncio.TaskGroup) -> None:
        self._switchboard = switchboard
        self._tasks = tasks
        self._looked_around = asyncio.Event()
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

    def why_away(self) -> str | None:
        """Why Asterisk cannot be asked, in a few words; None: it can."""
        return None if self.link.up else self.link.reason

    async def wait_ready(self) -> None:
        """Until Asterisk is there and what is true of phones and channels is known."""
        await self._looked_around.wait()

    def _event(self, event: AmiMessage) -> None:
        self.telephony.on_event(event)

    def _up(self) -> None:
        self._switchboard.link_changed()
        self._tasks.create_task(self._look_around())

    def _down(self, why: str) -> None:
        log.warning("asterisk-away", why=why)
        self._looked_around.clear()
        self.telephony.lost()
        self._switchboard.link_changed()

    async def _look_around(self) -> None:
        """Learn what is true now, and fetch callers whom nobody holds any more."""
        try:
            await self.telephony.refresh()
            for channel in await self.telephony.held_by_nobody(self._switchboard.callers()):
                await self.telephony.kick(channel)  # the dialplan brings him to a new AGI session
        except (ActionRefused, LinkDown, TimeoutError) as error:
            log.warning("look-around-broken-off", why=str(error))
        else:
            self._looked_around.set()
