"""What the service asks of Asterisk, and what Asterisk tells it, in the service's own words.

AMI names end here: above this module there are callers, offers and phones. A caller is known by the unique id of his
channel, an agent's leg by the offer id that it was originated with (its `ChannelId`).
"""

from collections.abc import Collection, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from agents.states import PhoneState
from dialplan.legs import ANSWERED_ELSEWHERE, BESIDE, EARLY, OFFER_CONTEXT, OFFERED, Legs, Ring
from dialplan.legs import Listener as LegListener
from dialplan.link import ActionRefused, AmiLink, LinkDown, attempt
from dialplan.phones import Phones
from dialplan.wire.ami import AmiMessage

log = structlog.get_logger()

HOLDING = "BridgeWait"
"""The application that holds callers."""
HOLDING_BRIDGE = "acd"
DIALLING = "Dial"
"""The application that puts callers through to sub-hotlines."""
SERVING = "AGI"
"""The application that brings callers to the service. While it runs another one for us, that one's name is told."""
LINK = "Local/_attended@"
"""Asterisk's name for a pair of channels (;1 and ;2) that joins the bridges of an attended transfer."""
AGAIN_CONTEXT = "wutong-again"
LISTEN_CONTEXT = "wutong-listen"
CALL_VARIABLE = "WUTONG_CALL"
OFFER_VARIABLE = "WUTONG_OFFER"
LANGUAGE_VARIABLE = "WUTONG_LANGUAGE"
"""Of a caller: the language that he has chosen, for where he is transferred to."""
SUB_HOTLINE_VARIABLE = "WUTONG_SUB_HOTLINE"
STATUS_VARIABLE = "DIALSTATUS"
"""Of a caller: what came of his last Dial(); "" before it."""
TAKEN_VARIABLE = "SHARED(WUTONG_TAKEN)"
"""Of a caller: the offer whose leg has taken him last since he entered his queue. The leg sets it, so it is true though
nobody was told."""
SEEN_VARIABLE = "WUTONG_SEEN"
TALKED_VARIABLE = "WUTONG_TALKED_"
"""Of a caller: the talk that the service knows of. Global, with the call's id behind it: a talk that it did not know of
when the caller hung up."""


