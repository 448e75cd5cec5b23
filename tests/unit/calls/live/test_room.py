"""Limits of calls."""

from structlog.testing import capture_logs

from calls.live.intake import PREFERRED, TOLD_EVERY, WORDS_A_SECOND, Room
from calls.model import Full


def room(calls: int = 100, per_number: int = 2, per_address: int = 3) -> Room:
    return Room(calls, per_number, per_address, lambda: 0.0)


def why(made: Room, number: str = "", address: str = "", *, preferred: bool = False) -> Full | None:
    return made.why_full(number, address, preferred=preferred)


def test_all_places_are_taken() -> None:
    made = room(calls=2)
    made.enter("a", "1", "")
    assert why(made, "3") is None
    made.enter("b", "2", "")
    assert why(made, "3") is Full.CALLS
    assert why(made, "3", preferred=True) is None
    made.leave("a")
    assert why(made, "3") is None
    assert made.refused == {Full.CALLS: 1}


def test_agents_room_has_an_end() -> None:
    made = room(calls=1)
    for number in range(1 + PREFERRED):
        assert why(made, str(number), preferred=True) is None
        made.enter(str(number), str(number), "")
    assert why(made, "x", preferred=True) is Full.CALLS


def test_a_number_and_an_address() -> None:
    made = room()
    made.enter("a", "138", "192.0.2.1")
    made.enter("b", "138", "192.0.2.1")
    assert why(made, "138", "192.0.2.2") is Full.NUMBER
    assert why(made, "139", "192.0.2.1") is None
    made.enter("c", "139", "192.0.2.1")
    assert why(made, "137", "192.0.2.1") is Full.ADDRESS
    for call in "abc":
        made.leave(call)
    assert why(made, "138", "192.0.2.1") is None


def test_hidden_numbers_and_a_trunk_have_no_limit_of_their_own() -> None:
    made = room()
    for number in range(50):
        assert why(made) is None
        made.enter(str(number), "", "")


def test_a_call_that_is_taken_up_twice_or_left_twice_counts_once() -> None:
    made = room(calls=2)
    made.enter("a", "138", "")
    made.enter("a", "138", "")
    made.leave("a")
    made.leave("a")
    made.enter("b", "138", "")
    assert why(made, "138") is None


def test_a_flood_is_told_to_the_log_once_a_minute() -> None:
    now = 5.0
    made = Room(1, 9, 9, lambda: now)
    with capture_logs() as told:
        for call in range(100):  # the room gets free again and again
            made.enter("a", "138", "")
            why(made, str(call))
            made.leave("a")
        now += TOLD_EVERY
        made.enter("a", "138", "")
        why(made)
    assert [(line["why"], line["refused"]) for line in told] == [(Full.CALLS, 1), (Full.CALLS, 101)]


def test_a_flood_hears_no_words() -> None:
    now = 0.0
    made = Room(1, 1, 1, lambda: now)
    assert [made.may_speak() for _ in range(WORDS_A_SECOND + 5)] == [True] * WORDS_A_SECOND + [False] * 5
    now = 1.5
    assert made.may_speak()
