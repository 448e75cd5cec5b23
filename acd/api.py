"""Queues and calls over HTTP."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field

from acd.calls import CallBook, CallState, CallSummary, Outcome
from acd.model import Queue
from acd.records import Kind, Record
from acd.store import StoreUnavailable
from acd.views import QueueView
from agents.api import Time, time

CALL_ID = re.compile(r"[A-Za-z0-9._:@-]{1,100}")
"""What a call id can look like; nothing else is looked up."""

EPOCH_FIELDS = frozenset({"until"})
"""Keys of a Record's data that are seconds since the epoch, told as ISO 8601."""

Count = Annotated[int, Field(ge=0)]
NO_DATABASE: dict[int | str, dict[str, Any]] = {503: {"description": "The database cannot be asked."}}


class QueueSource(Protocol):
    """Where the router learns of queues."""

    def queues(self) -> Mapping[str, Queue]:
        """All queues of the hotline that is in use, by id, in the order of the file."""

    def queue_view(self, queue_id: str) -> QueueView:
        """The queue at this moment; only for ids that `queues` has."""


class AgentCounts(BaseModel):
    """Signed-in agents who could ever serve the queue, relaxing included, by state."""

    ready: Count
    ringing: Count
    on_call: Count
    wrap_up: Count
    not_ready: Count


class ServiceLevelOut(BaseModel):
    """Answered in time ÷ (answered + abandoned); abandoned within 5 s is left out."""

    percent: float | None = Field(description="Today's, 0 to 100; null: no call yet that counts.", examples=[91.5])
    within_s: float = Field(description="Answered in time means within so many seconds.", examples=[15.0])
    target_percent: float = Field(description="What the hotline's folder asks for.", examples=[80.0])


class QueueOut(BaseModel):
    """One queue at this moment."""

    id: str = Field(examples=["greening"])
    name: dict[str, str] = Field(
        description="By language; `*` stands for every language.", examples=[{"zh": "绿化", "en": "Greening"}]
    )
    waiting: Count = Field(description="Callers who wait, those included for whom an agent rings.")
    talking: Count = Field(description="Conversations that came from this queue.")
    longest_wait_s: float = Field(description="Of those who wait now; 0: nobody waits.", examples=[12.25])
    estimate_s: float | None = Field(description="Expected wait of who enters now; null: not known.")
    agents: AgentCounts
    service_level: ServiceLevelOut


class CallOut(BaseModel):
    """One call."""

    id: str
    state: CallState = Field(
        description="`ringing` and `talking`: with an agent or a sub-hotline; `survey`: after the conversation."
    )
    caller: str = Field(description="The caller's number; empty where he hides it.", examples=["13800000000"])
    number: str = Field(description="The number that he dialled.", examples=["12319"])
    language: str = Field(examples=["zh"])
    queue: str | None = Field(description="The queue that the call is in or was in last.")
    agent: str | None = Field(description="The agent who rings, talks or talked last.")
    started: Time
    queued: Time | None = Field(description="When it entered that queue.")
    answered: Time | None = Field(description="When it was first connected to an agent or a sub-hotline.")
    ended: Time | None
    outcome: Outcome | None = Field(description="What became of it; null until it has ended.")


class RecordOut(BaseModel):
    """One step of the story: `at`, `kind`, then `queue`, `agent`, `offer` where they apply, then what this kind of
    step tells beside them (`docs/http.md` lists it), all on one level.
    """

    model_config = ConfigDict(extra="allow")

    at: Time
    kind: Kind


class StoryOut(CallOut):
    """One call and everything that happened to it, in order."""

    story: list[RecordOut]


