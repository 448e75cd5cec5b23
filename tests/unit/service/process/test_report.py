import os

from service.process.report import Line, PipeReport, listen


def test_what_is_told_arrives() -> None:
    reading, writing = os.pipe()
    report = PipeReport(writing)
    report.step("制作提示音")
    report.problem("two\nlines")
    report.ready(already=True)
    report.step("later: nobody listens any more")
    assert list(listen(reading)) == [
        Line("step", "制作提示音"),
        Line("problem", "two\nlines"),
        Line("ready", "already"),
    ]


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
    assert list(listen(reading)) == []
