"""The queues of the machine of one call, played: the engine is real."""

import json
from collections import deque
from collections.abc import Callable
from typing import Any

from acd import effects as wanted
from acd import events as acd
from acd.engine.step import Engine
from agents.states import AgentState, PhoneState
from hotline.model import Hotline
from journal.actor import Actor


class Queues:
    """Steps the engine as the distributor does: what an effect leads to is told after it. `wants`: gets each effect."""

    def __init__(self, hotline: Hotline, now: float, wants: Callable[[wanted.Effect], None]) -> None:
        self.engine = Engine(hotline.queues, hotline.agents, seed=1, now=now)
        self._hotline, self._wants = hotline, wants
        self._events: deque[acd.Event] = deque()
        self._stepping = False

    def tell(self, event: acd.Event, now: float) -> list[wanted.Effect]:
        """Its effects, [] from within another event's: then it waits for its turn."""
        self._events.append(event)
        if self._stepping:
            return []
        self._stepping = True
        first: list[wanted.Effect] | None = None
        while self._events:
            effects = self.engine.step(self._events.popleft(), now)
            first = effects if first is None else first
            for effect in effects:
                self._wants(effect)
        self._stepping = False
        return first or []

    def restart(self, seed: int, now: float) -> None:
        """The engine of the next service, by a snapshot of this one."""
        snapshot: dict[str, Any] = json.loads(json.dumps(self.engine.snapshot()))
        self.engine = Engine.restored(
            self._hotline.queues, self._hotline.agents, snapshot, (), seed=seed, now=now, unseen=True
        )

    def agents_come(self, now: float) -> None:
        """All agents have a phone and are ready."""
        self.agents_have_phones(now)
        for agent_id in self._hotline.agents:
            self.tell(acd.StateRequested(agent_id, AgentState.READY, Actor.agent(agent_id)), now)

    def agents_have_phones(self, now: float) -> None:
        for agent_id in self._hotline.agents:
            self.tell(acd.PhoneChanged(agent_id, PhoneState.FREE), now)
