"""Agents' states: every change goes through `move`, which knows agents.states.TRANSITIONS."""

from typing import Any

from acd.effects import Refuse
from acd.engine import presence, sticky
from acd.engine.floor import Floor
from acd.engine.parts import Seat
from acd.events import CodeGiven
from acd.model import MISSING, Coded
from agents.states import BUSY, ENGAGED, IN_CALL, NO_CODE, REQUESTABLE, WORKING, AgentState, PhoneState, move
from journal.records import Kind, new_record
from sentences.sentence import Sentence, listed

REMOVED = "removed"
"""Reason of the sign-out of an agent who is no longer in agents.yaml."""

LONGEST_WRAP_UP = 1_800.0
"""Seconds that a wrap-up may last in all once it has been extended."""

LONGEST_WAIT = 1_800.0
"""Seconds that a wrap-up waits for its code once its own time is over. After them the agent becomes not ready."""


# Python 3.11 is slow to look these up
_READY, _RINGING, _WRAP_UP, _AGENT_STATE = AgentState.READY, AgentState.RINGING, AgentState.WRAP_UP, Kind.AGENT_STATE
_NOT_READY = AgentState.NOT_READY
_UNCODED, _NEEDED, _AWAITED = Coded.NO, Coded.NEEDED, Coded.AWAITED


def change(
    floor: Floor,
    seat: Seat,
    state: AgentState,
    reason: str = "",
    until: float | None = None,
    *,
    sent: bool = False,
) -> None:
    """Move the agent to `state`. Raises IllegalTransition. `until`: end of a wrap-up, epoch seconds. `sent`: by the
    call in `Seat.sent`.

    After a call the queue learns how long the call kept the agent busy. A robot agent has no state.
    """
    if seat.robot:
        return
    previous, states, now = seat.state, seat.skill_set.states, floor.now
    move(seat.id, previous, state)
    if seat.ready_in_set:
        floor.table.leave(seat)
    if previous in WORKING and state in WORKING and not seat.away:
        states[previous] -= 1
        states[state] += 1
    else:
        presence.moved(floor, seat, state)
    if previous is _WRAP_UP:
        seat.wrapped += now - seat.since
        floor.wrapping.pop(seat, None)
    if state is _WRAP_UP:
        floor.wrapping[seat] = None
    elif state is not _READY and floor.counted_on:
        floor.counts_not_on(seat)
    seat.state, seat.reason, seat.since, seat.until = state, reason, now, until
    seat.reason_since = now
    if state not in BUSY:
        if previous in ENGAGED and seat.queue is not None and not (seat.test or seat.by_sent):
            seat.queue.handling.add(now - seat.engaged_at)
        seat.queue = seat.call_id = seat.next_state = None
        seat.next_reason, seat.coded, seat.by_sent = "", _UNCODED, False
        if state is _READY:
            if previous is not _RINGING:
                seat.idle_since = now
            floor.freed.append(seat)
    data = _told(floor, state, previous, reason)
    if sent:
        data["sent"] = True
    if until is not None:
        data["until"] = until
        if seat.coded is _NEEDED:
            data["code"] = seat.coded
    floor.effects.append(new_record((now, _AGENT_STATE, None, None, seat.id, None, data, floor.actor)))
    if floor.sticky and not seat.available:  # else the step serves them
        sticky.look(floor, seat)


def request(floor: Floor, seat: Seat, state: AgentState, reason: str, *, insist: bool = False) -> None:
    """The agent or a supervisor asks for `state`. A request that cancels a ring does not come here. `insist`: it also
    ends a wrap-up that lasts until a code is given.
    """
    if state not in REQUESTABLE:
        possible = listed(REQUESTABLE)
        floor.effects.append(
            Refuse(
                Sentence(
                    "{state} happens by calls and cannot be asked for; possible: {states}.",
                    state=state,
                    states=possible,
                )
            )
        )
    elif seat.removed:
        why = Sentence(
            "Agent {agent} is no longer in this hotline and is signed out when the call is over.", agent=seat.id
        )
        floor.effects.append(Refuse(why))
    elif seat.state is _RINGING and not seat.answered and state is _READY and not seat.next_state:
        return
    elif seat.state in IN_CALL:
        follow(floor, seat, state, reason)
    elif seat.state is _WRAP_UP and seat.coded in MISSING and not insist:
        follow(floor, seat, state, reason)
        _wait_for_code(floor, seat)
    elif seat.state is state:
        _again(floor, seat, reason)
    else:
        if state is _READY:
            seat.missed = 0
        resume(floor, seat)
        change(floor, seat, state, reason)


