"""Records change the state: state = snapshot + fold of the Records since.

Records are outcomes: nothing is decided again here. No Record fails: one that makes no sense, because others are
missing, changes nothing or little. `restoring` puts right what then does not fit together.
"""

from collections.abc import Callable, Mapping
from typing import Any

from acd.effects import NOTHING_SAID, CancelReason
from acd.engine.offers import REMEMBERED
from acd.engine.parts import LONGEST_HEAD_START, SHORT_ABANDON, Sent, insert_in_sequence
from acd.engine.ringing import MISSED, RING_GRACE
from acd.events import ABANDONED, Company
from acd.model import Coded, Strategy
from acd.recovery.state import (
    CallbackState,
    OfferState,
    PlaceState,
    QueueState,
    RoundState,
    SeatState,
    State,
)
from agents.model import ROBOT, Abilities
from agents.states import BUSY, ENGAGED, IN_CALL, REQUESTABLE, SIGNED_IN, AgentState, PhoneState
from journal.records import Kind, Record


def fold(state: State, record: Record, day_end: Callable[[float], float]) -> None:
    """Bring `state` to what it is after `record`. `day_end`: as in `Engine`."""
    state.at = max(state.at, record.at)
    if state.day_ends is None or record.at >= state.day_ends:
        new_day(state, day_end(record.at))
    data = record.data
    place = state.places.get(record.call or "")
    match record.kind:  # the most frequent first
        case Kind.AGENT_STATE:
            _agent_state(state, record)
        case Kind.OFFERED:
            _offered(state, record)
        case Kind.QUEUED if record.call is not None and record.queue is not None:
            state.arrivals += 1
            language, head_start = str(data.get("language", "")), float(data.get("head_start", 0))
            place = PlaceState(record.queue, language, record.at, head_start, state.arrivals, test=record.test)
            place.robot = bool(data.get("robot"))
            if data.get("sticky"):
                place.sticky, place.sticky_until = str(data["sticky"]), record.at + float(data.get("sticky_wait_s", 0))
            state.places[record.call] = place
        case Kind.OFFER_ANSWERED:
            _offer_answered(state, record)
        case Kind.CONNECTED:
            _connected(state, record)
        case Kind.TALK_ENDED if place is not None:
            del state.places[record.call or ""]
            _seat(state, record).talk += record.at - place.connected_at
        case Kind.OFFER_FAILED:
            _offer_failed(state, record)
        case Kind.OFFER_CANCELLED:
            _offer_over(state, record, CancelReason(data.get("why", CancelReason.TIMED_OUT)))
        case Kind.LEFT_QUEUE | Kind.OVERFLOWED:
            _left(state, record)
        case Kind.MOVED if "queue" in data.get("to", ()):
            _left(state, record)
        case Kind.MOVED if place is not None and "front" in data.get("to", ()):
            place.head_start, place.sticky = LONGEST_HEAD_START, None
        case Kind.ANNOUNCED if place is not None:
            _announced(place, record.at, data)
        case Kind.CALLBACK_PROMISED if place is not None:
            _promised(state, place, record)
        case Kind.CALLBACK_DIALLED | Kind.CALLBACK_POSTPONED | Kind.CALLBACK_TAKEN | Kind.CALLBACK_RETURNED:
            _called_back(state, record)
        case Kind.CALLBACK_ANSWERED:
            _citizen_answered(state, record)
        case Kind.AGENT_CALL:
            _agent_call(state, record)
        case Kind.AGENT_NEXT_STATE:
            seat = _seat(state, record)
            seat.next_state, seat.next_reason = AgentState(data["state"]), str(data.get("reason", ""))
        case Kind.WRAP_UP_CODE:
            coded = state.seats.get(record.agent or "")
            if coded is not None and coded.call == record.call:
                coded.coded = Coded.YES
        case Kind.AGENT_PHONE:
            seat = _seat(state, record)
            seat.phone, seat.away = PhoneState(data["phone"]), bool(data.get("away"))
            set_absence(state, seat, record.at)
        case Kind.AGENT_SKILLS:
            skills, languages = data.get("skills"), data.get("languages") or ()
            _seat(state, record).edited = None if skills is None else Abilities(dict(skills), tuple(languages))
        case Kind.AGENT_LAST_OUT:
            _queue(state, record.queue).empty_since[str(data.get("language", ""))] = record.at
        case Kind.HOTLINE_CHANGED:
            _hotline_changed(state, record)


