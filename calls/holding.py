"""A caller on hold in the middle of a talk, whom the agent consults meanwhile, and a talk of the three, as asked for
over HTTP. Pure.

An agent's phone can do the same by SIP. Asterisk does that alone, and the machine hears of attended transfers only.
Here the agent's leg is set aside, and the caller's session holds, with the music of the queue. For the queues the talk
goes on. If a consultation comes to nothing, the leg goes back to the caller by itself, even while the service is away.
In a talk of three, agent and caller are in their own bridge as ever, and the third is joined to the agent's leg
(ChanSpy): so the talk of the two stays as it was.

The agent may be one to whom a colleague has sent the caller (`AtLine`). At the first order the channel of that phone
becomes a leg like any other (`to_lead`).

Somebody of a queue is asked by a call of the agent's own, about the caller's (`Arrival.about`): the leg dials the
queue, where that call waits and is answered as any other. Once that call is answered, all is as if the agent who
answered had been asked directly.
"""

from dataclasses import replace

from acd.events import EndedBy
from calls import dialling, interruptions, queueing, surveying
from calls import effects as do
from calls import events as ev
from calls.leg import JOINING, Happens
from calls.life import Life
from calls.model import CallSummary
from calls.states import AtLine, Doing, Hold, InQueue, Interrupted, Line, State, Talk, Talking, Transfer, mark_of
from calls.transferring import TRANSFERRED
from dialplan.news import Apart, News
from journal.actor import SYSTEM, Actor
from journal.records import Kind

RING = 30.0
"""Seconds that the phone of a consultation rings."""

NO_PHONE = "CHANUNAVAIL"
"""What Dial() says where no phone is registered, and only the dialplan knows: AMI reports no Dial() then."""

_POSSIBLE = {
    Doing.AWAY: ("unhold", "consult", "transfer"),
    Doing.CALLING: ("return", "transfer"),
    Doing.ASKING: ("complete", "join", "return", "transfer"),
    Doing.BACK: ("transfer",),
    Doing.BRINGING: ("transfer",),
}


def possible(life: Life) -> tuple[str, ...]:
    """What can be asked of the call now; `transfer` means blind, beside `consult`."""
    match life.state:
        case Talking(offer=offer, third=third, until=None) | AtLine(offer=offer, third=third) if offer and third:
            return ("complete", "return", "transfer")
        case Talking(queue=str(), offer=offer, agent=agent, until=None, hold=hold) if offer and agent:
            return _POSSIBLE[hold.doing] if hold is not None else ("hold", "consult", "transfer")
        case AtLine(offer=offer, hold=hold) if offer:
            return _POSSIBLE[hold.doing] if hold is not None else ("hold", "consult", "transfer")
        case Talking(until=None) | AtLine(answered=True):
            return ("transfer",)
    return ()


def consulted(life: Life) -> Line | InQueue | None:
    """The line that the agent consults or calls, or that talks with both; None: there is none."""
    state = life.state
    if not isinstance(state, Talk):
        return None
    if state.hold is not None and state.hold.doing in (Doing.CALLING, Doing.ASKING):
        return state.hold.line
    return state.third


def has_third(life: Life) -> bool:
    """Whether a third one, who was consulted, talks with the two or is about to."""
    state = life.state
    if not isinstance(state, Talk):
        return False
    return state.third is not None or (state.hold is not None and state.hold.doing is Doing.BRINGING)


def to_lead(life: Life) -> str:
    """The agent with whom Asterisk alone has joined the caller. That phone must become a leg before the caller can be
    put on hold. "": it is a leg already, or there is no such agent.
    """
    match life.state:
        case AtLine(answered=True, offer=""):
            return life.with_agent if life.with_agent in life.edition.hotline.agents else ""
    return ""


def asking(life: Life, phone: str) -> Transfer:
    """The line of a colleague, or a number outside, whom the agent of the talk asks."""
    return Transfer(phone, life.with_agent, _queue(life))


# --- what is asked -------------------------------------------------------------------------------------------------


def hold_asked(life: Life, state: Talk, event: ev.HoldAsked) -> None:
    if "hold" in possible(life):
        _set_aside(life, state, event.actor, Hold(life.now))


