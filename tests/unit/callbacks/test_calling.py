"""Who is dialled when, and what becomes of it: the engine, the list and a line that is a list."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from acd.distributor import Distributor
from acd.effects import Announce, CallBack, CancelRing, LeaveQueue, RingAgent
from acd.engine.step import Engine
from acd.events import (
    CallbackPromised,
    CallbackTaken,
    CallEnded,
    CallLeft,
    CallQueued,
    EndedBy,
    Left,
    OfferConnected,
    OfferFailed,
    OfferFailure,
    PhoneChanged,
    StateRequested,
)
from agents.states import AgentState, PhoneState
from base.tasks import Failures, Tasks, Work
from callbacks.calling import SOON, Calling
from callbacks.model import Callbacks, State, Why
from calls.live.calls_out import CallsOut as LiveCallsOut
from calls.model import CallState, CallSummary, Direction
from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.callback_legs import NotReached
from dialplan.citizen_legs import Listener, ToRecord
from dialplan.wire.ami import AmiMessage
from hotline.callbacks import CallbackRule
from hotline.calls_out import CallsOut
from hotline.edition import Edition
from ivr.hours import OpeningHours, Span
from journal.actor import Actor
from journal.records import Kind, Record
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import FakeCatalogue, FakeClock
from tests.unit.service.small import hotline

NUMBER = "13800138000"


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


BY_CAUSE = {"declined": {"again": 7_000, "tries": 2}, "unreachable": {"again": 20}}


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
