"""An agent's call for help over HTTP: `/agents/{agent_id}/help`."""

from typing import Any

from fastapi import APIRouter, HTTPException

from accounts.asking import Asking
from acd.distributor import Distributor
from agents.api import AgentOut, AgentSource, NotPossible, agent_out, found
from agents.states import AgentState
from calls.book import CallBook
from calls.model import CallState, CallSummary
from journal.actor import Actor
from journal.records import Kind, Record
from sentences.sentence import Sentence


class HelpCalls:
    """An agent's call for help is a Record of the call. So a restart keeps it, and the end of the talk ends it."""

    def __init__(self, distributor: Distributor, book: CallBook) -> None:
        self._distributor, self._book = distributor, book

    def call(self, agent_id: str, actor: Actor) -> None:
        """The agent calls for help. Raises NotPossible: the agent is in no talk."""
        talk = self._talk(agent_id)
        if talk is None:
            raise NotPossible(Sentence("Help can be called for in a talk with a caller; this agent is in none."))
        if talk.help_since is None:
            self._write(Kind.HELP_CALLED, talk, actor)

    def over(self, agent_id: str, actor: Actor) -> None:
        """The agent needs no help any more."""
        talk = self._talk(agent_id)
        if talk is not None and talk.help_since is not None:
            self._write(Kind.HELP_OVER, talk, actor)

    def _talk(self, agent_id: str) -> CallSummary | None:
        view = self._distributor.engine.agent_view(agent_id)
        if view.state is not AgentState.ON_CALL or view.call_id is None:
            return None
        call = self._book.live_summary(view.call_id)
        talks = call is not None and call.state is CallState.TALKING and call.agent == agent_id
        return call if talks else None

    def _write(self, kind: Kind, talk: CallSummary, actor: Actor) -> None:
        data = {"test": True} if talk.test else {}
        now = self._distributor.clock.now()
        self._distributor.write(Record(now, kind, talk.id, talk.queue, talk.agent, None, data, actor))


def router(agents: AgentSource, helping: HelpCalls) -> APIRouter:
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
