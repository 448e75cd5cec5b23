import json
import re
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from base.failure import NotDone
from calls.call_commands import follow
from calls.model import Outcome
from commands.client import Client, NoAnswer, Refused

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


class Service(Client):
    """Shows one more step of the story at each look."""

    def __init__(
        self, story: Sequence[dict[str, Any]] = STORY, recording: Path | None = None, outcome: str = "abandoned"
    ) -> None:
        self.orders: list[dict[str, Any]] = []
        self._story, self._looks, self._outcome = story, 0, outcome
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
            "outcome": self._outcome if ended else None,
            "story": list(self._story[: self._looks]),
        }


class Person:
    """Reads what is shown. Only sleeping moves the clock."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def follow(
        self,
        service: Service,
        keys: str = "1",
        *,
        record: Path | None = None,
        answer: bool = False,
        as_json: bool = False,
    ) -> int:
        return follow(
            service,
            "12319",
            keys,
            None,
            30,
            record,
            answer=answer,
            as_json=as_json,
            show=self.lines.append,
            sleep=self.sleep,
            clock=lambda: self.now,
        )


class Restarting(Service):
    """After the first two looks, does not answer for some looks."""

    def __init__(self, away: int, refused: Refused) -> None:
        super().__init__()
        self._away, self._refused = away, refused

    def call(self, call_id: str) -> dict[str, Any]:
        if self._looks == 2 and self._away:
            self._away -= 1
            raise self._refused
        return super().call(call_id)


def test_a_call_goes_on_while_the_service_is_restarted() -> None:
    calm, person = Person(), Person()
    calm.follow(Service())
    assert person.follow(Restarting(20, NoAnswer({"detail": "why"}))) == 0
    assert person.lines.pop(2) == "The service does not answer. Its calls go on as long as Asterisk runs."
    assert person.lines == calm.lines


@pytest.mark.parametrize(("away", "how"), [(1, Refused), (1_000, NoAnswer)])
def test_a_service_that_refuses_or_does_not_come_back_ends_the_story(away: int, how: type[Refused]) -> None:
    with pytest.raises(how, match="why"):
        Person().follow(Restarting(away, how({"detail": "why"})))


def test_the_story_is_told_once_and_in_order() -> None:
    person, service = Person(), Service()
    assert person.follow(service, "1, 2") == 0
    assert service.orders == [{"number": "12319", "keys": ["1", "2"], "seconds": 30, "record": False}]
    assert person.lines == [
        "   0.0 s  Number hidden called 12319.",
        "   0.1 s  Menu: main.",
        "   2.0 s  Heard, until it was interrupted: 绿化请按1",
        "   2.0 s  Pressed 1.",
        "   2.1 s  Waits for greening, at place 1.",
        "  12.0 s  The call ended: the caller hung up.",
        "Outcome: abandoned",
    ]


@pytest.mark.parametrize("outcome", Outcome)
def test_each_outcome_has_chinese_words(outcome: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    person = Person()
    person.follow(Service(outcome=outcome.value))
    assert re.fullmatch("结果：[\u4e00-\u9fff]+", person.lines[-1])


def test_for_machines_each_step_is_a_line_and_the_call_the_last() -> None:
    person = Person()
    person.follow(Service(), as_json=True)
    told = [json.loads(line) for line in person.lines]
    assert told[:-1] == STORY
    assert told[-1]["outcome"] == "abandoned"


def test_a_robot_agent_is_asked_for_and_missed_where_the_call_comes_to_no_queue() -> None:
    person, service = Person(), Service()
    assert person.follow(service, answer=True) == 1
    assert service.orders[0]["answer"] is True
    assert person.lines[-1] == "Outcome: abandoned"
    assert Person().follow(Service(outcome="answered"), answer=True) == 0
    assert Person().follow(Service()) == 0, "a person wants to see what happens, whatever that is"
    alone = Person()
    alone.follow(Service([*STORY[:3], STORY[-1]]), answer=True)
    assert "came to none" in alone.lines[-1]


def test_what_is_no_key_is_refused_before_a_call_is_placed() -> None:
    service = Service()
    with pytest.raises(NotDone, match="'x' is not a key"):
        Person().follow(service, "1,x")
    assert service.orders == []


def test_a_hang_up_because_the_time_was_over_is_told() -> None:
    person = Person()
    person.follow(Service([*STORY[:-1], step(29.2, "call-finished", outcome="abandoned", by="caller")]))
    assert person.lines[-2] == "  29.2 s  Hung up after 30 s; --seconds gives the call more."
    other = Person()
    other.follow(Service([*STORY[:-1], step(29.2, "call-finished", outcome="message", by="system")]))
    assert other.lines[-2] == "  29.2 s  The call ended: ended by the system."


def test_a_call_that_does_not_end_is_left_alone() -> None:
    endless = [STORY[0]] * 10_000
    person = Person()
    assert person.follow(Service(endless)) == 1
    assert 45 < person.now < 47
    assert "goes on" in person.lines[-1]


def sound(path: Path, header: int | None = None) -> bytes:
    """A finished wave file, or one whose header says that `header` bytes follow; its content."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes(bytes(320))
    content = path.read_bytes()
    if header is not None:
        content = content[:40] + header.to_bytes(4, "little") + content[44:]
        path.write_bytes(content)
    return content


