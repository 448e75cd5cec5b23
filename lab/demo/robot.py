"""One robot agent: has a phone, signs in, answers, talks, wraps up, has a break now and then. Its phone may die."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto
from random import Random
from typing import Any

import structlog

from lab.demo.callers import Callers
from lab.demo.desk import Desk
from lab.demo.pace import Pace
from lab.demo.past import BREAKS, MISSES
from lab.demo.scores import Scores
from lab.phone import CallFailed, IncomingCall, Late, Phone, RegistrationFailed, SessionOver

log = structlog.get_logger(__name__)

VOICE, VOICE_HERTZ = 2.0, 440
"""Seconds and hertz of the tone that a robot says when it answers. On a busy machine more than half a second may pass
until Asterisk has joined the two.
"""

AWAY = 30.0, 90.0
"""Seconds of a break, or after a missed call, at least and at most."""

RINGS = 90.0
"""The most seconds that a phone rings which nobody answers."""

GOODBYE = 5.0
"""Seconds in which the other side's hang-up arrives."""

LONGEST_SCENE = 120.0
"""The most seconds for which a talk goes on beyond its own time, as somebody does something with it."""

REGISTERED = 60.0
"""Seconds that a registration lasts: after Asterisk was started anew, the phone is there again before that."""

AGAIN = 2.0
"""Seconds until a robot begins anew that went wrong, or whose phone could not register."""

EVER = 30 * 86_400.0

BREAK = "小休 Short break"
"""One of the `breaks` of the sample, as the wall shows it."""


class _Did(Enum):
    """What a robot did with its last call. `NOTHING`: it was taken back before the robot had answered."""

    NOTHING, MISSED, TALKED = auto(), auto(), auto()