def consult_asked(life: Life, state: Talk, event: ev.ConsultAsked) -> None:
    if "consult" not in possible(life):
        return
    hold, line, actor = state.hold, event.line, event.actor
    life.edition = event.edition  # an earlier version would take a new colleague's id for a number outside
    wanted = Hold(hold.since if hold else life.now, Doing.CALLING, line, sent=False)
    if hold is None:
        _set_aside(life, state, actor, wanted)
    else:
        life.go(replace(state, hold=wanted))
    more = {"reason": event.reason} if event.reason else {}
    life.write(Kind.CONSULT_ASKED, actor, life.with_agent, to=_consulted(life, line), **more)
    send(life)


def back_asked(life: Life, state: Talk, event: ev.BackAsked) -> None:
    """The agent goes back to the caller, out of a consultation or not."""
    if state.third is not None:
        _third_out(life, state, state.third, event.actor)
        life.out.append(do.SendAway(state.offer))
    elif state.hold is not None and state.hold.doing not in (Doing.BACK, Doing.BRINGING):
        if state.hold.line is None:
            life.write(Kind.UNHOLD_ASKED, event.actor, life.with_agent)
        _consult_over(life, state.hold, event.actor)
        hold = Hold(state.hold.since, Doing.BACK, sent=False, doubtful=state.hold.doubtful)
        life.go(replace(state, hold=hold))
        send(life)


def join_asked(life: Life, state: Talk, event: ev.JoinAsked) -> None:
    """The one whom the agent consults is to talk with both."""
    if "join" not in possible(life) or state.hold is None or state.hold.line is None:
        return
    life.go(replace(state, hold=replace(state.hold, doing=Doing.BRINGING)))
    life.write(Kind.CONSULT_JOINED, event.actor, life.with_agent, to=_consulted(life, state.hold.line))
    life.out.append(do.BringIn(state.offer, event.channel, record=life.recording is not None))


def complete_asked(life: Life, state: Talk, event: ev.CompleteAsked) -> None:
    """The caller goes on with the one whom the agent consults, or who talks with both. The agent is out of the call."""
    line = consulted(life)
    if line is None or isinstance(line, InQueue):
        return
    state = replace(state, hold=None, third=None)
    life.go(state)
    bridge = life.leg.bridge
    life.leg.tell(Happens.LEFT)  # the caller stays in the holding bridge until then: nobody may fetch the caller
    life.leg.joining = life.now + JOINING
    by = EndedBy.AGENT if event.own else EndedBy.SYSTEM
    if isinstance(state, Talking):
        queueing.talk_over(life, by, cause="" if event.own else TRANSFERRED)
    else:
        dialling.over(life, state, by)
    surveying.transferred(life)
    life.ended_by = life.since = None
    life.leave_be()
    life.write_transferred("consult", _consulted(life, line), event.actor)
    if not isinstance(line, Transfer):
        life.write(Kind.SUB_HOTLINE_DIALLED, sub_hotline=line, dial=life.number_of(line))
    life.go(AtLine(line, answered=True))
    life.leg.bridge = bridge
    dialling.write_answered(life, line)
    record = isinstance(line, Transfer) and line.phone in life.edition.hotline.agents and life.records(line.queue)
    life.out += (do.HandOver(state.offer, event.channel, record), do.NoteLine(mark_of(line)))


def _set_aside(life: Life, state: Talk, actor: Actor, hold: Hold) -> None:
    life.go(replace(state, hold=hold))
    life.write(Kind.HELD, actor, life.with_agent)
    life.out.append(do.SetAside(state.offer))


# --- what happens --------------------------------------------------------------------------------------------------


def send(life: Life) -> None:
    """Let Asterisk do what the agent wants, once the caller is held."""
    state = life.state
    if not (isinstance(state, Talk) and state.hold) or state.hold.sent or not life.leg.held:
        return
    hold = state.hold
    queue = (state.queue or "") if isinstance(state, Talking) else state.offer  # a leg takes only who is held
    life.go(replace(state, hold=replace(hold, sent=True)))
    if hold.doing is Doing.CALLING and hold.line is not None:
        number = life.number_of(hold.line)
        agent, own = number in life.edition.hotline.agents, isinstance(hold.line, InQueue)
        life.out.append(do.Consult(state.offer, number, agent, RING, queue, own))
    else:
        life.out.append(do.TakeBack(state.offer, queue))


def held(life: Life, _: State, __: News) -> None:
    life.held()
    send(life)


