"""How problems look: for people, for GitHub, for programs; in English and Chinese."""

import json
import os
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from base.folders import SAMPLE_HOTLINE
from hotline.problem import Problem, Spot, error, warning
from sentences.sentence import Sentence
from service.cli.commands import app
from trees.findings import annotation, excerpt, summary

SPOT = Spot("hotline.yaml", 2, 12)
DANGLING = error("dangling", SPOT, Sentence("there is no menu 'watr'"), Sentence("did you mean 'water'?"))


def at(line: int, column: int) -> Problem:
    return error("dangling", Spot("hotline.yaml", line, column), Sentence("x"), Sentence("y"))


def test_the_line_and_a_caret() -> None:
    assert excerpt(DANGLING, ["menus:", "  x: {menu: watr}"]) == ["    2 │   x: {menu: watr}", "      │            ^"]


def test_the_caret_stands_below_wide_characters() -> None:
    sentence, caret = excerpt(at(1, 5), ["供水请按5。"])
    assert cell_len(caret[: caret.index("^")]) == cell_len(sentence[: sentence.index("5")])


@pytest.mark.parametrize("column", [1, 150, 299])
def test_a_long_line_is_cut_around_the_spot(column: int) -> None:
    line = "".join(chr(ord("a") + n % 26) for n in range(300))
    sentence, caret = excerpt(at(1, column), [line])
    assert sentence[caret.index("^")] == line[column - 1]
    assert len(sentence) < 120


def test_what_could_disturb_a_terminal_is_not_shown() -> None:
    assert excerpt(at(1, 1), ["a\x1b[31m\u202eb"])[0] == "    1 │ a [31m b"


@pytest.mark.parametrize(("line", "lines"), [(3, ["a", "b"]), (1, [])])
def test_a_spot_that_is_in_no_line(line: int, lines: list[str]) -> None:
    assert excerpt(at(line, 1), lines) == []


def test_an_annotation_of_github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    inside = (
        "::error file=own/hotline.yaml,line=2,col=12,title=dangling::there is no menu 'watr' — did you mean 'water'?"
    )
    assert annotation(DANGLING, Path("own")) == inside
    odd = warning("x", Spot("a,b:c.yaml", 1, 1), Sentence("100 %\nmore"), Sentence("y"))
    assert annotation(odd, Path("own")) == "::warning file=own/a%2Cb%3Ac.yaml,line=1,col=1,title=x::100 %25%0Amore — y"


def test_the_summary() -> None:
    assert summary([DANGLING, DANGLING], Path("own"), "en") == "own: 2 errors, 0 warnings"
    assert summary([warning("x", SPOT, Sentence("y"), Sentence("z"))], Path("own"), "en") == "own: 0 errors, 1 warning"
    assert summary([DANGLING], Path("own"), "zh") == "own：1 个错误，0 个警告"


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """The sample with a mistake in line 25."""
    for name in ("hotline.yaml", "agents.yaml"):
        text = (SAMPLE_HOTLINE / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("{menu: utilities}", "{menu: utilitis}"), encoding="utf-8")
    return tmp_path


def checked(folder: Path, *options: str, language: str = "en_GB.UTF-8") -> str:
    result = CliRunner(env={"LC_ALL": language}).invoke(app, ["check", str(folder), *options])
    assert result.exit_code == 1
    return result.stdout


def test_check_says_it_in_the_language_of_the_terminal(wrong: Path) -> None:
    english, chinese = checked(wrong).splitlines(), checked(wrong, language="zh_CN.UTF-8").splitlines()
    assert english[0].endswith(": error: there is no menu 'utilitis' — did you mean 'utilities'?")
    assert chinese[0].endswith(": 错误: 没有菜单 'utilitis' — 是不是 'utilities'？")
    assert english[1] == chinese[1]
    assert "{menu: utilitis}" in english[1]
    assert english[2].index("^") == english[1].index("utilitis")


def test_what_is_elsewhere_is_not_shown_and_a_pipe_not_waited_for(wrong: Path, tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("token-that-nobody-may-see")
    folder = tmp_path / "hotline"
    folder.mkdir()
    (folder / "agents.yaml").write_text((wrong / "agents.yaml").read_text())
    (folder / "hotline.yaml").symlink_to(tmp_path / "secrets.json")
    (line,) = checked(folder).splitlines()
    assert "it is a link out of the folder" in line
    (folder / "hotline.yaml").unlink()
    os.mkfifo(folder / "hotline.yaml")
    (line,) = checked(folder).splitlines()
    assert "is not a file" in line


def test_the_json_has_the_same_names_in_every_language(wrong: Path) -> None:
    (english, *_), (chinese, *_) = (
        json.loads(checked(wrong, "--json")),
        json.loads(checked(wrong, "--json", language="zh_CN")),
    )
    assert english.keys() == chinese.keys()
    assert {**english, "message": chinese["message"], "hint": chinese["hint"]} == chinese
    assert chinese["message"] == "没有菜单 'utilitis'"
    assert json.loads(checked(wrong, "--format", "json")) == json.loads(checked(wrong, "--json"))


def test_annotations_are_lines_of_their_own(wrong: Path) -> None:
    lines = checked(wrong, "--format", "github").splitlines()
    assert lines
    assert all(line.startswith(("::error file=", "::warning file=")) for line in lines)


def test_colours_are_for_terminals(wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" not in checked(wrong)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;31merror\x1b[0m" in checked(wrong)
