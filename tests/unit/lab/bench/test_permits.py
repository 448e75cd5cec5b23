"""A moment in which two machines might offer is found, and nothing else is."""

from hypothesis import given
from hypothesis import strategies as st

from lab.bench.permits import Permit, doubles


def led(start: str, begin: float, seconds: float) -> list[Permit]:
    """One machine leads for so long, and asks itself every 50 ms."""
    return [Permit(start, begin + n / 20, begin + n / 20 + 0.4) for n in range(int(seconds * 20))]


def test_one_after_the_other_is_right() -> None:
    assert doubles([*led("a", 0.0, 5.0), *led("b", 5.4, 5.0), *led("a", 11.0, 1.0)]) == []


@given(st.floats(0.0, 5.3), st.randoms(use_true_random=False))
def test_a_planted_double_is_found(begin: float, chance: object) -> None:
    log = [*led("a", 0.0, 5.0), Permit("b", begin, begin + 0.4)]
    chance.shuffle(log)  # type: ignore[attr-defined]
    found = doubles(log)
    assert found
    assert all({one.start, other.start} == {"a", "b"} for one, other in found)


def test_a_permit_that_still_lasts_counts_though_its_machine_says_nothing_more() -> None:
    frozen, next_one = Permit("a", 1.0, 1.4), Permit("b", 1.39, 1.8)
    assert doubles([frozen, next_one]) == [(frozen, next_one)]
