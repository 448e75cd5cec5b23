"""An agent's call for help in a talk: a Record of the call. So a restart keeps it, and the end of the talk ends it."""

from acd.distributor import Distributor
from agents.api import NotPossible
from agents.states import AgentState
from calls.book import CallBook
from calls.model import CallState, CallSummary
from journal.actor import Actor
from journal.records import Kind, Record
from sentences.sentence import Sentence


class HelpCalls:
    """The `Helping` of the router."""

    def __init__(self, distributor: Distributor, book: CallBook) -> None:
        self._distributor, self._book = distributor, book

    def call(self, agent_id: str, actor: Actor) -> None:
        talk = self._talk(agent_id)
        if talk is None:
            raise NotPossible(Sentence("Help can be called for in a talk with a caller; this agent is in none."))
        if talk.help_since is None:
            self._write(Kind.HELP_CALLED, talk, actor)

    def over(self, agent_id: str, actor: Actor) -> None:
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
