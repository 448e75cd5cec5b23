"""What agents note of a call: a wrap-up code and a text each; read from the Records of one call. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from calls.talks import Talk
from journal.records import Kind, Record

WRITTEN = (Kind.WRAP_UP_CODE, Kind.NOTE)
"""The kinds that `wrap_ups` reads."""

LATE = 3_600.0
"""Seconds after the end of a talk in which its agent's code and note can still be changed. In wrap-up always."""


@dataclass(frozen=True, slots=True)
class WrapUp:
    """What one agent noted of one call. `queue`: of the talk; `name`: the code's, by language, when it was given.

    code, note  None: none was given; an empty note was removed
    at          when it was changed last, in seconds since the epoch
    """

    agent: str
    at: float
    queue: str | None = None
    code: str | None = None
    name: Mapping[str, str] | None = None
    note: str | None = None


def wrap_ups(records: Iterable[Record]) -> tuple[WrapUp, ...]:
    """From the Records of one call, in order; an agent once, in the order of their first ones."""
    found: dict[str, WrapUp] = {}
    for record in records:
        if record.kind not in WRITTEN:
            continue
        agent = record.agent or ""
        before = replace(found.get(agent, WrapUp(agent, record.at)), at=record.at, queue=record.queue)
        if record.kind is Kind.NOTE:
            found[agent] = replace(before, note=str(record.data.get("note", "")))
        else:
            name = record.data.get("name")
            code = str(record.data.get("code", ""))
            found[agent] = replace(before, code=code, name=name if isinstance(name, Mapping) else None)
    return tuple(found.values())


def last_talk(talks: Iterable[Talk], agent: str | None) -> Talk | None:
    """The last talk with this agent, None: with any agent. None: there was none."""
    with_agents = [talk for talk in talks if "agent" in talk.other]
    fitting = [talk for talk in with_agents if agent is None or talk.other["agent"] == agent]
    return fitting[-1] if fitting else None
