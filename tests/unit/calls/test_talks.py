"""Who talked with a caller, and what became of each transfer."""

import pytest

from calls.talks import Became, CallTalks, Talk, Transfer, Why, talks_of
from journal.records import Kind, Record
from tests.unit.calls.stories import CONNECTED, OFFERED, QUEUED, START, record

BLIND = record(120, Kind.TRANSFERRED, agent="1001", how="blind", to={"agent": "1003"})
FIRST = [START, QUEUED, OFFERED, CONNECTED, record(120, Kind.TALK_ENDED, agent="1001", by="agent")]
FIRST_TALK = Talk({"agent": "1001"}, "greening", 115, 120, "agent")


def test_nobody_has_talked_yet() -> None:
    assert talks_of([START, QUEUED, OFFERED]) == CallTalks()


def test_a_talk_goes_on_until_its_end_is_told() -> None:
    assert talks_of([START, QUEUED, OFFERED, CONNECTED]).talks == (Talk({"agent": "1001"}, "greening", 115),)
    assert talks_of(FIRST).talks == (FIRST_TALK,)


def test_a_caller_who_hangs_up_ends_the_talk_and_leaves_the_transfer() -> None:
    whole = talks_of([*FIRST, BLIND, record(130, Kind.CALL_FINISHED, by="caller")])
    assert whole.talks == (FIRST_TALK,)
    assert whole.transfers == (Transfer(120, "1001", "blind", {"agent": "1003"}, Became.LEFT, 130),)


def test_a_transfer_that_was_answered_is_a_talk_of_its_own() -> None:
    answered = record(125, Kind.TRANSFER_ANSWERED, to={"agent": "1003"})
    going_on = talks_of([*FIRST, BLIND, answered])
    assert going_on.talks == (FIRST_TALK, Talk({"agent": "1003"}, None, 125))
    assert going_on.transfers == (Transfer(120, "1001", "blind", {"agent": "1003"}, Became.ANSWERED, 125),)
    over = talks_of([*FIRST, BLIND, answered, record(140, Kind.TRANSFER_ENDED, to={"agent": "1003"}, by="agent")])
    assert over.talks[1] == Talk({"agent": "1003"}, None, 125, 140, "agent")


def test_a_transfer_has_its_own_reason_or_that_of_the_consultation_before() -> None:
    def asked(at: float, reason: str) -> Record:
        return record(at, Kind.CONSULT_ASKED, agent="1001", to={"agent": "1003"}, reason=reason)

    def sent(how: str, **more: str) -> Record:
        return record(120, Kind.TRANSFERRED, agent="1001", how=how, to={"agent": "1003"}, **more)

    for end in (Kind.CONSULT_ENDED, Kind.CONSULT_FAILED, Kind.TALK_INTERRUPTED):
        ended = record(118, end, agent="1001", to={"agent": "1003"})
        assert talks_of([CONNECTED, asked(117, "trees"), ended, sent("consult")]).transfers[0].reason == ""
    assert talks_of([CONNECTED, asked(117, "trees"), sent("consult")]).transfers[0].reason == "trees"
    assert talks_of([CONNECTED, asked(117, "trees"), asked(118, "gas"), sent("consult")]).transfers[0].reason == "gas"
    assert talks_of([CONNECTED, asked(117, "trees"), sent("blind")]).transfers[0].reason == "trees", "to the same one"
    other = sent("blind")._replace(data={"how": "blind", "to": {"queue": "gas"}})
    assert talks_of([CONNECTED, asked(117, "trees"), other]).transfers[0].reason == ""
    again = talks_of([CONNECTED, asked(117, "trees"), sent("consult"), sent("blind", reason="gas"), sent("consult")])
    assert [transfer.reason for transfer in again.transfers] == ["trees", "gas", ""]


def test_a_transfer_that_failed_stays_failed_whoever_talks_later() -> None:
    failed = record(126, Kind.TRANSFER_FAILED, to={"agent": "1003"}, status="BUSY", cause="17")
    again = record(150, Kind.CONNECTED, queue="greening", agent="1002", offer="o2")
    whole = talks_of([*FIRST, BLIND, failed, again])
    assert whole.transfers == (Transfer(120, "1001", "blind", {"agent": "1003"}, Became.FAILED, 126, Why.BUSY),)
    assert whole.talks[1] == Talk({"agent": "1002"}, "greening", 150)


@pytest.mark.parametrize(
    ("status", "cause", "why"),
    [
        ("CHANUNAVAIL", "21", Why.DECLINED),
        ("BUSY", "17", Why.BUSY),
        ("NOANSWER", "19", Why.NO_ANSWER),
        ("CHANUNAVAIL", "3", Why.UNREACHABLE),
        ("CONGESTION", "34", Why.UNREACHABLE),
    ],
)
def test_why_it_failed_is_told(status: str, cause: str, why: Why) -> None:
    failed = record(126, Kind.TRANSFER_FAILED, to={"agent": "1003"}, status=status, cause=cause)
    assert talks_of([*FIRST, BLIND, failed]).transfers[0].why is why


def test_a_transfer_to_a_queue_is_answered_by_the_agent_there() -> None:
    sent = record(120, Kind.TRANSFERRED, agent="1001", how="consult", to={"queue": "general"})
    queued = record(121, Kind.QUEUED, queue="general")
    waits = talks_of([*FIRST, sent, queued])
    assert waits.transfers[0].became is None
    there = talks_of([*FIRST, sent, queued, record(150, Kind.CONNECTED, queue="general", agent="1002", offer="o2")])
    assert (there.transfers[0].became, there.transfers[0].settled) == (Became.ANSWERED, 150)


def test_a_sub_hotline_may_be_the_target() -> None:
    sent = record(120, Kind.TRANSFERRED, agent="1001", how="blind", to={"sub_hotline": "gas"})
    answered = record(130, Kind.SUB_HOTLINE_ANSWERED, sub_hotline="gas")
    over = record(140, Kind.SUB_HOTLINE_ENDED, sub_hotline="gas", by="agent")
    assert talks_of([*FIRST, sent, answered, over]).talks[1] == Talk({"sub_hotline": "gas"}, None, 130, 140, "agent")
    failed = record(130, Kind.SUB_HOTLINE_FAILED, sub_hotline="gas", status="BUSY", cause="17")
    assert talks_of([*FIRST, sent, failed]).transfers[0].became is Became.FAILED


def test_a_talk_whose_end_was_lost_ends_when_the_call_begins_anew() -> None:
    assert talks_of([START, QUEUED, OFFERED, CONNECTED, record(160, Kind.CALL_STARTED)]).talks == (
        Talk({"agent": "1001"}, "greening", 115, 160),
    )


def test_a_line_whose_phone_is_gone_in_the_talk_talks_no_more() -> None:
    """It has ended when that is found out. The caller may wait long until somebody else talks."""
    answered = record(125, Kind.TRANSFER_ANSWERED, to={"agent": "1003"})
    gone = record(140, Kind.TRANSFER_FAILED, to={"agent": "1003"}, status="ANSWER", cause="18")
    whole = talks_of([*FIRST, BLIND, answered, gone])
    assert whole.talks[1] == Talk({"agent": "1003"}, None, 125, 140, "system")
    assert whole.transfers[0].became is Became.ANSWERED
    line = record(125, Kind.SUB_HOTLINE_ANSWERED, sub_hotline="gas")
    failed = record(140, Kind.SUB_HOTLINE_FAILED, sub_hotline="gas", status="ANSWER", cause="18")
    assert talks_of([START, line, failed]).talks == (Talk({"sub_hotline": "gas"}, None, 125, 140, "system"),)
