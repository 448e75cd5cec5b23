"""Opening hours and calendars in a hotline's folder: what is wrong with them, and what they come to."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from hotline import opening
from hotline.graph import By, ways
from hotline.loader import Loaded, load
from hotline.model import Hotline
from hotline.texts import every_text
from ivr.hours import OpeningHours
from ivr.interpreter import Dial, Enqueue, Facts, Play, State, send
from ivr.model import Destination, ToQueue
from sounds.phrases import everything_said
from tests.unit.hotline.folders import Case, Change, error, loaded, small, warning, written

ENTRY = "entry: main\n"
WHOLE: Change = (ENTRY, f"{ENTRY}hours: day\nclosed: {{sub_hotline: duty}}\n")
"""The whole hotline has the hours `day`."""


def hours(*lines: str) -> Change:
    return "\nmenus:\n", "\nopening_hours:\n" + "".join(f"  {line}\n" for line in lines) + "\nmenus:\n"


DAY = hours('day: {week: {mon-fri: "09:00-17:00"}}')


def calendar(city: str, week: str = '{mon-fri: "09:00-17:00"}', name: str = "city") -> Change:
    """The hours `day` with a calendar."""
    sections = f"\ncalendars:\n  {city}\n\nopening_hours:\n  day: {{calendar: {name}, week: {week}}}\n"
    return "\nmenus:\n", f"{sections}\nmenus:\n"


def general(words: str) -> Change:
    """More keys of the last queue."""
    return "    needs: {general: 1}\n\n", f"    needs: {{general: 1}}\n    {words}\n\n"


def key(words: str) -> Change:
    """More of a key's destination."""
    return '"1": {queue: greening}', f'"1": {{queue: greening, {words}}}'


def day(row: str) -> tuple[Change, Change]:
    return WHOLE, hours(f"day: {{week: {row}}}")


