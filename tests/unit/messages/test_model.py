"""The list of messages, from Records alone: who is on it, who has one, and when it is full."""

import json

import pytest

from acd.recovery.state import UnreadableSnapshot
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from messages.model import DONE_FOR, MOST, MOST_DONE, MOST_OF_NUMBER, TAKEN_FOR, Begun, Message, Messages
from tests.unit.messages.left import begun, finished, left

AT = 1_700_000_000.0
NUMBER = "13800138000"
AGENT, OTHER = Actor.agent("1001"), Actor.user("li")


def noted(*records: Record) -> Messages:
    made = Messages()
    for record in records:
        made.note(record)
    return made


def of(kind: Kind, call: str, at: float = AT, actor: Actor = SYSTEM, agent: str | None = None) -> Record:
    return Record(at, kind, call, "greening", agent, actor=actor)


def ids(messages: Messages) -> list[str]:
    return [message.id for message in messages.all()]


def test_a_message_is_on_the_list_with_what_its_beginning_said() -> None:
    messages = noted(*left("c2", NUMBER, "greening", AT + 60, 12.5), *left("c1", "", "general", AT))
    assert messages.all() == [
        Message("c1", "", "zh", "general", AT, 20.0),
        Message("c2", NUMBER, "zh", "greening", AT + 60, 12.5),
    ]
    assert messages.counts() == {"greening": 1, "general": 1}
    assert messages.begun == {}


def test_a_message_after_a_survey_is_marked() -> None:
    messages = noted(*begun("c1", NUMBER, "greening", AT, survey=True))
    messages.note(Record(AT + 9, Kind.MESSAGE_LEFT, "c1", "greening", data={"length_s": 3}))
    assert messages.all() == [Message("c1", NUMBER, "zh", "greening", AT + 9, 3.0, survey=True)]


def test_a_recording_is_no_message_before_somebody_has_looked_at_it() -> None:
    messages = noted(*begun("c1", NUMBER, "greening", AT))
    assert messages.begun == {"c1": Begun(NUMBER, "zh", "greening")}
    messages.note(finished("c1", AT + 9))
    assert messages.begun["c1"].over
    messages.note(started_again("c1"))
    assert not messages.begun["c1"].over, "the session broke, and the caller is back"
    messages.note(of(Kind.MESSAGE_DROPPED, "c1"))
    assert (messages.begun, messages.all()) == ({}, [])


def started_again(call: str) -> Record:
    return Record(AT, Kind.CALL_STARTED, call, data={"caller": NUMBER})


def test_a_message_of_which_no_recording_is_known_is_not_on_the_list() -> None:
    assert noted(Record(AT, Kind.MESSAGE_LEFT, "c1", "greening", data={"caller": NUMBER, "length_s": 3})).all() == []


@pytest.mark.parametrize("kind", [Kind.MESSAGE_DONE, Kind.MESSAGE_REMOVED])
def test_what_takes_a_message_off_the_list(kind: Kind) -> None:
    assert noted(*left("c1", NUMBER, "greening", AT), of(kind, "c1")).all() == []


def test_what_is_done_is_known_for_a_while_with_its_note() -> None:
    messages = noted(*left("c1", NUMBER, "greening", AT), *left("c2", "", "general", AT))
    messages.note(Record(AT + 60, Kind.MESSAGE_DONE, "c1", "greening", "1001", data={"note": "told her"}, actor=OTHER))
    messages.note(of(Kind.MESSAGE_DONE, "c2", AT + 90, OTHER))
    assert [(one.id, one.done_by, one.note) for one in messages.done(AT + 90)] == [
        ("c2", OTHER, ""),
        ("c1", AGENT, "told her"),
    ]
    assert (messages.find("c1"), messages.admits(NUMBER)) == (None, True)
    restored = Messages(longest=86_400.0)
    restored.restore(json.loads(json.dumps(messages.kept())), [])
    assert restored.done(AT + 90) == messages.done(AT + 90)
    assert [one.id for one in restored.done(AT + 86_470)] == ["c2"], "no longer than numbers are kept"
    assert [one.id for one in messages.of_number(NUMBER)] == ["c1"]
    messages.note(of(Kind.MESSAGE_REMOVED, "c1"))
    assert [one.id for one in messages.done(AT + 90)] == ["c2"], "the number was forgotten"
    messages.note(finished("c9", AT + 91 + DONE_FOR))
    assert messages.kept()["done"] == [], "a snapshot has nothing that is too old"
    assert messages.done(AT + 91 + DONE_FOR) == []


def test_so_many_are_known_that_are_done() -> None:
    messages = Messages()
    for number in range(MOST_DONE + 1):
        for record in (*left(f"c{number}", NUMBER, "greening", AT), of(Kind.MESSAGE_DONE, f"c{number}")):
            messages.note(record)
    assert [len(messages.done(AT)), messages.done(AT)[-1].id] == [MOST_DONE, "c1"]


