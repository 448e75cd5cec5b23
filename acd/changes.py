"""Another version of the hotline comes into use while callers wait and agents talk."""

from collections.abc import Mapping

from acd import holding, ringing, shifts
from acd.effects import CancelReason
from acd.estimate import HandlingTime
from acd.floor import Floor
from acd.model import Queue
from acd.roster import Seat
from acd.routing import Table
from acd.waiting import Line, LiveQueue, Stage
from agents.model import Agent
from agents.states import AgentState

_IDLE = (AgentState.LOGGED_OUT, AgentState.NOT_READY, AgentState.READY, AgentState.WRAP_UP)


def apply(floor: Floor, queues: Mapping[str, Queue], agents: Mapping[str, Agent]) -> None:
    """Put `queues` and `agents` into use.

    Who waits keeps his place and his time of entry, and is matched by the new definitions; a queue that is no longer
    there goes on as it was for those who still come to it. An agent who is no longer there is signed out: at once, or
    after his call; a ring is cancelled. What rings or talks otherwise goes on; nobody is rung beside those who ring.
    """
    floor.rounds.clear()
    _take_queues(floor, queues)
    floor.table = Table(queue.definition.strategy for queue in floor.queues.values())
    removed = _take_agents(floor, agents)
    _stand_anew(floor)
    for seat in removed:
        _remove(floor, seat)
    for queue in floor.queues.values():
        floor.refit(queue)


def _take_queues(floor: Floor, queues: Mapping[str, Queue]) -> None:
    for queue in floor.queues.values():
        queue.retired = queue.id not in queues
    for queue_id, definition in queues.items():
        known = floor.queues.get(queue_id)
        if known is None:
            floor.queues[queue_id] = LiveQueue(queue_id, definition, HandlingTime(definition.wrap_up))
        else:
            known.definition = definition


def _take_agents(floor: Floor, agents: Mapping[str, Agent]) -> list[Seat]:
    """Give everybody his skill set in the new table. Returns those who are no longer there."""
    for order, (agent_id, agent) in enumerate(agents.items()):
        seat = floor.seats.get(agent_id)
        if seat is None:
            floor.seats[agent_id] = Seat(agent_id, agent, order, floor.table.skill_set(agent), floor.now)
        else:
            seat.agent, seat.order, seat.removed = agent, order, False
    for seat in floor.seats.values():
        seat.skill_set = floor.table.skill_set(seat.agent)
        seat.skill_set.states[seat.state] += 1
        seat.ready_in_set = False
        if seat.available and seat.id in agents:
            floor.table.enter(seat)
    return [seat for agent_id, seat in floor.seats.items() if agent_id not in agents]


def _stand_anew(floor: Floor) -> None:
    """Open the lines again and put those who wait into them."""
    empty_since: dict[tuple[str, str], float | None] = {}
    for queue in floor.queues.values():
        for line in queue.lines.values():
            floor.timers.disarm(line)
            empty_since[queue.id, line.language] = line.empty_since
        queue.lines.clear()
    for place in floor.places.values():
        place.line = floor.line(place.queue, place.language)
        holding.settle(floor, place)
        if place.stage is Stage.WAITING:
            holding.stand(floor, place)
    for queue in floor.queues.values():
        for line in queue.lines.values():
            _keep_clock(line, empty_since[queue.id, line.language], floor.now)


def _keep_clock(line: Line, before: float | None, now: float) -> None:
    """Nobody is signed in for `line`: since when is known from before, or since now."""
    if not line.covered:
        line.empty_since = now if before is None else before


def _remove(floor: Floor, seat: Seat) -> None:
    if seat.state in _IDLE:
        shifts.dismiss(floor, seat)
    elif seat.state is AgentState.RINGING and not seat.answered and seat.offer is not None:
        place = seat.offer.place
        ringing.cancel(floor, seat.offer, CancelReason.AGENT_REMOVED)
        shifts.dismiss(floor, seat)
        holding.back(floor, place)
    else:
        seat.removed = True
