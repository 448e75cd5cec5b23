"""Who is dialled when, and what becomes of it: the engine, the list and a line that is a list."""

from datetime import datetime

import pytest

from acd.events import (
    CallbackPromised,
    CallbackTaken,
    CallLeft,
    CallQueued,
    Left,
    OfferFailed,
    OfferFailure,
    StateRequested,
)
from agents.states import AgentState
from base.tasks import Work
from callbacks.calling import SOON
from callbacks.model import Callbacks, State, Why
from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.callback_legs import NotReached
from dialplan.wire.ami import AmiMessage
from hotline.edition import Edition
from journal.actor import Actor
from journal.records import Kind, Record
from tests.unit.callbacks.world import BY_CAUSE, NUMBER, World
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import FakeCatalogue


@fake_time
async def test_the_citizen_is_dialled_and_hears_who_calls() -> None:
    world = World()
    assert world.line.dialled == []
    world.free()
    await settles()
    ask = "Hello, this is&Small&You called us, and we are calling you back. To be connected, press 1."
    assert world.line.dialled == [("b1", 1, NUMBER, ask)]
    assert (world.callback.state, world.callback.attempts) == (State.DIALLING, 1)


@fake_time
async def test_who_still_hears_what_is_promised_is_not_rung() -> None:
    world = World()
    world.tell(CallLeft("b1", Left.CANCELLED))
    world.tell(CallQueued("c1", "trees", "en"))
    world.tell(CallbackPromised("c1", "b2", NUMBER))
    world.free()
    await settles()
    assert world.line.dialled == []
    world.hangs_up()
    await settles()
    assert [callback for callback, *_ in world.line.dialled] == ["b2"]


@fake_time
async def test_without_a_key_nothing_is_asked() -> None:
    world = World(confirm=False)
    world.free()
    await settles()
    assert world.line.dialled == [("b1", 1, NUMBER, "")]


@pytest.mark.parametrize("why", [NotReached.BUSY, NotReached.NO_ANSWER, NotReached.NOT_CONFIRMED])
@fake_time
async def test_who_is_not_reached_is_dialled_again_until_the_last_try(why: NotReached) -> None:
    world = World(tries=2, again=60)
    world.free()
    await settles()
    world.line.not_reached("b1", why)
    assert (world.callback.state, world.callback.why) == (State.POSTPONED, Why(why.value))
    assert world.callback.next == world.clock.now() + 60
    await passes(61)
    assert [attempt for _, attempt, *_ in world.line.dialled] == [1, 2]
    world.line.not_reached("b1", why)
    assert world.callback is None
    (left,) = [record for record in world.records if record.kind is Kind.LEFT_QUEUE]
    assert (left.call, left.data["why"]) == ("b1", "not-reached")


@pytest.mark.parametrize(
    ("why", "pause"),
    [
        (NotReached.BUSY, 300),
        (NotReached.NO_ANSWER, 900),
        (NotReached.DECLINED, 7_000),
        (NotReached.UNREACHABLE, 20),
        (NotReached.NOT_CONFIRMED, 900),
    ],
)
@fake_time
async def test_when_the_next_try_is_says_the_cause(why: NotReached, pause: float) -> None:
    world = World(causes=BY_CAUSE)
    world.free()
    await settles()
    world.line.not_reached("b1", why)
    assert world.callback.next == world.clock.now() + pause


@fake_time
async def test_a_number_that_does_not_exist_is_not_tried_again() -> None:
    world = World()
    world.free()
    await settles()
    world.line.not_reached("b1", NotReached.INVALID)
    assert world.callback is None


@fake_time
async def test_tries_are_counted_by_cause_and_in_all() -> None:
    world = World(tries=4, again=10, causes={"declined": {"again": 10}})
    world.free()
    for why in (NotReached.DECLINED, NotReached.BUSY):
        await passes(11)
        world.line.not_reached("b1", why)
        assert world.callback is not None
    await passes(11)
    world.line.not_reached("b1", NotReached.DECLINED)
    assert world.callback is None, "declined twice"


@fake_time
async def test_an_agent_who_declines_or_misses_costs_no_try() -> None:
    world = World(tries=2)
    world.free()
    await settles()
    world.tell(CallQueued("c2", "trees", "en", callback="b1"))
    for failure in (OfferFailure.DECLINED, OfferFailure.NO_ANSWER):
        (offer,) = world.distributor.engine.offers()
        world.tell(OfferFailed(offer.id, failure))
        world.tell(StateRequested("1001", AgentState.READY, Actor.agent("1001")))
    assert [record.kind for record in world.records].count(Kind.OFFER_FAILED) == 2
    assert world.distributor.engine.position("c2") == 1, "the citizen holds the place on the line"
    assert len(world.line.dialled) == 1, "and is not dialled again"


