"""Keeps Asterisk's log files small. Asterisk itself rotates only when asked, and may not answer during a flood."""

import asyncio
import os
import stat
from contextlib import suppress
from pathlib import Path

import structlog

log = structlog.get_logger()

FILES = ("messages", "console")
"""What Asterisk logs, and what it prints. It appends to both. So after a file was emptied, it goes on at its start."""

LARGEST = 10_000_000
"""Bytes of a log file from which on it is emptied, and of each older one."""

KEPT = 5
"""Older files of each: `messages.1` is the newest."""

LOOK = 5.0
"""Seconds between two looks. In a flood of requests Asterisk wrote 2 to 4 MB a second."""


async def keep_small(folder: Path) -> None:
    """Look at the log files in `folder` every few seconds, until cancelled."""
    failing = False
    while True:
        await asyncio.sleep(LOOK)
        try:
            for name in FILES:
                await asyncio.to_thread(shorten, folder, name)
            failing = False
        except OSError as problem:
            if not failing:
                log.warning("asterisk-log-not-shortened", why=str(problem), folder=str(folder))
            failing = True


def shorten(folder: Path, name: str) -> bool:
    """If the file is too large: keep its end as `NAME.1`, and empty it. Whether it was.

    A few lines that Asterisk writes meanwhile are lost. Raises OSError. Follows no symbolic link: the files may belong
    to another user.
    """
    try:
        inside = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        return _shorten(inside, name)
    finally:
        os.close(inside)


def _shorten(inside: int, name: str) -> bool:
    try:
        file = os.open(name, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=inside)
    except FileNotFoundError:
        return False
    with open(file, "rb+", buffering=0) as growing:
        found = os.fstat(file)
        if found.st_size <= LARGEST or not stat.S_ISREG(found.st_mode):
            return False
        for age in range(KEPT - 1, 0, -1):
            _rename(inside, f"{name}.{age}", f"{name}.{age + 1}")
        with open(_new(inside, f"{name}.1"), "wb") as kept:
            start = found.st_size - LARGEST
            while start < found.st_size and (sent := os.sendfile(kept.fileno(), file, start, found.st_size - start)):
                start += sent
        growing.truncate(0)
    return True


def _rename(inside: int, old: str, new: str) -> None:
    with suppress(FileNotFoundError):
        os.replace(old, new, src_dir_fd=inside, dst_dir_fd=inside)


def _new(inside: int, name: str) -> int:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=inside)  # there is one only if an earlier look broke off
    return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=inside)
