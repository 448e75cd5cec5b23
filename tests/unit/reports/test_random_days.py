"""Random days: every report is what a slow and obvious computation makes of the same calls."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from ivr.calendars import Days
from journal.records import Kind, Record
from reports import store
from reports.facts.calls import SHORT_ABANDON
from reports.facts.fold import after
from reports.facts.model import Open
from reports.kinds import FIGURES
from reports.periods import Clock, Every
from reports.reading import Group, Wanted, ask
from reports.store import Counted
from reports.sums import Dimension, Pending, Sums, bucket
from tests import engines
from tests.unit.reports.stories import IN_TIME, abandoned, answered, in_order

ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe")]
WHOLE_HOURS = ("Asia/Shanghai", "Europe/Berlin")
"""Waits are known of whole hours since the epoch."""

DAYS = [date(2026, 2, 14), date(2026, 3, 28), date(2026, 10, 24), date(2026, 12, 30)]
"""China's make-up day (a Saturday), the days before clocks change in Berlin, and before a new year."""

CALENDAR = Days(holidays=(date(2026, 2, 16), date(2027, 1, 1)), makeup=(date(2026, 2, 14),), until=date(2027, 12, 31))


@dataclass(frozen=True)
class Planned:
    """One call that comes to one queue. Whole seconds."""

    at: int
    queue: str
    how: str
    wait: int
    talk: int
    hold: int
    wrap_up: int


CALL = st.builds(
    Planned,
    at=st.integers(0, 3 * 86_400 - 1),
    queue=st.sampled_from(["greening", "water"]),
    how=st.sampled_from(["answered", "answered", "answered", "abandoned", "overflowed", "moved", "cut"]),
    wait=st.one_of(st.integers(0, 25), st.integers(0, 2_000)),
    talk=st.integers(1, 2_000),
    hold=st.integers(0, 300),
    wrap_up=st.integers(1, 60),
)


class Happened(NamedTuple):
    """A call with its moment, and who answered it."""

    call: Planned
    at: float
    agent: str


def happened(calls: Sequence[Planned], begin: float) -> list[Happened]:
    """Each answered by the first agent who is free then."""
    free: dict[str, float] = {}
    found = []
    for call in sorted(calls, key=lambda call: call.at + call.wait):
        connected = begin + call.at + call.wait
        agent = next((name for name, at in free.items() if at < connected - 4), f"{1001 + len(free)}")
        if call.how == "answered":
            free[agent] = connected + call.talk + call.hold + call.wrap_up
        found.append(Happened(call, begin + call.at, agent))
    return found


def story(number: int, one: Happened) -> list[Record]:
    call, at, agent = one
    name, end = f"c{number}", at + call.wait
    if call.how == "answered":
        more = [
            Record(end + 0.5, Kind.HELD, name, call.queue, agent),
            Record(end + 0.5 + call.hold, Kind.UNHELD, name, call.queue, agent, data={"held_s": float(call.hold)}),
        ]
        who = {"queue": call.queue, "agent": agent}
        told = answered(name, at, float(call.wait), float(call.talk + call.hold), float(call.wrap_up), **who)
        return in_order(told, more if call.hold else [])
    told = abandoned(name, at, float(call.wait), call.queue)
    if call.how == "abandoned":
        return told
    if call.how == "cut":
        data = {"why": "cut", "waited_s": float(call.wait)}
        return [*told[:2], Record(end, Kind.LEFT_QUEUE, name, call.queue, data=data), told[2]]
    data = {"rule": 0, "waited_s": float(call.wait)} if call.how == "overflowed" else {"to": {"queue": "other"}}
    kind = Kind.OVERFLOWED if call.how == "overflowed" else Kind.MOVED
    return [*told[:2], Record(end, kind, name, call.queue, data=data), told[2]]


class Way(NamedTuple):
    """A way to split a report."""

    split: bool
    clocks: tuple[Clock, ...]
    every: Every | None


