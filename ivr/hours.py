"""Opening hours as `hotline.yaml` has them: times of the day for the days of a week, for holidays, for single dates."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from base.hints import WrongKey
from ivr.calendars import WEEKDAYS, Dates, Days, dates, misfit
from sentences.sentence import Sentence

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]

DAY = 24 * 60
"""Minutes of a day by the clock."""

CLOSED = "closed"
_HINT = Sentence("write 09:00-17:00, several with commas, or closed")
_TIME = r"([01]\d|2[0-3]):([0-5]\d)|24:00"
_SPAN = re.compile(rf"({_TIME})\s*[-\u2013]\s*({_TIME})")
_GROUP = re.compile(r"(\w{3})(?:\s*-\s*(\w{3}))?")


class Span(NamedTuple):
    """From `begin` to before `end`, in minutes by the clock from the beginning of a day; past midnight over DAY."""

    begin: int
    end: int


Times = tuple[Span, ...]
"""When a day is open: in order, without overlap, none longer than a day; empty: closed."""


def times(given: Any) -> Any:
    """The spans of `09:00-12:00, 13:30-17:30`; `17:00-08:30` ends in the next morning. Raises PydanticCustomError."""
    if isinstance(given, tuple):  # read before
        return given
    if not isinstance(given, str):
        raise misfit(Sentence("times of a day are expected here"), _HINT)
    if given.strip() == CLOSED:
        return ()
    spans = sorted(_span(part.strip()) for part in re.split("[,，]", given))
    for earlier, later in pairwise(spans):
        if later.begin < earlier.end:
            message = Sentence("{first} and {second} overlap", first=_clock(earlier), second=_clock(later))
            raise misfit(message, Sentence("let one end before the other begins"))
    return tuple(spans)


def _span(written: str) -> Span:
    found = _SPAN.fullmatch(written)
    if found is None:
        raise misfit(Sentence("{given!r} is not a time from and to", given=written[:40]), _HINT)
    begin, end = _minutes(found[1]), _minutes(found[4])
    if begin in (end, DAY):
        raise misfit(
            Sentence("{given!r} has no length", given=written),
            Sentence("write 00:00-24:00 for the whole day, closed for none of it"),
        )
    return Span(begin, end if end > begin else end + DAY)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def written(spans: Times) -> str:
    """The same as the file may have it."""
    return ", ".join(map(_clock, spans)) or CLOSED


def _clock(span: Span) -> str:
    return "-".join(clock(minute if minute <= DAY else minute - DAY) for minute in span)


def clock(minute: int) -> str:
    """`08:30` for 510."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _weekdays(written: str) -> Iterator[int]:
    """`mon`, `mon-fri`, `sat-sun`, `mon, wed`: the days of the week, 0 for Monday. Raises PydanticCustomError."""
    for part in re.split("[,，]", written):
        found = _GROUP.fullmatch(part.strip())
        ends = [end for end in found.groups() if end is not None] if found else []
        if not ends or not set(ends) <= set(WEEKDAYS):
            hint = Sentence("use {days}, or several such as mon-fri", days=", ".join(WEEKDAYS))
            raise misfit(Sentence("{given!r} is not a day of the week", given=part.strip()[:40]), hint)
        first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
        yield from ((first + ahead) % 7 for ahead in range((last - first) % 7 + 1))


def _group(written: str) -> str:
    for _ in _weekdays(written):
        pass
    return written


_DAY = "(mon|tue|wed|thu|fri|sat|sun)"
DayGroup = Annotated[
    str,
    AfterValidator(_group),
    WithJsonSchema({"type": "string", "pattern": rf"^{_DAY}(-{_DAY})?(, ?{_DAY}(-{_DAY})?)*$"}),
]
TimesOfDay = Annotated[
    Times,
    BeforeValidator(times),
    PlainSerializer(written),
    WithJsonSchema({"type": "string", "examples": ["09:00-12:00, 13:30-17:30", "17:00-08:30", CLOSED]}),
]


class OpeningHours(BaseModel):
    """When something is open. What passes midnight belongs to the day on which it begins.

    week      days of the week, such as `mon-fri`, and their times; a day that is not named is closed
    calendar  which days are holidays, and which days of a weekend are worked; left out: there are none
    holidays  the times of holidays; left out: closed
    makeup    the times of a day of a weekend that is worked; left out: those of the next day that is not a weekend
    special   single dates and their times, which count before everything else
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    week: Mapping[DayGroup, TimesOfDay] = Field(
        description="The times of the days of a week. A day that is not there is closed.",
        examples=[{"mon-fri": "09:00-12:00, 13:30-17:30", "sat": "09:00-12:00"}],
    )
    calendar: Name | None = Field(
        default=None,
        description="The name of the calendar that says which days are holidays. Left out: there are none.",
        examples=["working-days"],
    )
    holidays: TimesOfDay | None = Field(
        default=None, description="The times of holidays. Left out: closed.", examples=["10:00-16:00"]
    )
    makeup: TimesOfDay | None = Field(
        default=None,
        description="The times of a day of a weekend that is worked. Left out: those of the next weekday.",
        examples=["09:00-16:00"],
    )
    special: Mapping[Dates, TimesOfDay] = Field(
        default={},
        description="The times of single dates. They override everything else.",
        examples=[{"2027-02-05": "09:00-12:00", "2027-02-06 to 2027-02-11": "closed"}],
    )

    @model_validator(mode="after")
    def _with_calendar(self) -> "OpeningHours":
        for name in ("holidays", "makeup"):
            if self.calendar is None and getattr(self, name) is not None:
                raise WrongKey(name, Sentence("without a `calendar` there are no such days"))
        return self

    @model_validator(mode="after")
    def _each_day_once(self) -> "OpeningHours":
        seen: set[int] = set()
        for group in self.week:
            for day in _weekdays(group):
                if day in seen:
                    raise WrongKey("week", Sentence("{day} is given twice", day=WEEKDAYS[day]))
                seen.add(day)
        dated: set[date] = set()
        for written in self.special:
            for each in dates(written):
                if each in dated:
                    raise WrongKey("special", Sentence("{day} is given twice", day=each))
                dated.add(each)
        return self

    @cached_property
    def rows(self) -> tuple[Times, ...]:
        """The times of an ordinary week, from Monday."""
        found: dict[int, Times] = {}
        for group, row in self.week.items():
            found.update(dict.fromkeys(_weekdays(group), row))
        return tuple(found.get(day, ()) for day in range(7))

    @cached_property
    def dated(self) -> Mapping[date, Times]:
        """The times of special dates."""
        return {each: row for written, row in self.special.items() for each in dates(written)}

    def on(self, day: date, days: Days) -> Times:
        """The times that begin on this date. `days`: of the calendar."""
        special = self.dated.get(day)
        if special is not None:
            return special
        if day in days.off:
            return self.holidays or ()
        if day in days.made_up:
            return self.rows[days.after_weekend(day.weekday())] if self.makeup is None else self.makeup
        return self.rows[day.weekday()]

    def exceptions(self, days: Days) -> frozenset[date]:
        """The dates that are not ordinary days of the week."""
        return frozenset(self.dated) | days.off | days.made_up


def neighbours(each: date) -> tuple[date, date]:
    """A date, and the next one, into which it may reach."""
    return each, each + timedelta(days=1)
