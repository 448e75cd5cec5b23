"""A call that is put through to a sub-hotline. Pure."""

from dataclasses import replace

from acd.events import EndedBy
from calls import commands as do
from calls import events as ev
from calls.life import Life
from calls.news import PHONE_GONE
from calls.places import (
    Arriving,
    AtSubHotline,
    Going,
    Leaving,
    Stage,
)
from ivr.model import HangUp as ToHangUp
from journal.records import Kind


def sub_hotline_answered(life: Life) -> None:
    if isinstance(life.place, AtSubHotline) and not life.place.answered:
        life.go(replace(life.place, answered=True))
        life.write(Kind.SUB_HOTLINE_ANSWERED, sub_hotline=life.place.sub_hotline)
        life.out.append(do.NoteTalk(life.place.sub_hotline))


def sub_hotline_lost(life: Life) -> None:
    """The sub-hotline's phone is gone in the middle of the talk: the call goes on as if it had not answered."""
    if isinstance(life.place, AtSubHotline) and life.place.answered:
        _failed(life, life.place.sub_hotline, ev.DialEnded("ANSWER", PHONE_GONE))


def dial_ended(life: Life, result: ev.DialEnded) -> None:
    place = life.place
    if not isinstance(place, AtSubHotline):
        return
    if not result.status:
        life.go(replace(place, known=True))  # the session broke before the sub-hotline was dialled
        return
    life.out.append(do.PlainCommand.CLEAR_KEYS)  # they were for the other end
    sub_hotline = place.sub_hotline
    life.leg.stale_cause = result.cause == PHONE_GONE
    if result.status == "ANSWER":
        if not place.answered:  # it answered while the service or its link was away
            life.write(Kind.SUB_HOTLINE_ANSWERED, sub_hotline=sub_hotline)
        life.ended_by = EndedBy.AGENT
        life.go(Leaving(talked=True, dialled=True))
        return
    _failed(life, sub_hotline, result)


def _failed(life: Life, sub_hotline: str, result: ev.DialEnded) -> None:
    life.write(Kind.SUB_HOTLINE_FAILED, sub_hotline=sub_hotline, status=result.status, cause=result.cause)
    line = life.edition.hotline.sub_hotlines.get(sub_hotline)
    to = (line.failed if line else None) or ToHangUp(hangup=True)
    life.write_sent_on(to)
    life.go(Going(to, dialled=True, apology="no-answer-apology"))


def dialling_known(life: Life, sub_hotline: str) -> None:
    match life.place:
        case Arriving() as place:
            life.go(AtSubHotline(sub_hotline, known=False) if sub_hotline else replace(place, stage=Stage.MARK))
        case Leaving() if sub_hotline:  # only after a restart: the journal knows of the talk
            life.go(AtSubHotline(sub_hotline, answered=True))


def dial(life: Life, sub_hotline: str) -> bool:
    """Put the caller through. False: the sub-hotline exists no more, and the call goes on as if it had not answered."""
    hotline = life.edition.hotline
    line = hotline.sub_hotlines.get(sub_hotline)
    if line is None:
        dial_ended(life, ev.DialEnded("CHANUNAVAIL", "3"))
        return False
    life.do(do.Dial(line.dial, line.ring, agent=line.dial in hotline.agents))
    return True
