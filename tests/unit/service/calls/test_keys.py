from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from service.calls.keys import MOST_KEPT, Keys


def taken(keys: Keys) -> list[str]:
    found = []
    while (key := keys.take()) is not None:
        found.append(key)
    return found


def test_a_key_that_both_tell_is_one_key() -> None:
    keys = Keys()
    assert keys.from_ami("5")
    assert not keys.from_agi("5")
    assert keys.from_agi("6")
    assert not keys.from_ami("6")
    assert taken(keys) == ["5", "6"]


def test_a_key_that_only_ami_told_and_the_same_again() -> None:
    keys = Keys()
    keys.from_ami("1")  # between two commands: AGI never tells of it
    keys.from_agi("1")
    keys.from_ami("1")
    assert taken(keys) == ["1", "1"]


@st.composite
def reports(draw: st.DrawFn) -> tuple[str, list[tuple[str, str]]]:
    """Presses, and what is told of them: AMI tells all, AGI those that it hears, each in order, interleaved at will."""
    pressed = draw(st.text("123", max_size=MOST_KEPT))
    heard = [key for key in pressed if draw(st.booleans())]
    ami, agi = [("ami", key) for key in pressed], [("agi", key) for key in heard]
    told = []
    while ami or agi:
        source = ami if not agi or (ami and draw(st.booleans())) else agi
        told.append(source.pop(0))
    return pressed, told


@given(reports())
def test_each_press_is_one_key_however_it_is_told(case: tuple[str, list[tuple[str, str]]]) -> None:
    pressed, told = case
    keys, found, new = Keys(), [], 0
    for source, key in told:
        new += keys.from_ami(key) if source == "ami" else keys.from_agi(key)
        found += taken(keys)
    assert Counter(found) == Counter(pressed)
    assert new == len(pressed), "the source that tells first is believed, once"


@given(st.lists(st.tuples(st.sampled_from("0123456789*#"), st.integers(0, 3)), max_size=MOST_KEPT))
def test_keys_come_in_the_order_of_the_source_that_is_ahead(presses: list[tuple[str, int]]) -> None:
    """AMI tells each press, then AGI tells of some of those that AMI has told."""
    keys, behind = Keys(), []
    for key, agi_tells in presses:
        keys.from_ami(key)
        behind.append(key)
        for late in behind[:agi_tells]:
            keys.from_agi(late)
        del behind[:agi_tells]
    assert taken(keys) == [key for key, _ in presses]


def test_while_the_link_is_down_agi_alone_counts_and_afterwards_both_again() -> None:
    keys = Keys()
    keys.from_ami("7")
    keys.from_agi("7")
    keys.level()  # the link went
    assert keys.from_agi("7")
    assert keys.from_agi("7")
    keys.level()  # and came
    assert keys.from_ami("7")
    assert not keys.from_agi("7")
    assert taken(keys) == ["7"] * 4


def test_what_agi_missed_before_the_link_went_is_not_held_against_it() -> None:
    keys = Keys()
    keys.from_ami("1")
    keys.from_ami("1")
    keys.clear()
    keys.level()
    assert keys.from_agi("1")
    assert taken(keys) == ["1"]


def test_too_many_keys_are_dropped() -> None:
    keys = Keys()
    told = [keys.from_ami("9") for _ in range(MOST_KEPT + 3)]
    assert told == [True] * MOST_KEPT + [False] * 3
    assert len(keys) == MOST_KEPT


def test_cleared_keys_are_not_told_again_by_the_other() -> None:
    keys = Keys()
    keys.from_ami("4")
    keys.clear()
    assert not keys.from_agi("4")
    assert keys.take() is None
