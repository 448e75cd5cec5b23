"""A machine in a state, and what it does there."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from acd import events as acd
from acd.effects import RingAgent
from acd.events import EndedBy
from acd.model import Recorded
from calls import effects as do
from calls import events as ev
from calls.leg import Bridge, Leg, Session
from calls.machine import CallMachine
from calls.model import Arrival
from calls.states import (
    Arriving,
    AtLine,
    AtMessage,
    Entering,
    Going,
    Gone,
    Hold,
    InMenu,
    Interrupted,
    Leaving,
    Offered,
    Over,
    PuttingThrough,
    Settling,
    State,
    Talking,
    Waiting,
)
from dialplan.news import News
from hotline.edition import Edition
from ivr import interpreter
from ivr.interpreter import Facts
from ivr.model import HangUp, Say, ToMenu, ToQueue, ToSubHotline
from journal.records import Kind, Record
from sounds.model import Phrase, Speech
from tests.unit.service.calling import FakeCatalogue
from tests.unit.service.small import hotline

EDITION = Edition(hotline(), FakeCatalogue())
NOW = 1_700_000_000.0
ARRIVAL = Arrival("c-1", "138", "12319", "en")
SPEECH: Speech = (Phrase("queue-position-next"),)

TREES, GENERAL = ToQueue(queue="trees"), ToQueue(queue="general")
BUREAU, MAIN = ToSubHotline(sub_hotline="bureau"), ToMenu(menu="main")
FACTS = Facts(datetime.fromtimestamp(NOW, EDITION.hotline.zone), "138", "12319")
MENU = InMenu(interpreter.start(EDITION.hotline, "en", FACTS), asked=True)
NEWS = interpreter.send(
    EDITION.hotline, interpreter.State("en"), Say(say={"*": "News"}, then=HangUp(hangup=True)), FACTS
)
TO_TALK, MISSED = ev.Connected("o-1"), ev.RingOver("o-1")
BROKEN, FREE = ev.SessionEnded(gone=False), ev.PlainEvent.SESSION_FREE
HUNG_UP, STRAY = ev.CallerHungUp(blind=False), News.STRAY

EACH: tuple[State, ...] = (
    Arriving(),
    MENU,
    Going(TREES),
    Entering("trees"),
    Waiting("trees"),
    Offered("trees", frozenset({"o-1"})),
    Settling("trees", frozenset({"o-1"})),
    Talking("trees", "o-1"),
    Talking("trees", "o-1", "1001", hold=Hold(NOW)),
    Interrupted("trees", "o-1", "1001", NOW, NOW + 10),
    PuttingThrough("bureau"),
    AtLine("bureau"),
    AtMessage("trees", 120.0),
    Leaving(),
    Gone("trees"),
    Over(EndedBy.CALLER),
)
TOLD = [type(state).__name__ for state in EACH]


def offered(*offers: str) -> Offered:
    return Offered("trees", frozenset(offers))


def settling(*offers: str, taken: str = "", until: float | None = None) -> Settling:
    return Settling("trees", frozenset(offers), taken, until)


def ring(offer: str = "o-1", queue: str = "trees") -> RingAgent:
    return RingAgent(offer, "c-1", "1001", queue, 15.0)


def recording(record: Recorded = Recorded.ALWAYS, queue: str = "trees") -> Edition:
    """A version in which this queue records its talks."""
    queues = EDITION.hotline.queues
    changed = {**queues, queue: queues[queue].model_copy(update={"record": record})}
    return replace(EDITION, hotline=EDITION.hotline.model_copy(update={"queues": changed}))


def records(commands: list[do.Command], kind: Kind | None = None) -> list[Record]:
    written = [command.record for command in commands if isinstance(command, do.Write)]
    return [record for record in written if kind in (None, record.kind)]


def told(commands: list[do.Command]) -> list[acd.Event]:
    return [command.event for command in commands if isinstance(command, do.TellDistributor)]


def others(commands: list[do.Command]) -> list[do.Command]:
    """The commands that are neither a Record nor for the distributor."""
    return [command for command in commands if not isinstance(command, do.Write | do.TellDistributor)]


class At:
    """A machine in `state`, and its leg as given; Asterisk can be asked. `now`: as the test has it."""

    def __init__(
        self, state: State, edition: Edition = EDITION, *, session: bool = False, held: bool = False, **leg: Any
    ) -> None:
        self.now = NOW
        self.machine = CallMachine.restored(replace(ARRIVAL, resumed=True), edition, state, NOW)
        self.machine.leg = Leg()
        self.machine.step(ev.LinkChanged(up=True), NOW)
        serves, bridge = Session.SERVES if session else Session.NONE, Bridge.HELD if held else Bridge.OUT
        self.machine.leg = Leg(session=serves, bridge=bridge, **leg)

    def step(self, *events: ev.Event) -> list[do.Command]:
        """All commands of these events."""
        return [command for event in events for command in self.machine.step(event, self.now)]

    def task(self) -> do.Task | None:
        """What the session is to do next."""
        tasks = [command.task for command in self.step(ev.PlainEvent.SESSION_FREE) if isinstance(command, do.Do)]
        assert len(tasks) <= 1
        return tasks[0] if tasks else None

    def due(self) -> list[do.Command]:
        """The deadline comes."""
        due = self.machine.deadline()
        assert due is not None
        self.now = due
        return self.step(ev.PlainEvent.TICK)

    @property
    def state(self) -> State:
        return self.machine.state
