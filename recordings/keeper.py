"""Keeps the recordings of talks beside their Records: no file without a Record, no Record without a file.

Once a call is over, its pieces become a file of that day, then the Record `recorded` tells of it, then the pieces are
removed. A service that ends in between finds the pieces at its next start, and does the rest.
"""

import asyncio
import os
import shutil
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from base.tasks import Tasks, Work
from calls.model import ENDS
from calls.store import StoreUnavailable
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from recordings.model import (
    ID,
    SUFFIX,
    Piece,
    begun,
    call_of,
    day_of,
    from_answer,
    id_of,
    is_own,
    marks,
    place,
    recordings_of,
    talk_of,
    talks,
)
from sounds import talk
from sounds.model import NoSound

log = structlog.get_logger()

CLOSES = 2.0
"""Seconds after the end of a call in which Asterisk closes its files. Nothing reports that."""

LEAST_FREE = 500_000_000
"""Bytes that must be free on the disk of the state folder to begin a recording: the rest is for the journal."""

LOOK = 10.0
"""Seconds between two looks at the disk, at least."""

DAY = 86_400.0

COMPARED = 7 * DAY
"""Seconds for which a start compares files and Records; each night compares all."""

MOST_CALLS = 20_000
"""Calls whose end is waited for: more than there can be at once."""

Story = Callable[[str], Awaitable[tuple[object, Sequence[Record]] | None]]
"""A call with its Records; None: there is no such call. Raises StoreUnavailable."""


class Told(Protocol):
    """What the journal says of recordings: see `recordings.store`."""

    async def of_calls(self, calls: Collection[str]) -> Sequence[Record]: ...

    async def kept_since(self, cutoff: float) -> Mapping[str, str]: ...


