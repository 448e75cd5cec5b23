"""A caller on hold in the middle of a talk, whom the agent consults meanwhile, and a talk of the three, as asked for
over HTTP. Pure.

An agent's phone can do the same by SIP. Then Asterisk does it alone, and the machine learns of attended transfers only.
Here the agent's leg is set aside, and the caller's session holds, with the music of the queue. For the queues the talk
goes on. A consultation that comes to nothing brings the leg back to the caller by itself, even without the service.
In a talk of three, agent and caller are in their own bridge as ever, and the third is joined to the agent's leg
(ChanSpy): the talk of the two is what it is without the third.
"""

from dataclasses import replace

from acd.events import EndedBy
from calls import commands as do
from calls import dialling, queueing
from calls import events as ev
from calls.leg import JOINING
from calls.life import Life
from calls.model import CallSummary
from calls.news import Apart
from calls.places import AtLine, Doing, Hold, Line, Talking, Transfer, mark_of
from calls.transfers import TRANSFERRED
from journal.actor import SYSTEM, Actor
from journal.records import Kind

RING = 30.0
"""Seconds that the phone of a consultation rings."""

_POSSIBLE = {
    Doing.AWAY: ("unhold", "consult", "transfer"),
    Doing.CALLING: ("return", "transfer"),
    Doing.ASKING: ("complete", "join", "return", "transfer"),
    Doing.BACK: ("transfer",),
    Doing.BRINGING: ("transfer",),
}


def possible(life: Life) -> tuple[str, ...]:
    """What can be asked of the call now; `transfer` means blind, beside `consult`."""
    match life.place:
        case Talking(offer=offer, third=line, until=None) if offer and line is not None:
            return ("complete", "return", "transfer")
        case Talking(queue=str(), offer=offer, agent=agent, until=None, hold=hold) if offer and agent:
            return _POSSIBLE[hold.doing] if hold is not None else ("hold", "consult", "transfer")
        case Talking(until=None) | AtLine(answered=True):
            return ("transfer",)
    return ()


def consulted(life: Life) -> Line | None:
    """Whom the agent consults, or calls for that, or who talks with both; None: nobody."""
    match life.place:
        case Talking(hold=Hold(doing=Doing.CALLING | Doing.ASKING, line=line)):
            return line
        case Talking(third=line):
            return line
    return None


def has_third(life: Life) -> bool:
    """Whether somebody who was consulted talks with the two, or is about to."""
    match life.place:
        case Talking(third=line) if line is not None:
            return True
        case Talking(hold=Hold(doing=Doing.BRINGING)):
            return True
    return False


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
    if isinstance(place, Talking) and place.third is not None:
        _third_out(life, actor)
        life.out.append(do.SendAway(place.offer))
        return
    if not (isinstance(place, Talking) and place.hold) or place.hold.doing in (Doing.BACK, Doing.BRINGING):
        return
    _consult_over(life, place.hold, actor)
    hold = Hold(place.hold.since, Doing.BACK, sent=False, doubtful=place.hold.doubtful)
    life.go(replace(place, hold=hold))
    send(life)


def join_asked(life: Life, event: ev.JoinAsked) -> None:
    """The one whom the agent consults is to talk with both."""
    place = life.place
    if "join" not in possible(life) or not (isinstance(place, Talking) and place.hold and place.hold.line is not None):
        return
    life.go(replace(place, hold=replace(place.hold, doing=Doing.BRINGING)))
    life.write(Kind.CONSULT_JOINED, event.actor, place.agent, to=_told(life, place.hold.line))
    life.out.append(do.BringIn(place.offer, event.channel))


def complete_asked(life: Life, event: ev.CompleteAsked) -> None:
    """The caller goes on with the one whom the agent consults, or who talks with both. The agent is out of the call."""
    place = life.place
    line = consulted(life)
    if line is None or not isinstance(place, Talking):
        return
    life.go(replace(place, hold=None, third=None))
    held = life.leg.held
    life.leg.held, life.leg.joining = False, life.now + JOINING  # the caller stays where the caller is until then
    by = EndedBy.AGENT if event.own else EndedBy.SYSTEM
    queueing.talk_over(life, by, cause="" if event.own else TRANSFERRED)
    life.ended_by = life.since = None
    life.leave_be()
    life.write_transferred("consult", _told(life, line), event.actor)
    if not isinstance(line, Transfer):
        life.write(Kind.SUB_HOTLINE_DIALLED, sub_hotline=line, dial=life.number_of(line))
    life.go(AtLine(line, answered=True))
    life.leg.held = held
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
    third = place.hold.line if place.hold.doing is Doing.BRINGING else None
    if third is None:
        _consult_over(life, place.hold, SYSTEM)
    life.leg.held = False
    agent = event.agent or place.agent
    back = replace(place, offer=event.offer, agent=agent, returns=event.returns, until=None, hold=None, third=third)
    life.go(back)
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
        life.go(replace(place, hold=replace(place.hold, doing=Doing.ASKING, doubtful=False)))
        life.write(Kind.CONSULT_ANSWERED, SYSTEM, place.agent, to=to)
    else:
        life.go(replace(place, hold=Hold(place.hold.since, Doing.BACK)))
        life.write(Kind.CONSULT_FAILED, SYSTEM, place.agent, to=to, status=status)


