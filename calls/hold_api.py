"""A caller on hold over HTTP: `/calls/{call_id}/hold`, `unhold`; out of a consultation `return`, `complete`, `join`.
The recording of a talk: `recording/start`, `recording/pause`, `recording/resume`.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, HTTPException

from accounts.asking import Asking
from accounts.model import Asker
from calls.api import NO_CALL, CallOut
from calls.book import CallBook
from calls.live.orders import NotTransferred, TalkOrders
from calls.transfer_api import found_talk

_RESPONSES: dict[int | str, dict[str, Any]] = {
    **NO_CALL,
    409: {"description": "Not at this moment; the sentence says what is possible."},
    503: {"description": "Asterisk is away, or the database cannot be asked."},
}


def router(calls: CallBook, orders: TalkOrders) -> APIRouter:
    """The routes. Agents may ask for the own talk, supervisors for those that they may see."""
    routes = APIRouter(prefix="/calls/{call_id}", tags=["calls"])

    async def done(call_id: str, asker: Asker, order: Callable[[bool], Awaitable[None] | None]) -> CallOut:
        """`order` gets whether the agent of the talk asks."""
        talk = await found_talk(calls, orders, call_id, asker)
        try:
            if (waited := order(talk.own)) is not None:
                await waited
        except NotTransferred as error:
            raise HTTPException(409, str(error)) from error
        return talk.out(calls, masking=orders.talker(call_id) != talk.agent and not talk.whole)

    @routes.post("/hold", summary="Put the caller on hold", responses=_RESPONSES)
    async def hold(call_id: str, asker: Asking) -> CallOut:
        """The caller hears the hotline's music, the agent hears nothing. The talk goes on: nothing else rings for the
        agent. If the agent hangs up, the talk is over.
        """

        async def led(own: bool) -> None:
            await orders.lead(call_id)
            orders.hold(call_id, asker.actor)

        return await done(call_id, asker, led)

    @routes.post("/recording/start", summary="Record a talk from now on", responses=_RESPONSES)
    async def record(call_id: str, asker: Asking) -> CallOut:
        """In a queue with `record: on-demand`. First both hear that the talk is recorded from now on; the answer comes
        after that.
        """
        return await done(call_id, asker, lambda own: orders.record(call_id, asker.actor))

    @routes.post("/recording/pause", summary="Pause the recording of a talk", responses=_RESPONSES)
    async def pause(call_id: str, asker: Asking) -> CallOut:
        """While the caller tells a secret, the recording is silent, and has a mark. Nothing happens if it pauses
        already. It lasts until `recording/resume`, or the end of the talk.
        """
        return await done(call_id, asker, lambda own: orders.pause(call_id, asker.actor, pause=True))

    @routes.post("/recording/resume", summary="Go on with the recording of a talk", responses=_RESPONSES)
    async def resume(call_id: str, asker: Asking) -> CallOut:
        """Nothing happens if it does not pause."""
        return await done(call_id, asker, lambda own: orders.pause(call_id, asker.actor, pause=False))

    @routes.post("/unhold", summary="Take the caller back", responses=_RESPONSES)
    async def unhold(call_id: str, asker: Asking) -> CallOut:
        """Agent and caller hear each other again."""
        return await done(call_id, asker, lambda own: orders.unhold(call_id, asker.actor))

    @routes.post("/return", summary="Leave a consultation, and go back to the caller", responses=_RESPONSES)
    async def go_back(call_id: str, asker: Asking) -> CallOut:
        """The agent talks with the caller again. The consulted phone is hung up, or stops ringing. Out of a talk of
        three, too.
        """
        return await done(call_id, asker, lambda own: orders.go_back(call_id, asker.actor))

    @routes.post("/complete", summary="Give the caller to the one who is consulted", responses=_RESPONSES)
    async def complete(call_id: str, asker: Asking) -> CallOut:
        """The two talk, and the agent's wrap-up begins. Out of a talk of three, too: the agent leaves it."""
        return await done(call_id, asker, lambda own: orders.complete(call_id, asker.actor, own=own))

    @routes.post("/join", summary="Talk with the caller and the one who is consulted", responses=_RESPONSES)
    async def join(call_id: str, asker: Asking) -> CallOut:
        """A talk of three, once the one who is consulted has answered. The caller is on hold no more. `complete` takes
        the agent out of it, `return` the one who was consulted. If the agent or the caller hangs up, the talk is over
        for all.
        """
        return await done(call_id, asker, lambda own: orders.join(call_id, asker.actor))

    return routes