@fake_time
async def test_only_the_last_attempt_says_how_long_the_place_is_kept() -> None:
    world = World(tries=2, again=10)
    world.free()
    await settles()
    assert world.line.last == ""
    world.line.not_reached("b1", NotReached.NOT_CONFIRMED)
    await passes(11)
    assert world.line.last.endswith("if you call us within&thirty&minutes.")
    for rule in ({"grace": 0}, {"causes": {"not_confirmed": {"tries": 2}}}):
        world = World(tries=1 if "grace" in rule else 3, **rule)
        world.free()
        await settles()
        assert world.line.last == ""


@fake_time
async def test_an_agent_who_has_called_the_citizen_ends_the_callback() -> None:
    world = World()
    world.write(Record(world.clock.now(), Kind.CALL_OUT_ANSWERED, "o1", "trees", "1001", data={"number": NUMBER}))
    await settles()
    assert world.callback is None
    (left,) = [record for record in world.records if record.kind is Kind.LEFT_QUEUE]
    assert (left.call, left.data["why"]) == ("b1", Left.TALKED)


@fake_time
async def test_who_has_taken_it_calls_and_past_that_time_the_queue_does() -> None:
    world = World()
    until = world.clock.now() + 600
    world.tell(CallbackTaken("b1", until, until, Actor.agent("1001")))
    world.free()
    await passes(599)
    assert (world.line.dialled, world.callback.holder(world.clock.now())) == ([], "agent:1001")
    await passes(2)
    assert ([attempt for _, attempt, *_ in world.line.dialled], world.callback.holder(world.clock.now())) == ([1], "")
    world.tell(CallbackTaken("b1", until + 600, until + 600, Actor.agent("1001")))
    assert world.callback.taken_until == until, "the citizen is being dialled"


@fake_time
async def test_who_gives_it_back_leaves_it_to_the_queue_at_once() -> None:
    world = World()
    now = world.clock.now()
    world.tell(CallbackTaken("b1", now + 600, now + 600, Actor.agent("1001")))
    world.free()
    world.tell(CallbackTaken("b1", None, now, Actor.agent("1001")))
    await settles()
    assert len(world.line.dialled) == 1


@fake_time
async def test_queue_and_citizens_hours_both_hold() -> None:
    for rule in ({"open": "night"}, {"hours": "night"}):
        world = World(**rule)
        world.free()
        await settles()
        assert (world.line.dialled, world.callback.why) == ([], Why.HOURS)
    hotline = World(open="day", hours="office").edition.hotline

    def back(moment: str) -> str:
        at = datetime.fromisoformat(moment).replace(tzinfo=hotline.zone).timestamp()
        return datetime.fromtimestamp(hotline.calls_back_from("trees", at), hotline.zone).isoformat(" ", "minutes")[:16]

    assert back("2026-03-06 10:00") == "2026-03-06 10:00", "a Friday, both are open"
    assert back("2026-03-06 08:30") == "2026-03-06 09:00", "the queue is open, and citizens sleep"
    assert back("2026-03-06 12:30") == "2026-03-06 13:00"
    assert back("2026-03-06 18:30") == "2026-03-09 09:00", "the queue has closed: on Monday"


@fake_time
async def test_what_passes_the_evening_is_promised_for_the_morning_and_comes_first_then() -> None:
    world = World(hours="night")
    opens = world.edition.hotline.calls_back_from("trees", world.clock.now())
    begin, end = world.callback.interval
    assert begin <= opens < end <= opens + 3_600 + 600
    world.free()
    await settles()
    assert (world.line.dialled, world.callback.next) == ([], opens)
    world.tell(StateRequested("1001", AgentState.NOT_READY, Actor.agent("1001")))
    await passes(opens - world.clock.now())
    world.tell(CallQueued("early", "trees", "en"))
    world.tell(StateRequested("1001", AgentState.READY, Actor.agent("1001")))
    await settles()
    assert len(world.line.dialled) == 1, "before the caller who rang as it opened"
    assert world.distributor.engine.offers() == []


@fake_time
async def test_an_asterisk_that_was_away_costs_no_try() -> None:
    world = World(tries=1)
    world.free()
    await settles()
    world.line.not_reached("b1", NotReached.LOST)
    assert world.callback.next == world.clock.now() + SOON


