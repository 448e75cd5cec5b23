import os
from collections.abc import Sequence

import pytest

from processes.report import PipeReport, pass_on
from sentences.sentence import Sentence


class Listener:
    """Keeps the reports."""

    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []

    def step(self, text: str) -> None:
        self.told.append(("step", text))

    def problem(self, text: str) -> None:
        self.told.append(("problem", text))

    def ready(self, already: bool, number: str = "", agents: Sequence[str] = ()) -> None:
        self.told.append(("ready", already, number, *agents))


def test_what_is_told_arrives() -> None:
    reading, writing = os.pipe()
    report = PipeReport(writing)
    report.step("制作提示音")
    report.problem("two\nlines")
    report.ready(already=True, number="12319", agents=["1001"])
    report.step("later: nobody listens any more")
    listener = Listener()
    assert pass_on(reading, listener)
    assert listener.told == [("step", "制作提示音"), ("problem", "two\nlines"), ("ready", True, "12319", "1001")]


def test_a_sentence_is_told_in_the_language_of_whoever_started_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    reading, writing = os.pipe()
    report = PipeReport(writing)
    report.step(Sentence("starting the service"))
    report.ready(already=False)
    listener = Listener()
    assert pass_on(reading, listener)
    assert listener.told == [("step", "启动服务"), ("ready", False, "")]


def test_a_listener_who_left_is_no_trouble() -> None:
    reading, writing = os.pipe()
    report = PipeReport(writing)
    os.close(reading)
    report.step("one")
    report.problem("two")
    report.ready(already=False)


def test_an_end_without_ready_ends_the_listening() -> None:
    reading, writing = os.pipe()
    os.close(writing)
    assert not pass_on(reading, Listener())
