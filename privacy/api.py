"""Old data, and one caller's number: removed, forgotten, handed out. Each request does a bounded part."""

from collections import Counter as Tally
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Protocol

from fastapi import APIRouter, Request
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from pydantic import BaseModel, Field, StrictBool

from accounts.asking import Asking, note_detail
from base.metrics import each
from calls.api import StoryOut
from journal.actor import Actor

DRY_RUN = "dry_run"
"""What the audit says of a request that only counted."""


class PurgeIn(BaseModel):
    """What is old by the settings `keep`."""

    dry_run: Annotated[StrictBool, Field(description="Only count; nothing is removed.")] = False


class PurgeOut(BaseModel):
    """What this request has removed, or with `dry_run` a whole purge would remove."""

    THINGS: ClassVar = ("numbers", "links", "steps", "calls", "records", "snapshots", "files")

    numbers: int = Field(description="Calls that have no number any more.")
    links: int = Field(description="Numbers that were linked to another one of their citizen.")
    steps: int = Field(description="Records of what callers heard and pressed.")
    calls: int
    records: int = Field(description="Records of every other kind.")
    snapshots: int = Field(description="States of the service; with `dry_run` they are not counted.")
    files: int = Field(description="Recordings of test calls and of `*90`, damaged segments of the spool.")
    more: bool = Field(description="There is more: ask again.")


class Removals(Collector):
    """What was `removed` since the start, how many daily purges broke off (`failures`), and when one was complete
    `last`, in seconds since the epoch.
    """

    def __init__(self) -> None:
        self.removed: Tally[str] = Tally()
        self.failures = 0
        self.last = 0.0

    def collect(self) -> Iterator[Metric]:
        removed = CounterMetricFamily(
            "wutong_purged",
            "What was removed because it is old: numbers from calls, links between numbers, steps and other Records, "
            "calls, snapshots, files.",
            labels=["what"],
        )
        yield each(removed, {name: self.removed[name] for name in PurgeOut.THINGS})
        yield CounterMetricFamily("wutong_purge_failures", "Daily purges that broke off.", self.failures)
        yield GaugeMetricFamily(
            "wutong_purge_last_timestamp_seconds",
            "When a purge was last complete, since the epoch; 0: not known yet.",
            self.last,
        )


class NumberIn(BaseModel):
    """A caller's number, in any way of writing."""

    number: Annotated[
        str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$", examples=["138 0000 0000"])
    ]


Lists = Annotated[
    list[str],
    Field(
        description="Lists of callers that have the number, of the hotline in use. Its folder keeps them.",
        examples=[["nuisance"]],
    ),
]


Linked = Annotated[
    list[str],
    Field(
        description="Numbers that agents have linked to it, as the same citizen's. Their calls are not touched, and "
        "not in this answer.",
        examples=[["13900000000"]],
    ),
]


class ForgetIn(NumberIn):
    """A number that is to be forgotten."""

    dry_run: Annotated[StrictBool, Field(description="Only count; nothing is removed.")] = False


class ForgetOut(BaseModel):
    """What there was of the number."""

    removed: int = Field(description="Ended calls from which this request has removed the number.")
    calls: int = Field(description="Ended calls that have it now.")
    live: int = Field(description="Calls that have not ended: they keep it. Ask again afterwards.")
    alike: list[str] = Field(
        description="Other numbers with the same last digits, such as with the country before: perhaps the same "
        "person's, and not touched.",
        examples=[["+8613800000000"]],
    )
    linked: Linked
    lists: Lists
    more: bool = Field(description="There is more: ask again.")


class ExportIn(NumberIn):
    """A number of which all that is known is wanted."""

    after: Annotated[
        str,
        Field(
            max_length=100,
            pattern=r"^[^\x00-\x1f\x7f]*$",
            description="Go on after this call; empty: from the beginning.",
        ),
    ] = ""


class AboutNumber(BaseModel):
    """Some of the number's calls with their stories."""

    calls: list[StoryOut]
    alike: list[str] = Field(description="Other numbers with the same last digits: not in this answer.")
    linked: Linked
    lists: Lists
    after: str | None = Field(description="Ask again with this `after`; null: these were the last.")


class Ageing(Protocol):
    """Removes what is old. What was not done raises NotDone."""

    async def due(self) -> PurgeOut: ...

    async def purge(self, actor: Actor) -> PurgeOut: ...


class Numbered(Protocol):
    """Knows callers by their numbers. What was not done raises NotDone."""

    async def look(self, number: str) -> ForgetOut: ...

    async def forget(self, number: str, actor: Actor) -> ForgetOut: ...

    async def about(self, number: str, after: str, actor: Actor) -> AboutNumber: ...


def router(ageing: Ageing, numbers: Numbered) -> APIRouter:
    """`POST /privacy/purge`, `/privacy/forget` and `/privacy/export`. Numbers are in bodies: addresses are logged."""
    routes = APIRouter(prefix="/privacy", tags=["privacy"])
    unavailable: dict[int | str, dict[str, Any]] = {
        503: {"description": "The database did not do it; the sentence says why."}
    }

    @routes.post("/purge", summary="Remove what is old", responses=unavailable)
    async def purge(wanted: PurgeIn, asker: Asking, request: Request) -> PurgeOut:
        """Works for a second at most. The service does it once a day by itself."""
        if wanted.dry_run:
            note_detail(request, DRY_RUN)
            return await ageing.due()
        return await ageing.purge(asker.actor)

    @routes.post("/forget", summary="Forget a caller's number", responses=unavailable)
    async def forget(wanted: ForgetIn, asker: Asking, request: Request) -> ForgetOut:
        """Its calls stay, without the number: figures do not change."""
        if wanted.dry_run:
            note_detail(request, DRY_RUN)
            return await numbers.look(wanted.number)
        return await numbers.forget(wanted.number, asker.actor)

    @routes.post("/export", summary="All that is known of a caller's number", responses=unavailable)
    async def export(wanted: ExportIn, asker: Asking) -> AboutNumber:
        """A page at a time."""
        return await numbers.about(wanted.number, wanted.after, asker.actor)

    return routes
