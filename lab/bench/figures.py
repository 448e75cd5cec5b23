"""Statistics of measured times. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import ceil, nan
from typing import Self


def percentile(values: Collection[float], percent: float) -> float:
    """The smallest value that at least `percent` (0-100) of the values do not exceed; nan when there are none.

    The nearest-rank definition: the result was measured, not interpolated.
    """
    if not 0 <= percent <= 100:
        raise ValueError(f"{percent} is not a percentage")
    if not values:
        return nan
    return sorted(values)[max(0, ceil(len(values) * percent / 100) - 1)]


def median(values: Collection[float]) -> float:
    """The middle value, or the mean of the two in the middle; nan when there are none."""
    if not values:
        return nan
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def ratio(theirs: float, ours: float) -> float:
    """How many times smaller ours is; nan if either was not measured or ours is 0."""
    return theirs / ours if ours > 0 else nan


@dataclass(frozen=True, slots=True)
class Spread:
    """The distribution of measured times, in milliseconds."""

    count: int
    p50: float
    p90: float
    p99: float
    most: float

    @classmethod
    def of(cls, seconds: Iterable[float]) -> Self:
        times = [1000 * value for value in seconds]
        p50, p90, p99, most = (round(percentile(times, percent), 2) for percent in (50, 90, 99, 100))
        return cls(len(times), p50, p90, p99, most)
