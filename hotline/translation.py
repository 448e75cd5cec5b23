"""Problems in the language of whoever reads them."""

from collections.abc import Mapping
from dataclasses import replace

from hotline.problem import Level, Problem
from sentences.languages import said

LEVELS: Mapping[str, Mapping[Level, str]] = {
    "en": {Level.ERROR: "error", Level.WARNING: "warning"},
    "zh": {Level.ERROR: "错误", Level.WARNING: "警告"},
}
"""What people call the two levels, by language."""


def translated(problem: Problem, language: str) -> Problem:
    """The problem with its sentences in `language`, `zh` or `en`."""
    if language == "en":
        return problem
    return replace(problem, message=said(problem.message, language), hint=said(problem.hint, language))


def line(problem: Problem, language: str) -> str:
    """A problem in one line, as `hotline.yaml:12:5: error: what is wrong — what to do`. It is in `language` already."""
    level = LEVELS[language][Level(problem.level)]
    return f"{problem.file}:{problem.line}:{problem.column}: {level}: {problem.message} — {problem.hint}"
