"""The files of the log: their lines, those that are wanted, and those that are still to come.

`base/log` writes them: `service.log`, and five older ones of 10 MB, `service.log.1` to `.5`; the supervisor of
`up`, which knows how the service ended, has `supervisor.log` and older ones.
"""

import json
import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

NAMES = ("service.log", "supervisor.log")
OLDER = 5
LONGEST = 100_000
"""Characters of a line that is read as one."""

LEVELS = ("debug", "info", "warning", "error", "critical")


@dataclass(frozen=True, slots=True)
class Line:
    """`raw`: as it is in the file, without its end. `fields`: all that it has beside time, level and event. A line that
    is no JSON, as a crash may leave one, has its words as the event, and no time.
    """

    raw: str
    at: datetime | None
    level: str
    event: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines. `since`: none before that. `level`: none that is less grave. `call`: only those with these words."""

    since: datetime | None = None
    level: str = "debug"
    call: str = ""

    def takes(self, line: Line) -> bool:
        if self.since is not None and (line.at is None or line.at < self.since):
            return False
        if line.level in LEVELS and LEVELS.index(line.level) < LEVELS.index(self.level):
            return False
        return self.call in line.raw


def parsed(raw: str) -> Line:
    """A line as the service wrote it."""
    raw = raw.rstrip("\r\n")
    try:
        told = json.loads(raw)
        at = datetime.fromisoformat(told.pop("at"))
        level, event = str(told.pop("level")), str(told.pop("event"))
        return Line(raw, at if at.tzinfo else at.replace(tzinfo=UTC), level, event, told)
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return Line(raw, None, "", raw, {})


def last(logs: Path, wanted: Wanted, most: int) -> list[Line]:
    """The last `most` of the wanted lines of all programs, the oldest first. Raises OSError."""
    found = [each for name in NAMES for each in _timed(_last_of(logs / name, wanted, most))]
    found.sort(key=lambda each: each[0])
    return [line for _, line in found[-most:]]


def _last_of(path: Path, wanted: Wanted, most: int) -> list[Line]:
    """Of one program. Older files are read only as long as lines are missing."""
    found: list[Line] = []
    for older in ("", *(f".{number}" for number in range(1, OLDER + 1))):
        try:
            with path.with_name(path.name + older).open(encoding="utf-8", errors="replace") as file:
                kept = deque((line for line in _lines(file) if wanted.takes(line)), maxlen=most - len(found))
                found = [*kept, *found]
        except FileNotFoundError:
            continue
        if len(found) == most:
            break
    return found


def _timed(lines: list[Line]) -> Iterator[tuple[datetime, Line]]:
    """Each with its time; one without a time has that of the line before."""
    at = datetime.min.replace(tzinfo=UTC)
    for line in lines:
        at = line.at or at
        yield at, line


class Tail:
    """What one program writes after this moment, from one file to the next. Raises OSError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = self._opened()
        self._part = ""
        if self._file is not None:
            self._file.seek(0, 2)

    def more(self) -> Iterator[Line]:
        """The whole lines that have come since the last time."""
        yield from self._rest()
        if self._is_another():  # the one before has become an older file, and has been read to its end
            self.close()
            self._file, self._part = self._opened(), ""
            yield from self._rest()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _rest(self) -> Iterator[Line]:
        while self._file is not None and (read := self._file.readline(LONGEST)):
            self._part += read
            if self._part.endswith("\n") or len(self._part) >= LONGEST:
                yield parsed(self._part)
                self._part = ""

    def _is_another(self) -> bool:
        try:
            now = self._path.stat()
        except FileNotFoundError:
            return False
        if self._file is None:
            return True
        mine = os.fstat(self._file.fileno())
        return (now.st_dev, now.st_ino) != (mine.st_dev, mine.st_ino)

    def _opened(self) -> TextIO | None:
        try:
            return self._path.open(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None


def _lines(file: TextIO) -> Iterator[Line]:
    while read := file.readline(LONGEST):
        yield parsed(read)
