import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lab import console, npm, openid, testing
from lab.testing import CHECKS, SIDE_BY_SIDE, TOLD, compiled, run
from processes.obtaining import NoAsterisk
from sounds.environment import CompanionFailed


class _Environment:
    """Stands in for the recogniser's environment; `problem` is why it cannot be made."""

    def __init__(self, problem: str = "") -> None:
        self._problem = problem

    async def make(self, progress: Callable[[str], None]) -> None:
        progress("installing the recogniser")
        if self._problem:
            raise CompanionFailed(self._problem)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand-ins beside the running Python: each notes its call, and ends with the status in its file."""
    for name in ("ruff", "mypy", "lint-imports", "python", "pytest"):
        program = tmp_path / name
        program.write_text(
            f'#!/bin/sh\necho {name} "$@" >>{tmp_path}/calls\n'
            f'echo "{name} says"\nexit "$(cat {tmp_path}/{name}.status)"\n'
        )
        program.chmod(0o755)
        (tmp_path / f"{name}.status").write_text("0")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(testing, "ensure", lambda programs, progress: None)
    monkeypatch.setattr(testing, "obtain", lambda cache, progress: None)
    for packages in (openid, console):
        monkeypatch.setattr(packages, "install", lambda progress: None)
    monkeypatch.setattr(testing, "CHECKOUT", tmp_path)
    (tmp_path / "tests" / "__pycache__").mkdir(parents=True)
    (tmp_path / "tests" / "__pycache__" / "test_crowd.cpython-311-pytest-9.2.0.pyc").touch()
    for environment in ("voice", "recogniser"):
        monkeypatch.setattr(testing, environment, lambda: _Environment())
    return tmp_path


PYTEST = " ".join(("pytest", *SIDE_BY_SIDE))


def calls(tools: Path) -> list[str]:
    return (tools / "calls").read_text().splitlines()


def test_all_checks_in_order_beside_pytest_with_what_was_given(tools: Path) -> None:
    assert run(["-k", "queue"]) == 0
    called = calls(tools)
    called.remove(f"{PYTEST} -k queue")
    assert called == [" ".join(check) for check in CHECKS]


def test_modules_are_compiled_once_before_all_processes_need_them(tmp_path: Path) -> None:
    names = ("__init__.py", "crowd.py", "test_crowd.py", "conftest.py", "broken.py")
    for package in ("tests", "notes"):
        (tmp_path / package).mkdir()
        for name in names:
            (tmp_path / package / name).write_text("1 +" if name == "broken.py" else "")
    (tmp_path / "notes" / "__init__.py").unlink()
    compiled(tmp_path)
    made = (tmp_path / "tests" / "__pycache__").glob("*.pyc")
    assert sorted(path.name.partition(".")[0] for path in made) == ["__init__", "crowd"]
    assert not (tmp_path / "notes" / "__pycache__").exists()


def test_in_a_new_clone_pytest_compiles_its_modules_once_before_its_processes_begin(tools: Path) -> None:
    (tools / "tests" / "__pycache__" / "test_crowd.cpython-311-pytest-9.2.0.pyc").unlink()
    assert run(["-x"]) == 0
    compiling = {f"pytest --collect-only --quiet {half}" for half in ("tests/unit", "--ignore tests/unit")}
    assert set(calls(tools)[:2]) == compiling
    assert f"{PYTEST} -x" in calls(tools)


def test_pytest_does_not_wait_for_the_checks(tools: Path) -> None:
    """The first check ends only once pytest runs."""
    waiting = f"for _ in $(seq 6000); do [ -e {tools}/begun ] && exit 0; sleep 0.01; done"
    (tools / "ruff").write_text(f"#!/bin/sh\n{waiting}\nexit 1\n")
    (tools / "pytest").write_text(f"#!/bin/sh\ntouch {tools}/begun\n")
    assert run([]) == 0


def test_everything_runs_whatever_fails_and_the_first_failure_counts(
    tools: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tools / "mypy.status").write_text("2")
    (tools / "pytest.status").write_text("1")
    assert run([]) == 2
    assert len(calls(tools)) == len(CHECKS) + 1
    told = capfd.readouterr().out.splitlines()
    assert told.index("pytest says") < told.index("· mypy: failed with status 2")
    assert told[told.index("· mypy: failed with status 2") + 1] == "mypy says"
    assert told[-2:] == ["· python -m lab.console", "python says"]


def test_pytest_tells_what_the_checks_said_before_its_own_summary(
    tools: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tools / "mypy.status").write_text("2")
    (tools / "pytest").write_text(f"#!/bin/sh\ncat /dev/fd/${TOLD}\necho summary\n")
    assert run([]) == 2
    told = capfd.readouterr().out.splitlines()
    assert told.index("· mypy: failed with status 2") < told.index("summary")
    assert told[-1] == "summary"


def test_what_is_compiled_is_kept_whatever_the_environment_says(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tools / "pytest").write_text('#!/bin/sh\n[ -z "${PYTHONDONTWRITEBYTECODE+set}" ]\n')
    assert run([]) == 0


def test_tests_that_fail_count_where_the_checks_do_not(tools: Path) -> None:
    (tools / "pytest.status").write_text("1")
    assert run([]) == 1


def test_without_the_recogniser_the_other_tests_run(
    tools: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(testing, "recogniser", lambda: _Environment("the package index cannot be reached."))
    assert run([]) == 0
    assert PYTEST in calls(tools)
    assert "cannot be reached. The tests that need it will fail" in capsys.readouterr().err


def test_without_asterisk_the_other_tests_run(
    tools: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def obtain(cache: Path, progress: Callable[[str], None]) -> None:
        raise NoAsterisk("debootstrap failed.")

    monkeypatch.setattr(testing, "obtain", obtain)
    assert run([]) == 0
    assert PYTEST in calls(tools)
    assert "debootstrap failed. The tests that need it will fail" in capsys.readouterr().err


def test_without_the_openid_provider_the_other_tests_run(
    tools: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def install(progress: Callable[[str], None]) -> None:
        raise npm.NotInstalled("npm could not fetch it.")

    monkeypatch.setattr(openid, "install", install)
    assert run([]) == 0
    assert PYTEST in calls(tools)
    assert "npm could not fetch it. The tests that need it will fail" in capsys.readouterr().err
