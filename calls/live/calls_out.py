"""The live calls to citizens: places each, tells its machine what Asterisk says of it, and performs what is decided."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

import structlog

from acd.distributor import Distributor
from acd.events import CompanyChanged, EndedBy, OfferFailure
from acd.model import Recorded
from calls import effects as do
from calls.events import PauseAsked
from calls.live.unserved import new_call_id
from calls.model import CallSummary
from calls.outgoing import (
    OFFER,
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
from dialplan.citizen_legs import AGENT_RING, NOT_RECORDED, ToRecord, channel_of
from dialplan.telephony import Telephony
from hotline.calls_out import Allowed
from hotline.edition import Edition
from journal.actor import Actor
from journal.records import Record
from sounds.catalogue import Unspoken
from sounds.model import Phrase

log = structlog.get_logger()


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
    """The `Listener` of the legs that call citizens. `edition`: the version in use. `records`: as in `Rings`.

    callbacks  callback → the call that it is, while that goes on
    """

    def __init__(
        self,
        distributor: Distributor,
        telephony: Telephony,
        edition: Callable[[], Edition],
        records: Callable[[str, str], str],
    ) -> None:
        self._distributor, self._telephony = distributor, telephony
        self._edition, self._records = edition, records
        self._calls: dict[str, Outgoing] = {}
        self.callbacks: dict[str, str] = {}
        telephony.citizen_legs.listener = self

    def take_up(self, calls: Iterable[CallSummary], callbacks: Mapping[str, str]) -> None:
        """Calls from before a restart. The next look at Asterisk shows how far they are. `callbacks`: those that are
        callbacks, by their ids.
        """
        for summary in calls:
            call = restored(summary, callbacks.get(summary.id, ""))
            self._keep(call)
            self._telephony.citizen_legs.adopt(call.id, call.agent)
            self._distributor.tell(company(call))

    def of_id(self, call_id: str) -> Outgoing | None:
        """The call, if it goes on."""
        return self._calls.get(call_id)

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
        call_id = new_call_id(now)
        recorded = self._recorded(call_id, queue, language)
        told, callback = bool(recorded.file), back.callback if back else ""
        call = Outgoing(call_id, agent_id, queue, to.number, told=told, callback=callback)
        self._keep(call)
        for effect in begun(call, shown, language, now, actor, back.promised if back else None):
            self._perform(call.id, effect)
        name, ring = (f"{back.name} {to.dial}", back.ring) if back else (to.dial, AGENT_RING)
        try:
            await self._telephony.citizen_legs.dial(call.id, agent_id, to.dial, shown, name, ring, recorded)
        except ActionRefused:
            self.tell(call.id, Unanswered(OfferFailure.FAILED))
            raise

    def _recorded(self, call_id: str, queue: str, language: str) -> ToRecord:
        """As the queue says. Without a sentence for the citizen, or on a full disk, the talk is not recorded."""
        edition = self._edition()
        definition = edition.hotline.queues.get(queue)
        if definition is None or definition.record is Recorded.NEVER:
            return NOT_RECORDED
        if definition.record is Recorded.ON_DEMAND:
            return ToRecord(on_demand=True)
        try:
            told = edition.catalogue.files((Phrase("talk-recorded"),), language)
        except Unspoken as error:
            log.error("prompt-missing", why=str(error))
            return NOT_RECORDED
        return ToRecord(self._records(call_id, OFFER), told)

    def pause_or_go_on(self, agent_id: str) -> str | None:
        """Let the recording of this agent's talk pause, or go on: how it is now; None: no talk is recorded. Nothing
        changes while Asterisk cannot be told.
        """
        for call in self._calls.values():
            if call.agent == agent_id and call.recording is not None:
                if self._telephony.link.up:
                    self.tell(call.id, PauseAsked(Actor.agent(agent_id), call.recording == "on"))
                return self._calls[call.id].recording
        return None

    def withdraw(self, callback: str) -> None:
        """The callback is over: unless agent and citizen talk, neither phone rings any more for it."""
        call = self._calls.get(self.callbacks.get(callback, ""))
        if call is not None and call.stage is not Stage.TALKS:
            self.tell(call.id, Happened.WITHDRAWN)
            self._telephony.citizen_legs.cancel(call.id)

    def agent_picked_up(self, call_id: str) -> None:
        self.tell(call_id, Happened.PICKED_UP)

    def citizen_answered(self, call_id: str) -> None:
        self.tell(call_id, Happened.ANSWERED)

    def agent_not_reached(self, call_id: str, failure: OfferFailure) -> None:
        self.tell(call_id, Unanswered(failure))

    def citizen_not_reached(self, call_id: str, why: callback_legs.NotReached) -> None:
        self.tell(call_id, NotReached(Why(why.value)))

    def leg_over(self, call_id: str, by: EndedBy) -> None:
        self.tell(call_id, HungUp(by))

    def leg_lost(self, call_id: str) -> None:
        self.tell(call_id, Happened.LOST)

    def _keep(self, call: Outgoing) -> None:
        self._calls[call.id] = call
        if call.callback:
            self.callbacks[call.callback] = call.id

    def tell(self, call_id: str, event: Event) -> None:
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
            self._perform(call_id, effect)

    def _perform(self, call_id: str, effect: Effect) -> None:
        match effect:
            case Record():
                self._distributor.write(effect)
            case CompanyChanged():
                self._distributor.tell(effect)
            case do.Mute(_, on):
                self._telephony.asides.mute(channel_of(call_id), on=on)
            case do.RecordTalk(offer):
                self._telephony.asides.record(channel_of(call_id), self._records(call_id, offer))
            case _:
                assert_never(effect)
