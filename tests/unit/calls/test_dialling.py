"""A caller who is put through to a sub-hotline."""

from calls import commands as do
from calls import events as ev
from calls.news import News
from calls.places import AtLine, InMenu, PuttingThrough
from journal.records import Kind
from tests.unit.calls.steps import At, records


def test_a_sub_hotline_is_told_dialled_and_answered_once() -> None:
    at = At(PuttingThrough("bureau", told=True), session=True)
    kinds = [record.kind for record in records(at.step(ev.PlainEvent.DONE, News.ANSWERED, News.ANSWERED))]
    assert kinds == [Kind.SUB_HOTLINE_DIALLED, Kind.SUB_HOTLINE_ANSWERED]
    (ended,) = records(at.step(ev.DialEnded("ANSWER", "16")))
    assert (ended.kind, ended.data) == (Kind.SUB_HOTLINE_ENDED, {"sub_hotline": "bureau", "by": "agent"})


def test_an_answer_that_was_missed_is_told_at_the_end() -> None:
    at = At(AtLine("bureau"), session=True)
    kinds = [record.kind for record in records(at.step(ev.DialEnded("ANSWER", "16")))]
    assert kinds == [Kind.SUB_HOTLINE_ANSWERED, Kind.SUB_HOTLINE_ENDED]


def test_a_sub_hotline_whose_phone_is_gone_has_failed() -> None:
    at = At(AtLine("bureau", answered=True), session=True)
    failed, sent = records(at.step(News.LOST))
    assert (failed.kind, failed.data) == (
        Kind.SUB_HOTLINE_FAILED,
        {"sub_hotline": "bureau", "status": "ANSWER", "cause": "18"},
    )
    assert sent.data == {"to": {"menu": "main"}}
    assert records(at.step(ev.DialEnded("ANSWER", "16"))) == []


def test_a_sub_hotline_that_fails_leads_where_it_says_with_an_apology() -> None:
    at = At(AtLine("bureau"), session=True)
    failed, sent = records(at.step(ev.DialEnded("BUSY", "17")))
    assert (failed.kind, sent.kind) == (Kind.SUB_HOTLINE_FAILED, Kind.SENT_ON)
    assert sent.data == {"to": {"menu": "main"}}
    assert at.task() is do.PlainTask.CLEAR_DIALLING
    at.step(ev.PlainEvent.DONE)
    for _ in range(2):
        assert isinstance(at.task(), do.Say)
        at.step(ev.Said("", False))
    assert isinstance(at.place, InMenu)
