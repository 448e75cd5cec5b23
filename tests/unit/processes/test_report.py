import os

from processes.report import PipeReport, pass_on


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
