"""The service's requests to Asterisk, and Asterisk's news, in the service's own words.

AMI names end here: above this module there are callers, offers and phones. A caller is known by the unique id of the
caller's channel, an agent's leg by the offer id that it was originated with (its `ChannelId`).
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import assert_never

import structlog

from agents.states import PhoneState
from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.asides import Asides, clears
from dialplan.callback_legs import CallbackLegs
from dialplan.citizen_legs import CitizenLegs
from dialplan.differences import BridgeSeen, Learnt, LegGone, LegSeen
from dialplan.joins import Joins, RefusedTransfers
from dialplan.leg import OFFER_CONTEXT, OFFERED
from dialplan.legs import ANSWERED_ELSEWHERE, Legs
from dialplan.link import AmiLink, Asked, attempt
from dialplan.liveness import Liveness, is_gone
from dialplan.news import PHONE_GONE, Listener, News
from dialplan.phones import Phones, agent_of, browser_of, to_ask
from dialplan.snapshot import (
    CALL_VARIABLE,
    LOST_VARIABLE,
    SERVING,
    STATUS_VARIABLE,
    SUB_HOTLINE_VARIABLE,
    VARIABLES,
    WITH_VARIABLE,
    AsteriskSnapshot,
)
from dialplan.sound import Heard, heard
from dialplan.spies import Spies
from dialplan.wire.ami import AmiMessage

log = structlog.get_logger()

HOLDING_BRIDGE = "acd"
"""Where callers are held."""
AGAIN_CONTEXT = "wutong-again"
UNREAD = "unknown"
"""The caller id of every call from outside, until the dialplan has read and cleaned the number."""
CITIZEN_CONTEXT = "wutong-citizen"
LISTEN_CONTEXT = "wutong-listen"
DIAL_CONTEXT = "wutong-dial"
TELLS_CONTEXT = "wutong-tells"
TOLD = "WutongTold"
"""The dialplan's event once both have heard what they were to be told."""
TELLING = 30.0
"""Seconds for that."""
ASKED_AT_ONCE = 500
"""Phones whose contacts are asked for together: half of what may be in flight (`AmiLink`)."""
STOPPING = "4"
"""The `Cause` of a SoftHangupRequest, which is no Q.850 cause: Asterisk hangs up all channels, as it stops
(AST_SOFTHANGUP_SHUTDOWN). Nothing can cancel that any more."""
DIAL_RING = 20.0
"""Seconds that an agent's own phone rings before it dials."""
PASSWORD_CONTEXT = "wutong-password"  # noqa: S105 - a context's name
LANGUAGE_VARIABLE = "WUTONG_LANGUAGE"
"""Variable of a caller: the chosen language, for the target of a transfer."""
SEEN_VARIABLE = "WUTONG_SEEN"
TALKED_VARIABLE = "WUTONG_TALKED_"
"""SEEN, of a caller: the talk that the service knows of. TALKED, global and followed by the call's id: a talk that the
service did not know of when the caller hung up."""