class Robot:
    """One agent, or with `department` a phone that is rung whether signed in or not.

    call     the talk that goes on; None: there is none
    on_break the robot is not ready on purpose
    scene    once set, the talk goes on until this is done, LONGEST_SCENE at most
    """

    def __init__(
        self,
        agent_id: str,
        phone: Callable[[], Phone],
        pace: Pace,
        desk: Desk,
        callers: Callers,
        scores: Scores,
        may_miss: Callable[[], bool],
        *,
        department: bool = False,
    ) -> None:
        self.id = agent_id
        self.call: IncomingCall | None = None
        self.ends_at = 0.0
        """By the loop: when the talk ends, if the caller does not end it before."""
        self.on_break = False
        self.scene: asyncio.Future[None] | None = None
        self._make_phone, self._pace, self._desk = phone, pace, desk
        self._callers, self._scores, self._may_miss, self._department = callers, scores, may_miss, department
        self._random = Random()
        self._phone = phone()
        self._died = asyncio.Event()
        self._wants_break = 0.0
        self._did = _Did.NOTHING

    # -- what a scene does with the robot ----------------------------------------------------------------------------

    async def die(self, seconds: float) -> None:
        """The phone's power fails; after so many seconds another one is there. Returns then."""
        self._phone.die()
        for call in self._phone.calls:
            call.drop()
        await self._phone.abandon_registration()
        await asyncio.sleep(seconds)
        self._died.set()

    def rest(self, seconds: float) -> None:
        """Have a break of so many seconds after this call."""
        self._wants_break = seconds

    # -- work --------------------------------------------------------------------------------------------------------

    async def work(self, signed_in: asyncio.Event) -> None:
        """Register, sign in (then `signed_in` is set), take one call after the other for ever. What goes wrong is
        logged and counted, and the robot begins anew with another phone.
        """
        while True:
            try:
                async with self._phone as phone:
                    await phone.register(REGISTERED)
                    await self.ready()
                    signed_in.set()
                    await self._take_calls(phone)
            except RegistrationFailed as error:
                log.info("robot-not-registered", agent=self.id, why=str(error))
                await asyncio.sleep(AGAIN)
            except Exception:
                log.exception("robot-begins-anew", agent=self.id)
                self._scores.anew += 1
                await asyncio.sleep(AGAIN)
            self._died.clear()
            self.call, self.on_break = None, False
            self._phone = self._make_phone()

    async def ready(self) -> None:
        """Be offered calls; a department is so always."""
        if not self._department:
            await self._desk.set_state(self.id, "ready")

    async def _take_calls(self, phone: Phone) -> None:
        """Until the phone has died. One call at a time, as a person; a further one finds it busy."""
        died, arrives = asyncio.create_task(self._died.wait()), asyncio.create_task(phone.incoming(EVER))
        call: asyncio.Task[None] | None = None
        afterwards: asyncio.Task[None] | None = None
        try:
            while not died.done():
                waits: set[asyncio.Task[Any]] = {died, arrives}
                waits |= {task for task in (call, afterwards) if task is not None}
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
                if call is not None and call.done():
                    call.result()
                    call, afterwards = None, asyncio.create_task(self._finish())
                if afterwards is not None and afterwards.done():
                    afterwards.result()
                    afterwards = None
                if arrives.done():
                    offer, arrives = arrives.result(), asyncio.create_task(phone.incoming(EVER))
                    if call is not None:
                        with suppress(CallFailed):
                            await offer.reject(486)
                        continue
                    await _stop(afterwards)
                    afterwards, call = None, asyncio.create_task(self._take(offer))
        finally:
            await _stop(died, arrives, call, afterwards)

    async def _take(self, offer: IncomingCall) -> None:
        """One ring, and the talk. However it ends, the robot is there for the next one."""
        self._did = _Did.NOTHING
        with suppress(CallFailed, Late, SessionOver):  # it was over before the robot had done what it wanted
            await offer.ring()
            if not self._department and self._random.random() < MISSES and self._may_miss():
                self._did = _Did.MISSED
                self.on_break = True
                await offer.ended(RINGS)
            elif not await self._taken_back(offer):
                self._did = _Did.TALKED
                await offer.answer()
                await self._talk(offer)
        self.call = None

    async def _taken_back(self, offer: IncomingCall) -> bool:
        """Whether the ring ends before the robot answers."""
        with suppress(Late):
            await offer.ended(self._pace.between(self._random, 1, 4))
            return True
        return False

    async def _talk(self, offer: IncomingCall) -> None:
        self.call = offer
        self._scores.answered += 1
        self._callers.meet(offer.caller_number)
        offer.send_tone(VOICE_HERTZ)
        await asyncio.sleep(VOICE)
        offer.send_little()  # nothing at all would be told as one-way audio
        seconds = self._pace.talk(self._random)
        self.ends_at = asyncio.get_running_loop().time() + seconds
        with suppress(Late):
            await offer.ended(seconds)
        if self.scene is not None and offer.up:
            over = asyncio.create_task(offer.ended(LONGEST_SCENE))
            waits: set[asyncio.Future[Any]] = {over, self.scene}
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            await _stop(over)
        await self._say_goodbye(offer)

    async def _say_goodbye(self, offer: IncomingCall) -> None:
        """Either side hangs up first."""
        if offer.up and self._random.random() < 0.5 and self._callers.let_go(offer.caller_number):
            with suppress(Late):
                await offer.ended(GOODBYE)
        await offer.hang_up()

    async def _finish(self) -> None:
        """After the call: a break, or the wrap-up. A call that comes meanwhile ends it."""
        if self._department:
            return
        seconds, self._wants_break = self._wants_break, 0.0
        if self._did is _Did.TALKED and not seconds and self._random.random() < BREAKS:
            seconds = self._pace.between(self._random, *AWAY)
        try:
            if self._did is _Did.MISSED:
                await asyncio.sleep(self._pace.between(self._random, *AWAY))
            elif seconds:
                self.on_break = True
                await self._desk.set_state(self.id, "not-ready", BREAK)
                await asyncio.sleep(seconds)
            elif self._did is _Did.TALKED:
                await asyncio.sleep(self._pace.wrap_up)
        finally:
            self.on_break = False
        await self.ready()


async def _stop(*tasks: "asyncio.Task[Any] | None") -> None:
    running = [task for task in tasks if task is not None]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
