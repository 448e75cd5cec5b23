"""The crew looks after robots that should work and do not."""

import asyncio
from typing import Any

from lab.demo.callers import Callers
from lab.demo.crew import Crew
from lab.demo.desk import Desk
from lab.demo.pace import Pace
from lab.demo.robot import Robot
from lab.demo.scores import Scores
from lab.patience import until
from lab.phone import Phone

NOWHERE = ("127.0.0.1", 9)


class OneAgent(Desk):
    """The service's side: one agent, in a state that the test sets."""

    def __init__(self, state: str) -> None:
        super().__init__("http://127.0.0.1:9", "")
        self.state, self.looks = state, 0

    async def agents(self) -> list[dict[str, Any]]:
        self.looks += 1
        return [{"id": "1001", "state": self.state, "phone": "free"}]

    async def set_state(self, agent_id: str, state: str, reason: str = "") -> None:
        self.state = state


def crew_of(desk: OneAgent) -> tuple[Crew, Robot, Scores]:
    pace, scores = Pace(1, 60, speed=10), Scores()
    crew = Crew(pace, desk, scores)
    callers = Callers(NOWHERE, pace, desk, scores, before=0)
    robot = crew.robots["1001"] = Robot(
        "1001", lambda: Phone(NOWHERE, "1001", ""), pace, desk, callers, scores, crew.may_miss
    )
    return crew, robot, scores


async def test_a_robot_that_is_not_ready_without_a_reason_is_made_ready_and_counted() -> None:
    desk = OneAgent("not-ready")
    crew, _, scores = crew_of(desk)
    looking = asyncio.create_task(crew.look_after())
    await until("the robot is ready", lambda: asyncio.sleep(0, desk.state), lambda state: state == "ready")
    looking.cancel()
    assert scores.woken == 1
    assert "1 robots woken" in str(scores)
    await desk.close()


async def test_a_break_is_left_alone_and_nobody_misses_a_call_meanwhile() -> None:
    desk = OneAgent("not-ready")
    crew, robot, scores = crew_of(desk)
    assert crew.may_miss()
    robot.on_break = True
    assert not crew.may_miss()
    looking = asyncio.create_task(crew.look_after())
    await until("five looks", lambda: asyncio.sleep(0, desk.looks), lambda looks: looks >= 5)
    looking.cancel()
    assert (desk.state, scores.woken) == ("not-ready", 0)
    await desk.close()


async def test_who_is_idle() -> None:
    desk = OneAgent("ready")
    crew, robot, _ = crew_of(desk)
    assert await crew.idle() is robot
    assert crew.in_talk(0) is None
    desk.state = "on-call"
    assert await crew.idle() is None
    await desk.close()
