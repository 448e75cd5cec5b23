"""Listening to a talk over HTTP: `/calls/{call_id}/listen`."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from accounts.asking import Asking, note_detail
from accounts.model import Asker
from agents.api import AgentSource, within
from agents.model import AgentId
from calls.api import NO_CALL, NO_DATABASE, found_call
from calls.book import CallBook
from calls.listeners import Listening, Mode
from calls.live.listening import Listenings
from sentences.sentence import Sentence
from web.fields import Time


class ModeIn(BaseModel):
    """How a supervisor is to listen."""

    model_config = ConfigDict(extra="forbid")

    mode: Mode = Field(
        description="`listen`: nobody hears the supervisor; `whisper`: the agent does; `join`: the caller, too."
    )
    phone: AgentId | None = Field(
        default=None,
        description="The agent's id whose phone listens. Left out: the account's own agent. An account without an "
        "agent has to name one.",
        examples=["1900"],
    )


class ListeningOut(BaseModel):
    """Somebody listens to a talk, or is about to."""

    id: str
    call_id: str
    queue: str | None = Field(description="The queue from which the caller was connected.")
    agent: str | None = Field(description="The agent who is listened to.")
    mode: Mode
    phone: str = Field(description="The agent's id whose phone listens.")
    by: str = Field(description="Who asked for it.", examples=["user:wang"])
    asked: Time
    began: Time | None = Field(
        description="Since when the supervisor hears the two; null: the phone rings, or the sign is being played."
    )


def router(calls: CallBook, listenings: Listenings, agents: AgentSource) -> APIRouter:
    """The routes `/calls/{id}/listen`."""
    routes = APIRouter(prefix="/calls/{call_id}/listen", tags=["calls"])
    answers: dict[int | str, dict[str, Any]] = {
        **NO_CALL,
        409: {"description": "Not possible now; the sentence says why, and what is."},
        503: {"description": "Asterisk is away, or the database cannot be asked."},
    }

    def phone_of(asker: Asker, given: str | None) -> str:
        """The phone with which this account listens. Raises a 403 or 422 that says what is needed."""
        own = asker.account.agent
        if own is None and given is None:
            raise HTTPException(
                422,
                Sentence(
                    "This account has no telephone. Name one as `phone` (an agent's id), or let an administrator make "
                    "the account an agent's, too: ./wutong user role NAME --role supervisor --role agent --agent ID."
                ),
            )
        if own is not None and given not in (None, own):
            raise HTTPException(403, Sentence("This account listens with its own telephone, {agent}.", agent=own))
        phone = own or given or ""
        if phone not in agents.agents() or not (own or within(asker.reach, agents, phone)):
            raise HTTPException(
                422, Sentence("There is no agent {agent}; GET /api/v1/agents lists those that there are.", agent=phone)
            )
        return phone

    @routes.get("", summary="Who listens to a talk", responses={**NO_CALL, **NO_DATABASE})
    async def list_listenings(call_id: str, asker: Asking) -> list[ListeningOut]:
        await found_call(calls, call_id, asker.reach)
        return [listening_out(each) for each in listenings.listenings() if each.call == call_id]

    @routes.post("", status_code=201, summary="Listen to a talk, whisper, join", responses=answers)
    async def listen(call_id: str, wanted: ModeIn, asker: Asking, request: Request) -> ListeningOut:
        """Rings the supervisor's phone; once it is answered, it hears the agent and the caller. Ends with the talk."""
        await found_call(calls, call_id, asker.reach)
        phone = phone_of(asker, wanted.phone)
        note_detail(request, f"{wanted.mode}, telephone {phone}")
        return listening_out(await listenings.listen(call_id, wanted.mode, phone, asker))

    @routes.put("", summary="Listen in another mode", responses=answers)
    async def change(call_id: str, wanted: ModeIn, asker: Asking, request: Request) -> ListeningOut:
        """At once, and the phone needs not be answered again."""
        await found_call(calls, call_id, asker.reach)
        phone = phone_of(asker, wanted.phone)
        note_detail(request, f"{wanted.mode}, telephone {phone}")
        return listening_out(await listenings.change(call_id, wanted.mode, phone, asker))

    @routes.delete("", status_code=204, summary="Listen no more", responses=answers)
    async def stop(
        call_id: str,
        asker: Asking,
        request: Request,
        phone: Annotated[
            str | None, Query(description="As in `POST`.", pattern=r"^[0-9]{2,10}$", examples=["1900"])
        ] = None,
    ) -> None:
        """The phone is hung up. A listening that is over already is no error."""
        await found_call(calls, call_id, asker.reach)
        used = phone_of(asker, phone)
        note_detail(request, f"telephone {used}")
        await listenings.stop(call_id, used)

    return routes


def listening_out(listening: Listening) -> ListeningOut:
    """A listening as HTTP shows it."""
    listener = listening.listener
    return ListeningOut.model_validate(
        {
            **asdict(listener),
            "call_id": listening.call,
            "queue": listening.queue,
            "agent": listening.agent,
            "by": listener.actor,
        }
    )
