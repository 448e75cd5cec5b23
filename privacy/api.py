"""Old data, and one caller's number: removed, forgotten, handed out. Each request does a bounded part."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StrictBool

from accounts.asking import Asking, note_detail
from privacy.model import AboutNumber, ForgetOut, PurgeOut
from privacy.numbers import Numbers
from privacy.retention import Retention

DRY_RUN = "dry_run"
"""What the audit says of a request that only counted."""


class PurgeIn(BaseModel):
    """What is old by the settings `keep`."""

    dry_run: Annotated[StrictBool, Field(description="Only count; nothing is removed.")] = False


class NumberIn(BaseModel):
    """A caller's number, in any way of writing."""

    number: Annotated[
        str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$", examples=["138 0000 0000"])
    ]


class ForgetIn(NumberIn):
    """A number that is to be forgotten."""

    dry_run: Annotated[StrictBool, Field(description="Only count; nothing is removed.")] = False


class ExportIn(NumberIn):
    """A number of which all that is known is wanted."""

    after: Annotated[
        str,
        Field(
            max_length=100,
            pattern=r"^[^\x00-\x1f\x7f]*$",
            description="Go on after this call; empty: from the beginning.",
        ),
    ] = ""


def router(retention: Retention, numbers: Numbers) -> APIRouter:
    """`POST /privacy/purge`, `/privacy/forget` and `/privacy/export`. Numbers are in bodies: addresses are logged."""
    routes = APIRouter(prefix="/privacy", tags=["privacy"])
    unavailable: dict[int | str, dict[str, Any]] = {
        503: {"description": "The database did not do it; the sentence says why."}
    }

    @routes.post("/purge", summary="Remove what is old", responses=unavailable)
    async def purge(wanted: PurgeIn, asker: Asking, request: Request) -> PurgeOut:
        """Works for a second at most. The service does it once a day by itself."""
        if wanted.dry_run:
            note_detail(request, DRY_RUN)
            return await retention.due()
        return await retention.purge(asker.actor)

    @routes.post("/forget", summary="Forget a caller's number", responses=unavailable)
    async def forget(wanted: ForgetIn, asker: Asking, request: Request) -> ForgetOut:
        """Its calls stay, without the number: figures do not change."""
        if wanted.dry_run:
            note_detail(request, DRY_RUN)
            return await numbers.look(wanted.number)
        return await numbers.forget(wanted.number, asker.actor)

    @routes.post("/export", summary="All that is known of a caller's number", responses=unavailable)
    async def export(wanted: ExportIn, asker: Asking) -> AboutNumber:
        """A page at a time."""
        return await numbers.about(wanted.number, wanted.after, asker.actor)

    return routes
