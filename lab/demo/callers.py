"""Robot callers: each has a phone, presses keys, waits, talks, hangs up or gives up."""

import asyncio
from contextlib import suppress
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from hotline.model import Hotline
from lab.demo.desk import Desk
from lab.demo.errands import NUMBER, caller_number, drawn
from lab.demo.pace import Pace
from lab.demo.scores import Scores
from lab.phone import Call, CallFailed, Late, Phone, SessionOver

ANSWER = 20.0
"""Seconds in which the hotline must answer."""

TALKS_ON = 120.0
"""Seconds after which a caller who talks with a person hangs up."""

HUM, HUM_HERTZ, HUM_EVERY = 0.3, 330, 5.0
"""Seconds, hertz and seconds: a robot hums now and then, so that a person hears that somebody is there."""

FIRST = 10.0
"""Seconds at the beginning in which half as many callers come as there are agents."""

LONG = 86_400.0


class Callers:
    """`meetings`: robots who talk are found there by their number, so that an agent's robot may let them hang up."""

    def __init__(self, sip: tuple[str, int], hotline: Hotline, pace: Pace, desk: Desk, scores: Scores) -> None:
        self.meetings: dict[str, Call] = {}
        self._sip, self._pace, self._desk, self._scores = sip, pace, desk, scores
        self._zone = ZoneInfo(hotline.timezone)
        self._random = Random()
        self._met: dict[str, asyncio.Event] = {}
        self._most = 3 * pace.agents + 10

    def meet(self, number: str) -> None:
        """An agent's robot has answered the call of this number."""
        if number in self._met:
            self._met[number].set()

    async def come(self) -> None:
        """Callers come for ever, as the day's curve says; some at once, so that there is something to see."""
        async with asyncio.TaskGroup() as calls:
            for _ in range(max(1, self._pace.agents // 2)):
                calls.create_task(self._later(self._random.uniform(0, FIRST)))
            while True:
                rate = self._pace.live_rate(datetime.now(self._zone))
                await asyncio.sleep(self._random.expovariate(rate))
                calls.create_task(self._later(0))

    async def _later(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        scores = self._scores
        if scores.live >= self._most:
            scores.left_out += 1
            return
        number = caller_number(self._random.randrange(10**8))
        scores.calls += 1
        scores.live += 1
        self._met[number] = asyncio.Event()
        try:
            async with Phone(self._sip, number=number, taciturn=True, keep=1) as phone:
                await self._call(phone, number)
        except (CallFailed, Late):
            scores.failed += 1
        finally:
            scores.live -= 1
            del self._met[number]
            self.meetings.pop(number, None)

    async def _call(self, phone: Phone, number: str) -> None:
        call = await phone.place(NUMBER)
        await call.answered(ANSWER)
        self.meetings[number] = call
        humming = asyncio.create_task(_hum(call))
        try:
            with suppress(SessionOver, ValueError):  # the other side ends the call meanwhile
                keys = drawn(self._random)
                for key in keys:
                    await _stays(call, self._random.uniform(2, 6))
                    await call.press(key)
                await self._wait(call, number, patience=self._pace.patience(self._random) if keys else 5.0)
        finally:
            humming.cancel()
            await asyncio.wait({humming})
            await call.hang_up()

    async def _wait(self, call: Call, number: str, patience: float) -> None:
        """To the end of the call, or of the caller's patience while nobody answers."""
        over, met = asyncio.create_task(call.ended(LONG)), asyncio.create_task(self._met[number].wait())
        try:
            await asyncio.wait({over, met}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            if over.done():
                return
            if met.done():
                await over
            elif await self._desk.waits(number):
                self._scores.gave_up += 1
            else:  # with a person, or with a department
                await asyncio.wait({over}, timeout=TALKS_ON)
        finally:
            for task in (over, met):
                task.cancel()
            await asyncio.wait({over, met})


async def _stays(call: Call, seconds: float) -> None:
    """Wait. Raises SessionOver if the call ends meanwhile."""
    with suppress(Late):
        await call.ended(seconds)
        raise SessionOver


async def _hum(call: Call) -> None:
    while call.up:
        await asyncio.sleep(HUM_EVERY)
        call.send_tone(HUM_HERTZ)
        await asyncio.sleep(HUM)
        call.send_nothing()
