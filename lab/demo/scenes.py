"""What happens in a demo by itself, done: with robots that talk, and over HTTP. `programme` says when."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from random import Random
from typing import Any

import structlog

from lab.demo.callers import Callers
from lab.demo.crew import Crew
from lab.demo.desk import Desk
from lab.demo.errands import GAS
from lab.demo.pace import Pace
from lab.demo.programme import Scene, programme
from lab.demo.robot import Robot
from lab.demo.scores import Scores

log = structlog.get_logger(__name__)

Tell = Callable[[str], object]

SMELL_GAS, WITHIN = 0.6, 30.0
"""Of a burst: callers for each agent, and seconds of people in which they come."""

LEAST_LEFT = 20.0
"""Seconds of people that a talk must still have for a scene."""

TRIES, AGAIN = 24, 5.0
"""How often a scene is tried, and after how many seconds of people again: it needs a talk, and perhaps a
colleague who is free.
"""

ANSWERS = 15.0
"""Seconds in which a colleague answers who is asked."""

ASKS = 12.0
"""Seconds of people for which an agent asks a colleague."""

BACK_AFTER, NOTICED = 60.0, 20.0
"""Seconds of people after which another phone replaces a dead one; seconds until a dead phone is noticed."""

RESTS = 180.0
"""Seconds of people of the break."""

MESSAGE_FOR, LEAST_ON = 120.0, 60
"""Seconds of people for which the emergency message is on; seconds that the hotline asks for at least."""

CONCERNED = 3
"""Callers who call because of it: by chance nobody else may call in these two minutes."""

MESSAGE = {
    "zh": "如果闻到燃气味，请先关阀门、开窗，到室外再打电话。",
    "en": "If you smell gas, close the valve, open the windows, and call from outside.",
}
"""A text of the sample: it ships as sound, so no voice has to be there."""


class Scenes:
    """`tell` gets a line for each scene."""

    def __init__(self, crew: Crew, callers: Callers, desk: Desk, pace: Pace, scores: Scores, tell: Tell) -> None:
        self._crew, self._callers, self._desk = crew, callers, desk
        self._pace, self._scores, self._tell = pace, scores, tell
        self._random = Random()
        self._do: dict[Scene, Callable[[], Awaitable[str | None]]] = {
            Scene.CONSULTATION: lambda: self._consultation("return"),
            Scene.BURST: self._burst,
            Scene.TAKE_OVER: lambda: self._consultation("complete"),
            Scene.DEPARTMENT: self._to_a_department,
            Scene.PHONE_DIES: self._phone_dies,
            Scene.BREAK: self._break,
            Scene.EMERGENCY: self._emergency,
        }

    async def go_on(self) -> None:
        """Each scene at its time, for ever."""
        began = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as running:
            for due in programme():
                left = began + self._pace.seconds(due.at) - asyncio.get_running_loop().time()
                await asyncio.sleep(max(0.0, left))
                running.create_task(self._play(due.scene))

    async def _play(self, scene: Scene) -> None:
        """A scene that cannot be is tried again. What goes wrong in one is logged, and the demo goes on."""
        for _ in range(TRIES):
            try:
                done = await self._do[scene]()
            except Exception:
                log.exception("scene", scene=scene.name)
                self._scores.not_played += 1
                self._say(f"went wrong, demo.log says how: {scene}")
                return
            if done is not None:
                self._scores.played += 1
                return
            await asyncio.sleep(max(1.0, self._pace.seconds(AGAIN)))
        self._scores.not_played += 1
        self._say(f"left out, as nobody was free for it or talked long enough: {scene}")

    def _say(self, words: str) -> None:
        self._tell(f"{datetime.now():%H:%M:%S} ▶ {words}")  # noqa: DTZ005 - for people here

    # -- the scenes: each answers None where it cannot be now --------------------------------------------------------

    async def _burst(self) -> str:
        count = max(3, round(self._pace.agents * SMELL_GAS))
        self._say(f"{Scene.BURST}: {count} callers. Look at the tile Gas")
        await self._callers.crowd(GAS, count, self._pace.seconds(WITHIN))
        return "done"

    async def _consultation(self, ends: str) -> str | None:
        async with self._talk() as (robot, call):
            colleague = await self._crew.idle()
            if robot is None or call is None or colleague is None:
                return None
            if not await self._desk.transfer(call["id"], {"agent": colleague.id}, "consult"):
                return None
            scene = Scene.CONSULTATION if ends == "return" else Scene.TAKE_OVER
            self._say(f"{scene}: {robot.id} asks {colleague.id}. Look at both cards, or ./wutong top")
            if await _within(ANSWERS, lambda: colleague.call is not None):
                await asyncio.sleep(self._pace.seconds(ASKS))
                if await self._desk.order(call["id"], ends):
                    return "done"
            self._say("the colleague did not answer, or somebody hung up: once more with another talk")
            await self._desk.order(call["id"], "return")
            return None

    async def _to_a_department(self) -> str | None:
        async with self._talk() as (robot, call):
            if robot is None or call is None:
                return None
            if not await self._desk.transfer(call["id"], {"sub_hotline": "greening-bureau"}, "blind"):
                return None
            self._say(f"{Scene.DEPARTMENT}: {robot.id} sends the caller there")
            return "done"

    async def _phone_dies(self) -> str | None:
        robot = self._crew.in_talk(LEAST_LEFT)
        if robot is None:
            return None
        self._say(f"{Scene.PHONE_DIES}: {robot.id}. Look at the card, red in some seconds")
        await robot.die(max(NOTICED, self._pace.seconds(BACK_AFTER)))
        self._say(f"the phone of {robot.id} is back")
        return "done"

    async def _break(self) -> str | None:
        robot = self._crew.in_talk(0)
        if robot is None:
            return None
        robot.rest(self._pace.seconds(RESTS))
        self._say(f"{Scene.BREAK}: {robot.id}, for {self._pace.seconds(RESTS):.0f} s")
        return "done"

    async def _emergency(self) -> str | None:
        seconds = self._pace.seconds(MESSAGE_FOR)
        lasts = await self._desk.emergency_on(MESSAGE, f"{max(LEAST_ON + 1, round(seconds))}s")
        if lasts is None:
            return None
        self._say(
            f"{Scene.EMERGENCY}, for {seconds:.0f} s. Look at the line at the top of each page; call 12319 to hear it"
        )
        async with asyncio.TaskGroup() as running:
            self._callers.message_s = lasts
            running.create_task(self._callers.crowd(GAS, CONCERNED, self._pace.seconds(WITHIN)))
            try:
                await asyncio.sleep(seconds)
            finally:
                self._callers.message_s = 0.0
                await self._desk.emergency_off()
            self._say("the emergency message is off")
        return "done"

    @contextlib.asynccontextmanager
    async def _talk(self) -> AsyncIterator[tuple[Robot | None, dict[str, Any] | None]]:
        """A robot in a talk, which waits for the end of the block, and its call as HTTP tells it; None: none fits."""
        robot = self._crew.in_talk(LEAST_LEFT)
        if robot is None:
            yield None, None
            return
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        robot.scene = ended
        try:
            yield robot, next((call for call in await self._desk.talks() if call["agent"] == robot.id), None)
        finally:
            ended.set_result(None)
            robot.scene = None


async def _within(seconds: float, true: Callable[[], bool]) -> bool:
    """Whether it comes true in that time."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not true():
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(0.2)
    return True
