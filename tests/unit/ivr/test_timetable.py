"""When hours are open, also while the clock of the zone goes forward and back."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.calendars import Days
from ivr.hours import DAY, OpeningHours, clock
from ivr.timetable import HORIZON, Opening, Timetable, first_shown

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
CHANGES = [
    # zone, a day before a change of the clock
    ("Europe/Berlin", date(2026, 3, 28)),
    ("Europe/Berlin", date(2026, 10, 24)),
    ("America/New_York", date(2026, 3, 7)),
    ("America/New_York", date(2026, 10, 31)),
    ("Australia/Lord_Howe", date(2026, 4, 4)),  # half an hour
    ("Australia/Lord_Howe", date(2026, 10, 3)),
    ("America/Asuncion", date(2024, 3, 23)),  # at midnight
    ("America/St_Johns", date(2010, 3, 13)),  # at a minute past midnight
    ("America/St_Johns", date(2010, 11, 6)),  # back into the day before
    ("Pacific/Apia", date(2011, 12, 29)),  # a whole day is left out
    ("Asia/Shanghai", date(2026, 5, 1)),  # none
]


def table(zone: ZoneInfo, **hours: OpeningHours) -> Timetable:
    return Timetable(zone, hours, {})


def weekly(**week: str) -> OpeningHours:
    return OpeningHours.model_validate({"week": {name.replace("_", "-"): times for name, times in week.items()}})


def at(zone: ZoneInfo, written: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=zone, fold=fold)


OFFICE = weekly(mon_fri="09:00-12:00, 13:30-17:30")
NIGHT = weekly(mon_sun="17:30-09:00")


@pytest.mark.parametrize(
    ("moment", "open_", "until"),
    [
        ("2026-11-26 08:59", False, "2026-11-26 09:00"),
        ("2026-11-26 09:00", True, "2026-11-26 12:00"),
        ("2026-11-26 12:00", False, "2026-11-26 13:30"),
        ("2026-11-27 17:30", False, "2026-11-30 09:00"),
        ("2026-11-29 10:00", False, "2026-11-30 09:00"),
    ],
)
def test_a_week_of_an_office(moment: str, open_: bool, until: str) -> None:
    office = table(SHANGHAI, office=OFFICE)
    assert office.opening("office", at(SHANGHAI, moment)) == Opening(open_, at(SHANGHAI, until))
    assert office.is_open("office", at(SHANGHAI, moment)) is open_


def test_the_moment_may_be_of_another_zone() -> None:
    office = table(SHANGHAI, office=OFFICE)
    assert office.opening("office", datetime(2026, 11, 26, 1, 30, tzinfo=UTC)).until == at(SHANGHAI, "2026-11-26 12:00")


def test_night_duty_belongs_to_the_day_on_which_it_begins() -> None:
    hours = weekly(fri="17:30-09:00")
    nights = table(SHANGHAI, night=hours)
    assert nights.opening("night", at(SHANGHAI, "2026-11-28 08:00")) == Opening(True, at(SHANGHAI, "2026-11-28 09:00"))
    assert not nights.is_open("night", at(SHANGHAI, "2026-11-27 08:00"))


def test_what_touches_is_one_stretch() -> None:
    duty = table(SHANGHAI, duty=weekly(mon="20:00-24:00", tue="00:00-06:00, 06:00-07:00"))
    assert duty.opening("duty", at(SHANGHAI, "2026-11-23 21:00")).until == at(SHANGHAI, "2026-11-24 07:00")


def test_always_and_never() -> None:
    both = table(SHANGHAI, always=weekly(mon_sun="00:00-24:00"), never=OpeningHours(week={}))
    moment = at(SHANGHAI, "2026-11-26 09:00")
    for _ in range(2):  # the second answer is remembered
        assert both.opening("always", moment) == Opening(True, None)
        assert both.opening("never", moment) == Opening(False, None)


def test_a_change_beyond_the_horizon_is_not_told_until_it_is_near() -> None:
    far = date(2026, 11, 26) + timedelta(days=HORIZON + 30)
    hours = OpeningHours.model_validate({"week": {"mon-sun": "00:00-24:00"}, "special": {far.isoformat(): "closed"}})
    duty = table(SHANGHAI, duty=hours)
    assert duty.opening("duty", at(SHANGHAI, "2026-11-26 09:00")).until is None
    assert duty.opening("duty", at(SHANGHAI, "2027-11-26 09:00")).until == datetime(
        far.year, far.month, far.day, tzinfo=SHANGHAI
    )


def test_answers_in_any_order_are_the_same() -> None:
    office = table(SHANGHAI, office=OFFICE)
    moments = [at(SHANGHAI, f"2026-11-{day} {hour:02}:00") for day in (26, 24, 28) for hour in (10, 8, 20)]
    assert [office.opening("office", moment) for moment in moments] == [
        table(SHANGHAI, office=OFFICE).opening("office", moment) for moment in moments
    ]


def test_a_calendar_and_special_days() -> None:
    days = Days(holidays=(date(2026, 10, 1),), makeup=(date(2026, 10, 10),))
    hours = OpeningHours.model_validate(
        {
            "week": {"mon": "08:00-16:00", "tue-fri": "09:00-17:00"},
            "calendar": "china",
            "special": {"2026-12-31": "09:00-12:00"},
        }
    )
    office = Timetable(SHANGHAI, {"office": hours}, {"china": days})
    assert not office.is_open("office", at(SHANGHAI, "2026-10-01 10:00"))
    assert office.is_open("office", at(SHANGHAI, "2026-10-10 08:30")), "a Saturday that is worked is as a Monday"
    assert not office.is_open("office", at(SHANGHAI, "2026-12-31 14:00"))
    own = hours.model_copy(update={"holidays": hours.rows[0], "makeup": ()})
    other = Timetable(SHANGHAI, {"office": own}, {"china": days})
    assert other.is_open("office", at(SHANGHAI, "2026-10-01 08:30"))
    assert not other.is_open("office", at(SHANGHAI, "2026-10-10 08:30"))


# --- the clock goes forward and back ---------------------------------------------------------------------------------


def test_an_office_keeps_its_times_by_the_clock_over_both_changes() -> None:
    office = table(BERLIN, office=OFFICE)
    for friday, monday in (("2026-03-27", "2026-03-30"), ("2026-10-23", "2026-10-26")):
        assert office.opening("office", at(BERLIN, f"{friday} 18:00")).until == at(BERLIN, f"{monday} 09:00")


def test_night_duty_is_an_hour_shorter_and_an_hour_longer() -> None:
    night = table(BERLIN, night=NIGHT)
    for saturday, seconds in (("2026-03-28", 14.5 * 3600), ("2026-10-24", 16.5 * 3600), ("2026-11-28", 15.5 * 3600)):
        begin = at(BERLIN, f"{saturday} 17:30")
        until = night.opening("night", begin).until
        assert until is not None
        assert until.timestamp() - begin.timestamp() == seconds


def test_a_time_that_comes_twice_counts_the_first_time() -> None:
    club = table(BERLIN, club=weekly(sun="00:00-02:30"))
    assert club.is_open("club", at(BERLIN, "2026-10-25 02:29"))
    assert not club.is_open("club", at(BERLIN, "2026-10-25 02:30"))
    assert not club.is_open("club", at(BERLIN, "2026-10-25 02:10", fold=1))


def test_a_time_that_is_left_out_is_the_moment_of_the_change() -> None:
    times = {"early": "00:00-02:30", "late": "02:30-05:00", "none": "02:10-02:50"}
    clubs = table(BERLIN, **{name: weekly(sun=each) for name, each in times.items()})
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)
    before = at(BERLIN, "2026-03-29 01:59")
    assert clubs.opening("early", before) == Opening(True, change)
    assert clubs.opening("late", before) == Opening(False, change)
    assert clubs.is_open("late", change)
    assert clubs.opening("none", before).until == at(BERLIN, "2026-04-05 02:10"), "it has no moment on that day"


@st.composite
def one_day(draw: st.DrawFn) -> str:
    """Times of a day, to five minutes."""
    marks = sorted(draw(st.sets(st.integers(0, DAY // 5 - 1), max_size=6)))
    begins, ends = marks[::2], marks[1::2]
    spans = [f"{clock(begin * 5)}-{clock(end * 5)}" for begin, end in zip(begins, ends, strict=False)]
    if len(marks) % 2 and marks[-1]:  # the last one into the night
        end = draw(st.integers(0, marks[0] if len(marks) > 1 else marks[-1] - 1))
        spans.append(f"{clock(marks[-1] * 5)}-{clock(end * 5)}")
    return ", ".join(spans) or "closed"


@given(
    st.sampled_from(CHANGES),
    st.lists(one_day(), min_size=7, max_size=7),
)
def test_open_is_what_a_clock_shows_that_never_goes_back(change: tuple[str, date], week: list[str]) -> None:
    """The clock that never goes back shows the latest time that the zone's clock has shown so far."""
    name, day = change
    zone = ZoneInfo(name)
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    hours = OpeningHours.model_validate({"week": dict(zip(names, week, strict=True))})
    office = table(zone, office=hours)
    begin = datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()
    shown = datetime.min  # noqa: DTZ901 - by the clock on the wall
    told: Opening | None = None
    for minute in range(-5, 3 * DAY, 5):
        moment = datetime.fromtimestamp(begin + minute * 60, zone)
        shown = max(shown, moment.replace(tzinfo=None))
        today = shown.date()
        expected = any(
            span.begin <= (shown - datetime(d.year, d.month, d.day)).total_seconds() / 60 < span.end  # noqa: DTZ001
            for d in (today - timedelta(days=1), today)
            for span in hours.rows[d.weekday()]
        )
        assert office.is_open("office", moment) is expected, moment
        if told is not None and told.until is not None:
            if moment.timestamp() < told.until.timestamp():
                assert expected is told.open, "it does not change before it was told to"
            else:  # it may have changed twice since: where the clock goes forward, spans become short
                assert office.is_open("office", told.until) is not told.open, "it changes when it was told to"
        told = office.opening("office", moment)
        assert told.open is expected


