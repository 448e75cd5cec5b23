"""Drafts in memory, that do what the real workshop promises."""

import asyncio
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from drawing.listing import OutlineOut
from publishing.drafts import Workshop
from tests.unit.drawing.graphs import of

_STEP = {
    "at_s": 0.0,
    "place": "menus/main",
    "where": "the menu main",
    "language": "zh",
    "said": [
        {
            "language": "zh",
            "text": "绿化请按1。",
            "speaker": "voice",
            "seconds": 2.5,
            "sound": "/api/v1/drafts/sounds/0b7c5a0d2f4e6918",
        }
    ],
    "wait_s": 5.0,
    "did": None,
    "leads": False,
}


@cache
def _outline() -> dict[str, Any]:
    return OutlineOut.of(of(), "<svg/>").model_dump(mode="json")


class FakeDrafts(Workshop):
    """`answers` by task, `failure`: what the next one raises instead, `asked`: what was wanted. `held`: what work waits
    for; `given_up`: how often it was given up meanwhile.
    """

    def __init__(self) -> None:
        self.failure: Exception | None = None
        self.held: asyncio.Event | None = None
        self.given_up = 0
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.sounds: dict[str, tuple[str, bytes]] = {"0b7c5a0d2f4e6918": ("audio/wav", b"RIFF")}
        self.answers: dict[str, Any] = {
            "check": {"usable": True, "problems": [], "more": 0},
            "outline": deepcopy(_outline()),
            "walk": {
                "head": "2026-10-01 09:00 (Asia/Shanghai): an unknown number calls 12319, in Chinese",
                "at": "2026-10-01T09:00:00+08:00",
                "number": "12319",
                "caller": "",
                "language": "zh",
                "steps": [_STEP],
                "unvoiced": None,
                "keys": {"1": "the queue greening"},
                "asks": True,
                "left": [],
                "numbers": ["12319"],
                "languages": ["zh", "en"],
            },
            "tests": {
                "summary": "0 tests",
                "tests": [],
                "choices": 3,
                "missing": [{"place": "menus/main", "choice": "1"}],
            },
            "replay": {
                "summary": "Of 20 callers in the last 7 days 3 would have ended elsewhere",
                "days": 7,
                "callers": 20,
                "elsewhere": 3,
                "not_counted": 0,
                "changes": [{"callers": 3, "sentence": "3 callers …", "place": None}],
            },
            "edit": {
                "files": {"hotline.yaml": "name: 新\n"},
                "also": [{"file": "hotline.yaml", "path": ["queues", "gas", "announce"]}],
                "countries": {},
                "values": {"hotline.yaml": {"name": "新"}, "agents.yaml": None},
                "usable": True,
                "problems": [],
                "more": 0,
            },
            "differences": [{"place": "menus/main", "sentence": "Key 1 in the menu main is gone"}],
        }

    async def work(self, task: str, given: Mapping[str, Any]) -> Any:
        if self.failure is not None:
            raise self.failure
        self.asked.append((task, given))
        if self.held is not None:
            try:
                await self.held.wait()
            except asyncio.CancelledError:
                self.given_up += 1
                raise
        return self.answers[task]

    async def sound(self, sound_id: str, speak: str) -> tuple[str, bytes] | None:
        if self.failure is not None:
            raise self.failure
        return self.sounds.get(sound_id)