def third_left(life: Life, offer: str) -> None:
    """The third one is gone. Agent and caller talk on, or the leg takes the caller back by itself."""
    place = life.place
    if not isinstance(place, Talking) or place.offer != offer:
        return
    if place.third is not None:
        _third_out(life, SYSTEM)
    elif place.hold and place.hold.doing is Doing.BRINGING:
        _consult_over(life, place.hold, SYSTEM)
        life.go(replace(place, hold=Hold(place.hold.since, Doing.BACK)))


def leg_found(life: Life, offer: str, found: Apart) -> None:
    """Asterisk was asked what the agent's leg does. If an order was lost with the link, it is sent once more, as soon
    as the same look finds the caller held.
    """
    place = life.place
    if not (isinstance(place, Talking) and place.hold and place.hold.sent) or place.offer != offer:
        return
    hold = place.hold
    match hold.doing, found:
        case Doing.CALLING, Apart.TALKS:
            consult_told(life, offer, "ANSWER")
        case (Doing.CALLING, Apart.WAITS) | (Doing.BACK, _) if hold.doubtful:
            life.go(replace(place, hold=replace(hold, sent=False, doubtful=False)))
        case Doing.BRINGING, Apart.TALKS if hold.doubtful and hold.line is not None:  # the two talk on
            life.go(replace(place, hold=replace(hold, doing=Doing.ASKING, doubtful=False)))
            life.write(Kind.CONSULT_ANSWERED, SYSTEM, place.agent, to=_told(life, hold.line))


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
    more. For what else it was told, the next look finds what it does (`leg_found`).
    """
    place = life.place
    if not (isinstance(place, Talking) and place.hold and place.offer):
        return
    if place.hold.doing is Doing.AWAY or not place.hold.sent:
        life.out.append(do.SetAside(place.offer))
    elif place.hold.doing is not Doing.ASKING:
        life.go(replace(place, hold=replace(place.hold, doubtful=True)))


def _third_out(life: Life, actor: Actor) -> None:
    assert isinstance(life.place, Talking)
    assert life.place.third is not None
    to = _told(life, life.place.third)
    life.go(replace(life.place, third=None))
    life.write(Kind.CONSULT_ENDED, actor, life.place.agent, to=to)


def _consult_over(life: Life, hold: Hold, actor: Actor) -> None:
    if hold.line is not None and isinstance(life.place, Talking):
        life.write(Kind.CONSULT_ENDED, actor, life.place.agent, to=_told(life, hold.line))


# --- after a restart -----------------------------------------------------------------------------------------------


def hold_of(summary: CallSummary) -> Hold | None:
    """The hold of a talk from before a restart; None: the two talk."""
    if summary.held is None:
        return None
    line = _line_of(summary)
    if line is None:
        return Hold(summary.held)
    return Hold(summary.held, Doing.BRINGING if summary.third else Doing.CALLING, line)


def third_of(summary: CallSummary) -> Line | None:
    """Who talked with the two before a restart; None: nobody."""
    return _line_of(summary) if summary.third and summary.held is None else None


def _line_of(summary: CallSummary) -> Line | None:
    """Whom the agent consults; None: nobody."""
    to = summary.consulted or {}
    if not to:
        return None
    phone = to.get("agent") or to.get("number")
    by, queue = summary.agent or "", summary.queue or ""
    return Transfer(phone, by, queue) if phone else to.get("sub_hotline", "")


def leg_aside(life: Life, event: ev.LegAside) -> None:
    place = life.place
    if not isinstance(place, Talking):
        life.out.append(do.DropRing(event.offer))  # nobody waits for this agent
        return
    hold = place.hold or Hold(life.now)
    if hold.line is not None and (event.dialling or hold.doing is not Doing.BRINGING):  # else it is on the way back
        doing = Doing.ASKING if event.answered else Doing.CALLING
        hold = replace(hold, doing=doing, sent=event.dialling)
    life.go(replace(place, offer=event.offer, agent=event.agent, returns=event.returns, hold=hold))


def _told(life: Life, line: Line) -> dict[str, str]:
    """Whom the agent consults, as Records have it."""
    return dialling.phone_of(life, line) if isinstance(line, Transfer) else {"sub_hotline": line}
