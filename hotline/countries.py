"""What is known of a country's holidays: China's by chinesecalendar, with make-up days, others by holidays.

Both packages are imported when a hotline first names a country, and each country is worked out once in a process: that
takes up to a second, so call it where a hotline is loaded, never where calls wait.
"""

from datetime import date
from functools import cache

from ivr.calendars import Days

CHINA = "CN"

FIRST = 2025
"""Nothing is kept of years before it: no call comes then. Fixed, so that a version of a hotline does not change by
itself."""

LAST = 2050
"""Until then holidays are worked out that follow from rules."""


@cache
def known(country: str) -> Days | None:
    """The days of `CN`, `DE` or `DE-BE`; None: no such country or part of one is known."""
    return _china() if country == CHINA else _other(country)


def supported(country: str) -> list[str]:
    """The codes that are known and may have been meant by an unknown one: countries, or the parts of its country."""
    import holidays

    code, _, part = country.partition("-")
    countries = holidays.list_supported_countries()
    if part and code in countries:
        return [f"{code}-{each}" for each in countries[code]]
    return [*countries, CHINA]


def _china() -> Days:
    """The State Council publishes each year's days in the autumn before it."""
    from chinese_calendar.constants import holidays, workdays

    return Days(
        holidays=tuple(sorted(day for day in holidays if day.year >= FIRST)),
        makeup=tuple(sorted(day for day in workdays if day.year >= FIRST)),
        until=date(max(holidays).year, 12, 31),
    )


def _other(country: str) -> Days | None:
    import holidays

    code, _, part = country.partition("-")
    try:
        found = holidays.country_holidays(code, subdiv=part or None, years=range(FIRST, LAST + 1))
    except NotImplementedError:
        return None
    # Days that a country shifts into another year come with that year.
    return Days(
        weekend=tuple(sorted(found.weekend)),
        holidays=tuple(sorted(day for day in found if FIRST <= day.year <= LAST)),
        makeup=tuple(sorted(day for day in found.weekend_workdays if FIRST <= day.year <= LAST)),
        until=date(min(found.end_year, LAST), 12, 31),
    )
