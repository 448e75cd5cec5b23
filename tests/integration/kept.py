"""An Asterisk that the tests of a process use one after the other, each with a service of its own.

To start one takes a third of a second of a processor, of two when all workers do. A test finds it as if it had just
been started: without channels, without registered phones, with an empty log. The service is new, in an empty state
folder. Where a test has left anything, or has changed Asterisk's files, the next one gets another Asterisk.
"""

import hashlib
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

from lab.kept_sounds import share_sounds
from lab.patience import Late, until
from lab.ports import free_base
from processes.asterisk import AsteriskFailed, AsteriskProcess
from settings import settings
from tests.integration.world import World, failures, kill, serving, started

SETTLES = 1.0
"""Seconds that Asterisk may need after a test until its last channel is gone. A dead phone keeps one for longer."""

KEPT = ("asterisk", "secrets.json", "sounds")
"""What stays of a state folder: Asterisk's own, the passwords that Asterisk knows, and the prompts."""


class KeptAsterisk:
    """`folder`: its state folders are there, one after another. Close it."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count(1)
        self._asterisk: AsteriskProcess | None = None
        self._state, self._base = folder, 0

    @asynccontextmanager
    async def world(self, hotline: Path, sounds: Path, tables: Path) -> AsyncIterator[World]:
        """A hotline with a new service. It uses the Asterisk of the last one if that is as new. `tables`: an empty
        database, of which the service gets a copy.
        """
        if self._asterisk is None:
            self._state, self._base = self._folder / str(next(self._numbers)), free_base()
        chosen = settings.load(state=self._state, hotline=hotline, base_port=self._base)
        if self._asterisk is None:
            share_sounds(chosen.folder, sounds)
        else:
            _give(chosen.folder.sounds, sounds)
        shutil.copy(tables, chosen.folder.database)
        asterisk, self._asterisk = self._asterisk or await started(chosen), None
        pid, before, idle = asterisk.running(), failures.count, False
        try:
            async with serving(chosen, asterisk) as made:
                files = _files(asterisk)
                yield made
                if failures.count == before:  # else the world is told as the test has left it, phones and all
                    await made.hang_up_phones()
                    idle = await _idle(asterisk)
            if idle and (asterisk.running(), _files(asterisk)) == (pid, files):
                _empty(chosen.folder.root)
                chosen.folder.make()
                self._asterisk = asterisk
        finally:
            if self._asterisk is None:
                await kill(asterisk)

    def close(self) -> None:
        if self._asterisk is not None and (pid := self._asterisk.running()) is not None:
            os.kill(pid, signal.SIGKILL)


async def _idle(asterisk: AsteriskProcess) -> bool:
    """Whether it soon has no channel, and knows no registered phone and no password of a phone in a browser. Both
    would be in its database, where a new one has one entry."""

    async def counted() -> bool:
        return "0 active channels" in await asterisk.command("core show channels count")

    try:
        await until("the end of all channels", counted, every=0.1, within=SETTLES)
        entries = [line for line in (await asterisk.command("database show")).splitlines() if line.startswith("/")]
        return [entry.split()[0] for entry in entries] == ["/pbx/UUID"]
    except (Late, AsteriskFailed):
        return False


def _files(asterisk: AsteriskProcess) -> dict[str, str]:
    """Asterisk's configuration: name → digest."""
    files = (asterisk.folder / "etc").iterdir()
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def _give(link: Path, sounds: Path) -> None:
    """These prompts instead of those of the test before. Asterisk opens a prompt each time it plays it."""
    link.unlink()
    link.symlink_to(sounds)


def _empty(state: Path) -> None:
    """A state folder has only what Asterisk needs, and its logs are empty. Asterisk appends to them."""
    for each in state.iterdir():
        if each.name not in KEPT:
            shutil.rmtree(each) if each.is_dir() else each.unlink()
    for log in (state / "asterisk" / "log").iterdir():
        if log.is_file():
            os.truncate(log, 0)
