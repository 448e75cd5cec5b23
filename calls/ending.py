"""How a call ends: by a hang-up, by our goodbye, or because its channel is gone. Pure."""

from collections.abc import Mapping

from acd import events as acd
from acd.events import EndedBy, Left
from calls import dialling, interruptions, queueing, surveying
from calls import effects as do
from calls import events as ev
from calls.leg import Channel
from calls.life import Life
from calls.model import Outcome
from calls.states import (
    AtLine,
    Gone,
    Interrupted,
    Leaving,
    Offered,
    Over,
    Settling,
    State,
    SurveyStage,
    Talking,
    Waiting,
    line_of,
)
from dialplan.news import News
from journal.actor import CALLER, SYSTEM
from journal.records import Kind

_WHY = {
    Channel.THERE: ev.Missing.ASTERISK_AWAY,
    Channel.GONE: ev.Missing.HUNG_UP,
    Channel.GONE_WITH_ASTERISK: ev.Missing.ASTERISK_ENDED,
}
"""Why a caller counts as gone when Asterisk could not be asked for too long."""

_LEFT: Mapping[str, Left] = {ev.Lost.CALLER: Left.PHONE_GONE, **dict.fromkeys(ev.CUT_OFF, Left.CUT)}
"""How a caller who waits leaves the queue, by the cause of the end. Any other has hung up."""


def may_have_talked(life: Life) -> bool:
    """Whether a phone rings for the caller. Somebody may have picked up, and AMI has not said so yet."""
    return isinstance(life.state, Offered | Settling) or (isinstance(life.state, AtLine) and not life.state.answered)


def _may_be_moved(life: Life) -> bool:
    """Whether an agent's phone can transfer the caller, or has just done so: a transfer ends the session, too."""
    match life.state:
        case Talking() | AtLine(answered=True) | Leaving(talked=True):
            return True
    return False


def session_said_so(life: Life) -> None:
    """The session says that the caller is gone from it."""
    if life.leg.link and _may_be_moved(life):
        life.leg.ended(life.now)  # AMI reports a hang-up at once; a caller who was moved comes in another session
    else:
        channel_ended(life, life.state)


def channel_ended(life: Life, state: State, _: object = None) -> None:
    """The channel has ended, and no event says why. The caller hung up or was sent elsewhere, or Asterisk is ending and
    its link breaks next. Or the link is half open, which nobody has noticed yet. If a phone rang for the caller, the
    two may have talked, and AMI reports it late.
    """
    if not life.leg.link:
        return  # Asterisk is asked first: perhaps the caller did not give up
    if not may_have_talked(life):
        queue = life.waited_in
        _leave(life, life.ended_by or EndedBy.CALLER, gave_up=True)
        life.go(Gone(queue))
    life.leg.ended(life.now)


def hung_up(life: Life, *, lost: bool = False, gave_up: bool = False) -> None:
    """The caller is gone: stop all rings at once. `lost`: the caller's phone does not answer any more. `gave_up`: the
    caller has not been sent elsewhere.
    """
    by = EndedBy.SYSTEM if lost else EndedBy.CALLER
    finish(life, life.ended_by or by, cause=ev.Lost.CALLER if lost else "", gave_up=gave_up)


def caller_hung_up(life: Life, _: State, event: ev.CallerHungUp) -> None:
    """The caller has hung up. If they may have talked unseen, Asterisk is asked first."""
    if not (event.blind and may_have_talked(life)):
        hung_up(life, lost=event.lost and not life.leg.stale_cause, gave_up=True)


def elsewhere(life: Life, _: State, __: object) -> None:
    """The caller is where no session of this call comes."""
    hung_up(life)


def unserved(life: Life, _: State, __: News) -> None:
    """The caller has no session: an agent has transferred the caller while the service was away, or Asterisk dials the
    fallback. The service hears nothing of that talk, not even its end.
    """
    if not life.leg.served:
        hung_up(life)


def found(life: Life, _: State, __: News) -> None:
    if life.leg.gone and not life.leg.served:
        hung_up(life)  # gone from the session though the channel lives: sent elsewhere


def failed(life: Life, _: State, __: ev.PlainEvent) -> None:
    finish(life, EndedBy.SYSTEM, outcome=Outcome.FAILED)


def due(life: Life) -> None:
    """The last deadlines of the leg: its end is still unexplained, or Asterisk could not be asked for too long."""
    leg = life.leg
    if leg.unexplained(life.now) and leg.link:
        hung_up(life)
    elif leg.lost(life.now):
        missing(life, life.state, ev.CallerMissing(_WHY[leg.channel]))


def missing(life: Life, state: State, event: ev.CallerMissing) -> None:
    if event.mark:
        known = isinstance(state, Leaving) or (isinstance(state, AtLine) and state.answered)
        if not known:
            line = line_of(event.mark)
            dialling.write_answered(life, line)
            dialling.write_ended(life, line, EndedBy.CALLER if event.why is ev.Missing.HUNG_UP else EndedBy.SYSTEM)
    elif event.offer:
        queueing.talked_unseen(life, event.offer, EndedBy.CALLER)
    if event.why is ev.Missing.HUNG_UP:
        finish(life, life.ended_by or EndedBy.CALLER, cause=event.why.value)
    else:
        finish(life, EndedBy.SYSTEM, outcome=Outcome.LOST, cause=event.why.value)


def _leave(life: Life, by: EndedBy, cause: str = "", *, gave_up: bool = False) -> None:
    """The wait or the talk is over: tell the distributor, or, of a talk with a line, write a Record. `cause`: as in the
    Record `talk-ended`. `gave_up`: a caller who waits has hung up.
    """
    if isinstance(life.state, Talking | Interrupted):
        life.ended_by = by
        interruptions.drop_ring(life)
        life.tell(acd.CallEnded(life.id, by, cause))
        surveying.ended(life, by)
    elif isinstance(life.state, Waiting | Offered | Settling):
        why = _LEFT.get(cause, Left.HUNG_UP)
        number = queueing.number_of_missed(life, life.state.queue) if gave_up else ""
        life.tell(acd.CallLeft(life.id, why, number=number))
    elif isinstance(life.state, AtLine) and life.state.answered:
        dialling.write_ended(life, life.state.line, by)
        surveying.ended(life, by)
    elif isinstance(life.state, Leaving) and life.state.survey is SurveyStage.DUE:
        surveying.ended(life, by)


def finish(life: Life, by: EndedBy, *, outcome: Outcome | None = None, cause: str = "", gave_up: bool = False) -> None:
    """The call is over. `by`: who ended it and, with it, a running talk. `gave_up`: as in `hung_up`."""
    _leave(life, by, cause if by is EndedBy.SYSTEM else "", gave_up=gave_up)
    life.go(Over(by))
    life.leave_be()
    life.leg.forget()
    if not life.begun and not life.arrival.resumed:
        life.begin(resumed=False)  # the call ended before its channel could be marked
    if life.begun:
        said = {"outcome": outcome} if outcome else {}
        actor = CALLER if by is EndedBy.CALLER else SYSTEM
        life.write(Kind.CALL_FINISHED, actor, by=by, **said, **({"cause": cause} if cause else {}))
    life.tell_company()  # FINISH is the last command of all
    life.out += (do.PlainCommand.CLOSE_SESSION, do.PlainCommand.FINISH)
