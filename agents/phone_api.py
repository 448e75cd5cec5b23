"""An agent's phone over HTTP: the one in the browser, and the numbers that the agent dials from the console."""

from typing import Annotated, Any, Protocol

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from accounts.asking import Asking, note_detail
from agents.api import AgentOut, AgentSource, NotPossible, agent_out, found


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


# An agent's phone dials a number, over HTTP: `/agents/{agent_id}/dial`.


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


def dial_router(agents: AgentSource, dialling: AgentDialling) -> APIRouter:
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
