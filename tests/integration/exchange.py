"""An Asterisk with AMI and the rendered dialplan, and a few lines of AGI instead of the service."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialplan.agi_session import AgiSession, proven
from dialplan.fastagi import AgiServer
from dialplan.render import RenderValues
from lab.patience import patience
from lab.phone import Call, Phone
from processes.asterisk import AsteriskProcess
from tests.integration.machine import AGI_SECRET, PHONE_SECRET, Manager, asterisk, manager, values


class Desk:
    """Where AGI calls arrive, for the test to look at; each stays open until it is released."""

    def __init__(self, port: int) -> None:
        self._arrived: asyncio.Queue[tuple[AgiSession, asyncio.Event]] = asyncio.Queue(100)
        self.server = AgiServer(self._serve, "127.0.0.1", port, limit=100)

    async def _serve(self, session: AgiSession) -> None:
        released = asyncio.Event()
        await self._arrived.put((session, released))
        await released.wait()

    async def call(self) -> tuple[AgiSession, asyncio.Event]:
        """The next call that arrives, and what releases it."""
        async with patience("a call at the desk"):
            return await self._arrived.get()

    @asynccontextmanager
    async def plays_music(self, phone: Phone) -> AsyncIterator[tuple[Call, asyncio.Task[str]]]:
        """A call of this phone, which hears music on hold; and the task that plays it."""
        call = await phone.place("12319")
        session, _ = await self.call()
        await session.answer()
        await call.answered()
        playing = asyncio.create_task(session.execute("MusicOnHold", "default", "60"))
        try:
            await call.hears("sound")
            yield call, playing
        finally:
            playing.cancel()


def shown_by(session: AgiSession) -> tuple[str, ...]:
    """What the dialplan says to the service, behind the proof that this is a session of our Asterisk."""
    shown, *said = session.request.args
    assert proven(shown, AGI_SECRET, session.request.uniqueid)
    return tuple(said)


@asynccontextmanager
async def desk(given: RenderValues) -> AsyncIterator[Desk]:
    made = Desk(given.ports.agi)
    await made.server.start()
    try:
        yield made
    finally:
        await made.server.stop(0)


@dataclass
class Exchange:
    """An Asterisk with AMI, and how phones reach it."""

    given: RenderValues
    ami: Manager
    asterisk: AsteriskProcess
    folder: Path

    def citizen(self, **more: Any) -> Phone:
        return Phone(("127.0.0.1", self.given.ports.sip), **{"number": "13800138000", **more})

    def agent(self, user: str, **more: Any) -> Phone:
        return Phone(("127.0.0.1", self.given.ports.sip), user, PHONE_SECRET, **more)


@asynccontextmanager
async def exchange(folder: Path, **changes: Any) -> AsyncIterator[Exchange]:
    given = values(**changes)
    async with asterisk(folder / "a", given) as process, manager(given) as ami:
        yield Exchange(given, ami, process, folder / "a")
