from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from calls.live.channel import EARLY, LONGEST_PRESS, MOST_KEPT, Keys

NOW = 1_700_000_000.0


def taken(keys: Keys) -> list[str]:
    found = []
    while (key := keys.take()) is not None:
        found.append(key)
    return found


def test_a_key_that_both_tell_is_one_key() -> None:
    keys = Keys()
    assert keys.from_ami("5", NOW)
    assert not keys.from_agi("5", NOW)
    assert keys.from_agi("6", NOW)
    assert not keys.from_ami("6", NOW)
    assert taken(keys) == ["5", "6"]


def test_a_key_that_only_ami_told_and_the_same_again() -> None:
    keys = Keys()
    keys.from_ami("1", NOW)  # between two commands: AGI never tells of it
    keys.from_agi("1", NOW)
    keys.from_ami("1", NOW)
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
        new += keys.from_ami(key, NOW) if source == "ami" else keys.from_agi(key, NOW)
        found += taken(keys)
    assert Counter(found) == Counter(pressed)
    assert new == len(pressed), "the source that tells first is believed, once"


@given(st.lists(st.tuples(st.sampled_from("0123456789*#"), st.integers(0, 3)), max_size=MOST_KEPT))
def test_keys_come_in_the_order_of_the_source_that_is_ahead(presses: list[tuple[str, int]]) -> None:
    """AMI tells each press, then AGI tells of some of those that AMI has told."""
    keys, behind = Keys(), []
    for key, agi_tells in presses:
        keys.from_ami(key, NOW)
        behind.append(key)
        for late in behind[:agi_tells]:
            keys.from_agi(late, NOW)
        del behind[:agi_tells]
    assert taken(keys) == [key for key, _ in presses]


def test_while_the_link_is_down_agi_alone_counts_and_afterwards_both_again() -> None:
    keys = Keys()
    keys.from_ami("7", NOW)
    keys.from_agi("7", NOW)
    keys.level()  # the link went
    assert keys.from_agi("7", NOW)
    assert keys.from_agi("7", NOW)
    keys.level()  # and came
    assert keys.from_ami("7", NOW)
    assert not keys.from_agi("7", NOW)
    assert taken(keys) == ["7"] * 4


def test_what_agi_missed_before_the_link_went_is_not_held_against_it() -> None:
    keys = Keys()
    keys.from_ami("1", NOW)
    keys.from_ami("1", NOW)
    keys.clear()
    keys.level()
    assert keys.from_agi("1", NOW)
    assert taken(keys) == ["1"]


def test_too_many_keys_are_dropped() -> None:
    keys = Keys()
    told = [keys.from_ami("9", NOW) for _ in range(MOST_KEPT + 3)]
    assert told == [True] * MOST_KEPT + [False] * 3
    assert len(keys) == MOST_KEPT


def test_cleared_keys_are_not_told_again_by_the_other() -> None:
    keys = Keys()
    keys.from_ami("4", NOW)
    keys.clear()
    assert not keys.from_agi("4", NOW)
    assert keys.take() is None


# --- phones that send a key in two ways


class Line:
    """A phone's presses as AMI and AGI tell of them. `lag`: seconds by which AMI is late."""

    def __init__(self, lag: float = 0.0) -> None:
        self.lag = lag
        self.told: list[tuple[float, int, str, str]] = []

    def tell(self, at: float, what: str, key: str, *, agi: bool = False) -> None:
        self.told.append((at + self.lag, len(self.told), what, key))
        if agi:
            self.told.append((at, len(self.told), "agi", key))

    def heard(self) -> list[str]:
        keys = Keys()
        for at, _, what, key in sorted(self.told):
            tell = {"begins": keys.begins, "ends": keys.from_ami, "agi": keys.from_agi}[what]
            tell(key, NOW + at)
        return taken(keys)


@st.composite
def double(draw: st.DrawFn) -> tuple[str, Line]:
    """Presses of 60 ms or longer, 60 ms or more apart; the INFO comes somewhere around its press. AMI lags less than a
    press lasts. AGI hears some of the ends."""
    pressed, line, at = draw(st.text("12", max_size=8)), Line(draw(st.floats(0, 0.03))), 0.0
    for key in pressed:
        at += draw(st.floats(0.06, 8))
        length = draw(st.floats(0.06, 2))
        info = draw(st.sampled_from([at - 0.02, at + 0.01, at + length - 0.01, at + length + 0.05]))
        line.tell(at, "begins", key)
        line.tell(at + length, "ends", key, agi=draw(st.booleans()))
        line.tell(info, "ends", key, agi=draw(st.booleans()))
        at += length
    return pressed, line


@given(double())
def test_a_key_that_is_sent_in_two_ways_counts_once(case: tuple[str, Line]) -> None:
    pressed, line = case
    assert Counter(line.heard()) == Counter(pressed)


@given(st.text("12", max_size=8), st.floats(0, 3), st.data())
def test_no_key_sent_in_one_way_is_lost_however_late_ami_is(pressed: str, lag: float, data: st.DataObject) -> None:
    line, at = Line(lag), 0.0
    for key in pressed:
        at += data.draw(st.floats(0.06, 1))
        line.tell(at, "begins", key)
        at += data.draw(st.floats(0.06, 1))
        line.tell(at, "ends", key, agi=data.draw(st.booleans()))
    assert Counter(line.heard()) == Counter(pressed)


def test_an_info_long_before_or_after_a_press_is_another_press() -> None:
    keys = Keys()
    assert keys.from_ami("1", NOW)
    keys.begins("1", NOW + EARLY + 0.01)
    assert keys.from_ami("1", NOW + EARLY + 0.1)
    assert keys.from_ami("1", NOW + EARLY + LONGEST_PRESS + 0.1)


def test_a_beginning_without_an_end_does_not_keep_a_later_key_back() -> None:
    keys = Keys()
    keys.begins("1", NOW)
    assert keys.from_ami("1", NOW + 60)
    assert keys.from_ami("1", NOW + 61)
