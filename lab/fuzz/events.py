"""What Asterisk tells of channels, phones and bridges, with values that callers chose: no event stops the reading."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, cast

from hypothesis import strategies as st

from dialplan.link import AmiLink
from dialplan.news import Listener
from dialplan.snapshot import AsteriskSnapshot
from dialplan.telephony import Telephony
from dialplan.wire.ami import AmiMessage
from lab.fuzz.properties import Property
from lab.fuzz.wire import ANY

EVENTS = (
    *(
        "DTMFBegin",
        "DTMFEnd",
        "DeviceStateChange",
        "PeerStatus",
        "BridgeEnter",
        "BridgeLeave",
        "Newchannel",
        "Newstate",
    ),
    *(
        "DialBegin",
        "DialEnd",
        "HangupRequest",
        "Hangup",
        "BlindTransfer",
        "AttendedTransfer",
        "OriginateResponse",
        "UserEvent",
        "Status",
    ),
    *("ContactStatus", "VarSet", "Unheard"),
)

FIELDS = (
    *("Uniqueid", "Channel", "Direction", "Digit", "BridgeUniqueid", "BridgeTechnology", "Context", "Exten", "Device"),
    *("State", "Peer", "DestUniqueid", "DestChannel", "DialStatus", "Forward", "Result", "Reason", "Response", "Cause"),
    *(
        "TransfererUniqueid",
        "OrigTransfererUniqueid",
        "SecondTransfererUniqueid",
        "TransfereeUniqueid",
        "TransfereeCallerIDNum",
        "UserEvent",
    ),
    *(
        "TransferTargetChannel",
        "DestType",
        "DestApp",
        "SecondTransfererExten",
        "ChannelState",
        "ChannelStateDesc",
        "Application",
        "Data",
        "Variable",
        "BridgeID",
    ),
    *("Seconds", "Cause-txt", "CallerIDNum", "ContactStatus", "PeerStatus", "Linkedid", "Offer", "Caller"),
)

VALUES = (
    *("1.1", "o1", "PJSIP/1001-00000001", "Local/12319@wutong-citizen-1;2", "PJSIP/1001", "Received", "holding_bridge"),
    *("INUSE", "NOT_INUSE", "INVALID", "Up", "6", "-1", "9" * 40, "Success", "ANSWER", "16", "BridgeWait", "5", "b1"),
    *("WUTONG_CALL=x", "WUTONG_LINE=", "=", "wutong-offer", "Reachable", "App", "Dial", "", "\n", "Event: Hangup"),
)

VALUE = st.sampled_from(VALUES) | ANY
MESSAGE = st.tuples(st.sampled_from(EVENTS), st.lists(st.tuples(st.sampled_from(FIELDS), VALUE), max_size=12)).map(
    lambda drawn: AmiMessage((("Event", drawn[0]), *drawn[1]))
)


class Nobody:
    """A listener that takes everything."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *told, **more: None


def no_event_stops_it(events: Sequence[AmiMessage]) -> None:
    asyncio.run(_heard(events))


async def _heard(events: Sequence[AmiMessage]) -> None:
    def nothing(*told: Any) -> None:
        pass

    link = AmiLink("127.0.0.1", 0, "", "", on_up=lambda: None, on_down=nothing)  # never connects
    telephony = Telephony(link, cast(Listener, Nobody()))
    telephony.watch("1.1")
    for event in events:
        telephony.on_event(event)
    AsteriskSnapshot.read(
        [event for event in events if event.event == "Status"],
        [event for event in events if event.event == "DeviceStateChange"],
    )


PROPERTIES = (
    Property(
        "ami-events",
        "Each event of Asterisk is heard or passed over, with any values in its fields.",
        no_event_stops_it,
        {"events": st.lists(MESSAGE, max_size=12)},
    ),
)
