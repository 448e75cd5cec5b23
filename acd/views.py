"""What the engine shows of itself to those who watch: HTTP, metrics, the console. Read-only snapshots."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from acd.engine.parts import LiveQueue, Seat, SkillSet
from acd.events import Company
from acd.model import MISSING
from agents.model import AgentView
from agents.states import SIGNED_IN, AgentState, PhoneState

Crew = Mapping[tuple[AgentState, PhoneState], int]
"""How many agents there are, by state and phone."""


@dataclass(frozen=True, slots=True)
class QueueView:
    """One queue at one moment. Durations are seconds.

    agents         signed-in agents who could ever serve it (relaxing included), counted by state; the states'
                   names have `_`. Those who are away count as `unreachable` instead
    agents_now     those of them who meet the queue's own needs: the others serve it once relaxing brings them
    longest_wait_s of the callers who wait now; 0: nobody waits
    estimate_s     expected wait of a caller who enters now; None: not known
    estimate_calls how many of the queue's calls the estimate has learnt from, `averages.MEMORY` less the prior at most
    service_level  percent of today's calls answered in time; None: none yet
    answered, abandoned  today's calls that the service level counts
    open           by the queue's hours, which the engine does not know; `opens` or `closes`: when that changes, in
                   epoch seconds; None: not foreseen
    callbacks      callers who have hung up and are to be called back
    """

    id: str
    waiting: int
    talking: int
    longest_wait_s: float
    estimate_s: float | None
    agents: Mapping[str, int]
    service_level: float | None
    answered: int = 0
    abandoned: int = 0
    agents_now: Mapping[str, int] = field(default_factory=dict)
    estimate_calls: int = 0
    open: bool = True
    opens: float | None = None
    closes: float | None = None
    callbacks: int = 0


@dataclass(frozen=True, slots=True)
class CallView:
    """A caller in the engine. `agent`: the one who talks with the caller; None: the caller waits, or agents ring."""

    id: str
    queue: str
    agent: str | None


@dataclass(frozen=True, slots=True)
class OfferView:
    """A ring. `answered`: the agent has picked up, and is not connected yet."""

    id: str
    call_id: str
    agent_id: str
    answered: bool


def of_queue(queue: LiveQueue, now: float, estimate: float | None) -> QueueView:
    """`estimate`: seconds that a caller who enters now may expect to wait."""
    oldest = next(iter(queue.places.values()), None)
    needs = dict(queue.definition.needs)
    return QueueView(
        id=queue.id,
        waiting=len(queue.places),
        talking=queue.talking,
        longest_wait_s=0.0 if oldest is None else max(0.0, now - oldest.entered),
        estimate_s=estimate,
        agents=_counts(queue.serving),
        service_level=queue.service_level,
        answered=queue.answered,
        abandoned=queue.abandoned,
        agents_now=_counts([each for each in queue.serving if each.fit(needs) is not None]),
        estimate_calls=queue.handling.seen_calls,
        callbacks=queue.callbacks,
    )


def _counts(serving: Sequence[SkillSet]) -> Mapping[str, int]:
    """How many agents these skill sets have, by state."""
    counts = {shown.value.replace("-", "_"): sum(each.states[shown] for each in serving) for shown in SIGNED_IN}
    counts[PhoneState.UNREACHABLE.value] = sum(each.away for each in serving)
    return counts


def crews(queues: Iterable[LiveQueue], seats: Iterable[Seat]) -> Mapping[str, Crew]:
    """By queue, the signed-in agents who could ever serve it. O(agents + queues * skill sets)."""
    sets: dict[SkillSet, Counter[tuple[AgentState, PhoneState]]] = {}
    for seat in seats:
        if seat.state in SIGNED_IN:
            sets.setdefault(seat.skill_set, Counter())[seat.state, seat.phone] += 1
    found: dict[str, Crew] = {}
    for queue in queues:
        crew = found[queue.id] = Counter[tuple[AgentState, PhoneState]]()
        for skill_set in queue.serving:
            for seen, count in sets.get(skill_set, {}).items():
                crew[seen] += count
    return found


def of_agent(seat: Seat, break_limits: Mapping[str, float]) -> AgentView:
    """An agent who is signed out and has a call of a colleague rings or is on call, and stays signed out after it.

    `break_limits`: seconds that a break may last, by its reason.
    """
    view = _of_agent(seat)
    limit = break_limits.get(view.reason)
    if view.state is AgentState.NOT_READY and limit is not None:
        view = replace(view, break_limit=limit + max(0.0, seat.reason_since - seat.since))
    sent = seat.sent
    if sent is None or seat.call_id is not None:
        return view
    state = AgentState.RINGING if sent.company is Company.RINGS else AgentState.ON_CALL
    view = replace(view, state=state, since=sent.began, next_state=seat.state, sent=sent.company)
    return replace(view, queue=sent.queue, call_id=sent.call_id, test=sent.test)


def _of_agent(seat: Seat) -> AgentView:
    return AgentView(
        id=seat.id,
        state=seat.state,
        reason=seat.reason,
        since=seat.since,
        phone=seat.phone,
        queue=None if seat.queue is None else seat.queue.id,
        call_id=seat.call_id,
        missed_offers=seat.missed,
        next_state=seat.next_state,
        until=seat.until,
        away=seat.away,
        test=seat.test and seat.call_id is not None,
        edited=seat.edited,
        code_missing=seat.coded in MISSING,
        sent=seat.sent.company if seat.by_sent and seat.sent is not None else None,
    )


@dataclass(frozen=True, slots=True)
class DayView:
    """An agent's day so far, in the hotline's time zone: calls from queues that were answered, offers missed, seconds
    of talk in those calls and of wrap-up. What goes on counts; what went on at midnight counts in the day in which it
    ended.
    """

    calls: int
    missed: int
    talk_s: float
    wrap_up_s: float
