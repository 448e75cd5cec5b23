import io
from pathlib import Path

import pytest
from rich.console import Console

from base.folders import StateFolder
from doctor.status import Status
from service.cli.terminal import show_status, show_up, spans


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["1001"], "1001"),
        (["1001", "1002", "1003", "2200", "2201", "3000"], "1001 to 1003, 2200 to 2201, 3000"),
        (["099", "100", "0101", "102"], "099 to 100, 0101, 102"),
        ([str(number) for number in range(10, 30, 2)], "10, 12, 14, 16, 18, 20 …"),
    ],
)
def test_only_what_is_there_is_said_of_agents_phones(names: list[str], words: str) -> None:
    assert spans(names) == words


def test_the_status_is_told_in_the_terminals_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Status(pid=7, ready=True, asterisk_pid=8, http="http://127.0.0.1:8080")
    for language, told in (
        ("C", ["service          process 7, takes calls", "Asterisk         process 8", "supervisor       none"]),
        ("zh_CN.UTF-8", ["服务             进程 7，接听来电", "Asterisk         进程 8", "监管程序         无"]),
    ):
        monkeypatch.setenv("LC_ALL", language)
        show_status(found, StateFolder(tmp_path))
        assert capsys.readouterr().out.splitlines()[:3] == told


@pytest.mark.parametrize(
    ("hotline", "told", "shown"),
    [
        ("/nowhere", ("12345", ["1001", "1002"]), ("Dial sip:12345@127.0.0.1:5060", "1001 to 1002")),
        (None, ("", []), ("Dial sip:12319@127.0.0.1:5060", "1001")),
    ],
    ids=["as the service said", "as the folder says"],
)
def test_whom_to_call_and_who_answers(
    tmp_path: Path, folder: Path, hotline: str | None, told: tuple[str, list[str]], shown: tuple[str, str]
) -> None:
    found = Status(hotline=hotline or str(folder), sip="127.0.0.1:5060", http="http://127.0.0.1:5000")
    show_up(Console(file=(out := io.StringIO()), width=200), found, StateFolder(tmp_path / "state"), *told)
    words = " ".join(out.getvalue().split())
    assert all(each in words for each in shown), words
