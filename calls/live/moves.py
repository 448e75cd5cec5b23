"""A supervisor's order to move a waiting caller, brought to the engine."""

from collections.abc import Callable, Collection
from typing import assert_never

from acd.distributor import Distributor
from acd.effects import Refuse
from acd.events import MoveRequested, ToAgent, ToFront, ToQueue
from calls.live.switchboard import Switchboard
from calls.move_api import AgentIn, FrontIn, MoveIn, NotMoved, QueueIn
from calls.states import Settling
from hotline.edition import Edition
from hotline.model import Hotline
from journal.actor import Actor
from sentences.sentence import Sentence


class Moves:
    """The `Moving` of the router. `edition`: the version in use."""

    def __init__(self, distributor: Distributor, switchboard: Switchboard, edition: Callable[[], Edition]) -> None:
        self._distributor, self._switchboard, self._edition = distributor, switchboard, edition

    def queues(self) -> Collection[str]:
        return self._edition().hotline.queues

    def move(self, call_id: str, wanted: MoveIn, actor: Actor) -> int | None:
        call = self._switchboard.of_id(call_id)
        if call is not None and isinstance(call.machine.state, Settling):
            raise NotMoved(
                Sentence("An agent has just answered this caller; ask again once it is known what came of it.")
            )
        effects = self._distributor.ask(MoveRequested(call_id, _to(wanted, self._edition().hotline), actor))
        for effect in effects:
            if isinstance(effect, Refuse):
                raise NotMoved(effect.why)
        return self._distributor.engine.position(call_id)


def _to(wanted: MoveIn, hotline: Hotline) -> ToFront | ToAgent | ToQueue:
    match wanted.to:
        case FrontIn():
            return ToFront()
        case AgentIn(agent=agent):
            return ToAgent(agent)
        case QueueIn(queue=queue):
            return ToQueue(queue, hotline.exactly(("queues", queue)))
        case to:
            assert_never(to)
