"""Where distributors fail: things that happen in the same millisecond, late, twice, or in another order."""

import random

import pytest

from acd.effects import CancelRing, Effect, RingAgent
from acd.events import (
    CallEnded,
    CallLeft,
    CallQueued,
    EndedBy,
    Event,
    Left,
    OfferAnswered,
    OfferConnected,
    OfferFailed,
    OfferFailure,
    PhoneChanged,
    StateRequested,
    Tick,
)
from agents.states import AgentState, PhoneState
from journal.actor import Actor
from journal.records import Kind
from tests.unit.acd.world import World, agent, cancelled, overflowed, queue, rings

READY = AgentState.READY


def test_an_agent_is_not_rung_twice_because_the_news_of_the_phone_lags() -> None:
    world = World([queue(wrap_up=0)], [agent("11")])
    world.call("c1")
    for _ in range(3):  # late, and repeated, news of before the ring
        assert world.phone("11", PhoneState.BUSY) == []
        assert world.phone("11", PhoneState.FREE) == []
    assert world.call("c2") == []
    assert world.ask("11", READY) == []
    world.answer("11")
    world.phone("11", PhoneState.FREE)
    assert world.call("c3") == []
    world.connect("11")
    assert world.phone("11", PhoneState.UNREACHABLE) == []
    assert world.phone("11", PhoneState.FREE) == [], "the agent talks, whatever is said of the phone"
    assert rings(world.end("c1")) == [("11", "c2")]


@pytest.mark.parametrize("when", ["before the ring", "during the ring", "during the whisper", "before the bridge"])
def test_no_reservation_is_lost_or_leaked_when_the_caller_hangs_up(when: str) -> None:
    world = World([queue(whisper={"*": "trees"})], [agent("11")], signed_in=when != "before the ring")
    world.call("c1")
    if when == "during the ring":
        world.wait(3)
    elif when != "before the ring":
        world.answer("11")
        world.wait(5 if when == "before the bridge" else 0)
    effects = world.leave("c1")
    assert cancelled(effects) == ([] if when == "before the ring" else [("11", "caller-left")])
    world.ask("11", READY)
    assert world.state("11") is READY
    assert world.engine.agent_view("11").missed_offers == 0
    assert rings(world.call("c2")) == [("11", "c2")]
    assert world.engine.queue_view("trees", world.now).waiting == 1


def test_the_caller_hangs_up_after_the_ring_and_the_report_of_the_ring_comes_later() -> None:
    world = World([queue()], [agent("11"), agent("12")])
    world.call("c1")
    late = world.offer("11")
    world.fail("11")
    assert cancelled(world.leave("c1")) == [("12", "caller-left")]
    assert world.tell(OfferFailed(late, OfferFailure.NO_ANSWER)) == []
    assert world.engine.agent_view("11").missed_offers == 1, "counted once"


@pytest.mark.parametrize("caller_first", [True, False])
def test_the_agent_answers_in_the_millisecond_in_which_the_caller_leaves(caller_first: bool) -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    answered = OfferAnswered(world.offer("11"))
    left = CallLeft("c1", Left.HUNG_UP)
    effects: list[Effect] = []
    for event in (left, answered) if caller_first else (answered, left):
        effects += world.tell(event)
    assert cancelled(effects) == [("11", "caller-left")] * (2 if caller_first else 1)
    assert world.state("11") is READY


@pytest.mark.parametrize("answer_after", [0.0, 0.001])
def test_the_agent_answers_in_the_millisecond_in_which_the_ring_times_out(answer_after: float) -> None:
    world = World([queue(ring=15)], [agent("11"), agent("12")])
    world.call("c1")
    answered = OfferAnswered(world.offer("11"))
    if answer_after:
        effects = world.wait(20)
        assert rings(effects) == [("12", "c1")]
        world.now += answer_after
        assert cancelled(world.tell(answered)) == [("11", "timed-out")], "too late: somebody else rings"
        assert world.rings() == {"12": "c1"}
    else:
        world.now += 20
        assert world.tell(answered) == [], "the agent was in time"
        world.connect("11")


@pytest.mark.parametrize("first", ["answer", "failure"])
def test_the_agent_answers_in_the_millisecond_in_which_overflow_fires(first: str) -> None:
    world = World([queue(ring=15, overflow=[{"waited": 10, "then": {"hangup": True}}])], [agent("11")])
    world.call("c1")
    offer = world.offer("11")
    world.wait(15)
    if first == "answer":
        assert world.tell(OfferAnswered(offer)) == []
        assert world.wait(15) == [], "overflow never fires while it rings"
        world.connect("11")
        assert world.story("c1")[-1] is Kind.CONNECTED
    else:
        assert overflowed(world.tell(OfferFailed(offer, OfferFailure.NO_ANSWER))) == [("c1", 0)]
        assert cancelled(world.tell(OfferAnswered(offer))) == [("11", "timed-out")]
        assert world.engine.position("c1") is None


def test_the_agent_hangs_up_between_answer_and_bridge_and_nobody_is_rung_in_vain() -> None:
    world = World([queue()], [agent("11"), agent("12", water=1)])
    world.call("c1")
    world.call("c2")
    world.answer("11")
    assert world.fail("11", OfferFailure.ABANDONED) == []
    assert [world.engine.position(c) for c in ("c1", "c2")] == [1, 2], "c1 keeps the place"
    assert rings(world.wait(3)) == [("11", "c1")], "after the pause the same caller again, as no other fits"


