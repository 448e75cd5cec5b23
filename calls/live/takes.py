"""Where a caller's message is recorded: one file a call, which Asterisk writes. Another recording replaces it."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import structlog

from sounds import message

log = structlog.get_logger()

LEAST_FREE = 300_000_000
"""Bytes that must be free on the disk of the state folder: less than that is for the journal and the spool."""

PREFIX, SUFFIX = "message-", ".wav"


class Takes:
    """`folder`: Asterisk writes there. `tone`: what is heard before a recording, without its extension. `admits`: tells
    whether the list has room for another message of this number.
    """

    def __init__(self, folder: Path, tone: Path, admits: Callable[[str], bool]) -> None:
        self._folder, self._admits = folder, admits
        self.tone = str(tone)

    def file(self, call_id: str) -> Path:
        return self._folder / f"{PREFIX}{call_id}{SUFFIX}"

    def prompt(self, call_id: str) -> str:
        """As Asterisk plays it."""
        return str(self.file(call_id).with_suffix(""))

    def files(self) -> dict[str, Path]:
        """What there is, by the calls' ids. Raises OSError."""
        found = self._folder.glob(f"{PREFIX}*{SUFFIX}")
        return {file.name.removeprefix(PREFIX).removesuffix(SUFFIX): file for file in found}

    async def room(self, number: str) -> bool:
        """Whether another message can be left."""
        if not self._admits(number):
            log.warning("message-refused", why="the list is full")
            return False
        try:
            free = (await asyncio.to_thread(shutil.disk_usage, self._folder)).free
        except OSError as error:
            log.error("message-refused", why=str(error))
            return False
        if free < LEAST_FREE:
            log.error("message-refused", why=f"the disk has {free // 1_000_000} MB left")
        return free >= LEAST_FREE

    async def heard(self, call_id: str) -> bool:
        """Whether there is anything in the recording."""
        try:
            return await asyncio.to_thread(lambda: message.heard(message.read(self.file(call_id))))
        except OSError as error:
            log.error("message-unreadable", why=str(error))
            return False
