"""Opening hours and calendars as they are written."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from ivr.calendars import LONGEST, Calendar, Days, combined, dates
from ivr.hours import DAY, OpeningHours, Span, times


@pytest.mark.parametrize(
    ("written", "spans"),
    [
        ("09:00-17:00", [(540, 1020)]),
        ("13:30-17:30, 09:00-12:00", [(540, 720), (810, 1050)]),
        ("09:00-12:00，12:00-13:00", [(540, 720), (720, 780)]),
        ("17:00-08:30", [(1020, DAY + 510)]),
        ("22:00-24:00", [(1320, DAY)]),
        ("00:00-24:00", [(0, DAY)]),
        ("20:00 – 00:00", [(1200, DAY)]),
        ("closed", []),
    ],
)
def test_times_of_a_day(written: str, spans: list[tuple[int, int]]) -> None:
    assert times(written) == tuple(Span(*span) for span in spans)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("9-17", "'9-17' is not a time from and to"),
        ("25:00-26:00", "no time from and to"),
        ("", "no time from and to"),
        ("09:00-12:00,", "'' is not a time from and to"),
        ("09:00-09:00", "has no length"),
        ("24:00-08:00", "has no length"),
        ("09:00-13:00, 12:30-17:00", "09:00-13:00 and 12:30-17:00 overlap"),
        ("20:00-02:00, 22:00-23:00", "20:00-02:00 and 22:00-23:00 overlap"),
        (True, "times of a day are expected"),
        ("{x}", "'{x}' is not a time"),
    ],
)
def test_what_is_no_time(written: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=r"1 validation error") as wrong:
        OpeningHours.model_validate({"week": {"mon": written}})
    assert words in wrong.value.errors()[0]["msg"]


def test_days_of_a_week() -> None:
    hours = OpeningHours.model_validate(
        {"week": {"mon, wed-thu": "09:00-10:00", "sat-sun": "closed", "fri": "10:00-11:00"}}
    )
    assert [len(row) for row in hours.rows] == [1, 0, 1, 1, 1, 0, 0]
    around = OpeningHours.model_validate({"week": {"sat-mon": "09:00-10:00"}})
    assert [len(row) for row in around.rows] == [1, 0, 0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"week": {"monday": "closed"}}, "'monday' is not a day of the week"),
        ({"week": {"mon-": "closed"}}, "is not a day of the week"),
        ({"week": {"mon-fri": "closed", "fri": "closed"}}, "week: fri is given twice"),
        ({"week": {}, "special": {"2026-02-30": "closed"}}, "'2026-02-30' is not a date"),
        ({"week": {}, "special": {"20260201": "closed"}}, "is not a date"),
        ({"week": {}, "special": {"9999-12-31": "closed"}}, "'9999-12-31' is not in the years 1970 to 2999"),
        ({"week": {}, "special": {"0001-01-01 to 0001-01-05": "closed"}}, "is not in the years 1970 to 2999"),
        ({"week": {}, "special": {"2026-02-03 to 2026-02-01": "closed"}}, "ends before it begins"),
        ({"week": {}, "special": {"2026-01-01 to 2027-02-01": "closed"}}, f"more than {LONGEST} days"),
        (
            {"week": {}, "special": {"2026-02-01 to 2026-02-03": "closed", "2026-02-03": "closed"}},
            "special: 2026-02-03 is given twice",
        ),
        ({"week": {}, "holidays": "closed"}, "holidays: without a `calendar`"),
        ({"week": {}, "makeup": "09:00-12:00"}, "makeup: without a `calendar`"),
    ],
)
def test_what_does_not_fit(wrong: Any, words: str) -> None:
    with pytest.raises(ValidationError) as found:
        OpeningHours.model_validate(wrong)
    assert words in found.value.errors()[0]["msg"]


def test_hours_survive_being_written_and_read() -> None:
    hours = OpeningHours.model_validate({"week": {"mon-fri": "09:00-17:00"}, "special": {"2026-02-01": "closed"}})
    assert OpeningHours.model_validate(hours.model_dump()) == hours
    assert OpeningHours.model_validate_json(hours.model_dump_json()) == hours


def test_dates_in_a_row() -> None:
    assert list(dates("2026-12-31 to 2027-01-02")) == [date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2)]


COUNTRY = Days(holidays=(date(2026, 10, 1), date(2026, 10, 2)), makeup=(date(2026, 10, 10),), until=date(2026, 12, 31))


def test_the_list_overrides_the_country() -> None:
    calendar = Calendar.model_validate(
        {
            "country": "CN",
            "off": ["2026-10-10", "2026-11-02"],
            "working": ["2026-10-02", "2026-10-11"],  # a Friday, which is an ordinary day then, and a Sunday
        }
    )
    days = combined(calendar, COUNTRY)
    assert days.holidays == (date(2026, 10, 1), date(2026, 10, 10), date(2026, 11, 2))
    assert days.makeup == (date(2026, 10, 11),)


@pytest.mark.parametrize(
    ("calendar", "country", "until"),
    [
        ({"country": "CN"}, COUNTRY, 2026),
        ({"country": "CN", "off": ["2027-10-01"]}, COUNTRY, 2026),  # one day of a year is not the year
        ({"country": "CN", "off": ["2027-10-01"], "until": 2027}, COUNTRY, 2027),
        ({"country": "CN", "until": 2025}, COUNTRY, 2026),
        ({"off": ["2027-10-01"]}, None, 2027),
        ({"off": ["2027-10-01"], "until": 2030}, None, 2030),
    ],
)
def test_until_when_there_is_data(calendar: Any, country: Days | None, until: int) -> None:
    assert combined(Calendar.model_validate(calendar), country).until == date(until, 12, 31)


def test_another_weekend() -> None:
    calendar = Calendar.model_validate({"weekend": ["fri", "sat"], "working": ["2026-11-27", "2026-11-29"]})
    days = combined(calendar, None)
    assert days.makeup == (date(2026, 11, 27),), "Sunday is an ordinary day there"
    hours = OpeningHours.model_validate({"week": {"sun-thu": "09:00-17:00"}, "calendar": "gulf"})
    assert hours.on(date(2026, 11, 27), days) == hours.rows[6], "as on Sunday, with which the week begins"


def test_a_week_of_weekends_is_possible() -> None:
    assert Days(weekend=tuple(range(7))).after_weekend(3) == 3


def test_an_empty_calendar_is_none() -> None:
    with pytest.raises(ValidationError, match="name a `country`"):
        Calendar.model_validate({"weekend": ["fri"]})
