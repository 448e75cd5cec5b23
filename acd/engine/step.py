"""The distributor: a pure state machine that brings callers and agents together.

`step(event, now)` takes what happened and returns what is to be done, in order; `deadline()` says when it wants a Tick
at the latest. It reads no clock, knows no Asterisk, and takes chance from a seed. The rules are in docs/routing.md.

A step has three parts. The event and the due timers change the state only; they note the callers who wait anew and the
agents who came free. Then these are matched, so the order of reports within one moment does not matter. Last, callers
who still wait leave their queue or hear an announcement.

Between steps no available agent fits a waiting caller, but for those whom a queue's limit holds back. So an arriving
caller is compared with the ready agents alone, a freed agent with the heads of the orders alone.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from math import inf
from typing import Any, TypeVar, assert_never

from acd.effects import CancelReason, CancelRing, Effect, Refuse
from acd.engine import agent_states, callbacks, changes, moves, presence, queueing, ringing, sticky, talks
from acd.engine.floor import Floor, NextDial, Owner
from acd.engine.parts import Absence, Callback, Line, Offer, Place, Seat, Stage
from acd.engine.shown import Shown
from acd.events import (
    ABANDONED,
    AbilitiesRequested,
    Announced,
    CallbackPostponed,
    CallbackPromised,
    CallbackTaken,
    CallEnded,
    CallLeft,
    CallQueued,
    CodeGiven,
    CompanyChanged,
    EndedBy,
    Event,
    HotlineChanged,
    Left,
    LinkLost,
    MoveRequested,
    OfferAnswered,
    OfferConnected,
    OfferFailed,
    PhoneChanged,
    Resynced,
    StateRequested,
    Tick,
    WrapUpExtended,
)
from acd.model import AWAY_AFTER, NO_LIMITS, NOWHERE, Onward, Queue, Strategy
from acd.recovery import restoring, state
from acd.recovery.fold import fold
from acd.recovery.state import State
from agents.model import Agent
from agents.states import REQUESTABLE, AgentState, PhoneState
from journal.actor import SYSTEM
from journal.records import Record
from sentences.sentence import Sentence

Thing = TypeVar("Thing")

LONGEST_WAITING = "longest-waiting"
"""The rule of an offer to a freed agent, who gets the first caller. Else, and always in a ring-all queue, the rule is
the queue's strategy."""


