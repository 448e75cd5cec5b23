"""The missed callers over HTTP: `/missed`."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from accounts.asking import Asking, note_detail
from accounts.model import Reach
from base.metrics import each
from base.numbers import masked
from journal.records import Kind, Record
from missed.model import MissedCallers, Seen, Why
from sentences.sentence import Sentence
from web.fields import Time

MOST_AT_ONCE = 500

Note = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]


class MissedOut(BaseModel):
    """A caller who has called. Nobody has spoken with this caller yet."""

    id: str = Field(description="The first call that was missed: see `GET /api/v1/calls/{id}`.")
    number: str = Field(description="The caller's number.", examples=["13800000000"])
    queue: str | None = Field(description="null: the hotline as a whole was closed, or full.", examples=["greening"])
    why: Why = Field(
        description="Of the last try. `gave-up`: hung up while waiting. `cut`: a failure cut the call off meanwhile. "
        "`overflowed`: left the queue by a rule, and reached nobody after it. `closed`: it was closed. `refused`: "
        "there were too many calls. `not-reached`: was to be called back, and was not reached."
    )
    times: int = Field(ge=1, description="How often the caller has tried.")
    waited_s: float = Field(description="The longest wait of all tries.", examples=[95.5])
    first: Time = Field(description="When the first try ended.")
    last: Time = Field(description="When the last one did.")
    again: bool = Field(description="The caller is calling again at this moment.")


class DoneIn(BaseModel):
    """Why nobody need call back."""

    model_config = ConfigDict(extra="forbid")

    note: Note = Field(default="", description="500 characters at most.", examples=["called back, answered"])


def missed_out(seen: Seen) -> MissedOut:
    """An entry as HTTP shows it."""
    entry = seen.entry
    return MissedOut.model_validate(
        {
            **asdict(entry),  # pydantic reads seconds since the epoch
            "queue": entry.queue or None,
            "waited_s": round(entry.waited, 3),
            "again": seen.again,
        }
    )


Serves = Callable[[str], Collection[str]]
"""Which queues an agent could ever serve, by the agent's id."""


def sees(reach: Reach, serves: Serves) -> Callable[[str], bool]:
    """Tells whether a request of that reach may see who is missed in a queue: an agent in those that the agent could
    ever serve. "": in no queue, which is for those who see all of the hotline.
    """
    own = frozenset(serves(reach.agent)) if reach.agent is not None and not reach.whole else frozenset[str]()
    return lambda queue: reach.whole or (queue != "" and (reach.has_queue(queue) or queue in own))


def router(
    missed: MissedCallers, serves: Serves, write: Callable[[Record], None], now: Callable[[], float]
) -> APIRouter:
    """The routes. `write`: takes a Record. `now`: seconds since the epoch."""
    routes = APIRouter(prefix="/missed", tags=["missed"])
    unknown: dict[int | str, dict[str, Any]] = {404: {"description": "Nobody is missed under this id."}}

    @routes.get("", summary="Missed callers")
    async def list_missed(
        asker: Asking,
        queue: Annotated[str | None, Query(description="Only of this queue.")] = None,
        limit: Annotated[int, Query(description="How many at most.", ge=1, le=MOST_AT_ONCE)] = 100,
    ) -> list[MissedOut]:
        """Who gave up waiting or was cut off meanwhile, left a queue by an overflow rule and reached nobody, came while
        it was closed, or was refused as there were too many calls, and has spoken with nobody since, in whichever
        queue. The caller whose first try is oldest comes first. Seven days after the last try a caller leaves the list.
        """
        may_see = sees(asker.reach, serves)
        seen = [one for one in missed.list(now()) if may_see(one.entry.queue)]
        return [missed_out(one) for one in seen if queue in (None, one.entry.queue)][:limit]

    @routes.post("/{missed_id}/done", status_code=204, summary="Take a caller off the list", responses=unknown)
    async def done(missed_id: str, said: DoneIn, asker: Asking, request: Request) -> None:
        """Somebody has spoken with the caller by other means, or nobody need to. The note is in the story of the call.
        Whoever speaks with the caller over the hotline takes the caller off the list by that.
        """
        entry = missed.find(missed_id)
        if entry is None or not sees(asker.reach, serves)(entry.queue):
            raise HTTPException(404, Sentence("There is no missed caller {id}, or no more.", id=missed_id))
        note_detail(request, masked(entry.number))
        write(
            Record(now(), Kind.MISSED_DONE, entry.id, entry.queue or None, data={"note": said.note}, actor=asker.actor)
        )

    return routes


class MissedCount(Collector):
    """How many callers of each queue are missed: for metrics, and for the event stream, whose clients ask `GET /missed`
    when that changes.
    """

    def __init__(self, missed: MissedCallers, serves: Serves) -> None:
        self._missed, self._serves = missed, serves
        self._counts: Mapping[str, int] = {}
        self._seen = self._number = -1

    @property
    def changed(self) -> bool:
        """Whether the list has changed since the last look."""
        return self._missed.changes != self._seen

    def look(self, number: int) -> bool:
        """Whether the list has changed. `number`: of this look."""
        if not self.changed:
            return False
        self._counts = self._missed.counts()
        self._seen, self._number = self._missed.changes, number
        return True

    def since(self, last: int, reach: Reach) -> list[str] | None:
        """The JSON of the counts that a client of that reach may see; None: nothing changed since the look `last`."""
        if self._number <= last and last >= 0:
            return None
        may_see = sees(reach, self._serves)
        counts = {queue: count for queue, count in self._counts.items() if may_see(queue)}
        return [json.dumps({"queue": queue or None, "count": n, "changes": self._seen}) for queue, n in counts.items()]

    def collect(self) -> Iterator[Metric]:
        missed = GaugeMetricFamily(
            "wutong_missed_callers",
            "Callers on the list of missed callers; no queue: of the hotline.",
            labels=["queue"],
        )
        yield each(missed, self._missed.counts())
        yield CounterMetricFamily(
            "wutong_missed_dropped", "Missed callers who left the list as it was full.", self._missed.dropped
        )
