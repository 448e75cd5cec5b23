"""What several commands share: asking a person before something is lost."""

import os
import pty
import subprocess
import sys

import pytest
import typer

from base.folders import CHECKOUT
from commands.options import fail
from sentences.sentence import Sentence

ASKING = """
import typer
from commands.options import consent

def lose() -> None:
    consent("All calls end.", yes=False)
    typer.echo("done")

typer.run(lose)
"""


@pytest.mark.parametrize(
    ("typed", "status", "told"), [("y\n", 0, "done"), ("n\n", 1, "Nothing was done"), ("\n", 1, "")]
)
def test_a_person_at_a_terminal_is_asked(typed: str, status: int, told: str) -> None:
    person, terminal = pty.openpty()
    try:
        os.write(person, typed.encode())
        asked = subprocess.run(
            [sys.executable, "-c", ASKING], cwd=CHECKOUT, stdin=terminal, capture_output=True, text=True, check=False
        )
    finally:
        os.close(person)
        os.close(terminal)
    assert asked.returncode == status, asked.stderr
    assert "All calls end. Go on?" in asked.stdout + asked.stderr
    assert told in asked.stdout + asked.stderr


def test_without_a_terminal_nothing_is_done_and_the_way_is_told() -> None:
    asked = subprocess.run(
        [sys.executable, "-c", ASKING],
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (asked.returncode, asked.stdout) == (1, "")
    assert asked.stderr == "All calls end. Nobody can be asked here: give --yes if that is meant\n"


@pytest.mark.parametrize(
    ("language", "told"), [("zh_CN.UTF-8", "没有版本 7"), ("en_GB.UTF-8", "There is no version 7")]
)
def test_a_failure_is_told_in_the_terminals_language(
    language: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    with pytest.raises(typer.Exit):
        fail(Sentence("There is no version {count}; ./wutong versions lists them.", count=7))
    assert capsys.readouterr().err.startswith(told)
