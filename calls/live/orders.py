"""What people ask of a talk over HTTP, brought to the call's machine: transfers, holds, consultations, recordings."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from acd.model import Recorded
from base.failure import NotDone, NotPossible
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
from calls.live.calls_out import CallsOut
from calls.live.switchboard import Switchboard
from calls.outgoing import OFFER, Outgoing, Stage
from calls.states import InQueue, Line, Talk, Talking
from calls.transferring import talker
from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.citizen_legs import channel_of
from hotline.edition import Edition
from ivr.model import Destination, ToQueue, ToSubHotline
from journal.actor import Actor
from sentences.sentence import Sentence, listed
from sounds.catalogue import Unspoken
from sounds.model import Phrase

AWAY = Sentence("Asterisk cannot be asked at this moment, and everything stays as it is; try again.")

ENDING = Sentence("The service ends at this moment, and everything stays as it is; try again with the next one.")


class _Talk(NamedTuple):
    """A talk that may be recorded from now on. `leg`: the unique id of its agent's channel. `tell`: gets what is asked.
    `offer`: of its recording.
    """

    leg: str
    offer: str
    edition: Edition
    language: str
    tell: Callable[[RecordAsked | PauseAsked], None]


class TalkOrders:
    """Every order raises NotPossible, and NotDone where Asterisk cannot be asked. `edition`: the version in use.
    `records`: as in `Rings`.
    """

    def __init__(
        self,
        switchboard: Switchboard,
        calls_out: CallsOut,
        edition: Callable[[], Edition],
        records: Callable[[str, str], str],
    ) -> None:
        self._switchboard, self._calls_out = switchboard, calls_out
        self._edition, self._records = edition, records
        self._telling = set[str]()  # calls in which both hear that the talk is recorded

    def talker(self, call_id: str) -> str | None:
        """The agent who talks with the caller, "" if it is somebody else; None: the caller talks with nobody."""
        if (out := self._calls_out.of_id(call_id)) is not None:
            return out.agent if out.stage is Stage.TALKS else None
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
            raise NotPossible(Sentence("Nobody talks with this caller any more."))
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
            raise NotPossible(
                Sentence("The phone of the agent is not alone with this caller at this moment; try again.")
            )

    def hold(self, call_id: str, actor: Actor) -> None:
        self.ready(call_id, "hold").tell(HoldAsked(actor))

    def pause(self, call_id: str, actor: Actor, *, pause: bool) -> None:
        """Let the recording of the talk pause, or go on."""
        call, out = self._switchboard.of_id(call_id), self._calls_out.of_id(call_id)
        recorded = out.recording is not None if out else call is not None and queueing.is_recorded(call.machine)
        if not recorded:
            raise NotPossible(Sentence("No talk with this caller is recorded now."))
        if not self._switchboard.telephony.link.up:
            raise NotDone(AWAY)
        if call is None:
            self._calls_out.tell(call_id, PauseAsked(actor, pause))
        else:
            self._goes_on(call)
            call.tell(PauseAsked(actor, pause))

    async def record(self, call_id: str, actor: Actor) -> None:
        """Let both hear that the talk is recorded from now on, and record it."""
        talk = self._to_record(call_id)
        if not self._records(call_id, talk.offer):
            raise NotDone(Sentence("The disk is too full to record talks."))
        self._telling.add(call_id)
        try:
            files = talk.edition.catalogue.files((Phrase("recorded-now"),), talk.language)
            if not await self._switchboard.telephony.tell_both(talk.leg, [str(file) for file in files]):
                raise NotPossible(Sentence("The two did not hear that the talk is recorded; it is not."))
        except (LinkDown, ActionRefused, TimeoutError) as error:
            raise NotDone(AWAY) from error
        except Unspoken as error:
            raise NotDone("The sentence that a talk is recorded is missing: {why}", why=str(error)) from error
        finally:
            self._telling.discard(call_id)
        self._to_record(call_id).tell(RecordAsked(actor, talk.offer))

    def _to_record(self, call_id: str) -> _Talk:
        call, out, talk = self._switchboard.of_id(call_id), self._calls_out.of_id(call_id), None
        if call is not None and queueing.may_record(call.machine):
            assert isinstance(call.machine.state, Talking), "`may_record` has said so"
            self._goes_on(call)
            offer = call.machine.state.offer
            talk = _Talk(offer, offer, call.edition, call.machine.language, call.tell)
        elif out is not None:
            talk = self._called_out(out)
        if talk is None or call_id in self._telling:
            raise NotPossible(
                Sentence("A recording cannot be begun now: the queue must have `record: on-demand`, and the two talk.")
            )
        if not self._switchboard.telephony.link.up:
            raise NotDone(AWAY)
        return talk

    def _called_out(self, out: Outgoing) -> _Talk | None:
        edition = self._edition()
        queue = edition.hotline.queues.get(out.queue)
        on_demand = queue is not None and queue.record is Recorded.ON_DEMAND
        if not on_demand or out.stage is not Stage.TALKS or out.recording is not None:
            return None
        tell = partial(self._calls_out.tell, out.id)
        return _Talk(channel_of(out.id), OFFER, edition, edition.hotline.languages[0], tell)

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
        """The call, and the name of the channel of the one who is consulted. Raises NotPossible, NotDone."""
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
            raise NotPossible(Sentence("The one who was consulted has just gone, or is somebody else by now."))
        return call, channel

    def _leave_queue(self, call: Call) -> None:
        if (asking := self._switchboard.asking(call.id)) is not None:
            self._switchboard.release(asking)

    def ready(self, call_id: str, what: str) -> Call:
        """The call, if this can be asked of it now. Raises NotPossible, NotDone."""
        call = self._switchboard.of_id(call_id)
        possible = () if call is None else holding.possible(call.machine)
        if call is None or what not in possible:
            can = listed(possible)
            why = Sentence(
                "`{what}` is not possible with this caller now; what is possible: {can}.", what=what, can=can
            )
            if not possible:
                why = Sentence("`{what}` is not possible with this caller now; what is possible: nothing.", what=what)
            raise NotPossible(why)
        if not self._switchboard.telephony.link.up:
            raise NotDone(AWAY)
        self._goes_on(call)
        return call

    def _goes_on(self, call: Call) -> None:
        """Raises NotDone if the service ends: it would answer, and the order would be in no Record."""
        if call.stopped:
            raise NotDone(ENDING)
