"""How fast reports are, over a year of a city.

    python -m lab.bench.year [--calls N] [--seed N] [--database URL] [--json]

A year of Records is made: a million calls with seasons, weekdays, hours, holidays, surges in storms, and days on which
the service was away; ten queues, and agents in three shifts who have breaks. Facts are made of them, and added to the
tables as the service does it. Then reports are read, each nine times; the median counts. The Records themselves are not
stored: no report reads them. A database that has a year already is read only.
"""

import argparse
import asyncio
import heapq
import json
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from math import cos, pi
from pathlib import Path
from random import Random
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncEngine

from ivr.calendars import Days
from journal import database
from journal.records import Kind, Record
from reports import store
from reports.facts.fold import after
from reports.facts.model import Open, kept
from reports.kinds import ReportKind as Report
from reports.kinds import dimensions_of, of_report
from reports.periods import Clock, Every
from reports.reading import Wanted, ask
from reports.store import Counted
from reports.sums import Dimension, Pending

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
HOLIDAYS = Days(
    holidays=tuple(date(2025, 1, 28) + timedelta(days=n) for n in range(8))
    + tuple(date(2025, 10, 1) + timedelta(days=n) for n in range(8)),
    makeup=(date(2025, 1, 26), date(2025, 2, 8), date(2025, 9, 28), date(2025, 10, 11)),
)
AWAY = (date(2025, 4, 6), date(2025, 11, 16))
"""Days without a service."""

STORMS = (date(2025, 7, 24), date(2025, 7, 25), date(2025, 9, 16))
"""Days with three times as many calls."""

HOURS = (1, 1, 1, 1, 1, 2, 4, 8, 14, 18, 18, 16, 12, 14, 17, 17, 15, 12, 9, 7, 6, 5, 3, 2)
"""How a day's calls are spread over its hours."""

QUEUES = ("greening", "water", "gas", "heating", "roads", "buses", "waste", "housing", "noise", "general")
SHARES = (6, 12, 8, 5, 14, 9, 11, 13, 9, 13)
SHIFTS = ((0, 8, 6), (8, 16, 36), (14, 22, 30), (21, 24, 6))
"""From which hour to which how many agents work."""


def load_of(day: date) -> float:
    """How many calls come on this day, beside an ordinary one."""
    if day in AWAY:
        return 0.0
    season = 1 + 0.25 * cos(2 * pi * (day.timetuple().tm_yday - 200) / 365)
    off = day in HOLIDAYS.off or (day.weekday() >= 5 and day not in HOLIDAYS.made_up)
    return season * (0.6 if off else 1.0) * (3.0 if day in STORMS else 1.0)


def year(calls: int, seed: int) -> Iterator[list[Record]]:
    """A list of Records for each day, in their order; about `calls` calls in all."""
    chance = Random(seed)
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    whole = sum(map(load_of, days))
    for day in days:
        yield _day(day, round(calls * load_of(day) / whole), chance)


def _day(day: date, calls: int, chance: Random) -> list[Record]:
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE).timestamp()
    hours = chance.choices(range(24), HOURS, k=calls)
    arrivals = sorted(midnight + 3_600 * hour + chance.random() * 3_600 for hour in hours)
    told: list[Record] = []
    agents: list[tuple[float, str, float]] = []  # free from, who, until when at work
    for begins, ends, count in SHIFTS if calls else ():
        for n in range(count):
            agent, comes = f"{begins:02}{n:02}", midnight + begins * 3_600 + n
            told += [
                _state(comes, agent, "not-ready", "logged-out", "training"),
                _state(comes + 300, agent, "ready", "not-ready"),
            ]
            agents.append((comes + 300, agent, midnight + ends * 3_600))
    heapq.heapify(agents)
    for number, at in enumerate(arrivals):
        told += _call(f"{day}-{number}", at, agents, chance)
    for free, agent, until in agents:
        told.append(_state(max(free, until), agent, "logged-out", "ready"))
    told.sort(key=lambda record: record.at)
    return told


def _call(call: str, at: float, agents: list[tuple[float, str, float]], chance: Random) -> list[Record]:
    (queue,) = chance.choices(QUEUES, SHARES)
    key = str(QUEUES.index(queue))
    begun = {"caller": "", "number": "12319", "language": "zh" if chance.random() < 0.97 else "en", "version": "v1"}
    entered = at + 12
    told = [
        Record(at, Kind.CALL_STARTED, call, data=begun),
        Record(at, Kind.MENU_ENTERED, call, data={"menu": "main"}),
        Record(entered, Kind.KEY_PRESSED, call, data={"menu": "main", "key": key}),
        Record(entered, Kind.QUEUED, call, queue, data={"position": 1}),
    ]
    while agents and max(agents[0][0], entered) >= agents[0][2]:  # this one has gone home
        free, gone, until = heapq.heappop(agents)
        told.append(_state(max(free, until), gone, "logged-out", "ready"))
    patience = chance.expovariate(1 / 120)
    if not agents or agents[0][0] + 4 > entered + patience:
        wait = round(patience, 3)
        left = {"why": "hung-up", "waited_s": wait, "in_service_level": wait <= 15}
        return [
            *told,
            Record(entered + wait, Kind.LEFT_QUEUE, call, queue, data=left),
            Record(entered + wait, Kind.CALL_FINISHED, call, data={"by": "caller"}),
        ]
    free, agent, until = heapq.heappop(agents)
    rings = max(free, entered)
    connected = rings + 2 + 3 * chance.random()
    ended = connected + chance.lognormvariate(5.0, 0.6)
    ready = ended + 20
    heapq.heappush(agents, (ready + 0.5, agent, until))
    wait = round(connected - entered, 3)
    level = {"waited_s": wait, "in_service_level": wait <= 15}
    return [
        *told,
        Record(rings, Kind.OFFERED, call, queue, agent, call),
        _state(rings, agent, "ringing", "ready"),
        Record(connected, Kind.CONNECTED, call, queue, agent, call, level),
        _state(connected, agent, "on-call", "ringing"),
        Record(ended, Kind.TALK_ENDED, call, queue, agent, data={"by": "caller"}),
        _state(ended, agent, "wrap-up", "on-call"),
        Record(ended, Kind.CALL_FINISHED, call, data={"by": "caller"}),
        _state(ready, agent, "ready", "wrap-up"),
    ]


