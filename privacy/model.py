"""The answers about old data and about one caller's number, and the counts of what was removed."""

from collections import Counter as Tally
from collections.abc import Iterator
from typing import Annotated, ClassVar

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from pydantic import BaseModel, Field

from base.metrics import each
from calls.api import StoryOut


class PurgeOut(BaseModel):
    """What this request has removed, or with `dry_run` a whole purge would remove."""

    THINGS: ClassVar = ("numbers", "links", "steps", "calls", "records", "snapshots", "files")

    numbers: int = Field(description="Calls that have no number any more.")
    links: int = Field(description="Numbers that were linked to another one of their citizen.")
    steps: int = Field(description="Records of what callers heard and pressed.")
    calls: int
    records: int = Field(description="Records of every other kind.")
    snapshots: int = Field(description="States of the service; with `dry_run` they are not counted.")
    files: int = Field(
        description="Messages, recordings of talks, of test calls and of `*90`, damaged segments of the spool."
    )
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


class ForgetOut(BaseModel):
    """What there was of the number."""

    removed: int = Field(description="Calls from which this request has removed the number.")
    calls: int = Field(
        description="Ended calls that have it now; with `dry_run` also calls in which somebody else has keyed it in."
    )
    live: int = Field(description="Calls that have not ended: they keep it. Ask again afterwards.")
    alike: list[str] = Field(
        description="Other numbers with the same last digits, such as with the country before: perhaps the same "
        "person's, and not touched.",
        examples=[["+8613800000000"]],
    )
    linked: Linked
    lists: Lists
    more: bool = Field(description="There is more: ask again.")


class AboutNumber(BaseModel):
    """Some of the number's calls, then of its callbacks, with their stories."""

    calls: list[StoryOut]
    alike: list[str] = Field(description="Other numbers with the same last digits: not in this answer.")
    linked: Linked
    lists: Lists
    after: str | None = Field(description="Ask again with this `after`; null: these were the last.")
