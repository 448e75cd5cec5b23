"""A problem of a hotline: what is wrong, where, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sentences.languages import said
from sentences.sentence import Sentence


class Level(StrEnum):
    """An error keeps the hotline from starting; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


LEVELS = {Level.ERROR: Sentence("error"), Level.WARNING: Sentence("warning")}
"""What people call them."""


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A spot in a file of the hotline's folder. Line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` names the check, see docs/hotline-yaml.md; `hint` says what to do."""

    level: Level
    code: str
    file: str
    line: int
    column: int
    message: str
    hint: str

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> Sentence:
        """All of it in one line: `hotline.yaml:12:5: error: what is wrong — what to do`."""
        where = f"{self.file}:{self.line}:{self.column}"
        return Sentence(
            "{where}: {level}: {message} — {hint}",
            where=where,
            level=LEVELS[self.level],
            message=self.message,
            hint=self.hint,
        )

    @property
    def sentence(self) -> Sentence:
        """The same for a list in which the level stands already."""
        where = f"{self.file}:{self.line}:{self.column}"
        return Sentence("{where}: {message} — {hint}", where=where, message=self.message, hint=self.hint)


def error(code: str, spot: Spot, message: Sentence, hint: Sentence) -> Problem:
    return Problem(Level.ERROR, code, spot.file, spot.line, spot.column, message, hint)


def warning(code: str, spot: Spot, message: Sentence, hint: Sentence) -> Problem:
    return Problem(Level.WARNING, code, spot.file, spot.line, spot.column, message, hint)


def in_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """As a reader goes through the files: hotline.yaml before agents.yaml, top down, errors before warnings."""
    return tuple(
        sorted(problems, key=lambda p: (p.file != "hotline.yaml", p.file, p.line, p.column, p.level, p.code, p.message))
    )


def translated(problem: Problem, language: str) -> Problem:
    """The problem with its sentences in `language`, `zh` or `en`."""
    if language == "en":
        return problem
    return replace(problem, message=said(problem.message, language), hint=said(problem.hint, language))
