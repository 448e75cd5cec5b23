"""A citizen's other numbers over HTTP: what is linked to a call's number, linking and unlinking."""

import re
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from accounts.asking import Asking, note_detail
from accounts.model import Reach
from base.numbers import masked, plain
from calls.api import NO_CALL, NO_DATABASE, found_call, needs_number, unavailable
from calls.book import CallBook
from calls.linked import MOST, LinkedNumbers
from calls.model import CallSummary
from calls.store import StoreUnavailable
from sentences.sentence import Sentence

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


def router(
    calls: CallBook, numbers: LinkedNumbers, at_work: Callable[[str], str | None], now: Callable[[], float]
) -> APIRouter:
    """The routes `/calls/{id}/numbers`. `at_work`: as in `calls.api.router`. `now`: seconds since the epoch."""
    routes = APIRouter(prefix="/calls/{call_id}/numbers", tags=["calls"])

    async def linked_to(number: str) -> list[str]:
        try:
            return await numbers.of(number)
        except StoreUnavailable as error:
            raise unavailable(error) from error

    @routes.get("", summary="The citizen's other numbers", responses={**NO_CALL, **NOT_NOW, **NO_DATABASE})
    async def list_numbers(call_id: str, asker: Asking) -> list[str]:
        """Those that were linked to the call's number. An agent sees them while `GET calls/{id}/earlier` answers."""
        return await linked_to((await at_hand(calls, call_id, asker.reach, at_work)).caller)

    @routes.put(
        "",
        summary="Link another number of the citizen, or unlink it",
        responses={
            **NO_CALL,
            **NOT_NOW,
            409: {"description": f"The call's number is hidden, or the citizen has {MOST} numbers."},
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
        try:
            if not wanted.linked:
                await numbers.unlink(summary.caller, other)
            elif not await numbers.link(summary.caller, other, now()):
                raise HTTPException(
                    409, Sentence("A citizen has {count} numbers at most; unlink one first.", count=MOST)
                )
        except StoreUnavailable as error:
            raise unavailable(error) from error
        return await linked_to(summary.caller)

    return routes


async def at_hand(calls: CallBook, call_id: str, reach: Reach, at_work: Callable[[str], str | None]) -> CallSummary:
    """The call, for an asker who needs its number. An HTTPException: the asker does not need it. `at_work`: as in
    `calls.api.router`.
    """
    summary, _ = await found_call(calls, call_id, reach)
    if not needs_number(summary, reach, at_work):
        raise HTTPException(403, Sentence("Earlier calls are shown while the call rings, is talked to or wrapped up."))
    return summary
