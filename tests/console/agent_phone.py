"""Agents' phones that dial."""

from calls.dial_api import AgentDials
from journal.actor import Actor


class Dials(AgentDials):
    """Every phone dials. The small Asterisk has a clock of its own, and a browser has the real one.

    dialled  agents, each with a number
    called   agents, each with a citizen's number and the queue
    """

    def __init__(self) -> None:
        self.dialled: list[tuple[str, str]] = []
        self.called: list[tuple[str, str, str]] = []

    async def dial(self, agent_id: str, number: str) -> None:
        self.dialled.append((agent_id, number))

    async def call_citizen(self, agent_id: str, number: str, queue: str, actor: Actor) -> None:
        self.called.append((agent_id, number, queue))
