"""What `up` shows once all is up."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from base.folders import StateFolder
from doctor.status import Status
from service.cli.terminal import show_up


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
