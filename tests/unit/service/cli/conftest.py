"""What several tests of commands begin with."""

from pathlib import Path

import pytest

from tests.unit.hotline.folders import small, written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the small hotline."""
    made = tmp_path / "small"
    made.mkdir()
    return written(made, small())
