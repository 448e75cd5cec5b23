"""How `check` shows problems: for people, with the line and a caret; for GitHub's annotations; as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from commands.options import Format
from hotline.problem import LEVELS, Level, Problem, translated
from sentences.languages import said, worded
from sentences.sentence import Sentence
from sounds.recordings import read_inside

_WIDTH = 100
"""Columns of a terminal that a line of a file may take; a longer one is cut around the spot."""

_COLOURS = {Level.ERROR: "bold red", Level.WARNING: "bold yellow"}

_BYTES = 10_000_000
"""More than any file of a hotline may have."""


def show(problems: Sequence[Problem], folder: Path, how: Format, language: str) -> None:
    """Print the problems of a hotline's folder to standard output, their sentences in `language` (`zh` or `en`)."""
    said = [translated(problem, language) for problem in problems]
    match how:
        case Format.JSON:
            typer.echo(json.dumps([asdict(problem) for problem in said], ensure_ascii=False))
        case Format.GITHUB:
            for problem in said:
                typer.echo(annotation(problem, folder))
        case Format.TEXT:
            console = Console(highlight=False)
            lines = cache(lambda file: _lines(folder / file, folder))
            for problem in said:
                console.print(_sentence(problem, language), soft_wrap=True)
                for row in excerpt(problem, lines(problem.file)):
                    console.print(Text(row, style="dim"), soft_wrap=True)


def summary(problems: Sequence[Problem], folder: Path, language: str) -> str:
    """`examples/12319: 0 errors, 1 warning`"""
    errors = sum(problem.level is Level.ERROR for problem in problems)
    warnings = len(problems) - errors
    return worded(
        "{folder}: {errors}, {warnings}",
        language,
        folder=folder,
        errors=Sentence("1 error") if errors == 1 else Sentence("{count} errors", count=errors),
        warnings=Sentence("1 warning") if warnings == 1 else Sentence("{count} warnings", count=warnings),
    )


def _sentence(problem: Problem, language: str) -> Text:
    return Text.assemble(
        (f"{problem.file}:{problem.line}:{problem.column}", "bold"),
        ": ",
        (said(LEVELS[problem.level], language), _COLOURS[problem.level]),
        f": {problem.message} — ",
        (problem.hint, "cyan"),
    )


def excerpt(problem: Problem, lines: Sequence[str]) -> list[str]:
    """The line of the file with its number, and below it a caret at the spot. None where there is no such line."""
    if not 1 <= problem.line <= len(lines):
        return []
    line = "".join(character if character.isprintable() else " " for character in lines[problem.line - 1])
    before, here = line[: problem.column - 1], line[problem.column - 1 :]
    before = _cut(before[::-1], _WIDTH // 2)[::-1]
    here = _cut(here, _WIDTH - cell_len(before))
    number = f"{problem.line:>5}"
    return [f"{number} │ {before}{here}".rstrip(), f"{' ' * len(number)} │ {' ' * cell_len(before)}^"]


def _cut(text: str, most: int) -> str:
    """As much as fits into so many columns; a Chinese character takes two."""
    if cell_len(text) <= most:
        return text
    kept = text
    while cell_len(kept) >= most:
        kept = kept[: len(kept) - max(1, (cell_len(kept) - most) // 2)]
    return f"{kept}…"


def _lines(file: Path, folder: Path) -> list[str]:
    try:
        text = read_inside(file, folder, _BYTES).decode("utf-8-sig", "replace")
    except (OSError, ValueError):
        return []
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def annotation(problem: Problem, folder: Path) -> str:
    """A command of GitHub's workflows, which shows the problem beside its line. The file is seen from where `check`
    was called, as GitHub sees it from the root of the repository.
    """
    file = folder.absolute() / problem.file
    here = Path.cwd()
    shown = file.relative_to(here) if file.is_relative_to(here) else file
    values = {"file": str(shown), "line": problem.line, "col": problem.column, "title": problem.code}
    properties = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in values.items())
    return f"::{problem.level} {properties}::{_escaped(f'{problem.message} — {problem.hint}')}"


def _escaped(text: str, more: str = "") -> str:
    """As GitHub wants it: `%` and line breaks, and in a property also its separators, as `%25` and the like."""
    return "".join(f"%{ord(character):02X}" if character in f"%\r\n{more}" else character for character in text)
