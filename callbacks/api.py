"""The callbacks over HTTP: `/callbacks`."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field

from accounts.asking import Asking, note_detail
from acd.distributor import Distributor
from acd.events import CallLeft, Left
from base.numbers import masked
from callbacks.model import Callback, Callbacks, State, Why
from journal.actor import Actor
from missed.api import Serves, sees
from sentences.sentence import Sentence
from web.fields import Time

MOST_AT_ONCE = 500


class PromisedOut(BaseModel):
    """When the citizen can expect the call."""

    begin: Time = Field(serialization_alias="from")
    until: Time


class CallbackOut(BaseModel):
    """A caller who has hung up, keeps the place in the queue, and is called back when it is the caller's turn."""

    id: str
    number: str = Field(description="The number that is dialled.", examples=["13800000000"])
    queue: str = Field(examples=["greening"])
    language: str = Field(examples=["zh"])
    call: str = Field(description="The call in which it was promised: see `GET /api/v1/calls/{id}`.")
    since: Time = Field(description="When the citizen began to wait.")
    promised: PromisedOut | None = Field(
        description="When the citizen can expect the call, as far as was known at the promise; null: it was not."
    )
    position: int | None = Field(
        description="In the queue, 1 for the next, among those who hold; null: the place was lost."
    )
    attempts: int = Field(ge=0, description="How often the citizen was dialled.")
    state: State = Field(
        description="`waiting`: the turn has not come. `dialling`: the citizen is being dialled. `postponed`: the "
        "citizen was not reached, or may not be dialled at this hour."
    )
    next: Time | None = Field(description="Not dialled before; null: the turn in the queue decides alone.")
    why: Why | None = Field(
        description="Why it was postponed last: `busy`, `no-answer`, `unreachable`, `not-confirmed` (somebody or a "
        "mailbox answered, and pressed no key), `hours` (citizens are not called at this hour), `lost` (Asterisk or "
        "the line was away). null: it was not, or nobody said why."
    )


class PromisesOut(BaseModel):
    """The promises of a queue today."""

    queue: str = Field(examples=["greening"])
    ended: int = Field(
        ge=1, description="Callbacks that ended today: answered, not reached, or the queue was taken out."
    )
    kept: int = Field(ge=0, description="Those whose citizen was first dialled within the time that was promised.")


def callback_out(callback: Callback, position: int | None, now: float) -> CallbackOut:
    """A callback as HTTP shows it. `now`: seconds since the epoch, as all its times."""
    interval = callback.interval
    return CallbackOut.model_validate(
        {
            "id": callback.id,
            "number": callback.number,
            "queue": callback.queue,
            "language": callback.language,
            "call": callback.call,
            "since": callback.since,
            "promised": None if interval is None else {"begin": interval[0], "until": interval[1]},
            "position": position,
            "attempts": callback.attempts,
            "state": callback.state,
            "next": callback.next if callback.state is State.POSTPONED and callback.next > now else None,
            "why": callback.why,
        }
    )


def router(callbacks: Callbacks, serves: Serves, distributor: Distributor) -> APIRouter:
    """The routes. The distributor knows the places, and is told who cancelled."""
    routes = APIRouter(tags=["callbacks"])
    unknown: dict[int | str, dict[str, Any]] = {404: {"description": "Nobody is to be called back under this id."}}

    @routes.get("/callbacks", summary="Callbacks")
    async def list_callbacks(
        asker: Asking,
        queue: Annotated[str | None, Query(description="Only of this queue.")] = None,
        limit: Annotated[int, Query(description="How many at most.", ge=1, le=MOST_AT_ONCE)] = 100,
    ) -> list[CallbackOut]:
        """Callers who have hung up and are to be called back, and how far that is. The citizen who has waited longest
        comes first. A citizen who has answered waits in the queue and leaves this list.
        """
        may_see, now = sees(asker.reach, serves), distributor.clock.now()
        seen = [each for each in callbacks.list() if queue in (None, each.queue) and may_see(each.queue)]
        position = distributor.engine.callback_position
        return [callback_out(each, position(each.id), now) for each in seen[:limit]]

    @routes.get("/callbacks-today", summary="How many promises were kept today")
    async def list_promises(asker: Asking) -> list[PromisesOut]:
        """Of each queue with a callback that ended today, in the hotline's time zone. Cancelled ones do not count."""
        may_see, today = sees(asker.reach, serves), callbacks.today(distributor.clock.now())
        return [
            PromisesOut(queue=queue, ended=promises.ended, kept=promises.kept)
            for queue, promises in today.items()
            if may_see(queue)
        ]

    @routes.delete("/callbacks/{callback_id}", status_code=204, summary="Cancel a callback", responses=unknown)
    async def cancel_callback(callback_id: str, asker: Asking, request: Request) -> None:
        """The citizen is not called back, and loses the place in the queue. Nobody tells the citizen."""
        callback = callbacks.find(callback_id)
        if callback is None or not sees(asker.reach, serves)(callback.queue):
            raise HTTPException(404, Sentence("There is no callback {id}, or no more.", id=callback_id))
        note_detail(request, masked(callback.number))
        distributor.ask(_cancelled(callback_id, asker.actor))

    return routes


def forget(callbacks: Callbacks, distributor: Distributor, number: str) -> None:
    """This number is not called back: nothing is known of it any more."""
    for callback_id in list(callbacks.of_number(number)):
        distributor.tell(_cancelled(callback_id, None))


def _cancelled(callback_id: str, actor: Actor | None) -> CallLeft:
    return CallLeft(callback_id, Left.CANCELLED, actor)
