"""`./wutong picture`."""

import asyncio
from pathlib import Path

import pytest

from journal import database
from settings.settings import load
from tests.unit.commands.given import given
from tests.unit.hotline.folders import small, written


def test_it_is_printed_or_written_as_the_file_is_called(folder: Path, tmp_path: Path) -> None:
    assert given("picture", folder).stdout.startswith("<svg ")
    assert "Greening" in given("picture", folder, "--language", "en").stdout
    for name, beginning in (("t.svg", "<svg "), ("t.html", "<!doctype")):
        done = given("picture", folder, "--output", tmp_path / name)
        assert done.stdout == f"{tmp_path / name}\n"
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(beginning)
    assert given("picture", folder, "--format", "html").stdout.startswith("<!doctype")


def test_a_broken_hotline_is_drawn_as_far_as_it_is_understood(folder: Path) -> None:
    written(folder, small(('      "2": {menu: water}\n', "")))
    done = given("picture", folder)
    assert "无法到达" in done.stdout
    assert "./wutong check" in done.stderr


def test_what_changed_is_marked(folder: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    written(earlier, small(('"1": {queue: greening}', '"1": {queue: general}')))
    told = given("picture", folder, "--diff", earlier).stdout
    assert "原：综合" in told


def test_traffic_needs_calls(folder: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    done = given("picture", folder, "--state", state, "--traffic", "7", status=1)
    assert "no calls have been recorded" in done.stderr
    state.mkdir(exist_ok=True)

    async def prepare() -> None:
        engine = database.open(load(state=state).database)
        await database.migrate(engine)
        await engine.dispose()

    asyncio.run(prepare())
    assert "0 通来电" in given("picture", folder, "--state", state, "--traffic", "7").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "png"], "give one of svg, html"),
        (["--output", "tree.png"], "end the file's name with .svg"),
        (["--paper", "a2"], "a3, a4"),
        (["--language", "fr"], "zh, en"),
        (["--diff", "nowhere"], "there is no folder"),
    ],
)
def test_what_is_not_possible_is_told(folder: Path, arguments: list[str], said: str) -> None:
    assert said in given("picture", folder, *arguments, status=1).stderr


def test_sheets_get_a_number_in_their_names(tmp_path: Path) -> None:
    sample = Path(__file__).parents[3] / "examples" / "12319"
    done = given("picture", sample, "--paper", "a4", "--output", tmp_path / "tree.svg")
    files = done.stdout.split()
    assert len(files) > 1
    assert files[0] == str(tmp_path / "tree-1.svg")
    assert all(Path(file).read_text(encoding="utf-8").startswith("<svg ") for file in files)
    assert "--output" in given("picture", sample, "--paper", "a4", status=1).stderr
