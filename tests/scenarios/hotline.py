"""The hotline of the scenarios: so many places side by side, each with menus, queues and agents of its own. A queue for
which nobody is rung is there once.

Names in a description are those of one place: agent `one`, queue `trees`. In the hotline's files the place's number is
in them.
"""

import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

PLACES = 36

ROLES = ("one", "two", "three", "bureau")
"""`one` and `two` know trees, `three` knows everything else, `bureau` answers the department's line."""

LINE, BRIEF = "line", "brief"
"""Sub-hotlines whose phone is the bureau's. One rings long, the other one not."""

_WITH_PLACE = re.compile(r"([a-z]+)-\d\d")


def agent_id(place: int, role: str) -> str:
    return f"1{place:02}{ROLES.index(role) + 1}"


def number(place: int) -> str:
    """What callers dial."""
    return f"123{place:02}"


def extension(place: int, target: str) -> str:
    """The number by which an agent's phone reaches a queue, the department's line or an agent."""
    if target in ROLES:
        return agent_id(place, target)
    return f"{_EXTENSIONS[target]}{place:02}"


_EXTENSIONS = {"general": "6", LINE: "7"}


def without_place(name: str) -> str:
    """A name of the hotline's files as descriptions have it: `trees-07` is `trees`, `1072` is `two`."""
    if re.fullmatch(r"1\d\d[1-4]", name):
        return ROLES[int(name[-1]) - 1]
    return _WITH_PLACE.sub(r"\1", name)


def day(epoch: float) -> date:
    """By the hotline's clock."""
    return datetime.fromtimestamp(epoch, ZoneInfo("Asia/Shanghai")).date()


def write(folder: Path, today: date) -> Path:
    """The folder, made. Its texts are those of the other test hotlines: no prompt is to be made. `today`: the queue
    `night` is closed then.
    """
    hotline: dict[str, Any] = {
        "hotline": "12319",
        "name": {"zh": "测试热线"},
        "numbers": [{"number": number(place), "entry": f"main-{place:02}"} for place in range(PLACES)],
        "languages": ["zh"],
        "timezone": "Asia/Shanghai",
        "greeting": {"zh": "您好，这里是测试热线"},
        "goodbye": {"zh": "感谢来电，再见"},
        "fallback": {"sub_hotline": f"{LINE}-00"},
        "opening_hours": {"another-day": {"week": {f"{today + timedelta(days=3):%a}".lower(): "09:00-17:00"}}},
        "menus": {},
        "queues": _of_nobody(),
        "sub_hotlines": {},
    }
    agents: list[dict[str, Any]] = [{"id": "1990", "name": "一席", "skills": {"nothing": 1}}]
    for place in range(PLACES):
        for section, named in _place(place).items():
            hotline[section] |= {f"{name}-{place:02}": item for name, item in named.items()}
        skills = {"one": "trees", "two": "trees", "three": "general"}
        for role in ROLES:
            has = {f"{skills[role]}-{place:02}": 3} if role in skills else {}
            agents.append({"id": agent_id(place, role), "name": "一席", "skills": has})
    folder.mkdir()
    for name, content in (("hotline", hotline), ("agents", {"agents": agents})):
        (folder / f"{name}.yaml").write_text(json.dumps(content, ensure_ascii=False, indent=1))  # JSON is YAML
    return folder


_BUSY = {"say": {"zh": "现在很忙"}, "then": {"hangup": True}}


def _of_nobody() -> dict[str, Any]:
    queue = {"name": {"zh": "绿化"}, "needs": {"nothing": 1}}
    return {
        "spill": {**queue, "overflow": [{"waited": "3s", "then": _BUSY}]},
        "night": {**queue, "hours": "another-day", "closed": _BUSY},
        "full": {**queue, "overflow": [{"waiting": 1, "then": _BUSY}]},
    }


def _place(place: int) -> dict[str, dict[str, Any]]:
    """Menus, queues and the line of one place, by their names there. Phones ring and menus wait so long that on a busy
    machine neither ends of itself, but where that is what a scenario is about.
    """

    def to(queue: str) -> dict[str, str]:
        return {"queue": f"{queue}-{place:02}"}

    trees = {
        "name": {"zh": "绿化"},
        "needs": {f"trees-{place:02}": 1},
        "ring": "120s",
        "missed_offers": 10,
        "wrap_up": "0s",
    }
    others = {**trees, "name": {"zh": "综合"}, "needs": {f"general-{place:02}": 1}}
    line = {"name": {"zh": "值班"}, "dial": agent_id(place, "bureau"), "failed": to("general")}
    otherwise = {"repeat": 1, "then": to("general")}
    menu = {"say": {"zh": "绿化请按1"}, "wait": "60s", "no_input": otherwise, "invalid": otherwise}
    return {
        "menus": {
            "main": {
                **menu,
                "keys": {
                    "1": to("trees"),
                    "2": {"menu": f"more-{place:02}"},
                    "3": {"sub_hotline": f"{LINE}-{place:02}"},
                    "4": {"say": {"zh": "今天停水"}, "then": {"hangup": True}},
                    "5": to("everybody"),
                    "7": {"queue": "spill"},
                    "8": to("manned"),
                    "9": to("wrapped"),
                    "0": to("general"),
                    "*": {"repeat": True},
                    "#": {"menu": f"silent-{place:02}"},
                },
            },
            "more": {
                **menu,
                "keys": {
                    "1": {"queue": "night"},
                    "2": {"queue": "full"},
                    "3": {"sub_hotline": f"{BRIEF}-{place:02}"},
                    "#": {"menu": f"main-{place:02}"},
                },
            },
            "silent": {**menu, "wait": "1s", "keys": {"0": to("general")}},
        },
        "queues": {
            "trees": {**trees, "keys": {"0": to("general")}},
            "everybody": {**trees, "strategy": "ring-all"},
            "manned": {**trees, "overflow": [{"nobody_signed_in": "0s", "then": to("general")}]},
            "wrapped": {**trees, "ring": "8s", "wrap_up": "60s", "missed_offers": 1},
            "general": {**others, "extension": extension(place, "general")},
        },
        "sub_hotlines": {
            LINE: {**line, "ring": "120s", "extension": extension(place, LINE)},
            BRIEF: {**line, "ring": "4s"},
        },
    }
