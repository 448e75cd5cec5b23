"""A caller's stay in a queue: he waits, hears announcements, is rung for, and talks with an agent or goes elsewhere."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from acd.effects import Announce, RingAgent
from acd.events import Announced, CallEnded, CallLeft, CallQueued, EndedBy, Left, OfferConnected
from dialplan.telephony import LANGUAGE_VARIABLE, TAKEN_VARIABLE
from ivr.model import Destination
from service.calls.distributor import Distributor
from service.calls.line import Line
from sounds.model import Counted, Phrase, Speech, Words

log = structlog.get_logger()

SETTLING = 2.0
"""Seconds in which Asterisk tells what became of a leg that took the caller out of the holding bridge."""


class Stay:
    """`enter` and `resume` are for the call's coroutine; the others are told what happens outside and return at once.

    A call has one, for all queues that it goes through. It needs no session but while something is said: he is held.

    say           tells him something that no key cuts short. Raises CallerGone
    link_is_up    whether Asterisk tells what happens
    talk_ended    is told who ended a conversation
    queue         the one in which he waits, is rung for, or talks; None: none
    given_up      the one in which he waited until he went, if he did; AGI may tell that before AMI tells where to
    talked        he has talked with an agent: what follows is the goodbye
    """

    def __init__(
        self,
        call_id: str,
        line: Line,
        distributor: Distributor,
        *,
        say: Callable[[Speech], Awaitable[None]],
        link_is_up: Callable[[], bool],
        talk_ended: Callable[[EndedBy], None],
    ) -> None:
        self.queue: str | None = None
        self.given_up: str | None = None
        self.talked = False
        self._call_id = call_id
        self._line = line
        self._distributor = distributor
        self._say = say
        self._link_is_up = link_is_up
        self._talk_ended = talk_ended
        self._onward: Destination | None = None  # where he goes from the queue that he has left
        self._talk: str | None = None  # the offer that became the conversation he is in
        self._settled = asyncio.Event()  # what the last leg came to is known
        self._settled.set()
        self._announcement: Speech | None = None
        self._announcing = False

    @property
    def talks(self) -> bool:
        """With an agent, now."""
        return self._talk is not None

    @property
    def is_rung_for(self) -> bool:
        """Whether an agent is rung for him, or may have picked up by now."""
        return any(offer.call_id == self._call_id for offer in self._distributor.engine.offers())

    # -- the coroutine ---------------------------------------------------------------------------------------------

    async def enter(self, queue: str, language: str) -> Destination | None:
        """Hold the caller until he has talked with an agent (None) or a rule sends him on: where he goes then.

        Raises CallerGone.
        """
        await self._line.set_variables(
            {
                "WUTONG_QUEUE": queue,
                "WUTONG_QUEUED_AT": f"{self._distributor.clock.now():.3f}",
                LANGUAGE_VARIABLE: language,
                TAKEN_VARIABLE: "",
            }
        )
        self.queue, self.talked, self._onward = queue, False, None
        self._announcing = False
        self._line.keys.clear()
        self._announcement = (Phrase("please-hold"),)
        self._distributor.tell(CallQueued(self._call_id, queue, language))
        return await self._hold()

    async def resume(self) -> Destination | None:
        """He is in a new session and in no bridge: he waits, or has talked. As `enter`."""
        return None if await self._is_through() else await self._hold()

    async def _hold(self) -> Destination | None:
        while True:
            await self._tell_announcement()
            if self._onward is not None:
                onward, self._onward = self._onward, None
                return onward
            await self._line.hold()
            if await self._is_through():
                return None

    async def _is_through(self) -> bool:
        """Whether he is out of the holding bridge because his conversation is over."""
        if self._talk is not None:
            self._end_talk(EndedBy.AGENT)
        if not self.talked and not self._line.was_brought_back:
            offer_id = await self._line.taken()
            taken = self._is_offered(offer_id)
            if offer_id and (not taken or self._link_is_up()):
                await self._leg_settled()
            if taken and not self.talked:
                self.talked_unseen(offer_id)
        return self.talked

    async def _tell_announcement(self) -> None:
        while self._announcement is not None:  # another one may come while this one is told
            speech, self._announcement = self._announcement, None
            await self._say(speech)
        self._announced()

    def _announced(self) -> None:
        if self._announcing:
            self._announcing = False
            self._distributor.tell(Announced(self._call_id))

    async def _leg_settled(self) -> None:
        """A leg took the caller out of the holding bridge and is gone; was there a conversation?

        AGI may tell that the caller is back before AMI tells that he was connected at all.
        """
        try:
            await asyncio.wait_for(self._settled.wait(), SETTLING)
        except TimeoutError:
            log.warning("left-holding-bridge-unexplained", call=self._call_id)

    # -- told from outside -----------------------------------------------------------------------------------------

    def announce(self, effect: Announce) -> None:
        """Tell the waiting caller his place and his wait."""
        self._announcement, self._announcing = announcement(effect), True
        self._line.bring_back()

    def send_on(self, destination: Destination) -> None:
        """He has left the queue, and goes to `destination`."""
        self.queue, self._onward = None, destination
        self._announcement = None
        self._line.interrupt()
        self._line.bring_back()

    def matched(self) -> None:
        """An agent is to be rung for him: nothing is announced any more, and what has begun is stopped."""
        self._announcement = None
        self._announced()  # else he would never be told anything again if he is left where he is
        self._settled.clear()
        self._line.stay()
        self._line.interrupt()

    def ready_for(self, effect: RingAgent) -> bool:
        """Whether he is still to be rung for."""
        return self.queue == effect.queue

    def held(self) -> None:
        """The caller is in the holding bridge."""
        self._line.held()
        if self.talked:
            self._line.bring_back()  # AMI was too slow: he came back, and was held again, before it told of the talk

    def connected(self, offer_id: str) -> None:
        self._talk = offer_id

    def leg_hung_up(self, offer_id: str) -> None:
        """An agent's leg is gone. If it is the one that the caller talked to, that ends the conversation."""
        if self._talk == offer_id:
            self._end_talk(EndedBy.AGENT)
        self._settled.set()

    def handed_over(self) -> None:
        """The agent he talked with has put him elsewhere."""
        if self._talk is not None:
            self._end_talk(EndedBy.AGENT)

    def leave(self, by: EndedBy) -> None:
        """The call is over, whatever it was doing. `by`: who ended a conversation that is on."""
        if self._talk is not None:
            self._end_talk(by)
        elif self.queue is not None:
            self.queue, self.given_up = None, self.queue
            self._distributor.tell(CallLeft(self._call_id, Left.HUNG_UP))

    # -- after a restart -------------------------------------------------------------------------------------------

    def talk_is_over(self) -> None:
        """He talked, and no agent's leg is there any more."""
        self._end_talk(EndedBy.AGENT)
        self._line.bring_back()

    def talked_unseen(self, offer_id: str, by: EndedBy = EndedBy.AGENT) -> None:
        """This ring became a talk that is over, as his channel says. The service or its link to Asterisk was away.

        Put back into the queue he would have to tell everything again.
        """
        log.info("talk-unseen", call=self._call_id, offer=offer_id)
        if self._is_offered(offer_id):
            self._distributor.tell(OfferConnected(offer_id))
            self._end_talk(by)
        else:  # it was given up meanwhile
            self.talked, self.queue = True, None
            self._distributor.tell(CallLeft(self._call_id, Left.WENT_ELSEWHERE))

    def transferred(self, offer_id: str) -> None:
        """An agent has sent him elsewhere, unseen: it was the talk that this offer became, of which nobody may know."""
        if self._is_offered(offer_id):
            self.talked_unseen(offer_id)
        elif offer_id and self.queue is not None and not self.is_rung_for:
            self._end_talk(EndedBy.AGENT)

    def _is_offered(self, offer_id: str) -> bool:
        return any(offer.id == offer_id for offer in self._distributor.engine.offers())

    def _end_talk(self, by: EndedBy) -> None:
        self._talk, self.talked, self.queue = None, True, None
        self._talk_ended(by)
        self._settled.set()
        self._line.expect()
        self._distributor.tell(CallEnded(self._call_id, by))


def announcement(effect: Announce) -> Speech:
    """What is said: position, estimate and the queue's own message, in this order."""
    position = _position(effect.position) if effect.position is not None else ()
    estimate = _estimate(effect.wait) if effect.wait is not None else ()
    message = (Words(effect.text),) if effect.text is not None else ()
    return (*position, *estimate, *message)


def _position(position: int) -> Speech:
    """`position`: 1 is next."""
    ahead = position - 1
    if ahead == 0:
        return (Phrase("queue-position-next"),)
    return (Phrase("queue-position-one") if ahead == 1 else Counted("queue-position", ahead),)


def _estimate(wait: float) -> Speech:
    """`wait`: seconds, rounded by the engine."""
    if wait < 60:
        return (Phrase("estimate-short"),)
    minutes = round(wait / 60)
    return (Phrase("estimate-one") if minutes == 1 else Counted("estimate", minutes),)
