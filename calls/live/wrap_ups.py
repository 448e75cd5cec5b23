"""Wrap-up codes go to the engine, which may wait for them; notes go straight into the journal."""

from collections.abc import Callable, Mapping
from typing import Any

from acd.distributor import Distributor
from acd.events import CodeGiven
from calls.model import CallSummary
from hotline.model import Hotline
from journal.actor import Actor
from journal.records import Kind, Record


class Sheets:
    """The `WrapUps` of the router. `hotline`: the one in use."""

    def __init__(self, distributor: Distributor, hotline: Callable[[], Hotline]) -> None:
        self._distributor, self._hotline = distributor, hotline

    def codes(self, queue: str | None) -> Mapping[str, Mapping[str, str]]:
        return self._hotline().codes_of(queue)

    def required(self, queue: str | None) -> bool:
        known = self._hotline().queues.get(queue or "")
        return known is not None and known.needs_code

    def give(self, call: CallSummary, queue: str | None, agent: str, code: str, actor: Actor) -> None:
        name = self.codes(queue)[code]
        self._distributor.ask(CodeGiven(call.id, queue, agent, code, name, actor, call.test))

    def write(self, call: CallSummary, queue: str | None, agent: str, note: str, actor: Actor) -> None:
        data: dict[str, Any] = {"note": note, "test": True} if call.test else {"note": note}
        now = self._distributor.clock.now()
        self._distributor.write(Record(now, Kind.NOTE, call.id, queue, agent, data=data, actor=actor))
