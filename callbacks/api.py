"""The callbacks over HTTP: `/callbacks`."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from accounts.asking import Asking, note_detail
from accounts.model import Asker
from acd.distributor import Distributor
from acd.events import CallbackTaken, CallLeft, Left
from base.numbers import masked
from callbacks.model import Callback, Callbacks, State, Why
from journal.actor import Actor
from missed.api import Serves, sees
from sentences.sentence import Sentence
from web.fields import Moment, Time

MOST_AT_ONCE = 500

LONGEST_TAKEN = 72 * 3_600
"""Seconds for which somebody may take a callback, at most."""


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
        description="`waiting`: the turn has not come. `dialling`: the citizen is being dialled, or an agent's phone "
        "rings first. `talking`: that agent talks with whoever has answered. `postponed`: the citizen was not reached, "
        "or may not be dialled at this hour."
    )
    next: Time | None = Field(description="Not dialled before; null: the turn in the queue decides alone.")
    why: Why | None = Field(
        description="Why it was postponed last: `busy`, `no-answer`, `declined`, `invalid` (there is no such number), "
        "`unreachable`, `not-confirmed` (somebody or a mailbox answered, and pressed no key), `hours` (citizens are "
        "not called at this hour), `lost` (Asterisk or the line was away), `agent` (the agent whose phone rang first "
        "did not pick up). null: it was not, or nobody said why."
    )
    taken_by: str | None = Field(
        description="The account that calls this citizen: `agent:1001`, `user:wang`. null: the queue does.",
        examples=["agent:1001"],
    )
    taken_until: Time | None = Field(description="From then on the queue calls the citizen again.")
    mine: bool = Field(description="The account that asks has taken it.")


class TakeIn(BaseModel):
    """Until when the queue does not call this citizen."""

    model_config = ConfigDict(extra="forbid")

    until: Moment = Field(description="Within the next 72 hours.", examples=["2026-03-03T16:00:00+08:00"])


class PromisesOut(BaseModel):
    """The promises of a queue today."""

    queue: str = Field(examples=["greening"])
    ended: int = Field(
        ge=1, description="Callbacks that ended today: answered, not reached, or the queue was taken out."
    )
    kept: int = Field(ge=0, description="Those whose citizen was first dialled within the time that was promised.")


def callback_out(callback: Callback, asker: Asker, position: int | None, now: float) -> CallbackOut:
    """A callback as HTTP shows it. `now`: seconds since the epoch, as all its times."""
    interval, holder = callback.interval, callback.holder(now)
    return CallbackOut.model_validate(
        {
            **asdict(callback),
            "promised": None if interval is None else {"begin": interval[0], "until": interval[1]},
            "position": position,
            "next": callback.next if callback.state is State.POSTPONED and callback.next > now else None,
            "taken_by": holder or None,
            "taken_until": callback.taken_until if holder else None,
            "mine": holder == asker.holder,
        }
    )


def router(
    callbacks: Callbacks, serves: Serves, distributor: Distributor, not_reached: Callable[[str, Actor], None]
) -> APIRouter:
    """The routes. The distributor knows the places, and is told who cancelled. `not_reached` is told of a callback that
    somebody else has answered than the citizen, and who says so.
    """
    routes = APIRouter(tags=["callbacks"])
    unknown: dict[int | str, dict[str, Any]] = {404: {"description": "Nobody is to be called back under this id."}}

    held: dict[int | str, dict[str, Any]] = {
        **unknown,
        409: {"description": "Somebody else has it, or the citizen is being dialled."},
    }

    def found(callback_id: str, asker: Asker, request: Request) -> Callback:
        callback = callbacks.find(callback_id)
        if callback is None or not sees(asker.reach, serves)(callback.queue):
            raise HTTPException(404, Sentence("There is no callback {id}, or no more.", id=callback_id))
        note_detail(request, masked(callback.number))
        return callback

    def out(callback: Callback, asker: Asker) -> CallbackOut:
        position = distributor.engine.callback_position(callback.id)
        return callback_out(callback, asker, position, distributor.clock.now())

    def held_by_others(callback: Callback, asker: Asker) -> Sentence | None:
        holder = callback.holder(distributor.clock.now())
        if holder in ("", asker.holder):
            return None
        return Sentence("{who} has this callback.", who=holder.partition(":")[2])

    @routes.get("/callbacks", summary="Callbacks")
    async def list_callbacks(
        asker: Asking,
        queue: Annotated[str | None, Query(description="Only of this queue.")] = None,
        limit: Annotated[int, Query(description="How many at most.", ge=1, le=MOST_AT_ONCE)] = 100,
    ) -> list[CallbackOut]:
        """Callers who have hung up and are to be called back, and how far that is. The citizen who has waited longest
        comes first. A citizen who has answered waits in the queue and leaves this list.
        """
        may_see = sees(asker.reach, serves)
        seen = [each for each in callbacks.list() if queue in (None, each.queue) and may_see(each.queue)]
        return [out(each, asker) for each in seen[:limit]]

    @routes.get("/callbacks-today", summary="How many promises were kept today")
    async def list_promises(asker: Asking) -> list[PromisesOut]:
        """Of each queue with a callback that ended today, in the hotline's time zone. Cancelled ones do not count."""
        may_see, today = sees(asker.reach, serves), callbacks.today(distributor.clock.now())
        return [
            PromisesOut(queue=queue, ended=promises.ended, kept=promises.kept)
            for queue, promises in today.items()
            if may_see(queue)
        ]

    @routes.post("/callbacks/{callback_id}/take", summary="Take a callback", responses=held)
    async def take_callback(callback_id: str, said: TakeIn, asker: Asking, request: Request) -> CallbackOut:
        """Whoever asks will call this citizen by hand: see `POST /agents/{id}/dial`. The queue does not call before
        `until`, and does so after it. The callback is over once agent and citizen talk. The same request changes
        the time.
        """
        callback, now, until = found(callback_id, asker, request), distributor.clock.now(), said.until.timestamp()
        if not now < until <= now + LONGEST_TAKEN:
            raise HTTPException(
                422, Sentence("Choose a time within the next {hours} hours.", hours=LONGEST_TAKEN // 3_600)
            )
        refused = held_by_others(callback, asker)
        if callback.being_called:
            refused = Sentence("This citizen is being dialled.")
        if refused is not None:
            raise HTTPException(409, refused)
        distributor.ask(CallbackTaken(callback_id, until, max(until, callback.next), asker.holder))
        return out(callback, asker)

    @routes.post("/callbacks/{callback_id}/return", status_code=204, summary="Give a callback back", responses=held)
    async def return_callback(callback_id: str, asker: Asking, request: Request) -> None:
        """The queue calls the citizen again. A supervisor can do that for somebody else. Nothing happens if nobody has
        it.
        """
        callback, now = found(callback_id, asker, request), distributor.clock.now()
        refused = held_by_others(callback, asker)
        if refused is not None and not asker.reach.has_queue(callback.queue):
            raise HTTPException(409, refused)
        if callback.holder(now):
            distributor.ask(CallbackTaken(callback_id, None, max(now, callback.next), asker.holder))

    @routes.post(
        "/callbacks/{callback_id}/not-reached",
        status_code=204,
        summary="Say that somebody else answered a callback",
        responses={**unknown, 409: {"description": "No agent talks with this citizen."}},
    )
    async def say_not_reached(callback_id: str, asker: Asking, request: Request) -> None:
        """Of a callback whose agent is rung first, while the agent talks: a mailbox has answered, or somebody else. It
        counts as the cause `not-confirmed`. The talk goes on until somebody hangs up.
        """
        if found(callback_id, asker, request).state is not State.TALKING:
            raise HTTPException(409, Sentence("No agent talks with this citizen."))
        not_reached(callback_id, asker.actor)

    @routes.delete("/callbacks/{callback_id}", status_code=204, summary="Cancel a callback", responses=unknown)
    async def cancel_callback(callback_id: str, asker: Asking, request: Request) -> None:
        """The citizen is not called back, and loses the place in the queue. Nobody tells the citizen."""
        found(callback_id, asker, request)
        distributor.ask(_cancelled(callback_id, asker.actor))

    return routes


def forget(callbacks: Callbacks, distributor: Distributor, number: str) -> None:
    """This number is not called back: nothing is known of it any more."""
    for callback_id in list(callbacks.of_number(number)):
        distributor.tell(_cancelled(callback_id, None))


def _cancelled(callback_id: str, actor: Actor | None) -> CallLeft:
    return CallLeft(callback_id, Left.CANCELLED, actor)
