"""How long a caller may expect to wait."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd import estimate
from acd.estimate import HandlingTime


def test_nobody_at_work_gives_no_estimate() -> None:
    assert estimate.wait(1, 0, 200) is None


@given(st.integers(1, 10_000), st.integers(1, 2_000), st.floats(1, 3_600))
def test_it_rises_with_the_position_and_falls_with_the_agents(position: int, working: int, handling: float) -> None:
    here = estimate.wait(position, working, handling)
    behind = estimate.wait(position + 1, working, handling)
    helped = estimate.wait(position, working + 1, handling)
    assert here is not None
    assert behind is not None
    assert helped is not None
    assert helped < here < behind


def test_the_handling_time_begins_with_its_prior_and_follows_what_is_seen() -> None:
    handling = HandlingTime()
    assert handling.mean(wrap_up=20) == 200
    assert handling.mean(wrap_up=60) == 240
    handling.add(310)
    assert handling.mean(wrap_up=20) == pytest.approx(210)  # (10 * 200 + 310) / 11
    for _ in range(1_000):
        handling.add(60)
    assert handling.mean(wrap_up=20) == pytest.approx(60, abs=0.1)


@pytest.mark.parametrize(
    ("seconds", "spoken"), [(0, 60), (59, 60), (61, 120), (600, 600), (601, 900), (900, 900), (901, 1200)]
)
def test_it_is_rounded_up_for_speech(seconds: float, spoken: float) -> None:
    assert estimate.spoken(seconds) == spoken