def follow(floor: Floor, seat: Seat, state: AgentState, reason: str) -> None:
    """This state follows the call, or the wrap-up."""
    if (seat.next_state, seat.next_reason) != (state, reason):
        seat.next_state, seat.next_reason = state, reason
        floor.write(Kind.AGENT_NEXT_STATE, seat=seat, state=state, reason=reason)


def _wait_for_code(floor: Floor, seat: Seat) -> None:
    """Only the code is missing: the wrap-up goes on until somebody gives it, or LONGEST_WAIT is over."""
    if seat.coded is _NEEDED:
        seat.coded = _AWAITED
        go_on(floor, seat, floor.now + LONGEST_WAIT)


def end_waiting(floor: Floor, seat: Seat) -> None:
    """The wrap-up that waited for a code ends."""
    floor.timers.disarm(seat)
    change(floor, seat, seat.next_state or _READY, seat.next_reason)


def go_on(floor: Floor, seat: Seat, until: float | None) -> None:
    """The wrap-up goes on until `until`. The Record says whether a code is needed now: this has changed."""
    assert until is not None  # it is a wrap-up
    seat.until = until
    floor.timers.arm(seat, until)
    state, code = seat.state, seat.coded
    floor.write(_AGENT_STATE, seat=seat, state=state, previous=state, reason=seat.reason, until=until, code=code)


def _again(floor: Floor, seat: Seat, reason: str) -> None:
    """The agent asks for the current state: note another reason; end a pause after failed rings."""
    if seat.paused_until is None and seat.reason == reason:
        return
    if seat.reason != reason:
        seat.reason, seat.reason_since = reason, floor.now
    resume(floor, seat)
    state = seat.state
    floor.write(_AGENT_STATE, seat=seat, **_told(floor, state, state, reason))
    if not seat.ready_in_set:
        floor.freed.append(seat)


def _told(floor: Floor, state: AgentState, previous: AgentState, reason: str) -> dict[str, Any]:
    """What the Record says of a state. `limit`: seconds that a break for this reason may last."""
    limited = state is _NOT_READY and reason in floor.break_limits
    limit = {"limit": floor.break_limits[reason]} if limited else {}
    return {"state": state, "previous": previous, "reason": reason, **limit}


def resume(floor: Floor, seat: Seat) -> None:
    """End a pause or a wrap-up."""
    seat.failures = 0
    seat.paused_until = None
    floor.timers.disarm(seat)


def phone(floor: Floor, seat: Seat, state: PhoneState) -> None:
    """Note the state of the agent's phone. It changes no agent state, ring or conversation."""
    if seat.phone is state:
        return
    seat.phone = state
    floor.write(Kind.AGENT_PHONE, seat=seat, phone=state)
    presence.phone_changed(floor, seat)
    if state is PhoneState.FREE:
        floor.freed.append(seat)
    elif seat.ready_in_set:
        floor.table.leave(seat)


def pause(floor: Floor, seat: Seat, seconds: float) -> None:
    """Offer the agent no calls for `seconds`; the agent's timer ends the pause."""
    seat.paused_until = floor.now + seconds
    floor.timers.arm(seat, seat.paused_until)


def due(floor: Floor, seat: Seat) -> None:
    """The agent's timer: the wrap-up or the pause is over."""
    if seat.state is _WRAP_UP:
        _wrapped_up(floor, seat)
    else:
        seat.paused_until = None
        floor.freed.append(seat)


def _wrapped_up(floor: Floor, seat: Seat) -> None:
    """The time of the wrap-up is over, or the time for which it waits for its code."""
    follows = seat.next_state or _READY
    if seat.coded is _NEEDED:
        follow(floor, seat, follows, seat.next_reason)
        _wait_for_code(floor, seat)
    elif seat.coded is _AWAITED and follows is _READY:
        change(floor, seat, AgentState.NOT_READY, NO_CODE)
    else:
        change(floor, seat, follows, seat.next_reason)


