"""An agent's phone in the browser, over HTTP."""

from typing import Any

from fastapi import APIRouter

from accounts.asking import Asking
from agents.api import AgentSource, found
from dialplan.browser_phones import BrowserPhone, BrowserPhones


def router(agents: AgentSource, phones: BrowserPhones) -> APIRouter:
    """The agent alone may use these routes: the browser that has the password is rung for the agent."""
    routes = APIRouter(prefix="/agents/{agent_id}/browser-phone", tags=["agents"])
    failures: dict[int | str, dict[str, Any]] = {
        404: {"description": "It is not the own agent."},
        503: {"description": "Asterisk is away; the sentence says what to do."},
    }

    @routes.post("", summary="Take calls in the browser", responses=failures)
    async def admit(agent_id: str, asker: Asking) -> BrowserPhone:
        """Answers with a new password. Older ones no longer count: the last browser that asked is the agent's phone."""
        return await phones.admit(found(agents, agent_id, asker).id, asker.proof)

    @routes.delete("", status_code=204, summary="Take no calls in the browser any more", responses=failures)
    async def shut_out(agent_id: str, asker: Asking) -> None:
        """A browser that is registered is no longer rung. Its calls are its own to end."""
        await phones.shut_out(found(agents, agent_id, asker).id)

    return routes
