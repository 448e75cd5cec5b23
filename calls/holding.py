"""A caller on hold in the middle of a talk, and whom the agent consults meanwhile, as asked for over HTTP. Pure.

An agent's phone can do the same by SIP. Then Asterisk does it alone, and the machine learns of attended transfers only.
Here the agent's leg is set aside, and the caller's session holds, with the music of the queue. For the queues the talk
goes on. A consultation that comes to nothing brings the leg back to the caller by itself, even without the service.
"""

from dataclasses import replace

from acd.events import EndedBy
from calls import commands as do
from calls import dialling, queueing
from calls import events as ev
from calls.leg import JOINING
from calls.life import Life
from calls.model import CallSummary
from calls.places import AtLine, Doing, Hold, Line, Talking, Transfer, mark_of
from calls.transfers import TRANSFERRED
from journal.actor import SYSTEM, Actor
from journal.records import Kind

RING = 30.0
"""Seconds that the phone of a consultation rings."""

_POSSIBLE = {
    Doing.AWAY: ("unhold", "consult", "transfer"),
    Doing.CALLING: ("return", "transfer"),
    Doing.ASKING: ("complete", "return", "transfer"),
    Doing.BACK: ("transfer",),
}


def possible(life: Life) -> tuple[str, ...]:
    """What can be asked of the call now: `hold`, `unhold`, `consult`, `complete`, `return`, `transfer` (blind)."""
    match life.place:
        case Talking(queue=str(), offer=offer, agent=agent, until=None, hold=hold) if offer and agent:
            return _POSSIBLE[hold.doing] if hold is not None else ("hold", "consult", "transfer")
        case Talking(until=None) | AtLine(answered=True):
            return ("transfer",)
    return ()


def consulted(life: Life) -> Line | None:
    """Whom the agent consults, or calls for that; None: nobody."""
    match life.place:
        case Talking(hold=Hold(doing=Doing.CALLING | Doing.ASKING, line=line)):
            return line
    return None


# --- what is asked -------------------------------------------------------------------------------------------------


def hold_asked(life: Life, actor: Actor) -> None:
    if "hold" in possible(life):
        _set_aside(life, actor, Hold(life.now))


def consult_asked(life: Life, event: ev.ConsultAsked) -> None:
    if "consult" not in possible(life) or not isinstance(life.place, Talking):
        return
    hold, line, actor = life.place.hold, event.line, event.actor
    life.edition = event.edition  # a colleague who is in no earlier version would be dialled as a number outside
    wanted = Hold(hold.since if hold else life.now, Doing.CALLING, line, sent=False)
    if hold is None:
        _set_aside(life, actor, wanted)
    else:
        life.go(replace(life.place, hold=wanted))
    life.write(Kind.CONSULT_ASKED, actor, life.place.agent, to=_told(life, line))
    send(life)


def back_asked(life: Life, actor: Actor) -> None:
    """The agent goes back to the caller, out of a consultation or not."""
    place = life.place
    if not (isinstance(place, Talking) and place.hold) or place.hold.doing is Doing.BACK:
        return
    _consult_over(life, place.hold, actor)
    life.go(replace(place, hold=Hold(place.hold.since, Doing.BACK, sent=False)))
    send(life)


def complete_asked(life: Life, event: ev.CompleteAsked) -> None:
    """The caller goes on with the one whom the agent consults, and the agent is out of the call."""
    place = life.place
    line = consulted(life)
    if line is None or not isinstance(place, Talking):
        return
    life.go(replace(place, hold=None))
    life.leg.held, life.leg.joining = False, life.now + JOINING  # the caller stays where the caller is until then
    by = EndedBy.AGENT if event.own else EndedBy.SYSTEM
    queueing.talk_over(life, by, cause="" if event.own else TRANSFERRED)
    life.ended_by = life.since = None
    life.leave_be()
    life.write_transferred("consult", _told(life, line), event.actor)
    if not isinstance(line, Transfer):
        life.write(Kind.SUB_HOTLINE_DIALLED, sub_hotline=line, dial=life.number_of(line))
    life.go(AtLine(line, answered=True))
    dialling.write_answered(life, line)
    life.out += (do.HandOver(place.offer, event.channel), do.NoteLine(mark_of(line)))


def _set_aside(life: Life, actor: Actor, hold: Hold) -> None:
    assert isinstance(life.place, Talking), "`possible` has said so"
    life.go(replace(life.place, hold=hold))
    life.write(Kind.HELD, actor, life.place.agent)
    life.out.append(do.SetAside(life.place.offer))


