"""Orders about a talk over HTTP: sending the caller on (`/calls/{call_id}/transfer`); `hold`, `unhold`; out of a
consultation `return`, `complete`, `join`; the recording (`recording/start`, `recording/pause`, `recording/resume`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from accounts.asking import Asking, note_detail
from accounts.model import EVERYTHING, Asker, Reach
from acd.api import QueueSource
from agents.api import AgentSource, within
from agents.states import PhoneState
from calls.api import NO_CALL, CallOut, call_out, found_call
from calls.book import CallBook
from calls.live.orders import TalkOrders
from calls.model import CallSummary
from calls.move_api import AgentIn
from hotline.model import Hotline
from ivr.model import Destination, Name, ToMenu, ToQueue, ToSubHotline
from sentences.sentence import Sentence, listed
from web.fields import ONE_LINE

LONGEST_REASON = 200

Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_REASON, pattern=ONE_LINE)]


class _PlaceIn(BaseModel):
    model_config = ConfigDict(extra="forbid")


class WaitingIn(_PlaceIn):
    """To the queue."""

    queue: Name

    @property
    def destination(self) -> Destination:
        return ToQueue(queue=self.queue)

    def __str__(self) -> str:
        return Sentence("queue {name}", name=self.queue)


class MenuIn(_PlaceIn):
    """To the menu."""

    menu: Name

    @property
    def destination(self) -> Destination:
        return ToMenu(menu=self.menu)

    def __str__(self) -> str:
        return Sentence("menu {name}", name=self.menu)


class SubHotlineIn(_PlaceIn):
    """To the department's line."""

    sub_hotline: Name

    @property
    def destination(self) -> Destination:
        return ToSubHotline(sub_hotline=self.sub_hotline)

    def __str__(self) -> str:
        return Sentence("sub-hotline {name}", name=self.sub_hotline)


class NumberIn(_PlaceIn):
    """To a number outside, of `outside_numbers` in the hotline's file."""

    number: Annotated[str, Field(pattern=r"^[0-9*#+]{1,20}$")]

    def __str__(self) -> str:
        return Sentence("number {name}", name=self.number)


class TransferIn(BaseModel):
    """Where the caller is to go, out of the talk."""

    model_config = ConfigDict(extra="forbid")

    to: Annotated[
        WaitingIn | MenuIn | SubHotlineIn | AgentIn | NumberIn,
        Field(examples=[{"queue": "general"}, {"agent": "1002"}, {"number": "110"}]),
    ]
    how: Literal["blind", "consult"] = Field(
        description="`blind`: at once, the talk ends. `consult`: the agent talks there first, with an agent, somebody "
        "of a queue, a department or a number; the caller is on hold meanwhile."
    )
    reason: Reason = Field(
        default="",
        description=f"Why, in one line of {LONGEST_REASON} characters at most. Whoever receives the call reads it.",
        examples=["Asks for a new tree pit; the street belongs to your district"],
    )


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk that the asker may end or hold.

    agent  who talks with the caller, "" for somebody else
    own    the asker is that agent; `whole`: may see the call, whoever talks with the caller
    """

    summary: CallSummary
    agent: str
    own: bool
    whole: bool

    def out(self, calls: CallBook, *, masking: bool) -> CallOut:
        """The call as it is now; `masking`: without the caller's number."""
        now = calls.live_summary(self.summary.id)
        return call_out(self.summary if now is None else now, masking=masking)


async def found_talk(calls: CallBook, orders: TalkOrders, call_id: str, asker: Asker) -> Talk:
    """The talk of that call. An HTTPException: nobody talks there, or the asker may not end that talk."""
    summary, _ = await found_call(calls, call_id, asker.reach)
    talker = orders.talker(call_id)
    if talker is None:
        raise HTTPException(
            409, Sentence("Nobody talks with this caller; POST /api/v1/calls/{{id}}/move moves who waits.")
        )
    own, whole = talker == asker.account.agent, summary.within(asker.reach.without_agent())
    if not (own or whole):
        raise HTTPException(409, Sentence("Somebody else talks with this caller by now."))
    return Talk(summary, talker, own, whole)


