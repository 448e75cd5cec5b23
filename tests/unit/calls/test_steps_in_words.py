"""Each step of a call's story has words."""

from typing import Any

import pytest

from calls.steps_in_words import sentence
from journal.records import Kind

AT = "2026-03-03T09:30:{:06.3f}+00:00"


def step(seconds: float, kind: str, **fields: Any) -> dict[str, Any]:
    return {"at": AT.format(seconds), "kind": kind, **fields}


@pytest.mark.parametrize(
    ("condition", "limit", "words"),
    [
        ("waited", 300.0, "waited 300 s"),
        ("waiting", 50, "50 callers waited already"),
        ("nobody_signed_in", 10.0, "nobody signed in for 10 s"),
        ("nobody_signed_in", 0.0, "nobody signed in"),
        ("estimate", 1200.0, "the expected wait is 1200 s or more"),
        (None, None, "rule 0"),
    ],
)
def test_the_rule_of_an_overflow_is_told_in_words(condition: str | None, limit: float | None, words: str) -> None:
    told = sentence(step(0, "overflowed", queue="greening", rule=0, condition=condition, limit=limit))
    assert told == f"leaves queue greening by overflow: {words}"


def test_a_robot_agent_is_called_so() -> None:
    kinds = ("offered", "offer-answered", "connected", "talk-ended")
    told = [sentence(step(0, kind, agent="robot", by="agent", waited_s=1)) for kind in kinds]
    assert all("the robot agent" in words and "agent robot" not in words for words in told)
    assert sentence(step(0, "talk-ended", agent="robot", by="caller")) == "the conversation ends, by caller"


@pytest.mark.parametrize(("status", "words"), [("CHANUNAVAIL", "no phone"), ("BUSY", "is busy"), ("ODD", "ODD")])
def test_why_a_sub_hotline_failed_is_told_in_words(status: str, words: str) -> None:
    assert sentence(step(0, "sub-hotline-failed", sub_hotline="d", status=status)).startswith(f"sub-hotline d: {words}")


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ({"queue": "general"}, "queue general"),
        ({"menu": "main", "language": "en"}, "menu main"),
        ({"sub_hotline": "gas"}, "sub-hotline gas"),
        ({"hangup": True}, "the goodbye"),
        ({"say": {"en": "Busy"}}, "a message and the goodbye"),
        ({"say": {"en": "Busy"}, "then": {"queue": "general"}}, "a message, then queue general"),
        (None, "?"),
    ],
)
def test_where_a_call_goes_is_told_in_words(to: object, words: str) -> None:
    assert sentence(step(0, "routed", to=to)) == f"goes on to {words}"


@pytest.mark.parametrize(
    "kind", [kind for kind in Kind if not kind.startswith(("agent-", "hotline-", "service-", "number-", "purged"))]
)
def test_every_step_of_a_call_has_words_of_its_own(kind: Kind) -> None:
    assert not sentence({"at": AT.format(0), "kind": kind, "marker": 1}).startswith(kind)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (
            {"kind": "transferred", "agent": "1001", "how": "blind", "to": {"agent": "1003"}},
            "agent 1001 sends the caller on to agent 1003",
        ),
        (
            {"kind": "transferred", "agent": "1001", "how": "blind", "to": {"agent": "1003"}, "reason": "trees"},
            "agent 1001 sends the caller on to agent 1003: trees",
        ),
        (
            {"kind": "consult-asked", "agent": "1001", "to": {"agent": "1003"}, "reason": "trees"},
            "agent 1001 asks agent 1003 first: trees",
        ),
        (
            {"kind": "transferred", "agent": "1001", "how": "consult", "to": {"queue": "trees"}},
            "agent 1001 hands the caller over to queue trees",
        ),
        (
            {"kind": "transferred", "how": "blind", "to": {"number": "962777"}},
            "an agent, nobody knows which, sends the caller on to number 962777",
        ),
        ({"kind": "transfer-answered", "to": {"agent": "1003"}}, "agent 1003 answers"),
        ({"kind": "transfer-failed", "to": {"agent": "1003"}, "status": "BUSY", "cause": "17"}, "agent 1003: is busy"),
        (
            {"kind": "transfer-failed", "to": {"number": "962777"}, "status": "NOANSWER"},
            "number 962777: nobody answers",
        ),
        (
            {"kind": "transfer-ended", "to": {"number": "962777"}, "by": "caller"},
            "the conversation with number 962777 ends, by caller",
        ),
        (
            {"kind": "sub-hotline-ended", "sub_hotline": "gas", "by": "agent"},
            "the conversation with sub-hotline gas ends, by agent",
        ),
    ],
)
def test_a_transfer_in_words(step: dict[str, Any], words: str) -> None:
    assert sentence({"at": AT.format(0), **step}) == words


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ({"front": True}, "to the front of queue greening, place 1"),
        ({"agent": "1001"}, "to agent 1001"),
        ({"queue": "general"}, "from queue greening to queue general"),
        (None, "elsewhere"),
    ],
)
def test_a_move_in_words(to: object, words: str) -> None:
    told = step(0, "moved", queue="greening", actor="user:wang", to=to, position=1)
    assert sentence(told) == f"user:wang moves the caller {words}"


def test_a_step_that_is_not_known_is_shown_as_it_is() -> None:
    assert sentence({"at": AT.format(0), "kind": "survey-answered", "grade": 5}) == 'survey-answered {"grade": 5}'


@pytest.mark.parametrize(
    ("place", "opens", "words"),
    [
        ({}, "2026-11-27T09:00:00+08:00", "this is closed until 2026-11-27 09:00"),
        ({"queue": "greening"}, "2026-11-27T09:00:00+08:00", "queue greening is closed until 2026-11-27 09:00"),
        ({"sub_hotline": "gas"}, None, "sub-hotline gas is closed"),
    ],
)
def test_what_is_closed_is_told_with_its_hours(place: dict[str, str], opens: str | None, words: str) -> None:
    assert sentence(step(1, "closed", place=place, hours="office", opens=opens)) == f"{words}, by the hours office"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"position": 2, "wait_s": 240.0}, "is told: place 2, about 4 min"),
        ({"position": 1, "wait_s": None}, "is told: place 1"),
        ({"position": None, "wait_s": 30.0}, "is told: about 1 min"),
        ({"position": None, "wait_s": None, "message": 0}, "is told: a message of the queue"),
        ({"position": None, "wait_s": None, "message": 0, "nobody": True}, "is told: nobody is there"),
    ],
)
def test_what_a_waiting_caller_is_told(fields: dict[str, Any], words: str) -> None:
    assert sentence(step(0, "announced", **fields)) == words
