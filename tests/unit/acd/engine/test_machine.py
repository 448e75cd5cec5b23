"""Every event in every order; what must hold holds after each.

The machine compares what it expects with what the engine shows, and with a brute-force look at who fits whom.
"""

import json
from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from acd.effects import CancelRing, LeaveQueue, Refuse
from acd.engine.parts import Seat, Stage
from acd.engine.ringing import MISSED, PREFERRED_AGENT
from acd.engine.step import Engine
from acd.events import (
    AbilitiesRequested,
    Announced,
    CallbackPostponed,
    CallbackPromised,
    CallbackTaken,
    CallEnded,
    CallLeft,
    CallQueued,
    CodeGiven,
    Company,
    CompanyChanged,
    EndedBy,
    HotlineChanged,
    Left,
    LinkLost,
    MoveRequested,
    OfferAnswered,
    OfferConnected,
    OfferFailed,
    OfferFailure,
    PhoneChanged,
    Resynced,
    StateRequested,
    Sticky,
    Tick,
    ToAgent,
    ToFront,
    ToQueue,
    WrapUpExtended,
)
from acd.model import Queue, Strategy
from agents.model import Abilities, Agent
from agents.states import REQUESTABLE, AgentState, PhoneState
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from tests.thorough import THOROUGH
from tests.unit.acd.engine.comparing import fingerprint, plain
from tests.unit.acd.engine.expected import A_DAY, AGENTS, ONWARD, QUEUES, THEN, Expected, agents, queues, short_day_end
from tests.unit.acd.world import agent_ids


def seat_of(engine: Engine, agent_id: str) -> Seat:
    return engine._floor.seats[agent_id]


