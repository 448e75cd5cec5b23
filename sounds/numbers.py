"""Numbers and moments as they are spoken, cut into tokens: each token is one clip, so a few hundred clips say all of
them.

Below one hundred a number is one token with its natural melody; larger numbers are joined from several.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cache

from sentences.sentence import Sentence
from sounds.model import Moment, NoSound

LARGEST = 99_999_999

_ZH_DIGITS = "零一二三四五六七八九"
# fmt: off
_EN_SMALL = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]
# fmt: on
_EN_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


class UnknownLanguage(NoSound):
    """Wutong cannot speak this language. A language needs a folder below sounds/ and a grammar of numbers."""

    def __init__(self, language: str) -> None:
        known = ", ".join(_GRAMMARS)
        super().__init__(
            Sentence("Wutong does not speak {language!r}; it speaks {known}", language=language, known=known)
        )


def spoken(n: int, language: str, *, counted: bool = False) -> list[str]:
    """The tokens of a number: 105 is 一百 零 五, or "one hundred" "and" "five".

    `counted`: the number counts something (两位, not 二位).
    Raises `ValueError` outside 0 to `LARGEST`, `UnknownLanguage`.
    """
    if language not in _GRAMMARS:
        raise UnknownLanguage(language)
    if not 0 <= n <= LARGEST:
        raise ValueError(f"the number {n} cannot be spoken: 0 to {LARGEST} can")
    if language == "zh" and counted and n == 2:
        return ["两"]
    return list(_GRAMMARS[language](n))


@cache
def needed_numbers(language: str) -> tuple[str, ...]:
    """Every token that `spoken` may give, counted or not: some 130. Raises `UnknownLanguage`."""
    # Below 200 is every form of what is below a hundred; beyond, only the hundreds and thousands are new.
    section = [n for n in range(10_000) if n < 200 or n % 100 == 0]
    # Numbers below 20,000 have every form that may follow 万 or "thousand"; the multiples have every form before them.
    numbers = (*section, *(10_000 + n for n in section), *(10_000 * n for n in section))
    tokens = dict.fromkeys(token for n in numbers for token in spoken(n, language))
    return tuple(dict.fromkeys((*tokens, *spoken(2, language, counted=True))))


def digits(n: str, language: str) -> str:
    """ASCII digits one by one, as telephone numbers are said: 12319 is 幺二三幺九 or "1 2 3 1 9"."""
    if language == "zh":
        return "".join("幺" if digit == "1" else _ZH_DIGITS[int(digit)] for digit in n)
    return " ".join(n)


def _zh(n: int) -> Iterator[str]:
    above, below = divmod(n, 10_000)
    if above == 2:
        yield "两"
    elif above:
        yield from _zh_section(above, leading=True)
    if above:
        yield "万"
        if 0 < below < 1000:
            yield "零"
    if below or not above:
        yield from _zh_section(below, leading=not above)


def _zh_section(n: int, *, leading: bool) -> Iterator[str]:
    """Below 10,000. `leading`: nothing comes before it, so 10 is 十; elsewhere 10 is 一十."""
    thousands, hundreds, tens, ones = (int(digit) for digit in f"{n:04}")
    below_hundred = n % 100
    if thousands:
        yield ("两" if thousands == 2 else _ZH_DIGITS[thousands]) + "千"
        if below_hundred and not hundreds:
            yield "零"
    if hundreds:
        yield _ZH_DIGITS[hundreds] + "百"
        if ones and not tens:
            yield "零"
    if below_hundred or not n:
        ten = "" if not tens else "十" if n < 20 and leading else _ZH_DIGITS[tens] + "十"
        yield ten + (_ZH_DIGITS[ones] if ones or not tens else "")


def _en(n: int) -> Iterator[str]:
    """British: "one thousand and five", "two million three hundred thousand one hundred and six"."""
    millions, below_million = divmod(n, 1_000_000)
    thousands, rest = divmod(below_million, 1000)
    for count, unit in ((millions, "million"), (thousands, "thousand")):
        if count:
            yield from _en_section(count, follows=False)
            yield unit
    if rest or not n:
        yield from _en_section(rest, follows=n >= 1000)


def _en_section(n: int, *, follows: bool) -> Iterator[str]:
    """Below 1,000. `follows`: a larger part was said before."""
    hundreds, rest = divmod(n, 100)
    if hundreds:
        yield f"{_EN_SMALL[hundreds]} hundred"
    if rest and (hundreds or follows):
        yield "and"
    if rest or not n:
        tens, ones = divmod(rest, 10)
        if rest < 20:
            yield _EN_SMALL[rest]
        else:
            yield _EN_TENS[tens] + (f"-{_EN_SMALL[ones]}" if ones else "")


_GRAMMARS: dict[str, Callable[[int], Iterator[str]]] = {"zh": _zh, "en": _en}


# When something opens or closes, as it is spoken: 明天上午八点三十分, "tomorrow at eight thirty in the morning". Pure.
#
# Each token is one clip; numbers that are spoken elsewhere are those clips. The day is said as people say it:
# today, tomorrow, then the day of the week, and from a week ahead on the date.


_WEEK = 7
"""From so many days ahead on, a day of the week would be the wrong one."""


def moment(when: Moment, language: str) -> list[str]:
    """The tokens of a moment. Raises `UnknownLanguage`."""
    if language not in _LANGUAGES:
        raise UnknownLanguage(language)
    later, day, clock = _LANGUAGES[language]
    if when.at is None:
        return [later]
    on = when.at.date()
    if when.end and language in _ENDS_AT_MIDNIGHT and when.at.time() == time():
        on -= timedelta(days=1)
    return [*day(on, (on - when.today).days), *clock(when.at.hour, when.at.minute)]


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
        dict.fromkeys(token for each in (Moment(None, midnight.date()), *spoken_of) for token in moment(each, language))
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
