"""docs/first-tree.md does what it says: its commands are given, its edits made, and what it shows is printed."""

import shlex
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from base.folders import CHECKOUT, StateFolder
from hotline.loader import load
from lab.ports import free_base
from tests.integration.command import typed
from tests.integration.conftest import spoken
from tests.integration.conversations import length
from tests.pages import blocks, changes_in

PAGE = (CHECKOUT / "docs" / "first-tree.md").read_text(encoding="utf-8")
FOLDER = "city"


@pytest.fixture
def home(tmp_path: Path, sounds: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a `./wutong`, whose state and ports are its own."""
    script = tmp_path / "wutong"
    python = f"PYTHONPATH={shlex.quote(str(CHECKOUT))} exec {shlex.quote(sys.executable)} -P -m service"
    script.write_text(f'#!/bin/sh\n{python} "$@"\n')
    script.chmod(0o755)
    state = StateFolder(tmp_path / "state" / "wutong")
    state.root.mkdir(parents=True)
    state.sounds.symlink_to(sounds)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("WUTONG_BASE_PORT", str(free_base()))
    monkeypatch.setenv("WUTONG_SEPARATE_USERS", "false")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return tmp_path


async def given(folder: Path, command: str) -> tuple[int, str]:
    """Exit status of a command, and all that it printed."""
    status, *printed = await typed(command, folder)
    return status, "".join(printed)


async def voiced(folder: Path, state: StateFolder) -> None:
    """The prompts of the hotline as it is now, if it is without errors, by the voice of the tests."""
    hotline = load(folder).hotline
    if hotline is not None:
        await spoken(state, hotline)


def edit(folder: Path, block: str) -> None:
    for name, before, after in changes_in(block):
        file = folder / name
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        assert (text == "") if before == "" else (text.count(before) == 1), f"{name}: {before}"
        file.write_text(text.replace(before, after) if before else after, encoding="utf-8")


async def test_a_newcomer_does_what_the_page_says(home: Path) -> None:
    state = StateFolder(home / "state" / "wutong")
    page = [*blocks(PAGE), ("", "")]
    try:
        for (kind, block), (next_kind, shown) in pairwise(page):
            if kind == "diff":
                edit(home, block)
                await voiced(home / FOLDER, state)
            elif kind == "sh":
                expected = shown if next_kind == "" else ""
                output = ""
                for command in block.splitlines():
                    status, printed = await given(home, command)
                    assert (status != 0) == (": error:" in expected), f"{command}\n{printed}"
                    output += printed
                    if command.startswith("./wutong init"):
                        await voiced(home / FOLDER, state)
                for line in filter(None, expected.splitlines()):
                    assert line in output, f"{block}prints, instead of {line!r}:\n{output}"
        assert length(home / "call.wav") > 5
        assert (home / "city.svg").read_text(encoding="utf-8").startswith("<svg ")
    finally:
        await given(home, "./wutong down --yes")
