"""docs/extending.md does what it says: its changes are applied to a copy of the product, which is then used."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.pages import changes

CHECKOUT = Path(__file__).resolve().parents[2]
PAGE = (CHECKOUT / "docs" / "extending.md").read_text(encoding="utf-8")
KINDS = 6
FILES = 3
"""In which one new kind of a thing may be written at most."""


def run(folder: Path, *command: str) -> None:
    """In the copy, whose packages come before those of this checkout."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONWARNINGS": "error"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_kind_of_thing_is_in_few_files() -> None:
    _, *sections = PAGE.split("\n## ")
    assert len(sections) == KINDS
    for section in sections:
        assert 1 <= len({file for file, _, _ in changes(section)}) <= FILES, section.partition("\n")[0]


def test_what_the_page_adds_works(tmp_path: Path) -> None:
    pyproject = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    for package in (*pyproject["tool"]["importlinter"]["root_packages"], "tools"):
        leave = shutil.ignore_patterns("__pycache__", "*.wav", "*.sln*", "*.zip", "*.tar*")
        shutil.copytree(CHECKOUT / package, tmp_path / package, ignore=leave)
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    for file, before, after in changes(PAGE):
        text = (tmp_path / file).read_text(encoding="utf-8")
        assert text.count(before) == 1, f"docs/extending.md: {file} has this {text.count(before)} times:\n{before}"
        (tmp_path / file).write_text(text.replace(before, after), encoding="utf-8")
    run(tmp_path, sys.executable, "-P", str(CHECKOUT / "tests" / "unit" / "extended.py"))
    run(tmp_path, str(Path(sys.executable).with_name("lint-imports")), "--no-cache")
