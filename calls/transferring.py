"""Transfers by an agent's phone: blind, or completed after a consultation. Blind ones may be asked for over HTTP, too.

Pure.
"""

from acd.events import EndedBy
from calls import dialling, ending, queueing, surveying
from calls import effects as do
from calls import events as ev
from calls.events import FarEnd
from calls.leg import Happens
from calls.life import Life
from calls.model import Version
from calls.states import (
    AtLine,
    Going,
    Interrupted,
    Leaving,
    Line,
    Offered,
    PuttingThrough,
    Queued,
    Settling,
    Talk,
    Talking,
    Transfer,
    Waiting,
    mark_of,
)
from ivr.model import Destination
from journal.actor import Actor

_GONE = ev.DialEnded("NOANSWER", "16")
"""What the story says of a phone that was gone when an agent joined the caller with it."""

Talks = Talking | Interrupted | AtLine | Leaving
"""Where an agent's phone may have moved the caller."""

TRANSFERRED = "transferred"
"""The `cause` of the end of a talk: somebody else than its agent has transferred the caller."""


def transferred(life: Life, state: Talks, event: ev.Transferred) -> None:
    """The caller has talked: the talk is over."""
    if isinstance(state, AtLine) and not state.answered and _goes(state.line, event.to):
        life.go(PuttingThrough(state.line, announced=True))
    elif _ended_by_agent(life, state):
        transfer(life, event.to, event.edition)
    else:
        ending.hung_up(life)  # no agent could move this caller: the new session begins another call


def transferred_unseen(life: Life, state: Queued, event: ev.Transferred) -> None:
    """If a leg has taken the caller, the caller has talked unseen."""
    if event.taken if isinstance(state, Waiting) else event.taken in state.offers:
        queueing.talked_unseen(life, event.taken, EndedBy.AGENT)
        transfer(life, event.to, event.edition)
    else:
        ending.hung_up(life)


def transferred_again(life: Life, state: PuttingThrough | Going, event: ev.Transferred) -> None:
    """The call may know the transfer already: the session broke before the channel could be marked."""
    if isinstance(state, PuttingThrough) and _goes(state.line, event.to):
        life.go(PuttingThrough(state.line, announced=True))
    elif not (isinstance(state, Going) and state.dialled and state.to == event.to):
        ending.hung_up(life)


def _goes(line: Line, to: Destination | str) -> bool:
    """Whether `to` is the phone of this transfer."""
    return isinstance(line, Transfer) and line.phone == to


def elsewhere_unseen(life: Life, state: Offered | Settling, event: ev.CallerElsewhere) -> None:
    if event.taken in state.offers:
        queueing.talked_unseen(life, event.taken, EndedBy.AGENT)
    ending.hung_up(life)


def elsewhere(life: Life, _: Waiting | Talking | Interrupted, event: ev.CallerElsewhere) -> None:
    if event.taken:
        queueing.talk_over(life, EndedBy.AGENT)
        surveying.transferred(life)
    ending.hung_up(life)


def elsewhere_from_line(life: Life, state: AtLine, _: ev.CallerElsewhere) -> None:
    if state.answered:
        dialling.over(life, state, EndedBy.AGENT)
        surveying.transferred(life)
    ending.hung_up(life)


def completed_to_call(life: Life, state: Talks, event: ev.CompletedToCall) -> None:
    if not _ended_by_agent(life, state):
        return  # another caller is meant: this caller waits in one bridge with an agent who waits there, too
    surveying.transferred(life)
    life.ended_by = life.since = None
    life.edition = event.edition
    life.write_transferred("consult", event.to.model_dump(mode="json", exclude_none=True))
    life.leg.is_there()
    life.go(Going(event.to, dialled=True))
    life.out.append(do.PlainCommand.STOP_SAYING)
    # If the agent heard a sentence, Asterisk has put the caller into the agent's session, and breaks the caller's own.
    life.leg.tell(Happens.SESSION_BREAKS)
    life.take_out(do.PlainCommand.KICK)


def completed(life: Life, state: Talks, event: ev.Completed) -> None:
    _with_phone(life, state, event.phone, event.far_end, blind=event.blind)


def put_through(life: Life, state: Talks, event: ev.PutThrough) -> None:
    _with_phone(life, state, event.phone, event.far_end, moved=True)


