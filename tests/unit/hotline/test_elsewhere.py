"""Links out of a hotline's folder, and pipes in it: none is read, and nobody waits for one."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hotline.files import AGENTS, HOTLINE
from hotline.loader import load
from lab.fuzz.documents import FOLDER

INDEX, LIST = "prompts/recordings.yaml", "nuisance.txt"
SECRET = "token-that-nobody-may-see"


def link(path: Path, elsewhere: Path) -> None:
    path.symlink_to(elsewhere)


def pipe(path: Path, elsewhere: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("name", [HOTLINE, AGENTS, INDEX, LIST])
@pytest.mark.parametrize("odd", [link, pipe])
def test_it_is_a_problem(tmp_path: Path, name: str, odd: Callable[[Path, Path], None]) -> None:
    folder = tmp_path / "hotline"
    shutil.copytree(FOLDER, folder)
    (folder / "prompts").mkdir(exist_ok=True)
    with (folder / HOTLINE).open("a") as file:
        file.write(f"callers: {{nuisance: {{file: {LIST}, priority: 5s}}}}\n")
    (folder / LIST).write_text("13800000001\n")
    assert load(folder).hotline is not None
    elsewhere = tmp_path / "secrets.json"
    elsewhere.write_text(SECRET)
    (folder / name).unlink(missing_ok=True)
    odd(folder / name, elsewhere)
    loaded = load(folder)
    assert loaded.hotline is None
    said = "\n".join(map(str, loaded.problems))
    assert SECRET not in said
    assert "link out of the folder" in said or "not a file" in said