@fake_time
async def test_a_line_that_refuses_is_a_try_and_one_that_is_silent_is_asked_later() -> None:
    world = World(tries=2)
    world.line.fails = ActionRefused("Originate", AmiMessage((("Message", "no"),)))
    world.free()
    await settles()
    assert world.callback.why is Why.UNREACHABLE
    world = World()
    world.line.fails = LinkDown("away")
    world.free()
    await settles()
    assert world.callback.state is State.DIALLING, "the next look at Asterisk tells"


@fake_time
async def test_nobody_is_called_at_a_closed_hour_or_while_new_calls_are_not_taken() -> None:
    world = World(hours="night")
    world.free()
    await settles()
    assert (world.line.dialled, world.callback.attempts, world.callback.why) == ([], 0, Why.HOURS)
    assert 0 < world.callback.next - world.clock.now() <= 86_400
    world = World()
    world.drained = True
    world.free()
    await settles()
    assert (world.line.dialled, world.callback.next) == ([], world.clock.now() + SOON)


@fake_time
async def test_a_number_that_may_not_be_called_any_more_is_not() -> None:
    world = World()
    world.edition = Edition(world.edition.hotline.model_copy(update={"calls_out": None}), FakeCatalogue())
    world.free()
    await settles()
    assert (world.line.dialled, world.callback) == ([], None)


@fake_time
async def test_who_rings_in_takes_the_place_and_the_phone_rings_no_more() -> None:
    world = World()
    world.free()
    await settles()
    (promise,) = world.calling.promises(f"+86{NUMBER}"[3:], "")
    assert (promise.id, promise.queue) == ("b1", "trees")
    world.tell(CallQueued("c2", "trees", "en", callback="b1"))
    assert world.line.cancelled == ["b1"]
    assert world.calling.promises(NUMBER, "") == []


@fake_time
async def test_a_callback_that_is_cancelled_rings_nobody() -> None:
    world = World()
    world.free()
    world.tell(CallLeft("b1", Left.CANCELLED))
    await settles()
    assert (world.line.dialled, world.line.cancelled) == ([], ["b1"])


@fake_time
async def test_after_a_restart_a_running_call_is_looked_for() -> None:
    world = World()
    world.free()
    await settles()
    world.calling.take_up(())
    assert world.line.adopted == [("b1", 1)]


@fake_time
async def test_after_a_restart_nobody_is_rung_who_still_hears_what_is_promised() -> None:
    world = World()
    world.calling.take_up({"c1"})
    world.free()
    await settles()
    assert world.line.dialled == []
    world.hangs_up()
    await settles()
    assert [callback for callback, *_ in world.line.dialled] == ["b1"]


@fake_time
async def test_a_number_has_one_callback_whoever_asks_and_the_first_one_stays() -> None:
    world = World()
    for call in ("c2", "c3"):
        world.tell(CallQueued(call, "trees", "en"))
        world.tell(CallbackPromised(call, f"{call}-b", NUMBER))
    await settles()
    assert [callback.id for callback in world.callbacks.list()] == ["b1"]
    assert world.distributor.engine.callback_position("b1") == 1


@fake_time
async def test_who_was_promised_what_the_hotline_does_no_more_is_not_reached() -> None:
    world = World()
    queues = world.edition.hotline.queues
    without = {**queues, "trees": queues["trees"].model_copy(update={"callback": None})}
    world.edition = Edition(world.edition.hotline.model_copy(update={"queues": without}), FakeCatalogue())
    world.free()
    await settles()
    (left,) = [record for record in world.records if record.kind is Kind.LEFT_QUEUE]
    assert (left.call, left.data["why"]) == ("b1", Left.NOT_REACHED)


def test_the_interval_that_is_promised_is_honest() -> None:
    callbacks = Callbacks()
    data = {"callback": "b1", "number": NUMBER, "language": "zh", "since": 990.0, "expected_s": 1_200.0}
    callbacks.note(Record(6_000.0, Kind.CALLBACK_PROMISED, "c1", "trees", data=data))
    (callback,) = callbacks.list()
    assert callback.interval == (6_600.0, 8_400.0)
    again = Callbacks()
    again.restore(callbacks.kept(), ())
    assert again.list() == [callback]


@fake_time
async def test_a_mistake_while_dialling_is_counted_and_the_citizen_is_dialled_later() -> None:
    world = World(tries=1)
    world.line.fails = KeyError("a mistake of ours")
    world.free()
    await settles()
    assert world.failures.counts[Work.CALL_BACK] == 1
    assert (world.callback.state, world.callback.why) == (State.POSTPONED, Why.LOST)


# --- an agent is rung first ----------------------------------------------------------------------------------------
