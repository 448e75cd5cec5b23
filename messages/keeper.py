"""Keeps the sounds of messages beside their Records: no file without a Record, no Record without a file.

A recording is looked at once its call is over. What is in it is levelled into the folder of messages, then the Record
`message-left` puts it on the list, then the recording is removed. A service that ends in between finds the recording at
its next start, and does the rest.
"""

import asyncio
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import structlog

from base.numbers import plain
from base.tasks import Tasks, Work
from calls.live.takes import Takes
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from messages.model import Begun, Message, Messages
from sounds import message
from sounds.model import NoSound

log = structlog.get_logger()


class Keeper:
    """`messages`: the list. `takes`: what Asterisk has recorded. `folder`: the service's own, for the levelled sounds.
    `write` takes a Record. `now`: seconds since the epoch. `live`: whether a call goes on. `lost`: how many messages
    were found without their sound.
    """

    def __init__(
        self,
        messages: Messages,
        takes: Takes,
        folder: Path,
        tasks: Tasks,
        write: Callable[[Record], None],
        now: Callable[[], float],
        live: Callable[[str], bool],
    ) -> None:
        self.messages, self.takes, self._folder, self._tasks = messages, takes, folder, tasks
        self._write, self._now, self._live = write, now, live
        self._one = asyncio.Semaphore(1)  # levelling takes a whole core
        self._settling: set[str] = set()
        self.lost = 0

    def file(self, message_id: str) -> Path:
        return self._folder / f"{message_id}.wav"

    def note(self, record: Record) -> None:
        """Every Record passes here, after the list has it."""
        if record.kind is Kind.CALL_FINISHED and record.call in self.messages.begun:
            self._settle(record.call)

    async def sound(self, message_id: str) -> bytes | None:
        """The .wav of a message on the list; None: it is gone."""
        if self.messages.find(message_id) is None:
            return None
        try:
            return await asyncio.to_thread(self.file(message_id).read_bytes)
        except FileNotFoundError:
            return None

    async def remove(self, gone: Message, record: Record) -> None:
        """Take a message off the list by this Record, and its sound away."""
        self._write(record)
        await asyncio.to_thread(self._unlink, [self.file(gone.id)])

    def removed(self, gone: Message, why: str, actor: Actor = SYSTEM) -> Record:
        return Record(self._now(), Kind.MESSAGE_REMOVED, gone.id, gone.queue, data={"why": why}, actor=actor)

    def forget(self, number: str) -> None:
        """Nothing is kept of this number's messages."""
        for gone in self.messages.of_number(number):
            self._write(self.removed(gone, "forgotten"))
            self._tasks.spawn(Work.MESSAGE, asyncio.to_thread(self._unlink, [self.file(gone.id)]))
        for call_id, begun in list(self.messages.begun.items()):
            if plain(begun.number) == plain(number) and self._is_over(call_id, begun):
                self._drop(call_id, begun, "forgotten")
                files = [self.takes.file(call_id), self.file(call_id)]
                self._tasks.spawn(Work.MESSAGE, asyncio.to_thread(self._unlink, files))

    def old(self, cutoff: float) -> list[Message]:
        """The messages that were left before `cutoff`."""
        return self.messages.left_before(cutoff)

    async def remove_old(self, cutoff: float) -> int:
        """Remove the messages that were left before `cutoff`, and compare what is left. Returns how many were old."""
        old = self.messages.left_before(cutoff)
        for gone in old:
            await self.remove(gone, self.removed(gone, "old"))
        await self.compare(cutoff)
        return len(old)

    async def compare(self, cutoff: float = 0.0) -> None:
        """At the start, and in the night: compare the list with the files. A sound without a Record is reported, and
        removed once it is older than `cutoff`. Raises OSError.
        """
        kept, recorded = await asyncio.to_thread(lambda: (_ids(self._folder), self.takes.files()))
        for one in self.messages.all():
            if one.id not in kept and not self.file(one.id).exists():
                self.lost += 1
                log.error("message-lost", message=one.id, queue=one.queue)
                self._write(self.removed(one, "lost"))
        strays = [self.file(name) for name in kept if self._is_stray(name)]
        if strays:
            log.error("messages-without-record", files=len(strays), folder=str(self._folder))
        nobodys = [file for name, file in recorded.items() if name not in self.messages.begun]
        await asyncio.to_thread(self._unlink, [*older(strays, cutoff), *nobodys])
        for call_id, begun in list(self.messages.begun.items()):
            if self._is_over(call_id, begun):
                self._settle(call_id)

    def _is_over(self, call_id: str, begun: Begun) -> bool:
        return begun.over or not self._live(call_id)

    def _is_stray(self, message_id: str) -> bool:
        return self.messages.find(message_id) is None and message_id not in self.messages.begun

    # -- a recording that is over ------------------------------------------------------------------------------------

    def _settle(self, call_id: str) -> None:
        if call_id not in self._settling:
            self._settling.add(call_id)
            self._tasks.spawn(Work.MESSAGE, self._settled(call_id), lambda: self._settling.discard(call_id))

    async def _settled(self, call_id: str) -> None:
        async with self._one:
            begun = self.messages.begun.get(call_id)
            if begun is not None and self._is_over(call_id, begun):
                await self._keep(call_id, begun)
        self._settling.discard(call_id)

    async def _keep(self, call_id: str, begun: Begun) -> None:
        """Put a recording on the list, or drop it. If the disk fails, both stay as they are until the next look."""
        recording = self.takes.file(call_id)
        try:
            seconds = None if begun.test else await self._levelled(recording, self.file(call_id))
        except FileNotFoundError:
            self._drop(call_id, begun, "lost")
            return
        except OSError as error:
            if recording.exists():
                log.error("message-not-kept", message=call_id, why=str(error), effect="it is tried again in the night")
            else:
                self._drop(call_id, begun, "lost")
            return
        if seconds is None:
            self._drop(call_id, begun, "test" if begun.test else "silent")
        else:
            data = {"caller": begun.number, "language": begun.language, "length_s": seconds}
            self._write(Record(self._now(), Kind.MESSAGE_LEFT, call_id, begun.queue, data=data))
        await asyncio.to_thread(self._unlink, [recording])

    async def _levelled(self, recording: Path, target: Path) -> float | None:
        """The seconds of the message in `target`; None: there is none. Raises OSError."""
        try:
            return await message.level(recording, target)
        except NoSound as error:
            log.error("message-not-levelled", why=str(error), effect="it is kept as it was recorded")
        return await asyncio.to_thread(message.copy, recording, target)

    def _drop(self, call_id: str, begun: Begun, why: str) -> None:
        data = {"why": why, **({"test": True} if begun.test else {})}
        self._write(Record(self._now(), Kind.MESSAGE_DROPPED, call_id, begun.queue, data=data))

    @staticmethod
    def _unlink(files: Iterable[Path]) -> None:
        for file in files:
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                log.error("message-not-removed", file=str(file), why=str(error))


def _ids(folder: Path) -> frozenset[str]:
    """The messages that have a sound. Raises OSError."""
    with os.scandir(folder) as entries:
        return frozenset(entry.name.removesuffix(".wav") for entry in entries if entry.name.endswith(".wav"))


def older(files: Iterable[Path], cutoff: float) -> list[Path]:
    """Those written before `cutoff`, in seconds since the epoch. One that has just been moved away is none."""
    found = []
    for file in files:
        try:
            if file.stat().st_mtime < cutoff:
                found.append(file)
        except OSError:
            continue
    return found
