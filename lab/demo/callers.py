"""Robot callers: each has a phone, presses keys, waits, talks, hangs up or gives up."""

import asyncio
from contextlib import suppress
from random import Random

from lab.demo.desk import Desk
from lab.demo.errands import NUMBER, caller_number, drawn, returning
from lab.demo.pace import Pace
from lab.demo.scores import Scores
from lab.phone import Call, CallFailed, Late, Phone, SessionOver

ANSWER = 20.0
"""Seconds in which the hotline must answer."""

TALKS_ON = 120.0
"""Seconds after which a caller who talks with a person, or with a department, hangs up."""

LONGEST = 900.0
"""Seconds after which every caller hangs up, however the call goes."""

BETWEEN_KEYS = 1.0
"""Seconds: the hotline is given so long to go from one menu to the next, however fast people are."""

HUM, HUM_HERTZ, HUM_EVERY = 0.3, 330, 5.0
"""Seconds, hertz and seconds: a robot hums now and then, so that a person hears that somebody is there."""

FIRST = 10.0
"""Seconds at the beginning in which half as many callers come as there are agents."""


class Meeting:
    """What a caller's robot and an agent's robot know of each other: `met` once the agent has answered; `leaves` once
    the caller is to hang up.
    """

    def __init__(self) -> None:
        self.met, self.leaves = asyncio.Event(), asyncio.Event()


class Callers:
    """`message_s`: seconds of the emergency message, which no key skips; 0: none is on. `before`: how many
    callers the history has; some of them call again.
    """

    def __init__(self, sip: tuple[str, int], pace: Pace, desk: Desk, scores: Scores, before: int) -> None:
        self.message_s = 0.0
        self._sip, self._pace, self._desk, self._scores = sip, pace, desk, scores
        self._count = before
        self._random = Random()
        self._meetings: dict[str, Meeting] = {}
        self._most = 3 * pace.agents + 10

    def meet(self, number: str) -> None:
        """An agent's robot has answered the call of this number."""
        if (meeting := self._meetings.get(number)) is not None:
            meeting.met.set()

    def let_go(self, number: str) -> bool:
        """The caller of this number is to hang up. False: it is no robot's."""
        meeting = self._meetings.get(number)
        if meeting is not None:
            meeting.leaves.set()
        return meeting is not None

    async def come(self) -> None:
        """Callers come for ever; some at once, so that there is something to see."""
        async with asyncio.TaskGroup() as calls:
            for _ in range(max(1, self._pace.agents // 2)):
                calls.create_task(self._calls(drawn(self._random), self._pace.between(self._random, 0, FIRST)))
            while True:
                await asyncio.sleep(self._random.expovariate(self._pace.rate))
                calls.create_task(self._calls(drawn(self._random)))

    async def crowd(self, keys: str, callers: int, within: float) -> None:
        """So many callers press these keys, and come within so many seconds. Ends with the last of their calls."""
        async with asyncio.TaskGroup() as calls:
            for _ in range(callers):
                calls.create_task(self._calls(keys, self._random.uniform(0, within)))

    async def _calls(self, keys: str, after: float = 0.0) -> None:
        """One call, after so many seconds."""
        await asyncio.sleep(after)
        scores = self._scores
        if scores.live >= self._most:
            scores.left_out += 1
            return
        number = self._next_number()
        scores.calls += 1
        scores.live += 1
        meeting = self._meetings[number] = Meeting()
        try:
            async with asyncio.timeout(self._pace.seconds(LONGEST)):
                async with Phone(self._sip, number=number, taciturn=True, keep=1) as phone:
                    await self._call(phone, number, meeting, keys)
        except (CallFailed, TimeoutError):
            scores.failed += 1
        finally:
            scores.live -= 1
            del self._meetings[number]

    def _next_number(self) -> str:
        """Of nobody who is calling now."""
        number = caller_number(returning(self._random, self._count))
        while number in self._meetings or number == caller_number(self._count):
            number = caller_number(self._count)
            self._count += 1
        return number

    async def _call(self, phone: Phone, number: str, meeting: Meeting, keys: str) -> None:
        call = await phone.place(NUMBER)
        await call.answered(ANSWER)
        humming = asyncio.create_task(_hum(call))
        try:
            with suppress(SessionOver, ValueError):  # the other side ends the call meanwhile
                await _stays(call, self.message_s)
                for key in keys:
                    await _stays(call, max(BETWEEN_KEYS, self._pace.between(self._random, 2, 6)))
                    await call.press(key)
                patience = self._pace.patience(self._random) if keys else self._pace.seconds(5)
                await self._wait(call, number, meeting, patience)
        finally:
            humming.cancel()
            await asyncio.gather(humming, return_exceptions=True)
            await call.hang_up()

    async def _wait(self, call: Call, number: str, meeting: Meeting, patience: float) -> None:
        """To the end of the call, or until an agent's robot lets the caller go, or to the end of the caller's patience
        while nobody answers.
        """
        over, met, leaves = tasks = [
            asyncio.create_task(waiting) for waiting in (call.ended(LONGEST), meeting.met.wait(), meeting.leaves.wait())
        ]
        try:
            await asyncio.wait({over, met}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            if met.done():
                await asyncio.wait({over, leaves}, return_when=asyncio.FIRST_COMPLETED)
            elif over.done():
                return
            elif await self._desk.waits(number):
                self._scores.gave_up += 1
            else:  # with a person, or with a department
                await asyncio.wait({over}, timeout=self._pace.seconds(TALKS_ON))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _stays(call: Call, seconds: float) -> None:
    """Wait. Raises SessionOver if the call ends meanwhile."""
    with suppress(Late):
        await call.ended(seconds)
        raise SessionOver


async def _hum(call: Call) -> None:
    while call.up:
        call.send_little()  # nothing at all would be told as one-way audio
        await asyncio.sleep(HUM_EVERY)
        call.send_tone(HUM_HERTZ)
        await asyncio.sleep(HUM)
