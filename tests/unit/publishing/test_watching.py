"""Watching the hotline's folder: real files, and a publish that only counts."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import typer
from watchfiles import Change

from base.failure import NotDone
from lab.patience import PATIENCE
from publishing.watching import counts, watch
from tests.unit.hotline.folders import small, written

SETTLED_MS = 100


class Watched:
    """A folder that is watched. `failure`: what the next publish raises."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.published: list[str] = []  # the greeting, each time
        self.failure: Exception | None = None
        self._loop = asyncio.get_running_loop()
        self._told = asyncio.Event()

    def publish(self) -> None:
        self.published.append((self.folder / "hotline.yaml").read_text())
        self._loop.call_soon_threadsafe(self._told.set)
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure

    def say(self, line: str) -> None:
        self.said.append(line)
        self._told.set()

    async def until(self, count: int, said: str = "") -> None:
        """So many publishes, and a line with `said`."""
        async with asyncio.timeout(PATIENCE):
            while len(self.published) < count or not any(said in line for line in self.said):
                self._told.clear()
                await self._told.wait()

    def save(self, old: str, new: str, name: str = "hotline.yaml") -> None:
        """As most editors do: another file, then its name."""
        text = (self.folder / name).read_text()
        (self.folder / f".{name}.new").write_text(text.replace(old, new))
        os.replace(self.folder / f".{name}.new", self.folder / name)


@asynccontextmanager
async def watched(folder: Path) -> AsyncIterator[Watched]:
    here = Watched(folder)
    task = asyncio.create_task(watch(folder, here.publish, here.say, SETTLED_MS))
    try:
        # a first change shows that the kernel tells of changes from now on
        async with asyncio.timeout(PATIENCE):
            while not here.published:
                here.save("entry: main", "entry: main ")
                await asyncio.sleep(0.3)
        here.published.clear()
        yield here
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hotline").mkdir()
    return written(tmp_path / "hotline", small())


async def test_several_files_that_are_saved_together_are_published_once(folder: Path) -> None:
    async with watched(folder) as here:
        here.save("您好", "欢迎")
        here.save("绿化一席", "绿化席", "agents.yaml")
        await here.until(1)
        here.save("欢迎", "大家好")
        await here.until(2)
        assert "大家好" in here.published[-1]


async def test_what_is_refused_changes_nothing_and_the_next_save_counts(folder: Path) -> None:
    async with watched(folder) as here:
        here.failure = typer.Exit(1)
        here.save("您好", "欢迎")
        await here.until(1, "callers get what they got before")
        here.failure = NotDone("Asterisk does not answer")
        here.save("欢迎", "大家好")
        await here.until(2, "nothing was published: Asterisk does not answer")
        here.save("大家好", "您好")
        await here.until(3)


async def test_a_folder_that_is_removed_is_waited_for(folder: Path) -> None:
    async with watched(folder) as here:
        kept = folder.with_name("kept")
        shutil.copytree(folder, kept)
        shutil.rmtree(folder)
        await here.until(0, "is gone")
        kept.rename(folder)
        await here.until(1, "is there again")
        published = len(here.published)
        async with asyncio.timeout(PATIENCE):
            while len(here.published) == published:
                here.save("entry: main", "entry: main ")
                await asyncio.sleep(0.3)


async def test_a_name_that_is_not_utf_8_ends_no_watch(folder: Path) -> None:
    async with watched(folder) as here:
        (folder / os.fsdecode(b"\xff.csv")).write_text("x")
        await here.until(0, "is watched on")
        async with asyncio.timeout(PATIENCE):
            while not here.published:
                here.save("entry: main", "entry: main ")
                await asyncio.sleep(0.3)


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("hotline.yaml", True),
        ("agents.yaml", True),
        ("tests.yaml", True),
        ("prompts/zh/greeting.wav", True),
        ("seniors.txt", True),
        ("notes.txt", False),
        (".hotline.yaml.swp", False),
        ("hotline.yaml~", False),
        ("4913", False),
        (".git/index", False),
        ("schema/hotline.json", False),
    ],
)
def test_what_counts(folder: Path, name: str, counted: bool) -> None:
    text = (folder / "hotline.yaml").read_text()
    (folder / "hotline.yaml").write_text(f"{text}callers: {{seniors: {{file: seniors.txt}}}}\n")
    assert counts(folder, Change.modified, str(folder / name)) is counted


def test_a_pipe_instead_of_the_file_is_not_waited_for(folder: Path) -> None:
    (folder / "hotline.yaml").unlink()
    os.mkfifo(folder / "hotline.yaml")
    assert not counts(folder, Change.modified, str(folder / "seniors.txt"))


def test_the_folder_itself_counts_when_it_is_gone(folder: Path) -> None:
    assert not counts(folder, Change.modified, str(folder))
    assert counts(folder, Change.deleted, str(folder))
