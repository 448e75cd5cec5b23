"""An agent's phone in the browser, over HTTP."""

from typing import Any, Protocol

from fastapi import APIRouter
from pydantic import BaseModel, Field

from accounts.asking import Asking
from agents.api import AgentSource, found


class BrowserPhone(BaseModel):
    """What a page needs to be an agent's phone: SIP over WebSocket."""

    user: str = Field(description="The user name in SIP.", examples=["1001_browser"])
    password: str = Field(
        repr=False,
        description="Until the next request for this agent, or until the session or token that asked has ended or may "
        "not take calls in the browser any more; shown only here.",
    )
    port: int = Field(
        description="Asterisk's WebSocket is `/ws` at this port of the same host, or where a reverse proxy has it.",
        examples=[8088],
    )


class BrowserPhoneSource(Protocol):
    """Who keeps the passwords. `port`: of Asterisk's WebSocket. Both raise `NotDone` while Asterisk is away."""

    port: int

    async def admit(self, agent_id: str, holder: str) -> BrowserPhone:
        """A new password for the agent's phone in the browser; the one before is not valid any more. `holder`: the
        digest of the secret of the session or token that asks (`Asker.proof`). The password ends with its rights.
        """

    async def shut_out(self, agent_id: str) -> None:
        """No password is valid any more."""


def router(agents: AgentSource, phones: BrowserPhoneSource) -> APIRouter:
    """The agent alone may use these routes: the browser that has the password is rung for the agent."""
    routes = APIRouter(prefix="/agents/{agent_id}/browser-phone", tags=["agents"])
    failures: dict[int | str, dict[str, Any]] = {
        404: {"description": "It is not the own agent."},
        503: {"description": "Asterisk is away; the sentence says what to do."},
    }

    @routes.post("", summary="Take calls in the browser", responses=failures)
    async def admit(agent_id: str, asker: Asking) -> BrowserPhone:
        """Answers with a new password. Older ones count no more: the last browser that asked is the agent's phone."""
        return await phones.admit(found(agents, agent_id, asker).id, asker.proof)

    @routes.delete("", status_code=204, summary="Take no calls in the browser any more", responses=failures)
    async def shut_out(agent_id: str, asker: Asking) -> None:
        """A browser that is registered is rung no more. Its calls are its own to end."""
        await phones.shut_out(found(agents, agent_id, asker).id)

    return routes
