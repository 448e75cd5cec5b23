"""Earlier calls of the same citizen over HTTP, with what agents noted of them."""

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from accounts import roles
from accounts.asking import Asking
from accounts.model import EVERYTHING, Reach
from base.numbers import plain
from calls import listeners
from calls.api import NO_CALL, NO_DATABASE, StoryOut, found_call, no_call, unavailable, whole_story
from calls.book import CallBook
from calls.linked import LinkedNumbers
from calls.linked_api import NOT_NOW, at_hand
from calls.model import CallSummary, Direction, Outcome
from calls.store import StoreUnavailable
from calls.talks import wrap_ups
from calls.wrap_up_api import Sheets
from hotline.model import Hotline
from journal.records import Record
from web.fields import Time

MOST = 50


class EarlierNoteOut(BaseModel):
    """What one agent noted of an earlier call."""

    model_config = ConfigDict(from_attributes=True)

    agent: str
    code: str | None
    name: dict[str, str] | None = Field(description="The code's name by language, when it was given.")
    note: str | None


class EarlierOut(BaseModel):
    """What a colleague needs to know of an earlier call."""

    id: str
    caller: str | None = Field(description="From which other number of the citizen; null: from the present call's.")
    direction: Direction = Field(description="`out`: an agent has called the citizen.")
    started: Time
    queue: str | None
    sub_hotline: str | None
    agent: str | None = Field(description="Who talked with the caller last, or was rung last.")
    outcome: Outcome | None
    code: str | None = Field(description="The wrap-up code.")
    name: dict[str, str] | None = Field(description="The code's name now, by language; null: there is no such code.")
    notes: list[EarlierNoteOut] = Field(description="Of each agent who noted something.")


def router(
    calls: CallBook,
    sheets: Sheets,
    numbers: LinkedNumbers,
    at_work: Callable[[str], str | None],
    hotline: Callable[[], Hotline],
) -> APIRouter:
    """The routes `/calls/{id}/earlier`. `at_work`, `hotline`: as in `calls.api.router`."""
    routes = APIRouter(prefix="/calls", tags=["calls"])

    def out(call: CallSummary, present: CallSummary, story: Sequence[Record]) -> EarlierOut:
        seen = {name: getattr(call, name) for name in EarlierOut.model_fields if name not in ("name", "notes")}
        seen["caller"] = None if plain(call.caller) == plain(present.caller) else call.caller
        name = sheets.codes(call.queue).get(call.code or "")
        notes = [EarlierNoteOut.model_validate(noted) for noted in wrap_ups(story)]
        return EarlierOut.model_validate({**seen, "name": None if name is None else dict(name), "notes": notes})

    async def earlier(call_id: str, limit: int, reach: Reach) -> tuple[CallSummary, Sequence[CallSummary]]:
        """The present call, and the newest `limit` earlier ones that the asker may see. An HTTPException: the asker may
        see none.
        """
        summary = await at_hand(calls, call_id, reach, at_work)
        others = reach.without_agent()
        try:
            linked = await numbers.of(summary.caller)
            return summary, await calls.earlier(
                summary, limit, others if summary.within(others) else EVERYTHING, linked
            )
        except StoreUnavailable as error:
            raise unavailable(error) from error

    @routes.get(
        "/{call_id}/earlier",
        summary="Earlier calls of the same citizen",
        responses={**NO_CALL, **NOT_NOW, **NO_DATABASE},
    )
    async def earlier_calls(
        call_id: str, asker: Asking, limit: Annotated[int, Query(description="How many at most.", ge=1, le=MOST)] = 5
    ) -> list[EarlierOut]:
        """Of the call's number and those that are linked to it. Newest first, ended calls only, without test calls. An
        agent sees them, of whatever queue, with the notes, while the call rings, is talked to or wrapped up; others
        those that they may see anyway. A hidden number has none.
        """
        present, found = await earlier(call_id, limit, asker.reach)
        try:
            stories = await calls.noted([call.id for call in found])
        except StoreUnavailable as error:
            raise unavailable(error) from error
        return [out(call, present, stories.get(call.id, ())) for call in found]

    @routes.get(
        "/{call_id}/earlier/{earlier_id}",
        summary="The whole story of an earlier call of the same citizen",
        responses={**NO_CALL, **NOT_NOW, **NO_DATABASE},
    )
    async def earlier_call(call_id: str, earlier_id: str, asker: Asking) -> StoryOut:
        """For whom `GET calls/{id}/earlier` lists it, among the newest 50."""
        _, known = await earlier(call_id, MOST, asker.reach)
        if earlier_id not in {call.id for call in known}:
            raise no_call()
        found, story = await found_call(calls, earlier_id, EVERYTHING)
        if roles.reach(asker.account, roles.Permission.LISTEN) is None:  # an agent may not see who listens
            story = [record for record in story if record.kind not in listeners.KINDS]
        return whole_story(found, story, hotline())

    return routes
