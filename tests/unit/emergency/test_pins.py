"""PINs: whose they are, and how often one may guess."""

import random

import pytest

from emergency.pins import MOST, Guesses, Pin, TooMany, Why, new, owner


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


DAY = 86_400.0
HIS, OTHER = 41, 42


def guess(guesses: Guesses, phone: str, slot: int, now: float) -> bool:
    """A wrong PIN; whether it was looked at."""
    if guesses.locked(phone, slot, now) is not None:
        return False
    guesses.tried(phone, slot, now)
    return True


def known(guesses: Guesses, phone: str, slot: int, now: float) -> bool:
    """A right PIN; whether it was looked at."""
    looked_at = guess(guesses, phone, slot, now)
    if looked_at:
        guesses.right(phone, slot, now)
    return looked_at


def test_a_phone_that_guesses_waits_longer_and_longer() -> None:
    guesses = Guesses()
    assert [guess(guesses, "1001", slot, 0.0) for slot in (41, 42, 43, 44, 45)] == [True] * 4 + [False]
    assert guesses.locked("1001", HIS, 0.0) == (Why.PHONE, 60)
    assert guesses.locked("1002", HIS, 0.0) is None
    assert guess(guesses, "1001", HIS, 60.0)
    assert guesses.locked("1001", HIS, 60.0) == (Why.PHONE, 120)
    assert guesses.locked("1001", HIS, 60.0 + DAY) is None


def test_digits_that_are_no_pin_count_for_the_phone() -> None:
    guesses = Guesses()
    for _ in range(4):
        guesses.tried("1001", None, 0.0)
    assert guesses.locked("1001", None, 0.0) == (Why.PHONE, 60)


def test_nobody_inside_can_shut_out_whoever_is_on_duty() -> None:
    """Fifty phones guess one PIN for a night, each as often as it is let. Its owner is let in from any other phone,
    even after two slips, and again later.
    """
    guesses, looked_at = Guesses(), 0
    for minute in range(12 * 60):
        for phone in range(50):
            looked_at += guess(guesses, f"20{phone}", HIS, minute * 60.0)
    assert looked_at <= 50 * 4 + 40
    now = 12 * 3_600.0
    assert guesses.locked("201", HIS, now + 1) is not None
    assert [guess(guesses, "1001", HIS, now), guess(guesses, "1001", HIS, now)] == [True, True]
    assert known(guesses, "1001", HIS, now)
    assert known(guesses, "1001", HIS, now), "to switch it off"
    assert known(guesses, "1002", HIS, now)


def test_the_phones_of_a_whole_house_get_few_tries_in_a_day() -> None:
    """Of a million PINs with those first digits."""
    guesses = Guesses()
    looked_at = sum(
        guess(guesses, f"{phone}", HIS, minute * 60.0) for minute in range(24 * 60) for phone in range(2_000, 2_200)
    )
    assert looked_at <= 200 * 4 + 60


def test_whoever_has_a_pin_cannot_guess_another_by_sending_it_between() -> None:
    guesses, looked_at = Guesses(), 0
    for minute in range(24 * 60):
        known(guesses, "1001", OTHER, minute * 60.0)
        looked_at += guess(guesses, "1001", HIS, minute * 60.0)
    assert looked_at <= 40


def test_a_phone_where_the_pin_was_right_has_tries_of_its_own_for_it() -> None:
    guesses = Guesses()
    assert known(guesses, "1001", HIS, 0.0)
    for _ in range(4):
        assert guess(guesses, "1001", OTHER, 1.0)
    assert guesses.locked("1001", OTHER, 1.0) == (Why.PHONE, 60)
    assert known(guesses, "1001", HIS, 1.0), "somebody has tried other PINs at this desk"
    assert [guess(guesses, "1001", HIS, 2.0) for _ in range(7)] == [True] * 6 + [False]
    assert guesses.locked("1001", HIS, 2.0) == (Why.PHONE, 60)
    assert known(guesses, "1001", HIS, 62.0)
    assert guess(guesses, "1001", HIS, 62.0), "a right PIN forgives these"
    guesses.gone(HIS)
    assert guess(guesses, "1001", HIS, 62.0)
    assert guesses.locked("1001", HIS, 62.0) == (Why.PHONE, 120), "nobody has shown the new PIN here"
