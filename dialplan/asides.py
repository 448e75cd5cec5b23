"""Agents' legs while their callers are on hold: set aside, on the phone with somebody else, and back with the caller.
And whoever talks with both then.

The leg stays the one that the offer has originated: no phone rings anew, and the end of the leg means the same as ever.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from dialplan.ami_connection import ActionRefused
from dialplan.differences import LegRestored, LegSeen
from dialplan.joins import RefusedTransfers
from dialplan.leg import BEGINS, GO_ON, OFFER_CONTEXT, OFFERED, WITHDRAWN
from dialplan.legs import Legs
from dialplan.link import AmiLink, Asked
from dialplan.news import Apart
from dialplan.phones import Phones, phone_of
from dialplan.snapshot import ASKED, CALL_VARIABLE, JOINS, OFFER_VARIABLE, THIRD, Channel
from dialplan.wire.ami import AmiMessage

JOINED_CONTEXT = "wutong-joined"
TRUNK = "trunk"
MOVES = "TRANSFER_CONTEXT"
"""Variable of a phone's channel: where it may send the other end. `wutong-transfer` for agents' phones."""
TRANSFER_CONTEXT = "wutong-transfer"
FOLLOWS_S = 0.05
"""Seconds for a leg to follow an order, before it is sent the next one that was refused."""
_CLEAR = "Local/s@wutong-clear-"
REMEMBERED = 100
"""How many third ones are remembered after they have left: Asterisk may report a transfer by one after its end."""


def clears(dial: AmiMessage) -> bool:
    """Whether this dial rings no phone: a leg that goes back to its caller clears its hangup cause by it."""
    return dial.get("DestChannel").startswith(_CLEAR)


class Phone(NamedTuple):
    """A phone's channel; "" for none."""

    unique_id: str = ""
    name: str = ""


