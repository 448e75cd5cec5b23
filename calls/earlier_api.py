"""Earlier calls of the same number over HTTP."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, Field

from accounts.model import EVERYTHING
from accounts.routes import Asking, Time
from calls.api import NO_CALL, NO_DATABASE, found_call, needs_number, unavailable
from calls.book import CallBook
from calls.model import CallSummary, Outcome
from calls.store import StoreUnavailable
from calls.wrap_up_api import WrapUps


class EarlierOut(BaseModel):
    """What a colleague needs to know of an earlier call: no number, no note."""

    id: str
    started: Time
    queue: str | None
    sub_hotline: str | None
    outcome: Outcome | None
    code: str | None = Field(description="The wrap-up code.")
    name: dict[str, str] | None = Field(description="The code's name now, by language; null: there is no such code.")


def router(calls: CallBook, sheets: WrapUps, at_work: Callable[[str], str | None]) -> APIRouter:
    """The route `/calls/{id}/earlier`. `at_work`: as in `calls.api.router`."""
    routes = APIRouter(prefix="/calls", tags=["calls"])

    def out(call: CallSummary) -> EarlierOut:
        seen = {name: getattr(call, name) for name in EarlierOut.model_fields if name != "name"}
        name = sheets.codes(call.queue).get(call.code or "")
        return EarlierOut.model_validate({**seen, "name": None if name is None else dict(name)})

    @routes.get(
        "/{call_id}/earlier",
        summary="Earlier calls of the same number",
        responses={
            **NO_CALL,
            403: {"description": "The call is not the agent's work any more."},
            **NO_DATABASE,
        },
    )
    async def earlier_calls(
        call_id: str, asker: Asking, limit: Annotated[int, Query(description="How many at most.", ge=1, le=50)] = 5
    ) -> list[EarlierOut]:
        """Newest first, ended calls only, without test calls. An agent sees them, of whatever queue, while the call
        rings, is talked to or wrapped up; others those that they may see anyway. A hidden number has none.
        """
        summary, _ = await found_call(calls, call_id, asker.reach)
        if not needs_number(summary, asker.reach, at_work):
            raise HTTPException(403, "Earlier calls are shown while the call rings, is talked to or wrapped up.")
        others = asker.reach.without_agent()
        try:
            seen = others if summary.within(others) else EVERYTHING
            found = await calls.earlier(summary, limit, seen)
        except StoreUnavailable as error:
            raise unavailable(error) from error
        return [out(call) for call in found]

    return routes
