"""Logging: JSON lines into the state folder, readable lines on a terminal. Secrets are masked."""

import logging
import logging.handlers
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "**********"
SECRET_NAMES = ("password", "secret", "token", "authorization")
LARGEST = 10_000_000
"""Bytes of one log file. Five older files are kept, so a log takes six times that at most."""

_hidden: set[str] = set()


def hide(values: Iterable[str]) -> None:
    """Mask these values from now on in every message, other libraries' messages too."""
    _hidden.update(value for value in values if value)


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


def _lines(common: list[Processor], *, readable: bool) -> "_Masking":
    """For people, or JSON."""
    rendering: list[Processor] = (
        [structlog.dev.ConsoleRenderer(timestamp_key="at")]
        if readable
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False, default=str)]
    )
    return _Masking(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering], foreign_pre_chain=common
    )


def _mask_names(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask every value whose name sounds secret."""
    for name in event:
        if any(part in name.lower() for part in SECRET_NAMES):
            event[name] = HIDDEN
    return event


class _Masking(structlog.stdlib.ProcessorFormatter):
    """The last step before a line is written: masks known secrets anywhere in it."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for value in _hidden:
            line = line.replace(value, HIDDEN)
        return line
