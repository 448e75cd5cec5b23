"""Starting a program as this user, and by the program of another user; with a shell script for Asterisk."""

import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from base.process import Process
from lab.patience import PATIENCE
from processes.starter import NotStarted, Other, Own, Starter
from processes.users import User
from tests.unit.processes.ways import way

SOMEBODY = User("somebody", 54_322, 54_322)
SLEEP = ("/bin/sh", "-c", "umask >umask; env >variables; exec sleep 1000")


def children() -> list[int]:
    return [int(word) for word in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


def variables(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


@pytest.fixture
def folder(apart: Path) -> Path:
    made = apart / "asterisk"
    (made / "log").mkdir(parents=True)
    return made


@pytest.fixture(params=["own", "other"])
async def starter(request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[Starter]:
    if request.param == "own":
        yield Own()
        return
    request.getfixturevalue("root")
    for path in (folder, folder / "log"):
        os.chown(path, SOMEBODY.uid, SOMEBODY.gid)
    with other(folder) as made:
        yield made


@contextmanager
def other(*paths: Path) -> Iterator[Other]:
    with way(SOMEBODY, *paths, Path(sys.executable), Path(__file__), *(Path(name) for name in sys.path if name)):
        made = Other(SOMEBODY.name, SOMEBODY.uid, SOMEBODY.gid)
        try:
            yield made
        finally:
            made.close()


async def test_it_starts_apart_and_ends_by_a_signal(starter: Starter, folder: Path) -> None:
    pid = await starter.start(folder, SLEEP, {"PATH": os.environ["PATH"], "HOME": str(folder)})
    process = Process.of(pid)
    assert process is not None
    assert process.uid == (os.geteuid() if isinstance(starter, Own) else SOMEBODY.uid)
    await starter.send(pid, signal.SIGTERM)
    assert await process.gone(PATIENCE)
    await starter.send(pid, signal.SIGTERM)  # none there: nothing happens


async def test_a_folder_that_is_not_there_is_told(starter: Starter, apart: Path) -> None:
    with pytest.raises(NotStarted, match="could not start Asterisk"):
        await starter.start(apart / "nowhere", SLEEP, {"PATH": os.environ["PATH"]})


@pytest.mark.usefixtures("root")
async def test_the_other_program_has_no_secret_and_signals_only_its_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WUTONG_TOKEN", "a-token-of-sixteen")
    before = set(children())
    with other(folder) as made:
        (program,) = set(children()) - before
        assert b"WUTONG" not in variables(program)
        with pytest.raises(NotStarted, match="not permitted"):
            await made.send(os.getpid(), signal.SIGTERM)
        os.kill(program, signal.SIGKILL)
        with pytest.raises(NotStarted, match="is gone"):
            await made.start(folder, SLEEP, {})


@pytest.mark.usefixtures("root")
def test_a_python_out_of_reach_is_told(apart: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (apart / "python").write_text("#!/bin/sh\nexit 1\n")
    (apart / "python").chmod(0o755)
    monkeypatch.setattr("processes.starter.sys.executable", str(apart / "python"))
    with way(SOMEBODY, apart / "python"):
        with pytest.raises(NotStarted, match="the user somebody cannot run"):
            Other(SOMEBODY.name, SOMEBODY.uid, SOMEBODY.gid)
        (apart / "python").chmod(0o700)
        with pytest.raises(NotStarted, match="Permission denied"):
            Other(SOMEBODY.name, SOMEBODY.uid, SOMEBODY.gid)
