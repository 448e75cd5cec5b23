"""A segment: one file of the spool, and how it is written.

Every line is the CRC-32 of its JSON in eight hexadecimal digits, a space, the JSON (ASCII), a line feed. The first
line, the *head*, is an object:

    spool     the version of this format
    id        of the spool, the same in all of its segments; the database notes under it which Records it has
    first     the number of the next Record when the segment was begun
    at        when the last Record before it was written, seconds since the epoch; 0: there was none
    snapshot  the state after all Records before `first`; null: the spool begins here, without a state

Every other line is a Record: [number, at, kind, call, queue, agent, offer, data, actor]. The actor is left out if it is
the system, or if an older version wrote the line. Numbers rise by one within a segment, except at damaged lines.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from journal.store import storable

FORMAT = 1

LONGEST_LINE = 256 * 1024 * 1024
"""Most bytes of a line that are read; a snapshot of thousands of agents has a few hundred thousand."""


class Damaged(ValueError):
    """It is not a line of a segment, or not as it was written."""


class Entry(NamedTuple):
    """A Record with its number, and where its line ends in the file. `record` is None for a line that is damaged."""

    number: int
    record: Record | None
    end: int


@dataclass(frozen=True, slots=True)
class Head:
    """See the module. `length`: bytes of its line."""

    spool: str
    first: int
    at: float
    snapshot: Mapping[str, Any] | None
    length: int


def head_line(spool: str, first: int, at: float, snapshot: Mapping[str, Any] | None) -> bytes:
    """The first line of a segment. Raises TypeError and ValueError for a snapshot that is not JSON."""
    head = {"spool": FORMAT, "id": spool, "first": first, "at": at, "snapshot": snapshot}
    return _line(json.dumps(head, separators=(",", ":")))


def record_line(number: int, record: Record) -> bytes:
    """The line of a Record. Values that JSON cannot hold are replaced, as for the database."""
    fields = record[:-1] if record.actor == SYSTEM else record  # most Records are the system's
    try:
        return _line(_encode((number, *fields)))
    except (TypeError, ValueError):
        return record_line(number, storable(record))


def read_head(path: Path) -> Head:
    """The head of a segment. Raises Damaged, OSError."""
    with path.open("rb") as file:
        line = file.readline(LONGEST_LINE)
    head = _parse(line)
    match head:
        case {"spool": int(version)} if version != FORMAT:
            raise Damaged(f"it has the format {version}, not {FORMAT}")
        case {"id": str(spool), "first": int(first), "at": int() | float() as at, "snapshot": dict() | None as shot}:
            return Head(spool, first, float(at), shot, len(line))
        case _:
            raise Damaged("its first line is not that of a segment")


def entries(path: Path, start: int, end: int) -> Iterator[Entry]:
    """The Records between two positions in the file, which are ends of lines. Raises OSError.

    A last line that was cut off while it was written is left out.
    """
    with path.open("rb") as file:
        file.seek(start)
        position = start
        while position < end:
            line = file.readline(min(LONGEST_LINE, end - position))
            if not line.endswith(b"\n"):  # cut off, or the file has become shorter
                return
            position += len(line)
            try:
                number, at, kind, call, queue, agent, offer, data, *actor = _parse(line)
                record = Record(float(at), Kind(kind), call, queue, agent, offer, data, *map(Actor, actor))
            except (ValueError, TypeError):
                yield Entry(0, None, position)
            else:
                yield Entry(number, record, position)


def _plain(value: Any) -> Any:
    """The form in JSON of a value that JSON does not know: `data` may be any Mapping."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__} is not JSON")


_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False, default=_plain).encode


def _line(text: str) -> bytes:
    data = text.encode("ascii")
    return b"%08x %b\n" % (crc32(data), data)


def _parse(line: bytes) -> Any:
    """The content of a line. Raises Damaged."""
    data = line[9:-1]
    try:
        if line[-1:] != b"\n" or int(line[:8], 16) != crc32(data):
            raise Damaged("it is not what was written")
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Damaged("a line is damaged") from error