CASES = [
    # names
    error("dangling", "did you mean 'day'?", WHOLE, DAY, key("hours: «dya, closed: {menu: water}")),
    error("dangling", "did you mean 'day'?", WHOLE, DAY, general("hours: «dya\n    closed: {sub_hotline: duty}")),
    error("dangling", "add it under `opening_hours`", (ENTRY, f"{ENTRY}hours: «day\nclosed: {{sub_hotline: duty}}\n")),
    error("dangling", "did you mean 'duty'?", (ENTRY, f"{ENTRY}hours: day\nclosed: {{sub_hotline: «dutty}}\n"), DAY),
    error(
        "dangling",
        "add it under `calendars`",
        WHOLE,
        hours('day: {calendar: «city, week: {mon-fri: "09:00-17:00"}}'),
    ),
    warning("unused-hours", "nothing uses these hours", hours('«day: {week: {mon-fri: "09:00-17:00"}}')),
    warning(
        "unused-hours",
        "nothing uses this calendar",
        WHOLE,
        calendar("city: {country: DE}\n  «town: {country: DE}"),
    ),
    # one without the other
    error("missing-key", "where a call goes meanwhile", WHOLE, DAY, general("«hours: day")),
    error("missing-key", "say when that is: `hours: NAME`", general("«closed: {sub_hotline: duty}")),
    error("missing-key", "where a call goes meanwhile", WHOLE, DAY, key("«hours: day")),
    error("unknown-key", "did you mean 'queue'?", WHOLE, DAY, general("hours: day\n    closed: {«qeue: greening}")),
    error("bad-value", "where a destination is expected", WHOLE, DAY, key("hours: day, closed: «duty")),
    error(
        "bad-value",
        "nobody looks at hours then",
        WHOLE,
        DAY,
        ("fallback: {sub_hotline: duty}", "fallback: {sub_hotline: duty, «hours: day, closed: {sub_hotline: duty}}"),
    ),
    error(
        "repeat-outside-menu",
        "name a menu",
        DAY,
        general("hours: day\n    closed: «{repeat: true}"),
    ),
    # times and days
    error("bad-value", "'9-17' is not a time from and to", *day("{mon-fri: «9-17}")),
    error("bad-value", "write 00:00-24:00 for the whole day", *day('{mon-fri: «"09:00-09:00"}')),
    error("bad-value", "09:00-13:00 and 12:00-17:00 overlap", *day('{mon-fri: «"09:00-13:00, 12:00-17:00"}')),
    error("bad-value", "use mon, tue, wed", *day('{mon: "09:00-12:00", «friday: "09:00-12:00"}')),
    error("bad-value", "fri is given twice", WHOLE, hours('day: {«week: {mon-fri: "09:00-12:00", fri: closed}}')),
    error(
        "bad-value",
        "write 2027-02-05",
        WHOLE,
        hours('day: {week: {mon: "09:00-12:00"}, special: {«2027-02-30: closed}}'),
    ),
    error("bad-value", "write another year", WHOLE, calendar("city: {off: [«9999-12-31]}")),
    error("bad-value", "without a `calendar`", WHOLE, hours('day: {week: {mon: "09:00-12:00"}, «holidays: closed}')),
    error("missing-key", "add `week: …`", WHOLE, hours("«day: {special: {2027-02-01: closed}}")),
    error("never-open", "give times under `week`", WHOLE, hours("«day: {week: {mon-fri: closed}}")),
    warning("never", "no call takes `closed`", WHOLE, hours('«day: {week: {mon-sun: "00:00-24:00"}}')),
    # calendars
    error("unknown-country", "such as CN, DE or DE-BE", WHOLE, calendar("city: {country: «QQ}")),
    error("bad-value", "such as CN, DE or DE-BE", WHOLE, calendar("city: {country: «China}")),
    error("unknown-country", "did you mean 'DE-BE'?", WHOLE, calendar("city: {country: «DE-BEE}")),
    error("bad-value", "name a `country`, or list days", WHOLE, calendar("«city: {weekend: [sun]}")),
    error("bad-value", "ends before it begins", WHOLE, calendar("city: {off: [«2027-01-02 to 2027-01-01]}")),
    # when it opens again
    error("no-moment", "in the message of a `closed`", ("goodbye: {zh: 再见,", "goodbye: {zh: «'{opens}再见',")),
    error(
        "no-moment",
        "no hours send a call here",
        WHOLE,
        DAY,
        ('"1": {queue: greening}', "\"1\": {say: {zh: «'{opens}', en: Hello}, then: {queue: greening}}"),
    ),
    # when it closes
    error(
        "no-moment",
        "in a menu or a message that has `hours`",
        ("goodbye: {zh: 再见,", "goodbye: {zh: «'{closes}再见',"),
    ),
    error(
        "no-moment",
        "this text has no hours",
        WHOLE,
        DAY,
        ('"1": {queue: greening}', "\"1\": {say: {zh: «'{closes}', en: Hello}, then: {queue: greening}}"),
    ),
    # closed nodes that lead to closed nodes
    error(
        "endless",
        "such as mon 00:00, a call goes round for ever: general → general",
        DAY,
        general("hours: day\n    closed: «{queue: general}"),
    ),
    error(
        "endless",
        "a call goes round for ever: general → main",
        DAY,
        general("hours: day\n    closed: {say: {zh: 已下班, en: Closed}, then: «{menu: main}}"),
    ),
    error(
        "endless",
        "a call goes round for ever: general → bureau",
        DAY,
        general("hours: day\n    closed: «{sub_hotline: bureau}"),
    ),
    error(
        "endless",
        "a call goes round for ever: main → water",
        DAY,
        ("    no_input: {then: {queue: general}}\n", "    no_input: {then: {menu: main}}\n"),
        (
            "    no_input: {repeat: 1, then: {queue: general}}\n",
            "    no_input: {then: {queue: general, hours: day, closed: «{menu: water}}}\n",
        ),
    ),
    # reached
    error(
        "unreachable",
        "give a key that leads to it",
        ('"2": {menu: water}', '"2": {queue: general}'),
        ("  water:", "  «water:"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)


def of(folder: Path, *changes: Change) -> Hotline:
    found = loaded(folder, small(*changes))
    assert found.problems == ()
    assert found.hotline is not None
    return found.hotline


def at(folder: Path, moment: datetime, *changes: Change) -> Loaded:
    return load(written(folder, small(*changes)), moment=moment)


def test_day_and_night_may_lead_to_each_other_if_one_is_always_open(tmp_path: Path) -> None:
    desks = (
        general("hours: day\n    closed: {queue: greening}"),
        ('    extension: "6001"\n', '    extension: "6001"\n    hours: night\n    closed: {queue: general}\n'),
        ("{nobody_signed_in: 10s, then: {queue: general}}", "{nobody_signed_in: 10s, then: {sub_hotline: duty}}"),
        (', dial: "2201", failed: {queue: general}}', ', dial: "2201"}'),
    )

    def problems(night: str) -> list[str]:
        two = hours('day: {week: {mon-fri: "09:00-17:00"}}', f"night: {{week: {night}}}")
        return [problem.message for problem in loaded(tmp_path, small(two, *desks)).problems]

    assert problems('{mon-fri: "00:00-09:00, 17:00-24:00", sat-sun: "00:00-24:00"}') == []
    (message,) = problems('{mon-fri: "17:00-09:00", sat-sun: "00:00-24:00"}')
    assert "at times, such as mon 00:00, a call goes round for ever" in message


def test_what_is_closed_may_say_when_it_opens_again(tmp_path: Path) -> None:
    say = "{say: {zh: '{opens}再来', en: 'Come again {opens}.'}"
    hotline = of(tmp_path, DAY, general(f"hours: day\n    closed: {say}, then: {say}, then: {{sub_hotline: duty}}}}}}"))
    assert ("zh", "星期一") in everything_said(every_text(hotline), hotline.languages)


def test_what_has_hours_may_say_when_it_closes(tmp_path: Path) -> None:
    say = "say: {zh: '服务到{closes}。', en: 'We are here until {closes}.'}"
    message = f'"1": {{{say}, hours: day, closed: {{queue: greening}}, then: {{queue: greening}}}}'
    menu = "    say: {zh: '{closes}下班。供水请按1，人工请按0', en: 'We close {closes}. Water 1, a person 0'}\n"
    of(
        tmp_path,
        DAY,
        ('"1": {queue: greening}', message),
        (
            "    say: {zh: 供水请按1，人工请按0, en: 'For water press 1, for a person 0'}\n",
            f"{menu}    hours: day\n    closed: {{{say}, then: {{queue: general}}}}\n",
        ),
    )


def test_hours_can_be_everywhere(tmp_path: Path) -> None:
    message = "{say: {zh: 已下班, en: We are closed}}"
    closed, lines = f"hours: day, closed: {message}", f"    hours: day\n    closed: {message}\n"
    water = "    say: {zh: 供水请按1，人工请按0, en: 'For water press 1, for a person 0'}\n"
    changes = (
        WHOLE,
        DAY,
        key(closed),
        general("hours: day\n    closed: {sub_hotline: duty}"),
        (water, water + lines),
        ('dial: "2200"}', f'dial: "2200", {closed}}}'),
        ("{waited: 5m, then: {sub_hotline: bureau}}", f"{{waited: 5m, then: {{sub_hotline: bureau, {closed}}}}}"),
    )
    hotline = of(tmp_path, *changes)
    by_hours = [(way.source, way.by) for way in ways(hotline) if "day" in way.when.closed]
    assert by_hours == [
        (("queues", "general"), By.CLOSED),
        (("menus", "water"), By.CLOSED),
        (("sub_hotlines", "duty"), By.CLOSED),
        (None, By.CLOSED),
        (("menus", "main"), By.KEY),
        (("queues", "greening"), By.OVERFLOW),
    ]


def test_a_menu_that_is_reached_only_when_something_is_closed_is_reached(tmp_path: Path) -> None:
    of(
        tmp_path,
        ('"2": {menu: water}', '"2": {queue: general}'),
        (ENTRY, f"{ENTRY}hours: day\nclosed: {{menu: water}}\n"),
        DAY,
    )


def test_china_with_make_up_days(tmp_path: Path) -> None:
    hotline = of(tmp_path, calendar("city: {country: CN}"), general("hours: day\n    closed: {sub_hotline: duty}"))

    def goes(written: str) -> object:
        moment = datetime.fromisoformat(written).replace(tzinfo=hotline.zone)
        return send(hotline, State("zh"), ToQueue(queue="general"), Facts(moment, "", "12319")).action

    assert goes("2026-02-13 10:00") == Enqueue("general")
    assert goes("2026-02-14 10:00") == Enqueue("general"), "a Saturday that is worked before the Spring Festival"
    assert goes("2026-02-17 10:00") == Dial("duty")
    assert goes("2026-09-20 10:00") == Enqueue("general"), "a Sunday that is worked"
    assert goes("2026-09-19 10:00") == Dial("duty")


def test_a_part_of_a_country_has_holidays_of_its_own(tmp_path: Path) -> None:
    week = general("hours: day\n    closed: {sub_hotline: duty}")
    berlin = of(tmp_path, calendar("city: {country: DE-BE}"), week).timetable
    bavaria = of(tmp_path, calendar("city: {country: DE-BY}"), week).timetable
    women, magi = datetime(2027, 3, 8, 4, tzinfo=UTC), datetime(2027, 1, 6, 4, tzinfo=UTC)
    assert [berlin.is_open("day", moment) for moment in (women, magi)] == [False, True]
    assert [bavaria.is_open("day", moment) for moment in (women, magi)] == [True, False]


def test_another_calendar_makes_another_version(tmp_path: Path) -> None:
    """Also when only what is known of a country has changed: it decides where calls go."""
    week = general("hours: day\n    closed: {sub_hotline: duty}")
    first = of(tmp_path, calendar("city: {country: CN}"), week).version
    assert of(tmp_path, calendar("city: {country: CN}"), week).version == first
    assert of(tmp_path, calendar("city: {country: CN, off: [2026-11-02]}"), week).version != first


LAST = opening.known("CN").until  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("days", "told"),
    [(61, None), (60, None), (59, "warning"), (10, "warning"), (9, "error"), (0, "error"), (-100, "error")],
)
def test_a_calendar_that_ends_is_a_warning_sixty_days_before_and_an_error_ten_days_before(
    tmp_path: Path, days: int, told: str | None
) -> None:
    assert LAST is not None
    noon = datetime(LAST.year, LAST.month, LAST.day, 12, tzinfo=UTC) - timedelta(days=days)
    found = at(tmp_path, noon, WHOLE, calendar("city: {country: CN}"))
    assert [(p.code, p.level, p.line) for p in found.problems] == ([("calendar-ends", told, 14)] if told else [])
    assert (found.hotline is None) == (told == "error")
    for problem in found.problems:
        assert str(LAST) in problem.message
        assert f"enter the days of {LAST.year + 1} by hand, once the State Council has" in problem.hint
        assert "chinesecalendar" in problem.hint


def test_a_list_with_its_last_year_goes_on_where_the_package_ends(tmp_path: Path) -> None:
    assert LAST is not None
    year = LAST.year + 1
    moment = datetime(year, 3, 1, tzinfo=UTC)
    own = f"city: {{country: CN, off: [{year}-02-05 to {year}-02-11], working: [{year}-02-14], until: {year}}}"
    found = at(tmp_path, moment, WHOLE, calendar(own))
    assert found.problems == ()
    assert found.hotline is not None
    days = found.hotline.known_days["city"]
    assert days.until == date(year, 12, 31)
    assert date(year, 2, 11) in days.off


def test_a_hotline_starts_with_a_calendar_that_has_ended(tmp_path: Path) -> None:
    """Who asks without a moment is not told: a hotline that ran yesterday is not to stay down today."""
    of(tmp_path, WHOLE, calendar("city: {off: [2020-10-01]}"))
    (problem,) = at(tmp_path, datetime(2026, 11, 26, tzinfo=UTC), WHOLE, calendar("city: {off: [2020-10-01]}")).problems
    assert (problem.code, "renew the package" in problem.hint) == ("calendar-ends", False)


def test_a_country_is_worked_out_once() -> None:
    assert opening.known("DE-BE") is opening.known("DE-BE")
    assert opening.known("XX") is None
    assert opening.known("DE-XX") is None


def test_hungary_has_make_up_days_and_the_emirates_another_weekend() -> None:
    hungary, emirates, israel = (opening.known(code) for code in ("HU", "AE", "IL"))
    assert hungary is not None
    assert date(2026, 1, 10) in hungary.made_up
    assert emirates is not None
    assert israel is not None
    assert (emirates.weekend, israel.weekend) == ((5, 6), (4, 5))


# --- docs/hours.md ---------------------------------------------------------------------------------------------------

PAGE = (Path(__file__).parents[3] / "docs" / "hours.md").read_text(encoding="utf-8")
WHOLE_EXAMPLE, *_, CALENDAR_EXAMPLE = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def example(folder: Path, text: str, moment: datetime) -> Loaded:
    return load(written(folder, {**small(), "hotline.yaml": text}), moment=moment)


def test_the_example_of_the_page_does_what_it_says(tmp_path: Path) -> None:
    found = example(tmp_path, WHOLE_EXAMPLE, datetime(2026, 3, 1, tzinfo=UTC))
    assert found.problems == ()
    hotline = found.hotline
    assert hotline is not None
    market = hotline.menus["main"].keys["2"]

    def goes(to: Destination, written: str) -> object:
        moment = datetime.fromisoformat(written).replace(tzinfo=hotline.zone)
        return send(hotline, State("zh", "main"), to, Facts(moment, "", "12319")).action

    greening = ToQueue(queue="greening")
    assert goes(greening, "2026-03-02 10:00") == Enqueue("greening")
    assert isinstance(goes(greening, "2026-03-02 12:30"), Play)
    assert isinstance(goes(greening, "2026-09-10 10:00"), Play), "a day off of the city's own"
    assert goes(greening, "2026-10-10 10:00") == Enqueue("greening"), "a Saturday that is worked"
    assert goes(greening, "2026-12-31 11:00") == Enqueue("greening")
    assert isinstance(goes(greening, "2026-12-31 14:00"), Play)
    assert goes(ToQueue(queue="general"), "2026-10-01 10:00") == Dial("duty")
    assert goes(market, "2026-03-02 14:00") == Dial("market")
    assert isinstance(goes(market, "2026-03-03 14:00"), Play)


def test_the_calendar_of_the_page_goes_on_into_the_next_year(tmp_path: Path) -> None:
    before, after = WHOLE_EXAMPLE.split("opening_hours:\n")
    text = f"{before.split('calendars:')[0]}{CALENDAR_EXAMPLE}\nopening_hours:\n{after}"
    late = datetime(2027, 10, 1, tzinfo=UTC)
    assert [problem.code for problem in example(tmp_path, WHOLE_EXAMPLE, late).problems] == ["calendar-ends"]
    assert example(tmp_path, text, late).problems == ()


def test_a_copy_with_other_hours_has_the_timetable_of_these(tmp_path: Path) -> None:
    found = example(tmp_path, WHOLE_EXAMPLE, datetime(2026, 3, 1, tzinfo=UTC)).hotline
    assert found is not None
    moment = datetime(2026, 3, 2, 10, tzinfo=found.zone)
    assert found.timetable.is_open("office", moment)
    never = found.model_copy(update={"opening_hours": {"office": OpeningHours(week={})}})
    assert not never.timetable.is_open("office", moment)
    assert found.timetable.is_open("office", moment)
