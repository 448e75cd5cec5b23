"""Offers: agents ring for a caller. The caller keeps the place in the queue until connected with one of them."""

from collections.abc import Mapping
from typing import Any

from acd.effects import NOTHING_SAID, CancelReason, CancelRing, RingAgent
from acd.engine import agent_states, queueing, sticky
from acd.engine.floor import Floor
from acd.engine.parts import LiveQueue, Offer, Place, Requirement, Round, Seat, Stage, robot
from acd.events import OfferFailure
from acd.model import Coded, Strategy
from agents.states import RONA, AgentState, PhoneState
from journal.records import Kind, new_record

RING_GRACE = 5.0
"""Seconds to wait, after the ring time, for Asterisk's own report."""

CONNECT_WITHIN = 30.0
"""Seconds from an agent's answer to the bridge, whisper not counted."""

LONGEST_WHISPER = 15.0
"""Seconds that a whisper may take."""

FIRST_PAUSE, LONGEST_PAUSE = 3.0, 60.0
"""Seconds without offers after a ring that failed through no fault of the agent; doubled each time in a row."""

PREFERRED_AGENT = "preferred-agent"
"""The rule of an offer to the agent whom the call asks for."""

STICKY = "sticky"
"""The rule of an offer to the agent of last time."""

BY_ROBOT = "robot"
"""The rule of an offer to the robot agent."""

MISSED = (OfferFailure.NO_ANSWER, OfferFailure.DECLINED)
"""The failures that count as offers missed by the agent."""

_REFUSED = (OfferFailure.DECLINED, OfferFailure.ABANDONED)
_PHONES = {OfferFailure.BUSY: PhoneState.BUSY, OfferFailure.UNREACHABLE: PhoneState.UNREACHABLE}


_RINGING, _OFFERED, _UNCODED = AgentState.RINGING, Kind.OFFERED, Coded.NO  # Python 3.11: slow to look up


def ring(floor: Floor, place: Place, seat: Seat, rule: str) -> None:
    """Ring the available `seat`, which fits, for the waiting `place`. `rule`: why these two."""
    requirement = _begin(floor, place)
    place.round = None
    _offer(floor, place, seat, requirement.fits[seat.skill_set].step, rule)


def ring_sticky(floor: Floor, place: Place, seat: Seat) -> None:
    """Ring the available `seat`, the agent of last time, for the waiting `place`. All relaxing steps count."""
    step = place.line.ever[seat.skill_set].step
    _begin(floor, place)
    place.round = None
    _offer(floor, place, seat, step, STICKY)


def ring_preferred(floor: Floor, place: Place, seat: Seat) -> None:
    """Ring the free `seat` for the waiting `place`, which asks for this agent. Skills and other callers do not matter.

    A wrap-up ends by it. The state that was to follow the wrap-up follows this call.
    """
    state, reason = seat.next_state, seat.next_reason
    agent_states.end_wrap_up(floor, seat)
    _begin(floor, place)
    place.round = None
    _offer(floor, place, seat, 0, PREFERRED_AGENT)
    if state is not None:
        agent_states.request(floor, seat, state, reason)


def ring_robot(floor: Floor, place: Place) -> None:
    """Ring a robot agent of its own for the waiting `place`. It changes nothing of the queue, nor of any agent."""
    seat = robot(floor.now)
    offer = floor.offers.make(place, seat, 0, floor.now)
    place.stage, place.offers, place.last_agent, seat.offer = Stage.OFFERED, (offer,), seat.id, offer
    length = place.queue.definition.ring
    offer.due = floor.now + (length + RING_GRACE)
    floor.timers.arm(offer, offer.due)
    floor.write(_OFFERED, place, seat, offer, ring=length, step=0, rule=BY_ROBOT)
    floor.effects.append(RingAgent(offer.id, place.id, seat.id, place.queue.id, length))


def ring_all(floor: Floor, place: Place, seats: list[Seat]) -> None:
    """Ring the available `seats`, which fit, at once for the waiting `place`. Nothing happens without any."""
    if not seats:
        return
    requirement = _begin(floor, place)
    left = all(not place.rang_last(seat) for seat in seats)
    earlier = place.round.agents if left and place.round is not None else set()
    steps = [requirement.fits[seat.skill_set].step for seat in seats]
    place.round = floor.rounds[place] = Round(requirement, max(steps), floor.now, earlier)
    for seat, step in zip(seats, steps, strict=True):
        place.round.agents.add(seat.id)
        _offer(floor, place, seat, step, Strategy.RING_ALL)


def join(floor: Floor, seat: Seat) -> bool:
    """Ring the available `seat` too in a running ring-all round: one that it fits, and in which it was not rung yet. Of
    several the one whose caller is served first. False: there is none.
    """
    best: Place | None = None
    for place, turn in floor.rounds.items():
        fit = turn.requirement.fits.get(seat.skill_set)
        if fit is None or fit.step > turn.step or seat.id in turn.agents:
            continue
        if best is None or (place.rank, place.sequence) < (best.rank, best.sequence):
            best = place
    if best is None:
        return False
    turn = floor.rounds[best]
    turn.agents.add(seat.id)
    _offer(floor, best, seat, turn.requirement.fits[seat.skill_set].step, Strategy.RING_ALL)
    return True


def _begin(floor: Floor, place: Place) -> Requirement:
    """The waiting caller leaves the order. The ring may cut an announcement short: after it everything may be said
    again.
    """
    requirement = place.requirement
    assert requirement is not None
    requirement.remove(place)
    sticky.drop(floor, place)
    floor.timers.disarm(place)
    place.stage, place.fresh, place.said = Stage.OFFERED, False, NOTHING_SAID
    return requirement


