"""The last calls in which each agent talked."""

from calls.talks import LAST_TALKS, LastTalks
from journal.records import Kind, Record


def test_newest_first_each_once_also_those_that_came_by_a_transfer() -> None:
    talks = LastTalks()
    for call in ("c1", "c2", "c1"):
        talks.note(Record(1.0, Kind.CONNECTED, call, "greening", "1001"))
    talks.note(Record(2.0, Kind.TRANSFER_ANSWERED, "c2", data={"to": {"agent": "1002"}}))
    talks.note(Record(2.0, Kind.TRANSFER_ANSWERED, "c2", data={"to": {"number": "110"}}))
    talks.note(Record(3.0, Kind.OFFERED, "c3", "greening", "1001"))
    assert (talks.of("1001"), talks.of("1002"), talks.of("1009")) == (["c1", "c2"], ["c2"], [])


def test_it_is_bounded() -> None:
    talks = LastTalks()
    for number in range(LAST_TALKS + 5):
        talks.note(Record(1.0, Kind.CONNECTED, f"c{number}", "greening", "1001"))
    assert len(talks.of("1001")) == LAST_TALKS
    assert talks.of("1001")[0] == f"c{LAST_TALKS + 4}"
