"""The leg of an agent who calls a citizen in the small Asterisk, and the citizen's phone that it dials."""

import asyncio
from typing import TYPE_CHECKING

from tests.unit.asterisk.manager import Action

if TYPE_CHECKING:
    from tests.unit.asterisk.asterisk import Asterisk

TONE = 4.0
"""Seconds for which an agent hears that the citizen was not reached."""


class OutLeg:
    """As the service has originated it. `dials`: the citizen's phone rings; `talks`: the citizen has answered."""

    def __init__(self, asterisk: "Asterisk", action: Action) -> None:
        self.asterisk, self.id = asterisk, action["ChannelId"]
        self.agent_id = action["Channel"].removeprefix("PJSIP/")
        self.name = f"PJSIP/{self.agent_id}-{self.id.replace('-', '')}"
        self.call, self.far = action.variables["WUTONG_OUT"], f"far-{self.id}"
        self.seconds = int(action["Timeout"]) / 1000
        self.variables: dict[str, str] = {}
        self.up = self.dials = self.talks = False

    @property
    def there(self) -> bool:
        return self.asterisk.outs.get(self.id) is self

    def begins(self) -> None:
        self.event("Newchannel", ChannelStateDesc="Down")
        self.event("Newstate", ChannelStateDesc="Ringing")
        self.asterisk.device(self.agent_id, "RINGING")
        asyncio.get_running_loop().call_later(self.seconds, self._is_not_taken, "0", "3")

    def answers(self) -> None:
        """The agent picks up, and the citizen's phone rings."""
        self.up = self.dials = True
        self.event("Newstate", ChannelStateDesc="Up")
        self._originated("Success", "4")
        self.event("DialBegin", DestUniqueid=self.far, DestChannel="PJSIP/trunk-00000002")
        self.asterisk.device(self.agent_id, "INUSE")
        self.asterisk.rings(self)

    def declines(self) -> None:
        self._is_not_taken("21", "5")

    def _is_not_taken(self, cause: str, reason: str) -> None:
        if self.there and not self.up:
            self._over(cause)
            self._originated("Failure", reason)

    def is_reached(self) -> None:
        """The citizen answers."""
        self.dials, self.talks = False, True
        self.event("DialEnd", DestUniqueid=self.far, DialStatus="ANSWER")

    def is_not_reached(self, status: str, cause: str) -> None:
        self.dials = False
        self._far_ends(status, cause)
        asyncio.get_running_loop().call_later(TONE, self.is_over)

    def hangs_up(self) -> None:
        """The agent does, who has picked up."""
        self.event("HangupRequest", Cause="16")
        self.is_over()

    def is_over(self) -> None:
        """Its channel ends, and with it the citizen's."""
        if not self.there:
            return
        if self.dials:
            self._far_ends("CANCEL", "16")
        if self.talks and not self.variables.get("WUTONG_SEEN"):
            self.asterisk.globals[f"WUTONG_TALKED_{self.call}"] = "out"
        up = self.up
        self._over("16")
        if not up:
            self._originated("Failure", "5")

    def _far_ends(self, status: str, cause: str) -> None:
        self.event("DialEnd", DestUniqueid=self.far, DialStatus=status)
        self.asterisk.event("Hangup", Uniqueid=self.far, Channel="PJSIP/trunk-00000002", Cause=cause)

    def _over(self, cause: str) -> None:
        del self.asterisk.outs[self.id]
        self.dials = self.talks = False
        self.event("Hangup", Cause=cause)
        self.asterisk.device(self.agent_id, "NOT_INUSE")

    def item(self) -> list[tuple[str, str]]:
        """What Status lists of it."""
        state, bridge = "Up" if self.up else "Ringing", "out" if self.talks else ""
        return [("Uniqueid", self.id), ("Channel", self.name), ("ChannelStateDesc", state), ("BridgeID", bridge)]

    def _originated(self, response: str, reason: str) -> None:
        self.asterisk.event("OriginateResponse", ActionID=self.id, Response=response, Reason=reason, Uniqueid=self.id)

    def event(self, name: str, **fields: str) -> None:
        self.asterisk.event(name, Uniqueid=self.id, Channel=self.name, **fields)
