"""All live calls: tells each what Asterisk says of it, and carries out what the engine wants for it."""

import asyncio
from collections.abc import Callable

import structlog

from acd.effects import Announce, CancelRing, RingAgent, SendOn
from acd.events import OfferAnswered, OfferConnected, OfferFailed, OfferFailure, PhoneChanged
from agents.states import PhoneState
from dialplan.legs import Ring
from dialplan.telephony import Telephony
from service.calls.call import Call, Missing
from service.calls.distributor import Distributor
from service.calls.edition import Edition
from sounds.catalogue import Unspoken
from sounds.model import Texts, Words, in_language

log = structlog.get_logger()


class Switchboard:
    """The `Listener` of the telephony and the `Performer` of the distributor.

    `edition`: the version in use. `tasks` owns what is asked of Asterisk and not answered yet. `on_channel_gone` is
    told of every channel that ended.
    """

    def __init__(self, distributor: Distributor, edition: Callable[[], Edition], tasks: asyncio.TaskGroup) -> None:
        self._distributor = distributor
        self._edition = edition
        self._tasks = tasks
        self._telephony: Telephony | None = None
        self._by_id: dict[str, Call] = {}
        self._by_channel: dict[str, Call] = {}
        self._offers: dict[str, Call] = {}  # offer → the call that it is for, until its leg is gone
        self.on_channel_gone: Callable[[str], None] = lambda channel: None
        self.asterisk_restarted = False
        """Since it could be asked last."""
        self.asterisk_since = 0.0
        """In epoch seconds: no channel of this Asterisk is older."""

    def serve(self, telephony: Telephony) -> None:
        self._telephony = telephony

    @property
    def telephony(self) -> Telephony:
        assert self._telephony is not None, "serve() comes before the first call"
        return self._telephony

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, call_id: str) -> bool:
        return call_id in self._by_id

    def callers(self) -> set[str]:
        """Unique ids of the channels of all live calls."""
        return set(self._by_channel)

    def calls(self) -> list[Call]:
        return list(self._by_id.values())

    def of_channel(self, caller: str) -> Call | None:
        """The live call of this channel (its unique id)."""
        return self._by_channel.get(caller)

    def of_id(self, call_id: str) -> Call | None:
        return self._by_id.get(call_id)

    def admit(self, call: Call) -> None:
        """From now on the call is told what happens to it, once its channel is known."""
        self._by_id[call.id] = call
        if call.line.caller:
            self.locate(call, call.line.caller, call.line.channel)

    def locate(self, call: Call, caller: str, channel: str) -> None:
        """The call is that of this channel: its unique id and its name."""
        call.line.caller, call.line.channel = caller, channel
        self._by_channel[caller] = call
        self.telephony.watch(caller)

    def why_missing(self, call: Call) -> Missing:
        """Why Asterisk does not have this caller any more, now that it can be asked again."""
        ended = self.asterisk_restarted or call.began < self.asterisk_since
        return Missing.ASTERISK_ENDED if ended else Missing.HUNG_UP

    def adopt(self, call: Call, offer_id: str) -> None:
        """A leg from before a restart rings for the call, or talks with it."""
        self._offers[offer_id] = call

    def dismiss(self, call: Call) -> None:
        """The call is over."""
        if self._by_id.get(call.id) is call:
            del self._by_id[call.id]
        if self._by_channel.get(call.line.caller) is call:  # else the channel has come back as another call already
            del self._by_channel[call.line.caller]
            self.telephony.forget(call.line.caller)

    def close(self) -> None:
        """The service stops: nobody is fetched any more. The calls stay where they are."""
        for call in self.calls():
            call.line.forget()

    def link_changed(self) -> None:
        """AMI came or went."""
        for call in self.calls():
            call.link_changed()

    # -- what Asterisk tells -------------------------------------------------------------------------------------

    def key_pressed(self, caller: str, key: str) -> None:
        if call := self._by_channel.get(caller):
            call.key_pressed(key)

    def caller_held(self, caller: str) -> None:
        if call := self._by_channel.get(caller):
            call.stay.held()
            if call.line.is_held:
                self.telephony.admit(caller)

    def caller_taken(self, caller: str) -> None:
        """He is in a bridge: held, or in a talk."""
        if call := self._by_channel.get(caller):
            call.line.forget()

    def caller_let_go(self, caller: str) -> None:
        if call := self._by_channel.get(caller):
            call.line.released()

    def caller_hung_up(self, caller: str) -> None:
        call = self._by_channel.get(caller)
        if call is not None and not (self._distributor.engine.blind and _may_have_talked(call)):
            call.hung_up()  # else his channel ends soon, and Asterisk is asked before he is counted as one who gave up

    def caller_ended(self, caller: str) -> None:
        if call := self._by_channel.get(caller):
            call.ended()

    async def caller_missing(self, caller: str) -> None:
        if call := self._by_channel.get(caller):
            call.missing(self.why_missing(call), await self.telephony.last_words(call.id))

    def sub_hotline_answered(self, caller: str) -> None:
        if call := self._by_channel.get(caller):
            call.dialling.answered()

    def caller_dialling(self, caller: str) -> None:
        if call := self._by_channel.get(caller):
            call.found_dialling()

    def caller_handed_over(self, caller: str, place: str) -> None:
        call, waits = self._by_channel.get(caller), self._by_channel.get(place)
        if call and waits and not waits.stay.talks and (queue := waits.stay.queue or waits.stay.given_up):
            call.handed_over(queue, waits.edition)

    def offer_answered(self, offer_id: str) -> None:
        effects = self._distributor.tell(OfferAnswered(offer_id))
        if not any(isinstance(effect, CancelRing) and effect.offer_id == offer_id for effect in effects):
            self.telephony.let_through(offer_id)

    def offer_failed(self, offer_id: str, reason: OfferFailure) -> None:
        if call := self._offers.pop(offer_id, None):
            call.stay.leg_hung_up(offer_id)  # before he is rung for anew, in this very step
        self._distributor.tell(OfferFailed(offer_id, reason))

    def offer_connected(self, offer_id: str) -> None:
        effects = self._distributor.tell(OfferConnected(offer_id))
        too_late = any(isinstance(effect, CancelRing) and effect.offer_id == offer_id for effect in effects)
        call = self._offers.get(offer_id)
        if call is not None and call is self._by_id.get(call.id) and not too_late:  # else that call is over by now
            call.stay.connected(offer_id)
            self.telephony.note_talk(call.line.channel, offer_id)

    def leg_hung_up(self, offer_id: str) -> None:
        if call := self._offers.pop(offer_id, None):
            call.stay.leg_hung_up(offer_id)

    def phone_changed(self, agent_id: str, phone: PhoneState) -> None:
        self._distributor.tell(PhoneChanged(agent_id, phone))

    def channel_gone(self, channel: str) -> None:
        self.on_channel_gone(channel)

    # -- what the engine wants ------------------------------------------------------------------------------------

    def ring_agent(self, effect: RingAgent) -> None:
        call = self._by_id.get(effect.call_id)
        if call is None:
            self._distributor.tell(OfferFailed(effect.offer_id, OfferFailure.FAILED))
            return
        self._offers[effect.offer_id] = call
        try:
            call.stay.matched()
            if not call.stay.ready_for(effect):
                self.offer_failed(effect.offer_id, OfferFailure.FAILED)
                return
            asked = self.telephony.ring(self._described(effect, call))  # now, not in the task
            self._tasks.create_task(asked)
        except Exception:  # a mistake in one ring must not end all the others, nor leave its caller out of the queue
            log.exception("ring-failed", offer=effect.offer_id, call=call.id)
            self.offer_failed(effect.offer_id, OfferFailure.FAILED)

    def _described(self, effect: RingAgent, call: Call) -> Ring:
        edition = self._edition()
        hotline = edition.hotline
        # either may be gone from the version in use: the queue is kept for this caller, the agent was just removed
        queue, agent = hotline.queues.get(effect.queue), hotline.agents.get(effect.agent_id)
        default = hotline.languages[0]
        language = agent.languages[0] if agent else default
        name = in_language(queue.name, language, default) if queue else effect.queue
        return Ring(
            offer_id=effect.offer_id,
            agent_id=effect.agent_id,
            caller=call.line.caller,
            channel=call.line.channel,
            seconds=effect.ring,
            display=f"{name} {call.caller}".strip(),
            number=call.caller or "anonymous",
            queue=effect.queue,
            held=call.line.is_held,
            beside=effect.beside,
            whisper=_whisper(edition, queue.whisper, language) if queue and queue.whisper else (),
            variables={"WUTONG_CALL": call.id, "WUTONG_OFFER": effect.offer_id},
        )

    def cancel_ring(self, effect: CancelRing) -> None:
        self._tasks.create_task(self.telephony.cancel(effect.offer_id))

    def announce(self, effect: Announce) -> None:
        if call := self._by_id.get(effect.call_id):
            call.stay.announce(effect)

    def send_on(self, effect: SendOn) -> None:
        """The rule is one of the version in use, so the call goes on in that; a queue that it lacks has kept its old
        rules, and so does the call."""
        call = self._by_id.get(effect.call_id)
        if call is not None:
            edition = self._edition()
            call.send_on(effect.then, edition if effect.queue in edition.hotline.queues else call.edition)


def _may_have_talked(call: Call) -> bool:
    """Unseen, while the service or its link to Asterisk was away: with an agent or a sub-hotline."""
    return call.stay.is_rung_for or (call.dialling.sub_hotline is not None and not call.dialling.talked)


def _whisper(edition: Edition, texts: Texts, language: str) -> tuple[str, ...]:
    """Its files; none where they are missing: the agent then learns from his display what it is about."""
    try:
        return tuple(edition.catalogue.files((Words(texts),), language))
    except Unspoken as error:
        log.error("whisper-missing", why=str(error))
        return ()