def test_the_recording_is_moved(tmp_path: Path) -> None:
    made, wanted = tmp_path / "made.wav", tmp_path / "wanted.wav"
    content = sound(made)
    assert Person().follow(Service(recording=made), record=wanted) == 0
    assert wanted.read_bytes() == content
    assert not made.exists()


def test_a_recording_is_moved_once_it_is_finished(tmp_path: Path) -> None:
    """Asterisk writes its header when all the rest is on the disk, a little after the end of the call."""
    made, wanted = tmp_path / "made.wav", tmp_path / "wanted.wav"
    sound(made, header=0)
    content = b""

    class Waiting(Person):
        def sleep(self, seconds: float) -> None:
            nonlocal content
            super().sleep(seconds)
            if self.lines and self.lines[-1].startswith("Outcome"):
                content = sound(made)

    assert Waiting().follow(Service(recording=made), record=wanted) == 0
    assert wanted.read_bytes() == content != b""


def test_one_that_is_never_finished_is_moved_all_the_same(tmp_path: Path) -> None:
    made, wanted = tmp_path / "made.wav", tmp_path / "wanted.wav"
    content = sound(made, header=0)
    assert Person().follow(Service(recording=made), record=wanted) == 0
    assert wanted.read_bytes() == content


@pytest.mark.parametrize("how", [KeyboardInterrupt, Refused({"detail": "why"})])
def test_a_recording_of_a_call_that_is_not_followed_to_its_end_is_not_left_behind(
    tmp_path: Path, how: BaseException
) -> None:
    made = tmp_path / "made.wav"
    sound(made)

    class Broken(Service):
        def call(self, call_id: str) -> dict[str, Any]:
            raise how

    with pytest.raises((KeyboardInterrupt, Refused)):
        Person().follow(Broken(recording=made), record=tmp_path / "wanted.wav")
    assert list(tmp_path.iterdir()) == []


def test_a_recording_that_is_not_there_is_told(tmp_path: Path) -> None:
    person = Person()
    assert person.follow(Service(recording=tmp_path / "none.wav"), record=tmp_path / "wanted.wav") == 1
    assert person.lines[-1] == "Nothing was recorded."


@pytest.mark.parametrize("target", ["nowhere/a.wav", "", "file/a.wav"])
def test_a_place_where_no_recording_can_be_is_refused_before_a_call_is_placed(tmp_path: Path, target: str) -> None:
    (tmp_path / "file").touch()
    service = Service()
    with pytest.raises(NotDone, match=r"^--record: .*folder"):
        Person().follow(service, record=tmp_path / target)
    assert service.orders == []


def test_a_recording_that_cannot_be_copied_stays_where_it_is(tmp_path: Path) -> None:
    made, wanted = tmp_path / "made.wav", tmp_path / "folder" / "wanted.wav"
    sound(made)
    wanted.parent.mkdir()

    class Slow(Service):
        def call(self, call_id: str) -> dict[str, Any]:
            if wanted.parent.exists():
                wanted.parent.rmdir()  # while the call is heard
            return super().call(call_id)

    person = Person()
    assert person.follow(Slow(recording=made), record=wanted) == 1
    assert str(made) in person.lines[-1]
    assert made.exists()
