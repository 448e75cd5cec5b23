"""Keeps the recordings of talks beside their Records: no file without a Record, no Record without a file.

Once a call is over, its pieces become a file of that day, then the Record `recorded` tells of it, then the pieces are
removed. A service that ends in between finds the pieces at its next start, and does the rest.
"""

import asyncio
import hashlib
import os
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from pathlib import Path
from typing import BinaryIO, Protocol
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from base.tasks import Tasks, Work
from calls.model import ENDS
from calls.store import StoreUnavailable, reaching
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from journal.store import from_row
from journal.tables import IS_RECORDING, records
from recordings.keys import Keys, encrypted, memory
from recordings.model import (
    FILE,
    SUFFIX,
    Kept,
    Piece,
    begun,
    call_of,
    day_of,
    from_answer,
    id_of,
    is_examined,
    is_own,
    marks,
    place,
    recordings_of,
    talk_of,
    talks,
)
from sounds import talk
from sounds.model import NoSound

WRITTEN = 5.0
"""Seconds for the journal to write what it still holds."""


class RecordingStore:
    """Every method raises StoreUnavailable when the database cannot be asked, or does not have all Records yet.
    `flush`: has the journal write what it holds, within so many seconds; False: it could not.
    """

    def __init__(self, database: AsyncEngine, flush: Callable[[float], Awaitable[bool]]) -> None:
        self._database, self._flush = database, flush

    async def of_calls(self, calls: Collection[str]) -> Sequence[Record]:
        """The Records about the recordings of these calls, in order."""
        kinds = (Kind.RECORDED, Kind.RECORDING_REMOVED)
        query = select(records).where(records.c.call.in_(calls), records.c.kind.in_(kinds)).order_by(records.c.seq)
        async with self._reading() as connection:
            return [from_row(row) for row in (await connection.execute(query)).mappings()]

    async def kept_since(self, cutoff: float) -> dict[str, Kept]:
        """The recordings that were kept since then and not removed."""
        columns = records.c.kind, records.c.data, records.c.queue
        query = select(*columns).where(IS_RECORDING, records.c.at >= cutoff).order_by(records.c.seq)
        kept: dict[str, Kept] = {}
        async with self._reading() as connection:
            for kind, data, queue in (await connection.execute(query)).all():
                if kind == Kind.RECORDED:
                    kept[data["recording"]] = Kept(queue or "", data["sha256"])
                else:
                    kept.pop(data["recording"], None)
        return kept

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        if not await self._flush(WRITTEN):
            raise StoreUnavailable("Behind")
        async with reaching(self._database) as connection:
            yield connection


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
    """What the journal says of recordings: see `recordings.keeper`."""

    async def of_calls(self, calls: Collection[str]) -> Sequence[Record]: ...

    async def kept_since(self, cutoff: float) -> Mapping[str, Kept]: ...


