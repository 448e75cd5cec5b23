"""All live calls: tells each what Asterisk says of it, and carries out what the engine wants for it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from typing import NamedTuple

import structlog

from acd.distributor import Distributor
from acd.effects import Announce, CallBack, CancelRing, LeaveQueue, RingAgent
from acd.events import CompanyChanged, OfferAnswered, OfferConnected, OfferFailed, OfferFailure, PhoneChanged
from agents.states import PhoneState
from base.tasks import Tasks, Work
from calls import arranging, holding
from calls.events import (
    AnnouncementDue,
    CallerElsewhere,
    CallerHungUp,
    Completed,
    CompletedToCall,
    Connected,
    ConsultDialled,
    Event,
    FarEnd,
    KeyPressed,
    LegAside,
    LegEnded,
    LegFound,
    LinkChanged,
    Matched,
    PhoneLost,
    PromiseKnown,
    PutThrough,
    QueueAnswered,
    QueueLeft,
    RingOver,
    ThirdLeft,
    Transferred,
)
from calls.life import Talker
from calls.live.call import Call
from calls.live.channel import Channel
from calls.live.rings import Rings
from calls.live.takes import Takes
from calls.live.unserved import Unserved
from calls.machine import CallMachine, state_of
from calls.model import Arrival, CallSummary, Promise
from calls.states import AtLine, Talking
from dialplan.differences import LegRestored
from dialplan.news import Apart
from dialplan.snapshot import DIALLING
from dialplan.telephony import Telephony
from emergency.model import Emergency
from hotline.edition import Edition, Editions
from sounds.model import Speech

log = structlog.get_logger()


MOST_WAITED = 100
"""So many callers may be on the way back after a mistake of ours. Further ones begin again in the menus."""


class Place(NamedTuple):
    """A caller's place in a queue. `since`: as in `calls.life.Life`."""

    queue: str
    since: float | None


