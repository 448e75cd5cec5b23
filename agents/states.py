"""The states of an agent, what each means, and which may follow which. Pure: no clock, no I/O.

What the agent *wants* (`ready`, `not-ready`, `logged-out`) and the state of the *phone* are kept apart:
an agent may be ready with an unreachable phone, and is then not offered calls.
"""

from dataclasses import dataclass
from enum import StrEnum


class AgentState(StrEnum):
    """Named in the words of call centres."""

    LOGGED_OUT = "logged-out"
    NOT_READY = "not-ready"
    READY = "ready"
    RINGING = "ringing"
    ON_CALL = "on-call"
    WRAP_UP = "wrap-up"


class PhoneState(StrEnum):
    """What Asterisk last said of the agent's phone."""

    FREE = "free"
    BUSY = "busy"
    UNREACHABLE = "unreachable"


S = AgentState


@dataclass(frozen=True, slots=True)
class Traits:
    """What a state means.

    requestable  an agent or a supervisor may ask for it, in every state; the others happen by calls
    signed_in    the agent counts as signed in, for the `nobody_signed_in` of every queue that the agent could serve
    working      the agent serves callers, now or after the current call: estimates count it
    busy         the agent has a call, from its ring to the end of its wrap-up
    engaged      the same, from the answer on: such a call counts in the mean handling time of its queue
    in_call      the call itself goes on; a state asked for meanwhile follows it
    next         states that calls lead to from it
    """

    requestable: bool = False
    signed_in: bool = True
    working: bool = False
    busy: bool = False
    engaged: bool = False
    in_call: bool = False
    next: tuple[AgentState, ...] = ()


TABLE: dict[AgentState, Traits] = {
    # to on-call without a ring: another agent has sent a call, or asks
    S.READY: Traits(requestable=True, working=True, next=(S.RINGING, S.ON_CALL)),
    # not-ready and logged-out from ringing: RONA, or chosen while it rang; ready: the ring was cancelled
    S.RINGING: Traits(working=True, busy=True, in_call=True, next=(S.ON_CALL,)),
    # straight to ready, not-ready or logged-out if the queue has no wrap-up or the agent was never connected
    S.ON_CALL: Traits(working=True, busy=True, engaged=True, in_call=True, next=(S.WRAP_UP,)),
    S.WRAP_UP: Traits(working=True, busy=True, engaged=True),
    S.NOT_READY: Traits(requestable=True, next=(S.RINGING, S.ON_CALL)),
    S.LOGGED_OUT: Traits(requestable=True, signed_in=False),
}
"""Every state, in the order in which they are shown."""

REQUESTABLE = tuple(state for state in TABLE if TABLE[state].requestable)
SIGNED_IN = tuple(state for state in TABLE if TABLE[state].signed_in)
WORKING = frozenset(state for state in AgentState if TABLE[state].working)
BUSY = frozenset(state for state in AgentState if TABLE[state].busy)
ENGAGED = frozenset(state for state in AgentState if TABLE[state].engaged)
IN_CALL = frozenset(state for state in AgentState if TABLE[state].in_call)

TRANSITIONS: dict[AgentState, frozenset[AgentState]] = {
    state: frozenset({*REQUESTABLE, *traits.next} - {state}) for state, traits in TABLE.items()
}


CODES = {"*45": S.READY, "*46": S.NOT_READY, "*47": S.LOGGED_OUT}
"""What an agent dials, and the state that it asks for."""


EMERGENCY_CODE = "*90"
"""What an agent's phone dials to record and switch on a message."""


class IllegalTransition(Exception):
    """The agent cannot go from the current state to the one asked for."""


def move(agent_id: str, current: AgentState, wanted: AgentState) -> AgentState:
    """`wanted`, if the table has it after `current`; raises IllegalTransition otherwise."""
    if wanted not in TRANSITIONS[current]:
        raise IllegalTransition(f"agent {agent_id} is {current} and cannot become {wanted}")
    return wanted
