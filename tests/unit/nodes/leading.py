"""Machines for tests: real Leaderships on a real PostgreSQL."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from journal import database
from lab.patience import patience
from nodes.leadership import Leadership
from nodes.model import Node
from nodes.session import Leader


class Machine:
    """Stands by, then leads until another one does, as the service does it. `seen`: what it was told meanwhile."""

    def __init__(self, url: str, node: str) -> None:
        self.seen: list[Leader | None] = []
        self.takings: list[tuple[str | None, int]] = []
        self.leads, self.over, self.regained, self.saw = (asyncio.Event() for _ in range(4))
        self._url = url
        self.node = Node(secrets.token_hex(16), node, "1.0")
        self.leadership = Leadership(url, self.node, prepare=self._prepare, taking=self._takes)
        self.leadership.on_seen = self._sees
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

    async def run(self) -> None:
        await self.leadership.win()
        self.leads.set()
        await self.leadership.keep()
        self.over.set()


async def soon(event: asyncio.Event, what: str) -> None:
    async with patience(what):
        await event.wait()
    event.clear()


@asynccontextmanager
async def running(machine: Machine) -> AsyncIterator[asyncio.Task[None]]:
    """It resigns at the end."""
    task = asyncio.create_task(machine.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await machine.leadership.resign()
