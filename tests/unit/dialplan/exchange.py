"""Asterisk's manager as the telephony sees it, played by hand: what is asked of it, and what it tells."""

import asyncio
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from dialplan.legs import Ring
from dialplan.link import AmiLink
from dialplan.picture import (
    Believed,
    BridgeSeen,
    Caller,
    CallerSeen,
    CallGone,
    LegGone,
    LegSeen,
    News,
    differences,
)
from dialplan.telephony import Telephony
from dialplan.wire.ami import AmiMessage, encode
from tests.unit.dialplan.heard import Heard

RECORDING = Path(__file__).parents[2] / "wire" / "recordings" / "ami-call.txt"
OFFER, AGENT, CALLER = "offer-1", "1001", "caller-1"
HOLDING, TALK = "bridge-holding", "bridge-talk"
Fields = str | Sequence[str]


class FakeLink(AmiLink):
    """Keeps what is sent. `failure`: what the next action raises; `lists`: what list actions answer; `answers`: what
    others do, beside success.
    """

    def __init__(self) -> None:
        super().__init__("nowhere", 0, "", "", on_event=print, on_up=print, on_down=print)
        self.sent: list[tuple[str, dict[str, Fields]]] = []
        self.failure: Exception | None = None
        self.lists: dict[str, list[AmiMessage]] = {"Status": [], "DeviceStateList": []}
        self.answers: dict[str, str] = {}
        self.answer = asyncio.Event()
        self.answer.set()

    def start(
        self, name: str, timeout: float = 5.0, action_id: str | None = None, **fields: Fields
    ) -> Coroutine[Any, Any, AmiMessage]:
        encode(name, fields, action_id or "1")
        self.sent.append((name, {**fields, **({"ActionID": action_id} if action_id else {})}))
        return self._respond()

    async def _respond(self) -> AmiMessage:
        await self.answer.wait()
        if self.failure is not None:
            raise self.failure
        return message(Response="Success", **self.answers)

    async def list_action(self, name: str, timeout: float = 10.0, **fields: Fields) -> list[AmiMessage]:
        await self.answer.wait()
        if self.failure is not None:
            raise self.failure
        return self.lists[name]

    def send(self, name: str, **fields: Fields) -> None:
        self.sent.append((name, fields))

    def take(self) -> list[tuple[str, dict[str, Fields]]]:
        sent, self.sent = self.sent, []
        return sent


def message(**fields: str) -> AmiMessage:
    return AmiMessage(tuple(fields.items()))


class Exchange:
    """The telephony between a fake link and an ear; Asterisk's events by name."""

    def __init__(self) -> None:
        self.link, self.heard = FakeLink(), Heard()
        self.telephony = Telephony(self.link, self.heard)

    def event(self, name: str, uniqueid: str = OFFER, **fields: str) -> None:
        self.telephony.on_event(message(Event=name, Uniqueid=uniqueid, **fields))

    # what Asterisk tells of a leg
    def new_channel(self) -> None:
        self.event("Newchannel", ChannelStateDesc="Down", Channel=f"PJSIP/{AGENT}-00000001")

    def up(self) -> None:
        self.event("Newstate", ChannelStateDesc="Up")

    def response(self, reason: str, response: str = "Failure", uniqueid: str = "<null>") -> None:
        self.telephony.on_event(
            message(Event="OriginateResponse", ActionID=OFFER, Response=response, Reason=reason, Uniqueid=uniqueid)
        )

    def hangup_request(self, cause: str = "16", uniqueid: str = OFFER) -> None:
        self.event("HangupRequest", uniqueid, Cause=cause)

    def forwarded(self) -> None:
        self.event("DialEnd", "", DestUniqueid=OFFER, DialStatus="CANCEL", Forward="1002")

    def hangup(self, cause: str = "16", uniqueid: str = OFFER) -> None:
        self.event("Hangup", uniqueid, Cause=cause, Channel=f"PJSIP/{uniqueid}")

    def enters(self, uniqueid: str, bridge: str, technology: str = "simple_bridge") -> None:
        self.event("BridgeEnter", uniqueid, BridgeUniqueid=bridge, BridgeTechnology=technology)

    def leaves(self, uniqueid: str, bridge: str) -> None:
        self.event("BridgeLeave", uniqueid, BridgeUniqueid=bridge)

    async def rings(self, **changes: object) -> None:
        """The originate is accepted."""
        await self.telephony.ring(ring(**changes))

    async def talks(self) -> None:
        """A caller was held, rung for, and talks."""
        self.telephony.watch(CALLER)
        self.enters(CALLER, HOLDING, "holding_bridge")
        await self.rings()
        self.new_channel()
        self.up()
        self.leaves(CALLER, HOLDING)
        self.enters(CALLER, TALK)
        self.enters(OFFER, TALK)
        assert self.told()[-1] == ("offer_connected", OFFER)

    async def looks(self) -> None:
        """Asterisk is asked what is true, and what is new is told. A caller's call has the caller's name here."""
        asked = self._believed()
        picture = await self.telephony.look()
        for difference in differences(asked, self._believed(), picture):
            match difference:
                case BridgeSeen() | LegGone() | LegSeen():
                    self.telephony.learn(difference)
                case CallGone(call):
                    self.heard.told.append(("caller_missing", call))
                case CallerSeen(caller, News.DIALLING):
                    self.heard.told.append(("caller_dialling", caller))
                case CallerSeen(caller, News.ANSWERED):
                    self.heard.sub_hotline_answered(caller)
        self.telephony.learned(picture)

    def _believed(self) -> Believed:
        callers = {caller: Caller(caller, bridge) for caller, bridge in self.telephony.bridges().items()}
        return Believed(callers, dict(self.telephony.legs()))

    def told(self) -> list[tuple[str, ...]]:
        """What the listener was told, except of channels that ended and callers who left a bridge."""
        return [told for told in self.heard.take() if told[0] not in ("channel_gone", "caller_let_go")]

    @property
    def live(self) -> bool:
        return OFFER in self.telephony.legs()


def device(state: str) -> AmiMessage:
    return message(Event="DeviceStateChange", Device=f"PJSIP/{AGENT}", State=state)


def ring(**changes: object) -> Ring:
    given: dict[str, object] = {
        "offer_id": OFFER,
        "agent_id": AGENT,
        "caller": CALLER,
        "channel": "PJSIP/trunk-0000000a",
        "seconds": 15,
        "display": "绿化 138",
        "number": "13800138000",
        **changes,
    }
    return Ring(**given)  # type: ignore[arg-type]


def status(uniqueid: str, bridge: str = "", application: str = "", state: str = "Up", channel: str = "") -> AmiMessage:
    fields = {"Channel": channel or f"PJSIP/{uniqueid}", "ChannelStateDesc": state, "BridgeID": bridge}
    return message(Event="Status", Uniqueid=uniqueid, Application=application, **fields)
