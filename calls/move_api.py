"""Moving a waiting caller over HTTP."""

from collections.abc import Callable, Collection
from typing import Annotated, assert_never

from fastapi import APIRouter, HTTPException, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, WithJsonSchema

from accounts.asking import Asking, note_detail
from acd.distributor import Distributor
from acd.effects import Refuse
from acd.events import MoveRequested, ToAgent, ToFront, ToQueue
from agents.api import AgentSource, within
from agents.model import AgentId
from base.failure import NotPossible
from calls.api import NO_CALL, NO_DATABASE, CallOut, call_out, found_call
from calls.book import CallBook
from calls.live.switchboard import Switchboard
from calls.model import CallState
from calls.states import Settling
from hotline.edition import Edition
from hotline.model import Hotline
from ivr.model import Name
from journal.actor import Actor
from sentences.sentence import Sentence, listed

_WHERE = {
    CallState.MENU: Sentence("The call is in the menus, or on its way to another menu or queue."),
    CallState.TALKING: Sentence("The call is a conversation."),
    CallState.SURVEY: Sentence("The call is at the goodbye."),
    CallState.ENDED: Sentence("The call has ended."),
}
"""What is said of a call that does not wait."""


class _PlaceIn(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _yes(given: bool) -> bool:
    if not given:
        raise ValueError(Sentence("only true is possible"))
    return given


class FrontIn(_PlaceIn):
    """To the front of the queue in which the caller waits."""

    front: Annotated[StrictBool, AfterValidator(_yes), WithJsonSchema({"type": "boolean", "const": True})]

    def __str__(self) -> str:
        return Sentence("the front")


class AgentIn(_PlaceIn):
    """To this agent, who is rung at once, whatever the skills."""

    agent: AgentId

    def __str__(self) -> str:
        return Sentence("agent {name}", name=self.agent)


class QueueIn(_PlaceIn):
    """To another queue; the caller brings the whole wait along."""

    queue: Name

    def __str__(self) -> str:
        return Sentence("queue {name}", name=self.queue)


class MoveIn(BaseModel):
    """Where a waiting caller is to go."""

    to: Annotated[
        FrontIn | AgentIn | QueueIn, Field(examples=[{"front": True}, {"queue": "general"}, {"agent": "1001"}])
    ]


class MovedOut(CallOut):
    """The call as it is now."""

    position: int | None = Field(
        description="In the queue, 1 for the next; null: an agent is being rung, or the call is on its way."
    )


class Moves:
    """Brings orders to move waiting callers to the engine. `edition`: the version in use."""

    def __init__(self, distributor: Distributor, switchboard: Switchboard, edition: Callable[[], Edition]) -> None:
        self._distributor, self._switchboard, self._edition = distributor, switchboard, edition

    def queues(self) -> Collection[str]:
        """The queues of the hotline that is in use."""
        return self._edition().hotline.queues

    def move(self, call_id: str, wanted: MoveIn, actor: Actor) -> int | None:
        """For `actor`, at once. The position in the queue; None: the call is on its way. Raises NotPossible."""
        call = self._switchboard.of_id(call_id)
        if call is not None and isinstance(call.machine.state, Settling):
            raise NotPossible(
                Sentence("An agent has just answered this caller; ask again once it is known what came of it.")
            )
        effects = self._distributor.ask(MoveRequested(call_id, _to(wanted, self._edition().hotline), actor))
        for effect in effects:
            if isinstance(effect, Refuse):
                raise NotPossible(effect.why)
        return self._distributor.engine.position(call_id)


def _to(wanted: MoveIn, hotline: Hotline) -> ToFront | ToAgent | ToQueue:
    match wanted.to:
        case FrontIn():
            return ToFront()
        case AgentIn(agent=agent):
            return ToAgent(agent)
        case QueueIn(queue=queue):
            return ToQueue(queue, hotline.exactly(("queues", queue)))
        case to:
            assert_never(to)


def router(calls: CallBook, moves: Moves, agents: AgentSource) -> APIRouter:
    """The route `/calls/{id}/move`."""
    routes = APIRouter(prefix="/calls", tags=["calls"])

    @routes.post(
        "/{call_id}/move",
        summary="Move a waiting caller",
        responses={
            **NO_CALL,
            409: {"description": "The caller cannot be moved now, or not there; the sentence says what is."},
            **NO_DATABASE,
        },
    )
    async def move_call(call_id: str, wanted: MoveIn, asker: Asking, request: Request) -> MovedOut:
        """To the front of the queue, to an agent, or to another queue. A queue or agent that there is not, or that one
        may not see, is a 422. The caller waits on as before if the agent does not answer.
        """
        note_detail(request, f"to {wanted.to}")
        await found_call(calls, call_id, asker.reach)
        match wanted.to:
            case QueueIn(queue=queue) if not (queue in moves.queues() and asker.reach.has_queue(queue)):
                known = listed(filter(asker.reach.has_queue, moves.queues())) or Sentence("none")
                raise HTTPException(
                    422,
                    Sentence("There is no queue {queue}; callers can be moved to {names}.", queue=queue, names=known),
                )
            case AgentIn(agent=agent) if not (agent in agents.agents() and within(asker.reach, agents, agent)):
                raise HTTPException(
                    422,
                    Sentence("There is no agent {agent}; GET /api/v1/agents lists those that there are.", agent=agent),
                )
        try:
            position = moves.move(call_id, wanted, asker.actor)
        except NotPossible as error:
            summary, _ = await found_call(calls, call_id, asker.reach)
            if (where := _WHERE.get(summary.state)) is None:
                raise
            raise NotPossible("{why} {where}", why=str(error), where=where) from error
        moved = calls.live_summary(call_id)
        assert moved is not None  # a moment ago it waited
        waits = moved.state is CallState.WAITING
        return MovedOut(**dict(call_out(moved)), position=position if waits else None)

    return routes
