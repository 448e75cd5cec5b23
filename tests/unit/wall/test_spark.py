"""A queue's last hour in a line of blocks."""

from hypothesis import given
from hypothesis import strategies as st

from wall.scene import HOURS, STEPS, UNKNOWN, spark

HOURLY = st.lists(st.none() | st.integers(0, 500), min_size=60, max_size=60)


def test_more_callers_are_higher_and_one_is_seen_beside_a_crowd() -> None:
    assert spark([0] * 50 + [1, 1, 2, 4, 8, 16, 32, 64, 3, None], 60) == "▁" * 50 + "▂▂▂▂▂▃▅█▂ "


def test_few_callers_are_no_mountain() -> None:
    assert spark([0, 1, 2], 3) == "▁▃▅"


def test_a_crowd_of_one_minute_is_not_lost_in_a_short_line() -> None:
    hour = [0] * 60
    hour[23] = 9
    assert spark(hour, 10) == "▁▁▁█▁▁▁▁▁▁"


def test_nothing_known_is_nothing_drawn() -> None:
    assert spark([], 10) == spark([None] * 60, 10) == UNKNOWN * 10


@given(HOURLY, st.sampled_from(HOURS))
def test_each_cell_is_as_high_as_its_fullest_minute(hour: list[int | None], cells: int) -> None:
    line, minutes = spark(hour, cells), 60 // cells
    assert len(line) == cells
    most = [
        max((each for each in hour[at : at + minutes] if each is not None), default=None)
        for at in range(0, 60, minutes)
    ]
    known = [(each, STEPS.index(step)) for each, step in zip(most, line, strict=True) if each is not None]
    assert [step == UNKNOWN for step in line] == [each is None for each in most]
    assert all((waiting == 0) == (height == 0) for waiting, height in known)
    assert [height for _, height in sorted(known)] == sorted(height for _, height in known)
