"""When what is due."""

from hypothesis import given
from hypothesis import strategies as st

from acd.engine.timers import Timer, Timers


class Named:
    def __init__(self, name: str) -> None:
        self.name = name
        self.timer: Timer | None = None


def taken(timers: Timers[Named], now: float) -> list[str]:
    """The names of all who are due at `now`, in order."""
    found = []
    while (owner := timers.take(now)) is not None:
        found.append(owner.name)
    return found


def test_the_earliest_is_next_and_taken_first() -> None:
    timers: Timers[Named] = Timers()
    assert timers.next() is None
    for owner, due in (("b", 2.0), ("a", 1.0), ("c", 3.0)):
        timers.arm(Named(owner), due)
    assert timers.next() == 1.0
    assert taken(timers, 2.0) == ["a", "b"]
    assert timers.next() == 3.0


def test_the_last_arming_counts() -> None:
    timers: Timers[Named] = Timers()
    a = Named("a")
    timers.arm(a, 1.0)
    timers.arm(a, 5.0)
    assert timers.next() == 5.0
    timers.arm(a, 3.0)
    assert taken(timers, 4.0) == ["a"]
    assert timers.next() is None


def test_a_timer_that_is_armed_while_others_are_taken_is_taken_too() -> None:
    timers: Timers[Named] = Timers()
    timers.arm(Named("a"), 1.0)
    order = []
    while (owner := timers.take(2.0)) is not None:
        order.append(owner.name)
        if len(order) < 3:
            timers.arm(owner, 2.0)
    assert order == ["a", "a", "a"]


def test_forgotten_entries_do_not_pile_up() -> None:
    timers: Timers[Named] = Timers()
    a = Named("a")
    timers.arm(Named("late"), 1e9)
    for number in range(10_000):
        timers.arm(a, float(number))
        timers.disarm(a)
    assert len(timers._heap) < 200
    assert timers.next() == 1e9


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.one_of(st.none(), st.integers(0, 9)))))
def test_it_agrees_with_a_dictionary(steps: list[tuple[str, int | None]]) -> None:
    timers: Timers[Named] = Timers()
    owners = {name: Named(name) for name in "abcd"}
    plain: dict[str, float] = {}
    for name, due in steps:
        if due is None:
            timers.disarm(owners[name])
            plain.pop(name, None)
        else:
            timers.arm(owners[name], due)
            plain[name] = due
        assert timers.next() == min(plain.values(), default=None)
    assert sorted(taken(timers, 5)) == sorted(name for name, due in plain.items() if due <= 5)