def _state(at: float, agent: str, now: str, before: str, reason: str = "") -> Record:
    return Record(at, Kind.AGENT_STATE, agent=agent, data={"state": now, "previous": before, "reason": reason})


async def fill(engine: AsyncEngine, calls: int, seed: int) -> dict[str, float]:
    """Write the sums of the year; what that took."""
    state, told, counting = Open(), 0, 0.0
    for records in year(calls, seed):
        pending, began = Pending(), time.process_time()
        for record in records:
            pending.add(after(state, record))
        counting += time.process_time() - began
        told += len(records)
        async with engine.begin() as connection:
            await store.add(connection, 1, pending)
    async with engine.begin() as connection:
        await store.begin(connection, Counted(1, 0, 0.0, kept(state)))  # 0: the journal has no Records
    return {"records": told, "microseconds_a_record": round(1e6 * counting / told, 1)}


READ: Sequence[tuple[str, date, date, float]] = (
    ("a day", date(2025, 7, 24), date(2025, 7, 24), 0.2),
    ("a month", date(2025, 7, 1), date(2025, 7, 31), 0.5),
    ("a year", FIRST, LAST, 1.0),
)
"""What is read, and within how many seconds it should be."""

WAYS: Sequence[tuple[Report, Dimension | None, tuple[Clock, ...], Every | None]] = (
    (Report.QUEUES, None, (), None),
    (Report.QUEUES, Dimension.QUEUE, (), None),
    (Report.QUEUES, Dimension.QUEUE, (Clock.HOUR,), None),
    (Report.QUEUES, Dimension.QUEUE, (Clock.HOUR, Clock.DAY_KIND), None),
    (Report.QUEUES, Dimension.QUEUE, (), Every.DAY),
    (Report.QUEUES, Dimension.QUEUE, (), Every.MONTH),
    (Report.AGENTS, Dimension.AGENT, (), None),
    (Report.AGENTS, Dimension.AGENT, (Clock.HOUR,), None),
    (Report.CALLS, Dimension.LANGUAGE, (Clock.WEEKDAY,), None),
    (Report.MENUS, Dimension.KEY, (Clock.HOUR,), None),
)

RUNS = 9
"""How often each is read."""


def _used() -> float:
    """Seconds of a processor: of this program, and of those that have read for it."""
    return sum(sum(resource.getrusage(whose)[:2]) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


async def measure(engine: AsyncEngine) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for kind, split, clocks, every in WAYS:
        dimension = split or (Dimension.HOTLINE if of_report(kind, Dimension.HOTLINE) else dimensions_of(kind)[0])
        measures = frozenset[str]().union(*(each.measures for each in of_report(kind, dimension)))
        for span, first, last, within in READ:
            wanted = Wanted(
                *(dimension, split is not None, None, clocks, every, first, last, ZONE, HOLIDAYS, measures),
            )
            took, used = [], []
            for _ in range(RUNS):
                began, before = time.perf_counter(), _used()
                _, (found,) = await ask(engine, wanted)
                took.append(time.perf_counter() - began)
                used.append(_used() - before)
            way = ",".join(str(part) for part in (split, *clocks, every and f"every {every}") if part) or "together"
            rows.append(
                {
                    "report": f"{kind} by {way}",
                    "of": span,
                    "rows": len(found),
                    "seconds": round(median(took), 3),
                    "processor_s": round(median(used), 3),
                    "within": within,
                }
            )
    return rows


async def bench(where: Path | str, calls: int, seed: int) -> dict[str, object]:
    engine = database.open(where)
    try:
        await database.migrate(engine)
        async with engine.connect() as connection:
            found = await store.mark(connection)
        filled = {} if found else await fill(engine, calls, seed)
        return {**filled, "reports": await measure(engine)}
    finally:
        await engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=1_000_000, help="of the year (default: a million)")
    parser.add_argument("--seed", type=int, default=1, help="of chance (default: 1)")
    parser.add_argument("--database", help="the URL of one that is empty or has a year; left out: a new SQLite file")
    parser.add_argument("--json", action="store_true", help="print JSON")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wutong-year-") as folder:
        file = Path(folder, "year.db")
        results = asyncio.run(bench(chosen.database or file, chosen.calls, chosen.seed))
        if not chosen.database:
            results["megabytes"] = round(sum(each.stat().st_size for each in Path(folder).iterdir()) / 1e6)
    if chosen.json:
        print(json.dumps(results, indent=2))
        return
    reports = results.pop("reports")
    assert isinstance(reports, list)
    print(", ".join(f"{name} {value}" for name, value in results.items()))
    for row in reports:
        late = "" if row["seconds"] <= row["within"] else "  too slow"
        took = f"{row['seconds']:>8.3f} s{row['processor_s']:>8.3f} s of a processor"
        print(f"{row['report']:<42}{row['of']:<9}{row['rows']:>7} rows{took}{late}")


if __name__ == "__main__":
    main()
