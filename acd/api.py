"""Queues over HTTP."""

from collections.abc import Mapping
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field, WithJsonSchema

from accounts.asking import Asking
from accounts.model import Reach
from acd.last_hour import MINUTES, HourView
from acd.model import Queue
from acd.views import Crew, QueueView
from agents.states import SIGNED_IN
from sentences.sentence import Sentence, listed
from web.fields import Time

Count = Annotated[int, Field(ge=0)]

UNKNOWN: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is no such queue; the sentence names those there are."}
}


class QueueSource(Protocol):
    """Where the router learns of queues. It is a Protocol, as the hours of queues are known above this package:
    `events.board` puts the engine and the hotline together.
    """

    def queues(self) -> Mapping[str, Queue]:
        """All queues of the hotline that is in use, by id, in the order of the file."""

    def queue_view(self, queue_id: str) -> QueueView:
        """The queue at this moment; only for ids that `queues` has."""

    def crews(self) -> Mapping[str, Crew]:
        """By queue: the signed-in agents who could ever serve it, by state and phone."""

    def last_hour(self, queue_id: str) -> HourView:
        """How many callers waited, minute by minute; only for ids that `queues` has."""


_COUNTED = [*(state.replace("-", "_") for state in SIGNED_IN), "unreachable"]


def _counts(description: str) -> WithJsonSchema:
    return WithJsonSchema(
        {
            "type": "object",
            "description": description,
            "properties": {counted: {"type": "integer", "minimum": 0} for counted in _COUNTED},
            "required": _COUNTED,
        }
    )


AgentCounts = Annotated[
    Mapping[str, int],
    _counts(
        "Signed-in agents who could ever serve the queue, relaxing included, by state. `unreachable`: their phone has "
        "been so for longer than `away_after`; they count in no state."
    ),
]

AgentsNow = Annotated[
    Mapping[str, int],
    _counts("Those of `agents` who meet the queue's own needs; the others may serve it once relaxing brings them in."),
]


class ServiceLevelOut(BaseModel):
    """Answered in time ÷ (answered + abandoned); test calls and those abandoned within 5 s are left out."""

    percent: float | None = Field(description="Today's, 0 to 100; null: no call yet that counts.", examples=[91.5])
    within_s: float = Field(description="Answered in time means within so many seconds.", examples=[15.0])
    target_percent: float = Field(description="What the hotline's folder asks for.", examples=[80.0])


class QueueOut(BaseModel):
    """One queue at this moment."""

    id: str = Field(examples=["greening"])
    name: dict[str, str] = Field(
        description="By language; `*` stands for every language.", examples=[{"zh": "绿化", "en": "Greening"}]
    )
    needs: list[Mapping[str, int]] = Field(
        description="Skill → least level. An agent with all skills of one of these may serve the queue. The queue's "
        "own needs come first, then those of relaxing, in their order.",
        examples=[[{"greening": 3}, {"greening": 1}]],
    )
    waiting: Count = Field(description="Callers who wait, those included for whom an agent rings, and test calls.")
    callbacks: Count = Field(description="Callers who have hung up, keep their places, and are to be called back.")
    talking: Count = Field(description="Conversations that came from this queue.")
    longest_wait_s: float = Field(description="Of those who wait now; 0: nobody waits.", examples=[12.25])
    estimate_s: float | None = Field(description="Expected wait of a caller who enters now; null: not known.")
    estimate_calls: Count = Field(
        description="So many of the queue's calls the estimate has learnt from, 90 at most. With fewer than 10 it is "
        "more an assumption than a measurement."
    )
    answered: Count = Field(description="Today's calls that an agent took; test calls are left out here and below.")
    abandoned: Count = Field(description="Today's callers who hung up in the queue, after more than 5 s.")
    agents: AgentCounts
    agents_now: AgentsNow
    service_level: ServiceLevelOut
    open: bool = Field(description="Whether calls come in, by the queue's hours; true: it has none.")
    opens: Time | None = Field(description="When it opens again; null: it is open, or that is not foreseen.")
    closes: Time | None = Field(description="When it closes; null: it is closed, or that is not foreseen.")


class LastHourOut(BaseModel):
    """How many callers waited in a queue, minute by minute."""

    queue: str = Field(examples=["greening"])
    until: Time = Field(description="The end of the last minute that is reported: a whole minute.")
    waiting: list[Annotated[int, Field(ge=0)] | None] = Field(
        min_length=MINUTES,
        max_length=MINUTES,
        description="The most callers who waited at once in each of the 60 minutes before `until`, the oldest first, "
        "test calls included; null: nobody counted yet. A minute without the service has those who waited before.",
        examples=[[0, 0, 2, 5, 3] + [0] * (MINUTES - 5)],
    )


def router(queues: QueueSource) -> APIRouter:
    """The routes under `/queues`."""
    routes = APIRouter(prefix="/queues", tags=["queues"])

    @routes.get("", summary="All queues")
    async def list_queues(asker: Asking) -> list[QueueOut]:
        """In the order of `hotline.yaml`; those that one may see."""
        return [queue_out(queue, queues.queue_view(queue.id)) for queue in seen(queues, asker.reach).values()]

    @routes.get("/{queue_id}", summary="One queue", responses=UNKNOWN)
    async def get_queue(queue_id: str, asker: Asking) -> QueueOut:
        return queue_out(find(queues, queue_id, asker.reach), queues.queue_view(queue_id))

    @routes.get("/{queue_id}/last-hour", summary="How many callers waited in the last hour", responses=UNKNOWN)
    async def get_last_hour(queue_id: str, asker: Asking) -> LastHourOut:
        """`GET /api/v1/events` reports it once a minute."""
        return last_hour_out(find(queues, queue_id, asker.reach).id, queues.last_hour(queue_id))

    return routes


def seen(queues: QueueSource, reach: Reach) -> Mapping[str, Queue]:
    """The queues that a request of that reach may see."""
    return {name: queue for name, queue in queues.queues().items() if reach.has_queue(name)}


def find(queues: QueueSource, queue_id: str, reach: Reach) -> Queue:
    """The queue. An HTTPException, 404, says which there are if it may not be seen."""
    known = seen(queues, reach)
    queue = known.get(queue_id)
    if queue is None:
        names = listed(known) or Sentence("none")
        if reach.whole:
            raise HTTPException(
                404, Sentence("There is no such queue; the queues of this hotline are {names}.", names=names)
            )
        raise HTTPException(404, Sentence("There is no such queue; those that you may see are {names}.", names=names))
    return queue


def last_hour_out(queue_id: str, hour: HourView) -> LastHourOut:
    """The last hour as HTTP reports it."""
    return LastHourOut(queue=queue_id, until=hour.until, waiting=list(hour.waiting))  # pydantic reads epoch seconds


def queue_out(queue: Queue, view: QueueView) -> QueueOut:
    """A queue as HTTP shows it."""
    level = ServiceLevelOut(
        percent=view.service_level, within_s=queue.service_level.within, target_percent=queue.service_level.percent
    )
    seen = {name: getattr(view, name) for name in QueueView.__slots__}  # asdict copies deeply: four times as slow
    return QueueOut(**{**seen, "name": queue.name, "needs": list(queue.alternatives), "service_level": level})