class EngineMachine(Expected):
    # what happens

    def pick(self, data: st.DataObject, choices: list[Any]) -> Any:
        return data.draw(st.sampled_from(choices))

    @rule(
        data=st.data(),
        languages=st.lists(st.sampled_from(["zh", "zh", "en"]), min_size=1, max_size=4),
        head_start=st.sampled_from([0, 0, 25, A_DAY]),
        test=st.sampled_from([False, False, True]),
        sticky=st.one_of(st.none(), st.builds(Sticky, st.sampled_from(AGENTS), st.sampled_from([0.0, 15.0, 60.0]))),
    )
    def calls_are_queued(
        self, data: st.DataObject, languages: list[str], head_start: float, test: bool, sticky: Sticky | None
    ) -> None:
        self.wanted = sticky
        for language in languages:
            queue_id = self.pick(data, sorted(self.queues))
            self.tell(CallQueued(f"c{self.calls + 1}", queue_id, language, head_start, test=test, sticky=sticky))
        self.wanted = None

    @rule(data=st.data(), head_start=st.sampled_from([0, A_DAY]))
    def a_call_comes_back_to_an_agent(self, data: st.DataObject, head_start: float) -> None:
        """A free agent is rung, a wrap-up notwithstanding; else the call waits as any other."""
        agent_id = self.pick(data, AGENTS)
        call_id, queue_id = f"c{self.calls + 1}", self.pick(data, sorted(self.queues))
        free = agent_id in agent_ids(self.engine) and (
            self.available(agent_id)
            or (self.states[agent_id] is AgentState.WRAP_UP and self.phones[agent_id] is PhoneState.FREE)
        )
        effects = self.tell(CallQueued(call_id, queue_id, "zh", head_start, agent_id))
        preferred = [e for e in effects if isinstance(e, Record) and e.data.get("rule") == PREFERRED_AGENT]
        assert [(record.call, record.agent) for record in preferred] == [(call_id, agent_id)] * free

    @precondition(lambda self: self.callers)
    @rule(data=st.data(), why=st.sampled_from(Left), number=st.sampled_from(["", "138"]))
    def a_caller_leaves(self, data: st.DataObject, why: Left, number: str) -> None:
        """With a number the caller is called back, if the wait was long enough."""
        call_id = self.pick(data, sorted(self.callers))
        self.tell(CallLeft(call_id, why, number=number))
        assert call_id not in self.callers

    @precondition(lambda self: self.callers)
    @rule(data=st.data())
    def a_caller_is_promised_a_callback(self, data: st.DataObject) -> None:
        """Only somebody who waits, and for whom no agent rings, hangs up and keeps the place."""
        call_id = self.pick(data, sorted(self.callers))
        caller = self.callers[call_id]
        waits = not caller.offers and caller.agent is None
        self.promised += 1
        self.now = self.told
        self.tell(CallbackPromised(call_id, f"b{self.promised}"))
        assert (f"b{self.promised}" in self.callbacks) is waits

    @precondition(lambda self: any(each.dialled for each in self.callbacks.values()))
    @rule(data=st.data(), elsewhere=st.booleans())
    def a_citizen_answers(self, data: st.DataObject, elsewhere: bool) -> None:
        """The call takes the place over: whoever came later waits behind it."""
        name = self.pick(data, sorted(name for name, each in self.callbacks.items() if each.dialled))
        caller, call_id = self.callbacks[name], f"c{self.calls + 1}"
        self.now = self.told
        effects = self.tell(CallQueued(call_id, caller.queue, caller.language, callback=name))
        if name not in self.callbacks:
            assert effects

    @precondition(lambda self: self.callbacks)
    @rule(data=st.data(), later=st.sampled_from([0.0, 12.0, 60.0]))
    def a_citizen_is_not_reached(self, data: st.DataObject, later: float) -> None:
        self.tell(CallbackPostponed(self.pick(data, sorted(self.callbacks)), self.told + later))

    @precondition(lambda self: self.callbacks)
    @rule(data=st.data(), seconds=st.sampled_from([1, 10, 60]), back=st.booleans())
    def a_callback_is_taken_or_given_back(self, data: st.DataObject, seconds: int, back: bool) -> None:
        until = None if back else self.told + seconds
        self.tell(CallbackTaken(self.pick(data, sorted(self.callbacks)), until, until or self.told, Actor.user("li")))

    @precondition(lambda self: self.callbacks)
    @rule(data=st.data(), why=st.sampled_from(Left))
    def a_callback_is_over(self, data: st.DataObject, why: Left) -> None:
        name = self.pick(data, sorted(self.callbacks))
        self.tell(CallLeft(name, why))
        assert name not in self.callbacks

    @precondition(lambda self: self.callers)
    @rule(data=st.data())
    def a_call_is_queued_again(self, data: st.DataObject) -> None:
        call_id = self.pick(data, sorted(self.callers))
        self.tell(CallQueued(call_id, self.pick(data, sorted(self.queues)), "zh"))

    @precondition(lambda self: self.callers)
    @rule(data=st.data(), to=st.sampled_from(["front", "front", "agent", "queue"]))
    def a_supervisor_moves_a_caller(self, data: st.DataObject, to: str) -> None:
        """Only somebody who waits is moved, and then to there."""
        call_id = self.pick(data, sorted(self.callers))
        caller = self.callers[call_id]
        waits, before = not caller.offers and caller.agent is None, caller.head_start
        where: ToFront | ToAgent | ToQueue = ToFront()
        if to == "agent":
            where = ToAgent(self.pick(data, AGENTS))
        elif to == "queue":
            where = ToQueue(self.pick(data, QUEUES), THEN)
        self.now = self.told
        effects = self.tell(MoveRequested(call_id, where, Actor.user("wang")))
        moved = [e for e in effects if isinstance(e, Record) and e.kind is Kind.MOVED]
        assert len(moved) + sum(isinstance(effect, Refuse) for effect in effects) == 1
        if not moved:
            return
        assert waits
        match where:
            case ToFront():
                assert before < A_DAY
                assert caller.offers or self.engine.position(call_id) == moved[0].data["position"]
            case ToAgent(agent_id):
                assert {self.live[offer][0] for offer in caller.offers} == {agent_id}
            case ToQueue(queue_id):
                assert queue_id != caller.queue
                assert LeaveQueue(call_id, caller.queue, None, THEN) in effects

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def an_agent_answers(self, data: st.DataObject) -> None:
        self.tell(OfferAnswered(self.pick(data, sorted(self.live))))

    @precondition(lambda self: self.live)
    @rule(data=st.data(), reason=st.sampled_from(OfferFailure))
    def an_offer_fails(self, data: st.DataObject, reason: OfferFailure) -> None:
        offer_id = self.pick(data, sorted(self.live))
        agent_id, call_id = self.live[offer_id]
        ring_all = self.definition(call_id).strategy is Strategy.RING_ALL
        if self.blind and reason is OfferFailure.BUSY:
            reason = OfferFailure.FAILED  # nobody has told it
        self.tell(OfferFailed(offer_id, reason))
        assert offer_id not in self.live
        if (agent_id, call_id) in self.live.values() and not ring_all:
            others = {who for who in agent_ids(self.engine) if self.available(who)} - self.kept()
            assert all(self.met(who, self.callers[call_id]) is None for who in others), "twice in a row"

    def definition(self, call_id: str) -> Queue:
        return self.queues[self.callers[call_id].queue]

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def caller_and_agent_are_connected(self, data: st.DataObject) -> None:
        offer_id = self.pick(data, sorted(self.live))
        agent_id, call_id = self.live[offer_id]
        self.tell(OfferConnected(offer_id))
        assert self.callers[call_id].agent == agent_id

    @precondition(lambda self: self.callers)
    @rule(data=st.data(), by=st.sampled_from(EndedBy))
    def a_call_ends(self, data: st.DataObject, by: EndedBy) -> None:
        call_id = self.pick(data, sorted(self.callers))
        self.tell(CallEnded(call_id, by))
        assert call_id not in self.callers

    @rule(data=st.data(), company=st.sampled_from([None, None, *Company]), call=st.sampled_from(["s1", "s2"]))
    def a_colleague_sends_a_call(self, data: st.DataObject, company: Company | None, call: str) -> None:
        """Or asks about it; the phone may be busy by then, or not yet."""
        agent_id = self.pick(data, AGENTS)
        self.tell(CompanyChanged(call, agent_id, company, data.draw(st.sampled_from([*QUEUES, None]))))

    @precondition(lambda self: not self.blind)
    @rule(data=st.data(), rings=st.booleans())
    def a_callback_is_promised_and_its_turn_comes(self, data: st.DataObject, rings: bool) -> None:
        """No agent is ready for the caller; then those are who have no call. `rings`: agents ring before citizens."""
        for agent_id in agent_ids(self.engine):
            self.tell(StateRequested(agent_id, AgentState.NOT_READY, Actor.user("wang"), insist=True))
        call_id, queue_id = f"c{self.calls + 1}", self.pick(data, sorted(self.queues))
        self.tell(CallQueued(call_id, queue_id, "zh"))
        self.promised += 1
        self.tell(CallbackPromised(call_id, f"b{self.promised}"))
        for agent_id in agent_ids(self.engine):
            self.tell(PhoneChanged(agent_id, PhoneState.FREE))
            self.tell(StateRequested(agent_id, AgentState.READY, Actor.user("wang")))
            for who, place_id, for_queue in self.awaited() if rings else ():
                self.tell(CompanyChanged(f"o-{place_id}", who, Company.RINGS, for_queue))

    @precondition(lambda self: self.awaited())
    @rule(data=st.data())
    def an_agent_is_rung_before_a_citizen(self, data: st.DataObject) -> None:
        agent_id, place_id, queue_id = self.pick(data, self.awaited())
        self.now = self.told
        self.tell(CompanyChanged(f"o-{place_id}", agent_id, Company.RINGS, queue_id))
        assert self.states[agent_id] is AgentState.RINGING
        assert not self.blind
        assert not self.awaited() or agent_id not in [who for who, *_ in self.awaited()]

    def awaited(self) -> list[tuple[str, str, str]]:
        """Agents who are about to be rung before a citizen, with the callback and its queue. None has a colleague's
        call: it may have come before the agent signed in.
        """
        kept = [each for each in self.engine._floor.counted_on.items() if each[0].available and each[0].sent is None]
        return sorted((s.id, p.id, p.queue.id) for s, p in kept if p.queue.definition.agent_first)

    @precondition(lambda self: any(company == Company.RINGS for _, company in self.sent.values()))
    @rule(data=st.data(), failure=st.sampled_from(OfferFailure))
    def an_agent_does_not_pick_up_for_a_citizen(self, data: st.DataObject, failure: OfferFailure) -> None:
        """It counts as any offer."""
        rung = sorted(who for who, (_, company) in self.sent.items() if company == Company.RINGS)
        agent_id = self.pick(data, rung)
        seat = seat_of(self.engine, agent_id)
        counts, missed = seat.state is AgentState.RINGING and seat.by_sent and seat.queue is not None, seat.missed
        effects = self.tell(CompanyChanged(self.sent[agent_id][0], agent_id, None, failure=failure))
        failed = [e for e in effects if isinstance(e, Record) and e.kind is Kind.OFFER_FAILED and e.offer is None]
        assert [record.agent for record in failed] == [agent_id] * counts
        for record in failed:
            assert record.data["missed"] == missed + (failure in MISSED)

    @precondition(lambda self: bool(set(self.offers) - set(self.live)))
    @rule(data=st.data(), late=st.sampled_from([OfferAnswered, OfferConnected, OfferFailed]))
    def an_event_of_a_dead_offer_comes_late(self, data: st.DataObject, late: type) -> None:
        """It changes nothing. A leg that is up with nobody to talk to is hung up."""
        offer_id = self.pick(data, sorted(set(self.offers) - set(self.live)))
        self.now = self.told  # nothing is due at the moment of the last step
        before = fingerprint(self.engine)
        event = OfferFailed(offer_id, OfferFailure.NO_ANSWER) if late is OfferFailed else late(offer_id)
        effects = self.tell(event)
        hangs_up = late is not OfferFailed and offer_id not in self.connected
        assert [type(effect) for effect in effects] == [CancelRing] * hangs_up
        assert fingerprint(self.engine) == before

    @rule(agent_id=st.sampled_from(AGENTS), state=st.sampled_from(AgentState), reason=st.sampled_from(["", "lunch"]))
    def an_agent_asks(self, agent_id: str, state: AgentState, reason: str) -> None:
        effects = self.tell(StateRequested(agent_id, state, Actor.agent(agent_id), reason))
        if agent_id not in agent_ids(self.engine) or state not in REQUESTABLE:
            assert any(isinstance(effect, Refuse) for effect in effects)

    @rule(agent_id=st.sampled_from(AGENTS), seconds=st.sampled_from([-1, 0, 10, 900, 1_790]))
    def an_agent_asks_for_more_wrap_up(self, agent_id: str, seconds: float) -> None:
        known = agent_id in agent_ids(self.engine)
        before = self.engine.agent_view(agent_id).until if known else None
        self.now = self.told
        effects = self.tell(WrapUpExtended(agent_id, seconds, Actor.agent(agent_id)))
        after = self.engine.agent_view(agent_id).until if known else None
        if any(isinstance(effect, Refuse) for effect in effects):
            assert after == before
        else:
            assert before is not None
            assert after == before + seconds
            assert after <= self.engine.agent_view(agent_id).since + 1_800

    @rule(agent_id=st.sampled_from(AGENTS), late=st.booleans())
    def a_code_is_given(self, agent_id: str, late: bool) -> None:
        known = agent_id in agent_ids(self.engine)
        call = self.engine.agent_view(agent_id).call_id if known else None
        self.tell(CodeGiven("gone" if late or call is None else call, "a", agent_id, "done", {}, Actor.agent(agent_id)))
        if known and call is not None and not late:
            assert not self.engine.agent_view(agent_id).code_missing

    @rule(agent_id=st.sampled_from(AGENTS), state=st.sampled_from(REQUESTABLE))
    def a_supervisor_insists(self, agent_id: str, state: AgentState) -> None:
        self.tell(StateRequested(agent_id, state, Actor.user("wang"), insist=True))
        if agent_id in agent_ids(self.engine):
            assert self.engine.agent_view(agent_id).state is not AgentState.WRAP_UP

    @rule(
        agent_id=st.sampled_from(AGENTS),
        skills=st.dictionaries(st.sampled_from(QUEUES), st.integers(1, 3), max_size=3),
        languages=st.sampled_from([("zh", "en"), ("zh",)]),
        back=st.sampled_from([False, False, True]),
    )
    def a_supervisor_sets_what_an_agent_knows(
        self, agent_id: str, skills: dict[str, int], languages: tuple[str, ...], back: bool
    ) -> None:
        own = self.hotline[1].get(agent_id) or Agent(id=agent_id, name="gone", skills={})
        agent = own if back else own.knowing(Abilities(skills, languages))
        self.now = self.told
        effects = self.tell(AbilitiesRequested(agent, agent != own, Actor.user("wang")))
        if agent_id not in self.hotline[1]:
            assert [type(effect) for effect in effects] == [Refuse]
            return
        assert self.engine.edited(agent_id) == (None if agent == own else agent.abilities)
        sets = list(self.engine._floor.table.skill_sets)
        assert all(not skill_set.empty or not skill_set.languages for skill_set in sets), "nobody has it any more"
        assert self.agents[agent_id].abilities == agent.abilities

    @rule(agent_id=st.sampled_from(AGENTS))
    def an_agent_comes_ready(self, agent_id: str) -> None:
        if not self.blind:
            self.tell(PhoneChanged(agent_id, PhoneState.FREE))
        self.tell(StateRequested(agent_id, AgentState.READY, Actor.agent(agent_id)))

    @precondition(lambda self: not self.blind)
    @rule(agent_id=st.sampled_from(AGENTS), phone=st.sampled_from(PhoneState))
    def a_phone_changes(self, agent_id: str, phone: PhoneState) -> None:
        self.tell(PhoneChanged(agent_id, phone))

    @rule()
    def the_link_is_lost(self) -> None:
        """Then no phone can be reached, and no phone's state is told."""
        self.tell(LinkLost())
        for agent_id in AGENTS:
            self.tell(PhoneChanged(agent_id, PhoneState.UNREACHABLE))

    @rule(away=st.sets(st.sampled_from(AGENTS), max_size=2))
    def asterisk_can_be_asked_again(self, away: set[str]) -> None:
        if self.blind:
            for agent_id in sorted(set(AGENTS) - away):
                self.tell(PhoneChanged(agent_id, PhoneState.FREE))
            self.unheard |= away & self.running()
        self.tell(Resynced())

    def running(self) -> set[str]:
        """Agents who are signed in, out of reach, and not away yet."""
        return {
            agent_id
            for agent_id in agent_ids(self.engine)
            if self.phones[agent_id] is PhoneState.UNREACHABLE
            and self.states[agent_id] is not AgentState.LOGGED_OUT
            and agent_id not in self.away
        }

    @precondition(lambda self: self.callers)
    @rule(data=st.data())
    def an_announcement_is_over(self, data: st.DataObject) -> None:
        self.tell(Announced(self.pick(data, sorted(self.callers))))

    @precondition(lambda self: self.calls > 3)
    @rule(queues=queues(), agents=agents(), away_after=st.sampled_from([30.0, 30.0, 12.0]))
    def the_hotline_changes(self, queues: dict[str, Queue], agents: dict[str, Agent], away_after: float) -> None:
        for agent_id in agents.keys() - set(agent_ids(self.engine)):
            self.states[agent_id] = AgentState.LOGGED_OUT
            self.phones[agent_id] = PhoneState.UNREACHABLE
        self.agents |= agents
        self.away_after = away_after
        self.tell(HotlineChanged(queues, agents, "next", SYSTEM, away_after, ONWARD))

    @rule(seconds=st.sampled_from([0.5, 5.0, 20.0, 100.0, -50.0]))
    def time_passes(self, seconds: float) -> None:
        """Without a Tick: the next event lags, or the clock steps back."""
        self.now += seconds

    @rule(seconds=st.sampled_from([5.0, 10.0, 30.0, 0.0]))
    def time_passes_with_ticks(self, seconds: float) -> None:
        until = self.now + seconds
        while (deadline := self.engine.deadline()) is not None and deadline <= until:
            self.now = max(self.now, deadline)
            self.tell(Tick())
        self.now = max(self.now, until)
        self.tell(Tick())

    # what must hold

    def restored(self) -> Engine:
        queues, agents = self.hotline
        stored = json.loads(json.dumps(self.snapshot))
        records = [record._replace(data=json.loads(json.dumps(record.data))) for record in self.records]
        engine = Engine.restored(
            queues,
            agents,
            stored,
            records,
            seed=self.seed,
            now=self.told,
            away_after=self.away_after,
            day_end=short_day_end,
            onward=ONWARD,
            version="restored",
            unseen=self.blind,
        )
        for name, queue in engine._floor.queues.items():  # of a removed queue nothing says how its talks are wrapped up
            queue.definition = self.queues.get(name, queue.definition)
        return engine

    @rule()
    def a_snapshot_is_taken(self) -> None:
        self.snapshot = self.engine.snapshot()
        self.records = []

    @precondition(
        lambda self: (
            not self.blind
            and not self.unheard
            and not self.prolonged & self.live.keys()
            and not any(each.dialled for each in self.callbacks.values())  # on whom that counts is not kept
        )
    )
    @rule()
    def the_service_dies_and_comes_back(self) -> None:
        """From now on the restored engine does what the original does."""
        self.now = self.told  # nothing is due at the moment of the last step
        for call_id in sorted(self.callers):
            self.tell(Announced(call_id))  # a restored engine takes announcements to be over
        self.twin = self.restored()

    @invariant()
    def snapshot_and_fold_give_the_same_state(self) -> None:
        other = self.restored()
        unheard = self.unheard | (self.running() if self.blind else set())
        assert plain(other.snapshot(), self.prolonged, unheard) == plain(
            self.engine.snapshot(), self.prolonged, unheard
        )
        assert agent_ids(other) == agent_ids(self.engine)
        for queue_id in {*self.hotline[0], *(caller.queue for caller in self.callers.values())}:
            views = [engine.queue_view(queue_id, self.told) for engine in (other, self.engine)]
            if any(each.dialled for each in self.callbacks.values()):  # who is kept for them is not kept
                views = [replace(view, estimate_s=None) for view in views]
            assert views[0] == views[1]
        for agent_id in agent_ids(self.engine):
            assert other.agent_view(agent_id) == self.engine.agent_view(agent_id)
        assert other.calls() == self.engine.calls()
        assert {offer.id: offer for offer in other.offers()} == {offer.id: offer for offer in self.engine.offers()}
        for call_id in self.callers:
            assert other.position(call_id) == self.engine.position(call_id)
            assert other.may_leave(call_id) == self.engine.may_leave(call_id)

    @invariant()
    def nobody_waits_in_a_removed_queue(self) -> None:
        for caller in self.callers.values():
            assert caller.queue in self.hotline[0] or caller.offers or caller.agent

    @invariant()
    def nobody_is_lost(self) -> None:
        """Every queued caller is waiting, offered or connected in the engine as expected, or gone from both."""
        floor = self.engine._floor
        assert set(floor.places) == set(self.callers)
        assert set(floor.callbacks) == set(self.callbacks)
        assert {call.id: call.agent for call in self.engine.calls()} == {c: v.agent for c, v in self.callers.items()}
        assert {o.id: (o.agent_id, o.call_id) for o in self.engine.offers()} == self.live
        for call_id, caller in self.callers.items():
            place = floor.places[call_id]
            if caller.agent is not None:
                assert place.stage is Stage.TALKING
                assert place.seat is not None
                assert place.seat.id == caller.agent
            elif caller.offers:
                assert place.stage is Stage.OFFERED
                assert {offer.id for offer in place.offers} == caller.offers
                assert len(caller.offers) == 1 or not caller.offers & self.answered
            else:
                assert place.stage is Stage.WAITING
                assert place.requirement is not None
                assert place.apart is self.apart(caller)

    @invariant()
    def one_agent_has_one_call_and_the_agents_state_says_so(self) -> None:
        busy = [agent for agent, _ in self.live.values()] + [c.agent for c in self.callers.values() if c.agent]
        assert len(busy) == len(set(busy))
        ringing = dict(self.live.values())
        talking = {caller.agent: call for call, caller in self.callers.items() if caller.agent}
        self.sent = {who: call for who, call in self.sent.items() if who in agent_ids(self.engine)}
        for agent_id in agent_ids(self.engine):
            seat = seat_of(self.engine, agent_id)
            assert (self.sent.get(agent_id) is None) == (seat.sent is None)
            if seat.by_sent and seat.state is not AgentState.WRAP_UP:  # it has the agent, and nothing else does
                assert agent_id not in busy
                call, company = self.sent[agent_id]
                (ringing if company == Company.RINGS else talking)[agent_id] = call
        for agent_id in agent_ids(self.engine):
            view = self.engine.agent_view(agent_id)
            if agent_id in self.sent and seat_of(self.engine, agent_id).call_id is None:
                assert (view.call_id, view.sent) == self.sent[agent_id]
                assert view.state is (AgentState.RINGING if view.sent == Company.RINGS else AgentState.ON_CALL)
                continue
            assert view.state is self.states[agent_id]
            assert view.phone is self.phones[agent_id]
            assert view.away == (agent_id in self.away)
            assert (view.state is AgentState.RINGING) == (agent_id in ringing)
            assert (view.state is AgentState.ON_CALL) == (agent_id in talking)
            if agent_id in ringing or agent_id in talking:
                assert view.call_id == (ringing | talking)[agent_id]
            elif view.state is not AgentState.WRAP_UP:
                assert view.call_id is None
                assert view.next_state is None
        assert set(busy) <= set(agent_ids(self.engine))

    @invariant()
    def nobody_who_fits_is_idle_while_a_call_waits(self) -> None:
        """Except an agent in a pause after a failed ring; its Record tells the pause. And callers of a queue that has
        reached its limit.
        """
        self.stood_apart = []
        waiting = [c for c in self.callers.values() if not c.offers and c.agent is None and not self.full(c.queue)]
        kept = {seat.id: place for seat, place in self.engine._floor.counted_on.items()}
        for agent_id in agent_ids(self.engine):
            if self.available(agent_id):
                fitting = [caller for caller in waiting if self.may_serve(agent_id, caller)]
                citizen = kept.get(agent_id)
                if citizen is None or citizen.callback is None or citizen.callback.kept_until is None:
                    assert not fitting
                else:
                    assert not fitting or self.told < citizen.callback.kept_until
                    first = self.callbacks[citizen.id]
                    assert all(self.rank(first) < self.rank(caller) for caller in fitting)

    @invariant()
    def nobody_who_fits_is_idle_while_a_citizen_could_be_dialled(self) -> None:
        if self.blind:
            return
        counted = {seat.id for seat in self.engine._floor.counted_on}
        free = [who for who in agent_ids(self.engine) if self.available(who) and who not in counted]
        for caller in self.callbacks.values():
            if not caller.dialled and caller.due <= self.told and not self.engaged(caller.queue):
                assert all(self.met(who, caller) is None for who in free)

    @invariant()
    def views_tell_what_is(self) -> None:
        for queue_id in self.queues:
            here = {call: c for call, c in self.callers.items() if c.queue == queue_id}
            unconnected = {call: c for call, c in here.items() if c.agent is None}
            view = self.engine.queue_view(queue_id, self.told)
            assert (view.waiting, view.talking) == (len(unconnected), len(here) - len(unconnected))
            assert view.longest_wait_s == max((self.told - c.entered for c in unconnected.values()), default=0.0)
            for call_id, caller in unconnected.items():
                assert self.engine.position(call_id) == self.position(caller)
            away = {name: c for name, c in self.callbacks.items() if c.queue == queue_id}
            assert view.callbacks == len(away)
            for name, caller in away.items():
                assert self.engine.callback_position(name) == self.position(caller)
            definition = self.queues[queue_id]
            ever = [definition.needs, *(relax.needs for relax in definition.relax)]
            able = [
                a
                for a in agent_ids(self.engine)
                if a in self.hotline[1]
                if any(self.agents[a].fits(needs, "zh") for needs in ever)
            ]
            serving = [self.states[a] for a in able if a not in self.away]
            counts = dict(view.agents)
            assert counts.pop("unreachable") == sum(a in self.away for a in able)
            for name, count in counts.items():
                assert count == serving.count(AgentState(name.replace("_", "-")))
            at_work = [(self.states[a], self.phones[a]) for a in able if self.states[a] is not AgentState.LOGGED_OUT]
            assert self.engine.crews()[queue_id] == Counter(at_work)

    @invariant()
    def who_cannot_be_rung_for_long_is_away(self) -> None:
        """Nobody else is. A line of which no agent is there knows since when."""
        floor = self.engine._floor
        for agent_id in self.running():
            since = floor.seats[agent_id].absence.since
            assert since is not None
            assert self.blind or self.told < since + self.away_after
        for live in floor.queues.values():
            for language, line in live.lines.items():
                there = [
                    agent_id
                    for agent_id in self.hotline[1]
                    if self.states[agent_id] is not AgentState.LOGGED_OUT
                    and agent_id not in self.away
                    and any(self.agents[agent_id].fits(r.alternatives[-1], language) for r in line.requirements)
                ]
                assert (line.empty_since is None) == bool(there)
                if not there:
                    assert not line.requirements[-1].working

    @invariant()
    def the_deadline_lies_ahead(self) -> None:
        deadline = self.engine.deadline()
        assert deadline is None or deadline > self.told
        floor = self.engine._floor
        assert [floor.unmatched, floor.freed, floor.unchecked, floor.effects] == [[]] * 4, "the step is over"

    def teardown(self) -> None:
        """When everybody has gone and every wrap-up and pause is over, nothing is left behind."""
        if not hasattr(self, "engine"):
            return
        self.tell(Resynced())
        for call_id in sorted([*self.callers, *self.callbacks]):
            self.tell(CallLeft(call_id, Left.HUNG_UP))
        assert not self.live
        assert not self.callers
        assert not self.callbacks
        while (deadline := self.engine.deadline()) is not None:
            self.now = deadline
            self.tell(Tick())
        floor = self.engine._floor
        assert not floor.places
        assert not floor.rounds
        assert not floor.sticky
        assert [floor.callbacks, floor.counted_on, floor.wrapping] == [{}, {}, {}]
        assert not any(queue.callbacks or queue.dialled for queue in floor.queues.values())
        assert not any(queue.places or queue.talking for queue in floor.queues.values())


EngineMachine.TestCase.settings = settings(
    max_examples=150 if THOROUGH else 75,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestEngine = EngineMachine.TestCase
