"""The life of one call: one coroutine owns it from the answer to the end."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, assert_never, cast

from acd.events import CallLeft, EndedBy, Left
from calls.model import CallState, CallSummary, Outcome
from dialplan.fastagi import AgiSession, CallerGone
from dialplan.telephony import SUB_HOTLINE_VARIABLE, Telephony, sub_hotline_of
from ivr import interpreter
from ivr.interpreter import Ask, Dial, Enqueue, HangUp, Pressed, Silence, Step, Tell, Told
from ivr.model import Destination, Key, Menu, ToQueue, ToSubHotline
from ivr.model import HangUp as ToHangUp
from journal.records import Kind, Record
from service.calls.absence import Absence
from service.calls.dialling import Dialling
from service.calls.distributor import Distributor
from service.calls.edition import Edition
from service.calls.line import Line
from service.calls.stay import Stay
from sounds.model import Phrase, Speech

LAST_WORDS = 3.0
"""Seconds from the end of its channels to the end of an Asterisk that is being stopped."""

ARRIVED = (Kind.MENU_ENTERED, Kind.SUB_HOTLINE_DIALLED)
"""Who was sent on is where he was sent to. In a queue he is when he says so himself."""

INTERRUPTED_VARIABLE = "WUTONG_INTERRUPTED"
TURNED_AWAY_VARIABLE = "WUTONG_TURNED_AWAY"
"""Of a caller: whether menus have begun again for him; whether he came to a drained hotline, and is only told so."""


class Missing(StrEnum):
    """Why a caller is not there any more whom nobody saw go; the `cause` of his call-finished."""

    HUNG_UP = "hung-up-unseen"  # he hung up while the service or its link to Asterisk was away
    ASTERISK_ENDED = "asterisk-ended"  # it stopped or crashed, and took the call with it
    ASTERISK_AWAY = "asterisk-away"


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
    """How a call came in. `resumed`: it began in an AGI session of which nothing is known any more. `moved`: it was
    transferred here, and what it was before is over. `queue`: that of the extension it dialled, if any. `turned_away`:
    new calls are not taken.
    """

    call_id: str
    caller: str
    number: str
    language: str
    resumed: bool = False
    moved: bool = False
    queue: str | None = None
    turned_away: bool = False


class Call:
    """`serve` is the call's coroutine; the other public methods are told what happens outside and return at once.

    A call outlives its AGI session. When that breaks and the caller is not known to be gone, the call keeps its place,
    its ring or its conversation: he has music, or talks. `serve` goes on with him when the dialplan brings him back.
    `over` is told once when the call has ended, however it ends.
    """

    def __init__(
        self, arrival: Arrival, line: Line, edition: Edition, exchange: Exchange, over: Callable[["Call"], None]
    ) -> None:
        self.id = arrival.call_id
        self.line = line
        self.edition = edition
        self.caller = arrival.caller
        self.began = exchange.distributor.clock.now()
        self._arrival = arrival
        self._exchange = exchange
        self._over = over
        self._language = arrival.language
        self._begun = self._finished = False  # as its story has it
        self._explained = False  # why it is over
        self._served = asyncio.Event()  # no session is being served
        self._served.set()
        self._absence = Absence(exchange.link_is_up, self._given_up)
        self._why_gone = Missing.HUNG_UP
        self.stay = Stay(
            self.id,
            line,
            exchange.distributor,
            say=partial(self._say, keys=False),
            link_is_up=exchange.link_is_up,
            talk_ended=self._talk_ended,
        )
        self.dialling = Dialling(
            line,
            exchange.telephony,
            hotline=lambda: self.edition.hotline,
            trunk=exchange.trunk,
            say=self._say,
            record=self._record,
            send_on=self._sent_on,
        )
        self._onward: Destination | None = None  # where he is sent on to, while he has not got there
        self._handed_to: Destination | None = None  # the same, out of a talk
        self._outcome: Outcome | None = None
        self._ended_by: EndedBy | None = None
        self._cause = ""

    @classmethod
    def restored(
        cls,
        summary: CallSummary,
        queue: str | None,
        line: Line,
        edition: Edition,
        exchange: Exchange,
        over: Callable[["Call"], None],
    ) -> "Call":
        """A call from before a restart, whose caller is still to be found.

        `queue`: the one in which he waits or talks.
        """
        arrival = Arrival(summary.id, summary.caller, summary.number, edition.language(summary.language), resumed=True)
        call = cls(arrival, line, edition, exchange, over)
        call._begun, call.began = True, summary.started
        call.stay.queue = queue
        talked = queue is None and summary.state in (CallState.TALKING, CallState.SURVEY)
        call.stay.talked = call.dialling.talked = talked
        call._onward = edition.destination(summary.onward) if summary.onward is not None else None
        call._await()
        return call

    @property
    def number(self) -> str:
        """What was dialled."""
        return self._arrival.number

    # -- the coroutine ---------------------------------------------------------------------------------------------

    async def serve(self, session: AgiSession) -> None:
        """From the answer, or from where an earlier session broke, to the end of the call or of this session."""
        self._served.clear()
        self._absence.end()
        self.line.attach(session)
        try:
            await self._walk(await (self._resume() if self._begun else self._begin()))
            self._ended_by = self._ended_by or EndedBy.SYSTEM
            await self.line.set_variables({"WUTONG_DONE": "1"})
            await session.hangup()
            self._explained = True
        except CallerGone:
            if session.hung_up:
                self.line.lost()
        except asyncio.CancelledError:
            self._finished = True  # the service stops: the call goes on in Asterisk, and the next service takes it up
            raise
        except BaseException:
            self._outcome, self._ended_by = Outcome.FAILED, EndedBy.SYSTEM
            self._explained = True
            raise
        finally:
            session.close()
            self._served.set()
            if self._explained:
                self._finish()
            elif self.line.gone:
                self.ended()
            elif not self._finished:
                self.line.expect()
                self._await()

    async def let_go(self) -> bool:
        """Close the session that is being served, as its caller has come in a new one; returns when that is over.

        False: and so is the call.
        """
        while not self._served.is_set():  # another new session may have been quicker
            self.line.close()
            await self._served.wait()
        return not self._finished

    async def _begin(self) -> Step:
        if self._arrival.resumed:
            await self._pick_up()  # raises where this session was left over by a call that is over
            self._start_story(resumed=True)
        else:
            # before the first Record: if the service dies in between, the next one knows the call by it
            await self._mark()
            self._start_story(resumed=False)
            await self.line.session.answer()
        if self._arrival.turned_away:
            return await self._turn_away()
        if (queue := self._arrival.queue) is not None:
            return interpreter.send(self.edition.tree, interpreter.State(self._language), ToQueue(queue=queue))
        if self._arrival.resumed and not self._arrival.moved:
            return await self._from_the_top()
        return interpreter.start(self.edition.tree, self._language)

    def _start_story(self, *, resumed: bool) -> None:
        self._record(
            Kind.CALL_STARTED,
            caller=self.caller,
            number=self._arrival.number,
            language=self._language,
            channel=self.line.channel,
            resumed=resumed,
            version=self.edition.hotline.version,
        )
        self._begun = True

    async def _pick_up(self) -> None:
        await self._mark()
        await self.line.session.answer()

    async def _mark(self) -> None:
        """His channel says which call he is in."""
        await self.line.set_variables(
            {
                "WUTONG_CALL": self.id,
                "WUTONG_MOVED": "",
                SUB_HOTLINE_VARIABLE: "",  # of what he was before
                "WUTONG_VERSION": self.edition.hotline.version,
                **({TURNED_AWAY_VARIABLE: "1"} if self._arrival.turned_away else {}),
            }
        )

    async def _turn_away(self) -> Step:
        await self._say((Phrase("maintenance"),))
        return interpreter.send(self.edition.tree, interpreter.State(self._language), ToHangUp(hangup=True))

    async def _from_the_top(self) -> Step:
        """The menus again, with an apology. Who was interrupted before is asked no more, and gets a person."""
        if await self.line.session.get_variable(TURNED_AWAY_VARIABLE) is not None:
            return await self._turn_away()
        before = await self.line.session.get_variable(INTERRUPTED_VARIABLE) is not None
        await self.line.set_variables({INTERRUPTED_VARIABLE: "1"})
        await self._say((Phrase("service-apology"),))
        tree = self.edition.tree
        person = _person(tree.menus[tree.entry])
        if person is not None and before:
            return interpreter.send(tree, interpreter.State(self._language), person)
        return interpreter.start(tree, self._language)

    async def _resume(self) -> Step:
        """He is back, in a new session: where he waited, talked or was sent to it goes on, menus begin again."""
        self._record(Kind.CALL_RESUMED, channel=self.line.channel)
        if self.stay.queue is not None:
            onward = self._after(await self.stay.resume())
        elif self.stay.talked or self.dialling.talked:
            onward = self._after(None)
        elif self._onward is not None:
            await self.dialling.clear()  # it may have been the last word of a dialling
            onward = self._onward
        elif await self.dialling.was_left():
            onward = self._after(await self.dialling.resume())
        else:
            await self._pick_up()
            return await self._from_the_top()
        return interpreter.send(self.edition.tree, interpreter.State(self._language), onward)

    async def _walk(self, step: Step) -> None:
        """Interpreter and caller in turn, until the call ends."""
        tree = self.edition.tree
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
                    onward = self._after(await self.stay.enter(queue, self._language))
                    tree = self.edition.tree
                    step = interpreter.send(tree, step.state, onward)
                case Dial(sub_hotline):
                    if self._onward is None:
                        self._sent_on(ToSubHotline(sub_hotline=sub_hotline))
                    step = interpreter.send(
                        tree, step.state, self._after(await self.dialling.enter(sub_hotline, self._language))
                    )
                case HangUp(speech):
                    # no key cuts it short: none means anything there, and one of the talk before may come late
                    await self._say(speech, keys=False)
                    return
                case _:
                    assert_never(step.action)

    def _after(self, onward: Destination | None) -> Destination:
        """Where the call goes from a queue or a sub-hotline. None: the caller has talked, and is still there."""
        if self._handed_to is not None:
            onward, self._handed_to = self._handed_to, None
            self.stay.talked = self.dialling.talked = False
        if onward is None:
            self._ended_by = EndedBy.AGENT
        return onward or ToHangUp(hangup=True)

    def _talk_ended(self, by: EndedBy) -> None:
        self._ended_by = by

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

    def _finish(self) -> None:
        """The call is over: the engine and the journal learn it, whatever it was doing. Only the first time counts."""
        if self._finished:
            return
        self._finished = True
        self._absence.end()
        self._leave_queue()
        self.line.forget()
        if not self._begun and not self._arrival.resumed:
            self._start_story(resumed=False)  # it was over before his channel could be told
        if self._begun:
            self._record(
                Kind.CALL_FINISHED,
                by=self._ended_by or EndedBy.SYSTEM,
                **({"outcome": self._outcome} if self._outcome else {}),
                **({"cause": self._cause} if self._cause else {}),
            )
        self._over(self)

    def _leave_queue(self) -> None:
        """He waits for nobody any more, and talks with no agent."""
        self.stay.leave(self._ended_by or EndedBy.CALLER)

    # -- without a session -----------------------------------------------------------------------------------------

    def _await(self) -> None:
        if not self._finished:
            self._absence.begin(gone=self.line.gone)

    def _given_up(self) -> None:
        self.missing(self._why_gone if self.line.gone else Missing.ASTERISK_AWAY)

    # -- told from outside ---------------------------------------------------------------------------------------------

    def key_pressed(self, key: str) -> None:
        """A key: for the menus, for the queue that he waits in, or, in a conversation, for those at the other end."""
        if not self.line.key(key) or self.stay.queue is None:
            return
        self.line.keys.clear()
        if not self.stay.talks:
            self._record(Kind.KEY_PRESSED, key=key, menu="")
            self._leave_by(key)

    def _leave_by(self, key: str) -> None:
        """Out of the queue, if it offers that key and he is not being connected at this moment."""
        queue = self.edition.hotline.queues.get(self.stay.queue or "")
        destination = queue.keys.get(cast(Key, key)) if queue is not None else None
        if destination is not None and self._exchange.distributor.engine.may_leave(self.id):
            self._exchange.distributor.tell(CallLeft(self.id, Left.WENT_ELSEWHERE))
            self.send_on(destination, self.edition)

    def link_changed(self) -> None:
        self.line.keys.level()
        if self._exchange.link_is_up():
            self._absence.end()
        elif not self.line.attached:
            self._await()

    def found_dialling(self) -> None:
        """Asterisk was asked, and dials somebody for him. If no sub-hotline, the dialplan does so: he was transferred
        while the service was away, or that was for so long that he went to the fallback.
        """
        if self.dialling.sub_hotline is None and not self.line.attached:
            self.hung_up()

    def hung_up(self) -> None:
        """The caller is gone: stop at once what rings for him, then let the coroutine end."""
        self._ended_by = self._ended_by or EndedBy.CALLER
        self._leave_queue()
        self._end()

    def ended(self) -> None:
        """His channel is gone, and nobody has said that he hung up: Asterisk may be ending, and its link breaks next.

        Or he was sent elsewhere, or the link is half open and nobody knows yet. Told by AGI while the link is down
        already, it is no sign of that. Where an agent was rung for him they may have talked, and AMI is late to say so.
        """
        if not self._exchange.link_is_up():
            self._await()  # Asterisk is asked what there was, before he is counted as one who gave up
        elif not self._finished:
            if not self.stay.is_rung_for:
                self._leave_queue()
            asyncio.get_running_loop().call_later(LAST_WORDS, self._ended_unexplained)

    def _ended_unexplained(self) -> None:
        if self._finished:
            return
        if self._exchange.link_is_up():
            self.hung_up()
        else:
            self._why_gone = Missing.ASTERISK_ENDED  # unless it can be asked soon, and has been there all the time
            self._await()

    def missing(self, why: Missing, talk: str = "") -> None:
        """The caller is not there any more, and nobody saw him go. `talk`: what he talked in at last, unseen too."""
        if sub_hotline := sub_hotline_of(talk):
            self.dialling.talked_unseen(sub_hotline)
        elif talk and self.stay.queue is not None and not self.stay.talks:
            self.stay.talked_unseen(talk, EndedBy.CALLER)
        if why is Missing.HUNG_UP:
            self._ended_by = self._ended_by or EndedBy.CALLER
        else:
            self._outcome = self._outcome or Outcome.LOST
            self._ended_by = EndedBy.SYSTEM
        self._cause = why.value
        self._leave_queue()
        self._end()

    def transferred(self, taken: str) -> None:
        """An agent has sent him elsewhere, unseen. `taken`: the offer whose leg has taken him last; "" for none."""
        self.stay.transferred(taken)
        self.hung_up()

    def found(self) -> None:
        """Asterisk was asked, and has his channel. Gone from his session all the same, he was sent elsewhere."""
        if self.line.gone and self._served.is_set():
            self.hung_up()

    def _end(self) -> None:
        """`serve` finishes the call; without a session nobody is left who would."""
        self._explained = True
        if self._served.is_set():
            self._finish()
        else:
            self.line.close()

    def send_on(self, destination: Destination | None, edition: Edition) -> None:
        """A rule of the queue takes the call elsewhere, to a destination in `edition`; None: to its fallback."""
        self.edition = edition
        onward = destination or edition.hotline.fallback or ToHangUp(hangup=True)
        self._sent_on(onward)
        self.stay.send_on(onward)

    def handed_over(self, queue: str, edition: Edition) -> None:
        """Who talked with him waited in this queue (of `edition`) himself, and has put him in his place."""
        if not (self.stay.talks or self.stay.talked or self.dialling.talked):
            return  # it was somebody else: who waits is in one bridge with him
        self.stay.handed_over()
        self._ended_by = None
        self.edition = edition
        self._handed_to = ToQueue(queue=queue)
        self._sent_on(self._handed_to)
        self.line.take_out()

    def _sent_on(self, onward: Destination) -> None:
        """So that he gets there whatever breaks."""
        self._onward = onward
        self._record(Kind.SENT_ON, to=onward.model_dump(mode="json", exclude_none=True))

    def adopted(self) -> None:
        """After a restart all that is known of him has been told. Held without a queue, he is fetched."""
        if self.stay.queue is None and not self.line.attached:
            self.line.bring_back()

    # -- the story -------------------------------------------------------------------------------------------------

    def _record(self, kind: Kind, **data: Any) -> None:
        distributor = self._exchange.distributor
        queue = self.stay.queue if kind in (Kind.SAID, Kind.KEY_PRESSED) else None
        if kind in ARRIVED:
            self._onward = None
        distributor.write(Record(distributor.clock.now(), kind, call=self.id, queue=queue, data=data))


def _person(menu: Menu) -> Destination | None:
    """Where the menu leads who wants a person: by its 0, or without a key."""
    ways = (menu.keys.get("0"), menu.no_input.then)
    return next((way for way in ways if isinstance(way, ToQueue | ToSubHotline)), None)
