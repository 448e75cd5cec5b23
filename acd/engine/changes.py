"""Another version of the hotline comes into use while callers wait and agents talk."""

from collections.abc import Mapping
from math import inf

from acd.effects import CancelReason
from acd.engine import agent_states, callbacks, presence, queueing, ringing
from acd.engine.floor import Floor
from acd.engine.parts import NOBODY_FITS, UNSKILLED, Line, LiveQueue, Place, Seat, SkillSet, Stage
from acd.engine.routing import Table
from acd.model import Onward, Queue
from agents.model import Agent
from agents.states import IN_CALL
from journal.records import Kind


def apply(
    floor: Floor,
    queues: Mapping[str, Queue],
    agents: Mapping[str, Agent],
    away_after: float,
    onward: Onward,
    break_limits: Mapping[str, float],
) -> None:
    """Put `queues` and `agents` into use, in their order, and `away_after`, in seconds.

    `break_limits`: seconds that a break may take, by the reason that agents give.

    Waiting callers keep place and time of entry, and are matched by the new definitions. Callers who wait in a removed
    queue, come to it or get no answer there are sent where `onward` says. A removed agent is signed out at once, or
    after the call; a ring is cancelled. Other rings and conversations go on. No agent joins a ring-all round that has
    begun.
    """
    floor.rounds.clear()
    floor.onward = onward
    floor.break_limits = break_limits
    presence.limit(floor, away_after)
    _take_queues(floor, queues)
    floor.table = Table(queue.definition.strategy for queue in floor.queues.values())
    removed = _take_agents(floor, agents)
    _stand_anew(floor)
    for seat in sorted(removed, key=lambda seat: seat.id):
        remove(floor, seat)
    for queue in floor.queues.values():
        floor.refit(queue)
    agent_states.forget_codes(floor)


def announce(floor: Floor, agents: Mapping[str, Agent], version: str) -> None:
    """Record that `version` is about to come into use, and which agents it adds and removes."""
    seats = floor.seats
    added = [agent_id for agent_id in agents if agent_id not in seats or seats[agent_id].removed]
    removed = [seat.id for seat in seats.values() if seat.id not in agents and not seat.removed]
    floor.write(Kind.HOTLINE_CHANGED, version=version, added=added, removed=removed)


def _take_queues(floor: Floor, queues: Mapping[str, Queue]) -> None:
    earlier = floor.queues
    floor.queues = {}
    for queue_id, definition in queues.items():
        queue = earlier.pop(queue_id) if queue_id in earlier else LiveQueue(queue_id, definition)
        floor.queues[queue_id] = queue
        queue.definition, queue.removed, queue.onward = definition, False, None
    for queue in earlier.values():
        queue.definition, queue.removed, queue.onward = closed(queue.definition), True, floor.onward.of(queue.id)
    floor.queues.update(sorted(earlier.items()))


def closed(definition: Queue) -> Queue:
    """A removed queue, for the rings and talks that go on: no agent fits it, and nobody can give its codes any more."""
    nothing = {"needs": NOBODY_FITS, "relax": (), "wrap_up_codes": None, "announce": None, "overflow": ()}
    return definition.model_copy(update=nothing)


def _take_agents(floor: Floor, agents: Mapping[str, Agent]) -> list[Seat]:
    """Give every agent a skill set of the new table. Returns the removed agents."""
    earlier = floor.seats
    floor.seats = {}
    for order, (agent_id, agent) in enumerate(agents.items()):
        seat = earlier.pop(agent_id, None)
        skill_set = floor.table.skill_set(agent if seat is None else agent.knowing(seat.edited))
        if seat is None:
            seat = Seat(agent_id, order, skill_set, floor.now)
        seat.order, seat.removed = order, False
        _sit(floor, seat, skill_set)
        if seat.available:
            floor.table.enter(seat)
    for _, seat in sorted(earlier.items()):
        seat.edited = None
        _sit(floor, seat, floor.table.skill_set(UNSKILLED))
    return list(earlier.values())


def _sit(floor: Floor, seat: Seat, skill_set: SkillSet) -> None:
    floor.seats[seat.id] = seat
    seat.skill_set = skill_set
    skill_set.states[seat.counts_as] += 1
    skill_set.away += seat.away
    seat.ready_in_set = False


def _stand_anew(floor: Floor) -> None:
    """Open the lines again and put the waiting callers into them."""
    empty_since: dict[tuple[str, str], float | None] = {}
    for queue in floor.queues.values():
        for line in queue.lines.values():
            floor.timers.disarm(line)
            empty_since[queue.id, line.language] = line.empty_since
        queue.lines.clear()
        queue.standing = 0
    floor.to_dial.clear()
    spoken = sorted({language for skill_set in floor.table.skill_sets for language in skill_set.languages})
    for queue in floor.queues.values():
        for language in spoken:
            floor.line(queue, language)
    for place in floor.places.values():
        place.line = floor.line(place.queue, place.line.language)
        queueing.settle(floor, place)
        if place.stage is not Stage.TALKING:
            place.line.places += 1
        if place.stage is Stage.WAITING:
            queueing.stand(floor, place)
    for place in list(floor.callbacks.values()):
        _call_back_anew(floor, place)
    if floor.to_dial:
        floor.timers.arm(floor.next_dial, floor.now)
    for queue in floor.queues.values():
        for line in queue.lines.values():
            _keep_clock(floor, line, empty_since.get((queue.id, line.language), -inf))


def _call_back_anew(floor: Floor, place: Place) -> None:
    """Put the place of a callback into its line again; it leaves a queue that was taken out."""
    assert place.callback is not None
    place.line = floor.line(place.queue, place.line.language)
    queueing.settle(floor, place)
    callbacks.stand(floor, place.callback)
    if place.queue.removed:
        callbacks.send_off(floor, place)


def _keep_clock(floor: Floor, line: Line, before: float | None) -> None:
    """If nobody is signed in for `line`, note since when: since `before`. None: somebody was signed in until now, so it
    is since now. In a removed queue it does not matter.
    """
    if line.queue.removed:
        line.empty_since = -inf if before is None else before
    elif not line.covered and before is None:
        floor.nobody(line)
    elif not line.covered:
        line.empty_since = before


def remove(floor: Floor, seat: Seat) -> None:
    """The agent is not in agents.yaml any more. While Asterisk cannot be asked a ringing agent may be talking: wait."""
    if seat.state not in IN_CALL:
        agent_states.dismiss(floor, seat)
    elif seat.offer is not None and not seat.answered and not floor.blind:
        place = seat.offer.place
        ringing.cancel(floor, seat.offer, CancelReason.AGENT_REMOVED)
        agent_states.dismiss(floor, seat)
        queueing.back(floor, place)
    else:
        seat.removed = True
