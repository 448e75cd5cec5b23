"""What the service asks of Asterisk, and what Asterisk tells it, in the service's own words.

AMI names end here: above this module there are callers, offers and phones. A caller is known by the unique id of his
channel, an agent's leg by the offer id that it was originated with (its `ChannelId`).
"""

import asyncio
import re
from collections.abc import Awaitable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Protocol

import structlog

from acd.events import OfferFailure
from agents.states import PhoneState
from dialplan.ami import AmiMessage
from dialplan.link import ActionRefused, AmiLink, LinkDown, Unanswered
from dialplan.phones import Phones

log = structlog.get_logger()

HOLDING = "BridgeWait"
"""The application that holds callers."""
HOLDING_BRIDGE = "acd"
DIALLING = "Dial"
"""The application that puts callers through to sub-hotlines."""
OFFER_CONTEXT = "wutong-offer"
LISTEN_CONTEXT = "wutong-listen"
PICKED_UP = "WutongPickedUp"
"""What the dialplan says when one who was rung beside others has picked up."""

BESIDE = "BESIDE"
EARLY = "WUTONG_EARLY"
HELD = "WUTONG_HELD"
"""Variables of an agent's leg: "1" if it is rung before the caller is held, and "1" when he is. In between it waits."""

CALL_VARIABLE = "WUTONG_CALL"
OFFER_VARIABLE = "WUTONG_OFFER"
SUB_HOTLINE_VARIABLE = "WUTONG_SUB_HOTLINE"
TAKEN_VARIABLE = "SHARED(WUTONG_TAKEN)"
"""Of a caller: the offer whose leg has taken him last. The leg sets it, so it is true though nobody was told."""

ANSWERED_ELSEWHERE = "26"
UNKNOWN_CAUSE = "0"
REDIRECTED = "23"

_UNFIT_FOR_DISPLAY = re.compile(r'[\x00-\x1f\x7f"<>\\]')

FAILURES = {
    "17": OfferFailure.BUSY,
    "18": OfferFailure.UNREACHABLE,
    "20": OfferFailure.UNREACHABLE,
    "21": OfferFailure.DECLINED,
    "19": OfferFailure.DECLINED,  # 480 at once; a ring that timed out has Reason 3 and is told apart before
}
"""Hangup cause of a leg that was never answered → why."""


RECHECK = 10.0
"""Seconds after which a phone that said busy, or could not be reached, is taken for what Asterisk knows of it. It may
be busy with a call that Asterisk has no part in; the end of that is never told."""


class Listener(Protocol):
    """Who is told what happens on the lines. Every method returns at once."""

    def key_pressed(self, caller: str, key: str) -> None: ...
    def caller_held(self, caller: str) -> None: ...
    def caller_hung_up(self, caller: str) -> None: ...
    def caller_ended(self, caller: str) -> None: ...
    def caller_missing(self, caller: str) -> None: ...
    def sub_hotline_answered(self, caller: str) -> None: ...
    def offer_answered(self, offer_id: str) -> None: ...
    def offer_failed(self, offer_id: str, reason: OfferFailure) -> None: ...
    def offer_connected(self, offer_id: str) -> None: ...
    def leg_hung_up(self, offer_id: str) -> None: ...
    def phone_changed(self, agent_id: str, phone: PhoneState) -> None: ...
    def channel_gone(self, channel: str) -> None: ...


class _Stage(Enum):
    """How far an agent's leg has come."""

    ASKED = auto()  # Originate is sent, no channel seen
    RINGING = auto()
    ANSWERED = auto()
    CONNECTED = auto()


