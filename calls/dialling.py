"""A call that is put through to a line: a sub-hotline, or the phone to which an agent has sent the caller. Pure."""

from dataclasses import replace

from acd.events import EndedBy
from calls import effects as do
from calls import events as ev
from calls import surveying
from calls.life import Life
from calls.states import (
    Arriving,
    AtLine,
    Front,
    Going,
    Leaving,
    Line,
    PuttingThrough,
    Stage,
    Transfer,
    line_of,
    mark_of,
)
from dialplan.news import PHONE_GONE, News
from ivr.model import HangUp as ToHangUp
from journal.records import Kind

TRANSFER_RING = 30.0
"""Seconds that the phone of a blind transfer rings."""


def dialled(life: Life, state: PuttingThrough, _: ev.PlainEvent) -> None:
    """The line is about to ring."""
    line = state.line
    life.go(AtLine(line))
    if not isinstance(line, Transfer):
        life.write(Kind.SUB_HOTLINE_DIALLED, sub_hotline=line, dial=life.number_of(line))


def answered(life: Life, state: AtLine, _: object = None) -> None:
    if not state.answered:
        life.go(replace(state, answered=True))
        write_answered(life, state.line)
        life.out.append(do.NoteTalk(mark_of(state.line)))
        lead(life)


def lead(life: Life, _: object = None, __: object = None) -> None:
    """Make the phone a leg that is recorded: only of a leg one knows which talk it is, and can let it pause."""
    match life.state:
        case AtLine(Transfer(phone, _, queue), answered=True, offer="") if phone in life.edition.hotline.agents:
            if life.records(queue):
                life.out.append(do.PlainCommand.LEAD)


def write_answered(life: Life, line: Line) -> None:
    """The line talks with the caller, or has talked."""
    life.recording = None
    if isinstance(line, Transfer):
        life.write(Kind.TRANSFER_ANSWERED, to=phone_of(life, line))
    else:
        life.write(Kind.SUB_HOTLINE_ANSWERED, sub_hotline=line)


def write_ended(life: Life, line: Line, by: EndedBy) -> None:
    """The talk of the line and the caller is over."""
    if isinstance(line, Transfer):
        life.write(Kind.TRANSFER_ENDED, to=phone_of(life, line), by=by)
    else:
        life.write(Kind.SUB_HOTLINE_ENDED, sub_hotline=line, by=by)


def phone_of(life: Life, transfer: Transfer) -> dict[str, str]:
    """The target of a transfer as Records have it: `{"agent": ID}` or `{"number": N}`."""
    return {"agent" if transfer.phone in life.edition.hotline.agents else "number": transfer.phone}


def over(life: Life, state: AtLine, by: EndedBy) -> None:
    """The talk with the line is over."""
    line = state.line
    if not state.answered:  # the line answered while the service or its link was away
        write_answered(life, line)
    write_ended(life, line, by)
    life.talker = life.talk
    life.ended_by = by
    life.go(Leaving(talked=True, dialled=True, survey=surveying.due(life)))


def back_from_talk(life: Life, state: AtLine) -> None:
    """The caller is back in a session. Whether the phone is gone, AMI has said before; else the channel says it."""
    if life.leg.link:
        over(life, state, EndedBy.AGENT)
    else:
        life.go(replace(state, known=False))


def dial_ended(life: Life, state: AtLine, result: ev.DialEnded) -> None:
    if not result.status and not state.answered:
        # the session broke before the line was dialled, and before the channel knew of a transfer
        transfer = isinstance(state.line, Transfer)
        life.go(PuttingThrough(state.line, announced=True) if transfer else replace(state, known=True))
        return
    life.out.append(do.PlainCommand.CLEAR_KEYS)  # the keys so far were for the other end
    if state.hold is not None:
        return  # Dial() has ended as the caller was put on hold: the talk goes on
    life.leg.stale_cause = result.cause == PHONE_GONE
    if result.lost:
        if not state.answered:
            write_answered(life, state.line)
        lost(life, replace(state, answered=True))
    elif result.status == "ANSWER" or state.answered:
        over(life, state, EndedBy.AGENT)
    else:
        _failed(life, state.line, result)


def let_go(life: Life, state: AtLine, _: News) -> None:
    """The talk with the line is over if no session serves the caller and somebody has talked. The dialplan brings the
    caller to the next session a second later.
    """
    leg = life.leg
    leg.let_go(life.now)
    if not leg.served and leg.joining is None and state.answered and state.hold is None:
        over(life, state, EndedBy.AGENT)


def lost(life: Life, state: AtLine, _: object = None) -> None:
    """The line's phone is gone in the middle of the talk: the call goes on as if it had not answered."""
    if state.answered:
        surveying.not_asked(life, surveying.Why.LOST)
        _failed(life, state.line, ev.DialEnded("ANSWER", PHONE_GONE))


def _failed(life: Life, line: Line, result: ev.DialEnded) -> None:
    if isinstance(line, Transfer):
        bring_back(life, line, result)
        return
    life.write(Kind.SUB_HOTLINE_FAILED, sub_hotline=line, status=result.status, cause=result.cause)
    definition = life.edition.hotline.sub_hotlines.get(line)
    to = (definition.failed if definition else None) or ToHangUp(hangup=True)
    apology = "" if to.texts else "no-answer-apology"  # a message there is the apology
    life.write_sent_on(to, apology=apology)
    life.go(Going(to, dialled=True, apology=apology))


def bring_back(life: Life, transfer: Transfer, result: ev.DialEnded) -> None:
    """The transfer has failed, or the phone is gone in the talk: back to the agent who sent the caller, else to the
    front of the queue.
    """
    life.write(Kind.TRANSFER_FAILED, to=phone_of(life, transfer), status=result.status, cause=result.cause)
    hotline = life.edition.hotline
    to, front = life.entry, None
    if transfer.queue in hotline.queues:
        to, front = life.exactly("queues", transfer.queue), Front(transfer.by)
    apology = "talk-broken" if result.status == "ANSWER" else "transfer-failed"
    life.write_sent_on(to, front, apology=apology)
    life.go(Going(to, dialled=True, apology=apology, front=front))


def dialling_known(life: Life, state: Arriving, event: ev.DiallingKnown) -> None:
    life.go(AtLine(line_of(event.mark), known=False) if event.mark else replace(state, stage=Stage.MARK))


def found_talking(life: Life, state: Leaving, event: ev.DiallingKnown) -> None:
    """After a restart: the journal has the talk."""
    if event.mark and not state.dialled:
        life.ended_by = None
        life.go(AtLine(line_of(event.mark), answered=True))


def dial(life: Life, state: AtLine) -> bool:
    """Put the caller through. False: the hotline has no such line any more, and the call goes on as if it had not
    answered.
    """
    line = state.line
    hotline = life.edition.hotline
    if isinstance(line, Transfer):
        agent = line.phone in hotline.agents
        record = agent and life.records(line.queue)
        life.do(do.Dial(line.phone, TRANSFER_RING, agent=agent, music=True, record=record))
        return True
    sub_hotline = hotline.sub_hotlines.get(line)
    if sub_hotline is None:
        dial_ended(life, state, ev.DialEnded("CHANUNAVAIL", "3"))
        return False
    life.do(do.Dial(sub_hotline.dial, sub_hotline.ring, agent=sub_hotline.dial in hotline.agents))
    return True
