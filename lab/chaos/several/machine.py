"""One machine of a storm: a real leadership, its datagrams and the fence of its Records; callers and phones are lines.

    python -P -m lab.chaos.several.machine SPECIFICATION

It reads `caller C` (C rings here) and `gone C` (C has hung up). It says:

    begins EPOCH                    it is about to take over
    leads START EPOCH               it has
    may START EPOCH AT UNTIL C      it has asked itself at AT, and may offer until UNTIL; C: this caller, now; `-`: none
    wrote START C, refused START C  the Record of that offer is committed; another machine leads
    refuses C                       a caller whom it cannot serve
    over                            it leads no more
"""

import asyncio
import json
import os
import secrets
import sys
from collections import deque
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, replace

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from journal import database
from journal.store import Refused
from journal.writer import UNAVAILABLE
from nodes.channel import Channel
from nodes.fence import fence
from nodes.leadership import Leadership, now
from nodes.model import Node
from nodes.others import Other
from nodes.permit import SETTLE_S, Permit, Stage

ASKS_S = 0.005
"""Seconds between two times that it asks itself."""

AGAIN_S = 0.1
"""Seconds until a Record that could not be written is tried again."""

WRITES_S = 1.0
"""Seconds for a Record to be written, before its connection counts as lost."""

TABLE = """
CREATE TABLE offers_of_the_storm ("order" bigserial, start text, epoch bigint, caller text, PRIMARY KEY (start, caller))
"""
_WRITE = sa.text(
    "INSERT INTO offers_of_the_storm (start, epoch, caller) VALUES (:start, :epoch, :caller) ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class Specification:
    """What a machine is told. `routes`: by the address of another machine, where its datagrams go instead. `planted`:
    it may offer whenever it stands by, too: what the storm must find.
    """

    url: str
    name: str
    id: str
    address: str
    begun: int
    routes: dict[str, str]
    planted: bool = False

    def line(self) -> str:
        return json.dumps(asdict(self))


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


class Machine:
    """Stands by, leads, and stands by again, for ever."""

    def __init__(self, told: Specification) -> None:
        self._told, self._begun = told, told.begun
        self._waiting = dict[str, None]()
        self._unwritten: deque[tuple[str, int, str]] = deque()
        self._to_write = asyncio.Event()
        self._leadership = self._stand_by()

    async def run(self) -> None:
        tables = database.open(self._told.url)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._lead())
            group.create_task(self._offer())
            group.create_task(self._write(tables))
            group.create_task(self._read())

    def _stand_by(self) -> Leadership:
        told = self._told

        async def prepare() -> None:
            tables = database.open(told.url)
            try:
                await database.migrate(tables)
            finally:
                await tables.dispose()

        node = Node(told.id, told.name, "", told.address, self._begun)
        return Leadership(told.url, node, prepare=prepare, taking=lambda former, epoch: say("begins", epoch))

    async def _lead(self) -> None:
        while True:
            async with AsyncExitStack() as ending:
                leadership = self._leadership
                await ending.enter_async_context(Channel(leadership, b"of the lab"))
                leadership.ask = self._rerouted(leadership.ask)
                await leadership.win()
                leadership.started()
                say("leads", leadership.holder, leadership.epoch)
                await leadership.keep()
                self._begun = leadership.epoch
                await leadership.resign()
            self._waiting.clear()
            self._unwritten.clear()  # its spool is put aside
            self._leadership = self._stand_by()
            say("over")

    def _rerouted(self, ask: Callable[[Other, int], None]) -> Callable[[Other, int], None]:
        """The same, through what the storm has between the machines."""
        return lambda other, epoch: ask(replace(other, address=self._told.routes[other.address]), epoch)

    async def _offer(self) -> None:
        while True:
            leadership, at = self._leadership, now()
            permit = leadership.permit
            if self._told.planted and permit.stage is Stage.STANDS_BY:
                permit = Permit(Stage.LEADS, acknowledged=at, settled=at - SETTLE_S, proven=at)
            if permit.may_offer(at):
                caller = next(iter(self._waiting), None)
                say("may", leadership.holder, leadership.epoch, at, permit.until(at), caller or "-")
                if caller is not None:
                    del self._waiting[caller]
                    self._unwritten.append((leadership.holder, leadership.epoch, caller))
                    self._to_write.set()
            await asyncio.sleep(ASKS_S)

    async def _write(self, tables: AsyncEngine) -> None:
        while True:
            await self._to_write.wait()
            if not self._unwritten:
                self._to_write.clear()
                continue
            start, epoch, caller = record = self._unwritten[0]
            try:
                async with asyncio.timeout(WRITES_S), tables.begin() as connection:
                    await fence(start)(connection)
                    await connection.execute(_WRITE, {"start": start, "epoch": epoch, "caller": caller})
                say("wrote", start, caller)
            except Refused:
                say("refused", start, caller)
            except UNAVAILABLE:
                await asyncio.sleep(AGAIN_S)
                continue
            if self._unwritten and self._unwritten[0] == record:
                self._unwritten.popleft()

    async def _read(self) -> None:
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        async for line in reader:
            what, caller = line.decode().split()
            if what == "gone":
                self._waiting.pop(caller, None)
            elif self._leadership.permit.stage in (Stage.LEADS, Stage.UNSURE) or self._told.planted:
                self._waiting[caller] = None
            else:
                say("refuses", caller)


def identity() -> str:
    """The id of a new machine."""
    return secrets.token_hex(16)


if __name__ == "__main__":
    asyncio.run(Machine(Specification(**json.loads(sys.argv[1]))).run())
