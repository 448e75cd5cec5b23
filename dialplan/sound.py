"""What Asterisk reports of the sound of phones: at the end of each channel, and every 5 s of an agent's. Pure."""

import re
from typing import NamedTuple

from dialplan.wire.ami import AmiMessage

MEASURED = "WutongMeasured"
"""The dialplan's event at the end of a phone's channel: `wutong-measured`."""


class Measured(NamedTuple):
    """A phone's channel has ended. `from`: what came from the phone; `to`: what went to it.

    channel     unique id
    phone       the endpoint: an agent's id, the name of the agent's phone in the browser, `trunk` or `anonymous`
    call        for which it was; "": none
    agent       whose phone it is; "": nobody's
    codec       "": not known
    address     where the sound went last, without the port; "": not known
    packets     from it, since the phone last began a stream of its own, and to it
    lost        packets from it, up to Asterisk's last report, at most 5 s before the end; and to it, as the phone has
                reported last
    jitter      seconds, likewise
    trip        seconds from Asterisk to the phone and back; 0: not known
    """

    channel: str
    phone: str
    call: str
    agent: str
    codec: str
    address: str
    packets_from: int
    packets_to: int
    lost_from: int
    lost_to: int
    jitter_from: float
    jitter_to: float
    trip: float


class Reported(NamedTuple):
    """Asterisk has reported to an agent's phone what it has got from it, as it does every 5 s.

    channel  unique id
    highest  the number of the last packet from the phone, of 16 bits; None: none has come yet
    sent     how many packets went to the phone so far; None: none since the report before
    """

    channel: str
    highest: int | None
    sent: int | None


class PhoneHeld(NamedTuple):
    """A phone has put its talk on hold by its own key, or has ended that."""

    channel: str
    on: bool


Heard = Measured | Reported | PhoneHeld

_FIGURE = re.compile(r"(\w+)=(-?[0-9]+(?:\.[0-9]+)?)")


def heard(event: AmiMessage) -> Heard | None:
    """None: the event says nothing of this, or nothing that can be read."""
    channel = event.get("Uniqueid")
    match event.event:
        case "UserEvent" if event.get("UserEvent") == MEASURED:
            return _measured(channel, event)
        case "RTCPSent":
            return Reported(channel, _number(event.get("Report0HighestSequence")), _number(event.get("SentPackets")))
        case "Hold" | "Unhold":
            return PhoneHeld(channel, event.event == "Hold")
    return None


def _measured(channel: str, event: AmiMessage) -> Measured | None:
    """Asterisk calls `txjitter` what it has measured itself, and `rxjitter` what the phone has reported
    (`ast_rtp_get_stat` of res_rtp_asterisk.c). `lp` are lost from the phone, `rlp` to it.
    """
    figures = {name: float(value) for name, value in _FIGURE.findall(event.get("Figures"))}
    if not figures:
        return None  # another program has the port for the phone's reports, and Asterisk counts nothing then
    codec = re.search(r"[\w.]+", event.get("Codec"))
    return Measured(
        channel,
        event.get("Channel").removeprefix("PJSIP/").rpartition("-")[0],
        event.get("Call"),
        event.get("Agent"),
        codec[0] if codec else "",
        event.get("Address").rpartition(":")[0].strip("[]"),
        int(figures.get("rxcount", 0)),
        int(figures.get("txcount", 0)),
        int(figures.get("lp", 0)),
        _lost(figures.get("rlp", 0)),
        figures.get("txjitter", 0.0),
        figures.get("rxjitter", 0.0),
        figures.get("rtt", 0.0),
    )


def _lost(reported: float) -> int:
    """A phone reports 24 bits with a sign: less than 0, more came than were sent. Asterisk prints them without it."""
    return int(reported) if reported < 1 << 23 else 0


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None