def router(
    calls: CallBook,
    orders: TalkOrders,
    hotline: Callable[[], Hotline],
    queues: QueueSource,
    agents: AgentSource,
    *,
    trunk: bool,
) -> APIRouter:
    """The route `/calls/{id}/transfer`. `hotline`: the one in use. `trunk`: whether there is a line to the telephone
    network.
    """
    routes = APIRouter(prefix="/calls", tags=["calls"])

    def target(wanted: TransferIn, reach: Reach, talker: str) -> Destination | str:
        """An HTTPException says that there is no such destination within `reach`."""
        match wanted.to:
            case AgentIn(agent=agent):
                if agent == talker:
                    raise HTTPException(422, Sentence("Agent {agent} talks with this caller already.", agent=agent))
                if agent not in agents.agents() or not within(reach, agents, agent):
                    raise HTTPException(
                        422, Sentence("There is no agent {agent}; GET /api/v1/agents lists who there is.", agent=agent)
                    )
                return agent
            case NumberIn(number=number):
                if not trunk:
                    raise HTTPException(
                        422, Sentence("No number outside can be dialled: the installation has no trunk.")
                    )
                if number not in hotline().outside_numbers:
                    known = listed(hotline().outside_numbers) or Sentence("none")
                    raise HTTPException(
                        422,
                        Sentence(
                            "The hotline allows these numbers outside: {known}. Not {number}.",
                            known=known,
                            number=number,
                        ),
                    )
                return number
            case to:
                seen = not isinstance(to, WaitingIn) or reach.has_queue(to.queue)
                if not (seen and orders.has(to.destination)):
                    raise HTTPException(
                        422, Sentence("There is no {destination} in the hotline that is in use.", destination=str(to))
                    )
                return to.destination

    def in_queue(to: ToQueue) -> ToQueue:
        """An HTTPException says why nobody of the queue can be asked."""
        name = to.queue
        if queues.queues()[name].extension is None:
            raise HTTPException(422, Sentence("Queue {name} has no extension, so no agent can call it.", name=name))
        view = queues.queue_view(name)
        if not view.open:
            raise HTTPException(409, Sentence("Queue {name} is closed now, so there is nobody to ask.", name=name))
        if not any(count for state, count in view.agents.items() if state != PhoneState.UNREACHABLE):
            raise HTTPException(
                409, Sentence("No agent of queue {name} is signed in, so there is nobody to ask.", name=name)
            )
        return to

    def line(to: Destination | str, talker: str) -> ToQueue | ToSubHotline | str:
        """`to`, if one can talk there first; an HTTPException says why not."""
        if isinstance(to, str):
            return to
        if isinstance(to, ToQueue):
            return in_queue(to)
        if not isinstance(to, ToSubHotline):
            raise HTTPException(422, Sentence("One cannot consult a menu. Send the caller there blind."))
        department = hotline().sub_hotlines.get(to.sub_hotline)
        if department is None:
            raise HTTPException(
                422,
                Sentence(
                    "There is no sub-hotline {sub_hotline} in the hotline that is in use.", sub_hotline=to.sub_hotline
                ),
            )
        dial = department.dial
        if dial == talker:
            raise HTTPException(422, Sentence("Agent {agent} talks with this caller already.", agent=talker))
        if dial not in agents.agents() and not trunk:
            raise HTTPException(422, Sentence("No number outside can be dialled: the installation has no trunk."))
        return to

    @routes.post(
        "/{call_id}/transfer",
        summary="Send a caller on, out of a talk",
        responses={
            **NO_CALL,
            409: {"description": "Nobody talks with the caller, or somebody else does; the sentence says which."},
            503: {"description": "Asterisk is away, or the database cannot be asked."},
        },
    )
    async def transfer_call(call_id: str, wanted: TransferIn, asker: Asking, request: Request) -> CallOut:
        """To a queue, a menu, a department, a colleague, or a number outside. Agents send on the caller of the own
        talk, supervisors those of talks that they may see. If a colleague or a number does not answer, the caller comes
        back to the agent, or to the front of the queue. A destination that is missing or hidden from the asker: 422.

        `consult`: the caller hears music, and the phone rings for the agent. In a queue the agent waits for one of its
        agents, by a call of the own. If nobody answers there, the agent has the caller again. Then `complete` gives the
        caller over, and `return` goes back.
        """
        note_detail(request, f"{wanted.how} to {wanted.to}")
        talk = await found_talk(calls, orders, call_id, asker)
        to = target(wanted, EVERYTHING if talk.own else asker.reach, talk.agent)  # a phone can dial all, too
        if wanted.how == "blind":
            orders.transfer(call_id, to, asker.actor, own=talk.own, reason=wanted.reason)
        else:
            asked = line(to, talk.agent)
            await orders.lead(call_id)
            orders.consult(call_id, asked, asker.actor, reason=wanted.reason)
        return talk.out(calls, masking=wanted.how == "blind" and not talk.whole)

    return routes


_RESPONSES: dict[int | str, dict[str, Any]] = {
    **NO_CALL,
    409: {"description": "Not at this moment; the sentence says what is possible."},
    503: {"description": "Asterisk is away, or the database cannot be asked."},
}


def hold_router(calls: CallBook, orders: TalkOrders) -> APIRouter:
    """The routes. Agents may ask for the own talk, supervisors for those that they may see."""
    routes = APIRouter(prefix="/calls/{call_id}", tags=["calls"])

    async def done(call_id: str, asker: Asker, order: Callable[[bool], Awaitable[None] | None]) -> CallOut:
        """`order` gets whether the agent of the talk asks."""
        talk = await found_talk(calls, orders, call_id, asker)
        if (waited := order(talk.own)) is not None:
            await waited
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
