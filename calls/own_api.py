"""Over HTTP: an agent's last calls, with what the agent noted (`/agents/{agent_id}/calls`), and the call for help in a
talk (`/agents/{agent_id}/help`).
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from accounts.asking import Asking
from accounts.model import Asker, Reach
from acd.distributor import Distributor
from acd.events import EndedBy
from agents.api import AgentOut, AgentSource, agent_out, found
from agents.states import AgentState
from base.failure import NotPossible
from base.numbers import masked
from calls.api import NO_DATABASE, needs_number
from calls.book import CallBook
from calls.model import CallState, CallSummary, Direction, Outcome, Search
from calls.talks import LATE, last_talk, talks_of, wrap_ups
from calls.wrap_up_api import Sheets
from journal.actor import Actor
from journal.records import Kind, Record
from sentences.sentence import Sentence
from web.fields import Time

MOST = 20


class OwnCallOut(BaseModel):
    """A call in which the agent talked, and what the agent noted of it."""

    id: str
    caller: str = Field(
        description="The caller's number; masked where the account does not need it any more.", examples=["138******00"]
    )
    direction: Direction = Field(description="`out`: the agent has called the citizen, who is the `caller` here.")
    queue: str | None = Field(description="The queue of that talk.")
    began: Time = Field(description="When the agent's last talk in it began.")
    ended: Time | None = Field(description="null: that talk goes on.")
    outcome: Outcome | None
    cut: bool = Field(description="A failure has cut this talk off, and nobody has hung up.")
    code: str | None = Field(description="The wrap-up code that this agent gave.")
    name: dict[str, str] | None = Field(description="The code's name by language.")
    note: str = Field(
        description="This agent's note; empty: there is none, or it is too late for the agent to read it."
    )
    until: Time | None = Field(description="Until when code and note can be changed; null: the work goes on.")
    open: bool = Field(description="A code can still be given, and there is none.")


def router(
    calls: CallBook,
    sheets: Sheets,
    agents: AgentSource,
    talked: Callable[[str], Sequence[str]],
    at_work: Callable[[str], str | None],
    now: Callable[[], float],
) -> APIRouter:
    """`talked`: the last calls in which this agent talked, by id. `at_work`: as in `calls.api.router`. `now`: seconds
    since the epoch.
    """
    routes = APIRouter(prefix="/agents/{agent_id}/calls", tags=["agents"])

    def out(agent_id: str, summary: CallSummary, story: Sequence[Record], asker: Asker) -> OwnCallOut | None:
        """None: the agent did not talk in it, or the asker may not see it any more."""
        talks = talks_of(story).talks
        talk = last_talk(talks, agent_id)
        if talk is None:
            return None
        lost = summary.outcome is Outcome.LOST
        over = None if talk.ended is None or at_work(agent_id) == summary.id else talk.ended + LATE
        late = over is not None and now() > over
        whole = summary.within(asker.reach.without_agent())
        own = asker.reach.agent == agent_id and (summary.agent == agent_id or not late)
        if not (whole or own):
            return None
        queue = talk.queue or summary.queue
        noted = next((one for one in wrap_ups(story) if one.agent == agent_id), None)
        code = None if noted is None else noted.code
        return OwnCallOut.model_validate(
            {
                "id": summary.id,
                "caller": summary.caller if needs_number(summary, asker.reach, at_work) else masked(summary.caller),
                "direction": summary.direction,
                "queue": queue,
                "began": talk.began,
                "ended": talk.ended,
                "outcome": summary.outcome,
                "cut": lost and talk is talks[-1] and talk.ended_by == EndedBy.SYSTEM,
                "code": code,
                "name": None if noted is None or noted.name is None else dict(noted.name),
                "note": (noted and (whole or not late) and noted.note) or "",
                "until": over,
                "open": not late and code is None and bool(sheets.codes(queue)),
            }
        )

    @routes.get("", summary="One agent's last calls", responses={**NO_DATABASE, 404: {"description": "No such agent."}})
    async def list_own_calls(
        agent_id: str, asker: Asking, limit: Annotated[int, Query(description="How many at most.", ge=1, le=MOST)] = 8
    ) -> list[OwnCallOut]:
        """The calls in which the agent talked, newest first, with the agent's own code and note. A call that was sent
        on is among them for an hour, as long as it can be wrapped up. Test calls count.
        """
        found(agents, agent_id, asker)
        known = {call.id: call for call in await calls.list(Search(), limit, Reach(agent=agent_id))}
        for call_id in talked(agent_id)[:limit]:
            if call_id not in known and (transferred := await calls.get(call_id)) is not None:
                known[call_id] = transferred[0]
        stories = await calls.noted(list(known))
        shown = [out(agent_id, call, stories.get(call.id, ()), asker) for call in known.values()]
        seen = [call for call in shown if call is not None]
        return sorted(seen, key=lambda call: call.began, reverse=True)[:limit]

    return routes


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


def help_router(agents: AgentSource, helping: HelpCalls) -> APIRouter:
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
        helping.call(agent_id, asker.actor)
        return agent_out(agent, agents.agent_view(agent_id))

    @routes.delete("", summary="No help is needed any more", responses=unknown)
    async def over(agent_id: str, asker: Asking) -> AgentOut:
        """A call for help that is over already is no error."""
        agent = found(agents, agent_id, asker)
        helping.over(agent_id, asker.actor)
        return agent_out(agent, agents.agent_view(agent_id))

    return routes
