"""When a message ends: times of the clock, also in the two nights in which the clock changes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.model import LEAST, BadEnd, end, shown

SHANGHAI, DUBLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Dublin")
ZONES = (SHANGHAI, DUBLIN, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC"))
DAY = 86_400.0
NOW = datetime(2025, 3, 3, 3, 0, tzinfo=SHANGHAI).timestamp()


def at(written: str, now: datetime, longest: float = 2 * DAY) -> str:
    zone = now.tzinfo
    assert zone is not None
    return shown(end(written, now.timestamp(), zone, longest), zone)


@pytest.mark.parametrize(
    ("written", "until"),
    [
        ("06:00", "2025-03-03 06:00+08:00"),
        ("02:59", "2025-03-04 02:59+08:00"),
        ("03:00", "2025-03-04 03:00+08:00"),
        (" 6:00 ", "2025-03-03 06:00+08:00"),
        ("06：00", "2025-03-03 06:00+08:00"),
        ("2h", "2025-03-03 05:00+08:00"),
        ("1h30m", "2025-03-03 04:30+08:00"),
        ("2025-03-04 00:30", "2025-03-04 00:30+08:00"),
        ("2025-03-02T22:00:00+00:00", "2025-03-03 06:00+08:00"),
        ("2025-03-02T22:00:00Z", "2025-03-03 06:00+08:00"),
    ],
)
def test_what_people_write(written: str, until: str) -> None:
    assert at(written, datetime.fromtimestamp(NOW, SHANGHAI)) == until


@pytest.mark.parametrize(
    "written",
    [
        *("", "soon", "25:00", "6", "2x", "9" * 30 + "h", "2025-13-01 06:00", "-2h", "1..2h"),
        *("0001-01-01 00:00", "9999-12-31 23:59-12:00", "999999d" * 5),  # the zone's clock has no such year
    ],
)
def test_what_is_no_end_is_refused_with_what_to_write(written: str) -> None:
    with pytest.raises(BadEnd, match="write"):
        end(written, NOW, SHANGHAI, DAY)


def test_an_end_is_neither_over_nor_too_far() -> None:
    with pytest.raises(BadEnd, match="is over"):
        end("2025-03-03 02:00", NOW, SHANGHAI, DAY)
    with pytest.raises(BadEnd, match="less than a minute"):
        end("59s", NOW, SHANGHAI, DAY)
    with pytest.raises(BadEnd, match="more than 24h away"):
        end("25h", NOW, SHANGHAI, DAY)
    assert end("24h", NOW, SHANGHAI, DAY) == NOW + DAY


def test_the_clock_goes_forward_over_the_time() -> None:
    """30 March 2025, 01:00 becomes 02:00 in Dublin: nobody sees 01:30."""
    assert at("01:30", datetime(2025, 3, 30, 0, 30, tzinfo=DUBLIN)) == "2025-03-30 02:00+01:00"
    assert at("01:30", datetime(2025, 3, 30, 2, 30, tzinfo=DUBLIN)) == "2025-03-31 01:30+01:00"


def test_the_clock_goes_back_and_the_time_comes_twice() -> None:
    """26 October 2025, 02:00 becomes 01:00 in Dublin: the next 01:30 counts."""
    assert at("01:30", datetime(2025, 10, 26, 0, 30, tzinfo=DUBLIN)) == "2025-10-26 01:30+01:00"
    assert at("01:30", datetime(2025, 10, 26, 1, 45, tzinfo=DUBLIN)) == "2025-10-26 01:30+00:00"
    assert at("01:30", datetime(2025, 10, 26, 1, 45, tzinfo=DUBLIN, fold=1)) == "2025-10-27 01:30+00:00"
    assert at("3h", datetime(2025, 10, 26, 0, 30, tzinfo=DUBLIN)) == "2025-10-26 02:30+00:00", "hours that pass"


@given(
    st.sampled_from(ZONES),
    st.integers(1_704_067_200, 1_798_761_600),
    st.integers(0, 23),
    st.integers(0, 59),
)
def test_a_time_of_the_clock_is_the_next_moment_at_which_it_shows_it(
    zone: ZoneInfo, now: int, hour: int, minute: int
) -> None:
    try:
        found = end(f"{hour:02}:{minute:02}", now, zone, 2 * DAY)
    except BadEnd:  # less than a minute away
        return
    assert now + LEAST <= found <= now + 25 * 3_600
    there, before = (datetime.fromtimestamp(each, zone) for each in (found, found - 1))
    wanted = (hour, minute)
    assert (there.hour, there.minute) == wanted or (before.hour, before.minute) < wanted < (there.hour, there.minute)
    minutes = int(found - now) // 60
    first = datetime.fromtimestamp(now, UTC) + timedelta(seconds=60 - now % 60)
    between = (first + timedelta(minutes=each) for each in range(minutes))
    for each in between:  # nothing earlier shows it
        if each.timestamp() < found - 1:
            shown_then = each.astimezone(zone)
            assert (shown_then.hour, shown_then.minute) != wanted
