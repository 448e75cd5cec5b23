"""What an engine must show, made only of what it was told, and of the effects and Records that came back.

Each of these must make sense.
"""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from acd.effects import Announce, CallBack, CancelReason, CancelRing, LeaveQueue, Refuse, RingAgent
from acd.engine.callbacks import KEPT, LEAD
from acd.engine.changes import closed
from acd.engine.queueing import QUEUE_REMOVED
from acd.engine.ringing import PREFERRED_AGENT, STICKY
from acd.engine.step import Engine
from acd.events import (
    ABANDONED,
    Event,
    HotlineChanged,
    LinkLost,
    PhoneChanged,
    Resynced,
    StateRequested,
    Sticky,
)
from acd.model import Onward, Queue, Strategy
from agents.model import Abilities, Agent
from agents.states import BUSY, TRANSITIONS, WORKING, AgentState, PhoneState
from journal.actor import Actor
from journal.records import Kind, Record
from tests.unit.acd.world import START, agent_ids, by_id, queue

THEN = {"hangup": True}
ONWARD = Onward({"trees": {"queue": "water"}}, {"queue": "general"})
MESSAGES = [{"*": "one"}, {"*": "two"}]
A_DAY = 86_400
AGENTS = [str(number) for number in range(11, 17)]
QUEUES = ["trees", "water", "general"]

needs = st.dictionaries(st.sampled_from(QUEUES), st.integers(1, 2), min_size=1, max_size=2)
overflows = st.sampled_from(
    [
        [],
        [],
        [],
        [{"waited": 40, "then": THEN}],
        [{"waiting": 3, "then": THEN}, {"nobody_signed_in": 0, "then": THEN}],
        [{"nobody_signed_in": 7, "then": THEN}, {"estimate": 300, "then": THEN}, {"nobody_signed_in": 3, "then": THEN}],
    ]
)


@st.composite
def queues(draw: st.DrawFn) -> dict[str, Queue]:
    """Some of the queues, with overlapping needs."""
    ids = draw(st.lists(st.sampled_from(QUEUES), min_size=1, unique=True))
    return by_id(
        *(
            queue(
                queue_id,
                needs=draw(needs),
                relax=[{"after": 10 * (n + 1), "needs": draw(needs)} for n in range(draw(st.sampled_from([2, 1, 0])))],
                agent_first=draw(st.booleans()),
                strategy=draw(st.sampled_from(Strategy)),
                priority=draw(st.sampled_from([0, 15])),
                priority_class=draw(st.sampled_from([0, 0, 1])),
                missed_offers=draw(st.integers(1, 2)),
                limit=draw(st.sampled_from([None, None, 1, 2])),
                wrap_up=draw(st.sampled_from([0, 20])),
                wrap_up_codes=draw(st.sampled_from([None, {"list": "work", "required": True}, {"list": "work"}])),
                announce=draw(st.sampled_from([None, {"every": 12}, {"every": 12, "messages": MESSAGES}])),
                overflow=draw(overflows),
            )
            for queue_id in ids
        )
    )


@st.composite
def agents(draw: st.DrawFn) -> dict[str, Agent]:
    """Some of the agents."""
    skills = st.dictionaries(st.sampled_from(QUEUES), st.integers(1, 3), min_size=1, max_size=3)
    languages = st.sampled_from([("zh", "en"), ("zh",)])
    ids = draw(st.lists(st.sampled_from(AGENTS), min_size=2, unique=True))
    return by_id(*(Agent(id=i, name=i, skills=draw(skills), languages=draw(languages)) for i in ids))


@dataclass
class Caller:
    """What is expected of a caller who was queued and is not gone."""

    queue: str
    language: str
    entered: float
    head_start: float
    number: int
    offers: set[str] = field(default_factory=set)
    agent: str | None = None
    due: float = 0.0  # of a callback: not dialled before
    dialled: bool = False
    sticky: tuple[str, float] | None = None  # the agent of last time, and until when the caller has a right to it
    last: set[str] = field(default_factory=set)  # agents rung last, in ring-all queues several
    round: bool = False  # they were rung by ring-all


