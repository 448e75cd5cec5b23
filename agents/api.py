"""Agents over HTTP: who they are, their states, and how to change them."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import BaseModel, Field, GetPydanticSchema, PlainSerializer, StringConstraints, WithJsonSchema
from pydantic_core.core_schema import literal_schema

from agents.model import Agent, AgentView
from agents.states import REQUESTABLE, AgentState, PhoneState
from journal.actor import Actor

MOST_NAMED = 20
"""Ids that an error names; a longer list helps nobody."""


class NotPossible(Exception):
    """The agent cannot have that state now; the message is a sentence that says why and what is possible."""


class AgentSource(Protocol):
    """Where the router learns of agents and asks for their states."""

    def agents(self) -> Mapping[str, Agent]:
        """All agents of the hotline that is in use, by id, in the order of the file."""

    def agent_view(self, agent_id: str) -> AgentView:
        """The agent at this moment; only for ids that `agents` has, as all below."""

    async def request(self, agent_id: str, state: AgentState, reason: str, actor: Actor) -> None:
        """Ask for one of REQUESTABLE; returns once it is decided. Raises NotPossible."""

    async def extend_wrap_up(self, agent_id: str, seconds: float, actor: Actor) -> None:
        """Make the wrap-up `seconds` longer. Raises NotPossible."""


Time = Annotated[
    datetime,
    PlainSerializer(lambda at: at.isoformat(timespec="milliseconds"), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2025-03-03T09:30:00.125+00:00"]}),
]
"""ISO 8601 with zone, UTC."""


def iso(seconds: float) -> str:
    """Seconds since the epoch as HTTP tells them."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _actor(request: Request) -> Actor:
    actor: Actor = request.state.actor
    return actor


Asking = Annotated[Actor, Depends(_actor)]
"""Who asks, as found out by the guard before all routes."""


class AgentOut(BaseModel):
    """One agent: what the hotline's folder says, and the state now."""

    id: str = Field(description="Also the user name and number of the agent's phone.", examples=["1001"])
    name: str = Field(examples=["绿化一席"])
    skills: dict[str, int] = Field(description="Skill → level, 1 (a little) to 5 (an expert).")
    languages: list[str] = Field(
        description="Languages of the calls that the agent is offered.", examples=[["zh", "en"]]
    )
    state: AgentState = Field(description="`ringing`, `on-call`, `wrap-up` come from calls; the others are asked for.")
    reason: str = Field(description="Why the agent is not ready; empty where no reason was given.", examples=["lunch"])
    since: Time = Field(description="When this state began.")
    phone: PhoneState = Field(description="What Asterisk says of the agent's phone; only a `free` one is rung.")
    away: bool = Field(
        description="Signed in, but the phone has been unreachable for longer than `away_after`: counts as not there."
    )
    queue: str | None = Field(description="Queue of the call that rings, is talked to or is wrapped up.")
    call_id: str | None = Field(description="That call; see `GET /api/v1/calls/{id}`.")
    test: bool = Field(description="That call is a test call (`./wutong call`), and no citizen's.")
    missed_offers: int = Field(description="Offers missed in a row.")
    next_state: AgentState | None = Field(description="What was asked for during a call; it follows the call.")
    wrap_up_until: Time | None = Field(description="When the wrap-up ends by itself; null in every other state.")


class StateIn(BaseModel):
    """The state that is asked for."""

    state: Annotated[str, GetPydanticSchema(lambda _, __: literal_schema([*map(str, REQUESTABLE)]))] = Field(
        description="In a call it is the state after it. `ready` in wrap-up ends the wrap-up. `ready` with an "
        "unreachable phone is accepted; calls are offered once the phone is back."
    )
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")] = (
        Field(default="", description="Free words for whoever watches, at most 100 characters.", examples=["lunch"])
    )


class WrapUpIn(BaseModel):
    """More time for the work after a call."""

    extend_s: float = Field(
        gt=0, le=1_800, strict=True, description="Seconds more; a wrap-up takes at most 30 minutes in all."
    )


def router(source: AgentSource) -> APIRouter:
    """The routes under `/agents`."""
    routes = APIRouter(prefix="/agents", tags=["agents"])
    unknown: dict[int | str, dict[str, Any]] = {
        404: {"description": "There is no such agent; the sentence names those there are."}
    }

    def find(agent_id: str) -> Agent:
        agents = source.agents()
        if agent_id in agents:
            return agents[agent_id]
        named = ", ".join(list(agents)[:MOST_NAMED]) or "none"
        more = f" and {len(agents) - MOST_NAMED} more (GET /api/v1/agents)" if len(agents) > MOST_NAMED else ""
        raise HTTPException(404, f"There is no such agent; the agents of this hotline are {named}{more}.")

    def out(agent_id: str) -> AgentOut:
        return agent_out(find(agent_id), source.agent_view(agent_id))

    @routes.get("", summary="All agents")
    async def list_agents() -> list[AgentOut]:
        """In the order of `agents.yaml`."""
        return [out(agent_id) for agent_id in source.agents()]

    @routes.get("/{agent_id}", summary="One agent", responses=unknown)
    async def get_agent(agent_id: str) -> AgentOut:
        return out(agent_id)

    @routes.put(
        "/{agent_id}/state",
        summary="Sign in, ready, not ready, sign out",
        responses={**unknown, 409: {"description": "Not possible now; the sentence says what is."}},
    )
    async def put_state(agent_id: str, wanted: StateIn, actor: Asking) -> AgentOut:
        """Answers with the agent as changed. Asking for the current state is no error."""
        find(agent_id)
        try:
            await source.request(agent_id, AgentState(wanted.state), wanted.reason, actor)
        except NotPossible as error:
            raise HTTPException(409, str(error)) from None
        return out(agent_id)

    @routes.post(
        "/{agent_id}/wrap-up",
        summary="More time for the wrap-up",
        responses={**unknown, 409: {"description": "The agent is not in wrap-up, or it would become too long."}},
    )
    async def extend_wrap_up(agent_id: str, wanted: WrapUpIn, actor: Asking) -> AgentOut:
        """Answers with the agent as changed. `ready` ends a wrap-up: `PUT agents/{id}/state`."""
        find(agent_id)
        try:
            await source.extend_wrap_up(agent_id, wanted.extend_s, actor)
        except NotPossible as error:
            raise HTTPException(409, str(error)) from None
        return out(agent_id)

    return routes


def agent_out(agent: Agent, view: AgentView) -> AgentOut:
    """An agent as HTTP shows it."""
    return AgentOut(**{**asdict(view), **agent.model_dump(), "wrap_up_until": view.until})