def _announced(place: PlaceState, at: float, data: Mapping[str, Any]) -> None:
    position, wait, message = data.get("position"), data.get("wait_s"), data.get("message")
    place.told = place.told.and_then(at, position, wait, message, nobody=bool(data.get("nobody")))
    if message is not None:
        place.message = int(message) + 1


def _promised(state: State, place: PlaceState, record: Record) -> None:
    del state.places[record.call or ""]
    place.rings, place.round, place.last_agent, place.told, place.message = 0, None, None, NOTHING_SAID, 0
    place.sticky = None
    state.callbacks[str(record.data.get("callback", ""))] = CallbackState(place, record.at)


def _called_back(state: State, record: Record) -> None:
    callback = state.callbacks.get(record.call or "")
    if callback is not None:
        callback.dialled = record.kind is Kind.CALLBACK_DIALLED
        if callback.dialled and record.agent is not None:
            callback.place.last_agent = _queue(state, record.queue).last_agent = record.agent
        callback.due = float(record.data.get("due") or record.data.get("until") or callback.due)


def _citizen_answered(state: State, record: Record) -> None:
    state.arrivals += 1
    callback = state.callbacks.pop(str(record.data.get("callback", "")), None)
    if callback is not None and record.call is not None:
        insert_in_sequence(state.places, record.call, callback.place)


def new_day(state: State, ends: float) -> None:
    """Start the counts of the day anew."""
    state.day_ends = ends
    for queue in state.queues.values():
        queue.answered = queue.in_time = queue.abandoned = 0
    for seat in state.seats.values():
        seat.calls, seat.talk, seat.missed_today, seat.wrapped = 0, 0.0, 0, 0.0


def _left(state: State, record: Record) -> None:
    """The caller is out of the queue, and was not connected; or a callback is over."""
    if state.callbacks.pop(record.call or "", None) is not None and record.kind is not Kind.MOVED:
        return
    state.places.pop(record.call or "", None)
    if not record.test:
        queue, waited = _queue(state, record.queue), float(record.data.get("waited_s", 0))
        queue.staying.add(waited, stayed=False)
        queue.abandoned += record.data.get("why") in ABANDONED and waited > SHORT_ABANDON


def _seat(state: State, record: Record) -> SeatState:
    """The agent of the Record. Nothing is kept of a robot agent, which the hotline does not have."""
    if record.agent == ROBOT:
        return SeatState(since=record.at)
    return state.seats.setdefault(record.agent or "", SeatState(since=record.at))


def _queue(state: State, name: str | None) -> QueueState:
    return state.queues.setdefault(name or "", QueueState())


def _arm(state: State, owner: SeatState | OfferState) -> None:
    state.armed += 1
    owner.armed = state.armed


def _offered(state: State, record: Record) -> None:
    state.offers_made += 1
    call, agent, data = record.call, record.agent, record.data
    place = state.places.get(call or "")
    if place is None or call is None or agent is None or record.offer is None:
        return
    place.told, place.sticky = NOTHING_SAID, None
    step = int(data.get("step", 0))
    if data.get("rule") != Strategy.RING_ALL:
        place.round = None
    elif place.round is not None and place.rings:
        place.round.agents.add(agent)
    else:
        earlier = place.round.agents if place.round is not None else set[str]()
        again = agent in earlier or agent == place.last_agent
        place.round = RoundState(step, record.at, {agent} if again else earlier | {agent})
    place.rings += 1
    place.last_agent = agent
    if agent != ROBOT:
        _queue(state, record.queue).last_agent = agent
    due = record.at + (float(data.get("ring", 0)) + RING_GRACE)
    offer = state.offers[record.offer] = OfferState(call, agent, step, record.at, due)
    _arm(state, offer)
    seat = _seat(state, record)
    seat.queue, seat.call, seat.test, seat.coded = record.queue, call, record.test, Coded.NO
    # The next Record says so, too, but is missing if the service died between the two.
    seat.state = AgentState.RINGING


def _offer_answered(state: State, record: Record) -> None:
    offer = state.offers.get(record.offer or "")
    if offer is None:
        return
    offer.answered, offer.due = True, record.at + float(record.data.get("within", 0))
    _seat(state, record).missed = 0
    _arm(state, offer)
    _close(state, offer.call)


def _close(state: State, call: str) -> None:
    """No agent may join the round for `call` any more."""
    place = state.places.get(call)
    if place is not None and place.round is not None:
        place.round.open = False


def _offer_over(state: State, record: Record, why: CancelReason | None) -> None:
    offer = state.offers.pop(record.offer or "", None)
    if offer is None:
        return
    place = state.places.get(offer.call)
    if place is not None:
        place.rings -= 1
        if not place.rings:
            _close(state, offer.call)
    if why is not None:
        state.dead[record.offer or ""] = (offer.agent, why)
        if len(state.dead) > REMEMBERED:
            del state.dead[next(iter(state.dead))]


