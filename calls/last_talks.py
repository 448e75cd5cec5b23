"""The last calls in which each agent talked, also those that were transferred and are somebody else's now."""

from collections import deque

from journal.records import Kind, Record

MOST = 20
"""Calls of an agent that are kept."""


class LastTalks:
    """It knows of talks since the start of the service; `note` must see every Record."""

    def __init__(self) -> None:
        self._calls: dict[str, deque[str]] = {}

    def note(self, record: Record) -> None:
        """Take a Record; the beginning of a talk counts."""
        if record.kind is Kind.CONNECTED:
            agent = record.agent
        elif record.kind is Kind.TRANSFER_ANSWERED:
            agent = record.data.get("to", {}).get("agent")
        else:
            return
        if agent and record.call is not None:
            calls = self._calls.setdefault(agent, deque(maxlen=MOST))
            if record.call in calls:
                calls.remove(record.call)
            calls.append(record.call)

    def of(self, agent_id: str) -> list[str]:
        """The ids of that agent's calls, newest first."""
        return [*reversed(self._calls.get(agent_id, ()))]
