"""The supervisors' news for the desks, one line, over HTTP: `/notice`."""

from typing import Annotated, Protocol

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from accounts.asking import Asking, note_detail
from base.log import without_numbers
from journal.actor import Actor
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


class NoticeSource(Protocol):
    """Keeps the line, also over a restart."""

    @property
    def notice(self) -> NoticeOut | None:
        """None: there is none."""

    async def put(self, text: str, actor: Actor) -> NoticeOut:
        """Replace the line. Raises NotDone: it cannot be kept."""

    async def remove(self, actor: Actor) -> None:
        """Take it away; that there is none is no error. Raises NotDone."""


def router(source: NoticeSource) -> APIRouter:
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