class Keeper:
    """`raw`: Asterisk writes there. `kept`: only the service does. `live`: whether a call goes on. `failed`: talks
    whose recording could not be kept so far, `lost`: recordings without a file, `strays`: files without a Record.
    `full`: the disk is, and nothing is recorded.
    """

    def __init__(
        self,
        raw: Path,
        kept: Path,
        tasks: Tasks,
        told: Told,
        write: Callable[[Record], None],
        now: Callable[[], float],
        live: Callable[[str], bool],
        story: Story,
        zone: Callable[[], ZoneInfo],
    ) -> None:
        self._raw, self._kept, self._tasks, self._journal = raw, kept, tasks, told
        self._write, self._now, self._live, self._story, self._zone = write, now, live, story, zone
        self._calls: dict[str, None] = {}
        self._over = asyncio.Event()
        self._one = asyncio.Lock()
        self._looked = -LOOK
        self._told = False  # of this failure, in the log
        self.failed = self.lost = self.strays = 0
        self.full = False

    def file(self, recording_id: str, day: str) -> Path:
        return self._kept / day / f"{recording_id}{SUFFIX}"

    def begun(self, call: str, offer: str) -> str:
        """The beginning of the files of this talk's recording; "": the disk is full."""
        if time.monotonic() >= self._looked + LOOK:
            self._looked = time.monotonic()
            self._tasks.spawn(Work.RECORDING, self._look())
        if self.full:
            return ""
        self._calls[call] = None
        if len(self._calls) > MOST_CALLS:
            del self._calls[next(iter(self._calls))]
        return str(self._raw / begun(call, offer))

    def note(self, record: Record) -> None:
        """Every Record passes here."""
        if record.kind in ENDS and record.call in self._calls:
            del self._calls[record.call]
            self._over.set()

    async def run(self) -> None:
        """Keep what has been recorded, as calls end. Runs until cancelled."""
        await self.settle()
        with suppress(OSError, StoreUnavailable):  # the next night compares again
            await self.compare(self._now() - COMPARED)
        while True:
            await self._over.wait()
            self._over.clear()
            await asyncio.sleep(CLOSES)
            await self.settle()

    async def settle(self) -> None:
        """Keep the recordings of all calls that are over. What fails is left for the next time."""
        async with self._one:
            await self._look()
            failed = 0
            for (call, offer), pieces in talks(await asyncio.to_thread(_sizes, self._raw)).items():
                if self._live(call):
                    self._calls[call] = None  # after a restart: its end is still to come
                    continue
                try:
                    await self._keep(call, offer, pieces)
                except (NoSound, OSError, StoreUnavailable) as error:
                    failed += 1
                    if not self._told:
                        self._told = True
                        log.error("recording-not-kept", recording=id_of(call, offer), why=str(error))
            self.failed = failed
            self._told = self._told and failed > 0

    async def _keep(self, call: str, offer: str, pieces: Sequence[Piece]) -> None:
        name, files = id_of(call, offer), [self._raw / file for piece in pieces for file in piece.files]
        every = pieces
        pieces = [piece for piece in pieces if not piece.third]
        found = await self._story(call)
        story = () if found is None else found[1]
        pieces = from_answer(pieces, story)
        about = talk_of(story, offer)
        length = round(sum(piece.seconds for piece in pieces), 3)
        if not any(one.id == name for one in recordings_of(story)) and about is not None and length:
            day = day_of(pieces[0].began, self._zone())
            parts = [
                talk.Part(self._raw / file, is_own(file), place(pieces, piece.began))
                for piece in every
                for file, size in piece.files.items()
                if size and (is_own(file) or not piece.third)
            ]
            sha256 = await self._packed(parts, length, name, day)
            data = {
                "recording": name,
                "began": pieces[0].began,
                "length_s": length,
                "sha256": sha256,
                "day": day,
                "marks": marks(pieces, story, offer),
            }
            self._write(Record(self._now(), Kind.RECORDED, call, about.queue, about.agent, offer, data))
        elif about is None and length:
            log.error("recording-of-nobody", recording=name, effect="it is removed")
        await asyncio.to_thread(_unlink, files)

    async def _packed(self, parts: Sequence[talk.Part], length: float, name: str, day: str) -> str:
        target = self.file(name, day)
        part = target.with_suffix(".part")
        await asyncio.to_thread(lambda: target.parent.mkdir(mode=0o700, parents=True, exist_ok=True))
        try:
            sha256 = await talk.packed(parts, length, part)
        except BaseException:
            await asyncio.to_thread(lambda: part.unlink(missing_ok=True))
            raise
        await asyncio.to_thread(part.replace, target)
        return sha256

    async def _look(self) -> None:
        """Whether the disk is full. The log has it once."""
        try:
            free = (await asyncio.to_thread(shutil.disk_usage, self._raw)).free
        except OSError:
            free = 0
        full = free < LEAST_FREE
        if full and not self.full:
            log.error("recordings-stopped", why=f"the disk has {free // 1_000_000} MB left")
        elif self.full and not full:
            log.info("recordings-go-on")
        self.full = full

    # -- what is removed ---------------------------------------------------------------------------------------------

    async def forget(self, calls: Sequence[str]) -> None:
        """Remove the recordings of these calls. What a live call's talk has so far is kept. Raises OSError,
        StoreUnavailable.
        """
        await self.settle()
        async with self._one:
            records = await self._journal.of_calls(calls)
            for one in recordings_of(records):
                await self._remove(one.id, one.day, "forgotten", one.queue)
            wanted = {call for call in calls if not self._live(call)}
            raw = talks(await asyncio.to_thread(_sizes, self._raw))
            pieces = [piece for (call, _), pieces in raw.items() if call in wanted for piece in pieces]
            files = [self._raw / file for piece in pieces for file in piece.files]
            await asyncio.to_thread(_unlink, files)

    async def old(self, cutoff: float, queues: Mapping[str, float]) -> int:
        """How many recordings `remove_old` would remove. Raises OSError, StoreUnavailable."""
        return len(await self._old(cutoff, queues))

    async def remove_old(self, cutoff: float, queues: Mapping[str, float]) -> int:
        """Remove the recordings of days before that of `cutoff`, or of what `queues` says instead, and compare the
        rest. Returns how many. Raises OSError, StoreUnavailable.
        """
        async with self._one:
            old = await self._old(cutoff, queues)
            for name, day in old.items():
                await self._remove(name, day, "old")
            await asyncio.to_thread(_sweep_folders, self._kept)
        await self.settle()
        await self.compare(min(cutoff, *queues.values(), cutoff))
        return len(old)

    async def _old(self, cutoff: float, queues: Mapping[str, float]) -> dict[str, str]:
        """The day of each. A file without a Record is of no queue, and goes with the last of them."""
        zone, first = self._zone(), min(cutoff, *queues.values(), cutoff)
        told = await self._journal.kept_since(first - DAY)
        there = await asyncio.to_thread(_files, self._kept)
        cutoffs = {name: queues.get(told[name], cutoff) if name in told else first for name in there}
        return {name: day for name, day in there.items() if day < day_of(cutoffs[name], zone)}

    async def compare(self, cutoff: float) -> None:
        """Compare files and Records since `cutoff`. A Record without its file is told to be so; a file without a Record
        is reported, and removed once it is old. Raises OSError, StoreUnavailable.
        """
        async with self._one:
            told = await self._journal.kept_since(cutoff - DAY)  # all those of the first day
            there = await asyncio.to_thread(_files, self._kept)
            for name in told.keys() - there.keys():
                self.lost += 1
                log.error("recording-lost", recording=name)
                self._write(self._removed(name, "lost"))
            first = day_of(cutoff, self._zone())
            self.strays = len([name for name, day in there.items() if name not in told and day >= first])
            if self.strays:
                log.error("recordings-without-record", files=self.strays, folder=str(self._kept))

    async def _remove(self, name: str, day: str, why: str, queue: str | None = None) -> None:
        self._write(self._removed(name, why, queue))
        await asyncio.to_thread(_unlink, [self.file(name, day)])

    def _removed(self, name: str, why: str, queue: str | None = None, actor: Actor = SYSTEM) -> Record:
        data = {"recording": name, "why": why}
        return Record(self._now(), Kind.RECORDING_REMOVED, call_of(name), queue, data=data, actor=actor)


def _sizes(folder: Path) -> Mapping[str, int]:
    """The files of Asterisk's folder with their sizes; no links. Raises OSError."""
    found = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                if entry.is_file(follow_symlinks=False):
                    found[entry.name] = entry.stat(follow_symlinks=False).st_size
    return found


def _files(folder: Path) -> dict[str, str]:
    """The day of each recording that there is. Raises OSError."""
    found = folder.glob(f"[0-9]*/[0-9]*/[0-9]*/*{SUFFIX}")
    named = {file.name.removesuffix(SUFFIX): file.parent.relative_to(folder).as_posix() for file in found}
    return {name: day for name, day in named.items() if ID.fullmatch(name)}


def _sweep_folders(folder: Path) -> None:
    """Remove the folders of days that have nothing any more."""
    for depth in ("*/*/*", "*/*", "*"):
        for empty in folder.glob(depth):
            with suppress(OSError):
                empty.rmdir()


def _unlink(files: Iterable[Path]) -> None:
    """Raises OSError."""
    for file in files:
        file.unlink(missing_ok=True)
