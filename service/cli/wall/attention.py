"""Which agent needs a person first. Pure."""

from service.cli.wall.board import AgentLine
from service.cli.wall.words import SIGNED_OUT, UNREACHABLE

LONG = {"ringing": 30.0, "on-call": 900.0, "wrap-up": 180.0, "not-ready": 900.0}
"""Seconds after which somebody should ask why an agent is still in that state: as on the console's wall
(`console/src/pages/wall/attention.ts`)."""

ORDER = ("ringing", "on-call", "wrap-up", "not-ready", "ready")
"""States that need nothing from a supervisor, in the order in which their agents are shown."""

MISSED = "rona"
"""The reason of an agent whom the service made not ready because nobody answered the phone."""


def shown(agent: AgentLine) -> str:
    """The state to show: a signed-in agent whose phone cannot be reached gets no calls, whatever was asked for."""
    return UNREACHABLE if agent.phone == "unreachable" and agent.state != SIGNED_OUT else agent.state


def seconds(agent: AgentLine, now: float) -> float:
    """How long the agent has been in the state; `now` in seconds since the epoch."""
    return max(0.0, now - agent.since.timestamp())


def calling_for(agent: AgentLine, now: float) -> float | None:
    """For how many seconds the agent has called for help in this talk; None: the agent does not."""
    return None if agent.help_since is None else max(0.0, now - agent.help_since.timestamp())


def needed(agent: AgentLine, now: float) -> bool:
    """Whether a person should look after this agent."""
    state = shown(agent)
    if agent.help_since is not None or state == UNREACHABLE or (state == "not-ready" and agent.reason == MISSED):
        return True
    return seconds(agent, now) > LONG.get(state, float("inf"))


def rank(agent: AgentLine, now: float) -> tuple[int, float]:
    """Sorts agents: first those who need somebody (a call for help, no phone, a missed ring, too long in a state), then
    by state; within each the longest first. Agents who are signed out come last.
    """
    state = shown(agent)
    if (called := calling_for(agent, now)) is not None:
        return 0, -called
    if needed(agent, now):
        place = 1 if state == UNREACHABLE else 2 if agent.reason == MISSED else 3
    elif state in ORDER:
        place = 4 + ORDER.index(state)
    else:
        place = 99 if state == SIGNED_OUT else 98  # a state of a newer service
    return place, -seconds(agent, now)