def test_an_agent_who_talks_with_the_citizen_has_called_back() -> None:
    messages = Messages(alike=lambda number: {number, number.removeprefix("0")})
    for record in (
        *left("c1", NUMBER, "greening", AT),
        *left("c2", "", "greening", AT),
        *left("c3", "1", "general", AT),
    ):
        messages.note(record)
    before = messages.changes
    messages.note(Record(AT + 9, Kind.CALL_OUT_ANSWERED, "out", "gas", "1001", data={"number": f"0{NUMBER}"}))
    assert [(one.called_by, one.called_at) for one in messages.all()] == [(AGENT, AT + 9), ("", 0.0), ("", 0.0)]
    assert messages.changes == before + 1
    messages.note(Record(AT + 9, Kind.CALL_OUT_ANSWERED, "out", "gas", "1001", data={"number": ""}))
    assert messages.changes == before + 1, "nobody knows whose a hidden number is"


def test_whoever_takes_a_message_has_it_until_it_is_given_back() -> None:
    messages = noted(*left("c1", NUMBER, "greening", AT), of(Kind.MESSAGE_TAKEN, "c1", AT, OTHER))
    (message,) = messages.all()
    assert (message.holder(AT), message.holder(AT + TAKEN_FOR - 1)) == (OTHER, OTHER)
    assert message.holder(AT + TAKEN_FOR) == "", "it is given back by itself"
    assert messages.held_by(OTHER, AT) == message
    assert messages.held_by(OTHER, AT + TAKEN_FOR) is None
    messages.note(of(Kind.MESSAGE_RETURNED, "c1"))
    assert messages.held_by(OTHER, AT) is None


def test_an_agent_who_signs_out_gives_it_back() -> None:
    taken = of(Kind.MESSAGE_TAKEN, "c1", AT, Actor.user("wang"), "1001")
    messages = noted(*left("c1", NUMBER, "greening", AT), taken)
    assert messages.held_by(AGENT, AT) is not None, "an agent has it as the agent, whatever the account is called"
    before = messages.changes
    for agent, state in (("1002", "logged-out"), ("1001", "not-ready")):
        messages.note(Record(AT, Kind.AGENT_STATE, agent=agent, data={"state": state}))
    assert (messages.held_by(AGENT, AT) is not None, messages.changes) == (True, before)
    messages.note(Record(AT, Kind.AGENT_STATE, agent="1001", data={"state": "logged-out"}))
    assert (messages.held_by(AGENT, AT), messages.changes) == (None, before + 1)


def test_the_list_admits_so_many_and_of_one_number_fewer() -> None:
    messages = Messages()
    for number in range(MOST_OF_NUMBER):
        assert messages.admits(NUMBER)
        for record in left(f"a{number}", NUMBER, "greening", AT):
            messages.note(record)
    assert not messages.admits("138 0013-8000")
    assert messages.admits("")
    for number in range(MOST - MOST_OF_NUMBER - 1):
        for record in left(f"b{number}", "", "greening", AT):
            messages.note(record)
    assert messages.admits("")
    for record in begun("c1", "", "greening", AT):
        messages.note(record)
    assert not messages.admits(""), "those that are being recorded count"


def test_of_a_number_and_old_ones() -> None:
    messages = noted(*left("c1", "138-0013-8000", "greening", AT), *left("c2", "13900139000", "greening", AT + 10))
    assert [one.id for one in messages.of_number(NUMBER)] == ["c1"]
    assert [one.id for one in messages.left_before(AT + 10)] == ["c1"]


def test_a_snapshot_and_the_records_after_it_give_the_same_list() -> None:
    before = [*left("c1", NUMBER, "greening", AT), *begun("c2", "", "general", AT + 5, test=True)]
    after = [of(Kind.MESSAGE_TAKEN, "c1", AT + 9, OTHER), finished("c2", AT + 10)]
    restored = Messages()
    restored.restore(json.loads(json.dumps(noted(*before).kept())), after)
    straight = noted(*before, *after)
    assert restored.all() == straight.all()
    assert restored.begun == straight.begun == {"c2": Begun("", "zh", "general", test=True, over=True)}


def test_nothing_before_is_an_empty_list_and_a_broken_snapshot_is_refused() -> None:
    messages = Messages()
    messages.restore(None, left("c1", NUMBER, "greening", AT))
    assert ids(messages) == ["c1"]
    with pytest.raises(UnreadableSnapshot):
        messages.restore({"messages": [{"id": 1}]}, ())


def test_every_change_of_the_list_is_counted() -> None:
    messages, seen = Messages(), list[int]()
    taken = of(Kind.MESSAGE_TAKEN, "c1", AT, OTHER)
    returned, done = of(Kind.MESSAGE_RETURNED, "c1"), of(Kind.MESSAGE_DONE, "c1")
    for record in (*left("c1", NUMBER, "greening", AT), taken, returned, done):
        messages.note(record)
        seen.append(messages.changes)
    assert seen == [0, 0, 1, 2, 3, 4]
