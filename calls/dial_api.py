"""An agent's phone dials a number, or calls a citizen, over HTTP: `/agents/{agent_id}/dial`."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from accounts.asking import Asking, note_detail
from accounts.model import Asker
from acd.distributor import Distributor
from agents.api import AgentOut, AgentSource, agent_out, found
from agents.states import AgentState, PhoneState
from base.failure import NotDone, NotPossible
from base.numbers import masked
from calls.live.calls_out import CallsOut
from calls.live.orders import AWAY
from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.telephony import Telephony
from hotline.calls_out import NotAllowed, to_dial
from hotline.model import Hotline
from ivr.model import Name
from journal.actor import Actor
from sentences.sentence import Sentence, listed


class DialIn(BaseModel):
    """What is dialled."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[
        str,
        Field(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$", examples=["1002", "6001", "13800138000"]),
    ] = Field(
        description="As the phone would dial it: a `number` of `GET agents/{id}/targets`, or the hotline's own. "
        "With `queue`, a citizen's number, also with spaces and hyphens."
    )
    queue: Name | None = Field(
        default=None,
        description="Call a citizen for this queue: the citizen sees its number. Left out: the agent calls somebody of "
        "the hotline.",
        examples=["greening"],
    )


class NotDiallable(Exception):
    """Agents may not dial this number; the message says which they may, or why."""


class AgentDials:
    """Has agents' phones dial. `calls_out`: places calls to citizens. `hotline`: the one in use. `trunk`: whether there
    is one.
    """

    def __init__(
        self,
        telephony: Telephony,
        calls_out: CallsOut,
        distributor: Distributor,
        hotline: Callable[[], Hotline],
        *,
        trunk: bool,
    ) -> None:
        self._telephony, self._calls_out, self._distributor = telephony, calls_out, distributor
        self._hotline, self._trunk = hotline, trunk

    async def dial(self, agent_id: str, number: str) -> None:
        """Raises NotDiallable, NotPossible (the agent's phone is not free), NotDone."""
        allowed = diallable(self._hotline(), trunk=self._trunk) - {agent_id}
        if number not in allowed:
            raise NotDiallable(
                Sentence("Agents may dial {names}. Not {number}.", names=listed(sorted(allowed)[:50]), number=number)
            )
        self._check(agent_id)
        with _told(agent_id):
            await self._telephony.dial(agent_id, number)

    async def call_citizen(self, agent_id: str, number: str, queue: str, actor: Actor) -> None:
        """`queue`: one of the hotline's. Raises NotDiallable, NotDone, and NotPossible: there is no trunk, the agent is
        signed out, or the phone is not free.
        """
        hotline = self._hotline()
        try:
            to = to_dial(number, hotline.calls_out, hotline.own_numbers)
        except NotAllowed as error:
            raise NotDiallable(*error.args) from error
        if not self._trunk:
            raise NotPossible(Sentence("There is no line to the telephone network, so citizens cannot be called."))
        if self._distributor.engine.agent_view(agent_id).state is AgentState.LOGGED_OUT:
            raise NotPossible("Agent {agent} is signed out, and calls nobody.", agent=agent_id)
        self._check(agent_id)
        shown, language = hotline.shown_for(queue), hotline.languages[0]
        with _told(agent_id):
            await self._calls_out.call(agent_id, queue, to, shown, language, actor)

    def _check(self, agent_id: str) -> None:
        """Raises NotPossible (the agent's phone is not free), NotDone (Asterisk is away)."""
        if not self._telephony.link.up:
            raise NotDone(AWAY)
        phone = self._distributor.engine.agent_view(agent_id).phone
        if phone is PhoneState.UNREACHABLE:
            raise NotPossible("The phone of agent {agent} cannot be reached.", agent=agent_id)
        if phone is PhoneState.BUSY:
            raise NotPossible(
                "The phone of agent {agent} has a call, or rings; it can dial once it is free.", agent=agent_id
            )


@contextmanager
def _told(agent_id: str) -> Iterator[None]:
    """What Asterisk says to a ring, as NotPossible or NotDone."""
    try:
        yield
    except ActionRefused as error:
        raise NotPossible("The phone of agent {agent} could not be rung.", agent=agent_id) from error
    except (LinkDown, TimeoutError) as error:
        raise NotDone(AWAY) from error


def diallable(hotline: Hotline, *, trunk: bool) -> frozenset[str]:
    """The numbers that an agent's phone may dial, as the dialplan has them."""
    inside = {*hotline.numbers, *hotline.extensions, *hotline.agents}
    outside = {*hotline.outside_numbers, *(line.dial for line in hotline.sub_hotlines.values())} if trunk else set()
    return frozenset(inside | outside)


def may_call_for(
    asker: Asker, agent_id: str, hotline: Callable[[], Hotline], serves: Callable[[str], Collection[str]]
) -> Callable[[str], bool]:
    """Tells whether the asker may have this agent call citizens for a queue: an agent for those that the agent could
    ever serve, anybody else for those of the account.
    """
    own = frozenset(serves(agent_id)) if asker.account.agent == agent_id else frozenset[str]()
    return lambda queue: queue in hotline().queues and (asker.reach.has_queue(queue) or queue in own)


def router(agents: AgentSource, dials: AgentDials, hotline: Callable[[], Hotline]) -> APIRouter:
    """`hotline`: the one in use."""
    routes = APIRouter(prefix="/agents/{agent_id}/dial", tags=["agents"])

    @routes.post(
        "",
        summary="Have an agent's phone dial a number, or call a citizen",
        responses={
            403: {"description": "Without `queue` only the agent's own account may have the phone dial."},
            404: {"description": "There is no such agent, or no such queue, that the account may see."},
            409: {"description": "The agent's phone is not free; the sentence says what it is. Or there is no trunk."},
            503: {"description": "Asterisk is away."},
        },
    )
    async def dial(agent_id: str, wanted: DialIn, asker: Asking, request: Request) -> AgentOut:
        """The agent's phone rings first, for 20 s, and shows the number. Once it is answered, it goes on as if it had
        dialled: a queue, a department, a colleague, a number outside. With `queue` it calls a citizen, whose phone
        rings for 30 s. What agents may not dial is a 422.
        """
        note_detail(request, wanted.number if wanted.queue is None else f"{masked(wanted.number)} {wanted.queue}")
        agent = found(agents, agent_id, asker)
        if wanted.queue is None and asker.account.agent != agent_id:
            raise HTTPException(403, Sentence("Only the agent's own account may have the phone dial without a queue."))
        if wanted.queue is not None and not may_call_for(asker, agent_id, hotline, agents.serves)(wanted.queue):
            raise HTTPException(404, Sentence("There is no queue {name} for which you may call.", name=wanted.queue))
        try:
            if wanted.queue is None:
                await dials.dial(agent_id, wanted.number)
            else:
                await dials.call_citizen(agent_id, wanted.number, wanted.queue, asker.actor)
        except NotDiallable as error:
            raise HTTPException(422, str(error)) from error
        return agent_out(agent, agents.agent_view(agent_id))

    return routes
