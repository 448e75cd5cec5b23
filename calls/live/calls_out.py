"""The live calls to citizens: places each, tells its machine what Asterisk says of it, and performs what is decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

from acd.distributor import Distributor
from acd.events import CompanyChanged, EndedBy, OfferFailure
from calls.live.unserved import new_call_id
from calls.model import CallSummary
from calls.outgoing import (
    Effect,
    Event,
    Happened,
    HungUp,
    NotReached,
    Outgoing,
    Stage,
    Unanswered,
    Why,
    after,
    begun,
    company,
    restored,
)
from dialplan import callback_legs
from dialplan.ami_connection import ActionRefused
from dialplan.citizen_legs import AGENT_RING, CitizenLegs
from hotline.calls_out import Allowed
from journal.actor import Actor
from journal.records import Record


@dataclass(frozen=True, slots=True)
class Back:
    """A callback whose agent is rung first.

    callback  its id
    ring      seconds that the agent's phone rings
    name      of the queue: the phone shows it before the number
    promised  from when until when the citizen can expect it, in epoch seconds; None: nobody knows
    """

    callback: str
    ring: float
    name: str
    promised: tuple[float, float] | None


class CallsOut:
    """The `Listener` of the legs that call citizens.

    callbacks  callback → the call that it is, while that goes on
    """

    def __init__(self, distributor: Distributor, legs: CitizenLegs) -> None:
        self._distributor, self._legs = distributor, legs
        self._calls: dict[str, Outgoing] = {}
        self.callbacks: dict[str, str] = {}
        legs.listener = self

    def take_up(self, calls: Iterable[CallSummary], callbacks: Mapping[str, str]) -> None:
        """Calls from before a restart. The next look at Asterisk shows how far they are. `callbacks`: those that are
        callbacks, by their ids.
        """
        for summary in calls:
            call = restored(summary, callbacks.get(summary.id, ""))
            self._keep(call)
            self._legs.adopt(call.id, call.agent)
            self._distributor.tell(company(call))

    async def call(
        self,
        agent_id: str,
        queue: str,
        to: Allowed,
        shown: str,
        language: str,
        actor: Actor,
        back: Back | None = None,
    ) -> None:
        """Ring the agent's phone, then dial the citizen. `shown`: the number that the citizen sees. `back`: what the
        callback needs that the call is; None: it is none.

        Raises ActionRefused: nothing rings, and the Records say so. LinkDown, TimeoutError: nobody knows; the next look
        at Asterisk shows it.
        """
        now = self._distributor.clock.now()
        call = Outgoing(new_call_id(now), agent_id, queue, to.number, callback=back.callback if back else "")
        self._keep(call)
        for effect in begun(call, shown, language, now, actor, back.promised if back else None):
            self._perform(effect)
        name, ring = (f"{back.name} {to.dial}", back.ring) if back else (to.dial, AGENT_RING)
        try:
            await self._legs.dial(call.id, agent_id, to.dial, shown, name, ring)
        except ActionRefused:
            self._tell(call.id, Unanswered(OfferFailure.FAILED))
            raise

    def withdraw(self, callback: str) -> None:
        """The callback is over: unless agent and citizen talk, neither phone rings any more for it."""
        call = self._calls.get(self.callbacks.get(callback, ""))
        if call is not None and call.stage is not Stage.TALKS:
            self._tell(call.id, Happened.WITHDRAWN)
            self._legs.cancel(call.id)

    def agent_picked_up(self, call_id: str) -> None:
        self._tell(call_id, Happened.PICKED_UP)

    def citizen_answered(self, call_id: str) -> None:
        self._tell(call_id, Happened.ANSWERED)

    def agent_not_reached(self, call_id: str, failure: OfferFailure) -> None:
        self._tell(call_id, Unanswered(failure))

    def citizen_not_reached(self, call_id: str, why: callback_legs.NotReached) -> None:
        self._tell(call_id, NotReached(Why(why.value)))

    def leg_over(self, call_id: str, by: EndedBy) -> None:
        self._tell(call_id, HungUp(by))

    def leg_lost(self, call_id: str) -> None:
        self._tell(call_id, Happened.LOST)

    def _keep(self, call: Outgoing) -> None:
        self._calls[call.id] = call
        if call.callback:
            self.callbacks[call.callback] = call.id

    def _tell(self, call_id: str, event: Event) -> None:
        call = self._calls.get(call_id)
        if call is None:
            return
        now = self._distributor.clock.now()
        changed, effects = after(call, event, now)
        if changed is None:
            del self._calls[call_id]
            if self.callbacks.get(call.callback) == call_id:
                del self.callbacks[call.callback]
        else:
            self._calls[call_id] = changed
        for effect in effects:
            self._perform(effect)

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Record():
                self._distributor.write(effect)
            case CompanyChanged():
                self._distributor.tell(effect)
            case _:
                assert_never(effect)
