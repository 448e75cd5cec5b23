"""Phones that join their two calls although one of the two is no talk of their own: they listen there, or were brought
in. Asterisk then puts the phone of the other call into that talk, and nobody there knows. That phone is hung up.
"""

from collections.abc import Container

import structlog

from dialplan.link import AmiLink
from dialplan.wire.ami import AmiMessage

log = structlog.get_logger()

REMEMBERED = 100
"""How many joins are remembered until Asterisk has made them."""

_ENDS = ("OrigTransferer", "SecondTransferer")
_OTHERS = ("TransfereeChannel", "TransferTargetChannel")


class RefusedTransfers:
    """Hangs up whoever took over a call by a transfer that is not allowed."""

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
