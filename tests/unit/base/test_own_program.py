import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from base.own_program import NotOurProgram, is_ours, require
from service.cli.commands import app


def started(monkeypatch: pytest.MonkeyPatch, module: str | None, file: Path | None) -> None:
    """As if the interpreter had been started with `-m module`, or with a file."""
    main = ModuleType("__main__")
    main.__spec__ = None if module is None else importlib.util.spec_from_loader(module, None)
    if file is not None:
        main.__file__ = str(file)
    monkeypatch.setitem(sys.modules, "__main__", main)


@pytest.mark.parametrize("module", ["service.__main__", "lab.__main__", "trees.draft_worker"])
def test_our_programs(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    started(monkeypatch, module, None)
    assert is_ours()
    require("it would be changed", "")


def test_the_program_that_pip_installs(monkeypatch: pytest.MonkeyPatch) -> None:
    started(monkeypatch, None, Path(sys.executable).with_name("wutong"))
    assert is_ours()


def test_a_link_to_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    link = tmp_path / "wutong"
    link.symlink_to(Path(sys.executable).with_name("wutong"))
    started(monkeypatch, None, link)
    assert is_ours()


@pytest.mark.parametrize(
    ("module", "file"),
    [("pytest.__main__", None), ("services.__main__", None), (None, "/home/li/wutong"), (None, None)],
)
def test_programs_that_import_it(monkeypatch: pytest.MonkeyPatch, module: str | None, file: str | None) -> None:
    started(monkeypatch, module, None if file is None else Path(file))
    assert not is_ours()
    with pytest.raises(NotOurProgram, match=r"^Root would go in this whole program .* Do it elsewhere$"):
        require("Root would go", "Do it elsewhere")


def test_this_one_is_none() -> None:
    assert not is_ours()


def test_the_command_line_tells_it_without_a_traceback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def look(folder: object) -> None:
        raise NotOurProgram("Root would go in this whole program")

    monkeypatch.setattr("doctor.status.look", look)
    done = CliRunner().invoke(app, ["status", "--state", str(tmp_path)])
    assert (done.exit_code, done.stderr) == (1, "Root would go in this whole program\n")
