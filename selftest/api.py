"""The self-test over HTTP: `/selftest`; and its metrics."""

from collections.abc import Iterator
from dataclasses import asdict

from fastapi import APIRouter, HTTPException
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from pydantic import BaseModel, Field

from accounts.asking import Asking
from selftest.model import STOPPED, Difference, Outcome, Stopped, What
from selftest.run import NotNow, Selftest
from sentences.languages import worded
from sentences.sentence import Sentence
from web.fields import Time
from web.problems import Wanted


class SelftestDifference(BaseModel):
    """What one call met otherwise than the menu tree says."""

    number: str = Field(description="The number that was dialled.", examples=["12319"])
    keys: list[str] = Field(description="What its caller did: keys, and `silence`.", examples=[["2", "1"]])
    what: What
    sentence: str = Field(description="What differs, for people.", examples=["the call ends at the goodbye, not at …"])
    wanted: str = Field(description="What the tree says: words, or a node such as `queues:general`.")
    came: str = Field(description="What came instead; empty: nothing.")


class OutcomeOut(BaseModel):
    """A self-test."""

    begun: Time
    ended: Time | None = Field(description="null: it runs.")
    by: str = Field(description="Who began it; `system`: each night.", examples=["user:wang"])
    ways: int = Field(description="How many calls it has.")
    called: int = Field(description="How many of them were made.")
    differences: list[SelftestDifference]
    more: int = Field(description="Further differences, which are not kept.")
    spared: list[str] = Field(description="Sub-hotlines that were reached and not rung, as they do not allow it.")
    recogniser: bool = Field(description="Whether it understood words; else only sound and silence are told apart.")
    slowest_s: float | None = Field(description="Seconds from a queue to a person, at most; null: no queue was called.")
    stopped: Stopped | None = Field(description="Why it ended before its last call; null: it did not.")
    why: str | None = Field(description="The same, for people.")


class SelftestOut(BaseModel):
    """What the self-test does, and what it found."""

    nightly: str | None = Field(description="When it begins each night; null: only when somebody asks.")
    running: bool
    way: str | None = Field(description="The call that is made now.", examples=["12319 2,1"])
    last: OutcomeOut | None = Field(description="The one that runs, else the last one; null: there was none.")


def outcome_out(outcome: Outcome, language: str) -> OutcomeOut:
    """A self-test as HTTP shows it. `language`: of the sentences."""
    return OutcomeOut.model_validate(
        {
            **asdict(outcome),  # pydantic reads seconds since the epoch
            "differences": [_difference_out(each, language) for each in outcome.differences],
            "slowest_s": None if outcome.slowest is None else round(outcome.slowest, 3),
            "why": None if outcome.stopped is None else worded(STOPPED[outcome.stopped], language),
        }
    )


def _difference_out(difference: Difference, language: str) -> SelftestDifference:
    return SelftestDifference.model_validate({**asdict(difference), "sentence": difference.sentence(language)})


def router(selftest: Selftest) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/selftest", tags=["selftest"])

    @routes.get("", summary="The self-test: what it does, and what it found")
    async def get_selftest(asker: Asking, language: Wanted) -> SelftestOut:
        """Its sentences are in the first of `zh` and `en` that `Accept-Language` names."""
        outcome = selftest.progress or selftest.last.outcome
        return SelftestOut(
            nightly=selftest.settings.selftest.at,
            running=selftest.progress is not None,
            way=selftest.way or None,
            last=None if outcome is None else outcome_out(outcome, language),
        )

    @routes.post(
        "",
        status_code=202,
        summary="Begin a self-test",
        responses={409: {"description": "None can begin now; the sentence says why."}},
    )
    async def begin(asker: Asking) -> None:
        """It goes on by itself; `GET /selftest` tells how far it is."""
        try:
            selftest.begin(asker.actor)
        except NotNow as error:
            why = Sentence("a self-test runs already") if error.why is None else Sentence(STOPPED[error.why])
            raise HTTPException(409, Sentence("No self-test can begin: {why}.", why=why)) from error

    @routes.delete("", status_code=204, summary="Stop the self-test")
    async def stop(asker: Asking) -> None:
        """What it found so far is kept. Nothing happens if none runs."""
        selftest.stop()

    return routes


class SelftestFigures(Collector):
    """What the last self-test that has ended came to, for metrics. Before the first one nothing differs. One that was
    stopped, or that a restart has ended, says nothing.
    """

    def __init__(self, selftest: Selftest) -> None:
        self._selftest, self._last = selftest, selftest.last
        self._ended = Outcome(0.0, "", 0, 0.0)

    def collect(self) -> Iterator[Metric]:
        last = self._last.outcome
        if last is not None and last.ended is not None and last.stopped not in (Stopped.ASKED, Stopped.RESTARTED):
            self._ended = last
        ended = self._ended
        found = len(ended.differences) + ended.more
        yield GaugeMetricFamily("wutong_selftest_differences", "What the last self-test found.", found)
        complete = ended.stopped is None and not self._selftest.not_begun
        what = "0: the last self-test was not complete, or the last nightly one could not begin."
        yield GaugeMetricFamily("wutong_selftest_complete", what, complete)
        when = "When it ended, in seconds since the epoch; 0: there was none."
        yield GaugeMetricFamily("wutong_selftest_end_time_seconds", when, ended.ended)
