"""Agents' legs while their callers are on hold: set aside, on the phone with somebody else, and back with the caller.

The leg stays the one that the offer has originated: nothing rings anew, and its end means what it always means.
"""

from collections.abc import Coroutine
from typing import Any

from dialplan.ami_connection import ActionRefused
from dialplan.legs import OFFER_CONTEXT, OFFERED, WITHDRAWN, Legs
from dialplan.link import AmiLink, attempt
from dialplan.phones import Phones, phone_of
from dialplan.picture import JOINS

JOINED_CONTEXT = "wutong-joined"
TRUNK = "trunk"
MOVES = "TRANSFER_CONTEXT"
"""Variable of a phone's channel: where it may send the other end. `wutong-transfer` for agents' phones."""
TRANSFER_CONTEXT = "wutong-transfer"


class Asides:
    """What is asked of Asterisk for such a leg. Where the leg is gone nothing happens: its end is told anyway."""

    def __init__(self, link: AmiLink, legs: Legs, phones: Phones) -> None:
        self._link, self._legs, self._phones = link, legs, phones

    def set_aside(self, offer_id: str) -> None:
        """Take the leg out of its talk. The caller's BridgeWait ends with 0, as when the agent hangs up."""
        self._legs.set_aside(offer_id)
        self._send_to("aside", offer_id)

    def take_back(self, offer_id: str, channel: str, queue: str) -> None:
        """Let the leg take its caller, who is held on `channel` (its name). `queue`: as `legs.OFFERED`."""
        self._link.send("Setvar", Channel=channel, Variable=OFFERED, Value=queue)
        self._send_to("back", offer_id)

    def consult(self, offer_id: str, channel: str, queue: str, number: str, *, agent: bool, seconds: float) -> None:
        """Ring `number` for the leg, an agent's id or a number outside. Later the leg takes its caller, as above."""
        target = f"PJSIP/{self._phones.to_ring(number)}" if agent else f"PJSIP/{number}@{TRUNK}"
        self._link.send("Setvar", Channel=channel, Variable=OFFERED, Value=queue)
        for name, value in (("WUTONG_CONSULT", target), ("WUTONG_RINGS", str(int(seconds)))):
            self._link.send("Setvar", Channel=offer_id, Variable=name, Value=value)
        self._send_to("consult", offer_id)

    async def other_end(self, offer_id: str, number: str, *, agent: bool) -> str:
        """The name of the channel with which the leg talks, if it is the phone of `number`; "": it is not.

        Raises LinkDown or TimeoutError.
        """
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

    def hand_over(self, offer_id: str, channel: str, other: str) -> Coroutine[Any, Any, bool]:
        """Let the channel `other` take the caller, who is held on `channel`; the leg ends. False: `other` is gone.

        The leg would take the caller when `other` leaves it, so it is forbidden to do so first.
        """
        self._link.send("Setvar", Channel=offer_id, Variable=WITHDRAWN, Value="1")
        self._link.send("Setvar", Channel=channel, Variable=OFFERED, Value=offer_id)
        given = {"CALLER": channel, JOINS: offer_id, MOVES: TRANSFER_CONTEXT}
        for name, value in given.items():
            self._link.send("Setvar", Channel=other, Variable=name, Value=value)
        return attempt(self._link, "Redirect", Channel=other, Context=JOINED_CONTEXT, Exten="s", Priority="1")

    def _send_to(self, extension: str, offer_id: str) -> None:
        self._link.send("Redirect", Channel=offer_id, Context=OFFER_CONTEXT, Exten=extension, Priority="1")
