from hypothesis import given
from hypothesis import strategies as st

from accounts.limits import Attempts


def limited() -> Attempts:
    return Attempts(free=3, first=30, longest=100, forget=1_000, most=5)


def test_some_are_free_then_each_locks_for_twice_as_long() -> None:
    attempts = limited()
    now = 0.0
    waits = []
    for _ in range(6):
        now += attempts.locked("wang", now)
        attempts.tried("wang", now)
        waits.append(attempts.locked("wang", now))
    assert waits == [0, 0, 0, 30, 60, 100]
    assert attempts.locked("li", now) == 0


def test_tries_are_forgotten_after_a_while_and_by_their_owner() -> None:
    attempts = limited()
    for _ in range(4):
        attempts.tried("wang", 0)
    assert attempts.locked("wang", 1_001) == 0
    attempts.tried("wang", 1_001)
    assert attempts.locked("wang", 1_001) == 0
    for _ in range(4):
        attempts.tried("li", 2_000)
    attempts.forget("li")
    assert attempts.locked("li", 2_000) == 0


def test_one_right_try_does_not_excuse_the_wrong_ones_before() -> None:
    attempts = limited()
    for _ in range(3):
        attempts.tried("192.0.2.1", 0)
    attempts.tried("192.0.2.1", 0)
    attempts.take_back("192.0.2.1")  # the fourth was right
    assert attempts.locked("192.0.2.1", 0) == 0
    attempts.tried("192.0.2.1", 0)
    assert attempts.locked("192.0.2.1", 0) == 30


@given(st.lists(st.tuples(st.text(max_size=3), st.floats(0, 1e6)), max_size=200))
def test_any_tries_in_any_number_stay_within_bounds(tries: list[tuple[str, float]]) -> None:
    attempts = limited()
    for key, now in tries:
        attempts.tried(key, now)
        assert 0 <= attempts.locked(key, now) <= 100
    assert len(attempts._tallies) <= 5


def test_where_nobody_makes_up_keys_none_is_pushed_out_and_old_ones_are_let_go() -> None:
    attempts = Attempts(free=3, first=30, longest=100, forget=1_000)
    for number in range(20_000):
        attempts.tried(f"{number}", 0)
    for _ in range(3):
        attempts.tried("0", 0)
    assert attempts.locked("0", 0) == 30
    for number in range(20_001):
        attempts.tried("wang", 1_001 + number)
    assert len(attempts._tallies) == 1


def test_tries_fade_one_by_one() -> None:
    attempts = Attempts(free=3, first=30, longest=100, forget=1_000, fade=100)
    for _ in range(4):
        attempts.tried("wang", 0)
    assert [attempts.count("wang", now) for now in (0, 99, 101, 201, 401)] == [4, 4, 3, 2, 0]
    attempts.tried("wang", 101)
    assert attempts.locked("wang", 101) == 30, "a try counts until it has faded whole"
    attempts.tried("li", 502)
    assert len(attempts._tallies) == 1, "what has faded is let go"


def test_a_machine_that_guesses_for_a_day_gets_few_tries() -> None:
    """Also if it pauses whenever it would have to wait long."""
    assert max(of_one_day(pause_from) for pause_from in (60, 240, 900, 1_000)) == 106


def of_one_day(pause_from: float) -> int:
    """Tries in a day, with a pause of an hour instead of a wait of `pause_from` seconds or more."""
    attempts = Attempts(free=5, first=30, longest=900, forget=86_400, fade=900)
    tries, now = 0, 0.0
    while now < 86_400:
        attempts.tried("admin", now)
        tries += 1
        wait = attempts.locked("admin", now)
        now += wait if wait < pause_from else 3_601
    return tries