# --- what happens --------------------------------------------------------------------------------------------------


def send(life: Life) -> None:
    """Tell Asterisk what the agent does, once the caller is held."""
    place = life.place
    if not (isinstance(place, Talking) and place.hold) or place.hold.sent or not life.leg.held:
        return
    hold, queue = place.hold, place.queue or ""
    life.go(replace(place, hold=replace(hold, sent=True)))
    if hold.doing is Doing.CALLING and hold.line is not None:
        number = life.number_of(hold.line)
        life.out.append(do.Consult(place.offer, number, number in life.edition.hotline.agents, RING, queue))
    else:
        life.out.append(do.TakeBack(place.offer, queue))


def connected(life: Life, event: ev.Connected) -> None:
    """The agent's leg has taken the caller back."""
    place = life.place
    if not (isinstance(place, Talking) and place.hold):
        return
    _consult_over(life, place.hold, SYSTEM)
    life.leg.held = False
    agent = event.agent or place.agent
    life.go(replace(place, offer=event.offer, agent=agent, returns=event.returns, until=None, hold=None))
    life.write(Kind.UNHELD, SYSTEM, agent, held_s=round(life.now - place.hold.since, 3))


def consult_told(life: Life, offer: str, status: str) -> None:
    """The phone that rang for the agent has answered or not."""
    place = life.place
    if not (isinstance(place, Talking) and place.hold) or place.offer != offer or place.hold.line is None:
        return
    if place.hold.doing is not Doing.CALLING:
        return  # the agent has gone back meanwhile
    to = _told(life, place.hold.line)
    if status == "ANSWER":
        life.go(replace(place, hold=replace(place.hold, doing=Doing.ASKING)))
        life.write(Kind.CONSULT_ANSWERED, SYSTEM, place.agent, to=to)
    else:
        life.go(replace(place, hold=Hold(place.hold.since, Doing.BACK)))
        life.write(Kind.CONSULT_FAILED, SYSTEM, place.agent, to=to, status=status)


def joined(life: Life, *, done: bool) -> None:
    """Whether the other end is on the way to the caller. If it is gone, the caller comes to the front of the queue."""
    if done:
        return
    life.leg.joining = None
    if isinstance(life.place, AtLine) and life.place.answered:
        dialling.lost(life)
        life.take_out(do.PlainCommand.KICK)


def link_back(life: Life) -> None:
    """The link has broken, and is there again: an order may be lost. A leg that is to do nothing else is set aside once
    more. An agent who was on the way back is sent once more, if the next look finds the caller still held.
    """
    place = life.place
    if not (isinstance(place, Talking) and place.hold and place.offer):
        return
    if place.hold.doing is Doing.AWAY or not place.hold.sent:
        life.out.append(do.SetAside(place.offer))
    elif place.hold.doing is Doing.BACK:
        life.go(replace(place, hold=replace(place.hold, sent=False)))


def _consult_over(life: Life, hold: Hold, actor: Actor) -> None:
    if hold.line is not None and isinstance(life.place, Talking):
        life.write(Kind.CONSULT_ENDED, actor, life.place.agent, to=_told(life, hold.line))


# --- after a restart -----------------------------------------------------------------------------------------------


def hold_of(summary: CallSummary) -> Hold | None:
    """The hold of a talk from before a restart; None: the two talk."""
    if summary.held is None:
        return None
    to = summary.consulted or {}
    if not to:
        return Hold(summary.held)
    phone = to.get("agent") or to.get("number")
    by, queue = summary.agent or "", summary.queue or ""
    line = Transfer(phone, by, queue) if phone else to.get("sub_hotline", "")
    return Hold(summary.held, Doing.CALLING, line)


def leg_aside(life: Life, event: ev.LegAside) -> None:
    place = life.place
    if not isinstance(place, Talking):
        life.out.append(do.DropRing(event.offer))  # nobody waits for this agent
        return
    hold = place.hold or Hold(life.now)
    if hold.line is not None:
        doing = Doing.ASKING if event.answered else Doing.CALLING
        hold = replace(hold, doing=doing, sent=event.dialling)
    life.go(replace(place, offer=event.offer, agent=event.agent, returns=event.returns, hold=hold))


def _told(life: Life, line: Line) -> dict[str, str]:
    """Whom the agent consults, as Records have it."""
    return dialling.phone_of(life, line) if isinstance(line, Transfer) else {"sub_hotline": line}
