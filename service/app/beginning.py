"""What a service begins with: the hotline, its prompts, its secrets. A machine that stands by has it ready, and reads
it anew when the machine that leads has changed anything of it.
"""

import asyncio
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import structlog

from base import log as logging_
from base.failure import NotDone
from base.tasks import Failures, Tasks, Work
from dialplan.control import AsteriskControl
from hotline.edition import Edition
from journal import database
from journal.writer import UNAVAILABLE
from nodes.shared import LOOK_S, Shared
from processes import obtaining
from publishing import starting
from publishing.prepare import prepare
from publishing.starting import Start
from publishing.store import VersionStore
from settings import secrets
from settings.settings import Settings

log = structlog.get_logger()


@dataclass(frozen=True)
class Beginning:
    """`kept`: the versions. `start`: the hotline, and which version of it. `stale`: Asterisk has not read the newly
    rendered configuration.
    """

    known: secrets.Secrets
    control: AsteriskControl
    edition: Edition
    kept: VersionStore
    start: Start
    stale: bool


async def beginning(settings: Settings, before: Beginning | None = None) -> Beginning:
    """From the state folder. `before`: what was read earlier. Raises NotDone, OSError, and what `prepare` raises."""
    kept = await asyncio.to_thread(VersionStore, settings.folder.versions)
    start = await asyncio.to_thread(starting.again, settings, kept)
    hotline = start.hotline
    logging_.keep(hotline.own_numbers)
    known = await asyncio.to_thread(secrets.obtain, settings.folder, hotline.phones, settings.token, start.given)
    installation = None
    if settings.asterisk is None:
        installation = await asyncio.to_thread(obtaining.obtain, obtaining.default_cache(), _log_progress)
    control = AsteriskControl(installation, settings, known)
    # Nothing is installed here: a start must not wait for a network. `up` and `reload` do that.
    prepared = await prepare(settings, known, hotline, control.installation, _log_progress, install=False)
    if prepared.draft is not None:
        log.warning("draft-voice", why=prepared.draft)
    edition = Edition(hotline, prepared.catalogue, prepared.draft)
    stale = bool(prepared.changed) or (before is not None and before.stale)
    return Beginning(known, control, edition, kept, start, stale)


def _log_progress(line: str) -> None:
    log.info("preparing", step=line)


class Following:
    """Of a machine that stands by: has `ready` what it would begin with, as the machine that leads has it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engine = database.open(settings.database)
        self._shared = Shared(self._engine, settings.folder)
        self._ready: Beginning | None = None
        self._fresh = False  # the files are as they were when it was read
        self._missed = False  # the last try to ask the database has failed
        self._why_not = ""  # it is not ready, as the log has it
        self._tasks = Tasks(Failures())

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._tasks.__aexit__(kind, error, trace)
        await self._engine.dispose()

    async def newest(self) -> Beginning:
        """As the database has it now; if that does not answer, as it had it last. Raises what `beginning` does."""
        try:
            if changed := await self._shared.take():
                self._fresh = False
                log.info("files-taken", files=len(changed))
            self._missed = False
        except (*UNAVAILABLE, OSError) as error:
            if not self._missed:
                log.warning("files-not-taken", why=str(error)[:200])
            self._missed = True
        if self._ready is None or not self._fresh:
            self._ready = await beginning(self._settings, self._ready)
            self._fresh = True
        return self._ready

    def begin(self) -> asyncio.Task[None]:
        """Follow, until it is cancelled."""
        return self._tasks.keep(Work.SHARED, self._follow)

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self.newest()
            except NotDone as error:  # the next change may mend it
                if str(error) != self._why_not:
                    log.error("not-ready-to-lead", why=str(error))
                self._why_not = str(error)
