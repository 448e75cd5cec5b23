"""The live calls to citizens: places each, tells its machine what Asterisk says of it, and performs what is decided."""

from collections.abc import Iterable
from typing import assert_never

from acd.distributor import Distributor
from acd.events import CompanyChanged, EndedBy
from calls.live.unserved import new_call_id
from calls.model import CallSummary
from calls.outgoing import Effect, Event, Happened, HungUp, NotReached, Outgoing, after, begun, company, restored
from dialplan.ami_connection import ActionRefused
from dialplan.citizen_legs import CitizenLegs
from hotline.calls_out import Allowed
from journal.actor import Actor
from journal.records import Record


class CallsOut:
    """The `Listener` of the legs that call citizens."""

    def __init__(self, distributor: Distributor, legs: CitizenLegs) -> None:
        self._distributor, self._legs = distributor, legs
        self._calls: dict[str, Outgoing] = {}
        legs.listener = self

    def take_up(self, calls: Iterable[CallSummary]) -> None:
        """Calls from before a restart. The next look at Asterisk shows how far they are."""
        for summary in calls:
            call = self._calls[summary.id] = restored(summary)
            self._legs.adopt(call.id, call.agent)
            self._distributor.tell(company(call))

    async def call(self, agent_id: str, queue: str, to: Allowed, shown: str, language: str, actor: Actor) -> None:
        """Ring the agent's phone, then dial the citizen. `shown`: the number that the citizen sees.

        Raises ActionRefused: nothing rings, and the Records say so. LinkDown, TimeoutError: nobody knows; the next look
        at Asterisk shows it.
        """
        now = self._distributor.clock.now()
        call = Outgoing(new_call_id(now), agent_id, queue, to.number)
        self._calls[call.id] = call
        for effect in begun(call, shown, language, now, actor):
            self._perform(effect)
        try:
            await self._legs.dial(call.id, agent_id, to.dial, shown)
        except ActionRefused:
            self._tell(call.id, HungUp(EndedBy.SYSTEM))
            raise

    def agent_picked_up(self, call_id: str) -> None:
        self._tell(call_id, Happened.PICKED_UP)

    def citizen_answered(self, call_id: str) -> None:
        self._tell(call_id, Happened.ANSWERED)

    def citizen_not_reached(self, call_id: str, status: str) -> None:
        self._tell(call_id, NotReached(status))

    def leg_over(self, call_id: str, by: EndedBy) -> None:
        self._tell(call_id, HungUp(by))

    def leg_lost(self, call_id: str) -> None:
        self._tell(call_id, Happened.LOST)

    def _tell(self, call_id: str, event: Event) -> None:
        call = self._calls.get(call_id)
        if call is None:
            return
        now = self._distributor.clock.now()
        changed, effects = after(call, event, now)
        if changed is None:
            del self._calls[call_id]
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