class Telephony:
    """Asterisk as the service sees it. Feed it every AMI event through `on_event`. `provider`: see `CallbackLegs`."""

    def __init__(self, link: AmiLink, listener: Listener, provider: str = "") -> None:
        self.link = link
        self._listener = listener
        self.callers: dict[str, str] = {}
        """Unique id of each caller who is watched → the bridge in which the service believes the caller, "" for none.
        """
        self.anonymous = 0
        """Channels of callers without an account that have begun."""
        self.phones = Phones(listener.phone_changed)
        self.liveness = Liveness(link, self.phones, self._phone_gone)
        self.legs = Legs(link, listener, self.phones, lambda caller: self.callers.get(caller, ""))
        self._refused_transfers = RefusedTransfers(link)
        self._joins = Joins(self.legs, listener, self.callers)
        self.spies = Spies(link, self.phones, self._refused_transfers)
        self.citizen_legs = CitizenLegs(link, self.phones, self._refused_transfers)
        self.callback_legs = CallbackLegs(link, provider)
        self.asides = Asides(link, self.legs, self.phones, self._refused_transfers, listener.third_left)
        self.on_sound: Callable[[Heard], None] = lambda said: None
        """Gets what Asterisk reports of the sound of phones."""
        self.on_stopping: Callable[[], None] = lambda: None
        """Called when Asterisk is being stopped in order, before it has hung up any channel."""
        self.unreported = frozenset[str]()
        """The phones that could be reached, and that Asterisk did not report, when it was asked last."""
        self._others: dict[str, str] = {}  # unique id of a channel that is no caller's and no leg → its bridge
        self._others_moved: set[str] | None = None  # those of which events report a move while Asterisk is asked
        self._listening: set[str] = set()  # unique ids of channels that we placed and that are no offer's
        self._telling: dict[str, asyncio.Future[bool]] = {}  # such a channel → whether both have heard it
        self._dialling: dict[str, str] = {}  # such a channel → the agent whose phone it is, who dials by us

    # -- callers ------------------------------------------------------------------------------------------------

    def watch(self, caller: str, bridge: str = "") -> None:
        """From now on the listener hears of this caller's keys, bridges and hang-up. `bridge`: the caller's now."""
        self.callers.setdefault(caller, bridge)

    def forget(self, caller: str) -> None:
        self.callers.pop(caller, None)

    def fetch(self, caller: str, channel: str) -> None:
        """As `kick`, but only from the bridge in which the caller is believed to be."""
        self._kick(channel, BridgeUniqueid=self.callers[caller])

    def kick(self, channel: str) -> None:
        """Take the caller out of any bridge. No ring from before this may take the caller any more."""
        self._kick(channel)

    def _kick(self, channel: str, **bridge: str) -> None:
        with self.link.together():
            self.link.send("Setvar", Channel=channel, Variable=OFFERED, Value="")
            self.link.send("BridgeKick", Channel=channel, **bridge)

    def stop_prompt(self, channel: str) -> Asked:
        """Stop the file that plays to the channel. Not done: none does."""
        return self.link.ask("ControlPlayback", Channel=channel, Control="stop")

    def play_key(self, channel: str, key: str) -> None:
        """Send a DTMF key out of the channel, as if its user had pressed it."""
        self.link.send("PlayDTMF", Channel=channel, Digit=key, Duration="120")

    def speak(self, channel: str, *, farewell: bool) -> None:
        """Have a far half that listens say its words: see `wutong-listen`. `farewell`: it hangs up then."""
        to = {"Context": LISTEN_CONTEXT, "Exten": "farewell" if farewell else "speak", "Priority": "1"}
        self.link.send("Redirect", Channel=channel, **to)

    def hang_up(self, channel: str) -> None:
        """End a far half that listens."""
        self.link.send("Hangup", Channel=channel, Cause="16")

    async def listen(self, *, channel_id: str, number: str, variables: Mapping[str, str], timeout: float) -> None:
        """Place a call to one of the hotline's numbers; its far half listens in `wutong-listen`.

        Raises LinkDown, ActionRefused or TimeoutError.
        """
        self._listening.add(channel_id)
        try:
            asked = self.link.originate(
                *(f"Local/{number}@{CITIZEN_CONTEXT}/n", channel_id, LISTEN_CONTEXT, timeout, variables),
                OtherChannelId=f"{channel_id}-hotline",
            )
            await asked.answer()
        except BaseException:
            self._listening.discard(channel_id)  # if it comes all the same, it is a stray
            raise

    async def tell_both(self, offer_id: str, files: Sequence[str]) -> bool:
        """Play these to both sides of the leg's talk. Whether they have heard all of it.

        Raises LinkDown, ActionRefused or TimeoutError.
        """
        channel_id = f"tells-{secrets.token_hex(8)}"
        told = self._telling[channel_id] = asyncio.get_running_loop().create_future()
        variables = {"__WUTONG_HEARD": offer_id, "__WUTONG_SIGN": "&".join(files)}
        self._listening.add(channel_id)  # it is no stray
        try:
            asked = self.link.originate("Local/sign@wutong-supervisor/n", channel_id, TELLS_CONTEXT, 5.0, variables)
            await asked.answer()
            async with asyncio.timeout(TELLING):
                return bool(await told)
        finally:
            del self._telling[channel_id]
            self._listening.discard(channel_id)

    def _told(self, channel_id: str, *, whole: bool) -> None:
        told = self._telling.get(channel_id)
        if told is not None and not told.done():
            told.set_result(whole)

    async def dial(self, agent_id: str, number: str) -> None:
        """Ring the agent's phone. Once it is answered, it goes on as if it had dialled `number` itself.

        Raises LinkDown, ActionRefused or TimeoutError.
        """
        phone, channel_id = self.phones.to_ring(agent_id), f"dial-{secrets.token_hex(8)}"
        self._listening.add(channel_id)  # it is no stray
        self._dialling[channel_id] = agent_id
        self.phones.rung(phone, channel_id)
        try:
            asked = self.link.originate(
                *(f"PJSIP/{phone}", channel_id, DIAL_CONTEXT, DIAL_RING, {"WUTONG_DIALS": number}),
                shows=(number, number),
                action_id=channel_id,
            )
            await asked.answer()
        except BaseException:
            self._not_dialled(channel_id)
            raise

    def _not_dialled(self, channel_id: str) -> None:
        """The phone of an agent who dials by us does not ring any more, and was not answered."""
        if (agent_id := self._dialling.pop(channel_id, None)) is not None:
            self._listening.discard(channel_id)
            self.phones.not_rung(agent_id, channel_id)

    async def keep_password(self, phone: str, kept: str, *, out: bool = False) -> None:
        """Put a phone's password into Asterisk's database, where PJSIP reads it. `out`: end its registration, too. AMI
        may not write there, only the dialplan may. So a short-lived channel does it, and the answer comes once that is
        done.

        Raises LinkDown, ActionRefused or TimeoutError.
        """
        channel_id = f"password-{secrets.token_hex(8)}"
        self._listening.add(channel_id)  # it is no stray
        try:
            await self.link.action(
                "Originate",
                Channel=f"Local/s@{PASSWORD_CONTEXT}/n",
                ChannelId=channel_id,
                Context=PASSWORD_CONTEXT,
                Exten="over",
                Priority="1",
                Timeout="2000",
                Variable=[f"WUTONG_PHONE={phone}", f"WUTONG_KEPT={kept}", *(["WUTONG_OUT=1"] if out else [])],
            )
        except BaseException:
            self._listening.discard(channel_id)
            raise

    def cut(self, phone: str) -> None:
        """End all calls of this phone, as if it were gone: a caller in a talk with it is kept for somebody else."""
        for channel in self.phones.channels_of(phone):
            self._phone_gone(channel)

    def note_talk(self, channel: str, talk: str) -> None:
        """Note on the caller's channel that the service knows this talk: an offer's id, or `line_talk`."""
        if channel:  # without one it would be a global variable
            self.link.send("Setvar", Channel=channel, Variable=SEEN_VARIABLE, Value=talk)

    def note_call(self, channel: str, call_id: str) -> None:
        """Note on the caller's channel which call it is. An attended transfer to an agent's own call may have given it
        the variables of that call.
        """
        if channel:
            self.link.send("Setvar", Channel=channel, Variable=CALL_VARIABLE, Value=call_id)

    def note_line(self, channel: str, mark: str) -> None:
        """Note on the caller's channel that it talks with this line, as a Dial() would have, and that this is known."""
        if channel:
            for name, value in ((SUB_HOTLINE_VARIABLE, mark), (STATUS_VARIABLE, "ANSWER"), (LOST_VARIABLE, "")):
                self.link.send("Setvar", Channel=channel, Variable=name, Value=value)
            self.note_talk(channel, line_talk(mark))

    async def last_words(self, call_id: str) -> str:
        """The talk, as in `note_talk`, of a caller whose channel is gone, if the service did not know it; "" for none.

        Raises LinkDown or TimeoutError.
        """
        try:
            said = (await self.link.action("Getvar", Variable=f"{TALKED_VARIABLE}{call_id}")).get("Value")
        except ActionRefused:
            return ""
        return "" if said == "(null)" else said

    def forget_words(self, call_id: str) -> None:
        """Remove the note that `last_words` answered: it is not needed any more."""
        self.link.send("Setvar", Variable=f"{TALKED_VARIABLE}{call_id}", Value="")

    # -- what Asterisk reports -------------------------------------------------------------------------------------

    def on_event(self, event: AmiMessage) -> None:
        """Called by the link with every event, in the order of arrival."""
        match event.event:
            case "DTMFBegin" | "DTMFEnd":
                if event.get("Direction") == "Received" and (caller := event.get("Uniqueid")) in self.callers:
                    begins = event.event == "DTMFBegin"
                    heard = self._listener.key_begins if begins else self._listener.key_pressed
                    heard(caller, event.get("Digit"))
            case "DeviceStateChange":
                self.phones.device(event)
            case "PeerStatus":
                self.phones.answers(event)
            case "ContactStatus":
                if (agent_id := self.phones.contact(event)) is not None:
                    self._listener.page_came(agent_id)
            case "BridgeEnter":
                self._entered(event)
            case "BridgeLeave":
                self._left(event)
            case "Newchannel":
                self.anonymous += event.get("Channel").startswith("PJSIP/anonymous-")
                self.phones.began(event)
                self.legs.began(event.get("Uniqueid"))
                self.citizen_legs.began(event)
                if _calls_us(event):
                    self._listener.caller_came(event.get("Uniqueid"), event.get("Channel"), event.get("Exten"))
            case "Newstate":
                self.legs.new_state(event)
                self.callback_legs.new_state(event)
            case "DialBegin" if not clears(event):
                self._dial_begin(event)
            case "HangupRequest":
                self._hangup_request(event)
            case "SoftHangupRequest":
                if event.get("Cause") == STOPPING:
                    self.on_stopping()
            case "Hangup":
                self._hangup(event)
            case "BlindTransfer":
                if event.get("Result") == "Success":
                    self._transferred(event.get("TransfererUniqueid"))
            case "AttendedTransfer":
                self.spies.joined(event)
                self.asides.joined(event)
                self.citizen_legs.joined(event)
                for channel in self._joins.joined(event):
                    self._transferred(channel)
            case "OriginateResponse":
                self.legs.originate_response(event)
                self.spies.originate_response(event)
                self.citizen_legs.originate_response(event)
                self.callback_legs.originate_response(event)
                if event.get("Response") == "Failure":
                    self._not_dialled(event.action_id)
            case "UserEvent":
                self.legs.picked_up(event)
                self.spies.said(event)
                if event.get("UserEvent") == TOLD:
                    self._told(event.get("Uniqueid"), whole=True)
                self._sound(event)
            case "RTCPSent" | "Hold" | "Unhold":
                self._sound(event)
            case "DialEnd" if not clears(event):
                self.citizen_legs.dial_ended(event)
                if event.get("Forward"):
                    self.legs.forwarded(event)
                if (caller := self._joins.dialler(event)) in self.callers:
                    answered = event.get("DialStatus") == "ANSWER"
                    self._listener.caller_news(caller, News.ANSWERED if answered else News.LET_GO)
                elif caller in self.legs:
                    self._listener.leg_dialled(caller, event.get("DialStatus"))
            case _:
                pass

    def _sound(self, event: AmiMessage) -> None:
        if (said := heard(event)) is not None:
            self.on_sound(said)

    def lost(self) -> None:
        """The link broke: until Asterisk was asked (`learned`) no phone can be reached, so none is to be rung."""
        self.phones.lost()
        self.unreported = frozenset[str]()
        self._others.clear()
        self._others_moved = None
        self._joins.lost()
        self.citizen_legs.lost()
        self.legs.unseen()

    def _dial_begin(self, event: AmiMessage) -> None:
        """A dial without a caller comes from an Originate. One that is not ours is ended before anybody can pick up.

        Either an agent's phone has forwarded its ring (302), and Asterisk follows, past the dialplan if set so. Or a
        ring that was given up because Asterisk was slow comes after all; it would take the caller out of a talk.
        """
        channel = event.get("DestUniqueid")
        self.asides.rings(event)
        self.citizen_legs.rings(event)
        legs = (self.legs, self.spies, self.citizen_legs, self.callback_legs, self._listening)
        ours = any(channel in known for known in legs)
        if not event.get("Uniqueid") and not ours:
            log.warning("stray-ring-ended", channel=event.get("DestChannel")[:80])
            self.link.send("Hangup", Channel=channel, Cause=ANSWERED_ELSEWHERE)

    def _entered(self, event: AmiMessage) -> None:
        channel, bridge = event.get("Uniqueid"), event.get("BridgeUniqueid")
        if channel in self.callers:
            self._caller_entered(channel, bridge, holding=event.get("BridgeTechnology") == "holding_bridge")
        elif channel in self.legs:
            self.legs.entered(channel, bridge)
            self._note_company(bridge)
        elif event.get("Context") == OFFER_CONTEXT:
            # Asterisk was too slow to say that this leg rings, so the ring was given up: the listener ends the leg
            self._listener.offer_answered(channel)
        else:
            self._other_in(channel, bridge)
            self._note_company(bridge)
            for caller in [caller for caller, there in self.callers.items() if there == bridge]:
                self._listener.caller_news(caller, News.MET)

    def _note_company(self, bridge: str) -> None:
        """Note on each phone in this bridge, in which Asterisk alone has joined it with a caller, who that is. So the
        dialplan can tell the caller's channel that the phone is gone, if the talk ends while the service is away.
        """
        callers = [caller for caller, there in self.callers.items() if there == bridge]
        phones = [each for each, there in self._others.items() if there == bridge and each not in callers]
        leg = self.legs.in_bridge(bridge)
        for caller in callers:
            others = [leg] if leg and self.legs.caller_of(leg) != caller else []
            for channel in (*phones, *others):
                self.link.send("Setvar", Channel=channel, Variable=WITH_VARIABLE, Value=caller)

    def _other_in(self, channel: str, bridge: str) -> None:
        if self._others_moved is not None:
            self._others_moved.add(channel)
        if bridge:
            self._others[channel] = bridge
        else:
            self._others.pop(channel, None)

    def _caller_entered(self, caller: str, bridge: str, *, holding: bool) -> None:
        self.callers[caller] = bridge
        self._listener.caller_news(caller, News.BRIDGED)
        if holding:
            self._listener.caller_news(caller, News.HELD)
        else:
            self.legs.met(caller, bridge)
            self._note_company(bridge)
            if bridge in self._others.values():
                self._listener.caller_news(caller, News.MET)

    def _transferred(self, channel: str) -> None:
        """The phone has transferred its caller. So its channel ends, which does not mean that the phone is gone."""
        self.legs.transferred(channel)
        self._other_in(channel, "")

    def _left(self, event: AmiMessage) -> None:
        channel = event.get("Uniqueid")
        if self._others.get(channel) == event.get("BridgeUniqueid"):
            self._other_in(channel, "")
        if self.callers.get(channel) == event.get("BridgeUniqueid"):
            self._caller_left(channel)

    def _caller_left(self, caller: str) -> None:
        left, self.callers[caller] = self.callers[caller], ""
        if not self._joins.is_coming(caller, left):
            self._listener.caller_news(caller, News.LET_GO)

    def _hangup_request(self, event: AmiMessage) -> None:
        channel = event.get("Uniqueid")
        self.citizen_legs.hangup_requested(event)
        if is_gone(event) and channel not in self.legs and self._report_lost(channel):
            return
        if channel in self.callers:
            self._listener.caller_hung_up(channel)
        else:
            self.legs.hangup_requested(event)

    def _phone_gone(self, channel: str) -> None:
        """An agent's phone has fallen silent. The listener hears this first, and writes a Record of what it decides."""
        log.warning("phone-gone", channel=channel)
        if not self._report_lost(channel) or channel in self.legs:
            self.legs.phone_gone(channel)
        self.link.send("Hangup", Channel=channel, Cause=PHONE_GONE)

    def _report_lost(self, channel: str) -> bool:
        """Report that a caller's phone is gone, or one that talks with a caller: the phone of a line, or of a colleague
        whom an agent has joined with the caller. That colleague may have a leg, if a queue had given the colleague the
        agent's own call. False: it is neither.
        """
        if channel in self.callers:
            self._listener.caller_lost(channel)
            return True
        leg = channel in self.legs
        own = self.legs.caller_of(channel) if leg else ""
        bridge = self.legs.bridge_of(channel) if leg else self._others.get(channel, "")
        with_it = [caller for caller, there in self.callers.items() if bridge and there == bridge and caller != own]
        for caller in with_it:
            self._listener.caller_news(caller, News.LOST)
        return bool(with_it)

    def _hangup(self, event: AmiMessage) -> None:
        channel = event.get("Uniqueid")
        if channel in self.callers:
            self._listener.caller_news(channel, News.ENDED)
        else:
            self.legs.ended(event)
        self.phones.ended(event)
        self.spies.ended(channel)
        self.asides.ended(event)
        self.citizen_legs.ended(event)
        self.callback_legs.ended(event)
        self._refused_transfers.ended(event)
        if (caller := self._joins.ended(channel)) in self.callers and (bridge := self._others.get(channel)):
            self._caller_entered(caller, bridge, holding=False)
        self._other_in(channel, "")
        self._listening.discard(channel)
        self._told(channel, whole=False)
        self._dialling.pop(channel, None)
        number = event.get("CallerIDNum")
        self._listener.channel_ended(channel, "" if number == UNREAD else number)

    # -- looking afresh ---------------------------------------------------------------------------------------------

    async def look(self) -> AsteriskSnapshot:
        """What Asterisk has now. Raises ActionRefused, LinkDown or TimeoutError."""
        self.legs.looks()
        self.phones.asked()
        self.spies.asked()
        self.asides.asked()
        self.citizen_legs.asked()
        self.callback_legs.asked()
        self._others_moved = set()
        statuses = await self.link.list_action("Status", Variables=VARIABLES)
        devices = await self.link.list_action("DeviceStateList")
        snapshot = AsteriskSnapshot.read(statuses, devices)
        await self.citizen_legs.ask_after(snapshot.channels, self.last_words)
        return replace(snapshot, contacts=await self._contacts(self._to_ask(devices), snapshot.phones))

    async def ask_phones(self, *, everyone: bool) -> None:
        """Learn of all phones, or of the `unreported` ones, what a look learns. Not during a look. Raises as `look`."""
        self.phones.asked()
        phones, states = sorted(self.unreported), dict[str, PhoneState]()
        if everyone:
            devices = await self.link.list_action("DeviceStateList")
            phones, states = self._to_ask(devices), dict(AsteriskSnapshot.read((), devices).phones)
        self.phones.answered(states, await self._contacts(phones, states))

    def _to_ask(self, devices: Sequence[AmiMessage]) -> list[str]:
        agents, listed = self._listener.agents(), {device.get("Device") for device in devices}
        phones = (phone for agent_id in agents for phone in (agent_id, browser_of(agent_id)))
        unlisted = [phone for phone in phones if f"PJSIP/{phone}" not in listed]
        return [phone for phone in map(to_ask, devices) if phone and agent_of(phone) in agents] + unlisted

    async def _contacts(self, phones: Sequence[str], states: Mapping[str, PhoneState]) -> dict[str, str]:
        """Of each of the phones its contact that can be rung, as it answers OPTIONS; "" for none. `states`: those that
        Asterisk reports.

        Raises ActionRefused, LinkDown or TimeoutError.
        """
        contacts = dict[str, str]()
        for first in range(0, len(phones), ASKED_AT_ONCE):
            some = phones[first : first + ASKED_AT_ONCE]
            asked = [self.link.ask("Getvar", Variable=f"PJSIP_DIAL_CONTACTS({phone})") for phone in some]
            for phone, each in zip(some, asked, strict=True):
                # PJSIP/<phone>/<contact>; a phone has one
                contacts[phone] = (await each.answer()).get("Value").partition(f"{phone}/")[2]
        reached = (phone for phone, contact in contacts.items() if contact)
        gone = PhoneState.UNREACHABLE
        self.unreported = frozenset(phone for phone in reached if states.get(phone, gone) is gone)
        return contacts

    def learn(self, learnt: Learnt) -> None:
        """Give the listener one difference."""
        match learnt:
            case LegGone():
                self.legs.lost(learnt)
            case LegSeen():
                self.asides.found(learnt)
                self.legs.seen(learnt)
            case BridgeSeen(caller, bridge, held):
                if caller not in self.callers:
                    return  # the call is over
                if bridge:
                    self._caller_entered(caller, bridge, holding=held)
                else:
                    self._caller_left(caller)
            case _:
                assert_never(learnt)

    def learned(self, snapshot: AsteriskSnapshot) -> None:
        """The listener has all differences: from now on phones can be rung."""
        self.legs.asked()
        moved, self._others_moved = self._others_moved or set(), None
        newer = {channel: bridge for channel, bridge in self._others.items() if channel in moved}
        seen = {channel: bridge for channel, bridge in snapshot.others().items() if channel not in moved}
        self._others = seen | newer
        for bridge in {*seen.values()}:
            self._note_company(bridge)
        alive = {channel.unique_id: channel.name for channel in snapshot.channels.values()}
        self.phones.seen(alive, snapshot.phones, snapshot.contacts)
        self.spies.seen(self.asides.seen(snapshot.channels))
        self.citizen_legs.seen(snapshot.channels, self.forget_words)
        self.callback_legs.seen(snapshot.channels)

    async def lead_back(self, caller: str, channel: str) -> bool:
        """Break off the caller's AGI(), if it runs: the dialplan brings the caller to a new session."""
        try:
            snapshot = AsteriskSnapshot.read(await self.link.list_action("Status", Channel=channel), ())
        except (ActionRefused, LinkDown, TimeoutError):
            return False  # the caller is gone, or is found by the next look around
        there = snapshot.channels.get(caller)
        if there is None or there.application != SERVING:
            return False
        log.warning("session-lost", channel=channel)
        return await attempt(self.link, "Redirect", Channel=channel, Context=AGAIN_CONTEXT, Exten="s", Priority="1")


def _calls_us(event: AmiMessage) -> bool:
    """Whether a new channel is a citizen's call: from outside, and coming in. A trunk's context is the same for calls
    that go out.
    """
    incoming = event.get("ChannelStateDesc") == "Ring" and event.get("Channel").startswith("PJSIP/")
    return incoming and event.get("Context") == CITIZEN_CONTEXT


_LINE = "line:"


def line_talk(mark: str) -> str:
    """The name of a talk with this line in channel variables."""
    return f"{_LINE}{mark}"


def line_of_talk(talk: str) -> str:
    """The mark of the line of such a talk; "" for one with an agent."""
    return talk.removeprefix(_LINE) if talk.startswith(_LINE) else ""
