from datetime import datetime, timedelta
from random import Random

import pytest

from lab.demo.pace import Pace, share

MONDAY = datetime(2025, 3, 3)  # noqa: DTZ001 - a local time


def test_a_working_day_is_busy_at_ten_and_quiet_at_night() -> None:
    hours = [share(MONDAY + timedelta(hours=hour)) for hour in range(24)]
    assert max(hours) == hours[10] == pytest.approx(1.0, abs=0.01)
    assert hours[15] > 0.85
    assert max(hours[23], hours[3]) < 0.1
    assert share(MONDAY - timedelta(hours=14)) < hours[10] / 2, "a Sunday at ten"


def test_a_faster_pace_is_the_same_in_less_time() -> None:
    people, fast = Pace(20, 600), Pace(20, 600, speed=5)
    assert fast.rate == pytest.approx(5 * people.rate)
    assert fast.wrap_up == pytest.approx(people.wrap_up / 5)
    for seconds in (Pace.talk, Pace.patience):
        assert seconds(fast, Random(1)) == pytest.approx(seconds(people, Random(1)) / 5)
    assert fast.between(Random(1), 30, 90) == pytest.approx(people.between(Random(1), 30, 90) / 5)


@pytest.mark.parametrize(("agents", "calls"), [(20, 600), (3, 1_200), (1, 6_000), (60, 1)])
def test_talks_leave_the_agents_time(agents: int, calls: float) -> None:
    pace, random = Pace(agents, calls), Random(1)
    talks = [pace.talk(random) for _ in range(2_000)]
    assert min(talks) > 0
    kept = sum(talks) / len(talks) + pace.wrap_up + 4
    shortest = kept < 12  # no talk is shorter than a sentence, however many call
    assert shortest or kept <= 1.1 * pace.handling
