"""A callback whose agent is rung before the citizen is dialled: what becomes of it, and over a restart."""

from typing import Any

import pytest

from acd.events import (
    CallbackPromised,
    CallLeft,
    CallQueued,
    EndedBy,
    Left,
    OfferFailure,
    StateRequested,
)
from agents.states import AgentState
from base.tasks import Tasks
from callbacks.calling import SOON, Calling
from callbacks.model import Callbacks, State, Why
from calls.model import CallState, CallSummary, Direction
from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.callback_legs import NotReached
from dialplan.wire.ami import AmiMessage
from journal.actor import Actor
from journal.records import Kind, Record
from tests.unit.callbacks.world import BY_CAUSE, NUMBER, OutLine, World
from tests.unit.faketime import fake_time, passes, settles


async def rung_first(**rule: Any) -> World:
    """The agent's phone rings for the citizen."""
    world = World(first="agent", **rule)
    world.free()
    await settles()
    assert world.distributor.engine.agent_view("1001").state is AgentState.RINGING
    return world


def records(world: World, kind: Kind) -> list[Record]:
    return [record for record in world.records if record.kind is kind]


@fake_time
async def test_the_agent_is_offered_the_callback_then_the_citizen_is_dialled_and_their_talk_ends_it() -> None:
    world = await rung_first()
    ring = world.edition.hotline.queues["trees"].ring
    assert world.out.dialled == [(world.call_out, "1001", NUMBER, f"Trees {NUMBER}", ring)]
    (dialled,) = records(world, Kind.CALL_OUT_DIALLED)
    assert (dialled.data["callback"], dialled.data["promised"]) == ("b1", list(world.callback.interval))
    assert [record.kind for record in world.records].index(Kind.CALLBACK_DIALLED) < world.records.index(dialled)
    world.calls_out.agent_picked_up(world.call_out)
    world.calls_out.citizen_answered(world.call_out)
    await settles()
    assert world.callback.state is State.TALKING
    assert (world.line.dialled, world.out.cancelled) == ([], []), "nobody else is rung, and the talk goes on"
    world.calls_out.leg_over(world.call_out, EndedBy.CALLER)
    await settles()
    assert world.callback is None
    (left,) = records(world, Kind.LEFT_QUEUE)
    assert (left.call, left.data["why"]) == ("b1", Left.TALKED)
    assert world.callbacks.today(world.clock.now())["trees"].kept == 1


@fake_time
async def test_an_agent_who_does_not_pick_up_costs_no_try_and_the_next_one_is_rung() -> None:
    world = await rung_first(tries=1)
    world.calls_out.agent_not_reached(world.call_out, OfferFailure.DECLINED)
    await settles()
    assert (world.callback.state, world.callback.why, world.callback.attempts) == (State.POSTPONED, Why.AGENT, 0)
    assert world.distributor.engine.agent_view("1001").state is AgentState.NOT_READY
    world.tell(StateRequested("1001", AgentState.READY, Actor.agent("1001")))
    await settles()
    assert (len(world.out.dialled), world.callback.attempts) == (2, 1)


@pytest.mark.parametrize(
    ("why", "pause"),
    [(NotReached.BUSY, 300), (NotReached.NO_ANSWER, 900), (NotReached.DECLINED, 7_000), (NotReached.UNREACHABLE, 20)],
)
@fake_time
async def test_a_citizen_whom_an_agent_does_not_reach_has_the_rules_of_the_cause(why: NotReached, pause: float) -> None:
    world = await rung_first(causes=BY_CAUSE)
    world.calls_out.agent_picked_up(world.call_out)
    world.calls_out.citizen_not_reached(world.call_out, why)
    await settles()
    assert (world.callback.why, world.callback.attempts) == (Why(why.value), 1)
    assert world.callback.next == world.clock.now() + pause
    assert world.distributor.engine.agent_view("1001").state is AgentState.READY
    await passes(pause)
    assert len(world.out.dialled) == 2


@fake_time
async def test_an_agent_who_hangs_up_before_the_answer_has_not_reached_the_citizen() -> None:
    world = await rung_first(tries=1)
    world.calls_out.agent_picked_up(world.call_out)
    world.calls_out.leg_over(world.call_out, EndedBy.AGENT)
    await settles()
    assert world.callback is None
    assert [record.data["why"] for record in records(world, Kind.LEFT_QUEUE)] == [Left.NOT_REACHED]