class Asides:
    """What is asked of Asterisk for such a leg. Nothing happens where the leg has ended: its end is reported anyway.

    `third_left`: gets a leg when the third one in its talk is gone, or could not be brought in.
    """

    def __init__(
        self,
        link: AmiLink,
        legs: Legs,
        phones: Phones,
        refused_transfers: RefusedTransfers,
        third_left: Callable[[str], None],
    ) -> None:
        self._link, self._legs, self._phones, self._refused_transfers = link, legs, phones, refused_transfers
        self._third_left = third_left
        # Names of channels, by the offers of the legs; "" while Asterisk has not reported them
        self._consulted: dict[str, str] = {}  # rings for the leg, or talks with it
        self._unwanted: set[str] = set()  # offers whose consultation is to end
        self._thirds: dict[str, str] = {}  # talks with leg and caller
        self._orders: dict[str, object] = {}  # offer → the last order to its leg
        # The offers that had one when Asterisk was asked
        self._consulted_asked: set[str] = set()
        self._thirds_asked: set[str] = set()
        self._thirds_before: deque[str] = deque(maxlen=REMEMBERED)

    # -- what is asked ----------------------------------------------------------------------------------------------

    def lead(self, phone: Phone, call_id: str, caller: str, channel: str, agent_id: str, record: str = "") -> None:
        """Make the phone with which Asterisk alone has joined a caller a leg, as if it had been rung for the caller.
        Its unique id is its offer. `caller`: unique id of the caller's `channel` (a name). `record`: as of a ring, for
        the time after a hold.
        """
        offer_id = phone.unique_id
        known = {
            "CALLER": channel,
            CALL_VARIABLE: call_id,
            OFFER_VARIABLE: offer_id,
            "QUEUE": offer_id,
            "RECORD": record,
        }
        for variable, value in known.items():
            self._link.send("Setvar", Channel=offer_id, Variable=variable, Value=value)
        there = Channel(offer_id, phone.name, "", True, "", {})
        self._legs.adopt(caller, LegRestored(offer_id, call_id, agent_id, there, talks=True))

    async def alone_with(self, caller: str, bridge: str, agent_id: str) -> Phone:
        """The channel of the agent's phone, if it and the caller (a unique id) are the only two in that bridge.

        Raises LinkDown or TimeoutError.
        """
        try:
            members = await self._link.list_action("BridgeInfo", BridgeUniqueid=bridge) if bridge else []
        except ActionRefused:
            members = []  # it is gone
        match [member for member in members if member.get("Uniqueid") != caller]:
            case [other] if len(members) == 2 and phone_of(other.get("Channel")) == agent_id:
                return Phone(other.get("Uniqueid"), other.get("Channel"))
        return Phone()

    def set_aside(self, offer_id: str) -> None:
        """Take the leg out of its talk. The caller's BridgeWait ends with 0, as when the agent hangs up."""
        self._forget_consulted(offer_id)
        self._legs.set_aside(offer_id)
        self._send_to("aside", offer_id)

    def mute(self, offer_id: str, *, on: bool) -> None:
        """Keep both sides, and a third one, out of the recording of this leg, or let them into it again. Its length
        stays the same.
        """
        for channel in (offer_id, self._thirds.get(offer_id, "")):
            if channel:
                self._link.send("MixMonitorMute", Channel=channel, Direction="both", State="1" if on else "0")

    def record(self, offer_id: str, file: str) -> None:
        """Begin to record the talk of this leg, which was rung with `on_demand`. `file`: the beginning of the files.

        The key D, as from the agent's phone, lets Asterisk begin: AMI may not.
        """
        for variable, value in (("RECORD", file), (BEGINS, "1")):
            self._link.send("Setvar", Channel=offer_id, Variable=variable, Value=value)
        self._link.send("PlayDTMF", Channel=offer_id, Digit=GO_ON, Receive="true")

    def take_back(self, offer_id: str, channel: str, queue: str) -> None:
        """Let the leg take its caller, who is held on `channel` (its name). `queue`: as `legs.OFFERED`.

        Out of a consultation the leg does so by itself once the other end has gone. So that end is hung up, and there
        is no Redirect: if the other end has gone already, the leg is with the caller, and a Redirect would take it out
        of that talk again.
        """
        if offer_id in self._consulted:
            self._end_consultation(offer_id)
        else:
            self._link.send("Setvar", Channel=channel, Variable=OFFERED, Value=queue)
            self._send_to("back", offer_id)

    def consult(
        self, offer_id: str, channel: str, queue: str, number: str, *, agent: bool, own: bool, seconds: float
    ) -> None:
        """Ring `number` for the leg, an agent's id or a number outside. Later the leg takes its caller, as above.

        `own`: it is an extension, and a call of the agent's own goes there.
        """
        self._forget_consulted(offer_id)
        self._consulted[offer_id] = ""
        self._legs.send_to_another(offer_id)
        target = f"PJSIP/{self._phones.to_ring(number)}" if agent else f"PJSIP/{number}@{TRUNK}"
        if own:
            target = f"Local/{number}@{TRANSFER_CONTEXT}/n"
        self._link.send("Setvar", Channel=channel, Variable=OFFERED, Value=queue)
        for name, value in (("WUTONG_CONSULT", target), ("WUTONG_RINGS", str(int(seconds)))):
            self._link.send("Setvar", Channel=offer_id, Variable=name, Value=value)
        self._send_to("consult", offer_id)

    async def other_end(self, offer_id: str, number: str, *, agent: bool) -> str:
        """The name of the channel with which the leg talks, if it is the phone of `number`, or of the one that was
        brought in; "": there is none.

        Raises LinkDown or TimeoutError.
        """
        if (third := self._thirds.get(offer_id)) is not None:
            return third  # not the caller, who is in the leg's bridge then, and may pass for the phone of a number
        await self._legs.arrives(offer_id)
        bridge = self._legs.bridge_of(offer_id)
        if not bridge:
            return ""
        try:
            members = await self._link.list_action("BridgeInfo", BridgeUniqueid=bridge)
        except ActionRefused:
            return ""  # it is gone
        others = [member.get("Channel") for member in members if member.get("Uniqueid") != offer_id]
        match others:
            case [name] if len(members) == 2:  # a phone may have joined the leg with somebody else
                fits = phone_of(name) == number if agent else name.startswith(f"PJSIP/{TRUNK}-")
                return name if fits else ""
        return ""

    def hand_over(self, offer_id: str, channel: str, other: str, record: str = "") -> Asked:
        """Let the channel `other` take the caller, who is held on `channel`, or talks there with the leg and `other`.
        The leg ends. Refused: `other` has hung up. The leg would take the caller when `other` leaves it. So the leg is
        forbidden to do that first. `record`: the beginning of the files of that talk's recording, to which the dialplan
        adds the id of `other`; "": it is not recorded.
        """
        self._thirds.pop(offer_id, None)
        self._forget_consulted(offer_id)
        self._link.send("Setvar", Channel=offer_id, Variable=WITHDRAWN, Value="1")
        self._link.send("Setvar", Channel=channel, Variable=OFFERED, Value=offer_id)
        given = {"CALLER": channel, JOINS: offer_id, MOVES: TRANSFER_CONTEXT, "RECORD": record}
        for name, value in given.items():
            self._link.send("Setvar", Channel=other, Variable=name, Value=value)
        return self._sent_into("s", other)

    def bring_in(self, offer_id: str, other: str, record: str = "") -> Asked:
        """Let the channel `other`, with which the leg talks, talk with the caller, too, whom the leg then takes back by
        itself. `brought_in` takes what is returned. `record`: the beginning of the files with what it says; "": none.
        """
        self._forget_consulted(offer_id)
        self._thirds[offer_id] = other
        for name, value in ((THIRD, offer_id), ("RECORD", record)):
            self._link.send("Setvar", Channel=other, Variable=name, Value=value)
        return self._sent_into("three", other)

    async def brought_in(self, offer_id: str, other: str, asked: Asked) -> None:
        """Wait for Asterisk's answer to `bring_in`."""
        if not await asked.done() and self._link.up:  # else the next look shows it
            self.not_brought_in(offer_id, other)

    def not_brought_in(self, offer_id: str, other: str) -> None:
        """It was not done, or nobody knows whether it was."""
        self._hang_up(other)  # it may only be late
        self._third_over(offer_id)

    def send_away(self, offer_id: str) -> None:
        """Hang up the one who was brought in. If that is lost with the link, the next look finds a stranger."""
        if other := self._thirds.pop(offer_id, ""):
            self._thirds_before.append(other)
            self._hang_up(other)

    def adopt_third(self, offer_id: str) -> None:
        """Somebody was brought into this talk before a restart. The next look shows whether that one is still there."""
        self._thirds[offer_id] = ""

    def _end_consultation(self, offer_id: str) -> None:
        self._unwanted.add(offer_id)
        if other := self._consulted[offer_id]:
            self._hang_up(other)
        if bridge := self._legs.bridge_of(offer_id):  # that phone may have passed the leg on to another one
            self._link.send("BridgeKick", Channel=offer_id, BridgeUniqueid=bridge)

    def _forget_consulted(self, offer_id: str) -> None:
        self._consulted.pop(offer_id, None)
        self._unwanted.discard(offer_id)

    def _send_to(self, extension: str, offer_id: str) -> None:
        """Asterisk refuses this as long as the leg has not followed the order before, though its caller is held
        already. So it is asked again until the leg is gone, or has a newer order.
        """
        order = self._orders[offer_id] = object()

        def redirect() -> None:
            leg = self._link.ask("Redirect", Channel=offer_id, Context=OFFER_CONTEXT, Exten=extension, Priority="1")
            leg.if_refused(partial(asyncio.get_running_loop().call_later, FOLLOWS_S, again))

        def again() -> None:
            if offer_id in self._legs and self._orders.get(offer_id) is order:
                redirect()

        redirect()

    def _sent_into(self, extension: str, other: str) -> Asked:
        return self._link.ask("Redirect", Channel=other, Context=JOINED_CONTEXT, Exten=extension, Priority="1")

    def _hang_up(self, channel: str) -> None:
        self._link.send("Hangup", Channel=channel, Cause="16")

    # -- what Asterisk reports ---------------------------------------------------------------------------------------

    def rings(self, event: AmiMessage) -> None:
        """DialBegin: a phone rings for a channel."""
        self._seen_consulted(event.get("Uniqueid"), event.get("DestChannel"))

    def _seen_consulted(self, offer_id: str, other: str) -> None:
        if offer_id in self._consulted:
            self._consulted[offer_id] = other
            if offer_id in self._unwanted:
                self._hang_up(other)

    def ended(self, event: AmiMessage) -> None:
        """A channel is gone."""
        offer_id, name = event.get("Uniqueid"), event.get("Channel")
        self._forget_consulted(offer_id)
        self._orders.pop(offer_id, None)
        for of, third in list(self._thirds.items()):
            if third == name or of == offer_id:
                self._thirds_before.append(third)
                self._third_over(of)

    def joined(self, event: AmiMessage) -> None:
        """A phone has joined its two calls. A third one cannot pass on its part in a talk."""
        self._refused_transfers.refuse(event, {*self._thirds.values(), *self._thirds_before} - {""}, "Channel")

    def _third_over(self, offer_id: str) -> None:
        if self._thirds.pop(offer_id, None) is not None:
            self._third_left(offer_id)

    # -- looking afresh ---------------------------------------------------------------------------------------------

    def asked(self) -> None:
        """Asterisk is asked now for its channels."""
        self._consulted_asked, self._thirds_asked = set(self._consulted), set(self._thirds)

    def found(self, seen: LegSeen) -> None:
        """What Asterisk said of a leg. If it waits, an order to consult somebody was lost with the link."""
        if seen.apart in (Apart.RINGS, Apart.TALKS):
            self._consulted.setdefault(seen.offer, "")
        elif seen.apart is Apart.WAITS and seen.offer in self._consulted_asked:
            self._forget_consulted(seen.offer)

    def seen(self, channels: Mapping[str, Channel]) -> Mapping[str, Channel]:
        """What Asterisk has. Returns all channels but those that were brought into talks."""
        thirds = {}
        for channel in channels.values():
            if of := channel.variables.get(THIRD, ""):
                thirds[of] = channel
            if self._consulted.get(of := channel.variables.get(ASKED, "")) == "":
                self._seen_consulted(of, channel.name)
        for offer_id in self._thirds_asked & self._thirds.keys():
            if offer_id in thirds and offer_id in channels:
                self._thirds[offer_id] = thirds[offer_id].name
            else:
                self._third_over(offer_id)
        for offer_id in [offer_id for offer_id in self._consulted if offer_id not in self._legs]:
            self._forget_consulted(offer_id)
        there = self._thirds.keys() | self._thirds_asked  # a newer order may have given the caller to one of them
        known = {channel.name for of, channel in thirds.items() if of in there}
        return {unique_id: channel for unique_id, channel in channels.items() if channel.name not in known}
