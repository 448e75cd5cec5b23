"""The goals that a run met."""

import json

from lab.bench.figures import Spread
from lab.bench.load import LoadResult, Scene
from lab.bench.lone import LoneResult
from lab.bench.results import Results
from lab.bench.systems import System

FLAT = Spread(1, 1.0, 1.0, 1.0, 1.0)


def load(system: System, p50: float, p99: float, service: float | None = None) -> LoadResult:
    gap = Spread(100, p50, p50, p99, p99)
    return LoadResult(system, gap, 100, 100.0, 15.0, service, 0.1, FLAT, 0.5, 0)


def lone(system: System, p50: float) -> LoneResult:
    return LoneResult(system, FLAT, Spread(10, p50, p50, p50, p50))


def results() -> Results:
    rounds = [
        load(System.RIVAL, 500, 1_000),
        load(System.WUTONG, 4, 20, 6.0),
        load(System.WUTONG, 5, 10, 8.0),  # the order of the two changes from round to round
        load(System.RIVAL, 600, 1_100),
        load(System.RIVAL, 300, 900),
        load(System.WUTONG, 10, 10, 7.0),
    ]
    loners = [lone(System.RIVAL, 1.5), lone(System.WUTONG, 2.8)]
    return Results({}, 1, [(Scene(40, 40, 2.0, 20), rounds)], loners)


def test_a_ratio_is_the_median_of_the_rounds_ratios() -> None:
    found = {goal.name: (goal.value, goal.reached) for goal in results().goals()}
    assert found == {
        "gap p50, 40/40/2 s": ("120 times", True),  # of 125, 120 and 30
        "gap p99, 40/40/2 s": ("90 times", False),  # of 50, 110 and 90
        "CPU a call, 40/40/2 s": ("7.0 ms", True),
        "lone offer p50": ("1.30 ms more", True),
    }


def test_json_has_every_round() -> None:
    said = json.loads(json.dumps(results().as_json()))
    assert [one["system"] for one in said["loads"][0]["rounds"]].count("app_queue") == 3
    assert said["goals"][1]["reached"] is False
