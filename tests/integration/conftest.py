"""One hotline a test. It fails, and does not skip, where there is no Asterisk."""

import asyncio
import fcntl
import os
import signal
from collections.abc import AsyncIterator, Callable, Generator
from pathlib import Path

import pytest

import lab.chaos
from hotline.loader import load
from lab.patience import PATIENCE
from service.app.prepare import make_prompts
from service.asterisk import reconciler
from service.setup.places import StateFolder
from service.setup.settings import Settings
from tests.integration.command import Wutong
from tests.integration.conversations import copied
from tests.integration.hall import HALL
from tests.integration.world import World, failures, world

HOTLINE = Path(__file__).parent / "hotline"
STORMY = Path(lab.chaos.__file__).parent / "hotline"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" and report.failed:
        failures.count += 1
    return report


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell has started the tests in the background. Ctrl-C would not end the programs that they start, either.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def no_second_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a minute the service compares what it believes with Asterisk. A test has patience for so long: without this,
    the comparison would make up for an event that the service has lost.
    """
    monkeypatch.setattr(reconciler, "COMPARE", 100 * PATIENCE)


@pytest.fixture(scope="session")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prompts of the hotlines below tests/, built by the first test process that needs them; all share them.

    The natural voice takes a second for a text, and all of the machine: it does not speak beside tests with phones.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "sounds"
    folder.mkdir(exist_ok=True)
    with (folder.parent / "sounds.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for hotline in (HOTLINE, HALL, STORMY):
            state = StateFolder(folder.parent / "sounds-state")
            state.make()
            if not state.sounds.is_symlink():
                state.sounds.rmdir()
                state.sounds.symlink_to(folder)
            loaded = load(hotline).hotline
            assert loaded is not None, hotline
            asyncio.run(make_prompts(Settings(state=state.root, hotline=hotline), loaded, print))
    return folder


@pytest.fixture
def change() -> tuple[str, str]:
    """Words of hotline.yaml, and what stands there instead. For a test to parametrize."""
    return "", ""


@pytest.fixture
def hotline_folder(tmp_path: Path, change: tuple[str, str]) -> Path:
    """The small hotline, a copy that the test may edit."""
    return copied(HOTLINE, tmp_path / "hotline", change)


@pytest.fixture
async def hotline(tmp_path: Path, hotline_folder: Path, sounds: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "state", hotline_folder, sounds) as made:
        yield made


@pytest.fixture
def another(tmp_path: Path, hotline_folder: Path, sounds: Path) -> Callable[[str], Wutong]:
    """Makes state folders; the prompts are those of all tests."""

    def make(name: str) -> Wutong:
        state = tmp_path / name
        state.mkdir()
        (state / "sounds").symlink_to(sounds)
        return Wutong(state, hotline_folder)

    return make


@pytest.fixture
async def wutong(another: Callable[[str], Wutong]) -> AsyncIterator[Wutong]:
    wutong = another("state")
    yield wutong
    await wutong.run("down", "--yes")
