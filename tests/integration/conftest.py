"""One hotline a test. It fails, and does not skip, where there is no Asterisk."""

import os
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Generator
from pathlib import Path

import pytest

from tests.integration.command import Wutong
from tests.integration.world import World, failures, world

HOTLINE = Path(__file__).parent / "hotline"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" and report.failed:
        failures.count += 1
    return report


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell has started the tests in the background. What they start would not be ended by a Ctrl-C either.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prompts, built by the first test that needs them; test processes side by side share them."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "sounds"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def hotline_folder(tmp_path: Path) -> Path:
    """The small hotline, a copy that the test may edit."""
    folder = tmp_path / "hotline"
    shutil.copytree(HOTLINE, folder)
    return folder


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
    await wutong.run("down")
