"""PINs: whose they are, and how often one may guess."""

import random

import pytest

from emergency.pins import MOST, Guesses, Pin, TooMany, new, owner


def test_a_pin_says_whose_it_is_and_nobody_else_has_its_first_digits() -> None:
    chance, taken = random.Random(1), set[int]()
    for _ in range(MOST):
        slot, digits = new(taken, chance.randrange)
        assert (len(digits), digits[:2], slot in taken) == (8, str(slot), False)
        taken.add(slot)
    with pytest.raises(TooMany, match="90 people"):
        new(taken, chance.randrange)


def test_only_digits_of_that_length_are_looked_up() -> None:
    pins = {41: Pin(name="wang", slot=41, hashed="x", account=1)}
    assert owner(pins, "41000000") == pins[41]
    for wrong in ("", "41", "410000000", "42000000", "4100000*", "٤١000000", "41 00000"):
        assert owner(pins, wrong) is None


def test_a_phone_that_guesses_waits_longer_and_longer() -> None:
    guesses, now = Guesses(), 0.0
    for _ in range(3):
        assert guesses.locked("1001", now) == 0
        guesses.tried("1001", now)
    guesses.tried("1001", now)
    assert guesses.locked("1001", now) == 60
    assert guesses.locked("1002", now) == 0
    guesses.tried("1001", now + 60)
    assert guesses.locked("1001", now + 60) == 120
    guesses.right("1001")
    assert guesses.locked("1001", now + 60) == 0


def test_many_phones_that_guess_wait_too() -> None:
    guesses = Guesses()
    for phone in range(21):
        guesses.tried(str(phone), 0.0)
    assert guesses.locked("another", 0.0) == 60


def test_a_right_pin_makes_nobody_wait_and_excuses_no_wrong_one() -> None:
    guesses = Guesses()
    for phone in range(21):
        guesses.tried(str(phone), 0.0)
    assert guesses.locked("1001", 60.0) == 0
    guesses.tried("1001", 60.0)
    guesses.right("1001")
    assert guesses.locked("1001", 60.0) == 0, "whoever is on duty may call again, to switch it off"
    guesses.tried("1002", 60.0)
    assert guesses.locked("1003", 60.0) == 120
