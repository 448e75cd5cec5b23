"""Commands as a person gives them, in this process."""

from pathlib import Path

from typer.testing import CliRunner, Result

from service.cli.commands import app


def given(*arguments: str | Path, status: int = 0, typed: str = "", lang: str = "C") -> Result:
    """`./wutong` with these arguments, in a terminal of this language; it has to end with this exit status."""
    done = CliRunner().invoke(app, [str(each) for each in arguments], input=typed, env={"LC_ALL": lang})
    assert done.exit_code == status, done.output
    return done
