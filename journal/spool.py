"""The spool keeps every Record in a local file before anything follows from it, until the database has the Record and
a later snapshot makes it unnecessary for a restart. One process writes the spool.

The folder holds segments, `000001.jsonl`, `000002.jsonl`, …; `journal.segment` says what is in one. A segment is begun
under another name, and gets its own once its snapshot is whole; so the newest segment always has one. A Record is one
`write` at the end of the newest segment. It is not forced to the disk: the kernel keeps it when this process dies, by
whatever signal; only a power cut may take the last seconds. Before a segment is deleted, the next one is forced to the
disk.

A segment in use is followed by a *draft*: a thread writes its head, and then gives it its name. Records that come
meanwhile are kept in both. So at every moment one of the two has all of them, and calls do not wait for the disk.

On a disk error, or over the limit, the spool has a *fault* and keeps nothing until `begin` opens another segment. The
snapshot of that segment covers the Records missing in between.
"""

import errno
import fcntl
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import structlog

from journal.records import Record
from journal.segment import Damaged, Head, entries, head_line, read_head, record_line
from journal.store import Past
from sentences.sentence import Sentence

log = structlog.get_logger(__name__)

SEGMENT = 8 * 1024 * 1024
"""Bytes after which another segment is due: a start reads and folds so much in about a second."""

LIMIT = 1024 * 1024 * 1024
"""Bytes of all segments together."""

GONE = (errno.EIO, errno.ENOENT, errno.EACCES)
"""What makes a segment unreadable for good; other errors, such as too many open files, may pass."""

ADVICE = "keep the file and report it; the database has some of its Records, the others are missing"


class SpoolInUse(Exception):
    """Another process writes this spool."""


@dataclass(slots=True)
class _Segment:
    path: Path
    first: int
    head: int
    size: int
    damaged: bool = False


