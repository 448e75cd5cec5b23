"""Drafts: whatever their files hold, each task on them is answered, and none by a mistake of Wutong's."""

import atexit
import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st

from hotline.files import AGENTS, HOTLINE, TESTS
from lab.fuzz.documents import FOLDER, GOOD, mangled
from lab.fuzz.properties import Property
from settings.settings import Settings
from trees.draft_worker import answer
from trees.drafting import Drafts

HOURS = """
calendars:
  city: {off: [2026-10-01], working: [2026-10-10], until: 2100}

opening_hours:
  office: {calendar: city, week: {mon-fri: "09:00-17:00"}, special: {2026-12-31: "09:00-12:00"}}
"""

FILES = {
    HOTLINE: GOOD[HOTLINE].replace(
        '"1": {queue: greening}', '"1": {queue: greening, hours: office, closed: {queue: general}}', 1
    )
    + HOURS,
    AGENTS: GOOD[AGENTS],
    TESTS: """
tests:
  - {name: night, at: 2026-10-01 09:00, keys: [silence, "5", "1"], expect: {queue: general}}
  - {name: English, from: "13800000000", keys: ["8", "1"], language: zh, expect: {language: en, words: [Greening]}}
""",
}

GIVEN: dict[str, dict[str, Any]] = {
    "check": {},
    "tests": {},
    "outline": {"language": None, "days": None, "against": 1, "before": FILES},  # with the picture
    "walk": {
        "at": "2026-10-01 09:00",
        "number": None,
        "caller": "",
        "language": None,
        "keys": ["5", "silence", "2", "*"],
    },
    "differences": {"against": 1, "before": FILES},
    "edit": {
        "edits": [
            {"do": "set", "file": HOTLINE, "path": ["queues", "new"], "value": {"needs": {"new": 1}}},
            {"do": "rename", "file": HOTLINE, "path": ["menus", "main", "keys", "1"], "to": "2"},
            {"do": "remove", "file": AGENTS, "path": ["agents", 0]},
        ]
    },
}
"""Task → what a request says beside the files."""


@cache
def _drafts() -> Drafts:
    state = TemporaryDirectory()
    atexit.register(state.cleanup)
    settings = Settings(state=Path(state.name), hotline=FOLDER)
    settings.folder.make()
    return Drafts(settings)


def is_answered(changed: tuple[str, str]) -> None:
    """`changed`: the name of a file and its text."""
    name, text = changed
    for task, more in GIVEN.items():
        given = {
            "files": {**FILES, name: text},
            "folder": str(FOLDER),
            "speak": "zh",
            "before": None,
            "paths": None,
            **more,
        }
        said = answer(_drafts(), json.dumps({"task": task, "given": given}).encode())
        assert "mistake" not in said, f"{task}: {said['mistake']}"
        json.dumps(said, ensure_ascii=False).encode()


CHANGED = st.sampled_from((HOTLINE, HOTLINE, AGENTS, TESTS)).flatmap(
    lambda name: mangled(FILES[name]).map(lambda text: (name, text))
)

PROPERTIES = (
    Property("draft", "Every task on a draft with a mangled file is answered.", is_answered, {"changed": CHANGED}),
)
