import os

import pytest

from service.process.report import READY_PIPE, PipeReport, pass_on


class Listener:
    """Keeps the reports."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str | bool]] = []

    def step(self, text: str) -> None:
        self.told.append(("step", text))

    def problem(self, text: str) -> None:
        self.told.append(("problem", text))

    def ready(self, already: bool) -> None:
        self.told.append(("ready", already))


def test_what_is_told_arrives() -> None:
    reading, writing = os.pipe()
    report = PipeReport(writing)
    report.step("制作提示音")
    report.problem("two\nlines")
    report.ready(already=True)
    report.step("later: nobody listens any more")
    listener = Listener()
    assert pass_on(reading, listener)
    assert listener.told == [("step", "制作提示音"), ("problem", "two\nlines"), ("ready", True)]


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


def test_without_a_listener_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(READY_PIPE, raising=False)
    pipe = PipeReport.taken(READY_PIPE)
    assert not pipe.listened_to
    pipe.ready(already=False)
    pipe.problem("why")


def test_the_pipe_is_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    monkeypatch.setenv(READY_PIPE, str(writing))
    pipe = PipeReport.taken(READY_PIPE)
    assert READY_PIPE not in os.environ
    assert not os.get_inheritable(writing)
    pipe.ready(already=False)
    with os.fdopen(reading) as end:
        assert end.read() == '["ready", false]\n'
