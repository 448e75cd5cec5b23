"""Chance from a seed."""

import pytest

from acd.chance import Chance


def test_the_same_seed_gives_the_same_choices() -> None:
    assert [Chance(7).below(1000) for _ in range(3)] == [Chance(7).below(1000)] * 3
    one, other = Chance(7), Chance(8)
    assert [one.below(1000) for _ in range(10)] != [other.below(1000) for _ in range(10)]


def test_it_is_splitmix64() -> None:
    """The first outputs for seed 1234567, as in Vigna's splitmix64.c."""
    chance = Chance(1234567)
    expected = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    assert [chance.below(1 << 64) for _ in expected] == expected


def test_every_choice_is_as_likely() -> None:
    chance = Chance(1)
    counts = [0] * 5
    for _ in range(10_000):
        counts[chance.below(5)] += 1
    assert all(1_850 < count < 2_150 for count in counts)


def test_nothing_to_choose_from() -> None:
    with pytest.raises(ValueError, match="nothing to choose"):
        Chance(1).below(0)
