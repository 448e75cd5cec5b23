"""Logging: JSON lines into the state folder, readable lines on a terminal.

Secrets and callers' numbers are masked, at every level, in other libraries' messages and in exceptions too.
"""

import logging
import logging.handlers
import sys
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from base.numbers import masked, masked_in

HIDDEN = "**********"
SECRET_NAMES = ("password", "secret", "token", "authorization")
LARGEST = 10_000_000
"""Bytes of one log file. Five older files are kept, so a log takes six times that at most."""

CALLERS = frozenset({"caller", "callerid", "calleridnum", "calleridname", "connectedlinenum", "from"})
"""Names of values that are a caller's number, whatever they look like; in small letters."""

DEEPEST = 6
"""Levels of a value within a value that are masked one by one; what is deeper is masked as one text."""

_hidden: set[str] = set()
_kept: frozenset[str] = frozenset()


def hide(values: Iterable[str]) -> None:
    """Mask these values from now on in every message, other libraries' messages too."""
    _hidden.update(value for value in values if value)


def keep(numbers: Iterable[str]) -> None:
    """Do not mask these numbers from now on: the hotline's own, and agents' ids. They replace those before."""
    global _kept
    _kept = frozenset(numbers)


def without_numbers(text: str) -> str:
    """The text with every caller's number masked, as it may be written anywhere."""
    return masked_in(text, _kept)


def configure(level: str, *, file: Path | None = None, stream: TextIO | None = None) -> None:
    """Send what this process logs, through structlog or logging, to the file (JSON lines) and to the stream.

    The stream gets readable lines when it is a terminal, JSON lines when not. `level`: debug, info, warning or error.
    """
    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _mask_names,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *common, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handlers: list[logging.Handler] = []
    if file is not None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        into_file = logging.handlers.RotatingFileHandler(file, maxBytes=LARGEST, backupCount=5, encoding="utf-8")
        into_file.setFormatter(_lines(common, readable=False))
        handlers.append(into_file)
    if stream is not None:
        into_stream = logging.StreamHandler(stream)
        into_stream.setFormatter(_lines(common, readable=stream.isatty()))
        handlers.append(into_stream)
    logging.basicConfig(level=level.upper(), handlers=handlers, force=True)
    # At debug it would write every statement with its values: all that callers did, and numbers that look like none.
    logging.getLogger("aiosqlite").setLevel(max(logging.INFO, logging.getLogger().level))
    logging.raiseExceptions = False  # else logging prints the values of a faulty message to stderr
    sys.excepthook = _last_words
    sys.unraisablehook = lambda raised: _last_words(raised.exc_type, raised.exc_value, raised.exc_traceback)


def _lines(common: list[Processor], *, readable: bool) -> "_Masking":
    """For people, or JSON."""
    rendering: Processor = (
        structlog.dev.ConsoleRenderer(timestamp_key="at", exception_formatter=structlog.dev.plain_traceback)
        if readable
        else structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    )
    return _Masking(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _mask_numbers,
            rendering,
        ],
        foreign_pre_chain=common,
    )


def _mask_names(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask every value whose name sounds secret."""
    for name in event:
        if any(part in name.lower() for part in SECRET_NAMES):
            event[name] = HIDDEN
    return event


def _mask_numbers(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask callers' numbers in everything before it is written."""
    return {name: event[name] if name in ("at", "level") else _without_numbers(event[name], name) for name in event}


def _without_numbers(value: Any, name: object = "", depth: int = 0) -> Any:
    """The value as it may be logged. Numbers of things, such as bytes and processes, stay."""
    if name in CALLERS or (isinstance(name, str) and name.lower() in CALLERS):
        return value if value is None or str(value) in _kept else masked(str(value))
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return masked_in(value, _kept)
        case Mapping() if depth < DEEPEST:
            return {_without_numbers(str(key)): _without_numbers(inner, key, depth + 1) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset() if depth < DEEPEST:
            return [_without_numbers(inner, "", depth + 1) for inner in value]
        case _:
            return masked_in(str(value), _kept)


def _last_words(kind: type[BaseException], error: BaseException | None, where: TracebackType | None) -> None:
    """What Python prints of an exception that nobody handles."""
    words = masked_in("".join(traceback.format_exception(kind, error, where)), _kept)
    print(_without_secrets(words), end="", file=sys.stderr, flush=True)  # noqa: T201


def _without_secrets(line: str) -> str:
    for value in _hidden:
        line = line.replace(value, HIDDEN)
    return line


class _Masking(structlog.stdlib.ProcessorFormatter):
    """The last step before a line is written: masks known secrets anywhere in it."""

    def format(self, record: logging.LogRecord) -> str:
        return _without_secrets(super().format(record))
