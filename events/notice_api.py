"""The supervisors' news for the desks, one line: over HTTP (`/notice`), and kept in a file of the state folder."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from accounts.asking import Asking, note_detail
from base.clock import Clock
from base.failure import NotDone
from base.files import replace
from base.log import without_numbers
from journal.actor import Actor
from journal.records import Kind, Record
from sentences.of_libraries import recognised
from web.fields import ONE_LINE, Time

LONGEST = 200
"""Characters: one line of a desk."""

Line = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=LONGEST,
        pattern=ONE_LINE,
    ),
]


class NoticeIn(BaseModel):
    """What every agent is to know."""

    model_config = ConfigDict(extra="forbid")

    text: Line = Field(
        description=f"One line, at most {LONGEST} characters, shown as it is.", examples=["今晚 23 点起燃气检修"]
    )


class NoticeOut(BaseModel):
    """The line that stands on the desks."""

    text: str
    at: Time = Field(description="Since when.")
    actor: str = Field(description="Who wrote it.", examples=["user:wang"])


def router(source: "Notices") -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/notice", tags=["agents"])

    @routes.get("", summary="The line of news on the desks")
    async def get_notice() -> NoticeOut | None:
        """null: there is none."""
        return source.notice

    @routes.put("", summary="Write a line of news for the desks")
    async def put_notice(wanted: NoticeIn, asker: Asking, request: Request) -> NoticeOut:
        """It replaces the one before, and stands until somebody removes it, over a restart too. Desks and walls show it
        at once.
        """
        note_detail(request, without_numbers(wanted.text))
        return await source.put(wanted.text, asker.actor)

    @routes.delete("", status_code=204, summary="Remove the line of news")
    async def remove_notice(asker: Asking) -> Response:
        await source.remove(asker.actor)
        return Response(status_code=204)

    return routes


# The supervisors' news for the desks: one line, kept in a file of the state folder.


log = structlog.get_logger(__name__)


class Notices:
    """The line, also over a restart. `file`: where it is kept. `write`: of Records."""

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
        """Replace the line. Raises NotDone: it cannot be kept."""
        notice = NoticeOut(text=text, at=datetime.fromtimestamp(self._clock.now(), UTC), actor=str(actor))
        await self._keep(notice, actor)
        return notice

    async def remove(self, actor: Actor) -> None:
        """Take it away; that there is none is no error. Raises NotDone."""
        if self.notice is not None:
            await self._keep(None, actor)

    def as_json(self) -> list[str]:
        """As the event stream has it, in JSON."""
        return [] if self.notice is None else [self.notice.model_dump_json()]

    async def _keep(self, notice: NoticeOut | None, actor: Actor) -> None:
        async with self._changing:
            try:
                if notice is None:
                    await asyncio.to_thread(self._file.unlink, missing_ok=True)
                else:
                    await asyncio.to_thread(replace, self._file, notice.model_dump_json().encode())
            except OSError as error:
                raise NotDone("The line of news cannot be kept: {why}", why=recognised(error.strerror)) from error
            text = "" if notice is None else without_numbers(notice.text)
            self._write(Record(self._clock.now(), Kind.NOTICE, data={"text": text}, actor=actor))
            self.notice = notice
