"""The phone that an agent consults, in the small Asterisk: it rings for the leg, talks with it, or with both."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.unit.asterisk.asterisk import Asterisk
    from tests.unit.asterisk.leg import Leg


class Consulted:
    """Its channel, until that ends. `third`: it talks with leg and caller; `joined`: with the caller alone."""

    def __init__(self, asterisk: "Asterisk", leg: "Leg", name: str) -> None:
        self.asterisk, self.leg, self.name = asterisk, leg, name
        self.id = f"consulted-{len(asterisk.asked)}"
        self.variables = {"WUTONG_ASKED": leg.offer_id}
        self.third = self.joined = False

    def item(self) -> list[tuple[str, str]]:
        """What Status lists of it."""
        told = {"Uniqueid": self.id, "Channel": self.name, "Application": "ChanSpy" if self.third else ""}
        told["BridgeID"] = self.leg.bridge if self.leg.consults and not self.third else ""
        return [*told.items(), *(("Variable", f"{name}={value}") for name, value in self.variables.items())]

    def hangs_up(self) -> None:
        """Or is hung up."""
        if self.third:
            self.is_over()
        else:
            self.leg.consultation_ends("ANSWER" if self.leg.consults else "CHANUNAVAIL")

    def sent_to(self, extension: str) -> None:
        """AMI Redirect into `wutong-joined`."""
        was_third, self.third = self.third, extension == "three"
        if self.third:
            self.leg.loses(self)
            return
        caller = self.asterisk.callers[self.leg.channel]
        assert caller.variables["SHARED(WUTONG_OFFERED)"] == self.leg.offer_id
        if not self.asterisk.gone_in_that_moment:
            caller.joined()
            self.joined = True
        if was_third:
            self.leg.caller_taken = None
            self.leg.is_over()
        else:
            self.leg.loses(self)
        self.is_over(told=self.asterisk.gone_in_that_moment)

    def is_over(self, *, told: bool = True) -> None:
        """The channel ends; not `told`: it goes on, and this small Asterisk does not know of it any more."""
        if self.asterisk.consulted.pop(self.name, None) is not None and told:
            self.asterisk.event("Hangup", Uniqueid=self.id, Channel=self.name, Cause="16")
