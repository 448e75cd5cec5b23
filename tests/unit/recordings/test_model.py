"""The names of files, the pieces of a talk, and what Records tell of recordings."""

from zoneinfo import ZoneInfo

import pytest

from journal.records import Kind, Record
from recordings.model import (
    FRAME,
    ID,
    RATE,
    begun,
    call_of,
    day_of,
    from_answer,
    holds,
    id_of,
    marks,
    recordings_of,
    talk_of,
    talks,
)

SECOND = RATE * FRAME
AT = 1_700_000_000.0


def piece(seconds: float, at: float, call: str = "c1", offer: str = "o-1") -> tuple[str, int]:
    """Its name and size."""
    return f"{begun(call, offer)}.{round(at * 1_000):013d}.in.raw", int(seconds * SECOND)


def recorded(name: str, began: float = AT, queue: str = "greening", **more: object) -> Record:
    data = {"recording": name, "began": began, "length_s": 2.0, "sha256": "0" * 64, "day": "2023/11/15", **more}
    return Record(began + 60, Kind.RECORDED, call_of(name), queue, "1001", "o-1", data)


def test_the_pieces_of_a_talk_are_in_order_and_other_files_are_left_out() -> None:
    files = dict([piece(3, AT + 10), piece(2, AT), piece(1, AT, "c2"), piece(1, AT, offer="o-2")])
    found = talks({**files, "rehearsal-1.wav": 5, "talk-c1.o-1.in.raw": 5, "talk-../x.o-1.1700000000000.in.raw": 5})
    assert sorted(found) == [("c1", "o-1"), ("c1", "o-2"), ("c2", "o-1")]
    assert [(one.began, one.seconds) for one in found["c1", "o-1"]] == [(AT, 2), (AT + 10, 3)]


def test_a_hold_is_where_one_piece_ends_and_the_next_begins() -> None:
    (pieces,) = talks(dict([piece(2, AT), piece(3, AT + 10), piece(1, AT + 20)])).values()
    marks = [(mark["at_s"], mark["what"], mark["held_s"]) for mark in holds(pieces)]
    assert marks == [(2, "hold", 8), (5, "hold", 7)]
    assert holds(pieces[:1]) == []


def test_a_pause_is_where_it_was_in_the_recording_and_ends_with_the_talk_at_the_latest() -> None:
    (pieces,) = talks(dict([piece(4, AT), piece(5, AT + 10)])).values()

    def asked(kind: Kind, after: float) -> Record:
        return Record(AT + after, kind, "c1")

    story = [asked(Kind.RECORDING_PAUSED, 1), asked(Kind.RECORDING_RESUMED, 3), asked(Kind.RECORDING_PAUSED, 12)]
    found = [(mark["at_s"], mark["what"], mark["held_s"]) for mark in marks(pieces, story, "o-1")]
    assert found == [(1, "pause", 2), (4, "hold", 6), (6, "pause", 3)]
    other = [asked(Kind.RECORDING_PAUSED, -20), asked(Kind.RECORDING_RESUMED, -10)]
    assert [mark["what"] for mark in marks(pieces, other, "o-1")] == ["hold"], "it was in another talk"


def test_a_recording_on_demand_says_how_long_the_two_had_talked_before() -> None:
    (pieces,) = talks(dict([piece(4, AT)])).values()
    before = [Record(AT - 20, kind, "c1", offer="o-0", data={"on_demand": True}) for kind in (Kind.RECORDING_BEGUN,)]
    connected = Record(AT - 7, Kind.CONNECTED, "c1", offer="o-1")
    assert marks(pieces, [*before, connected, Record(AT, Kind.RECORDING_BEGUN, "c1", offer="o-1")], "o-1") == []
    asked = Record(AT, Kind.RECORDING_BEGUN, "c1", offer="o-1", data={"on_demand": True})
    assert marks(pieces, [connected, asked], "o-1") == [{"at_s": 0.0, "what": "begun", "held_s": 7.0}]


def test_a_call_out_is_recorded_from_the_answer_on_though_its_piece_has_begun_before() -> None:
    answered = Record(AT + 9, Kind.CALL_OUT_ANSWERED, "c1", "greening", "1001")
    (begun_before,) = talks(dict([piece(4, AT, offer="out")])).values()
    (moved,) = from_answer(begun_before, [answered])
    assert (moved.began, moved.seconds) == (AT + 9, 4)
    paused = Record(AT + 10, Kind.RECORDING_PAUSED, "c1")
    assert marks([moved], [answered, paused], "out") == [{"at_s": 1.0, "what": "pause", "held_s": 3.0}]
    (on_demand,) = talks(dict([piece(4, AT + 20, offer="out")])).values()
    assert from_answer(on_demand, [answered]) == on_demand
    asked = Record(AT + 20, Kind.RECORDING_BEGUN, "c1", offer="out", data={"on_demand": True})
    assert marks(on_demand, [answered, asked], "out") == [{"at_s": 0.0, "what": "begun", "held_s": 11.0}]


def test_the_third_ones_piece_goes_with_its_talk_and_a_phone_after_a_transfer_has_its_channels_id() -> None:
    third = {"talk-c1.o-1.third.1700000002000.in.raw": SECOND, "talk-c1.1700000000.17.1700000003000.in.raw": SECOND}
    found = talks({**dict([piece(4, AT)]), **third})
    assert [one.third for one in found["c1", "o-1"]] == [False, True]
    assert [one.third for one in found["c1", "1700000000.17"]] == [False]
    assert ID.fullmatch("c1.1700000000.17")


def test_the_day_is_that_of_the_hotline() -> None:
    evening = 1_700_066_000.0  # 16:33 in UTC
    assert day_of(evening, ZoneInfo("UTC")) == "2023/11/15"
    assert day_of(evening, ZoneInfo("Asia/Shanghai")) == "2023/11/16"


def test_the_newest_record_of_an_offer_says_whose_the_talk_is() -> None:
    offered = Record(AT, Kind.OFFERED, "c1", "greening", "1001", "o-1")
    other = Record(AT, Kind.OFFERED, "c1", "greening", "1002", "o-2")
    about = talk_of([offered, other], "o-1")
    assert about is offered
    assert talk_of([offered], "o-3") is None


def test_a_recording_is_kept_until_it_is_removed() -> None:
    story = [recorded("c1.o-2", AT + 50), recorded("c1.o-1")]
    assert [one.id for one in recordings_of(story)] == ["c1.o-1", "c1.o-2"], "the first talk comes first"
    gone = Record(AT, Kind.RECORDING_REMOVED, "c1", data={"recording": "c1.o-1", "why": "old"})
    assert [one.id for one in recordings_of([*story, gone])] == ["c1.o-2"]


@pytest.mark.parametrize("name", ["../c1.o-1", "c1", "c1.o-1/..", "c1.o-1.flac", ""])
def test_nothing_else_is_an_id(name: str) -> None:
    assert not ID.fullmatch(name)
    assert ID.fullmatch(id_of("1a22fd05aa9-09c1d25a", "local-1a22fd056a1-1"))
