"""Reports over HTTP: `/reports`."""

import asyncio
import csv
import io
import json
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, HTTPException, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.asking import Asking
from accounts.model import Reach
from base.hints import one_of
from hotline.model import Hotline
from ivr.calendars import Days
from reports import workbook
from reports.figures.model import DIMENSIONS, Figure, Unit
from reports.kinds import FIGURES, NAMES, SERVICE_LEVELS, USUAL, Made, ReportKind, dimensions_of, of_report
from reports.periods import FIRST, LAST, Before, Clock, Every, days_before
from reports.reading import MOST_ROWS, UNREADABLE, Group, TooManyRows, Wanted, ask, parts_of
from reports.sums import Dimension, Sums
from sentences.sentence import Sentence
from settings.sections import Reports
from web import problems
from web.fields import Time, iso

LONGEST = 3_700
"""Days of one report: ten years."""


class NameOut(BaseModel):
    zh: str
    en: str


class FigureOut(BaseModel):
    """One figure, as its docstring defines it."""

    id: str = Field(examples=["asa"])
    name: NameOut
    unit: Unit
    definition: NameOut
    formula: str = Field(description="By the names of the sums.", examples=["wait_ms / answered"])
    source: str = Field(description="The kinds of Records that it comes from.", examples=["connected"])
    by: list[Dimension] = Field(description="By what it is known; `hotline`: of the whole hotline.")
    usual: bool = Field(description="It is shown first; the others on request.")


class ReportOut(BaseModel):
    """One kind of report, and what it can be split by."""

    kind: ReportKind
    name: NameOut
    by: list[str] = Field(description="One of these dimensions at a time, and any of the clock's.")
    figures: list[FigureOut]


class RowOut(BaseModel):
    """One row. What the report is not split by is null."""

    name: str | None = Field(description="Of the dimension: the id of the queue, of the agent, …", examples=["gas"])
    begins: Time | None = Field(description="The beginning of the interval.")
    hour: int | None = Field(description="0 to 23, by the hotline's clock.")
    weekday: int | None = Field(description="1 Monday to 7 Sunday.")
    day_kind: str | None = Field(description="`workday`, `weekend` or `holiday`.")
    night: bool | None = Field(description="From 22:00 to 6:00.")
    figures: Mapping[str, int | float | None] = Field(description="By id; null: there is nothing to make it of.")


class FiguresOut(BaseModel):
    """A report."""

    kind: ReportKind
    from_: date = Field(serialization_alias="from")
    to: date = Field(description="The last day, included.")
    timezone: str = Field(description="In which days and hours are meant.", examples=["Asia/Shanghai"])
    by: list[str]
    every: Every | None
    counted_since: Time | None = Field(description="Nothing from before is counted; null: nothing was ever counted.")
    service_level: str = Field(description="The figure that the setting `reports.service_level` chooses.")
    total: Mapping[str, int | float | None] = Field(description="Of all rows together.")
    rows: list[RowOut]
    before: "FiguresOut | None" = Field(description="The days with which these are compared.")


Value = int | float | None


class Asked(NamedTuple):
    """What a request asks for, checked. `names`: only of these."""

    dimension: Dimension
    split: bool
    names: Collection[str] | None
    clocks: tuple[Clock, ...]
    every: Every | None


Agents = Callable[[Reach], Collection[str]]
"""Gives the agents whose figures an account with this reach may see."""


