"""Opening hours, calendars and holidays: names that are not there, hours that never open, calendars that end. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from base.hints import did_you_mean, nearest, one_of, shown
from hotline.document import Path
from hotline.draft import Draft
from hotline.model import CALENDARS, OPENING_HOURS, SECTIONS
from hotline.problem import Problem, error, warning
from hotline.texts import placed_texts
from ivr.calendars import Days
from ivr.timetable import hour_classes
from sentences.sentence import Sentence
from sounds.model import CLOSES, EVERY, OPENS

# What is known of a country's holidays: China's by chinesecalendar, with make-up days, others by holidays.
#
# Both packages are imported when a hotline first names a country, and each country is worked out once in a process:
# that takes up to a second, so call it where a hotline is loaded, never where calls wait.


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


AHEAD, LATE = 60, 10
"""Days before the end of a calendar's data from which on it is a warning, and an error. China's days are published late
in the year before: until then nobody can mend it."""


def opening(draft: Draft, unknown: Mapping[str, Sequence[str]], today: date | None) -> Iterator[Problem]:
    """`unknown`: the unknown countries of calendars, each with the codes that are known. `today`: by the hotline's
    clock; None: the ends of calendars are not judged.
    """
    gates = list(_named(draft))
    shifts = [(("agents", at, "hours"), agent.hours) for at, agent in enumerate(draft.agents or ())]
    named = [*gates, *((path, hours) for path, hours in shifts if hours is not None)]
    yield from _dangling(draft, named, OPENING_HOURS, "hours")
    used = [(("opening_hours", name, "calendar"), each.calendar) for name, each in draft.hotline.opening_hours.items()]
    calendars = [(path, name) for path, name in used if name is not None]
    yield from _dangling(draft, calendars, CALENDARS, "calendar")
    yield from _unused(draft, named, OPENING_HOURS, "hours")
    yield from _unused(draft, calendars, CALENDARS, "calendar")
    yield from _calendars(draft, {name for _, name in calendars}, unknown, today)
    yield from _never(draft, {name for _, name in gates}, today)
    yield from _moments(draft)
    fallback = draft.hotline.fallback
    if fallback is not None and fallback.hours is not None:
        hint = Sentence("take them out: it rings while Wutong is away, and nobody looks at hours then")
        yield error(
            "bad-value", draft.spot(("fallback", "hours"), key=True), Sentence("the fallback cannot have hours"), hint
        )


def _named(draft: Draft) -> Iterator[tuple[Path, str]]:
    """Every `hours: NAME`, and where it is."""
    gates: list[tuple[Path, str | None]] = [((), draft.hotline.hours)]
    for section in SECTIONS:
        for name in getattr(draft.hotline, section):
            if (gate := draft.hotline.gate((section, name))) is not None:
                gates.append(((section, name), gate.hours))
    gates.extend((way.path, way.destination.hours) for way in draft.ways)
    for name, queue in draft.hotline.queues.items():
        if queue.callback is not None:
            gates.append((("queues", name, "callback"), queue.callback.hours))
    for path, hours in gates:
        if hours is not None:
            yield (*path, "hours"), hours


def _dangling(draft: Draft, named: Sequence[tuple[Path, str]], section: str, what: str) -> Iterator[Problem]:
    known = draft.names(section)
    for path, name in named:
        if name not in known:
            hint = did_you_mean(
                name,
                known,
                Sentence(
                    "add it under `{section}`, or use {names}",
                    section=section,
                    names=one_of(sorted(known)) or Sentence("another"),
                ),
            )
            message = Sentence("there is no calendar {name}", name=shown(name))
            if what == "hours":
                message = Sentence("there are no hours {name}", name=shown(name))
            yield error("dangling", draft.spot(path), message, hint)


def _unused(draft: Draft, named: Sequence[tuple[Path, str]], section: str, what: str) -> Iterator[Problem]:
    used = {name for _, name in named}
    for name in getattr(draft.hotline, section):
        if name not in used | draft.mentioned:
            hint = Sentence("write `{key}: {name}` where it counts, or take it out", key=what, name=name)
            message = Sentence("nothing uses this calendar")
            if what == "hours":
                message = Sentence("nothing uses these hours")
            yield warning("unused-hours", draft.spot((section, name), key=True), message, hint)


def _calendars(
    draft: Draft, used: set[str], unknown: Mapping[str, Sequence[str]], today: date | None
) -> Iterator[Problem]:
    for name, calendar in draft.hotline.calendars.items():
        path: Path = (CALENDARS, name)
        if calendar.country is not None and calendar.country in unknown:
            codes = {code.lower(): code for code in unknown[calendar.country]}
            near = nearest(calendar.country, codes)
            hint = Sentence("use a code such as CN, DE or DE-BE, or list the days yourself")
            if near is not None:
                hint = Sentence("did you mean {name!r}?", name=codes[near])
            message = Sentence("no holidays are known of {country}", country=shown(calendar.country))
            yield error("unknown-country", draft.spot((*path, "country")), message, hint)
            continue
        days = draft.hotline.known_days.get(name)
        if name not in used or today is None or days is None or days.until is None:
            continue
        left = (days.until - today).days
        if left < AHEAD:
            message, spot = Sentence("nothing is known of days after {day}", day=days.until), draft.spot(path, key=True)
            hint = _next_year(days.until.year + 1, calendar.country)
            yield (error if left < LATE else warning)("calendar-ends", spot, message, hint)


def _next_year(year: int, country: str | None) -> Sentence:
    if country == CHINA:
        return Sentence(
            "enter the days of {year} by hand, once the State Council has published them: under `off` and `working`, "
            "with `until: {year}`. Or renew the package chinesecalendar",
            year=year,
        )
    if country is not None:
        return Sentence(
            "list the days of {year} under `off` and `working` and write `until: {year}`, "
            "or renew the package holidays",
            year=year,
        )
    return Sentence("list the days of {year} under `off` and `working` and write `until: {year}`", year=year)


def _moments(draft: Draft) -> Iterator[Problem]:
    """Texts that say when it opens or closes, where no hours are known."""
    hotline = draft.hotline
    messages = [(way, (*way.path, key)) for way in draft.ways for key in way.destination.texts]
    after = {path for way, path in messages if way.when.closed}
    within = {path for way, path in messages if way.destination.hours is not None}
    within |= {("menus", name, "say") for name, menu in hotline.menus.items() if menu.hours is not None}
    for path, texts in placed_texts(hotline):
        for language, words in texts.items():
            spot = draft.spot((*path, language) if language != EVERY else path)
            if OPENS in words and path not in after:
                message = Sentence("no hours send a call here, so there is no moment for {name}", name=OPENS)
                hint = Sentence("say it in the message of a `closed`, or take it out")
                yield error("no-moment", spot, message, hint)
            if CLOSES in words and path not in after | within:
                message = Sentence("this text has no hours, so there is no moment for {name}", name=CLOSES)
                hint = Sentence(
                    "say it in a menu or a message that has `hours`, in the message of a `closed`, or take it out"
                )
                yield error("no-moment", spot, message, hint)


def _never(draft: Draft, used: set[str], today: date | None) -> Iterator[Problem]:
    """Hours that never open, and hours in use that never close."""
    hotline = draft.hotline
    for name, hours in hotline.opening_hours.items():
        if hours.calendar is not None and hours.calendar not in hotline.known_days:
            continue
        parts = (draft.spot((OPENING_HOURS, name, part)) for part in ("week", "special"))
        if not draft.cut.isdisjoint(parts):
            continue
        classes = hour_classes(hotline.clock_table, [name], today)
        spot = draft.spot((OPENING_HOURS, name), key=True)
        if not any(each.open for each in classes):
            yield error("never-open", spot, Sentence("these hours never open"), Sentence("give times under `week`"))
        elif all(each.open for each in classes) and name in used:
            hint = Sentence("take the hours out where they are named, or let them close")
            yield warning("never", spot, Sentence("these hours never close, so no call takes `closed`"), hint)
