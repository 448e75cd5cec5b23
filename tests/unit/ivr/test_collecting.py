"""Digits that a caller enters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.collecting import Collecting, after, speech
from ivr.model import Input
from sounds.model import Digits, Words
from tests.unit.ivr.test_interpreter import BACK, QUEUE

SAY, ENTERED, CONFIRM = {"*": "Enter it"}, {"*": "You entered"}, {"*": "If right, press 1"}
WANTED = Input(
    name={"*": "Order"},
    say=SAY,
    entered=ENTERED,
    confirm=CONFIRM,
    least=2,
    most=4,
    attempts=3,
    then=QUEUE,
    failed=BACK,
)
BEGUN = Collecting("order")


def entered(*keys: str | None) -> Collecting | str | None:
    """After these keys; None is a silence."""
    now: Collecting | str | None = BEGUN
    for key in keys:
        assert isinstance(now, Collecting)
        now = after(WANTED, now, key)
    return now


@pytest.mark.parametrize(
    ("keys", "outcome"),
    [
        ("1", Collecting("order", "1")),
        ("12#", Collecting("order", "12", confirming=True)),
        (("1", "2", None), Collecting("order", "12", confirming=True)),
        ("1234", Collecting("order", "1234", confirming=True)),
        ("12#1", "12"),
        ("12341", "1234"),
        ("12#2", Collecting("order", asked=1)),
        ("12#234#1", "34"),
        (("1", "2", "#", None), Collecting("order", "12", confirming=True, asked=1)),
        ("1#", Collecting("order", asked=1)),
        ("12*", Collecting("order", asked=1)),
        ((None,), Collecting("order", asked=1)),
        ((None, None, None), None),
        ("1#1#1#", None),
        ("12#212#212#2", None),
        (("1", "2", "#", None, None, None), None),
        ("12#212#212#1", "12"),
    ],
)
def test_what_comes_of_the_keys(keys: tuple[str | None, ...], outcome: object) -> None:
    assert entered(*keys) == outcome


def test_what_the_caller_hears() -> None:
    assert speech(WANTED, BEGUN) == (Words(SAY),)
    assert speech(WANTED, Collecting("order", "1")) == ()
    confirming = Collecting("order", "12", confirming=True)
    assert speech(WANTED, confirming) == (Words(ENTERED), Digits("12", private=True), Words(CONFIRM))


@given(st.lists(st.sampled_from([*"0123456789*#", None]), min_size=3 * 6, max_size=3 * 6))
def test_it_ends_whatever_the_caller_does(keys: list[str | None]) -> None:
    now: Collecting | str | None = BEGUN
    for key in keys:  # in each of 3 times 4 digits, one key more at most, and one for the confirmation
        if not isinstance(now, Collecting):
            break
        now = after(WANTED, now, key)
    assert now is None or isinstance(now, str)
    assert now is None or WANTED.least <= len(now) <= WANTED.most
