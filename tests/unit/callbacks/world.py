"""A queue that calls back, with the engine and the list of callbacks; the phone lines are lists."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from acd.distributor import Distributor
from acd.effects import Announce, CallBack, CancelRing, LeaveQueue, RingAgent
from acd.engine.step import Engine
from acd.events import (
    CallbackPromised,
    CallEnded,
    CallQueued,
    EndedBy,
    OfferConnected,
    PhoneChanged,
    StateRequested,
)
from agents.states import AgentState, PhoneState
from base.tasks import Failures, Tasks
from callbacks.calling import Calling
from callbacks.model import Callbacks
from calls.live.calls_out import CallsOut as LiveCallsOut
from dialplan.callback_legs import NotReached
from dialplan.citizen_legs import Listener, ToRecord
from hotline.callbacks import CallbackRule
from hotline.calls_out import CallsOut
from hotline.edition import Edition
from ivr.hours import OpeningHours, Span
from journal.actor import Actor
from journal.records import Kind, Record
from tests.unit.service.calling import FakeCatalogue, FakeClock
from tests.unit.service.small import hotline

NUMBER = "13800138000"
BY_CAUSE = {"declined": {"again": 7_000, "tries": 2}, "unreachable": {"again": 20}}


class Line:
    """Keeps who was dialled: callback, attempt, number and what the citizen hears."""

    def __init__(self) -> None:
        self.dialled: list[tuple[str, int, str, str]] = []
        self.cancelled: list[str] = []
        self.adopted: list[tuple[str, int]] = []
        self.last = ""
        self.fails: Exception | None = None
        self.not_reached: Callable[[str, NotReached], None] = lambda callback, why: None

    async def dial(self, callback: str, attempt: int, number: str, **said: str) -> None:
        self.dialled.append((callback, attempt, number, said["ask"]))
        self.last = said["last"]
        if self.fails is not None:
            raise self.fails

    def cancel(self, callback: str) -> None:
        self.cancelled.append(callback)

    def adopt(self, callback: str, attempt: int) -> None:
        self.adopted.append((callback, attempt))


class OutLine:
    """Keeps whose phones rang first: call, agent, number, what the phone shows, and for how long it rings."""

    def __init__(self) -> None:
        self.dialled: list[tuple[str, str, str, str, float]] = []
        self.cancelled: list[str] = []
        self.fails: Exception | None = None
        self.listener: Listener | None = None

    async def dial(
        self, call: str, agent: str, number: str, shown: str, name: str, ring: float, recorded: ToRecord
    ) -> None:
        self.dialled.append((call, agent, number, name, ring))
        if self.fails is not None:
            raise self.fails

    def cancel(self, call: str) -> None:
        self.cancelled.append(call)

    def adopt(self, call: str, agent: str) -> None: ...


class World:
    """Agent 1001 is ready, and talks with a caller; a citizen was promised the callback "b1"."""

    def __init__(self, **rule: Any) -> None:
        small = hotline()
        gate = {
            "hours": rule.pop("open", None),
            "missed_offers": 1,
            "callback": CallbackRule.model_validate({"key": "2", **rule}),
        }
        trees = small.queues["trees"].model_copy(update=gate)
        hours = {
            "night": OpeningHours(week={"mon-sun": (Span(0, 1),)}),
            "day": OpeningHours(week={"mon-sun": (Span(480, 1_080),)}),
            "office": OpeningHours(week={"mon-fri": (Span(540, 720), Span(780, 1_200))}),
        }
        changed: dict[str, Any] = {
            "queues": {**small.queues, "trees": trees},
            "calls_out": CallsOut(allowed=("1[3-9]xxxxxxxxx",)),
            "opening_hours": hours,
        }
        self.edition = Edition(small.model_copy(update=changed), FakeCatalogue())
        self.clock, self.line, self.out, self.records = FakeClock(), Line(), OutLine(), list[Record]()
        self.drained = False
        agents = {"1001": self.edition.hotline.agents["1001"]}
        engine = Engine(self.edition.hotline.queues, agents, seed=1, now=self.clock.now())
        self.failures = Failures()
        self.distributor = Distributor(engine, self.clock, self.write, self.failures)
        self.callbacks = Callbacks(opens=lambda queue, at: self.edition.hotline.calls_back_from(queue, at))
        self.calls_out = self.live_calls_out(self.out)
        self.calling = Calling(
            self.callbacks,
            self.line,  # type: ignore[arg-type]
            self.calls_out,
            self.distributor,
            Tasks(self.failures),
            lambda: self.edition,
            lambda: self.drained,
        )
        self.distributor.serve(self)
        self.tell(PhoneChanged("1001", PhoneState.FREE))
        self.tell(StateRequested("1001", AgentState.READY, Actor.agent("1001")))
        self.tell(CallQueued("talk", "trees", "en"))
        self.connected()
        self.tell(CallQueued("c1", "trees", "en"))
        self.tell(CallbackPromised("c1", "b1", NUMBER))
        self.hangs_up()

    def live_calls_out(self, line: OutLine) -> LiveCallsOut:
        telephony: Any = SimpleNamespace(citizen_legs=line)
        return LiveCallsOut(self.distributor, telephony, lambda: self.edition, lambda call, offer: "")

    def hangs_up(self) -> None:
        """The caller has heard what is promised."""
        self.write(Record(self.clock.now(), Kind.CALL_FINISHED, "c1"))

    def tell(self, event: Any) -> None:
        self.distributor.tell(event)

    def connected(self) -> None:
        (offer,) = self.distributor.engine.offers()
        self.tell(OfferConnected(offer.id))

    def free(self) -> None:
        """The agent hangs up, and wraps up for no time."""
        self.tell(CallEnded("talk", EndedBy.AGENT))

    def write(self, record: Record) -> None:
        self.records.append(record)
        self.callbacks.note(record)
        self.calling.note(record)

    def ring_agent(self, effect: RingAgent) -> None: ...
    def cancel_ring(self, effect: CancelRing) -> None: ...
    def announce(self, effect: Announce) -> None: ...
    def leave_queue(self, effect: LeaveQueue) -> None: ...
    def call_back(self, effect: CallBack) -> None:
        self.calling.call_back(effect)

    @property
    def call_out(self) -> str:
        """The call of the agent who is rung first."""
        return self.out.dialled[-1][0]

    @property
    def callback(self) -> Any:
        return self.callbacks.find("b1")