class Keeper:
    """`raw`: Asterisk writes there. `kept`: only the service does. `live`: whether a call goes on. `failed`: talks
    whose recording could not be kept so far, `lost`: recordings without a file, `strays`: files without a Record,
    `damaged`: recordings whose file is not that of the Record. `full`: the disk is, and nothing is recorded.
    `keys`: for which recordings are encrypted.
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
        keys: Keys,
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
        self.damaged = set[str]()
        self.keys = keys

    def file(self, recording_id: str, day: str, encrypted: bool = False) -> Path:
        """`encrypted`: whether it is."""
        return self._kept / day / f"{recording_id}{SUFFIX}{'.age' if encrypted else ''}"

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
        await self.keys.here()  # the log says now what is wrong with them
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
                **({"recipients": [*self.keys.recipients]} if self.keys.recipients else {}),
            }
            self._write(Record(self._now(), Kind.RECORDED, call, about.queue, about.agent, offer, data))
        elif about is None and length:
            log.error("recording-of-nobody", recording=name, effect="it is removed")
        await asyncio.to_thread(_unlink, files)

    async def _packed(self, parts: Sequence[talk.Part], length: float, name: str, day: str) -> str:
        """The SHA-256 of the file. Raises NoSound, OSError."""
        recipients = self.keys.recipients
        target, other = (self.file(name, day, either) for either in (bool(recipients), not recipients))
        part = target.with_name(f"{name}.part")
        await asyncio.to_thread(lambda: target.parent.mkdir(mode=0o700, parents=True, exist_ok=True))
        try:
            with memory() as flac:
                await talk.packed(parts, length, flac)
                sha256 = await asyncio.to_thread(_put, flac, part, recipients)
        except BaseException:
            await asyncio.to_thread(lambda: part.unlink(missing_ok=True))
            raise
        await asyncio.to_thread(part.replace, target)
        await asyncio.to_thread(_unlink, [other])  # of a service that died before the Record, with other settings
        return sha256

    async def _look(self) -> None:
        """Whether the disk is full. The log has it once."""
        try:
            free = await asyncio.to_thread(lambda: min(shutil.disk_usage(on).free for on in (self._raw, self._kept)))
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
                await self._remove(one.id, self.file(one.id, one.day, bool(one.recipients)), "forgotten", one.queue)
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
            for name, file in old.items():
                await self._remove(name, file, "old")
            await asyncio.to_thread(_sweep_folders, self._kept)
        await self.settle()
        await self.compare(min(cutoff, *queues.values(), cutoff))
        return len(old)

    async def _old(self, cutoff: float, queues: Mapping[str, float]) -> dict[str, Path]:
        """The file of each. A file without a Record is of no queue, and goes with the last of them."""
        zone, first = self._zone(), min(cutoff, *queues.values(), cutoff)
        told = await self._journal.kept_since(first - DAY)
        there = await asyncio.to_thread(_files, self._kept)
        cutoffs = {name: queues.get(told[name].queue, cutoff) if name in told else first for name in there}
        return {name: file for name, file in there.items() if self._day(file) < day_of(cutoffs[name], zone)}

    def _day(self, file: Path) -> str:
        return file.parent.relative_to(self._kept).as_posix()

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
            self.strays = len([name for name, file in there.items() if name not in told and self._day(file) >= first])
            if self.strays:
                log.error("recordings-without-record", files=self.strays, folder=str(self._kept))

    async def examine(self, cutoff: float) -> None:
        """Read the files since `cutoff` whose night it is, and compare them with the SHA-256 of their Records. Raises
        OSError, StoreUnavailable.
        """
        today = day_of(self._now(), self._zone())
        told = await self._journal.kept_since(cutoff - DAY)
        for name, file in (await asyncio.to_thread(_files, self._kept)).items():
            if name in told and is_examined(self._day(file), today):
                try:
                    sha256 = await asyncio.to_thread(_digest, file)
                except FileNotFoundError:
                    continue  # it was removed meanwhile
                except OSError:
                    sha256 = ""  # the disk cannot read it
                if sha256 != told[name].sha256:
                    self.note_damaged(name)

    def note_damaged(self, name: str) -> None:
        """The file of this recording is not that of the Record. The log has it once."""
        if name not in self.damaged:
            self.damaged.add(name)
            log.error("recording-damaged", recording=name)

    async def _remove(self, name: str, file: Path, why: str, queue: str | None = None) -> None:
        self._write(self._removed(name, why, queue))
        self.damaged.discard(name)
        await asyncio.to_thread(_unlink, [file])

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


def _files(folder: Path) -> dict[str, Path]:
    """The file of each recording that there is. Raises OSError."""
    named = ((FILE.fullmatch(file.name), file) for file in folder.glob("[0-9]*/[0-9]*/[0-9]*/*"))
    return {name["id"]: file for name, file in named if name}


def _put(flac: BinaryIO, file: Path, recipients: Collection[str]) -> str:
    """Write it to the disk, encrypted if there are recipients. Returns the SHA-256. Raises OSError."""
    with encrypted(flac, recipients) if recipients else nullcontext(flac) as content, file.open("wb") as opened:
        content.seek(0)
        shutil.copyfileobj(content, opened)
    return _digest(file)


def _digest(file: Path) -> str:
    """The SHA-256 of a file that is on the disk. Raises OSError."""
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
        return hashlib.file_digest(opened, "sha256").hexdigest()


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