def end_wrap_up(floor: Floor, seat: Seat) -> None:
    """End the wrap-up, if there is one: a call is about to ring that does not wait for it."""
    if seat.state is _WRAP_UP:
        floor.timers.disarm(seat)
        change(floor, seat, _READY)


def after_talk(floor: Floor, seat: Seat, wrap_up: float, *, needs_code: bool = False) -> None:
    """The conversation is over. The agent wraps up for `wrap_up` seconds, then goes to the state that the agent chose,
    else is ready. `needs_code`: the wrap-up also lasts until the call has a code.
    """
    missing = needs_code and seat.coded is _UNCODED
    if seat.robot:
        return
    if seat.removed:
        dismiss(floor, seat)
    elif wrap_up > 0 or missing:
        seat.coded = _NEEDED if missing else seat.coded
        until = floor.now + wrap_up
        change(floor, seat, _WRAP_UP, until=until)
        floor.timers.arm(seat, until)
    else:
        change(floor, seat, seat.next_state or _READY, seat.next_reason)


def extend(floor: Floor, seat: Seat, seconds: float) -> None:
    """The agent asks for `seconds` more of wrap-up."""
    if seat.state is not _WRAP_UP or seat.until is None:
        why = Sentence("Agent {agent} is {state}; only a wrap-up can be extended.", agent=seat.id, state=seat.state)
        floor.effects.append(Refuse(why))
        return
    if seat.coded is _AWAITED:
        why = Sentence("The wrap-up of agent {agent} waits for the wrap-up code, and lasts until then.", agent=seat.id)
        floor.effects.append(Refuse(why))
        return
    left = seat.since + LONGEST_WRAP_UP - seat.until
    if not 0 < seconds <= left:
        possible = (
            Sentence("{count} more seconds are possible at most", count=int(left))
            if left >= 1
            else Sentence("no more is possible")
        )
        why = Sentence(
            "A wrap-up lasts {count} minutes at most: {possible}.", count=int(LONGEST_WRAP_UP / 60), possible=possible
        )
        floor.effects.append(Refuse(why))
        return
    seat.until += seconds
    floor.timers.arm(seat, seat.until)
    state = seat.state
    floor.write(_AGENT_STATE, seat=seat, state=state, previous=state, reason=seat.reason, until=seat.until)


def after_ring(floor: Floor, seat: Seat, state: AgentState, reason: str = "") -> None:
    """The ring is over without a call. The agent goes to `state`, unless the agent chose another one or is no longer in
    the hotline.
    """
    if seat.robot:
        return
    if seat.removed:
        dismiss(floor, seat)
    elif seat.next_state is not None:
        change(floor, seat, seat.next_state, seat.next_reason)
    else:
        change(floor, seat, state, reason)


def dismiss(floor: Floor, seat: Seat) -> None:
    """Sign out and forget an agent who is no longer in agents.yaml and has no call."""
    seat.removed = True
    floor.timers.disarm(seat)
    if seat.state is not AgentState.LOGGED_OUT:
        change(floor, seat, AgentState.LOGGED_OUT, REMOVED)
    seat.skill_set.states[AgentState.LOGGED_OUT] -= 1
    del floor.seats[seat.id]


def code_given(floor: Floor, event: CodeGiven) -> None:
    """Record the code. If the agent still has that call, nothing waits for a code any more."""
    data: dict[str, Any] = {"code": event.code, "name": dict(event.name)}
    if event.test:
        data["test"] = True
    part = (event.call_id, event.queue, event.agent_id)
    floor.effects.append(new_record((floor.now, Kind.WRAP_UP_CODE, *part, None, data, floor.actor)))
    seat = floor.seats.get(event.agent_id)
    if seat is not None and seat.call_id == event.call_id:
        before, seat.coded = seat.coded, Coded.YES
        if before is Coded.AWAITED:
            end_waiting(floor, seat)


def forget_codes(floor: Floor) -> None:
    """Wait no longer for codes that no queue in use asks for."""
    for seat in [seat for seat in floor.seats.values() if seat.coded in MISSING]:
        if seat.queue is None or not seat.queue.definition.needs_code:
            before, seat.coded = seat.coded, Coded.NO
            go_on(floor, seat, seat.until)
            if before is Coded.AWAITED:
                end_waiting(floor, seat)
