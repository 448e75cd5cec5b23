"""The waiting callers of a queue over HTTP."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from accounts import roles
from accounts.asking import Asking
from accounts.model import NOTHING, Reach
from accounts.roles import Permission
from acd.api import UNKNOWN, QueueSource, find
from acd.callers import CallerView, Obstacle, Standing
from agents.api import AgentSource, within
from agents.states import AgentState, PhoneState
from web.fields import Time

AT_ONCE = 5
"""Callers that are shown in one turn of the loop: with 2,000 agents and 50 queues that share them all, a caller takes
0.3 ms, and calls must not wait for more than a few of them."""

Needs = Annotated[Mapping[str, int], Field(examples=[{"greening": 3}])]
"""Skill → least level."""


class ShortfallOut(BaseModel):
    """A skill that is missing."""

    skill: str = Field(examples=["greening"])
    needed: int
    best: int = Field(description="The highest level that any of them has; 0: nobody knows the subject.")


class AbleAgentOut(BaseModel):
    """An agent who could take the call."""

    model_config = ConfigDict(from_attributes=True)

    id: str = Field(examples=["1001"])
    state: AgentState
    phone: PhoneState
    free_at: Time | None = Field(
        description="When the agent is expected to be free: the end of the wrap-up, or of a call of average length. "
        "null: not known, such as when the call has lasted longer than that."
    )


class NextStepOut(BaseModel):
    """The relaxing step that comes next."""

    at: Time
    needs: Needs


class StickyOut(BaseModel):
    """The one agent for whom a caller waits."""

    agent: str = Field(description="The agent of the last talk, who is busy.", examples=["1001"])
    until: Time = Field(description="From then on any agent who fits may be rung.")


class WhyOut(BaseModel):
    """Why a caller waits."""

    obstacle: Obstacle = Field(
        description="`ringing`: an agent is being rung. `limit`: the queue has as many talks as it may have at once. "
        "`sticky`: the agent of the last talk is busy, and nobody else is rung until `sticky.until`. "
        "`busy`: the agents who could take the call have other callers. `not-ready`: they are on a break, or their "
        "phones cannot be reached. `nobody`: none of them is signed in."
    )
    needs: list[Needs] = Field(
        description="What counts now: the queue's own needs, then those of the relaxing steps that have come in. An "
        "agent who speaks the language and meets one of them fits."
    )
    next_step: NextStepOut | None = Field(description="null: no more relaxing steps.")
    no_speaker: bool = Field(
        description="True: none of the candidates speaks the caller's language. Candidates are the agents who could "
        "take a call now; with `nobody`, all signed-in agents."
    )
    short: list[ShortfallOut] = Field(
        description="The skills of the last of `needs` in which all candidates are too low. If each level is reached, "
        "but no one agent reaches all, every skill is named. Empty: the candidates speak another language, or there is "
        "no candidate."
    )
    able: int = Field(ge=0, description="Signed-in agents who could take the call.")
    agents: list[AbleAgentOut] = Field(
        description="Up to five of them, those expected to be free first at the head; only those that one may see."
    )
    sticky: StickyOut | None = Field(description="null: any agent who fits may be rung.")


class CallerOut(BaseModel):
    """One waiting caller."""

    call_id: str = Field(description="See `GET /api/v1/calls/{id}`.")
    caller: str = Field(description="The caller's number; empty where it is hidden.", examples=["13800000000"])
    language: str = Field(examples=["zh"])
    since: Time = Field(description="When the caller entered this queue.")
    waited_s: float = Field(description="Seconds since then.", examples=[12.25])
    head_start_s: float = Field(
        description="Seconds that the caller brought along from another queue; a day: to the front of the queue."
    )
    position: int | None = Field(description="1: served next; null: an agent is being rung for this caller.")
    estimate_s: float | None = Field(description="Expected wait from now on; null: not known.")
    ringing: list[str] = Field(description="The agents who are being rung.", examples=[["1001"]])
    why: WhyOut


class StandingOut(BaseModel):
    """One waiting caller in the event stream."""

    call_id: str
    queue: str
    caller: str = Field(description="The caller's number; empty where it is hidden.")
    language: str
    since: Time = Field(description="When the caller entered this queue.")
    head_start_s: float
    ringing: list[str] = Field(description="The agents who are being rung: this caller is before those without any.")
    order: tuple[float, int] = Field(description="The lower is served first; the second number decides ties.")


def standing_out(queue_id: str, standing: Standing, number: str) -> StandingOut:
    """A waiting caller as the event stream shows it."""
    return StandingOut(
        call_id=standing.call_id,
        queue=queue_id,
        caller=number,
        language=standing.language,
        since=standing.entered,  # pydantic reads seconds since the epoch
        head_start_s=standing.head_start,
        ringing=list(standing.ringing),
        order=(standing.rank, standing.sequence),
    )


def router(
    queues: QueueSource,
    callers: Callable[[str, int], Iterator[CallerView]],
    number_of: Callable[[str], str],
    agents: AgentSource,
) -> APIRouter:
    """The route `/queues/{id}/callers`. `callers`: the first so many of a queue, in order. `number_of`: a caller's
    number by the call; "": it is hidden, or the call has ended.
    """
    routes = APIRouter(prefix="/queues", tags=["queues"])

    @routes.get("/{queue_id}/callers", summary="The waiting callers of a queue, and why each waits", responses=UNKNOWN)
    async def list_callers(
        queue_id: str,
        asker: Asking,
        limit: Annotated[int, Query(description="How many at most.", ge=1, le=500)] = 50,
    ) -> list[CallerOut]:
        """In the order in which they are served; those for whom an agent is being rung come first."""
        find(queues, queue_id, asker.reach)
        agents_seen = roles.reach(asker.account, Permission.SEE_AGENTS) or NOTHING
        shown: list[CallerOut] = []
        for view in callers(queue_id, limit):
            shown.append(_caller(view, number_of(view.call_id), agents, agents_seen))
            if len(shown) % AT_ONCE == 0:
                await asyncio.sleep(0)  # calls go first
        return shown

    return routes


def _caller(view: CallerView, number: str, agents: AgentSource, agents_seen: Reach) -> CallerOut:
    reason = view.reason
    return CallerOut(
        call_id=view.call_id,
        caller=number,
        language=view.language,
        since=view.entered,  # pydantic reads seconds since the epoch
        waited_s=view.waited,
        head_start_s=view.head_start,
        position=view.position,
        estimate_s=view.expected,
        ringing=list(view.ringing),
        why=WhyOut(
            obstacle=reason.obstacle,
            needs=list(reason.needs),
            next_step=None
            if reason.next_at is None
            else NextStepOut.model_validate({"at": reason.next_at, "needs": reason.next_needs}),
            no_speaker=reason.no_speaker,
            short=[ShortfallOut(skill=skill, **lack._asdict()) for skill, lack in reason.short.items()],
            able=reason.able,
            agents=[
                AbleAgentOut.model_validate(agent) for agent in reason.agents if within(agents_seen, agents, agent.id)
            ],
            sticky=None
            if reason.sticky is None
            else StickyOut.model_validate({"agent": reason.sticky, "until": reason.sticky_until}),
        ),
    )