def connected(life: Life, state: Talk, event: ev.Connected) -> None:
    """The agent's leg has taken the caller back."""
    if state.hold is None:
        queueing.talk_connected(life, state, event)
        return
    line = state.hold.line if state.hold.doing is Doing.BRINGING else None
    third = None if isinstance(line, InQueue) else line
    since = state.hold.since
    if third is None and _rang_nowhere(state.hold):
        consult_dialled(life, state, ev.ConsultDialled(state.offer, NO_PHONE))
    elif third is None:
        _consult_over(life, state.hold, SYSTEM)
    life.leg.tell(Happens.LEFT)
    if isinstance(state, Talking):
        state = replace(state, agent=event.agent or state.agent, returns=event.returns, until=None)
    life.go(replace(state, offer=event.offer, hold=None, third=third))
    life.write(Kind.UNHELD, SYSTEM, life.with_agent, held_s=round(life.now - since, 3))
    queueing.stay_paused(life, event.offer)


def _rang_nowhere(hold: Hold) -> bool:
    """Whether the leg is back, and nothing has reported what came of the ring. Either there was none, as NO_PHONE says,
    or the service was away.
    """
    return hold.doing is Doing.CALLING and not hold.doubtful and not isinstance(hold.line, InQueue)


def talk_resumed(life: Life, state: Interrupted, event: ev.Connected) -> None:
    """The agent's browser is back. The caller is put on hold again who was on hold before."""
    interruptions.connected(life, state, event)
    if state.held and isinstance(life.state, Talking):
        hold_asked(life, life.state, ev.HoldAsked(SYSTEM))


def consult_dialled(life: Life, state: Talk, event: ev.ConsultDialled) -> None:
    """The phone that rang for the agent has answered or not."""
    hold, answered = state.hold, event.status == "ANSWER"
    if hold is None or hold.line is None or state.offer != event.offer or hold.doing is not Doing.CALLING:
        return  # the agent may have gone back to the caller meanwhile
    if isinstance(hold.line, InQueue) and answered:
        return  # the agent hears the queue
    to = _consulted(life, hold.line)
    if answered:
        life.go(replace(state, hold=replace(hold, doing=Doing.ASKING, doubtful=False)))
        life.write(Kind.CONSULT_ANSWERED, SYSTEM, life.with_agent, to=to)
    else:
        life.go(replace(state, hold=Hold(hold.since, Doing.BACK)))
        life.write(Kind.CONSULT_FAILED, SYSTEM, life.with_agent, to=to, status=event.status)


def queue_answered(life: Life, state: Talk, event: ev.QueueAnswered) -> None:
    """The agent's own call, in a queue, was answered."""
    if state.hold is not None and isinstance(state.hold.line, InQueue):
        hold = replace(state.hold, line=asking(life, event.agent), doubtful=False)
        life.go(replace(state, hold=replace(hold, doing=Doing.ASKING)))
        life.write(Kind.CONSULT_ANSWERED, SYSTEM, life.with_agent, to={"agent": event.agent})


def third_left(life: Life, state: Talk, event: ev.ThirdLeft) -> None:
    """The third one has left. Agent and caller talk on, or the leg takes the caller back by itself."""
    if state.offer != event.offer:
        return
    if state.third is not None:
        _third_out(life, state, state.third, SYSTEM)
    elif state.hold is not None and state.hold.doing is Doing.BRINGING:
        _consult_over(life, state.hold, SYSTEM)
        life.go(replace(state, hold=Hold(state.hold.since, Doing.BACK)))


def leg_found(life: Life, state: Talk, event: ev.LegFound) -> None:
    """Asterisk was asked what the agent's leg does. If an order was lost with the link, it is sent once more, as soon
    as the same look finds the caller held.
    """
    hold = state.hold
    if hold is None or not hold.sent or state.offer != event.offer:
        return
    match hold.doing, event.doing:
        case Doing.CALLING, Apart.TALKS:
            consult_dialled(life, state, ev.ConsultDialled(event.offer, "ANSWER"))
        case (Doing.CALLING, Apart.WAITS) | (Doing.BACK, _) if hold.doubtful:
            life.go(replace(state, hold=replace(hold, sent=False, doubtful=False)))
        case Doing.BRINGING, Apart.TALKS if hold.doubtful and hold.line is not None:  # the two talk on
            life.go(replace(state, hold=replace(hold, doing=Doing.ASKING, doubtful=False)))
            life.write(Kind.CONSULT_ANSWERED, SYSTEM, life.with_agent, to=_consulted(life, hold.line))


