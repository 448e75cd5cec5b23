"""A hotline with many offices side by side, each with queues, agents and a department of its own."""

import json
from pathlib import Path

OFFICES = 20
"""Histories side by side."""

ROLES = ("first", "second", "colleague", "other_colleague", "third", "department", "nobody")
"""Who works at one office. `nobody`: no phone is registered."""


def agent_id(office: int, role: str) -> str:
    return f"1{office:02}{ROLES.index(role) + 1}"


def write_hotline(folder: Path) -> Path:
    """The hotline's folder, made. Its texts are those of the other test hotlines: no prompt is to be made."""
    agents, queues, lines, menus = [], {}, {}, {}
    skills = {"first": "home", "second": "home", "third": "other"}
    for office in range(OFFICES):
        for role in ROLES:
            has = {f"{skills[role]}-{office}": 3} if role in skills else {}
            agents.append({"id": agent_id(office, role), "name": "一席", "skills": has})
        queue = {"name": {"zh": "绿化"}, "ring": "120s", "missed_offers": 10, "wrap_up": "0s"}
        home = {f"home-{office}": 1}
        queues[f"plain-{office}"] = {**queue, "needs": home}
        queues[f"everybody-{office}"] = {**queue, "needs": home, "strategy": "ring-all"}
        queues[f"other-{office}"] = {**queue, "needs": {f"other-{office}": 1}, "extension": f"6{office:02}"}
        lines[f"line-{office}"] = {
            "name": {"zh": "值班"},
            "dial": agent_id(office, "department"),
            "extension": f"7{office:02}",
            "ring": "120s",
            "failed": {"queue": f"other-{office}"},
        }
    otherwise = {"repeat": 1, "then": {"queue": "plain-0"}}
    menu = {"say": {"zh": "绿化请按1"}, "wait": "60s", "no_input": otherwise, "invalid": otherwise}
    for ten in range(OFFICES // 10):
        for kind in ("plain", "everybody"):
            keys = {str(one): {"queue": f"{kind}-{10 * ten + one}"} for one in range(10)}
            menus[f"{kind}-{ten}"] = {**menu, "keys": keys}
    menus["main"] = {**menu, "keys": {str(index): {"menu": name} for index, name in enumerate(menus)}}
    hotline = {
        "hotline": "12319",
        "name": {"zh": "测试热线"},
        "numbers": ["12319", "12320"],
        "languages": ["zh"],
        "timezone": "Asia/Shanghai",
        "greeting": {"zh": "您好，这里是测试热线"},
        "goodbye": {"zh": "感谢来电，再见"},
        "entry": "main",
        "fallback": {"sub_hotline": "line-0"},
        "menus": menus,
        "queues": queues,
        "sub_hotlines": lines,
    }
    folder.mkdir()
    for name, content in (("hotline", hotline), ("agents", {"agents": agents})):
        (folder / f"{name}.yaml").write_text(json.dumps(content, ensure_ascii=False, indent=1))  # JSON is YAML
    return folder
