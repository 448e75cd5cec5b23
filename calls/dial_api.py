"""An agent's phone dials a number, over HTTP: `/agents/{agent_id}/dial`."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from accounts.asking import Asking, note_detail
from acd.distributor import Distributor
from agents.api import AgentOut, AgentSource, NotPossible, agent_out, found
from agents.states import PhoneState
from base.failure import NotDone
from calls.live.orders import AWAY
from calls.live.switchboard import Switchboard
from dialplan.ami_connection import ActionRefused, LinkDown
from hotline.model import Hotline
from sentences.sentence import Sentence, listed


class DialIn(BaseModel):
    """What is dialled."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[str, Field(pattern=r"^[0-9*#+]{1,20}$", examples=["1002", "6001", "110"])] = Field(
        description="As the agent's phone would dial it: a `number` of `GET agents/{id}/targets`, or the hotline's own."
    )


class NotDiallable(Exception):
    """Agents may not dial this number; the message says which they may."""


class AgentDials:
    """Has agents' phones dial. `hotline`: the one in use. `trunk`: whether there is one."""

    def __init__(
        self, switchboard: Switchboard, distributor: Distributor, hotline: Callable[[], Hotline], *, trunk: bool
    ) -> None:
        self._switchboard, self._distributor, self._hotline, self._trunk = switchboard, distributor, hotline, trunk

    async def dial(self, agent_id: str, number: str) -> None:
        """Raises NotDiallable, NotPossible (the agent's phone is not free), NotDone."""
        allowed = diallable(self._hotline(), trunk=self._trunk) - {agent_id}
        if number not in allowed:
            raise NotDiallable(
                Sentence("Agents may dial {names}. Not {number}.", names=listed(sorted(allowed)[:50]), number=number)
            )
        telephony = self._switchboard.telephony
        if not telephony.link.up:
            raise NotDone(AWAY)
        phone = self._distributor.engine.agent_view(agent_id).phone
        if phone is PhoneState.UNREACHABLE:
            raise NotPossible(Sentence("The phone of agent {agent} cannot be reached.", agent=agent_id))
        if phone is PhoneState.BUSY:
            raise NotPossible(
                Sentence(
                    "The phone of agent {agent} has a call, or rings; it can dial once it is free.", agent=agent_id
                )
            )
        try:
            await telephony.dial(agent_id, number)
        except ActionRefused as error:
            raise NotPossible(Sentence("The phone of agent {agent} could not be rung.", agent=agent_id)) from error
        except (LinkDown, TimeoutError) as error:
            raise NotDone(AWAY) from error


def diallable(hotline: Hotline, *, trunk: bool) -> frozenset[str]:
    """The numbers that an agent's phone may dial, as the dialplan has them."""
    inside = {*hotline.numbers, *hotline.extensions, *hotline.agents}
    outside = {*hotline.outside_numbers, *(line.dial for line in hotline.sub_hotlines.values())} if trunk else set()
    return frozenset(inside | outside)


def router(agents: AgentSource, dials: AgentDials) -> APIRouter:
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
            await dials.dial(agent_id, wanted.number)
        except NotDiallable as error:
            raise HTTPException(422, str(error)) from error
        except NotPossible as error:
            raise HTTPException(409, str(error)) from error
        return agent_out(agent, agents.agent_view(agent_id))

    return routes
