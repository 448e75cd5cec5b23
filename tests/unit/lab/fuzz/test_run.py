"""How long the rounds of `./wutong fuzz` go on, and what each property has of that time."""

from collections.abc import Callable

import pytest
from hypothesis import strategies as st

from lab.fuzz.properties import Broken, Property
from lab.fuzz.report import Report
from lab.fuzz.run import rounds


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def property(self, name: str, seconds: float, holds: Callable[[int], bool] = lambda number: True) -> Property:
        """Each of its examples takes `seconds`."""

        def tried(number: int) -> None:
            self.now += seconds
            assert holds(number)

        return Property(name, "It holds.", tried, {"number": st.integers()})


def told(line: str) -> None:
    """Nobody reads it."""


async def test_the_first_round_ends_in_time_and_each_property_has_its_part() -> None:
    clock = Clock()
    chosen = [clock.property(f"slow-{number}", 1.0) for number in range(10)]  # 100 examples of each: 1,000 s
    tried, failures = await rounds(chosen, 120.0, 1, told, clock)
    assert tried == {each.name: 12 for each in chosen}
    assert not failures
    assert clock.now == 120.0


async def test_what_is_quick_leaves_its_time_to_the_others_and_rounds_go_on_until_it_is_over() -> None:
    clock = Clock()
    tried, _ = await rounds([clock.property("quick", 0.0), clock.property("slow", 1.0)], 250.0, 1, told, clock)
    assert tried == {"quick": 300, "slow": 250}


async def test_what_had_no_time_is_named() -> None:
    clock = Clock()
    tried, failures = await rounds([clock.property("long", 5.0), clock.property("late", 1.0)], 4.0, 1, told, clock)
    assert tried == {"long": 1}
    report = Report(1, clock.now, {}, tried, ["late"], failures, {}, [])
    assert "not tried, for want of time: late" in report.lines()
    assert report.as_json()["left"] == ["late"]


async def test_a_failure_is_told_though_there_is_no_time_to_make_it_small() -> None:
    clock = Clock()
    chosen = [clock.property("broken", 1.0, lambda number: False), clock.property("other", 1.0)]
    tried, failures = await rounds(chosen, 2.0, 1, told, clock)
    assert tried == {"broken": 0, "other": 1}
    (failure,) = failures
    assert failure.name == "broken"
    assert failure.story.startswith("AssertionError: ")
    assert failure.story.splitlines()[-1].startswith("number = ")


def test_its_seed_repeats_a_failure_and_with_more_time_it_is_made_small() -> None:
    wrong: list[int] = []

    def holds(number: int) -> None:
        if abs(number) >= 100:
            wrong.append(number)
            raise AssertionError("large")

    tried = Property("small", "Numbers are small.", holds, {"number": st.integers()})
    stories = []
    for over in (lambda: bool(wrong), lambda: False):
        with pytest.raises(Broken) as caught:
            tried.tried(3, 1_000, over)
        stories.append((wrong[0], caught.value.story))
    (first, short), (again, long) = stories
    assert first == again
    assert short == f"AssertionError: large\nnumber = {first}"
    assert long in ("AssertionError: large\nnumber = 100", "AssertionError: large\nnumber = -100")
