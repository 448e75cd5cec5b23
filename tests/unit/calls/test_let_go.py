"""A caller who talked with a line, and whom no session serves since a restart, leaves that talk."""

from calls import events as ev
from calls.states import AtLine, Leaving, Transfer
from dialplan.news import News
from journal.records import Kind
from tests.unit.calls.steps import HUNG_UP, TREES, At, records

COLLEAGUE = Transfer("1002", "1001", "trees")


def test_the_talk_ends_when_the_caller_leaves_the_bridge_not_when_the_next_session_begins() -> None:
    at = At(AtLine(COLLEAGUE, answered=True))
    (over,) = records(at.step(News.LET_GO))
    assert (over.kind, over.data["by"]) == (Kind.TRANSFER_ENDED, "agent")
    assert at.state == Leaving(talked=True, dialled=True)
    at.now += 1
    assert [record.kind for record in records(at.step(ev.SessionBegan("PJSIP/1")))] == [Kind.CALL_RESUMED]


def test_a_line_that_only_rings_has_not_talked() -> None:
    at = At(AtLine(COLLEAGUE))
    assert records(at.step(News.LET_GO)) == []
    assert at.state == AtLine(COLLEAGUE)


def test_a_session_that_dials_tells_the_end_itself() -> None:
    at = At(AtLine(COLLEAGUE, answered=True), session=True)
    assert records(at.step(News.LET_GO)) == []
    assert at.state == AtLine(COLLEAGUE, answered=True)


def test_a_caller_who_hung_up_has_ended_the_talk() -> None:
    at = At(AtLine(COLLEAGUE, answered=True))
    assert records(at.step(HUNG_UP, News.LET_GO), Kind.CALL_FINISHED)[0].data["by"] == "caller"


def test_a_caller_whom_the_colleague_hands_over_goes_there_from_the_bridge() -> None:
    at = At(AtLine(COLLEAGUE, answered=True))
    written = records(at.step(News.LET_GO, ev.CompletedToCall(TREES, at.machine.edition)))
    assert [record.kind for record in written] == [Kind.TRANSFER_ENDED, Kind.TRANSFERRED]
    assert written[1].agent == "1002"