def joined(life: Life, _: State, event: ev.Joined) -> None:
    """Whether the other end is on the way to the caller."""
    if not event.done:
        not_joined(life)


def not_joined(life: Life) -> None:
    """The other end has hung up before it came to the caller. The caller comes to the front of the queue."""
    life.leg.joining = None
    if isinstance(life.state, AtLine) and life.state.answered:
        dialling.lost(life, life.state)
        life.take_out(do.PlainCommand.KICK)


def link_changed(life: Life, _: State, event: ev.LinkChanged) -> None:
    life.leg.link = event.up


def talk_link_changed(life: Life, state: Talk, event: ev.LinkChanged) -> None:
    """The link has broken, or is back: an order may be lost. A leg that only waits is set aside once more. For any
    other order the next look finds what the leg does (`leg_found`).
    """
    link_changed(life, state, event)
    if event.up and state.hold is None and state.offer and life.recording is not None:
        life.out.append(do.Mute(state.offer, on=life.recording == "paused"))
    if not event.up or state.hold is None or not state.offer:
        return
    if state.hold.doing is Doing.AWAY or not state.hold.sent:
        life.out.append(do.SetAside(state.offer))
    elif state.hold.doing is not Doing.ASKING:
        life.go(replace(state, hold=replace(state.hold, doubtful=True)))


def _third_out(life: Life, state: Talk, third: Line, actor: Actor) -> None:
    life.go(replace(state, third=None))
    life.write(Kind.CONSULT_ENDED, actor, life.with_agent, to=_consulted(life, third))


def _consult_over(life: Life, hold: Hold, actor: Actor) -> None:
    if hold.line is not None:
        life.write(Kind.CONSULT_ENDED, actor, life.with_agent, to=_consulted(life, hold.line))


def _queue(life: Life) -> str:
    """From which queue the caller of the talk came; "" for none."""
    match life.state:
        case AtLine(Transfer(queue=queue)):
            return queue
    return life.queue or life.talker.queue


# --- after a restart -----------------------------------------------------------------------------------------------


def hold_of(summary: CallSummary) -> Hold | None:
    """The hold of a talk from before a restart; None: the two talk."""
    if summary.held is None:
        return None
    line = _line_of(summary)
    if line is None:
        return Hold(summary.held, Doing.BACK, sent=False) if summary.returning else Hold(summary.held)
    return Hold(summary.held, Doing.BRINGING if summary.third else Doing.CALLING, line)


def third_of(summary: CallSummary) -> Line | None:
    """Who talked with the two before a restart; None: nobody."""
    line = _line_of(summary) if summary.third and summary.held is None else None
    return None if isinstance(line, InQueue) else line


def _line_of(summary: CallSummary) -> Line | InQueue | None:
    """Whom the agent consults; None: nobody."""
    to = summary.consulted or {}
    if not to:
        return None
    if "queue" in to:
        return InQueue(to["queue"])
    phone = to.get("agent") or to.get("number")
    by, queue = summary.agent or "", summary.queue or ""
    return Transfer(phone, by, queue) if phone else to.get("sub_hotline", "")


def unwanted_leg(life: Life, _: State, event: ev.LegAside) -> None:
    """No caller waits for this agent."""
    life.out.append(do.DropRing(event.offer))


def leg_aside(life: Life, state: Talk, event: ev.LegAside) -> None:
    hold = state.hold or Hold(life.now)
    if hold.line is not None and (event.dialling or hold.doing is not Doing.BRINGING):  # else it is on the way back
        doing = Doing.ASKING if event.answered and not isinstance(hold.line, InQueue) else Doing.CALLING
        hold = replace(hold, doing=doing, sent=event.dialling)
    if isinstance(state, Talking):
        state = replace(state, agent=event.agent, returns=event.returns)
    life.go(replace(state, offer=event.offer, hold=hold))


def _consulted(life: Life, line: Line | InQueue) -> dict[str, str]:
    """Whom the agent consults, as Records have it."""
    if isinstance(line, InQueue):
        return {"queue": line.queue}
    return dialling.phone_of(life, line) if isinstance(line, Transfer) else {"sub_hotline": line}
