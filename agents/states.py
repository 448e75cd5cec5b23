"""The states of an agent and which may follow which. Pure: no clock, no I/O.

What the agent *wants* (`ready`, `not-ready`, `logged-out`) and what is known of his *phone* are apart:
an agent may be ready with an unreachable phone; he is then not offered calls.
"""

from enum import StrEnum


class AgentState(StrEnum):
    """Named as a caller's clerk would."""

    LOGGED_OUT = "logged-out"
    NOT_READY = "not-ready"
    READY = "ready"
    RINGING = "ringing"
    ON_CALL = "on-call"
    WRAP_UP = "wrap-up"


class PhoneState(StrEnum):
    """What Asterisk last said of his phone."""

    FREE = "free"
    BUSY = "busy"
    UNREACHABLE = "unreachable"


S = AgentState

TRANSITIONS: dict[AgentState, frozenset[AgentState]] = {
    S.LOGGED_OUT: frozenset({S.READY, S.NOT_READY}),
    S.NOT_READY: frozenset({S.READY, S.LOGGED_OUT}),
    S.READY: frozenset({S.NOT_READY, S.LOGGED_OUT, S.RINGING}),
    # not-ready and logged-out from ringing: RONA, or chosen while it rang; ready: the ring was cancelled
    S.RINGING: frozenset({S.READY, S.NOT_READY, S.LOGGED_OUT, S.ON_CALL}),
    # straight to ready, not-ready or logged-out where the queue has no wrap-up or he was never connected
    S.ON_CALL: frozenset({S.WRAP_UP, S.READY, S.NOT_READY, S.LOGGED_OUT}),
    S.WRAP_UP: frozenset({S.READY, S.NOT_READY, S.LOGGED_OUT}),
}

REQUESTABLE = frozenset({S.READY, S.NOT_READY, S.LOGGED_OUT})
"""What an agent, or a supervisor for him, may ask for; the others happen by calls."""


CODES = {"*45": S.READY, "*46": S.NOT_READY, "*47": S.LOGGED_OUT}
"""What an agent dials, and the state that it asks for."""


class IllegalTransition(Exception):
    """The agent cannot go from the state he is in to the one asked for."""

    def __init__(self, agent_id: str, current: AgentState, wanted: AgentState) -> None:
        super().__init__(f"agent {agent_id} is {current} and cannot become {wanted}")
        self.agent_id = agent_id
        self.current = current
        self.wanted = wanted


def move(agent_id: str, current: AgentState, wanted: AgentState) -> AgentState:
    """`wanted`, if the table has it after `current`; raises IllegalTransition otherwise."""
    if wanted not in TRANSITIONS[current]:
        raise IllegalTransition(agent_id, current, wanted)
    return wanted