def router(
    engine: AsyncEngine,
    hotline: Callable[[], Hotline],
    agents: Agents,
    now: Callable[[], float],
    settings: Reports,
) -> APIRouter:
    """The routes. `now`: seconds since the epoch."""
    service_level = f"service_level_{settings.service_level.replace('-', '_')}"
    routes = APIRouter(prefix="/reports", tags=["reports"])

    @routes.get("", summary="Which reports there are, and how each figure is defined")
    async def list_reports(asker: Asking) -> list[ReportOut]:
        """In English and Chinese."""
        return [_described(kind) for kind in ReportKind]

    @routes.get(
        "/{kind}",
        summary="A report",
        response_model=FiguresOut,
        responses={
            200: {
                "content": {
                    "text/csv": {"schema": {"type": "string"}},
                    workbook.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}},
                }
            },
            503: {"description": "The database cannot be asked."},
        },
    )
    async def get_report(
        kind: ReportKind,
        asker: Asking,
        accepted: problems.Wanted,
        first: Annotated[
            date | None, Query(alias="from", description="The first day, by the hotline's clock. Left out: today.")
        ] = None,
        last: Annotated[date | None, Query(alias="to", description="The last day, included. Left out: today.")] = None,
        by: Annotated[
            str, Query(description="One dimension and any of `hour`, `weekday`, `day-kind`, `night`.", max_length=80)
        ] = "",
        name: Annotated[str | None, Query(description="Only this queue, agent, … of the dimension.")] = None,
        every: Annotated[Every | None, Query(description="One row for each such interval.")] = None,
        compare: Annotated[Before | None, Query(description="With the same days before.")] = None,
        service_levels: Annotated[
            Literal["one", "all"], Query(description="`all`: each way to reckon it, and not only the one set.")
        ] = "one",
        format: Annotated[
            Literal["json", "csv", "xlsx"], Query(description="`csv`: without `before`. `xlsx`: a workbook.")
        ] = "json",
        language: Annotated[
            Literal["zh", "en"] | None, Query(description="Of the workbook; left out: by `Accept-Language`.")
        ] = None,
    ) -> Any:
        """Figures are made as Records are written; while more than 20 calls are open they are up to 10 s late. What
        happened counts in the quarter hour in which it began, once it is over.
        """
        in_use = hotline()
        today = datetime.fromtimestamp(now(), in_use.zone).date()
        begin, end = first or last or today, last or today
        if not FIRST <= begin <= end <= LAST or (end - begin).days >= LONGEST:
            raise HTTPException(
                422,
                Sentence("`from` has to be a day not after `to`, and {days} days before it at most.", days=LONGEST),
            )
        asked = _asked(kind, by, name, every, asker.reach, agents)
        figures = [
            each
            for each in of_report(kind, asked.dimension)
            if service_levels == "all" or each.id not in SERVICE_LEVELS or each.id == service_level
        ]
        days = holidays_of(in_use, settings.calendar)

        async def report(begin: date, end: date) -> Made:
            wanted = Wanted(
                *(asked.dimension, asked.split, asked.names, asked.clocks, asked.every, begin, end, in_use.zone, days),
                frozenset().union(*(each.measures for each in figures)),
            )
            since, rows = await _read(engine, wanted)
            total, shown = await _shown(rows, figures)
            head = {
                "kind": kind,
                "from": begin.isoformat(),
                "to": end.isoformat(),
                "timezone": in_use.timezone,
                "by": [*([asked.dimension] if asked.split else []), *asked.clocks],
                "every": asked.every,
                "counted_since": None if since is None else iso(since),
                "service_level": service_level,
                "total": total,
            }
            return Made(head, shown)

        made = await report(begin, end)
        before = None if compare is None else await report(*days_before(compare, begin, end))
        if format == "json":
            return Response(await _as_json(made, before), media_type="application/json")
        headers = {"Content-Disposition": f'attachment; filename="{kind}-{begin}-{end}.{format}"'}
        if format == "csv":
            return Response(await _as_csv(made, figures), media_type="text/csv", headers=headers)
        spoken = language or accepted
        wanted = workbook.Wanted(
            *(made, before, figures, asked.dimension, called_in(in_use, asked.dimension, spoken), name),
            *(asker.reach.whole, in_use.zone, datetime.fromtimestamp(now(), UTC), spoken),
        )
        return Response(await _as_workbook(wanted), media_type=workbook.MEDIA_TYPE, headers=headers)

    return routes


@cache
def _described(kind: ReportKind) -> ReportOut:
    dimensions = dimensions_of(kind)
    figures = [each for each in FIGURES.values() if any(each in of_report(kind, one) for one in Dimension)]
    return ReportOut(
        kind=kind,
        name=NameOut(zh=NAMES[kind][0], en=NAMES[kind][1]),
        by=[*dimensions, *Clock],
        figures=[
            FigureOut(
                id=each.id,
                name=NameOut(zh=each.zh, en=each.en),
                unit=each.unit,
                definition=NameOut(zh=each.definition_zh, en=each.definition),
                formula=each.formula,
                source=each.source,
                by=list(DIMENSIONS[each.family]),
                usual=each.id in USUAL.get(kind, (each.id,)),
            )
            for each in figures
        ],
    )


def _asked(kind: ReportKind, by: str, name: str | None, every: Every | None, reach: Reach, agents: Agents) -> Asked:
    """Raises an HTTPException that says what is possible."""
    known = dimensions_of(kind)
    words = [word for word in by.split(",") if word]
    clocks = tuple(clock for clock in Clock if clock in words)
    chosen = [each for each in known if each in words]
    strange = [word for word in words if word not in (*known, *Clock)]
    if strange or len(chosen) > 1 or len({*words}) < len(words):
        raise HTTPException(
            422,
            Sentence(
                "`by` has one of {dimensions}, and any of {clocks}, with commas between them.",
                dimensions=one_of([*known]),
                clocks=one_of([*Clock]),
            ),
        )
    if name is not None and not chosen:
        raise HTTPException(422, Sentence("`name` needs `by`, which says of what it is the name."))
    split = bool(chosen)
    usual = Dimension.HOTLINE if of_report(kind, Dimension.HOTLINE) else known[0]
    dimension = chosen[0] if split else usual
    names = None if name is None else {name}
    if not reach.whole:
        dimension, allowed = _within(dimension, known, reach, agents)
        names = allowed if names is None else names & allowed
    return Asked(dimension, split, names, clocks, every)


