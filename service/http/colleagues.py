"""Colleagues in the event stream of an agent's desk: who they are, and whether they are free."""

from collections.abc import Collection

from agents.api import AgentSource, colleague_out
from calls.targets_api import TargetSource, colleagues


class Colleagues:
    """`targets`: the lines of departments are no colleagues."""

    def __init__(self, source: AgentSource, targets: TargetSource) -> None:
        self._source, self._targets = source, targets
        self._seen: dict[str, tuple[str, int]] = {}  # JSON, and the look that saw the agent change

    def look_at_all(self, number: int) -> None:
        """Forget what was, and look at everybody. `number`: of this look."""
        known = [agent.id for agent in colleagues(self._targets, self._source)]
        self._seen = {agent_id: (self._json(agent_id), number) for agent_id in known}

    def look_at(self, touched: Collection[str], number: int) -> None:
        """Look at those whom Records named."""
        for agent_id in self._seen.keys() & touched:
            json = self._json(agent_id)
            if json != self._seen[agent_id][0]:
                self._seen[agent_id] = json, number

    def since(self, told: int, own: str) -> list[str]:
        """The JSON of those who have changed since the look `told`, for the desk of the agent `own`."""
        return [json for name, (json, number) in self._seen.items() if number > told and name != own]

    def clear(self) -> None:
        """There is no desk any more: forget all."""
        self._seen = {}

    def _json(self, agent_id: str) -> str:
        return colleague_out(self._source.agents()[agent_id], self._source.agent_view(agent_id)).model_dump_json()