class Draft:
    """Another segment that is not in use yet. `write`, and then `name`, are called in a thread; both raise OSError.

    keep  takes the line of another Record, which is in the segment in use
    size  its bytes; `head`: those of the first line
    """

    def __init__(self, path: Path, head: Callable[[], bytes], first: int) -> None:
        self.path, self.first = path, first
        self.head = self.size = 0
        self.file = -1
        self._head = head
        self._lines: list[bytes] = []  # until there is a file
        self.keep: Callable[[bytes], None] = self._lines.append
        self._broken: OSError | None = None

    def write(self) -> None:
        """Write the head."""
        line = self._head()
        self.file = os.open(self._unnamed, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        rest = memoryview(line)
        while rest:
            rest = rest[os.write(self.file, rest) :]
        self.head = self.size = len(line)

    def catch_up(self) -> None:
        """Keep the lines that came while the head was written; from now on each is written at once. Raises OSError."""
        self._write(b"".join(self._lines))
        self.keep = self._write_next

    def name(self) -> None:
        """Give it its name: from now on a start finds it. It replaces no file."""
        os.link(self._unnamed, self.path)
        with suppress(OSError):  # the next start does it
            self._unnamed.unlink()

    def check(self) -> None:
        """Raise the OSError of a line that could not be written, if there was one."""
        if self._broken is not None:
            raise self._broken

    def drop(self) -> None:
        """It will never be in use."""
        if self.file >= 0:
            os.close(self.file)
            self.file = -1
        for path in (self._unnamed, self.path):
            with suppress(OSError):
                path.unlink()

    @property
    def _unnamed(self) -> Path:
        return self.path.with_suffix(".new")

    def _write_next(self, line: bytes) -> None:
        try:
            self._write(line)
        except OSError as error:
            self._broken = error

    def _write(self, lines: bytes) -> None:
        if os.write(self.file, lines) < len(lines):  # the disk took what fitted
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.size += len(lines)


class Spool:
    """Made by `open`. Numbers of Records are the journal's: rising, from `last` + 1 on.

    recovered  what `open` found, until the next `begin`
    id         see `journal.segment`
    first      the lowest number that the spool may have
    last       the number of the last Record that was found; `last_at` when it was written, 0: there was none
    fault      why Records are not kept now; None: they are
    size       bytes of all segments
    """

    def __init__(self, folder: Path, *, limit: int = LIMIT, segment: int = SEGMENT) -> None:
        self.recovered = Past(None, ())
        self.id = uuid4().hex
        self.last = 0
        self.last_at = 0.0
        self.fault: str | None = None
        self.size = 0
        self._folder = folder
        self._limit = limit
        self._segment = segment
        self._due = segment  # size of the newest segment at which another one is due
        self._segments: list[_Segment] = []
        self._lock = self._file = -1
        self._serial = 0
        self._closed = False
        self._draft: Draft | None = None
        self._cursor: tuple[Path, int, int] = (Path(), 0, 0)  # file, number, position: `read` goes on after them

    @classmethod
    def open(cls, folder: Path, *, limit: int = LIMIT, segment: int = SEGMENT) -> "Spool":
        """Find what is there, put aside what cannot be read, and be ready to append.

        A disk error leaves a spool with a `fault`. Raises SpoolInUse.
        """
        spool = cls(folder, limit=limit, segment=segment)
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            spool._take_lock()
            spool._recover()
        except OSError as error:
            # The used numbers are not known. So take another id, under which the database has none yet.
            spool._segments, spool.id, spool.last, spool.size = [], uuid4().hex, 0, 0
            spool._fail(_words(error))
        return spool

    async def recall(self) -> Past:
        """`journal.store.History`: what was found."""
        return self.recovered

    @property
    def first(self) -> int:
        return self._segments[0].first if self._segments else self.last + 1

    @property
    def full(self) -> bool:
        """Another segment is due: call `begin` when state and Records agree."""
        return self.fault is None and self._draft is None and self._segments[-1].size >= self._due

    def append(self, number: int, record: Record) -> bool:
        """Keep the Record. False: it is not kept, see `fault`."""
        if self.fault is not None:
            return False
        line = record_line(number, record)
        if self.size + len(line) > self._limit:
            self._fail(Sentence("its {bytes} bytes are full", bytes=self._limit))
            return False
        segment = self._segments[-1]
        try:
            written = os.write(self._file, line)
            if written < len(line):  # the disk took what fitted
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            with suppress(OSError):  # else the next start cuts it off
                os.ftruncate(self._file, segment.size)
            self._fail(_words(error))
            return False
        segment.size += len(line)
        self.size += len(line)
        self.last_at = record.at
        if self._draft is not None:
            self._draft.keep(line)
        return True

    def put_off(self) -> None:
        """There is no snapshot to begin another segment with: it is due after as many bytes again."""
        if self._segments:
            self._due = self._segments[-1].size + self._segment

    def begin(self, first: int, snapshot: Mapping[str, Any] | None) -> bool:
        """Begin another segment, whose first Record will have the number `first`. False: not now, see the log.

        `snapshot`: the state after all Records before that. If there is no fault, and no segment can be begun, the
        current one stays in use.
        """
        if self._closed:
            return False
        self._draft = None
        segment = self._segments[-1] if self._segments else None
        if segment is not None:
            self._due = segment.size + self._segment  # if it fails, do not try again with every Record
        line = head_line(self.id, first, self.last_at, snapshot)
        if self.size + len(line) > self._limit:
            return self._not_begun(Sentence("its {bytes} bytes are full", bytes=self._limit))
        self._serial += 1
        path = self._folder / f"{self._serial:06}.jsonl"
        try:
            file = self._create(path, line)
        except OSError as error:
            return self._not_begun(_words(error))
        self._close_file()
        self._file = file
        self._segments.append(_Segment(path, first, len(line), len(line)))
        self.size += len(line)
        self._due = self._segment + len(line)
        self.recovered = Past(None, ())
        if self.fault is not None:
            log.warning("spool.resumed", was=self.fault, segment=path.name)
            self.fault = None
        return True

    def draft(self, first: int, snapshot: Mapping[str, Any] | None) -> Draft:
        """As `begin` where there is no fault, in four steps: `Draft.write` in a thread, `caught_up`, `Draft.name` in a
        thread, `named`.
        """
        self.put_off()
        self._serial += 1
        path, last_at = self._folder / f"{self._serial:06}.jsonl", self.last_at
        self._draft = Draft(path, lambda: head_line(self.id, first, last_at, snapshot), first)
        return self._draft

    def caught_up(self, draft: Draft, error: BaseException | None) -> bool:
        """After `Draft.write`, with what that raised. False: it will not be in use, see the log."""
        try:
            if error is not None:
                raise error
            if draft is not self._draft or self.fault is not None:
                raise OSError(errno.ECANCELED, "another one was begun")
            if self.size + draft.size > self._limit:
                raise OSError(errno.EFBIG, Sentence("its {bytes} bytes are full", bytes=self._limit))
            draft.catch_up()
        except Exception as failed:
            return self._dropped(draft, failed)
        return True

    def named(self, draft: Draft, error: BaseException | None) -> bool:
        """After `Draft.name`, with what that raised: the draft is in use. False: it is not, see the log."""
        try:
            if error is not None:
                raise error
            if draft is not self._draft or self.fault is not None:
                raise OSError(errno.ECANCELED, "another one was begun")
            draft.check()
        except Exception as failed:
            return self._dropped(draft, failed)
        self._draft = None
        self._close_file()
        self._file = draft.file
        self._segments.append(_Segment(draft.path, draft.first, draft.head, draft.size))
        self.size += draft.size
        self._due = self._segment + draft.head
        self.recovered = Past(None, ())
        return True

    def _dropped(self, draft: Draft, error: Exception) -> bool:
        if draft is self._draft:
            self._draft = None
            log.error("spool.not_rotated", why=_words(error) if isinstance(error, OSError) else repr(error))
        draft.drop()
        return False

    def read(self, after: int, before: int, limit: int) -> list[tuple[int, Record]]:
        """The first `limit` Records between the two numbers, in order. Call it in a thread. Raises OSError.

        One reader at a time. Damaged lines are left out, and the log names the file.
        """
        found: list[tuple[int, Record]] = []
        segments = list(self._segments)
        for n, segment in enumerate(segments):
            if n + 1 < len(segments) and segments[n + 1].first <= after + 1:
                continue
            if segment.first >= before:
                break
            end = min(before, segments[n + 1].first) if n + 1 < len(segments) else before  # its last ones are in both
            path, number, position = self._cursor
            start = position if path == segment.path and number <= after else segment.head
            try:
                for entry in entries(segment.path, start, segment.size):
                    if entry.record is None:
                        self._damage(segment)
                    elif entry.number >= end:
                        break
                    elif entry.number > after:
                        found.append((entry.number, entry.record))
                        self._cursor = (segment.path, entry.number, entry.end)
                        if len(found) == limit:
                            return found
            except OSError as error:
                if error.errno not in GONE:
                    raise
                self._damage(segment)
        return found

    def strike(self, written: int) -> "Struck":
        """Take unneeded segments out of the spool: the database has all Records up to `written`.

        `Struck.discard` deletes their files.
        """
        gone = []
        while len(self._segments) > 1 and self._segments[1].first <= written + 1:
            gone.append(self._segments.pop(0))
            self.size -= gone[-1].size
        return Struck(gone, self._segments[0].path if self._segments else Path())

    def close(self) -> None:
        """Keep nothing more, and release the spool for other processes."""
        self._closed = True
        self._draft = None
        self.fault = "closed"
        self._close_file()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _take_lock(self) -> None:
        self._lock = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise SpoolInUse(f"{self._folder}: another process writes this spool") from None

    def _recover(self) -> None:
        heads = self._find()
        if not heads:
            self.begin(1, None)
            return
        self.id, self.last_at = heads[-1].spool, heads[-1].at
        self.last = heads[-1].first - 1
        newest = max((n for n, head in enumerate(heads) if head.snapshot is not None), default=0)
        records = [record for segment in self._segments[newest:] for record in self._load(segment)]
        self.recovered = Past(heads[newest].snapshot, records)
        self._file = os.open(self._segments[-1].path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)

    def _find(self) -> list[Head]:
        """The heads of the segments, oldest first. A file that is none, or of another spool, is put aside."""
        for unfinished in self._folder.glob("*.new"):
            unfinished.unlink()
        heads: list[Head] = []
        for path in sorted(self._folder.glob("*.jsonl"), reverse=True):
            self._serial = max(self._serial, int(path.stem) if path.stem.isdecimal() else 0)
            try:
                head, size = read_head(path), path.stat().st_size
                if heads and head.spool != heads[0].spool:
                    raise Damaged("it is of another spool")
            except Damaged as error:
                aside = _put_aside(path)
                log.error("spool.put_aside", file=str(aside), why=str(error), what_to_do=ADVICE)
                continue
            except FileNotFoundError:  # the service before was deleting it as it ended: nobody needs it
                continue
            heads.insert(0, head)
            self._segments.insert(0, _Segment(path, head.first, head.length, size))
            self.size += size
        return heads

    def _load(self, segment: _Segment) -> Sequence[Record]:
        """Its Records. A half-written last line is cut off."""
        records, whole = [], segment.head
        for entry in entries(segment.path, segment.head, segment.size):
            whole = entry.end
            if entry.record is None:
                self._damage(segment)
            else:
                records.append(entry.record)
                self.last, self.last_at = max(self.last, entry.number), entry.record.at
        if whole < segment.size:
            log.warning("spool.torn", file=str(segment.path), cut_off=segment.size - whole)
            os.truncate(segment.path, whole)
            self.size -= segment.size - whole
            segment.size = whole
        return records

    def _damage(self, segment: _Segment) -> None:
        if not segment.damaged:
            segment.damaged = True
            log.error("spool.damaged", file=str(segment.path), what_to_do=ADVICE)

    def _create(self, path: Path, line: bytes) -> int:
        """The file, open for appending, with its first line. All or nothing; replaces no file."""
        draft = path.with_suffix(".new")
        file = os.open(draft, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[os.write(file, rest) :]
            os.link(draft, path)
        except OSError:
            os.close(file)
            raise
        finally:
            with suppress(OSError):  # the next start does it
                draft.unlink()
        return file

    def _not_begun(self, why: str) -> bool:
        if self.fault is None and self._segments:
            log.error("spool.not_rotated", why=why)
        else:
            self._fail(why)
        return False

    def _fail(self, why: str) -> None:
        if self.fault is None:
            log.error("spool.failed", why=why, folder=str(self._folder))
        self.fault = why

    def _close_file(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


class Struck(NamedTuple):
    """Segments that the spool does not need any more, and the one that makes them unnecessary."""

    segments: Sequence[_Segment]
    next: Path

    def discard(self) -> None:
        """Force the next one to the disk, then delete these; put damaged ones aside. Call it in a thread.

        Raises OSError; the next start strikes off what is left.
        """
        file = os.open(self.next, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fdatasync(file)
        finally:
            os.close(file)
        for segment in self.segments:
            if segment.damaged:
                _put_aside(segment.path)
            else:
                segment.path.unlink(missing_ok=True)


def _put_aside(path: Path) -> Path:
    """Give the file a unique name that the spool ignores."""
    aside = path.with_name(f"{path.name}.damaged-{uuid4().hex[:8]}")
    path.rename(aside)
    return aside


def _words(error: OSError) -> str:
    return error.strerror or type(error).__name__