def _within(
    dimension: Dimension, known: Sequence[Dimension], reach: Reach, agents: Agents
) -> tuple[Dimension, set[str]]:
    """The dimension of which an account of that reach may see figures, and the names. Without a dimension it gets those
    of its queues together, or of its departments.
    """
    parts = {
        Dimension.QUEUE: set(reach.queues),
        Dimension.SUB_HOTLINE: set(reach.departments),
        Dimension.AGENT: set(agents(reach)) if Dimension.AGENT in known else set(),
    }
    if dimension is Dimension.HOTLINE:
        dimension = next((each for each in parts if each in known and parts[each]), dimension)
    if dimension not in parts:
        raise HTTPException(
            403,
            Sentence(
                "Your account is limited to a part of the hotline; of this report it may see figures by {names}.",
                names=one_of([each for each in parts if each in known and parts[each]]) or "-",
            ),
        )
    return dimension, parts[dimension]


def holidays_of(hotline: Hotline, calendar: str | None) -> Days:
    """Of the calendar that the settings name; else of the hotline's only one; else every week is ordinary."""
    if calendar is None and len(hotline.known_days) == 1:
        return next(iter(hotline.known_days.values()))
    return hotline.known_days.get(calendar or "", Days())


def called_in(hotline: Hotline, dimension: Dimension, language: str) -> Mapping[str, str]:
    """Id → name, of a dimension whose ids have names."""
    if dimension is Dimension.AGENT:
        return {agent_id: agent.name for agent_id, agent in hotline.agents.items()}
    named: Mapping[Dimension, Mapping[str, Any]] = {
        Dimension.QUEUE: hotline.queues,
        Dimension.SUB_HOTLINE: hotline.sub_hotlines,
        Dimension.MENU: hotline.menus,
    }
    texts = {each: node.name or {} for each, node in named.get(dimension, {}).items()}
    return {each: name.get(language) or next(iter(name.values()), "") for each, name in texts.items()}


async def _read(engine: AsyncEngine, wanted: Wanted) -> tuple[float | None, Mapping[Group, Sums]]:
    """Since when is counted, and the rows. Raises an HTTPException."""
    try:
        since, (rows,) = await ask(engine, wanted)
    except TooManyRows:
        raise HTTPException(
            422,
            Sentence(
                "The report would have more than {count} rows: ask for fewer days, or longer intervals.",
                count=MOST_ROWS,
            ),
        ) from None
    except UNREADABLE as error:
        why = Sentence("the database cannot be asked: {why}", why=type(error).__name__)
        raise HTTPException(503, why) from error
    return since, rows


# What follows may be of thousands of rows. Calls go on after each few of them.


async def _shown(
    rows: Mapping[Group, Sums], figures: Sequence[Figure]
) -> tuple[Mapping[str, Value], list[dict[str, Any]]]:
    """The figures of all rows together, and each row."""
    total, shown = Sums(), []
    for number, (group, sums) in enumerate(rows.items()):
        total.add(sums)
        shown.append(
            {
                **group._asdict(),
                "begins": None if group.begins is None else iso(group.begins),
                "night": None if group.night is None else bool(group.night),
                "figures": {each.id: each(sums) for each in figures},
            }
        )
        await _let_go_on(number)
    return {each.id: each(total) for each in figures}, shown


async def _as_json(made: Made, before: Made | None) -> str:
    """As FiguresOut says."""
    rows = []
    for number, row in enumerate(made.rows):
        rows.append(json.dumps(row, ensure_ascii=False))
        await _let_go_on(number)
    compared = "null" if before is None else await _as_json(before, None)
    return f'{json.dumps(made.head)[:-1]}, "rows": [{", ".join(rows)}], "before": {compared}}}'


async def _as_csv(made: Made, figures: Sequence[Figure]) -> str:
    """One line a row, with the parts by which it is split."""
    parts = parts_of(made.rows)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*parts, *(each.id for each in figures)])
    for number, row in enumerate(made.rows):
        writer.writerow([*(_cell(row[part]) for part in parts), *row["figures"].values()])
        await _let_go_on(number)
    return text.getvalue()


async def _as_workbook(wanted: workbook.Wanted) -> bytes:
    """In a thread, which ends with whoever waits for it."""
    stop = threading.Event()
    try:
        return await asyncio.to_thread(workbook.content, wanted, stop)
    finally:
        stop.set()


async def _let_go_on(number: int) -> None:
    """After every 20 rows, which take half a millisecond."""
    if number % 20 == 19:
        await asyncio.sleep(0)


def _cell(value: Any) -> Any:
    """A name that a spreadsheet would take for a formula is text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value
