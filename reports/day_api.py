"""An agent's day over HTTP: `/reports/agents/{agent_id}/day`."""

import asyncio
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.asking import Asking
from agents.api import AgentSource, found
from hotline.model import Hotline
from ivr.timetable import first_shown
from journal import database
from journal.store import of_agent
from reports import day
from reports.day import Activity
from reports.periods import FIRST, LAST
from sentences.sentence import Sentence
from web.fields import Time, iso

MOST = 10_000
"""Records of one day. An agent of a busy hotline has some 3,000."""


class ShiftOut(BaseModel):
    """From a sign-in to the sign-out, as far as it is of this day."""

    from_: Time = Field(serialization_alias="from", description="The midnight, if the agent was signed in before.")
    until: Time = Field(description="The end of what is shown, if the agent is signed in after it.")


class SumOut(BaseModel):
    """How long the agent did one thing."""

    kind: Activity
    reason: str = Field(description="Of `not-ready`; empty: there is none.", examples=["用餐"])
    ms: int = Field(description="Milliseconds.")


class SpanOut(BaseModel):
    """What the agent did until the next span, or the end of the shift."""

    from_: Time = Field(serialization_alias="from")
    until: Time
    kind: Activity
    reason: str = Field(description="Why the agent was not ready; empty: there is none.")
    queue: str | None = Field(description="Of the call that rang, was talked to or wrapped up.")
    call_id: str | None = Field(description="That call; see `GET /api/v1/calls/{id}`.")
    missed: str | None = Field(
        description="Of `ringing` that nobody answered, why: `no-answer`, `declined`, `busy`, `unreachable`, "
        "`abandoned` or `failed`."
    )


class AgentDayOut(BaseModel):
    """An agent's day."""

    agent: str = Field(examples=["1001"])
    name: str = Field(examples=["绿化一席"])
    date: date
    timezone: str = Field(description="In which the day is meant.", examples=["Asia/Shanghai"])
    from_: Time = Field(serialization_alias="from", description="The midnight with which the day begins.")
    until: Time = Field(description="Until when is shown: the end of the day, or now.")
    shifts: list[ShiftOut]
    signed_in_ms: int = Field(description="All shifts together: exactly the sum of `sums`.")
    missed: int = Field(description="Rings that ended without an answer.")
    sums: list[SumOut]
    spans: list[SpanOut] = Field(description="Without a gap in each shift.")


def router(
    engine: AsyncEngine, source: AgentSource, hotline: Callable[[], Hotline], now: Callable[[], float]
) -> APIRouter:
    """The route. `now`: seconds since the epoch."""
    routes = APIRouter(prefix="/reports/agents", tags=["reports"])

    @routes.get(
        "/{agent_id}/day",
        summary="An agent's day",
        response_model=AgentDayOut,
        responses={404: {"description": "No such agent."}, 503: {"description": "The database cannot be asked."}},
    )
    async def get_day(
        agent_id: str,
        asker: Asking,
        day_: Annotated[
            date | None, Query(alias="date", description="By the hotline's clock. Left out: today.")
        ] = None,
    ) -> Any:
        """What the agent did from midnight to midnight, from one change to the next, and for how long in all. The last
        half second may be missing. A day with more than 10,000 changes is shown up to there.
        """
        agent, in_use = found(source, agent_id, asker), hotline()
        today = day_ or datetime.fromtimestamp(now(), in_use.zone).date()
        if not FIRST <= today <= LAST:
            raise HTTPException(422, Sentence("`date` has to be from {first} to {last}.", first=FIRST, last=LAST))
        begin = first_shown(in_use.zone, today, 0)
        end = max(begin, min(now(), first_shown(in_use.zone, today + timedelta(days=1), 0)))
        try:
            records = await database.read(engine, lambda connection: of_agent(connection, agent_id, begin, end, MOST))
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            why = Sentence("the database cannot be asked: {why}", why=type(error).__name__)
            raise HTTPException(503, why) from error
        if sum(record.at >= begin for record in records) >= MOST:
            end = max(begin, records[-1].at)
        first, last = day.milliseconds(begin), day.milliseconds(end)
        spans, written = [], []
        for number, span in enumerate(day.spans(records, first, last)):
            spans.append(span)
            written.append(json.dumps(_span_out(span), ensure_ascii=False))
            if number % 20 == 19:  # after half a millisecond calls go on
                await asyncio.sleep(0)
        shifts, sums = day.shifts(spans), day.sums(spans)
        head = {
            "agent": agent.id,
            "name": agent.name,
            "date": today.isoformat(),
            "timezone": in_use.timezone,
            "from": iso(begin),
            "until": iso(end),
            "shifts": [{"from": _iso(shift.begin), "until": _iso(shift.end)} for shift in shifts],
            "signed_in_ms": sum(shift.end - shift.begin for shift in shifts),
            "missed": sum(span.missed is not None for span in spans),
            "sums": [{"kind": kind, "reason": reason, "ms": ms} for (kind, reason), ms in sums.items()],
        }
        text = f'{json.dumps(head, ensure_ascii=False)[:-1]}, "spans": [{", ".join(written)}]}}'
        return Response(text, media_type="application/json")

    return routes


def _span_out(span: day.Span) -> dict[str, Any]:
    return {
        "from": _iso(span.begin),
        "until": _iso(span.end),
        "kind": span.doing.activity,
        "reason": span.doing.reason,
        "queue": span.doing.queue,
        "call_id": span.doing.call,
        "missed": span.missed,
    }


def _iso(milliseconds: int) -> str:
    return iso(milliseconds / 1_000)
