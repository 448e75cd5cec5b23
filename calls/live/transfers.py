"""A transfer that was asked for over HTTP, brought to the call's machine."""

from collections.abc import Callable

from base.failure import NotDone
from calls import holding
from calls.events import ConsultAsked, TransferAsked
from calls.live.holds import Holds
from calls.live.switchboard import Switchboard
from calls.states import InQueue, Line
from calls.transfer_api import NotTransferred
from calls.transferring import talker
from hotline.edition import Edition
from ivr.model import Destination, ToQueue, ToSubHotline
from journal.actor import Actor
from sentences.sentence import Sentence


class Transfers:
    """The `Transferring` of the router. `edition`: the version in use."""

    def __init__(self, switchboard: Switchboard, holds: Holds, edition: Callable[[], Edition]) -> None:
        self._switchboard, self._holds, self._edition = switchboard, holds, edition

    def talker(self, call_id: str) -> str | None:
        call = self._switchboard.of_id(call_id)
        return None if call is None else talker(call.machine)

    def has(self, to: Destination) -> bool:
        return self._edition().has(to)

    def transfer(self, call_id: str, to: Destination | str, actor: Actor, *, own: bool, reason: str = "") -> None:
        call = self._switchboard.of_id(call_id)
        if call is None or talker(call.machine) is None:
            raise NotTransferred(Sentence("Nobody talks with this caller any more."))
        if not self._switchboard.telephony.link.up:
            raise NotDone(Sentence("Asterisk cannot be asked at this moment, and the talk goes on; try again."))
        call.tell(TransferAsked(to, self._edition(), actor, own, reason))

    async def lead(self, call_id: str) -> None:
        await self._holds.lead(call_id)

    def consult(self, call_id: str, line: ToQueue | ToSubHotline | str, actor: Actor, *, reason: str = "") -> None:
        call = self._holds.ready(call_id, "consult")
        match line:
            case ToQueue(queue=queue):
                wanted: Line | InQueue = InQueue(queue)
            case ToSubHotline(sub_hotline=sub_hotline):
                wanted = sub_hotline
            case phone:
                wanted = holding.asking(call.machine, phone)
        call.tell(ConsultAsked(wanted, self._edition(), actor, reason))
