"""The shell of the engine: feeds it events, performs its effects, keeps its one timer. It decides nothing.

Events are stepped in the callback that brings them: no task is woken, nothing queues, so nothing can overflow. An
effect may cause an event while the engine steps (a ring that fails at once): it is stepped after the running step.
"""

from collections import deque
from collections.abc import Callable
from typing import Protocol, assert_never

import structlog

from acd.effects import Announce, CancelRing, Effect, Refuse, RingAgent, SendOn
from acd.engine.step import Engine
from acd.events import Event, Tick
from journal.records import Record
from service.setup.clock import Alarm, Clock

log = structlog.get_logger()


class Performer(Protocol):
    """Carries out the engine's effects. Every method returns at once and never raises."""

    def ring_agent(self, effect: RingAgent) -> None: ...
    def cancel_ring(self, effect: CancelRing) -> None: ...
    def announce(self, effect: Announce) -> None: ...
    def send_on(self, effect: SendOn) -> None: ...


class Reentered(RuntimeError):
    """An answer was asked for while the engine steps: a mistake in the code that performs its effects."""


class Distributor:
    """Owns the engine. `write` takes every Record, the engine's and those of the calls."""

    def __init__(self, engine: Engine, clock: Clock, write: Callable[[Record], None]) -> None:
        self.engine = engine
        self.clock = clock
        self.write = write
        self._performer: Performer | None = None
        self._events: deque[Event] = deque()
        self._stepping = False
        self._closed = False
        self._alarm = Alarm(clock, self._tick)

    def serve(self, performer: Performer) -> None:
        """From now on effects go to `performer`."""
        self._performer = performer

    def close(self) -> None:
        """No more ticks: events that calls still tell while the service ends set no timer."""
        self._closed = True
        self._rearm()

    def tell(self, event: Event) -> None:
        """Step the engine and perform what it wants.

        An event told from within an effect is stepped after all effects of the running step.
        """
        self._events.append(event)
        if not self._stepping:
            self._run()

    def ask(self, event: Event) -> list[Effect]:
        """As `tell`; returns the effects of this event.

        Raises Reentered when called from within an effect: the effects are not known then.
        """
        if self._stepping:
            raise Reentered(type(event).__name__)
        self._events.append(event)
        return self._run()

    def _run(self) -> list[Effect]:
        """Step all events that wait; returns the effects of the first one."""
        self._stepping = True
        first: list[Effect] | None = None
        try:
            while self._events:
                catching_up = self.clock.catching_up
                effects = self.engine.step(self._events.popleft(), self.clock.now(), catching_up=catching_up)
                first = effects if first is None else first
                for effect in effects:
                    self._perform(effect)
        finally:
            self._stepping = False
            self._rearm()
        return first or []

    def _perform(self, effect: Effect) -> None:
        performer = self._performer
        assert performer is not None, "serve() comes before the first event"
        match effect:
            case Record():
                self.write(effect)
            case RingAgent():
                performer.ring_agent(effect)
            case CancelRing():
                performer.cancel_ring(effect)
            case Announce():
                performer.announce(effect)
            case SendOn():
                performer.send_on(effect)
            case Refuse(why):
                log.info("refused", why=why)
            case _:
                assert_never(effect)

    def _rearm(self) -> None:
        self._alarm.set(None if self._closed else self.engine.deadline())

    def _tick(self) -> None:
        self.tell(Tick())