def test_both_hang_up_in_the_same_millisecond_and_it_is_told_twice() -> None:
    world = World([queue(wrap_up=20)], [agent("11")])
    world.call("c1")
    world.connect("11")
    world.end("c1", EndedBy.AGENT)
    for again in (CallEnded("c1", EndedBy.CALLER), CallLeft("c1", Left.HUNG_UP)):
        assert world.tell(again) == []
    assert world.story("c1").count(Kind.TALK_ENDED) == 1
    assert world.last(Kind.TALK_ENDED).data["by"] == "agent"


def test_the_connection_is_reported_before_the_answer() -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    offer = world.offer("11")
    world.connect("11")
    assert world.tell(OfferAnswered(offer)) == []
    assert world.state("11") is AgentState.ON_CALL


def test_the_end_is_reported_before_the_connection() -> None:
    world = World([queue(wrap_up=20)], [agent("11")])
    world.call("c1")
    offer = world.offer("11")
    world.answer("11")
    world.end("c1")
    assert world.tell(OfferConnected(offer)) == []
    assert world.state("11") is AgentState.WRAP_UP


def test_the_clock_steps_backward_in_every_state() -> None:
    world = World([queue(ring=15, wrap_up=20)], [agent("11"), agent("12")])
    world.call("c1")
    world.call("c2")
    world.connect("12")
    world.wait(5)
    world.end("c2")
    deadline = world.engine.deadline()
    world.now -= 3_600
    assert world.tell(Tick()) == []
    assert world.engine.deadline() == deadline
    world.call("c3")
    assert world.last(Kind.QUEUED).at == world.last(Kind.TALK_ENDED).at
    assert world.engine.queue_view("trees", world.now).longest_wait_s == 0.0
    world.answer("11")
    world.connect("11")
    assert world.last(Kind.CONNECTED).data["waited_s"] == 5.0
    assert [r.at for r in world.records] == sorted(r.at for r in world.records)


def test_ten_thousand_calls_in_one_second_with_agents_at_work() -> None:
    relax = [{"after": 0.3, "needs": {"general": 1}}]
    overflow = [{"waiting": 9_000, "then": {"hangup": True}}]
    world = World(
        [queue(relax=relax, overflow=overflow, wrap_up=0), queue("water", priority_class=1, wrap_up=0)],
        [agent(str(number), trees=1, general=1, water=1) for number in range(100, 120)],
    )
    for number in range(10_000):
        world.now += 0.0001
        world.call(str(number), "water" if number % 10 == 0 else "trees")
    view = world.engine.queue_view("trees", world.now)
    water = world.engine.queue_view("water", world.now)
    assert view.waiting + water.waiting == 10_000 - len(overflowed(world.effects))
    assert len(world.rings()) == 20
    assert world.rings()["100"] == "0"
    served = []
    for _ in range(50):
        world.connect("100")
        served.append(world.rings().get("100"))
        world.end(world.engine.agent_view("100").call_id or "")
    expected = [str(number) for number in range(20, 520, 10)]
    assert [world.last(Kind.CONNECTED).queue, len(served)] == ["water", 50]
    connected = [r.call for r in world.records if r.kind is Kind.CONNECTED]
    assert connected == ["0", *expected[: len(connected) - 1]], "the higher class, each in order"


def test_events_that_lag_repeat_and_come_in_another_order_leave_nothing_behind() -> None:
    """Every report is repeated, seconds late and shuffled: in the end nobody waits, rings or talks."""
    chance = random.Random(7)
    for _ in range(30):
        world = World(
            [queue(ring=5, wrap_up=5), queue("water", strategy="ring-all")], [agent("11"), agent("12", water=1)]
        )
        events: list[Event] = []
        for number in range(8):
            call = f"c{number}"
            for ring in world.call(call, chance.choice(["trees", "water"])):
                assert isinstance(ring, RingAgent)
                offer = ring.offer_id
                events += [OfferAnswered(offer), OfferConnected(offer), OfferFailed(offer, OfferFailure.BUSY)]
            events += [CallLeft(call, Left.HUNG_UP), CallEnded(call, EndedBy.AGENT), CallQueued(call, "water", "zh")]
            events += [PhoneChanged("11", PhoneState.FREE), StateRequested("12", READY, Actor.agent("12"))]
            for event in chance.choices(events, k=6):
                world.tell(event)
                world.wait(chance.choice([0, 0.01, 2]))
        for number in range(8):
            world.leave(f"c{number}")
        world.wait(600)
        for agent_id in ("11", "12"):
            world.phone(agent_id, PhoneState.FREE)
            world.ask(agent_id, READY)
            assert world.state(agent_id) is READY
        rung = {effect.offer_id for effect in world.effects if isinstance(effect, CancelRing)}
        over = {r.offer for r in world.records if r.kind in (Kind.CONNECTED, Kind.OFFER_FAILED, Kind.OFFER_CANCELLED)}
        assert {r.offer for r in world.records if r.kind is Kind.OFFERED} == over
        assert rung <= over
        assert rings(world.call("last")) == [("11", "last")]