def utc_day_end(now: float) -> float:
    """The end of the UTC day that holds `now`, both in seconds since the epoch."""
    return (now // 86_400 + 1) * 86_400.0


class Engine(Shown):
    """The queues and agents of one hotline.

    queues, agents  by id; the agents in the order of agents.yaml. All agents are signed out and their phones
                    unreachable until events say otherwise
    seed            of random choices and the offers' ids: another one at every start of the service
    node            the Asterisk that it serves; part of the offers' ids. ValueError if it is not of [A-Za-z0-9.-]
    now             when it begins, in epoch seconds
    away_after      seconds after which a signed-in agent whose phone cannot be reached counts as signed out
    day_end         the end, in epoch seconds, of the hotline's day that holds a moment: `fewest-calls`, `least-talk`
                    and the service level count from there. It is asked once a day
    """

    def __init__(
        self,
        queues: Mapping[str, Queue],
        agents: Mapping[str, Agent],
        *,
        seed: int,
        node: str = "local",
        now: float = 0.0,
        away_after: float = AWAY_AFTER,
        day_end: Callable[[float], float] = utc_day_end,
    ) -> None:
        self._floor = Floor(node, seed, now, away_after)
        self._day_end = day_end
        self._today_ends = -inf
        changes.apply(self._floor, queues, agents, away_after, NOWHERE, NO_LIMITS)

    @classmethod
    def restored(
        cls,
        queues: Mapping[str, Queue],
        agents: Mapping[str, Agent],
        snapshot: Mapping[str, Any] | None,
        records: Iterable[Record],
        *,
        seed: int,
        node: str = "local",
        now: float = 0.0,
        away_after: float = AWAY_AFTER,
        day_end: Callable[[float], float] = utc_day_end,
        onward: Onward = NOWHERE,
        break_limits: Mapping[str, float] = NO_LIMITS,
        version: str = "",
        unseen: bool = False,
    ) -> "Engine":
        """The engine that wrote `records`, as it was after the last of them. Raises UnreadableSnapshot.

        snapshot  from that engine, or one before it; None: nothing is known from before `records`
        records   since the snapshot, in order
        break_limits  seconds that a break may take, by the reason that agents give
        version   of the hotline; recorded if its agents are not those of before
        unseen    Asterisk has not been asked yet what is true now: as after LinkLost, and no phone can be reached

        Every announcement is taken to be over. The first step does what is due because time has passed or the hotline
        has changed; if there is any, `deadline` is now. That step sends callers of a queue that is not in `queues`
        where `onward` says.
        """
        known = State() if snapshot is None else state.load(snapshot)
        for record in records:
            fold(known, record, day_end)
        now = max(now, known.at)
        engine = cls({}, {}, seed=seed, node=node, now=now, away_after=away_after, day_end=day_end)
        floor = engine._floor
        restoring.restore(floor, known)
        if set(agents) != {agent_id for agent_id, seat in floor.seats.items() if not seat.removed}:
            changes.announce(floor, agents, version)
        floor.blind = unseen
        changes.apply(floor, queues, agents, away_after, onward, break_limits)
        restoring.resume(floor, known)
        engine._today_ends = -inf if known.day_ends is None else known.day_ends
        if floor.now >= engine._today_ends:
            engine._new_day()
        if unseen:
            for seat in floor.seats.values():
                agent_states.phone(floor, seat, PhoneState.UNREACHABLE)
        return engine

    def snapshot(self) -> dict[str, Any]:
        """The state after all Records so far, as JSON values, for `restored`."""
        return state.dump(restoring.state_of(self._floor, None if self._today_ends == -inf else self._today_ends))

    def step(self, event: Event, now: float, *, catching_up: bool = False) -> list[Effect]:
        """The effects of `event`. `now`: seconds since the epoch; if before the last one, the last one counts.
        `catching_up`: older news is still to come, so no timer counts yet.

        No event from outside makes it raise: repeated events, and late ones of calls and offers that are over, change
        nothing.
        """
        floor = self._floor
        if now > floor.now:
            floor.now = now
        if floor.now >= self._today_ends:
            self._new_day()
        self._apply(event)
        floor.actor = SYSTEM  # what follows from the event was not asked for by a person
        while not catching_up and (owner := floor.timers.take(floor.now)) is not None:
            self._due(owner)
        if floor.held:
            floor.unmatched, floor.roomy, floor.freed = _once(floor.unmatched), _once(floor.roomy), _once(floor.freed)
        else:
            self._offer()
        if floor.unchecked:
            self._check()
        effects, floor.effects = floor.effects, []
        return effects

    def let_offer(self, may: bool) -> None:
        """Whether the next steps may make new offers, and dial citizens; at the beginning they may.

        Meanwhile all else goes on: who rings or talks, what callers hear, overflow. The first step after it, such as a
        Tick, makes the offers that were put off.
        """
        self._floor.held = not may

    def deadline(self) -> float | None:
        """When to step with Tick if nothing happens before, in epoch seconds; None: no need."""
        floor = self._floor
        due = (floor.unmatched or floor.roomy) and not floor.held
        return floor.now if due or floor.effects else floor.timers.next()

    def _offer(self) -> None:
        floor = self._floor
        if floor.unmatched or floor.roomy:
            if floor.counted_on:
                floor.freed.extend(floor.counted_on)  # perhaps a caller has come who is served before
            self._match()
        if floor.freed:
            self._serve()
            if floor.unmatched:  # nobody waits for one agent only who is free and did not take the call
                self._match()
        if floor.to_dial and not floor.blind:
            callbacks.dial(floor)

    def _apply(self, event: Event) -> None:
        floor = self._floor
        match event:  # the most frequent first; `case Event(field)` takes twice as long
            case Tick():
                pass
            case OfferAnswered():
                if (offer := self._alive(event.offer_id)) is not None:
                    ringing.answered(floor, offer)
            case OfferConnected():
                if (offer := self._alive(event.offer_id)) is not None:
                    talks.begin(floor, offer)
            case CallQueued():
                self._queued(event)
            case CallEnded():
                if (place := floor.places.get(event.call_id)) is not None:
                    self._ended(place, event.by, event.cause)
            case CompanyChanged():
                talks.company_changed(floor, event)
            case PhoneChanged():
                if (seat := floor.seats.get(event.agent_id)) is not None:
                    agent_states.phone(floor, seat, event.phone)
            case CallLeft():
                if (place := floor.places.get(event.call_id)) is not None:
                    self._left(place, event.why, event.number)
                elif (place := floor.callbacks.get(event.call_id)) is not None:
                    callbacks.given_up(floor, place, event.why, event.actor)
            case CallbackPromised():
                callbacks.promise(floor, event)
            case CallbackPostponed():
                callbacks.postpone(floor, event)
            case CallbackTaken():
                callbacks.take(floor, event)
            case OfferFailed():
                if (offer := floor.offers.live(event.offer_id)) is not None:
                    ringing.failed(floor, offer, event.reason)
            case Announced():
                if (place := floor.places.get(event.call_id)) is not None:
                    queueing.announced(place, said=event.said)
            case StateRequested():
                floor.actor = event.actor
                self._requested(event.agent_id, event.state, event.reason, insist=event.insist)
            case MoveRequested():
                floor.actor = event.actor
                moves.move(floor, event)
            case WrapUpExtended():
                floor.actor = event.actor
                if (seat := self._seat(event.agent_id)) is not None:
                    agent_states.extend(floor, seat, event.seconds)
            case CodeGiven():
                floor.actor = event.actor
                agent_states.code_given(floor, event)
            case AbilitiesRequested():
                floor.actor = event.actor
                if (seat := self._seat(event.agent.id)) is not None:
                    presence.change_abilities(floor, seat, event.agent, edited=event.edited)
            case HotlineChanged():
                floor.actor = event.actor
                presence.forget_abilities(floor)
                changes.announce(floor, event.agents, event.version)
                changes.apply(floor, event.queues, event.agents, event.away_after, event.onward, event.break_limits)
            case LinkLost():
                floor.blind = True
            case Resynced():
                self._resynced()
            case _:
                assert_never(event)

    def _alive(self, offer_id: str) -> Offer | None:
        """The live offer, or None. If the offer is dead, its leg is hung up: either the agent is alone, or has a caller
        whom another agent is to serve. This caller waits on at the same place.

        An id that was never given out, or whose offer was connected, is left alone: it may be a conversation from
        before a restart.
        """
        offers = self._floor.offers
        offer = offers.live(offer_id)
        if offer is None and (dead := offers.dead(offer_id)) is not None:
            self._floor.effects.append(CancelRing(offer_id, *dead))
        return offer

    def _queued(self, event: CallQueued) -> None:
        """A caller enters. A call on the floor under the same id has left its earlier queue or conversation."""
        floor = self._floor
        queue = floor.queue(event.queue)
        known = floor.places.get(event.call_id)
        if known is not None:
            if known.queue is queue and known.stage is not Stage.TALKING:
                return
            if known.stage is Stage.TALKING:
                talks.end(floor, known, EndedBy.SYSTEM)
            else:
                self._left(known, Left.WENT_ELSEWHERE)
        callback = floor.callbacks.get(event.callback)
        if callback is not None and callback.queue is queue:
            callbacks.arrived(floor, callback, event)
            return
        place = queueing.enter(floor, event, queue)
        seat = floor.seats.get(event.agent)
        if seat is not None and seat.free and not place.robot and not floor.held:
            ringing.ring_preferred(floor, place, seat)

    def _left(self, place: Place, why: Left, number: str = "") -> None:
        """The caller is gone. Rings for the caller are cancelled; a conversation counts as ended by the caller.
        `number`: at which the caller is called back, if the wait was long enough.
        """
        floor = self._floor
        if place.stage is Stage.TALKING:
            talks.end(floor, place, EndedBy.CALLER)
            return
        for offer in place.offers:
            ringing.release(floor, offer, CancelReason.CALLER_LEFT)
        long_enough = floor.now - place.entered >= place.queue.definition.missed.after and not place.queue.removed
        if number and why in ABANDONED and long_enough and len(floor.callbacks) < callbacks.MOST:
            callbacks.promise_missed(floor, place, why, number)
        else:
            queueing.leave(floor, place, why)

    def _ended(self, place: Place, by: EndedBy, cause: str) -> None:
        """The conversation is over. If its begin was not reported, its agent is the one who answered or rang alone."""
        for offer in place.offers:
            if offer.answered or len(place.offers) == 1:
                talks.begin(self._floor, offer)
                break
        if place.stage is Stage.TALKING:
            talks.end(self._floor, place, by, cause)
        else:
            self._left(place, Left.HUNG_UP if by is EndedBy.CALLER else Left.WENT_ELSEWHERE)

    def _seat(self, agent_id: str) -> Seat | None:
        """The agent that a request names; None: refused."""
        seat = self._floor.seats.get(agent_id)
        if seat is None:
            self._floor.effects.append(Refuse(Sentence("There is no agent {agent}.", agent=agent_id)))
        return seat

    def _requested(self, agent_id: str, wanted: AgentState, reason: str, *, insist: bool = False) -> None:
        """An agent asks for a state. If the agent leaves, an unanswered ring is cancelled.

        While Asterisk cannot be asked, the agent may have answered and talk: then the state follows the call.
        """
        floor = self._floor
        seat = self._seat(agent_id)
        if seat is None:
            return
        goes = wanted in REQUESTABLE and wanted is not AgentState.READY and not seat.removed
        if goes and seat.offer is not None and not seat.offer.answered and not floor.blind:
            place = seat.offer.place
            ringing.cancel(floor, seat.offer, CancelReason.AGENT_LEFT)
            agent_states.change(floor, seat, wanted, reason)
            queueing.back(floor, place)
        else:
            agent_states.request(floor, seat, wanted, reason, insist=insist)

    def _resynced(self) -> None:
        """Asterisk can be asked, and answers are reported. Agents who still ring and were to leave, leave now."""
        if self._floor.blind:
            presence.phones_known(self._floor)
        self._floor.blind = False
        for seat in [seat for seat in self._floor.seats.values() if seat.state is AgentState.RINGING]:
            if seat.removed:
                changes.remove(self._floor, seat)
            elif seat.next_state is not None and not seat.answered:
                self._requested(seat.id, seat.next_state, seat.next_reason)

    def _due(self, owner: Owner) -> None:
        floor = self._floor
        match owner:
            case Place() if owner.robot and not owner.queue.removed:
                ringing.ring_robot(floor, owner)
            case Place() if owner.robot:
                queueing.send_off(floor, owner)
            case Place(callback=Callback() as callback):
                callbacks.stand_anew(floor, callback)
            case Place():
                queueing.due(floor, owner)
            case Callback():
                callbacks.kept(floor, owner)
            case NextDial():
                pass  # the step dials
            case Offer():
                ringing.overdue(floor, owner)
            case Seat():
                agent_states.due(floor, owner)
            case Absence():
                presence.due(floor, owner)
            case Line():
                floor.unchecked.extend(place for order in owner.requirements for place in order.callers())
            case _:
                assert_never(owner)

    def _match(self) -> None:
        """Match callers who wait anew, in order, with the agents who were ready before this step. So are the first
        callers of a queue that has room again under its limit, until it is full or nobody fits.
        """
        floor = self._floor
        places, floor.unmatched = floor.unmatched, []
        roomy, floor.roomy = set(floor.roomy), []
        if not floor.table.anybody_ready:
            return
        if not roomy:
            for place in _in_order(places):
                self._ring(place)
            return
        tried = set[Place]()
        waiting = deque(_in_order([*places, *(head for queue in roomy for head in queue.heads())]))
        while waiting:
            place = waiting.popleft()
            tried.add(place)
            if self._ring(place) and place.queue in roomy and not place.queue.full:
                more = (head for head in place.queue.heads() if head not in tried)
                waiting = deque(_in_order([*waiting, *more]))

    def _ring(self, place: Place) -> bool:
        """Ring the ready agent, or in a ring-all queue the agents, for a waiting caller. False: nobody fits, or the
        queue has reached its limit.
        """
        floor = self._floor
        if place.requirement is None or place.queue.full:
            return False
        strategy = place.queue.definition.strategy
        if strategy is Strategy.RING_ALL:
            ringing.ring_all(floor, place, floor.table.everybody(place))
            return bool(place.offers)
        if place.sticky is not None and (last := sticky.ready(floor, place)) is not None:
            ringing.ring_sticky(floor, place, last)
            return True
        if place.apart:
            return False
        seat = floor.table.choose(place, floor.seats, floor.seed, floor.offers.made)
        if seat is None:
            return False
        ringing.ring(floor, place, seat, strategy)
        return True

    def _serve(self) -> None:
        """Each freed agent takes the first caller who fits, joins a ring-all round, or stands ready."""
        floor = self._floor
        seats, floor.freed = floor.freed, []
        given_way: set[Seat] = set()
        # An agent who was rung last for a caller gives way once, to the end of the list: another one who came free in
        # the same moment may take this caller.
        for index, seat in enumerate(seats):
            if seat.ready_in_set or not seat.available:
                continue
            if floor.callbacks and not floor.blind and callbacks.keeps(floor, seat):
                continue
            place = sticky.first_for(floor, seat) if floor.sticky else floor.table.longest_waiting(seat.skill_set)
            if place is None:
                if not ringing.join(floor, seat):
                    floor.table.enter(seat)
            elif place.rang_last(seat) and index + 1 < len(seats) and seat not in given_way:
                given_way.add(seat)
                seats.append(seat)
            elif place.queue.definition.strategy is Strategy.RING_ALL:
                ringing.ring_all(floor, place, [seat])
            elif place.sticky == seat.id:
                ringing.ring_sticky(floor, place, seat)
            else:
                ringing.ring(floor, place, seat, LONGEST_WAITING)
        floor.kept.clear()
        if floor.sticky:
            for seat in seats:
                sticky.look(floor, seat)

    def _check(self) -> None:
        """Callers who still wait leave their queue or hear an announcement, in order; their timers are set."""
        floor = self._floor
        places, floor.unchecked = floor.unchecked, []
        for place in _in_order(places):
            if place.requirement is not None:
                queueing.check(floor, place)

    def _new_day(self) -> None:
        """Start the counts of the day anew, and rebuild the orders that depend on them."""
        floor = self._floor
        self._today_ends = self._day_end(floor.now)
        for queue in floor.queues.values():
            queue.answered = queue.in_time = queue.abandoned = 0
        for seat in floor.seats.values():
            ready = seat.ready_in_set
            if ready:
                floor.table.leave(seat)
            seat.calls, seat.talk, seat.missed_today, seat.wrapped = 0, 0.0, 0, 0.0
            if ready:
                floor.table.enter(seat)


def _once(things: list[Thing]) -> list[Thing]:
    """Each once, in the same order."""
    return list(dict.fromkeys(things))


def _in_order(places: list[Place]) -> list[Place]:
    """Each place once, the one to be served first at the head."""
    if len(places) == 1:
        return places
    return sorted(set(places), key=lambda place: (place.rank, place.sequence))
