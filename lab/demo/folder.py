"""The demo's hotline: the sample's menus and queues, robots for agents, and one seat for a person."""

import json
import shutil
from pathlib import Path
from typing import Any

from base.folders import SAMPLE_HOTLINE

SUBJECTS = ("greening", "water", "drainage", "gas", "roads", "traffic", "housing")

SEAT = "1000"
"""The agent whose seat is free for a person."""

DEPARTMENTS = ("2200", "2201", "2202")
"""Phones of the sample's sub-hotlines; robots answer them, too."""


def robots(agents: int) -> list[str]:
    """Ids of the robots who are agents."""
    return [str(1001 + number) for number in range(agents)]


def write(folder: Path, agents: int) -> None:
    """Make the hotline's folder. `agents`: how many robots."""
    shutil.copytree(SAMPLE_HOTLINE, folder)
    everything = {"general": 5, **dict.fromkeys(SUBJECTS, 5)}
    people = [_agent(SEAT, "Your seat 您的坐席", everything)]
    for number, agent_id in enumerate(robots(agents)):
        people.append(_agent(agent_id, f"Robot {number + 1} 机器人", _skills(number, agents)))
    people += [_agent(phone, "Robot 机器人（部门）", {}) for phone in DEPARTMENTS]
    lines = [f"  - {json.dumps(agent, ensure_ascii=False)}\n" for agent in people]
    (folder / "agents.yaml").write_text("agents:\n" + "".join(lines), encoding="utf-8")


def _agent(agent_id: str, name: str, skills: dict[str, int]) -> dict[str, Any]:
    return {"id": agent_id, "name": name, "skills": skills}


def _skills(number: int, agents: int) -> dict[str, int]:
    """Every subject has somebody who knows it well, as long as there is one agent. Everybody knows three more well
    enough for their callers, every second one gas, which must not wait, and all take general calls.
    """
    of = len(SUBJECTS)
    own = {SUBJECTS[index % of]: 4 for index in range(number, max(of, agents), agents)}
    beside = {SUBJECTS[(number + step) % of]: 3 for step in (1, 2, 4)}
    urgent = {"gas": 3} if number % 2 else {}
    return {"general": 2, **beside, **urgent, **own}
