"""The life of one call: one coroutine owns it from the answer to the end."""

import asyncio
from dataclasses import dataclass
from typing import Any, assert_never, cast

import structlog

from acd.calls import Outcome
from acd.effects import Announce, RingAgent
from acd.events import Announced, CallEnded, CallLeft, CallQueued, EndedBy, Left
from acd.records import Kind, Record
from dialplan.fastagi import CallerGone
from dialplan.telephony import Telephony
from ivr import interpreter
from ivr.interpreter import Ask, Dial, Enqueue, HangUp, Pressed, Silence, Step, Tell, Told
from ivr.model import Destination, Key, ToQueue
from ivr.model import HangUp as ToHangUp
from service.distributor import Distributor
from service.edition import Edition
from service.line import Line
from sounds.model import Minutes, Number, Phrase, Speech, Words

log = structlog.get_logger()

SETTLING = 2.0
"""Seconds in which Asterisk tells what became of a leg that took the caller out of the holding bridge."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What every call stands on."""

    telephony: Telephony
    distributor: Distributor
    trunk: bool
    """Whether numbers that are no agent's can be dialled."""

    def link_is_up(self) -> bool:
        return self.telephony.link_is_up


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a call came in. `resumed`: its last AGI session broke. `queue`: that of the extension it dialled, if any."""

    call_id: str
    caller: str
    number: str
    language: str
    resumed: bool = False
    queue: str | None = None


class Call:
    """`run` is the call's coroutine; the other public methods are told what happens outside and return at once."""

    def __init__(self, arrival: Arrival, line: Line, edition: Edition, exchange: Exchange) -> None:
        self.id = arrival.call_id
        self.line = line
        self.edition = edition
        self.caller = arrival.caller
        self._arrival = arrival
        self._exchange = exchange
        self._language = arrival.language
        self._queue: str | None = None  # while he waits, is rung for, or talks with an agent
        self._talk: str | None = None  # the offer that became the conversation he is in
        self._talked = False
        self._settled = asyncio.Event()  # what the last leg came to is known
        self._announcement: Speech | None = None
        self._announcing = False
        self._onward: Destination | None = None
        self._sub_hotline: str | None = None  # the one that is being dialled
        self._outcome: Outcome | None = None
        self._ended_by: EndedBy | None = None

    # -- the coroutine ---------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """From the answer to the end. Whatever happens, the engine and the journal learn that the call is over."""
        try:
            await self._begin()
            await self._walk()
            self._ended_by = self._ended_by or EndedBy.SYSTEM
            await self.line.set_variables({"WUTONG_DONE": "1"})
            await self.line.session.hangup()
        except CallerGone:
            self._ended_by = self._ended_by or EndedBy.CALLER
        except BaseException:
            self._outcome = Outcome.FAILED
            raise
        finally:
            self._leave_queue()
            self._record(
                Kind.CALL_FINISHED,
                by=self._ended_by or EndedBy.SYSTEM,
                **({"outcome": self._outcome} if self._outcome else {}),
            )
            self.line.session.close()

    async def _begin(self) -> None:
        self._record(
            Kind.CALL_STARTED,
            caller=self.caller,
            number=self._arrival.number,
            language=self._language,
            channel=self.line.channel,
            resumed=self._arrival.resumed,
            version=self.edition.hotline.version,
        )
        await self.line.session.answer()
        await self.line.set_variables({"WUTONG_CALL": self.id, "WUTONG_VERSION": self.edition.hotline.version})
        if self._arrival.resumed and self._arrival.queue is None:
            await self._say((Phrase("service-apology"),))

    async def _walk(self) -> None:
        """Interpreter and caller in turn, until the call ends."""
        queue, tree = self._arrival.queue, self.edition.tree
        if queue is None:
            step = interpreter.start(tree, self._language)
        else:
            step = interpreter.send(tree, interpreter.State(self._language), ToQueue(queue=queue))
        while True:
            self._note(step)
            match step.action:
                case Ask():
                    key = await self._ask(step.action)
                    step = interpreter.step(tree, step.state, Silence() if key is None else Pressed(key))
                case Tell(speech):
                    await self._say(speech)
                    step = interpreter.step(tree, step.state, Told())
                case Enqueue(queue):
                    onward = await self._wait_for_agent(queue)
                    tree = self.edition.tree
                    step = interpreter.send(tree, step.state, onward)
                case Dial(sub_hotline):
                    step = interpreter.send(tree, step.state, await self._put_through(sub_hotline))
                case HangUp(speech):
                    await self._say(speech)
                    return
                case _:
                    assert_never(step.action)

    def _note(self, step: Step) -> None:
        self._language = step.state.language
        for kind, data in step.notes:
            self._record(Kind(kind), **data)

    async def _ask(self, ask: Ask) -> str | None:
        await self._say(ask.speech)
        return await self.line.next_key(ask.wait, by_agi=not self._exchange.link_is_up())

    async def _say(self, speech: Speech, *, keys: bool = True) -> None:
        catalogue = self.edition.catalogue
        interrupted = await self.line.say(catalogue, speech, self._language, keys=keys)
        text = catalogue.text(speech, self._language)
        self._record(Kind.SAID, text=text, language=self._language, interrupted=interrupted)

    # -- in a queue ------------------------------------------------------------------------------------------------

    async def _wait_for_agent(self, queue: str) -> Destination:
        """Hold the caller until he has talked with an agent or a rule sends him on; answers where he goes then."""
        await self.line.set_variables(
            {
                "WUTONG_QUEUE": queue,
                "WUTONG_QUEUED_AT": f"{self._exchange.distributor.clock.now():.3f}",
                "WUTONG_LANGUAGE": self._language,
            }
        )
        self._queue, self._talked, self._onward = queue, False, None
        self._announcing = False
        self.line.keys.clear()
        self._announcement = (Phrase("please-hold"),)
        self._exchange.distributor.tell(CallQueued(self.id, queue, self._language))
        while True:
            await self._tell_announcement()
            if self._onward is not None:
                return self._onward
            brought_back = await self.line.hold()
            if self._talk is not None:
                self._end_talk(EndedBy.AGENT)
            if self._talked or (not brought_back and await self._has_talked()):
                self._ended_by = EndedBy.AGENT
                return ToHangUp(hangup=True)

    async def _tell_announcement(self) -> None:
        while self._announcement is not None:  # another one may come while this one is told
            speech, self._announcement = self._announcement, None
            await self._say(speech, keys=False)
        if self._announcing:
            self._announcing = False
            self._exchange.distributor.tell(Announced(self.id))

    async def _has_talked(self) -> bool:
        """A leg took the caller out of the holding bridge and is gone; was there a conversation?

        AGI may tell that the caller is back before AMI tells that he was connected at all.
        """
        try:
            await asyncio.wait_for(self._settled.wait(), SETTLING)
        except TimeoutError:
            log.warning("left-holding-bridge-unexplained", call=self.id)
        return self._talked

    def _leave_queue(self) -> None:
        """The call is over, whatever it was doing."""
        if self._talk is not None:
            self._end_talk(EndedBy.CALLER)
        elif self._queue is not None:
            self._queue = None
            self._exchange.distributor.tell(CallLeft(self.id, Left.HUNG_UP))

    def _end_talk(self, by: EndedBy) -> None:
        self._talk, self._talked, self._queue = None, True, None
        self._ended_by = by
        self._settled.set()
        self._exchange.distributor.tell(CallEnded(self.id, by))

    # -- to a sub-hotline --------------------------------------------------------------------------------------------

    async def _put_through(self, sub_hotline: str) -> Destination:
        """Dial the department's own line; answers where the call goes when that is over or did not come about."""
        line = self.edition.hotline.sub_hotlines[sub_hotline]
        await self._say((Phrase("transferring-before"), Words(line.name), Phrase("transferring-after")))
        self._record(Kind.SUB_HOTLINE_DIALLED, sub_hotline=sub_hotline, dial=line.dial)
        status, cause = "CHANUNAVAIL", "3"
        if line.dial in self.edition.hotline.agents:
            target = f"PJSIP/{line.dial}"
        elif self._exchange.trunk:
            target = f"PJSIP/{line.dial}@trunk"
        else:
            target = ""
        if target:
            self._sub_hotline = sub_hotline
            try:
                result = await self.line.dial(target, line.ring)
            finally:
                self._sub_hotline = None
                self.line.keys.clear()  # they were for those at the other end
            if result.answered:
                self._ended_by = EndedBy.AGENT
                return ToHangUp(hangup=True)
            status, cause = result.status, result.cause
        self._record(Kind.SUB_HOTLINE_FAILED, sub_hotline=sub_hotline, status=status, cause=cause)
        await self._say((Phrase("no-answer-apology"),))
        return line.failed or ToHangUp(hangup=True)

    # -- told from outside ---------------------------------------------------------------------------------------------

    def key_pressed(self, key: str) -> None:
        """A key: for the menus, for the queue that he waits in, or, in a conversation, for those at the other end."""
        if not self.line.key(key) or self._queue is None:
            return
        self.line.keys.clear()
        if self._talk is None:
            self._record(Kind.KEY_PRESSED, key=key, menu="")
            self._leave_by(key)

    def _leave_by(self, key: str) -> None:
        """Out of the queue, if it offers that key and he is not being connected at this moment."""
        queue = self.edition.hotline.queues.get(self._queue or "")
        destination = queue.keys.get(cast(Key, key)) if queue is not None else None
        if destination is not None and self._exchange.distributor.engine.may_leave(self.id):
            self._exchange.distributor.tell(CallLeft(self.id, Left.WENT_ELSEWHERE))
            self.send_on(destination, self.edition)

    def link_changed(self) -> None:
        self.line.keys.level()

    def sub_hotline_answered(self) -> None:
        if self._sub_hotline is not None:
            self._record(Kind.SUB_HOTLINE_ANSWERED, sub_hotline=self._sub_hotline)

    def hung_up(self) -> None:
        """The caller is gone: stop at once what rings for him, then let the coroutine end."""
        self._ended_by = self._ended_by or EndedBy.CALLER
        self._leave_queue()
        self.line.session.close()

    def announce(self, effect: Announce) -> None:
        """Tell the waiting caller his place and his wait."""
        position = _position(effect.position) if effect.position is not None else ()
        estimate = _estimate(effect.wait) if effect.wait is not None else ()
        message = (Words(effect.text),) if effect.text is not None else ()
        self._announcement, self._announcing = (*position, *estimate, *message), True
        self.line.bring_back()

    def send_on(self, destination: Destination, edition: Edition) -> None:
        """A rule of the queue takes the call elsewhere, to a destination in `edition`."""
        self.edition = edition
        self._queue, self._onward = None, destination
        self._announcement = None
        self.line.interrupt()
        self.line.bring_back()

    def matched(self) -> None:
        """An agent is to be rung for him: nothing is announced any more, and what has begun is stopped."""
        self._announcement = None
        self._settled.clear()
        self.line.stay()
        self.line.interrupt()

    def ready_for(self, effect: RingAgent) -> bool:
        """Whether he is still to be rung for."""
        return self._queue == effect.queue

    def held(self) -> None:
        """The caller is in the holding bridge."""
        self.line.held()
        if self._talked:
            self.line.bring_back()  # AMI was too slow: he came back, and was held again, before it told of the talk

    def connected(self, offer_id: str) -> None:
        self._talk = offer_id

    def leg_hung_up(self, offer_id: str) -> None:
        """An agent's leg is gone. If it is the one that the caller talked to, that ends the conversation."""
        if self._talk == offer_id:
            self._end_talk(EndedBy.AGENT)
        self._settled.set()

    # -- the story -------------------------------------------------------------------------------------------------

    def _record(self, kind: Kind, **data: Any) -> None:
        distributor = self._exchange.distributor
        queue = self._queue if kind in (Kind.SAID, Kind.KEY_PRESSED) else None
        distributor.write(Record(distributor.clock.now(), kind, call=self.id, queue=queue, data=data))


def _position(position: int) -> Speech:
    """`position`: 1 is next."""
    ahead = position - 1
    if ahead == 0:
        return (Phrase("queue-position-next"),)
    which = "-one" if ahead == 1 else ""
    before, after = Phrase(f"queue-position-before{which}"), Phrase(f"queue-position-after{which}")
    return (before, Number(ahead, counted=True), after)


def _estimate(wait: float) -> Speech:
    """`wait`: seconds, rounded by the engine."""
    if wait < 60:
        return (Phrase("estimate-short"),)
    return (Phrase("estimate"), Minutes(round(wait / 60)))