class Listener(LegListener, Protocol):
    """Who is told what happens on the lines. Every method but `caller_missing` returns at once."""

    def key_pressed(self, caller: str, key: str) -> None: ...
    def caller_held(self, caller: str) -> None: ...
    def caller_taken(self, caller: str) -> None: ...
    def caller_let_go(self, caller: str) -> None: ...
    def caller_hung_up(self, caller: str) -> None: ...
    def caller_ended(self, caller: str) -> None: ...
    async def caller_missing(self, caller: str) -> None: ...
    def sub_hotline_answered(self, caller: str) -> None: ...
    def caller_dialling(self, caller: str) -> None: ...
    def caller_handed_over(self, caller: str, place: str) -> None: ...
    def phone_changed(self, agent_id: str, phone: PhoneState) -> None: ...
    def channel_gone(self, channel: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of ours as Asterisk has it: a caller's, or an agent's leg, which has an `offer_id`.

    `sub_hotline`: the one that the caller is put through to. `taken`: the offer whose leg has taken him last.
    `bridge`: the one that it is in, "" for none; `held`: that is no talk. `waits`: the leg may not take the caller
    before it is told that he is held. `beside`: others were rung for him too.
    """

    unique_id: str
    name: str
    call_id: str
    offer_id: str
    sub_hotline: str
    taken: str
    bridge: str
    held: bool
    waits: bool
    beside: bool


@dataclass(frozen=True, slots=True)
class Strays:
    """held    names of callers' channels that wait in a holding bridge though no call is known to which they belong;
            who was taken out of it for a conversation still counts as running BridgeWait, and is left alone
    in_agi  unique ids of callers who are inside AGI() though no session serves them
    """

    held: list[str]
    in_agi: list[str]


class Telephony:
    """Asterisk as the service sees it. Feed it every AMI event through `on_event`."""

    def __init__(self, link: AmiLink, listener: Listener) -> None:
        self._link = link
        self._listener = listener
        self._callers: dict[str, str] = {}  # unique id of a caller → the bridge he is in, "" for none
        self._phones = Phones(listener.phone_changed)
        self._legs = Legs(link, listener, self._phones, lambda caller: self._callers.get(caller, ""))
        self._listening: set[str] = set()  # unique ids of the far halves of calls that `listen` placed

    @property
    def link_is_up(self) -> bool:
        return self._link.up

    # -- callers ------------------------------------------------------------------------------------------------

    def watch(self, caller: str) -> None:
        """From now on the listener is told of this caller's keys, bridges and hang-up."""
        self._callers.setdefault(caller, "")

    def forget(self, caller: str) -> None:
        self._callers.pop(caller, None)

    def kick(self, channel: str) -> Coroutine[Any, Any, bool]:
        """End the caller's stay in his bridge; what is returned is to be awaited. False: he is in none, or gone.

        No ring from before this may take him any more, and that is said at once: one may be asked for before the task
        runs in which the answer is awaited.
        """
        self._link.send("Setvar", Channel=channel, Variable=OFFERED, Value="")
        return attempt(self._link, "BridgeKick", Channel=channel)

    async def stop_prompt(self, channel: str) -> bool:
        """Stop the file that plays to the channel; False if none does."""
        return await attempt(self._link, "ControlPlayback", Channel=channel, Control="stop")

    async def play_key(self, channel: str, key: str) -> bool:
        """Send a DTMF key out of the channel, as if its user had pressed it."""
        return await attempt(self._link, "PlayDTMF", Channel=channel, Digit=key, Duration="120")

    async def listen(self, *, channel_id: str, number: str, variables: Mapping[str, str], timeout: float) -> None:
        """Place a call to one of the hotline's numbers; its far half listens in `wutong-listen`.

        Raises LinkDown, ActionRefused or TimeoutError.
        """
        self._listening.add(channel_id)
        try:
            await self._link.action(
                "Originate",
                Channel=f"Local/{number}@wutong-citizen/n",
                ChannelId=channel_id,
                OtherChannelId=f"{channel_id}-hotline",
                Context=LISTEN_CONTEXT,
                Exten="s",
                Priority="1",
                Timeout=str(int(timeout * 1000)),
                Async="true",
                Variable=[f"{name}={value}" for name, value in variables.items()],
            )
        except BaseException:
            self._listening.discard(channel_id)  # if it comes all the same it is a stray
            raise

    def note_talk(self, channel: str, talk: str) -> None:
        """Let the caller's channel know that his talk is known: an offer's id, or `sub_hotline_talk`."""
        if channel:  # without one it would be a global variable
            self._link.send("Setvar", Channel=channel, Variable=SEEN_VARIABLE, Value=talk)

    async def last_words(self, call_id: str) -> str:
        """The talk of a caller whose channel is gone, as in `note_talk`, if it was not known; "" for none.

        Raises LinkDown or TimeoutError.
        """
        try:
            said = (await self._link.action("Getvar", Variable=f"{TALKED_VARIABLE}{call_id}")).get("Value")
        except ActionRefused:
            return ""
        if said and said != "(null)":
            self._link.send("Setvar", Variable=f"{TALKED_VARIABLE}{call_id}", Value="")  # it is not needed any more
        return "" if said == "(null)" else said

    # -- offers -------------------------------------------------------------------------------------------------

    def ring(self, ring: Ring) -> Coroutine[Any, Any, None]:
        """See `Legs.ring`, also for the four that follow."""
        return self._legs.ring(ring)

    def admit(self, caller: str) -> None:
        self._legs.admit(caller)

    async def cancel(self, offer_id: str) -> None:
        await self._legs.cancel(offer_id)

    def let_through(self, offer_id: str) -> None:
        self._legs.let_through(offer_id)

    def adopt(self, offer_id: str, agent_id: str, caller: str, channel: Channel | None, *, connected: bool) -> None:
        """`channel`: what Asterisk has of the leg; None: nothing any more."""
        waits, beside = (channel.waits, channel.beside) if channel is not None else (False, False)
        self._legs.adopt(offer_id, agent_id, caller, connected=connected, waits=waits, beside=beside)

    # -- what Asterisk tells --------------------------------------------------------------------------------------

    def on_event(self, event: AmiMessage) -> None:
        """Called by the link with every event, in the order of arrival."""
        match event.event:
            case "DTMFEnd":
                if event.get("Direction") == "Received" and (caller := event.get("Uniqueid")) in self._callers:
                    self._listener.key_pressed(caller, event.get("Digit"))
            case "DeviceStateChange":
                self._phones.device(event)
            case "BridgeEnter":
                self._entered(event)
            case "BridgeLeave":
                self._left(event)
            case "Newchannel":
                self._phones.began(event)
                self._legs.began(event)
            case "Newstate":
                self._legs.new_state(event)
            case "DialBegin":
                self._dial_begin(event)
            case "HangupRequest":
                self._hangup_request(event)
            case "Hangup":
                self._hangup(event)
            case "AttendedTransfer":
                self._handed_over(event)
            case "OriginateResponse":
                self._legs.originate_response(event)
            case "UserEvent":
                self._legs.picked_up(event)
            case "DialEnd":
                if event.get("Forward"):
                    self._legs.forwarded(event)
                if (caller := event.get("Uniqueid")) in self._callers:
                    if event.get("DialStatus") == "ANSWER":
                        self._listener.sub_hotline_answered(caller)
                    else:
                        self._listener.caller_let_go(caller)
            case _:
                pass

    def lost(self) -> None:
        """The link broke: until the next `refresh` no phone can be reached, so none is to be rung."""
        self._phones.lost()
        self._legs.unseen()

    def tell_phones(self) -> None:
        """Tell the listener the state of every phone that is known: it may have dropped news of agents then unknown."""
        self._phones.tell_all()

    def _dial_begin(self, event: AmiMessage) -> None:
        """A dial without a caller is an originate's. One that is none of ours is ended before anybody can pick up.

        An agent's phone has forwarded its ring (302), and Asterisk follows, past the dialplan if told to. Or a ring
        that was given up because Asterisk was slow comes after all; it would take the caller out of his talk.
        """
        channel = event.get("DestUniqueid")
        if not event.get("Uniqueid") and channel not in self._legs and channel not in self._listening:
            log.warning("stray-ring-ended", channel=event.get("DestChannel")[:80])
            self._link.send("Hangup", Channel=channel, Cause=ANSWERED_ELSEWHERE)

    def _entered(self, event: AmiMessage) -> None:
        channel, bridge = event.get("Uniqueid"), event.get("BridgeUniqueid")
        if channel in self._callers:
            self._caller_entered(channel, bridge, holding=event.get("BridgeTechnology") == "holding_bridge")
        elif channel in self._legs:
            self._legs.entered(channel, bridge)
        elif event.get("Context") == OFFER_CONTEXT:
            # Asterisk was too slow to say that it rings, so the ring was given up: whoever made the offer ends this
            self._listener.offer_answered(channel)

    def _caller_entered(self, caller: str, bridge: str, *, holding: bool) -> None:
        self._callers[caller] = bridge
        self._listener.caller_taken(caller)
        if holding:
            self._listener.caller_held(caller)
        else:
            self._legs.met(caller, bridge)

    def _handed_over(self, event: AmiMessage) -> None:
        """A phone has joined its two calls. If it was itself a caller of ours in one of them (an agent who waits in a
        queue), the other caller is in its place now; where that is the holding bridge, he hears nothing there.
        """
        ends = (event.get("OrigTransfererUniqueid"), event.get("SecondTransfererUniqueid"))
        place = next((end for end in ends if end in self._callers), "")
        caller = next((self._legs.caller_of(end) for end in ends if end in self._legs), event.get("TransfereeUniqueid"))
        if place and caller in self._callers:
            self._listener.caller_handed_over(caller, place)

    def _left(self, event: AmiMessage) -> None:
        channel = event.get("Uniqueid")
        if self._callers.get(channel) == event.get("BridgeUniqueid"):
            self._callers[channel] = ""
            self._listener.caller_let_go(channel)

    def _hangup_request(self, event: AmiMessage) -> None:
        channel = event.get("Uniqueid")
        if channel in self._callers:
            self._listener.caller_hung_up(channel)
        else:
            self._legs.hangup_requested(event)

    def _hangup(self, event: AmiMessage) -> None:
        channel = event.get("Uniqueid")
        if channel in self._callers:
            self._listener.caller_ended(channel)
        else:
            self._legs.ended(event)
        self._phones.ended(event)
        self._listening.discard(channel)
        self._listener.channel_gone(channel)

    # -- looking afresh ---------------------------------------------------------------------------------------------

    async def channels(self) -> list[Channel]:
        """Every channel that carries variables of ours. Raises ActionRefused, LinkDown or TimeoutError."""
        names = ",".join((CALL_VARIABLE, OFFER_VARIABLE, SUB_HOTLINE_VARIABLE, TAKEN_VARIABLE, EARLY, BESIDE))
        found = []
        statuses = await self._link.list_action("Status", Variables=names)
        talks = _talks(statuses)
        for status in statuses:
            variables = _variables(status)
            if variables.get(CALL_VARIABLE):
                found.append(
                    Channel(
                        unique_id=status.get("Uniqueid"),
                        name=status.get("Channel"),
                        call_id=variables[CALL_VARIABLE],
                        offer_id=variables.get(OFFER_VARIABLE, ""),
                        sub_hotline=variables.get(SUB_HOTLINE_VARIABLE, ""),
                        taken=variables.get(TAKEN_VARIABLE, ""),
                        bridge=status.get("BridgeID"),
                        held=bool(status.get("BridgeID")) and status.get("BridgeID") not in talks,
                        waits=EARLY in variables,
                        beside=BESIDE in variables,
                    )
                )
        return found

    async def refresh(self) -> None:
        """Compare what is believed with what Asterisk says now: after every (re)connect of the link.

        Raises LinkDown or TimeoutError when the link breaks meanwhile.
        """
        believed_legs, believed_callers = self._legs.ids(), dict(self._callers)
        channels = self._phones.channels()
        statuses = await self._link.list_action("Status", Variables=f"{TAKEN_VARIABLE},{STATUS_VARIABLE}")
        alive, talks = {status.get("Uniqueid"): status for status in statuses}, _talks(statuses)
        self._phones.seen(channels, alive.values())
        for caller in believed_callers.keys() - alive.keys():
            if caller in self._callers:
                await self._listener.caller_missing(caller)
        gone = (believed_legs - alive.keys()) | self._legs.ended_unseen()
        for offer_id in gone:
            if offer_id in self._legs:
                his = alive.get(self._legs.caller_of(offer_id))
                self._legs.lost(offer_id, took=his is not None and _was_taken(his, offer_id, talks))
        for offer_id in believed_legs - gone:
            self._legs.seen(alive[offer_id])
        for caller in believed_callers.keys() & alive.keys():
            if self._callers.get(caller) == believed_callers[caller]:  # else an event has told more since
                self._caller_seen(caller, alive[caller], talks)
        self._phones.asked()
        self._phones.listed(await self._link.list_action("DeviceStateList"))

    def _caller_seen(self, caller: str, status: AmiMessage, talks: set[str]) -> None:
        """A caller lives. He is held if BridgeWait is what brought him into his bridge, and it is none of `talks`."""
        bridge = status.get("BridgeID")
        if status.get("Application") == DIALLING:
            self._listener.caller_dialling(caller)
            if bridge:
                self._listener.sub_hotline_answered(caller)  # who is dialled and in a bridge talks
        elif _variables(status).get(STATUS_VARIABLE) == "ANSWER":
            self._listener.sub_hotline_answered(caller)  # he talked, and may not have a session to say so
        if caller not in self._callers:
            return  # his call is over
        if not bridge:
            if self._callers[caller]:
                self._callers[caller] = ""
                self._listener.caller_let_go(caller)
            return
        holding = status.get("Application") == HOLDING and bridge not in talks
        # told anew also where nothing has changed: a kick that was asked while the link was down has come to nothing
        if holding or bridge != self._callers[caller]:
            self._caller_entered(caller, bridge, holding=holding)

    async def strays(self, callers: Collection[str], without_session: Collection[str]) -> Strays:
        """Whom nobody looks after. `callers`: all of live calls, `without_session`: those whom no session serves.

        Raises ActionRefused, LinkDown or TimeoutError.
        """
        statuses = await self._link.list_action("Status")
        talks = _talks(statuses)
        strays = Strays([], [])
        for status in statuses:
            caller, channel, bridge = status.get("Uniqueid"), status.get("Channel"), status.get("BridgeID")
            if status.get("Application") == HOLDING and bridge and bridge not in talks and caller not in callers:
                strays.held.append(channel)
            elif status.get("Application") == SERVING and caller in without_session:
                strays.in_agi.append(caller)
        return strays

    async def lead_back(self, caller: str, channel: str) -> bool:
        """Break off the caller's AGI(), if that is where he is: the dialplan brings him to a new session."""
        try:
            statuses = await self._link.list_action("Status", Channel=channel)
        except (ActionRefused, LinkDown, TimeoutError):
            return False  # he is gone, or the next look around finds him
        if not any((said.get("Uniqueid"), said.get("Application")) == (caller, SERVING) for said in statuses):
            return False
        log.warning("session-lost", channel=channel)
        return await attempt(self._link, "Redirect", Channel=channel, Context=AGAIN_CONTEXT, Exten="s", Priority="1")


_SUB_HOTLINE = "sub-hotline:"


def sub_hotline_talk(sub_hotline: str) -> str:
    """How a channel calls a talk with this sub-hotline."""
    return f"{_SUB_HOTLINE}{sub_hotline}"


def sub_hotline_of(talk: str) -> str:
    """The sub-hotline of such a talk; "" for one with an agent."""
    return talk.removeprefix(_SUB_HOTLINE) if talk.startswith(_SUB_HOTLINE) else ""


def _talks(statuses: Iterable[AmiMessage]) -> set[str]:
    """The bridges in which somebody is who is not held: an agent's leg, or whom an agent has handed his caller over to.

    Who was taken out of the holding bridge for a talk still counts as running BridgeWait. A pair of channels by which
    Asterisk joins two bridges is nobody: it leads to a talk, or, where a caller was handed over to a queue, to none.
    """
    talks: set[str] = set()
    links: dict[str, set[str]] = {}
    for status in statuses:
        channel, bridge = status.get("Channel"), status.get("BridgeID")
        if channel.startswith(LINK):
            links.setdefault(channel.rpartition(";")[0], set()).add(bridge)
        elif status.get("Application") != HOLDING:
            talks.add(bridge)
    for bridges in links.values():
        if bridges & talks:
            talks |= bridges
    return talks


def _was_taken(caller: AmiMessage, offer_id: str, talks: set[str]) -> bool:
    """Whether this offer's leg has taken him last, and he is not held again."""
    bridge = caller.get("BridgeID")
    return _variables(caller).get(TAKEN_VARIABLE) == offer_id and (not bridge or bridge in talks)


def _variables(status: AmiMessage) -> dict[str, str]:
    """What was asked for and is set; of what is not set Asterisk says `(null)`."""
    pairs = (line.partition("=") for line in status.get_all("Variable"))
    return {name: value for name, _, value in pairs if value != "(null)"}
