"""A caller's channel, with a session, on a fake Asterisk."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from base.tasks import Failures, Tasks, Work
from calls import effects as do
from calls.effects import Task
from calls.events import Event, KeyAwaited, PromiseKnown, Said
from calls.live.channel import Channel
from calls.live.takes import Takes
from dialplan.agi_session import AgiSession
from dialplan.fastagi import AgiServer
from dialplan.link import AmiLink
from dialplan.telephony import Telephony
from hotline.edition import Edition
from sounds.model import Speech, Words
from tests.unit.asterisk.asterisk import Asterisk
from tests.unit.asterisk.caller import Caller
from tests.unit.asterisk.manager import SECRET
from tests.unit.dialplan.heard import Heard
from tests.unit.service.calling import START, FakeCatalogue
from tests.unit.service.small import hotline

EDITION = Edition(hotline(), FakeCatalogue())
TWO: Speech = (Words({"*": "first"}), Words({"*": "second"}))
SAID_TO_THE_END, SAID_IN_PART = Said("first second", interrupted=False), Said("first second", interrupted=True)
NO_KEY = KeyAwaited(None)


class _Ears(Heard):
    """Tells the channel of keys, as the switchboard does."""

    channel: Channel | None = None

    def key_begins(self, caller: str, key: str) -> None:
        assert self.channel is not None
        self.channel.key_begins(key)

    def key_pressed(self, caller: str, key: str) -> None:
        assert self.channel is not None
        self.channel.key(key)


@dataclass
class Desk:
    """What a channel is attached to."""

    asterisk: Asterisk
    telephony: Telephony
    sessions: asyncio.Queue[AgiSession]


NOWHERE = Takes(Path("/nowhere"), Path("/nowhere/tone"), lambda _: True)


@asynccontextmanager
async def a_channel(*, trunk: bool = True, takes: Takes | None = None) -> AsyncIterator[tuple[Channel, Caller, Desk]]:
    asterisk, ears, over = Asterisk(()), _Ears(), asyncio.Event()
    await asterisk.listen()
    told: dict[str, Any] = {"on_up": lambda: None, "on_down": lambda why: None}
    link = AmiLink("127.0.0.1", asterisk.port, "wutong", SECRET, on_event=lambda e: here.telephony.on_event(e), **told)
    here = Desk(asterisk, Telephony(link, ears), asyncio.Queue())

    async def serve(session: AgiSession) -> None:
        here.sessions.put_nowait(session)
        await over.wait()

    server = AgiServer(serve, "127.0.0.1", 0, limit=10)
    await server.start()
    asterisk.agi_port = server.port
    failures = Failures()
    async with Tasks(failures) as tasks:
        running = tasks.keep(Work.ASTERISK_LINK, link.run)
        await link.wait_up()
        caller = asterisk.calls()
        here.telephony.watch(caller.id)
        channel = ears.channel = Channel(
            *(here.telephony, tasks, lambda: START),
            trunk=trunk,
            call_id="c-1",
            number="13800138000",
            takes=takes or NOWHERE,
            promise=PromiseKnown,
            records=lambda call, offer: f"/recordings/talk-{call}.{offer}",
        )
        channel.attach(await here.sessions.get())
        yield channel, caller, here
        over.set()
        running.cancel()
    await server.stop(0)
    assert asterisk.strange == []
    assert not +failures.counts


async def done(channel: Channel, task: Task) -> Event:
    return await doing(channel, task)


def doing(channel: Channel, task: Task) -> asyncio.Task[Event]:
    """It is decided now, and begins in a moment."""
    channel.decided()
    return asyncio.create_task(channel.perform(task, EDITION))


def say(*, keys: bool = True) -> do.Say:
    return do.Say(TWO, "en", keys)


def now() -> float:
    return asyncio.get_running_loop().time()
