"""The states of an agent: what each is called, how it looks, what it means, and which may follow which. Pure.

Both walls, the desk, the codes of phones, the engine, HTTP and the metrics read these tables. The console gets them by
`python -m tools.console types`.

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
class Look:
    """How a state looks: always a word, a shape and a colour.

    zh, en       what it is called
    mark         its shape in a terminal: one character, another one for each state
    path         the same shape on a page of 16 by 16 pixels: the path of an SVG, filled by the rule `evenodd`
    light, dark  its colour on a light and on a dark page; text in it can be read (contrast 4.5 : 1)
    terminal     its colour in a terminal, as rich calls it
    """

    zh: str
    en: str
    mark: str
    path: str
    light: str
    dark: str
    terminal: str


@dataclass(frozen=True, slots=True)
class Traits:
    """What a state means.

    request      what an agent or a supervisor chooses to come into it, from any state (zh, en); None: calls lead to it
    code         what an agent's phone dials to ask for it, and the phrase that answers; None: there is no such code
    signed_in    the agent counts as signed in, for the `nobody_signed_in` of every queue that the agent could serve
    working      the agent serves callers, now or after the current call: estimates count it
    busy         the agent has a call, from its ring to the end of its wrap-up
    engaged      the same, from the answer on: such a call counts in the mean handling time of its queue
    in_call      the call itself goes on; a state asked for meanwhile follows it
    long         seconds after which a supervisor should look after the agent: soon, and now; None: never
    next         states that calls lead to from it
    """

    look: Look
    request: tuple[str, str] | None = None
    code: tuple[str, str] | None = None
    signed_in: bool = True
    working: bool = False
    busy: bool = False
    engaged: bool = False
    in_call: bool = False
    long: tuple[float, float] | None = None
    next: tuple[AgentState, ...] = ()


_CIRCLE = "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z"
_RING = f"{_CIRCLE}M8 4.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7z"
_DISC = "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12z"
TABLE: dict[AgentState, Traits] = {
    S.READY: Traits(
        Look("就绪", "Ready", "●", _DISC, "#197a35", "#3fb950", "green"),
        request=("就绪", "Ready"),
        code=("*45", "agent-ready"),
        working=True,
        next=(S.RINGING, S.ON_CALL),  # to on-call without a ring: another agent has sent a call, or asks
    ),
    S.RINGING: Traits(
        Look("振铃", "Ringing", "◎", _RING, "#a85400", "#e3a008", "yellow"),
        working=True,
        busy=True,
        in_call=True,
        long=(30.0, 60.0),
        # not-ready and logged-out: RONA, or chosen while it rang; ready: the ring was cancelled
        next=(S.ON_CALL,),
    ),
    S.ON_CALL: Traits(
        Look("通话", "On call", "■", "M2.5 2.5h11v11h-11z", "#0b62d6", "#6cb0ff", "blue"),
        working=True,
        busy=True,
        engaged=True,
        in_call=True,
        long=(15 * 60.0, 30 * 60.0),
        # straight to ready, not-ready or logged-out if the queue has no wrap-up or the agent was never connected
        next=(S.WRAP_UP,),
    ),
    S.WRAP_UP: Traits(
        Look("整理", "Wrap-up", "◐", f"{_DISC}M8 3.5v9a4.5 4.5 0 0 1 0-9z", "#6f42c1", "#b392f0", "magenta"),
        working=True,
        busy=True,
        engaged=True,
        long=(3 * 60.0, 10 * 60.0),
    ),
    S.NOT_READY: Traits(
        Look("示忙", "Not ready", "▬", "M5.5 2h5v12h-5z", "#57606a", "#8b949e", "bright_black"),
        request=("示忙", "Not ready"),
        code=("*46", "agent-not-ready"),
        long=(15 * 60.0, 45 * 60.0),
        next=(S.RINGING, S.ON_CALL),
    ),
    S.LOGGED_OUT: Traits(
        Look(
            "未签入",
            "Signed out",
            "·",
            "M8 5.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5z",
            "#626b75",
            "#8b949e",
            "bright_black",
        ),
        request=("签出", "Signed out"),
        code=("*47", "agent-signed-out"),
        signed_in=False,
    ),
}
"""Every state, in the order in which they are shown."""

REQUESTABLE = tuple(state for state in TABLE if TABLE[state].request)
SIGNED_IN = tuple(state for state in TABLE if TABLE[state].signed_in)
WORKING = frozenset(state for state in AgentState if TABLE[state].working)
BUSY = frozenset(state for state in AgentState if TABLE[state].busy)
ENGAGED = frozenset(state for state in AgentState if TABLE[state].engaged)
IN_CALL = frozenset(state for state in AgentState if TABLE[state].in_call)

TRANSITIONS: dict[AgentState, frozenset[AgentState]] = {
    state: frozenset({*REQUESTABLE, *traits.next} - {state}) for state, traits in TABLE.items()
}

CODES: dict[str, tuple[AgentState, str]] = {
    traits.code[0]: (state, traits.code[1]) for state, traits in TABLE.items() if traits.code is not None
}
"""What an agent dials, the state that it asks for, and the phrase that answers."""

UNREACHABLE = PhoneState.UNREACHABLE.value
_CROSSED = f"{_CIRCLE}M10.7 4.1 4.1 10.7A4.75 4.75 0 0 1 10.7 4.1zM5.3 11.9 11.9 5.3A4.75 4.75 0 0 1 5.3 11.9z"

LOOKS: dict[str, Look] = {
    **{state.value: TABLE[state].look for state in SIGNED_IN},
    UNREACHABLE: Look("话机不通", "Unreachable", "⊘", _CROSSED, "#c4232a", "#ff7b72", "red"),
    **{state.value: TABLE[state].look for state in TABLE if state not in SIGNED_IN},
}
"""What is shown of agents, in the order in which they are counted. See `shown`."""


def shown(state: str, phone: str) -> str:
    """What of LOOKS is shown of an agent. An unreachable phone comes before a state that waits for calls, as the agent
    gets none. In a call the call is shown, and nobody is missed who is signed out. A state of a newer service is shown.
    """
    traits = TABLE[AgentState(state)] if state in TABLE else None
    waits = traits is not None and traits.signed_in and not traits.busy
    return UNREACHABLE if waits and phone == UNREACHABLE else state


RONA = "rona"
"""The reason of an agent who is not ready after not answering: redirected on no answer."""

NO_CODE = "no-code"
"""The reason of an agent who is not ready because a call never got the wrap-up code that its queue requires."""

EMERGENCY_CODE = "*90"
"""What an agent's phone dials to record and switch on a message."""


class IllegalTransition(Exception):
    """The agent cannot go from the current state to the one asked for."""


def move(agent_id: str, current: AgentState, wanted: AgentState) -> AgentState:
    """`wanted`, if the table has it after `current`; raises IllegalTransition otherwise."""
    if wanted not in TRANSITIONS[current]:
        raise IllegalTransition(f"agent {agent_id} is {current} and cannot become {wanted}")
    return wanted
