"""The floor as plain data, and a floor made of such data.

Records may be missing, and the hotline may have changed during the stop. What does not fit together is put right: an
agent who rings or talks without a caller is ready, a call that talks without an agent is forgotten.
"""

from dataclasses import fields, replace
from math import inf
from typing import Any

from acd.engine import queueing, sticky
from acd.engine.floor import Floor
from acd.engine.parts import (
    UNSKILLED,
    Absence,
    Callback,
    Line,
    LiveQueue,
    Offer,
    Place,
    Round,
    Seat,
    Stage,
    robot,
)
from acd.engine.timers import Timer
from acd.model import Coded
from acd.recovery.fold import set_absence
from acd.recovery.state import (
    CallbackState,
    OfferState,
    PlaceState,
    QueueState,
    RoundState,
    SeatState,
    State,
)
from agents.model import ROBOT
from agents.states import BUSY, AgentState


def state_of(floor: Floor, day_ends: float | None) -> State:
    """All that cannot be worked out. `day_ends`: end of the day that is counted; None: none yet."""
    return State(
        at=floor.now,
        day_ends=day_ends,
        arrivals=floor.arrivals,
        offers_made=floor.offers.made,
        armed=floor.timers.count,
        places={place.id: _place_state(floor, place) for place in floor.places.values()},
        callbacks={
            place.id: CallbackState(_place_state(floor, place), place.callback.due, place.callback.dialled)
            for place in floor.callbacks.values()
            if place.callback is not None
        },
        seats={seat.id: _seat_state(floor, seat) for seat in floor.seats.values()},
        offers={
            offer.id: OfferState(
                *(offer.place.id, offer.seat.id, offer.step, offer.at, offer.due, offer.answered),
                armed=_armed(offer.timer),
            )
            for offer in floor.offers.all_live()
        },
        queues={queue.id: _queue_state(queue) for queue in floor.queues.values()},
        dead=dict(floor.offers.all_dead),
    )


def _place_state(floor: Floor, place: Place) -> PlaceState:
    turn = place.round
    return PlaceState(
        *(place.queue.id, place.line.language, place.entered, place.head_start, place.sequence, place.message),
        rings=len(place.offers),
        last_agent=place.last_agent,
        round=None if turn is None else RoundState(turn.step, turn.began, set(turn.agents), place in floor.rounds),
        agent=None if place.seat is None else place.seat.id,
        connected_at=place.connected_at,
        test=place.test,
        told=place.said,
        robot=place.robot,
        sticky=place.sticky,
        sticky_until=0.0 if place.sticky is None else place.sticky_until,
    )


def _seat_state(floor: Floor, seat: Seat) -> SeatState:
    return SeatState(
        **_alike(seat, _SEAT),
        queue=None if seat.queue is None else seat.queue.id,
        call=seat.call_id,
        sent=None if seat.sent is None else replace(seat.sent),
        armed=_armed(seat.timer),
        out_since=seat.absence.since,
        out_armed=_armed(seat.absence.timer),
    )


def _queue_state(queue: LiveQueue) -> QueueState:
    return QueueState(
        **_alike(queue, _QUEUE),
        empty_since={
            line.language: line.empty_since
            for line in queue.lines.values()
            if line.empty_since is not None and line.empty_since > -inf
        },
    )


def _names(kind: type[SeatState | QueueState], *but: str) -> tuple[str, ...]:
    """The fields of `kind` but those that the state has in another form than the entity."""
    return tuple(field.name for field in fields(kind) if field.name not in but)


_SEAT = _names(SeatState, "queue", "call", "sent", "armed", "out_since", "out_armed")
_QUEUE = _names(QueueState, "empty_since")


def _alike(thing: object, names: tuple[str, ...]) -> dict[str, Any]:
    """The values that state and entity have alike."""
    return {name: getattr(thing, name) for name in names}


def restore(floor: Floor, state: State) -> None:
    """Put `state` onto an empty `floor`.

    The hotline is applied after it, as a change (`changes.apply`). So waiting callers are matched and checked in the
    next step: time may have passed, and agents may have come.
    """
    _right(state, floor.now)
    floor.arrivals = state.arrivals
    promised = {callback.place.queue for callback in state.callbacks.values()}
    in_use = {place.queue for place in state.places.values()} | {seat.queue for seat in state.seats.values()} | promised
    for queue_id in {*state.queues, *in_use}:
        if queue_id is not None:
            _queue(floor, queue_id, state.queues.get(queue_id, QueueState()))
    for agent_id, seat in state.seats.items():
        floor.seats[agent_id] = _seat(floor, agent_id, seat)
    for call_id, place in state.places.items():
        floor.places[call_id] = _place(floor, call_id, place)
        if place.sticky is not None and floor.now < place.sticky_until:
            sticky.claim(floor, floor.places[call_id], place.sticky, place.sticky_until)
    for callback_id, callback in state.callbacks.items():
        floor.callbacks[callback_id] = _callback(floor, callback_id, callback)
    floor.wrapping.update((seat, None) for seat in floor.seats.values() if seat.state is AgentState.WRAP_UP)
    offers = {offer_id: _offer(floor, offer_id, offer) for offer_id, offer in state.offers.items()}
    floor.offers.restore(state.offers_made, offers.values(), state.dead)
    armed: list[tuple[int, Seat | Offer | Absence, float]] = [
        (state.offers[o.id].armed, o, o.due) for o in offers.values()
    ]
    for agent_id, known in state.seats.items():
        due = known.until if known.state is AgentState.WRAP_UP else known.paused_until
        if due is not None:
            armed.append((known.armed, floor.seats[agent_id], due))
        if known.out_since is not None:
            absence = floor.seats[agent_id].absence
            absence.since = known.out_since
            armed.append((known.out_armed, absence, known.out_since + floor.away_after))
    for _, owner, due in sorted(armed, key=lambda item: item[0]):
        floor.timers.arm(owner, due)


