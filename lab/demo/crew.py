"""All robot agents. Each looks after itself; what none of them noticed is noticed here."""

import asyncio
from random import Random
from typing import Any

from lab.demo.desk import Desk
from lab.demo.pace import Pace
from lab.demo.robot import Robot
from lab.demo.scores import Scores

ROUND = 10.0
"""Seconds between two looks at the agents' states."""

AFTER = 2
"""Looks after which a robot that should work, and does not, is made ready: one may come between two of its steps."""


class Crew:
    """`robots`: by their agents' ids."""

    def __init__(self, pace: Pace, desk: Desk, scores: Scores) -> None:
        self.robots: dict[str, Robot] = {}
        self._pace, self._desk, self._scores = pace, desk, scores
        self._random = Random()
        self._missing: dict[str, int] = {}

    def may_miss(self) -> bool:
        """Whether a robot may miss its call: not while another one is away."""
        return not any(robot.on_break for robot in self.robots.values())

    def in_talk(self, least: float) -> Robot | None:
        """One by chance whose talk goes on for at least so many seconds of people, and with which nobody does anything
        yet.
        """
        until = asyncio.get_running_loop().time() + self._pace.seconds(least)
        found = [
            robot
            for robot in self.robots.values()
            if robot.call is not None and robot.call.up and robot.ends_at > until and robot.scene is None
        ]
        return self._random.choice(found) if found else None

    async def idle(self) -> Robot | None:
        """One by chance who is ready, with a free phone."""
        ready = [
            agent["id"] for agent in await self._desk.agents() if (agent["state"], agent["phone"]) == ("ready", "free")
        ]
        found = [self.robots[agent_id] for agent_id in ready if agent_id in self.robots]
        return self._random.choice(found) if found else None

    async def look_after(self) -> None:
        """For ever: make ready whoever should be so, and is not. That should never happen; it is counted."""
        while True:
            await asyncio.sleep(max(1.0, self._pace.seconds(ROUND)))
            for agent in await self._desk.agents():
                robot = self.robots.get(agent["id"])
                if robot is not None:
                    await self._look(robot, agent)

    async def _look(self, robot: Robot, agent: dict[str, Any]) -> None:
        astray = agent["state"] in ("not-ready", "logged-out") and not robot.on_break
        looks = self._missing.get(robot.id, 0) + 1 if astray else 0
        self._missing[robot.id] = looks
        if looks > AFTER:
            self._scores.woken += 1
            self._missing[robot.id] = 0
            await robot.ready()
