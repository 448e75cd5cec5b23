"""What several tests of commands begin with."""

from pathlib import Path

import pytest

from base.places import StateFolder
from base.process import Process
from processes import running
from processes.running import SupervisorNote
from tests.unit.hotline.folders import small, written


@pytest.fixture
def in_shanghai(tmp_path: Path) -> Path:
    """A state folder on which the small hotline ran, whose clocks are Shanghai's."""
    state, hotline = StateFolder(tmp_path / "state"), tmp_path / "hotline"
    state.make()
    hotline.mkdir()
    written(hotline, small())
    running.note(state, SupervisorNote(process=Process.this(), hotline=hotline, base_port=None, listen="127.0.0.1"))
    return state.root


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the small hotline."""
    made = tmp_path / "small"
    made.mkdir()
    return written(made, small())
