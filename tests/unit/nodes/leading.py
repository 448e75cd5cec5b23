"""Machines for tests: real Leaderships on a real PostgreSQL."""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from journal import database
from lab.patience import patience
from nodes.channel import Channel
from nodes.leadership import Leadership
from nodes.model import Node
from nodes.session import Leader

KEY = b"of all machines"


def address() -> str:
    """One of this computer that nobody uses."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{found.getsockname()[1]}"


class Machine:
    """Stands by, then leads until another one does, as the service does it. `seen`: what it was told meanwhile.
    `address`: empty: it has none. `starts`: its service takes calls as soon as it leads; else never.
    """

    def __init__(self, url: str, node: str, address: str = "", *, starts: bool = True) -> None:
        self.seen: list[Leader | None] = []
        self.unknown: list[Leader] = []
        self.takings: list[tuple[str | None, int]] = []
        self.leads, self.over, self.regained, self.saw, self.held = (asyncio.Event() for _ in range(5))
        self._url, self._starts = url, starts
        self.node = Node(secrets.token_hex(16), node, "1.0", address)
        self.leadership = Leadership(url, self.node, prepare=self._prepare, taking=self._takes)
        self.leadership.on_seen = self._sees
        self.leadership.on_unknown = self._is_held
        self.leadership.on_regained = self.regained.set

    async def _prepare(self) -> None:
        tables = database.open(self._url)
        try:
            await database.migrate(tables)
        finally:
            await tables.dispose()

    def _takes(self, former: Leader | None, epoch: int) -> None:
        self.takings.append((None if former is None else former.node, epoch))

    def _sees(self, leader: Leader | None) -> None:
        self.seen.append(leader)
        self.saw.set()

    def _is_held(self, leader: Leader) -> None:
        self.unknown.append(leader)
        self.held.set()

    async def run(self) -> None:
        await self.leadership.win()
        if self._starts:
            self.leadership.started()
        self.leads.set()
        await self.leadership.keep()
        self.over.set()


async def soon(event: asyncio.Event, what: str) -> None:
    async with patience(what):
        await event.wait()
    event.clear()


@asynccontextmanager
async def running(machine: Machine, key: bytes = KEY) -> AsyncIterator[asyncio.Task[None]]:
    """It resigns at the end."""
    async with AsyncExitStack() as ending:
        if machine.node.address:
            await ending.enter_async_context(Channel(machine.leadership, key))
        task = asyncio.create_task(machine.run())
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await machine.leadership.resign()
