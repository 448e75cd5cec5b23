"""`./wutong card`."""

from pathlib import Path

import pytest

from commands.client import Client
from drawing.card import printing
from hotline.loader import load
from tests.unit.commands.given import given
from tests.unit.hotline.folders import small, written
from trees import drawing_commands


def test_a_side_for_each_language_and_a_poster(folder: Path, tmp_path: Path) -> None:
    done = given("card", tmp_path / "card.svg", folder)
    assert done.stdout.split() == [str(tmp_path / "card-1.svg"), str(tmp_path / "card-2.svg")]
    assert "绿化" in (tmp_path / "card-1.svg").read_text(encoding="utf-8")
    assert "Greening" in (tmp_path / "card-2.svg").read_text(encoding="utf-8")
    given("card", tmp_path / "one.svg", folder, "--language", "en", "--poster")
    assert 'height="297mm"' in (tmp_path / "one.svg").read_text(encoding="utf-8")
    given("card", tmp_path / "card.html", folder)
    assert "tel:12319" in (tmp_path / "card.html").read_text(encoding="utf-8")


def test_a_pdf_needs_a_font_and_says_so(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if any(each.is_dir() for each in printing.FONTS):
        given("card", tmp_path / "card.pdf", folder)
        assert (tmp_path / "card.pdf").read_bytes().startswith(b"%PDF-")
    monkeypatch.setattr(printing, "FONTS", ())
    assert "fonts-noto-cjk" in given("card", tmp_path / "card.pdf", folder, status=1).stderr


def test_a_hotline_with_errors_gets_no_card(folder: Path, tmp_path: Path) -> None:
    written(folder, small(('      "2": {menu: water}\n', "")))
    assert "without errors only" in given("card", tmp_path / "card.svg", folder, status=1).stderr
    assert not list(tmp_path.glob("*.svg"))


def test_an_edited_folder_is_not_what_callers_hear(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_use = "a version of before"
    monkeypatch.setenv("WUTONG_HOTLINE", str(folder))
    monkeypatch.setattr(drawing_commands, "client_here", lambda _: Client("http://127.0.0.1:1", "t"))
    monkeypatch.setattr(Client, "version_in_use", lambda _: in_use)
    state = ("--state", tmp_path / "state")
    assert "./wutong reload" in given("card", tmp_path / "card.svg", *state, status=1).stderr
    hotline = load(folder).hotline
    assert hotline is not None
    in_use = hotline.version
    given("card", tmp_path / "card.svg", *state)
    in_use = "another"
    given("card", tmp_path / "card.svg", folder, *state)  # a draft that was named


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["card.png"], "end the file's name"),
        (["card.html", "--poster"], "--poster goes with"),
        (["card.svg", "--language", "fr"], "zh, en"),
    ],
)
def test_what_is_not_possible_is_told(folder: Path, tmp_path: Path, arguments: list[str], said: str) -> None:
    name, *options = arguments
    assert said in given("card", tmp_path / name, folder, *options, status=1).stderr
