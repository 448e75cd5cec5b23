"""The frame of `./wutong chaos` and `./wutong fuzz`, around work that is done at once."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from base import log
from lab.bench import reported


@dataclass
class Found:
    good: bool

    def as_json(self) -> dict[str, Any]:
        return {"what": "树"}

    def lines(self) -> list[str]:
        return ["one", "two"]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the folders of runs are; the process keeps its environment, its limits and its log."""
    monkeypatch.setattr("lab.bench.reported.tempfile.mkdtemp", lambda prefix: str(tmp_path / prefix))
    monkeypatch.setattr("lab.bench.reported.apart", lambda: None)
    monkeypatch.setattr(log, "configure", lambda level, *, file: file.parent.mkdir())
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def ran(result: Found | BaseException, *, as_json: bool = False) -> int:
    async def work(state: Path, sounds: Path, tell: Callable[[str], None]) -> Found:
        assert state.name == "state"
        assert sounds.name == "lab-sounds"
        tell("begun")
        if isinstance(result, BaseException):
            raise result
        return result

    return reported.run("storm", work, seconds=60, seed=7, as_json=as_json)


def test_a_good_run_leaves_nothing(temporary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(Found(good=True)) == 0
    assert capsys.readouterr() == ("one\ntwo\n", "begun\n")
    assert not (temporary / "wutong-storm-").exists()


def test_a_bad_run_is_told_with_its_seed_and_its_folder_stays(
    temporary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(Found(good=False), as_json=True) == 1
    told = capsys.readouterr()
    assert json.loads(told.out) == {"what": "树"}
    assert "--seed 7" in told.err
    assert str(temporary / "wutong-storm-") in told.err
    assert (temporary / "wutong-storm-").exists()


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (ExceptionGroup("two", [OSError("no port is free"), ValueError()]), 2, "OSError: no port is free"),
        (asyncio.CancelledError(), 130, "broken off"),
    ],
)
def test_a_run_that_was_not_possible_says_why(
    temporary: Path, capsys: pytest.CaptureFixture[str], error: BaseException, status: int, said: str
) -> None:
    assert ran(error) == status
    assert said in capsys.readouterr().err
    assert (temporary / "wutong-storm-").exists()
