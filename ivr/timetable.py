"""Whether hours are open at a moment, when that changes next, and which moments are alike. Pure.

Times of a day are by the clock of the hotline's zone, which goes forward and back. A time of the clock means the first
moment at which the clock shows it or a later one. So what is divided by the clock stays divided: where one span ends
and another begins at 02:30, there is no gap and no overlap, whatever the clock does.

- The clock goes back: an hour comes twice. Spans begin and end when it shows their time the first time.
- The clock goes forward: times are left out. Spans that begin or end there do so at the moment of the change.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from math import inf
from typing import NamedTuple

from ivr.calendars import WEEKDAYS, Days
from ivr.hours import DAY, OpeningHours, Times, clock, neighbours

HORIZON = 400
"""So many days ahead a change is looked for."""

_MOST = 2_000
"""Days of all hours that are kept worked out."""

_LOOK_AGAIN = 3_600.0
"""Seconds after which is looked again for a change that was not in sight: that takes a millisecond."""

_NO_CALENDAR = Days()


class Opening(NamedTuple):
    """Whether it is open, and until when that stays so. None: longer than `HORIZON` days."""

    open: bool
    until: datetime | None


@dataclass(frozen=True)
class Timetable:
    """All hours of a hotline. `days`: by the names of calendars; one that is not there has no holidays."""

    zone: tzinfo
    hours: Mapping[str, OpeningHours]
    days: Mapping[str, Days]
    _worked_out: dict[tuple[str, date], tuple[tuple[float, float], ...]] = field(default_factory=dict, repr=False)
    _last: dict[str, tuple[float, float, Opening]] = field(default_factory=dict, repr=False)

    def calendar(self, name: str) -> Days:
        """The calendar of these hours."""
        return self.days.get(self.hours[name].calendar or "", _NO_CALENDAR)

    def on(self, name: str, day: date) -> Times:
        """The times that begin on this date. Raises KeyError for hours that are not there."""
        return self.hours[name].on(day, self.calendar(name))

    def is_open(self, name: str, moment: datetime) -> bool:
        """`moment` has a time zone. Raises KeyError for hours that are not there."""
        now, today = moment.timestamp(), moment.astimezone(self.zone).date()
        return any(
            begin <= now < end
            for ahead in (-1, 0, 1)  # yesterday's night duty; tomorrow, where the clock went back over midnight
            for begin, end in self._moments(name, today + timedelta(days=ahead))
        )

    def opening(self, name: str, moment: datetime) -> Opening:
        """`moment` has a time zone; `until` has the hotline's. Raises KeyError for hours that are not there."""
        now = moment.timestamp()
        since, until, opening = self._last.get(name, (inf, -inf, None))
        if opening is None or not since <= now < until:
            opening = self._look_ahead(name, now, moment.astimezone(self.zone).date())
            until = now + _LOOK_AGAIN if opening.until is None else opening.until.timestamp()
            self._last[name] = (now, until, opening)
        return opening

    def closes(self, name: str, moment: datetime) -> datetime | None:
        """When it closes next: if it is closed, after it has been open again. As `opening` has it."""
        opening = self.opening(name, moment)
        if opening.open or opening.until is None:
            return opening.until
        return self._look_ahead(name, opening.until.timestamp(), opening.until.date()).until

    def _look_ahead(self, name: str, now: float, today: date) -> Opening:
        for begin, end in self._ahead(name, today - timedelta(days=1)):
            if begin <= now < end:
                return Opening(True, None if end == inf else datetime.fromtimestamp(end, self.zone))
            if now < begin:
                return Opening(False, datetime.fromtimestamp(begin, self.zone))
        return Opening(False, None)

    def _ahead(self, name: str, first: date) -> Iterator[tuple[float, float]]:
        """The open stretches from this date on, in order, joined where they touch; the end of the last may be inf."""
        opened = closed = -inf
        for ahead in range(HORIZON + 2):
            for begin, end in self._moments(name, first + timedelta(days=ahead)):
                if begin > closed:
                    if closed > opened:
                        yield opened, closed
                    opened = begin
                closed = max(closed, end)
        if closed > opened:
            horizon = first_shown(self.zone, first + timedelta(days=HORIZON + 1), 0)
            yield opened, closed if closed < horizon else inf

    def _moments(self, name: str, day: date) -> tuple[tuple[float, float], ...]:
        """When the spans of this date begin and end, in epoch seconds; without those that the clock skips."""
        found = self._worked_out.get((name, day))
        if found is None:
            ends = (
                (first_shown(self.zone, day, span.begin), first_shown(self.zone, day, span.end))
                for span in self.on(name, day)
            )
            found = tuple((begin, end) for begin, end in ends if begin < end)
            if len(self._worked_out) >= _MOST:
                self._worked_out.clear()
            self._worked_out[name, day] = found
        return found


def first_shown(zone: tzinfo, day: date, minute: int) -> float:
    """The first moment, in epoch seconds, at which the zone's clock shows that minute of the date, or a later time."""
    wall = datetime(day.year, day.month, day.day) + timedelta(days=minute // DAY, minutes=minute % DAY)  # noqa: DTZ001
    early, late = wall.replace(tzinfo=zone), wall.replace(tzinfo=zone, fold=1)
    if early.utcoffset() >= late.utcoffset():  # type: ignore[operator]  # every zone has one
        return early.timestamp()
    # The clock does not show it. `late` is before the change, `early` after it, by what the clock skips.
    before, after = int(late.timestamp()), int(early.timestamp())
    while after - before > 1:
        middle = (before + after) // 2
        shown = datetime.fromtimestamp(middle, zone).replace(tzinfo=None)
        before, after = (before, middle) if shown >= wall else (middle, after)
    return float(after)


# The classes of hours: all combinations of what is open at the same time. Pure.
#
# A hotline with day hours and night duty has few of them. What holds in each class holds at every moment: the
# checks go through the classes, not through the minutes of years.


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
    """The days of an ordinary week, then every date that is not an ordinary day, and the date after it."""
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