class Switchboard:
    """The `Listener` of the telephony and the `Performer` of the distributor.

    `editions`: the version in use. `tasks` owns what is asked of Asterisk and not answered yet. `unserved` learns of
    callers' channels. `takes`: where messages are recorded. `records`: as in `Rings`. `channel_gone` is called for
    every channel that ended, `call_over` for every call. `surveyed` answers when a number was asked last in a survey,
    `promises` which callbacks a number has, `promises_full` whether no more can be promised.
    """

    def __init__(
        self,
        distributor: Distributor,
        editions: Editions,
        tasks: Tasks,
        unserved: Unserved,
        takes: Takes,
        records: Callable[[str, str], str] = lambda call, offer: "",
    ) -> None:
        self._takes, self._records = takes, records
        self._distributor = distributor
        self._editions = editions
        self._tasks = tasks
        self._unserved = unserved
        self._telephony: Telephony | None = None
        self._trunk = False
        self._by_id: dict[str, Call] = {}
        self._by_channel: dict[str, Call] = {}
        self.guests: set[str] = set()
        """Channels (unique ids) with a session that is no call's: agents' codes, callers whom the next service gets."""
        self._rings = Rings(distributor, editions, tasks, lambda: self.telephony, records)
        self.channel_gone: Callable[[str], None] = lambda channel: None
        self.call_over: Callable[[str], None] = lambda call_id: None
        self.calls_back: Callable[[CallBack], None] = _nobody_calls_back
        self.surveyed: Callable[[str], float | None] = lambda number: None
        self.promises: Callable[[str], Sequence[Promise]] = lambda number: ()
        self.promises_full: Callable[[], bool] = lambda: False
        self._waited: dict[str, Place] = {}  # call → the place of a caller who waited when the call failed

    def serve(self, telephony: Telephony, *, trunk: bool) -> None:
        """From now on calls use this telephony. `trunk`: numbers other than agents' can be dialled."""
        self._telephony, self._trunk = telephony, trunk

    @property
    def telephony(self) -> Telephony:
        assert self._telephony is not None, "serve() comes before the first call"
        return self._telephony

    def __len__(self) -> int:
        return len(self._by_id)

    def calls(self) -> list[Call]:
        return list(self._by_id.values())

    def of_channel(self, caller: str) -> Call | None:
        """The live call of this channel (its unique id)."""
        return self._by_channel.get(caller)

    def serves(self, caller: str) -> bool:
        """Whether this channel is a live call's, or has another session."""
        return caller in self._by_channel or caller in self.guests

    def call_of_leg(self, channel: str) -> str:
        """The id of the call with which the agent's leg of this unique id is; "": it is none."""
        return call.id if (call := self._rings.calls.get(channel)) is not None else ""

    def of_id(self, call_id: str) -> Call | None:
        return self._by_id.get(call_id)

    def admit(self, machine: CallMachine, caller: str = "", name: str = "", *, began: float | None = None) -> Call:
        """A call begins, or goes on after a restart. From now on it is told what happens to it.

        `caller`, `name`: its channel's unique id and name; left out: not found yet. `began`: epoch seconds, else now.
        """
        began = self._distributor.clock.now() if began is None else began
        channel = Channel(
            self.telephony,
            self._tasks,
            self._distributor.clock.now,
            trunk=self._trunk,
            call_id=machine.id,
            number=machine.arrival.caller,
            takes=self._takes,
            promise=partial(self._promise, machine.id),
            records=self._records,
        )
        call = Call(
            machine,
            channel,
            self._distributor,
            began=began,
            ring=self._rings.ring,
            waited=self._keep_place,
            over=self.dismiss,
            surveyed=lambda number: self.surveyed(number),
            lead=self.lead,
        )
        self._by_id[call.id] = call
        if caller:
            self.locate(call, caller, name)
        return call

    def take_up(
        self,
        calls: Iterable[CallSummary],
        edition: Edition,
        emergencies: tuple[Emergency, ...] = (),
        others: Collection[str] = (),
    ) -> None:
        """Calls from before a restart, whose callers are still to be found. `emergencies`: a caller who has to begin
        again hears them. `others`: the ids of calls in which agents may be, and that are not for this switchboard.
        """
        engine = self._distributor.engine
        views, offers = {view.id: view for view in engine.calls()}, engine.offers()
        for summary in calls:
            language = edition.language(summary.language)
            who = summary.id, summary.caller, summary.number, language
            promises = () if summary.test else self.promises(summary.caller)
            arrival = Arrival(
                *who,
                resumed=True,
                test=summary.test,
                robot=summary.robot,
                known=summary.known,
                emergencies=emergencies,
                places={promise.queue: promise.place for promise in promises},
                callbacks={promise.queue: promise.id for promise in promises},
                called_back=summary.called_back,
                about=summary.about,
            )
            state = state_of(summary, edition, views.get(summary.id), offers)
            now = self._distributor.clock.now()
            talker = Talker(summary.agent or "", summary.queue or "")
            machine = CallMachine.restored(arrival, edition, state, now, since=summary.since, talker=talker)
            machine.told, machine.recording = summary.told, summary.recording
            self.admit(machine, began=summary.started)
        self._agree(others)

    def _agree(self, others: Collection[str]) -> None:
        """The last service may have ended between a call's step and what the engine was told of it."""
        said = {agent: company for call in self.calls() for agent, company in call.machine.company.items()}
        for agent, call_id in self._distributor.engine.sent().items():
            if call_id not in others and (agent not in said or said[agent].call_id != call_id):
                self._distributor.tell(CompanyChanged(call_id, agent, None))
        for company in said.values():
            self._distributor.tell(company)

    def locate(self, call: Call, caller: str, channel: str, bridge: str = "") -> None:
        """The call has this channel. `caller`: its unique id; `channel`: its name; `bridge`: the one that it is in."""
        call.channel.caller, call.channel.name = caller, channel
        self._by_channel[caller] = call
        self.telephony.watch(caller, bridge)

    def adopt(self, call: Call, leg: LegRestored) -> None:
        """A leg from before a restart rings for the call, or talks with it."""
        self.telephony.legs.adopt(call.channel.caller, leg)
        self._rings.calls[leg.offer] = call
        if holding.has_third(call.machine):
            self.telephony.asides.adopt_third(leg.offer)
        if leg.aside and leg.channel is not None:
            dialling, answered = leg.channel.application == DIALLING, bool(leg.channel.bridge)
            call.tell(LegAside(leg.offer, leg.agent, self.telephony.legs.in_browser(leg.offer), dialling, answered))
        elif leg.talks:
            call.tell(Connected(leg.offer, leg.agent, self.telephony.legs.in_browser(leg.offer)))
            self._tell_who_asks(call)

    async def lead(self, call: Call) -> None:
        """Make the phone of the agent, to whom the caller was sent, a leg, so that the caller can be put on hold, and
        the recording of the talk be known.

        Raises LinkDown or TimeoutError.
        """
        agent_id, channel = holding.to_lead(call.machine), call.channel
        bridge = self.telephony.callers.get(channel.caller, "")
        phone = await self.telephony.asides.alone_with(channel.caller, bridge, agent_id)
        # meanwhile the talk may have ended, or another order was quicker
        if phone.unique_id and holding.to_lead(call.machine) == agent_id:
            record = self._records(call.id, phone.unique_id) if call.machine.records(call.machine.talk.queue) else ""
            self.telephony.asides.lead(phone, call.id, channel.caller, channel.name, agent_id, record)
            self._rings.calls[phone.unique_id] = call
            call.tell(Connected(phone.unique_id, agent_id, self.telephony.legs.in_browser(phone.unique_id)))

    def asking(self, call_id: str) -> Call | None:
        """The call in which the agent of this one talks with somebody of a queue; None: there is none."""
        own = (call for call in self._by_id.values() if call.machine.arrival.about == call_id)
        return next((call for call in own if isinstance(call.machine.state, Talking)), None)

    async def answers(self, asking: Call, agent_id: str) -> str:
        """The name of the channel of the agent, who has answered such a call; "": that agent is not alone with it.

        Raises LinkDown or TimeoutError.
        """
        bridge = self.telephony.callers.get(asking.channel.caller, "")
        return (await self.telephony.asides.alone_with(asking.channel.caller, bridge, agent_id)).name

    def release(self, asking: Call) -> None:
        """The agent who has answered such a call is about to leave it for the caller: it is over."""
        state = asking.machine.state
        if isinstance(state, Talking) and self._rings.calls.pop(state.offer, None) is not None:
            self.telephony.legs.release(state.offer)
            asking.tell(LegEnded(state.offer))

    def _tell_who_asks(self, call: Call) -> None:
        """An agent has answered. If the call is a colleague's who asks a queue, tell the call that it is about."""
        state, first = call.machine.state, self._by_id.get(call.machine.arrival.about)
        if first is not None and isinstance(state, Talking):
            first.tell(QueueAnswered(state.agent))

    def dismiss(self, call: Call) -> None:
        """The call is over."""
        if self._by_id.get(call.id) is call:
            del self._by_id[call.id]
            with self._tasks.failures.stay(Work.OBSERVER):
                self.call_over(call.id)
        if self._by_channel.get(call.channel.caller) is call:  # else the channel has come back as another call already
            del self._by_channel[call.channel.caller]
            self.telephony.forget(call.channel.caller)

    def _keep_place(self, call: Call) -> None:
        """The call ends by a mistake of ours, and its caller comes back, out of the holding bridge if need be."""
        machine, channel = call.machine, call.channel
        if machine.waited_in is not None:
            self._waited[call.id] = Place(machine.waited_in, machine.since)
            if len(self._waited) > MOST_WAITED:
                del self._waited[next(iter(self._waited))]
        if machine.leg.held and channel.name:
            with self._tasks.failures.stay(Work.CALL):
                self.telephony.kick(channel.name)

    def waited(self, call_id: str) -> Place | None:
        """Where the caller of this failed call waited; asked once. None: the caller did not wait."""
        return self._waited.pop(call_id, None)

    def close(self) -> None:
        """The service stops: no caller is fetched any more. The calls stay where they are."""
        for call in self.calls():
            call.stop()

    def link_changed(self, up: bool) -> None:
        """AMI came or went."""
        if not up:
            self._unserved.lost()
        for call in self.calls():
            call.channel.link_changed()
            call.tell(LinkChanged(up))

    # -- what Asterisk reports ------------------------------------------------------------------------------------

    def caller_came(self, caller: str, channel: str, number: str) -> None:
        self._unserved.came(caller, channel, number)

    def channel_ended(self, channel: str, number: str) -> None:
        self._unserved.gone(channel, number)
        with self._tasks.failures.stay(Work.OBSERVER):
            self.channel_gone(channel)

    def caller_news(self, caller: str, event: Event) -> None:
        """Tell the call of this channel, if there is one."""
        if call := self._by_channel.get(caller):
            call.tell(event)

    def key_begins(self, caller: str, key: str) -> None:
        if call := self._by_channel.get(caller):
            call.channel.key_begins(key)

    def key_pressed(self, caller: str, key: str) -> None:
        call = self._by_channel.get(caller)
        if call is not None and call.channel.key(key):
            call.tell(KeyPressed(key, self._distributor.engine.may_leave(call.id), self._can_call_back(call)))

    def _can_call_back(self, call: Call) -> bool:
        """Whether this caller, a citizen, may be called back."""
        arrival = call.machine.arrival
        return self._trunk and not (arrival.agent or arrival.test) and call.edition.hotline.calls_out is not None

    def _promise(self, call_id: str, number: str) -> PromiseKnown:
        """Whether a number is to be called back; `call_id`: for which call that is asked."""
        engine = self._distributor.engine
        for promise in self.promises(number):
            if (position := engine.callback_position(promise.id)) is not None:
                return PromiseKnown(promise.id, position, promise.dialled)
        return PromiseKnown(expected=engine.expected_wait(call_id), full=self.promises_full())

    def caller_hung_up(self, caller: str) -> None:
        self.caller_news(caller, CallerHungUp(self._distributor.engine.blind))

    def caller_lost(self, caller: str) -> None:
        self.caller_news(caller, CallerHungUp(self._distributor.engine.blind, lost=True))

    def caller_took_over(self, caller: str, taken: str, phone: str) -> None:
        """The caller has replaced an agent in another call, which the agent had on channel `taken`. AGI may have
        known already that the agent is gone from there.
        """
        call, other = self._by_channel.get(caller), self._by_channel.get(taken)
        if call is not None and other is not None:
            self._take_over(call, other, phone)

    def transferred(self, call_id: str, number: str, taken: str) -> None:
        """An agent has transferred the caller to this number, unseen by us. The caller's next session will say so, too.

        `taken`: the offer whose leg took the caller last; "" for none.
        """
        if call := self._by_id.get(call_id):
            edition = self._editions.in_use
            call.tell(Transferred(edition.target(number), edition, taken))

    def took_over(self, call_id: str, of: str) -> None:
        """As `caller_took_over`, but no event said so: the caller of the call has taken over the call `of`."""
        call, other = self._by_id.get(call_id), self._by_id.get(of)
        if call is not None and other is not None:
            self._take_over(call, other)

    def _take_over(self, call: Call, other: Call, phone: str = "") -> None:
        self.telephony.note_call(call.channel.name, call.id)
        call.tell(Completed(phone) if phone else CompletedToCall(other.machine.given, other.edition))
        other.tell(CallerElsewhere(""))

    def caller_joined(self, caller: str, phone: str) -> None:
        self.caller_news(caller, Completed(phone))

    def caller_put_through(self, caller: str, phone: str, *, answered: bool) -> None:
        self.caller_news(caller, PutThrough(phone, FarEnd.TALKS if answered else FarEnd.RINGS))

    def caller_joined_nobody(self, caller: str, phone: str) -> None:
        self.caller_news(caller, PutThrough(phone, FarEnd.GONE))

    def offer_answered(self, offer_id: str) -> None:
        if self._rings.brings_back(offer_id):
            self._rings.back_answered(offer_id)
        elif not self._refused(OfferAnswered(offer_id), offer_id):
            self.telephony.legs.let_through(offer_id)

    def offer_failed(self, offer_id: str, reason: OfferFailure) -> None:
        self._rings.failed(offer_id, reason)

    def offer_connected(self, offer_id: str) -> None:
        call = self._rings.calls.get(offer_id)
        on_hold = call is not None and call.machine.holds(offer_id)  # the engine knows of the talk
        if self._rings.brings_back(offer_id) and not on_hold:
            self._rings.back_connected(offer_id)
            return
        too_late = not on_hold and self._refused(OfferConnected(offer_id), offer_id)
        if call is not None and not call.machine.over and not too_late:
            legs = self.telephony.legs
            call.tell(Connected(offer_id, legs.agent_of(offer_id), legs.in_browser(offer_id)))
            if not isinstance(call.machine.state, AtLine):  # the caller's channel says so of a talk with a line
                self.telephony.note_talk(call.channel.name, offer_id)
            self._tell_who_asks(call)

    def _refused(self, event: OfferAnswered | OfferConnected, offer_id: str) -> bool:
        """Tell the engine. True: the offer is over, and its leg is hung up."""
        effects = self._distributor.ask(event)
        return any(isinstance(effect, CancelRing) and effect.offer_id == offer_id for effect in effects)

    def leg_dialled(self, offer_id: str, status: str) -> None:
        if call := self._rings.calls.get(offer_id):
            call.tell(ConsultDialled(offer_id, status))

    def leg_found(self, offer_id: str, doing: Apart) -> None:
        if call := self._rings.calls.get(offer_id):
            call.tell(LegFound(offer_id, doing))

    def third_left(self, offer_id: str) -> None:
        if call := self._rings.calls.get(offer_id):
            call.tell(ThirdLeft(offer_id))

    def leg_hung_up(self, offer_id: str) -> None:
        if call := self._rings.calls.pop(offer_id, None):
            call.tell(LegEnded(offer_id))

    def leg_lost(self, offer_id: str) -> None:
        if call := self._rings.calls.pop(offer_id, None):
            call.tell(PhoneLost(offer_id))

    def page_lost(self, offer_id: str, page: str) -> None:
        if call := self._rings.calls.pop(offer_id, None):
            self._rings.page_lost(call, offer_id, page)

    def page_came(self, agent_id: str) -> None:
        self._rings.page_came(agent_id)

    def phone_changed(self, agent_id: str, phone: PhoneState) -> None:
        self._distributor.tell(PhoneChanged(agent_id, phone))
        telephony = self.telephony
        if phone is not PhoneState.UNREACHABLE:
            telephony.liveness.answers(agent_id)
        elif telephony.phones.channels(agent_id):
            self._tasks.spawn(Work.PHONE_WATCH, telephony.liveness.watch(agent_id))

    def agents(self) -> Collection[str]:
        return self._editions.in_use.hotline.agents.keys()

    # -- what the engine wants ------------------------------------------------------------------------------------

    def ring_agent(self, effect: RingAgent) -> None:
        call = self._by_id.get(effect.call_id)
        if call is None:
            self._distributor.tell(OfferFailed(effect.offer_id, OfferFailure.FAILED))
        else:
            with self.telephony.link.together():  # the ring, and the end of what the caller hears
                call.tell(Matched(effect))

    def cancel_ring(self, effect: CancelRing) -> None:
        if call := self._rings.calls.get(effect.offer_id):
            call.tell(RingOver(effect.offer_id))
        self.telephony.legs.cancel(effect.offer_id)

    def announce(self, effect: Announce) -> None:
        if call := self._by_id.get(effect.call_id):
            queue = call.edition.hotline.queues.get(call.machine.queue or "")
            offer: Speech = ()
            if queue is not None and queue.callback is not None and self._can_call_back(call):
                expected = self._distributor.engine.expected_wait(call.id)
                offer = arranging.callback_offer(queue.callback, expected, called_back=call.machine.arrival.called_back)
            call.tell(AnnouncementDue((*arranging.announcement(effect), *offer)))

    def call_back(self, effect: CallBack) -> None:
        self.calls_back(effect)

    def leave_queue(self, effect: LeaveQueue) -> None:
        """The destination belongs to the version in use, so the call changes to that."""
        if call := self._by_id.get(effect.call_id):
            call.tell(QueueLeft(effect.then, self._editions.after_queue(call.edition)))


def _nobody_calls_back(effect: CallBack) -> None:
    """Raises LookupError."""
    raise LookupError(effect.callback_id)