def resume(floor: Floor, state: State) -> None:
    """The hotline has been applied: timers run, and freed agents may join open ring-all rounds again."""
    for call_id, known in state.places.items():
        place = floor.places.get(call_id)
        if place is None:
            continue
        if place.stage is Stage.WAITING and not place.robot:
            queueing.arm(floor, place)
        if place.round is not None and known.round is not None and known.round.open and place.offers:
            place.round.requirement = place.line.requirement_of(place, place.round.began)
            floor.rounds[place] = place.round


def _right(state: State, now: float) -> None:
    """Put right what does not fit together."""
    for call_id, place in list(state.places.items()):
        seat = None if place.agent is None else state.seats.get(place.agent)
        if place.agent in (None, ROBOT):
            continue
        if seat is None or (seat.state, seat.call) != (AgentState.ON_CALL, call_id):
            del state.places[call_id]
    ringing: set[str] = set()
    for offer_id, offer in list(state.offers.items()):
        seat, caller = state.seats.get(offer.agent), state.places.get(offer.call)
        rung = offer.agent == ROBOT or (
            seat is not None
            and seat.state is AgentState.RINGING
            and seat.call == offer.call
            and offer.agent not in ringing
        )
        if not rung or caller is None or caller.agent is not None:
            del state.offers[offer_id]
        else:
            ringing.add(offer.agent)
    for agent_id, seat in state.seats.items():
        talks = seat.call in state.places and seat.call is not None and state.places[seat.call].agent == agent_id
        by_sent = seat.by_sent and seat.sent is not None and seat.sent.call_id == seat.call
        if (seat.state is AgentState.RINGING and agent_id not in ringing and not by_sent) or (
            seat.state is AgentState.ON_CALL and not talks and not by_sent
        ):
            seat.state, seat.reason, seat.since, seat.idle_since = AgentState.READY, "", now, now
        if seat.state is AgentState.WRAP_UP and seat.until is None:
            seat.until = now
        if seat.state not in BUSY:
            seat.queue = seat.call = seat.next_state = None
            seat.coded, seat.by_sent = Coded.NO, False
        if seat.paused_until is not None and seat.paused_until <= now:
            seat.paused_until = None
        set_absence(state, seat, now)


def _queue(floor: Floor, queue_id: str, known: QueueState) -> None:
    """No agent fits the queue until the hotline defines it, or takes it out."""
    queue = LiveQueue.removed_one(queue_id, **_alike(known, _QUEUE))
    floor.queues[queue_id] = queue
    for language, since in known.empty_since.items():
        queue.lines[language] = Line(queue, language)
        queue.lines[language].empty_since = since


def _seat(floor: Floor, agent_id: str, known: SeatState) -> Seat:
    return Seat(
        *(agent_id, -1, floor.table.skill_set(UNSKILLED)),
        **_alike(known, _SEAT),
        queue=None if known.queue is None else floor.queues[known.queue],
        call_id=known.call,
        sent=None if known.sent is None else replace(known.sent),
    )


def _place(floor: Floor, call_id: str, known: PlaceState) -> Place:
    queue = floor.queues[known.queue]
    place = Place(
        *(call_id, queue, Line(queue, known.language), known.entered, known.head_start, known.sequence),
        last_agent=known.last_agent,
        fresh=False,
        message=known.message,
        said=known.told,
        test=known.test,
        robot=known.robot,
    )
    if known.round is not None:
        turn = known.round
        place.round = Round(place.line.requirements[0], turn.step, turn.began, set(turn.agents))
    queue.robots += place.robot
    if known.agent is None:
        queue.places[call_id] = place
    else:
        place.stage, place.seat, place.connected_at = Stage.TALKING, _who(floor, known.agent), known.connected_at
        queue.talking += 1
    return place


def _callback(floor: Floor, callback_id: str, known: CallbackState) -> Place:
    place = _place(floor, callback_id, known.place)
    del place.queue.places[callback_id]
    place.queue.callbacks += 1
    place.queue.dialled += known.dialled
    place.callback = Callback(place, known.due, dialled=known.dialled)
    return place


def _offer(floor: Floor, offer_id: str, known: OfferState) -> Offer:
    place, seat = floor.places[known.call], _who(floor, known.agent)
    offer = Offer(offer_id, place, seat, known.step, known.at, known.due, known.answered)
    place.stage, place.offers, seat.offer = Stage.OFFERED, (*place.offers, offer), offer
    return offer


def _who(floor: Floor, agent_id: str) -> Seat:
    return robot(floor.now) if agent_id == ROBOT else floor.seats[agent_id]


def _armed(timer: Timer | None) -> int:
    """The order of timers that are due at the same moment, the lower first; 0: not armed."""
    return 0 if timer is None else timer[1]
