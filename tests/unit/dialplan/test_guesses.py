"""Whose password is being guessed, and until when."""

from ipaddress import IPv4Address

from dialplan.security import MANY, UNKNOWN, WINDOW, Guesses, Proof

STRANGER = IPv4Address("192.0.2.7")


def fail(made: Guesses, times: int, now: float, account: str = "1001") -> list[int]:
    """Fail so often at one moment; the failures (from 1) with which guessing began."""
    return [number + 1 for number in range(times) if made.note(Proof(STRANGER, account, passed=False), now)]


def test_many_failures_in_a_minute_are_somebody_who_guesses_and_told_once() -> None:
    made = Guesses()
    assert fail(made, MANY - 1, 0) == []
    assert made.guessed(0) == []
    assert fail(made, 10 * MANY, 0) == [1]
    assert fail(made, MANY, 5, "1002") == [MANY]
    assert made.guessed(5) == ["1001", "1002"]
    assert made.failures == 12 * MANY - 1


def test_it_is_over_after_a_minute_and_may_begin_anew() -> None:
    made = Guesses()
    fail(made, 100 * MANY, 0)
    assert made.guessed(WINDOW - 1) == ["1001"]
    assert made.guessed(WINDOW + 1) == []
    assert fail(made, 2 * MANY, 3 * WINDOW) == [MANY]


def test_a_phone_with_an_old_password_is_nobody_who_guesses() -> None:
    made = Guesses()
    for number in range(500):
        assert fail(made, 1, number * 4.0) == []


def test_right_passwords_are_no_failures() -> None:
    made = Guesses()
    for _ in range(2 * MANY):
        assert not made.note(Proof(STRANGER, "1001", passed=True), 0)
    assert (made.failures, made.guessed(0)) == (0, [])


def test_all_users_that_asterisk_does_not_have_count_as_one() -> None:
    made = Guesses()
    assert fail(made, MANY, 0, UNKNOWN) == [MANY]
