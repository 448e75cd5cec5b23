"""When something opens or closes, as it is spoken: 明天上午八点三十分, "tomorrow at eight thirty in the morning". Pure.

Each token is one clip; numbers that are spoken elsewhere are those clips. The day is told as people tell it: today,
tomorrow, then the day of the week, and from a week ahead on the date.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cache

from sounds.model import Moment
from sounds.numbers import UnknownLanguage, spoken

_WEEK = 7
"""From so many days ahead on, a day of the week would be the wrong one."""


def moment(told: Moment, language: str) -> list[str]:
    """The tokens of a moment. Raises `UnknownLanguage`."""
    if language not in _LANGUAGES:
        raise UnknownLanguage(language)
    later, day, clock = _LANGUAGES[language]
    if told.at is None:
        return [later]
    on = told.at.date()
    if told.end and language in _ENDS_AT_MIDNIGHT and told.at.time() == time():
        on -= timedelta(days=1)
    return [*day(on, (on - told.today).days), *clock(told.at.hour, told.at.minute)]


@cache
def needed_moments(language: str) -> tuple[str, ...]:
    """Every token that `moment` may give, some 130. Raises `UnknownLanguage`."""
    midnight = datetime(2028, 1, 1)  # noqa: DTZ001  # of a leap year
    after = [timedelta(days=days) for days in range(366)] + [timedelta(minutes=minutes) for minutes in range(24 * 60)]
    spoken_of = [Moment(midnight + each, midnight.date()) for each in after]
    spoken_of += [
        Moment(midnight + timedelta(days=days), midnight.date() + timedelta(days=days - 2)) for days in range(7)
    ]
    return tuple(
        dict.fromkeys(token for told in (Moment(None, midnight.date()), *spoken_of) for token in moment(told, language))
    )


# -- Chinese ---------------------------------------------------------------------------------------------------------

_ZH_WEEK = "一二三四五六日"
_ZH_PARTS = ((6, "凌晨"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))
"""Up to which hour a part of the day lasts."""


def _zh_day(day: date, ahead: int) -> Iterator[str]:
    if ahead in (0, 1):
        yield ("今天", "明天")[ahead]
    elif 0 < ahead < _WEEK:
        yield f"星期{_ZH_WEEK[day.weekday()]}"
    else:
        yield f"{spoken(day.month, 'zh')[0]}月"
        yield from (spoken(day.day, "zh")[0], "日")


def _zh_clock(hour: int, minute: int) -> Iterator[str]:
    part = next(name for end, name in _ZH_PARTS if hour < end)
    yield f"{part}{spoken(hour if hour <= 12 else hour - 12, 'zh', counted=True)[0]}点"
    zero = "零" if minute < 10 else ""
    if minute % 5 == 0:
        if minute:
            yield f"{zero}{spoken(minute, 'zh')[0]}分"
    else:
        yield from ([zero] if zero else [])
        yield from (spoken(minute, "zh")[0], "分")


# -- English ---------------------------------------------------------------------------------------------------------

_EN_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EN_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_EN_PARTS = (
    (1, "at night"),
    (12, "in the morning"),
    (18, "in the afternoon"),
    (22, "in the evening"),
    (24, "at night"),
)


def _en_day(day: date, ahead: int) -> Iterator[str]:
    if ahead in (0, 1):
        yield ("today", "tomorrow")[ahead]
    elif 0 < ahead < _WEEK:
        yield f"on {_EN_WEEK[day.weekday()]}"
    else:
        yield f"on {_EN_MONTHS[day.month - 1]}"
        yield from spoken(day.day, "en")


def _en_clock(hour: int, minute: int) -> Iterator[str]:
    if minute == 0 and hour in (0, 12):
        yield "at noon" if hour else "at midnight"
        return
    yield f"at {spoken((hour - 1) % 12 + 1, 'en')[0]}"
    if minute:
        yield from (["oh"] if minute < 10 else [])
        yield from spoken(minute, "en")
    yield next(name for end, name in _EN_PARTS if hour < end)


_ENDS_AT_MIDNIGHT = frozenset({"en"})
"""Languages in which something that is open until 24:00 closes on that day at midnight, not on the next one."""

_LANGUAGES: dict[str, tuple[str, Callable[[date, int], Iterator[str]], Callable[[int, int], Iterator[str]]]] = {
    "zh": ("以后", _zh_day, _zh_clock),
    "en": ("later", _en_day, _en_clock),
}
"""What is said where no moment is in sight, the day, the time of day."""
