import io
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.options import DOWN
from service.cli.commands import app
from wall.command import Server, spoken, where

TOKEN = "a token of twenty characters".replace(" ", "-")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--json",), 1, "--json goes with --once"),
        (("--once", "--token", TOKEN), 1, "--token goes with --url"),
        (("--once",), DOWN, "start it with ./wutong up, or give --url"),
        (("--once", "--language", "fr"), DOWN, "nothing runs on"),
        (("--url", "http://127.0.0.1:1", "--token", TOKEN, "--language", "fr"), 1, "zh or en, not fr"),
        (("--url", "http://127.0.0.1:1"), 1, "--url needs a token"),
        (("--url", "http://127.0.0.1:1", "--token", "a\r\nb"), 1, "characters that no token has"),
        (("--url", "ftp://127.0.0.1", "--token", TOKEN), 1, "not an address of a Wutong"),
        (("--url", "http://wang:secret@127.0.0.1", "--token", TOKEN), 1, "not an address of a Wutong"),
        (("--url", "http://127.0.0.1:1", "--token", TOKEN), 1, "top needs a terminal"),
    ],
)
def test_what_cannot_be_watched_is_said(arguments: tuple[str, ...], status: int, words: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ("top", *arguments, "--state", str(tmp_path)))
    assert (result.exit_code, words in result.stderr) == (status, True), result.stderr


@pytest.mark.parametrize(
    ("variables", "typed"),
    [({"WUTONG_TOP_TOKEN": TOKEN}, ""), ({}, f"{TOKEN}\nand more"), ({"WUTONG_TOP_TOKEN": ""}, TOKEN)],
)
def test_a_token_need_not_stand_where_others_see_it(
    variables: dict[str, str], typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`ps` shows every user of the machine what stands on a command line."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert where(None, "https://hotline.example", None).token == TOKEN


def test_a_token_on_the_command_line_still_counts_and_is_warned_of(tmp_path: Path) -> None:
    given = ("--url", "http://127.0.0.1:1", "--token", TOKEN, "--state", str(tmp_path))
    said = CliRunner().invoke(app, ("top", *given)).stderr
    assert "WUTONG_TOP_TOKEN" in said
    assert TOKEN not in said


def test_another_machine_and_its_language() -> None:
    assert where(None, "https://hotline.example/", TOKEN) == Server("https://hotline.example", TOKEN, here=False)
    assert where(None, "http://[::1]:8080", TOKEN).short == "[::1]:8080"
    assert TOKEN not in repr(where(None, "https://hotline.example", TOKEN))
    assert (spoken("zh"), spoken("en")) == ("zh", "en")
