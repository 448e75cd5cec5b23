"""What the surveys came to, over HTTP: `/surveys`; and as metrics."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector
from pydantic import BaseModel, Field

from accounts.asking import Asking
from calls.surveying import Why
from journal.records import Kind
from surveys.model import Surveys, Tally


class QuestionOut(BaseModel):
    """One question of a survey, and how it was answered."""

    answers: int = Field(ge=0, description="How many callers answered it.")
    mean: float | None = Field(description="Of the keys, as numbers. null: nobody answered.", examples=[4.2])
    keys: Mapping[str, int] = Field(description="How often each key was pressed.", examples=[{"4": 3, "5": 1}])


class _Figures(BaseModel):
    offered: int = Field(ge=0, description="Callers who heard the first question.")
    begun: int = Field(ge=0, description="Callers who answered it.")
    complete: int = Field(ge=0, description="Callers who answered all questions.")
    questions: list[QuestionOut] = Field(description="Of each question, the first one first.")
    not_asked: Mapping[str, int] = Field(
        description="Talks after which nobody was asked. `caller-hung-up`: the caller hung up before the agent did. "
        "`transferred`: the caller went on to somebody else. `asked-recently`: within `once_in`. `not-chosen`: by "
        "`share`. `lost`: a phone was gone, or a fault of the hotline ended it.",
        examples=[{"caller-hung-up": 7}],
    )


class QueueSurveysOut(_Figures):
    """The surveys of one queue."""

    queue: str = Field(examples=["greening"])


class AgentSurveysOut(_Figures):
    """The surveys after the talks of one agent with callers of one queue."""

    agent: str = Field(examples=["1001"])
    queue: str = Field(examples=["greening"])


class SurveysOut(BaseModel):
    """What the surveys came to."""

    since: date = Field(description="The first day that is counted, in the hotline's time zone.")
    queues: list[QueueSurveysOut]
    agents: list[AgentSurveysOut] = Field(description="Of each agent, and each queue of the agent's talks.")


def router(surveys: Surveys, now: Callable[[], float]) -> APIRouter:
    """The route of the surveys."""
    routes = APIRouter(prefix="/surveys", tags=["surveys"])

    @routes.get("", summary="What callers said after their talks")
    async def list_surveys(
        asker: Asking,
        since: Annotated[
            date | None, Query(description="From this day on, in the hotline's time zone; left out: the last 30 days.")
        ] = None,
    ) -> SurveysOut:
        """Of the last 30 days at most: of each queue, and of each agent in it."""
        first = "" if since is None else since.isoformat()
        figures = {
            who: tally for who, tally in surveys.figures(now(), first).items() if asker.reach.has_queue(who.queue)
        }
        queues: dict[str, Tally] = {}
        for who, tally in figures.items():
            queues.setdefault(who.queue, Tally()).add(tally)
        return SurveysOut(
            since=date.fromisoformat(max(first, surveys.oldest(now()))),
            queues=[QueueSurveysOut(queue=queue, **_figures(tally)) for queue, tally in sorted(queues.items())],
            agents=[
                AgentSurveysOut(**who._asdict(), **_figures(figures[who]))
                for who in sorted(figures, key=lambda who: (who.agent, who.queue))
            ],
        )

    return routes


def _figures(tally: Tally) -> dict[str, Any]:
    return {
        "offered": tally.offered,
        "begun": tally.begun,
        "complete": tally.complete,
        "questions": [_question(keys) for keys in tally.keys],
        "not_asked": {why.value: tally.not_asked[why] for why in Why if why in tally.not_asked},
    }


def _question(keys: Mapping[str, int]) -> QuestionOut:
    answers = sum(keys.values())
    mean = sum(int(key) * count for key, count in keys.items()) / answers if answers else None
    return QuestionOut(answers=answers, mean=None if mean is None else round(mean, 3), keys=dict(sorted(keys.items())))


class SurveyCount(Collector):
    """How many surveys were offered, begun and complete: for metrics."""

    def __init__(self, surveys: Surveys) -> None:
        self._surveys = surveys

    def collect(self) -> Iterator[Metric]:
        for name, stage, about in _METRICS:
            counter = CounterMetricFamily(f"wutong_surveys_{name}", about, labels=["queue"])
            for (queue, counted), number in self._surveys.totals.items():
                if counted == stage:
                    counter.add_metric([queue], number)
            yield counter


_METRICS = (
    ("offered", Kind.SURVEY_OFFERED.value, "Callers who heard the first question of a survey, since the start."),
    ("begun", "begun", "Callers who answered the first question of a survey, since the start."),
    ("complete", Kind.SURVEY_COMPLETE.value, "Callers who answered all questions of a survey, since the start."),
    ("not_asked", Kind.SURVEY_NOT_ASKED.value, "Talks after which nobody was asked, since the start."),
)