WAYS = [
    Way(False, (), None),
    Way(True, (), None),
    Way(True, (Clock.HOUR,), None),
    Way(False, (Clock.WEEKDAY, Clock.NIGHT), None),
    Way(True, (Clock.DAY_KIND,), Every.DAY),
    *(Way(False, (), every) for every in Every),
]

_generations = count(1)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database. Each example has a generation of its own in it."""
    path = tmp_path_factory.mktemp("days") / "sums.db"
    store.metadata.create_all(create_engine(f"sqlite:///{path}", poolclass=NullPool))
    return path


@settings(max_examples=40)
@given(calls=st.lists(CALL, max_size=30), zone=st.sampled_from(ZONES), day=st.sampled_from(DAYS))
def test_reports_are_what_the_calls_were(file: Path, calls: list[Planned], zone: ZoneInfo, day: date) -> None:
    first, last = day, day + timedelta(days=2)
    whole = happened(calls, datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
    until = datetime(last.year, last.month, last.day, tzinfo=zone) + timedelta(days=1)
    reports = asyncio.run(reported(file, whole, zone, first, last))
    for way, made in zip(WAYS, reports, strict=True):
        entries = grouped(whole, way, zone, until.timestamp(), lambda one: one.at)
        talks = [one for one in whole if one.call.how == "answered"]
        talks_of = grouped(talks, way, zone, until.timestamp(), lambda one: one.at + one.call.wait)
        expected = {
            group: as_shown([one.call for one in entries.get(group, ())], [one.call for one in talks_of.get(group, ())])
            for group in {*entries, *talks_of}
        }
        found = {group: {name: FIGURES[name](sums) for name in FIGURES_HERE} for group, sums in made.items()}
        assert found == expected
        assert_sums(made, way)
        if way.every is not Every.QUARTER and zone.key in WHOLE_HOURS:
            for group, sums in made.items():
                here = [one.call for one in entries.get(group, ()) if one.call.how == "answered"]
                assert sums.waits == Counter(bucket(1_000 * call.wait) for call in here)


def assert_sums(made: Mapping[Group, Sums], way: Way) -> None:
    """In every row the ways in which entries ended come to all of them."""
    for sums in made.values():
        parts = sums.answered, sums.abandoned, sums.overflowed, sums.promised, sums.left_otherwise
        assert sum(parts) == sums.entries, way


async def reported(
    file: Path, whole: Sequence[Happened], zone: ZoneInfo, first: date, last: date
) -> Sequence[Mapping[Group, Sums]]:
    """Through Records, facts and the database."""
    state, pending, generation = Open(), Pending(), next(_generations)
    for record in in_order(*(story(number, one) for number, one in enumerate(whole))):
        pending.add(after(state, record))
    measures = frozenset[str]().union(*(FIGURES[name].measures for name in FIGURES_HERE)) | {
        *("entries", "answered", "abandoned", "overflowed", "promised", "left_otherwise"),
    }
    engine = engines.create(f"sqlite+aiosqlite:///{file}", poolclass=NullPool)
    async with engine.begin() as connection:
        await store.add(connection, generation, pending)
        await store.replace(connection, Counted(generation, 0, 0.0, ""))
    if zone.key in WHOLE_HOURS:
        measures |= {"waits"}
    wanted = []
    for way in WAYS:
        dimension = Dimension.QUEUE if way.split else Dimension.HOTLINE
        wanted.append(
            Wanted(*(dimension, way.split, None, way.clocks, way.every, first, last, zone, CALENDAR), measures)
        )
    made = (await ask(engine, *wanted)).sums
    await engine.dispose()
    return made


# -- the slow and obvious computation -------------------------------------------------------------------------------


def grouped(
    whole: Iterable[Happened], way: Way, zone: ZoneInfo, until: float, moment: Callable[[Happened], float]
) -> Mapping[Group, list[Happened]]:
    """By the clock of the zone, one call after the other."""
    found: dict[Group, list[Happened]] = {}
    for one in whole:
        if moment(one) < until:
            found.setdefault(group_of(moment(one), way, zone, one.call.queue), []).append(one)
    return found


def group_of(at: float, way: Way, zone: ZoneInfo, queue: str) -> Group:
    local = datetime.fromtimestamp(at, zone)
    night = int(local.hour < 6 or local.hour >= 22)
    return Group(
        None if way.every is None else beginning(local, way.every),
        queue if way.split else None,
        local.hour if Clock.HOUR in way.clocks else None,
        local.isoweekday() if Clock.WEEKDAY in way.clocks else None,
        kind_of(local.date()) if Clock.DAY_KIND in way.clocks else None,
        night if Clock.NIGHT in way.clocks else None,
    )


def kind_of(day: date) -> str:
    if day in CALENDAR.holidays:
        return "holiday"
    return "weekend" if day.isoweekday() >= 6 and day not in CALENDAR.makeup else "workday"


def beginning(local: datetime, every: Every) -> float:
    if every in (Every.QUARTER, Every.HOUR):
        minutes = local.minute % 15 if every is Every.QUARTER else local.minute
        return local.timestamp() - minutes * 60 - local.second
    day = local.date()
    if every is Every.WEEK:
        day -= timedelta(days=day.isoweekday() - 1)
    elif every is Every.MONTH:
        day = day.replace(day=1)
    elif every is Every.YEAR:
        day = day.replace(day=1, month=1)
    return datetime(day.year, day.month, day.day, tzinfo=local.tzinfo).timestamp()


def figures(entries: Collection[Planned], talks: Collection[Planned]) -> dict[str, float | None]:
    answers, gone, overflowed = (
        [each for each in entries if each.how == how] for how in ("answered", "abandoned", "overflowed")
    )
    in_time = [each for each in answers if each.wait <= IN_TIME]
    gone_in_time = [each for each in gone if each.wait <= IN_TIME]
    short = [each for each in gone if each.wait <= SHORT_ABANDON]
    all_, fast, soon, brief = len(answers) + len(gone), len(in_time), len(gone_in_time), len(short)
    return {
        "entries": len(entries),
        "offered": all_,
        "answered": len(answers),
        "abandoned": len(gone),
        "abandoned_short": brief,
        "overflowed": len(overflowed),
        "left_otherwise": len([each for each in entries if each.how in ("moved", "cut")]),
        "abandon_rate": share(len(gone) - brief, all_ - brief),
        "service_level_abandons_served": share(fast + soon, all_),
        "service_level_of_answered": share(fast, len(answers)),
        "service_level_of_offered": share(fast, all_),
        "service_level_without_abandons_in_time": share(fast, all_ - soon),
        "service_level_short_served": share(fast + brief, all_),
        "service_level_without_short": share(fast, all_ - brief),
        "asa": mean(each.wait for each in answers),
        "abandon_wait": mean(each.wait for each in gone),
        "longest_wait": max((float(each.wait) for each in entries), default=None),
        "interactions": len(talks),
        "aht": mean(each.talk + each.hold + each.wrap_up for each in talks),
        "talk": mean(each.talk for each in talks),
        "hold": mean(each.hold for each in talks),
        "wrap_up": mean(each.wrap_up for each in talks),
    }


def share(part: int, whole: int) -> float | None:
    return part / whole * 100 if whole else None


def mean(seconds: Iterable[int]) -> float | None:
    known = list(seconds)
    return sum(known) / len(known) if known else None


def as_shown(entries: Collection[Planned], talks: Collection[Planned]) -> dict[str, Any]:
    """Right to the last digit that is shown."""
    shown: dict[str, Any] = figures(entries, talks)
    for name, value in shown.items():
        if isinstance(value, float):
            shown[name] = pytest.approx(value, abs=0.0501 if FIGURES[name].unit == "seconds" else 0.00501)
    return shown


FIGURES_HERE = tuple(figures((), ()))
