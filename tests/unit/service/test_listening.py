import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from acd.records import Kind
from service.listening import follow, sentence

AT = "2026-03-03T09:30:{:06.3f}+00:00"


def step(seconds: float, kind: str, **fields: Any) -> dict[str, Any]:
    return {"at": AT.format(seconds), "kind": kind, **fields}


STORY = [
    step(0, "call-started", number="12319", language="zh", caller="", channel="c", node="local", version="v"),
    step(0.1, "menu-entered", menu="main", language="zh"),
    step(2, "said", text="绿化请按1", language="zh", interrupted=True),
    step(2, "key-pressed", key="1", menu="main"),
    step(2.1, "queued", queue="greening", language="zh", head_start=0, position=1),
    step(12, "call-finished", outcome="abandoned", by="caller", cause="16"),
]


class Service:
    """Shows one more step of the story at each look."""

    def __init__(self, story: Sequence[dict[str, Any]] = STORY, recording: Path | None = None) -> None:
        self.orders: list[dict[str, Any]] = []
        self._story, self._looks = story, 0
        self._recording = recording

    def place_call(self, order: dict[str, Any]) -> dict[str, Any]:
        self.orders.append(order)
        return {"call_id": "c1", "recording": None if self._recording is None else str(self._recording)}

    def call(self, call_id: str) -> dict[str, Any]:
        assert call_id == "c1"
        self._looks += 1
        ended = self._looks >= len(self._story)
        return {
            "id": call_id,
            "state": "ended" if ended else "menu",
            "outcome": "abandoned" if ended else None,
            "story": list(self._story[: self._looks]),
        }


class Person:
    """Reads what is shown, on a clock that only sleeping moves."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def follow(self, service: Service, keys: str = "1", *, record: Path | None = None, as_json: bool = False) -> int:
        return follow(
            service,
            "12319",
            keys,
            None,
            30,
            record,
            as_json=as_json,
            show=self.lines.append,
            sleep=self.sleep,
            clock=lambda: self.now,
        )


def test_the_story_is_told_once_and_in_order() -> None:
    person, service = Person(), Service()
    assert person.follow(service, "1, 2") == 0
    assert service.orders == [{"number": "12319", "keys": ["1", "2"], "seconds": 30, "record": False}]
    assert person.lines == [
        "   0.0 s  calling 12319, language zh",
        "   0.1 s  menu main",
        "   2.0 s  “绿化请按1” — interrupted",
        "   2.0 s  key 1",
        "   2.1 s  waits in queue greening, place 1",
        "  12.0 s  the call ends, by caller",
        "Outcome: abandoned",
    ]


def test_for_machines_each_step_is_a_line_and_the_call_the_last() -> None:
    person = Person()
    person.follow(Service(), as_json=True)
    told = [json.loads(line) for line in person.lines]
    assert told[:-1] == STORY
    assert told[-1]["outcome"] == "abandoned"


def test_what_is_no_key_is_refused_before_a_call_is_placed() -> None:
    service = Service()
    with pytest.raises(ValueError, match="'x' is no key"):
        Person().follow(service, "1,x")
    assert service.orders == []


def test_a_call_that_does_not_end_is_left_alone() -> None:
    endless = [STORY[0]] * 10_000
    person = Person()
    assert person.follow(Service(endless)) == 1
    assert 45 < person.now < 47
    assert "goes on" in person.lines[-1]


def test_the_recording_is_copied(tmp_path: Path) -> None:
    made, wanted = tmp_path / "made.wav", tmp_path / "wanted.wav"
    made.write_bytes(b"RIFF")
    assert Person().follow(Service(recording=made), record=wanted) == 0
    assert wanted.read_bytes() == b"RIFF"


def test_a_recording_that_is_not_there_is_told(tmp_path: Path) -> None:
    person = Person()
    assert person.follow(Service(recording=tmp_path / "none.wav"), record=tmp_path / "wanted.wav") == 1
    assert person.lines[-1] == "Nothing was recorded."


@pytest.mark.parametrize("kind", [kind for kind in Kind if not kind.startswith(("agent-", "hotline-"))])
def test_every_step_of_a_call_has_words_of_its_own(kind: Kind) -> None:
    assert not sentence({"at": AT.format(0), "kind": kind, "marker": 1}).startswith(kind)


def test_a_step_that_is_not_known_is_shown_as_it_is() -> None:
    assert sentence({"at": AT.format(0), "kind": "survey-answered", "grade": 5}) == 'survey-answered {"grade": 5}'
