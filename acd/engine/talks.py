"""Conversations: caller and agent are in one bridge, until one of them hangs up."""

from typing import Any

from acd.engine import agent_states, ringing, sent
from acd.engine.floor import Floor
from acd.engine.parts import Offer, Place, Stage
from acd.events import EndedBy
from agents.states import AgentState
from journal.actor import CALLER
from journal.records import Kind

# Python 3.11 is slow to look these up
_TALKING, _GONE, _BY_CALLER, _BY_AGENT = Stage.TALKING, Stage.GONE, EndedBy.CALLER, EndedBy.AGENT


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
    told = round(waited, 3)
    in_time = waited <= queue.definition.service_level.within
    queue.talking += 1
    if not place.test:
        queue.staying.add(told, stayed=True)
        queue.answered += 1
        queue.in_time += in_time
    seat.missed = seat.failures = 0
    seat.calls += 1
    seat.engaged_at = offer.at
    floor.write(Kind.CONNECTED, place, seat, offer, waited_s=told, in_service_level=in_time)
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
    actor = CALLER if by is _BY_CALLER else seat.actor if by is _BY_AGENT else None
    why: dict[str, Any] = {"cause": cause} if cause else {}
    floor.write(Kind.TALK_ENDED, place, seat, actor=actor, by=by, talked_s=round(talked, 3), **why)
    if sent.take_up(floor, seat):
        return
    agent_states.after_talk(floor, seat, queue.definition.wrap_up, needs_code=queue.definition.needs_code)
