"""The shell of the engine: feeds it events, performs its effects, keeps its one timer. It decides nothing.

Events are stepped in the callback that brings them: no task is woken, nothing queues, so nothing can overflow. An
effect may cause an event while the engine steps (a ring that fails at once): it is stepped after the running step.
"""

from collections import deque
from collections.abc import Callable
from math import inf
from typing import Protocol, assert_never

import structlog

from acd.effects import Announce, CallBack, CancelRing, Effect, LeaveQueue, Refuse, RingAgent
from acd.engine.step import Engine
from acd.events import Event, Tick
from base.clock import Alarm, Clock
from base.tasks import Failures, Work
from journal.records import Record

log = structlog.get_logger()


class Performer(Protocol):
    """Carries out the engine's effects. Every method returns at once and never raises."""

    def ring_agent(self, effect: RingAgent) -> None: ...
    def cancel_ring(self, effect: CancelRing) -> None: ...
    def announce(self, effect: Announce) -> None: ...
    def leave_queue(self, effect: LeaveQueue) -> None: ...
    def call_back(self, effect: CallBack) -> None: ...


class EngineBroke(RuntimeError):
    """The engine raised: nobody knows whether it has done what was asked."""


class Reentered(RuntimeError):
    """An answer was asked for while the engine steps: a mistake in the code that performs its effects."""


BROKEN_TICK = 1.0
"""Seconds between two ticks of an engine that has raised: it may still stand at the same timer."""


class Distributor:
    """Owns the engine. `write` takes every Record, the engine's and those of the calls. `failures` counts mistakes.
    `may_offer`: asked before each step, whether it may make new offers.

    One effect that cannot be performed harms no other. An engine that raises may have changed half of its state, and
    nobody knows which half. It goes on, as the calls need it; from then on it is not `sound`, its state goes into no
    snapshot, and `broke` is called. The next service has the state from the snapshot and Records before that.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        write: Callable[[Record], None],
        failures: Failures,
        may_offer: Callable[[], bool] = lambda: True,
    ) -> None:
        self.engine = engine
        self.clock = clock
        self.write = write
        self.sound = True
        self.broke: Callable[[], None] = lambda: None
        self._failures = failures
        self._may_offer = may_offer
        self._performer: Performer | None = None
        self._events: deque[Event] = deque()
        self._stepping = False
        self._closed = False
        self._alarm = Alarm(clock, self._tick)

    def serve(self, performer: Performer) -> None:
        """From now on effects go to `performer`."""
        self._performer = performer

    def close(self) -> None:
        """No more ticks: events of calls set no timer while the service ends."""
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

        Raises EngineBroke. Raises Reentered when called from within an effect: the effects are not known then.
        """
        if self._stepping:
            raise Reentered(type(event).__name__)
        self._events.append(event)
        effects = self._run()
        if effects is None:
            raise EngineBroke(type(event).__name__)
        return effects

    def _run(self) -> list[Effect] | None:
        """Step all events that wait; returns the effects of the first one, None: the engine raised."""
        self._stepping = True
        try:
            first = self._step(self._events.popleft())
            while self._events:
                self._step(self._events.popleft())
        finally:
            self._stepping = False
            self._rearm()
        return first

    def _step(self, event: Event) -> list[Effect] | None:
        try:
            self.engine.let_offer(self._may_offer())
            effects = self.engine.step(event, self.clock.now(), catching_up=self.clock.catching_up)
        except Exception as error:
            self._broke(error)
            return None
        for effect in effects:
            try:
                self._perform(effect)
            except Exception as error:
                self._failures.note(Work.EFFECT, error, effect=type(effect).__name__)
        return effects

    def _broke(self, error: Exception) -> None:
        self._failures.note(Work.ENGINE, error)
        if self.sound:
            self.sound = False
            self.broke()

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
            case LeaveQueue():
                performer.leave_queue(effect)
            case CallBack():
                performer.call_back(effect)
            case Refuse(why):
                log.info("refused", why=why)
            case _:
                assert_never(effect)

    def _rearm(self) -> None:
        try:
            due = None if self._closed else self.engine.deadline()
        except Exception as error:
            self._broke(error)
            due = -inf
        if due is not None and not self.sound:
            due = max(due, self.clock.now() + BROKEN_TICK)
        self._alarm.set(due)

    def _tick(self) -> None:
        self.tell(Tick())
