"""The telephony between its link to a manager, whose answers and events are a test's, and an ear."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from acd.effects import RingAgent
from dialplan.differences import Believed, BridgeSeen, Caller, CallerSeen, CallGone, LegGone, LegSeen, differences
from dialplan.leg import Ring
from dialplan.link import AmiLink, LinkTimes
from dialplan.news import News
from dialplan.telephony import Telephony
from dialplan.wire.ami import AmiMessage
from tests.unit.asterisk.manager import SECRET, Action, Manager, Session
from tests.unit.dialplan.heard import Heard
from tests.unit.faketime import fake_loop

RECORDING = Path(__file__).parents[2] / "wire" / "recordings" / "ami-call.txt"
OFFER, AGENT, CALLER = "offer-1", "1001", "caller-1"
HOLDING, TALK = "bridge-holding", "bridge-talk"
Asked = tuple[str, dict[str, str | list[str]]]


class Instructed(Manager):
    """Does what it is asked. `fails`: "refused", "silent", or "broken": it ends the connection instead of an answer.

    lists    what list actions answer
    answers  what others do, beside success
    variables  those of channels that it tells
    holds    the answers that are held back; None: they are given at once
    asked    everything but lists, and but whether phones answer OPTIONS
    phones   those of which that was asked
    silent   phones that do not
    """

    def __init__(self) -> None:
        super().__init__()
        self.fails = ""
        self.lists: dict[str, list[AmiMessage]] = {"Status": [], "DeviceStateList": []}
        self.answers: dict[str, str] = {}
        self.variables: dict[str, str] = {}
        self.holds: list[Callable[[], None]] | None = None
        self.asked: list[Asked] = []
        self.phones: list[str] = []
        self.silent: set[str] = set()

    def perform(self, session: Session, action: Action) -> None:
        self.phones += filter(None, [_phone(action)])
        if action.name not in self.lists and _phone(action) is None and action.get("Variable") not in self.variables:
            self.asked.append((action.name, _said(action)))
        if self.holds is None:
            self._answer(session, action)
        else:
            self.holds.append(lambda: self._answer(session, action))

    def released(self) -> None:
        """Give the answers that were held back."""
        held, self.holds = self.holds or [], None
        for answer in held:
            answer()

    def _answer(self, session: Session, action: Action) -> None:
        if self.fails == "refused":
            session.refuse(action)
        elif self.fails == "broken":
            session.hang_up()
        elif not self.fails and action.name in self.lists:
            items = self.lists[action.name]
            session.listing(action, items[0].event if items else "", (item.fields[1:] for item in items))
        elif not self.fails and (phone := _phone(action)) is not None:
            session.respond(action, Value=f"PJSIP/{phone}/sip:{phone}@127.0.0.1" if self._reaches(phone) else "")
        elif not self.fails and (variable := action.get("Variable", "")) in self.variables:
            session.respond(action, Value=self.variables[variable])
        elif not self.fails:
            session.respond(action, **self.answers)

    def _reaches(self, phone: str) -> bool:
        states = {item.get("Device"): item.get("State") for item in self.lists["DeviceStateList"]}
        return phone not in self.silent and states.get(f"PJSIP/{phone}", "UNAVAILABLE") != "UNAVAILABLE"


def _phone(action: Action) -> str | None:
    """The phone of which it is asked whether it answers."""
    asked = re.fullmatch(r"PJSIP_DIAL_CONTACTS\((.*)\)", action.get("Variable", ""))
    return asked[1] if asked else None


def _said(action: Action) -> dict[str, str | list[str]]:
    """The fields, without an id that the link has made up."""
    fields: dict[str, str | list[str]] = {name: value for name, value in action.items() if name != "Action"}
    if action.variables:
        fields["Variable"] = [f"{name}={value}" for name, value in action.variables.items()]
    if re.fullmatch(r"[0-9a-f]{8}-\d+", action["ActionID"]):
        del fields["ActionID"]
    return fields


class Exchange:
    """The telephony between a manager and an ear; Asterisk's events by name."""

    def __init__(self, manager: Instructed, link: AmiLink) -> None:
        self.manager, self.link, self.heard = manager, link, Heard()
        self.telephony = Telephony(link, self.heard)
        self.running: asyncio.Task[None] | None = None

    def tell(self, event: AmiMessage) -> None:
        """Asterisk tells this, and it arrives."""
        assert self.manager.session is not None
        self.manager.session.event(event.event, event.fields[1:])
        fake_loop().network.deliver()

    def event(self, name: str, uniqueid: str = OFFER, **fields: str) -> None:
        self.tell(message(Event=name, Uniqueid=uniqueid, **fields))

    def asked(self) -> list[Asked]:
        """What Asterisk was asked since the last time."""
        fake_loop().network.deliver()
        asked, self.manager.asked = self.manager.asked, []
        return asked

    async def works(self, how: str = "") -> None:
        """From now on Asterisk answers, or `fails`: "down", it is not there at all."""
        await self.link.wait_up()
        self.manager.fails = how
        if how == "down":
            assert self.manager.session is not None
            self.manager.session.hang_up()
            fake_loop().network.deliver()

    # what Asterisk tells of a leg
    def new_channel(self) -> None:
        self.event("Newchannel", ChannelStateDesc="Down", Channel=f"PJSIP/{AGENT}-00000001")

    def ringing(self) -> None:
        self.event("Newstate", ChannelStateDesc="Ringing")

    def up(self) -> None:
        self.event("Newstate", ChannelStateDesc="Up")

    def response(self, reason: str, response: str = "Failure", uniqueid: str = "<null>", of: str = OFFER) -> None:
        self.event("OriginateResponse", uniqueid, ActionID=of, Response=response, Reason=reason)

    def hangup_request(self, cause: str = "16", uniqueid: str = OFFER) -> None:
        self.event("HangupRequest", uniqueid, Cause=cause)

    def forwarded(self) -> None:
        self.event("DialEnd", "", DestUniqueid=OFFER, DialStatus="CANCEL", Forward="1002")

    def hangup(self, cause: str = "16", uniqueid: str = OFFER) -> None:
        phone = AGENT if uniqueid == OFFER else uniqueid
        self.event("Hangup", uniqueid, Cause=cause, Channel=f"PJSIP/{phone}-00000001")

    def enters(self, uniqueid: str, bridge: str, technology: str = "simple_bridge") -> None:
        self.event("BridgeEnter", uniqueid, BridgeUniqueid=bridge, BridgeTechnology=technology)

    def leaves(self, uniqueid: str, bridge: str) -> None:
        self.event("BridgeLeave", uniqueid, BridgeUniqueid=bridge)

    async def rings(self, **changes: Any) -> None:
        """The originate is accepted."""
        legs = self.telephony.legs
        await legs.rung(OFFER, legs.ring(ring(**changes)))

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
        snapshot = await self.telephony.look()
        for difference in differences(asked, self._believed(), snapshot):
            match difference:
                case BridgeSeen() | LegGone() | LegSeen():
                    self.telephony.learn(difference)
                case CallGone(call):
                    self.heard.told.append(("caller_missing", call))
                case CallerSeen(caller, News.DIALLING | News.ANSWERED as news):
                    self.heard.caller_news(caller, news)
        self.telephony.learned(snapshot)

    def _believed(self) -> Believed:
        callers = {caller: Caller(caller, bridge) for caller, bridge in self.telephony.callers.items()}
        return Believed(callers, dict(self.telephony.legs.believed()))

    def told(self) -> list[tuple[str, ...]]:
        """What the listener was told, except of channels that ended and callers who left a bridge."""
        return [told for told in self.heard.take() if told[0] not in ("channel_ended", "caller_let_go")]

    @property
    def live(self) -> bool:
        return OFFER in self.telephony.legs.believed()


