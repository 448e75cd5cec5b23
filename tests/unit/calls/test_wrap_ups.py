"""What agents noted of a call, read from its Records."""

from calls.talks import WrapUp, last_talk, talks_of, wrap_ups
from journal.records import Kind, Record


def code(at: float, agent: str, code: str) -> Record:
    return Record(at, Kind.WRAP_UP_CODE, "c1", "greening", agent, data={"code": code, "name": {"en": code.title()}})


def note(at: float, agent: str, text: str) -> Record:
    return Record(at, Kind.NOTE, "c1", "greening", agent, data={"note": text})


def test_the_last_code_and_note_of_each_agent_count() -> None:
    story = [
        note(1, "11", "Tree"),
        code(2, "11", "referred"),
        note(3, "12", "Other"),
        note(4, "11", ""),
        code(5, "11", "answered"),
    ]
    assert wrap_ups(story) == (
        WrapUp("11", 5, "greening", "answered", {"en": "Answered"}, ""),
        WrapUp("12", 3, "greening", None, None, "Other"),
    )
    assert wrap_ups([Record(1, Kind.KEY_PRESSED, "c1", data={"key": "1", "menu": "main"})]) == ()


def test_the_last_talk_with_an_agent() -> None:
    story = [
        Record(1, Kind.CONNECTED, "c1", "greening", "11", "o1", {"waited_s": 1.0}),
        Record(2, Kind.TALK_ENDED, "c1", "greening", "11", data={"by": "agent"}),
        Record(3, Kind.TRANSFER_ANSWERED, "c1", data={"to": {"agent": "12"}}),
        Record(4, Kind.TRANSFER_ENDED, "c1", data={"to": {"agent": "12"}, "by": "agent"}),
        Record(5, Kind.SUB_HOTLINE_ANSWERED, "c1", data={"sub_hotline": "gas"}),
    ]
    talks = talks_of(story).talks
    found = [last_talk(talks, agent) for agent in ("11", "12", "13", None)]
    assert [None if talk is None else talk.began for talk in found] == [1, 3, None, 3]
