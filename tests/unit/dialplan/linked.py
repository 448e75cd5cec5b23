"""A link to a fake manager, and what it tells."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from dialplan.ami_connection import Broke
from dialplan.link import AmiLink, LinkTimes
from dialplan.wire.ami import AmiMessage
from tests.unit.asterisk.manager import SECRET, Manager, Session

NOW = LinkTimes(retry_first=0, retry_most=0, retry_refused=3_600, ping_every=3_600)
"""Comes back at once, never pings."""


class Heard:
    """What a link told, in order."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self.news: asyncio.Queue[str] = asyncio.Queue()
        self.downs: asyncio.Queue[str] = asyncio.Queue()
        self.ups: asyncio.Queue[None] = asyncio.Queue()
        self.attempts: asyncio.Queue[None] = asyncio.Queue()

    def on_event(self, event: AmiMessage) -> None:
        self.all.append(event.event)
        self.news.put_nowait(event.event)

    def on_up(self) -> None:
        self.all.append("up")
        self.ups.put_nowait(None)

    def on_down(self, why: str) -> None:
        self.all.append("down")
        self.downs.put_nowait(why)

    def chance(self) -> float:
        self.attempts.put_nowait(None)
        return 1.0


@asynccontextmanager
async def linked(
    manager: Manager,
    times: LinkTimes = NOW,
    *,
    secret: str = SECRET,
    in_flight: int = 1_000,
    list_limit: int = 100,
) -> AsyncIterator[tuple[AmiLink, Heard]]:
    """A link that runs, up or not."""
    heard = Heard()
    link = AmiLink(
        "127.0.0.1",
        manager.port,
        "wutong",
        secret,
        on_event=heard.on_event,
        on_up=heard.on_up,
        on_down=heard.on_down,
        times=times,
        in_flight=in_flight,
        list_limit=list_limit,
        chance=heard.chance,
    )
    running = asyncio.create_task(link.run())
    try:
        yield link, heard
    finally:
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running


@asynccontextmanager
async def up(
    manager: Manager, times: LinkTimes = NOW, *, in_flight: int = 1_000, list_limit: int = 100
) -> AsyncIterator[tuple[AmiLink, Heard, Session]]:
    """A link that is up, and the manager's side of it."""
    async with linked(manager, times, in_flight=in_flight, list_limit=list_limit) as (link, heard):
        await heard.ups.get()
        yield link, heard, await manager.sessions.get()


def broken(link: AmiLink) -> dict[Broke, int]:
    return {reason: times for reason, times in link.figures.breaks.items() if times}
