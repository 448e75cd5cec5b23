"""`./wutong init`: what it asks, what it takes, and that it overwrites nothing."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from base.failure import NotDone
from hotline.beginning import YAML, Answers
from hotline.loader import load
from hotline.schema import documents
from service.cli.commands import app
from sounds.phrases import LANGUAGES
from trees.beginning import NAMES, Options, answered, write, zone_here

FILES = (*YAML, "schema/hotline.json", "schema/agents.json", "schema/tests.json")
ANSWERS = Answers({"en": "City hotline"}, "12300", "Europe/Dublin")


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit status, output, errors."""
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.stdout, result.stderr


def test_a_hotline_by_options(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "hotline"
    options = (
        "--languages",
        "en,zh",
        "--name",
        "City hotline",
        "--name",
        "市民热线",
        "--number",
        "+353123",
        "--agents",
        "3",
    )
    status, output, errors = run("init", str(folder), *options, "--timezone", "Europe/Dublin")
    assert (status, output.split()) == (0, [str(folder / name) for name in FILES])
    assert f"./wutong up --hotline {folder}" in errors
    found = load(folder)
    assert found.problems == ()
    assert found.hotline is not None
    assert found.hotline.name == {"en": "City hotline", "zh": "市民热线"}
    assert (found.hotline.numbers, found.hotline.timezone) == (("+353123",), "Europe/Dublin")
    assert len(found.hotline.agents) == 4
    assert run("check", str(folder), "--json")[0] == 0


def test_a_hotline_without_any_answer(tmp_path: Path) -> None:
    assert run("init", str(tmp_path / "own"))[0] == 0
    found = load(tmp_path / "own")
    assert found.problems == ()
    assert found.hotline is not None
    assert found.hotline.name == NAMES


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("there", ["file", "folder", "dangling link"])
def test_nothing_is_overwritten(tmp_path: Path, name: str, there: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    match there:
        case "file":
            path.write_text("mine")
        case "folder":
            path.mkdir()
        case _:
            path.symlink_to(tmp_path / "nowhere")
    status, output, errors = run("init", str(tmp_path))
    assert (status, output) == (1, "")
    assert f"{path} is there already" in errors
    assert os.listdir(tmp_path) == [name.partition("/")[0]]
    assert not path.is_file() or path.read_text() == "mine"


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def full(path: Path, mode: str = "r", *rest: object, **more: object) -> object:
        if mode == "x" and path.name == "agents.yaml":
            raise OSError(28, "No space left on device")
        return opened(path, mode, *rest, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OSError, match="No space"):
        write(tmp_path / "own", "own", ANSWERS, "en")
    assert os.listdir(tmp_path / "own") == []


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--languages", "fr"), "'fr' is not a list of languages: give one or more of zh, en"),
        (("--languages", "zh,zh"), "each once"),
        (("--languages", " , "), "is not a list of languages"),
        (("--languages", "zh", "--name", "一", "--name", "One"), "2 names and 1 languages"),
        (("--number", "12-345"), "'12-345' is not a number of a hotline"),
        (("--timezone", "Asia/Shanghay"), "did you mean 'Asia/Shanghai'?"),
        (("--agents", "0"), "'0' is not a number of agents: give 1 to 50"),
        (("--name", "热线🙂"), "cannot be spoken"),
        (("--name", "a; b"), "cannot be in a name"),
        (("--name", ""), "there are no words here"),
    ],
)
def test_an_answer_that_makes_no_hotline_is_refused(tmp_path: Path, options: tuple[str, ...], why: str) -> None:
    status, output, errors = run("init", str(tmp_path / "own"), *options)
    assert (status, output) == (1, "")
    assert why in errors, errors
    assert not (tmp_path / "own").exists()


def test_only_what_no_option_gives_is_asked() -> None:
    asked: list[tuple[str, str]] = []

    def ask(question: str, default: str) -> str:
        asked.append((question, default))
        return default

    options = Options(names=["市民热线"], number="12300")
    answers = answered(options, ask, "zh", here="Europe/Dublin")
    assert asked == [
        ("语言，默认语言在前", "zh,en"),
        ("热线的名字（en）", NAMES["en"]),
        ("时区", "Europe/Dublin"),
        ("坐席数", "2"),
    ]
    assert answers == Answers({"zh": "市民热线", "en": NAMES["en"]}, "12300", "Europe/Dublin", 2)
    answered(Options(), ask, "en", here=None)
    assert ("Name of the hotline in zh", NAMES["zh"]) in asked
    assert ("Time zone", "Asia/Shanghai") in asked


def test_a_hotline_has_a_name_in_every_language() -> None:
    assert set(NAMES) == set(LANGUAGES)


def test_this_machines_time_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TZ", raising=False)
    link = tmp_path / "localtime"
    assert zone_here(link) is None
    for target, zone in (("Europe/Dublin", "Europe/Dublin"), ("Etc/UTC", None), ("UTC", None), ("No/Where", None)):
        link.unlink(missing_ok=True)
        link.symlink_to(f"/usr/share/zoneinfo/{target}")
        assert zone_here(link) == zone, target
    monkeypatch.setenv("TZ", ":Asia/Shanghai")
    assert zone_here(link) == "Asia/Shanghai"


def test_an_odd_name_of_the_folder_does_no_harm(tmp_path: Path) -> None:
    folder = tmp_path / "a\nb: c {0}"
    with pytest.raises(NotDone):
        write(folder, str(folder), Answers({"en": "🙂"}, "12300", "UTC"), "en")
    write(folder, str(folder), ANSWERS, "en")
    assert load(folder).problems == ()


def test_schemas_are_printed_and_written(tmp_path: Path) -> None:
    status, output, _ = run("schema", "--to", str(tmp_path / "own"))
    assert (status, output.split()) == (0, [str(tmp_path / "own" / name) for name in documents()])
    for arguments, name in (((), "hotline.json"), (("agents.yaml",), "agents.json"), (("tests",), "tests.json")):
        status, output, _ = run("schema", *arguments)
        assert (status, output) == (0, documents()[name]) == (0, (tmp_path / "own" / name).read_text(encoding="utf-8"))
    status, output, errors = run("schema", "settings.toml")
    assert (status, output, errors) == (
        1,
        "",
        "there is no schema of settings.toml: give hotline.yaml, agents.yaml or tests.yaml\n",
    )
