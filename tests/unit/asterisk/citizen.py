"""The leg of a citizen who is called back in the small Asterisk, until the citizen has pressed 1 and is a caller."""

import asyncio
from typing import TYPE_CHECKING

from tests.unit.asterisk.caller import Caller
from tests.unit.asterisk.manager import Action

if TYPE_CHECKING:
    from tests.unit.asterisk.asterisk import Asterisk

ASKED = 2 * 8.0
"""Seconds after which a leg ends in which nobody presses a key: the question, twice."""


class CitizenLeg:
    """As the service has originated it. It rings until it is answered or ends."""

    def __init__(self, asterisk: "Asterisk", action: Action) -> None:
        self.asterisk, self.id = asterisk, action["ChannelId"]
        self.number = action["Channel"].removeprefix("PJSIP/").removesuffix("@trunk")
        self.name = f"PJSIP/trunk-{self.id.replace('-', '')}"
        self.callback = action.variables["WUTONG_CALLBACK"]
        self.up = False

    @property
    def there(self) -> bool:
        return self.asterisk.citizens.get(self.id) is self

    def begins(self) -> None:
        self.event("Newchannel", ChannelStateDesc="Down")
        self.event("Newstate", ChannelStateDesc="Ringing")

    def answers(self) -> None:
        self.up = True
        self.event("Newstate", ChannelStateDesc="Up")
        self._originated("Success", "4")
        asyncio.get_running_loop().call_later(ASKED, self.is_over)

    def presses(self) -> Caller:
        """The citizen presses 1, and the dialplan brings the channel to the service."""
        del self.asterisk.citizens[self.id]
        said = {"callerid": self.number, **{f"arg_{number}": "" for number in (7, 8, 9)}, "arg_10": self.callback}
        caller = Caller(self.asterisk, self.id, **said)
        self.asterisk.callers[caller.channel] = caller
        caller.comes_in()
        return caller

    def is_over(self, cause: str = "16") -> None:
        """The channel ends."""
        if not self.there:
            return
        del self.asterisk.citizens[self.id]
        self.event("Hangup", Cause=cause)
        if not self.up:
            self._originated("Failure", "0")

    def item(self) -> list[tuple[str, str]]:
        """What Status lists of it."""
        state = "Up" if self.up else "Ringing"
        return [("Uniqueid", self.id), ("Channel", self.name), ("ChannelStateDesc", state), ("BridgeID", "")]

    def _originated(self, response: str, reason: str) -> None:
        told = {"ActionID": self.id, "Response": response, "Reason": reason}
        self.asterisk.event("OriginateResponse", **told, Uniqueid=self.id)

    def event(self, name: str, **fields: str) -> None:
        self.asterisk.event(name, Uniqueid=self.id, Channel=self.name, **fields)
