"""What the tests of commands have in common."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service.cli.commands import app
from tests.unit.hotline.folders import small, written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small hotline."""
    made = tmp_path / "small"
    made.mkdir()
    return written(made, small())


def ran(command: str, *arguments: str | Path, status: int = 0) -> Result:
    """What `./wutong COMMAND …` printed; it must end with this exit status."""
    done = CliRunner().invoke(app, [command, *map(str, arguments)])
    assert done.exit_code == status, done.output
    return done
