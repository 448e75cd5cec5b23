"""A supervisor's leg in the small Asterisk: it listens to an agent's leg, and ends with it."""

from typing import TYPE_CHECKING

from tests.unit.asterisk.leg import Leg
from tests.unit.asterisk.manager import Action

if TYPE_CHECKING:
    from tests.unit.asterisk.asterisk import Asterisk


class SupervisorLeg:
    """As the service has originated it. `mode`: the extension in which it is."""

    def __init__(self, asterisk: "Asterisk", action: Action) -> None:
        self.asterisk, self.id, self.mode = asterisk, action["ChannelId"], action["Exten"]
        self.phone = action["Channel"].removeprefix("PJSIP/")
        self.name = f"PJSIP/{self.phone}-00000099"
        self.shown = action["CallerID"]
        self.heard, self.sign = action.variables["__WUTONG_HEARD"], action.variables["__WUTONG_SIGN"]
        self.variables: dict[str, str] = {}
        self.hears = False

    def begins(self) -> None:
        self.event("Newchannel", ChannelStateDesc="Down")
        self.asterisk.event("DialBegin", DestUniqueid=self.id, DestChannel=self.name)
        self.asterisk.device(self.phone, "RINGING")

    def answers(self) -> None:
        """The sign was played, if there is one: from now on it listens."""
        self.asterisk.device(self.phone, "INUSE")
        self.hears = True
        self.asterisk.event("OriginateResponse", ActionID=self.id, Response="Success", Reason="4", Uniqueid=self.id)
        self.event("UserEvent", UserEvent="WutongHears")

    def is_over(self) -> None:
        """The channel ends, whoever ended it."""
        if self.asterisk.spies.pop(self.id, None) is None:
            return
        if not self.hears:
            self.asterisk.event("OriginateResponse", ActionID=self.id, Response="Failure", Reason="3", Uniqueid=self.id)
        self.event("Hangup", Cause="16")
        self.asterisk.device(self.phone, "NOT_INUSE")

    def goes_with(self, leg: Leg) -> None:
        """This leg has ended."""
        if self.heard == leg.name:
            self.is_over()

    def item(self) -> list[tuple[str, str]]:
        """What Status lists of it."""
        application = "ChanSpy" if self.hears else "Dial"
        return [("Uniqueid", self.id), ("Channel", self.name), ("Application", application), ("BridgeID", "")]

    def event(self, name: str, **fields: str) -> None:
        self.asterisk.event(name, Uniqueid=self.id, Channel=self.name, **fields)
