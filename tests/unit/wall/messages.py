"""Queues and agents as the event stream tells them."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from wall.board import Board

AT = 1_741_000_000.0
"""When the messages were sent, in seconds since the epoch."""


def queue(key: str = "greening", waiting: int = 0, longest: float = 0.0, **more: Any) -> dict[str, Any]:
    agents = dict.fromkeys(("ready", "ringing", "on_call", "wrap_up", "not_ready", "unreachable"), 0)
    return {
        "id": key,
        "name": {"zh": "绿化", "en": key.capitalize()},
        "waiting": waiting,
        "talking": 0,
        "longest_wait_s": longest,
        "estimate_s": 61.0,
        "agents": agents | more.pop("agents", {}),
        "service_level": {"percent": 91.5, "within_s": 15.0, "target_percent": 80.0},
        "new in a later version": True,
        **more,
    }


def agent(number: str = "1001", state: str = "ready", since: float = 60.0, **more: Any) -> dict[str, Any]:
    """`since`: seconds before AT."""
    more = {"name": "绿化一席", "reason": "", "phone": "free", "queue": None, "test": False, **more}
    return {"id": number, "state": state, "since": ago(since), "skills": {}, **more}


def ago(seconds: float) -> str:
    """So many seconds before AT, as messages have it."""
    return datetime.fromtimestamp(AT - seconds, UTC).isoformat()


def message(*queues: Any, agents: Any = (), hours: Mapping[str, Sequence[int | None]] = {}) -> str:
    """`hours`: the last hour of queues, by id."""
    told = [{"queue": name, "until": ago(0), "waiting": waiting} for name, waiting in hours.items()]
    return json.dumps({"at": ago(0), "queues": queues, "agents": agents, "last_hour": told})


def board(*queues: Any, agents: Any = (), hours: Mapping[str, Sequence[int | None]] = {}) -> Board:
    made = Board()
    made.take("state", message(*queues, agents=agents, hours=hours))
    return made
