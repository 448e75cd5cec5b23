"""Earlier calls of the same number over HTTP, with what agents noted of them."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field

from accounts import roles
from accounts.model import EVERYTHING, Reach
from accounts.routes import Asking, Time
from calls import listeners
from calls.api import NO_CALL, NO_DATABASE, StoryOut, found_call, needs_number, no_call, unavailable, whole_story
from calls.book import CallBook
from calls.model import CallSummary, Outcome
from calls.store import StoreUnavailable
from calls.way import Places
from calls.wrap_up_api import WrapUps
from calls.wrap_ups import wrap_ups
from journal.records import Record

MOST = 50


class EarlierNoteOut(BaseModel):
    """What one agent noted of an earlier call."""

    model_config = ConfigDict(from_attributes=True)

    agent: str
    code: str | None
    name: dict[str, str] | None = Field(description="The code's name by language, when it was given.")
    note: str | None


class EarlierOut(BaseModel):
    """What a colleague needs to know of an earlier call; the number is that of the present one."""

    id: str
    started: Time
    queue: str | None
    sub_hotline: str | None
    agent: str | None = Field(description="Who talked with the caller last, or was rung last.")
    outcome: Outcome | None
    code: str | None = Field(description="The wrap-up code.")
    name: dict[str, str] | None = Field(description="The code's name now, by language; null: there is no such code.")
    notes: list[EarlierNoteOut] = Field(description="Of each agent who noted something.")


def router(
    calls: CallBook, sheets: WrapUps, at_work: Callable[[str], str | None], hotline: Callable[[], Places]
) -> APIRouter:
    """The routes `/calls/{id}/earlier`. `at_work`, `hotline`: as in `calls.api.router`."""
    routes = APIRouter(prefix="/calls", tags=["calls"])
    not_now: dict[int | str, dict[str, Any]] = {403: {"description": "The call is not the agent's work any more."}}

    def out(call: CallSummary, story: Sequence[Record]) -> EarlierOut:
        seen = {name: getattr(call, name) for name in EarlierOut.model_fields if name not in ("name", "notes")}
        name = sheets.codes(call.queue).get(call.code or "")
        notes = [EarlierNoteOut.model_validate(noted) for noted in wrap_ups(story)]
        return EarlierOut.model_validate({**seen, "name": None if name is None else dict(name), "notes": notes})

    async def seen(call_id: str, reach: Reach) -> tuple[CallSummary, Reach]:
        """The present call, and how far who asks sees earlier ones. An HTTPException: not at all."""
        summary, _ = await found_call(calls, call_id, reach)
        if not needs_number(summary, reach, at_work):
            raise HTTPException(403, "Earlier calls are shown while the call rings, is talked to or wrapped up.")
        others = reach.without_agent()
        return summary, others if summary.within(others) else EVERYTHING

    @routes.get(
        "/{call_id}/earlier",
        summary="Earlier calls of the same number",
        responses={**NO_CALL, **not_now, **NO_DATABASE},
    )
    async def earlier_calls(
        call_id: str, asker: Asking, limit: Annotated[int, Query(description="How many at most.", ge=1, le=MOST)] = 5
    ) -> list[EarlierOut]:
        """Newest first, ended calls only, without test calls. An agent sees them, of whatever queue, with the
        notes, while the call rings, is talked to or wrapped up; others those that they may see anyway. A hidden number
        has none.
        """
        summary, reach = await seen(call_id, asker.reach)
        try:
            found = await calls.earlier(summary, limit, reach)
            stories = await calls.noted([call.id for call in found])
        except StoreUnavailable as error:
            raise unavailable(error) from error
        return [out(call, stories.get(call.id, ())) for call in found]

    @routes.get(
        "/{call_id}/earlier/{earlier_id}",
        summary="The whole story of an earlier call of the same number",
        responses={**NO_CALL, **not_now, **NO_DATABASE},
    )
    async def earlier_call(call_id: str, earlier_id: str, asker: Asking) -> StoryOut:
        """For whom `GET calls/{id}/earlier` lists it, among the newest 50."""
        summary, reach = await seen(call_id, asker.reach)
        try:
            known = {call.id for call in await calls.earlier(summary, MOST, reach)}
        except StoreUnavailable as error:
            raise unavailable(error) from error
        if earlier_id not in known:
            raise no_call()
        found, story = await found_call(calls, earlier_id, EVERYTHING)
        if roles.reach(asker.account, roles.Permission.LISTEN) is None:  # an agent may not see who listens
            story = [record for record in story if record.kind not in listeners.KINDS]
        return whole_story(found, story, hotline())

    return routes