@given(st.sampled_from(CHANGES), st.integers(0, 3 * DAY), st.integers(1, DAY))
def test_a_later_time_of_the_clock_is_never_an_earlier_moment(
    change: tuple[str, date], minute: int, later: int
) -> None:
    name, day = change
    zone = ZoneInfo(name)
    assert first_shown(zone, day, minute) <= first_shown(zone, day, minute + later)


def test_it_closes_at_the_end_of_this_opening_or_of_the_next_one() -> None:
    desk = table(SHANGHAI, desk=weekly(mon_fri="09:00-12:00, 13:30-17:30", sat="22:00-02:00"))
    for now, closes in (
        ("2026-03-02 09:00", "2026-03-02 12:00"),
        ("2026-03-02 12:00", "2026-03-02 17:30"),
        ("2026-03-02 08:00", "2026-03-02 12:00"),
        ("2026-03-06 18:00", "2026-03-08 02:00"),
        ("2026-03-08 01:59", "2026-03-08 02:00"),
    ):
        assert desk.closes("desk", at(SHANGHAI, now)) == at(SHANGHAI, closes)
    assert desk.opening("desk", at(SHANGHAI, "2026-03-06 18:00")).until == at(SHANGHAI, "2026-03-07 22:00")


def test_what_never_closes_has_no_moment_for_it() -> None:
    assert table(SHANGHAI, desk=weekly(mon_sun="00:00-24:00")).closes("desk", at(SHANGHAI, "2026-03-02 09:00")) is None
    assert table(SHANGHAI, desk=weekly(mon="closed")).closes("desk", at(SHANGHAI, "2026-03-02 09:00")) is None
