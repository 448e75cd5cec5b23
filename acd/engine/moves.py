"""A supervisor moves a waiting caller: to the front of the queue, to an agent, to another queue.

There is no "one place up". Several callers leave a queue in a second, so the place is no longer the one that the
supervisor saw; and one place changes a wait by seconds only. A supervisor means: this caller now.
"""

from acd.effects import LeaveQueue, Refuse
from acd.engine import queueing, ringing, sticky
from acd.engine.floor import Floor
from acd.engine.parts import LONGEST_HEAD_START, Place, Seat
from acd.events import MoveRequested, ToAgent, ToFront, ToQueue
from agents.states import AgentState, PhoneState
from journal.records import Kind
from sentences.sentence import Sentence, listed


def move(floor: Floor, event: MoveRequested) -> None:
    """Move the caller, or refuse with a sentence that says where the caller is. While an agent rings, none is moved."""
    place = floor.places.get(event.call_id)
    if place is None:
        why: str = Sentence("This caller does not wait in a queue.")
    elif place.seat is not None:
        why = Sentence("This caller talks with agent {agent}.", agent=place.seat.id)
    elif place.robot:
        why = Sentence("This is a test call that a robot agent answers.")
    elif place.offers:
        rung = listed(offer.seat.id for offer in place.offers)
        why = Sentence(
            "This caller is just being offered to agent {names}; without an answer the caller can be moved after that.",
            names=rung,
        )
    else:
        match event.to:
            case ToFront():
                why = _to_front(floor, place)
            case ToAgent(agent_id):
                why = _to_agent(floor, place, floor.seats.get(agent_id), agent_id)
            case ToQueue() as to:
                why = _to_queue(floor, place, to)
    if why:
        floor.effects.append(Refuse(why))


def _to_front(floor: Floor, place: Place) -> str:
    """All relaxing steps are in at once, as for a caller who comes back. Returns why not, else ""."""
    if place.in_front:
        position = place.queue.position(place)
        return Sentence(
            "This caller is at the front of queue {queue} already, at position {count}.",
            queue=place.queue.id,
            count=position,
        )
    assert place.requirement is not None
    place.requirement.remove(place)
    sticky.drop(floor, place)
    place.head_start = LONGEST_HEAD_START
    place.rank = place.queue.rank(place.entered, place.head_start)
    queueing.stand(floor, place)
    floor.write(Kind.MOVED, place, to={"front": True}, position=place.queue.position(place))
    return ""


def _to_agent(floor: Floor, place: Place, seat: Seat | None, agent_id: str) -> str:
    """If nobody answers, the caller waits on at the same place. Returns why not, else ""."""
    if seat is None or seat.removed:
        return Sentence("There is no agent {agent}.", agent=agent_id)
    if not seat.free:
        return Sentence(
            "Agent {agent} {state}; only an agent who is ready or in wrap-up, with a free phone, can be rung.",
            agent=agent_id,
            state=_state(seat),
        )
    if floor.held:
        return Sentence("No agent is rung now: this machine is not sure that it leads. Try again in a moment.")
    floor.write(Kind.MOVED, place, to={"agent": agent_id})
    ringing.ring_preferred(floor, place, seat)
    return ""


def _state(seat: Seat) -> Sentence:
    if seat.state is AgentState.READY and seat.paused_until is not None:
        return Sentence("gets no offers for a moment, as the last ring failed")
    if seat.phone is not PhoneState.FREE and seat.state in (AgentState.READY, AgentState.WRAP_UP):
        return Sentence("is {state}, but the phone is {phone}", state=seat.state, phone=seat.phone)
    return Sentence("is {state}", state=seat.state)


def _to_queue(floor: Floor, place: Place, to: ToQueue) -> str:
    """The call leaves this queue as by an overflow rule. Returns why not, else ""."""
    queue = floor.queues.get(to.queue)
    if queue is None or queue.removed:
        return Sentence("There is no queue {queue}.", queue=to.queue)
    if place.queue.id == to.queue:
        return Sentence("This caller waits in queue {queue} already.", queue=to.queue)
    queueing.move_on(floor, place, to.queue)
    floor.effects.append(LeaveQueue(place.id, place.queue.id, None, to.then))
    return ""
