"""The waiting callers of a queue, in the order in which they are served, and why each of them waits. Read-only.

Which agents could help is worked out once for each requirement, not for each caller: a look costs O(agents + callers
shown), however many wait. Times are seconds since the epoch.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from heapq import merge
from itertools import islice
from math import inf
from typing import NamedTuple

from acd.engine import estimate
from acd.engine.floor import Floor
from acd.engine.parts import LiveQueue, Place, Requirement, Seat, Stage
from agents.states import SIGNED_IN, WORKING, AgentState, PhoneState

MOST_AGENTS = 5
"""So many agents are named for a caller, with the number of all."""


class Obstacle(StrEnum):
    """Why no agent has taken a caller yet."""

    RINGING = "ringing"  # at least one agent rings for the caller
    LIMIT = "limit"  # the queue has as many talks and rings as it may have at once
    STICKY = "sticky"  # the agent of last time is busy, and nobody else is rung for the caller yet
    BUSY = "busy"  # those who could take the call are at work, with other callers
    NOT_READY = "not-ready"  # those who could take it are on a break, or their phones cannot be reached
    NOBODY = "nobody"  # nobody who could take it is signed in


class Shortfall(NamedTuple):
    """A skill level that is needed, and the highest that anybody of a group has."""

    needed: int
    best: int


@dataclass(frozen=True, slots=True)
class AbleAgent:
    """A signed-in agent who could take the call. `free_at`: when this agent is expected to be free; None: not known."""

    id: str
    state: AgentState
    phone: PhoneState
    free_at: float | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a caller waits.

    needs       the alternatives that count now, the queue's own first; an agent who meets one fits
    next_at     when the next relaxing step comes in; None: there is none. `next_needs`: what that step needs
    no_speaker  none of the candidates speaks the language. Candidates are the agents who could take a call now; if
                nobody able is signed in, all signed-in agents
    short       the skills of the newest alternative in which the candidates who speak the language are too low. If each
                level is reached, but no one agent reaches all, every skill of it is named
    able        how many signed-in agents could take the call. `agents`: the first of them who are expected to be free
    sticky      the agent of last time, if nobody else is rung until `sticky_until`
    """

    obstacle: Obstacle
    needs: tuple[Mapping[str, int], ...]
    next_at: float | None
    next_needs: Mapping[str, int] | None
    no_speaker: bool
    short: Mapping[str, Shortfall]
    able: int
    agents: tuple[AbleAgent, ...]
    sticky: str | None = None
    sticky_until: float | None = None


@dataclass(frozen=True, slots=True)
class CallerView:
    """A waiting caller. `position`: 1 for the next; None: the agents in `ringing` are being rung. `expected`: seconds
    that the caller may expect to wait from now on; None: not known.
    """

    call_id: str
    language: str
    entered: float
    waited: float
    head_start: float
    position: int | None
    expected: float | None
    ringing: tuple[str, ...]
    reason: Reason


class Standing(NamedTuple):
    """A waiting caller without the reasons. The lower `rank` is served earlier; ties go by `sequence`, the order of
    arrival. `ringing`: the agents who are being rung.
    """

    call_id: str
    language: str
    entered: float
    head_start: float
    ringing: tuple[str, ...]
    rank: float
    sequence: int


def in_order(queue: LiveQueue, rung: Collection[Place], limit: int) -> Iterator[Place]:
    """The first `limit` callers of `queue`: those of `rung`, for whom agents ring, then those who are served next.

    O(rung + limit * log requirements).
    """
    ringing = sorted((place for place in rung if place.queue is queue), key=lambda place: place.entry[:2])
    at = [requirement for line in queue.lines.values() for requirement in line.requirements]
    orders = [*(each.entries() for each in at if len(each)), *(each.apart() for each in at if len(each.resting))]
    standing = (entry[2] for entry in merge(*orders))
    yield from islice((place for group in (ringing, standing) for place in group), limit)


def line_up(floor: Floor, queues: Iterable[LiveQueue], limit: int) -> dict[str, list[Standing]]:
    """By queue, the first `limit` callers, in order. O(rings + callers)."""
    rung = {offer.place: None for offer in floor.offers.all_live()}
    return {queue.id: [_standing(place) for place in in_order(queue, rung, limit)] for queue in queues}


def _standing(place: Place) -> Standing:
    ringing = tuple(offer.seat.id for offer in place.offers)
    return Standing(place.id, place.line.language, place.entered, place.head_start, ringing, place.rank, place.sequence)


def waiting(floor: Floor, queue: LiveQueue, now: float, limit: int) -> Iterator[CallerView]:
    """The first `limit` callers of `queue`, in order, as of `now`.

    They are chosen now, and given one by one when asked for: the engine may step in between. A caller who has gone by
    then is left out.
    """
    rung = {offer.place: None for offer in floor.offers.all_live()}
    places, look = list(in_order(queue, rung, limit)), _Look(floor, now)
    return (look.at(place) for place in places if place.stage in (Stage.WAITING, Stage.OFFERED))


