"""Days and intervals in the hotline's zone: over changes of the clock, months, years."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from ivr.calendars import Calendar, Days, combined
from reports.periods import Before, DayKind, Every, Stretch, beginnings, days_before, kind_of, stretches
from reports.sums import QUARTER

SHANGHAI, BERLIN, LORD_HOWE = map(ZoneInfo, ("Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe"))


def test_a_zone_without_changes_is_one_stretch() -> None:
    (span,) = stretches(SHANGHAI, date(2026, 1, 1), date(2026, 12, 31))
    assert (span.end - span.begin, span.offset) == (365 * 86_400, 8 * 3_600)
    assert span.begin == datetime(2026, 1, 1, tzinfo=SHANGHAI).timestamp()


def test_the_day_on_which_clocks_change() -> None:
    """In 2026 on 29 March at 02:00 and on 25 October at 03:00."""
    spring = stretches(BERLIN, date(2026, 3, 29), date(2026, 3, 29))
    assert [span.end - span.begin for span in spring] == [2 * 3_600, 21 * 3_600]
    assert [span.offset for span in spring] == [3_600, 7_200]
    autumn = stretches(BERLIN, date(2026, 10, 25), date(2026, 10, 25))
    assert [span.end - span.begin for span in autumn] == [3 * 3_600, 22 * 3_600]


@pytest.mark.parametrize("zone", [SHANGHAI, BERLIN, LORD_HOWE], ids=str)
def test_every_quarter_hour_of_a_year_has_the_offset_of_its_clock(zone: ZoneInfo) -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    spans = stretches(zone, first, last)
    for before, after in pairwise(spans):
        assert before.end == after.begin
    for at in range(spans[0].begin, spans[-1].end, QUARTER):
        (span,) = (span for span in spans if span.begin <= at < span.end)
        assert timedelta(seconds=span.offset) == datetime.fromtimestamp(at, zone).utcoffset()


def test_a_report_may_begin_and_end_anywhere() -> None:
    first, last = date(2026, 3, 28), date(2026, 3, 30)
    spans = stretches(BERLIN, first, last)
    assert spans[0] == Stretch(int(datetime(2026, 3, 28, tzinfo=BERLIN).timestamp()), spans[1].begin, 3_600)
    assert spans[-1].end == datetime(2026, 3, 31, tzinfo=BERLIN).timestamp()


def test_months_and_years_that_days_touch() -> None:
    first, last = date(2025, 11, 30), date(2026, 2, 1)
    months = [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert list(beginnings(Every.MONTH, first, last)) == months
    assert list(beginnings(Every.YEAR, first, last)) == [date(2025, 1, 1), date(2026, 1, 1)]
    every = list(beginnings(Every.MONTH, date(2020, 1, 31), date(2030, 1, 31)))
    assert len(set(every)) == 121


def test_the_days_before() -> None:
    day = date(2026, 3, 2)
    assert days_before(Before.WEEK, day, day) == (date(2026, 2, 23), date(2026, 2, 23))
    assert days_before(Before.YEAR, date(2024, 2, 29), date(2024, 3, 1)) == (date(2023, 2, 28), date(2023, 3, 1))


def test_the_kind_of_a_day_is_known_if_the_calendar_has_its_year() -> None:
    days = combined(Calendar(off=("2026-10-01",), working=("2026-10-10",)), None)
    kinds = {
        date(2026, 10, 1): DayKind.HOLIDAY,
        date(2026, 10, 10): DayKind.WORKDAY,
        date(2026, 10, 11): DayKind.WEEKEND,
    }
    assert {day: kind_of(day, days) for day in kinds} == kinds
    assert kind_of(date(2027, 10, 1), days) is None
    assert kind_of(date(2025, 10, 1), days) is None
    assert kind_of(date(2026, 10, 1), Days()) is None, "no calendar"
    assert kind_of(date(2027, 10, 1), combined(Calendar(off=("2026-10-01",), until=2027), None)) is DayKind.WORKDAY
