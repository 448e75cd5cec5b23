"""Earlier calls of the same citizen over HTTP, with what agents noted of them; and the citizen's other numbers."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from accounts import roles
from accounts.asking import Asking, note_detail
from accounts.model import EVERYTHING, Reach
from base.numbers import masked, plain
from calls import listeners
from calls.api import NO_CALL, NO_DATABASE, StoryOut, found_call, needs_number, no_call, whole_story
from calls.book import CallBook
from calls.linked import MOST as MOST_NUMBERS
from calls.linked import LinkedNumbers
from calls.model import CallSummary, Direction, Outcome
from calls.talks import wrap_ups
from calls.wrap_up_api import Sheets
from hotline.model import Hotline
from journal.records import Record
from sentences.sentence import Sentence
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
        linked = await numbers.of(summary.caller)
        return summary, await calls.earlier(summary, limit, others if summary.within(others) else EVERYTHING, linked)

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
        stories = await calls.noted([call.id for call in found])
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


NOT_NOW: dict[int | str, dict[str, Any]] = {403: {"description": "The call is not the agent's work any more."}}

_BARE = re.compile(r"[0-9]{3,20}")
_SEPARATORS = re.compile(r"[\s()./-]+")


class LinkIn(BaseModel):
    """Another number of the citizen."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[
        str,
        StringConstraints(min_length=3, max_length=40, pattern=r"^\+?[0-9 ()./-]+$"),
        Field(description="In any way of writing.", examples=["139 0000 0000"]),
    ]
    linked: StrictBool = Field(description="false: it is not the citizen's, or no more.")


def numbers_router(
    calls: CallBook, numbers: LinkedNumbers, at_work: Callable[[str], str | None], now: Callable[[], float]
) -> APIRouter:
    """The routes `/calls/{id}/numbers`. `at_work`: as in `calls.api.router`. `now`: seconds since the epoch."""
    routes = APIRouter(prefix="/calls/{call_id}/numbers", tags=["calls"])

    @routes.get("", summary="The citizen's other numbers", responses={**NO_CALL, **NOT_NOW, **NO_DATABASE})
    async def list_numbers(call_id: str, asker: Asking) -> list[str]:
        """Those that were linked to the call's number. An agent sees them while `GET calls/{id}/earlier` answers."""
        return await numbers.of((await at_hand(calls, call_id, asker.reach, at_work)).caller)

    @routes.put(
        "",
        summary="Link another number of the citizen, or unlink it",
        responses={
            **NO_CALL,
            **NOT_NOW,
            409: {"description": f"The call's number is hidden, or the citizen has {MOST_NUMBERS} numbers."},
            **NO_DATABASE,
        },
    )
    async def put_number(call_id: str, wanted: LinkIn, asker: Asking, request: Request) -> list[str]:
        """From then on each one's earlier calls are shown with the other's. Numbers that are linked to either are the
        same citizen's, too. The answer is what is linked to the call's number now.
        """
        other = _SEPARATORS.sub("", wanted.number)
        note_detail(request, f"{'linked' if wanted.linked else 'unlinked'} {masked(plain(other))}")
        summary = await at_hand(calls, call_id, asker.reach, at_work)
        if not _BARE.fullmatch(plain(other)):
            raise HTTPException(422, Sentence("A number has 3 to 20 digits."))
        if not summary.caller:
            raise HTTPException(409, Sentence("The number of this call is hidden: nothing can be linked to it."))
        if plain(other) == plain(summary.caller):
            raise HTTPException(422, Sentence("That is the number of this call itself."))
        if not wanted.linked:
            await numbers.unlink(summary.caller, other)
        elif not await numbers.link(summary.caller, other, now()):
            raise HTTPException(
                409, Sentence("A citizen has {count} numbers at most; unlink one first.", count=MOST_NUMBERS)
            )
        return await numbers.of(summary.caller)

    return routes


async def at_hand(calls: CallBook, call_id: str, reach: Reach, at_work: Callable[[str], str | None]) -> CallSummary:
    """The call, for an asker who needs its number. An HTTPException: the asker does not need it. `at_work`: as in
    `calls.api.router`.
    """
    summary, _ = await found_call(calls, call_id, reach)
    if not needs_number(summary, reach, at_work):
        raise HTTPException(403, Sentence("Earlier calls are shown while the call rings, is talked to or wrapped up."))
    return summary
