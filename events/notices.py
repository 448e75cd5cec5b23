"""The supervisors' news for the desks: one line, kept in a file of the state folder."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import structlog
from pydantic import ValidationError

from base.clock import Clock
from base.failure import NotDone
from base.files import replace
from base.log import without_numbers
from events.notice_api import NoticeOut
from journal.actor import Actor
from journal.records import Kind, Record
from sentences.sentence import Sentence

log = structlog.get_logger(__name__)


class Notices:
    """The `NoticeSource` of the router. `file`: where the line is kept. `write`: of Records."""

    def __init__(self, file: Path, clock: Clock, write: Callable[[Record], None]) -> None:
        self._file, self._clock, self._write = file, clock, write
        self._changing = asyncio.Lock()
        self.notice: NoticeOut | None = None

    def take_up(self) -> None:
        """Take up the line of the service before this one."""
        try:
            self.notice = NoticeOut.model_validate_json(self._file.read_bytes())
        except FileNotFoundError:
            return
        except (OSError, ValidationError) as error:
            log.error("notice-unreadable", file=str(self._file), why=type(error).__name__)

    async def put(self, text: str, actor: Actor) -> NoticeOut:
        notice = NoticeOut(text=text, at=datetime.fromtimestamp(self._clock.now(), UTC), actor=str(actor))
        await self._keep(notice, actor)
        return notice

    async def remove(self, actor: Actor) -> None:
        if self.notice is not None:
            await self._keep(None, actor)

    def told(self) -> list[str]:
        """As the event stream tells it, in JSON."""
        return [] if self.notice is None else [self.notice.model_dump_json()]

    async def _keep(self, notice: NoticeOut | None, actor: Actor) -> None:
        async with self._changing:
            try:
                if notice is None:
                    await asyncio.to_thread(self._file.unlink, missing_ok=True)
                else:
                    await asyncio.to_thread(replace, self._file, notice.model_dump_json().encode())
            except OSError as error:
                raise NotDone(Sentence("The line of news cannot be kept: {why}", why=error.strerror)) from error
            text = "" if notice is None else without_numbers(notice.text)
            self._write(Record(self._clock.now(), Kind.NOTICE, data={"text": text}, actor=actor))
            self.notice = notice
