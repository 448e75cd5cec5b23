"""The shell of the engine: what it feeds, performs and waits for. The engine here is a script of effects."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from acd.distributor import Distributor, EngineBroke, Reentered
from acd.effects import Announce, CallBack, CancelReason, CancelRing, Effect, LeaveQueue, Refuse, RingAgent
from acd.engine.step import Engine
from acd.events import CallQueued, Event, OfferFailed, OfferFailure, Tick
from base.tasks import Failures, Work
from journal.records import Kind, Record
from tests.unit.faketime import fake_time, passes
from tests.unit.service.calling import START, FakeClock

RING = RingAgent("o1", "c1", "1001", "trees", 15)
RECORD = Record(START, Kind.OFFERED, "c1")
QUEUED = CallQueued("c1", "trees", "en")
FAILED = OfferFailed("o1", OfferFailure.FAILED)


class ScriptedEngine(Engine):
    """Answers each event with what the script has for it, keeps what it was told and when."""

    def __init__(self, script: dict[type[Event], list[Effect]]) -> None:
        super().__init__({}, {}, seed=1)
        self.script = script
        self.told: list[tuple[float, Event]] = []
        self.wanted: float | None = None
        self.raises: type[Event] | tuple[()] = ()

    def step(self, event: Event, now: float, *, catching_up: bool = False) -> list[Effect]:
        self.told.append((round(now - START, 3), event))
        if isinstance(event, self.raises):
            raise ZeroDivisionError
        return self.script.get(type(event), [])

    def deadline(self) -> float | None:
        return None if self.wanted is None else START + self.wanted


class Performed:
    """Keeps what it is to perform, in order with the Records; `then` is called in each ring."""

    def __init__(self) -> None:
        self.all: list[Any] = []
        self.then: Callable[[], None] = lambda: None

    def ring_agent(self, effect: RingAgent) -> None:
        self.all.append(effect)
        self.then()

    def cancel_ring(self, effect: CancelRing) -> None:
        self.all.append(effect)

    def announce(self, effect: Announce) -> None:
        self.all.append(effect)

    def leave_queue(self, effect: LeaveQueue) -> None:
        self.all.append(effect)

    def call_back(self, effect: CallBack) -> None:
        self.all.append(effect)


def parts(
    script: dict[type[Event], list[Effect]], failures: Failures | None = None
) -> tuple[Distributor, ScriptedEngine, Performed]:
    engine, performed = ScriptedEngine(script), Performed()
    distributor = Distributor(engine, FakeClock(), performed.all.append, failures or Failures())
    distributor.serve(performed)
    return distributor, engine, performed


@fake_time
async def test_effects_are_performed_in_their_order() -> None:
    cancel = CancelRing("o0", "1002", CancelReason.CALLER_LEFT)
    announce, leave_queue = Announce("c2", 1, None), LeaveQueue("c3", "trees", 0, None)
    effects: list[Effect] = [RECORD, cancel, RING, announce, leave_queue, CallBack("b1", "trees")]
    distributor, _, performed = parts({CallQueued: effects})
    assert distributor.ask(QUEUED) == effects
    assert performed.all == effects


@fake_time
async def test_what_an_effect_tells_is_stepped_when_the_running_step_is_performed() -> None:
    failed = Record(START, Kind.OFFER_FAILED, "c1")
    distributor, engine, performed = parts({CallQueued: [RING, RECORD], OfferFailed: [failed]})
    performed.then = lambda: distributor.tell(FAILED)
    assert distributor.ask(QUEUED) == [RING, RECORD], "the effects of the first event, and of no other"
    assert performed.all == [RING, RECORD, failed]
    assert [event for _, event in engine.told] == [QUEUED, FAILED]


@fake_time
async def test_an_answer_cannot_be_had_while_the_engine_steps() -> None:
    failures = Failures()
    distributor, engine, performed = parts({CallQueued: [RING]}, failures)

    def ask() -> None:
        with pytest.raises(Reentered, match="OfferFailed"):
            distributor.ask(FAILED)
        performed.all.append("asked")

    performed.then = ask
    distributor.tell(QUEUED)
    assert performed.all == [RING, "asked"]
    assert [event for _, event in engine.told] == [QUEUED]
    assert not +failures.counts


@fake_time
async def test_an_effect_that_cannot_be_performed_harms_no_other() -> None:
    failures = Failures()
    distributor, engine, performed = parts({CallQueued: [RING, RECORD]}, failures)

    def break_down() -> None:
        raise RuntimeError("broken")

    performed.then = break_down
    engine.wanted = 5
    distributor.tell(QUEUED)
    assert performed.all == [RING, RECORD]
    assert +failures.counts == {Work.EFFECT: 1}
    assert distributor.sound
    assert distributor.ask(FAILED) == []
    await passes(5)
    assert [event for _, event in engine.told] == [QUEUED, FAILED, Tick()]
    distributor.close()


@fake_time
async def test_an_engine_that_raises_is_sound_no_more_and_goes_on_until_the_next_service() -> None:
    failures, asked = Failures(), []
    distributor, engine, performed = parts({CallQueued: [RECORD]}, failures)
    distributor.broke = lambda: asked.append("another service")
    engine.raises = OfferFailed
    distributor.tell(FAILED)
    assert (distributor.sound, asked) == (False, ["another service"])
    with pytest.raises(EngineBroke, match="OfferFailed"):
        distributor.ask(FAILED)
    assert asked == ["another service"], "once"
    assert distributor.ask(QUEUED) == [RECORD]
    assert performed.all == [RECORD]
    assert +failures.counts == {Work.ENGINE: 2}


@fake_time
async def test_an_engine_that_does_not_get_past_what_is_due_takes_no_processor() -> None:
    failures = Failures()
    distributor, engine, _ = parts({}, failures)
    engine.raises, engine.wanted = Tick, 1
    distributor.tell(QUEUED)
    await passes(10.5)
    assert failures.counts[Work.ENGINE] == 10, "one a second"
    distributor.close()


@fake_time
async def test_the_engine_gets_a_tick_at_its_deadline_and_again_at_the_next() -> None:
    distributor, engine, _ = parts({})
    engine.wanted = 10
    distributor.tell(QUEUED)
    await passes(9.9)
    assert len(engine.told) == 1
    engine.wanted = 30  # asked for after each step only
    await passes(0.2)
    assert engine.told[1:] == [(10, Tick())]
    engine.wanted = None
    await passes(100)
    assert engine.told[1:] == [(10, Tick()), (30, Tick())]


@fake_time
async def test_another_event_moves_the_deadline() -> None:
    distributor, engine, _ = parts({})
    engine.wanted = 10
    distributor.tell(QUEUED)
    engine.wanted = 20
    distributor.tell(FAILED)
    await passes(15)
    assert [event for _, event in engine.told] == [QUEUED, FAILED]
    engine.wanted = None
    distributor.tell(FAILED)
    await passes(100)
    assert Tick() not in [event for _, event in engine.told]


@fake_time
async def test_a_deadline_that_has_passed_is_kept_at_once() -> None:
    distributor, engine, _ = parts({})
    await passes(50)
    engine.wanted = 10
    distributor.tell(QUEUED)
    engine.wanted = None
    await asyncio.sleep(0)
    await passes(0.001)
    assert [event for _, event in engine.told] == [QUEUED, Tick()]


@fake_time
async def test_closed_it_ticks_no_more() -> None:
    distributor, engine, _ = parts({})
    engine.wanted = 10
    distributor.tell(QUEUED)
    distributor.close()
    distributor.close()
    distributor.tell(FAILED)  # a call that ends with the service
    await passes(100)
    assert len(engine.told) == 2


@fake_time
async def test_a_refusal_is_for_the_asker() -> None:
    refused = Refuse("There is no queue trees.")
    distributor, _, performed = parts({CallQueued: [refused]})
    assert distributor.ask(QUEUED) == [refused]
    assert performed.all == []
