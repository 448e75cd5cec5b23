"""Asterisk's log files are kept small."""

import asyncio
from pathlib import Path

import pytest

from lab.patience import PATIENCE
from processes import logs
from processes.logs import keep_small, shorten


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LARGEST", 100)


def test_a_small_file_or_none_is_left_alone(tmp_path: Path) -> None:
    assert not shorten(tmp_path / "none", "messages")
    assert not shorten(tmp_path, "messages")
    (tmp_path / "messages").write_bytes(b"x" * 100)
    assert not shorten(tmp_path, "messages")
    assert (tmp_path / "messages").stat().st_size == 100


def test_of_a_large_one_the_end_is_kept_and_five_older_ones(tmp_path: Path) -> None:
    with (tmp_path / "messages").open("ab", buffering=0) as asterisk:
        for number in range(8):
            asterisk.write(b"?" * 50 + b"%d" % number * 100)
            assert shorten(tmp_path, "messages")
        asterisk.write(b"and on")  # it appends, as Asterisk does
    assert (tmp_path / "messages").read_bytes() == b"and on"
    assert [(tmp_path / f"messages.{age}").read_bytes() for age in range(1, 6)] == [
        b"%d" % number * 100 for number in (7, 6, 5, 4, 3)
    ]
    assert len(list(tmp_path.iterdir())) == 6
    assert (tmp_path / "messages.1").stat().st_mode & 0o777 == 0o600


def test_no_link_leads_elsewhere(tmp_path: Path) -> None:
    """Asterisk may be another user than the service: a hole in it must not empty the service's files."""
    precious = tmp_path / "wutong.db"
    precious.write_bytes(b"x" * 200)
    folder = tmp_path / "log"
    folder.mkdir()
    (folder / "messages").symlink_to(precious)
    with pytest.raises(OSError, match="symbolic links"):
        shorten(folder, "messages")
    (folder / "messages").unlink()
    (folder / "messages").write_bytes(b"y" * 200)
    (folder / "messages.1").symlink_to(precious)
    assert shorten(folder, "messages")
    assert precious.read_bytes() == b"x" * 200
    (tmp_path / "other").symlink_to(folder)
    with pytest.raises(OSError, match="Not a directory"):
        shorten(tmp_path / "other", "messages")


async def test_a_disk_that_fails_is_told_once_and_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = asyncio.Event()
    loop, seen, told = asyncio.get_running_loop(), 0, []

    def failing(folder: Path, name: str) -> bool:
        nonlocal seen
        seen += 1
        if seen == 3:
            loop.call_soon_threadsafe(looks.set)
        raise OSError("the disk does not answer")

    monkeypatch.setattr(logs, "LOOK", 0.0)
    monkeypatch.setattr(logs, "shorten", failing)
    monkeypatch.setattr(logs.log, "warning", lambda event, **more: told.append(event))
    keeping = asyncio.create_task(keep_small(tmp_path))
    async with asyncio.timeout(PATIENCE):
        await looks.wait()
    keeping.cancel()
    await asyncio.wait({keeping})
    assert told == ["asterisk-log-not-shortened"]
