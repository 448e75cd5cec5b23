"""Phones that join their two calls (attended transfers): with whom the caller is then.

If the phone of one of the two calls has not answered, or in the moment of its answer, Asterisk puts the caller into the
agent's own Dial(). The caller leaves the talk, the caller's session breaks, and the channel that the agent had there
ends when all this is done. Until then the events of that channel are about the caller.
"""

from collections.abc import Container, Mapping
from typing import NamedTuple

import structlog

from dialplan.legs import Legs
from dialplan.link import AmiLink
from dialplan.news import Listener
from dialplan.phones import phone_of, plain_number
from dialplan.wire.ami import AmiMessage

log = structlog.get_logger()

REMEMBERED = 100
"""How many refused joins are remembered until Asterisk has made them."""

_ENDS = ("OrigTransferer", "SecondTransferer")
_OTHERS = ("TransfereeChannel", "TransferTargetChannel")


class _Coming(NamedTuple):
    caller: str
    talk: str


class Joins:
    """Channels and bridges by their unique ids. `callers`: each with the caller's bridge, "" for none."""

    def __init__(self, legs: Legs, listener: Listener, callers: Mapping[str, str]) -> None:
        self._legs = legs
        self._listener = listener
        self._callers = callers
        self._dialled: dict[str, bool] = {}  # channels whose Dial() was answered, or has ended unanswered
        self._coming: dict[str, _Coming] = {}  # channel → who replaces it, and the bridge of the talk before

    def joined(self, event: AmiMessage) -> tuple[str, ...]:
        """AttendedTransfer. If the phone was itself a caller of ours in one of its calls (an agent who waits in a
        queue), the other caller has replaced it now, and hears nothing if that is the holding bridge. Else the
        caller is with the phone at the far end of the other call: a number, a colleague, or a queue's agent.

        Returns the channels that are over by it: the phone's.
        """
        ends = tuple(event.get(f"{end}Uniqueid") for end in _ENDS)
        taken = next((end for end in ends if end in self._callers), "")
        known = (self._legs.caller_of(end) for end in ends if end in self._legs)
        caller = next((each for each in known if each in self._callers), event.get("TransfereeUniqueid"))
        if event.get("Result") != "Success" or caller not in self._callers:
            return ()
        # the phone may have asked for the join in either of its calls
        own = 0 if ends[1] in self._legs else 1
        dialled, dials = self._dialled.get(ends[own]), event.get("DestApp") == "Dial"
        if not taken and event.get("DestType") == "App" and (dials or dialled is not None):
            phone = plain_number(event.get(f"{_ENDS[own]}Exten"))
            if dialled is False or not dials:
                self._listener.caller_joined_nobody(caller, phone)
            else:
                self._coming[ends[own]] = _Coming(caller, self._callers[caller])
                self._listener.caller_put_through(caller, phone, answered=dialled is True)
            return (ends[1 - own],)
        first = bool(taken) and taken == ends[0]
        other = "Transferee" if first else "TransferTarget"
        number = plain_number(event.get(f"{other}CallerIDNum"))
        channel = event.get(f"{other}Channel")
        phone = (phone_of(channel) or number) if channel else ""
        if taken:
            bridge = event.get("OrigBridgeTechnology" if first else "SecondBridgeTechnology", "holding_bridge")
            self._listener.caller_took_over(caller, taken, phone if bridge != "holding_bridge" else "")
        elif phone:
            self._listener.caller_joined(caller, phone)
        return ends

    def dialler(self, event: AmiMessage) -> str:
        """DialEnd. Returns the channel that has dialled, or the caller who replaces it."""
        channel = event.get("Uniqueid")
        if not event.get("Forward"):
            self._dialled[channel] = event.get("DialStatus") == "ANSWER"
        return self._coming[channel].caller if channel in self._coming else channel

    def is_coming(self, caller: str, left: str) -> bool:
        """Whether the caller has left the bridge `left` to replace an agent."""
        return _Coming(caller, left) in self._coming.values()

    def ended(self, channel: str) -> str:
        """The channel has ended. Returns the caller who has replaced it, "" for none."""
        self._dialled.pop(channel, None)
        coming = self._coming.pop(channel, None)
        self._coming = {own: each for own, each in self._coming.items() if each.caller != channel}
        return coming.caller if coming else ""

    def lost(self) -> None:
        """The link broke: events are missing from now on."""
        self._dialled.clear()
        self._coming.clear()


class RefusedTransfers:
    """Phones that join their two calls although one of the two is no talk of their own: they listen there, or were
    brought in. Asterisk then puts the phone of the other call into that talk, and nobody there knows. That phone is
    hung up.
    """

    def __init__(self, link: AmiLink) -> None:
        self._link = link
        self._coming: dict[str, tuple[str, ...]] = {}  # a channel of the phone, which is replaced → who replaces it

    def refuse(self, event: AmiMessage, ours: Container[str], field: str) -> None:
        """AttendedTransfer: a phone has joined its two calls. `ours`: the `field` (`Channel`, `Uniqueid`) of those that
        may not transfer whoever talks with them.
        """
        if event.get("Result") != "Success" or not any(event.get(f"{end}{field}") in ours for end in _ENDS):
            return
        others = tuple(name for name in map(event.get, _OTHERS) if name)
        for end in _ENDS:
            self._coming[event.get(f"{end}Channel")] = others
        while len(self._coming) > REMEMBERED:
            del self._coming[next(iter(self._coming))]
        for name in others:
            log.warning("transfer-refused", channel=name)
            self._hang_up(name)

    def ended(self, event: AmiMessage) -> None:
        """A channel is gone. Asterisk may let the other one replace it after the event above: then it forgets that
        this one was to hang up. The replaced channel ends when that is done.
        """
        for name in self._coming.pop(event.get("Channel").removesuffix("<ZOMBIE>"), ()):
            self._hang_up(name)

    def _hang_up(self, channel: str) -> None:
        self._link.send("Hangup", Channel=channel, Cause="16")
