"""What callers notice of hours that changed, in sentences, in Chinese and English. Pure."""

from collections.abc import Collection, Iterator
from datetime import date

from drawing.opening import told
from hotline.inwords import capital, destination_in_words
from hotline.model import Hotline
from ivr.hours import OpeningHours, written
from ivr.model import Gated
from sentences.languages import said, worded
from sentences.sentence import listed

_MOST = 3
"""Dates that are named; of more only their number is told."""


def gate(name: str, old: Gated, new: Gated, language: str) -> Iterator[str]:
    """When a node is open, and where its calls go meanwhile. `name`: in words, such as `the queue general`."""
    was, now = _closed(old, language), _closed(new, language)
    subject = capital(name)
    if old.hours is None and new.hours is not None:
        yield worded(
            "{name} is now open in the hours {hours} only; else calls go to {now}",
            language,
            name=subject,
            hours=new.hours,
            now=now,
        )
    elif new.hours is None and old.hours is not None:
        yield worded(
            "{name} is now open at any time; before: in the hours {hours} only", language, name=subject, hours=old.hours
        )
    else:
        if old.hours != new.hours:
            yield worded(
                "{name} is now open in the hours {now}, not {was}", language, name=subject, now=new.hours, was=old.hours
            )
        if old.closed != new.closed:
            yield worded(
                "While {name} is closed, calls go to {now}; before: {was}", language, name=name, now=now, was=was
            )


def timetable(old: Hotline, new: Hotline, language: str) -> Iterator[str]:
    """The times and days of hours that are in both. Hours that come and go are told where they are used."""
    for name in [name for name in old.opening_hours if name in new.opening_hours]:
        yield from _hours(name, old.opening_hours[name], new.opening_hours[name], language)
    for name in [name for name in old.known_days if name in new.known_days]:
        before, after = old.known_days[name], new.known_days[name]
        subject = worded("In the calendar {name}", language, name=name)
        for was, now, kind in (
            (before.off, after.off, worded("off", language)),
            (before.made_up, after.made_up, worded("worked", language)),
        ):
            if more := _dates(now - was, language):
                yield worded("{subject} {days} are now {kind}", language, subject=subject, days=more, kind=kind)
            if fewer := _dates(was - now, language):
                yield worded("{subject} {days} are no longer {kind}", language, subject=subject, days=fewer, kind=kind)


def _closed(gated: Gated, language: str) -> str:
    return "" if gated.closed is None else destination_in_words(gated.closed, language)


def _hours(name: str, old: OpeningHours, new: OpeningHours, language: str) -> Iterator[str]:
    before, after = told(old, language), told(new, language)
    if before != after:
        shut = worded("closed", language)
        yield worded(
            "The hours {name} are now {now}; before: {was}", language, name=name, now=after or shut, was=before or shut
        )
    if old.makeup != new.makeup:
        was, now = (
            worded("as usual", language) if each is None else written(each) for each in (old.makeup, new.makeup)
        )
        yield worded(
            "On make-up days the hours {name} are now {now}; before: {was}", language, name=name, now=now, was=was
        )
    for day in sorted(old.dated.keys() | new.dated.keys()):
        earlier, later = old.dated.get(day), new.dated.get(day)
        if earlier != later:
            usual = worded("as usual", language)
            was, now = (usual if each is None else written(each) for each in (earlier, later))
            yield worded(
                "On {day} the hours {name} are now {now}; before: {was}", language, day=day, name=name, now=now, was=was
            )
    if (old.calendar, bool(before)) != (new.calendar, bool(after)) and before == after:
        yield worded("The hours {name} now follow another calendar", language, name=name)


def _dates(days: Collection[date], language: str) -> str:
    """`2026-09-10`, `2026-09-10 and 4 more`."""
    shown = sorted(days)
    first = said(listed(map(str, shown[:_MOST])), language)
    rest = len(shown) - _MOST
    return first if rest <= 0 else worded("{days} and {count} more", language, days=first, count=rest)
