"""Robot agents: each has a phone, signs in, answers, talks, wraps up, has a break now and then."""

import asyncio
from contextlib import suppress
from random import Random

from lab.demo.callers import LONG, Callers
from lab.demo.desk import Desk
from lab.demo.pace import LONGEST_WRAP_UP, Pace
from lab.demo.past import BREAKS, MISSES
from lab.demo.scores import Scores
from lab.phone import CallFailed, IncomingCall, Late, Phone

VOICE, VOICE_HERTZ = 0.8, 440
"""Seconds and hertz of the tone that a robot says when it answers."""

AWAY = 30.0, 90.0
"""Seconds of a break, at least and at most."""

GOODBYE = 5.0
"""Seconds in which the other side's hang-up arrives."""


class Robot:
    """One agent, or with `department` a phone that is rung whether signed in or not."""

    def __init__(
        self, phone: Phone, pace: Pace, desk: Desk, callers: Callers, scores: Scores, *, department: bool = False
    ) -> None:
        self._phone, self._pace, self._desk = phone, pace, desk
        self._callers, self._scores, self._department = callers, scores, department
        self._random = Random()

    async def work(self, signed_in: asyncio.Event) -> None:
        """Register, sign in (then `signed_in` is set), take one call after the other for ever."""
        async with self._phone as phone:
            await phone.register()
            await self._ready()
            signed_in.set()
            while True:
                with suppress(CallFailed, Late):  # it was over before the robot had done what it wanted
                    await self._take(await phone.incoming(LONG))

    async def _take(self, offer: IncomingCall) -> None:
        await offer.ring()
        if not self._department and self._random.random() < MISSES:
            await offer.cancelled(LONG)
            await asyncio.sleep(self._random.uniform(*AWAY))
            await self._ready()
            return
        with suppress(Late):
            await offer.cancelled(self._random.uniform(1, 4))
            await self._ready()  # on a slow machine it may count as missed
            return
        await offer.answer()
        self._scores.answered += 1
        self._callers.meet(offer.caller_number)
        offer.send_tone(VOICE_HERTZ)
        await asyncio.sleep(VOICE)
        offer.send_nothing()
        with suppress(Late):
            await offer.ended(self._pace.talk(self._random))
        await self._say_goodbye(offer)
        if not self._department:
            await self._finish()

    async def _say_goodbye(self, offer: IncomingCall) -> None:
        """Either side hangs up first."""
        caller = self._callers.meetings.get(offer.caller_number)
        if offer.up and caller is not None and self._random.random() < 0.5:
            await caller.hang_up()
            with suppress(Late):
                await offer.ended(GOODBYE)
        await offer.hang_up()

    async def _finish(self) -> None:
        """After the talk: a break, or the wrap-up."""
        if self._random.random() < BREAKS:
            await self._desk.ask(self._phone.number, "not-ready", "break")
            await asyncio.sleep(self._random.uniform(*AWAY))
            await self._ready()
        elif self._pace.wrap_up < LONGEST_WRAP_UP:
            await asyncio.sleep(self._pace.wrap_up)
            await self._ready()

    async def _ready(self) -> None:
        if not self._department:
            await self._desk.ask(self._phone.number, "ready")
