"""Statistics of measured times."""

import math

import pytest

from lab.bench.figures import Spread, median, percentile, ratio


@pytest.mark.parametrize(("percent", "value"), [(0, 1), (1, 1), (50, 50), (50.1, 51), (99, 99), (100, 100)])
def test_a_percentile_is_a_measured_value(percent: float, value: float) -> None:
    assert percentile(list(range(100, 0, -1)), percent) == value


def test_of_a_few_values() -> None:
    assert percentile([7.0], 99) == 7.0
    assert percentile([1.0, 2.0], 50) == 1.0
    assert percentile([1.0, 2.0], 51) == 2.0


def test_what_is_no_percentage_is_refused() -> None:
    with pytest.raises(ValueError, match="101 is not a percentage"):
        percentile([1.0], 101)


def test_the_median() -> None:
    assert median([3.0, 1.0, 2.0]) == 2.0
    assert median([4.0, 1.0, 2.0, 3.0]) == 2.5


def test_nothing_measured_is_no_number() -> None:
    assert math.isnan(percentile([], 50))
    assert math.isnan(median([]))
    assert math.isnan(ratio(5.0, 0.0))
    assert math.isnan(ratio(math.nan, 1.0))
    assert math.isnan(Spread.of([]).p50)


def test_a_ratio_says_how_many_times_less_ours_is() -> None:
    assert ratio(500.0, 4.0) == 125.0


def test_a_spread_is_in_milliseconds() -> None:
    assert Spread.of(number / 1000 for number in range(1, 101)) == Spread(100, 50.0, 90.0, 99.0, 100.0)
