"""`./wutong logs`: print what is wanted, in words or as it is, and go on with what comes."""

import json
from collections.abc import Callable, Container, Iterator, Sequence
from datetime import tzinfo
from functools import partial
from pathlib import Path

import typer
from watchfiles import watch

from base.failure import NotDone
from logs.reading import NAMES, Line, Tail, Wanted, last
from logs.words import LEVELS, said
from sentences.languages import worded

SETTLED_MS = 100
"""Milliseconds without another line after which those that have come are shown."""

COLOURS = {"warning": typer.colors.YELLOW, "error": typer.colors.RED, "critical": typer.colors.RED}
NOT_SHOWN = ("logger",)
"""Fields that tell a person nothing."""

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
    tell = _as_it_is if as_json else partial(_tell, language=language, zone=zone())
    try:
        if not logs.is_dir():
            raise NotDone(f"there is no log in {logs}: nothing has run on this state folder yet")
        tails = [Tail(logs / name) for name in NAMES] if follow else []
        lines = last(logs, wanted, most)
        for line in lines:
            tell(line)
        if tails:
            _follow(logs, tails, wanted, {line.raw for line in lines}, tell)
        elif not lines:
            typer.echo(worded("The log has no such lines.", language), err=True)
    except PermissionError as error:
        raise NotDone(f"{error.filename} is another user's: give the command as its owner, or as root") from None


def in_words(line: Line, language: str, zone: tzinfo) -> str:
    """One line for a person; a traceback follows on lines of its own, as it says where a mistake is."""
    words, rest = said(line.event, line.fields, language)
    traceback = str(rest.pop(TRACEBACK, ""))
    fields = "  ".join(f"{name}={value}" for name, value in rest.items() if name not in NOT_SHOWN and value is not None)
    at = "" if line.at is None else line.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    level = LEVELS.get(line.level, line.level) if language == "zh" else line.level
    told = "  ".join(_plain(part) for part in (at, level, words, fields) if part)
    coloured = typer.style(told, fg=COLOURS.get(line.level)) if line.level in COLOURS else told
    return "\n".join([coloured, *(f"    {_plain(each)}" for each in traceback.splitlines())])


def _as_it_is(line: Line) -> None:
    """JSON escapes only some of what would steer a terminal; written by its number the rest says the same."""
    typer.echo("".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in line.raw))


def _tell(line: Line, language: str, zone: tzinfo) -> None:
    typer.echo(in_words(line, language, zone))


def _follow(
    logs: Path, tails: Sequence[Tail], wanted: Wanted, shown: Container[str], tell: Callable[[Line], None]
) -> None:
    """Until Ctrl-C. `shown`: lines that have been told, though they came after the tails began."""
    try:
        for line in _more(tails, wanted):
            if line.raw not in shown:
                tell(line)
        for _ in watch(logs, recursive=False, debounce=SETTLED_MS, step=SETTLED_MS // 2, yield_on_timeout=True):
            for line in _more(tails, wanted):
                tell(line)
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