def _offer(floor: Floor, place: Place, seat: Seat, step: int, rule: str) -> None:
    queue = place.queue
    offer = floor.offers.make(place, seat, step, floor.now)
    place.offers, place.last_agent = (*place.offers, offer), seat.id
    seat.offer, seat.queue, seat.call_id, seat.test = offer, queue, place.id, place.test
    seat.coded = _UNCODED
    queue.last_agent = seat.id
    length = queue.definition.ring
    offer.due = floor.now + (length + RING_GRACE)
    floor.timers.arm(offer, offer.due)
    floor.write(_OFFERED, place, seat, offer, ring=length, step=offer.step, rule=rule)
    agent_states.change(floor, seat, _RINGING)
    floor.effects.append(RingAgent(offer.id, place.id, seat.id, queue.id, length, beside=place.round is not None))


def answered(floor: Floor, offer: Offer) -> None:
    """The agent picked up. The bridge has its own time limit."""
    if offer.answered:
        return
    offer.answered = True
    offer.seat.missed = 0
    within = CONNECT_WITHIN + (LONGEST_WHISPER if offer.place.queue.definition.whisper else 0.0)
    offer.due = floor.now + within
    floor.timers.arm(offer, offer.due)
    floor.write(Kind.OFFER_ANSWERED, offer.place, offer.seat, offer, offer.seat.actor, within=within)
    won(floor, offer)


def won(floor: Floor, offer: Offer) -> None:
    """This offer gets the caller. The other ringing agents are ready again, and have missed nothing."""
    floor.rounds.pop(offer.place, None)
    for other in offer.place.offers:
        if other is not offer:
            release(floor, other, CancelReason.ANSWERED_ELSEWHERE)


def release(floor: Floor, offer: Offer, why: CancelReason) -> None:
    """Stop the ring; the agent is ready, or in the state chosen meanwhile."""
    seat = offer.seat
    cancel(floor, offer, why)
    agent_states.after_ring(floor, seat, AgentState.READY)


def failed(floor: Floor, offer: Offer, reason: OfferFailure, *, reported: bool = True) -> None:
    """The ring is over. A missed one is counted, another failure pauses the agent; the caller waits again.

    `reported`: Asterisk said so, no leg is left.
    """
    place, seat = offer.place, offer.seat
    _end(floor, offer, CancelReason.TIMED_OUT)
    data = _counted(seat, reason, place.queue)
    actor = seat.actor if reason in _REFUSED else None
    floor.write(Kind.OFFER_FAILED, place, seat, offer, actor, **data)
    if not reported:
        floor.effects.append(CancelRing(offer.id, seat.id, CancelReason.TIMED_OUT))
    if reason in _PHONES and not seat.robot:
        agent_states.phone(floor, seat, _PHONES[reason])
    _goes_on(floor, seat, data)
    queueing.back(floor, place)


def callback_missed(floor: Floor, seat: Seat, queue: LiveQueue, call_id: str, reason: OfferFailure) -> None:
    """The agent was rung first for a callback of `queue` by this call, and that is over: as `failed`."""
    data, actor = _counted(seat, reason, queue), seat.actor if reason in _REFUSED else floor.actor
    record = (floor.now, Kind.OFFER_FAILED, call_id, queue.id, seat.id, None, data, actor)
    floor.effects.append(new_record(record))
    _goes_on(floor, seat, data)


def _counted(seat: Seat, reason: OfferFailure, queue: LiveQueue) -> dict[str, Any]:
    """What the Record says of a ring that has failed, once it is counted."""
    rona, pause = False, 0.0
    if seat.robot:
        pass  # nobody has missed anything: `queueing.stand` says when another one is rung
    elif reason in MISSED:
        seat.missed += 1
        seat.missed_today += 1
        rona = seat.missed >= queue.definition.missed_offers
    else:
        seat.failures += 1
        pause = min(FIRST_PAUSE * 2 ** min(seat.failures - 1, 10), LONGEST_PAUSE)
    return {"reason": reason, "missed": seat.missed, "rona": rona, "pause_s": pause}


def _goes_on(floor: Floor, seat: Seat, data: Mapping[str, Any]) -> None:
    """The agent's state after the ring. `data`: of the Record."""
    if data["pause_s"]:
        agent_states.pause(floor, seat, data["pause_s"])
    if data["rona"]:
        agent_states.after_ring(floor, seat, AgentState.NOT_READY, RONA)
    else:
        agent_states.after_ring(floor, seat, AgentState.READY)


def overdue(floor: Floor, offer: Offer) -> None:
    """Asterisk has not reported the end of the ring, or the bridge after the answer: the offer is over.

    It is not over while Asterisk cannot be asked: caller and agent may be talking. Otherwise it is not known whether
    the phone rang, so the agent has missed nothing. The agent is paused, as after any failed ring: the next one would
    probably fail too.
    """
    if floor.blind:
        offer.due = floor.now + RING_GRACE
        floor.timers.arm(offer, offer.due)
    else:
        failed(floor, offer, OfferFailure.FAILED, reported=False)


def cancel(floor: Floor, offer: Offer, why: CancelReason) -> None:
    """Stop the ring or hang up the agent's leg. The calling code frees the agent and the caller."""
    _end(floor, offer, why)
    floor.write(Kind.OFFER_CANCELLED, offer.place, offer.seat, offer, why=why)
    floor.effects.append(CancelRing(offer.id, offer.seat.id, why))


def _end(floor: Floor, offer: Offer, why: CancelReason) -> None:
    floor.offers.died(offer, why)
    floor.timers.disarm(offer)
    place = offer.place
    offer.seat.offer = None
    place.offers = tuple(other for other in place.offers if other is not offer)
    if not place.offers:
        floor.rounds.pop(place, None)
