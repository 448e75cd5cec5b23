"""An agent's last calls over HTTP, with what the agent noted: `/agents/{agent_id}/calls`."""

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from accounts.asking import Asking
from accounts.model import Asker, Reach
from agents.api import AgentSource, found
from base.numbers import masked
from calls.api import NO_DATABASE, needs_number, unavailable
from calls.book import CallBook
from calls.model import CallSummary, Direction, Outcome, Search
from calls.store import StoreUnavailable
from calls.talks import LATE, last_talk, talks_of, wrap_ups
from calls.wrap_up_api import Sheets
from journal.records import Record
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
        talk = last_talk(talks_of(story).talks, agent_id)
        if talk is None:
            return None
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
        try:
            known = {call.id: call for call in await calls.list(Search(), limit, Reach(agent=agent_id))}
            for call_id in talked(agent_id)[:limit]:
                if call_id not in known and (transferred := await calls.get(call_id)) is not None:
                    known[call_id] = transferred[0]
            stories = await calls.noted(list(known))
        except StoreUnavailable as error:
            raise unavailable(error) from error
        shown = [out(agent_id, call, stories.get(call.id, ()), asker) for call in known.values()]
        seen = [call for call in shown if call is not None]
        return sorted(seen, key=lambda call: call.began, reverse=True)[:limit]

    return routes
