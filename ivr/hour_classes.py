"""The classes of hours: all combinations of what is open at the same time. Pure.

A hotline with day hours and night duty has few of them. What holds in each class holds at every moment: the checks go
through the classes, not through the minutes of years.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ivr.calendars import WEEKDAYS
from ivr.hours import DAY, Times, clock, neighbours
from ivr.timetable import Timetable

_Row = tuple[Times, Times]
"""The times of hours that begin on the day before and on the day itself."""


@dataclass(frozen=True, slots=True)
class HourClass:
    """One combination. `open`: the names of the hours that are open. `when`: the first such time of the clock that was
    found, such as `mon 09:00`, or `2026-10-01 09:00` if no ordinary week has it.
    """

    open: frozenset[str]
    when: str


def hour_classes(table: Timetable, names: Iterable[str] | None = None, since: date | None = None) -> list[HourClass]:
    """Every class of these hours (None: of all), those of an ordinary week first. At least one.

    `since`: dates before it are past, and do not count.
    """
    chosen = sorted(table.hours if names is None else names)
    found: dict[frozenset[str], str] = {}
    known: set[tuple[_Row, ...]] = set()
    for label, rows in _days(table, chosen, since):
        if rows not in known:
            known.add(rows)
            for minute, open_ in _stretches(chosen, rows):
                found.setdefault(open_, f"{label} {clock(minute)}")
    return [HourClass(open_, when) for open_, when in found.items()]


def _days(table: Timetable, names: list[str], since: date | None) -> Iterator[tuple[str, tuple[_Row, ...]]]:
    """The days of an ordinary week, then every date that is no ordinary day, and the date after it."""
    weeks = [table.hours[name].rows for name in names]
    for day, label in enumerate(WEEKDAYS):
        yield label, tuple((week[day - 1], week[day]) for week in weeks)
    other = {each for name in names for each in table.hours[name].exceptions(table.calendar(name))}
    for day_ in sorted({day for each in other for day in neighbours(each)}):
        if since is None or day_ >= since:
            before = day_ - timedelta(days=1)
            yield day_.isoformat(), tuple((table.on(name, before), table.on(name, day_)) for name in names)


def _stretches(names: list[str], rows: tuple[_Row, ...]) -> Iterator[tuple[int, frozenset[str]]]:
    """The minutes of a day at which something opens or closes, and what is open from then on."""
    spans = [
        (name, max(0, begin - back), min(DAY, end - back))
        for name, (before, own) in zip(names, rows, strict=True)
        for back, times in ((DAY, before), (0, own))
        for begin, end in times
        if end > back
    ]
    for minute in sorted({0, *(begin for _, begin, _ in spans), *(end for _, _, end in spans if end < DAY)}):
        yield minute, frozenset(name for name, begin, end in spans if begin <= minute < end)
