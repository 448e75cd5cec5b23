"""Conversations: caller and agent are in one bridge, until one of them hangs up.

Agents also send calls to each other, or ask each other about them: the engine offers none of these. The agent rings and
is on call as with any other, so that nothing else is offered meanwhile. A talk with the caller is counted and wrapped
up, a consultation alone is not. An agent has one such call at a time. It does not take the agent out of a call that the
engine has offered: it is taken up after that. An agent who is signed out stays signed out.
"""

from typing import Any

from acd.effects import CancelReason
from acd.engine import agent_states, queueing, ringing
from acd.engine.floor import Floor
from acd.engine.parts import Offer, Place, Seat, Sent, Stage
from acd.events import Company, CompanyChanged, EndedBy, OfferFailure
from acd.model import Coded
from agents.states import AgentState
from journal.actor import CALLER
from journal.records import Kind

# Python 3.11 is slow to look these up
_TALKING, _GONE, _BY_CALLER, _BY_AGENT = Stage.TALKING, Stage.GONE, EndedBy.CALLER, EndedBy.AGENT
_FREE = (AgentState.READY, AgentState.NOT_READY)


def begin(floor: Floor, offer: Offer) -> None:
    """The offer has become a conversation; other rings for the caller are cancelled."""
    place, seat, queue = offer.place, offer.seat, offer.place.queue
    ringing.won(floor, offer)
    floor.offers.connected(offer)
    floor.timers.disarm(offer)
    place.offers, seat.offer = (), None
    place.stage, place.seat, place.connected_at = _TALKING, seat, floor.now
    del queue.places[place.id]
    place.line.places -= 1
    waited = floor.now - place.entered
    seconds = round(waited, 3)
    in_time = waited <= queue.definition.service_level.within
    queue.talking += 1
    if not place.test:
        queue.staying.add(seconds, stayed=True)
        queue.answered += 1
        queue.in_time += in_time
    seat.missed = seat.failures = 0
    seat.calls += 1
    seat.engaged_at = offer.at
    floor.write(Kind.CONNECTED, place, seat, offer, waited_s=seconds, in_service_level=in_time)
    agent_states.change(floor, seat, AgentState.ON_CALL)


def end(floor: Floor, place: Place, by: EndedBy, cause: str = "") -> None:
    """The conversation is over; the agent wraps up, or goes on with a call that a colleague has sent. `cause`: why, if
    nobody hung up.
    """
    seat, queue = place.seat, place.queue
    assert seat is not None
    talked = floor.now - place.connected_at
    queue.talking -= 1
    seat.talk += talked
    place.stage, place.seat = _GONE, None
    del floor.places[place.id]
    queue.robots -= place.robot
    queueing.make_room(floor, queue)
    actor = CALLER if by is _BY_CALLER else seat.actor if by is _BY_AGENT else None
    why: dict[str, Any] = {"cause": cause} if cause else {}
    floor.write(Kind.TALK_ENDED, place, seat, actor=actor, by=by, talked_s=round(talked, 3), **why)
    if take_up(floor, seat):
        return
    agent_states.after_talk(floor, seat, queue.definition.wrap_up, needs_code=queue.definition.needs_code)


def company_changed(floor: Floor, event: CompanyChanged) -> None:
    """The agent rings, is asked, talks, or is out of the call."""
    seat, company = floor.seats.get(event.agent_id), event.company
    if seat is None:
        return
    own = seat.sent is not None and seat.sent.call_id == event.call_id
    if company is None and own:
        _over(floor, seat, event.failure)
    elif company is not None and (own or seat.sent is None or seat.sent.company is Company.RINGS):
        _came(floor, seat, event, company)


