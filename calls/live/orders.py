"""What people ask of a talk over HTTP, brought to the call's machine: transfers, holds, consultations, recordings."""

from collections.abc import Callable

from base.failure import NotDone
from calls import holding, queueing
from calls.events import (
    BackAsked,
    CompleteAsked,
    ConsultAsked,
    HoldAsked,
    JoinAsked,
    PauseAsked,
    RecordAsked,
    TransferAsked,
)
from calls.live.call import Call
from calls.live.switchboard import Switchboard
from calls.states import InQueue, Line, Talk, Talking
from calls.transferring import talker
from dialplan.ami_connection import ActionRefused, LinkDown
from hotline.edition import Edition
from ivr.model import Destination, ToQueue, ToSubHotline
from journal.actor import Actor
from sentences.sentence import Sentence, listed
from sounds.catalogue import Unspoken
from sounds.model import Phrase

AWAY = Sentence("Asterisk cannot be asked at this moment, and everything stays as it is; try again.")


class NotTransferred(Exception):
    """The caller was not transferred, held or given back; the message is a sentence that says what is possible."""


class TalkOrders:
    """Every order raises NotTransferred, and NotDone where Asterisk cannot be asked. `edition`: the version in use."""

    def __init__(self, switchboard: Switchboard, edition: Callable[[], Edition]) -> None:
        self._switchboard, self._edition = switchboard, edition
        self._telling = set[str]()  # calls in which both hear that the talk is recorded

    def talker(self, call_id: str) -> str | None:
        """The agent who talks with the caller, "" if it is somebody else; None: the caller talks with nobody."""
        call = self._switchboard.of_id(call_id)
        return None if call is None else talker(call.machine)

    def has(self, to: Destination) -> bool:
        """Whether the hotline in use has this destination."""
        return self._edition().has(to)

    def transfer(self, call_id: str, to: Destination | str, actor: Actor, *, own: bool, reason: str = "") -> None:
        """`to`: a destination, or a phone: an agent's id or a number. `own`: the agent of the talk asks. `reason`: for
        whoever receives the call; "": none.
        """
        call = self._switchboard.of_id(call_id)
        if call is None or talker(call.machine) is None:
            raise NotTransferred(Sentence("Nobody talks with this caller any more."))
        if not self._switchboard.telephony.link.up:
            raise NotDone(Sentence("Asterisk cannot be asked at this moment, and the talk goes on; try again."))
        call.tell(TransferAsked(to, self._edition(), actor, own, reason))

    def consult(self, call_id: str, line: ToQueue | ToSubHotline | str, actor: Actor, *, reason: str = "") -> None:
        """The agent of the talk is to talk with `line` first: somebody of a queue, a department, an agent (by the id)
        or a number. `reason`: as above.
        """
        call = self.ready(call_id, "consult")
        match line:
            case ToQueue(queue=queue):
                wanted: Line | InQueue = InQueue(queue)
            case ToSubHotline(sub_hotline=sub_hotline):
                wanted = sub_hotline
            case phone:
                wanted = holding.asking(call.machine, phone)
        call.tell(ConsultAsked(wanted, self._edition(), actor, reason))

    async def lead(self, call_id: str) -> None:
        """Get ready for an order about a talk to which a colleague has sent the caller. Nothing happens in another."""
        call = self._switchboard.of_id(call_id)
        if call is None or not holding.to_lead(call.machine) or not self._switchboard.telephony.link.up:
            return
        try:
            await self._switchboard.lead(call)
        except (LinkDown, TimeoutError) as error:
            raise NotDone(AWAY) from error
        if holding.to_lead(call.machine):
            raise NotTransferred(
                Sentence("The phone of the agent is not alone with this caller at this moment; try again.")
            )

    def hold(self, call_id: str, actor: Actor) -> None:
        self.ready(call_id, "hold").tell(HoldAsked(actor))

    def pause(self, call_id: str, actor: Actor, *, pause: bool) -> None:
        """Let the recording of the talk pause, or go on."""
        call = self._switchboard.of_id(call_id)
        if call is None or not queueing.is_recorded(call.machine):
            raise NotTransferred(Sentence("No talk with this caller is recorded now."))
        if not self._switchboard.telephony.link.up:
            raise NotDone(AWAY)
        call.tell(PauseAsked(actor, pause))

    async def record(self, call_id: str, actor: Actor) -> None:
        """Let both hear that the talk is recorded from now on, and record it."""
        call = self._to_record(call_id)
        state, machine = call.machine.state, call.machine
        assert isinstance(state, Talking), "`_to_record` has said so"
        if not call.channel.records(call_id, state.offer):
            raise NotDone(Sentence("The disk is too full to record talks."))
        self._telling.add(call_id)
        try:
            files = call.edition.catalogue.files((Phrase("recorded-now"),), machine.language)
            if not await self._switchboard.telephony.tell_both(state.offer, [str(file) for file in files]):
                raise NotTransferred(Sentence("The two did not hear that the talk is recorded; it is not."))
        except (LinkDown, ActionRefused, TimeoutError) as error:
            raise NotDone(AWAY) from error
        except Unspoken as error:
            raise NotDone(Sentence("The sentence that a talk is recorded is missing: {why}", why=str(error))) from error
        finally:
            self._telling.discard(call_id)
        self._to_record(call_id).tell(RecordAsked(actor, state.offer))

    def _to_record(self, call_id: str) -> Call:
        call = self._switchboard.of_id(call_id)
        if call is None or call_id in self._telling or not queueing.may_record(call.machine):
            raise NotTransferred(
                Sentence("A recording cannot be begun now: the queue must have `record: on-demand`, and the two talk.")
            )
        if not self._switchboard.telephony.link.up:
            raise NotDone(AWAY)
        return call

    def unhold(self, call_id: str, actor: Actor) -> None:
        self.ready(call_id, "unhold").tell(BackAsked(actor))

    def go_back(self, call_id: str, actor: Actor) -> None:
        """The agent leaves the consultation, for the caller. In a talk of three, whoever was consulted leaves it."""
        self.ready(call_id, "return").tell(BackAsked(actor))

    async def complete(self, call_id: str, actor: Actor, *, own: bool) -> None:
        """The caller goes on with the one whom the agent consults. `own`: the agent of the talk asks."""
        call, channel = await self._other_end(call_id, "complete")
        self._leave_queue(call)
        call.tell(CompleteAsked(channel, actor, own))
        await call.joined()  # an agent's program may hang up once it has the answer

    async def join(self, call_id: str, actor: Actor) -> None:
        """Agent, caller and the one whom the agent consults talk together."""
        call, channel = await self._other_end(call_id, "join")
        self._leave_queue(call)
        call.tell(JoinAsked(channel, actor))

    async def _other_end(self, call_id: str, what: str) -> tuple[Call, str]:
        """The call, and the name of the channel of the one who is consulted. Raises NotTransferred, NotDone."""
        call = self.ready(call_id, what)
        state, line = call.machine.state, holding.consulted(call.machine)
        assert isinstance(state, Talk), "`ready` has said so"
        assert line is not None
        number = call.machine.number_of(line)
        agent = number in call.machine.edition.hotline.agents
        try:
            if (asking := self._switchboard.asking(call.id)) is not None:
                channel = await self._switchboard.answers(asking, number)
            else:
                channel = await self._switchboard.telephony.asides.other_end(state.offer, number, agent=agent)
        except (LinkDown, TimeoutError) as error:
            raise NotDone(AWAY) from error
        call = self.ready(call_id, what)  # once more: Asterisk took its time
        if not channel or holding.consulted(call.machine) != line:
            raise NotTransferred(Sentence("The one who was consulted has just gone, or is somebody else by now."))
        return call, channel

    def _leave_queue(self, call: Call) -> None:
        if (asking := self._switchboard.asking(call.id)) is not None:
            self._switchboard.release(asking)

    def ready(self, call_id: str, what: str) -> Call:
        """The call, if this can be asked of it now. Raises NotTransferred, NotDone."""
        call = self._switchboard.of_id(call_id)
        possible = () if call is None else holding.possible(call.machine)
        if call is None or what not in possible:
            can = listed(possible)
            why = Sentence(
                "`{what}` is not possible with this caller now; what is possible: {can}.", what=what, can=can
            )
            if not possible:
                why = Sentence("`{what}` is not possible with this caller now; what is possible: nothing.", what=what)
            raise NotTransferred(why)
        if not self._switchboard.telephony.link.up:
            raise NotDone(AWAY)
        return call
