"""Opening hours in words, as people write them on a door."""

from itertools import groupby

from drawing.words import chinese, say
from ivr.hours import OpeningHours, written

_DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_DAYS_ENGLISH = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def told(hours: OpeningHours, language: str) -> str:
    """`周一至周五 09:00-17:00`, `Mon–Fri 09:00-17:00, Sat 10:00-12:00, not on holidays`."""
    names = _DAYS if chinese(language) else _DAYS_ENGLISH
    between = "至" if chinese(language) else "–"
    parts = []
    for times, days in groupby(range(7), key=lambda day: hours.rows[day]):
        of_them = list(days)
        if times:
            span = names[of_them[0]] if len(of_them) == 1 else f"{names[of_them[0]]}{between}{names[of_them[-1]]}"
            parts.append(f"{span} {written(times)}")
    if hours.calendar is not None and parts:
        key = "holidays" if hours.holidays else "no-holidays"
        parts.append(say(key, language, times=written(hours.holidays or ())))
    return ("，" if chinese(language) else ", ").join(parts)
