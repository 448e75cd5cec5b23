"""The states of an agent: what each is called, how it looks, what it means, which may follow which, and which need a
supervisor. Pure.

Both walls, the desk, the codes of phones, the engine, HTTP and the metrics read these tables. The console gets them by
`python -m tools.console types`.

What the agent *wants* (`ready`, `not-ready`, `logged-out`) and the state of the *phone* are kept apart:
an agent may be ready with an unreachable phone, and is then not offered calls.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


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
    """Which of LOOKS an agent has. An unreachable phone is shown in place of a state that waits for calls, as the agent
    gets none. It is not shown in a call or after signing out. A state that only a newer service knows stays as it is.
    """
    traits = TABLE[AgentState(state)] if state in TABLE else None
    waits = traits is not None and traits.signed_in and not traits.busy
    return UNREACHABLE if waits and phone == UNREACHABLE else state


RONA = "rona"
"""The reason of an agent who is not ready after not answering: redirected on no answer."""

NO_CODE = "no-code"
"""The reason of an agent who is not ready because a call never got the wrap-up code that its queue requires."""

RECORDING_CODE = "*48"
"""What an agent's phone dials in a talk, on another line, to let its recording pause, or go on."""

EMERGENCY_CODE = "*90"
"""What an agent's phone dials to record and switch on a message."""


class IllegalTransition(Exception):
    """The agent cannot go from the current state to the one asked for."""


def move(agent_id: str, current: AgentState, wanted: AgentState) -> AgentState:
    """`wanted`, if the table has it after `current`; raises IllegalTransition otherwise."""
    if wanted not in TRANSITIONS[current]:
        raise IllegalTransition(f"agent {agent_id} is {current} and cannot become {wanted}")
    return wanted


# Which agents need a supervisor, and in which order both walls show them. Pure.
#
# The terminal's wall asks here. The browser's has the same rules in `console/src/pages/wall/attention.ts`, with the
# figures and words of this module. Both are tested with the agents of `attention.cases.json` there.


WHY: Mapping[str, tuple[str, str]] = {
    "help": ("请求协助", "Calls for help"),
    UNREACHABLE: ("暂时派不了来电", "Gets no calls"),
    RONA: ("来电未接，自动示忙", "Did not answer"),
    NO_CODE: ("没选小结代码，自动示忙", "Gave no wrap-up code"),
    "missed": ("刚漏接来电", "Missed a call"),
    "long": ("时间较长", "Long"),
    "over": ("小休超时", "Break is over its limit"),
}
"""Why an agent needs somebody (zh, en)."""

ORDER = (
    UNREACHABLE,
    *(AgentState.NOT_READY, AgentState.RINGING, AgentState.WRAP_UP, AgentState.ON_CALL, AgentState.READY),
)
"""What is shown of agents who need somebody equally: those of the first stand first. Other states come after these."""

FAR_LATE, FAR_BELOW = 3.0, 0.75
"""Times the aim's seconds after which a wait is far too long, or a limit's after which a break is; and the share of the
aim below which a service level is far too low.
"""


class Need(NamedTuple):
    """`level`: 0 nobody is needed, 1 soon, 2 now. `why`: a key of WHY; empty: level 0."""

    level: int
    why: str


def need(
    state: str,
    phone: str,
    reason: str,
    seconds: float,
    *,
    missed: int = 0,
    help_called: bool = False,
    limit: float | None = None,
) -> Need:
    """What an agent needs who has been in `state` for `seconds`. `missed`: offers in a row that nobody answered.
    `limit`: seconds that the agent's break may last; None: it has no limit of its own.
    """
    if help_called:
        return Need(2, "help")
    seen = shown(state, phone)
    if seen == UNREACHABLE:
        return Need(2 if state == AgentState.READY else 1, UNREACHABLE)
    if state == AgentState.NOT_READY and reason in (RONA, NO_CODE):
        return Need(2, reason)
    long = TABLE[AgentState(state)].long if state in TABLE else None
    if limit is not None:
        long = limit, FAR_LATE * limit
    if long is not None and seconds >= long[0]:
        return Need(2 if seconds >= long[1] else 1, "long" if limit is None else "over")
    if state == AgentState.READY and missed > 0:
        return Need(1, "missed")
    return Need(0, "")


def rank(agent_id: str, seen: str, needed: Need, since: float) -> tuple[int, float, float, str]:
    """Sorts agents: first those who need somebody, by how much, by what is shown of them (`seen`), the longest first.
    The others keep the order of their numbers, whatever they do: a grid in which calls move the cards cannot be read.
    Those who are signed out come last. `since`: epoch seconds.
    """
    if needed.level == 0:
        return 0, float(seen == AgentState.LOGGED_OUT), 0.0, agent_id
    rank = -1 if needed.why == "help" else ORDER.index(seen) if seen in ORDER else len(ORDER)
    return -needed.level, rank, since, agent_id


def wait_level(seconds: float, within: float) -> int:
    """How much too long a queue's longest wait is, by its own aim: 0, 1, or 2 far too long."""
    return 2 if seconds > FAR_LATE * within else int(seconds > within)


def service_level(percent: float | None, aim: float) -> int:
    """The same of a service level; None: nothing to judge yet."""
    if percent is None or percent >= aim:
        return 0
    return 2 if percent < FAR_BELOW * aim else 1


def crew_level(waiting: int, crew: Mapping[str, int]) -> int:
    """Somebody waits: 1 if nobody is free, 2 if nobody is at work. `crew`: agents by state, its name with `_`."""
    if waiting == 0 or crew.get("ready", 0) + crew.get("ringing", 0) > 0:
        return 0
    return 1 if any(crew.get(state.replace("-", "_"), 0) for state in WORKING) else 2