def _offer_failed(state: State, record: Record) -> None:
    _offer_over(state, record, CancelReason.TIMED_OUT)
    seat, data = _seat(state, record), record.data
    seat.missed = int(data.get("missed", 0))
    seat.missed_today += data.get("reason") in MISSED
    pause = float(data.get("pause_s", 0))
    if pause:
        seat.failures += 1
        seat.paused_until = record.at + pause
        _arm(state, seat)


def _connected(state: State, record: Record) -> None:
    offer, place = state.offers.get(record.offer or ""), state.places.get(record.call or "")
    _offer_over(state, record, None)
    seat, queue = _seat(state, record), _queue(state, record.queue)
    if not record.test:
        queue.answered += 1
        queue.staying.add(float(record.data.get("waited_s", 0)), stayed=True)
        queue.in_time += bool(record.data.get("in_service_level"))
    seat.missed = seat.failures = 0
    seat.calls += 1
    seat.engaged_at = record.at if offer is None else offer.at
    seat.state, seat.call = AgentState.ON_CALL, record.call  # as above: the next Record may be missing
    if place is not None:
        place.agent, place.connected_at = record.agent, record.at


def _agent_call(state: State, record: Record) -> None:
    seat, data = _seat(state, record), record.data
    if data.get("company") is None:
        if seat.sent is not None and seat.sent.company is Company.TALKS:
            seat.talk += record.at - seat.sent.began
        seat.sent = None
        return
    company = Company(data["company"])
    if company is not Company.RINGS:
        seat.missed = seat.failures = 0
        seat.paused_until = None
    seat.sent = Sent(str(data.get("call", "")), company, data.get("queue"), record.test, record.at)
    seat.calls += company is Company.TALKS


def _agent_state(state: State, record: Record) -> None:
    seat, data = _seat(state, record), record.data
    now, before = AgentState(data["state"]), AgentState(data["previous"])
    if before in ENGAGED and now not in ENGAGED and seat.queue is not None and not (seat.test or seat.by_sent):
        _queue(state, seat.queue).handling.add(record.at - seat.engaged_at)
    if before not in IN_CALL and now in REQUESTABLE:
        seat.failures, seat.paused_until = 0, None
    if now is not before:
        if before is AgentState.WRAP_UP:
            seat.wrapped += record.at - seat.since
        seat.since = record.at
        if now is AgentState.READY and before is not AgentState.RINGING:
            seat.idle_since, seat.missed = record.at, 0
    reason = str(data.get("reason", ""))
    if now is not before or reason != seat.reason:
        seat.reason_since = record.at
    seat.state, seat.reason = now, reason
    seat.until = data.get("until")
    if seat.until is not None:
        _arm(state, seat)
    if data.get("sent") and seat.sent is not None:
        sent = seat.sent
        seat.call, seat.queue, seat.test = sent.call_id, sent.queue, sent.test
        seat.coded, seat.engaged_at, seat.by_sent = Coded.NO, record.at, True
    if "code" in data:
        seat.coded = Coded(data["code"])
    if now not in BUSY:
        seat.queue = seat.call = seat.next_state = None
        seat.next_reason, seat.coded, seat.by_sent = "", Coded.NO, False
    set_absence(state, seat, record.at)
    if seat.removed and now is AgentState.LOGGED_OUT:
        del state.seats[record.agent or ""]


def set_absence(state: State, seat: SeatState, at: float) -> None:
    """Start or stop the clock of an agent whose state or phone may have changed at `at` (epoch seconds): as in
    `acd.engine.presence`.
    """
    if seat.state not in SIGNED_IN or seat.phone is not PhoneState.UNREACHABLE:
        seat.away, seat.out_since = False, None
    elif seat.away:
        seat.out_since = None
    elif seat.out_since is None:
        state.armed += 1
        seat.out_since, seat.out_armed = at, state.armed


def _hotline_changed(state: State, record: Record) -> None:
    data: Any = record.data
    for call in state.places:
        _close(state, call)
    for agent in data.get("added", ()):
        state.seats.setdefault(agent, SeatState(since=record.at)).removed = False
    for agent in data.get("removed", ()):
        seat = state.seats.get(agent)
        if seat is not None and seat.state is AgentState.LOGGED_OUT:
            del state.seats[agent]
        elif seat is not None:
            seat.removed, seat.edited = True, None
