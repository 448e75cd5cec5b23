"""Calls of the past for the page Calls: what the journal has of them."""

from collections.abc import Sequence
from typing import Any

from journal.actor import Actor
from journal.records import Kind, Record

K = Kind
NAMES = {"answered": {"zh": "当场答复", "en": "Answered at once"}, "order": {"zh": "转办", "en": "Passed on"}}


def plain_call(call: str, at: float, caller: str, queue: str = "water", agent: str = "1002") -> Sequence[Record]:
    """One that was answered at once, and has no note."""
    return _records(
        call,
        queue,
        (at, K.CALL_STARTED, {"caller": caller, "number": "12319", "language": "zh"}, None),
        (at + 2, K.QUEUED, {"language": "zh", "position": 1}, None),
        (at + 3, K.OFFERED, {"ring": 15.0, "step": 0}, agent),
        (at + 7, K.CONNECTED, {"waited_s": 5.0}, agent),
        (at + 90, K.TALK_ENDED, {"by": "caller", "talked_s": 83.0}, agent),
        (at + 90, K.CALL_FINISHED, {"by": "caller"}, None),
    )


def given_up(call: str, at: float, caller: str) -> Sequence[Record]:
    """One whose caller hung up in the queue."""
    return _records(
        call,
        "gas",
        (at, K.CALL_STARTED, {"caller": caller, "number": "12319", "language": "zh"}, None),
        (at + 2, K.QUEUED, {"language": "zh", "position": 4}, None),
        (at + 62, K.LEFT_QUEUE, {"why": "hung-up", "waited_s": 60.0}, None),
        (at + 62, K.CALL_FINISHED, {"by": "caller"}, None),
    )


def with_three(call: str, at: float, caller: str) -> Sequence[Record]:
    """One in which the first agent does not answer, the second holds the caller, asks the third and hands over; two
    have noted something.
    """
    to = {"to": {"agent": "1010"}}
    return _records(
        call,
        "water",
        (at, K.CALL_STARTED, {"caller": caller, "number": "12319", "language": "zh"}, None),
        (at + 1, K.MENU_ENTERED, {"menu": "main", "language": "zh"}, None),
        (at + 9, K.KEY_PRESSED, {"key": "2", "menu": "main"}, None),
        (at + 10, K.QUEUED, {"language": "zh", "position": 3}, None),
        (at + 40, K.ANNOUNCED, {"position": 2, "wait_s": 60, "message": None, "nobody": False}, None),
        (at + 55, K.OFFERED, {"ring": 15.0, "step": 0}, "1018"),
        (at + 70, K.OFFER_FAILED, {"reason": "no-answer", "missed": 1, "rona": True, "pause_s": 0}, "1018"),
        (at + 70, K.OFFERED, {"ring": 15.0, "step": 0}, "1002"),
        (at + 76, K.CONNECTED, {"waited_s": 66.0}, "1002"),
        (at + 150, K.HELD, {}, "1002"),
        (at + 151, K.CONSULT_ASKED, to, "1002"),
        (at + 160, K.CONSULT_ANSWERED, to, "1002"),
        (at + 190, K.TALK_ENDED, {"by": "agent", "talked_s": 114.0}, "1002"),
        (at + 190, K.TRANSFERRED, {**to, "how": "consult"}, "1002"),
        (at + 190, K.TRANSFER_ANSWERED, to, None),
        (at + 280, K.TRANSFER_ENDED, {**to, "by": "caller"}, None),
        (at + 280, K.CALL_FINISHED, {"by": "caller"}, None),
        (at + 200, K.WRAP_UP_CODE, {"code": "order", "name": NAMES["order"]}, "1002"),
        (at + 201, K.NOTE, {"note": "长宁路 88 号门口水管漏水，转抢修班。"}, "1002"),
        (at + 290, K.NOTE, {"note": "抢修班 16:00 到现场，已告知市民。"}, "1010"),
    )


def _records(call: str, queue: str, *told: tuple[float, Kind, dict[str, Any], str | None]) -> Sequence[Record]:
    nowhere = (K.CALL_STARTED, K.MENU_ENTERED, K.KEY_PRESSED, K.CALL_FINISHED)
    return [
        Record(at, kind, call, None if kind in nowhere else queue, agent, None, data, Actor(f"agent:{agent}"))
        if agent is not None
        else Record(at, kind, call, None if kind in nowhere else queue, None, None, data)
        for at, kind, data, agent in told
    ]


def afternoon(now: float) -> dict[str, Sequence[Record]]:
    """The calls of some hours, by their ids."""
    told = [with_three("c-3a7", now - 3_000, "13800138000"), given_up("c-3a6", now - 3_600, "13900139000")]
    told += [
        plain_call(
            f"c-{index:03}", now - 4_000 - 300 * index, f"1370013{index:04}", "water" if index % 2 else "heating"
        )
        for index in range(120)
    ]
    return {str(records[0].call): records for records in told}
