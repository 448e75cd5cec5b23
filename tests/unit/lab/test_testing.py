import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lab import npm, openid, testing
from lab.testing import CHECKS, SIDE_BY_SIDE, run
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
        program.write_text(f'#!/bin/sh\necho {name} "$@" >>{tmp_path}/calls\nexit "$(cat {tmp_path}/{name}.status)"\n')
        program.chmod(0o755)
        (tmp_path / f"{name}.status").write_text("0")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(testing, "ensure", lambda programs, progress: None)
    monkeypatch.setattr(openid, "install", lambda progress: None)
    for environment in ("voice", "recogniser"):
        monkeypatch.setattr(testing, environment, lambda: _Environment())
    return tmp_path


def test_all_checks_then_pytest_with_what_was_given(tools: Path) -> None:
    assert run(["-k", "queue"]) == 0
    calls = (tools / "calls").read_text().splitlines()
    assert calls == [*(" ".join(check) for check in CHECKS), " ".join(("pytest", *SIDE_BY_SIDE, "-k queue"))]


def test_pytest_runs_last_whatever_fails_and_the_first_failure_counts(tools: Path) -> None:
    (tools / "mypy.status").write_text("2")
    (tools / "pytest.status").write_text("1")
    assert run([]) == 2
    assert (tools / "calls").read_text().splitlines()[-1] == " ".join(("pytest", *SIDE_BY_SIDE))


def test_without_the_recogniser_the_other_tests_run(
    tools: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(testing, "recogniser", lambda: _Environment("the package index cannot be reached."))
    assert run([]) == 0
    assert (tools / "calls").read_text().splitlines()[-1] == " ".join(("pytest", *SIDE_BY_SIDE))
    assert "cannot be reached. The tests that need it will fail" in capsys.readouterr().err


def test_without_the_openid_provider_the_other_tests_run(
    tools: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def install(progress: Callable[[str], None]) -> None:
        raise npm.NotInstalled("npm could not fetch it.")

    monkeypatch.setattr(openid, "install", install)
    assert run([]) == 0
    assert (tools / "calls").read_text().splitlines()[-1] == " ".join(("pytest", *SIDE_BY_SIDE))
    assert "npm could not fetch it. The tests that need it will fail" in capsys.readouterr().err
