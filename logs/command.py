"""`./wutong logs`: read the files of the log, print what is wanted, in words or as it is, and go on with what comes."""

import json
import os
import signal
from collections import deque
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import typer
from watchfiles import watch

from base.failure import NotDone
from logs.words import LEVELS, said
from sentences.languages import worded

# The files of the log: their lines, those that are wanted, and those that are still to come.
#
# `base/log` writes them: `service.log`, and five older ones of 10 MB, `service.log.1` to `.5`; the supervisor of
# `up`, which knows how the service ended, has `supervisor.log` and older ones.


NAMES = ("service.log", "supervisor.log")
OLDER = 5
LONGEST = 100_000
"""Characters of a line that is read as one."""

GRAVITY = ("debug", "info", "warning", "error", "critical")


@dataclass(frozen=True, slots=True)
class Line:
    """`raw`: as it is in the file, without its end. `fields`: all that it has beside time, level and event. A line that
    is not JSON, as a crash may leave one, has its words as the event, and no time.
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
        if line.level in GRAVITY and GRAVITY.index(line.level) < GRAVITY.index(self.level):
            return False
        return self.call in line.raw


def parsed(raw: str) -> Line:
    """A line as the service wrote it."""
    raw = raw.rstrip("\r\n")
    try:
        fields = json.loads(raw)
        at = datetime.fromisoformat(fields.pop("at"))
        level, event = str(fields.pop("level")), str(fields.pop("event"))
        return Line(raw, at if at.tzinfo else at.replace(tzinfo=UTC), level, event, fields)
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


SETTLED_MS = 100
"""Milliseconds without another line after which those that have come are shown."""

COLOURS = {"warning": typer.colors.YELLOW, "error": typer.colors.RED, "critical": typer.colors.RED}
NOT_SHOWN = ("logger",)
"""Fields that say nothing to a person."""

TRACEBACK = "exception"


def show(
    logs: Path,
    wanted: Wanted,
    most: int,
    *,
    language: str,
    zone: Callable[[], tzinfo],
    as_json: bool,
    follow: bool,
) -> None:
    """`most`: how many lines of the past. `zone`: of the times; not asked for where lines are shown as they are.

    Raises NotDone.
    """
    show = _as_it_is if as_json else partial(_show, language=language, zone=zone())
    try:
        if not logs.is_dir():
            raise NotDone(
                "there is no log in {logs}: nothing has run on this state folder yet. ./wutong up starts a "
                "hotline, --state names another folder",
                logs=logs,
            )
        tails = [Tail(logs / name) for name in NAMES] if follow else []
        lines = last(logs, wanted, most)
        for line in lines:
            show(line)
        if tails:
            _follow(logs, tails, wanted, {line.raw for line in lines}, show)
        elif not lines:
            typer.echo(worded("The log has no such lines.", language), err=True)
    except PermissionError as error:
        raise NotDone(
            "{file} is another user's: give the command as its owner, or as root", file=error.filename
        ) from None


def in_words(line: Line, language: str, zone: tzinfo) -> str:
    """One line for a person; a traceback follows on lines of its own, as it says where a mistake is."""
    words, rest = said(line.event, line.fields, language)
    traceback = str(rest.pop(TRACEBACK, ""))
    fields = "  ".join(f"{name}={value}" for name, value in rest.items() if name not in NOT_SHOWN and value is not None)
    at = "" if line.at is None else line.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    level = LEVELS.get(line.level, line.level) if language == "zh" else line.level
    shown_line = "  ".join(_plain(part) for part in (at, level, words, fields) if part)
    coloured = typer.style(shown_line, fg=COLOURS.get(line.level)) if line.level in COLOURS else shown_line
    return "\n".join([coloured, *(f"    {_plain(each)}" for each in traceback.splitlines())])


def _as_it_is(line: Line) -> None:
    """JSON escapes only some of what would steer a terminal; written by its number the rest says the same."""
    typer.echo("".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in line.raw))


def _show(line: Line, language: str, zone: tzinfo) -> None:
    typer.echo(in_words(line, language, zone))


def _follow(
    logs: Path, tails: Sequence[Tail], wanted: Wanted, shown: Container[str], show: Callable[[Line], None]
) -> None:
    """Until Ctrl-C. `shown`: lines that were shown, though they came after the tails began."""
    # A shell starts what a script puts into the background with SIGINT ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        for line in _more(tails, wanted):
            if line.raw not in shown:
                show(line)
        for _ in watch(logs, recursive=False, debounce=SETTLED_MS, step=SETTLED_MS // 2, yield_on_timeout=True):
            for line in _more(tails, wanted):
                show(line)
    except KeyboardInterrupt:
        pass
    finally:
        for tail in tails:
            tail.close()


def _more(tails: Sequence[Tail], wanted: Wanted) -> Iterator[Line]:
    return (line for tail in tails for line in tail.more() if wanted.takes(line))


def _plain(words: str) -> str:
    """Without what would move the cursor or colour the line: a log has what strangers have sent."""
    return "".join(each if each.isprintable() else "�" for each in words)
