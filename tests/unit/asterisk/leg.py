"""An agent's leg in the small Asterisk."""

import asyncio
import re
from typing import TYPE_CHECKING

from tests.unit.asterisk.caller import OFFERED, Caller
from tests.unit.asterisk.consulted import Consulted
from tests.unit.asterisk.manager import Action

if TYPE_CHECKING:
    from tests.unit.asterisk.asterisk import Asterisk

EVERY = 0.02
"""Seconds between two looks of a leg that waits for its caller."""


class Leg:
    """An agent's leg, as the service has originated it. `caller`: unique id; `caller_taken`: who is in its bridge.

    It rings until it is answered, declined or hung up, or a test says that nobody answered.
    """

    def __init__(self, asterisk: "Asterisk", action: Action) -> None:
        self.asterisk = asterisk
        self.offer_id = action["ChannelId"]
        self.agent_id = action["Channel"].removeprefix("PJSIP/")
        self.name = f"PJSIP/{self.agent_id}-{self.offer_id.replace('-', '')}"
        self.seconds = int(action["Timeout"]) / 1000
        shown = re.fullmatch(r'"(.*)" <(.*)>', action["CallerID"])
        assert shown is not None
        self.display, self.number = shown.groups()
        self.variables = action.variables
        self.channel = self.variables["CALLER"]
        self.caller = asterisk.callers[self.channel].id
        self.whisper = tuple(filter(None, self.variables["WHISPER"].split("&")))
        self.held = "WUTONG_EARLY" not in self.variables
        self.beside = "BESIDE" in self.variables
        self.bridge = f"talk-{self.offer_id}"
        self.up = self.let_through = False
        self.caller_taken: Caller | None = None
        self.consulted = ""  # the channel of the phone that rings for it while its caller is on hold, or talks with it
        self.consults = False

    @property
    def waits(self) -> bool:
        """It may not take the caller yet."""
        return not self.held and self.variables.get("WUTONG_HELD") != "1"

    @property
    def application(self) -> str:
        if "WUTONG_ASIDE" in self.variables and self.caller_taken is None:
            return "Dial" if self.consulted else "Wait"
        return "WaitDigit" if self.up and self.beside and not (self.let_through or self.caller_taken) else "Bridge"

    @property
    def bridge_now(self) -> str:
        """The one that it is in, "" for none."""
        return self.bridge if self.caller_taken is not None or self.consults else ""

    def begins(self) -> None:
        self.event("Newchannel", ChannelStateDesc="Down")
        self.asterisk.event("DialBegin", DestUniqueid=self.offer_id, DestChannel=self.name)
        self.event("Newstate", ChannelStateDesc="Ringing")
        self.asterisk.device(self.agent_id, "RINGING")

    def answers(self) -> None:
        self.up = True
        self.event("Newstate", ChannelStateDesc="Up")
        self.asterisk.device(self.agent_id, "INUSE")
        self._originated("Success", "4")
        if self.beside:
            self.event("UserEvent", UserEvent="WutongPickedUp")
        if self.asterisk.by_itself:
            self._goes_on()

    def _goes_on(self) -> None:
        """The dialplan from the answer to Bridge(CALLER); there is no whisper."""
        caller = self.asterisk.callers[self.channel]
        if self.asterisk.legs.get(self.offer_id) is not self:
            return
        if self.waits or (self.beside and not self.let_through):
            asyncio.get_running_loop().call_later(EVERY, self._goes_on)
        elif caller.held and self.variables.get("QUEUE", "") == caller.variables.get(OFFERED):
            self.connects(caller)
        else:
            self.is_over()

    def connects(self, caller: Caller) -> None:
        """The whisper is over, and the dialplan has come to Bridge(CALLER)."""
        assert not self.waits
        assert self.variables.get("QUEUE", "") == caller.variables.get(OFFERED), "the leg would hang up"
        self.up = True
        caller.taken_out(self)
        self.event("BridgeEnter", BridgeUniqueid=self.bridge, BridgeTechnology="simple_bridge", Context="wutong-offer")

    # -- while the caller is on hold ---------------------------------------------------------------------------------

    def sent_to(self, extension: str) -> None:
        """AMI Redirect."""
        self._alone()
        match extension:
            case "aside":
                self.variables["WUTONG_ASIDE"] = "1"
            case "back":
                self._takes_back()
            case "consult" if self.asterisk.devices.get(self.variables["WUTONG_CONSULT"][6:]) == "UNAVAILABLE":
                self._takes_back()  # Asterisk knows of no address of that phone, and AMI tells nothing
            case "consult":
                self.consulted = f"{self.variables['WUTONG_CONSULT']}-consulted"
                other = self.asterisk.consulted[self.consulted] = Consulted(self.asterisk, self, self.consulted)
                self.event("DialBegin", DestUniqueid=other.id, DestChannel=other.name)

    def _alone(self) -> None:
        if self.bridge_now:
            self.event("BridgeLeave", BridgeUniqueid=self.bridge)
        if self.caller_taken is not None:
            self.caller_taken.out()
        if other := self.asterisk.consulted.get(self.consulted):
            other.is_over()
        self.caller_taken, self.consulted, self.consults = None, "", False

    def loses(self, other: Consulted) -> None:
        """The phone that talks with the leg was sent elsewhere. The dialplan goes back to the caller."""
        assert self.consults
        del self.asterisk.consulted[other.name]
        self.consultation_ends()
        self.asterisk.consulted[other.name] = other

    def _takes_back(self) -> None:
        self.bridge += "+"
        caller = self.asterisk.callers[self.channel]
        if self.variables.get("WUTONG_WITHDRAWN") or caller.hung_up:
            self.is_over()
        else:
            self.connects(caller)

    def is_consulted(self) -> None:
        """The phone that rings for it answers."""
        self.consults, self.bridge = True, f"{self.bridge}-consulted"
        self.event("DialEnd", DialStatus="ANSWER")
        self.event("BridgeEnter", BridgeUniqueid=self.bridge, BridgeTechnology="simple_bridge", Context="wutong-offer")

    def consultation_ends(self, status: str = "ANSWER") -> None:
        """That phone does not answer, or hangs up. The dialplan goes back to the caller."""
        if status != "ANSWER":
            self.event("DialEnd", DialStatus=status)
        self._alone()
        self._takes_back()

    def hangs_up(self) -> None:
        """The agent does. The caller is given back by Asterisk, at once or a moment later: `Caller.out`."""
        self.event("HangupRequest", Cause="16")
        self.is_over("16")

    def page_goes(self, caller: Caller) -> None:
        """The browser hangs up as a phone that is gone. The leg notes it on the caller, who is given back."""
        caller.variables["SHARED(WUTONG_LOST)"] = self.offer_id
        self.event("HangupRequest", Cause="18")
        self.is_over("18")
        caller.out()

    def declines(self, cause: str = "21") -> None:
        self.event("HangupRequest", Cause=cause)
        self.is_over(cause)

    def joins(self, own: Caller, phone: str = "") -> None:
        """The agent's phone joins its calls: the caller gets the place of its `own` one, with `phone` or in a queue."""
        caller, self.caller_taken = self.caller_taken, None
        assert caller is not None
        for other in self.asterisk.legs.values():
            if other.caller_taken is own:
                other.caller_taken, phone = caller, other.agent_id
        self.asterisk.hands_over(self.offer_id, own, phone=phone)
        caller.gets_place(held=not phone)
        own.hang_up()
        self.is_over()

    def rings_out(self) -> None:
        self._originated("Failure", "3")
        self.is_over("19")

    def is_over(self, cause: str = "16") -> None:
        """The channel ends."""
        if self.asterisk.legs.pop(self.offer_id, None) is None:
            return
        if self.bridge_now:
            self.event("BridgeLeave", BridgeUniqueid=self.bridge)
        self.event("Hangup", Cause=cause)
        if not self.up:
            self._originated("Failure", "0")
        for spy in tuple(self.asterisk.spies.values()):
            spy.goes_with(self)
        for other in [other for other in self.asterisk.consulted.values() if other.leg is self]:
            other.is_over()
        caller = self.caller_taken
        if self.asterisk.by_itself and caller is not None and caller.talking:
            caller.out()
        gone = self.agent_id in self.asterisk.silent
        self.asterisk.device(self.agent_id, "UNAVAILABLE" if gone else "NOT_INUSE")

    def _originated(self, response: str, reason: str) -> None:
        given = {"ActionID": self.offer_id, "Response": response, "Reason": reason}
        self.asterisk.event("OriginateResponse", **given, Uniqueid=self.offer_id)

    def event(self, name: str, **fields: str) -> None:
        self.asterisk.event(name, Uniqueid=self.offer_id, Channel=self.name, **fields)