def router(queues: QueueSource, calls: CallBook) -> APIRouter:
    """The routes under `/queues` and `/calls`."""
    routes = APIRouter()

    @routes.get("/queues", summary="All queues", tags=["queues"])
    async def list_queues() -> list[QueueOut]:
        """In the order of `hotline.yaml`."""
        return [queue_out(queue, queues.queue_view(queue.id)) for queue in queues.queues().values()]

    @routes.get(
        "/queues/{queue_id}",
        summary="One queue",
        tags=["queues"],
        responses={404: {"description": "There is no such queue; the sentence names those there are."}},
    )
    async def get_queue(queue_id: str) -> QueueOut:
        known = queues.queues()
        queue = known.get(queue_id)
        if queue is None:
            raise HTTPException(404, f"There is no such queue; the queues of this hotline are {', '.join(known)}.")
        return queue_out(queue, queues.queue_view(queue_id))

    @routes.get("/calls", summary="Calls, newest first", tags=["calls"], responses=NO_DATABASE)
    async def list_calls(
        state: Annotated[CallState | None, Query(description="Only calls in this state.")] = None,
        queue: Annotated[
            str | None,
            Query(description="Only calls in this queue, or last in it.", pattern=r"^[a-z][a-z0-9-]{0,39}$"),
        ] = None,
        limit: Annotated[int, Query(description="How many at most.", ge=1, le=1000)] = 100,
    ) -> list[CallOut]:
        """Live calls and those in the journal alike. In a state that live calls have, no database is needed."""
        try:
            return [CallOut.model_validate(_call(summary)) for summary in await calls.list(state, queue, limit)]
        except StoreUnavailable as error:
            raise HTTPException(503, _sentence(error)) from error

    @routes.get(
        "/calls/{call_id}",
        summary="One call and its story",
        tags=["calls"],
        responses={404: {"description": "There is no such call."}, **NO_DATABASE},
    )
    async def get_call(call_id: str) -> StoryOut:
        """Of a live call, the story so far."""
        try:
            found = await calls.get(call_id) if CALL_ID.fullmatch(call_id) else None
        except StoreUnavailable as error:
            raise HTTPException(503, _sentence(error)) from error
        if found is None:
            raise HTTPException(404, "There is no such call; GET /api/v1/calls lists the latest with their ids.")
        summary, story = found
        return StoryOut(**_call(summary), story=[_step(record) for record in story])

    return routes


def queue_out(queue: Queue, view: QueueView) -> QueueOut:
    """A queue as HTTP tells it."""
    return QueueOut(
        id=queue.id,
        name=dict(queue.name),
        waiting=view.waiting,
        talking=view.talking,
        longest_wait_s=view.longest_wait_s,
        estimate_s=view.estimate_s,
        agents=AgentCounts.model_validate(view.agents),
        service_level=ServiceLevelOut(
            percent=view.service_level,
            within_s=queue.service_level.within,
            target_percent=queue.service_level.percent,
        ),
    )


def _call(summary: CallSummary) -> dict[str, Any]:
    return {
        "id": summary.id,
        "state": summary.state,
        "caller": summary.caller,
        "number": summary.number,
        "language": summary.language,
        "queue": summary.queue,
        "agent": summary.agent,
        "started": time(summary.started),
        "queued": None if summary.queued is None else time(summary.queued),
        "answered": None if summary.answered is None else time(summary.answered),
        "ended": None if summary.ended is None else time(summary.ended),
        "outcome": summary.outcome if summary.state is CallState.ENDED else None,
    }


def _step(record: Record) -> RecordOut:
    told = {"queue": record.queue, "agent": record.agent, "offer": record.offer}
    extra = {key: _data(key, value) for key, value in record.data.items()}
    extra |= {key: value for key, value in told.items() if value is not None}
    return RecordOut.model_validate({**extra, "at": time(record.at), "kind": record.kind})


def _data(key: str, value: Any) -> Any:
    return time(value).isoformat(timespec="milliseconds") if key in EPOCH_FIELDS and value is not None else value


def _sentence(error: StoreUnavailable) -> str:
    said = str(error)
    return (
        f"{said[:1].upper()}{said[1:]}. GET /readyz tells more. Live calls are not harmed by it, and are told by their "
        "state: GET /api/v1/calls?state=waiting."
    )
