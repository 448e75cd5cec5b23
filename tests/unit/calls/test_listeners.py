"""Who listens, and who calls for help, as the Records of a call tell it."""

from functools import reduce

import pytest

from calls.listeners import Listener, Mode
from calls.model import CallState, CallSummary, fold
from journal.actor import Actor
from journal.records import Kind, Record
from tests.unit.service.world import waiting_call

AT = 1_700_000_010.0
WANG = Actor.user("wang")
TALK = [*waiting_call(), Record(AT, Kind.CONNECTED, "c1", "greening", "1001", "o1", {"waited_s": 7})]


def of(kind: Kind, at: float = AT + 5, **data: object) -> Record:
    return Record(at, kind, "c1", "greening", "1001", None, data, WANG)


ASKED = of(Kind.LISTENING_ASKED, listening="l1", mode="listen", phone="1009")
BEGAN = of(Kind.LISTENING_BEGAN, AT + 8, listening="l1", mode="listen")


def folded(*records: Record) -> CallSummary:
    summary = reduce(fold, [*TALK, *records], None)
    assert summary is not None
    return summary


def test_a_listening_from_its_asking_to_its_end() -> None:
    asked = Listener("l1", Mode.LISTEN, "1009", WANG, AT + 5)
    assert folded(ASKED).listeners == (asked,)
    whispers = folded(ASKED, BEGAN, of(Kind.LISTENING_CHANGED, listening="l1", mode="whisper"))
    assert whispers.listeners == (Listener("l1", Mode.WHISPER, "1009", WANG, AT + 5, AT + 8),)
    over = folded(ASKED, BEGAN, of(Kind.LISTENING_ENDED, listening="l1", why="talk-over"))
    assert over.listeners == ()


def test_two_may_listen_and_an_unknown_one_changes_nothing() -> None:
    both = folded(ASKED, of(Kind.LISTENING_ASKED, listening="l2", mode="join", phone="1008"))
    assert [each.id for each in both.listeners] == ["l1", "l2"]
    for kind in (Kind.LISTENING_BEGAN, Kind.LISTENING_CHANGED, Kind.LISTENING_ENDED):
        assert folded(ASKED, of(kind, listening="l9", mode="join")).listeners == folded(ASKED).listeners
        assert folded(of(kind)).listeners == ()


def test_a_listening_outlives_its_call_until_its_end_is_told() -> None:
    finished = of(Kind.CALL_FINISHED, AT + 9, by="caller")
    assert len(folded(ASKED, finished).listeners) == 1
    assert folded(ASKED, finished, of(Kind.LISTENING_ENDED, listening="l1")).listeners == ()


@pytest.mark.parametrize(
    "over",
    [
        of(Kind.HELP_OVER),
        of(Kind.TALK_ENDED, by="agent"),
        of(Kind.TRANSFERRED, to={"queue": "general"}, how="blind"),
        of(Kind.CALL_FINISHED, by="caller"),
        of(Kind.CALL_STARTED, number="12319"),
    ],
)
def test_a_call_for_help_ends_with_the_talk_at_the_latest(over: Record) -> None:
    called = folded(of(Kind.HELP_CALLED))
    assert (called.help_since, called.state) == (AT + 5, CallState.TALKING)
    assert folded(of(Kind.HELP_CALLED), ASKED).help_since == AT + 5
    assert folded(of(Kind.HELP_CALLED), ASKED, BEGAN).help_since is None, "somebody has come"
    assert folded(of(Kind.HELP_CALLED), over).help_since is None
