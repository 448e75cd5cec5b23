"""Sticky: who rings again gets the agent of last time.

If that agent is ready, the agent is rung first, whoever is idle longer. If the agent is busy, the caller keeps the
place in the order, but *apart*: for some time nobody else is rung for this caller, and later callers are served.
Whether a place is apart follows from the time and the agent's state alone: no Record need say it, and a restart finds
it. A ring ends the right to that agent, as does a supervisor's move.
"""

from acd.engine.floor import Floor
from acd.engine.parts import Place, Seat
from acd.events import Sticky
from acd.model import Strategy
from agents.states import BUSY, WORKING


def begin(floor: Floor, place: Place, wanted: Sticky) -> None:
    """The caller has come, and may have this agent, if the agent is at work and could ever serve the queue."""
    seat = floor.seats.get(wanted.agent_id)
    if seat is not None and seat.counts_as in WORKING and _serves(place, seat):
        claim(floor, place, seat.id, floor.now + wanted.wait)


def claim(floor: Floor, place: Place, agent_id: str, until: float) -> None:
    """From now on the caller may have this agent."""
    place.sticky, place.sticky_until = agent_id, until
    floor.sticky.setdefault(agent_id, {})[place] = None


def drop(floor: Floor, place: Place) -> None:
    """The caller, who stands in no order, is like any other from now on."""
    if place.sticky is not None:
        places = floor.sticky[place.sticky]
        del places[place]
        if not places:
            del floor.sticky[place.sticky]
        place.sticky, place.apart = None, False


def is_apart(floor: Floor, place: Place) -> bool:
    """Whether nobody but the agent of last time may be rung for the caller now."""
    seat = floor.seats.get(place.sticky or "")
    return seat is not None and floor.now < place.sticky_until and seat.counts_as in BUSY and _serves(place, seat)


def ready(floor: Floor, place: Place) -> Seat | None:
    """The agent of last time, if ready; else None."""
    seat = floor.seats.get(place.sticky or "")
    return seat if seat is not None and seat.ready_in_set and _serves(place, seat) else None


def first_for(floor: Floor, seat: Seat) -> Place | None:
    """The caller to be served next by this agent: the lowest rank of all who may have this agent."""
    first = floor.table.longest_waiting(seat.skill_set)
    for place in floor.sticky.get(seat.id, ()):
        if not place.queue.full and _serves(place, seat) and (first is None or place.entry < first.entry):
            first = place
    return first


def look(floor: Floor, seat: Seat) -> None:
    """The agent's state or skills have changed: callers wait apart for this agent, or do not any more."""
    for place in list(floor.sticky.get(seat.id, ())):
        if place.apart is not is_apart(floor, place):
            stand(floor, place)


def stand(floor: Floor, place: Place) -> None:
    """Put the waiting caller where the caller belongs now, to be matched at the end of the step."""
    requirement = place.requirement
    assert requirement is not None
    requirement.remove(place)
    if floor.now >= place.sticky_until:
        drop(floor, place)
    place.apart = is_apart(floor, place)
    place.line.requirement_of(place, floor.now).add(place)
    if not place.apart:
        floor.unmatched.append(place)
    floor.unchecked.append(place)


def _serves(place: Place, seat: Seat) -> bool:
    """Whether the agent could ever serve the caller, relaxing included."""
    return place.queue.definition.strategy is not Strategy.RING_ALL and seat.skill_set in place.line.ever
