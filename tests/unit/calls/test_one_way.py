"""Which side of a talk is not heard, from Asterisk's reports."""

from calls.quality import MOST, OneWay, Side
from dialplan.sound import Reported

LEG = "offer-1"
BOTH = set(Side)


def silent(*reports: tuple[int | None, int | None]) -> set[Side] | None:
    """What the last of these reports says, each the last packet's number and how many were sent."""
    one_way, said = OneWay(), None
    for highest, sent in reports:
        said = one_way.note(Reported(LEG, highest, sent))
    return None if said is None else set(said)


def test_the_first_report_says_nothing_yet() -> None:
    assert silent((None, None)) is None


def test_audio_from_both_sides() -> None:
    assert silent((100, 240), (350, 490)) == set()
    assert silent((65_400, 240), (114, 490)) == set(), "the numbers begin again after 65,535"


def test_no_packet_from_the_phone() -> None:
    assert silent((350, 240), (350, 490)) == {Side.AGENT}
    assert silent((None, 240), (None, 490)) == {Side.AGENT}, "none ever came"
    assert silent((350, 240), (353, 490)) == {Side.AGENT}, "a few keep its way open"
    assert silent((None, 240), (20, 490)) == set(), "the first ones have come"


def test_no_packet_to_the_phone() -> None:
    assert silent((100, 240), (350, None)) == {Side.CALLER}, "Asterisk has sent nothing since the report before"
    assert silent((100, 240), (350, 241)) == {Side.CALLER}
    assert silent((100, 240), (350, None), (600, 490)) == set(), "it sends again"
    assert silent((100, None), (350, None)) == {Side.CALLER}


def test_both_and_a_talk_that_was_interrupted() -> None:
    assert silent((100, 240), (100, None)) == BOTH
    one_way = OneWay()
    one_way.note(Reported(LEG, 100, 240))
    one_way.over(LEG)
    assert one_way.note(Reported(LEG, 100, 240)) is None


def test_legs_are_bounded() -> None:
    one_way = OneWay()
    for number in range(MOST + 1):
        one_way.note(Reported(str(number), 1, 1))
    assert one_way.note(Reported("0", 1, 1)) is None, "the oldest was let go"
    assert set(one_way.note(Reported(str(MOST), 1, 1)) or ()) == BOTH
