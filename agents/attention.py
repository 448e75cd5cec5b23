"""Which agents need a supervisor, and in which order both walls show them. Pure.

The terminal's wall asks here. The browser's has the same rules in `console/src/pages/wall/attention.ts`, with the
figures and words of this module. Both are tested with the agents of `attention.cases.json` there.
"""

from collections.abc import Mapping
from typing import NamedTuple

from agents.states import NO_CODE, RONA, TABLE, UNREACHABLE, WORKING, AgentState, shown

WHY: Mapping[str, tuple[str, str]] = {
    "help": ("请求协助", "Calls for help"),
    UNREACHABLE: ("暂时派不了来电", "Gets no calls"),
    RONA: ("来电未接，自动示忙", "Did not answer"),
    NO_CODE: ("没选小结代码，自动示忙", "Gave no wrap-up code"),
    "missed": ("刚漏接来电", "Missed a call"),
    "long": ("时间较长", "Long"),
}
"""Why an agent needs somebody (zh, en)."""

ORDER = (
    UNREACHABLE,
    *(AgentState.NOT_READY, AgentState.RINGING, AgentState.WRAP_UP, AgentState.ON_CALL, AgentState.READY),
)
"""What is shown of agents who need somebody equally: those of the first stand first. Other states come after these."""

FAR_LATE, FAR_BELOW = 3.0, 0.75
"""Times the aim's seconds after which a wait is far too long, and the share of it below which a service level is."""


class Need(NamedTuple):
    """`level`: 0 nobody is needed, 1 soon, 2 now. `why`: a key of WHY; empty: level 0."""

    level: int
    why: str


def need(state: str, phone: str, reason: str, seconds: float, *, missed: int = 0, help_called: bool = False) -> Need:
    """What an agent needs who has been in `state` for `seconds`. `missed`: offers in a row that nobody answered."""
    if help_called:
        return Need(2, "help")
    seen = shown(state, phone)
    if seen == UNREACHABLE:
        return Need(2 if state == AgentState.READY else 1, UNREACHABLE)
    if state == AgentState.NOT_READY and reason in (RONA, NO_CODE):
        return Need(2, reason)
    long = TABLE[AgentState(state)].long if state in TABLE else None
    if long is not None and seconds >= long[0]:
        return Need(2 if seconds >= long[1] else 1, "long")
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
