"""An agent's call for help over HTTP: `/agents/{agent_id}/help`."""

from typing import Any, Protocol

from fastapi import APIRouter, HTTPException

from accounts.asking import Asking
from agents.api import AgentOut, AgentSource, NotPossible, agent_out, found
from journal.actor import Actor


class Helping(Protocol):
    """Keeps agents' calls for help."""

    def call(self, agent_id: str, actor: Actor) -> None:
        """The agent calls for help. Raises NotPossible: the agent is in no talk."""

    def over(self, agent_id: str, actor: Actor) -> None:
        """The agent needs no help any more."""


def router(agents: AgentSource, helping: Helping) -> APIRouter:
    """The routes of the own agent's call for help."""
    routes = APIRouter(prefix="/agents/{agent_id}/help", tags=["agents"])
    unknown: dict[int | str, dict[str, Any]] = {404: {"description": "It is not the own agent."}}

    @routes.post(
        "",
        summary="Call for a supervisor's help",
        responses={**unknown, 409: {"description": "The agent is in no talk."}},
    )
    async def call(agent_id: str, asker: Asking) -> AgentOut:
        """It rings on the walls of supervisors until one of them listens. It ends with the talk."""
        agent = found(agents, agent_id, asker)
        try:
            helping.call(agent_id, asker.actor)
        except NotPossible as error:
            raise HTTPException(409, str(error)) from error
        return agent_out(agent, agents.agent_view(agent_id))

    @routes.delete("", summary="No help is needed any more", responses=unknown)
    async def over(agent_id: str, asker: Asking) -> AgentOut:
        """A call for help that is over already is no error."""
        agent = found(agents, agent_id, asker)
        helping.over(agent_id, asker.actor)
        return agent_out(agent, agents.agent_view(agent_id))

    return routes