class _Look:
    """One look at the floor. What several callers have in common is worked out once."""

    def __init__(self, floor: Floor, now: float) -> None:
        self._now = now
        crew = [(_free_at(seat, now), seat) for seat in floor.seats.values() if seat.state in SIGNED_IN]
        self._crew = sorted(crew, key=lambda known: (inf if known[0] is None else known[0], known[1].id))
        self._ready = cache(floor.table.ready_for)
        self._group = cache(self._find_group)
        self._lacking = cache(self._find_lacking)
        self._best = cache(self._find_best)

    def at(self, place: Place) -> CallerView:
        waited = max(0.0, self._now - place.entered)
        expected = position = None
        if place.requirement is not None:
            expected = estimate.wait(place.line, place.rank, place.sequence, waited, self._ready)
            position = place.queue.position(place)
        return CallerView(
            call_id=place.id,
            language=place.line.language,
            entered=place.entered,
            waited=waited,
            head_start=place.head_start,
            position=position,
            expected=expected,
            ringing=tuple(offer.seat.id for offer in place.offers),
            reason=self._reason(place),
        )

    def _reason(self, place: Place) -> Reason:
        requirement = place.requirement or place.line.requirement_of(place, self._now)
        obstacle, able, agents = self._group(requirement)
        if place.queue.full and obstacle is Obstacle.BUSY:  # nobody of the others could help by coming free
            obstacle = Obstacle.LIMIT
        if place.apart:
            obstacle = Obstacle.STICKY
        no_speaker, short = self._lacking(requirement, place.line.language, obstacle is Obstacle.NOBODY)
        steps = place.line.requirements
        following = None if requirement.until == inf else steps[steps.index(requirement) + 1]
        return Reason(
            obstacle=Obstacle.RINGING if place.offers else obstacle,
            needs=requirement.alternatives,
            next_at=None if following is None else place.entered + following.begins,
            next_needs=None if following is None else following.alternatives[-1],
            no_speaker=no_speaker,
            short=short,
            able=able,
            agents=agents,
            sticky=place.sticky if place.apart else None,
            sticky_until=place.sticky_until if place.apart else None,
        )

    def _find_group(self, requirement: Requirement) -> tuple[Obstacle, int, tuple[AbleAgent, ...]]:
        """Why no agent who meets `requirement` is free; how many meet it; the first who are expected to be free."""
        able = [known for known in self._crew if known[1].skill_set in requirement.fits]
        at_work = any(seat.state in WORKING and seat.phone is not PhoneState.UNREACHABLE for _, seat in able)
        obstacle = Obstacle.BUSY if at_work else Obstacle.NOT_READY if able else Obstacle.NOBODY
        first = tuple(AbleAgent(seat.id, seat.state, seat.phone, free_at) for free_at, seat in able[:MOST_AGENTS])
        return obstacle, len(able), first

    def _find_lacking(
        self, requirement: Requirement, language: str, everybody: bool
    ) -> tuple[bool, Mapping[str, Shortfall]]:
        anybody, best = self._best(language, everybody)
        if best is None:
            return anybody, {}
        needs = requirement.alternatives[-1]
        levels = {skill: Shortfall(needed, best.get(skill, 0)) for skill, needed in needs.items()}
        return False, {skill: level for skill, level in levels.items() if level.best < level.needed} or levels

    def _find_best(self, language: str, everybody: bool) -> tuple[bool, Mapping[str, int] | None]:
        """Whether there are candidates: agents who could take a call now, or with `everybody` all signed-in agents. And
        the highest level in each skill among those who speak `language`; None: nobody speaks it.
        """
        found = {seat.skill_set for _, seat in self._crew if everybody or seat.available}
        speakers = [skill_set for skill_set in found if language in skill_set.languages]
        if not speakers:
            return bool(found), None
        best: dict[str, int] = {}
        for skill_set in speakers:
            for skill, level in skill_set.skills.items():
                best[skill] = max(level, best.get(skill, 0))
        return True, best


def _free_at(seat: Seat, now: float) -> float | None:
    """When the agent is expected to be free for the next caller; None: not known.

    A wrap-up and a pause have an end. A call lasts as long as the calls of its queue do on average; one that has lasted
    longer may end at any time.
    """
    if seat.next_state not in (None, AgentState.READY):
        return None
    match seat.state:
        case AgentState.WRAP_UP:
            return seat.until
        case AgentState.READY:
            return seat.paused_until
        case AgentState.ON_CALL | AgentState.RINGING if seat.queue is not None:
            began = seat.engaged_at if seat.offer is None else seat.offer.at
            end = began + seat.queue.handling_time
            return end if end > now else None
    return None