@fake_time
async def test_an_agent_who_hears_a_mailbox_says_so_and_that_is_a_try_like_a_key_that_nobody_presses() -> None:
    world = await rung_first(tries=2, again=60)
    for attempt in (1, 2):
        world.calls_out.agent_picked_up(world.call_out)
        world.calls_out.citizen_answered(world.call_out)
        await settles()
        (promise,) = world.calling.promises(NUMBER, "")
        assert promise.dialled, "who rings in now is asked nothing"
        world.calling.not_reached("b1", Actor.agent("1001"))
        if attempt == 1:
            assert (world.callback.why, world.callback.next) == (Why.NOT_CONFIRMED, world.clock.now() + 60)
        world.calls_out.leg_over(world.call_out, EndedBy.AGENT)
        await passes(61)
    assert world.callback is None
    (said,), (left,) = records(world, Kind.CALLBACK_POSTPONED), records(world, Kind.LEFT_QUEUE)
    assert (said.actor, left.actor, left.data["why"]) == (*[Actor.agent("1001")] * 2, Left.NOT_REACHED)


@pytest.mark.parametrize("away", [False, True])
@fake_time
async def test_a_talk_that_ends_as_the_service_ends_is_over_after_the_restart(away: bool) -> None:
    world = await rung_first()
    world.calls_out.agent_picked_up(world.call_out)
    world.calls_out.citizen_answered(world.call_out)
    if away:
        world.calls_out.callbacks.clear()
    world.calling.take_up(())
    assert (world.callback is None) is away


@fake_time
async def test_who_rings_in_while_the_agents_phone_rings_has_the_place_and_neither_phone_rings_on() -> None:
    world = await rung_first()
    (promise,) = world.calling.promises(NUMBER, "")
    assert promise.dialled, "nothing is asked"
    world.tell(CallQueued("c2", "trees", "en", callback="b1"))
    await settles()
    assert world.out.cancelled == [world.call_out]
    assert [record.data["why"] for record in records(world, Kind.CALL_OUT_FAILED)] == ["withdrawn"]
    assert [offer.call_id for offer in world.distributor.engine.offers()] == ["c2"]


@fake_time
async def test_an_agent_who_is_busy_once_the_promise_was_heard_is_not_rung() -> None:
    world = World(first="agent")
    world.tell(CallLeft("b1", Left.CANCELLED))
    world.tell(CallQueued("c1", "trees", "en"))
    world.tell(CallbackPromised("c1", "b2", NUMBER))
    world.free()
    await passes(5)
    world.tell(StateRequested("1001", AgentState.NOT_READY, Actor.agent("1001")))
    world.hangs_up()
    await settles()
    assert (world.out.dialled, world.callbacks.list()[0].attempts) == ([], 0)
    world.tell(StateRequested("1001", AgentState.READY, Actor.agent("1001")))
    await settles()
    assert [agent for _, agent, *_ in world.out.dialled] == ["1001"]


@fake_time
async def test_a_phone_that_asterisk_does_not_ring_costs_no_try_and_one_that_is_silent_is_asked_about_later() -> None:
    world = World(first="agent", tries=1)
    world.out.fails = ActionRefused("Originate", AmiMessage((("Message", "no"),)))
    world.free()
    await settles()
    assert (world.callback.why, world.callback.attempts) == (Why.AGENT, 0)
    world = World(first="agent", tries=1)
    world.out.fails = LinkDown("away")
    world.free()
    await settles()
    assert world.callback.state is State.DIALLING
    world.calls_out.leg_lost(world.call_out)
    await settles()
    assert (world.callback.why, world.callback.next) == (Why.LOST, world.clock.now() + SOON)


@pytest.mark.parametrize("state", [CallState.RINGING, CallState.TALKING])
@fake_time
async def test_after_a_restart_the_agents_call_says_what_becomes_of_it(state: CallState) -> None:
    world = await rung_first()
    if state is CallState.TALKING:
        world.callbacks.note(Record(0, Kind.CALL_OUT_ANSWERED, world.call_out, data={"callback": "b1"}))
    again = Callbacks()
    again.restore(world.callbacks.kept(), ())
    (kept,) = again.list()
    out = world.live_calls_out(OutLine())
    call = CallSummary(kept.call_out, 0, state, NUMBER, queue="trees", agent="1001", direction=Direction.OUT)
    out.take_up([call], {kept.call_out: "b1"})
    world.calls_out = out
    line: Any = world.line
    tasks = Tasks(world.failures)
    world.calling = Calling(again, line, out, world.distributor, tasks, lambda: world.edition, lambda: False)
    world.calling.take_up(())
    assert (world.line.adopted, records(world, Kind.LEFT_QUEUE)) == ([], [])
    out.leg_lost(kept.call_out)
    await settles()
    if state is CallState.TALKING:
        assert [record.data["why"] for record in records(world, Kind.LEFT_QUEUE)] == [Left.TALKED]
    else:
        assert world.callback.why is Why.LOST


@fake_time
async def test_after_a_restart_without_the_agents_call_the_citizen_is_dialled_later() -> None:
    world = await rung_first()
    world.calls_out.take_up([], {})
    world.calls_out.callbacks.clear()
    world.calling.take_up(())
    assert world.line.adopted == [("b1", 1)], "which Asterisk does not have"
