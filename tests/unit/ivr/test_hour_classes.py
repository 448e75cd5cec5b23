"""Which hours are open at the same time, over all days."""

from datetime import UTC, date, datetime, timedelta
from time import process_time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ivr.calendars import Days
from ivr.hours import OpeningHours, Span
from ivr.timetable import HourClass, Timetable, hour_classes

CHINA = Days(holidays=(date(2026, 10, 1), date(2026, 10, 2)), makeup=(date(2026, 10, 10),))


def table(**hours: Any) -> Timetable:
    return Timetable(UTC, {name: OpeningHours.model_validate(each) for name, each in hours.items()}, {"china": CHINA})


DAY = {"week": {"mon-fri": "09:00-17:00"}, "calendar": "china"}
NIGHT = {"week": {"mon-sun": "17:00-09:00"}}


def test_without_hours_there_is_one_class() -> None:
    assert hour_classes(table()) == [HourClass(frozenset(), "mon 00:00")]


def test_day_and_night_and_neither() -> None:
    found = hour_classes(table(day=DAY, night=NIGHT))
    assert [(set(each.open), each.when) for each in found] == [
        ({"night"}, "mon 00:00"),
        ({"day"}, "mon 09:00"),
        (set(), "sat 09:00"),
    ]


def test_a_day_that_no_week_has() -> None:
    special = {**DAY, "special": {"2026-10-02": "16:00-18:00"}}
    found = hour_classes(table(day=special, night=NIGHT))
    assert found[-1] == HourClass(frozenset({"day", "night"}), "2026-10-02 17:00")
    assert hour_classes(table(day=special, night=NIGHT), since=date(2026, 10, 3)) == found[:-1]


def test_the_night_after_a_special_day_counts() -> None:
    hours = {"week": {}, "special": {"2026-10-02": "22:00-03:00"}}
    assert [each.when for each in hour_classes(table(one=hours, two={"week": {"sat": "02:00-04:00"}}))] == [
        "mon 00:00",
        "sat 02:00",
        "2026-10-02 22:00",
        "2026-10-03 02:00",
    ]


@given(st.data())
def test_every_moment_has_its_class(data: st.DataObject) -> None:
    times = st.sampled_from(["closed", "09:00-17:00", "17:00-09:00", "08:00-12:00, 13:00-18:00", "00:00-24:00"])
    hours = {
        name: {
            "week": {"mon-fri": data.draw(times), "sat": data.draw(times)},
            "calendar": "china",
            "holidays": data.draw(times),
            "special": {"2026-10-05": data.draw(times)},
        }
        for name in ("one", "two", "three")
    }
    found = table(**hours)
    classes = {each.open for each in hour_classes(found)}
    first = datetime(2026, 9, 21, tzinfo=UTC)
    seen = set()
    for half_hours in range(21 * 48):
        moment = first + timedelta(minutes=30 * half_hours)
        open_ = frozenset(name for name in hours if found.is_open(name, moment))
        seen.add(open_)
        assert open_ in classes, moment
    assert seen == classes, "no class is made up: three weeks have all of these days"


def test_fifty_hours_of_a_whole_country_take_a_moment() -> None:
    years = tuple(date(2026, 1, 1) + timedelta(days=12 * day) for day in range(300))
    hours = {
        f"h{n}": OpeningHours(week={"mon-fri": (Span(n % 20 * 60, n % 20 * 60 + 180),)}, calendar="c")
        for n in range(50)
    }
    began = process_time()
    assert len(hour_classes(Timetable(UTC, hours, {"c": Days(holidays=years)}))) > 20
    assert process_time() - began < 1
