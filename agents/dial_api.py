"""An agent's phone dials a number, over HTTP: `/agents/{agent_id}/dial`."""

from typing import Annotated, Any, Protocol

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from accounts.asking import Asking, note_detail
from agents.api import AgentOut, AgentSource, NotPossible, agent_out, found


class DialIn(BaseModel):
    """What is dialled."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[str, Field(pattern=r"^[0-9*#+]{1,20}$", examples=["1002", "6001", "110"])] = Field(
        description="As the agent's phone would dial it: a `number` of `GET agents/{id}/targets`, or the hotline's own."
    )


class NotDiallable(Exception):
    """Agents may not dial this number; the message says which they may."""


class AgentDialling(Protocol):
    """Has agents' phones dial."""

    async def dial(self, agent_id: str, number: str) -> None:
        """Raises NotDiallable, NotPossible (the agent's phone is not free), NotDone."""


def router(agents: AgentSource, dialling: AgentDialling) -> APIRouter:
    """The route, for the own agent alone."""
    routes = APIRouter(prefix="/agents/{agent_id}/dial", tags=["agents"])
    unknown: dict[int | str, dict[str, Any]] = {404: {"description": "It is not the own agent."}}

    @routes.post(
        "",
        summary="Have the own phone dial a number",
        responses={
            **unknown,
            409: {"description": "The agent's phone is not free; the sentence says what it is."},
            503: {"description": "Asterisk is away."},
        },
    )
    async def dial(agent_id: str, wanted: DialIn, asker: Asking, request: Request) -> AgentOut:
        """The agent's phone rings first, for 20 s, and shows the number. Once it is answered, it goes on as if it had
        dialled: a queue, a department, a colleague, a number outside. What agents may not dial is a 422.
        """
        note_detail(request, wanted.number)
        agent = found(agents, agent_id, asker)
        try:
            await dialling.dial(agent_id, wanted.number)
        except NotDiallable as error:
            raise HTTPException(422, str(error)) from error
        except NotPossible as error:
            raise HTTPException(409, str(error)) from error
        return agent_out(agent, agents.agent_view(agent_id))

    return routes
