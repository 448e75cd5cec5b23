"""Days and intervals in the hotline's zone, and what kind of day each is. Pure.

A day goes from midnight to midnight by the zone's clock: it has 23 or 25 hours when the clock changes. Figures are kept
by quarter hours since the epoch, and clocks of all zones differ by whole quarter hours.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

from ivr.calendars import Days
from ivr.timetable import first_shown
from reports.sums import QUARTER

DAY = 86_400

FIRST, LAST = date(1990, 1, 1), date(2100, 1, 1)
"""Days between which a report may be."""

NIGHT = 6, 22
"""Hours: it is night before the first and from the second on."""


class Every(StrEnum):
    """The intervals of a report, in the hotline's zone."""

    QUARTER = "15min"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"  # begins on Monday
    MONTH = "month"
    YEAR = "year"


class Clock(StrEnum):
    """Parts of time that come again."""

    HOUR = "hour"  # of the day: 0 to 23
    WEEKDAY = "weekday"  # 1 Monday … 7 Sunday
    DAY_KIND = "day-kind"  # workday, weekend, holiday
    NIGHT = "night"  # yes: from 22:00 to 6:00


class DayKind(StrEnum):
    WORKDAY = "workday"  # a make-up working day in a weekend, too
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


def kind_of(day: date, days: Days) -> DayKind | None:
    """As the calendar says. None: it does not have that year. `reading` asks the database for many days,
    and does not look at the year."""
    first = min((each.year for each in (*days.holidays[:1], *days.makeup[:1])), default=day.year)
    if days.until is None or not first <= day.year <= days.until.year:
        return None
    if day in days.off:
        return DayKind.HOLIDAY
    worked = day in days.made_up or day.weekday() not in days.weekend
    return DayKind.WORKDAY if worked else DayKind.WEEKEND


class Before(StrEnum):
    """With what a report is compared."""

    WEEK = "week"  # the same days a week before
    YEAR = "year"  # the same dates a year before


class Stretch(NamedTuple):
    """Epoch seconds; in between the zone's clock is `offset` seconds ahead of UTC."""

    begin: int
    end: int
    offset: int


def stretches(zone: tzinfo, first: date, last: date) -> list[Stretch]:
    """The time from the first to the end of the last day."""
    begin = int(first_shown(zone, first, 0))
    end = int(first_shown(zone, last + timedelta(days=1), 0))
    found: list[Stretch] = []
    at = begin
    while at < end:
        offset, next_ = _offset(zone, at), min(end, at + DAY)
        if _offset(zone, next_) != offset:  # the clock changes: to the quarter hour
            while _offset(zone, at + QUARTER) == offset:
                at += QUARTER
            next_ = at + QUARTER
        if found and found[-1].offset == offset:
            found[-1] = found[-1]._replace(end=next_)
        else:
            found.append(Stretch(found[-1].end if found else begin, next_, offset))
        at = next_
    return found


def _offset(zone: tzinfo, at: int) -> int:
    offset = datetime.fromtimestamp(at, zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def days_before(compared: Before, first: date, last: date) -> tuple[date, date]:
    """The days with which those are compared. From 29 February it is 28 February."""
    if compared is Before.WEEK:
        return first - timedelta(days=7), last - timedelta(days=7)
    return _year_before(first), _year_before(last)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def beginnings(every: Every, first: date, last: date) -> Iterator[date]:
    """Of each month or year that these days touch, in order."""
    day = first.replace(day=1, month=1 if every is Every.YEAR else first.month)
    while day <= last:
        yield day
        months = 12 if every is Every.YEAR else 1
        day = (day + timedelta(days=31 * months)).replace(day=1)