class Expected(RuleBasedStateMachine):
    """`tell` tells the engine an event, and checks what comes back."""

    @initialize(queues=queues(), agents=agents(), seed=st.integers(0, 99))
    def begin(self, queues: dict[str, Queue], agents: dict[str, Agent], seed: int) -> None:
        self.now = START
        self.told = START  # the latest time that the engine was told
        self.queues = dict(queues)  # of every version: callers of an earlier one may still come; removed ones closed
        self.agents = dict(agents)
        self.hotline = queues, agents  # of this version
        self.seed = seed
        self.away_after = 30.0
        self.engine = Engine(queues, agents, seed=seed, now=START, day_end=short_day_end)
        self.twin: Engine | None = None  # restored from a snapshot and Records, and told everything since
        self.snapshot = self.engine.snapshot()
        self.records: list[Record] = []  # since the snapshot
        self.states = dict.fromkeys(agents, AgentState.LOGGED_OUT)
        self.phones = dict.fromkeys(agents, PhoneState.UNREACHABLE)
        self.ready: set[str] = set()  # agents who were available before the event, and kept for no citizen
        self.callers: dict[str, Caller] = {}
        self.callbacks: dict[str, Caller] = {}  # callers who have hung up and are to be called back
        self.promised = 0
        self.live: dict[str, tuple[str, str]] = {}
        self.offers: list[str] = []  # all that were ever made
        self.answered: set[str] = set()
        self.connected: set[str] = set()
        self.blind = False
        self.away: set[str] = set()
        self.unheard: set[str] = set()  # agents whose clock began anew at a Resynced: no Record has that
        self.sent: dict[str, tuple[str, str]] = {}  # agent → the call that a colleague has sent, and what it does
        self.prolonged: set[str] = set()  # offers that rang while the link was lost: no Record has their end
        self.calls = 0
        self.wanted: Sticky | None = None  # of the call that is being queued
        self.stood_apart: list[Caller] = []  # before the event
        for agent_id in agents:  # most of what happens needs agents at work
            self.tell(PhoneChanged(agent_id, PhoneState.FREE))
            self.tell(StateRequested(agent_id, AgentState.READY, Actor.agent(agent_id)))

    # telling, and keeping what is expected

    def tell(self, event: Event) -> list[Any]:
        self.ready = {who for who in agent_ids(self.engine) if self.available(who)} - self.kept()
        self.stood_apart = [caller for caller in self.callers.values() if self.apart(caller)]
        if isinstance(event, HotlineChanged):
            self.ready = set()
            self.hotline = dict(event.queues), dict(event.agents)
            self.queues |= event.queues
            self.queues |= {name: closed(self.queues[name]) for name in self.queues.keys() - event.queues.keys()}
        effects = self.engine.step(event, self.now)
        self.told = max(self.told, self.now)
        self.blind = isinstance(event, LinkLost) or (self.blind and not isinstance(event, Resynced))
        if self.blind:
            timed_out = [
                effect for effect in effects if isinstance(effect, CancelRing) and effect.offer_id in self.live
            ]
            assert CancelReason.TIMED_OUT not in [effect.why for effect in timed_out], "nobody could have said it"
            self.prolonged |= self.live.keys()
        self.records += [effect for effect in effects if isinstance(effect, Record)]
        if self.twin is not None:
            assert self.twin.step(event, self.now) == effects
        for effect in effects:
            match effect:
                case Record():
                    self.note(effect)
                case RingAgent():
                    self.rung(effect)
                case CancelRing(offer_id):
                    assert offer_id not in self.live, "the Record comes before what it tells of"
                case LeaveQueue(call_id):
                    assert call_id not in self.callers
                    assert effect.queue in self.hotline[0] or effect.then == ONWARD.of(effect.queue)
                case Announce(call_id):
                    assert self.engine.may_leave(call_id)
                    assert not self.callers[call_id].offers, "nothing is announced while it rings"
                case CallBack(callback_id):
                    assert self.callbacks[callback_id].dialled
                    assert bool(effect.agent) is self.queues[effect.queue].agent_first
                case Refuse(why):
                    assert why.endswith(".")
        return effects

    def note(self, record: Record) -> None:
        """A Record changes what is expected; it must make sense."""
        assert record.at == self.told
        match record.kind:
            case Kind.QUEUED:
                assert record.call is not None
                assert record.queue is not None
                assert record.call not in self.callers
                self.calls += 1
                data = record.data
                caller = Caller(record.queue, data["language"], record.at, data["head_start"], self.calls)
                assert data["position"] == self.position(caller)
                assert ("sticky" in data) is self.may_have(caller, self.wanted, test=record.test)
                if "sticky" in data:
                    caller.sticky = data["sticky"], record.at + data["sticky_wait_s"]
                self.callers[record.call] = caller
            case Kind.CALLBACK_PROMISED:
                assert record.call is not None
                caller = self.callers.pop(record.call)
                assert not caller.offers
                assert caller.agent is None
                assert record.data["position"] == self.position(caller)
                caller.due, caller.last, caller.round, caller.sticky = self.told, set(), False, None
                self.callbacks[record.data["callback"]] = caller
            case Kind.CALLBACK_DIALLED:
                self.dialled(self.callbacks[record.call or ""], record.agent)
            case Kind.CALLBACK_POSTPONED:
                caller = self.callbacks[record.call or ""]
                caller.due, caller.dialled = record.data["until"], False
            case Kind.CALLBACK_TAKEN | Kind.CALLBACK_RETURNED:
                caller = self.callbacks[record.call or ""]
                assert not caller.dialled
                caller.due = record.data["due"]
            case Kind.CALLBACK_ANSWERED:
                assert record.call is not None
                self.calls += 1
                caller = self.callbacks.pop(record.data["callback"])
                caller.dialled = False
                assert record.data["position"] == self.position(caller)
                self.callers[record.call] = caller
            case Kind.OFFERED:
                assert record.offer is not None
                assert record.call is not None
                assert record.agent is not None
                caller, all_ring = self.callers[record.call], record.data["rule"] == Strategy.RING_ALL
                assert caller.agent is None
                assert not any(offer in self.answered for offer in caller.offers)
                assert self.states[record.agent] is AgentState.READY
                assert self.phones[record.agent] is PhoneState.FREE
                assert self.engine._floor.seats[record.agent].paused_until is None
                assert record.agent not in [agent for agent, _ in self.live.values()]
                assert record.agent not in [caller.agent for caller in self.callers.values()]
                if record.data["rule"] == PREFERRED_AGENT:
                    assert not caller.offers
                    caller.last = set()
                elif record.data["rule"] == STICKY:
                    self.rung_again(record, caller)
                    caller.last = set()
                elif caller.offers:
                    self.joins(record, caller)
                else:
                    assert not self.full(caller.queue)
                    assert not self.apart(caller)
                    assert record.agent != self.right(caller)
                    self.in_order(record.agent, caller)
                    self.fits(record.agent, caller, record.data["step"])
                    if not all_ring or not caller.round or record.agent in caller.last:
                        caller.last = set()
                caller.round = all_ring
                self.live[record.offer] = (record.agent, record.call)
                caller.offers.add(record.offer)
                caller.last.add(record.agent)
                caller.sticky = None
            case Kind.OFFER_ANSWERED:
                assert record.offer is not None
                self.answered.add(record.offer)
            case Kind.OFFER_FAILED if record.offer is None:
                assert record.agent is not None
                assert self.states[record.agent] is AgentState.RINGING
                assert record.agent not in [agent for agent, _ in self.live.values()]
            case Kind.OFFER_FAILED | Kind.OFFER_CANCELLED:
                assert record.offer is not None
                agent_id, call_id = self.live.pop(record.offer)
                assert (agent_id, call_id) == (record.agent, record.call)
                self.callers[call_id].offers.remove(record.offer)
            case Kind.CONNECTED:
                assert record.offer is not None
                agent_id, call_id = self.live.pop(record.offer)
                self.connected.add(record.offer)
                assert self.callers[call_id].offers == {record.offer}, "what else rang was cancelled before"
                self.callers[call_id].offers, self.callers[call_id].agent = set(), agent_id
            case Kind.TALK_ENDED:
                assert record.call is not None
                assert self.callers.pop(record.call).agent == record.agent
            case Kind.LEFT_QUEUE | Kind.OVERFLOWED if record.call in self.callbacks:
                del self.callbacks[record.call]
            case Kind.LEFT_QUEUE if f"{record.call}-b" in self.callbacks and record.call not in self.callers:
                assert record.data["why"] in ABANDONED, "the caller gave up, and is called back by the queue's rule"
            case Kind.LEFT_QUEUE | Kind.OVERFLOWED:
                assert record.call is not None
                caller = self.callers.pop(record.call)
                assert not caller.offers, "overflow never fires while an offer rings"
                if record.kind is Kind.OVERFLOWED:
                    assert (record.data["condition"] == QUEUE_REMOVED) is (record.queue not in self.hotline[0])
                assert caller.agent is None
            case Kind.MOVED:
                assert record.call is not None
                caller = self.callers[record.call]
                assert not caller.offers
                assert caller.agent is None
                if "queue" in record.data["to"]:
                    del self.callers[record.call]
                elif "front" in record.data["to"]:
                    caller.head_start, caller.sticky = A_DAY, None
            case Kind.AGENT_STATE:
                assert record.agent is not None
                before, after = self.states[record.agent], AgentState(record.data["state"])
                assert record.data["previous"] == before.value
                assert after is before or after in TRANSITIONS[before]
                self.states[record.agent] = after
                if after is AgentState.LOGGED_OUT:
                    self.away.discard(record.agent)
                    self.unheard.discard(record.agent)
            case Kind.AGENT_CALL:
                assert record.agent is not None
                self.sent.pop(record.agent, None)
                if record.data["company"] is not None:
                    self.sent[record.agent] = record.data["call"], record.data["company"]
            case Kind.AGENT_SKILLS:
                assert record.agent is not None
                own = self.hotline[1].get(record.agent)
                skills = record.data["skills"]
                if own is not None:
                    set_to = None if skills is None else Abilities(skills, tuple(record.data["languages"]))
                    self.agents[record.agent] = own.knowing(set_to)
            case Kind.AGENT_PHONE:
                assert record.agent is not None
                self.phones[record.agent] = PhoneState(record.data["phone"])
                self.away.discard(record.agent)
                self.unheard.discard(record.agent)
                if record.data.get("away"):
                    assert not self.blind
                    assert self.states[record.agent] is not AgentState.LOGGED_OUT
                    self.away.add(record.agent)

    def may_have(self, caller: Caller, wanted: Sticky | None, *, test: bool) -> bool:
        """Whether the caller, who has just come, may have the agent of last time."""
        if wanted is None or test or not self.could_serve(wanted.agent_id, caller):
            return False
        return self.states[wanted.agent_id] in WORKING and wanted.agent_id not in self.away

    def could_serve(self, agent_id: str, caller: Caller) -> bool:
        """Whether the agent could ever serve the caller, and not only with others."""
        definition = self.queues[caller.queue]
        if agent_id not in self.hotline[1] or caller.queue not in self.hotline[0]:
            return False
        met = any(self.agents[agent_id].fits(needs, caller.language) for needs in definition.alternatives)
        return met and definition.strategy is not Strategy.RING_ALL

    def right(self, caller: Caller) -> str | None:
        """The agent of last time, if the caller may have this agent."""
        if caller.sticky is None or caller.sticky[1] <= self.told or not self.could_serve(caller.sticky[0], caller):
            return None
        return caller.sticky[0]

    def apart(self, caller: Caller) -> bool:
        """Whether nobody but the agent of last time, who is busy, may be rung for the waiting caller."""
        agent_id = self.right(caller)
        waits = not caller.offers and caller.agent is None
        return waits and agent_id is not None and self.states[agent_id] in BUSY and agent_id not in self.away

    def rung_again(self, record: Record, caller: Caller) -> None:
        """The agent of last time is rung: as the caller comes, or for the first in order as the agent comes free."""
        assert record.agent is not None
        assert caller.sticky is not None
        assert caller.sticky[0] == record.agent
        assert not caller.offers
        assert not self.full(caller.queue)
        assert self.could_serve(record.agent, caller)
        alternatives = self.queues[caller.queue].alternatives
        met = [self.agents[record.agent].fits(needs, caller.language) for needs in alternatives]
        assert record.data["step"] == met.index(True)
        if caller.entered < self.told:
            self.in_order(record.agent, caller)

    def may_serve(self, agent_id: str, caller: Caller) -> bool:
        """Whether the agent may be rung for the waiting caller now."""
        if self.right(caller) == agent_id:
            return True
        return self.met(agent_id, caller) is not None and not self.apart(caller) and caller not in self.stood_apart

    def position(self, caller: Caller) -> int:
        """1 for the next. A caller who is to be called back counts as if still on the line."""
        there = [c for c in self.callers.values() if not c.offers and c.agent is None]
        same = [c for c in (*there, *self.callbacks.values()) if c.queue == caller.queue and c is not caller]
        return 1 + sum(self.rank(other) < self.rank(caller) for other in same)

    def dialled(self, caller: Caller, first: str | None) -> None:
        """The citizen is dialled: it is time, an agent of its own is free for it or soon will be, and nobody who is to
        be dialled comes before. `first`: the agent who is rung before, and is free now.
        """
        assert (first is not None) is self.queues[caller.queue].agent_first
        assert not caller.dialled
        assert caller.due <= self.told
        assert not self.blind
        floor = self.engine._floor
        (place,) = [p for p in floor.callbacks.values() if p.callback is not None and p.sequence == caller.number]
        assert place.callback is not None
        seat = place.callback.seat
        assert seat is not None
        assert [each for each, counted in floor.counted_on.items() if counted is place] == [seat]
        assert self.met(seat.id, caller) is not None
        ends = self.told if seat.state is AgentState.READY else seat.until
        assert ends is not None
        assert ends <= self.told + LEAD
        if first is not None:
            assert seat.id == first
            assert seat.available
            assert place.callback.kept_until == self.told + KEPT
            caller.last = {first}
        for other in self.callbacks.values():
            waits = not other.dialled and other.due <= self.told and not self.engaged(other.queue)
            if other is not caller and waits and self.met(seat.id, other) is not None:
                assert self.rank(caller) < self.rank(other)
        caller.dialled = True

    def engaged(self, queue_id: str) -> bool:
        """Whether the queue's limit keeps citizens from being dialled."""
        return self.queues[queue_id].limit is not None

    def joins(self, record: Record, caller: Caller) -> None:
        """A further agent rings for a caller: only by ring-all, once, and if the agent fits no waiting caller."""
        assert record.data["rule"] == Strategy.RING_ALL.value
        assert record.agent is not None
        assert self.met(record.agent, caller) == record.data["step"]
        assert record.agent not in caller.last
        for other in self.callers.values():
            if not other.offers and other.agent is None and not self.full(other.queue):
                assert not self.may_serve(record.agent, other) or self.rank(caller) < self.rank(other)

    def rung(self, ring: RingAgent) -> None:
        assert self.live[ring.offer_id] == (ring.agent_id, ring.call_id)
        assert ring.offer_id not in self.offers
        self.offers.append(ring.offer_id)

    def step_of(self, caller: Caller) -> int:
        relax = self.queues[caller.queue].relax
        if caller.head_start >= A_DAY:
            return len(relax)
        return sum(caller.entered + step.after <= self.told for step in relax)

    def rank(self, caller: Caller) -> tuple[int, bool, float, int]:
        definition = self.queues[caller.queue]
        behind = caller.head_start < A_DAY
        start = caller.entered - definition.priority - caller.head_start
        return (-definition.priority_class, behind, start, caller.number)

    def met(self, agent_id: str, caller: Caller) -> int | None:
        """The first step that has come in and that the agent meets, or None."""
        definition = self.queues[caller.queue]
        alternatives = [definition.needs, *(relax.needs for relax in definition.relax)][: self.step_of(caller) + 1]
        met = [self.agents[agent_id].fits(needs, caller.language) for needs in alternatives]
        return met.index(True) if True in met else None

    def fits(self, agent_id: str, caller: Caller, step: int) -> None:
        """The agent fits by `step`. No other one, ready before the event and now, fits by an earlier step."""
        assert self.met(agent_id, caller) == step
        for other in self.ready - {agent_id} - caller.last:
            if self.states[other] is AgentState.READY and self.phones[other] is PhoneState.FREE:
                other_step = self.met(other, caller)
                assert other_step is None or other_step >= step

    def in_order(self, agent_id: str, caller: Caller) -> None:
        """The agent fits no caller who waits, in any queue, before this one."""
        for other in self.callers.values():
            if other is not caller and not other.offers and other.agent is None and not self.full(other.queue):
                assert not self.may_serve(agent_id, other) or self.rank(caller) < self.rank(other)

    def full(self, queue_id: str) -> bool:
        """Whether the queue has as many talks and offered callers as it may have."""
        limit = self.queues[queue_id].limit
        engaged = sum(c.queue == queue_id and bool(c.offers or c.agent) for c in self.callers.values())
        return limit is not None and engaged >= limit

    def kept(self) -> set[str]:
        """Agents who are there for citizens who are being dialled."""
        return {seat.id for seat in self.engine._floor.counted_on}

    def available(self, agent_id: str) -> bool:
        paused = self.engine._floor.seats[agent_id].paused_until is not None
        return self.states[agent_id] is AgentState.READY and self.phones[agent_id] is PhoneState.FREE and not paused


def short_day_end(now: float) -> float:
    """Days of five minutes: many end in a run."""
    return (now // 300 + 1) * 300
