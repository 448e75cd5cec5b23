"""What callers notice of hours that changed, in sentences, in Chinese and English. Pure."""

from collections.abc import Collection, Iterator
from datetime import date

from drawing.opening import told
from hotline.inwords import capital, destination_in_words, either
from hotline.model import Hotline
from ivr.hours import OpeningHours, written
from ivr.model import Gated

_MOST = 3
"""Dates that are named; of more only their number is told."""


def gate(name: str, old: Gated, new: Gated, language: str) -> Iterator[str]:
    """When a node is open, and where its calls go meanwhile. `name`: in words, such as `the queue general`."""
    was, now = _closed(old, language), _closed(new, language)
    subject = capital(name)
    if old.hours is None and new.hours is not None:
        zh = f"{name}现在按时间表 {new.hours} 开放，其他时间来电到{now}"
        yield either(zh, f"{subject} is now open in the hours {new.hours} only; else calls go to {now}", language)
    elif new.hours is None and old.hours is not None:
        zh = f"{name}现在随时开放，原来只按时间表 {old.hours} 开放"
        yield either(zh, f"{subject} is now open at any time; before: in the hours {old.hours} only", language)
    else:
        if old.hours != new.hours:
            zh = f"{name}现在按时间表 {new.hours} 开放，而不是 {old.hours}"
            yield either(zh, f"{subject} is now open in the hours {new.hours}, not {old.hours}", language)
        if old.closed != new.closed:
            zh = f"{name}关闭时来电到{now}，原为{was}"
            yield either(zh, f"While {name} is closed, calls go to {now}; before: {was}", language)


def timetable(old: Hotline, new: Hotline, language: str) -> Iterator[str]:
    """The times and days of hours that are in both. Hours that come and go are told where they are used."""
    for name in [name for name in old.opening_hours if name in new.opening_hours]:
        yield from _hours(name, old.opening_hours[name], new.opening_hours[name], language)
    for name in [name for name in old.known_days if name in new.known_days]:
        before, after = old.known_days[name], new.known_days[name]
        subject = either(f"日历 {name}", f"In the calendar {name}", language)
        for was, now, zh, en in (
            (before.off, after.off, "休息", "off"),
            (before.made_up, after.made_up, "上班", "worked"),
        ):
            if more := _dates(now - was, language):
                yield either(f"{subject}：{more}现在{zh}", f"{subject} {more} are now {en}", language)
            if fewer := _dates(was - now, language):
                yield either(f"{subject}：{fewer}不再{zh}", f"{subject} {fewer} are no longer {en}", language)


def _closed(gated: Gated, language: str) -> str:
    return "" if gated.closed is None else destination_in_words(gated.closed, language)


def _hours(name: str, old: OpeningHours, new: OpeningHours, language: str) -> Iterator[str]:
    before, after = told(old, language), told(new, language)
    if before != after:
        zh = f"时间表 {name} 现为{after or '关闭'}，原为{before or '关闭'}"
        yield either(zh, f"The hours {name} are now {after or 'closed'}; before: {before or 'closed'}", language)
    if old.makeup != new.makeup:
        was, now = (
            either("照常", "as usual", language) if each is None else written(each) for each in (old.makeup, new.makeup)
        )
        zh = f"时间表 {name} 在调休上班日现为 {now}，原为 {was}"
        yield either(zh, f"On make-up days the hours {name} are now {now}; before: {was}", language)
    for day in sorted(old.dated.keys() | new.dated.keys()):
        earlier, later = old.dated.get(day), new.dated.get(day)
        if earlier != later:
            usual = either("照常", "as usual", language)
            was, now = (usual if each is None else written(each) for each in (earlier, later))
            zh = f"{day} 时间表 {name} 现为 {now}，原为 {was}"
            yield either(zh, f"On {day} the hours {name} are now {now}; before: {was}", language)
    if (old.calendar, bool(before)) != (new.calendar, bool(after)) and before == after:
        zh, en = f"时间表 {name} 现在用另一个日历", f"The hours {name} now follow another calendar"
        yield either(zh, en, language)


def _dates(days: Collection[date], language: str) -> str:
    """`2026-09-10`, `2026-09-10 and 4 more`."""
    shown = sorted(days)
    first = either("、", ", ", language).join(map(str, shown[:_MOST]))
    rest = len(shown) - _MOST
    return first if rest <= 0 else either(f"{first}等 {len(shown)} 天", f"{first} and {rest} more", language)
