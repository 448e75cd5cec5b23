"""Working-day calendars: which dates are holidays, and which days of a weekend are worked instead. Pure."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from sentences.sentence import Sentence

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""In the order of `date.weekday`."""

LONGEST = 366
"""Days of one `DATE to DATE`."""

FIRST_YEAR, LAST_YEAR = 1970, 2999
"""The first and the last year of dates, and of moments of calls that are tried. Hours also look at the day before and
after a date, and Python has no day before year 1.
"""

COUNTRY = re.compile(r"[A-Z]{2}(-[A-Za-z0-9]{1,20})?")
"""The code of a country, or of a part of one."""

_TO = " to "


def misfit(message: Sentence, hint: Sentence) -> PydanticCustomError:
    """A value that does not fit, for `hotline.wording`: what is wrong, and what to do."""
    # The message is a template of pydantic's: words of the file may have braces.
    return PydanticCustomError("misfit", "{said}", {"said": message, "hint": hint})


def dates(written: str) -> Iterator[date]:
    """The dates of `2027-02-05` or of `2027-02-05 to 2027-02-11`. Raises PydanticCustomError."""
    first, to, last = written.partition(_TO)
    begin = _date(first)
    end = _date(last) if to else begin
    if end < begin:
        raise misfit(
            Sentence("{given!r} ends before it begins", given=written), Sentence("write the earlier date first")
        )
    if (end - begin).days >= LONGEST:
        raise misfit(
            Sentence("{given!r} has more than {count} days", given=written, count=LONGEST), Sentence("divide it")
        )
    return (begin + timedelta(days=day) for day in range((end - begin).days + 1))


def _date(written: str) -> date:
    try:
        found = date.fromisoformat(written.strip())
    except ValueError:
        found = None
    if found is None or len(written.strip()) != len("2027-02-05"):
        hint = Sentence("write 2027-02-05, or 2027-02-05 to 2027-02-11")
        raise misfit(Sentence("{given!r} is not a date", given=written.strip()[:40]), hint)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise misfit(
            Sentence(
                "{given!r} is not in the years {first} to {last}",
                given=written.strip(),
                first=FIRST_YEAR,
                last=LAST_YEAR,
            ),
            Sentence("write another year"),
        )
    return found


def _checked(written: str) -> str:
    dates(written)
    return written


Dates = Annotated[
    str,
    AfterValidator(_checked),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}( to \d{4}-\d{2}-\d{2})?$"}),
]
"""One date or several in a row, as the file has them; see `dates`."""


class Calendar(BaseModel):
    """A calendar as `hotline.yaml` has it.

    country  its public holidays: `CN`, `DE`, or with a part of the country `DE-BE`; left out: only the days below
    weekend  the days of the week that are not worked; left out: those of the country, else Saturday and Sunday
    off      further days off; they override what is known of the country
    working  days that are worked although they are a holiday or in a weekend; they override everything else
    until    up to the end of this year the days above are complete, whatever is known of the country. Left out where
             there is no country: the last year that they have
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    country: Annotated[str, Field(pattern=f"^{COUNTRY.pattern}$")] | None = Field(
        default=None,
        description="Its public holidays count: a country, or a part of one. Left out: only the days below.",
        examples=["CN", "DE-BE"],
    )
    weekend: tuple[Weekday, ...] | None = Field(
        default=None,
        description="The days of the week that are not worked. Left out: the country's, else Saturday and Sunday.",
        examples=[["sat", "sun"]],
    )
    off: tuple[Dates, ...] = Field(
        default=(),
        description="Further days off. They override what is known of the country.",
        examples=[["2027-02-05", "2027-02-06 to 2027-02-11"]],
    )
    working: tuple[Dates, ...] = Field(
        default=(),
        description="Days that are worked although they are a holiday or in a weekend. They override everything else.",
        examples=[["2027-02-20"]],
    )
    until: Annotated[int, Field(ge=2020, le=2200)] | None = Field(
        default=None,
        description="The last year for which the days here are complete, whatever is known of the country. Left out: "
        "what is known of the country; without a country the last year of the days here.",
        examples=[2027],
    )

    @model_validator(mode="after")
    def _some_days(self) -> "Calendar":
        if self.country is None and self.model_fields_set.isdisjoint({"off", "working"}):
            raise ValueError(Sentence("name a `country`, or list days under `off` or `working`"))
        return self


class Days(BaseModel):
    """What a calendar comes to, sorted.

    weekend   days of the week, 0 for Monday
    holidays  dates that are off as holidays, in a weekend too
    makeup    dates in a weekend that are worked
    until     the last date with data; None: no end
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    weekend: tuple[int, ...] = (5, 6)
    holidays: tuple[date, ...] = ()
    makeup: tuple[date, ...] = ()
    until: date | None = None

    @cached_property
    def off(self) -> frozenset[date]:
        return frozenset(self.holidays)

    @cached_property
    def made_up(self) -> frozenset[date]:
        return frozenset(self.makeup)

    def after_weekend(self, weekday: int) -> int:
        """The next day of the week, from `weekday` on, that is not a weekend. A week of weekends: `weekday` itself."""
        week = ((weekday + ahead) % 7 for ahead in range(7))
        return next((day for day in week if day not in self.weekend), weekday)


def combined(calendar: Calendar, country: Days | None) -> Days:
    """The days of a calendar. `country`: what is known of its country; None: it names none, or an unknown one."""
    known = country or Days()
    weekend = known.weekend
    if calendar.weekend is not None:
        weekend = tuple(sorted(WEEKDAYS.index(day) for day in calendar.weekend))
    off = {day for written in calendar.off for day in dates(written)}
    working = {day for written in calendar.working for day in dates(written)}
    holidays = (known.off | off) - working
    makeup = {day for day in (known.made_up - off) | working if day.weekday() in weekend}
    years = [] if calendar.until is None else [calendar.until]
    if known.until is not None:
        years.append(known.until.year)
    elif not years:
        years.extend(day.year for day in off | working)
    until = date(max(years), 12, 31) if years else None
    return Days(weekend=weekend, holidays=tuple(sorted(holidays)), makeup=tuple(sorted(makeup)), until=until)