async def exchange() -> Exchange:
    """One whose link is up; it ends with the test."""
    manager = Instructed()
    await manager.listen()
    made: list[Exchange] = []
    link = AmiLink(
        *("127.0.0.1", manager.port, "wutong", SECRET),
        on_event=lambda event: made[0].telephony.on_event(event),
        on_up=lambda: None,
        on_down=lambda why: None,
        times=LinkTimes(ping_every=3_600),
    )
    made.append(Exchange(manager, link))
    made[0].running = asyncio.create_task(link.run())
    await link.wait_up()
    return made[0]


def message(**fields: str) -> AmiMessage:
    return AmiMessage(tuple(fields.items()))


def device(state: str) -> AmiMessage:
    return message(Event="DeviceStateChange", Device=f"PJSIP/{AGENT}", State=state)


def ring(**changes: Any) -> Ring:
    """`changes`: fields of the Ring, or of what the engine wants."""
    wants = RingAgent(OFFER, "c-1", AGENT, "trees", 15.0)
    wants = wants._replace(**{name: changes.pop(name) for name in wants._fields if name in changes})
    given = Ring(wants, CALLER, "PJSIP/trunk-0000000a", "绿化 138", "13800138000", held=True)
    return replace(given, **changes)


def status(uniqueid: str, bridge: str = "", application: str = "", state: str = "Up", channel: str = "") -> AmiMessage:
    fields = {"Channel": channel or f"PJSIP/{uniqueid}", "ChannelStateDesc": state, "BridgeID": bridge}
    return message(Event="Status", Uniqueid=uniqueid, Application=application, **fields)
