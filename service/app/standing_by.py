"""A machine that stands by: it says who leads, and refuses calls so that they come to the machine that leads."""

import asyncio
from collections.abc import Callable
from datetime import datetime, tzinfo
from types import TracebackType
from typing import Self

import structlog

from base.descriptors import ROOM
from base.tasks import Failures, Tasks, Work
from calls.live.reception import FULL_VARIABLE
from dialplan.agi_session import AgiSession
from dialplan.fastagi import AgiServer
from journal import database
from nodes import own
from nodes.leadership import Leadership
from nodes.model import Node
from nodes.session import Leader
from processes import exposure
from sentences.sentence import Sentence
from service.app.web import wutong_version
from service.http.connections import LocalServer, Server
from service.http.standing_by import app
from settings.settings import Settings

log = structlog.get_logger()

ELSEWHERE = "elsewhere"
"""What the dialplan is told, in FULL_VARIABLE: another machine takes this call."""

PARTING = 1.0
"""Seconds that requests have to end when this machine begins to lead."""


def leadership_of(settings: Settings) -> Leadership:
    """Of this machine. Its spool is put aside if another machine has led since. Raises OSError."""
    url = str(settings.database)
    settings.folder.make()
    node_id, begun = own.identity(settings.folder, settings.node)
    node = Node(node_id, settings.node, wutong_version(), settings.node_address or "", begun)

    async def prepare() -> None:
        tables = database.open(url)
        try:
            await database.migrate(tables)
        finally:
            await tables.dispose()

    def taking(former: Leader | None, epoch: int) -> None:
        aside = own.claim(settings.folder, made.holder, None if former is None else former.holder, epoch)
        if aside is not None:
            log.warning("spool-put-aside", folder=str(aside), why="another machine has led since")
        own.begin(settings.folder, epoch)

    made = Leadership(url, node, prepare=prepare, taking=taking)
    return made


async def until_it_leads(
    settings: Settings, leadership: Leadership, zone: tzinfo, shown: Callable[[str], None]
) -> None:
    """Returns once this machine leads. `shown`: gets what is so, each time that it changes; never called if it leads at
    once. Raises NotDone, OSError.
    """
    async with StandingBy(settings, zone, shown) as standing:
        leadership.on_seen, leadership.on_unknown = standing.seen, standing.unknown
        await leadership.win()


class StandingBy:
    """Serves nothing before `seen` is called. `words`: what is so, as "stands by; north leads since …"."""

    def __init__(self, settings: Settings, zone: tzinfo, shown: Callable[[str], None]) -> None:
        self.words: str = Sentence("stands by")
        self._settings, self._zone, self._shown = settings, zone, shown
        self._tasks = Tasks(Failures())
        self._agi = AgiServer(_refuse, str(settings.agi_listen), settings.ports.agi, limit=settings.max_calls + ROOM)
        self._servers: list[Server] = []

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        return self

    def seen(self, leader: Leader | None) -> None:
        """Another machine leads; None: PostgreSQL cannot be asked which."""
        self._says(self._words(leader), leader)

    def unknown(self, leader: Leader) -> None:
        """That one has led last. It may still offer without PostgreSQL, and does not know this machine."""
        why = Sentence(
            "stands by; {node} has led last, does not answer, and does not know this machine: docs/several-machines.md "
            "says what to do if {node} does not come back",
            node=leader.node,
        )
        self._says(why, leader)

    def _says(self, words: str, leader: Leader | None) -> None:
        if words == self.words:
            return
        first, self.words = not self._servers, words
        log.info("stands-by", node=None if leader is None else leader.node)
        if first:
            self._open()
        if leader is not None and not self._agi.listening:
            self._tasks.spawn(Work.SESSION, self._agi.start())
        self._shown(words)

    def _words(self, leader: Leader | None) -> str:
        if leader is None:
            return Sentence("stands by; which machine leads is not known, as PostgreSQL cannot be asked")
        since = datetime.fromtimestamp(leader.since, self._zone).isoformat(sep=" ", timespec="seconds")
        return Sentence("stands by; {node} leads since {when}", node=leader.node, when=since)

    def _open(self) -> None:
        settings = self._settings
        offered = app(lambda: self.words, settings.host_names)
        tls = None if settings.certificate is None else exposure.context(settings)
        self._servers = [
            Server(offered, str(settings.web_listen), settings.ports.http, tls, settings.proxies),
            LocalServer(offered, settings.folder.door),
        ]
        self._serving = [self._tasks.spawn(Work.HTTP, server.serve()) for server in self._servers]

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.should_exit = True
        if self._servers:
            _, late = await asyncio.wait(self._serving, timeout=PARTING)
            for task in late:
                self._tasks.cancel(task)
        await self._agi.stop(0)
        await self._tasks.__aexit__(kind, error, trace)


async def _refuse(session: AgiSession) -> None:
    """Another machine takes the call. An agent who dials a code hears from the dialplan that the service is away."""
    if session.request.network_script == "call":
        await session.command("SET VARIABLE", FULL_VARIABLE, ELSEWHERE)
