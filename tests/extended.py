"""A copy of the product that has what docs/extending.md adds, and programs that run in it."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.pages import changes

CHECKOUT = Path(__file__).resolve().parents[1]
PAGE = (CHECKOUT / "docs" / "extending.md").read_text(encoding="utf-8")


def extended(folder: Path) -> Path:
    """The copy, in a folder that does not exist yet. It has the packages of npm's that this checkout has."""
    leave = shutil.ignore_patterns(".*", "__pycache__", "node_modules")
    shutil.copytree(CHECKOUT, folder, ignore=leave)
    (folder / "console" / "node_modules").symlink_to((CHECKOUT / "console" / "node_modules").resolve())
    for file, before, after in changes(PAGE):
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(before) == 1, f"docs/extending.md: {file} has this {text.count(before)} times:\n{before}"
        (folder / file).write_text(text.replace(before, after), encoding="utf-8")
    return folder


def run(folder: Path, *command: str) -> None:
    """In the copy, whose packages come before those of this checkout."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONWARNINGS": "error"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