def _came(floor: Floor, seat: Seat, event: CompanyChanged, company: Company) -> None:
    before, now = seat.sent, floor.now
    if before is not None and before.call_id != event.call_id:
        _over(floor, seat)
        if seat.id not in floor.seats:  # the agent was not in the hotline any more, and had this call left
            return
        before = None
    if before is not None and company in (before.company, Company.RINGS):
        return  # after a restart a call that goes on is taken to ring until Asterisk is asked
    sent = seat.sent = Sent(event.call_id, company, event.queue, event.test, now)
    if company is not Company.RINGS:  # the phone works
        seat.missed = 0
        agent_states.resume(floor, seat)
    if company is Company.TALKS:
        _count(floor, seat, calls=1)
    _write(floor, seat, sent)
    if company is Company.RINGS:
        if seat.state in _FREE:
            _take(floor, seat, AgentState.RINGING)
    elif seat.state is AgentState.RINGING and seat.offer is not None and not seat.answered and not floor.blind:
        place = seat.offer.place
        ringing.cancel(floor, seat.offer, CancelReason.AGENT_BUSY)
        _take(floor, seat, AgentState.ON_CALL)
        queueing.back(floor, place)
    elif seat.state is AgentState.WRAP_UP:
        state, reason = seat.next_state, seat.next_reason
        agent_states.end_wrap_up(floor, seat)
        _take(floor, seat, AgentState.ON_CALL)
        if state is not None:
            agent_states.follow(floor, seat, state, reason)
    elif seat.state in _FREE or (seat.state is AgentState.RINGING and seat.by_sent):
        _take(floor, seat, AgentState.ON_CALL)


def take_up(floor: Floor, seat: Seat) -> bool:
    """The agent's other call is over. Whether this one goes on."""
    sent = seat.sent
    if sent is None or sent.company is Company.RINGS:
        return False
    _has(floor, seat, sent)
    state = seat.state
    floor.write(Kind.AGENT_STATE, seat=seat, state=state, previous=state, reason=seat.reason, sent=True)
    return True


def _take(floor: Floor, seat: Seat, state: AgentState) -> None:
    """The agent has this call from now on. An agent who was not ready is not ready again after it."""
    assert seat.sent is not None
    before, reason = seat.state, seat.reason
    _has(floor, seat, seat.sent)
    agent_states.change(floor, seat, state, sent=True)
    if before is AgentState.NOT_READY:
        agent_states.follow(floor, seat, before, reason)


def _has(floor: Floor, seat: Seat, sent: Sent) -> None:
    queue = None if sent.queue is None else floor.queue(sent.queue)
    seat.call_id, seat.queue, seat.test = sent.call_id, queue, sent.test
    seat.coded, seat.engaged_at, seat.by_sent = Coded.NO, floor.now, True


def _over(floor: Floor, seat: Seat, failure: OfferFailure | None = None) -> None:
    sent, seat.sent = seat.sent, None
    assert sent is not None
    _write(floor, seat, None)
    talked = sent.company is Company.TALKS
    if talked:
        _count(floor, seat, talk=floor.now - sent.began)
    if not seat.by_sent or seat.call_id != sent.call_id or seat.state is AgentState.WRAP_UP:
        return
    if talked and seat.queue is not None:
        definition = seat.queue.definition
        agent_states.after_talk(floor, seat, definition.wrap_up, needs_code=definition.needs_code)
    elif failure is not None and seat.queue is not None:
        ringing.callback_missed(floor, seat, seat.queue, sent.call_id, failure)
    else:
        agent_states.after_ring(floor, seat, AgentState.READY)


def _count(floor: Floor, seat: Seat, calls: int = 0, talk: float = 0.0) -> None:
    """Add to the agent's day. The place in the order of ready agents depends on it."""
    ready = seat.ready_in_set
    if ready:
        floor.table.leave(seat)
    seat.calls += calls
    seat.talk += talk
    if ready:
        floor.table.enter(seat)


def _write(floor: Floor, seat: Seat, sent: Sent | None) -> None:
    data: dict[str, Any] = {} if sent is None else {"call": sent.call_id, "queue": sent.queue}
    if sent is not None and sent.test:
        data["test"] = True
    floor.write(Kind.AGENT_CALL, seat=seat, company=None if sent is None else sent.company, **data)