def put_through_found(life: Life, state: Talks, event: ev.PutThroughFound) -> None:
    if _unknown(life, state, event.phone):
        _with_phone(life, state, event.phone, FarEnd.RINGS, blind=event.blind, moved=True)


def _with_phone(
    life: Life, state: Talks, phone: str, far_end: FarEnd, *, blind: bool = False, moved: bool = False
) -> None:
    """`moved`: to where the agent's channel was, which breaks the caller's session."""
    answered = far_end is FarEnd.TALKS
    if isinstance(state, AtLine) and life.number_of(state.line) == phone:
        if answered:
            dialling.answered(life, state)
        return
    if isinstance(state, Leaving) and life.talker.agent == phone:
        return  # the call knows from a session that the caller talked with this phone: AMI was late
    if life.hold is not None:
        return  # the phone has replaced the agent's leg, not with the caller
    if not _ended_by_agent(life, state):
        return
    surveying.transferred(life)
    transfer = Transfer(phone, *life.talker)
    life.ended_by = None
    if moved:
        life.leg.is_there()
        life.leg.tell(Happens.SESSION_BREAKS)
    life.leave_be()
    life.write_transferred("blind" if blind else "consult", dialling.phone_of(life, transfer))
    if far_end is FarEnd.GONE:
        life.out.append(do.PlainCommand.STOP_SAYING)  # the goodbye: the session may report the talk's end first
        dialling.bring_back(life, transfer, _GONE)
        return
    life.go(AtLine(transfer, answered=answered, joined=True))
    if answered:
        dialling.write_answered(life, transfer)
        life.out.append(do.NoteLine(mark_of(transfer)))
        dialling.lead(life)


def asked(life: Life, state: Talk, event: ev.TransferAsked) -> None:
    """Take the caller out of the talk, and transfer the caller. Nothing happens if nobody talks with the caller."""
    if talker(life) is None:
        return
    by = EndedBy.AGENT if event.own else EndedBy.SYSTEM
    if isinstance(state, AtLine):
        dialling.over(life, state, by)
    else:
        queueing.talk_over(life, by, cause="" if event.own else TRANSFERRED)
    transfer(life, event.to, event.edition, event.actor, event.reason)
    # Dial() may say that the caller is gone when the caller is taken out of it
    life.leg.tell(Happens.SESSION_BREAKS)
    life.take_out(do.PlainCommand.KICK)


def talker(life: Life) -> str | None:
    """The agent who talks with the caller, "": somebody else does. None: nobody talks, or the end of the talk is about
    to be reported.
    """
    match life.state:
        case Talking(agent=agent, until=None):
            return agent
        case AtLine(line, answered=True):
            number = life.number_of(line)
            return number if number in life.edition.hotline.agents else ""
    return None


def transfer(life: Life, to: Destination | str, edition: Version, actor: Actor | None = None, reason: str = "") -> None:
    """The caller, whose talk is over, is transferred, blind, to a destination of `edition` or to a phone.

    `actor`: who did it; left out, the agent of that talk. `reason`: for whoever receives the call.
    """
    surveying.transferred(life)
    life.ended_by, life.since, life.edition = None, None, edition
    life.leg.is_there()
    if isinstance(to, str):
        transfer = Transfer(to, *life.talker)
        life.write_transferred("blind", dialling.phone_of(life, transfer), actor, reason)
        life.go(PuttingThrough(transfer, announced=True))
    else:
        life.write_transferred("blind", to.model_dump(mode="json", exclude_none=True), actor, reason)
        life.go(Going(to, dialled=True))


def _unknown(life: Life, state: Talks, phone: str) -> bool:
    """Whether it may be news to the call that an agent has joined the caller with this phone."""
    if isinstance(state, Leaving):
        return state.talked and life.talker.agent not in ("", phone)
    return not isinstance(state, AtLine)


def _ended_by_agent(life: Life, state: Talks) -> bool:
    """The agent who talked with the caller has moved the caller: the talk is over. False: nobody talked."""
    match state:
        case Talking() | Interrupted():
            queueing.talk_over(life, EndedBy.AGENT)
        case AtLine():  # only a phone that talks can move the caller: AMI reports its answer late
            dialling.over(life, state, EndedBy.AGENT)
    return not isinstance(state, Leaving) or state.talked
