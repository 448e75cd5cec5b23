"""Makes daily sheets: reads the sums of a day, and has a program of its own print the page."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncEngine

from base.failure import NotDone
from daily import page
from daily.model import CALLBACKS_OVER, LEVEL, OF_PARTS, SHOWN, Sheet, compared, figures_of, parts_of
from drawing.card.printing import printed
from hotline.model import Hotline
from processes.aside import aside
from reports.api import called_in, holidays_of
from reports.figures.model import Figure
from reports.kinds import FIGURES
from reports.periods import Clock, Every, kind_of
from reports.reading import UNREADABLE, Wanted, ask
from reports.sums import Dimension, Sums
from settings.sections import Reports

WITHIN_S = 45.0
"""Seconds that printing may take, on a busy machine: `./wutong report` waits for 60."""


class _Read(NamedTuple):
    """The sums of days, of the day's hours, and of its queues or sub-hotlines. `since`: from when on is counted."""

    since: float | None
    days: Mapping[date, Sums]
    hours: Mapping[int, Sums]
    parts: Mapping[str, Sums]


class Sheets:
    """Of the hotline in use. `now`: seconds since the epoch. One sheet is printed at a time."""

    def __init__(
        self, engine: AsyncEngine, in_use: Callable[[], Hotline], now: Callable[[], float], settings: Reports
    ) -> None:
        self._engine, self._in_use, self._now, self._settings = engine, in_use, now, settings
        self._printing = asyncio.Lock()

    def today(self) -> date:
        """By the hotline's clock."""
        return datetime.fromtimestamp(self._now(), self._in_use().zone).date()

    async def sheet(self, day: date, language: str) -> Sheet:
        """What the sheet of that day says. `language`: `zh` or `en`. Raises NotDone."""
        hotline, level = self._in_use(), FIGURES[f"service_level_{self._settings.service_level.replace('-', '_')}"]
        dimension = Dimension.QUEUE if hotline.queues else Dimension.SUB_HOTLINE
        columns = tuple(level if each == LEVEL else FIGURES[each] for each in OF_PARTS[dimension])
        found = await self._read(hotline, day, dimension, level, columns)
        since = None if found.since is None else datetime.fromtimestamp(found.since, hotline.zone)
        first = None if since is None else since.date()
        aims = {(each.service_level.percent, each.service_level.within) for each in hotline.queues.values()}
        hours = (found.hours.get(hour, Sums()) for hour in range(24))
        return Sheet(
            name=hotline.name.get(language) or next(iter(hotline.name.values()), hotline.id),
            numbers=hotline.numbers,
            day=day,
            kind=kind_of(day, holidays_of(hotline, self._settings.calendar)),
            language=language,
            level=level,
            aim=next(iter(aims)) if len(aims) == 1 else None,
            figures=figures_of(day, found.days, first, level),
            hours=tuple((each.answered, each.abandoned) for each in hours),
            dimension=dimension,
            columns=columns,
            parts=parts_of(found.parts, called_in(hotline, dimension, language), columns),
            since=since if first is not None and first >= min(compared(day)) else None,
            version=hotline.version,
            at=datetime.fromtimestamp(self._now(), hotline.zone),
        )

    async def _read(
        self, hotline: Hotline, day: date, dimension: Dimension, level: Figure, columns: tuple[Figure, ...]
    ) -> _Read:
        days, zone = holidays_of(hotline, self._settings.calendar), hotline.zone
        shown = (level, *(FIGURES[each] for each in SHOWN))
        entries = frozenset({"answered", "abandoned"})
        all_days = Wanted(
            *(Dimension.HOTLINE, False, None, (), Every.DAY, min(compared(day)), day, zone, days),
            CALLBACKS_OVER.union(*(each.measures for each in shown)),
        )
        all_hours = Wanted(Dimension.HOTLINE, False, None, (Clock.HOUR,), None, day, day, zone, days, entries)
        all_parts = Wanted(
            *(dimension, True, None, (), None, day, day, zone, days),
            frozenset().union(*(each.measures for each in columns)),
        )

        try:
            since, (by_day, by_hour, by_part) = await ask(self._engine, all_days, all_hours, all_parts)
        except UNREADABLE as error:
            raise NotDone("the database cannot be asked: {why}", why=type(error).__name__) from error
        return _Read(
            since,
            {datetime.fromtimestamp(group.begins or 0, zone).date(): sums for group, sums in by_day.items()},
            {group.hour or 0: sums for group, sums in by_hour.items()},
            {group.name or "": sums for group, sums in by_part.items()},
        )

    async def pdf(self, sheet: Sheet) -> bytes:
        """The sheet as PDF. Raises NotDone: the sentence says what is missing. When this is cancelled, the program is
        ended.
        """
        async with self._printing:
            return await aside(printed, [page.page(sheet)], WITHIN_S)