@dataclass(slots=True)
class _Leg:
    offer_id: str
    agent_id: str
    caller: str
    beside: bool = False
    stage: _Stage = _Stage.ASKED
    cancelled: bool = False
    waits: bool = False
    """It may not take the caller before it is told that he is held."""
    admitted: bool = False
    """He is; a leg that waits is told so as soon as its channel is there."""
    refused: bool = False
    """Asterisk has said that the originate failed; the cause is to come."""
    doubtful: bool = False
    """Asterisk was asked to ring, and has not answered: it may ring or not."""
    bridge: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Ring:
    """One ring of one agent. `seconds`: how long; `caller`: unique id; `channel`: the name of the caller's channel;
    `display`: what his phone shows as name; `held`: the caller is in the holding bridge. If not, the leg does not take
    him, though answered, before `admit`."""

    offer_id: str
    agent_id: str
    caller: str
    channel: str
    seconds: float
    display: str
    number: str
    held: bool = True
    beside: bool = False
    """Others may ring for this caller too: who picks up gets him when `let_through` says so."""
    whisper: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of ours as Asterisk has it: a caller's, or an agent's leg, which has an `offer_id`.

    `sub_hotline`: the one that the caller is put through to. `taken`: the offer whose leg has taken him last.
    `bridge`: the one that it is in, "" for none. `waits`: the
    leg may not take the caller before it is told that he is held. `beside`: others were rung for him too.
    """

    unique_id: str
    name: str
    call_id: str
    offer_id: str
    sub_hotline: str
    taken: str
    bridge: str
    waits: bool
    beside: bool


class Telephony:
    """Asterisk as the service sees it. Feed it every AMI event through `on_event`."""

    def __init__(self, link: AmiLink, listener: Listener) -> None:
        self._link = link
        self._listener = listener
        self._legs: dict[str, _Leg] = {}
        self._callers: dict[str, str] = {}  # unique id of a caller → the bridge he is in, "" for none
        self._bridges: dict[str, _Leg] = {}  # bridge → the leg that waits or talks in it
        self._phones = Phones(listener.phone_changed)
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

    async def kick(self, channel: str) -> bool:
        """End the caller's stay in his bridge; False if he is in none, or gone."""
        return await self._try("BridgeKick", Channel=channel)

    async def stop_prompt(self, channel: str) -> bool:
        """Stop the file that plays to the channel; False if none does."""
        return await self._try("ControlPlayback", Channel=channel, Control="stop")

    async def play_key(self, channel: str, key: str) -> bool:
        """Send a DTMF key out of the channel, as if its user had pressed it."""
        return await self._try("PlayDTMF", Channel=channel, Digit=key, Duration="120")

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

    # -- offers -------------------------------------------------------------------------------------------------

    def ring(self, ring: Ring) -> Coroutine[Any, Any, None]:
        """Ring the agent, at once; what is returned is to be awaited. What comes of it is told to the listener, once.

        Raises Unsendable; then nothing is rung, and the listener is told nothing.
        """
        leg = _Leg(ring.offer_id, ring.agent_id, ring.caller, beside=ring.beside, waits=not ring.held)
        # Not the unique id: Bridge() takes any channel whose id begins with what it is given, for …80.1 that of …80.13.
        variables = {"CALLER": ring.channel, "WHISPER": "&".join(ring.whisper), **ring.variables}
        if ring.beside:
            variables[BESIDE] = "1"
        if leg.waits:
            variables[EARLY] = "1"
        asked = self._link.start(
            "Originate",
            action_id=ring.offer_id,
            Channel=f"PJSIP/{ring.agent_id}",
            ChannelId=ring.offer_id,
            Context=OFFER_CONTEXT,
            Exten="s",
            Priority="1",
            Timeout=str(int(ring.seconds * 1000)),
            CallerID=f'"{_for_display(ring.display)}" <{_for_display(ring.number)}>',
            Async="true",
            Variable=[f"{name}={value}" for name, value in variables.items()],
        )
        self._legs[ring.offer_id] = leg
        return self._asked(leg, asked)

    async def _asked(self, leg: _Leg, asked: Awaitable[AmiMessage]) -> None:
        try:
            await asked
        except (Unanswered, TimeoutError) as error:
            # It may ring all the same. Given up, it would be picked up by an agent who has been rung for somebody else,
            # and take its caller out of another talk. What rings is told by events, or by the next `refresh`.
            log.warning("ring-in-doubt", offer=leg.offer_id, agent=leg.agent_id, error=str(error))
            leg.doubtful = True
        except (LinkDown, ActionRefused) as error:
            log.warning("ring-not-asked", offer=leg.offer_id, agent=leg.agent_id, error=str(error))
            self._fail(leg, OfferFailure.FAILED)

    def admit(self, caller: str) -> None:
        """The caller is held, and stays: legs that were rung before he was may take him."""
        for leg in self._legs.values():
            if leg.waits and leg.caller == caller:
                leg.admitted = True
                if leg.stage is not _Stage.ASKED:
                    self._tell_admitted(leg)

    def _tell_admitted(self, leg: _Leg) -> None:
        if not leg.cancelled:
            self._link.send("Setvar", Channel=leg.offer_id, Variable=HELD, Value="1")

    async def cancel(self, offer_id: str) -> None:
        """Stop the ring, or hang up an answered leg. Safe before the leg exists and after it is gone."""
        leg = self._legs.get(offer_id)
        if leg is not None:
            leg.cancelled = True
            if leg.stage is _Stage.ASKED:
                return  # `Newchannel` comes, and the leg is hung up there
        # one that is unknown may be up all the same: an answer came for an offer long dead
        await self._try("Hangup", Channel=offer_id, Cause=ANSWERED_ELSEWHERE)

    def let_through(self, offer_id: str) -> None:
        """An agent who picked up gets his caller: he was the first of those who were rung. Nothing if he was alone."""
        leg = self._legs.get(offer_id)
        if leg is not None and leg.beside:
            self._link.send("Redirect", Channel=offer_id, Context=OFFER_CONTEXT, Exten="s", Priority="won")

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
                self._new_channel(event)
            case "Newstate":
                self._new_state(event)
            case "DialBegin":
                self._dial_begin(event)
            case "HangupRequest":
                self._hangup_request(event)
            case "Hangup":
                self._hangup(event)
            case "OriginateResponse":
                self._originate_response(event)
            case "UserEvent":
                self._picked_up(event)
            case "DialEnd":
                if event.get("DialStatus") == "ANSWER" and (caller := event.get("Uniqueid")) in self._callers:
                    self._listener.sub_hotline_answered(caller)
            case _:
                pass

    def lost(self) -> None:
        """The link broke: until the next `refresh` no phone can be reached, so none is to be rung."""
        self._phones.lost()

    def tell_phones(self) -> None:
        """Tell the listener the state of every phone that is known: it may have dropped news of agents then unknown."""
        self._phones.tell_all()

    def _new_channel(self, event: AmiMessage) -> None:
        self._phones.began(event)
        leg = self._legs.get(event.get("Uniqueid"))
        if leg is None:
            return
        if leg.stage is _Stage.ASKED:
            leg.stage = _Stage.RINGING
        if leg.cancelled:
            self._link.send("Hangup", Channel=leg.offer_id, Cause=ANSWERED_ELSEWHERE)
        elif leg.admitted:
            self._tell_admitted(leg)

    def _new_state(self, event: AmiMessage) -> None:
        leg = self._legs.get(event.get("Uniqueid"))
        if leg is not None and event.get("ChannelStateDesc") == "Up":
            self._answered(leg)

    def _answered(self, leg: _Leg) -> None:
        if leg.stage in (_Stage.ASKED, _Stage.RINGING):
            leg.stage = _Stage.ANSWERED
            if not leg.beside:
                self._listener.offer_answered(leg.offer_id)

    def _picked_up(self, event: AmiMessage) -> None:
        """The leg of one who was rung beside others is in the dialplan. Not before can it be sent on there: a channel
        that is up, and not there yet, would be replaced by another.
        """
        leg = self._legs.get(event.get("Uniqueid"))
        if leg is not None and event.get("UserEvent") == PICKED_UP:
            self._answered(leg)
            self._listener.offer_answered(leg.offer_id)

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
        elif (leg := self._legs.get(channel)) is not None:
            self._leg_entered(leg, bridge)
        elif event.get("Context") == OFFER_CONTEXT:
            # Asterisk was too slow to say that it rings, so the ring was given up: whoever made the offer ends this
            self._listener.offer_answered(channel)

    def _caller_entered(self, caller: str, bridge: str, *, holding: bool) -> None:
        self._callers[caller] = bridge
        if holding:
            self._listener.caller_held(caller)
        elif (leg := self._bridges.get(bridge)) is not None and leg.caller == caller:
            self._connected(leg)

    def _leg_entered(self, leg: _Leg, bridge: str) -> None:
        self._bridges.pop(leg.bridge, None)
        leg.bridge = bridge
        self._bridges[bridge] = leg
        if self._callers.get(leg.caller) == bridge:
            self._connected(leg)

    def _connected(self, leg: _Leg) -> None:
        if leg.stage is not _Stage.CONNECTED:
            leg.stage = _Stage.CONNECTED
            self._listener.offer_connected(leg.offer_id)

    def _left(self, event: AmiMessage) -> None:
        channel = event.get("Uniqueid")
        if self._callers.get(channel) == event.get("BridgeUniqueid"):
            self._callers[channel] = ""

    def _hangup_request(self, event: AmiMessage) -> None:
        channel = event.get("Uniqueid")
        if channel in self._callers:
            self._listener.caller_hung_up(channel)
        elif (leg := self._legs.get(channel)) is not None:
            leg.cause = leg.cause or event.get("Cause")
            if leg.stage is _Stage.CONNECTED:
                # the agent hung up: his Hangup event follows within milliseconds, too late for who was first
                self._talk_over(leg)
            elif leg.cause == REDIRECTED and leg.stage in (_Stage.ASKED, _Stage.RINGING):
                self._fail(leg, OfferFailure.DECLINED)

    def _hangup(self, event: AmiMessage) -> None:
        channel = event.get("Uniqueid")
        if channel in self._callers:
            self._listener.caller_ended(channel)
        elif (leg := self._legs.get(channel)) is not None:
            leg.cause = leg.cause or event.get("Cause") or UNKNOWN_CAUSE
            match leg.stage:
                case _Stage.CONNECTED:
                    self._talk_over(leg)
                case _Stage.ANSWERED:
                    self._fail(leg, OfferFailure.ABANDONED)
                case _Stage.ASKED | _Stage.RINGING:
                    if leg.refused:
                        self._fail(leg, FAILURES.get(leg.cause, OfferFailure.UNREACHABLE))
                    # else OriginateResponse follows and knows whether the ring timed out
        self._phones.ended(event)
        self._listening.discard(channel)
        self._listener.channel_gone(channel)

    def _originate_response(self, event: AmiMessage) -> None:
        leg = self._legs.get(event.action_id)
        if leg is None:
            return
        if event.get("Response") != "Failure":
            if event.get("Uniqueid") == leg.offer_id:
                self._answered(leg)  # at times told before Newstate
            else:
                self._fail(leg, OfferFailure.DECLINED)  # another channel than the agent's answered
            return
        if event.get("Reason") == "3":
            self._fail(leg, OfferFailure.NO_ANSWER)
        elif leg.stage is _Stage.ASKED:
            self._fail(leg, OfferFailure.UNREACHABLE)  # no channel ever came up: not registered, or unknown
        elif leg.cause:
            self._fail(leg, FAILURES.get(leg.cause, OfferFailure.UNREACHABLE))
        else:
            leg.refused = True

    def _fail(self, leg: _Leg, reason: OfferFailure) -> None:
        if leg.offer_id in self._legs:
            self._drop(leg)
            self._listener.offer_failed(leg.offer_id, reason)
            if reason in (OfferFailure.BUSY, OfferFailure.UNREACHABLE):
                asyncio.get_running_loop().call_later(RECHECK, self._phones.tell, leg.agent_id)

    def _talk_over(self, leg: _Leg) -> None:
        """The agent's leg of a conversation ends, or has ended."""
        self._drop(leg)
        self._listener.leg_hung_up(leg.offer_id)
        self._phones.hung_up(leg.agent_id, leg.offer_id)

    def _drop(self, leg: _Leg) -> None:
        del self._legs[leg.offer_id]
        self._bridges.pop(leg.bridge, None)

    # -- looking afresh ---------------------------------------------------------------------------------------------

    async def channels(self) -> list[Channel]:
        """Every channel that carries variables of ours. Raises ActionRefused, LinkDown or TimeoutError."""
        names = ",".join((CALL_VARIABLE, OFFER_VARIABLE, SUB_HOTLINE_VARIABLE, TAKEN_VARIABLE, EARLY, BESIDE))
        found = []
        for status in await self._link.list_action("Status", Variables=names):
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
                        waits=EARLY in variables,
                        beside=BESIDE in variables,
                    )
                )
        return found

    def adopt(self, offer_id: str, agent_id: str, caller: str, channel: Channel | None, *, connected: bool) -> None:
        """A leg from before a restart: `connected`, or it was to ring. The next `refresh` tells what became of it.

        `channel`: what Asterisk has of it; None: nothing any more.
        """
        self._legs[offer_id] = _Leg(
            offer_id,
            agent_id,
            caller,
            stage=_Stage.CONNECTED if connected else _Stage.RINGING,
            waits=channel is not None and channel.waits,
            beside=channel is not None and channel.beside,
        )

    async def refresh(self) -> None:
        """Compare what is believed with what Asterisk says now: after every (re)connect of the link.

        Raises LinkDown or TimeoutError when the link breaks meanwhile.
        """
        believed_legs, believed_callers = set(self._legs), dict(self._callers)
        channels = self._phones.channels()
        alive = {status.get("Uniqueid"): status for status in await self._link.list_action("Status")}
        self._phones.seen(channels, alive.values())
        for caller in believed_callers.keys() - alive.keys():
            if caller in self._callers:
                self._listener.caller_missing(caller)
        for offer_id in believed_legs - alive.keys():
            self._lost(offer_id)
        for offer_id in believed_legs & alive.keys():
            self._leg_seen(alive[offer_id])
        for caller in believed_callers.keys() & alive.keys():
            if self._callers.get(caller) == believed_callers[caller]:  # else an event has told more since
                self._caller_seen(caller, alive[caller])
        self._phones.asked()
        self._phones.listed(await self._link.list_action("DeviceStateList"))

    def _lost(self, offer_id: str) -> None:
        leg = self._legs.get(offer_id)
        if leg is None:
            return
        if leg.stage is _Stage.CONNECTED:
            self._drop(leg)
            self._listener.leg_hung_up(offer_id)
        elif leg.stage is not _Stage.ASKED or leg.cancelled or leg.doubtful:
            self._fail(leg, OfferFailure.FAILED)
        # else its channel may be about to be made; if Asterisk never says so, the ring's own time ends it

    def _leg_seen(self, status: AmiMessage) -> None:
        """An agent's leg lives: it may have been answered, and bridged, while the link was down."""
        self._new_channel(status)
        self._new_state(status)
        leg, bridge = self._legs.get(status.get("Uniqueid")), status.get("BridgeID")
        if leg is not None and bridge:
            self._leg_entered(leg, bridge)

    def _caller_seen(self, caller: str, status: AmiMessage) -> None:
        """A caller lives. In a bridge that no leg of ours is in he is held, if BridgeWait is what brought him there."""
        bridge = status.get("BridgeID")
        if not bridge:
            self._callers[caller] = ""
            return
        if status.get("Application") == DIALLING:
            self._listener.sub_hotline_answered(caller)  # who is dialled and in a bridge talks
        holding = status.get("Application") == HOLDING and bridge not in self._bridges
        # told anew also where nothing has changed: a kick that was asked while the link was down has come to nothing
        if holding or bridge != self._callers[caller]:
            self._caller_entered(caller, bridge, holding=holding)

    async def held_by_nobody(self, known: Iterable[str]) -> list[str]:
        """Names of callers' channels that wait in a holding bridge though no AGI session of ours holds them.

        One who was taken out of it for a conversation still counts as running BridgeWait; he is left alone.
        """
        statuses = await self._link.list_action("Status")
        waiting = [status for status in statuses if status.get("Application") == HOLDING and status.get("BridgeID")]
        talks = {status.get("BridgeID") for status in statuses if status.get("Application") != HOLDING}
        known = set(known)
        return [
            status.get("Channel")
            for status in waiting
            if status.get("BridgeID") not in talks and status.get("Uniqueid") not in known
        ]

    async def _try(self, action: str, **fields: Any) -> bool:
        try:
            await self._link.action(action, **fields)
        except ActionRefused:
            return False
        except (LinkDown, TimeoutError) as error:
            log.warning("action-failed", action=action, error=str(error))
            return False
        return True


def _variables(status: AmiMessage) -> dict[str, str]:
    """What was asked for and is set; of what is not set Asterisk says `(null)`."""
    pairs = (line.partition("=") for line in status.get_all("Variable"))
    return {name: value for name, _, value in pairs if value != "(null)"}


def _for_display(words: str) -> str:
    """Words that may stand in a caller id: bounded, no control characters, no quotes or brackets."""
    return _UNFIT_FOR_DISPLAY.sub("", words)[:60]
